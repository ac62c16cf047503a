// Hints in case files: what a value given in another unit is in the unit of its fact.
import type { CaseFile } from "../../semantics/casefile.js";
import type { Analysis } from "../../semantics/model.js";
import type { Range } from "../../text.js";
import { inUnitOf } from "../inlayhints.js";
import type { Hint } from "../model.js";

const VALUE = /:\s*(["']?)(-?\d+(?:\.\d+)?)(?:\s+|(?![\d.-]))([^\s"',#}\]]+)\1\s*(?:[,#}\]].*)?$/u;

/** The hints of a stretch of a case file, in the order of the text. */
export function caseFileHints(text: string, file: CaseFile, policy: Analysis, within: Range): readonly Hint[] {
  const hints: Hint[] = [];
  for (const each of file.cases) {
    if (each.range.end < within.start || each.range.start > within.end) continue;
    for (const [name, range] of each.factRanges) {
      const fact = policy.facts.get(name);
      if (fact === undefined || range.start > within.end || range.end < within.start) continue;
      const words = text.slice(range.start, range.end);
      const match = VALUE.exec(words);
      const converted = match === null ? undefined : inUnitOf(fact.type, Number(match[2]), match[3]!);
      if (converted !== undefined) hints.push({ kind: "conversion", offset: range.start + words.trimEnd().length, label: `= ${converted}`, before: true, after: false });
    }
  }
  return hints.sort((a, b) => a.offset - b.offset);
}
