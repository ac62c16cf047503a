// Checks what stands around the criteria: header, headings, references, citations, revisions.
import type * as A from "../syntax/ast.js";
import { sectionOf } from "../syntax/sections.js";
import { counted, type Range, sentenceList } from "../text.js";
import { DATE_FIELDS, HEADER_FIELDS, type HeaderKey, LINES_OF_BUSINESS, SECTIONS } from "../vocabulary.js";
import { checkDate } from "./codes.js";
import { type Checking, didYouMean, nearest, noteUse, report } from "./context.js";
import type { HeaderModel, ReferenceSymbol } from "./model.js";

const fieldNames = HEADER_FIELDS.map((field) => field.word);

/** Reads and checks the header. */
export function readHeader(checking: Checking, document: A.Document): HeaderModel {
  const fields = new Map<HeaderKey, A.HeaderField>();
  const { header } = document;
  if (header === undefined) {
    const end = Math.max(0, checking.text.text.search(/[\r\n]|$/u));
    report(checking, "missing-header", { start: 0, end }, "The file does not begin with the header of a policy.", { help: "Write `policy NUMBER \"Title\"` on the first line." });
    return { fields };
  }
  for (const field of header.fields) {
    if (field.name === undefined) {
      report(checking, "unknown-header-field", field.key, `The header has no field \`${field.key.text}\`.`, didYouMean(field.key.text, fieldNames, `Its fields are ${fieldNames.join(", ")}.`));
      continue;
    }
    const other = fields.get(field.name);
    if (other !== undefined) {
      report(checking, "duplicate-header-field", field.key, `\`${field.name}\` stands in the header twice.`, { help: "Keep one of them.", related: [{ start: other.start, end: other.end, message: "It stands here first." }] });
      continue;
    }
    fields.set(field.name, field);
    checkField(checking, field, field.name);
  }
  return { number: header.number?.text, title: header.title?.text, fields };
}

function checkField(checking: Checking, field: A.HeaderField, name: HeaderKey): void {
  if (DATE_FIELDS.has(name)) {
    if (field.date !== undefined) checkDate(checking, field.date);
    else report(checking, "invalid-date", field.value ?? field.key, `\`${name}\` needs a date${field.value === undefined ? "" : `, and \`${field.value.text}\` is none`}.`, { help: "Write `2025-03-05`, or `2025-03` where a month is enough." });
  } else if (name === "line of business" && field.value !== undefined) {
    let at = field.value.start;
    for (const part of field.value.text.split(",")) {
      const word = part.trim();
      const start = at + part.indexOf(word);
      if (word !== "" && !(LINES_OF_BUSINESS as readonly string[]).includes(word)) {
        report(checking, "unknown-line-of-business", { start, end: start + word.length }, `\`${word}\` is no line of business the tool knows.`, didYouMean(word, LINES_OF_BUSINESS, `Known are ${LINES_OF_BUSINESS.join(", ")}.`));
      }
      at += part.length + 1;
    }
  }
}

const LONGEST_HEADING = 80;

/** Checks headings: sections that stand twice, names nearly those of sections, sentences at column 0. */
export function checkHeadings(checking: Checking, document: A.Document): void {
  const seen = new Map<string, Range>();
  let behindCriteria = false;
  let ended: A.Word | undefined;
  for (const section of document.sections) {
    const { kind, heading } = section;
    if (kind === "text") {
      checkTextHeading(checking, heading);
      if (behindCriteria && meantSection(heading) === undefined) checkLabelsInText(checking, section, (ended ??= heading));
      continue;
    }
    behindCriteria = kind === "criteria";
    ended = undefined;
    const first = seen.get(kind);
    if (first !== undefined) report(checking, "duplicate-section", heading, `The section \`${kind}\` stands twice.`, { help: "Join the two.", related: [{ ...first, message: "It stands here first." }] });
    else seen.set(kind, { start: heading.start, end: heading.end });
  }
  if (!seen.has("criteria") && document.header !== undefined) {
    report(checking, "no-criteria", document.header.title ?? document.header, "The policy has no criteria.", { help: "Add a section `criteria` with statements such as `I. … is medically necessary when all of the following are met:`." });
  }
}

/** Headings under which a numbered list is text. */
const TEXT_HEADING = /^(?:background|description|definitions?|overview|summary|rationale|introduction|appendix.*|important reminder|coding implications|sources.*|evidence.*)$/i;
const LABELLED_LINE = /^[ \t]*(?:[IVXLC]{1,9}\.|[A-Z]\.|\d{1,2}[.)]|[a-z]\.|\([a-z0-9]{1,3}\))[ \t]+\S/mu;
const DETERMINES = /\bmedically\s+necessary\b|\binvestigational\b/i;

