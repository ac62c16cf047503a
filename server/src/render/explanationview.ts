// The explanation of a case as a view shows it: criteria with reasons, facts and places, what is missing, and what can be changed.
import type { CaseResult, ConditionTrace, CriterionTrace, DeterminationName, Explanation, MissingItem, Outcome, StatementTrace } from "../evaluate/model.js";
import { writtenCode, writtenRecords, writtenValues } from "../semantics/casetext.js";
import type { Analysis, CriterionSymbol, FactSymbol, FactType, OutcomeName, PolicyCase, SymbolRef } from "../semantics/model.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import { unitName } from "../semantics/units.js";
import type { Criterion } from "../syntax/ast.js";
import { dateText } from "../syntax/dates.js";
import type { Range } from "../text.js";
import type { CombinatorOp } from "../vocabulary.js";
import { approvalWords, DETERMINATION_WORDS, evidenceWords, KIND_WORDS, missingWords, policyTitle, reasonsOf, statementRemark, versionWords } from "./words.js";

/** A criterion or a group of a clause. `id` stays the same while the policy is edited elsewhere. */
export interface ViewNode {
  readonly id: string;
  readonly address: string;
  readonly label: string;
  readonly prose: string;
  readonly outcome: Outcome;
  readonly leftOpen: boolean;
  /** On the way from the deciding statement down to what made it met. */
  readonly deciding: boolean;
  /** "all of", "at least 2 of", where it has items. */
  readonly combination?: string | undefined;
  readonly why: readonly string[];
  /** Names of the facts that its own conditions read. */
  readonly facts: readonly string[];
  readonly citations: readonly number[];
  readonly notes: readonly string[];
  /** What the answer to an attested criterion rests on, in words. */
  readonly evidence: readonly string[];
  /** Its words in the policy, and all of it. */
  readonly range: Range;
  readonly extent: Range;
  readonly items: readonly ViewNode[];
}

/** How a value is asked for. */
export interface ViewInput {
  readonly kind: "yes/no" | "number" | "date" | "text" | "choice" | "code" | "records";
  readonly list: boolean;
  readonly unit?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly systems?: readonly string[] | undefined;
  readonly fields?: readonly { readonly name: string; readonly question?: string | undefined; readonly input: ViewInput }[] | undefined;
}

export interface ViewFact {
  readonly name: string;
  readonly question?: string | undefined;
  readonly input: ViewInput;
  /** As a case has it written; undefined where it is not known. */
  readonly value?: string | undefined;
  readonly records?: readonly Readonly<Record<string, string>>[] | undefined;
  /** Where its value comes from, in words. */
  readonly evidence: readonly string[];
  /** It could not be obtained; the reason, or "". */
  readonly unobtainable?: string | undefined;
  /** Where the policy declares it, and where the case gives it. */
  readonly declared: Range;
  readonly given?: Range | undefined;
}

export interface ViewAnswer {
  readonly address: string;
  readonly prose: string;
  readonly outcome?: OutcomeName | undefined;
  readonly evidence: readonly string[];
  readonly range: Range;
}

/** All that the view shows of one case. */
export interface ExplanationModel {
  readonly policy: string;
  readonly case: string;
  readonly on: string;
  readonly determination: DeterminationName;
  /** What the determination means, in words. */
  readonly meaning: string;
  readonly reason: string;
  readonly decidedBy?: { readonly address: string; readonly words: string; readonly range: Range } | undefined;
  /** For how long and how much: "Approved for: 6 months, until 2026-01-01". */
  readonly approval: readonly { readonly name: string; readonly words: string }[];
  readonly remarks: readonly string[];
  readonly failures: CaseResult["failures"];
  readonly missing: readonly { readonly kind: MissingItem["kind"]; readonly name: string; readonly words: string; readonly question?: string | undefined; readonly unobtainable?: true | undefined; readonly reason?: string | undefined }[];
  readonly statements: readonly ViewNode[];
  readonly citations: readonly { readonly number: number; readonly text: string; readonly range?: Range | undefined }[];
  readonly request: { readonly codes?: string | undefined; readonly lineOfBusiness?: string | undefined; readonly pathway?: string | undefined };
  readonly facts: readonly ViewFact[];
  readonly answers: readonly ViewAnswer[];
  readonly note?: string | undefined;
}

