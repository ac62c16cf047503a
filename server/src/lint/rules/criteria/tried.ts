// How near a case comes to a condition: which facts the condition asks for, and whether those that are given rule it out.
import type { Condition, FactSymbol, FactValue, RecordSet, Value } from "../../../semantics/model.js";

/** The facts that conditions ask for, definitions written out; of a list of records the list. Each stands once. */
export function factsOf(conditions: readonly Condition[]): readonly FactSymbol[] {
  const facts = new Set<FactSymbol>();
  const seen = new Set<unknown>();
  const records = ({ list }: RecordSet): void => { facts.add(list); };
  const value = (each: Value): void => {
    switch (each.kind) {
      case "fact": facts.add(each.fact); break;
      case "scaled": value(each.value); break;
      case "arithmetic": case "days between": value(each.left); value(each.right); break;
      case "shift": value(each.date); if (each.length.kind === "days") value(each.length.days); break;
      case "count": records(each.records); break;
      case "definition":
        if (seen.has(each.definition)) break;
        seen.add(each.definition);
        value(each.value);
        break;
      default: break;
    }
  };
  const condition = (each: Condition): void => {
    switch (each.kind) {
      case "and": case "or": each.operands.forEach(condition); break;
      case "not": condition(each.operand); break;
      case "definition":
        if (seen.has(each.definition)) break;
        seen.add(each.definition);
        condition(each.condition);
        break;
      case "compare": value(each.left); value(each.right); break;
      case "between": value(each.value); value(each.low); value(each.high); break;
      case "quantified": case "count": records(each.records); break;
      case "criterion": break;
      default: value(each.value); break;
    }
  };
  conditions.forEach(condition);
  return [...facts];
}

/** Whether a case gives a fact of the conditions, and no answer of it rules them out. Only choices and yes or no are looked at; the rest is for the evaluator. */
export function reaches(conditions: readonly Condition[], facts: ReadonlyMap<string, FactValue>): boolean {
  return conjunction(conditions, facts, 0) === true;
}

/** True: a fact is given and may meet it. False: what is given rules it out. Undefined: nothing is given. */
function nearness(condition: Condition, facts: ReadonlyMap<string, FactValue>, depth: number): boolean | undefined {
  if (depth > 30) return true;
  switch (condition.kind) {
    case "and": return conjunction(condition.operands, facts, depth + 1);
    case "or": return disjunction(condition.operands, facts, depth + 1);
    case "not": return nearness(condition.operand, facts, depth + 1) === undefined ? undefined : true;
    case "definition": return nearness(condition.condition, facts, depth + 1);
    case "compare": return isGiven(condition.left, condition, facts) ?? isGiven(condition.right, condition, facts);
    case "quantified": case "count": return facts.has(condition.records.list.name) ? true : undefined;
    case "criterion": return undefined;
    default: break;
  }
  const { value } = condition;
  if (value.kind !== "fact") return isGiven(value, condition, facts);
  const given = facts.get(value.fact.name);
  if (given === undefined) return undefined;
  if (condition.kind === "yes") return given === condition.expected;
  return condition.kind !== "choice" || typeof given !== "number" || condition.wanted.includes(given);
}

function conjunction(operands: readonly Condition[], facts: ReadonlyMap<string, FactValue>, depth: number): boolean | undefined {
  let any: true | undefined;
  for (const operand of operands) {
    const state = nearness(operand, facts, depth);
    if (state === false) return false;
    any ??= state;
  }
  return any;
}

function disjunction(operands: readonly Condition[], facts: ReadonlyMap<string, FactValue>, depth: number): boolean | undefined {
  let none: false | undefined = false;
  for (const operand of operands) {
    const state = nearness(operand, facts, depth);
    if (state === true) return true;
    if (state === undefined) none = undefined;
  }
  return none;
}

function isGiven(value: Value, condition: Condition, facts: ReadonlyMap<string, FactValue>): true | undefined {
  if (value.kind === "fact") return facts.has(value.fact.name) ? true : undefined;
  if (value.kind === "number" || value.kind === "day" || value.kind === "choice" || value.kind === "text" || value.kind === "date of service") return undefined;
  return factsOf([condition]).some(({ name }) => facts.has(name)) ? true : undefined;
}
