// The criteria of a policy as goals: what must hold of which conditions for a case to be approved, or referred for certain.
import { questionOf } from "../semantics/cases.js";
import { inSet } from "../semantics/codes.js";
import type { Condition, CriterionSymbol, FactSymbol, Length, Policy, Scope, Value } from "../semantics/model.js";
import { plainProse } from "../semantics/prosetext.js";
import { referred } from "./compile.js";
import { MET, NOT_MET, OPEN, type Truth, truth, UNKNOWN } from "./kleene.js";
import type { Item } from "./search.js";

/** A condition that is looked at as a whole, an answer of the reviewer or a scope. */
export interface Leaf {
  readonly items: readonly number[];
  /** Address of the criterion it stands in. */
  readonly address: string;
  readonly condition?: Condition | undefined;
  readonly scope?: Exclude<Scope, { kind: "condition" }> | undefined;
}

/** What must hold: a leaf with one of the wanted truth values, or at least `count` of the parts. */
export type Goal =
  | { readonly kind: "never"; readonly index: number }
  | { readonly kind: "leaf"; readonly index: number; readonly leaf: Leaf; readonly wanted: number }
  | { readonly kind: "some"; readonly index: number; readonly count: number; readonly parts: readonly Goal[]; readonly items: bigint };

/** The items that a goal depends on, one bit each. */
export const itemsOf = (goal: Goal): bigint => (goal.kind === "leaf" ? goal.leaf.items.reduce((bits, item) => bits | (1n << BigInt(item)), 0n) : goal.kind === "some" ? goal.items : 0n);

export interface Logic {
  readonly items: readonly Item[];
  /** The fact of each item that is one. */
  readonly facts: readonly (FactSymbol | undefined)[];
  readonly leaves: readonly Leaf[];
  readonly approve: Goal;
  /** Approved, referred for certain, or surely spoken of by no statement. */
  readonly decide: Goal;
  readonly goals: number;
  /** Whether the goals say all that the criteria say. */
  readonly approveExact: boolean;
  readonly decideExact: boolean;
}

/** A criterion, a condition, a list: what is combined of others, or a leaf. */
export interface Node {
  readonly id: number;
  readonly op: "leaf" | "any" | "all" | "not" | "open any" | "at least" | "exactly";
  readonly inputs: readonly Node[];
  readonly leaf?: Leaf | undefined;
  readonly count: number;
  readonly open: boolean;
  readonly canOpen: boolean;
}

/** The criteria as the nodes that the goals are made from, for searches with other goals. */
export interface Network {
  readonly items: readonly Item[];
  readonly facts: readonly (FactSymbol | undefined)[];
  readonly leaves: readonly Leaf[];
  /** By the index of the criterion; a guard only where there is one. */
  readonly criteria: readonly Node[];
  readonly guards: readonly (Node | undefined)[];
  /** What takes part in a criterion's decision as a whole, in the order of `DecisionPoint.blocks`. */
  readonly blocks: readonly (readonly Node[])[];
  /** Whether each statement applies. */
  readonly scopes: readonly Node[];
  condition(condition: Condition): Node;
  negation(condition: Condition): Node;
}

const kept = new WeakMap<Policy, Logic>();

/** The goals of a policy, made once. */
export function logicOf(policy: Policy): Logic {
  const there = kept.get(policy);
  if (there !== undefined) return there;
  const made = new Maker(policy).make();
  kept.set(policy, made);
  return made;
}

/** The nodes of a policy, and of any condition of it that is asked for. `leaves` grows with what is asked for. */
export function networkOf(policy: Policy): Network {
  return new Maker(policy).network();
}

class Maker {
  readonly items: Item[] = [];
  readonly facts: (FactSymbol | undefined)[] = [];
  readonly leaves: Leaf[] = [];
  private readonly itemOf = new Map<string, number>();
  private readonly criteria: (Node | undefined)[] = [];
  private readonly guards: (Node | undefined)[] = [];
  private readonly bodies: (Node | undefined)[] = [];
  private readonly statements: (Node | undefined)[] = [];
  private readonly blocks: Node[][] = [];
  private readonly scopes: Node[] = [];
  private readonly goals = new Map<string, Goal>();
  private nodes = 0;
  private made = 0;
  private exact = true;
  private address = "";
  private readonly never: Goal = { kind: "never", index: 0 };

  constructor(private readonly policy: Policy) {}

