// The lexer: reads a text into tokens, mode by mode as Chevrotain's would, but driven by hand: a look at the first character
// and the word that stands there tells the token, where a general lexer tries one pattern after the other.
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import { onDemand, type Range } from "../text.js";
import { COMBINATORS, withoutCaptures, RESERVED_WORDS, type SectionName } from "../vocabulary.js";
import { addToken, beginLine, breakLine, classifyNext, goesOn, type LayoutState, passBreak, type Reading, readingOf, START } from "./layout.js";
import type { LineKind } from "./lines.js";
import { commentIn, endOfLine, isBreak, isSpace, nextLine } from "./scan.js";
import { sectionOf } from "./sections.js";
import * as T from "./tokens.js";

/** Parentheses deeper than this are not followed. */
const DEEPEST_PARENTHESES = 64;

/** In what way the rest of a line is read, once its first token has told what it is. */
type Mode = "line" | "headerLine" | "rest" | "type" | "row" | "revision" | "condition";

export interface Tokens {
  readonly tokens: T.Token[];
  readonly comments: readonly Range[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the stretch of a document from `from`, the beginning of a line in the given state, to `to` into tokens. Never throws:
 * what is no token becomes a diagnostic.
 */
export function tokenize(whole: string, state: LayoutState = START, from = 0, to = whole.length): Tokens {
  const text = from === 0 && to === whole.length ? whole : whole.slice(from, to);
  const reading = readingOf(whole, from, text, state);
  const first = nextLine(reading.scan, 0, reading.comments);
  if (first !== undefined) {
    // An entry of a section stands behind a line end, which lies outside of the stretch; there is a blank line before it for all it knows.
    const begun = { ...first, afterBlank: true };
    beginLine(reading, begun, classifyNext(reading, begun));
    if (state.place === "start") reading.tokens.length = 0;
    readTokens(reading, text, first.at);
  }
  for (let i = 1; i < reading.levels.length; i++) addToken(reading, T.Dedent, text.length, text.length);
  const { tokens } = reading;
  if (from === 0) return { tokens, comments: once(reading.comments), diagnostics: reading.diagnostics };
  const moved = <R extends Range>(range: R): R => ({ ...range, start: range.start + from, end: range.end + from });
  return { tokens, comments: once(reading.comments).map(moved), diagnostics: reading.diagnostics.map(moved) };
}

// Prose that ends before a clause or a status has seen the comments behind it, which are then read again.
function once(comments: Range[]): Range[] {
  if (comments.every((comment, i) => i === 0 || comment.start > comments[i - 1]!.start)) return comments;
  return [...new Map(comments.map((comment) => [comment.start, comment])).values()].sort((a, b) => a.start - b.start);
}

function readTokens(reading: Reading, text: string, from: number): void {
  const { scan } = reading;
  let mode: Mode = "line";
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (isSpace(unit)) {
      at++;
    } else if (isBreak(unit)) {
      if ((mode === "condition" || mode === "type") && goesOn(reading, at)) {
        at = passBreak(reading).at;
      } else {
        at = breakLine(reading, at);
        mode = "line";
      }
    } else if (unit === HASH && commentIn(scan, at, endOfLine(scan, at)) === at) {
      const end = endOfLine(scan, at);
      reading.comments.push({ start: at, end });
      at = end;
    } else if (mode === "line") {
      mode = readInLine(reading, text, at);
      at = endOfLast(reading);
    } else {
      const type = tokenAt(reading, mode, text, at, unit);
      if (type === undefined) {
        at = passUnread(reading, mode, text, at);
      } else {
        if (type !== SKIPPED) keep(reading, type, at, ends);
        at = ends;
      }
    }
  }
}

const HASH = 35;
const COMMA = 44;
const HYPHEN = 45;
const endOfLast = ({ tokens, offset }: Reading): number => tokens[tokens.length - 1]!.end - offset;

/** Where the token that was found last ends: a second result of the functions that look for one. */
let ends = 0;

/** Where a pattern matches at a place, it ends in `ends`. */
function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  if (!pattern.test(text) || pattern.lastIndex === at) return false;
  ends = pattern.lastIndex;
  return true;
}

function found(type: TokenType, end: number): TokenType {
  ends = end;
  return type;
}

