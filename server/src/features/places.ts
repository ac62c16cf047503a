// Finding one's way in a text: the nodes, uses, lines and sections at an offset.
import { children, type Node, type Section } from "../syntax/ast.js";
import { readMentions } from "../syntax/prose.js";
import type { Analysis, CriterionSymbol, SymbolUse } from "../semantics/model.js";
import { touches, type Range } from "../text.js";

/** The nodes around an offset, the document first, the smallest last. */
export function nodePath(root: Node, offset: number): readonly Node[] {
  const path: Node[] = [root];
  for (let node = root; ;) {
    const inside = children(node).filter((child) => touches(child, offset));
    // Between two neighbours that touch, the one that begins here is meant.
    const next = inside.find((child) => child.start <= offset && offset < child.end) ?? inside[inside.length - 1];
    if (next === undefined) return path;
    path.push(next);
    node = next;
  }
}

/** At most so many uses stand between the start of a use and a place in it: the numbers of one citation. */
const MOST_NESTED = 256;

/** Index of the last entry that starts at or before an offset, -1 if none does. */
function lastBefore<T>(sorted: readonly T[], offset: number, startOf: (entry: T) => number): number {
  let low = -1;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(sorted[middle]!) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The smallest uses of symbols at an offset; several where one word stands for several symbols, as `[1-2]` does. */
export function usesAt(analysis: Analysis, offset: number): readonly SymbolUse[] {
  const touching: SymbolUse[] = [];
  const last = lastBefore(analysis.uses, offset, (use) => use.start);
  for (let i = last; i >= 0 && i > last - MOST_NESTED; i--) if (touches(analysis.uses[i]!, offset)) touching.unshift(analysis.uses[i]!);
  if (touching.length === 0) {
    const node = nodePath(analysis.document, offset).at(-1);
    return node?.kind === "prose" ? mentionsIn(analysis, node).filter((use) => touches(use, offset)) : [];
  }
  const inside = touching.filter((use) => offset < use.end);
  const pool = inside.length > 0 ? inside : touching;
  const smallest = Math.min(...pool.map((use) => use.end - use.start));
  return pool.filter((use) => use.end - use.start === smallest);
}

/** The codes that a stretch of prose mentions, as uses; the analysis leaves them out because no check needs them. */
export function mentionsIn(analysis: Analysis, prose: Range): readonly SymbolUse[] {
  return readMentions(analysis.text.slice(prose.start, prose.end), prose.start)
    .filter((mention) => mention.kind === "code")
    .map(({ start, end, system, text }) => ({ start, end, declaration: false, symbol: { kind: "codeMention", system, text } }));
}

/** The line that holds an offset, without its line break. */
export function lineAt(text: string, offset: number): Range {
  let start = offset;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && !isBreak(text.charCodeAt(end))) end++;
  return { start, end };
}

const isBreak = (unit: number): boolean => unit === 10 || unit === 13;

/** The line before a line, or undefined at the top. */
export function lineBefore(text: string, line: Range): Range | undefined {
  if (line.start === 0) return undefined;
  const crlf = text.charCodeAt(line.start - 1) === 10 && text.charCodeAt(line.start - 2) === 13;
  return lineAt(text, line.start - (crlf ? 2 : 1));
}

/** The word at an offset: letters, figures and what joins them in names, codes and addresses. */
export function wordAt(text: string, offset: number, joins = /[\p{L}\p{N}_]/u): Range {
  let start = offset;
  while (start > 0 && joins.test(text[start - 1]!)) start--;
  let end = offset;
  while (end < text.length && joins.test(text[end]!)) end++;
  return { start, end };
}

/** The section that an offset stands in, blank lines behind its last entry included; undefined in the header. */
export function sectionAt(analysis: Analysis, offset: number): Section | undefined {
  let found: Section | undefined;
  for (const section of analysis.document.sections) if (section.start <= offset) found = section;
  return found;
}

/** The innermost labelled criterion around an offset. */
export function criterionAt(analysis: Analysis, offset: number): CriterionSymbol | undefined {
  let found: CriterionSymbol | undefined = analysis.criteria[lastBefore(analysis.criteria, offset, (criterion) => criterion.node.start)];
  while (found !== undefined && (found.role !== "criterion" || offset > found.node.end)) found = found.parent;
  return found;
}

/** Index of the first of ranges, in the order of the text, that ends behind an offset. */
export function firstFrom(ranges: readonly Range[], offset: number): number {
  let low = 0;
  for (let high = ranges.length; low < high;) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The use of a symbol that a name is; undefined for a name that stands for nothing. */
export function useOf({ uses }: Analysis, name: Range): SymbolUse | undefined {
  for (let i = lastBefore(uses, name.start, (use) => use.start); i >= 0 && uses[i]!.start === name.start; i--) if (uses[i]!.end === name.end) return uses[i];
  return undefined;
}

/** Index of the first use that starts at or behind an offset. */
export function firstUseFrom({ uses }: Analysis, offset: number): number {
  return lastBefore(uses, offset - 1, (use) => use.start) + 1;
}

/** Index of the first criterion that starts at or behind an offset. */
export function firstCriterionFrom({ criteria }: Analysis, offset: number): number {
  return lastBefore(criteria, offset - 1, (criterion) => criterion.node.start) + 1;
}
