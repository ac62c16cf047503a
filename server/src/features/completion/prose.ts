// Proposals outside conditions: sections, header fields, types of facts, the words of criteria, rows of the tables.
import type { Analysis } from "../../semantics/model.js";
import { dateText } from "../../syntax/dates.js";
import type { Range } from "../../text.js";
import { CLAUSE_KEYWORDS, CODE_SYSTEMS, COMBINATORS, DATE_FIELDS, HEADER_FIELDS, LINES_OF_BUSINESS, MAPPING_WORDS, OPEN_LIST, SECTIONS, STATEMENT_PHRASES, TYPE_WORDS } from "../../vocabulary.js";
import type { Completion } from "../model.js";
import { addresses, codes, item, terms, units } from "./items.js";

/** Sections that the policy does not have yet; on an empty file, the header. */
export function sectionItems(analysis: Analysis, range: Range): Completion[] {
  const there = new Set<string>(analysis.document.sections.filter((section) => section.end < range.start || section.start > range.end).map((section) => section.kind));
  const header = analysis.document.header === undefined
    ? [item(range, "snippet", "policy", { detail: "the header of a policy", rank: 0, snippet: true, insert: "policy ${1:CP.XX.1} \"${2:Title}\"\n  plan              ${3:Plan}\n  line of business  ${4|Medicaid,Medicare,Marketplace,Commercial|}\n  effective         ${5:2026-01-01}\n" })]
    : [];
  return [...header, ...terms(range, "section", SECTIONS.filter((section) => !there.has(section.word)), 1, "\n  ")];
}

/** Fields of the header that are not written yet. */
export function headerItems(analysis: Analysis, before: string, range: Range, today: number): Completion[] {
  if (/^\s+(?:revised|approved|effective|ends|next review)\s+$/u.test(before)) return [item(range, "date", dateText(today), { detail: "today" })];
  if (/^\s+line of business\s+(?:.*,\s*)?$/u.test(before)) return LINES_OF_BUSINESS.map((name) => item(range, "choice", name));
  if (!/^\s+(?:[a-z]+ )*$/u.test(before)) return [];
  const written = new Set<string | undefined>([...analysis.header.fields.values()].filter((field) => field.end < range.start || field.start > range.end).map((field) => field.name));
  const indent = before.length - before.trimStart().length;
  const whole = { start: range.start - (before.length - indent), end: range.end };
  return HEADER_FIELDS.filter((field) => !written.has(field.word)).map((field) => item(whole, "field", field.word, { insert: field.word.padEnd(18), documentation: `${field.meaning}${DATE_FIELDS.has(field.word) ? " Written `2025-03-05`, or `2025-03`." : ""}` }));
}

/** The type of a fact. */
export function typeItems(before: string, range: Range): Completion[] {
  // Deeper than a fact stands `from fhir`, or a field.
  if (/^\s{3,}(?:from\s+)?$/u.test(before)) {
    const start = range.start - (before.length - (/^\s*/u.exec(before)![0].length));
    return terms({ start, end: range.end }, "keyword", MAPPING_WORDS, 3).map((each) => ({ ...each, insert: `${each.label} "$1"`, snippet: true }));
  }
  const match = /^\s*[\p{L}_][\p{L}\p{N}_-]*\s+(list of\s+)?$/u.exec(before);
  if (match === null) return /\bor\s+$/u.test(before) ? systems(range) : [];
  const types = TYPE_WORDS.filter((type) => match[1] === undefined || type.word !== "list of");
  return [...terms(range, "type", types, 0), ...systems(range), ...units(range)];
}

const systems = (range: Range): Completion[] => CODE_SYSTEMS.map((system) => item(range, "type", system.word, { documentation: `${system.meaning} Example: \`${system.example}\``, rank: 2 }));

/** At the start of a line in `criteria`. */
export function clauseItems(range: Range, atTop: boolean): Completion[] {
  const keywords = CLAUSE_KEYWORDS.filter((term) => term.word !== "applies to" || !atTop);
  return terms(range, "keyword", keywords, 1, " ").map((each) => ({ ...each, goesOn: each.label !== "note" }));
}