/** What is read over and is no token, such as the full stop of a statement that ends with its condition. */
const SKIPPED: TokenType = { name: "Skipped" };

/** The token at a place behind the first of its line, its end in `ends`. Looking changes nothing: `keep` takes it. */
function tokenAt(reading: Reading, mode: Exclude<Mode, "line">, text: string, at: number, unit: number): TokenType | undefined {
  switch (mode) {
    case "condition": return inCondition(reading, text, at, unit);
    case "type": return quoted(reading, text, at, unit) ?? inType(text, at, unit);
    case "headerLine": return quoted(reading, text, at, unit) ?? (matches(POLICY_NUMBER, text, at) ? T.PolicyNumber : undefined);
    case "rest": return rest(reading, text, at);
    case "row": return inRow(reading, text, at, unit);
    case "revision": return inRevision(text, at, unit);
  }
}

function keep(reading: Reading, type: TokenType, at: number, end: number): void {
  if (type === T.Open) reading.parentheses++;
  else if (type === T.Close) reading.parentheses--;
  else if (type === T.QuotedText) reportUnclosed(reading, at, end);
  addToken(reading, type, at, end);
}

// ── What is no token ──────────────────────────────────────────────────────────────────────────────────────────────────
/** Signs that other languages have for words of this one. */
const SIGNS: ReadonlyMap<string, string> = new Map([["&", "and"], ["&&", "and"], ["|", "or"], ["||", "or"], ["!", "not"]]);

/** Passes over what no token begins with, up to the next place where something does, and reports it. */
function passUnread(reading: Reading, mode: Exclude<Mode, "line">, text: string, start: number): number {
  const { scan } = reading;
  let at = start;
  for (; ;) {
    const passed = text.charCodeAt(at);
    if (passed === 40) reading.parentheses++;
    else if (passed === 41) reading.parentheses--;
    at++;
    if (at >= text.length) break;
    const unit = text.charCodeAt(at);
    if (isSpace(unit) || isBreak(unit) || (unit === HASH && commentIn(scan, at, endOfLine(scan, at)) === at) || tokenAt(reading, mode, text, at, unit) !== undefined) break;
  }
  reportUnread(reading, text.slice(start, at), start);
  return at;
}

function reportUnread(reading: Reading, image: string, start: number): void {
  const range = { start, end: start + image.length };
  if (image.includes("(")) {
    const last = reading.diagnostics.at(-1);
    if (last?.code === "nested-too-deeply" && endOfLine(reading.scan, last.start) > start) return; // Once a line.
    reading.diagnostics.push(diagnostic("nested-too-deeply", range, `Parentheses are nested more than ${DEEPEST_PARENTHESES} deep.`, { help: "Name a part of the condition in `define` and use the name." }));
  } else if (!image.includes(")")) { // A parenthesis that closes one that is too deep has been spoken for.
    const word = SIGNS.get(image.trim());
    reading.diagnostics.push(diagnostic("unknown-character", range, `\`${image.slice(0, 40)}\` has no meaning here.`, word === undefined ? { help: "Remove it, or put words in quotation marks." } : { help: `Write \`${word}\`.`, replacement: word }));
  }
}

// ── First tokens of lines, and prose ──────────────────────────────────────────────────────────────────────────────────
interface FirstToken {
  readonly type: TokenType;
  readonly mode: Mode;
}
const first = (type: TokenType, mode: Mode = "line"): FirstToken => ({ type, mode });

