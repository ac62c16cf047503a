// What the lint rules about suppressions share: comments with all ids they name, and edits that take them away.
import type { Edit } from "../../../diagnostic.js";
import { positionAt } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import type { Suppression } from "../../suppressions.js";

/** The suppressions of each comment, in the order of the text. */
export function byComment(policy: LintedPolicy): readonly (readonly Suppression[])[] {
  const groups: Suppression[][] = [];
  for (const each of policy.suppressions) {
    const last = groups.at(-1);
    if (last?.[0]?.start === each.start) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** The edit that removes a comment: its whole line where it stands alone, and the space before it elsewhere. */
export function withoutComment({ text, analysis: { lines } }: LintedPolicy, comment: { readonly start: number; readonly end: number }): Edit {
  const { line } = positionAt(lines, comment.start);
  const start = lines.starts[line]!;
  if (text.slice(start, comment.start).trim() !== "") return { start: start + text.slice(start, comment.start).trimEnd().length, end: comment.end, text: "" };
  return { start, end: lines.starts[line + 1] ?? text.length, text: "" };
}

/** The edit that removes one id of several; `stays` tells which of the others remain. */
export function withoutId(group: readonly Suppression[], at: number, stays: (other: Suppression) => boolean): Edit {
  const { rule } = group[at]!;
  const before = group[at - 1];
  const next = group[at + 1];
  if (next === undefined || (before !== undefined && group.slice(0, at).some(stays))) return { start: before?.rule.end ?? rule.start, end: rule.end, text: "" };
  return { start: rule.start, end: next.rule.start, text: "" };
}
