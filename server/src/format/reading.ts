// A text as the formatter sees it: sections of entries, each with the lines it goes on over, by the same rules as the lexer's.
import { classifyLine, type LineKind, type Place } from "../syntax/lines.js";
import { isBreak, isSpace } from "../syntax/scan.js";
import { sectionOf } from "../syntax/sections.js";

/** One line of the text. */
export interface TextLine {
  /** Start of the line, and of the next one. */
  readonly start: number;
  readonly next: number;
  /** What is visible of it without comment; both the line's end where there is nothing. */
  readonly at: number;
  readonly end: number;
  readonly column: number;
  /** A tab stands in the indentation. */
  readonly tab: boolean;
  /** Start of its comment, or -1; a comment alone on its line stands at `comment` with nothing before it. */
  readonly comment: number;
  /** End of the line without its line break. */
  readonly stop: number;
}

export type Part =
  | { readonly kind: "blank"; readonly first: number; readonly last: number }
  | { readonly kind: "comment"; readonly first: number; readonly last: number }
  | Entry;

/** A line with the lines that go on from it, from line `first` to `last`; there may be comments and blank lines between them. */
export interface Entry {
  readonly kind: "entry";
  readonly line: LineKind;
  /** End of the word or label that makes the line what it is. */
  readonly headEnd: number;
  readonly first: number;
  last: number;
  /** Level in a section whose indentation counts; 0 elsewhere. */
  readonly depth: number;
}

/** A heading, or the header line, with what stands below it. The first section of a text may have no heading. */
export interface Section {
  readonly place: Place;
  readonly heading: Entry | undefined;
  readonly parts: Part[];
  /** Column of its first entry, -1 where there is none. */
  readonly base: number;
}

export interface Reading {
  readonly text: string;
  readonly lines: readonly TextLine[];
  readonly sections: readonly Section[];
}

const TAB_WIDTH = 4;

/** Start of the comment of a line whose first `#` stands at `hash`, or -1. Its `#` has white space on both sides, or begins the line. */
function commentFrom(text: string, hash: number, at: number, stop: number): number {
  if (text.charCodeAt(at) === 35) return at;
  for (let i = hash; i < stop; i++) {
    if (text.charCodeAt(i) === 35 && isSpace(text.charCodeAt(i - 1)) && (i + 1 >= stop || isSpace(text.charCodeAt(i + 1)))) return i;
  }
  return -1;
}

function readLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < text.length;) {
    let stop = start;
    let hash = -1;
    for (; stop < text.length; stop++) {
      const unit = text.charCodeAt(stop);
      if (unit === 35 && hash < 0) hash = stop;
      else if (isBreak(unit)) break;
    }
    const next = Math.min(text.length, stop + (text.charCodeAt(stop) === 13 && text.charCodeAt(stop + 1) === 10 ? 2 : 1));
    let at = start + (text.charCodeAt(start) === 0xfeff ? 1 : 0);
    let column = 0;
    let tab = false;
    for (; at < stop && isSpace(text.charCodeAt(at)); at++) {
      const isTab = text.charCodeAt(at) === 9;
      if (isTab) tab = true;
      column += isTab ? TAB_WIDTH - (column % TAB_WIDTH) : 1;
    }
    const comment = hash >= 0 && at < stop ? commentFrom(text, hash, at, stop) : -1;
    let end = comment < 0 ? stop : comment;
    while (end > at && isSpace(text.charCodeAt(end - 1))) end--;
    lines.push({ start, next, at, end, column, tab, comment, stop });
    start = next;
  }
  return lines;
}

/** Parts a text into sections and entries. */
export function read(text: string): Reading {
  const lines = readLines(text);
  const sections: { place: Place; heading: Entry | undefined; parts: Part[]; base: number }[] = [{ place: "start", heading: undefined, parts: [], base: -1 }];
  let section = sections[0]!;
  let base = -1;
  let levels = [0];
  let entry: Entry | undefined;
  let lastContent = -1;
  let afterBlank = false;
  // Parts between the last line of an entry and the next line; they become part of the entry if that line goes on from it.
  let waiting: Part[] = [];
  const put = (): void => {
    for (const part of waiting) section.parts.push(part);
    waiting = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.at >= line.stop) {
      afterBlank = true;
      const before = waiting[waiting.length - 1];
      if (before?.kind === "blank") waiting[waiting.length - 1] = { kind: "blank", first: before.first, last: i };
      else waiting.push({ kind: "blank", first: i, last: i });
      continue;
    }
    if (line.comment === line.at) {
      waiting.push({ kind: "comment", first: i, last: i });
      continue;
    }
    const { kind, end } = classifyLine(text, line.at, {
      place: section.place, column: line.column, level: levels[levels.length - 1]!, base, afterBlank, lineEnd: line.end,
      afterComma: lastContent >= 0 && text.charCodeAt(lines[lastContent]!.end - 1) === 44,
    });
    afterBlank = false;
    lastContent = i;
    if (kind === "continuation" && entry !== undefined) {
      waiting = [];
      entry.last = i;
      continue;
    }
    put();
    if (kind === "heading" || kind === "policy") {
      entry = { kind: "entry", line: kind, headEnd: end, first: i, last: i, depth: 0 };
      const place: Place = kind === "policy" ? "header" : sectionOf(text.slice(line.at, line.end)) ?? "text";
      section = { place, heading: entry, parts: [], base: -1 };
      sections.push(section);
      base = -1;
      levels = [0];
      continue;
    }
    if (base < 0) {
      base = line.column;
      section.base = base;
      levels = [base];
    } else if (section.place === "criteria" || section.place === "facts") {
      base = placed(levels, line.column, base);
    }
    entry = { kind: "entry", line: kind, headEnd: end, first: i, last: i, depth: levels.length - 1 };
    section.parts.push(entry);
  }
  put();
  return { text, lines, sections };
}

/** Opens or closes levels for a line at a column, as the lexer does; gives the column of the first level. */
function placed(levels: number[], column: number, base: number): number {
  if (column > levels[levels.length - 1]!) {
    levels.push(column);
    return base;
  }
  while (levels.length > 1 && column < levels[levels.length - 1]! && column <= levels[levels.length - 2]!) levels.pop();
  if (column === levels[levels.length - 1] || levels.length > 1) return base;
  levels[0] = column;
  return column;
}
