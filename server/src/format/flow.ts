// The lines of one entry: its head, its words filled or kept, its comments where they stood.
import { isSpace } from "../syntax/scan.js";
import type { Place } from "../syntax/lines.js";
import type { FormatOptions } from "./model.js";
import { baseOf } from "./model.js";
import type { Entry, Reading } from "./reading.js";
import { isListed, spaced, stayJoined, tidyCondition, type Frame, wrapCondition, wrapProse } from "./wrap.js";

/** A text that is laid out. */
export interface Sheet extends Reading {
  readonly options: FormatOptions;
  /** Lines on which the parser found something it could not read. */
  readonly broken: ReadonlySet<number>;
  /** Entries that stay as they are, because it is not certain what belongs to what. */
  readonly frozen: ReadonlySet<Entry>;
}

export const pad = (columns: number): string => " ".repeat(Math.max(0, columns));

export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** The comment of a line. */
export const commentOf = ({ text, lines }: Sheet, line: number): string => trimEnd(text.slice(lines[line]!.comment, lines[line]!.stop));
const behind = (sheet: Sheet, line: number): string => (sheet.lines[line]!.comment < 0 ? "" : `  ${commentOf(sheet, line)}`);

export const isBroken = ({ broken }: Sheet, { first, last }: Entry): boolean => {
  if (broken.size > 0) for (let i = first; i <= last; i++) if (broken.has(i)) return true;
  return false;
};

/** Comments stand among its lines, or blank lines do: then its line breaks stay. */
export function isInterrupted({ lines }: Sheet, { first, last }: Entry): boolean {
  for (let i = first; i <= last; i++) if (lines[i]!.comment >= 0 || lines[i]!.at >= lines[i]!.stop) return true;
  return false;
}

/** What stands on the lines of an entry behind its head; comments and blank lines left out. */
export function contents({ text, lines }: Sheet, { first, last }: Entry, from: number): string[] {
  const parts = [trimEnd(text.slice(Math.min(skipSpace(text, from, lines[first]!.end), lines[first]!.end), lines[first]!.end))];
  for (let i = first + 1; i <= last; i++) if (lines[i]!.at < lines[i]!.end) parts.push(text.slice(lines[i]!.at, lines[i]!.end));
  return parts;
}

function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Puts lines of words back among the comments and blank lines of an entry. There are as many lines as the entry has. */
function kept(sheet: Sheet, { first, last }: Entry, words: readonly string[], head: string, columnAt: (line: number) => number): string[] {
  const { lines } = sheet;
  const out: string[] = [];
  let next = 0;
  for (let i = first; i <= last; i++) {
    const line = lines[i]!;
    if (line.at >= line.stop) out.push("");
    else if (line.comment === line.at) out.push(pad(columnAt(i)) + commentOf(sheet, i));
    else {
      const said = words[next++]!;
      out.push(trimEnd(i === first ? head + said : pad(columnAt(i)) + said) + behind(sheet, i));
    }
  }
  return out;
}

/** The entry as it is, moved to a column. */
export function moved(sheet: Sheet, place: Place, entry: Entry, indent: number): string[] {
  const { text, lines } = sheet;
  const from = lines[entry.first]!.column;
  const least = place === "text" || place === "criteria" ? Math.max(indent, 1) : Math.max(indent, baseOf(place) + 1);
  const out: string[] = [];
  for (let i = entry.first; i <= entry.last; i++) {
    const line = lines[i]!;
    out.push(line.at >= line.stop ? "" : pad(i === entry.first ? indent : Math.max(least, indent + line.column - from)) + trimEnd(text.slice(line.at, line.stop)));
  }
  return out;
}

export interface Layout {
  readonly place: Place;
  readonly indent: number;
  /** What stands before the words, without indentation. */
  readonly head: string;
  /** Column of the lines that go on. */
  readonly hang: number;
  /** Offset behind the head. */
  readonly from: number;
}

function frameOf({ options }: Sheet, { place, indent, head, hang }: Layout): Frame {
  return { place, level: indent, base: baseOf(place), hang, first: indent + head.length, width: options.lineWidth };
}

/** An entry of prose. */
export function proseEntry(sheet: Sheet, entry: Entry, layout: Layout): string[] {
  if (isBroken(sheet, entry)) return moved(sheet, layout.place, entry, layout.indent);
  const said = contents(sheet, entry, layout.from).map(spaced);
  const head = pad(layout.indent) + layout.head;
  const frame = frameOf(sheet, layout);
  if (said.length > 1 && !stayJoined(said, frame)) return moved(sheet, layout.place, entry, layout.indent);
  if (!sheet.options.wrap || isInterrupted(sheet, entry)) return kept(sheet, entry, said, head, () => layout.hang);
  return wrapProse(said, frame).map((line, i) => trimEnd((i === 0 ? head : pad(layout.hang)) + line));
}

/** An entry of conditions or values. */
export function conditionEntry(sheet: Sheet, entry: Entry, layout: Layout): string[] {
  if (isBroken(sheet, entry)) return moved(sheet, layout.place, entry, layout.indent);
  const said = contents(sheet, entry, layout.from).map(tidyCondition);
  const head = pad(layout.indent) + layout.head;
  if (!sheet.options.wrap || isInterrupted(sheet, entry)) return kept(sheet, entry, said, head, () => layout.hang);
  return wrapCondition(said, frameOf(sheet, layout)).map((line, i) => trimEnd((i === 0 ? head : pad(layout.hang)) + line));
}

/** Two spaces between words that are not between sentences: the writer's own columns. */
const COLUMNS = /[^\s.:;!?)\]"”] {2,}\S|\S {3,}\S/u;

/** Lines whose breaks the writer has chosen: lists, tables, addresses. */
function isArranged(said: readonly string[], width: number): boolean {
  if (said.some((line, i) => COLUMNS.test(line) || (i > 0 && isListed(line)))) return true;
  return said.length > 1 && said.every((line) => line.length < width / 2);
}

/** A paragraph of the writer's own: it is filled where it is plain text, and keeps its form where it has one. */
export function freeEntry(sheet: Sheet, entry: Entry, layout: Layout): string[] {
  const { lines } = sheet;
  const said = contents(sheet, entry, layout.from);
  if (!isArranged(said, sheet.options.lineWidth)) return proseEntry(sheet, entry, layout);
  if (isBroken(sheet, entry)) return moved(sheet, layout.place, entry, layout.indent);
  // Its lines keep their places beside one another.
  const origin = lines[entry.first]!.column + (layout.hang - layout.indent);
  return kept(sheet, entry, said, pad(layout.indent) + layout.head, (i) => Math.max(layout.hang, layout.hang + lines[i]!.column - origin));
}