  make(): Logic {
    // Items stand in the order in which the policy asks for them: request, facts, answers of the reviewer.
    for (const name of ["codes", "line of business", "pathway"]) this.item("request", name, `Which ${name === "codes" ? "codes are" : `${name} is`} requested?`);
    for (const fact of this.policy.facts) this.item("fact", fact.name, questionOf(fact), fact);
    const text = { text: this.policy.analysis.text, comments: this.policy.analysis.document.comments };
    for (const symbol of this.policy.criteria) {
      const prose = symbol.node.kind === "criterion" ? plainProse(text, symbol.node.prose) : "";
      if (symbol.attested) this.item("criterion", symbol.address, `Is ${symbol.address} met: ${prose}?`);
    }
    const of = (necessary: boolean): Node[] => this.policy.statements.flatMap((each, i) => ((each.statement === "necessary") === necessary ? [this.statement(i)] : []));
    const necessity = this.node("any", of(true));
    const limit = this.node("any", of(false));
    const approve = this.all([this.goal(necessity, MET), this.goal(limit, NOT_MET)]);
    const approveExact = this.exact;
    const refer = this.any([this.goal(limit, MET | OPEN), this.goal(necessity, NOT_MET | OPEN)]);
    const decided = this.any([approve, refer]);
    // As long as no statement surely applies, nothing is decided, unless none can.
    const { scopes } = this;
    const scoped = scopes.length > 0 && this.policy.statements.every((each) => each.scopes.length > 0);
    const none = scoped ? this.all(scopes.map((scope) => this.goal(scope, NOT_MET))) : this.never;
    const decide = scoped ? this.any([none, this.all([this.any(scopes.map((scope) => this.goal(scope, MET | OPEN))), decided])]) : decided;
    // The search notes its figures by the number of a goal; 0 is the goal that is never reached.
    return { items: this.items, facts: this.facts, leaves: this.leaves, approve, decide, goals: this.made + 1, approveExact, decideExact: this.exact };
  }

  network(): Network {
    this.make();
    const { items, facts, leaves, guards, blocks, scopes } = this;
    const criteria = this.policy.criteria.map((_, i) => this.criterion(i));
    return { items, facts, leaves, criteria, guards, blocks, scopes, condition: (condition) => this.condition(condition), negation: (condition) => this.negation(condition) };
  }

  private item(kind: Item["kind"], name: string, question: string, fact?: FactSymbol): void {
    this.itemOf.set(`${kind} ${name}`, this.items.length);
    this.items.push({ kind, name, question });
    this.facts.push(fact);
  }

  // ── Nodes: the criteria as the compiled program has them ────────────────────────────────────────────────────────────
  private node(op: Node["op"], inputs: readonly Node[], count = 0, open = false): Node {
    if ((op === "any" || op === "all") && inputs.length === 1) return inputs[0]!;
    return { id: ++this.nodes, op, inputs, count, open, canOpen: open || op === "open any" || inputs.some((input) => input.canOpen) };
  }

  private leaf(items: readonly number[], more: Pick<Leaf, "condition" | "scope">): Node {
    const leaf: Leaf = { items, address: this.address, ...more };
    this.leaves.push(leaf);
    return { id: ++this.nodes, op: "leaf", inputs: [], leaf, count: 0, open: false, canOpen: false };
  }

  private condition(condition: Condition): Node {
    switch (condition.kind) {
      case "and": return this.node("all", condition.operands.map((each) => this.condition(each)));
      case "or": return this.node("any", condition.operands.map((each) => this.condition(each)));
      case "not": return this.negation(condition.operand);
      case "definition": return this.condition(condition.condition);
      case "criterion": return this.criterion(condition.index);
      default: break;
    }
    // A filter that asks for criteria is taken as it is in the case.
    if (!referred(condition).next().done) this.exact = false;
    const items = [...new Set([...factsOf(condition)].map((fact) => this.itemOf.get(`fact ${fact.name}`)!))];
    return this.leaf(items, { condition });
  }

  private negation(condition: Condition): Node {
    switch (condition.kind) {
      case "and": return this.node("any", condition.operands.map((each) => this.negation(each)));
      case "or": return this.node("all", condition.operands.map((each) => this.negation(each)));
      case "not": return this.condition(condition.operand);
      case "definition": return this.negation(condition.condition);
      case "criterion": {
        const node = this.criterion(condition.index);
        const guard = this.guards[condition.index];
        return guard === undefined ? this.not(node) : this.node("all", [guard, this.not(this.bodies[condition.index]!)]);
      }
      default: return this.not(this.condition(condition));
    }
  }

  private not(node: Node): Node {
    return this.node("not", [node]);
  }

