// What the words of a policy are, for colouring: names told from choices, units, ended codes. Clinical prose itself stays uncoloured.
import { normalCode } from "../semantics/codes.js";
import type { Analysis, SymbolUse } from "../semantics/model.js";
import { addressAt } from "../semantics/proseaddresses.js";
import { children, type CodePattern, type Criterion, type DateValue, type Name, type Node, type Prose } from "../syntax/ast.js";
import { readMentions, readStatementPhrase } from "../syntax/prose.js";
import type { Range } from "../text.js";
import { firstFrom, firstUseFrom } from "./places.js";

/** The kinds of words, in the order of the legend. Those that editors know of themselves stand first. */
export const TOKEN_TYPES = [
  "variable", "property", "function", "enumMember", "label", "operator", "number", "string", "comment", "type",
  "section", "clause", "connective", "word", "unit", "date", "code", "codeSystem", "citation", "combinator", "determination", "outcome",
  "field", "policyNumber", "caseName", "lintRule",
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

/** What may be said of a word besides its kind, in the order of the legend; one bit each. */
export const TOKEN_MODIFIERS = ["declaration", "deprecated"] as const;
const DECLARATION = 1;
const DEPRECATED = 2;

/** A word and its kind. Tokens stand in the order of the text and never overlap; one may go over a line end. */
export interface Token extends Range {
  readonly type: TokenType;
  /** Bits of `TOKEN_MODIFIERS`. */
  readonly modifiers: number;
}

interface Colouring {
  readonly analysis: Analysis;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Codes of the table that have ended by today, in the form that is compared. */
  readonly ended: ReadonlySet<string>;
  readonly found: Token[];
  /** Index of the use that is looked up next. */
  next: number;
}

/** The tokens of a policy, or of the stretch that is looked at. `today` in days since 1970-01-01. */
export function semanticTokens(analysis: Analysis, today: number, within?: Range): readonly Token[] {
  const { text, document } = analysis;
  const { start: from, end: to } = within ?? { start: 0, end: text.length };
  const colouring: Colouring = { analysis, text, from, to, ended: endedCodes(analysis, today), found: [], next: firstUseFrom(analysis, from) };
  visit(colouring, document, undefined);
  const comments: Token[] = [];
  for (let i = firstFrom(document.comments, from); i < document.comments.length && document.comments[i]!.start < to; i++) addComment(comments, text, document.comments[i]!);
  return merged(colouring.found, comments);
}

function endedCodes({ document }: Analysis, today: number): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const section of document.sections) {
    if (section.kind !== "codes") continue;
    for (const row of section.rows) if (row.kind === "codeRow" && row.ended?.day !== undefined && row.ended.day < today && row.code?.to === undefined && row.code !== undefined) ended.add(normalCode(row.code.from));
  }
  return ended;
}

/** Comments go into the gaps between the tokens; words of a condition may go on behind them. */
function merged(tokens: readonly Token[], comments: readonly Token[]): readonly Token[] {
  if (comments.length === 0) return tokens;
  const all: Token[] = [];
  let next = 0;
  for (const token of tokens) {
    let { start } = token;
    for (; next < comments.length && comments[next]!.start < token.end; next++) {
      const comment = comments[next]!;
      if (comment.start > start) all.push({ ...token, start, end: comment.start });
      all.push(comment);
      start = Math.max(start, comment.end);
    }
    if (start < token.end) all.push(start === token.start ? token : { ...token, start });
  }
  all.push(...comments.slice(next));
  return all;
}

const SUPPRESSION = /^#\s*lint-ignore(?:-file)?[^\S\r\n]+/u;

/** A comment; the ids of lint rules that it suppresses stand out. */
function addComment(found: Token[], text: string, comment: Range): void {
  const push = (type: TokenType, start: number, end: number): void => {
    if (end > start) found.push({ type, start, end, modifiers: 0 });
  };
  const words = text.slice(comment.start, comment.end).trimEnd();
  const end = comment.start + words.length;
  const opening = SUPPRESSION.exec(words);
  let at = comment.start;
  if (opening !== null) {
    const colon = words.indexOf(":");
    for (const id of words.slice(opening[0].length, colon < 0 ? undefined : colon).matchAll(/[^\s,]+/gu)) {
      const start = comment.start + opening[0].length + id.index;
      push("comment", at, start);
      push("lintRule", start, start + id[0].length);
      at = start + id[0].length;
    }
  }
  push("comment", at, end);
}

