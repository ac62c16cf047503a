// Evaluates single conditions and values against the facts of a case. Pure; a missing fact is unknown.
import { inSet } from "../semantics/codes.js";
import type { CodeSet, CompareOp, Condition, FactSymbol, RecordSet, RecordValue, Value } from "../semantics/model.js";
import { addMonths } from "../syntax/dates.js";
import { assertNever } from "../text.js";
import { ALL, ANY, atLeast, exactly, MET, NOT, NOT_MET, type Truth, truth, UNKNOWN } from "./kleene.js";

/** The facts of a case by slot: numbers, days, choice indexes and 0/1 in `numbers` (NaN is missing), everything else in `others`. */
export interface Facts {
  readonly numbers: Float64Array;
  readonly others: (string | readonly string[] | readonly number[] | readonly RecordValue[] | undefined)[];
  /** Date of service, days since 1970-01-01. */
  on: number;
}

/** What a condition may look at. */
export interface Ground {
  readonly facts: Facts;
  /** Truth of a criterion by index. */
  readonly criterion: (index: number) => Truth;
  /** Whether a criterion is not met: it applies, and what it says does not hold. */
  readonly unmet: (index: number) => Truth;
  /** The record that a filter looks at. */
  record?: RecordValue | undefined;
}

/** True for facts that are held as numbers. */
export function isNumeric(fact: FactSymbol): boolean {
  const { kind } = fact.type;
  return kind === "number" || kind === "date" || kind === "choice" || kind === "yes/no";
}

/** The number a value stands for, NaN where it is missing. */
export function numberOf(value: Value, ground: Ground): number {
  switch (value.kind) {
    case "fact": return ground.facts.numbers[value.fact.slot]!;
    case "field": {
      const given = ground.record?.[value.fact.name];
      return typeof given === "number" ? given : typeof given === "boolean" ? Number(given) : Number.NaN;
    }
    case "number": return value.value;
    case "day": return value.day;
    case "choice": return value.index;
    case "date of service": return ground.facts.on;
    case "scaled": return round(numberOf(value.value, ground) * value.factor + value.offset);
    case "arithmetic": return arithmetic(value.op, numberOf(value.left, ground), numberOf(value.right, ground));
    case "days between": return numberOf(value.left, ground) - numberOf(value.right, ground);
    case "shift": {
      const day = numberOf(value.date, ground);
      if (Number.isNaN(day)) return day;
      return value.length.kind === "months" ? addMonths(day, value.sign * value.length.months) : Math.round(day + value.sign * numberOf(value.length.days, ground));
    }
    case "count": {
      const tally = count(value.records, ground);
      return tally === undefined || tally.unknown > 0 ? Number.NaN : tally.met;
    }
    case "definition": return numberOf(value.value, ground);
    case "text": return Number.NaN;
    default: return assertNever(value);
  }
}

// Products of binary fractions are rounded to what a person would write, so that 30 kg/m2 is 30 kg/m2.
const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(12)) : Number.NaN);

function arithmetic(op: "+" | "-" | "*" | "/", left: number, right: number): number {
  switch (op) {
    case "+": return round(left + right);
    case "-": return round(left - right);
    case "*": return round(left * right);
    case "/": return round(left / right);
  }
}

/** The word or list a value stands for, undefined where it is missing. */
export function otherOf(value: Value, ground: Ground): Facts["others"][number] {
  if (value.kind === "fact") return ground.facts.others[value.fact.slot];
  if (value.kind === "field") {
    const given = ground.record?.[value.fact.name];
    return typeof given === "string" ? given : undefined;
  }
  if (value.kind === "definition") return otherOf(value.value, ground);
  return value.kind === "text" ? value.text : undefined;
}

/** Compares two numbers that are given. */
export function compare(op: CompareOp, left: number, right: number): boolean {
  switch (op) {
    case "<": return left < right;
    case "<=": return left <= right;
    case ">": return left > right;
    case ">=": return left >= right;
    case "=": return left === right;
    case "!=": return left !== right;
  }
}

