// Formatting with the labels put in order: new labels first, then the layout, given as edits of the text as it is.
import { type AddressMap, renumbering } from "../semantics/addresses.js";
import type { CaseFile } from "../semantics/casefile.js";
import type { Analysis } from "../semantics/model.js";
import { parse } from "../syntax/parse.js";
import { withEdits } from "../diagnostic.js";
import { formatPolicy } from "./format.js";
import type { Edit, FormatOptions } from "./model.js";

export interface Renumbered {
  readonly edits: readonly Edit[];
  /** Old addresses to new ones, for the case files of the policy. */
  readonly moved: AddressMap;
  /** Addresses that are named, that no criterion has, and that one would have then: they keep the labels as they are. */
  readonly inTheWay: readonly string[];
}

/** The edits that put labels in their order, with everything that names them, and bring the policy into the canonical layout. */
export function formatRenumbered(analysis: Analysis, options: Partial<FormatOptions> = {}): Renumbered {
  const { edits: labels, moved, inTheWay } = renumbering(analysis);
  if (labels.length === 0) return { edits: formatPolicy(analysis.parsed, options), moved, inTheWay };
  const between = withEdits(analysis.text, labels);
  return { edits: oneAfterOther(labels, between, formatPolicy(parse(between), options)), moved, inTheWay };
}

/** True if a case file names criteria whose addresses change. */
export const namesMoved = ({ uses }: CaseFile, moved: AddressMap): boolean => uses.some(({ symbol }) => symbol.kind === "criterion" && moved.has(symbol.address));

/** The edits that do at once what two lists of edits do one after the other; `between` is the text after the first. */
export function oneAfterOther(first: readonly Edit[], between: string, second: readonly Edit[]): readonly Edit[] {
  // Stretches of the text between that either step changed; those that touch are one.
  const steps: { start: number; end: number; grown: number; inside: Edit[] }[] = [];
  let shift = 0;
  for (const { start, end, text } of first) {
    const grown = text.length - (end - start);
    steps.push({ start: start + shift, end: start + shift + text.length, grown, inside: [] });
    shift += grown;
  }
  for (const edit of second) steps.push({ start: edit.start, end: edit.end, grown: 0, inside: [edit] });
  steps.sort((a, b) => a.start - b.start || a.end - b.end);
  const stretches: typeof steps = [];
  for (const step of steps) {
    const last = stretches[stretches.length - 1];
    if (last === undefined || step.start > last.end) {
      stretches.push(step);
      continue;
    }
    last.end = Math.max(last.end, step.end);
    last.grown += step.grown;
    last.inside.push(...step.inside);
  }
  let before = 0;
  return stretches.map(({ start, end, grown, inside }) => {
    const oldStart = start - before;
    before += grown;
    return { start: oldStart, end: end - before, text: withEdits(between.slice(start, end), inside.map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text }))) };
  });
}
