// Compiles a strict policy once, so that many cases are decided quickly: facts in slots, conditions in typed columns, criteria
// combined by table look-ups in an order in which everything a criterion needs stands before it.
import { caseCode, inSet, systemsOfType } from "../semantics/codes.js";
import type { Condition, CriterionSymbol, FactSymbol, OutcomeName, Policy, PolicyCase, RecordValue, Scope, Value } from "../semantics/model.js";
import { periodOf } from "../semantics/period.js";
import { readDate } from "../syntax/dates.js";
import { type Facts, type Ground, isNumeric, truthOf } from "./conditions.js";
import { ALL, ANY, atLeast, exactly, exactlyOpen, MET, NOT, NOT_MET, OPEN, type Truth, truth, UNKNOWN } from "./kleene.js";
import type { DeterminationName, Outcome } from "./model.js";

/** What a plain request says beside its facts. */
export interface PlainRequest {
  /** Date of service, `2025-07-01`, or days since 1970-01-01. */
  readonly on: string | number;
  /** `CPT 77385`, or the code alone. */
  readonly codes?: readonly string[] | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
  /** Attested criteria by address. */
  readonly criteria?: Readonly<Record<string, OutcomeName>> | undefined;
}

/** A determination. The evaluator owns the object and overwrites it with the next one. */
export interface Decision {
  readonly evaluator: Evaluator;
  determination: DeterminationName;
  /** The statement that decided, -1 where none did. */
  statement: number;
  /** Truth of every node of the program, for `outcomeOf` and explanations. */
  readonly truths: Uint8Array;
  readonly facts: Facts;
  readonly request: Request;
}

export interface Request {
  codes: readonly string[] | undefined;
  lineOfBusiness: string | undefined;
  pathway: string | undefined;
}

export interface Evaluator {
  readonly policy: Policy;
  readonly program: Program;
  /** Decides plain facts by name: booleans, numbers in the fact's unit, dates and choices as text, lists. Wrong types throw a TypeError that says which fact. */
  decide(facts: Readonly<Record<string, unknown>>, request: PlainRequest): Decision;
  /** Decides a checked case. */
  decideCase(policyCase: PolicyCase): Decision;
  /** Where every decision of this evaluator stands. */
  readonly latest: Decision;
  /** For many cases without an object for each: empties the slots, which are then filled in `facts` and `request` of the decision (`on` among them). */
  begin(): Decision;
  /** Answers an attested criterion, by its slot in `program.attested`. */
  attest(slot: number, outcome: OutcomeName): void;
  /** Decides what stands in the slots. */
  finish(): Decision;
}

// ── The program ───────────────────────────────────────────────────────────────────────────────────────────────────────
const enum Op { Yes, Less, LessEqual, Greater, GreaterEqual, Equal, Choice, Attested, General, Any, All, Not, AtLeast, Exactly, OpenAny }
const FIRST_LOGIC = Op.Any;

interface Node {
  readonly op: Op;
  readonly slot: number;
  readonly constant: number;
  readonly inputs: readonly Node[];
  readonly general?: ((ground: Ground, request: Request) => Truth) | undefined;
  place: number;
}

export interface Program {
  readonly size: number;
  readonly slots: Int32Array;
  readonly constants: Float64Array;
  /** First node of each column, by operation. */
  readonly columns: Int32Array;
  readonly general: readonly ((ground: Ground, request: Request) => Truth)[];
  readonly ops: Uint8Array;
  readonly inputStarts: Int32Array;
  readonly inputs: Int32Array;
  /** Node of each criterion, of its guard (-1 without), and of what it says where the guard holds. */
  readonly criterionNodes: Int32Array;
  readonly guardNodes: Int32Array;
  readonly bodyNodes: Int32Array;
  /** Nodes of each statement: whether it applies, and whether it applies and is met. */
  readonly scopeNodes: Int32Array;
  readonly statementNodes: Int32Array;
  readonly scopeParts: readonly (readonly number[])[];
  readonly attested: ReadonlyMap<string, number>;
  /** Nodes of the conditions, and of those negations that are more than the negated node. */
  readonly conditionNodes: ReadonlyMap<Condition, number>;
  readonly negationNodes: ReadonlyMap<Condition, number>;
}