/** The model of a case and its explanation. */
export function explanationModel(analysis: Analysis, policyCase: PolicyCase, explanation: Explanation, failures: CaseResult["failures"] = []): ExplanationModel {
  const reading = readingOf(analysis, explanation);
  const decided = explanation.decidedBy;
  const decider = decided && analysis.byAddress.get(decided.address);
  return {
    policy: [policyTitle(explanation), versionWords(explanation)].filter((words) => words !== undefined).join(" · "),
    case: explanation.case,
    on: explanation.on,
    determination: explanation.determination,
    meaning: DETERMINATION_WORDS[explanation.determination],
    reason: explanation.reason,
    decidedBy: decided && decider && { address: decided.address, words: KIND_WORDS[decided.kind], range: rangeOf(decider.node) },
    approval: approvalWords(explanation).map(([name, words]) => ({ name, words })),
    remarks: explanation.remarks,
    failures,
    missing: explanation.missing.map((item) => ({ kind: item.kind, name: item.name, words: missingWords(item), question: item.question ?? questionOf(analysis, item), ...(item.unobtainable === true ? { unobtainable: true, reason: item.reason } : {}) })),
    statements: explanation.statements.map((statement) => statementNode(reading, statement)),
    citations: citationsIn(analysis, explanation.statements.map((statement) => statement.criterion)),
    request: { codes: policyCase.codes?.map(writtenCode).join(", "), lineOfBusiness: policyCase.lineOfBusiness, pathway: policyCase.pathway },
    facts: [...analysis.facts.values()].filter((fact) => fact.type.kind !== "unknown").map((fact) => viewFact(fact, policyCase)),
    answers: analysis.criteria.filter((symbol) => symbol.attested && symbol.role === "criterion").map((symbol) => ({
      address: symbol.address, prose: proseOf(analysis, symbol), outcome: policyCase.attested.get(symbol.address), evidence: evidenceOf(policyCase, symbol.address), range: wordsOf(symbol),
    })),
    note: policyCase.note,
  };
}

const rangeOf = ({ start, end }: Range): Range => ({ start, end });
const source = (analysis: Analysis): { readonly text: string; readonly comments: readonly Range[] } => ({ text: analysis.text, comments: analysis.document.comments });
const proseOf = (analysis: Analysis, { node }: CriterionSymbol): string => (node.kind === "criterion" ? criterionWords(analysis, node) : "");
const wordsOf = ({ node }: CriterionSymbol): Range => (node.kind === "criterion" ? { start: node.start, end: node.prose?.end ?? node.label?.end ?? node.end } : { start: node.keyword.start, end: (node.combinator ?? node.keyword).end });

/** The words of a criterion; a condition that ends its sentence is among them. */
export function criterionWords(analysis: Analysis, node: Criterion): string {
  const words = plainProse(source(analysis), node.prose);
  const inline = node.body.find((entry) => entry.kind !== "criterion" && "inline" in entry && entry.inline === true);
  if (inline === undefined || !("citations" in inline)) return words;
  const end = inline.citations[0]?.start ?? inline.end;
  return `${words} ${proseText(source(analysis), { start: inline.start, end }).replace(/[\s.;]+$/u, "")}`;
}

/** An attested criterion is asked for by its own words. */
function questionOf(analysis: Analysis, item: MissingItem): string | undefined {
  const symbol = item.kind === "criterion" ? analysis.byAddress.get(item.name) : undefined;
  return symbol && proseOf(analysis, symbol);
}

// ── Criteria ──────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Reading {
  readonly analysis: Analysis;
  readonly path: ReadonlySet<string>;
  /** Criteria and groups by where they begin. */
  readonly symbols: ReadonlyMap<number, CriterionSymbol>;
  readonly definitions: Map<string, readonly string[]>;
}

