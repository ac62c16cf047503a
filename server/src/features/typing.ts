// What typing does by itself: after Enter, the next label of a list of criteria.
import type { Edit } from "./model.js";
import type { Analysis } from "../semantics/model.js";
import { lineAt, lineBefore, sectionAt } from "./places.js";

const LABEL = /^(\s*)(\(?)([A-Za-z]+|\d{1,3})([.)])(\s+)(.*)$/u;
const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"];

/**
 * The edits after Enter at `offset`, the start of the new line's own text. The list goes on where the line above says so
 * (`; or`, `; and`) or where its items so far are single lines; an empty item is ended by Enter.
 */
export function afterEnter(analysis: Analysis, offset: number): readonly Edit[] {
  if (sectionAt(analysis, offset)?.kind !== "criteria") return [];
  const { text } = analysis;
  const line = lineAt(text, offset);
  const above = lineBefore(text, line);
  if (above === undefined || text.slice(line.start, line.end).trim() !== "") return [];
  const match = LABEL.exec(text.slice(above.start, above.end));
  if (match === null) return [];
  const [, indent, open, segment, close, gap, prose] = match;
  if (prose!.trim() === "") return [{ start: above.start, end: line.end, text: indent! }];
  if (/[:：]\s*(?:\[[\d,\s–-]+\]\s*)*$/u.test(prose!)) return firstItem(text, line, `${indent}${" ".repeat(open!.length + segment!.length + close!.length + gap!.length)}`, indent!, segment!);
  const goesOn = /[;,]\s*(?:or|and)?\s*(?:\[[\d,\s–-]+\]\s*)*$/i.test(prose!) || isPlainItem(text, above, indent!);
  const next = goesOn ? nextSegment(segment!, previousSegment(text, above, indent!)) : undefined;
  return next === undefined ? [] : [{ start: line.start, end: line.end, text: `${indent}${open}${next}${close}${gap}` }];
}

/** Behind a line that announces a list, its first label by the usual order: I, A, 1, a, i. Not where the list has items. */
function firstItem(text: string, line: { start: number; end: number }, indent: string, above: string, segment: string): readonly Edit[] {
  const following = /\S.*/u.exec(text.slice(line.end))?.index;
  const next = following === undefined ? undefined : lineAt(text, line.end + following);
  if (next !== undefined && /^\s*/u.exec(text.slice(next.start, next.end))![0].length > above.length) return [];
  const label = above === "" && /^[IVX]+$/u.test(segment) ? "A" : /^[A-Z]/u.test(segment) ? "1" : /^\d/u.test(segment) ? "a" : "i";
  return [{ start: line.start, end: line.end, text: `${indent}${label}. ` }];
}

/** The line above the item is an item of the same list: so far, items are single lines. */
function isPlainItem(text: string, item: { start: number; end: number }, indent: string): boolean {
  return previousSegment(text, item, indent) !== undefined;
}

function previousSegment(text: string, item: { start: number; end: number }, indent: string): string | undefined {
  const before = lineBefore(text, item);
  const match = before === undefined ? null : LABEL.exec(text.slice(before.start, before.end));
  return match !== null && match[1] === indent ? match[3] : undefined;
}

/** `A` → `B`, `9` → `10`, `iv` → `v`; a lone `i` is roman unless `h` stands before it. */
export function nextSegment(segment: string, previous?: string): string | undefined {
  if (/^\d+$/u.test(segment)) return String(Number(segment) + 1);
  const lower = segment.toLowerCase();
  const raise = (text: string): string => (segment === lower ? text : text.toUpperCase());
  const roman = ROMAN.indexOf(lower);
  const asLetter = segment.length === 1 && (roman < 0 || previous?.toLowerCase() === String.fromCharCode(lower.charCodeAt(0) - 1));
  if (!asLetter && roman >= 0 && roman + 1 < ROMAN.length) return raise(ROMAN[roman + 1]!);
  return segment.length === 1 && lower !== "z" ? raise(String.fromCharCode(lower.charCodeAt(0) + 1)) : undefined;
}