const MOST_CHOICES_IN_MASK = 31;

class Builder {
  readonly nodes: Node[] = [];
  private readonly shared = new Map<string, Node>();
  readonly criteria: (Node | undefined)[] = [];
  readonly guards: (Node | undefined)[] = [];
  readonly bodies: (Node | undefined)[] = [];
  readonly attested = new Map<string, number>();
  private readonly statements: (Node | undefined)[] = [];
  private readonly conditions = new Map<Condition, Node>();
  private readonly negations = new Map<Condition, Node>();
  readonly scopes: Node[] = [];
  readonly scopeParts: Node[][] = [];

  constructor(private readonly policy: Policy) {}

  private node(op: Op, slot: number, constant: number, inputs: readonly Node[], general?: Node["general"]): Node {
    const made: Node = { op, slot, constant, inputs, general, place: -1 };
    this.nodes.push(made);
    return made;
  }

  /** Equal columns are kept once. */
  private atom(op: Op, slot: number, constant: number): Node {
    const key = `${op} ${slot} ${constant}`;
    const there = this.shared.get(key);
    if (there !== undefined) return there;
    const made = this.node(op, slot, constant, []);
    this.shared.set(key, made);
    return made;
  }

  private join(op: Op.Any | Op.All, inputs: readonly Node[]): Node {
    return inputs.length === 1 ? inputs[0]! : this.node(op, 0, 0, inputs);
  }

  private negate(input: Node): Node {
    return this.node(Op.Not, 0, 0, [input]);
  }

  condition(condition: Condition): Node {
    const made = this.conditionNode(condition);
    this.conditions.set(condition, made);
    return made;
  }

  private conditionNode(condition: Condition): Node {
    switch (condition.kind) {
      case "and": case "or": return this.join(condition.kind === "and" ? Op.All : Op.Any, condition.operands.map((operand) => this.condition(operand)));
      case "not": return this.negation(condition.operand);
      case "definition": return this.condition(condition.condition);
      case "criterion": return this.criterion(condition.index);
      case "yes": {
        const slot = factSlot(condition.value);
        if (slot >= 0) return this.atom(Op.Yes, slot, condition.expected ? 1 : 0);
        break;
      }
      case "compare": {
        const slot = factSlot(condition.left);
        const constant = constantOf(condition.right);
        if (slot >= 0 && constant !== undefined && condition.op !== "!=") return this.atom(COMPARE_OPS[condition.op], slot, constant);
        break;
      }
      case "between": {
        const slot = factSlot(condition.value);
        const low = constantOf(condition.low);
        const high = constantOf(condition.high);
        if (slot >= 0 && low !== undefined && high !== undefined) return this.join(Op.All, [this.atom(Op.GreaterEqual, slot, low), this.atom(Op.LessEqual, slot, high)]);
        break;
      }
      case "choice": {
        const slot = factSlot(condition.value);
        if (slot >= 0 && condition.wanted.length === 1) return this.atom(Op.Equal, slot, condition.wanted[0]!);
        if (slot >= 0 && condition.choices.length <= MOST_CHOICES_IN_MASK) return this.atom(Op.Choice, slot, condition.wanted.reduce((mask, index) => mask | (1 << index), 0));
        break;
      }
      default: break;
    }
    return this.node(Op.General, 0, 0, [...referred(condition)].map((index) => this.criterion(index)), (ground) => truthOf(condition, ground));
  }

  /** A condition that is not met. It differs from the plain negation only for criteria, which are neither met nor not met where they do not apply. */
  private negation(condition: Condition): Node {
    const made = this.negationNode(condition);
    this.negations.set(condition, made);
    return made;
  }

