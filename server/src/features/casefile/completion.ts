// Proposals in case files: keys, facts with type and question, values by type, attestations, expectations. YAML and JSON.
import type { Analysis, FactSymbol, FactType } from "../../semantics/model.js";
import type { Range } from "../../text.js";
import { ANSWER_WORDS, CASE_WORDS, DETERMINATIONS, LINES_OF_BUSINESS, PATHWAYS } from "../../vocabulary.js";
import { firstDays } from "../completion/cases.js";
import { addresses, choices, codes, factItem, facts, item, terms, units } from "../completion/items.js";
import type { Completion } from "../model.js";
import { type CaseFilePlace, caseFilePlace } from "./place.js";

/** What the proposals draw on. */
export interface CaseFileContext {
  /** The policy of the cases, where it was found. */
  readonly policy: Analysis | undefined;
  /** Names of the policies beside the file. */
  readonly policies: readonly string[];
  readonly json: boolean;
  /** Days since 1970-01-01. */
  readonly today: number;
}

interface Writing extends CaseFileContext {
  readonly text: string;
  readonly place: CaseFilePlace;
  /** What a proposal replaces. */
  readonly range: Range;
}

/** Proposals at an offset of a case file. */
export function caseFileCompletion(text: string, offset: number, context: CaseFileContext): readonly Completion[] {
  const place = caseFilePlace(text, offset);
  if (place === undefined) return [];
  const writing: Writing = { ...context, text, place, range: { start: place.word.start + (place.quote === undefined ? 0 : 1), end: offset } };
  const path = inCase(place.path);
  if (path === undefined) return atTop(writing);
  const [first, ...rest] = path;
  if (first === undefined) return place.at === "value" ? [] : caseKeys(writing, place.path.length === 0);
  switch (first) {
    case "policy": return place.path.length === 1 ? values(writing, context.policies.map((name) => item(writing.range, "reference", name))) : [];
    case "cases": return [];
    case "on": return place.at === "value" ? values(writing, dates(writing)) : [];
    case "codes": return context.policy === undefined ? [] : listed(writing, codes(context.policy, writing.range, context.today, ["CPT", "HCPCS"], true));
    case "line of business": return values(writing, LINES_OF_BUSINESS.map((name) => item(writing.range, "choice", name)));
    case "pathway": return values(writing, terms(writing.range, "choice", PATHWAYS));
    case "facts": return factItems(writing, rest);
    case "criteria": return outcomes(writing, rest, "attested");
    case "expect": return expectation(writing, rest);
    default: return [];
  }
}

/** The path below a case; undefined at the top of a file, outside of its cases. */
function inCase(path: readonly string[]): readonly string[] | undefined {
  if (path[0] === "cases") return path[1] === "-" ? path.slice(2) : undefined;
  return path[0] === "-" ? path.slice(1) : path;
}

const KEYS: readonly (readonly [key: string, below: "value" | "map" | "list", meaning: string])[] = [
  ["name", "value", "What is special about this case, in a few words."],
  ["on", "value", meaningOf("on")],
  ["facts", "map", "The facts of the case, each by its name."],
  ["expect", "map", meaningOf("expect")],
  ["codes", "list", meaningOf("codes")],
  ["criteria", "map", "Criteria that a reviewer answers, by address: `I.B: met`."],
  ["pathway", "value", meaningOf("pathway")],
  ["line of business", "value", meaningOf("line of business")],
  ["note", "value", meaningOf("note")],
];

function meaningOf(word: string): string {
  return CASE_WORDS.find((term) => term.word === word)!.meaning;
}

/** What a key of a case file means. */
export function caseKeyMeaning(key: string): string | undefined {
  return [...KEYS, ...TOP, ...EXPECTED, ...EVIDENCE, ...answerKeys("value"), ...answerKeys("outcome")].find(([word]) => word === key)?.[2];
}

const TOP: typeof KEYS = [["policy", "value", "The policy file the cases belong to, by its name beside this file."], ["cases", "list", "The cases, each beginning with its name."]];

function atTop(writing: Writing): readonly Completion[] {
  const { place, range } = writing;
  if (place.at === "value" || place.path.length > 1) return [];
  // `cases:` and the cursor below it: an entry begins with its dash.
  if (place.path[0] === "cases" && place.at === "key" && !writing.json) return [caseSnippet(writing, range, "- ")];
  return [];
}

