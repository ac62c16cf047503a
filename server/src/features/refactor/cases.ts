// A case for a criterion: a skeleton with the facts that it reads, at values that would meet it where they can be told.
import type { Diagnostic } from "../../diagnostic.js";
import type { Analysis, CodeSet, Condition, CriterionSymbol, FactSymbol, FactValue, OutcomeName, RecordValue, Value } from "../../semantics/model.js";
import { criterionAt, lineAt } from "../places.js";
import { newCaseInPolicy } from "../newcase.js";
import { plainProse } from "../../semantics/prosetext.js";
import { readable, shortened } from "../wording.js";
import type { Range } from "../../text.js";
import { own, questionText, type Refactoring } from "./model.js";

/** Adds a case for the criterion in whose line a place is. `today` is the date of service where the policy gives none. */
export function addCase(analysis: Analysis, range: Range, found: readonly Diagnostic[], today: number): readonly Refactoring[] {
  const symbol = criterionAt(analysis, range.start);
  if (symbol === undefined || lineAt(analysis.text, symbol.node.start).start !== lineAt(analysis.text, range.start).start) return [];
  const mends = found.find((each) => each.code === "criterion-without-case" && each.start <= range.end && each.end >= range.start);
  return [{
    id: "add-case", title: `Add a case for ${symbol.address}`, kind: mends === undefined ? "refactor.rewrite" : "quickfix", mends,
    make() {
      const given: Given = { analysis, facts: new Map(), attested: new Map(), read: new Set(), on: Math.max(analysis.header.fields.get("effective")?.date?.day ?? today, 0) };
      meet(given, symbol);
      fill(given);
      const words = symbol.node.kind === "criterion" ? questionText(plainProse(readable(analysis), symbol.node.prose)) : "";
      const edit = newCaseInPolicy(analysis, {
        name: freeName(analysis, `${symbol.address} ${shortened(words, 60)}`.trim()), on: given.on, facts: given.facts, attested: given.attested,
        expect: { outcomes: [[symbol.address, "met"]] },
      });
      return own(analysis, [{ start: edit.start, end: edit.end, text: edit.text }]);
    },
  }];
}

function freeName({ cases }: Analysis, name: string): string {
  const taken = new Set(cases.map((each) => each.name));
  for (let i = 1; ; i++) {
    const tried = i === 1 ? name : `${name} (${i})`;
    if (!taken.has(tried)) return tried;
  }
}

interface Given {
  readonly analysis: Analysis;
  readonly facts: Map<string, FactValue>;
  readonly attested: Map<string, OutcomeName>;
  /** Facts that are read and whose value does not follow from one condition alone. */
  readonly read: Set<FactSymbol>;
  readonly on: number;
}

/** Gives what would make a criterion met; of a list of which one item is enough, the first. */
function meet(given: Given, symbol: CriterionSymbol): void {
  if (symbol.attested) answer(given, symbol, "met");
  for (const condition of [...symbol.guards, ...symbol.conditions]) hold(given, condition, true);
  for (const condition of symbol.exceptions) hold(given, condition, false);
  for (const group of symbol.exceptionGroups) fail(given, group);
  for (const group of symbol.conditionGroups) meet(given, group);
  const { combination, items } = symbol;
  if (combination?.op === "none") for (const item of items) fail(given, item);
  else for (const item of items.slice(0, needed(symbol))) meet(given, item);
  // Of "exactly one of the following" the others must not be met.
  if (combination?.op === "exactly") for (const item of items.slice(combination.count)) fail(given, item);
}

/** Gives what would make a criterion not met. */
function fail(given: Given, symbol: CriterionSymbol): void {
  if (symbol.attested) return answer(given, symbol, "not met");
  const { conditions, conditionGroups, combination, items } = symbol;
  if (conditions[0] !== undefined) return hold(given, conditions[0], false);
  if (conditionGroups[0] !== undefined) return fail(given, conditionGroups[0]);
  if (combination?.op === "none" && items[0] !== undefined) return meet(given, items[0]);
  for (const item of items.slice(0, items.length - needed(symbol) + 1)) fail(given, item);
}

/** How many items of a list must be met. */
const needed = ({ combination, items }: CriterionSymbol): number => (combination === undefined ? 0 : combination.op === "all" ? items.length : combination.op === "any" ? 1 : combination.count);

function answer({ attested }: Given, { address }: CriterionSymbol, outcome: OutcomeName): void {
  if (!attested.has(address)) attested.set(address, outcome);
}