  private negationNode(condition: Condition): Node {
    switch (condition.kind) {
      case "and": case "or": return this.join(condition.kind === "and" ? Op.Any : Op.All, condition.operands.map((operand) => this.negation(operand)));
      case "not": return this.condition(condition.operand);
      case "definition": return this.negation(condition.condition);
      case "criterion": {
        const node = this.criterion(condition.index);
        const guard = this.guards[condition.index];
        return guard === undefined ? this.negate(node) : this.join(Op.All, [guard, this.negate(this.bodies[condition.index]!)]);
      }
      default: return this.negate(this.condition(condition));
    }
  }

  criterion(index: number): Node {
    const there = this.criteria[index];
    if (there !== undefined) return there;
    const symbol = this.policy.criteria[index]!;
    const guards = symbol.guards.map((guard) => this.condition(guard));
    const guard = guards.length === 0 ? undefined : this.join(Op.All, guards);
    const body = this.body(symbol);
    const made = guard === undefined ? body : this.join(Op.All, [guard, body]);
    this.criteria[index] = made;
    this.guards[index] = guard;
    this.bodies[index] = body;
    return made;
  }

  private body(symbol: CriterionSymbol): Node {
    const parts = symbol.conditions.map((condition) => this.condition(condition));
    for (const group of symbol.conditionGroups) parts.push(this.criterion(group.index));
    if (symbol.items.length > 0) parts.push(this.list(symbol));
    if (symbol.allOthers) parts.push(this.negate(this.join(Op.Any, this.necessary())));
    if (symbol.attested) parts.push(this.attest(symbol));
    let base = this.join(Op.All, parts);
    const waivers = [...symbol.waivers.map((condition) => this.condition(condition)), ...symbol.waiverGroups.map((group) => this.criterion(group.index))];
    if (waivers.length > 0) base = this.join(Op.Any, [base, ...waivers]);
    const exceptions = [...symbol.exceptions.map((condition) => this.condition(condition)), ...symbol.exceptionGroups.map((group) => this.criterion(group.index))];
    return exceptions.length === 0 ? base : this.join(Op.All, [base, ...exceptions.map((exception) => this.negate(exception))]);
  }

  private attest(symbol: CriterionSymbol): Node {
    const slot = this.attested.get(symbol.address) ?? this.attested.size;
    this.attested.set(symbol.address, slot);
    return this.atom(Op.Attested, slot, 0);
  }

  private list(symbol: CriterionSymbol): Node {
    const { op, count, open } = symbol.combination ?? { op: "all", count: 0, open: false };
    const items = symbol.items.map((item) => this.criterion(item.index));
    switch (op) {
      case "any": return items.length === 1 && !open ? items[0]! : this.node(open ? Op.OpenAny : Op.Any, 0, 0, items);
      // Of an open list it is never certain that nothing on it is met.
      case "none": return this.negate(open ? this.node(Op.OpenAny, 0, 0, items) : this.join(Op.Any, items));
      case "at-least": return this.node(Op.AtLeast, 0, count * 2 + Number(open), items);
      case "exactly": return this.node(Op.Exactly, 0, count * 2 + Number(open), items);
      case "all": {
        // An item that does not apply is left out; where none applies, the list is not met.
        const bodies = symbol.items.map((item, i) => (this.guards[item.index] === undefined ? items[i]! : this.join(Op.Any, [this.negate(this.guards[item.index]!), items[i]!])));
        const applies = symbol.items.every((item) => this.guards[item.index] !== undefined) ? [this.join(Op.Any, symbol.items.map((item) => this.guards[item.index]!))] : [];
        return this.join(Op.All, [...bodies, ...applies]);
      }
    }
  }

  private necessary(): Node[] {
    return this.policy.statements.flatMap((statement, i) => (statement.statement === "necessary" ? [this.statement(i)] : []));
  }