function caseKeys(writing: Writing, top: boolean): readonly Completion[] {
  const { place, range } = writing;
  const isEntry = place.at === "entry";
  const fresh = place.keys.size === 0;
  return [
    ...(isEntry && fresh ? [caseSnippet(writing, range, "")] : []),
    ...(top && !place.keys.has("name") ? keyItems(writing, TOP, 0) : []),
    ...(!top || !place.keys.has("cases") ? keyItems(writing, KEYS, 1) : []),
  ];
}

/** Keys that are not written yet, each with what must follow it. */
function keyItems(writing: Writing, keys: typeof KEYS, rank: number): Completion[] {
  const deeper = " ".repeat(writing.place.indent + 2);
  return keys.filter(([key]) => !writing.place.keys.has(key)).map(([key, below, documentation]) => {
    const ending = writing.json || writing.place.flow ? { value: " ", map: " { $0 }", list: " [$0]" }[below] : { value: " ", map: `\n${deeper}`, list: key === "codes" ? " [$0]" : `\n${" ".repeat(writing.place.indent)}  - ` }[below];
    return keyItem(writing, item(writing.range, "field", key, { documentation, rank }), ending);
  });
}

/** A whole case, with places to fill in. */
function caseSnippet(writing: Writing, range: Range, dash: string): Completion {
  const pad = " ".repeat(writing.place.indent + dash.length);
  const on = firstDays(writing.policy, writing.today)[0]!;
  const insert = writing.json || writing.place.flow
    ? `{\n${pad}  "name": "\${1:What is special about it}",\n${pad}  "on": "\${2:${on}}",\n${pad}  "facts": { $3 },\n${pad}  "expect": { "determination": "\${4|approve,pend,refer|}" }\n${pad}}`
    : `${dash}name: \${1:What is special about it}\n${pad}on: \${2:${on}}\n${pad}facts:\n${pad}  $3\n${pad}expect:\n${pad}  determination: \${4|approve,pend,refer|}`;
  return item(range, "snippet", "case", { detail: "a case with its expectation", insert, snippet: true, rank: 0, filter: `${dash}case name` });
}

const dates = (writing: Writing): Completion[] => firstDays(writing.policy, writing.today).map((text, i, all) => item(writing.range, "date", text, { detail: i === all.length - 1 ? "today" : "the policy takes effect", rank: i }));

// ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
function factItems(writing: Writing, [name, ...rest]: readonly string[]): readonly Completion[] {
  const { policy, place } = writing;
  if (policy === undefined) return [];
  const isField = (word: string): boolean => { const type = policy.facts.get(name ?? "")?.type; return type?.kind === "records" && type.fields.some((field) => field.name === word); };
  if (rest[0] === "value" && place.at !== "key" && !isField("value")) return factItems(writing, [name!, ...rest.slice(1)]);
  const beside = isField("evidence") ? undefined : besideAnswer(writing, rest.filter((each) => each !== "-"));
  if (beside !== undefined) return beside;
  if (name === undefined) return place.at === "key" ? facts(policy, writing.range).filter((each) => !place.keys.has(each.label)).map((each) => factKey(writing, each, policy.facts.get(each.label)!)) : [];
  const fact = policy.facts.get(name);
  if (fact === undefined) return [];
  if (fact.type.kind !== "records") return [...valueItems(writing, fact.type), ...(rest.length > 0 ? [] : place.at === "key" ? keyItems(writing, answerKeys("value"), 6) : place.at === "value" ? unable(writing) : [])];
  const { fields } = fact.type;
  // Below a list of records: its fields, and behind a field its values.
  const inRecord = rest.filter((each) => each !== "-");
  const field = fields.find((each) => each.name === inRecord[0]);
  if (field !== undefined) return place.at === "value" ? valueItems(writing, field.type) : [];
  if (inRecord.length > 0) return [];
  if (place.at === "value") return writing.json || place.flow ? [] : [item(writing.range, "choice", "[]", { documentation: "An empty list: it is known that there are none.", rank: 3 })];
  if (place.flow && place.at === "entry") return [item(writing.range, "snippet", "{ … }", { detail: "a record", insert: `{ ${fields.map((each, i) => `${quotedKey(writing, each.name)}: $${i + 1}`).join(", ")} }`, snippet: true, rank: 0, filter: "{" })];
  if (!place.flow && place.at === "key" && rest.length === 0) return [item(writing.range, "snippet", "- …", { detail: "a record", insert: `- ${fields.map((each, i) => `${each.name}: $${i + 1}`).join(`\n${" ".repeat(place.indent + 2)}`)}`, snippet: true, rank: 0, filter: "-" })];
  return fields.filter((each) => !place.keys.has(each.name)).map((each) => keyItem(writing, factItem(writing.range, each, 1), " "));
}