/** Combinator phrases and, in a statement, what it may say. Offered once a few letters of them are typed. */
export function phraseItems(prose: string, offset: number, isStatement: boolean): Completion[] {
  const typed = /(?:^|[\s,:;(])((?:any|all|one|two|each|both|either|none|at least|exactly|only|absence|may|includ\p{L}*|medically|investig\p{L}*|not|experim\p{L}*|an|al|bo|no)(?:\s[\p{L}\d]+){0,3}|\p{L}{2,})$/iu.exec(prose)?.[1];
  if (typed === undefined) return [];
  const range = { start: offset - typed.length, end: offset };
  const phrases = COMBINATORS.map((each) => item(range, "phrase", each.example, { insert: `${each.example}:`, documentation: each.meaning, rank: 1 }));
  const open = OPEN_LIST.map((each) => item(range, "phrase", each.example, { documentation: "The list is open: when nothing on it matches, a clinician decides.", rank: 2 }));
  const statements = isStatement ? STATEMENT_PHRASES.map((each) => item(range, "phrase", each.term.word, { documentation: each.term.meaning, rank: 0 })) : [];
  return [...statements, ...phrases, ...open].filter((each) => each.label.toLowerCase().startsWith(typed.toLowerCase()));
}

/** A row of the code table. */
export function codeRowItems(analysis: Analysis, before: string, range: Range, today: number): Completion[] {
  if (/^\s*$/u.test(before)) return systems(range).map((each) => ({ ...each, insert: `${each.label} ` }));
  if (/\bfor\s+(?:\S+,\s*)*$/u.test(before)) return addresses(analysis, range);
  if (/\bsee\s+(?:\S+,\s*)*$/u.test(before)) return codes(analysis, range, today);
  if (!/^\s*\S+\s+\S+\s+.*(?:\s{2}|,\s*)$/u.test(before)) return [];
  return terms(range, "keyword", [
    { word: "effective", meaning: "First date of service the code is valid for." }, { word: "ended", meaning: "Last date of service the code is valid for." },
    { word: "see", meaning: "The codes that replace it." }, { word: "for", meaning: "The statement or criterion the code belongs to, by its address." },
  ], 1, " ");
}

/** The dates of a revision. */
export function revisionItems(before: string, range: Range): Completion[] {
  if (!/^\s*\d{4}-\d{2}(?:-\d{2})?,.*(?:,|\s)$/u.test(before)) return [];
  return terms(range, "keyword", [{ word: "approved", meaning: "Date of approval." }, { word: "effective", meaning: "First date of service it applies to." }], 1, " ");
}

const LENGTHS = ["3 months", "6 months", "12 months"];
const TIMES = [{ word: "days", meaning: "Calendar days." }, { word: "weeks", meaning: "Seven days each." }, { word: "months", meaning: "Calendar months." }, { word: "years", meaning: "Calendar years." }];

/** Behind `approval duration` and `quantity limit`: lengths of time, where one is wanted. */
export function approvalItems(keyword: string, before: string, offset: number): Completion[] {
  if (keyword === "note") return [];
  const here = { start: offset, end: offset };
  if (keyword === "approval duration" && /^\s*$/u.test(before)) return LENGTHS.map((length) => item(here, "unit", length, { rank: 0 }));
  const time = (keyword === "approval duration" ? /^\s*[\d.]+\s+(\p{L}*)$/u : /\sper\s+(?:[\d.]+\s+)?(\p{L}*)$/u).exec(before)?.[1];
  return time === undefined ? [] : terms({ start: offset - time.length, end: offset }, "unit", TIMES, 0);
}

/** `applies to …` */
export function scopeItems(analysis: Analysis, before: string, range: Range, today: number, pathways: readonly Completion[]): Completion[] | undefined {
  if (/^\s*$/u.test(before)) {
    return terms(range, "keyword", [
      { word: "codes", meaning: "Requests for these codes." }, { word: "line of business", meaning: "Requests of members of these lines of business." },
      { word: "pathway", meaning: "Initial, continuation, repeat, retrospective or discharge requests." }, { word: "age", meaning: "Members of an age, by the fact `age`." },
    ], 1, " ");
  }
  if (/^\s*codes\s/u.test(before)) return codes(analysis, range, today, [], !/(?:CPT|HCPCS|ICD-10-CM)\s+$/u.test(before));
  if (/^\s*line of business\s/u.test(before)) return LINES_OF_BUSINESS.map((name) => item(range, "choice", name));
  return /^\s*pathway\s/u.test(before) ? [...pathways] : undefined;
}
