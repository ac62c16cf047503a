// Proposals in the `cases` section: facts with their values, attestations, expectations.
import type { Analysis, FactSymbol } from "../../semantics/model.js";
import { dateText } from "../../syntax/dates.js";
import type { Range } from "../../text.js";
import { ANSWER_WORDS, CASE_WORDS, DETERMINATIONS, LINES_OF_BUSINESS, PATHWAYS } from "../../vocabulary.js";
import type { Completion } from "../model.js";
import { addresses, choices, codes, factItem, facts, item, terms, units } from "./items.js";

const OUTCOMES = ["met", "not met", "unknown"];
const EVIDENCE_PARTS = [{ word: "page", meaning: "The page of the source: `page 3`, `pages 2-4`." }, { word: "note", meaning: "A remark, to the end of the line." }];
const FACT_VALUE = /^\s*(?:[-•*]\s+)?(?:.*,\s*)?([\p{L}_][\p{L}\p{N}_-]*)\s*=\s*(.*)$/u;
const LIST_VALUE = /^\s*([\p{L}_][\p{L}\p{N}_-]*)\s*=\s*(.*,\s*)?$/u;

/** Proposals behind `before`, the words of the line up to the word that is being typed at `range`. */
export function caseItems(analysis: Analysis, before: string, range: Range, today: number, record: FactSymbol | undefined): readonly Completion[] {
  if (/^\s*$/u.test(before)) return lineStart(analysis, range, today);
  if (/^\s*on\s+$/u.test(before)) return firstDays(analysis, today).map((text, i, all) => item(range, "date", text, { detail: i === all.length - 1 ? "today" : "the policy takes effect", rank: i }));
  if (/^\s*pathway\s+$/u.test(before)) return terms(range, "choice", PATHWAYS);
  if (/^\s*line of business\s+$/u.test(before)) return LINES_OF_BUSINESS.map((name) => item(range, "choice", name));
  if (/^\s*codes\s+(?:.*,\s*)?$/u.test(before)) return codes(analysis, range, today, ["CPT", "HCPCS"], true);
  if (/^\s*codes\s+(?:.*,\s*)?(?:CPT|HCPCS)\s+$/u.test(before)) return codes(analysis, range, today, [/CPT\s+$/u.test(before) ? "CPT" : "HCPCS"]);
  if (/^\s*expect\b/u.test(before)) return expectation(analysis, before, range);
  if (/^\s*[-•*]\s+(?:.*,\s*)?$/u.test(before)) return record?.type.kind === "records" ? record.type.fields.map((field) => factItem(range, field, 0, " = ")) : [];
  if (/^\s*evidence\s/u.test(before)) return /,\s*$/u.test(before) ? terms(range, "keyword", EVIDENCE_PARTS, 1, " ") : [];
  if (/^\s*\S*\.\S*\s*=\s*$|^\s*[IVX]+\s*=\s*$/u.test(before)) return [...OUTCOMES.map((word) => item(range, "choice", word)), ...terms(range, "keyword", ANSWER_WORDS, 8)];
  return [...valueItems(analysis, before, range, today, record), ...(analysis.facts.has(/^\s*([\p{L}_][\p{L}\p{N}_-]*)\s*=\s*$/u.exec(before)?.[1] ?? "") ? terms(range, "keyword", ANSWER_WORDS, 8) : [])];
}

/** Dates of service that are likely: the first that the policy applies to, and today. */
export function firstDays(analysis: Analysis | undefined, today: number): readonly string[] {
  const effective = analysis?.header.fields.get("effective")?.date?.text;
  return [...(effective !== undefined && effective.length === 10 ? [effective] : []), dateText(today)];
}

function lineStart(analysis: Analysis, range: Range, today: number): Completion[] {
  const [on] = firstDays(analysis, today);
  // Before the first case there is nothing that a fact could belong to.
  const begun = analysis.cases.some(({ range: { start } }) => start < range.start);
  const newCase = item(range, "snippet", "case", { detail: "a case with its expectation", insert: `case "\${1:What is special about it}"\n  on \${2:${on}}\n  \${3:fact} = \${4:value}\n  expect \${5|approve,pend,refer|}`, snippet: true, rank: 2 });
  return !begun ? [newCase] : [
    ...facts(analysis, range, undefined, 1, " = "),
    ...addresses(analysis, range, "attested", " = "),
    ...terms(range, "keyword", CASE_WORDS.filter((term) => term.word !== "case"), 3, " "),
    newCase,
  ];
}

function expectation(analysis: Analysis, before: string, range: Range): Completion[] {
  if (/\b(?:by)\s+$/u.test(before)) return addresses(analysis, range);
  if (/\bmissing\s+(?:.*,\s*)?$/u.test(before)) return [...facts(analysis, range), ...addresses(analysis, range, "attested"), ...["pathway", "codes", "line of business"].map((word) => item(range, "keyword", word, { rank: 6 }))];
  if (/^\s*expect\s+$/u.test(before)) return [...terms(range, "keyword", DETERMINATIONS, 0), ...addresses(analysis, range, "all", " ")];
  if (/^\s*expect\s+(?:approve|pend|refer)\b.*\s$/u.test(before)) {
    return [item(range, "keyword", "by", { insert: "by ", documentation: "The criterion that is met, or the statement that decides.", goesOn: true }), item(range, "keyword", "missing", { insert: "missing ", documentation: "What must be among the facts still missing.", goesOn: true })];
  }
  return /^\s*expect\s+\S+\s+$/u.test(before) ? OUTCOMES.map((word) => item(range, "choice", word)) : [];
}

function valueItems(analysis: Analysis, before: string, range: Range, today: number, record: FactSymbol | undefined): Completion[] {
  const match = FACT_VALUE.exec(before);
  if (match === null) return [];
  const inRecord = /^\s*[-•*]\s/u.test(before);
  const list = LIST_VALUE.exec(before);
  const name = inRecord ? match[1]! : list?.[1] ?? match[1]!;
  const fields = record?.type.kind === "records" ? record.type.fields : [];
  const fact = inRecord ? fields.find((field) => field.name === name) : analysis.facts.get(name);
  if (fact === undefined) return [];
  const { type } = fact;
  if (type.kind === "number") return /\d\s+$/u.test(before) ? units(range, type.unit) : [];
  const of = type.kind === "list" ? type.of : type;
  if (of.kind === "code") return codes(analysis, range, today, of.systems);
  return [...choices(type, range), ...(type.kind === "list" && list?.[2] === undefined ? [item(range, "choice", "none", { documentation: "An empty list: it is known that there are none.", rank: 6 })] : [])];
}