/** A fact with what must follow it: a list of records begins on lines of its own. */
function factKey(writing: Writing, proposal: Completion, fact: FactSymbol): Completion {
  const { place } = writing;
  const isFlow = writing.json || place.flow;
  const ending = fact.type.kind === "records" ? (isFlow ? " [$0]" : `\n${" ".repeat(place.indent + 2)}- `) : fact.type.kind === "list" ? " [$0]" : " ";
  return keyItem(writing, proposal, ending);
}

function valueItems(writing: Writing, type: FactType): readonly Completion[] {
  const { policy, place, range, text, today } = writing;
  if (place.at === "key" || policy === undefined) return [];
  switch (type.kind) {
    case "number": {
      const figure = /^-?\d[\d.]*(\s*)/u.exec(text.slice(range.start, range.end));
      if (figure === null || type.unit.text === "") return [];
      const unit = { start: range.start + figure[0].length, end: range.end };
      // A figure with its unit is text in JSON.
      if (writing.json && place.quote === undefined) return [];
      return units(unit, type.unit).map((each) => (figure[1] === "" ? { ...each, insert: ` ${each.label}` } : each));
    }
    case "yes/no": return writing.json && place.quote === undefined ? ["true", "false"].map((word) => item(range, "choice", word, { detail: word === "true" ? "yes" : "no", rank: 0 })) : values(writing, choices(type, range));
    case "date": return values(writing, dates(writing));
    case "choice": return values(writing, choices(type, range));
    case "code": return values(writing, codes(policy, range, today, type.systems));
    case "list": {
      const all = type.of.kind === "code" ? codes(policy, range, today, type.of.systems) : choices(type, range);
      return listed(writing, all);
    }
    default: return [];
  }
}

// ── Evidence, and what could not be obtained ──────────────────────────────────────────────────────────────────────────
const [UNABLE] = ANSWER_WORDS;
const answerKeys = (main: "value" | "outcome"): typeof KEYS => [
  [main, "value", main === "value" ? "The value of the fact." : "The answer of the reviewer: met, not met or unknown."], ["evidence", "map", "Where the answer comes from: source, page, date and note; a list where there are several."],
  [UNABLE.word, "value", UNABLE.meaning],
];
const EVIDENCE: typeof KEYS = [
  ["source", "value", "The document or record that the answer comes from."], ["page", "value", "The page of the source."], ["date", "value", "The day of the document or entry."], ["note", "value", meaningOf("note")],
];

/** Behind a figure something else is meant. */
const unable = (writing: Writing): readonly Completion[] => (/^\d/u.test(writing.text.slice(writing.range.start, writing.range.end)) ? [] : values(writing, terms(writing.range, "keyword", ANSWER_WORDS, 8)));

/** Proposals below `evidence` and behind `unable to obtain`; undefined elsewhere. */
function besideAnswer(writing: Writing, [first, part]: readonly string[]): readonly Completion[] | undefined {
  const { place, range } = writing;
  if (first === UNABLE.word) return place.at === "value" ? [item(range, "choice", "true", { documentation: "Without a reason; with one, write the reason instead.", rank: 0 })] : [];
  if (first !== "evidence") return undefined;
  if (part === undefined) return place.at === "value" ? [] : keyItems(writing, EVIDENCE, 0);
  return part === "date" && place.at === "value" ? values(writing, dates(writing)) : [];
}