function add(colouring: Colouring, type: TokenType, range: Range | undefined, modifiers = 0): void {
  if (range === undefined || range.end <= range.start || range.end <= colouring.from || range.start >= colouring.to) return;
  const last = colouring.found[colouring.found.length - 1];
  // What a broken text makes stand on top of each other is coloured once.
  if (last !== undefined && range.start < last.end) return;
  colouring.found.push({ type, start: range.start, end: range.end, modifiers });
}

function visit(colouring: Colouring, node: Node, parent: Node | undefined): void {
  if (node.end <= colouring.from || node.start >= colouring.to) return;
  switch (node.kind) {
    case "header":
      add(colouring, "clause", { start: node.start, end: node.start + "policy".length });
      add(colouring, "policyNumber", node.number);
      add(colouring, "string", node.title);
      for (const field of node.fields) visit(colouring, field, node);
      return;
    case "headerField":
      add(colouring, "field", node.key);
      return addDate(colouring, node.date);
    case "text": case "facts": case "define": case "criteria": case "notes": case "codes": case "revisions": case "references": case "cases":
      add(colouring, "section", node.heading);
      for (const child of children(node)) if (child !== node.heading) visit(colouring, child, node);
      return;
    case "fact":
      add(colouring, parent?.kind === "fact" ? "property" : "variable", node.name, DECLARATION);
      if (node.type !== undefined) visit(colouring, node.type, node);
      add(colouring, "string", node.question);
      for (const below of children(node)) if (below.kind === "fact" || below.kind === "mapping") visit(colouring, below, node);
      return;
    case "mapping":
      add(colouring, "word", node.keyword);
      return add(colouring, "string", node.expression);
    case "evidence":
      add(colouring, "clause", node.keyword);
      for (const child of children(node)) {
        if (child.kind === "date") add(colouring, "date", child);
        else if (child === node.page) add(colouring, "number", child);
        else if (child === node.source) add(colouring, "string", child);
      }
      return;
    case "unobtainable": return add(colouring, "outcome", { start: node.start, end: node.reason === undefined ? node.end : node.start + UNABLE.exec(colouring.text.slice(node.start, node.reason.start))![0].length });
    case "type": return between(colouring, node, TYPE_GAP, (child) => add(colouring, child === node.unit ? "unit" : child === node.from || child === node.to ? "number" : node.systems.some((each) => each === child) ? "type" : "enumMember", child));
    case "definition":
      add(colouring, "function", node.name, DECLARATION);
      return node.value === undefined ? undefined : visit(colouring, node.value, node);
    case "criterion":
      add(colouring, "label", node.label, DECLARATION);
      if (node.prose !== undefined) addProse(colouring, node.prose, parent?.kind === "criteria" ? node : undefined);
      for (const entry of node.body) visit(colouring, entry, node);
      return;
    case "when": case "unless": case "waived": case "if":
      add(colouring, "clause", node.keyword);
      for (const child of children(node)) visit(colouring, child, node);
      return;
    case "note":
      add(colouring, "clause", node.keyword);
      return node.prose === undefined ? undefined : addProse(colouring, node.prose);
    case "scope":
      add(colouring, "clause", node.keyword);
      for (const child of children(node)) {
        if (child === node.subject) add(colouring, "field", child);
        else if (child.kind === "word") add(colouring, "enumMember", child);
        else visit(colouring, child, node);
      }
      return;
    case "approvalDuration": case "quantityLimit":
      add(colouring, "clause", node.keyword);
      for (const child of children(node)) visit(colouring, child, node);
      return;
    case "prose": return addProse(colouring, node);
    case "footNote":
      add(colouring, "word", node.mark);
      return node.prose === undefined ? undefined : addProse(colouring, node.prose);
    case "codeGroup": return add(colouring, "section", node.title);
    case "codeRow": return between(colouring, node, STATUS_GAP, (child) => {
      if (child === node.system) add(colouring, "codeSystem", child);
      else if (child === node.mark) add(colouring, "word", child);
      else if (child === node.code) addCode(colouring, node.code!, DECLARATION);
      else visit(colouring, child, node);
    });
    case "revision": return between(colouring, node, STATUS_GAP, (child) => visit(colouring, child, node));
    // References are prose of others: their numbers and links speak for themselves.
    case "reference": return add(colouring, "label", node.label, DECLARATION);
    case "case":
      add(colouring, "clause", { start: node.start, end: node.start + "case".length });
      add(colouring, "caseName", node.name, DECLARATION);
      for (const entry of node.entries) visit(colouring, entry, node);
      return;
    case "on": case "caseCodes": case "lineOfBusiness": case "pathway": return between(colouring, node, FIELD_GAP, (child) => (child.kind === "word" ? add(colouring, "enumMember", child) : visit(colouring, child, node)));
    case "caseFact": return between(colouring, node, VALUE_GAP, (child) => {
      if (child === node.name) addNamed(colouring, node.name);
      else if (child.kind === "name") add(colouring, ANSWERS.has(child.text) ? "outcome" : "enumMember", child);
      else visit(colouring, child, node);
    });
    case "caseNote":
      add(colouring, "clause", { start: node.start, end: node.start + "note".length });
      return;
    case "expect": return between(colouring, node, EXPECT_GAP, (child) => {
      if (child === node.determination) add(colouring, "outcome", child);
      else if (child.kind === "word") addNamed(colouring, child);
      else visit(colouring, child, node);
    });
    case "address": return add(colouring, "label", node);
    case "outcome": return add(colouring, "outcome", node);
    case "citation": return add(colouring, "citation", node);
    case "combinator": return add(colouring, "combinator", node);
    case "date": return addDate(colouring, node);
    case "code": return addCode(colouring, node, 0);
    case "quantity":
      add(colouring, "number", { start: node.start, end: node.unit?.start ?? node.end });
      trimLast(colouring);
      return add(colouring, "unit", node.unit);
    case "textLiteral": return add(colouring, "string", node);
    case "name": return addName(colouring, node, parent);
    case "dateOfService": return add(colouring, "connective", node);
    case "document":
      for (const child of children(node)) visit(colouring, child, node);
      return;
    case "caseRecord": case "attestation": return between(colouring, node, VALUE_GAP, (child) => visit(colouring, child, node));
    case "missing": case "word": case "label": case "connector": return;
    default: return between(colouring, node, CONDITION_GAP, (child) => visit(colouring, child, node));
  }
}

