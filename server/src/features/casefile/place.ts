// Where a cursor stands in a case file, YAML or JSON: the keys above it, and whether a key or a value is being written. The
// text is looked at as it is typed; no reader of YAML or JSON makes sense of half a line.
import type { Range } from "../../text.js";

/** A place in a case file. */
export interface CaseFilePlace {
  /** The keys from the top; `-` for an entry of a list. Of a value the key it belongs to is the last. */
  readonly path: readonly string[];
  readonly at: "key" | "value" | "entry";
  /** What has been written of the key or value, up to the cursor. */
  readonly word: Range;
  /** The quotation mark that is open. */
  readonly quote?: string | undefined;
  /** Between brackets, where commas separate, as everywhere in JSON. */
  readonly flow: boolean;
  /** Keys that stand beside the place already. */
  readonly keys: ReadonlySet<string>;
  /** Entries that stand in the list before the place. */
  readonly entries: readonly string[];
  /** Column at which the keys of this place stand. */
  readonly indent: number;
}

interface Frame {
  readonly kind: "map" | "list";
  readonly flow: boolean;
  readonly indent: number;
  key: string | undefined;
  /** In a flow map the colon has been passed. */
  valued: boolean;
  readonly keys: string[];
  readonly entries: string[];
}

const frame = (kind: Frame["kind"], flow: boolean, indent: number): Frame => ({ kind, flow, indent, key: undefined, valued: false, keys: [], entries: [] });
const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s#:,[\]{}"'&*!|>%@`-][^:#]*?|-[^\s:#][^:#]*?))\s*:(?=\s|$)/u;

/** The place of an offset; undefined in a comment. */
export function caseFilePlace(text: string, offset: number): CaseFilePlace | undefined {
  const frames: Frame[] = [];
  let at = 0;
  while (at <= offset) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 || newline > offset ? offset : newline;
    const last = end === offset;
    const line = text.slice(at, end).replace(/\r$/u, "");
    const read = readLine(line, at, frames);
    if (read.flowFrom !== undefined) {
      const flow = readFlow(text, read.flowFrom, offset, frames);
      if (flow.place !== undefined || flow.end >= offset) return flow.place;
      const next = text.indexOf("\n", flow.end);
      if (next < 0 || next >= offset) return undefined;
      at = next + 1;
      continue;
    }
    if (last) return placeOf(text, read, frames, offset);
    at = end + 1;
  }
  return undefined;
}

interface LineRead {
  readonly comment: boolean;
  /** Column and offset of what stands behind the indentation and the dashes. */
  readonly column: number;
  readonly from: number;
  readonly dashed: boolean;
  /** Where the value of the line's key begins. */
  readonly value?: number | undefined;
  readonly flowFrom?: number | undefined;
  readonly words: string;
}

