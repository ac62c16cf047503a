// What letters and worksheets have in common: answers with their evidence, what is lacking, sources, the policy's own data.
import type { Explanation } from "../../evaluate/model.js";
import type { Analysis, CriterionSymbol, Evidence, FactSymbol, Policy, PolicyCase, RecordValue } from "../../semantics/model.js";
import { proseText } from "../../semantics/prosetext.js";
import type { DateValue } from "../../syntax/ast.js";
import type { HeaderKey } from "../../vocabulary.js";
import type { Answered, Audience, Lacking, Letter, LetterEvidence, LetterSource } from "./model.js";
import { capitalized, dayInWords, monthInWords, plainFor, type Plain, said, visible } from "./plain.js";
import { wordsOf } from "./rules.js";
import { readDate } from "../../syntax/dates.js";

/** What a letter or a worksheet is written from. */
export interface Writing {
  readonly analysis: Analysis;
  readonly policy: Policy;
  readonly policyCase: PolicyCase;
  readonly explanation: Explanation;
  readonly audience: Audience;
  readonly plain: Plain;
}

/** Puts together what a letter or a worksheet is written from. */
export function writingOf(policy: Policy, policyCase: PolicyCase, explanation: Explanation, audience: Audience): Writing {
  const { analysis } = policy;
  return { analysis, policy, policyCase, explanation, audience, plain: plainFor(analysis, policyCase, audience) };
}

/** So many entries of a list of records are told. */
const MOST_ENTRIES = 20;

/** What the record says to a question; undefined where it says nothing. */
export function answerTo(writing: Writing, fact: FactSymbol): Answered | undefined {
  const { plain, policyCase } = writing;
  const given = policyCase.facts.get(fact.name);
  if (given === undefined) return undefined;
  const question = plain.question(fact);
  let answer = plain.value(fact.type, given);
  let lines: readonly string[] = [];
  if (fact.type.kind === "records") {
    const entries = plain.records(fact, given as readonly RecordValue[]);
    const told = entries.slice(0, MOST_ENTRIES);
    if (entries.length > 1) lines = [...told, ...(entries.length > told.length ? [`And ${entries.length - told.length} more`] : [])];
    answer = entries.length === 0 ? "none" : `${told.map((entry, i) => (entries.length === 1 ? entry : `(${i + 1}) ${entry}`)).join(". ")}${entries.length > told.length ? `. And ${entries.length - told.length} more` : ""}`;
  }
  return { question, answer, text: said(question, answer), entries: lines, evidence: evidenceFor(writing, fact.name) };
}

/** Where an answer was found. Members are not told: sources are names of files and systems. */
export function evidenceFor({ policyCase, plain, audience }: Writing, name: string): readonly LetterEvidence[] {
  if (audience === "member") return [];
  return (policyCase.evidence?.get(name) ?? []).map((evidence) => evidenceOf(evidence, plain));
}

function evidenceOf({ source, page, date, note }: Evidence, plain: Plain): LetterEvidence {
  const made = { source: plain.words(source), page: page === undefined ? "" : visible(page), date: date === undefined ? "" : dayInWords(date), note: note === undefined ? "" : plain.words(note) };
  const text = [made.source, made.page === "" ? "" : `${/^\d+$/u.test(made.page) ? "page" : "pages"} ${made.page}`, made.date, made.note].filter((part) => part !== "").join(", ");
  return { ...made, text };
}

/** A question that is open, with what its answer can be. */
export function lackingFact(writing: Writing, fact: FactSymbol, sections: readonly string[] = []): Lacking {
  const { plain, policyCase } = writing;
  const { type } = fact;
  const answers = type.kind === "yes/no" ? ["yes", "no"] : type.kind === "choice" && type.choices.length <= 8 ? type.choices.map((_, i) => plain.value(type, i)) : [];
  return { question: plain.question(fact), answers, sections, first: true, ...unobtainable(policyCase, fact.name, plain) };
}

/** A criterion that the reviewer has not answered. */
export function lackingCriterion({ analysis, plain, policyCase }: Writing, symbol: CriterionSymbol): Lacking {
  return { question: `Is this so? ${capitalized(plain.words(wordsOf(analysis, symbol, false)))}`, answers: ["yes", "no"], sections: [symbol.address], first: true, ...unobtainable(policyCase, symbol.address, plain) };
}

function unobtainable({ unobtainable }: PolicyCase, name: string, plain: Plain): { readonly unobtainable: boolean; readonly reason: string } {
  const reason = unobtainable?.get(name);
  return { unobtainable: reason !== undefined, reason: reason === undefined ? "" : plain.words(reason) };
}

const REQUEST_QUESTIONS: Readonly<Record<string, string>> = {
  codes: "Which services are requested?", "line of business": "Which health plan product is the member enrolled in?",
  pathway: "Is this a first request, or a request to continue or repeat a treatment?",
};

