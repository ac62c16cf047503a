// Whether two texts say the same: their trees are the same node by node, and stand at the same words.
import { isBreak, isSpace } from "../syntax/scan.js";
import type { ParseResult } from "../syntax/parse.js";
import { folded } from "../text.js";

/** For each offset of a text, how many visible characters stand before it. */
function ranksOf(text: string): Uint32Array {
  const ranks = new Uint32Array(text.length + 1);
  let rank = 0;
  for (let at = 0; at < text.length; at++) {
    ranks[at] = rank;
    const unit = text.charCodeAt(at);
    if (!isSpace(unit) && !isBreak(unit)) rank++;
  }
  ranks[text.length] = rank;
  return ranks;
}

/** True if two texts are read as the same policy: same nodes with the same words, only white space differs. */
export function sameTree(one: ParseResult, other: ParseResult): boolean {
  const ranks = ranksOf(one.text);
  const otherRanks = ranksOf(other.text);
  if (ranks[one.text.length] !== otherRanks[other.text.length]) return false;
  const same = (a: unknown, b: unknown): boolean => {
    if (a === b) return true;
    if (typeof a === "string" && typeof b === "string") return folded(a) === folded(b);
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
      return true;
    }
    const first = a as Record<string, unknown>;
    const second = b as Record<string, unknown>;
    for (const key in first) {
      if (key === "start" || key === "end") {
        if (ranks[first[key] as number] !== otherRanks[second[key] as number]) return false;
      } else if (!same(first[key], second[key])) return false;
    }
    for (const key in second) if (second[key] !== undefined && first[key] === undefined) return false;
    return true;
  };
  return same(one.document, other.document);
}
