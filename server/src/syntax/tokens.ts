// The tokens of the language, and the lexer: Chevrotain lexer modes whose line-level tokens follow the layout in `lines.ts`.
import { createToken, createTokenInstance, type CustomPatternMatcherReturn, type IToken, Lexer, type TokenType } from "chevrotain";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import type { Range } from "../text.js";
import { COMBINATORS, withoutCaptures, RESERVED_WORDS, type SectionName } from "../vocabulary.js";
import { classifyLine, type Line, type LineKind, type Place } from "./lines.js";
import { afterBreak, commentIn, endOfLine, endsWithComma, isBreak, nextLine, type Scan, type ScannedLine, scanOf } from "./scan.js";
import { sectionOf } from "./sections.js";

/** Criteria deeper than this are read as siblings; no published policy comes near it. */
const DEEPEST_LEVEL = 32;
/** Parentheses deeper than this are not followed. */
const DEEPEST_PARENTHESES = 64;

/** What the lexer knows between two tokens. One text is read at a time; `tokenize` resets it. */
interface Reading {
  place: Place;
  /** Columns of the open indentation levels. */
  levels: number[];
  base: number;
  line: Line;
  /** Offset at which the line's first token stands, -1 once it is read. */
  at: number;
  /** Offset at which a prose line's own condition begins, -1 if none does. */
  inlineClause: number;
  parentheses: number;
  readonly scan: Scan;
  ahead: Ahead | undefined;
  comments: Range[];
  diagnostics: Diagnostic[];
}

/** Where in the layout a stretch of text begins: in which place, and at which column its entries stand (-1: not told yet). */
export interface LayoutState {
  readonly place: Place;
  readonly base: number;
}
export const START: LayoutState = { place: "start", base: -1 };

const NO_LINE: Line = { kind: "stray", end: 0 };
let reading: Reading = freshReading("", START);

function freshReading(text: string, state: LayoutState): Reading {
  return { scan: scanOf(text), ahead: undefined, place: state.place, levels: [state.base < 0 ? 0 : state.base], base: state.base, line: NO_LINE, at: -1, inlineClause: -1, parentheses: 0, comments: [], diagnostics: [] };
}

// Chevrotain picks candidate tokens by first character; patterns it cannot read (custom ones, \p classes) say theirs here.
const LETTERS: number[] = [];
for (let unit = 65; unit < 256; unit++) if (/[\p{L}_]/u.test(String.fromCharCode(unit))) LETTERS.push(unit);
for (let unit = 256; unit < 65536; unit += 255) LETTERS.push(unit);
const DIGITS = [..."0123456789"];

type Matcher = (text: string, offset: number, tokens: IToken[]) => CustomPatternMatcherReturn | null;
const found = (image: string): CustomPatternMatcherReturn => [image] as unknown as CustomPatternMatcherReturn;

// ── Layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const Newline = createToken({ name: "Newline", pattern: Lexer.NA, label: "the end of the line" });
export const Indent = createToken({ name: "Indent", pattern: Lexer.NA, label: "an indented line" });
export const Dedent = createToken({ name: "Dedent", pattern: Lexer.NA, label: "the end of the indented lines" });

function classifyNext(next: ScannedLine): Line {
  return classifyLine(reading.scan.text, next.at, { place: reading.place, column: next.column, level: reading.levels[reading.levels.length - 1]!, base: reading.base, afterBlank: next.afterBlank, lineEnd: next.end, afterComma: reading.place === "facts" && endsWithComma(reading.scan, next.at) });
}

/** Where a token ends; Chevrotain keeps the start alone. */
export const endOf = (token: IToken): number => token.startOffset + token.image.length;
const layoutToken = (type: TokenType, at: number): IToken => createTokenInstance(type, "", at, at, 0, 0, 0, 0);
const NESTED: ReadonlySet<Place> = new Set<Place>(["criteria", "facts"]);

/** The line behind a line break: prose, conditions and the break itself all ask for it, and it is looked at once. */
interface Ahead {
  readonly from: number;
  readonly next: ScannedLine | undefined;
  readonly line: Line;
  /** Comment lines in between. */
  readonly comments: readonly Range[];
}

function lookAhead(lineEnd: number): Ahead {
  if (reading.ahead?.from === lineEnd) return reading.ahead;
  const comments: Range[] = [];
  const next = lineEnd < reading.scan.text.length ? nextLine(reading.scan, afterBreak(reading.scan, lineEnd), comments) : undefined;
  return (reading.ahead = { from: lineEnd, next, line: next === undefined ? NO_LINE : classifyNext(next), comments });
}

