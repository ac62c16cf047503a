// What kind of line a line is: the layout half of the lexer. A line is told by its first word and the section it stands in.
import { onDemand } from "../text.js";
import type { SectionName } from "../vocabulary.js";

/** Where the lexer stands: in the header, in free text or in a section it knows. */
export type Place = "start" | "header" | "text" | SectionName;

/** What a line begins with; `continuation` goes on with the line before it. */
export type LineKind =
  | "policy" | "headerField" | "heading" | "paragraph" | "fact" | "mapping" | "definition" | "label" | "bullet" | "when" | "unless" | "waived" | "if"
  | "note" | "appliesTo" | "approvalDuration" | "quantityLimit" | "stray" | "footNote" | "codeRow" | "codeGroup" | "revision" | "reference" | "case" | "on" | "caseCodes"
  | "caseLine" | "casePathway" | "expect" | "caseNote" | "caseFact" | "attestation" | "record" | "evidence" | "continuation";

export interface Line {
  readonly kind: LineKind;
  /** End of the word, label or mark that makes the line what it is. */
  readonly end: number;
}

const LABEL = /(?:\((?:[A-Za-z]|[ivxlcdmIVXLCDM]{1,9}|\d{1,3})\)|(?:[A-Za-z]|[ivxlcdmIVXLCDM]{1,9}|[a-z]{2}|\d{1,3})[.)])(?=\s|$)/uy;
const BULLET = /[-•*–▪◦·](?=\s)/uy;
// In any capitals and with any space between its words: read as prose, a scope or an exception would be lost without a word. (No `u`: with it, `ſ` is an s.)
const CLAUSE = /(?:when|unless|(?:except|waived)[^\S\r\n]+when|if|note:?|applies[^\S\r\n]+to|approval[^\S\r\n]+duration:?|quantity[^\S\r\n]+limit:?)(?=[\s:]|$)/iy;
/** What looks like a label and is none: 1.1, A1., I.A., "2.Text", boxes and ticks. Read as prose, it would vanish in the line before. */
const LABEL_LIKE = /(?:\d+(?:\.\d+)+\.?(?=\s+[A-Z][a-z]{2})|[A-Z]\d{1,2}[.)](?=\s)|[IVX]{1,4}(?:\.[A-Za-z0-9]{1,3})+\.?(?=\s+[A-Z])|(?:\d{1,2}|[A-Z])\.[A-Z][a-z]+|[☐☑☒✓✔✗➢►➤▶●○■□▸](?=\s)|o(?=\s+[A-Z]))/uy;
const POLICY = /policy(?=\s|$)/uy;
const NAME = onDemand(() => /[\p{L}_][\p{L}\p{N}_-]*/uy);
const MAPPING = onDemand(() => /from\s+fhir(?![\p{L}\p{N}_-])/iuy);
const HEADER_KEY = /line of business|next review|[\p{L}]+/uy;
const CODE_SYSTEM = /(?:CPT|HCPCS|ICD-10-CM|ICD-10-PCS|modifier|revenue|MS-DRG|NDC)(?=\s)/uy;
const REVISION = /\d{4}-\d{1,2}(?:-\d{1,2})?/uy;
const REFERENCE = /\d{1,4}\.(?=\s|$)/uy;
const NOTE_MARK = /(?:\*{1,3}|[†‡§]+|[-•])(?=\s)/uy;
const CASE_WORD = /(case|on|codes|line of business|pathway|expect|Expect(?=\s+(?:approve|pend|refer|no\s+statement)(?![\p{L}\p{N}]))|note|evidence)(?=[\s"“]|$)(?!\s*=)/uy;
const CASE_FACT = onDemand(() => /[\p{L}_][\p{L}\p{N}_-]*(?=\s*=)/uy);
const CASE_ADDRESS = /(?:\([A-Za-z0-9]+\)|[A-Za-z0-9]+)(?:\.(?:\*?[A-Za-z0-9]+|\([A-Za-z0-9]+\)))*(?=\s*=)/uy;
const STATEMENT_LABEL = /^[IVXLCDM]+$/u;
const FIRST_WORD = /\S+/uy;

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Where a name ends, -1 if none begins here. Letters beyond ASCII are told by the pattern. */
function endOfName(text: string, at: number): number {
  let end = at;
  let unit = text.charCodeAt(at);
  if (unit >= 48 && unit <= 57) return -1;
  for (; (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95 || (unit === 45 && end > at); unit = text.charCodeAt(++end));
  if (unit > 127) return endOf(NAME(), text, at);
  return end > at ? end : -1;
}
const SMALL_F = 102;

const CASE_KINDS: Readonly<Record<string, LineKind>> = {
  case: "case", on: "on", codes: "caseCodes", "line of business": "caseLine", pathway: "casePathway", expect: "expect", note: "caseNote", evidence: "evidence",
};

const CLAUSE_KINDS: Readonly<Record<string, LineKind>> = {
  when: "when", unless: "unless", "except when": "unless", "waived when": "waived", if: "if", note: "note", "applies to": "appliesTo",
  "approval duration": "approvalDuration", "quantity limit": "quantityLimit",
};

function clause(text: string, at: number): Line | undefined {
  const end = endOf(CLAUSE, text, at);
  if (end < 0) return undefined;
  const word = text.slice(at, end);
  return { kind: CLAUSE_KINDS[word] ?? CLAUSE_KINDS[word.toLowerCase().replace(/:$/u, "").replace(/\s+/gu, " ")]!, end };
}

function labelled(text: string, at: number): Line | undefined {
  const label = endOf(LABEL, text, at);
  if (label >= 0) return { kind: "label", end: label };
  const bullet = endOf(BULLET, text, at);
  return bullet >= 0 ? { kind: "bullet", end: bullet } : undefined;
}

/** How a line sits: its column, the column of the section's first entry, and what went before. */
export interface LineContext {
  readonly place: Place;
  readonly column: number;
  /** Column of the entry that a continuation would go on from. */
  readonly level: number;
  /** Column of the first entry of the section, -1 before it. */
  readonly base: number;
  readonly afterBlank: boolean;
  /** Offset of the end of the line, without its line break. */
  readonly lineEnd: number;
  /** The text before this line ends with a comma: a list goes on. */
  readonly afterComma: boolean;
}

/** Tells the kind of the line whose first visible character is at `at`. */
export function classifyLine(text: string, at: number, context: LineContext): Line {
  const { place, column, base } = context;
  if (column === 0) {
    const here = atColumnZero(text, at, place);
    if (here !== undefined) return here;
    return { kind: "heading", end: context.lineEnd };
  }
  const continuation: Line = { kind: "continuation", end: at };
  const atBase = base < 0 || column <= base;
  switch (place) {
    case "start":
      return { kind: "stray", end: at };
    case "header": {
      const end = endOf(HEADER_KEY, text, at);
      return { kind: "headerField", end: end < 0 ? endOf(FIRST_WORD, text, at) : end };
    }
    case "text":
      return base < 0 || context.afterBlank || endOf(BULLET, text, at) >= 0 ? { kind: "paragraph", end: at } : continuation;
    case "facts": {
      const mapping = (text.charCodeAt(at) | 32) === SMALL_F ? endOf(MAPPING(), text, at) : -1;
      if (mapping >= 0) return { kind: "mapping", end: mapping };
      const end = endOfName(text, at);
      if (end >= 0 && !context.afterComma) return { kind: "fact", end };
      return base < 0 ? { kind: "stray", end: at } : continuation;
    }
    case "define": {
      const end = atBase ? endOfName(text, at) : -1;
      if (end >= 0) return { kind: "definition", end };
      return atBase ? { kind: "stray", end: at } : continuation;
    }
    case "criteria": {
      const known = labelled(text, at) ?? clause(text, at);
      if (known !== undefined) return known;
      // Left of the line it would go on from, or with a label of its own, it is no continuation.
      return base < 0 || column < context.level || endOf(LABEL_LIKE, text, at) >= 0 ? { kind: "stray", end: at } : continuation;
    }
    case "notes": {
      const mark = endOf(NOTE_MARK, text, at);
      if (mark >= 0) return { kind: "footNote", end: mark };
      return base < 0 || context.afterBlank || atBase ? { kind: "footNote", end: at } : continuation;
    }
    case "codes": {
      const row = endOf(CODE_SYSTEM, text, at);
      if (row >= 0) return { kind: "codeRow", end: row };
      if (text.charCodeAt(context.lineEnd - 1) === 58) return { kind: "codeGroup", end: context.lineEnd };
      return atBase ? { kind: "codeRow", end: endOf(FIRST_WORD, text, at) } : continuation;
    }
    case "revisions": {
      const end = endOf(REVISION, text, at);
      if (end >= 0 && atBase) return { kind: "revision", end };
      return atBase ? { kind: "revision", end: at } : continuation;
    }
    case "references": {
      const end = atBase ? endOf(REFERENCE, text, at) : -1;
      if (end >= 0) return { kind: "reference", end };
      return base < 0 ? { kind: "stray", end: at } : continuation;
    }
    case "cases":
      return caseLine(text, at) ?? (atBase ? { kind: "stray", end: at } : continuation);
  }
}

function caseLine(text: string, at: number): Line | undefined {
  const word = endOf(CASE_WORD, text, at);
  if (word >= 0) return { kind: CASE_KINDS[text.slice(at, word).toLowerCase()]!, end: word };
  const bullet = endOf(BULLET, text, at);
  if (bullet >= 0) return { kind: "record", end: bullet };
  const address = endOf(CASE_ADDRESS, text, at);
  if (address >= 0 && (text.slice(at, address).includes(".") || STATEMENT_LABEL.test(text.slice(at, address)))) return { kind: "attestation", end: address };
  const fact = endOf(CASE_FACT(), text, at);
  return fact >= 0 ? { kind: "caseFact", end: fact } : undefined;
}

/** At column 0 a line opens a section, except where the section's own entries may stand there. */
function atColumnZero(text: string, at: number, place: Place): Line | undefined {
  const policy = endOf(POLICY, text, at);
  if (policy >= 0) return { kind: "policy", end: policy };
  switch (place) {
    case "criteria":
      return labelled(text, at) ?? clause(text, at);
    case "references": {
      const end = endOf(REFERENCE, text, at);
      return end >= 0 ? { kind: "reference", end } : undefined;
    }
    case "codes": {
      const end = endOf(CODE_SYSTEM, text, at);
      return end >= 0 ? { kind: "codeRow", end } : undefined;
    }
    case "revisions": {
      const end = endOf(REVISION, text, at);
      return end >= 0 ? { kind: "revision", end } : undefined;
    }
    case "cases": {
      const end = endOf(CASE_WORD, text, at);
      return end >= 0 && text.slice(at, end) === "case" ? { kind: "case", end } : undefined;
    }
    default:
      return undefined;
  }
}