  statement(index: number): Node {
    const there = this.statements[index];
    if (there !== undefined) return there;
    const { scopes, index: criterion } = this.policy.statements[index]!;
    const parts = scopes.map((scope) => this.scope(scope));
    this.scopeParts[index] = parts;
    const applies = this.join(Op.All, parts.length === 0 ? [this.node(Op.All, 0, 0, [])] : parts);
    this.scopes[index] = applies;
    const made = this.join(Op.All, [applies, this.criterion(criterion)]);
    this.statements[index] = made;
    return made;
  }

  private scope(scope: Scope): Node {
    switch (scope.kind) {
      case "condition": return this.condition(scope.condition);
      case "codes": return this.node(Op.General, 0, 0, [], (_, request) => (request.codes === undefined ? UNKNOWN : truth(request.codes.some((code) => scope.codes.some((set) => inSet(code, set))))));
      case "line of business": return this.node(Op.General, 0, 0, [], (_, request) => (request.lineOfBusiness === undefined ? UNKNOWN : truth(scope.values.includes(request.lineOfBusiness))));
      case "pathway": return this.node(Op.General, 0, 0, [], (_, request) => (request.pathway === undefined ? UNKNOWN : truth(scope.values.includes(request.pathway))));
    }
  }

  build(): Program {
    const statements = this.policy.statements.map((_, i) => this.statement(i));
    this.policy.criteria.forEach((_, i) => this.criterion(i));
    const ordered = inOrder(this.nodes);
    ordered.forEach((node, place) => { node.place = place; });
    const columns = new Int32Array(FIRST_LOGIC + 1);
    let place = 0;
    for (let op = 0; op <= FIRST_LOGIC; op++) {
      columns[op] = place;
      while (place < ordered.length && ordered[place]!.op === op && op < FIRST_LOGIC && isEarly(ordered[place]!)) place++;
    }
    columns[FIRST_LOGIC] = ordered.findIndex((node) => !isEarly(node));
    if (columns[FIRST_LOGIC]! < 0) columns[FIRST_LOGIC] = ordered.length;
    const inputStarts = new Int32Array(ordered.length + 1);
    const inputs: number[] = [];
    ordered.forEach((node, i) => {
      inputStarts[i] = inputs.length;
      inputs.push(...node.inputs.map((input) => input.place));
    });
    inputStarts[ordered.length] = inputs.length;
    const places = (nodes: readonly (Node | undefined)[], length: number): Int32Array => Int32Array.from({ length }, (_, i) => nodes[i]?.place ?? -1);
    return {
      size: ordered.length,
      slots: Int32Array.from(ordered, (node) => node.slot),
      constants: Float64Array.from(ordered, (node) => node.constant),
      columns,
      general: ordered.map((node) => node.general ?? NEVER),
      ops: Uint8Array.from(ordered, (node) => node.op),
      inputStarts,
      inputs: Int32Array.from(inputs),
      criterionNodes: places(this.criteria, this.policy.criteria.length),
      guardNodes: places(this.guards, this.policy.criteria.length),
      bodyNodes: places(this.bodies, this.policy.criteria.length),
      scopeNodes: places(this.scopes, statements.length),
      statementNodes: places(statements, statements.length),
      scopeParts: this.scopeParts.map((parts) => parts.map((part) => part.place)),
      attested: this.attested,
      conditionNodes: new Map([...this.conditions].map(([condition, node]) => [condition, node.place])),
      negationNodes: new Map([...this.negations].map(([condition, node]) => [condition, node.place])),
    };
  }
}

const NEVER = (): Truth => UNKNOWN;
const COMPARE_OPS = { "<": Op.Less, "<=": Op.LessEqual, ">": Op.Greater, ">=": Op.GreaterEqual, "=": Op.Equal } as const;
const factSlot = (value: Value): number => (value.kind === "fact" ? value.fact.slot : value.kind === "definition" ? factSlot(value.value) : -1);
const constantOf = (value: Value): number | undefined => (value.kind === "number" ? value.value : value.kind === "day" ? value.day : value.kind === "definition" ? constantOf(value.value) : undefined);