/** `12 ` before its unit holds a space that belongs to neither. */
function trimLast(colouring: Colouring): void {
  const last = colouring.found[colouring.found.length - 1];
  if (last === undefined) return;
  const end = last.start + colouring.text.slice(last.start, last.end).trimEnd().length;
  if (end < last.end) colouring.found[colouring.found.length - 1] = { ...last, end };
}

const UNABLE = /^\S+\s+\S+\s+[\p{L}]+/u;
const ANSWERS: ReadonlySet<string> = new Set(["yes", "no", "unknown", "none", "met"]);

// ── Words between the parts of a node ─────────────────────────────────────────────────────────────────────────────────
type Gap = ReadonlyMap<string, TokenType> & { readonly otherwise?: TokenType | undefined };
const gap = (words: Readonly<Record<string, TokenType>>, otherwise?: TokenType): Gap => Object.assign(new Map(Object.entries(words)), { otherwise });

const CONDITION_GAP = gap({ criterion: "word", met: "outcome", yes: "outcome", no: "outcome" }, "connective");
const TYPE_GAP = gap({ from: "word", to: "word", or: "word" }, "type");
const STATUS_GAP = gap({ effective: "word", ended: "word", see: "word", for: "word", approved: "word" });
const FIELD_GAP = gap({}, "field");
const VALUE_GAP = gap({});
const EXPECT_GAP = gap({ expect: "clause", by: "word", missing: "word" });
const GAP_WORD = /\p{L}[\p{L}/]*|\d+(?:\.\d+)?|[<>=≤≥≠!]+|[+*/]|(?<=\s)-(?=\s)/gu;

/** Visits the parts of a node, and colours the words between them that the language knows. */
function between(colouring: Colouring, node: Node, words: Gap, part: (child: Node) => void): void {
  let at = node.start;
  for (const child of children(node)) {
    addGap(colouring, at, child.start, words);
    part(child);
    at = Math.max(at, child.end);
  }
  addGap(colouring, at, node.end, words);
}

function addGap(colouring: Colouring, start: number, end: number, words: Gap): void {
  if (end <= colouring.from || start >= colouring.to || !hasWords(colouring.text, start, end)) return;
  const stretch = uncommented(colouring, start, end);
  for (const match of stretch.matchAll(GAP_WORD)) {
    const first = match[0].charCodeAt(0);
    const type = /^\d/u.test(match[0]) ? "number" : first < 65 || "≤≥≠".includes(match[0][0]!) ? "operator" : words.get(match[0]) ?? words.otherwise;
    // The star and bullet of a row are no arithmetic.
    if (type === undefined || (type === "operator" && words !== CONDITION_GAP && match[0] !== "=") || (type === "number" && words !== CONDITION_GAP)) continue;
    add(colouring, type, { start: start + match.index, end: start + match.index + match[0].length });
  }
}

/** Most gaps hold a space, a comma or a parenthesis. */
function hasWords(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 44 || (unit > 32 && unit !== 40 && unit !== 41 && unit !== 44)) return true;
  }
  return false;
}

