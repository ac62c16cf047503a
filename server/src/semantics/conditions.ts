// Resolves conditions: every name, choice, unit, code and address is looked up, every comparison typed. A mistake is reported once.
import type * as A from "../syntax/ast.js";
import { children } from "../syntax/ast.js";
import { addMonths } from "../syntax/dates.js";
import { thousandsAt } from "../syntax/parser.js";
import { assertNever, folded, type Range } from "../text.js";
import { PATHWAYS, UNIT_SLIPS } from "../vocabulary.js";
import { checkPattern, systemsOfType } from "./codes.js";
import { addressHelp, type Checking, didYouMean, nearest, noteUse, report } from "./context.js";
import { typeText } from "./facts.js";
import type { ChoiceType, CodeSet, CompareOp, Condition, DefinitionSymbol, FactSymbol, FactType, Length, Meaning, NumberType, RecordSet, Value } from "./model.js";
import { combineUnits, convert, differenceOf, findUnit, isPlain, isTemperature, isTime, NO_UNIT, offsetBetween, onScale, quantityText, sameDimension, type Unit, unitName, unitWords, wholeMonths } from "./units.js";

/** Where an expression stands: inside a `where`, the fields of the record come first. */
export interface Surroundings {
  readonly record?: FactSymbol | undefined;
}

interface Typed {
  readonly value: Value;
  readonly type: FactType;
}

const DATE: FactType = { kind: "date" };
const DAYS: Unit = findUnit("days")!;
const numberTypes = new WeakMap<Unit, NumberType>();
function numberIn(unit: Unit): NumberType {
  let type = numberTypes.get(unit);
  if (type === undefined) numberTypes.set(unit, (type = { kind: "number", unit }));
  return type;
}

/** Resolves an expression that must be a condition; undefined where it has a mistake, which is then reported. */
export function resolveCondition(checking: Checking, expr: A.Expr, around: Surroundings = {}): Condition | undefined {
  const source: Range = expr;
  switch (expr.kind) {
    case "and": case "or": {
      if (expr.kind === "or") checkMixed(checking, expr);
      const operands: Condition[] = [];
      for (const each of expr.operands) {
        const operand = resolveCondition(checking, each, around);
        if (operand !== undefined) operands.push(operand);
      }
      return operands.length === expr.operands.length ? { kind: expr.kind, operands, source } : undefined;
    }
    case "not": return negated(true, resolveCondition(checking, expr.operand, around), source);
    case "compare": return resolveComparison(checking, expr, around);
    case "between": return resolveBetween(checking, expr, around);
    case "is": return negated(expr.negated, resolveIs(checking, expr.operand, expr.value, around, source), source);
    case "isKnown": return resolveKnown(checking, expr, around);
    case "in": return negated(expr.negated, resolveIn(checking, expr, around), source);
    case "include": return negated(expr.negated, resolveInclude(checking, expr, around), source);
    case "within": return negated(expr.negated, resolveWindow(checking, expr, around), source);
    case "distance": return resolveDistance(checking, expr, around);
    case "quantified": {
      const records = resolveRecords(checking, expr.list, expr.filter);
      return records && { kind: "quantified", op: expr.op, count: expr.count, records, source };
    }
    case "criterionRef": {
      const target = checking.byAddress.get(expr.address.text);
      if (target === undefined) {
        report(checking, "unknown-label", expr.address, `No criterion has the address \`${expr.address.text}\`.`, addressHelp(checking, expr.address.text));
        return undefined;
      }
      noteUse(checking, expr.address, target);
      checking.criterionReferences.count++;
      return negated(expr.negated, { kind: "criterion", index: target.index, address: target.address, source }, source);
    }
    case "name": return resolveNamedCondition(checking, expr, around);
    case "missing": return undefined;
    case "count": case "arithmetic": case "quantity": case "dateLiteral": case "textLiteral": case "code": case "dateOfService": {
      const typed = resolveValue(checking, expr, around);
      if (typed !== undefined) notACondition(checking, expr, typed.type);
      return undefined;
    }
    default: return assertNever(expr);
  }
}

/** True for `and` and `or` that stand in parentheses: their range holds them. */
function inParentheses(checking: Checking, expr: A.Logic): boolean {
  return checking.text.text[expr.start] === "(" && expr.start < expr.operands[0]!.start;
}