  private criterion(index: number): Node {
    const there = this.criteria[index];
    if (there !== undefined) return there;
    const symbol = this.policy.criteria[index]!;
    const before = this.address;
    this.address = symbol.address;
    const guards = symbol.guards.map((guard) => this.condition(guard));
    const guard = guards.length === 0 ? undefined : this.node("all", guards);
    const body = this.body(symbol);
    this.address = before;
    this.guards[index] = guard;
    this.bodies[index] = body;
    return (this.criteria[index] = guard === undefined ? body : this.node("all", [guard, body]));
  }

  private body(symbol: CriterionSymbol): Node {
    const groups = symbol.conditionGroups.map((group) => this.criterion(group.index));
    const parts = [...symbol.conditions.map((each) => this.condition(each)), ...groups];
    const own = parts.length;
    if (symbol.items.length > 0) parts.push(this.list(symbol));
    if (symbol.allOthers) parts.push(this.not(this.node("any", this.policy.statements.flatMap((each, i) => (each.statement === "necessary" ? [this.statement(i)] : [])))));
    if (symbol.attested) parts.push(this.leaf([this.itemOf.get(`criterion ${symbol.address}`)!], {}));
    let base = this.node("all", parts);
    const waiverGroups = symbol.waiverGroups.map((group) => this.criterion(group.index));
    const waivers = [...symbol.waivers.map((each) => this.condition(each)), ...waiverGroups];
    if (waivers.length > 0) base = this.node("any", [base, ...waivers]);
    const exceptionGroups = symbol.exceptionGroups.map((group) => this.criterion(group.index));
    const exceptions = [...symbol.exceptions.map((each) => this.condition(each)), ...exceptionGroups];
    this.blocks[symbol.index] = [...groups, ...parts.slice(own), ...waiverGroups, ...exceptionGroups];
    return exceptions.length === 0 ? base : this.node("all", [base, ...exceptions.map((each) => this.not(each))]);
  }

  private list(symbol: CriterionSymbol): Node {
    const { op, count, open } = symbol.combination ?? { op: "all", count: 0, open: false };
    const items = symbol.items.map((item) => this.criterion(item.index));
    switch (op) {
      case "any": return this.node(open ? "open any" : "any", items);
      case "none": return this.not(this.node(open ? "open any" : "any", items));
      case "at-least": return this.node("at least", items, count, open);
      case "exactly": return this.node("exactly", items, count, open);
      case "all": {
        const guards = symbol.items.map((item) => this.guards[item.index]);
        const bodies = items.map((item, i) => (guards[i] === undefined ? item : this.node("any", [this.not(guards[i]), item])));
        const applies = guards.every((guard) => guard !== undefined) ? [this.node("any", guards)] : [];
        return this.node("all", [...bodies, ...applies]);
      }
    }
  }

  private statement(index: number): Node {
    const there = this.statements[index];
    if (there !== undefined) return there;
    const { scopes, index: criterion, address } = this.policy.statements[index]!;
    this.address = address;
    const parts = scopes.map((scope) => (scope.kind === "condition" ? this.condition(scope.condition) : this.leaf([this.itemOf.get(`request ${scope.kind}`)!], { scope })));
    const scope = this.node("all", parts);
    this.scopes[index] = scope;
    return (this.statements[index] = this.node("all", [scope, this.criterion(criterion)]));
  }

  // ── Goals: what must hold for a node to come out as wanted, after the tables of `kleene.ts` ──────────────────────────
  private some(count: number, parts: readonly Goal[]): Goal {
    const possible = parts.filter((part) => part.kind !== "never");
    if (possible.length < count) return this.never;
    if (possible.length === 1 && count === 1) return possible[0]!;
    // "All of" within "all of" is one.
    const flat = count < possible.length ? possible : possible.flatMap((part) => (part.kind === "some" && part.count === part.parts.length ? part.parts : [part]));
    const items = flat.reduce((bits, part) => bits | itemsOf(part), 0n);
    return { kind: "some", index: ++this.made, count: count < possible.length ? count : flat.length, parts: flat, items };
  }

  private all(parts: readonly Goal[]): Goal {
    return this.some(parts.length, parts);
  }

  private any(parts: readonly Goal[]): Goal {
    return this.some(1, parts);
  }

  private goal(node: Node, asked: number): Goal {
    const wanted = node.canOpen ? asked : asked & ~OPEN;
    if (wanted === 0) return this.never;
    const key = `${node.id} ${wanted}`;
    const there = this.goals.get(key);
    if (there !== undefined) return there;
    const made = this.reach(node, wanted);
    this.goals.set(key, made);
    return made;
  }

