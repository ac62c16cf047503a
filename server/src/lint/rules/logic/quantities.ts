// Quantities with a comparison: as prose words them ("at least six weeks", "≤ 18 years"), and as conditions have them.
import type { CompareOp, Condition, Value } from "../../../semantics/model.js";
import { findUnit, isTime, NO_UNIT, sameDimension, type Unit } from "../../../semantics/units.js";
import { onDemand, type Range } from "../../../text.js";

/** A number with its unit; `op` is how something compares with it. */
export interface Quantity extends Range {
  readonly value: number;
  readonly unit: Unit;
  readonly op?: CompareOp | undefined;
  /** One end of "5 to 12": whether the end is included is left open. */
  readonly loose?: true | undefined;
}

/** The value in base units, in which quantities of one dimension are compared. */
export const baseValue = ({ value, unit }: { readonly value: number; readonly unit: Unit }): number => value * unit.factor + unit.offset;

/** True if two quantities measure the same kind of thing: percent is not a plain number. */
export const comparable = (a: Unit, b: Unit): boolean => sameDimension(a, b) && (a.ucum === "%") === (b.ucum === "%");

export const sameValue = (a: Quantity, b: Quantity): boolean => {
  const [one, two] = [baseValue(a), baseValue(b)];
  return Math.abs(one - two) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(two));
};

// ── In prose ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/** Right before a number that is part of a name: `L4`, `COVID-19`, `1.2.3`. */
const IN_NAME = /[\p{L}\p{N}._/-]/u;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
const isLetter = (unit: number): boolean => (unit | 32) >= 0x61 && (unit | 32) <= 0x7a;
/** The first letters of number words, as bits. */
const BEGINS = WORDS.reduce((bits, word) => bits | (1 << (word.charCodeAt(0) - 0x61)), 0);

/** Where the next figure or number word begins that is no citation; -1 where there is none. */
function nextNumber(text: string, from: number): number {
  const end = text.length;
  for (let i = from; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (isDigit(unit)) return i;
    if (unit === 0x5b && isDigit(text.charCodeAt(i + 1))) {
      const close = text.indexOf("]", i);
      if (close > 0) i = close;
    } else if (isLetter(unit)) {
      if (((BEGINS >>> ((unit | 32) - 0x61)) & 1) === 1 && wordAt(text, i) >= 0) return i;
      while (i + 1 < end && isLetter(text.charCodeAt(i + 1))) i++;
    }
  }
  return -1;
}

/** The number whose word begins at a place; -1 where none does. */
function wordAt(text: string, at: number): number {
  for (let number = 0; number < WORDS.length; number++) {
    const word = WORDS[number]!;
    let i = 0;
    while (i < word.length && (text.charCodeAt(at + i) | 32) === word.charCodeAt(i)) i++;
    if (i < word.length) continue;
    const behind = text.charCodeAt(at + i);
    if (behind === 0x2d || behind <= 32 || behind === 0xa0) return number;
  }
  return -1;
}

function endOfDigits(text: string, from: number): number {
  let i = from;
  while (isDigit(text.charCodeAt(i))) i++;
  return i;
}
const UNIT = /^[\s-]{0,3}(?:(years?|yrs?|months?|weeks?|wks?|days?|hours?|hrs?|minutes?)(?![a-z])|(%|percent\b)|(kg\/m(?:2|²)|mg\/kg|mg\/dL|g\/dL|ng\/mL|mmol\/L|mmHg|mm\s?Hg|mcg|mg|kg|cm|mm|Gy|mL|g|L)(?![\w/]))/u;
const UNIT_NAMES: Readonly<Record<string, string>> = { yr: "years", yrs: "years", wk: "weeks", wks: "weeks", hr: "hours", hrs: "hours", "kg/m²": "kg/m2", "mm Hg": "mmHg" };

