// Conditions in one form for all lint rules of logic: "and" and "or" over atoms, each of which allows a variable a set of values.
import type { CodeSet, CompareOp, Condition, FactSymbol, RecordSet, Value } from "../../../semantics/model.js";
import { assertNever, type Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { both, comparing, either, EVERYTHING, holds, type NumberSet, someOf, without, wholeNumbers, wordSet } from "./sets.js";

/** What an atom speaks of: a fact, a difference of two, the number of records that match, a criterion. */
export interface Variable {
  readonly key: string;
  /** One of 31 bits, shared by all that may have to do with one another: two formulas without a common bit are independent. */
  readonly bit: number;
  /** The values it can have at all. */
  readonly domain: NumberSet;
  readonly whole: boolean;
  /** How it is called in a message. */
  readonly name: string;
  readonly fact?: FactSymbol | undefined;
  /** The records that it counts. */
  readonly count?: { readonly list: FactSymbol; readonly filter: Formula | undefined } | undefined;
  /** For a distance in months: the same distance in days, which has the same sign. */
  readonly days?: { readonly variable: Variable; readonly turned: boolean } | undefined;
}

interface Placed {
  readonly source: Range;
  /** Bits of all its variables. */
  readonly mask: number;
  /** Bits that whatever implies it must have. */
  readonly need: number;
}
export type NumberAtom = Placed & { readonly kind: "number"; readonly variable: Variable; readonly set: NumberSet };
/** Some code or word of `sets` is in the list (or is the value), or none is. */
export type MemberAtom = Placed & { readonly kind: "member"; readonly variable: Variable; readonly single: boolean; readonly sets: readonly CodeSet[]; readonly positive: boolean };
export type KnownAtom = Placed & { readonly kind: "known"; readonly variable: Variable; readonly known: boolean };
export type Atom = NumberAtom | MemberAtom | KnownAtom;
export type Joined = Placed & { readonly kind: "and" | "or"; readonly parts: readonly Formula[]; /** It is written elsewhere, under a name. */ readonly named?: true | undefined };
export type Formula = Atom | Joined;

const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=" };
const YES_NO: NumberSet = [0, 0, 1, 1];
const COUNTS: NumberSet = [0, 0, Infinity, 1];
const IS: readonly NumberSet[] = [[0, 0, 0, 1], [1, 0, 1, 1]];
/** A criterion is not met (0), met (1), or does not apply (2). */
const OUTCOMES: NumberSet = [0, 0, 2, 1];

/** "And" or "or" of formulas. */
export function join(kind: "and" | "or", parts: readonly Formula[], source: Range): Formula {
  if (parts.length === 1) return parts[0]!;
  let mask = 0;
  let need = kind === "and" || parts.length === 0 ? 0 : -1;
  for (const part of parts) {
    mask |= part.mask;
    need = kind === "and" ? need | part.need : need & part.need;
  }
  return { kind, parts, source, mask, need };
}

/** The formula that holds where this one is known not to. */
export function negate(formula: Formula): Formula {
  switch (formula.kind) {
    case "and": case "or": return { ...join(formula.kind === "and" ? "or" : "and", formula.parts.map(negate), formula.source), source: formula.source };
    case "number": {
      const set = without(formula.variable.domain, formula.set);
      return { ...formula, set: formula.variable.whole ? wholeNumbers(set) : set };
    }
    case "member": return { ...formula, positive: !formula.positive };
    case "known": return { ...formula, known: !formula.known };
  }
}

/** Makes formulas of the conditions of one policy; equal variables are one object. */
export class Formulas {
  private readonly variables = new Map<string, Variable>();
  private readonly ofFacts = new Map<FactSymbol, Variable>();
  private readonly made = new Map<Condition, Formula>();
  private readonly negated = new Map<Condition, Formula>();
  private readonly bits = new Map<string, number>();
  private readonly texts = new Map<string, number>();

  /** The formula of a condition. */
  of(condition: Condition): Formula {
    let formula = this.made.get(condition);
    if (formula === undefined) this.made.set(condition, (formula = this.read(condition, false)));
    return formula;
  }

  /** The formula of `not condition`, in which a criterion that does not apply is neither met nor not met. */
  not(condition: Condition): Formula {
    let formula = this.negated.get(condition);
    if (formula === undefined) this.negated.set(condition, (formula = this.read(condition, true)));
    return formula;
  }

  /** A criterion that is not looked into. */
  criterion(index: number, address: string, source: Range): Formula {
    return this.number(this.named(`criterion ${index}`, OUTCOMES, true, `criterion ${address}`), IS[1]!, source);
  }

  /** What nothing else speaks of. */
  opaque(key: string, source: Range): Formula {
    return this.number(this.named(key, YES_NO, true, key), IS[1]!, source);
  }

  private named(key: string, domain: NumberSet, whole: boolean, name: string, base = key, extra?: Partial<Variable>): Variable {
    let variable = this.variables.get(key);
    if (variable === undefined) {
      let bit = this.bits.get(base);
      if (bit === undefined) this.bits.set(base, (bit = 1 << this.bits.size % 31));
      this.variables.set(key, (variable = { key, bit, domain, whole, name, ...extra }));
    }
    return variable;
  }

  private fact(fact: FactSymbol): Variable {
    let variable = this.ofFacts.get(fact);
    if (variable === undefined) {
      const { type } = fact;
      const key = fact.owner === undefined ? fact.name : `${fact.owner}.${fact.name}`;
      const domain = type.kind === "yes/no" ? YES_NO : type.kind === "choice" ? [0, 0, type.choices.length - 1, 1] : type.kind === "number" && (type.from !== undefined || type.to !== undefined) ? [type.from ?? -Infinity, 0, type.to ?? Infinity, 1] : EVERYTHING;
      this.ofFacts.set(fact, (variable = this.named(key, domain, type.kind !== "number", fact.name, key, { fact })));
    }
    return variable;
  }

  private number(variable: Variable, set: NumberSet, source: Range): NumberAtom {
    return { kind: "number", variable, set, source, mask: variable.bit, need: variable.bit };
  }

  private within(variable: Variable, op: CompareOp, value: number, source: Range): NumberAtom {
    const set = variable.domain === EVERYTHING ? comparing(op, value) : both(variable.domain, comparing(op, value));
    return this.number(variable, variable.whole ? wholeNumbers(set) : set, source);
  }

  private read(condition: Condition, no: boolean): Formula {
    const { source } = condition;
    const plain = (formula: Formula): Formula => (no ? negate(formula) : formula);
    switch (condition.kind) {
      case "and": case "or": {
        const kind = no === (condition.kind === "and") ? "or" : "and";
        return join(kind, condition.operands.map((operand) => this.read(operand, no)), source);
      }
      case "not": return this.read(condition.operand, !no);
      case "definition": {
        const formula = no ? this.not(condition.condition) : this.of(condition.condition);
        return formula.kind === "and" || formula.kind === "or" ? { ...formula, source, named: true } : { ...formula, source };
      }
      case "criterion": return this.number(this.named(`criterion ${condition.index}`, OUTCOMES, true, `criterion ${condition.address}`), IS[no ? 0 : 1]!, source);
      case "yes": return this.number(this.variableOf(condition.value, YES_NO, true), IS[condition.expected !== no ? 1 : 0]!, source);
      case "known": {
        const variable = this.variableOf(condition.value, EVERYTHING, false);
        return { kind: "known", variable, known: condition.negated === no, source, mask: variable.bit, need: variable.bit };
      }
      case "compare": return plain(this.comparison(condition.op, condition.left, condition.right, source));
      case "between": return plain(join("and", [this.comparison(">=", condition.value, condition.low, source), this.comparison("<=", condition.value, condition.high, source)], source));
      case "choice": {
        const bare = bareValue(condition.value);
        const variable = bare.kind === "fact" || bare.kind === "field" ? this.fact(bare.fact) : this.variableOf(bare, [0, 0, condition.choices.length - 1, 1], true);
        return plain(this.number(variable, someOf(condition.wanted), source));
      }
      case "text": {
        const variable = this.variableOf(condition.value, EVERYTHING, true);
        const places = condition.wanted.map((text) => {
          let place = this.texts.get(text);
          if (place === undefined) this.texts.set(text, (place = this.texts.size));
          return place;
        });
        return plain(this.number(variable, someOf(places), source));
      }
      case "code": return plain(this.member(this.variableOf(condition.value, EVERYTHING, false), true, condition.wanted, source));
      case "includes": {
        const variable = this.variableOf(condition.value, EVERYTHING, false);
        const sets = condition.wanted.map((wanted) => (typeof wanted === "string" ? wordSet(wanted) : wanted));
        if (condition.quantifier === "any") return plain(this.member(variable, false, sets, source));
        return plain(join("and", sets.map((set) => this.member(variable, false, [set], source)), source));
      }
      case "quantified":
        if (condition.op === "all") return plain(this.opaque(`all of ${this.recordsKey(condition.records)}`, source));
        return plain(this.within(this.counting(condition.records), condition.op, condition.count, source));
      case "count": return plain(this.within(this.counting(condition.records), condition.op, condition.count, source));
      default: return assertNever(condition);
    }
  }

  private member(variable: Variable, single: boolean, sets: readonly CodeSet[], source: Range): MemberAtom {
    return { kind: "member", variable, single, sets, positive: true, source, mask: variable.bit, need: variable.bit };
  }

  private recordsKey({ list, filter }: RecordSet): string {
    return filter === undefined ? list.name : `${list.name} where ${keyOf(this.of(filter))}`;
  }

  private counting(records: RecordSet): Variable {
    const count = { list: records.list, filter: records.filter === undefined ? undefined : this.of(records.filter) };
    return this.named(`count of ${this.recordsKey(records)}`, COUNTS, true, `the number of ${records.list.name}`, records.list.name, { count });
  }

  private variableOf(value: Value, domain: NumberSet, whole: boolean): Variable {
    const bare = bareValue(value);
    if (bare.kind === "fact" || bare.kind === "field") return this.fact(bare.fact);
    if (bare.kind === "count") return this.counting(bare.records);
    const key = this.valueKey(bare);
    return this.named(key, domain, whole, value.kind === "definition" ? value.definition.name : "this value");
  }

  private comparison(op: CompareOp, leftValue: Value, rightValue: Value, source: Range): Formula {
    const left = bareValue(leftValue);
    const right = bareValue(rightValue);
    const constant = constantOf(right);
    if (constant !== undefined) {
      const other = constantOf(left);
      if (other !== undefined) return join(holds(comparing(op, constant), other) ? "and" : "or", [], source);
      const between = left.kind === "scaled" ? bareValue(left.value) : left;
      if (between.kind === "days between") {
        const days = left.kind === "scaled" ? (constant - left.offset) / left.factor : constant;
        return this.distance(op, bareValue(between.left), bareValue(between.right), Math.abs(days - Math.round(days)) < 1e-6 ? Math.round(days) : days, source);
      }
      return this.within(this.variableOf(leftValue, EVERYTHING, left.kind === "shift"), op, constant, source);
    }
    if (constantOf(left) !== undefined) return this.comparison(MIRRORED[op], right, left, source);
    const a = placeOf(left);
    const b = placeOf(right);
    if (a.months === 0 && b.months === 0) return this.distance(op, a.base, b.base, b.days - a.days, source, left.kind === "fact" || left.kind === "field" || left.kind === "shift" || left.kind === "date of service");
    if (a.days === 0 && b.days === 0 && (a.months === 0 || b.months === 0)) {
      return a.months === 0 ? this.months(op, a.base, b.base, b.months, source) : this.months(MIRRORED[op], b.base, a.base, a.months, source);
    }
    return this.distance(op, left, right, 0, source);
  }

  /** `left - right op days`; a difference that is not one of days is only ever compared with zero. */
  private distance(op: CompareOp, left: Value, right: Value, days: number, source: Range, whole = true): Formula {
    const { variable, turned } = this.difference(left, right, whole);
    return turned ? this.within(variable, MIRRORED[op], -days, source) : this.within(variable, op, days, source);
  }

  private difference(left: Value, right: Value, whole: boolean): { readonly variable: Variable; readonly turned: boolean } {
    const a = this.valueKey(left);
    const b = this.valueKey(right);
    const turned = a > b;
    const key = turned ? `${b} - ${a}` : `${a} - ${b}`;
    return { variable: this.named(key, EVERYTHING, whole && isDate(left) && isDate(right), key), turned };
  }

  /** `date op anchor + months`, where the place of a date among the months after the anchor is the variable. */
  private months(op: CompareOp, date: Value, anchor: Value, months: number, source: Range): Formula {
    const days = this.difference(date, anchor, true);
    const key = `months from ${this.valueKey(anchor)} to ${this.valueKey(date)}`;
    return this.within(this.named(key, EVERYTHING, false, key, days.variable.key, { days }), op, months, source);
  }

  private valueKey(value: Value): string {
    switch (value.kind) {
      case "fact": return value.fact.name;
      case "field": return `${value.fact.owner}.${value.fact.name}`;
      case "number": return `${value.value} ${value.unit.ucum}`;
      case "day": return `day ${value.day}`;
      case "text": return JSON.stringify(value.text);
      case "choice": return `choice ${value.index}`;
      case "date of service": return "date of service";
      case "scaled": return `(${this.valueKey(value.value)} * ${value.factor} + ${value.offset})`;
      case "arithmetic": {
        const parts = [this.valueKey(value.left), this.valueKey(value.right)];
        if (value.op === "+" || value.op === "*") parts.sort();
        return `(${parts.join(` ${value.op} `)})`;
      }
      case "days between": return `(${this.valueKey(value.left)} - ${this.valueKey(value.right)})`;
      case "shift": return `(${this.valueKey(value.date)} ${value.sign > 0 ? "+" : "-"} ${value.length.kind === "months" ? `${value.length.months} months` : this.valueKey(value.length.days)})`;
      case "count": return `count of ${this.recordsKey(value.records)}`;
      case "definition": return this.valueKey(value.value);
      default: return assertNever(value);
    }
  }
}

const isDate = (value: Value): boolean => ((value.kind === "fact" || value.kind === "field") && value.fact.type.kind === "date") || value.kind === "date of service" || value.kind === "day" || value.kind === "shift";

const bareValue = (value: Value): Value => (value.kind === "definition" ? bareValue(value.value) : value);
const constantOf = (value: Value): number | undefined => (value.kind === "number" ? value.value : value.kind === "day" ? value.day : undefined);

/** A date as another one moved by months or days. */
function placeOf(value: Value): { readonly base: Value; readonly months: number; readonly days: number } {
  if (value.kind === "shift") {
    const base = bareValue(value.date);
    if (base.kind !== "shift") {
      if (value.length.kind === "months") return { base, months: value.sign * value.length.months, days: 0 };
      const days = constantOf(bareValue(value.length.days));
      if (days !== undefined && Number.isInteger(days)) return { base, months: 0, days: value.sign * days };
    }
  }
  return { base: value, months: 0, days: 0 };
}

/** The formulas of a policy, made as they are asked for. */
export const formulas = (_policy: LintedPolicy): Formulas => new Formulas();

// ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Equal for formulas that say the same: order, double negation, `between` and names of definitions make no difference. */
export function keyOf(formula: Formula): string {
  switch (formula.kind) {
    case "number": return atomKey(formula.variable, formula.set);
    case "member": return `${formula.variable.key} ${formula.positive ? "in" : "not in"} ${membersKey(formula.sets)}`;
    case "known": return `${formula.variable.key} ${formula.known ? "known" : "unknown"}`;
    case "and": case "or": {
      const { kind } = formula;
      const parts = new Set<string>();
      const sets = new Map<Variable, NumberSet>();
      const members = new Map<Variable, MemberAtom>();
      const add = (part: Formula): void => {
        if (part.kind === kind) for (const each of part.parts) add(each);
        else if (part.kind === "number") {
          const before = sets.get(part.variable);
          sets.set(part.variable, before === undefined ? part.set : kind === "and" ? both(before, part.set) : either(before, part.set));
        } else if (part.kind === "member" && part.positive === (kind === "or")) {
          // "Any of a, or any of b" is any of a and b; "none of a, and none of b" is none of them.
          const before = members.get(part.variable);
          members.set(part.variable, before === undefined ? part : { ...part, sets: [...before.sets, ...part.sets] });
        } else parts.add(keyOf(part));
      };
      add(formula);
      for (const [variable, set] of sets) parts.add(atomKey(variable, variable.whole ? wholeNumbers(set) : set));
      for (const member of members.values()) parts.add(keyOf(member));
      if (parts.size === 1) return [...parts][0]!;
      return `(${[...parts].sort().join(` ${kind} `)})`;
    }
  }
}

const atomKey = (variable: Variable, set: NumberSet): string => `${variable.key} in ${set.join(",")}`;
const membersKey = (sets: readonly CodeSet[]): string => [...new Set(sets.map((set) => `${set.system ?? ""} ${set.from}-${set.to}${set.descends ? "-" : ""}`))].sort().join(",");
