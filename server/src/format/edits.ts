// From a stretch and its new form to edits: white space for white space, so that no word can be lost and the cursor stays.
import { isBreak, isSpace } from "../syntax/scan.js";
import type { Edit } from "./model.js";

const SIGN = /[,<>=≤≥≠!]/u;
const isWhite = (unit: number): boolean => isSpace(unit) || isBreak(unit);

/**
 * Adds the edits that make `text` of what stands at `start`–`end`. False, with nothing added, where the two differ in
 * more than white space.
 */
export function whiteSpaceEdits(source: string, start: number, end: number, text: string, into: Edit[]): boolean {
  const before = into.length;
  let at = start;
  let to = 0;
  while (at < end || to < text.length) {
    const from = at;
    const toFrom = to;
    while (at < end && isWhite(source.charCodeAt(at))) at++;
    while (to < text.length && isWhite(text.charCodeAt(to))) to++;
    // Two words stay two words, and one stays one; signs may be set off.
    const torn = at === from && to > toFrom && from > start && at < end && !SIGN.test(source[at - 1]!) && !SIGN.test(source[at]!);
    if (torn || (to === toFrom && at > from && from > start && at < end)) {
      into.length = before;
      return false;
    }
    if (at - from !== to - toFrom || source.slice(from, at) !== text.slice(toFrom, to)) into.push(trimmed(source, from, at, text.slice(toFrom, to)));
    while (at < end && to < text.length && source.charCodeAt(at) === text.charCodeAt(to) && !isWhite(text.charCodeAt(to))) {
      at++;
      to++;
    }
    // One of the two has a sign here that the other has not; white space on one side alone is an edit of the next round.
    const oldWhite = at >= end || isWhite(source.charCodeAt(at));
    const newWhite = to >= text.length || isWhite(text.charCodeAt(to));
    if (!oldWhite && !newWhite) {
      into.length = before;
      return false;
    }
    if ((at >= end && to < text.length && !newWhite) || (to >= text.length && at < end && !oldWhite)) {
      into.length = before;
      return false;
    }
  }
  return true;
}

/** An edit without what the old and the new white space begin with alike; CR LF stays together. */
function trimmed(source: string, start: number, end: number, text: string): Edit {
  let same = 0;
  while (start + same < end && same < text.length && source.charCodeAt(start + same) === text.charCodeAt(same)) same++;
  if (same > 0 && source.charCodeAt(start + same - 1) === 13) same--;
  return { start: start + same, end, text: text.slice(same) };
}
