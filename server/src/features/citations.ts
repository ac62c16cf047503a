// Citations after their references have other numbers: `[1-3]` is split and joined again.
import type { Analysis } from "../semantics/model.js";
import type { Citation } from "../syntax/ast.js";
import type { Edit } from "./model.js";

/** No citation is written out over more numbers. */
const LONGEST = 1000;

/** The edits of the citations in which a reference has another number. */
export function citationEdits(analysis: Analysis, numbers: ReadonlyMap<number, number>): readonly Edit[] {
  return analysis.parsed.citations.flatMap((citation) => {
    const cited = citedNumbers(citation);
    if (cited === undefined || !cited.some((number) => (numbers.get(number) ?? number) !== number)) return [];
    const written = analysis.text.slice(citation.start, citation.end);
    return [{ start: citation.start, end: citation.end, text: `[${rewritten(written, cited.map((number) => numbers.get(number) ?? number))}]` }];
  });
}

/** All numbers of a citation, ranges written out; undefined where a range runs backwards or too far. */
export function citedNumbers(citation: Citation): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const { from, to } of citation.numbers) {
    if (to < from || to - from > LONGEST) return undefined;
    for (let number = from; number <= to; number++) numbers.push(number);
  }
  return numbers;
}

/** Numbers in order, runs joined, with the dash and the comma that stood there before. */
function rewritten(written: string, numbers: readonly number[]): string {
  const dash = /–/u.test(written) ? "–" : "-";
  const separator = /[,;]\s*/u.exec(written)?.[0] ?? ",";
  // Two that follow one another stay apart where they were apart.
  const shortest = /\d\s*[-–]\s*\d/u.test(written) ? 2 : 3;
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end]! + 1) end++;
    if (end - i + 1 >= shortest) parts.push(`${sorted[i]}${dash}${sorted[end]}`);
    else for (let at = i; at <= end; at++) parts.push(String(sorted[at]));
    i = end + 1;
  }
  return parts.join(separator);
}