/** Gives the facts of a condition values with which it holds, or with which it does not. What is given already stays. */
function hold(given: Given, condition: Condition, wanted: boolean): void {
  switch (condition.kind) {
    case "and": case "or": {
      const all = (condition.kind === "and") === wanted;
      for (const operand of all ? condition.operands : condition.operands.slice(0, 1)) hold(given, operand, wanted);
      return;
    }
    case "not": return hold(given, condition.operand, !wanted);
    case "definition": return hold(given, condition.condition, wanted);
    case "criterion": {
      const symbol = given.analysis.criteria[condition.index];
      if (symbol !== undefined && wanted) meet(given, symbol);
      return;
    }
    case "quantified": case "count": {
      if (condition.kind === "count" || condition.op === "all") return;
      const { list, filter } = condition.records;
      const records = wanted && condition.op !== "<" && condition.op !== "<=" && condition.count > 0 ? condition.count : 0;
      const one: Given = { ...given, facts: new Map(), read: new Set() };
      if (filter !== undefined) hold(one, filter, true);
      for (const fact of one.read) if (fact.owner === undefined) given.read.add(fact);
      fill(one);
      const fields = list.type.kind === "records" ? list.type.fields.map((field) => field.name) : [];
      const record: RecordValue = Object.fromEntries([...one.facts].filter(([name]) => fields.includes(name))) as RecordValue;
      put(given, list, Array.from({ length: condition.op === "=" && condition.count === 0 ? 0 : records }, () => record));
      return;
    }
    case "known": {
      if (condition.negated !== wanted) reads(given, condition);
      return;
    }
    default: {
      reads(given, condition);
      if (condition.kind === "compare" && condition.left.kind === "days between" && condition.right.kind === "number") {
        const [until, since] = [plain(condition.left.left), plain(condition.left.right)];
        const days = wanted === (condition.op === ">=" || condition.op === ">") ? condition.right.value + (condition.op === ">" ? 1 : 0) : 0;
        if (until !== undefined) put(given, until, given.on);
        if (since !== undefined) put(given, since, given.on - Math.ceil(days * (DAYS[condition.right.unit.ucum] ?? 1)));
        return;
      }
      const fact = factIn(condition);
      const value = fact && valueFor(given, condition, fact, wanted);
      if (fact !== undefined && value !== undefined) put(given, fact, value);
    }
  }
}

const DAYS: Readonly<Record<string, number>> = { wk: 7, mo: 31, a: 366 };

/** Notes all facts that a condition reads. */
function reads(given: Given, within: unknown): void {
  if (typeof within !== "object" || within === null) return;
  const { kind, fact } = within as { kind?: string; fact?: FactSymbol };
  if ((kind === "fact" || kind === "field") && fact !== undefined) given.read.add(fact);
  else if (kind === "definition") reads(given, (within as { value?: unknown }).value);
  else for (const [key, value] of Object.entries(within)) if (key !== "unit" && key !== "source" && key !== "span") reads(given, value);
}

/** Facts that are read get some value, so that the writer sees what to give. */
function fill(given: Given): void {
  for (const fact of given.read) {
    const value = anyValue(given, fact.type);
    if (value !== undefined) put(given, fact, value);
  }
}

function put({ facts }: Given, fact: FactSymbol, value: FactValue): void {
  if (!facts.has(fact.name)) facts.set(fact.name, value);
}

/** The fact that a condition asks for by itself. */
function factIn(condition: Condition): FactSymbol | undefined {
  const value = "value" in condition ? condition.value : condition.kind === "compare" ? condition.left : undefined;
  return value && plain(value);
}
function plain(value: Value): FactSymbol | undefined {
  switch (value.kind) {
    case "fact": case "field": return value.fact;
    case "definition": case "scaled": return plain(value.value);
    default: return undefined;
  }
}

function valueFor(given: Given, condition: Condition, { type }: FactSymbol, wanted: boolean): FactValue | undefined {
  const number = (value: Value): number | undefined => (value.kind === "number" ? value.value : value.kind === "day" ? value.day : value.kind === "date of service" ? given.on : undefined);
  const inUnit = (value: number, of: Value): number => (of.kind === "scaled" && of.factor !== 0 ? Number(((value - of.offset) / of.factor).toPrecision(10)) : value);
  switch (condition.kind) {
    case "yes": return condition.expected === wanted;
    case "compare": {
      const limit = number(condition.right);
      if (limit === undefined) return condition.of === "number" && (condition.op === ">" || condition.op === "!=") === wanted ? 2 : anyValue(given, type);
      const step = condition.op === "<" || condition.op === "<=" ? -1 : 1;
      const strict = condition.op === "<" || condition.op === ">" || condition.op === "!=";
      const value = wanted ? limit + (strict ? step : 0) : condition.op === "=" ? limit + 1 : condition.op === "!=" ? limit : limit - (strict ? 0 : step);
      return inUnit(value, condition.left);
    }
    case "between": {
      const low = number(condition.low);
      return low === undefined ? anyValue(given, type) : inUnit(wanted ? low : low - 1, condition.value);
    }
    case "choice": {
      const other = type.kind === "choice" ? type.choices.findIndex((_, i) => !condition.wanted.includes(i)) : -1;
      return wanted ? condition.wanted[0] : other < 0 ? undefined : other;
    }
    case "text": return wanted ? condition.wanted[0] : "other";
    case "code": return wanted ? code(condition.wanted[0]) : undefined;
    case "includes": {
      if (!wanted) return [];
      const listed = condition.quantifier === "all" ? condition.wanted : condition.wanted.slice(0, 1);
      return listed.map((each) => (typeof each === "string" ? each : code(each) ?? ""));
    }
    default: return anyValue(given, type);
  }
}

const code = (set: CodeSet | string | undefined): string | undefined => (typeof set === "string" ? set : set?.from);

function anyValue({ on }: Given, type: FactSymbol["type"]): FactValue | undefined {
  switch (type.kind) {
    case "yes/no": return true;
    case "number": return type.from ?? 1;
    case "date": return on;
    case "choice": return 0;
    case "text": return "…";
    case "list": case "records": return [];
    case "code": case "unknown": return undefined;
  }
}