/** The words of a range in one line, cut where they are many. */
function briefly(checking: Checking, { start, end }: Range): string {
  const text = folded(checking.text.text.slice(start, Math.min(end, start + 400)));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Reports `a and b or c`: the tool reads `and` first, and the writer may have meant something else. */
function checkMixed(checking: Checking, expr: A.Logic): void {
  const mixed = expr.operands.find((operand): operand is A.Logic => operand.kind === "and" && /\band\b/u.test(checking.text.text.slice(operand.operands[0]!.end, operand.operands[1]!.start)) && !inParentheses(checking, operand));
  if (mixed === undefined) return;
  report(checking, "mixed-and-or", mixed, "`and` and `or` are mixed without parentheses, so the condition can be read in two ways.", { help: `Write parentheses around what belongs together; as it stands it is read as \`(${briefly(checking, mixed)}) or …\`.` });
}

function negated(yes: boolean, operand: Condition | undefined, source: Range): Condition | undefined {
  return operand === undefined || !yes ? operand : { kind: "not", operand, source };
}

function notACondition(checking: Checking, expr: A.Expr, type: FactType): void {
  const written = checking.text.text.slice(expr.start, expr.end);
  const help: Record<string, string> = {
    number: type.kind === "number" ? `Compare it, as in \`${written} >= ${quantityText(5, { ...type.unit, text: unitName(type.unit) })}\`.` : "",
    date: `Compare it, as in \`${written} within the past 6 months\`.`,
    choice: type.kind === "choice" && type.choices.length > 0 ? `Compare it, as in \`${written} is ${type.choices[0]}\`.` : "Compare it with `is`.",
    code: `Compare it, as in \`${written} in C69.-\`.`,
    text: `Compare it, as in \`${written} is "…"\`.`,
    list: `Ask what it holds, as in \`${written} include …\`.`,
    records: `Ask for records, as in \`exists ${written}\`.`,
  };
  report(checking, "not-a-condition", expr, `\`${written}\` is ${typeText(type)}, not a condition that is met or not met.`, { help: help[type.kind] });
}

// ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
type Named = { readonly kind: "fact" | "field"; readonly fact: FactSymbol } | { readonly kind: "definition"; readonly definition: DefinitionSymbol };

const NO_FIELDS: readonly FactSymbol[] = [];

function lookUp(checking: Checking, name: A.Name | A.Word, around: Surroundings, quiet = false): Named | undefined {
  const fields = around.record?.type.kind === "records" ? around.record.type.fields : NO_FIELDS;
  if (fields.length > 0) {
    const field = fields.find((candidate) => candidate.name === name.text);
    if (field !== undefined) {
      noteUse(checking, name, field);
      if (checking.facts.has(name.text)) report(checking, "shadowed-name", name, `\`${name.text}\` is the field of \`${around.record!.name}\` here, and hides the fact of the same name.`, { help: "Give one of them another name." });
      return { kind: "field", fact: field };
    }
  }
  const fact = checking.facts.get(name.text);
  if (fact !== undefined) {
    noteUse(checking, name, fact);
    return { kind: "fact", fact };
  }
  const definition = checking.definitions.get(name.text);
  if (definition !== undefined) {
    noteUse(checking, name, definition);
    return { kind: "definition", definition };
  }
  if (!quiet) {
    const candidates = checking.advice.left < 0 ? [] : [...fields.map((each) => each.name), ...checking.facts.keys(), ...checking.definitions.keys()];
    const where = around.record === undefined ? "No fact or definition" : `No field of \`${around.record.name}\`, fact or definition`;
    report(checking, "unknown-name", name, `${where} is called \`${name.text}\`.`, didYouMean(name.text, candidates, `Declare it under \`facts\`, as in \`${name.text}  yes/no  "Question?"\`.`, checking.advice));
  }
  return undefined;
}

/** The meaning of a definition whose own definitions have theirs; undefined where it has a mistake, which is then reported. */
export function resolveMeaning(checking: Checking, { node }: DefinitionSymbol): Meaning | undefined {
  if (node.value === undefined) return undefined;
  if (isConditionExpr(checking, node.value)) {
    const condition = resolveCondition(checking, node.value);
    return condition && { kind: "condition", condition };
  }
  const typed = resolveValue(checking, node.value, {});
  return typed && { kind: "value", value: typed.value, type: typed.type };
}

function isConditionExpr(checking: Checking, expr: A.Expr): boolean {
  switch (expr.kind) {
    case "arithmetic": case "quantity": case "dateLiteral": case "textLiteral": case "code": case "dateOfService": case "count": return false;
    case "name": {
      const fact = checking.facts.get(expr.text);
      if (fact !== undefined) return fact.type.kind === "yes/no";
      const definition = checking.definitions.get(expr.text);
      return definition?.meaning?.kind !== "value";
    }
    default: return true;
  }
}

function resolveNamedCondition(checking: Checking, name: A.Name, around: Surroundings): Condition | undefined {
  const source: Range = name;
  const named = lookUp(checking, name, around);
  if (named === undefined) return undefined;
  if (named.kind === "definition") {
    const { meaning } = named.definition;
    if (meaning === undefined) return undefined;
    if (meaning.kind === "condition") return { kind: "definition", definition: named.definition, condition: meaning.condition, source };
    if (meaning.type.kind === "yes/no") return { kind: "yes", value: meaning.value, expected: true, source };
    notACondition(checking, name, meaning.type);
    return undefined;
  }
  if (named.fact.type.kind === "unknown") return undefined;
  if (named.fact.type.kind === "yes/no") return { kind: "yes", value: named, expected: true, source };
  notACondition(checking, name, named.fact.type);
  return undefined;
}

// ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────────────
function resolveValue(checking: Checking, expr: A.Expr, around: Surroundings): Typed | undefined {
  switch (expr.kind) {
    case "name": {
      const named = lookUp(checking, expr, around);
      if (named === undefined) return undefined;
      if (named.kind !== "definition") return named.fact.type.kind === "unknown" ? undefined : { value: named, type: named.fact.type };
      const { meaning } = named.definition;
      if (meaning === undefined) return undefined;
      if (meaning.kind === "value") return { value: { kind: "definition", definition: named.definition, value: meaning.value }, type: meaning.type };
      report(checking, "type-mismatch", expr, `\`${expr.text}\` is a condition, and a value is needed here.`, { help: "Use it by itself, joined with `and` or `or`." });
      return undefined;
    }
    case "quantity": {
      const unit = expr.unit === undefined ? NO_UNIT : unitOf(checking, expr.unit);
      return unit && { value: { kind: "number", value: expr.value, unit }, type: numberIn(unit) };
    }
    case "dateLiteral": {
      if (expr.date.day === undefined) {
        report(checking, "invalid-date", expr, `\`${expr.date.text}\` is no date of the calendar.`, { help: "Write a day that exists, as `2025-03-05`." });
        return undefined;
      }
      if (expr.date.precision === "month") {
        report(checking, "invalid-date", expr, `\`${expr.date.text}\` is a month; a condition needs a day.`, { help: `Write the day, as \`${expr.date.text}-01\`.`, replacement: `${expr.date.text}-01` });
        return undefined;
      }
      return { value: { kind: "day", day: expr.date.day }, type: DATE };
    }
    case "dateOfService": return { value: { kind: "date of service" }, type: DATE };
    case "textLiteral": return { value: { kind: "text", text: expr.text }, type: { kind: "text" } };
    case "count": {
      const records = resolveRecords(checking, expr.list, expr.filter);
      return records && { value: { kind: "count", records }, type: numberIn(NO_UNIT) };
    }
    case "arithmetic": return resolveArithmetic(checking, expr, around);
    case "code":
      report(checking, "code-as-text", expr, `The code \`${expr.from}\` stands where a value to compare is needed.`, { help: "Compare codes with `in` or `include`, as in `diagnoses include C69.-`." });
      return undefined;
    case "missing": return undefined;
    default:
      report(checking, "type-mismatch", expr, "A condition stands where a value is needed.", { help: "Take it out of the comparison and join it with `and` or `or`." });
      return undefined;
  }
}

function unitOf(checking: Checking, word: A.Word): Unit | undefined {
  const unit = findUnit(word.text);
  if (unit === undefined) {
    const meant = UNIT_SLIPS.get(word.text.toLowerCase()) ?? nearest(word.text, unitWords());
    report(checking, "unknown-unit", word, `\`${word.text}\` is no unit that the tool knows.`, meant === undefined
      ? { help: "Write a UCUM code such as kg/m2, or a word such as years, weeks, percent. Two conditions are joined with `and` or `or`." }
      : { help: `Did you mean \`${meant}\`?`, replacement: meant });
  }
  return unit;
}

const literal = (value: Value): value is Extract<Value, { kind: "number" }> => value.kind === "number";

function scaled(value: Value, from: Unit, to: Unit): Value {
  if (from.ucum === to.ucum) return value;
  if (literal(value)) return { kind: "number", value: convert(value.value, from, to), unit: to, written: quantityText(value.value, from) };
  return { kind: "scaled", value, factor: from.factor / to.factor, offset: offsetBetween(from, to) / to.factor, unit: to };
}

function resolveArithmetic(checking: Checking, expr: A.Arithmetic, around: Surroundings): Typed | undefined {
  const left = resolveValue(checking, expr.left, around);
  const right = resolveValue(checking, expr.right, around);
  if (left === undefined || right === undefined) return undefined;
  const additive = expr.op === "+" || expr.op === "-";
  if (left.type.kind === "date" && right.type.kind === "date" && expr.op === "-") {
    return { value: { kind: "days between", left: left.value, right: right.value }, type: numberIn(DAYS) };
  }
  if (left.type.kind === "date" && right.type.kind === "number" && additive) {
    const length = lengthOf(checking, right, expr.right);
    return length && { value: { kind: "shift", date: left.value, sign: expr.op === "+" ? 1 : -1, length }, type: DATE };
  }
  if (left.type.kind !== "number" || right.type.kind !== "number") {
    report(checking, "type-mismatch", expr, `${upper(typeText(left.type))} and ${typeText(right.type)} cannot be joined by \`${expr.op}\`.`, { help: "Reckon numbers with numbers, and a date with a length of time or another date." });
    return undefined;
  }
  if (!additive) {
    if (onScale(left.type.unit) || onScale(right.type.unit)) return meaningless(checking, expr, "Temperatures on a scale such as Celsius cannot be multiplied or divided.");
    const unit = combineUnits(left.type.unit, right.type.unit, expr.op as "*" | "/");
    return { value: { kind: "arithmetic", op: expr.op, left: left.value, right: right.value, unit }, type: numberIn(unit) };
  }
  const of = isTemperature(left.type.unit) && isTemperature(right.type.unit) ? temperatureUnit(checking, expr, left.type.unit, right.type.unit) : agreedUnit(checking, expr, left, right, expr.left, expr.right);
  if (of === undefined) return undefined;
  // Two temperatures are subtracted on one scale; what comes out is a difference.
  const unit = expr.op === "-" && !(right.type.unit.difference === true && left.type.unit.difference !== true) ? differenceOf(of) : of;
  return { value: { kind: "arithmetic", op: expr.op, left: scaled(left.value, left.type.unit, of), right: scaled(right.value, right.type.unit, of), unit }, type: numberIn(unit) };
}

/** The unit that two temperatures are added or subtracted in; undefined, with a report, where neither makes sense. */
function temperatureUnit(checking: Checking, expr: A.Arithmetic, left: Unit, right: Unit): Unit | undefined {
  if (expr.op === "+" && onScale(left) && onScale(right)) return meaningless(checking, expr, "Temperatures on a scale such as Celsius cannot be added; only a difference can be added to a temperature.");
  if (expr.op === "-" && left.difference === true && onScale(right)) return meaningless(checking, expr, "A temperature cannot be subtracted from a difference of temperatures.");
  return left.difference === true && right.difference !== true ? right : left;
}

function meaningless(checking: Checking, expr: A.Arithmetic, message: string): undefined {
  report(checking, "unit-mismatch", expr, message, { help: "Subtract one temperature from the other, and compare the difference." });
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The unit two numbers are compared or added in, or undefined with a report where there is none. */
function agreedUnit(checking: Checking, whole: Range, left: Typed, right: Typed, leftExpr: A.Expr, rightExpr: A.Expr): Unit | undefined {
  const a = (left.type as NumberType).unit;
  const b = (right.type as NumberType).unit;
  if (isTemperature(a) && isTemperature(b) && ((a.difference === true && onScale(b) && !literal(right.value)) || (b.difference === true && onScale(a) && !literal(left.value)))) {
    report(checking, "unit-mismatch", whole, "A difference of temperatures cannot be compared with a temperature.", { help: "Compare a difference with a difference, and a temperature with a temperature." });
    return undefined;
  }
  if (sameDimension(a, b) && !(needsUnit(a, left, right) || needsUnit(b, right, left))) return unitOfFigure(left, right) ? b : a;
  // `1,000 years` is a mistake of its own, which the parser has reported.
  if ([leftExpr, rightExpr].some((expr) => expr.kind === "quantity" && thousandsAt(checking.text.text, expr.start) !== undefined)) return undefined;
  const bare = isPlain(a) && literal(left.value) ? leftExpr : isPlain(b) && literal(right.value) ? rightExpr : undefined;
  if (bare !== undefined) {
    const unit = bare === leftExpr ? b : a;
    const figure = checking.text.text.slice(bare.start, bare.end);
    report(checking, "missing-unit", bare, `\`${figure}\` has no unit, and it is compared with a number in ${unit.text}.`, missingUnitHelp(figure, unit));
    return undefined;
  }
  report(checking, "unit-mismatch", whole, `A number ${a.text ? `in ${a.text}` : "without a unit"} cannot be compared with a number ${b.text ? `in ${b.text}` : "without a unit"}: they measure different things.`, { help: "Check the units, and the fact that is meant." });
  return undefined;
}

/** What to write where a figure lacks its unit. A figure below 1 beside per cent may be a fraction of 1 or that many per cent: none is proposed. */
export function missingUnitHelp(figure: string, unit: Unit): { readonly help: string; readonly replacement?: string | undefined } {
  const value = Number(figure.trim());
  if (unit.ucum === "%" && value !== 0 && Math.abs(value) < 1) return { help: `Write \`${quantityText(value * 100, unit)}\` if it is a fraction of 1, or \`${figure} ${unit.text}\` if that is what it says.` };
  return { help: `Write \`${figure} ${unit.text}\`.`, replacement: `${figure} ${unit.text}` };
}

// A comparison is made in the unit of the fact; where none stands on the left, in that of the right.
const unitOfFigure = (left: Typed, right: Typed): boolean => (literal(left.value) && !literal(right.value)) || (literal(right.value) && left.value.kind !== "fact" && left.value.kind !== "field");

// A figure without unit against a unit that has no dimension either, such as percent.
const needsUnit = (unit: Unit, own: Typed, other: Typed): boolean => !isPlain(unit) && own.value.kind !== "number" && literal(other.value) && isPlain((other.type as NumberType).unit);

/** A number as a length of time; whole months and years are calendar months. */
function lengthOf(checking: Checking, typed: Typed, expr: A.Expr): Length | undefined {
  if (typed.type.kind !== "number" || !isTime(typed.type.unit)) {
    const written = checking.text.text.slice(expr.start, expr.end);
    report(checking, typed.type.kind === "number" && isPlain(typed.type.unit) ? "missing-unit" : "type-mismatch", expr, `\`${written}\` is ${typeText(typed.type)}, and a length of time is needed here.`, { help: "Write a unit of time, such as `6 weeks` or `12 months`." });
    return undefined;
  }
  const figure = literalOf(typed.value);
  if (partOfDay(checking, typed, expr)) return undefined;
  if (figure !== undefined) {
    const months = wholeMonths(figure.value, figure.unit);
    if (months !== undefined) return { kind: "months", months };
  }
  return { kind: "days", days: scaled(typed.value, typed.type.unit, DAYS) };
}

/** Reports a length of time that ends within a day. */
function partOfDay(checking: Checking, typed: Typed, expr: A.Expr): boolean {
  const { unit } = typed.type as NumberType;
  const figure = literalOf(typed.value);
  if (!isTime(unit) || unit.factor > DAYS.factor || (figure === undefined ? unit.factor === DAYS.factor : Number.isInteger(convert(figure.value, figure.unit, DAYS)))) return false;
  const written = checking.text.text.slice(expr.start, expr.end);
  report(checking, "unit-mismatch", expr, `\`${written}\` is ${figure === undefined ? `in ${unitName(unit)}` : "no whole number of days"}, and dates are whole days.`, { help: "Write a number of days, or declare a fact for the hours that have passed." });
  return true;
}

/** The figure that a value is, by its own or by a definition's name. */
function literalOf(value: Value): Extract<Value, { kind: "number" }> | undefined {
  return value.kind === "definition" ? literalOf(value.value) : literal(value) ? value : undefined;
}

/** The subtraction of dates that a value is, by its own or by a definition's name. */
function spanOf(value: Value): Extract<Value, { kind: "days between" }> | undefined {
  return value.kind === "definition" ? spanOf(value.value) : value.kind === "days between" ? value : undefined;
}

const shifted = (date: Value, sign: 1 | -1, length: Length): Value => {
  if (date.kind === "day" && length.kind === "months") return { kind: "day", day: addMonths(date.day, sign * length.months) };
  return { kind: "shift", date, sign, length };
};

// ── Comparisons ───────────────────────────────────────────────────────────────────────────────────────────────────────
const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=" };

function resolveComparison(checking: Checking, expr: A.Compare, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  if (expr.op === "=" || expr.op === "!=") {
    // Equality compares whatever `is` compares.
    const equality = resolveIs(checking, expr.left, expr.right, around, source);
    return negated(expr.op === "!=", equality, source);
  }
  const left = resolveValue(checking, expr.left, around);
  if (left === undefined) {
    if (expr.left.kind === "missing") resolveValue(checking, expr.right, around);
    return undefined;
  }
  if (hasNoOrder(checking, left.type, expr.left, expr.op, source)) return undefined;
  const right = resolveValue(checking, expr.right, around);
  return right && orderedComparison(checking, expr, expr.op, left, right, source);
}

/** Reports a comparison by size of something that has no size. */
function hasNoOrder(checking: Checking, type: FactType, expr: A.Expr, op: CompareOp, source: Range): boolean {
  if (type.kind === "number" || type.kind === "date" || type.kind === "unknown") return false;
  const written = checking.text.text.slice(expr.start, expr.end);
  const help: Readonly<Record<Exclude<FactType["kind"], "number" | "date" | "unknown">, string>> = {
    "yes/no": `A yes/no fact is asked by itself, \`${written}\` or \`not ${written}\`.`,
    choice: `Compare it with \`is\` or \`in\`, as in \`${written} in ${type.kind === "choice" ? type.choices.slice(0, 2).join(", ") : ""}\`.`,
    code: `Compare it with \`in\`, as in \`${written} in C69.-\`.`,
    text: `Compare it with \`is\`, as in \`${written} is "…"\`.`,
    list: `Ask what it holds, as in \`${written} include …\`.`,
    records: `Count its records, as in \`at least 2 of ${written}\`.`,
  };
  report(checking, "type-mismatch", source, `\`${written}\` is ${typeText(type)}, which has no order to compare by \`${op}\`.`, { help: help[type.kind] });
  return true;
}

function orderedComparison(checking: Checking, expr: { readonly left: A.Expr; readonly right: A.Expr }, op: CompareOp, left: Typed, right: Typed, source: Range): Condition | undefined {
  const counts = countComparison(op, left, right, source);
  if (counts !== undefined) return counts;
  if (left.type.kind === "date" && right.type.kind === "date") return { kind: "compare", op, left: left.value, right: right.value, of: "day", source };
  if (left.type.kind === "number" && right.type.kind === "number") {
    if ((spanOf(left.value) !== undefined && partOfDay(checking, right, expr.right)) || (spanOf(right.value) !== undefined && partOfDay(checking, left, expr.left))) return undefined;
    const calendar = calendarComparison(op, left, right, source) ?? calendarComparison(MIRRORED[op], right, left, source);
    if (calendar !== undefined) return calendar;
    const unit = agreedUnit(checking, source, left, right, expr.left, expr.right);
    if (unit === undefined) return undefined;
    checkLimits(checking, left, right, expr.right);
    checkLimits(checking, right, left, expr.left);
    return { kind: "compare", op, left: scaled(left.value, left.type.unit, unit), right: scaled(right.value, right.type.unit, unit), unit, of: "number", source };
  }
  const written = (of: A.Expr): string => checking.text.text.slice(of.start, of.end);
  const window = left.type.kind === "date" && right.type.kind === "number" && isTime(right.type.unit);
  report(checking, "type-mismatch", source, `${upper(typeText(left.type))} cannot be compared with ${typeText(right.type)} by \`${op}\`.`, { help: window ? `For a window of time write \`${written(expr.left)} within the past ${written(expr.right)}\`.` : "Compare two numbers, or two dates." });
  return undefined;
}

/** `ended - started >= 6 months` goes by the calendar: ended >= started + 6 months. */
function calendarComparison(op: CompareOp, left: Typed, right: Typed, source: Range): Condition | undefined {
  const span = spanOf(left.value);
  const length = calendarLength(right.value);
  if (span === undefined || length === undefined) return undefined;
  return { kind: "compare", op, left: span.left, right: shifted(span.right, 1, length), of: "day", source, span: { value: left.value, from: span.right, to: span.left, lengths: [length.text] } };
}

/** A figure that is a whole number of calendar months. */
function calendarLength(value: Value): (Length & { readonly text: string }) | undefined {
  const figure = literalOf(value);
  const months = figure && wholeMonths(figure.value, figure.unit);
  return months === undefined ? undefined : { kind: "months", months, text: quantityText(figure!.value, figure!.unit) };
}

/** `date of service - birth between 18 years and 64 years` goes by the calendar too. */
function calendarBetween(checking: Checking, expr: A.Between, value: Typed, low: Typed, high: Typed): Condition | undefined {
  const span = spanOf(value.value);
  const from = calendarLength(low.value);
  const to = calendarLength(high.value);
  if (span === undefined || (from === undefined && to === undefined)) return undefined;
  const source: Range = expr;
  if (from !== undefined && to !== undefined) {
    return { kind: "between", value: span.left, low: shifted(span.right, 1, from), high: shifted(span.right, 1, to), of: "day", source, span: { value: value.value, from: span.right, to: span.left, lengths: [from.text, to.text] } };
  }
  const operands = [orderedComparison(checking, { left: expr.operand, right: expr.low }, ">=", value, low, source), orderedComparison(checking, { left: expr.operand, right: expr.high }, "<=", value, high, source)];
  return operands.every((operand) => operand !== undefined) ? { kind: "and", operands, source } : undefined;
}

/** A count of records against a figure is kept as such: it may be settled while some records are still unclear. */
function countComparison(op: CompareOp, left: Typed, right: Typed, source: Range): Condition | undefined {
  const leftCount = countOf(left.value);
  const rightCount = countOf(right.value);
  if (leftCount !== undefined && literal(right.value) && isPlain(right.value.unit)) return { kind: "count", op, count: right.value.value, records: leftCount, source };
  if (rightCount !== undefined && literal(left.value) && isPlain(left.value.unit)) return { kind: "count", op: MIRRORED[op], count: left.value.value, records: rightCount, source };
  return undefined;
}

function countOf(value: Value): RecordSet | undefined {
  if (value.kind === "definition") return countOf(value.value);
  return value.kind === "count" ? value.records : undefined;
}

function checkLimits(checking: Checking, fact: Typed, other: Typed, at: Range): void {
  if (fact.type.kind !== "number" || !literal(other.value) || (fact.value.kind !== "fact" && fact.value.kind !== "field")) return;
  const { from, to, unit } = fact.type;
  const value = convert(other.value.value, other.value.unit, unit);
  if ((from === undefined || value >= from) && (to === undefined || value <= to)) return;
  const limits = [from === undefined ? "" : `from ${from}`, to === undefined ? "" : `to ${quantityText(to, unit)}`].filter(Boolean).join(" ");
  report(checking, "out-of-limits", at, `\`${fact.value.fact.name}\` runs ${limits}, so ${quantityText(value, unit)} is outside of what it can be.`, { help: "Check the figure, or the limits in `facts`." });
}

function resolveBetween(checking: Checking, expr: A.Between, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  const value = resolveValue(checking, expr.operand, around);
  const low = resolveValue(checking, expr.low, around);
  const high = resolveValue(checking, expr.high, around);
  if (value === undefined || low === undefined || high === undefined) return undefined;
  if (value.type.kind === "date" && low.type.kind === "date" && high.type.kind === "date") {
    if (low.value.kind === "day" && high.value.kind === "day" && low.value.day > high.value.day) return emptyRange(checking, expr);
    return negated(expr.negated, { kind: "between", value: value.value, low: low.value, high: high.value, of: "day", source }, source);
  }
  if (value.type.kind !== "number" || low.type.kind !== "number" || high.type.kind !== "number") {
    report(checking, "type-mismatch", source, `${upper(typeText(value.type))} cannot lie between ${typeText(low.type)} and ${typeText(high.type)}.`, { help: "Write numbers with their units, or dates." });
    return undefined;
  }
  // "between 2 and 5 years": the unit behind the second figure holds for both.
  const lower = literal(low.value) && isPlain(low.type.unit) && literal(high.value) && !isPlain(high.type.unit)
    ? { value: { ...low.value, unit: high.type.unit }, type: high.type } satisfies Typed : low;
  if (spanOf(value.value) !== undefined && [partOfDay(checking, lower, expr.low), partOfDay(checking, high, expr.high)].includes(true)) return undefined;
  const lowerUnit = agreedUnit(checking, source, value, lower, expr.operand, expr.low);
  const upperUnit = agreedUnit(checking, source, value, high, expr.operand, expr.high);
  if (lowerUnit === undefined || upperUnit === undefined) return undefined;
  checkLimits(checking, value, lower, expr.low);
  checkLimits(checking, value, high, expr.high);
  const { unit } = value.type;
  const from = scaled(lower.value, (lower.type as NumberType).unit, unit);
  const to = scaled(high.value, high.type.unit, unit);
  if (literal(from) && literal(to) && from.value > to.value) return emptyRange(checking, expr);
  const calendar = calendarBetween(checking, expr, value, lower, high);
  if (calendar !== undefined) return negated(expr.negated, calendar, source);
  return negated(expr.negated, { kind: "between", value: value.value, low: from, high: to, unit, of: "number", source }, source);
}

function emptyRange(checking: Checking, expr: A.Between): undefined {
  report(checking, "empty-range", { start: expr.low.start, end: expr.high.end }, "The range begins above its end, so nothing lies in it.", { help: "Write the lower limit first." });
  return undefined;
}

// ── `is`, `in`, `include` ─────────────────────────────────────────────────────────────────────────────────────────────
function resolveIs(checking: Checking, operandExpr: A.Expr, valueExpr: A.Expr, around: Surroundings, source: Range): Condition | undefined {
  if (valueExpr.kind === "name" && (valueExpr.text === "yes" || valueExpr.text === "no") && isConditionOperand(checking, operandExpr, around)) {
    const condition = resolveCondition(checking, operandExpr, around);
    return negated(valueExpr.text === "no", condition && { ...condition, source }, source);
  }
  const operand = resolveValue(checking, operandExpr, around);
  if (operand === undefined) return undefined;
  return membership(checking, operand, operandExpr, [valueExpr], around, source);
}

function isConditionOperand(checking: Checking, expr: A.Expr, around: Surroundings): boolean {
  if (expr.kind !== "name") return isConditionExpr(checking, expr);
  const fields = around.record?.type.kind === "records" ? around.record.type.fields : [];
  const field = fields.find((candidate) => candidate.name === expr.text);
  return field === undefined ? isConditionExpr(checking, expr) : field.type.kind === "yes/no";
}

function resolveIn(checking: Checking, expr: A.In, around: Surroundings): Condition | undefined {
  const operand = resolveValue(checking, expr.operand, around);
  return operand && membership(checking, operand, expr.operand, expr.values, around, expr);
}

/** The operand equals one of the values. */
function membership(checking: Checking, operand: Typed, operandExpr: A.Expr, values: readonly A.Expr[], around: Surroundings, source: Range): Condition | undefined {
  switch (operand.type.kind) {
    case "choice": {
      const { choices } = operand.type;
      const wanted = values.map((value) => choiceIndex(checking, value, operand.type as ChoiceType, operandExpr));
      return wanted.some((index) => index === undefined) ? undefined : { kind: "choice", value: operand.value, choices, wanted: wanted as number[], source };
    }
    case "code": {
      const wanted = codeSets(checking, values, operand.type);
      return wanted && { kind: "code", value: operand.value, wanted, source };
    }
    case "text": {
      const wanted = texts(checking, values);
      return wanted && { kind: "text", value: operand.value, wanted, source };
    }
    case "number": case "date": {
      const thousands = values.length > 1 ? values.map((value) => thousandsAt(checking.text.text, value.start)).find((found) => found !== undefined) : undefined;
      if (thousands !== undefined) {
        checking.found.push(thousands);
        return undefined;
      }
      const conditions = values.map((value) => {
        const other = resolveValue(checking, value, around);
        return other && orderedComparison(checking, { left: operandExpr, right: value }, "=", operand, other, source);
      });
      if (conditions.some((condition) => condition === undefined)) return undefined;
      return conditions.length === 1 ? conditions[0] : { kind: "or", operands: conditions as Condition[], source };
    }
    case "yes/no": {
      report(checking, "unknown-choice", values[0] ?? source, `\`${checking.text.text.slice(operandExpr.start, operandExpr.end)}\` is yes or no, and nothing else.`, { help: "Write `is yes` or `is no`." });
      return undefined;
    }
    case "list": case "records": {
      const written = checking.text.text.slice(operandExpr.start, operandExpr.end);
      report(checking, "type-mismatch", source, `\`${written}\` is ${typeText(operand.type)}, which is not one value.`, { help: operand.type.kind === "list" ? `Ask what it holds: \`${written} include …\`.` : `Ask for records: \`exists ${written} where …\`.` });
      return undefined;
    }
    case "unknown": return undefined;
    default: return assertNever(operand.type);
  }
}

function choiceIndex(checking: Checking, expr: A.Expr, type: ChoiceType, operand: A.Expr): number | undefined {
  const text = expr.kind === "name" ? expr.text : expr.kind === "textLiteral" ? expr.text : expr.kind === "quantity" && expr.unit === undefined ? expr.text : undefined;
  const index = text === undefined ? -1 : placeOf(type, text);
  if (index >= 0) return index;
  if (expr.kind === "missing") return undefined;
  const written = checking.text.text.slice(expr.start, expr.end);
  const name = checking.text.text.slice(operand.start, operand.end);
  report(checking, "unknown-choice", expr, `\`${written}\` is not among the choices of \`${name}\`.`, didYouMean(written, type.choices, `It is ${typeText(type)}.`, checking.advice));
  return undefined;
}

// Long lists of choices are looked up often. A short one is searched: its entry in the table would outlive the analysis by far.
const choicePlaces = new WeakMap<ChoiceType, ReadonlyMap<string, number>>();
function placeOf(type: ChoiceType, choice: string): number {
  const { choices } = type;
  if (choices.length <= 32) return choices.indexOf(choice);
  let places = choicePlaces.get(type);
  if (places === undefined) choicePlaces.set(type, (places = new Map(choices.map((each, i) => [each, i]))));
  return places.get(choice) ?? -1;
}

function codeSets(checking: Checking, values: readonly A.Expr[], type: FactType): CodeSet[] | undefined {
  const sets: CodeSet[] = [];
  let sound = true;
  for (const value of values) {
    const pattern = asCode(value);
    if (pattern === undefined) {
      if (value.kind !== "missing") report(checking, "code-as-text", value, `\`${checking.text.text.slice(value.start, value.end)}\` is not a code.`, { help: "Write codes such as C69.-, C70.0-C72.9, 77301, separated by commas." });
      sound = false;
      continue;
    }
    const set = checkPattern(checking, pattern, systemsOfType(type));
    if (set === undefined) sound = false;
    else sets.push(set);
  }
  return sound ? sets : undefined;
}

/** A figure without unit, such as 77301, is a code where codes are compared. */
function asCode(expr: A.Expr): A.CodePattern | undefined {
  if (expr.kind === "code") return expr;
  if (expr.kind === "quantity" && expr.unit === undefined) return { kind: "code", from: expr.text, category: false, start: expr.start, end: expr.end };
  if (expr.kind === "name" && /\d/u.test(expr.text)) return { kind: "code", from: expr.text, category: false, start: expr.start, end: expr.end };
  return undefined;
}

function texts(checking: Checking, values: readonly A.Expr[]): string[] | undefined {
  const wanted: string[] = [];
  for (const value of values) {
    if (value.kind === "textLiteral") wanted.push(value.text);
    else if (value.kind !== "missing") report(checking, "type-mismatch", value, "A text is compared with a text in quotation marks.", { help: `Write \`"${checking.text.text.slice(value.start, value.end)}"\`.` });
  }
  return wanted.length === values.length ? wanted : undefined;
}

function resolveInclude(checking: Checking, expr: A.Include, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  const operand = resolveValue(checking, expr.operand, around);
  if (operand === undefined) return undefined;
  const written = checking.text.text.slice(expr.operand.start, expr.operand.end);
  if (operand.type.kind !== "list") {
    report(checking, "not-a-list", expr.operand, `\`${written}\` is ${typeText(operand.type)}, and ${operand.type.kind === "records" ? "records are asked for by their fields" : "only a list includes something"}.`, {
      help: operand.type.kind === "records" ? `Ask \`exists ${written} where …\`.` : operand.type.kind === "code" || operand.type.kind === "choice" ? `Write \`${written} in …\`.` : operand.type.kind === "number" ? `Compare it, as in \`${written} = ${quantityText(5, { ...operand.type.unit, text: unitName(operand.type.unit) })}\`.` : "Compare it with `is`.",
    });
    return undefined;
  }
  const { of } = operand.type;
  if (of.kind === "code") {
    const wanted = codeSets(checking, expr.values, operand.type);
    return wanted && { kind: "includes", value: operand.value, quantifier: expr.quantifier, wanted, of: "code", source };
  }
  if (of.kind === "choice") {
    const indexes = expr.values.map((value) => choiceIndex(checking, value, of, expr.operand));
    if (indexes.some((index) => index === undefined)) return undefined;
    return { kind: "includes", value: operand.value, quantifier: expr.quantifier, wanted: indexes.map((index) => of.choices[index!]!), of: "word", source };
  }
  if (of.kind === "text") {
    const wanted = texts(checking, expr.values);
    return wanted && { kind: "includes", value: operand.value, quantifier: expr.quantifier, wanted, of: "word", source };
  }
  if (of.kind !== "unknown") report(checking, "type-mismatch", expr.operand, `\`${written}\` is ${typeText(operand.type)}; only lists of codes, choices and texts can be asked what they include.`, { help: "Make it a list of records, and ask `exists … where …`." });
  return undefined;
}

function resolveKnown(checking: Checking, expr: A.IsKnown, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  const operand = resolveValueOfAnyKind(checking, expr.operand, around);
  return operand && { kind: "known", value: operand, negated: expr.negated, source };
}

function resolveValueOfAnyKind(checking: Checking, expr: A.Expr, around: Surroundings): Value | undefined {
  if (expr.kind !== "name") {
    if (expr.kind !== "missing") report(checking, "type-mismatch", expr, "Only a fact is known or unknown.", { help: "Write the name of a fact before `is known`." });
    return undefined;
  }
  const named = lookUp(checking, expr, around);
  if (named === undefined) return undefined;
  if (named.kind !== "definition") return named;
  const { meaning } = named.definition;
  if (meaning?.kind === "value") return { kind: "definition", definition: named.definition, value: meaning.value };
  if (meaning !== undefined) report(checking, "type-mismatch", expr, `\`${expr.text}\` is a condition; only a fact or value is known or unknown.`, { help: "Ask for the facts it is made of." });
  return undefined;
}

// ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
const DATE_OF_SERVICE: Value = { kind: "date of service" };

function resolveWindow(checking: Checking, expr: A.Within, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  const date = expr.operand === undefined ? onlyDate(checking, expr, around) : resolveDate(checking, expr.operand, around);
  const lengthValue = resolveValue(checking, expr.length, around);
  const anchor = expr.anchor === undefined ? DATE_OF_SERVICE : resolveDate(checking, expr.anchor, around);
  if (date === undefined || lengthValue === undefined || anchor === undefined) return undefined;
  const length = lengthOf(checking, lengthValue, expr.length);
  if (length === undefined) return undefined;
  const low = expr.relation === "after" ? anchor : shifted(anchor, -1, length);
  const high = expr.relation === "past" || expr.relation === "before" ? anchor : shifted(anchor, 1, length);
  return { kind: "between", value: date, low, high, of: "day", source };
}

/** `within 6 months` without a date: the only date field of the record, if it has one only. */
function onlyDate(checking: Checking, expr: A.Within, around: Surroundings): Value | undefined {
  const fields = around.record?.type.kind === "records" ? around.record.type.fields.filter((field) => field.type.kind === "date") : [];
  if (fields.length === 1) return { kind: "field", fact: fields[0]! };
  const example = fields[0]?.name ?? "surgery_date";
  report(checking, "ambiguous-window", expr, fields.length > 1 ? `\`${around.record!.name}\` has ${fields.length} dates, and \`within\` does not say which it speaks of.` : "`within` does not say which date it speaks of.", { help: `Write the date before it: \`${example} ${checking.text.text.slice(expr.start, expr.end)}\`${fields.length > 0 ? ", joined with `and`" : ""}.` });
  return undefined;
}

function resolveDate(checking: Checking, expr: A.Expr, around: Surroundings): Value | undefined {
  const typed = resolveValue(checking, expr, around);
  if (typed === undefined) return undefined;
  if (typed.type.kind === "date") return typed.value;
  report(checking, "type-mismatch", expr, `\`${checking.text.text.slice(expr.start, expr.end)}\` is ${typeText(typed.type)}, and a date is needed here.`, { help: "Write the name of a date, or a date such as 2025-03-05." });
  return undefined;
}

/** `d at least 6 weeks before e`: d lies at or before e minus 6 weeks. */
function resolveDistance(checking: Checking, expr: A.Distance, around: Surroundings): Condition | undefined {
  const source: Range = expr;
  const date = resolveDate(checking, expr.operand, around);
  const lengthValue = resolveValue(checking, expr.length, around);
  const anchor = resolveDate(checking, expr.anchor, around);
  if (date === undefined || lengthValue === undefined || anchor === undefined) return undefined;
  const length = lengthOf(checking, lengthValue, expr.length);
  if (length === undefined) return undefined;
  const before = expr.relation === "before";
  const mark = shifted(anchor, before ? -1 : 1, length);
  const far: Condition = { kind: "compare", op: before ? MIRRORED[expr.op] : expr.op, left: date, right: mark, of: "day", source };
  if (expr.op !== "<" && expr.op !== "<=") return far;
  // "at most 6 weeks before" does not reach to the other side.
  const side: Condition = { kind: "compare", op: before ? "<=" : ">=", left: date, right: anchor, of: "day", source };
  return { kind: "and", operands: [far, side], source };
}

// ── Records ───────────────────────────────────────────────────────────────────────────────────────────────────────────
function resolveRecords(checking: Checking, list: A.Name, filter: A.Expr | undefined): RecordSet | undefined {
  if (list.text === "") return undefined;
  const named = lookUp(checking, list, {});
  if (named === undefined) return undefined;
  if (named.kind === "definition" || (named.fact.type.kind !== "records" && named.fact.type.kind !== "list")) {
    if (named.kind !== "definition" && named.fact.type.kind === "unknown") return undefined;
    report(checking, "not-a-list", list, `\`${list.text}\` is ${named.kind === "definition" ? "a definition" : typeText(named.fact.type)}, not a list.`, { help: "Count a fact that is `list of`." });
    return undefined;
  }
  if (filter === undefined) return { list: named.fact };
  if (named.fact.type.kind === "list") {
    report(checking, "not-a-list", filter, `\`${list.text}\` is ${typeText(named.fact.type)}; its entries have no fields for \`where\`.`, { help: `Ask what it holds: \`${list.text} include …\`.` });
    return undefined;
  }
  const condition = resolveCondition(checking, filter, { record: named.fact });
  if (condition !== undefined) checkFilter(checking, list, filter, new Set((named.fact.type.kind === "records" ? named.fact.type.fields : []).map((field) => field.name)));
  return condition && { list: named.fact, filter: condition };
}

/** Reports parts of a filter that ask for no field: `no therapies where kind is surgery and age >= 18 years` swallows the age. */
function checkFilter(checking: Checking, list: A.Name, filter: A.Expr, fields: ReadonlySet<string>): void {
  const { text } = checking.text;
  const closed = text.slice(0, list.start).trimEnd().endsWith("(");
  const check = (part: A.Expr): void => {
    if ((part.kind === "and" || part.kind === "or") && (part === filter || !inParentheses(checking, part))) {
      for (const operand of part.operands) check(operand);
    } else if (!asksField(part, fields)) {
      const [, before = "…", word = "and"] = /^(.*\S)\s+(and|or)$/su.exec(text.slice(filter.start, part.start).trim()) ?? [];
      const kept = before.length > 80 ? "…" : folded(before);
      report(checking, "filter-without-field", part, `\`${briefly(checking, part)}\` stands in the filter of \`${list.text}\` and asks for none of its fields.`, {
        help: closed ? "Write it outside of the parentheses of the filter." : `Close the filter with parentheses: \`(${list.text} where ${kept}) ${word} …\`.`,
      });
    }
  };
  check(filter);
}

/** True if an expression names a field; a filter within it speaks of other records. */
function asksField(expr: A.Expr, fields: ReadonlySet<string>): boolean {
  if (expr.kind === "name") return fields.has(expr.text);
  if (expr.kind === "quantified" || expr.kind === "count") return false;
  if (expr.kind === "within" && expr.operand === undefined) return true;
  return children(expr).some((child) => asksField(child as A.Expr, fields));
}

/** The pathway words, for scopes and cases. */
export const pathwayWords: readonly string[] = PATHWAYS.map((pathway) => pathway.word);