function readingOf(analysis: Analysis, explanation: Explanation): Reading {
  const symbols = new Map<number, CriterionSymbol>();
  for (const symbol of analysis.criteria) symbols.set(wordsOf(symbol).start, symbol);
  return { analysis, path: new Set(explanation.path), symbols, definitions: new Map() };
}

function statementNode(reading: Reading, statement: StatementTrace): ViewNode {
  const away = statement.applies === "not applicable" || statement.applies === "not met";
  const remark = statementRemark(statement);
  const node = viewNode(reading, statement.criterion, "", 0);
  const facts = new Set([...factsIn(reading, statement.scopes), ...node.facts]);
  return { ...node, outcome: away ? "not applicable" : node.outcome, why: remark === undefined ? node.why : [remark, ...(away ? [] : node.why)], facts: [...facts] };
}

function viewNode(reading: Reading, trace: CriterionTrace, parent: string, place: number): ViewNode {
  const symbol = reading.symbols.get(trace.range.start);
  const id = trace.role === "criterion" ? trace.address : `${parent}/${trace.role} ${place}`;
  return {
    id,
    address: trace.address,
    label: trace.label,
    prose: symbol?.node.kind === "criterion" ? criterionWords(reading.analysis, symbol.node) : trace.prose,
    outcome: trace.outcome,
    leftOpen: trace.leftOpen,
    deciding: trace.role === "criterion" && reading.path.has(trace.address),
    combination: trace.combination && trace.items.length > 0 ? combinationWords(trace.combination.op, trace.combination.count) : undefined,
    why: trace.leftOpen ? [trace.why] : trace.items.length > 0 ? [...new Set([...reasonsOf(trace), trace.why])].filter((text) => text !== "") : reasonsOf(trace),
    facts: [...new Set(factsIn(reading, [...trace.guards, ...trace.conditions, ...trace.exceptions, ...trace.waivers]))],
    citations: trace.citations,
    notes: trace.notes,
    evidence: (trace.evidence ?? []).map(evidenceWords),
    range: trace.range,
    extent: symbol === undefined ? trace.range : rangeOf(symbol.node),
    items: trace.items.map((item, i) => viewNode(reading, item, id, i)),
  };
}

/** How the items of a list decide, as a label before them. */
export function combinationWords(op: CombinatorOp, count: number): string {
  switch (op) {
    case "all": return "all of";
    case "any": return "any of";
    case "none": return "none of";
    case "at-least": return `at least ${count} of`;
    case "exactly": return `exactly ${count} of`;
  }
}

/** The facts that conditions name, those behind the definitions that they name among them. */
function* factsIn(reading: Reading, conditions: readonly ConditionTrace[]): Generator<string> {
  for (const { range } of conditions) for (const symbol of symbolsIn(reading.analysis, range)) yield* factsOf(reading, symbol);
}

function factsOf(reading: Reading, symbol: SymbolRef): readonly string[] {
  if (symbol.kind === "fact") return symbol.owner === undefined ? [symbol.name] : [];
  if (symbol.kind !== "definition") return [];
  const there = reading.definitions.get(symbol.name);
  if (there !== undefined) return there;
  // A definition that (wrongly) uses itself has no more facts than it has.
  reading.definitions.set(symbol.name, []);
  const value = symbol.node.value;
  const facts = value === undefined ? [] : [...new Set(symbolsIn(reading.analysis, value).flatMap((inner) => factsOf(reading, inner)))];
  reading.definitions.set(symbol.name, facts);
  return facts;
}

/** The symbols used within a stretch of the policy. */
function symbolsIn({ uses }: Analysis, range: Range): readonly SymbolRef[] {
  let low = 0;
  for (let high = uses.length; low < high;) {
    const middle = (low + high) >> 1;
    if (uses[middle]!.start < range.start) low = middle + 1;
    else high = middle;
  }
  const found: SymbolRef[] = [];
  for (let i = low; i < uses.length && uses[i]!.start < range.end; i++) found.push(uses[i]!.symbol);
  return found;
}

