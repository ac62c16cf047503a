// A diagnostic for a terminal: place, severity, message, the line of source with the finding underlined, and what to do.
import type { Diagnostic, Severity } from "../diagnostic.js";
import { positionAt, type LineIndex, type Position, type Range } from "../text.js";
import type { Colours } from "./colours.js";
import { displayWidth, visible, wrapped } from "./width.js";

/** A text that findings point into. */
export interface Source {
  /** The path as the reader knows it. */
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
}

export interface FrameOptions {
  readonly colours: Colours;
  /** Columns of the terminal. */
  readonly width: number;
}

const TAB_STOP = 4;

/** `samples/imrt.policy:12:9`; line and column count from 1, columns in UTF-16 units as editors do. */
export function placeText(source: Pick<Source, "path" | "lines">, offset: number): string {
  const { line, character } = positionAt(source.lines, offset);
  return `${source.path}:${line + 1}:${character + 1}`;
}

/** Paints a text in the colour of a severity. */
export function severityColour(severity: Severity, colours: Colours): (text: string) => string {
  switch (severity) {
    case "error": return colours.red;
    case "warning": return colours.yellow;
    case "info": return colours.blue;
    case "hint": return colours.cyan;
  }
}

/** A diagnostic as lines of text, without a line end after the last. */
export function diagnosticText(source: Source, found: Diagnostic, options: FrameOptions): string {
  const { colours, width } = options;
  const paint = severityColour(found.severity, colours);
  const room = Math.max(30, width - 2);
  const lines = [
    `${colours.bold(placeText(source, found.start))} ${paint(found.severity)} ${colours.dim(found.code)}`,
    ...wrapped(found.message, room).map((line) => `  ${colours.bold(line)}`),
    ...frame(source, found, paint, options),
  ];
  for (const place of found.related ?? []) {
    const of = place.file === undefined ? source : { path: place.file.uri, lines: place.file.lines };
    lines.push(...labelled("see", `${placeText(of, place.start)} ${place.message}`, room, colours.dim));
  }
  if (found.help !== undefined) lines.push(...labelled("help", found.help, room, colours.cyan));
  return lines.join("\n");
}

function labelled(label: string, text: string, room: number, paint: (text: string) => string): string[] {
  const indent = label.length + 2;
  return wrapped(text, room - indent).map((line, index) => `  ${index === 0 ? paint(`${label}:`) : " ".repeat(label.length + 1)} ${line}`);
}

/** The line of source and the underline below it. A finding of several lines is underlined on its first. */
function frame(source: Source, range: Range, paint: (text: string) => string, { colours, width }: FrameOptions): string[] {
  const from = positionAt(source.lines, range.start);
  const to = positionAt(source.lines, range.end);
  const start = source.lines.starts[from.line]!;
  const line = lineText(source, from);
  if (line.trim() === "") return [];
  const startColumn = Math.min(from.character, line.length);
  const endColumn = to.line > from.line ? line.length : Math.min(range.end - start, line.length);
  const gutter = String(from.line + 1).padStart(4);
  const room = Math.max(20, width - gutter.length - 5);
  // Of a very long line, only what may be shown is measured.
  const first = boundary(line, startColumn - REACH * room);
  const last = boundary(line, startColumn + REACH * room);
  const before = expanded(line.slice(first, startColumn), 0);
  const marked = expanded(line.slice(startColumn, Math.min(endColumn, last)), displayWidth(before));
  const after = expanded(line.slice(Math.min(endColumn, last), last), displayWidth(before + marked));
  const shown = view(before, marked, after, room);
  const bar = colours.dim("│");
  return [
    `  ${colours.dim(gutter)} ${bar} ${shown.text}`,
    `  ${" ".repeat(gutter.length)} ${bar} ${" ".repeat(shown.column)}${paint("^".repeat(Math.max(1, shown.length)))}`,
  ];
}

/** So many times the room is looked at on either side of a finding. */
const REACH = 8;

/** A place in a line that does not part a pair of surrogates. */
function boundary(line: string, at: number): number {
  const place = Math.max(0, Math.min(at, line.length));
  return /[\udc00-\udfff]/u.test(line.charAt(place)) ? place - 1 : place;
}

function lineText(source: Source, position: Position): string {
  const start = source.lines.starts[position.line]!;
  let end = position.line + 1 < source.lines.starts.length ? source.lines.starts[position.line + 1]! : source.text.length;
  while (end > start && (source.text[end - 1] === "\n" || source.text[end - 1] === "\r")) end--;
  return source.text.slice(start, end);
}

/** Tabs become spaces up to the next stop, control characters become visible. */
function expanded(text: string, column: number): string {
  const shown = visible(text);
  if (!shown.includes("\t")) return shown;
  let result = "";
  for (const character of shown) {
    if (character === "\t") result += " ".repeat(TAB_STOP - ((column + displayWidth(result)) % TAB_STOP));
    else result += character;
  }
  return result;
}

/** Cuts a long line so that the marked part stays in sight; `column` and `length` are in columns of what is shown. */
function view(before: string, marked: string, after: string, room: number): { text: string; column: number; length: number } {
  const column = displayWidth(before);
  const length = displayWidth(marked);
  const total = column + length + displayWidth(after);
  if (total <= room) return { text: before + marked + after, column, length };
  // A third of the room for what leads up to the finding, where that much is needed.
  const needed = column + Math.min(length, Math.floor(room / 2)) + 1;
  const skipped = needed <= room ? 0 : Math.max(0, Math.min(column - Math.floor(room / 3), total + 1 - room));
  const characters = [...(before + marked + after)];
  let at = 0;
  let index = 0;
  while (index < characters.length && at < skipped) at += displayWidth(characters[index++]!);
  let text = skipped > 0 ? "…" : "";
  let used = displayWidth(text);
  const lead = used - at;
  const rest = displayWidth(characters.slice(index).join(""));
  const end = used + rest <= room ? room : room - 1;
  for (; index < characters.length; index++) {
    const next = displayWidth(characters[index]!);
    if (used + next > end) {
      text += "…";
      break;
    }
    text += characters[index]!;
    used += next;
  }
  const shownColumn = column + lead;
  return { text, column: shownColumn, length: Math.min(length, displayWidth(text) - shownColumn) };
}