/** The truth of a condition. Every operand is looked at. */
export function truthOf(condition: Condition, ground: Ground): Truth {
  switch (condition.kind) {
    case "and": case "or": {
      let bits = 0;
      for (const operand of condition.operands) bits |= truthOf(operand, ground);
      return (condition.kind === "and" ? ALL : ANY)[bits]!;
    }
    case "not": return falsityOf(condition.operand, ground);
    case "yes": {
      const value = numberOf(condition.value, ground);
      return Number.isNaN(value) ? UNKNOWN : truth((value === 1) === condition.expected);
    }
    case "known": return truth(isGiven(condition.value, ground) !== condition.negated);
    case "compare": {
      const left = numberOf(condition.left, ground);
      const right = numberOf(condition.right, ground);
      return Number.isNaN(left) || Number.isNaN(right) ? UNKNOWN : truth(compare(condition.op, left, right));
    }
    case "between": {
      const value = numberOf(condition.value, ground);
      const low = numberOf(condition.low, ground);
      const high = numberOf(condition.high, ground);
      // One side alone may settle it.
      const above = Number.isNaN(value) || Number.isNaN(low) ? UNKNOWN : truth(value >= low);
      const below = Number.isNaN(value) || Number.isNaN(high) ? UNKNOWN : truth(value <= high);
      return ALL[above | below]!;
    }
    case "choice": {
      const value = numberOf(condition.value, ground);
      return Number.isNaN(value) ? UNKNOWN : truth(condition.wanted.includes(value));
    }
    case "text": {
      const value = otherOf(condition.value, ground);
      return value === undefined ? UNKNOWN : truth(condition.wanted.includes(value as string));
    }
    case "code": {
      const value = otherOf(condition.value, ground);
      return value === undefined ? UNKNOWN : truth(condition.wanted.some((set) => inSet(value as string, set)));
    }
    case "includes": {
      const list = otherOf(condition.value, ground) as readonly string[] | undefined;
      if (list === undefined) return UNKNOWN;
      const holds = (wanted: CodeSet | string): boolean => (typeof wanted === "string" ? list.includes(wanted) : list.some((code) => inSet(code, wanted)));
      return truth(condition.quantifier === "any" ? condition.wanted.some(holds) : condition.wanted.every(holds));
    }
    case "quantified": {
      const tally = count(condition.records, ground);
      if (tally === undefined) return UNKNOWN;
      // Nothing is shown by having nothing.
      if (condition.op === "all" && tally.total === 0) return NOT_MET;
      return condition.op === "all" ? atLeast(tally.total, tally.met, tally.unknown, 0) : countTruth(condition.op, condition.count, tally.met, tally.unknown);
    }
    case "count": {
      const tally = count(condition.records, ground);
      return tally === undefined ? UNKNOWN : countTruth(condition.op, condition.count, tally.met, tally.unknown);
    }
    case "criterion": return ground.criterion(condition.index);
    case "definition": return truthOf(condition.condition, ground);
    default: return assertNever(condition);
  }
}

/** The truth of a condition's negation. It is the plain negation but for criteria that do not apply: these are neither met nor not met. */
export function falsityOf(condition: Condition, ground: Ground): Truth {
  switch (condition.kind) {
    case "and": case "or": {
      let bits = 0;
      for (const operand of condition.operands) bits |= falsityOf(operand, ground);
      return (condition.kind === "and" ? ANY : ALL)[bits]!;
    }
    case "not": return truthOf(condition.operand, ground);
    case "definition": return falsityOf(condition.condition, ground);
    case "criterion": return ground.unmet(condition.index);
    default: return NOT[truthOf(condition, ground)]!;
  }
}

/** True if a value is given in the case. */
export function isGiven(value: Value, ground: Ground): boolean {
  switch (value.kind) {
    case "fact": return isNumeric(value.fact) ? !Number.isNaN(ground.facts.numbers[value.fact.slot]!) : ground.facts.others[value.fact.slot] !== undefined;
    case "field": return ground.record?.[value.fact.name] !== undefined;
    case "definition": return isGiven(value.value, ground);
    case "text": return true;
    case "count": return count(value.records, ground) !== undefined;
    default: return !Number.isNaN(numberOf(value, ground));
  }
}

export interface Tally {
  readonly total: number;
  readonly met: number;
  readonly unknown: number;
}

/** How many records match; undefined where the list is not given. */
export function count(records: RecordSet, ground: Ground): Tally | undefined {
  const list = ground.facts.others[records.list.slot];
  if (list === undefined || typeof list === "string") return undefined;
  const { filter } = records;
  if (filter === undefined) return { total: list.length, met: list.length, unknown: 0 };
  let met = 0;
  let unknown = 0;
  const outer = ground.record;
  for (const record of list) {
    ground.record = record as RecordValue;
    const value = truthOf(filter, ground);
    if (value === MET) met++;
    else if (value !== NOT_MET) unknown++;
  }
  ground.record = outer;
  return { total: list.length, met, unknown };
}

/** Compares a count that lies between `met` and `met + unknown`. */
function countTruth(op: CompareOp, wanted: number, met: number, unknown: number): Truth {
  switch (op) {
    case ">=": return atLeast(Math.max(0, Math.ceil(wanted)), met, unknown, 0);
    case ">": return atLeast(Math.max(0, Math.floor(wanted) + 1), met, unknown, 0);
    case "<": return NOT[countTruth(">=", wanted, met, unknown)]!;
    case "<=": return NOT[countTruth(">", wanted, met, unknown)]!;
    case "=": return exactly(wanted, met, unknown, 0);
    case "!=": return NOT[exactly(wanted, met, unknown, 0)]!;
  }
}
