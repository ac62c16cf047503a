// The numbers that the text cites, in the order in which it first cites them.
import type * as A from "../../../syntax/ast.js";
import type { LintedPolicy } from "../../policy.js";

/** A range of this many references is a slip, which is not written out. */
const WIDEST = 200;

/** Each number that is cited, with the citation that does so first. */
export function citedNumbers({ citations }: LintedPolicy): ReadonlyMap<number, A.Citation> {
  const first = new Map<number, A.Citation>();
  for (const citation of citations) {
    for (const { from, to } of citation.numbers) for (let number = from; number <= to && number - from <= WIDEST; number++) if (!first.has(number)) first.set(number, citation);
  }
  return first;
}