function citationsIn(analysis: Analysis, traces: readonly CriterionTrace[]): ExplanationModel["citations"] {
  const numbers = new Set<number>();
  const visit = (trace: CriterionTrace): void => {
    for (const number of trace.citations) numbers.add(number);
    trace.items.forEach(visit);
  };
  traces.forEach(visit);
  return [...numbers].sort((a, b) => a - b).map((number) => {
    const reference = analysis.references.get(number)?.node;
    return { number, text: proseText(source(analysis), reference?.prose), range: reference && rangeOf(reference) };
  });
}

// ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
function viewFact(fact: FactSymbol, policyCase: PolicyCase): ViewFact {
  const value = policyCase.facts.get(fact.name);
  return {
    name: fact.name,
    question: fact.question,
    input: inputOf(fact.type),
    value: value === undefined ? undefined : writtenValues(fact, value).map((text) => (fact.type.kind === "text" ? text.slice(1, -1) : text)).join(", "),
    records: value === undefined || fact.type.kind !== "records" ? undefined : writtenRecords(fact, value).map((record) => Object.fromEntries(record.map(([name, text]) => [name, text.replace(/^"(.*)"$/su, "$1")]))),
    evidence: evidenceOf(policyCase, fact.name),
    unobtainable: policyCase.unobtainable?.get(fact.name),
    declared: { start: fact.node.start, end: fact.node.question?.end ?? fact.node.name.end },
    given: policyCase.factRanges.get(fact.name),
  };
}

const evidenceOf = ({ evidence }: PolicyCase, name: string): readonly string[] =>
  (evidence?.get(name) ?? []).map(({ date, ...rest }) => evidenceWords({ ...rest, date: date === undefined ? undefined : dateText(date) }));

function inputOf(type: FactType): ViewInput {
  switch (type.kind) {
    case "list": return { ...inputOf(type.of), list: true };
    case "number": return { kind: "number", list: false, unit: unitName(type.unit) || undefined, from: type.from, to: type.to };
    case "choice": return { kind: "choice", list: false, choices: type.choices };
    case "code": return { kind: "code", list: false, systems: type.systems };
    case "records": return { kind: "records", list: true, fields: type.fields.map((field) => ({ name: field.name, question: field.question, input: inputOf(field.type) })) };
    case "unknown": return { kind: "text", list: false };
    default: return { kind: type.kind, list: false };
  }
}

// ── Saving ────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** So many missing facts are written as expected; the writer keeps those that matter. */
const MOST_EXPECTED = 6;

/** Today's outcome of a case as what it expects: the writer makes of it what it should be. */
export function outcomeAsExpectation({ determination, path, decidedBy, missing, statements }: Explanation): { readonly determination: DeterminationName; readonly by?: string | undefined; readonly missing?: readonly string[] | undefined } {
  const kind = statements.find((statement) => statement.address === decidedBy?.address)?.kind;
  const deepest = path.filter((address) => !path.some((other) => other.startsWith(`${address}.`)));
  switch (determination) {
    case "approve": return { determination, by: deepest.length === 1 ? deepest[0] : decidedBy?.address };
    case "pend": return { determination, missing: missing.slice(0, MOST_EXPECTED).map((item) => item.name) };
    case "no statement applies": return { determination };
    case "refer": return { determination, by: kind === undefined || kind === "necessary" ? undefined : decidedBy?.address };
  }
}

/** Outcomes of criteria by the id of their node, to tell what a change has changed. */
export function outcomesById(model: Pick<ExplanationModel, "statements">): ReadonlyMap<string, Outcome> {
  const found = new Map<string, Outcome>();
  const visit = (node: ViewNode): void => {
    found.set(node.id, node.outcome);
    node.items.forEach(visit);
  };
  model.statements.forEach(visit);
  return found;
}

/** A date of service for a case that is begun anew: the policy's first day where it is known to the day. */
export function firstDay(analysis: Analysis): string | undefined {
  const date = analysis.header.fields.get("effective")?.date;
  return date?.day === undefined || date.precision !== "day" ? undefined : dateText(date.day);
}