// What stands right before a number, by its last word; the longer wordings first.
const SIGNS: Readonly<Record<string, CompareOp>> = { "<": "<", "≤": "<=", "⩽": "<=", ">": ">", "≥": ">=", "⩾": ">=", "=": "=" };
const LESS = ["less", "fewer", "lower", "younger", "shorter", "smaller"];
const MORE = ["more", "greater", "higher", "older", "longer", "larger", "later"];
const phrases = (words: readonly string[], before: string, behind: string, op: CompareOp): (readonly [string, CompareOp])[] => words.map((word) => [`${before}${word}${behind}`, op]);
const BEFORE: ReadonlyMap<string, readonly (readonly [string, CompareOp])[]> = new Map(Object.entries<(readonly [string, CompareOp])[]>({
  than: [
    ...phrases(LESS, "no ", " than", ">="), ...phrases(LESS, "not ", " than", ">="), ...phrases(MORE, "no ", " than", "<="), ...phrases(MORE, "not ", " than", "<="),
    ...phrases(LESS, "", " than", "<"), ...phrases(MORE.slice(0, -1), "", " than", ">"),
  ],
  to: [...phrases([...LESS, "below", "under"], "", " than or equal to", "<="), ...phrases([...MORE.slice(0, -1), "above"], "", " than or equal to", ">="), ["up to", "<="]],
  exceed: [["not to exceed", "<="], ["not exceed", "<="], ["exceed", ">"]], exceeds: [["exceeds", ">"]], exceeding: [["not exceeding", "<="], ["exceeding", ">"]],
  above: [["not above", "<="], ["above", ">"]], over: [["not over", "<="], ["over", ">"]], below: [["not below", ">="], ["below", "<"]], under: [["not under", ">="], ["under", "<"]],
  least: [["at least", ">="]], most: [["at most", "<="]], of: [["minimum of", ">="], ["maximum of", "<="]], minimum: [["minimum", ">="]], maximum: [["maximum", "<="]],
  ...Object.fromEntries(["past", "last", "previous", "prior"].map((word) => [word, [[`within the ${word}`, "<="], [`within ${word}`, "<="]] as (readonly [string, CompareOp])[]])),
  within: [["within", "<="]],
}));

/** The comparison that ends a text, and where its words begin; undefined where there is none. */
function comparisonBefore(text: string): { readonly op: CompareOp; readonly start: number; readonly within: boolean } | undefined {
  const end = text.trimEnd();
  const sign = SIGNS[end.slice(-1)];
  if (sign !== undefined) {
    const two = end.slice(-2);
    if (two === "<=" || two === "=<" || two === ">=" || two === "=>") return { op: two.includes("<") ? "<=" : ">=", start: end.length - 2, within: false };
    return { op: sign, start: end.length - 1, within: false };
  }
  let words = end.toLowerCase();
  if (words.endsWith(" a") || words.endsWith(" an")) words = words.replace(/\s+an?$/u, "");
  else if (words.endsWith(" age")) words = words.slice(0, -4).trimEnd();
  else if (words.endsWith("of")) words = words.replace(/\s+the\s+age\s+of$/u, "");
  const last = /[a-z]+$/u.exec(words)?.[0];
  const meanings = last === undefined ? undefined : BEFORE.get(last);
  if (meanings === undefined) return undefined;
  for (const [phrase, op] of meanings) {
    // White space may be a line end of the prose.
    const start = endOfPhrase(words, phrase);
    if (start >= 0) return { op, start, within: phrase.startsWith("within") };
  }
  return undefined;
}

/** Where a phrase begins that ends a text, whatever white space stands between its words; -1 where it does not end it. */
function endOfPhrase(text: string, phrase: string): number {
  let i = text.length;
  for (let j = phrase.length - 1; j >= 0; j--) {
    if (phrase[j] === " ") {
      const before = i;
      while (i > 0 && text.charCodeAt(i - 1) <= 32) i--;
      if (i === before) return -1;
    } else if (text[--i] !== phrase[j]) return -1;
  }
  return i > 0 && /[a-z-]/u.test(text[i - 1]!) ? -1 : i;
}