/** Reads over a line break and puts the layout tokens that follow from the next line. */
const lineBreak: Matcher = (text, offset, tokens) => {
  if (!isBreak(text.charCodeAt(offset))) return null;
  const { next, line, comments } = lookAhead(offset);
  for (const range of comments) reading.comments.push(range);
  if (next === undefined) return found(text.slice(offset));
  beginLine(next, line, tokens);
  return found(text.slice(offset, next.at));
};

function beginLine(next: ScannedLine, line: Line, tokens: IToken[]): void {
  reportTab(next);
  reading.line = line;
  reading.at = next.at;
  reading.inlineClause = -1;
  reading.parentheses = 0;
  if (line.kind === "continuation") return;
  const before = tokens.length > 0 ? endOf(tokens[tokens.length - 1]!) : next.at;
  const { levels } = reading;
  if (line.kind === "heading" || line.kind === "policy") {
    for (let i = 1; i < levels.length; i++) tokens.push(layoutToken(Dedent, before));
    levels.length = 1;
    return;
  }
  if (reading.base < 0) {
    reading.base = next.column;
    levels.length = 0;
    levels.push(next.column);
    tokens.push(layoutToken(Newline, before));
    return;
  }
  if (!NESTED.has(reading.place)) {
    tokens.push(layoutToken(Newline, before));
    return;
  }
  placeLevel(next, tokens, before);
}

function placeLevel(next: ScannedLine, tokens: IToken[], before: number): void {
  const { levels } = reading;
  let top = levels[levels.length - 1]!;
  if (next.column > top) {
    if (levels.length > DEEPEST_LEVEL) {
      reading.diagnostics.push(diagnostic("nested-too-deeply", { start: next.at, end: next.end }, `Criteria are nested more than ${DEEPEST_LEVEL} levels deep.`, { help: "Split the statement." }));
      tokens.push(layoutToken(Newline, before));
      return;
    }
    levels.push(next.column);
    tokens.push(layoutToken(Indent, before));
    return;
  }
  let closed = 0;
  while (levels.length > 1 && next.column < top && next.column <= levels[levels.length - 2]!) {
    levels.pop();
    closed++;
    tokens.push(layoutToken(Dedent, before));
    top = levels[levels.length - 1]!;
  }
  if (next.column !== top) {
    // Between two levels, or left of the first: read it at the level it is nearest to, and say so.
    if (next.tab < 0) reading.diagnostics.push(diagnostic("uneven-indentation", { start: next.at - next.column, end: next.at }, `This line is indented by ${next.column}, which matches no line above it; it is read at the level of column ${top}.`, { help: `Indent it by ${top} to keep it there.`, replacement: " ".repeat(top) }));
    if (levels.length === 1) {
      levels[0] = next.column;
      reading.base = next.column;
    }
  }
  tokens.push(layoutToken(Newline, before));
}

/** A line break in the middle of a condition or declaration that the next line continues. */
const continuationBreak: Matcher = (text, offset) => {
  if (!isBreak(text.charCodeAt(offset))) return null;
  const { next, line, comments } = lookAhead(offset);
  if (next === undefined || line.kind !== "continuation") return null;
  for (const range of comments) reading.comments.push(range);
  reportTab(next);
  return found(text.slice(offset, next.at));
};
function reportTab(next: ScannedLine): void {
  if (next.tab < 0) return;
  reading.diagnostics.push(diagnostic("tab-indentation", { start: next.tab, end: next.tab + 1 }, "A tab stands in the indentation, where its width is anybody's guess.", { help: "Use spaces instead.", replacement: "  " }));
}

const ContinuationBreak = createToken({ name: "ContinuationBreak", pattern: continuationBreak, group: Lexer.SKIPPED, line_breaks: true, start_chars_hint: ["\n", "\r"] });
const LineBreak = createToken({ name: "LineBreak", pattern: lineBreak, group: Lexer.SKIPPED, line_breaks: true, start_chars_hint: ["\n", "\r"] });
const LineBreakBack = createToken({ name: "LineBreakBack", pattern: lineBreak, group: Lexer.SKIPPED, line_breaks: true, pop_mode: true, start_chars_hint: ["\n", "\r"] });
const Space = createToken({ name: "Space", pattern: /[ \t\u00a0\ufeff]+/, group: Lexer.SKIPPED });
const Comment = createToken({
  name: "Comment",
  group: Lexer.SKIPPED,
  line_breaks: false,
  start_chars_hint: ["#"],
  pattern: ((text, offset) => {
    if (text.charCodeAt(offset) !== 35) return null;
    const end = endOfLine(reading.scan, offset);
    if (commentIn(reading.scan, offset, end) !== offset) return null;
    reading.comments.push({ start: offset, end });
    return found(text.slice(offset, end));
  }) as Matcher,
});

