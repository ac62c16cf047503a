// What a batch says of each case: what decided it, what is missing, what is cited. The same as `explain`, worked out ahead for speed.
import type { Condition, CriterionSymbol } from "../semantics/model.js";
import { type Decision, type Evaluator, groundOf, outcomeOf } from "./compile.js";
import { falsityOf, type Ground, isGiven, truthOf } from "./conditions.js";
import { citationsOf, factsOf, lacksFieldsOf } from "./explain.js";
import { MET, UNKNOWN } from "./kleene.js";

export interface Summary {
  /** The criteria along the deciding path that lie deepest. */
  readonly by: readonly string[];
  /** Facts, addresses of attested criteria, `codes`, `line of business`, `pathway`. */
  readonly missing: readonly string[];
  /** Numbers of the references cited along the deciding path. */
  readonly citations: readonly number[];
}

/** What a summary has to look at in a criterion. */
interface Place {
  readonly symbol: CriterionSymbol;
  readonly guards: readonly Look[];
  readonly conditions: readonly Look[];
  readonly parts: readonly Place[];
  /** Items and groups that the deciding path goes on in. */
  readonly onward: readonly Place[];
  readonly citations: readonly number[];
  readonly outcomeNode: number;
  visited: number;
}
/** Adds what is missing in a condition. */
type Look = () => void;

/** Makes the function that sums up the latest decision of an evaluator. */
export function summarizer(evaluator: Evaluator): (decision: Decision) => Summary {
  const { policy, program } = evaluator;
  const { criterionNodes, statementNodes, scopeParts } = program;
  let ground: Ground;
  let latest: Decision;
  let missing: Set<string>;
  let round = 0;
  const places = new Map<number, Place>();
  const scopeLooks = new Map<Condition, Look>();
  const none: readonly never[] = [];

  function placeOf(symbol: CriterionSymbol): Place {
    const there = places.get(symbol.index);
    if (there !== undefined) return there;
    const parts: Place[] = [];
    const onward: Place[] = [];
    const place: Place = {
      symbol,
      guards: symbol.guards.map((guard) => lookAt(guard, false)),
      conditions: [...symbol.conditions, ...symbol.waivers, ...symbol.exceptions].map((condition) => lookAt(condition, false)),
      parts, onward, citations: citationsOf(symbol), outcomeNode: criterionNodes[symbol.index]!, visited: 0,
    };
    // Kept before its parts are looked at: they may refer back.
    places.set(symbol.index, place);
    for (const part of [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]) parts.push(placeOf(part));
    if (symbol.combination?.op !== "none") onward.push(...symbol.items.map(placeOf));
    for (const group of [...symbol.conditionGroups, ...symbol.waiverGroups]) onward.push(...group.items.map(placeOf));
    return place;
  }

  function lookAt(condition: Condition, negated: boolean): Look {
    const open = (): boolean => (negated ? falsityOf : truthOf)(condition, ground) === UNKNOWN;
    const ifOpen = (looks: readonly Look[]): Look => () => {
      if (open()) for (const look of looks) look();
    };
    switch (condition.kind) {
      case "and": case "or": return ifOpen(condition.operands.map((operand) => lookAt(operand, negated)));
      case "not": return lookAt(condition.operand, !negated);
      case "definition": return lookAt(condition.condition, negated);
      case "criterion": return () => {
        if (open()) look(placeOf(policy.criteria[condition.index]!));
      };
      default: break;
    }
    const facts = [...factsOf(condition)].map((fact) => ({ fact, value: { kind: "fact", fact } as const, records: fact.type.kind === "records" }));
    return () => {
      if (!open()) return;
      for (const { fact, value, records } of facts) if (!isGiven(value, ground) || (records && lacksFieldsOf(ground, condition, fact))) missing.add(fact.name);
    };
  }

  function look(place: Place): void {
    if (place.visited === round) return;
    place.visited = round;
    const { symbol, guards, conditions, parts } = place;
    for (let i = 0; i < guards.length; i++) guards[i]!();
    if (guards.length > 0 && outcomeOf(latest, symbol.index) === "not applicable") return;
    const { truths } = latest;
    if (symbol.attested && truths[place.outcomeNode] === UNKNOWN) missing.add(symbol.address);
    for (let i = 0; i < conditions.length; i++) conditions[i]!();
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      if (truths[part.outcomeNode] === UNKNOWN || (part.guards.length > 0 && part.symbol.guards.some((guard) => truthOf(guard, ground) === UNKNOWN))) look(part);
    }
    if (symbol.allOthers) {
      for (const statement of policy.statements) if (statement.statement === "necessary" && truths[criterionNodes[statement.index]!] === UNKNOWN) look(placeOf(policy.criteria[statement.index]!));
    }
  }

  function walk(place: Place, path: Place[]): void {
    const { address, role } = place.symbol;
    if (latest.truths[place.outcomeNode] !== MET) return;
    for (let i = 0; i < path.length; i++) if (path[i]!.symbol.address === address) return;
    if (role === "criterion") path.push(place);
    for (let i = 0; i < place.onward.length; i++) walk(place.onward[i]!, path);
  }

  return (decision) => {
    latest = decision;
    ground ??= groundOf(program, decision.facts, decision.truths);
    const statement = policy.statements[decision.statement];
    const path: Place[] = [];
    if (statement !== undefined) {
      const place = placeOf(policy.criteria[statement.index]!);
      walk(place, path);
      if (path.length === 0) path.push(place);
    }
    const by = path.length === 1 ? [path[0]!.symbol.address] : path.map(({ symbol }) => symbol.address).filter((address, _, all) => !all.some((other) => other.startsWith(`${address}.`)));
    const cited: number[] = [];
    for (const { citations } of path) for (const number of citations) if (!cited.includes(number)) cited.push(number);
    const citations = cited.sort((a, b) => a - b);
    if (decision.determination !== "pend") return { by, missing: none, citations };
    round++;
    missing = new Set();
    policy.statements.forEach((each, i) => {
      if (decision.truths[statementNodes[i]!] !== UNKNOWN) return;
      each.scopes.forEach((scope, part) => {
        if (decision.truths[scopeParts[i]![part]!] !== UNKNOWN) return;
        if (scope.kind === "condition") scopeLook(scope.condition)();
        else missing.add(scope.kind);
      });
      look(placeOf(policy.criteria[each.index]!));
    });
    return { by, missing: [...missing], citations };
  };

  function scopeLook(condition: Condition): Look {
    const there = scopeLooks.get(condition);
    if (there !== undefined) return there;
    const made = lookAt(condition, false);
    scopeLooks.set(condition, made);
    return made;
  }
}