  private reach(node: Node, wanted: number): Goal {
    const { inputs, count, open } = node;
    const each = (value: number): Goal[] => inputs.map((input) => this.goal(input, value));
    const atLeast = (number: number, value: number): Goal => this.some(Math.max(0, number), each(value));
    /** Left open: nothing settles it, and something is open. */
    const left = (other: number): Goal => this.all([this.all(each(other | OPEN)), this.any(each(OPEN))]);
    switch (node.op) {
      case "leaf": return { kind: "leaf", index: ++this.made, leaf: node.leaf!, wanted };
      case "not": return this.goal(inputs[0]!, (wanted & OPEN) | (wanted & MET ? NOT_MET : 0) | (wanted & NOT_MET ? MET : 0));
      case "any": case "all": {
        const [settling, other] = node.op === "any" ? [MET, NOT_MET] : [NOT_MET, MET];
        const ways: Goal[] = [];
        if (wanted & settling) ways.push(this.any(each(settling)));
        if (wanted & other) ways.push(this.all(each(wanted & OPEN ? other | OPEN : other)));
        else if (wanted & OPEN) ways.push(left(other));
        return this.any(ways);
      }
      case "open any": {
        const ways: Goal[] = [];
        if (wanted & MET) ways.push(this.any(each(MET)));
        if (wanted & OPEN) ways.push(this.all(each(NOT_MET | OPEN)));
        return this.any(ways);
      }
      case "at least": {
        const ways: Goal[] = [];
        const few = inputs.length - count + 1;
        if (wanted & MET) ways.push(atLeast(count, MET));
        if (open && wanted & OPEN) ways.push(atLeast(few, NOT_MET | OPEN));
        if (!open && wanted & NOT_MET) ways.push(atLeast(few, NOT_MET));
        if (wanted & OPEN && inputs.some((input) => input.canOpen)) this.exact = false;
        return this.any(ways);
      }
      case "exactly": {
        const ways: Goal[] = [];
        if (!open && wanted & MET) ways.push(this.all([atLeast(count, MET), atLeast(inputs.length - count, NOT_MET)]));
        if (wanted & NOT_MET) ways.push(atLeast(count + 1, MET));
        if (!open && wanted & NOT_MET) ways.push(atLeast(inputs.length - count + 1, NOT_MET));
        if (open && wanted & OPEN) ways.push(atLeast(inputs.length - count, NOT_MET | OPEN));
        if (wanted & OPEN && inputs.some((input) => input.canOpen)) this.exact = false;
        return this.any(ways);
      }
    }
  }
}

/** The truth of a leaf for a value of the request or an answer of the reviewer. */
export function truthOfAnswer(leaf: Leaf, value: unknown): Truth {
  const { scope } = leaf;
  if (scope === undefined) return value === "met" ? MET : value === "not met" ? NOT_MET : UNKNOWN;
  if (value === undefined) return UNKNOWN;
  if (scope.kind === "codes") return truth((value as readonly string[]).some((code) => scope.codes.some((set) => inSet(code, set))));
  return truth(scope.values.includes(value as string));
}

/** The facts of the case that a condition reads, filters of records included. */
export function* factsOf(condition: Condition): Generator<FactSymbol> {
  switch (condition.kind) {
    case "yes": case "known": case "choice": case "text": case "code": case "includes": yield* factsIn(condition.value); break;
    case "compare": yield* factsIn(condition.left); yield* factsIn(condition.right); break;
    case "between": yield* factsIn(condition.value); yield* factsIn(condition.low); yield* factsIn(condition.high); break;
    case "quantified": case "count":
      yield condition.records.list;
      if (condition.records.filter !== undefined) yield* factsOf(condition.records.filter);
      break;
    case "not": yield* factsOf(condition.operand); break;
    case "definition": yield* factsOf(condition.condition); break;
    case "and": case "or": for (const operand of condition.operands) yield* factsOf(operand); break;
    default: break;
  }
}

/** The facts of the case that a value comes from. */
export function* factsIn(value: Value): Generator<FactSymbol> {
  switch (value.kind) {
    case "fact": yield value.fact; break;
    case "scaled": case "definition": yield* factsIn(value.value); break;
    case "arithmetic": case "days between": yield* factsIn(value.left); yield* factsIn(value.right); break;
    case "shift": yield* factsIn(value.date); yield* factsInLength(value.length); break;
    case "count":
      yield value.records.list;
      if (value.records.filter !== undefined) yield* factsOf(value.records.filter);
      break;
    default: break;
  }
}

function* factsInLength(length: Length): Generator<FactSymbol> {
  if (length.kind === "days") yield* factsIn(length.days);
}
