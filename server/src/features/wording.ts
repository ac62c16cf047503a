// How things are put into words and Markdown: types, combinators, statements, dates, links.
import { proseText, type ReadableText } from "../semantics/prosetext.js";
import type { Analysis, Combination, FactType, ListType, RecordsType } from "../semantics/model.js";
import type { Reference } from "../syntax/ast.js";
import { counted, sentenceList } from "../text.js";
import { type StatementKind, STATEMENT_PHRASES, UNIT_WORDS } from "../vocabulary.js";

/** What reading prose needs of an analysis. */
export function readable(analysis: Analysis): ReadableText {
  return { text: analysis.text, comments: analysis.document.comments };
}

/** Prose that Markdown shows as written. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~$]/gu, "\\$&").replace(/^(\d+)([.)])/gmu, "$1\\$2").replace(/^([-+])/gmu, "\\$1");
}

/** Words in the letters of code, whatever they hold. */
export function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return fence === "`" ? `\`${text}\`` : `\`\` ${text} \`\``;
}

/** A type in words: "number in years", "one of left, right", "list of records (kind, started)". */
export function typeText(type: FactType): string {
  switch (type.kind) {
    case "yes/no": return "yes or no";
    case "number": return `number${type.unit.text === "" ? "" : ` in ${type.unit.text}`}${limits(type.from, type.to)}`;
    case "date": return "date";
    case "text": return "text";
    case "choice": return `one of ${type.choices.join(", ")}`;
    case "code": return `code of ${sentenceList(type.systems, "or")}`;
    case "list": return listText(type);
    case "records": return recordsText(type);
    case "unknown": return "of a type that could not be read";
  }
}

const limits = (from: number | undefined, to: number | undefined): string => (from === undefined || to === undefined ? "" : ` from ${from} to ${to}`);

function listText(type: ListType): string {
  if (type.of.kind === "code") return `list of ${sentenceList(type.of.systems, "or")} codes`;
  return type.of.kind === "choice" ? `any of ${type.of.choices.join(", ")}` : `list of ${typeText(type.of)}`;
}

function recordsText(type: RecordsType): string {
  return `list of records (${type.fields.map((field) => field.name).join(", ")})`;
}

/** What a unit is called. */
export function unitMeaning(text: string): string {
  return UNIT_WORDS.find((unit) => unit.words.includes(text) || unit.ucum === text)?.meaning ?? text;
}

/** What a unit is called and its UCUM code. */
export function unitText(text: string, ucum: string): string {
  const meaning = unitMeaning(text);
  return `${meaning === text ? unitMeaning(ucum) : meaning} (UCUM ${code(ucum)})`;
}

/** How the items of a list decide, in words. */
export function combinationText(combination: Combination, items: number): string {
  return `Met when ${combinationWords(combination)} of its ${counted(items, "item")} ${combination.op === "none" || (combination.count === 1 && combination.op !== "all") || combination.op === "any" ? "is" : "are"} met.`
    + (combination.open ? " The list is open: when nothing on it matches, a clinician decides." : "");
}

function combinationWords({ op, count }: Combination): string {
  switch (op) {
    case "all": return "every one";
    case "any": return "at least one";
    case "none": return "none";
    case "at-least": return `at least ${count}`;
    case "exactly": return `exactly ${count}`;
  }
}

/** What a statement says when it is met. */
export function statementText(kind: StatementKind): string {
  return STATEMENT_PHRASES.find((phrase) => phrase.kind === kind)!.term.meaning;
}

const DOI = /\bdoi:?\s*(?:https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/[^\s"<>]+)/i;
const URL = /\bhttps?:\/\/[^\s"<>]+/i;
const trimmedLink = (link: string): string => {
  const bare = link.replace(/[.,;:]+$/u, "");
  return bare.endsWith(")") && !bare.includes("(") ? bare.slice(0, -1) : bare;
};

/** Where a reference can be read: its DOI (https://doi.org/…) or the address it gives. */
export function referenceLink(text: string): string | undefined {
  const doi = DOI.exec(text);
  if (doi !== null) return `https://doi.org/${encodeURI(trimmedLink(doi[1]!)).replace(/[()]/gu, (mark) => (mark === "(" ? "%28" : "%29"))}`;
  const url = URL.exec(text);
  return url === null ? undefined : trimmedLink(url[0]);
}

/** A reference as a reader finds it: number, words and link. */
export function referenceMarkdown(analysis: Analysis, reference: Reference): string {
  const text = proseText(readable(analysis), reference.prose);
  const link = referenceLink(text);
  const words = `**${reference.number}.** ${escaped(text.replace(/\s*https?:\/\/\S+\s*$/i, "").replace(/\s*\bdoi:?\s*\S+\s*$/i, ""))}`;
  return link === undefined ? words : `${words}\n\n[${escaped(link.replace(/^https?:\/\//u, ""))}](${link})`;
}

/** The title-like beginning of a reference, for a list: at most `length` letters. */
export function shortened(text: string, length = 90): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
