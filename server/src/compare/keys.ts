// What a condition says, as a text that is the same for all ways to write it: order of operands, units and blanks do not matter.
import type { Condition, RecordSet, Value } from "../semantics/model.js";
import type { CodeSet } from "../semantics/model.js";

/** How names are called where two versions call them differently. */
export interface Naming {
  readonly fact: (name: string) => string;
  readonly definition: (name: string) => string;
  /** A criterion by its index. */
  readonly criterion: (index: number) => string;
}

const set = ({ from, to, descends, system }: CodeSet): string => `${system ?? ""} ${from}..${to}${descends ? "+" : ""}`;
const sorted = (texts: readonly string[]): string => [...texts].sort().join("; ");

/** The meaning of a condition as a text to compare. */
export function conditionKey(condition: Condition, naming: Naming): string {
  const of = (each: Condition): string => conditionKey(each, naming);
  const value = (each: Value): string => valueKey(each, naming);
  switch (condition.kind) {
    case "and": case "or": return `${condition.kind}(${sorted(condition.operands.map(of))})`;
    case "not": return `not(${of(condition.operand)})`;
    case "yes": return `${value(condition.value)} is ${condition.expected ? "yes" : "no"}`;
    case "known": return `${value(condition.value)} is ${condition.negated ? "unknown" : "known"}`;
    case "compare": return `${value(condition.left)} ${condition.op} ${value(condition.right)}`;
    case "between": return `${value(condition.value)} from ${value(condition.low)} to ${value(condition.high)}`;
    case "choice": return `${value(condition.value)} in ${sorted(condition.wanted.map((index) => condition.choices[index] ?? String(index)))}`;
    case "text": return `${value(condition.value)} in ${sorted(condition.wanted.map((text) => JSON.stringify(text)))}`;
    case "code": return `${value(condition.value)} in ${sorted(condition.wanted.map(set))}`;
    case "includes": return `${value(condition.value)} include ${condition.quantifier} ${sorted(condition.wanted.map((each: CodeSet | string) => (typeof each === "string" ? each : set(each))))}`;
    case "quantified": case "count": return `${condition.kind} ${condition.op} ${condition.count} ${recordsKey(condition.records, naming)}`;
    case "criterion": return `criterion ${naming.criterion(condition.index)}`;
    case "definition": return naming.definition(condition.definition.name);
  }
}

function recordsKey({ list, filter }: RecordSet, naming: Naming): string {
  return `${naming.fact(list.name)}${filter === undefined ? "" : ` where ${conditionKey(filter, naming)}`}`;
}

/** The meaning of a value as a text to compare. */
export function valueKey(value: Value, naming: Naming): string {
  const of = (each: Value): string => valueKey(each, naming);
  switch (value.kind) {
    case "fact": return naming.fact(value.fact.name);
    case "field": return `.${value.fact.name}`;
    case "number": return `${Number((value.value * value.unit.factor).toPrecision(12))}@${value.unit.dimensions.join(",")}${value.unit.own || value.unit.offset !== 0 ? value.unit.ucum : ""}`;
    case "day": return `day ${value.day}`;
    case "text": return JSON.stringify(value.text);
    case "choice": return value.text;
    case "date of service": return "date of service";
    // The unit in which the two sides meet follows from how they are written.
    case "scaled": return value.offset === 0 ? of(value.value) : `${of(value.value)} in ${value.unit.ucum}`;
    case "arithmetic": return `(${of(value.left)} ${value.op} ${of(value.right)})`;
    case "days between": return `days(${of(value.left)} - ${of(value.right)})`;
    case "shift": return `${of(value.date)} ${value.sign} ${value.length.kind === "months" ? `${value.length.months} months` : of(value.length.days)}`;
    case "count": return `count ${recordsKey(value.records, naming)}`;
    case "definition": return naming.definition(value.definition.name);
  }
}