// ── Criteria and expectations ─────────────────────────────────────────────────────────────────────────────────────────
function outcomes(writing: Writing, path: readonly string[], wanted: "all" | "attested"): readonly Completion[] {
  const { policy, place, range } = writing;
  if (policy === undefined) return [];
  if (wanted === "attested" && path.length > 0) {
    const beside = besideAnswer(writing, path.slice(1).filter((each) => each !== "-"));
    if (beside !== undefined) return beside;
    if (path.length === 1 && place.at === "key") return keyItems(writing, answerKeys("outcome"), 1);
    if (path.length === 1 && place.at === "value") return [...values(writing, ["met", "not met", "unknown"].map((word, i) => item(range, "choice", word, { rank: i }))), ...unable(writing)];
    if (path[1] !== "outcome") return [];
  }
  if (path.length === 0) return place.at === "key" ? addresses(policy, range, wanted).filter((each) => !place.keys.has(each.label)).map((each) => keyItem(writing, each, " ")) : [];
  return place.at === "value" ? values(writing, ["met", "not met", "unknown"].map((word, i) => item(range, "choice", word, { rank: i }))) : [];
}

const EXPECTED: typeof KEYS = [
  ["determination", "value", "What the case comes to: approve, pend, refer or no statement applies."], ["by", "value", "A criterion that is met in the deciding statement, or the statement that decided."],
  ["missing", "list", "What must be among the facts still missing."], ["criteria", "map", "The outcome of single criteria, by address."],
];

function expectation(writing: Writing, [key, ...rest]: readonly string[]): readonly Completion[] {
  const { policy, place, range } = writing;
  const determinations = (): readonly Completion[] => values(writing, terms(range, "keyword", DETERMINATIONS, 0));
  if (key === undefined) return place.at === "key" ? keyItems(writing, EXPECTED.map(([word, below, meaning]) => [word, below === "list" ? "value" : below, meaning]), 0) : place.at === "value" ? determinations() : [];
  switch (key) {
    case "determination": return place.at === "value" ? determinations() : [];
    case "by": return policy === undefined ? [] : values(writing, addresses(policy, range));
    case "missing": return policy === undefined ? [] : listed(writing, [...facts(policy, range), ...addresses(policy, range, "attested"), ...["pathway", "codes", "line of business"].map((word) => item(range, "keyword", word, { rank: 6 }))]);
    case "criteria": return outcomes(writing, rest, "all");
    default: return [];
  }
}

// ── How a word is written ─────────────────────────────────────────────────────────────────────────────────────────────
const quotedKey = (writing: Writing, key: string): string => (writing.json ? `"${key}"` : key);

/** A key with its colon; in JSON in quotation marks, also where one of them is there already. */
function keyItem(writing: Writing, proposal: Completion, ending: string): Completion {
  const { place, text } = writing;
  const snippet = ending.includes("$");
  if (!writing.json && place.quote === undefined) return { ...proposal, insert: `${proposal.label}:${ending}`, snippet, goesOn: true };
  const quote = place.quote ?? "\"";
  const end = place.quote !== undefined && text[proposal.end] === quote ? proposal.end + 1 : proposal.end;
  // The colon stands already where a key is changed.
  const colon = /^\s*:/u.test(text.slice(end)) ? "" : `:${ending}`;
  return { ...proposal, start: place.word.start, end, insert: `${quote}${proposal.label}${quote}${colon}`, filter: `${quote}${proposal.label}`, snippet: snippet && colon !== "", goesOn: colon !== "" };
}

/** Values, in JSON between quotation marks. */
function values(writing: Writing, all: readonly Completion[]): readonly Completion[] {
  const { place, json, text } = writing;
  if (place.at === "key") return [];
  if (!json || place.quote !== undefined) return all.map((each) => ({ ...each, ...(each.filter === undefined ? {} : { filter: each.filter }), ...(place.quote !== undefined && text[each.end] !== place.quote ? { insert: `${each.insert ?? each.label}${place.quote}` } : {}) }));
  return all.map((each) => ({ ...each, insert: `"${each.insert ?? each.label}"` }));
}

/** Values of a list: between brackets as they are, else with brackets around the first. */
function listed(writing: Writing, all: readonly Completion[]): readonly Completion[] {
  const { place } = writing;
  const fresh = all.filter((each) => !place.entries.includes(each.label));
  if (place.at === "entry") return values(writing, fresh);
  if (place.at !== "value" || place.quote !== undefined) return place.at === "key" && !place.flow ? fresh.map((each) => ({ ...each, insert: `- ${each.label}`, filter: `- ${each.label}` })) : [];
  const quote = writing.json ? "\"" : "";
  return fresh.map((each) => ({ ...each, insert: `[${quote}${each.insert ?? each.label}${quote}]` }));
}