/** Reads one line of block style, and brings the frames to where it stands. */
function readLine(line: string, start: number, frames: Frame[]): LineRead {
  let column = line.length - line.trimStart().length;
  let rest = line.slice(column);
  const blank = rest === "";
  let dashed = false;
  const isDash = /^-(?=\s|$)/u.test(rest);
  if (rest.startsWith("#") || /^(?:---|%)/u.test(rest)) return { comment: rest.startsWith("#"), column, from: start + column, dashed, words: rest };
  while (frames.length > 0) {
    const top = frames[frames.length - 1]!;
    const closes = top.indent > column || (top.indent === column && top.kind === "list" && !isDash && !blank);
    if (!closes) break;
    frames.pop();
  }
  while (/^-(?=\s|$)/u.test(rest)) {
    const top = frames[frames.length - 1];
    if (top?.kind === "list" && top.indent === column) top.keys.length = 0;
    else frames.push(frame("list", false, column));
    dashed = true;
    const gap = /^-\s*/u.exec(rest)![0].length;
    // The keys of an entry stand right of its dash.
    column += Math.max(gap, 1);
    rest = rest.slice(gap);
  }
  const key = KEY.exec(rest);
  if (key !== null) {
    const name = key[1] ?? key[2] ?? key[3]!;
    let top = frames[frames.length - 1];
    if (top?.kind !== "map" || top.indent !== column || dashed) frames.push(top = frame("map", false, column));
    top.key = name;
    top.keys.push(name);
    const behind = key[0].length + (/^\s*/u.exec(rest.slice(key[0].length))![0].length);
    const value = start + line.length - rest.length + behind;
    const words = rest.slice(behind);
    return { comment: false, column, from: start + line.length - rest.length, dashed, value, words, ...(/^[[{]/u.test(words) ? { flowFrom: value } : {}) };
  }
  const from = start + line.length - rest.length;
  if (dashed && rest !== "" && !/^[[{]/u.test(rest)) frames[frames.length - 1]!.entries.push(rest);
  return { comment: false, column, from, dashed, words: rest, ...(/^[[{]/u.test(rest) ? { flowFrom: from } : {}) };
}

const pathOf = (frames: readonly Frame[], withLast: boolean): string[] => frames.flatMap((each, i) => (each.kind === "list" ? ["-"] : each.key === undefined || (i === frames.length - 1 && !withLast) ? [] : [each.key]));

function placeOf(text: string, read: LineRead, frames: Frame[], offset: number): CaseFilePlace | undefined {
  if (read.comment || /\s#/u.test(read.words.replace(/"[^"]*"|'[^']*'/gu, ""))) return undefined;
  const top = frames[frames.length - 1];
  const quote = /^["']/u.exec(read.words)?.[0];
  const closed = quote !== undefined && read.words.indexOf(quote, 1) > 0;
  if (closed) return undefined;
  const words = { quote, flow: false };
  if (read.value !== undefined && read.value <= offset) {
    return { ...words, path: pathOf(frames, true), at: "value", word: { start: read.value, end: offset }, keys: new Set(), entries: [], indent: read.column };
  }
  const word = { start: read.from, end: offset };
  // An entry of a list: a value, or the first key of a map.
  if (read.dashed || (top?.kind === "list" && read.column > top.indent)) {
    return { ...words, path: pathOf(frames, true), at: "entry", word, keys: new Set(), entries: top?.entries.slice(0, read.words === "" ? undefined : -1) ?? [], indent: read.column };
  }
  // Deeper than the map above: what belongs to its last key.
  const deeper = top !== undefined && top.kind === "map" && read.column > top.indent;
  const keys = new Set([...(deeper || top === undefined ? [] : top.keys), ...keysBelow(text, offset, read.column)]);
  return { ...words, path: pathOf(frames, deeper), at: "key", word, keys, entries: [], indent: read.column };
}

/** Keys at the same column on the lines that follow. */
function keysBelow(text: string, offset: number, column: number): readonly string[] {
  const keys: string[] = [];
  for (let at = text.indexOf("\n", offset) + 1; at > 0; at = text.indexOf("\n", at) + 1) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? undefined : end);
    const indent = line.length - line.trimStart().length;
    if (line.trim() === "" || line.trimStart().startsWith("#") || indent > column) continue;
    if (indent < column || /^-(?=\s|$)/u.test(line.trimStart())) break;
    const key = KEY.exec(line.trimStart());
    if (key !== null) keys.push(key[1] ?? key[2] ?? key[3]!);
  }
  return keys;
}

/** Goes through brackets from their opening; gives the place where the offset lies between them. */
function readFlow(text: string, from: number, offset: number, frames: Frame[]): { readonly end: number; readonly place?: CaseFilePlace | undefined } {
  const base = frames.length;
  let start = from;
  let at = from;
  let quote: string | undefined;
  const top = (): Frame => frames[frames.length - 1]!;
  const token = (until: number): string => text.slice(start, until).trim().replace(/^(["'])([^]*)\1$/u, "$2");
  const close = (until: number): void => {
    const words = token(until);
    if (top().kind === "list" && words !== "") top().entries.push(words);
  };
  for (; at < offset; at++) {
    const letter = text[at]!;
    if (quote !== undefined) {
      if (letter === "\\" && quote === "\"") at++;
      else if (letter === quote) quote = undefined;
      continue;
    }
    if (letter === "\"" || letter === "'") {
      if (text.slice(start, at).trim() === "") quote = letter;
    } else if (letter === "#" && /\s/u.test(text[at - 1] ?? " ")) {
      const end = text.indexOf("\n", at);
      if (end < 0 || end >= offset) return { end: offset };
      at = end;
    } else if (letter === "{" || letter === "[") {
      frames.push(frame(letter === "{" ? "map" : "list", true, 0));
      start = at + 1;
    } else if (letter === "}" || letter === "]") {
      frames.pop();
      if (frames.length === base) return { end: at + 1 };
      start = at + 1;
    } else if (letter === ",") {
      close(at);
      Object.assign(top(), { valued: false, key: undefined });
      start = at + 1;
    } else if (letter === ":" && top().kind === "map" && !top().valued && (/\s/u.test(text[at + 1] ?? " ") || /["'\s]/u.test(text[at - 1] ?? ""))) {
      const key = token(at);
      top().key = key;
      top().keys.push(key);
      top().valued = true;
      start = at + 1;
    }
  }
  if (frames.length === base) return { end: at };
  while (start < offset && /\s/u.test(text[start]!)) start++;
  const current = top();
  const kind = current.kind === "list" ? "entry" : current.valued ? "value" : "key";
  // Behind a closed quotation mark or bracket comes a comma, which nobody needs to be told.
  const words = text.slice(start, offset);
  if (quote === undefined && /^["']|[\]}]/u.test(words)) return { end: offset };
  const keys = new Set([...current.keys, ...(kind === "key" ? keysBehind(text, offset) : [])]);
  return { end: offset, place: { path: pathOf(frames, kind !== "key"), at: kind, word: { start, end: offset }, quote, flow: true, keys, entries: current.entries, indent: lineIndent(text, offset) } };
}

/** Keys of the same JSON or flow map behind the offset. */
function keysBehind(text: string, offset: number): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  const part = /"((?:[^"\\\n]|\\.)*)"\s*(:)?|[{}[\]]|([\p{L}_][\p{L}\p{N}_. -]*?)\s*:\s/gu;
  part.lastIndex = offset;
  for (let match = part.exec(text), count = 0; match !== null && count < 500; match = part.exec(text), count++) {
    if (match[0] === "{" || match[0] === "[") depth++;
    else if (match[0] === "}" || match[0] === "]") {
      if (--depth < 0) break;
    } else if (depth === 0 && (match[2] !== undefined || match[3] !== undefined)) keys.push(match[1] ?? match[3]!);
  }
  return keys;
}

function lineIndent(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[^\S\n]*/u.exec(text.slice(start))![0].length;
}