/** The token that makes a line what it is, and how the rest of the line is read. Kinds that are not here begin with prose. */
const FIRST_TOKENS: { readonly [K in LineKind]?: FirstToken } = {
  policy: first(T.PolicyKeyword, "headerLine"), headerField: first(T.HeaderField, "rest"), fact: first(T.FactName, "type"), mapping: first(T.FromFhir, "type"), definition: first(T.DefinitionName, "condition"),
  label: first(T.LabelToken), bullet: first(T.BulletToken), appliesTo: first(T.AppliesTo, "condition"), approvalDuration: first(T.ApprovalDuration), quantityLimit: first(T.QuantityLimit), note: first(T.NoteKeyword), footNote: first(T.NoteMark),
  when: first(T.When, "condition"), unless: first(T.Unless, "condition"), waived: first(T.Waived, "condition"), if: first(T.If, "condition"),
  codeRow: first(T.CodeSystemWord, "row"), codeGroup: first(T.GroupTitle), revision: first(T.RevisionDate, "revision"), reference: first(T.ReferenceLabel),
  case: first(T.CaseKeyword, "condition"), on: first(T.OnKeyword, "condition"), caseCodes: first(T.CaseCodesKeyword, "condition"), caseLine: first(T.CaseLineKeyword, "condition"),
  casePathway: first(T.CasePathwayKeyword, "condition"), expect: first(T.ExpectKeyword, "condition"), caseNote: first(T.CaseNoteKeyword),
  caseFact: first(T.CaseFactName, "condition"), attestation: first(T.AttestedAddress, "condition"), record: first(T.RecordBullet, "condition"), evidence: first(T.EvidenceKeyword),
};
const HEADINGS: { readonly [K in SectionName]: TokenType } = {
  facts: T.FactsHeading, define: T.DefineHeading, criteria: T.CriteriaHeading, notes: T.NotesHeading, codes: T.CodesHeading, revisions: T.RevisionsHeading,
  references: T.ReferencesHeading, cases: T.CasesHeading,
};

/** Reads the first token of a line, the prose behind it, or the keyword of a clause behind that; gives how the line goes on. */
function readInLine(reading: Reading, text: string, at: number): Mode {
  const { line } = reading;
  if (at === reading.at) {
    const own = line.end > at ? FIRST_TOKENS[line.kind] : undefined;
    if (own !== undefined || line.kind === "heading") {
      reading.at = -1;
      if (line.kind === "heading") return readHeading(reading, text, at, line.end);
      if (line.kind === "policy") openPlace(reading, "header");
      addToken(reading, own!.type, at, line.end);
      return own!.mode;
    }
  } else if (at === reading.inlineClause) {
    reading.inlineClause = -1;
    INLINE_KEYWORD.lastIndex = at;
    const keyword = INLINE_KEYWORD.exec(text)!;
    const type = keyword[1] !== undefined ? T.Unless : keyword[0].length === 4 ? T.When : T.If;
    addToken(reading, type, at, at + keyword[0].length);
    return "condition";
  }
  addToken(reading, T.ProseToken, at, readProse(reading, at));
  return "line";
}

function readHeading(reading: Reading, text: string, at: number, end: number): Mode {
  const section = sectionOf(text.slice(at, end));
  openPlace(reading, section ?? "text");
  addToken(reading, section === undefined ? T.TextHeading : HEADINGS[section], at, end);
  return "line";
}

function openPlace(reading: Reading, place: Reading["place"]): void {
  reading.place = place;
  reading.base = -1;
}

/** The keyword of a clause behind prose, in any capitals: "except when" turns round what "when" says. (No `u`: with it, `ſ` is an s.) */
const INLINE_KEYWORD = /(except\s+(?:when|if)|unless)|when|if/iy;
const INLINE_CLAUSE = /[\s,](?:(?:except\s+)?(?:when|if)|unless)\s+criteri(?:on|a)\s+[\w.()*]+\s+(?:is|are)\s+(?:not\s+)?met\s*[.;]?\s*(?:\[[\d,\s–-]+\]\s*)*[.;]?\s*$/i;

/** Prose runs to the end of the line and over the continuation lines that follow it. */
function readProse(reading: Reading, from: number): number {
  let end = reading.breakAt;
  let stop = reading.comment;
  for (; ;) {
    if (stop < from) stop = end;
    else reading.comments.push({ start: stop, end });
    if (!goesOn(reading, end)) break;
    passBreak(reading);
    end = reading.breakAt;
    stop = reading.comment;
  }
  // A comment behind the last line is read as prose's own; the lexer must stand behind it.
  if (reading.place === "criteria" && reading.inlineClause < 0) {
    const written = reading.scan.text.slice(from, stop);
    const inline = /criteri/i.test(written) ? INLINE_CLAUSE.exec(written) : null;
    if (inline !== null) return (reading.inlineClause = from + inline.index + 1);
  }
  return end;
}