// ── First tokens of lines ─────────────────────────────────────────────────────────────────────────────────────────────
/** A token that stands first in a line of the given kinds. */
function first(name: string, label: string, kinds: readonly LineKind[], more: { push?: string; place?: Place; when?: (text: string) => boolean } = {}): TokenType {
  const wanted: ReadonlySet<LineKind> = new Set(kinds);
  const pattern: Matcher = (text, offset) => {
    if (offset !== reading.at || !wanted.has(reading.line.kind)) return null;
    const image = text.slice(offset, reading.line.end);
    if (image === "" || (more.when !== undefined && !more.when(image))) return null;
    reading.at = -1;
    if (more.place !== undefined) {
      reading.place = more.place;
      reading.base = -1;
    }
    return found(image);
  };
  const config = { name, label, pattern, line_breaks: false };
  return createToken(more.push === undefined ? config : { ...config, push_mode: more.push });
}

const heading = (name: SectionName): TokenType =>
  first(`${name}Heading`, `the section \`${name}\``, ["heading"], { place: name, when: (image) => sectionOf(image) === name });

export const PolicyKeyword = first("PolicyKeyword", "`policy`", ["policy"], { push: "headerLine", place: "header" });
export const FactsHeading = heading("facts");
export const DefineHeading = heading("define");
export const CriteriaHeading = heading("criteria");
export const NotesHeading = heading("notes");
export const CodesHeading = heading("codes");
export const RevisionsHeading = heading("revisions");
export const ReferencesHeading = heading("references");
export const CasesHeading = heading("cases");
export const TextHeading = first("TextHeading", "a heading", ["heading"], { place: "text" });
export const HeaderField = first("HeaderField", "a header field", ["headerField"], { push: "rest" });
export const FactName = first("FactName", "the name of a fact", ["fact"], { push: "type" });
export const DefinitionName = first("DefinitionName", "the name of a definition", ["definition"], { push: "condition" });
export const LabelToken = first("Label", "a label", ["label"]);
export const BulletToken = first("Bullet", "a bullet", ["bullet"]);
export const AppliesTo = first("AppliesTo", "`applies to`", ["appliesTo"], { push: "condition" });
export const NoteKeyword = first("NoteKeyword", "`note`", ["note"]);
export const NoteMark = first("NoteMark", "a note mark", ["footNote"]);
export const CodeSystemWord = first("CodeSystemWord", "a code system", ["codeRow"], { push: "row" });
export const GroupTitle = first("GroupTitle", "a group of codes", ["codeGroup"]);
export const RevisionDate = first("RevisionDate", "the date of a revision", ["revision"], { push: "revision" });
export const ReferenceLabel = first("ReferenceLabel", "the number of a reference", ["reference"]);
export const CaseKeyword = first("CaseKeyword", "`case`", ["case"], { push: "condition" });
export const OnKeyword = first("OnKeyword", "`on`", ["on"], { push: "condition" });
export const CaseCodesKeyword = first("CaseCodesKeyword", "`codes`", ["caseCodes"], { push: "condition" });
export const CaseLineKeyword = first("CaseLineKeyword", "`line of business`", ["caseLine"], { push: "condition" });
export const CasePathwayKeyword = first("CasePathwayKeyword", "`pathway`", ["casePathway"], { push: "condition" });
export const ExpectKeyword = first("ExpectKeyword", "`expect`", ["expect"], { push: "condition" });
export const CaseNoteKeyword = first("CaseNoteKeyword", "`note`", ["caseNote"]);
export const CaseFactName = first("CaseFactName", "the name of a fact", ["caseFact"], { push: "condition" });
export const AttestedAddress = first("AttestedAddress", "the address of a criterion", ["attestation"], { push: "condition" });
export const RecordBullet = first("RecordBullet", "a record", ["record"], { push: "condition" });

/** `when`, `unless` and `if` also stand behind prose: "is investigational when criterion I is not met". */
function clauseKeyword(name: string, word: "when" | "unless" | "waived" | "if"): TokenType {
  const pattern: Matcher = (text, offset) => {
    if (offset === reading.inlineClause && text.startsWith(word, offset)) {
      reading.inlineClause = -1;
      return found(word);
    }
    if (offset !== reading.at || reading.line.kind !== word) return null;
    reading.at = -1;
    return found(text.slice(offset, reading.line.end));
  };
  return createToken({ name, label: `\`${word}\``, pattern, line_breaks: false, push_mode: "condition" });
}
export const When = clauseKeyword("When", "when");
export const Unless = clauseKeyword("Unless", "unless");
export const Waived = clauseKeyword("Waived", "waived");
export const If = clauseKeyword("If", "if");

const INLINE_CLAUSE = /[\s,](when|unless|if)\s+criteri(?:on|a)\s+[\w.()*]+\s+(?:is|are)\s+(?:not\s+)?met\s*[.;]?\s*(?:\[[\d,\s–-]+\]\s*)*[.;]?\s*$/u;

