// What a batch says of each case: what decided it, what is missing, what is cited. The same as `explain`, worked out ahead for speed.
import type { Condition, CriterionSymbol } from "../semantics/model.js";
import { approvalOf } from "./approval.js";
import { type Decision, type Evaluator, groundOf } from "./compile.js";
import { isNumeric } from "./conditions.js";
import { citationsOf, factsOf, lacksFieldsOf } from "./explain.js";
import { MET, NOT_MET, OPEN, UNKNOWN } from "./kleene.js";
import type { Approval } from "./model.js";

export interface Summary {
  /** What an approval comes with, where its statement says so. */
  readonly approval?: Approval | undefined;
  /** The criteria along the deciding path that lie deepest. */
  readonly by: readonly string[];
  /** Facts, addresses of attested criteria, `codes`, `line of business`, `pathway`. */
  readonly missing: readonly string[];
  /** Numbers of the references cited along the deciding path. */
  readonly citations: readonly number[];
}

/** Numbers in an array that is kept and filled anew; `length` says how many of them count. */
export interface Tape {
  readonly at: Int32Array;
  length: number;
}

/** Summaries by number, for those who write them without making a text of each. What a sum has found is overwritten by the next. */
export interface Summarizer {
  /** Addresses of criteria, by the numbers in `by`. */
  readonly addresses: readonly string[];
  /** Names of what can be missing, by the numbers in `missing`. */
  readonly names: readonly string[];
  readonly by: Tape;
  readonly missing: Tape;
  /** Numbers of references, in their order. */
  readonly citations: Tape;
  /** Sums up the latest decision of the evaluator. */
  sum(): void;
}

/** Makes the function that sums up the latest decision of an evaluator. */
export function summarizer(evaluator: Evaluator): (decision: Decision) => Summary {
  const { addresses, names, by, missing, citations, sum } = summarizerOf(evaluator);
  const read = ({ at, length }: Tape): number[] => [...at.subarray(0, length)];
  return () => {
    sum();
    return { by: read(by).map((each) => addresses[each]!), missing: read(missing).map((each) => names[each]!), citations: read(citations), approval: approvalOf(evaluator.latest) };
  };
}

/**
 * How to look for what is missing in a criterion, as a row of numbers: an instruction and what it needs. Conditions are looked
 * at by their nodes, so that none is evaluated twice.
 */
const enum Look {
  /** The end of a criterion. */
  End,
  /** node, slot, name: a condition on one fact that is held as a number. */
  Leaf,
  /** node, target: goes on at the target where the node is not unknown. */
  Unless,
  /** node: ends where the criterion does not apply. */
  Guard,
  /** slot, name: a fact that is held as a number. */
  Number,
  /** slot, name: any other fact. */
  Other,
  /** index: a list of records, whose entries may lack fields. */
  Records,
  /** name */
  Name,
  /** criterion */
  Criterion,
  /** criterion, node, guards node: a part that is looked into where it or its guard is unknown. */
  Part,
}