/** What is missing, each with the sections that ask for it. */
export function missingOf(writing: Writing): readonly Lacking[] {
  const { analysis, explanation } = writing;
  const sections = new Map<string, string[]>();
  for (const { names, address } of askers(writing)) for (const name of names) {
    const list = sections.get(name) ?? [];
    if (!list.includes(address)) list.push(address);
    sections.set(name, list);
  }
  return explanation.missing.map((item): Lacking => {
    const fact = item.kind === "fact" ? analysis.facts.get(item.name) : undefined;
    if (fact !== undefined) {
      const incomplete = writing.policyCase.facts.has(fact.name);
      const lacking = lackingFact(writing, fact, sections.get(fact.name) ?? []);
      return incomplete ? { ...lacking, question: `${lacking.question} (the list that we have is not complete)` } : lacking;
    }
    const symbol = item.kind === "criterion" ? analysis.byAddress.get(item.name) : undefined;
    if (symbol !== undefined) return lackingCriterion(writing, symbol);
    return { question: REQUEST_QUESTIONS[item.name] ?? capitalized(item.name), answers: [], sections: [], first: true, unobtainable: false, reason: "" };
  });
}

/** The criteria that are not known, each with the names of the facts its own conditions read. */
function askers({ analysis, explanation }: Writing): readonly { readonly names: ReadonlySet<string>; readonly address: string }[] {
  const open = new Set(Object.entries(explanation.outcomes).filter(([, outcome]) => outcome === "unknown").map(([address]) => address));
  const asking = new Map<string, Set<string>>();
  for (const { symbol, start } of analysis.uses) {
    if (symbol.kind !== "fact" && symbol.kind !== "definition") continue;
    const at = criterionAt(analysis, start);
    if (at === undefined || !open.has(at.address)) continue;
    const names = asking.get(at.address) ?? new Set<string>();
    asking.set(at.address, names);
    if (symbol.kind === "fact") names.add(symbol.owner ?? symbol.name);
    else for (const name of factsOfDefinition(analysis, symbol.name, new Set())) names.add(name);
  }
  return [...asking].map(([address, names]) => ({ names, address }));
}

function factsOfDefinition(analysis: Analysis, name: string, visited: Set<string>): readonly string[] {
  if (visited.has(name)) return [];
  visited.add(name);
  const node = analysis.definitions.get(name)?.node;
  if (node === undefined) return [];
  return analysis.uses.filter(({ start, declaration }) => !declaration && start >= node.start && start < node.end)
    .flatMap(({ symbol }) => (symbol.kind === "fact" ? [symbol.owner ?? symbol.name] : symbol.kind === "definition" ? factsOfDefinition(analysis, symbol.name, visited) : []));
}

/** The innermost labelled criterion that holds an offset; criteria stand in the order of the text, parents first. */
function criterionAt({ criteria }: Analysis, offset: number): CriterionSymbol | undefined {
  let low = 0;
  for (let high = criteria.length; low < high;) {
    const middle = (low + high) >> 1;
    if (criteria[middle]!.node.start <= offset) low = middle + 1;
    else high = middle;
  }
  let at: CriterionSymbol | undefined = criteria[low - 1];
  while (at !== undefined && (offset >= at.node.end || at.role !== "criterion")) at = at.parent;
  return at;
}

/** References by their numbers. */
export function sourcesOf({ analysis }: Writing, numbers: Iterable<number>): readonly LetterSource[] {
  const source = { text: analysis.text, comments: analysis.document.comments };
  return [...new Set(numbers)].sort((a, b) => a - b).flatMap((number) => {
    const prose = analysis.references.get(number)?.node.prose;
    return prose === undefined ? [] : [{ number, text: visible(proseText(source, prose)) }];
  });
}

/** What a letter says of the policy: of the version that decided. */
export function policyData({ analysis, explanation, plain }: Writing): Letter["policy"] {
  const { header } = analysis;
  // The version that decided has its dates in the explanation, also where another day than that of the service picked it.
  const { effective, ends } = explanation.policy;
  const day = (key: HeaderKey, version?: string): string => dateInWords(version === undefined ? header.fields.get(key)?.date : readDate(version, 0));
  const plan = header.fields.get("plan")?.value?.text;
  return { number: visible(header.number ?? ""), title: plain.words(header.title ?? ""), plan: plan === undefined ? "" : plain.words(plan), effective: day("effective", effective), ends: day("ends", ends), revised: day("revised") };
}

const dateInWords = (date: DateValue | undefined): string => (date?.day === undefined ? "" : date.precision === "month" ? monthInWords(date.day) : dayInWords(date.day));

/** What is requested, in the words of the policy's table of codes. */
export function requestedServices({ policyCase, plain }: Writing): readonly string[] {
  return [...new Set((policyCase.codes ?? []).map((held) => plain.description(held)).filter((text) => text !== undefined))];
}

/** For how long and how much is approved. */
export function approvalData({ explanation, plain }: Writing): Letter["approval"] {
  const { approval } = explanation;
  if (approval === undefined) return null;
  const limits = approval.quantities.map(({ text, codes }) => {
    const words = plain.words(text);
    // A code that the limit names has mostly given way to these words already.
    const of = (codes ?? []).map((code) => plain.description(code)).filter((each) => each !== undefined && !words.includes(plain.words(each)));
    return `${words}${of.length > 0 ? ` (${[...new Set(of)].join(", ")})` : ""}`;
  });
  const until = approval.duration === undefined ? undefined : readDate(approval.duration.until, 0).day;
  return { duration: approval.duration === undefined ? "" : plain.words(approval.duration.text), until: until === undefined ? "" : dayInWords(until), quantities: limits };
}

