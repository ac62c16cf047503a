// Looks over a text line by line: line ends, blank lines, comments and indentation, before anything is known of meaning.
import type { Range } from "../text.js";

/** A text while it is looked over. */
export interface Scan {
  readonly text: string;
  readonly hasReturns: boolean;
  /** The first `#` at or after `hashFrom`, -1 if there is none; remembered, so that a text without comments is searched once. */
  hash: number;
  hashFrom: number;
}

export function scanOf(text: string): Scan {
  return { text, hasReturns: text.includes("\r"), hash: text.indexOf("#"), hashFrom: 0 };
}

export const isBreak = (unit: number): boolean => unit === 10 || unit === 13;
export const isSpace = (unit: number): boolean => unit === 32 || unit === 9 || unit === 0xa0 || unit === 0xfeff;

/** Offset of the line break that ends the line, or the end of the text. */
export function endOfLine({ text, hasReturns }: Scan, from: number): number {
  if (!hasReturns) {
    const at = text.indexOf("\n", from);
    return at < 0 ? text.length : at;
  }
  let at = from;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

/** Offset behind the line break at `at`; CR LF is one. */
export function afterBreak({ text }: Scan, at: number): number {
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : Math.min(at + 1, text.length);
}

function nextHash(scan: Scan, from: number): number {
  if (from < scan.hashFrom || (scan.hash >= 0 && scan.hash < from)) {
    scan.hash = scan.text.indexOf("#", from);
    scan.hashFrom = from;
  }
  return scan.hash;
}

/** Start of a comment between `from` and `to`, or -1. A comment's `#` has white space on both sides. */
export function commentIn(scan: Scan, from: number, to: number): number {
  const { text } = scan;
  let at = nextHash(scan, from);
  while (at >= 0 && at < to) {
    const before = at === 0 || isSpace(text.charCodeAt(at - 1)) || isBreak(text.charCodeAt(at - 1));
    if (before && (at + 1 >= to || isSpace(text.charCodeAt(at + 1)))) return at;
    at = nextHash(scan, at + 1);
  }
  return -1;
}

/** A line that says something. */
export interface ScannedLine {
  /** Start of the line, and of its first visible character. */
  readonly start: number;
  readonly at: number;
  readonly column: number;
  readonly afterBlank: boolean;
  /** End of what is visible, without comment. */
  readonly end: number;
  /** Start of a comment behind it, or -1, and the line break. */
  readonly comment: number;
  readonly breakAt: number;
  /** A tab in its indentation, or -1. */
  readonly tab: number;
}

/** A tab is a mistake, which is reported; counted to the next fourth column, the line still stands where it seems to. */
const TAB_WIDTH = 4;

function tabbedColumn(text: string, from: number, to: number): number {
  let column = 0;
  for (let at = from; at < to; at++) column += text.charCodeAt(at) === 9 ? TAB_WIDTH - (column % TAB_WIDTH) : 1;
  return column;
}

/** The next line at or after the line start `from` that says something; comment lines passed over are collected. */
export function nextLine(scan: Scan, from: number, comments?: Range[]): ScannedLine | undefined {
  const { text } = scan;
  let start = from;
  let afterBlank = false;
  while (start < text.length) {
    let at = start;
    let tab = -1;
    for (; at < text.length && isSpace(text.charCodeAt(at)); at++) if (text.charCodeAt(at) === 9 && tab < 0) tab = at;
    const unit = text.charCodeAt(at);
    if (at >= text.length) return undefined;
    if (isBreak(unit)) {
      afterBlank = true;
      start = afterBreak(scan, at);
      continue;
    }
    const end = endOfLine(scan, at);
    if (unit === 35) {
      comments?.push({ start: at, end });
      start = afterBreak(scan, end);
      continue;
    }
    const comment = commentIn(scan, at, end);
    const mark = text.charCodeAt(start) === 0xfeff ? 1 : 0;
    let contentEnd = comment < 0 ? end : comment;
    while (contentEnd > at && isSpace(text.charCodeAt(contentEnd - 1))) contentEnd--;
    return { start, at, column: tab < 0 ? at - start - mark : tabbedColumn(text, start + mark, at), afterBlank, end: contentEnd, comment, breakAt: end, tab };
  }
  return undefined;
}

/** True if the text before an offset ends with a comma. */
export function endsWithComma({ text }: Scan, before: number): boolean {
  let at = before - 1;
  while (at >= 0 && (isSpace(text.charCodeAt(at)) || isBreak(text.charCodeAt(at)))) at--;
  return at >= 0 && text.charCodeAt(at) === 44;
}