/** A stretch with its comments blanked out. */
function uncommented({ text, analysis: { document: { comments } } }: Colouring, start: number, end: number): string {
  let stretch = text.slice(start, end);
  if (!stretch.includes("#")) return stretch;
  for (let i = firstFrom(comments, start); i < comments.length && comments[i]!.start < end; i++) {
    const comment = comments[i]!;
    const from = Math.max(0, comment.start - start);
    const to = Math.min(stretch.length, comment.end - start);
    stretch = stretch.slice(0, from) + " ".repeat(Math.max(0, to - from)) + stretch.slice(to);
  }
  return stretch;
}

// ── Single words ──────────────────────────────────────────────────────────────────────────────────────────────────────
function addDate(colouring: Colouring, date: DateValue | undefined): void {
  add(colouring, "date", date);
}

function addCode(colouring: Colouring, code: CodePattern, modifiers: number): void {
  add(colouring, "codeSystem", code.system);
  let start = code.system?.end ?? code.start;
  while (start < code.end && /\s/u.test(colouring.text[start]!)) start++;
  const isEnded = code.to === undefined && !code.category && colouring.ended.has(normalCode(code.from));
  add(colouring, "code", { start, end: code.end }, modifiers | (isEnded ? DEPRECATED : 0));
}

/** A name of a condition: a fact, a field, a definition; behind `is` and `in` a choice. */
function addName(colouring: Colouring, name: Name, parent: Node | undefined): void {
  if (addNamed(colouring, name)) return;
  const isValue = (parent?.kind === "is" && parent.value === name) || ((parent?.kind === "in" || parent?.kind === "include") && parent.operand !== name) || (parent?.kind === "compare" && parent.right === name);
  if (isValue) add(colouring, ANSWERS.has(name.text) ? "outcome" : "enumMember", name);
}

/** A name by what it stands for; false where it stands for nothing. */
function addNamed(colouring: Colouring, name: Range): boolean {
  const symbol = useAt(colouring, name)?.symbol;
  switch (symbol?.kind) {
    case "fact": add(colouring, symbol.owner === undefined ? "variable" : "property", name); return true;
    case "definition": add(colouring, "function", name); return true;
    case "criterion": add(colouring, "label", name); return true;
    default: return false;
  }
}

/** The use that a name is. Names are looked up in the order of the text, so that the search goes on from the last one. */
function useAt(colouring: Colouring, name: Range): SymbolUse | undefined {
  const { analysis: { uses } } = colouring;
  let { next } = colouring;
  while (next < uses.length && uses[next]!.start < name.start) next++;
  colouring.next = next;
  for (let i = next; i < uses.length && uses[i]!.start === name.start; i++) if (uses[i]!.end === name.end) return uses[i];
  return undefined;
}

const ADDRESS_START = /(?<![\p{L}\p{N}.])[IVX]{1,7}\.(?=[A-Z])/gu;

/** Prose keeps its own colour but for what the language reads out of it. */
function addProse(colouring: Colouring, prose: Prose, statement?: Criterion): void {
  if (prose.end <= colouring.from || prose.start >= colouring.to) return;
  const { text } = colouring;
  const words = text.slice(prose.start, prose.end);
  const found: (Range & { readonly type: TokenType; readonly modifiers?: number })[] = [];
  const put = (type: TokenType, range: Range | undefined, modifiers = 0): void => {
    if (range !== undefined) found.push({ type, start: range.start, end: range.end, modifiers });
  };
  for (const citation of prose.citations) put("citation", citation);
  put("combinator", prose.combinator);
  if (prose.connector !== undefined) put("connective", { start: prose.connector.end - prose.connector.word.length, end: prose.connector.end });
  if (statement !== undefined) {
    const phrase = readStatementPhrase(words, prose.start);
    if (phrase?.kind !== "see-policy") put("determination", phrase);
  }
  // Both begin with two capital letters or more, which hardly any prose has.
  if (/[A-Z]{2}|modifier|revenue/u.test(words)) {
    for (const mention of readMentions(words, prose.start)) put(mention.kind === "code" ? "code" : "policyNumber", mention, mention.kind === "code" && colouring.ended.has(normalCode(mention.text)) ? DEPRECATED : 0);
  }
  for (const match of words.matchAll(ADDRESS_START)) {
    const mention = addressAt(text, prose.start + match.index, false);
    for (const part of mention?.parts ?? []) if (part.end <= prose.end) put("label", part);
  }
  if (found.length > 1) found.sort((a, b) => a.start - b.start);
  for (const each of found) add(colouring, each.type, each, each.modifiers);
}
