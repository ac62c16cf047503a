// Applies the mappings of a policy to resources: facts with their evidence, and what could not be made a fact, with why.
import type { Analysis, Evidence, FactMapping, FactSymbol, ScalarType } from "../semantics/model.js";
import { dateText } from "../syntax/dates.js";
import { converted, dayOf, inWords, list, record } from "./convert.js";
import { dateValue, type Found, type Focus, prepared, resourceOf } from "./engine.js";
import { checkExpression } from "./expression.js";
import type { FhirResource } from "./read.js";
import { sortOf, type Types } from "./types.js";
import { cleaned } from "./words.js";

/** A value as a case file has it. */
export type Written = number | string | boolean;

export interface MappedFact {
  readonly fact: FactSymbol;
  readonly value: Written | readonly Written[] | readonly Readonly<Record<string, Written>>[];
  readonly evidence: readonly Evidence[];
}

/** A mapping that found something and gave no value. */
export interface MappingProblem {
  /** `bmi`, or `therapies.started` of a field. */
  readonly fact: string;
  readonly mapping: FactMapping;
  /** The resource, where it is known: `Observation/bmi-1`. */
  readonly resource?: string | undefined;
  readonly reason: string;
  /** Something was only left out; the fact has a value all the same. */
  readonly note?: boolean | undefined;
}

export interface Collected {
  readonly facts: readonly MappedFact[];
  readonly problems: readonly MappingProblem[];
}

const MOST_RESULTS = 1000;
const MOST_EVIDENCE = 20;

/** The facts that the resources give, as of a date of service. A fact whose mappings find nothing is not there. */
export function collect(analysis: Analysis, resources: readonly FhirResource[], service: number): Collected {
  const content = resources.map((each) => each.content);
  const gathering: Gathering = {
    service, serviceValue: dateValue(dateText(service)), all: content, types: new Set(resources.map((each) => each.type)), problems: [],
    byContent: new Map(resources.map((each) => [each.content as unknown, each])),
  };
  const facts = [...analysis.facts.values()].flatMap((fact) => {
    const mapped = factOf(gathering, fact);
    return mapped === undefined ? [] : [mapped];
  });
  return { facts, problems: gathering.problems };
}

interface Gathering {
  readonly service: number;
  readonly serviceValue: unknown;
  readonly all: Focus;
  readonly types: ReadonlySet<string>;
  readonly byContent: ReadonlyMap<unknown, FhirResource>;
  readonly problems: MappingProblem[];
}

/** What the first mapping that finds anything finds. */
interface Results {
  readonly mapping: FactMapping;
  readonly found: readonly Found[];
  /** What the elements are, for the mappings of fields. */
  readonly types: Types;
  readonly named: ReadonlySet<string>;
}

function resultsOf(gathering: Gathering, name: string, mappings: readonly FactMapping[], focus: Focus, from: Types | "resources"): Results | undefined {
  for (const mapping of mappings) {
    const { problems, types, resources } = checkExpression(mapping.text, from);
    if (problems.length > 0) continue;
    let found: readonly Found[];
    try {
      found = prepared(mapping.text)(focus, gathering.serviceValue);
    } catch (error) {
      gathering.problems.push({ fact: name, mapping, reason: failure(error, mapping.text) });
      return undefined;
    }
    // "There is none" can only be said of what was sent: without any Condition nothing is known of conditions.
    if ([...resources].some((type) => !gathering.types.has(type))) found = found.filter((each) => each.node !== undefined);
    if (found.length === 0) continue;
    if (found.length <= MOST_RESULTS) return { mapping, found, types, named: resources };
    gathering.problems.push({ fact: name, mapping, reason: `the mapping gives ${found.length} values; more than ${MOST_RESULTS} are not taken` });
    return undefined;
  }
  return undefined;
}