/** Makes what sums up the decisions of an evaluator. */
export function summarizerOf(evaluator: Evaluator): Summarizer {
  const { policy, program } = evaluator;
  const { criterionNodes, guardNodes, scopeNodes, statementNodes, scopeParts } = program;
  const { criteria, statements } = policy;
  const names: string[] = [];
  const nameIndexes = new Map<string, number>();
  const addresses: string[] = [];
  const addressIndexes = new Map<string, number>();
  const recordLooks: (() => boolean)[] = [];
  const { latest } = evaluator;
  const { truths, facts: { numbers, others } } = latest;
  const ground = groundOf(program, latest.facts, truths);

  const code: number[] = [];
  const starts = new Int32Array(criteria.length);
  const statementStarts = new Int32Array(statements.length);
  criteria.forEach((symbol, index) => {
    starts[index] = code.length;
    writeCriterion(symbol);
  });
  statements.forEach(({ scopes, index }, i) => {
    statementStarts[i] = code.length;
    scopes.forEach((scope, part) => ifUnknown(scopeParts[i]![part]!, () => {
      if (scope.kind === "condition") writeCondition(scope.condition, false);
      else code.push(Look.Name, nameIndex(scope.kind));
    }));
    ifUnknown(statementNodes[i]!, () => code.push(Look.Criterion, index));
    code.push(Look.End);
  });
  const looks = Int32Array.from(code);

  // For the deciding path: each criterion's address, the addresses it lies below, where the path goes on, and what it cites.
  const roles = Uint8Array.from(criteria, ({ role }) => Number(role === "criterion"));
  const addressOf = Int32Array.from(criteria, ({ address }) => addressIndex(address));
  const above = criteria.map(({ address }) => {
    const labels = address.split(".");
    return labels.slice(1).flatMap((_, i) => addressIndexes.get(labels.slice(0, i + 1).join(".")) ?? []);
  });
  const onward = criteria.map(({ combination, items, conditionGroups, waiverGroups }) => {
    const grouped = [...conditionGroups, ...waiverGroups].flatMap((group) => group.items);
    return [...(combination?.op === "none" ? [] : items), ...grouped].map(({ index }) => index);
  });
  const cited = criteria.map((symbol) => citationsOf(symbol));

  const by: Tape = { at: new Int32Array(criteria.length), length: 0 };
  const missing: Tape = { at: new Int32Array(names.length), length: 0 };
  const citations: Tape = { at: new Int32Array(new Set(cited.flat()).size), length: 0 };
  // What was met with in which round, instead of sets that are emptied.
  const visited = new Int32Array(criteria.length);
  const named = new Int32Array(names.length);
  const walked = new Int32Array(addresses.length);
  const covered = new Int32Array(addresses.length);
  const path = new Int32Array(criteria.length);
  let steps = 0;
  let round = 0;

  function nameIndex(name: string): number {
    return indexIn(name, names, nameIndexes);
  }
  function addressIndex(address: string): number {
    return indexIn(address, addresses, addressIndexes);
  }

  // ── Writing how to look ───────────────────────────────────────────────────────────────────────────────────────────────
  function ifUnknown(node: number, write: () => void): void {
    code.push(Look.Unless, node, 0);
    const target = code.length - 1;
    write();
    code[target] = code.length;
  }

  function writeCriterion(symbol: CriterionSymbol): void {
    for (const guard of symbol.guards) writeCondition(guard, false);
    if (symbol.guards.length > 0) code.push(Look.Guard, guardNodes[symbol.index]!);
    if (symbol.attested) ifUnknown(criterionNodes[symbol.index]!, () => code.push(Look.Name, nameIndex(symbol.address)));
    for (const condition of [...symbol.conditions, ...symbol.waivers, ...symbol.exceptions]) writeCondition(condition, false);
    for (const part of [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]) {
      const guards = part.guards.map((guard) => nodeOf(guard, false));
      for (const node of guards.length === 0 ? [criterionNodes[part.index]!] : guards) code.push(Look.Part, part.index, criterionNodes[part.index]!, node);
    }
    if (symbol.allOthers) {
      for (const { statement, index } of statements) if (statement === "necessary") ifUnknown(criterionNodes[index]!, () => code.push(Look.Criterion, index));
    }
    code.push(Look.End);
  }

  function writeCondition(condition: Condition, negated: boolean): void {
    switch (condition.kind) {
      case "not": writeCondition(condition.operand, !negated); return;
      case "definition": writeCondition(condition.condition, negated); return;
      case "and": case "or": ifUnknown(nodeOf(condition, negated), () => condition.operands.forEach((operand) => writeCondition(operand, negated))); return;
      case "criterion": ifUnknown(nodeOf(condition, negated), () => code.push(Look.Criterion, condition.index)); return;
      default: break;
    }
    const facts = [...factsOf(condition)];
    const node = nodeOf(condition, negated);
    if (facts.length === 1 && isNumeric(facts[0]!)) {
      code.push(Look.Leaf, node, facts[0]!.slot, nameIndex(facts[0]!.name));
      return;
    }
    ifUnknown(node, () => {
      for (const fact of facts) {
        if (fact.type.kind === "records") {
          code.push(Look.Records, recordLooks.length, nameIndex(fact.name));
          recordLooks.push(() => others[fact.slot] === undefined || lacksFieldsOf(ground, condition, fact));
        } else {
          code.push(isNumeric(fact) ? Look.Number : Look.Other, fact.slot, nameIndex(fact.name));
        }
      }
    });
  }

  function nodeOf(condition: Condition, negated: boolean): number {
    return (negated ? program.negationNodes : program.conditionNodes).get(condition)!;
  }

  // ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  function note(name: number): void {
    if (named[name] === round) return;
    named[name] = round;
    missing.at[missing.length++] = name;
  }

  function lookInto(criterion: number): void {
    if (visited[criterion] === round) return;
    visited[criterion] = round;
    look(starts[criterion]!);
  }

  function look(from: number): void {
    for (let at = from; ;) {
      switch (looks[at]!) {
        case Look.Leaf: {
          if (truths[looks[at + 1]!] === UNKNOWN) {
            // What is not given is no number.
            const value = numbers[looks[at + 2]!]!;
            if (value !== value) note(looks[at + 3]!);
          }
          at += 4;
          break;
        }
        case Look.Unless: at = truths[looks[at + 1]!] === UNKNOWN ? at + 3 : looks[at + 2]!; break;
        case Look.Guard:
          if (truths[looks[at + 1]!] === NOT_MET) return;
          at += 2;
          break;
        case Look.Number: {
          const value = numbers[looks[at + 1]!]!;
          if (value !== value) note(looks[at + 2]!);
          at += 3;
          break;
        }
        case Look.Other:
          if (others[looks[at + 1]!] === undefined) note(looks[at + 2]!);
          at += 3;
          break;
        case Look.Records:
          if (recordLooks[looks[at + 1]!]!()) note(looks[at + 2]!);
          at += 3;
          break;
        case Look.Name:
          note(looks[at + 1]!);
          at += 2;
          break;
        case Look.Criterion:
          lookInto(looks[at + 1]!);
          at += 2;
          break;
        case Look.Part:
          if (truths[looks[at + 2]!] === UNKNOWN || truths[looks[at + 3]!] === UNKNOWN) lookInto(looks[at + 1]!);
          at += 4;
          break;
        default: return;
      }
    }
  }

  function walk(criterion: number): void {
    const address = addressOf[criterion]!;
    if (truths[criterionNodes[criterion]!] !== MET || walked[address] === round) return;
    if (roles[criterion] === 1) step(criterion);
    const next = onward[criterion]!;
    for (let i = 0; i < next.length; i++) walk(next[i]!);
  }

  function step(criterion: number): void {
    walked[addressOf[criterion]!] = round;
    path[steps++] = criterion;
    const below = above[criterion]!;
    for (let i = 0; i < below.length; i++) covered[below[i]!] = round;
  }

  /** Adds the references of a criterion in the order of their numbers. */
  function cite(criterion: number): void {
    const numbersCited = cited[criterion]!;
    const { at } = citations;
    for (let i = 0; i < numbersCited.length; i++) {
      const number = numbersCited[i]!;
      let place = citations.length;
      while (place > 0 && at[place - 1]! > number) place--;
      if (place > 0 && at[place - 1] === number) continue;
      at.copyWithin(place + 1, place, citations.length++);
      at[place] = number;
    }
  }

  return {
    addresses, names, by, missing, citations,
    sum() {
      round++;
      steps = by.length = missing.length = citations.length = 0;
      const statement = statements[latest.statement];
      if (statement !== undefined) {
        walk(statement.index);
        if (steps === 0) step(statement.index);
      }
      for (let i = 0; i < steps; i++) {
        const criterion = path[i]!;
        if (covered[addressOf[criterion]!] !== round) by.at[by.length++] = addressOf[criterion]!;
        cite(criterion);
      }
      if (latest.determination !== "pend") return;
      let applies = 0;
      for (let i = 0; i < scopeNodes.length; i++) applies |= truths[scopeNodes[i]!]!;
      // Where no statement surely applies, it is asked of each whether it does, even if its criteria are not met.
      const asked = (applies & (MET | OPEN)) === 0 ? scopeNodes : statementNodes;
      for (let i = 0; i < statements.length; i++) if (truths[asked[i]!] === UNKNOWN) look(statementStarts[i]!);
    },
  };
}

function indexIn(text: string, all: string[], indexes: Map<string, number>): number {
  const there = indexes.get(text);
  if (there !== undefined) return there;
  indexes.set(text, all.length);
  return all.push(text) - 1;
}