// Columns of single facts come first, in the order of their operations; general nodes that look at criteria wait for them.
const isEarly = (node: Node): boolean => node.op < FIRST_LOGIC && node.inputs.length === 0;

function inOrder(nodes: readonly Node[]): Node[] {
  const early = nodes.filter(isEarly).sort((a, b) => a.op - b.op || a.slot - b.slot);
  const late: Node[] = [];
  const done = new Set<Node>(early);
  // Iterative, so that a deeply nested policy cannot exhaust the stack.
  for (const root of nodes) {
    const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (done.has(top.node)) {
        stack.pop();
      } else if (top.next < top.node.inputs.length) {
        stack.push({ node: top.node.inputs[top.next++]!, next: 0 });
      } else {
        done.add(top.node);
        late.push(top.node);
        stack.pop();
      }
    }
  }
  return [...early, ...late];
}

/** The criteria that a condition refers to, by index. */
export function* referred(condition: Condition): Generator<number> {
  switch (condition.kind) {
    case "criterion": yield condition.index; break;
    case "and": case "or": for (const operand of condition.operands) yield* referred(operand); break;
    case "not": yield* referred(condition.operand); break;
    case "definition": yield* referred(condition.condition); break;
    case "quantified": case "count": if (condition.records.filter !== undefined) yield* referred(condition.records.filter); break;
    default: break;
  }
}

/** The tables of `any`, `all` and `not` in one, in the order of their operations. */
const TABLES = Uint8Array.from([...ANY, ...ALL, ...NOT]);

// ── Running it ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** How a fact is bound from a plain value. */
const enum Binding { YesNo, Number, Date, Choice, Word, Code, Words, Codes, Records }

function bindingOf(fact: FactSymbol): Binding {
  const { type } = fact;
  switch (type.kind) {
    case "yes/no": return Binding.YesNo;
    case "number": return Binding.Number;
    case "date": return Binding.Date;
    case "choice": return Binding.Choice;
    case "code": return Binding.Code;
    case "list": return type.of.kind === "code" ? Binding.Codes : Binding.Words;
    case "records": return Binding.Records;
    case "text": case "unknown": return Binding.Word;
  }
}