/** Why the library could not go on, without what it quotes from the record. */
function failure(error: unknown, expression: string): string {
  const message = error instanceof Error ? error.message : "";
  if (/\bsort\s*\(/u.test(expression) && (message === "" || /sort|compar/iu.test(message))) return "what is sorted cannot be put in order: dates known in part, or periods beside days";
  if (error instanceof RangeError) return "it is nested too deeply, or grows too large";
  if (/^Cannot .*\[|^Unexpected collection|^Expected single|^Unary - /u.test(message)) return "the mapping reckons with values that do not go together, or with several where one is needed";
  const [first = ""] = message.split(/, got|[[{("]|\n/u);
  return `FHIRPath cannot work it out${first.trim() === "" ? "" : `: ${cleaned(first, 120)}`}`;
}

function factOf(gathering: Gathering, fact: FactSymbol): MappedFact | undefined {
  if (fact.mappings.length === 0 || fact.type.kind === "unknown") return undefined;
  const results = resultsOf(gathering, fact.name, fact.mappings, gathering.all, "resources");
  if (results === undefined) return undefined;
  const evidence = evidenceOf(gathering, results);
  if (fact.type.kind === "records") {
    const { fields } = fact.type;
    const records = results.found.map((element) => recordOf(gathering, fact, fields, element, results.types));
    return { fact, value: records, evidence };
  }
  const values = valuesOf(gathering, fact.name, fact.type.kind === "list" ? fact.type.of : fact.type, results);
  if (values === undefined || values.length === 0) return undefined;
  if (fact.type.kind === "list") return { fact, value: values, evidence };
  return single(gathering, fact.name, results, values) ? { fact, value: values[0]!, evidence } : undefined;
}

function recordOf(gathering: Gathering, fact: FactSymbol, fields: readonly FactSymbol[], element: Found, types: Types): Readonly<Record<string, Written>> {
  const held: Record<string, Written> = {};
  for (const field of fields) {
    if (field.type.kind === "list" || field.type.kind === "records" || field.mappings.length === 0) continue;
    const name = `${fact.name}.${field.name}`;
    const results = resultsOf(gathering, name, field.mappings, [element.node ?? element.value], types);
    if (results === undefined) continue;
    const values = valuesOf(gathering, name, field.type, results);
    if (values !== undefined && values.length > 0 && single(gathering, name, results, values)) held[field.name] = values[0]!;
  }
  return held;
}

/** The values, each once; undefined where something was found that is no value, because what is left would not be all. */
function valuesOf(gathering: Gathering, name: string, type: ScalarType, { mapping, found }: Results): readonly Written[] | undefined {
  const values = new Set<Written>();
  let sound = true;
  for (const each of found) {
    const { values: given, problem, skipped } = converted(type, each, gathering.service);
    for (const value of given) values.add(value);
    const reason = problem ?? skipped;
    if (problem !== undefined) sound = false;
    if (reason !== undefined) gathering.problems.push({ fact: name, mapping, resource: resourceNameOf(gathering, each), reason, ...(problem === undefined ? { note: true } : {}) });
  }
  return sound ? [...values] : undefined;
}

function single(gathering: Gathering, name: string, { mapping }: Results, values: readonly Written[]): boolean {
  if (values.length === 1) return true;
  const shown = values.slice(0, 5).map((value) => (typeof value === "boolean" ? (value ? "yes" : "no") : cleaned(String(value), 40)));
  gathering.problems.push({ fact: name, mapping, reason: `the mapping gives ${values.length} values (${shown.join(", ")}${values.length > 5 ? ", …" : ""}), and one is needed` });
  return false;
}

// ── Evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────────
function resourceNameOf({ byContent }: Gathering, { node }: Found): string | undefined {
  return node === undefined ? undefined : byContent.get(resourceOf(node))?.name;
}

/** The resources that values come from: those of the elements, or of a value that was worked out, those of the types it names. */
function evidenceOf(gathering: Gathering, { found, named }: Results): readonly Evidence[] {
  const seen = new Map<string, Evidence>();
  let workedOut = false;
  for (const each of found) {
    const resource = each.node === undefined ? undefined : gathering.byContent.get(resourceOf(each.node));
    if (resource === undefined || each.node === undefined) {
      workedOut = true;
      continue;
    }
    const note = noteOf(each, resource);
    seen.set(`${resource.name} ${note}`, { source: resource.name, ...dated(resource.content), note });
  }
  if (workedOut) {
    for (const resource of gathering.byContent.values()) if (named.has(resource.type)) seen.set(resource.name, { source: resource.name, ...dated(resource.content), note: "worked out by the mapping" });
  }
  const all = [...seen.values()];
  if (all.length <= MOST_EVIDENCE) return all;
  return [...all.slice(0, MOST_EVIDENCE - 1), { source: "Bundle", note: `${all.length - MOST_EVIDENCE + 1} more resources` }];
}

const DATED = ["effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime", "recordedDate", "authoredOn", "authored", "dateAsserted", "date", "created", "issued"] as const;
const PERIODS = ["effectivePeriod", "performedPeriod", "occurrencePeriod"] as const;

/** The day of a resource, where it has one: of what it tells, else of when it was recorded. */
function dated(content: Readonly<Record<string, unknown>>): { readonly date?: number } {
  for (const name of DATED) {
    if (content[name] === undefined) continue;
    const day = dayOf(content[name]);
    return day === undefined ? {} : { date: day };
  }
  for (const name of PERIODS) {
    const { start, end } = record(content[name]);
    const day = dayOf(start);
    if (day !== undefined && day === dayOf(end)) return { date: day };
  }
  return {};
}

/** What the element is called and says: the words of its code or its question, a quantity or date as written, and its path. */
function noteOf({ node, type, value }: Found, { content }: FhirResource): string {
  let question: string | undefined;
  for (let each = node; each !== null && each !== undefined && question === undefined; each = each.parentResNode ?? undefined) {
    const { linkId, text } = record(each.data);
    if (typeof linkId === "string") question = typeof text === "string" ? text : `question ${linkId}`;
  }
  const { text, coding } = record(content["code"]);
  const display = list(coding).map((each) => record(each)["display"]).find((each) => typeof each === "string");
  const words = question ?? (typeof text === "string" ? text : typeof display === "string" ? display : undefined);
  const sort = sortOf(type.replace(/^FHIR\./u, ""));
  const said = sort === "quantity" ? inWords(value) : sort === "date" ? cleaned(String(value), 40) : undefined;
  const path = cleaned((node?.fullPropertyName() ?? "").replace(/\[\d+\]/gu, ""), 100);
  const named = [...(words === undefined ? [] : [cleaned(words, 80)]), ...(said === undefined ? [] : [said])].join(": ");
  return named === "" ? path : `${named} (${path})`;
}