const BEHIND = /^(?:\s+(?:of\s+age|old))?,?\s+(?:or|and)\s+(?:(more|older|greater|higher|longer|above|over|up|later)|(less|younger|fewer|lower|below|under|shorter))(?![\w-])/i;
const TURNING = /n't|\b(?:no|not|never|without|nor|neither|unless|except|excluding)\b/i;
const TURNED = /(?:\b(?:not|no|never|without|nor|neither|unless|except|excluding)\b|n't\b)[^.;:]{0,20}$/i;
const RANGE_END = /^\s*(?:to|through|-|–|—)\s*$/i;
const RANGE_AND = /^\s*and\s*$/i;
const BETWEEN = /\bbetween\s+(?:the\s+ages\s+of\s+|ages\s+)?$/i;

const LONGEST_BEFORE = 45;
const MOST_DIGITS = 9;
const LETTER = onDemand(() => /[\p{L}\p{N}_]/u);
const NO_UNITS: readonly Unit[] = [];

/** A unit as a condition has it, right behind a number; its length with the space before it. */
function unitBehind(text: string, at: number, units: readonly Unit[]): { readonly unit: Unit; readonly length: number } | undefined {
  let start = at;
  while (start < at + 3 && (text.charCodeAt(start) <= 32 || text.charCodeAt(start) === 0xa0)) start++;
  for (const unit of units) {
    for (const name of [unit.text, unit.ucum]) {
      if (name.length > 0 && /\D/u.test(name) && text.startsWith(name, start) && !/^[\p{L}\p{N}/]/u.test(text.slice(start + name.length, start + name.length + 2))) return { unit, length: start + name.length - at };
    }
  }
  return undefined;
}

/** The quantities of prose in their order; what cannot be read for certain has no comparison. Of unusual units, those are known that are given. */
export function quantitiesOf(text: string, offset: number, units: readonly Unit[] = NO_UNITS): readonly Quantity[] {
  const found: (Quantity & { readonly hasUnit: boolean; readonly after: number })[] = [];
  const turns = TURNING.test(text);
  for (let at = nextNumber(text, 0), next = 0; at >= 0; at = nextNumber(text, next)) {
    let value = wordAt(text, at);
    let digits = at + (value < 0 ? 0 : WORDS[value]!.length);
    if (value < 0) {
      digits = endOfDigits(text, at);
      if (text.charCodeAt(digits) === 0x2e && isDigit(text.charCodeAt(digits + 1))) digits = endOfDigits(text, digits + 1);
      if (digits - at > MOST_DIGITS || (text.charCodeAt(digits) === 0x2e && isDigit(text.charCodeAt(digits + 1)))) {
        // A code or a number of many figures.
        next = digits;
        while (text.charCodeAt(next) === 0x2e || isDigit(text.charCodeAt(next))) next++;
        continue;
      }
      value = Number(text.slice(at, digits));
    }
    next = digits;
    if (at > 0 && (isDigit(text.charCodeAt(at)) ? IN_NAME : LETTER()).test(text[at - 1]!)) continue;
    const named = UNIT.exec(text.slice(digits, digits + 60));
    const known = named === null && units.length > 0 ? unitBehind(text, digits, units) : undefined;
    const word = named === null ? undefined : (named[1] ?? named[2] ?? named[3])!;
    const unit = known?.unit ?? (word === undefined ? NO_UNIT : findUnit(UNIT_NAMES[word] ?? word) ?? NO_UNIT);
    const after = digits + (known?.length ?? named?.[0].length ?? 0);
    let op: CompareOp | undefined;
    let start = at;
    const before = text.slice(Math.max(0, at - LONGEST_BEFORE), at);
    const words = comparisonBefore(before);
    // "within 6 months of" counts time; "within 5 cm" does not tell which way.
    if (words !== undefined && !(words.within && !isTime(unit))) {
      start = at - before.length + words.start;
      op = turns && TURNED.test(before.slice(0, words.start)) ? undefined : words.op;
    }
    let end = after;
    const tail = BEHIND.exec(text.slice(after, after + 30));
    if (tail !== null) {
      op = op === undefined && start === at && !(turns && TURNED.test(before)) ? (tail[1] === undefined ? "<=" : ">=") : undefined;
      end = after + tail[0].length;
    }
    found.push({ value, unit, op, start: offset + start, end: offset + end, hasUnit: word !== undefined || known !== undefined, after });
  }
  // "5 to 12 years", "between 5 and 12 years": the unit holds for both, and so does the range.
  for (let i = 1; i < found.length; i++) {
    const [low, high] = [found[i - 1]!, found[i]!];
    const middle = text.slice(low.after, high.start - offset);
    const between = RANGE_AND.test(middle) && BETWEEN.test(text.slice(Math.max(0, low.start - offset - 30), low.start - offset));
    if ((!between && !RANGE_END.test(middle)) || low.value >= high.value || low.op !== undefined || high.op !== undefined) continue;
    const unit = low.hasUnit ? low.unit : high.unit;
    found[i - 1] = { ...low, unit, op: ">=", loose: true };
    found[i] = { ...high, op: "<=", loose: true };
  }
  return found;
}

// ── In conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────
const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=" };
const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "=" };
const MONTHS = findUnit("months")!;
const DAYS = findUnit("days")!;

