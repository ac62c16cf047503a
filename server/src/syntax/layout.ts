// The layout half of the lexer: what it knows of the text it reads, and the tokens that follow from where a line stands.
import type { TokenType } from "chevrotain";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import type { Range } from "../text.js";
import { classifyLine, type Line, type Place } from "./lines.js";
import { afterBreak, endsWithComma, nextLine, type Scan, type ScannedLine, scanOf } from "./scan.js";
import { Dedent, Indent, Newline, Token } from "./tokens.js";

/** Criteria deeper than this are read as siblings; no published policy comes near it. */
const DEEPEST_LEVEL = 32;

/** Where in the layout a stretch of text begins: in which place, and at which column its entries stand (-1: not told yet). */
export interface LayoutState {
  readonly place: Place;
  readonly base: number;
}
export const START: LayoutState = { place: "start", base: -1 };

/** What the lexer knows between two tokens. One stretch is read at a time, with places counted from its start. */
export interface Reading {
  /** The document, and where in it the stretch begins. */
  readonly whole: string;
  readonly offset: number;
  readonly scan: Scan;
  readonly tokens: Token[];
  place: Place;
  /** Columns of the open indentation levels. */
  readonly levels: number[];
  base: number;
  line: Line;
  /** The comment behind the line that is read, -1 without one, and its line break. */
  comment: number;
  breakAt: number;
  /** Offset at which the line's first token stands, -1 once it is read. */
  at: number;
  /** Offset at which a prose line's own condition begins, -1 if none does. */
  inlineClause: number;
  parentheses: number;
  /** The line behind the line end at `aheadFrom`: prose, conditions and the break itself all ask for it, and it is looked at once. */
  aheadFrom: number;
  ahead: ScannedLine | undefined;
  aheadLine: Line;
  /** Comment lines in between. */
  readonly aheadComments: Range[];
  readonly comments: Range[];
  readonly diagnostics: Diagnostic[];
}

const NO_LINE: Line = { kind: "stray", end: 0 };

export function readingOf(whole: string, offset: number, text: string, { place, base }: LayoutState): Reading {
  return {
    whole, offset, scan: scanOf(text), tokens: [], place, levels: [base < 0 ? 0 : base], base, line: NO_LINE, comment: -1, breakAt: 0, at: -1, inlineClause: -1, parentheses: 0,
    aheadFrom: -1, ahead: undefined, aheadLine: NO_LINE, aheadComments: [], comments: [], diagnostics: [],
  };
}

/** Adds a token; its place is counted from the start of the stretch. */
export function addToken(reading: Reading, type: TokenType, start: number, end: number): void {
  const { offset } = reading;
  reading.tokens.push(new Token(reading.whole, type, start + offset, end + offset));
}

export function classifyNext(reading: Reading, next: ScannedLine): Line {
  const { scan, place, levels, base } = reading;
  return classifyLine(scan.text, next.at, { place, column: next.column, level: levels[levels.length - 1]!, base, afterBlank: next.afterBlank, lineEnd: next.end, afterComma: place === "facts" && endsWithComma(scan, next.at) });
}

/** Looks at the line behind a line end; true if it goes on with the line before. */
export function goesOn(reading: Reading, lineEnd: number): boolean {
  if (reading.aheadFrom !== lineEnd) {
    const { scan, aheadComments } = reading;
    if (aheadComments.length > 0) aheadComments.length = 0;
    const next = lineEnd < scan.text.length ? nextLine(scan, afterBreak(scan, lineEnd), aheadComments) : undefined;
    reading.aheadFrom = lineEnd;
    reading.ahead = next;
    reading.aheadLine = next === undefined ? NO_LINE : classifyNext(reading, next);
  }
  return reading.ahead !== undefined && reading.aheadLine.kind === "continuation";
}

/** Reads over a line end that the next line goes on behind; gives where that line begins. */
export function passBreak(reading: Reading): ScannedLine {
  const next = reading.ahead!;
  reading.comment = next.comment;
  reading.breakAt = next.breakAt;
  for (const range of reading.aheadComments) reading.comments.push(range);
  reportTab(reading, next);
  return next;
}

/** Reads over a line end and puts the layout tokens that follow from the next line; gives where that begins. */
export function breakLine(reading: Reading, at: number): number {
  goesOn(reading, at);
  for (const range of reading.aheadComments) reading.comments.push(range);
  const next = reading.ahead;
  if (next === undefined) return reading.scan.text.length;
  beginLine(reading, next, reading.aheadLine);
  return next.at;
}

export function beginLine(reading: Reading, next: ScannedLine, line: Line): void {
  reportTab(reading, next);
  reading.line = line;
  reading.comment = next.comment;
  reading.breakAt = next.breakAt;
  reading.at = next.at;
  reading.inlineClause = -1;
  reading.parentheses = 0;
  if (line.kind === "continuation") return;
  const { levels, tokens } = reading;
  const before = tokens.length > 0 ? tokens[tokens.length - 1]!.end - reading.offset : next.at;
  if (line.kind === "heading" || line.kind === "policy") {
    for (; levels.length > 1; levels.pop()) addToken(reading, Dedent, before, before);
  } else if (reading.base < 0) {
    reading.base = next.column;
    levels.length = 0;
    levels.push(next.column);
    addToken(reading, Newline, before, before);
  } else if (reading.place === "criteria" || reading.place === "facts") {
    placeLevel(reading, next, before);
  } else {
    addToken(reading, Newline, before, before);
  }
}

function placeLevel(reading: Reading, next: ScannedLine, before: number): void {
  const { levels } = reading;
  let top = levels[levels.length - 1]!;
  if (next.column > top) {
    if (levels.length > DEEPEST_LEVEL) {
      reading.diagnostics.push(diagnostic("nested-too-deeply", { start: next.at, end: next.end }, `Criteria are nested more than ${DEEPEST_LEVEL} levels deep.`, { help: "Split the statement." }));
      addToken(reading, Newline, before, before);
      return;
    }
    levels.push(next.column);
    addToken(reading, Indent, before, before);
    return;
  }
  while (levels.length > 1 && next.column < top && next.column <= levels[levels.length - 2]!) {
    levels.pop();
    addToken(reading, Dedent, before, before);
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
  addToken(reading, Newline, before, before);
}

function reportTab(reading: Reading, next: ScannedLine): void {
  if (next.tab < 0) return;
  reading.diagnostics.push(diagnostic("tab-indentation", { start: next.tab, end: next.tab + 1 }, "A tab stands in the indentation, where its width is anybody's guess.", { help: "Use spaces instead.", replacement: "  " }));
}