/** Compiles a policy. The evaluator may be kept and used for any number of cases. */
export function compile(policy: Policy): Evaluator {
  const builder = new Builder(policy);
  const program = builder.build();
  const { size, slots, constants, columns, general, ops, inputStarts, inputs } = program;
  const truths = new Uint8Array(size);
  const facts: Facts = { numbers: new Float64Array(policy.facts.length), others: new Array(policy.facts.length).fill(undefined), on: 0 };
  const request: Request = { codes: undefined, lineOfBusiness: undefined, pathway: undefined };
  const attested = new Uint8Array(Math.max(1, program.attested.size));
  const { numbers, others } = facts;
  const ground = groundOf(program, facts, truths);
  const slotOf: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const fact of policy.facts) slotOf[fact.name] = fact.slot;
  const bindings = Uint8Array.from(policy.facts, bindingOf);
  const choiceIndexes = policy.facts.map((fact) => new Map(fact.type.kind === "choice" ? fact.type.choices.map((choice, i) => [choice, i] as const) : []));
  const systems = policy.facts.map((fact) => systemsOfType(fact.type));
  const hasAttested = program.attested.size > 0;
  const hasOthers = policy.facts.some((fact) => !isNumeric(fact));
  const necessary = Int32Array.from(policy.statements.flatMap((statement, i) => (statement.statement === "necessary" ? [i] : [])));
  const limiting = Int32Array.from(policy.statements.flatMap((statement, i) => (statement.statement === "necessary" ? [] : [i])));

  // Requests come in runs of one date of service.
  let lastText = "";
  let lastDay = 0;
  function clear(on: string | number): void {
    numbers.fill(Number.NaN);
    if (hasOthers) others.fill(undefined);
    if (hasAttested) attested.fill(UNKNOWN);
    if (typeof on === "number") {
      facts.on = on;
      return;
    }
    if (on !== lastText) {
      lastDay = dayOf(on, "the date of service");
      lastText = on;
    }
    facts.on = lastDay;
  }

  // Taken out of the column index once: reading it in every run would cost as much as a column.
  const [yes, less, lessEqual, greater, greaterEqual, equal, choice, attestations, generals, logic] = Array.from(columns) as [number, number, number, number, number, number, number, number, number, number];
  function run(): void {
    let i = yes;
    // A missing number is NaN: every comparison with it is false, so it is sorted out by being unequal to itself.
    for (; i < less; i++) { const v = numbers[slots[i]!]!; truths[i] = v === constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < lessEqual; i++) { const v = numbers[slots[i]!]!; truths[i] = v < constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < greater; i++) { const v = numbers[slots[i]!]!; truths[i] = v <= constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < greaterEqual; i++) { const v = numbers[slots[i]!]!; truths[i] = v > constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < equal; i++) { const v = numbers[slots[i]!]!; truths[i] = v >= constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < choice; i++) { const v = numbers[slots[i]!]!; truths[i] = v === constants[i]! ? MET : v === v ? NOT_MET : UNKNOWN; }
    for (; i < attestations; i++) { const v = numbers[slots[i]!]!; truths[i] = v === v ? ((constants[i]! >> v) & 1 ? MET : NOT_MET) : UNKNOWN; }
    for (; i < generals; i++) truths[i] = attested[slots[i]!]!;
    for (; i < logic; i++) truths[i] = general[i]!(ground, request);
    let at = inputStarts[i]!;
    for (; i < size; i++) {
      const end = inputStarts[i + 1]!;
      const op = ops[i]!;
      if (op >= Op.Any && op <= Op.Not) {
        let bits = 0;
        for (; at < end; at++) bits |= truths[inputs[at]!]!;
        truths[i] = TABLES[((op - Op.Any) << 4) | bits]!;
      } else {
        truths[i] = op === Op.General ? general[i]!(ground, request) : counted(op, constants[i]!, at, end);
        at = end;
      }
    }
  }

  function counted(op: number, constant: number, from: number, end: number): Truth {
    let met = 0;
    let unknown = 0;
    let open = 0;
    for (let at = from; at < end; at++) {
      const value = truths[inputs[at]!]!;
      if (value === MET) met++;
      else if (value === UNKNOWN) unknown++;
      else if (value === OPEN) open++;
    }
    if (op === Op.OpenAny) return met > 0 ? MET : unknown > 0 ? UNKNOWN : OPEN;
    const wanted = constant >> 1;
    const openList = (constant & 1) === 1;
    if (op === Op.Exactly) return openList ? exactlyOpen(wanted, met, unknown) : exactly(wanted, met, unknown, open);
    const value = atLeast(wanted, met, unknown, open);
    return value === NOT_MET && openList ? OPEN : value;
  }

  const { statementNodes } = program;
  function first(list: Int32Array, value: Truth): number {
    for (let i = 0; i < list.length; i++) if (truths[statementNodes[list[i]!]!]! === value) return list[i]!;
    return -1;
  }

  function firstOf(nodes: Int32Array, value: Truth): number {
    for (let i = 0; i < nodes.length; i++) if (truths[nodes[i]!]! === value) return i;
    return -1;
  }

  const { from, until } = periodOf(policy.analysis);
  // A statement without scope applies to every request: then there is nothing to look at.
  const scoped = policy.statements.length > 0 && policy.statements.every(({ scopes }) => scopes.length > 0);
  const { scopeNodes } = program;
  function determine(): void {
    if (facts.on < from || facts.on > until) {
      decision.determination = "refer";
      decision.statement = -1;
      return;
    }
    if (scoped) {
      let applies = 0;
      for (let i = 0; i < scopeNodes.length; i++) applies |= truths[scopeNodes[i]!]!;
      // Where it is not known whether any statement applies, nothing is decided yet: neither what none says nor what one would.
      if ((applies & (MET | OPEN)) === 0) {
        decision.determination = applies === NOT_MET ? "no statement applies" : "pend";
        decision.statement = applies === NOT_MET ? -1 : firstOf(scopeNodes, UNKNOWN);
        return;
      }
    }
    let n = 0;
    let x = 0;
    for (let i = 0; i < necessary.length; i++) n |= truths[statementNodes[necessary[i]!]!]!;
    for (let i = 0; i < limiting.length; i++) x |= truths[statementNodes[limiting[i]!]!]!;
    const necessity = ANY[n]!;
    const limit = ANY[x]!;
    if (limit === MET || limit === OPEN) {
      decision.determination = "refer";
      decision.statement = first(limiting, limit);
    } else if (necessity === NOT_MET || necessity === OPEN) {
      decision.determination = "refer";
      decision.statement = necessity === OPEN ? first(necessary, OPEN) : applicable();
    } else if (necessity === MET && limit === NOT_MET) {
      decision.determination = "approve";
      decision.statement = first(necessary, MET);
    } else {
      decision.determination = "pend";
      decision.statement = necessity === MET ? first(limiting, UNKNOWN) : first(necessary, UNKNOWN);
    }
  }

  /** The only statement of necessity that applies to the request and is not met. */
  function applicable(): number {
    let only = -1;
    for (let i = 0; i < necessary.length; i++) {
      if (truths[program.scopeNodes[necessary[i]!]!]! === NOT_MET) continue;
      if (only >= 0) return -1;
      only = necessary[i]!;
    }
    return only;
  }

  function bind(given: Readonly<Record<string, unknown>>): void {
    for (const name in given) {
      const slot = slotOf[name];
      if (slot === undefined) continue;
      const value = given[name];
      // A fact that is null is not given.
      if (value === null || value === undefined) continue;
      switch (bindings[slot]!) {
        case Binding.YesNo: numbers[slot] = value === true ? 1 : value === false ? 0 : refuse(name, "yes or no, as true or false"); break;
        case Binding.Number: numbers[slot] = typeof value === "number" && Number.isFinite(value) ? value : refuse(name, "a number"); break;
        case Binding.Date: numbers[slot] = typeof value === "number" ? value : dayOf(value, `\`${name}\``); break;
        case Binding.Choice: numbers[slot] = choiceIndexes[slot]!.get(value as string) ?? refuse(name, "one of its choices"); break;
        case Binding.Word: others[slot] = typeof value === "string" ? value : refuse(name, "a text"); break;
        case Binding.Code: others[slot] = typeof value === "string" ? caseCode(value, systems[slot]) : refuse(name, "a code"); break;
        case Binding.Words: others[slot] = Array.isArray(value) ? (value as string[]) : refuse(name, "a list"); break;
        case Binding.Codes: others[slot] = Array.isArray(value) ? value.map((code) => caseCode(String(code), systems[slot])) : refuse(name, "a list of codes"); break;
        default: others[slot] = Array.isArray(value) ? plainRecords(policy.facts[slot]!, value) : refuse(name, "a list of records");
      }
    }
  }

  const evaluator: Evaluator = {
    policy,
    program,
    get latest() {
      return decision;
    },
    decide(given, asked) {
      clear(asked.on);
      request.codes = asked.codes?.map((code) => caseCode(code));
      request.lineOfBusiness = asked.lineOfBusiness;
      request.pathway = asked.pathway;
      bind(given);
      if (asked.criteria !== undefined) for (const [address, outcome] of Object.entries(asked.criteria)) attest(address, outcome);
      run();
      determine();
      return decision;
    },
    decideCase(policyCase) {
      clear(policyCase.on);
      request.codes = policyCase.codes;
      request.lineOfBusiness = policyCase.lineOfBusiness;
      request.pathway = policyCase.pathway;
      for (const [name, value] of policyCase.facts) {
        const slot = slotOf[name];
        if (slot === undefined) continue;
        if (isNumeric(policy.facts[slot]!)) numbers[slot] = Number(value);
        else others[slot] = value as Facts["others"][number];
      }
      for (const [address, outcome] of policyCase.attested) attest(address, outcome);
      run();
      determine();
      return decision;
    },
    begin() {
      clear(Number.NaN);
      request.codes = undefined;
      request.lineOfBusiness = undefined;
      request.pathway = undefined;
      return decision;
    },
    attest: answer,
    finish() {
      run();
      determine();
      return decision;
    },
  };
  function attest(address: string, outcome: OutcomeName): void {
    const slot = program.attested.get(address);
    if (slot !== undefined) answer(slot, outcome);
  }
  function answer(slot: number, outcome: OutcomeName): void {
    attested[slot] = outcome === "met" ? MET : outcome === "not met" ? NOT_MET : UNKNOWN;
  }
  const decision: Decision = { evaluator, determination: "pend", statement: -1, truths, facts, request };
  return evaluator;
}