const bare = (value: Value): Value => (value.kind === "definition" ? bare(value.value) : value);

/** Adds the figures that a condition compares with to a list. */
export function literalsOf(condition: Condition, into: Quantity[], no = false): void {
  const add = (op: CompareOp, value: number, unit: Unit): void => { into.push({ start: condition.source.start, end: condition.source.end, value, unit, op: no ? OPPOSITE[op] : op }); };
  const compared = (op: CompareOp, leftValue: Value, rightValue: Value): void => {
    const left = bare(leftValue);
    const right = bare(rightValue);
    for (const side of [left, right]) countsIn(side, into);
    if (right.kind === "number") add(op, right.value, right.unit);
    else if (left.kind === "number") add(MIRRORED[op], left.value, left.unit);
    if (right.kind === "shift") moved(op, right);
    if (left.kind === "shift") moved(MIRRORED[op], left);
  };
  /** `x op date + length`: the time that lies between. */
  const moved = (op: CompareOp, { sign, length }: Extract<Value, { kind: "shift" }>): void => {
    const far = sign === 1 ? op : MIRRORED[op];
    if (length.kind === "months") add(far, length.months, MONTHS);
    else {
      const days = bare(length.days);
      if (days.kind === "number") add(far, days.value, DAYS);
    }
  };
  switch (condition.kind) {
    case "and": case "or": for (const operand of condition.operands) literalsOf(operand, into, no); break;
    case "not": literalsOf(condition.operand, into, !no); break;
    case "definition": {
      const from = into.length;
      literalsOf(condition.condition, into, no);
      for (let i = from; i < into.length; i++) into[i] = { ...into[i]!, start: condition.source.start, end: condition.source.end };
      break;
    }
    case "compare": compared(condition.op, condition.left, condition.right); break;
    case "between": {
      compared(">=", condition.value, condition.low);
      compared("<=", condition.value, condition.high);
      break;
    }
    case "quantified": case "count":
      // `exists` and `no` have no figure of their own.
      if (condition.op !== "all") add(condition.op, condition.count, NO_UNIT);
      if (condition.records.filter !== undefined) literalsOf(condition.records.filter, into);
      break;
    default: break;
  }
}

function countsIn(value: Value, into: Quantity[]): void {
  if (value.kind === "count" && value.records.filter !== undefined) literalsOf(value.records.filter, into);
}