// ── Header line, header values, types ─────────────────────────────────────────────────────────────────────────────────
const POLICY_NUMBER = /[^\s"“#]+/uy;
const QUOTED = /"[^"\r\n]*"|“[^”\r\n]*”/uy;
const TYPE_WORD = /[^\s",“#]+/uy;
const OF = /(?:list|one) of(?![^\s",])/uy;

function rest(reading: Reading, text: string, at: number): TokenType | undefined {
  let end = endOfLine(reading.scan, at);
  const comment = commentIn(reading.scan, at, end);
  if (comment >= 0) end = comment;
  const { length } = text.slice(at, end).trimEnd();
  return length === 0 ? undefined : found(T.Rest, at + length);
}

/** A text in quotation marks; where it is not closed, it is all that is left of the line. */
function quoted(reading: Reading, text: string, at: number, unit: number): TokenType | undefined {
  if (unit !== 34 && unit !== 0x201c) return undefined;
  return found(T.QuotedText, matches(QUOTED, text, at) ? ends : endOfLine(reading.scan, at));
}

function reportUnclosed(reading: Reading, start: number, end: number): void {
  const { text } = reading.scan;
  const closing = text.charCodeAt(start) === 34 ? '"' : "”";
  if (end > start + 1 && text[end - 1] === closing) return;
  reading.diagnostics.push(diagnostic("unclosed-text", { start, end }, "A quotation mark is opened here and not closed on this line.", { help: `Close it with \`${closing}\`.` }));
}

const TYPE_WORDS: ReadonlyMap<string, TokenType> = new Map([
  ["yes/no", T.YesNo], ["number", T.NumberType], ["date", T.DateType], ["text", T.TextType], ["or", T.TypeOr], ["from", T.From], ["to", T.To],
  ...["ICD-10-CM", "ICD-10-PCS", "CPT", "HCPCS", "NDC", "MS-DRG", "modifier", "revenue"].map((system) => [system, T.SystemType] as const),
]);

function inType(text: string, at: number, unit: number): TokenType | undefined {
  if (unit === COMMA) return found(T.Comma, at + 1);
  if ((unit === 108 || unit === 111) && matches(OF, text, at)) return unit === 108 ? T.ListOf : T.OneOf;
  if (!matches(TYPE_WORD, text, at)) return undefined;
  const behind = text.charCodeAt(ends);
  // A word that a comment or a curved quotation mark touches is none of the language.
  return behind === HASH || behind === 0x201c ? T.TypeWord : TYPE_WORDS.get(text.slice(at, ends)) ?? T.TypeWord;
}

// ── Code rows and revisions ───────────────────────────────────────────────────────────────────────────────────────────
const ROW_CODE = /[^\s*†‡§,]+/uy;
const ROW_MARK = /[*†‡§]+/uy;
const ROW_WORD = /[^\s,]+/uy;
const ROW_STATUS = /\s{2,}(?=(?:effective|ended)\s+\d|see\s+[A-Z]?[\dA-Z.]*\d|for\s+[IVXLC]+\b)/u;
const STATUS_WORD = /(?:effective|ended)\s+\d|see\s+[A-Z]?[\dA-Z.]*\d|for\s+[IVXLC]+\b/uy;
const ROW_WORDS: ReadonlyMap<string, TokenType> = new Map([["effective", T.EffectiveWord], ["ended", T.EndedWord], ["see", T.SeeWord], ["for", T.ForWord]]);
const REVISION_WORDS: ReadonlyMap<string, TokenType> = new Map([["approved", T.ApprovedWord], ["effective", T.EffectiveWord]]);

const lastType = ({ tokens }: Reading): TokenType | undefined => tokens[tokens.length - 1]?.tokenType;

function inRow(reading: Reading, text: string, at: number, unit: number): TokenType | undefined {
  const last = lastType(reading);
  if (last === T.CodeSystemWord && matches(ROW_CODE, text, at)) return T.RowCode;
  if (last === T.RowCode && endOfLast(reading) === at && matches(ROW_MARK, text, at)) return T.RowMark;
  if ((last === T.RowCode || last === T.RowMark) && !matches(STATUS_WORD, text, at)) {
    const end = readProse(reading, at);
    const status = ROW_STATUS.exec(text.slice(at, end));
    return found(T.RowText, status === null ? end : at + status.index);
  }
  return unit === COMMA ? found(T.Comma, at + 1) : rowWord(ROW_WORDS, text, at);
}

function inRevision(text: string, at: number, unit: number): TokenType | undefined {
  return unit === COMMA ? found(T.Comma, at + 1) : rowWord(REVISION_WORDS, text, at);
}

/** A word of the status of a code or revision; a comma behind it makes it a word like any other. */
function rowWord(known: ReadonlyMap<string, TokenType>, text: string, at: number): TokenType | undefined {
  if (!matches(ROW_WORD, text, at)) return undefined;
  return text.charCodeAt(ends) === COMMA ? T.RowWord : known.get(text.slice(at, ends)) ?? T.RowWord;
}

// ── Conditions and case values ────────────────────────────────────────────────────────────────────────────────────────
const CODE = String.raw`(?:[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{5}|\d{4}[AFMTU])`;
const CODE_RANGE = new RegExp(`${CODE}[-–]${CODE}(?![\\w.])`, "uy");
const CODE_TOKEN = /(?:[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{4}[AFMTU])(?![A-Za-z0-9_])(?:\.?-(?![\w]))?/uy;
/** Also dates in a form that is not read, `03/05/2025`, so that they are reported as dates. */
const DATE = /(?:\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}\/\d{1,2}\/\d{4})(?![\d/-])/uy;
const NUMBER = /\d+(?:\.\d+)?/uy;
// A rate such as `/min` is a unit; a division has spaces on both sides.
const UNIT = onDemand(() => /(?:%|\/(?:min|h|d|wk|mo|a|L|dL|mL|uL|mm3|\[[HL]PF\])(?![\p{L}\p{N}_])|10\*-?\d+[^\s,;:()"“]*|[\p{L}°[{][^\s,;:()"“<>=≤≥]*)/uy);
const ADDRESS = onDemand(() => /(?!(?:is|are|and|or|not|met)(?![\p{L}\p{N}_]))(?:\([A-Za-z0-9]{1,5}\)|[A-Za-z0-9]{1,5})(?:\.(?:\*?[A-Za-z0-9]{1,5}|\([A-Za-z0-9]{1,5}\)))*(?![\p{L}\p{N}_])/uy);
const DOTTED_ADDRESS = onDemand(() => /(?:\([A-Za-z0-9]{1,5}\)|[A-Za-z0-9]{1,5})(?:\.(?:\*?[A-Za-z0-9]{1,5}|\([A-Za-z0-9]{1,5}\)))+(?![\p{L}\p{N}_])/uy);
const COMBINATOR_TAIL = onDemand(() => new RegExp(String.raw`(?:,\s*(?:then\s+)?)?(?:${COMBINATORS.map((each) => withoutCaptures(each.pattern)).join("|")})(?:\s+[\w-]+){0,6}(?:\s*\([^()\n]*\))?\s*(?:\[[\d,\s–-]+\]\s*)?[:.]?[^\S\n]*(?=\r|\n|$|\s#\s)`, "iy"));
/** How a combinator can begin; whatever else stands in a condition is told from one by a look. */
const COMBINATOR_START = /(?:,\s*(?:then\s+)?)?(?:\d|a?\s*minimum|(?:none|neither|in|absence|without|free|lack|no|do|does|did|must|should|may|at|a|any|one|two|three|four|five|six|seven|eight|nine|ten|exactly|only|all|both|each|every|either|meets?|satisfy|satisfies|the)\b)/iy;
const CITATION = /\[\s*\d[\d,\s–-]*\]/uy;
const FULL_STOP = /[.;:](?![ \t\u00a0]*[^\s[])/uy;
const NAME = onDemand(() => /[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*/uy);
const UNABLE = onDemand(() => /unable\s+to\s+obtain(?![\p{L}\p{N}_-])/iuy);
/** Lines of a case that answer something. */
const ANSWERS: ReadonlySet<LineKind> = new Set<LineKind>(["caseFact", "attestation", "record"]);

const SCOPES: readonly (readonly [TokenType, RegExp])[] = [[T.ScopeCodes, /codes?(?=\s)/uy], [T.ScopeLine, /lines?\s+of\s+business(?=\s)/uy], [T.ScopePathway, /pathways?(?=\s)/uy]];

/** Words that are tokens by themselves, where nothing longer stands. */
const WORDS: ReadonlyMap<string, TokenType> = new Map([
  ...(["CPT", "HCPCS", "ICD-10-CM", "ICD-10-PCS", "NDC", "MS-DRG"] as const).map((system) => [system, T.SystemWord] as const),
  ["and", T.And], ["or", T.Or], ["not", T.NotWord], ["between", T.BetweenWord], ["is", T.IsWord], ["are", T.IsWord], ["include", T.IncludeWord], ["includes", T.IncludeWord], ["in", T.InWord],
  ["does", T.DoWord], ["do", T.DoWord], ["within", T.WithinWord], ["past", T.PastWord], ["last", T.PastWord], ["before", T.BeforeWord], ["after", T.AfterWord], ["where", T.WhereWord],
  ["exist", T.ExistsWord], ["exists", T.ExistsWord], ["no", T.NoWord], ["yes", T.YesWord], ["of", T.OfWord], ["any", T.AnyWord], ["all", T.AllWord], ["the", T.TheWord],
  ["criterion", T.CriterionWord], ["criteria", T.CriterionWord], ["Criterion", T.CriterionWord], ["Criteria", T.CriterionWord], ["met", T.MetWord], ["known", T.KnownWord], ["unknown", T.UnknownWord], ["by", T.ByWord], ["missing", T.MissingWord], ["exactly", T.Exactly],
]);

const AT_LEAST = /(?:at\s+least|no\s+(?:less|fewer)\s+than|(?:more|greater)\s+than\s+or\s+equal\s+to)(?![\w-])/uy;
const AT_MOST = /(?:at\s+most|no\s+(?:more|greater)\s+than|(?:less|fewer)\s+than\s+or\s+equal\s+to)(?![\w-])/uy;
const MORE_THAN = /(?:more|greater|older)\s+than(?![\w-])/uy;
const LESS_THAN = /(?:less|fewer|younger)\s+than(?![\w-])/uy;
/** Tokens of several words by the first of them; the first that matches counts. */
const PHRASES: ReadonlyMap<string, readonly (readonly [TokenType, RegExp])[]> = new Map<string, readonly (readonly [TokenType, RegExp])[]>([
  ["date", [[T.DateOfServiceWord, /date\s+of\s+service(?![\w-])/uy]]], ["line", [[T.LineOfBusinessWord, /line of business(?![\w-])/uy]]], ["count", [[T.CountOf, /count\s+of(?![\w-])/uy]]],
  ["at", [[T.AtLeast, AT_LEAST], [T.AtMost, AT_MOST]]], ["no", [[T.AtLeast, AT_LEAST], [T.AtMost, AT_MOST]]],
  ["more", [[T.AtLeast, AT_LEAST], [T.MoreThan, MORE_THAN]]], ["greater", [[T.AtLeast, AT_LEAST], [T.MoreThan, MORE_THAN]]], ["older", [[T.MoreThan, MORE_THAN]]],
  ["less", [[T.AtMost, AT_MOST], [T.LessThan, LESS_THAN]]], ["fewer", [[T.AtMost, AT_MOST], [T.LessThan, LESS_THAN]]], ["younger", [[T.LessThan, LESS_THAN]]],
]);

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
const isCapital = (unit: number): boolean => unit >= 65 && unit <= 90;
const isNamePart = (unit: number): boolean => (unit >= 97 && unit <= 122) || unit === 95 || isDigit(unit) || isCapital(unit);

function inCondition(reading: Reading, text: string, at: number, unit: number): TokenType | undefined {
  const last = lastType(reading);
  if (unit === COMMA || last === T.When || last === T.Unless || last === T.Waived || last === T.If) {
    if (matches(COMBINATOR_START, text, at) && matches(COMBINATOR_TAIL(), text, at)) return found(T.CombinatorPhrase, at + text.slice(at, ends).trimEnd().length);
  }
  if ((unit === 46 || unit === 59 || unit === 58) && matches(FULL_STOP, text, at)) return SKIPPED;
  if (last === T.Equal && (unit === 117 || unit === 85) && ANSWERS.has(reading.line.kind) && matches(UNABLE(), text, at)) return T.UnableToObtain;
  // The reason behind it is prose, to the end of the line and what goes on from it; in a record, fields may follow.
  if (last === T.UnableToObtain && reading.line.kind !== "record") return found(T.ProseToken, readProse(reading, at));
  if (unit === 91 && matches(CITATION, text, at)) return T.TrailingCitation;
  if (unit === 34 || unit === 0x201c) return quoted(reading, text, at, unit);
  if (last === T.NumberToken && matches(UNIT(), text, at)) {
    if (text.charCodeAt(ends - 1) === 46) ends--;
    const unitEnd = ends;
    if (unitEnd > at && !RESERVED_WORDS.has(text.slice(at, unitEnd))) return found(T.UnitToken, unitEnd);
  }
  if (last === T.AppliesTo) for (const [type, pattern] of SCOPES) if (matches(pattern, text, at)) return type;
  if ((last === T.CriterionWord || last === T.ByWord) && matches(ADDRESS(), text, at)) return T.Address;
  if (reading.line.kind === "expect" && matches(DOTTED_ADDRESS(), text, at)) return T.DottedAddress;
  if (isDigit(unit)) return figure(text, at);
  if (isCapital(unit) && isDigit(text.charCodeAt(at + 1))) {
    if (matches(CODE_RANGE, text, at)) return T.CodeRange;
    if (matches(CODE_TOKEN, text, at)) return T.CodeToken;
  }
  return sign(reading, text, at, unit) ?? name(text, at);
}

/** A date, a code or a number. Short figures are numbers at once. */
function figure(text: string, at: number): TokenType {
  let end = at + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  const behind = text.charCodeAt(end);
  if (end - at < 4 && behind !== 46 && behind !== 47) return found(T.NumberToken, end);
  if (matches(DATE, text, at)) return T.DateToken;
  if (matches(CODE_RANGE, text, at)) return T.CodeRange;
  if (matches(CODE_TOKEN, text, at)) return T.CodeToken;
  matches(NUMBER, text, at);
  return T.NumberToken;
}

/** A name or a word of the language. */
function name(text: string, at: number): TokenType | undefined {
  let end = at;
  while (isNamePart(text.charCodeAt(end)) || (text.charCodeAt(end) === HYPHEN && end > at && isNamePart(text.charCodeAt(end + 1)))) end++;
  // Letters beyond ASCII are told by the pattern.
  if (end === at || text.charCodeAt(end) > 127 || (text.charCodeAt(end) === HYPHEN && text.charCodeAt(end + 1) > 127)) {
    if (!matches(NAME(), text, at)) return undefined;
    end = ends;
  }
  const word = text.slice(at, end);
  const phrases = PHRASES.get(word);
  if (phrases !== undefined) for (const [type, pattern] of phrases) if (matches(pattern, text, at)) return type;
  const type = WORDS.get(word) ?? T.Identifier;
  return found(type === T.SystemWord && text.charCodeAt(end) === HYPHEN ? T.Identifier : type, end);
}

/** Signs of comparison and reckoning, commas and parentheses. */
function sign(reading: Reading, text: string, at: number, unit: number): TokenType | undefined {
  const next = text.charCodeAt(at + 1);
  switch (unit) {
    case COMMA: return found(T.Comma, at + 1);
    case 60: return next === 61 ? found(T.LessEqual, at + 2) : next === 62 ? found(T.NotEqual, at + 2) : found(T.Less, at + 1);
    case 61: return next === 60 ? found(T.LessEqual, at + 2) : next === 62 ? found(T.GreaterEqual, at + 2) : found(T.Equal, next === 61 ? at + 2 : at + 1);
    case 62: return next === 61 ? found(T.GreaterEqual, at + 2) : found(T.Greater, at + 1);
    case 33: return next === 61 ? found(T.NotEqual, at + 2) : undefined;
    case 0x2264: return found(T.LessEqual, at + 1);
    case 0x2265: return found(T.GreaterEqual, at + 1);
    case 0x2260: return found(T.NotEqual, at + 1);
    case 43: return found(T.Plus, at + 1);
    case HYPHEN: case 0x2013: case 0x2212: return found(T.Minus, at + 1);
    case 42: case 0xd7: return found(T.Times, at + 1);
    case 47: return found(T.Slash, at + 1);
    case 46: return found(T.Dot, at + 1);
    case 40: return reading.parentheses < DEEPEST_PARENTHESES ? found(T.Open, at + 1) : undefined;
    case 41: return reading.parentheses <= DEEPEST_PARENTHESES ? found(T.Close, at + 1) : undefined;
    default: return undefined;
  }
}