/** A sub-heading among the criteria would end them unnoticed, and what follows it would decide nothing. */
function checkLabelsInText(checking: Checking, section: A.TextSection, ended: A.Word): void {
  const { text } = checking.text;
  const heading = ended.text.replace(/:$/u, "").trim();
  const help = `To keep what follows among the criteria, write the heading as a remark, \`note ${heading}\`.`;
  if (section.heading !== ended && LABELLED_LINE.test(section.heading.text)) {
    report(checking, "criteria-in-text", section.heading, `The heading "${heading}" at column 0 ended the criteria, so this line is read as a heading too and decides nothing.`, { help, related: [{ start: ended.start, end: ended.end, message: "This heading ended the criteria." }] });
    return;
  }
  const labelled = section.paragraphs.some((paragraph) => LABELLED_LINE.test(text.slice(text.lastIndexOf("\n", paragraph.start) + 1, paragraph.end)));
  if (!labelled || (TEXT_HEADING.test(heading) && !section.paragraphs.some((paragraph) => DETERMINES.test(text.slice(paragraph.start, paragraph.end))))) return;
  report(checking, "criteria-in-text", section.heading, `"${section.heading.text.replace(/:$/u, "").trim()}" stands at column 0, so it ends the criteria; the labelled lines below it are read as text and decide nothing.`, { help });
}

/** The section that a heading of one word is nearly the name of. */
function meantSection(heading: A.Word): string | undefined {
  const words = heading.text.replace(/:$/u, "").trim();
  return sectionOf(words) !== undefined || words.includes(" ") ? undefined : nearest(words, SECTIONS.map((section) => section.word));
}

function checkTextHeading(checking: Checking, heading: A.Word): void {
  const words = heading.text.replace(/:$/u, "").trim();
  const meant = meantSection(heading);
  if (meant !== undefined) {
    report(checking, "misspelt-section", heading, `\`${words}\` is read as a heading of free text, not as the section \`${meant}\`.`, { help: `Did you mean \`${meant}\`?`, replacement: meant });
  }
  if (words.length > LONGEST_HEADING || /[;,]$/u.test(words)) {
    report(checking, "sentence-as-heading", heading, "This line stands at column 0, so it is read as a heading that opens a section.", { help: "Indent it to go on with the text above." });
  }
}

/** Reads the reference list. */
export function readReferences(checking: Checking, document: A.Document): Map<number, ReferenceSymbol> {
  const references = new Map<number, ReferenceSymbol>();
  for (const section of document.sections) {
    if (section.kind !== "references") continue;
    for (const node of section.references) {
      const twin = references.get(node.number);
      if (twin !== undefined) {
        report(checking, "duplicate-reference", node.label, `Two references have the number ${node.number}.`, { help: "Give each reference a number of its own, and look at the citations of it.", related: [{ start: twin.node.label.start, end: twin.node.label.end, message: "It stands here first." }] });
        continue;
      }
      const symbol: ReferenceSymbol = { kind: "reference", number: node.number, node };
      references.set(node.number, symbol);
      noteUse(checking, node.label, symbol, true);
    }
  }
  return references;
}

const LONGEST_CITATION = 200;

/** Resolves every citation of the document. */
export function checkCitations(checking: Checking, citations: readonly A.Citation[], references: ReadonlyMap<number, ReferenceSymbol>): void {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const number of references.keys()) {
    first = Math.min(first, number);
    last = Math.max(last, number);
  }
  const help = references.size === 0 ? "Add a section `references` with the numbered sources." : `The list has ${counted(references.size, "reference")}${references.size < 2 ? "" : `, from ${first} to ${last}`}.`;
  for (const citation of citations) for (const cited of citation.numbers) checkCited(checking, cited, references, help);
}

function checkCited(checking: Checking, cited: A.CitedNumber, references: ReadonlyMap<number, ReferenceSymbol>, help: string): void {
  if (cited.to < cited.from || cited.to - cited.from > LONGEST_CITATION) {
    report(checking, "empty-citation-range", cited, `The citation runs from ${cited.from} to ${cited.to}.`, { help: cited.to < cited.from ? "Write the lower number first." : "Check the numbers.", replacement: cited.to < cited.from ? `${cited.to}-${cited.from}` : undefined });
    return;
  }
  const missing: number[] = [];
  for (let number = cited.from; number <= cited.to; number++) {
    const reference = references.get(number);
    if (reference !== undefined) noteUse(checking, cited, reference);
    else missing.push(number);
  }
  if (missing.length === 0) return;
  const which = missing.length === 1 ? `Reference ${missing[0]} is cited and is` : `References ${missing.length > 4 ? `${missing[0]} to ${missing[missing.length - 1]}` : sentenceList(missing.map(String))} are cited and are`;
  report(checking, "unknown-citation", cited, `${which} not in the list of references.`, { help });
}

/** Checks the dates of the revision log. */
export function checkRevisions(checking: Checking, document: A.Document): void {
  for (const section of document.sections) {
    if (section.kind !== "revisions") continue;
    for (const revision of section.revisions) for (const date of [revision.revised, revision.approved, revision.effective]) checkDate(checking, date);
  }
}
