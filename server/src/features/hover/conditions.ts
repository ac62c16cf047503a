// A condition in words: what `age >= 18 years and site in brain, lung` asks, as a reviewer would say it.
import type { Analysis, CodeSet, CompareOp, Condition, Length, RecordSet, Value } from "../../semantics/model.js";
import { plainProse } from "../../semantics/prosetext.js";
import { quantityText } from "../../semantics/units.js";
import { dateText } from "../../syntax/dates.js";
import { counted, sentenceList } from "../../text.js";
import { code, escaped, readable, shortened } from "../wording.js";

/** So deep are conditions written out; what lies deeper is left to the condition as written. */
const DEEPEST = 5;
const MOST_VALUES = 8;

/** The condition as Markdown, in one sentence without its full stop. */
export function conditionWords(analysis: Analysis, condition: Condition, depth = 0): string {
  const inner = (part: Condition): string => conditionWords(analysis, part, depth + 1);
  if (depth > DEEPEST) return "…";
  switch (condition.kind) {
    case "and": case "or": {
      const parts = condition.operands.map((operand) => (operand.kind === "and" || operand.kind === "or" ? `(${inner(operand)})` : inner(operand)));
      return parts.join(depth === 0 && parts.length > 2 ? `, ${condition.kind} ` : ` ${condition.kind} `);
    }
    case "not": return condition.operand.kind === "yes" ? inner({ ...condition.operand, expected: !condition.operand.expected }) : `it is not so that ${inner(condition.operand)}`;
    case "yes": return `${valueWords(condition.value)} is ${condition.expected ? "yes" : "no"}`;
    case "known": return `${valueWords(condition.value)} is ${condition.negated ? "not " : ""}given in the case`;
    case "compare": return `${valueWords(condition.left)} is ${(condition.of === "day" ? DAY_OPERATORS : OPERATORS)[condition.op]} ${valueWords(condition.right)}`.replace(/ {2}/gu, " ");
    case "between": return `${valueWords(condition.value)} is from ${valueWords(condition.low)} to ${valueWords(condition.high)}`;
    case "choice": return `${valueWords(condition.value)} is ${amongWords(condition.wanted.map((index) => condition.choices[index] ?? "?"))}`;
    case "text": return `${valueWords(condition.value)} is ${amongWords(condition.wanted.map((text) => `“${text}”`))}`;
    case "code": return `${valueWords(condition.value)} is ${amongWords(condition.wanted.map(setWords))}`;
    case "includes": return `${valueWords(condition.value)} include${condition.wanted.length === 1 ? "" : condition.quantifier === "any" ? " at least one of" : " every one of"} ${listWords(condition.wanted.map((each) => (typeof each === "string" ? each : setWords(each))), condition.quantifier === "any" ? "or" : "and")}`;
    case "quantified":
      if (condition.op === "all") return `${condition.records.filter === undefined ? "there are" : "for every one of"} ${code(condition.records.list.name)}${condition.records.filter === undefined ? "" : `, ${inner(condition.records.filter)}`}`;
      return `there ${condition.count === 1 ? "is" : "are"} ${countWords(condition.op, condition.count)} of ${recordWords(condition.records, inner)}`;
    case "count": return `there are ${countWords(condition.op, condition.count)} of ${recordWords(condition.records, inner)}`;
    case "criterion": return `criterion ${escaped(condition.address)} is met${criterionWords(analysis, condition.address)}`;
    case "definition": return depth > 1 ? code(condition.definition.name) : `${code(condition.definition.name)} holds (${inner(condition.condition)})`;
  }
}

const OPERATORS: Readonly<Record<CompareOp, string>> = { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "=": "", "!=": "not" };
const DAY_OPERATORS: Readonly<Record<CompareOp, string>> = { "<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "=": "on", "!=": "not on" };

function countWords(op: CompareOp, count: number): string {
  switch (op) {
    case "<": return `fewer than ${count}`;
    case "<=": return count === 0 ? "none" : `at most ${count}`;
    case ">": return `more than ${count}`;
    case ">=": return `at least ${count === 1 ? "one" : count}`;
    case "=": return count === 0 ? "none" : `exactly ${count}`;
    case "!=": return `any number but ${count}`;
  }
}

const recordWords = ({ list, filter }: RecordSet, inner: (part: Condition) => string): string => `${code(list.name)}${filter === undefined ? "" : ` where ${inner(filter)}`}`;

function criterionWords(analysis: Analysis, address: string): string {
  const node = analysis.byAddress.get(address)?.node;
  const words = node?.kind === "criterion" ? plainProse(readable(analysis), node.prose) : "";
  return words === "" ? "" : ` (“${escaped(shortened(words, 80))}”)`;
}

const setWords = (set: CodeSet): string => set.text;

function listWords(words: readonly string[], conjunction: "and" | "or"): string {
  const shown = words.length > MOST_VALUES ? [...words.slice(0, MOST_VALUES - 1), `${words.length - MOST_VALUES + 1} more`] : words;
  return escaped(sentenceList(shown, conjunction));
}
const amongWords = (words: readonly string[]): string => (words.length < 2 ? listWords(words, "or") : `one of ${listWords(words, "or")}`);

/** A value as a sentence names it. */
function valueWords(value: Value, depth = 0): string {
  const inner = (part: Value): string => (depth > DEEPEST ? "…" : valueWords(part, depth + 1));
  switch (value.kind) {
    case "fact": case "field": return code(value.fact.name);
    case "number": return escaped(value.written ?? quantityText(value.value, value.unit));
    case "day": return dateText(value.day);
    case "text": return `“${escaped(value.text)}”`;
    case "choice": return escaped(value.text);
    case "date of service": return "the date of service";
    case "scaled": return inner(value.value);
    case "arithmetic": return `(${inner(value.left)} ${value.op === "*" ? "×" : value.op === "-" ? "−" : value.op} ${inner(value.right)})`;
    case "days between": return `the time from ${inner(value.right)} to ${inner(value.left)}`;
    case "shift": return `${lengthWords(value.length)} ${value.sign < 0 ? "before" : "after"} ${inner(value.date)}`;
    case "count": return `the number of ${code(value.records.list.name)}${value.records.filter === undefined ? "" : " that match"}`;
    case "definition": return code(value.definition.name);
  }
}

function lengthWords(length: Length): string {
  if (length.kind === "months") return length.months % 12 === 0 ? counted(length.months / 12, "year") : counted(length.months, "month");
  const days = length.days;
  return days.kind === "number" ? escaped(days.written ?? (days.value % 7 === 0 ? counted(days.value / 7, "week") : counted(days.value, "day"))) : valueWords(days);
}