/** Lines that begin with prose; all others begin with the token that makes them what they are. */
const beginsWithProse = ({ kind, end }: Line, at: number): boolean => kind === "stray" || kind === "paragraph" || kind === "continuation" || ((kind === "footNote" || kind === "revision") && end === at);

/** Prose runs to the end of the line and over the continuation lines that follow it. */
const prose: Matcher = (text, offset) => {
  // Asked early for every token of a line, so that prose, the most frequent, is found quickly.
  if (offset === reading.at ? !beginsWithProse(reading.line, offset) : offset === reading.inlineClause) return null;
  let end = endOfLine(reading.scan, offset);
  let comment = commentIn(reading.scan, offset, end);
  const own = comment >= 0;
  let stop = own ? comment : end;
  if (own) reading.comments.push({ start: comment, end });
  for (;;) {
    const { next, line, comments } = lookAhead(end);
    if (next === undefined || line.kind !== "continuation") break;
    for (const range of comments) reading.comments.push(range);
    reportTab(next);
    end = endOfLine(reading.scan, next.at);
    comment = commentIn(reading.scan, next.at, end);
    if (comment >= 0) reading.comments.push({ start: comment, end });
    stop = comment >= 0 ? comment : end;
  }
  // A comment behind the last line is lexed as prose's own; the lexer must stand behind it.
  if (reading.place === "criteria" && reading.inlineClause < 0) {
    const written = text.slice(offset, stop);
    const inline = written.includes("criteri") ? INLINE_CLAUSE.exec(written) : null;
    if (inline !== null) {
      const at = offset + inline.index + 1;
      reading.inlineClause = at;
      return found(text.slice(offset, at));
    }
  }
  return found(text.slice(offset, end));
};
export const ProseToken = createToken({ name: "Prose", label: "text", pattern: prose, line_breaks: true });