/** What conditions look at: the facts of a case and the criteria of a program that has run. */
export function groundOf(program: Program, facts: Facts, truths: Uint8Array): Ground {
  return {
    facts,
    criterion: (index) => truths[program.criterionNodes[index]!]!,
    unmet: (index) => {
      const guard = program.guardNodes[index]!;
      const not = NOT[truths[program.bodyNodes[index]!]!]!;
      return guard < 0 ? not : ALL[truths[guard]! | not]!;
    },
  };
}

function refuse(name: string, wanted: string): never {
  throw new TypeError(`The fact \`${name}\` must be ${wanted}.`);
}

function dayOf(value: unknown, what: string): number {
  const day = typeof value === "string" ? readDate(value, 0).day : undefined;
  if (day === undefined) throw new TypeError(`${what} must be a date such as 2025-03-05.`);
  return day;
}

function plainRecords(fact: FactSymbol, values: readonly unknown[]): readonly RecordValue[] {
  const fields = fact.type.kind === "records" ? fact.type.fields : [];
  return values.map((value) => {
    const record: Record<string, number | string | boolean> = {};
    for (const field of fields) {
      const given = (value as Record<string, unknown>)[field.name];
      if (given === null || given === undefined) continue;
      record[field.name] = plainField(fact, field, given);
    }
    return record;
  });
}