// ── Header line, header values, types ─────────────────────────────────────────────────────────────────────────────────
export const PolicyNumber = createToken({ name: "PolicyNumber", label: "the policy number", pattern: /[^\s"“#]+/ });
export const Rest = createToken({
  name: "Rest",
  label: "a value",
  line_breaks: false,
  pattern: ((text, offset) => {
    const end = endOfLine(reading.scan, offset);
    const comment = commentIn(reading.scan, offset, end);
    const image = text.slice(offset, comment < 0 ? end : comment).trimEnd();
    return image === "" ? null : found(image);
  }) as Matcher,
});
export const QuotedText = createToken({ name: "QuotedText", label: "a text in quotation marks", pattern: /"[^"\r\n]*"|“[^”\r\n]*”/, start_chars_hint: ['"', "“"], line_breaks: false });
export const UnclosedText = createToken({
  name: "UnclosedText",
  label: "a text in quotation marks",
  categories: [QuotedText],
  line_breaks: false,
  start_chars_hint: ['"', "“"],
  pattern: ((text, offset) => {
    const unit = text[offset];
    if (unit !== '"' && unit !== "“") return null;
    const end = endOfLine(reading.scan, offset);
    reading.diagnostics.push(diagnostic("unclosed-text", { start: offset, end }, "A quotation mark is opened here and not closed on this line.", { help: `Close it with \`${unit === '"' ? '"' : "”"}\`.` }));
    return found(text.slice(offset, end));
  }) as Matcher,
});
export const TypeWord = createToken({ name: "TypeWord", label: "a type", pattern: /[^\s",“#]+/ });
export const YesNo = createToken({ name: "YesNo", label: "`yes/no`", pattern: /yes\/no(?![^\s",])/, longer_alt: TypeWord });
export const ListOf = createToken({ name: "ListOf", label: "`list of`", pattern: /list of(?![^\s",])/ });
export const OneOf = createToken({ name: "OneOf", label: "`one of`", pattern: /one of(?![^\s",])/ });
export const NumberType = createToken({ name: "NumberType", label: "`number`", pattern: /number(?![^\s",])/ });
export const DateType = createToken({ name: "DateType", label: "`date`", pattern: /date(?![^\s",])/ });
export const TextType = createToken({ name: "TextType", label: "`text`", pattern: /text(?![^\s",])/ });
export const SystemType = createToken({ name: "SystemType", label: "a code system", pattern: /(?:ICD-10-CM|ICD-10-PCS|CPT|HCPCS|NDC|MS-DRG|modifier|revenue)(?![^\s",])/ });
export const TypeOr = createToken({ name: "TypeOr", label: "`or`", pattern: /or(?![^\s",])/ });
export const From = createToken({ name: "From", label: "`from`", pattern: /from(?![^\s",])/ });
export const To = createToken({ name: "To", label: "`to`", pattern: /to(?![^\s",])/ });

// ── Code rows and revisions ───────────────────────────────────────────────────────────────────────────────────────────
const isLast = (tokens: IToken[], ...types: readonly TokenType[]): boolean => {
  const last = tokens[tokens.length - 1];
  return last !== undefined && types.some((type) => last.tokenType === type);
};
function sticky(name: string, label: string, pattern: RegExp, allowed: (tokens: IToken[], offset: number) => boolean, categories: TokenType[] = []): TokenType {
  return createToken({
    name,
    label,
    categories,
    line_breaks: false,
    start_chars_hint: [...LETTERS, ...DIGITS, "(", "*", "§"],
    pattern: ((text, offset, tokens) => {
      if (!allowed(tokens, offset)) return null;
      pattern.lastIndex = offset;
      const match = pattern.exec(text);
      return match === null || match[0] === "" ? null : found(match[0]);
    }) as Matcher,
  });
}
export const RowCode = sticky("RowCode", "a code", /[^\s*†‡§,]+/uy, (tokens) => isLast(tokens, CodeSystemWord));
export const RowMark = sticky("RowMark", "a note mark", /[*†‡§]+/uy, (tokens, offset) => isLast(tokens, RowCode) && tokens[tokens.length - 1]!.startOffset + tokens[tokens.length - 1]!.image.length === offset);
const ROW_STATUS = /\s{2,}(?=(?:effective|ended)\s+\d|see\s+[A-Z]?[\dA-Z.]*\d|for\s+[IVXLC]+\b)/u;
const STATUS_WORD = /(?:effective|ended)\s+\d|see\s+[A-Z]?[\dA-Z.]*\d|for\s+[IVXLC]+\b/uy;
export const RowText = createToken({
  name: "RowText",
  label: "the description of the code",
  line_breaks: true,
  pattern: ((text, offset, tokens) => {
    if (!isLast(tokens, RowCode, RowMark)) return null;
    STATUS_WORD.lastIndex = offset;
    if (STATUS_WORD.test(text)) return null;
    const whole = prose(text, offset, tokens)![0]!;
    const status = ROW_STATUS.exec(whole);
    return found(status === null ? whole : whole.slice(0, status.index));
  }) as Matcher,
});
export const EffectiveWord = createToken({ name: "EffectiveWord", label: "`effective`", pattern: /effective(?!\S)/ });
export const EndedWord = createToken({ name: "EndedWord", label: "`ended`", pattern: /ended(?!\S)/ });
export const SeeWord = createToken({ name: "SeeWord", label: "`see`", pattern: /see(?!\S)/ });
export const ForWord = createToken({ name: "ForWord", label: "`for`", pattern: /for(?!\S)/ });
export const ApprovedWord = createToken({ name: "ApprovedWord", label: "`approved`", pattern: /approved(?!\S)/ });
export const RowWord = createToken({ name: "RowWord", label: "a code", pattern: /[^\s,]+/ });

// ── Conditions and case values ────────────────────────────────────────────────────────────────────────────────────────
// Chevrotain drops the `u` flag of a pattern, so a name with \p classes is matched by hand.
const NAME = /[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*/uy;
export const Identifier = createToken({
  name: "Identifier",
  label: "a name",
  line_breaks: false,
  start_chars_hint: LETTERS,
  pattern: ((text, offset) => {
    NAME.lastIndex = offset;
    const match = NAME.exec(text);
    return match === null ? null : found(match[0]);
  }) as Matcher,
});
const word = (name: string, pattern: RegExp, label: string): TokenType => createToken({ name, label, pattern, longer_alt: Identifier });
const operator = (name: string, pattern: RegExp | string, label: string): TokenType => createToken({ name, pattern, label });

export const And = word("And", /and/, "`and`");
export const Or = word("Or", /or/, "`or`");
export const NotWord = word("Not", /not/, "`not`");
export const BetweenWord = word("Between", /between/, "`between`");
export const IsWord = word("Is", /is|are/, "`is`");
export const InWord = word("In", /in/, "`in`");
export const IncludeWord = word("Include", /includes?/, "`include`");
export const DoWord = word("Do", /does|do/, "`do not`");
export const WithinWord = word("Within", /within/, "`within`");
export const PastWord = word("Past", /past|last/, "`past`");
export const BeforeWord = word("Before", /before/, "`before`");
export const AfterWord = word("After", /after/, "`after`");
export const WhereWord = word("Where", /where/, "`where`");
export const ExistsWord = word("Exists", /exists?/, "`exists`");
export const NoWord = word("No", /no/, "`no`");
export const YesWord = word("Yes", /yes/, "`yes`");
export const CountOf = createToken({ name: "CountOf", label: "`count of`", pattern: /count\s+of(?![\w-])/, line_breaks: true, start_chars_hint: ["c"] });
export const OfWord = word("Of", /of/, "`of`");
export const AnyWord = word("Any", /any/, "`any of`");
export const AllWord = word("All", /all/, "`all of`");
export const TheWord = word("The", /the/, "`the`");
export const CriterionWord = word("CriterionWord", /criterion|criteria/, "`criterion`");
export const MetWord = word("Met", /met/, "`met`");
export const KnownWord = word("Known", /known/, "`known`");
export const UnknownWord = word("Unknown", /unknown/, "`unknown`");
export const ByWord = word("By", /by/, "`by`");
export const MissingWord = word("MissingWord", /missing/, "`missing`");
export const DateOfServiceWord = createToken({ name: "DateOfService", label: "`date of service`", pattern: /date\s+of\s+service(?![\w-])/, line_breaks: true, start_chars_hint: ["d"] });
export const AtLeast = createToken({ name: "AtLeast", label: "`at least`", pattern: /(?:at\s+least|no\s+(?:less|fewer)\s+than|(?:more|greater)\s+than\s+or\s+equal\s+to)(?![\w-])/, line_breaks: true, start_chars_hint: ["a", "n", "m", "g"] });
export const AtMost = createToken({ name: "AtMost", label: "`at most`", pattern: /(?:at\s+most|no\s+(?:more|greater)\s+than|(?:less|fewer)\s+than\s+or\s+equal\s+to)(?![\w-])/, line_breaks: true, start_chars_hint: ["a", "n", "l", "f"] });
export const MoreThan = createToken({ name: "MoreThan", label: "`more than`", pattern: /(?:more|greater|older)\s+than(?![\w-])/, line_breaks: true, start_chars_hint: ["m", "g", "o"] });
export const LessThan = createToken({ name: "LessThan", label: "`less than`", pattern: /(?:less|fewer|younger)\s+than(?![\w-])/, line_breaks: true, start_chars_hint: ["l", "f", "y"] });
export const Exactly = word("Exactly", /exactly/, "`exactly`");
export const LessEqual = operator("LessEqual", /<=|≤|=</, "`<=`");
export const GreaterEqual = operator("GreaterEqual", />=|≥|=>/, "`>=`");
export const NotEqual = operator("NotEqual", /!=|≠|<>/, "`!=`");
export const Less = operator("Less", "<", "`<`");
export const Greater = operator("Greater", ">", "`>`");
export const Equal = operator("Equal", /==?/, "`=`");
export const Plus = operator("Plus", "+", "`+`");
export const Minus = operator("Minus", /[-–−]/, "`-`");
export const Times = operator("Times", /[*×]/, "`*`");
export const Slash = operator("Slash", "/", "`/`");
export const Comma = operator("Comma", ",", "`,`");
export const Dot = operator("Dot", ".", "`.`");
const parenthesis = (name: string, unit: string, step: number): TokenType => createToken({
  name,
  label: `\`${unit}\``,
  line_breaks: false,
  start_chars_hint: [unit],
  pattern: ((text, offset) => {
    if (text[offset] !== unit) return null;
    const before = reading.parentheses;
    reading.parentheses += step;
    return Math.max(before, reading.parentheses) > DEEPEST_PARENTHESES ? null : found(unit);
  }) as Matcher,
});
export const Open = parenthesis("Open", "(", 1);
export const Close = parenthesis("Close", ")", -1);
/** Also dates in a form that is not read, `03/05/2025`, so that they are reported as dates. */
export const DateToken = createToken({ name: "Date", label: "a date", pattern: /(?:\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}\/\d{1,2}\/\d{4})(?![\d/-])/ });
const CODE = String.raw`(?:[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{5}|\d{4}[AFMTU])`;
export const CodeRange = createToken({ name: "CodeRange", label: "a range of codes", pattern: new RegExp(`${CODE}[-–]${CODE}(?![\\w.])`) });
export const CodeToken = createToken({ name: "Code", label: "a code", pattern: /(?:[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|\d{4}[AFMTU])(?![A-Za-z0-9_])(?:\.?-(?![\w]))?/ });
export const SystemWord = createToken({ name: "SystemWord", label: "a code system", pattern: /(?:CPT|HCPCS|ICD-10-CM|ICD-10-PCS|NDC|MS-DRG)(?![\w-])/, longer_alt: Identifier });
export const NumberToken = createToken({ name: "Number", label: "a number", pattern: /\d+(?:\.\d+)?/ });
// A rate such as `/min` is a unit; a division has spaces on both sides.
const UNIT = /(?:%|\/(?:min|h|d|wk|mo|a|L|dL|mL|uL|mm3|\[[HL]PF\])(?![\p{L}\p{N}_])|10\*-?\d+[^\s,;:()"“]*|[\p{L}°[{][^\s,;:()"“<>=≤≥]*)/uy;
export const UnitToken = createToken({
  name: "Unit",
  label: "a unit",
  line_breaks: false,
  start_chars_hint: [...LETTERS, ...DIGITS, "%", "/", "°", "[", "{"],
  pattern: ((text, offset, tokens) => {
    const last = tokens[tokens.length - 1];
    if (last === undefined || last.tokenType !== NumberToken) return null;
    UNIT.lastIndex = offset;
    const match = UNIT.exec(text);
    if (match === null) return null;
    const image = match[0].replace(/\.$/u, "");
    return RESERVED_WORDS.has(image) ? null : found(image);
  }) as Matcher,
});
export const Address = sticky(
  "Address",
  "the address of a criterion",
  /(?!(?:is|are|and|or|not|met)(?![\p{L}\p{N}_]))(?:\([A-Za-z0-9]{1,5}\)|[A-Za-z0-9]{1,5})(?:\.(?:\*?[A-Za-z0-9]{1,5}|\([A-Za-z0-9]{1,5}\)))*(?![\p{L}\p{N}_])/uy,
  (tokens) => isLast(tokens, CriterionWord, ByWord),
);
/** An address with a dot in an `expect` line, where nothing else has dots. */
export const DottedAddress = sticky(
  "DottedAddress",
  "the address of a criterion",
  /(?:\([A-Za-z0-9]{1,5}\)|[A-Za-z0-9]{1,5})(?:\.(?:\*?[A-Za-z0-9]{1,5}|\([A-Za-z0-9]{1,5}\)))+(?![\p{L}\p{N}_])/uy,
  () => reading.line.kind === "expect",
  [Address],
);
const scopeWord = (name: string, pattern: RegExp, label: string): TokenType => sticky(name, label, pattern, (tokens) => isLast(tokens, AppliesTo));
export const ScopeCodes = scopeWord("ScopeCodes", /codes?(?=\s)/uy, "`codes`");
export const ScopeLine = scopeWord("ScopeLine", /lines?\s+of\s+business(?=\s)/uy, "`line of business`");
export const ScopePathway = scopeWord("ScopePathway", /pathways?(?=\s)/uy, "`pathway`");
/** `pathway`, `codes` and `line of business` in `expect pend missing …`. */
export const LineOfBusinessWord = createToken({ name: "LineOfBusiness", label: "`line of business`", pattern: /line of business(?![\w-])/, start_chars_hint: ["l"] });
const COMBINATOR_TAIL = new RegExp(String.raw`(?:,\s*(?:then\s+)?)?(?:${COMBINATORS.map((each) => withoutCaptures(each.pattern)).join("|")})(?:\s+[\w-]+){0,6}(?:\s*\([^()\n]*\))?\s*(?:\[[\d,\s–-]+\]\s*)?[:.]?[^\S\n]*(?=\r|\n|$|\s#\s)`, "iuy");
export const CombinatorPhrase = createToken({
  name: "CombinatorPhrase",
  label: "\"all of the following\"",
  line_breaks: true,
  start_chars_hint: [...LETTERS, ...DIGITS, ","],
  pattern: ((text, offset, tokens) => {
    if (text.charCodeAt(offset) !== 44 && !isLast(tokens, When, Unless, Waived, If)) return null;
    COMBINATOR_TAIL.lastIndex = offset;
    const match = COMBINATOR_TAIL.exec(text);
    return match === null ? null : found(match[0].trimEnd());
  }) as Matcher,
});
/** A citation behind a condition that ends a statement. */
export const TrailingCitation = createToken({ name: "TrailingCitation", label: "a citation", pattern: /\[\s*\d[\d,\s–-]*\]/, line_breaks: true });
/** The full stop of a statement that ends with its condition. */
const FullStop = createToken({ name: "FullStop", pattern: /[.;:](?![ \t\u00a0]*[^\s[])/, group: Lexer.SKIPPED, line_breaks: false });

const lineStart: TokenType[] = [
  LineBreak, Space, Comment, ProseToken, LabelToken, When, FactName, BulletToken, Unless, Waived, If, AppliesTo, NoteKeyword, PolicyKeyword, FactsHeading, DefineHeading, CriteriaHeading,
  NotesHeading, CodesHeading, RevisionsHeading, ReferencesHeading, CasesHeading, TextHeading, HeaderField, DefinitionName, NoteMark,
  CodeSystemWord, GroupTitle, RevisionDate, ReferenceLabel, CaseKeyword, OnKeyword, CaseCodesKeyword, CaseLineKeyword, CasePathwayKeyword,
  ExpectKeyword, CaseNoteKeyword, CaseFactName, AttestedAddress, RecordBullet,
];
const condition: TokenType[] = [
  ContinuationBreak, LineBreakBack, Space, Comment, CombinatorPhrase, FullStop, TrailingCitation, QuotedText, UnclosedText, UnitToken, ScopeCodes, ScopeLine, ScopePathway, Address, DottedAddress, DateToken,
  CodeRange, CodeToken, NumberToken, SystemWord, DateOfServiceWord, LineOfBusinessWord, CountOf, AtLeast, AtMost, MoreThan, LessThan, And, Or, NotWord, BetweenWord, IsWord,
  IncludeWord, InWord, DoWord, WithinWord, PastWord, BeforeWord, AfterWord, WhereWord, ExistsWord, NoWord, YesWord, OfWord, AnyWord, AllWord, TheWord,
  CriterionWord, MetWord, KnownWord, UnknownWord, ByWord, MissingWord, Exactly, Identifier, LessEqual, GreaterEqual, NotEqual, Less, Greater, Equal, Plus,
  Minus, Times, Slash, Comma, Dot, Open, Close,
];

const modes: Record<string, TokenType[]> = {
  line: lineStart,
  headerLine: [LineBreakBack, Space, Comment, QuotedText, UnclosedText, PolicyNumber],
  rest: [LineBreakBack, Space, Comment, Rest],
  type: [ContinuationBreak, LineBreakBack, Space, Comment, QuotedText, UnclosedText, YesNo, ListOf, OneOf, NumberType, DateType, TextType, SystemType, TypeOr, From, To, Comma, TypeWord],
  row: [LineBreakBack, Space, Comment, RowCode, RowMark, RowText, EffectiveWord, EndedWord, SeeWord, ForWord, Comma, RowWord],
  revision: [LineBreakBack, Space, Comment, ApprovedWord, EffectiveWord, Comma, RowWord],
  condition,
};

export const VOCABULARY: TokenType[] = [...new Set([Newline, Indent, Dedent, ...Object.values(modes).flat()])];

let lexer: Lexer | undefined;
const theLexer = (validate: boolean): Lexer =>
  new Lexer({ modes, defaultMode: "line" }, { positionTracking: "onlyOffset", skipValidations: !validate, ensureOptimizations: false, safeMode: false });

export interface Tokens {
  readonly tokens: IToken[];
  readonly comments: Range[];
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads a stretch of a document that begins at a line in the given state into tokens; places are counted from the start of the
 * document, `offset` units before the stretch. Never throws: what no token matches becomes a diagnostic.
 */
export function tokenize(text: string, state: LayoutState = START, offset = 0): Tokens {
  lexer ??= theLexer(false);
  reading = freshReading(text, state);
  const first = nextLine(reading.scan, 0, reading.comments);
  const before: IToken[] = [];
  // An entry of a section stands behind a line end, which lies outside of the stretch; there is a blank line before it for all it knows.
  if (first !== undefined) {
    const begun = { ...first, afterBlank: true };
    beginLine(begun, classifyNext(begun), before);
  }
  if (state.place === "start") before.length = 0;
  // The lexer is given the text from its first line on, so that leading comments and blank lines are not read twice.
  const result = lexer.tokenize(first?.start === 0 ? text : " ".repeat(first?.at ?? text.length) + text.slice(first?.at ?? text.length));
  const tokens = before.length === 0 ? result.tokens : [...before, ...result.tokens];
  for (let i = 1; i < reading.levels.length; i++) tokens.push(layoutToken(Dedent, text.length));
  for (const error of result.errors) reportUnread(text.slice(error.offset, error.offset + error.length), error.offset);
  if (offset > 0) place(tokens, offset);
  const moved = <T extends Range>(range: T): T => ({ ...range, start: range.start + offset, end: range.end + offset });
  return { tokens, comments: once(reading.comments).map(moved), diagnostics: reading.diagnostics.map(moved) };
}

function place(tokens: readonly IToken[], offset: number): void {
  for (const token of tokens) token.startOffset += offset;
}

// Prose that ends before a clause or a status has seen the comments behind it, which are then read again.
function once(comments: Range[]): Range[] {
  if (comments.every((comment, i) => i === 0 || comment.start > comments[i - 1]!.start)) return comments;
  return [...new Map(comments.map((comment) => [comment.start, comment])).values()].sort((a, b) => a.start - b.start);
}

/** Signs that other languages have for words of this one. */
const SIGNS: ReadonlyMap<string, string> = new Map([["&", "and"], ["&&", "and"], ["|", "or"], ["||", "or"], ["!", "not"]]);

function reportUnread(image: string, start: number): void {
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

/** Builds the lexer with Chevrotain's own validations on; a test calls it so that the product may skip them. */
export function validateTokens(): readonly string[] {
  return theLexer(true).lexerDefinitionErrors.map((error) => error.message);
}