function plainField(fact: FactSymbol, field: FactSymbol, given: unknown): number | string | boolean {
  const name = `${fact.name}.${field.name}`;
  switch (field.type.kind) {
    case "yes/no": return typeof given === "boolean" ? given : refuse(name, "yes or no, as true or false");
    case "number": return typeof given === "number" ? given : refuse(name, "a number");
    case "date": return typeof given === "number" ? given : dayOf(given, `\`${name}\``);
    case "choice": {
      const index = field.type.choices.indexOf(String(given));
      return index >= 0 ? index : refuse(name, "one of its choices");
    }
    case "code": return caseCode(String(given), field.type.systems);
    default: return String(given);
  }
}

/** The outcome of a criterion in a decision. */
export function outcomeOf(decision: Decision, index: number): Outcome {
  const { guardNodes, criterionNodes } = decision.evaluator.program;
  const guard = guardNodes[index]!;
  if (guard >= 0 && decision.truths[guard] === NOT_MET) return "not applicable";
  // Whether it applies is open: it is not known to be not met either.
  if (guard >= 0 && decision.truths[guard] !== MET) return "unknown";
  return outcomeName(decision.truths[criterionNodes[index]!]!);
}

/** The name of a truth value; left open is unknown. */
export function outcomeName(value: Truth): Outcome {
  return value === MET ? "met" : value === NOT_MET ? "not met" : "unknown";
}
