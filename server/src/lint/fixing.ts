// Applies fixes to a text: those that do not get in each other's way at once, then again, until nothing is left to mend.
import { type Diagnostic, fixesTogether, fixOf, isDiagnosticCode, withEdits } from "../diagnostic.js";

/** A text with fixes applied. */
export interface Mended {
  readonly text: string;
  /** The findings whose fixes were applied, as they stood when they were. */
  readonly mended: readonly Diagnostic[];
  /** Fixes would have brought more errors of the language, and were not applied. */
  readonly refused: boolean;
}

/** A fix may uncover another; more rounds than this are a circle. */
export const MOST_ROUNDS = 10;

/** Whether a finding can be mended: by a safe fix, or by any. */
export function fixable(found: Diagnostic, unsafe: boolean): boolean {
  const fix = fixOf(found);
  return fix !== undefined && (fix.safe || unsafe);
}

/** Applies the fixes of findings, each as a whole or not at all; of two that touch the same place, the first. */
export function applyFixes(text: string, found: readonly Diagnostic[], unsafe: boolean): { readonly text: string; readonly applied: readonly Diagnostic[] } {
  const chosen = fixesTogether(found.flatMap((diagnostic) => (fixable(diagnostic, unsafe) ? [{ ...fixOf(diagnostic)!, diagnostic }] : [])));
  const edits = chosen.flatMap((fix) => fix.edits);
  const lineEnd = lineEndOf(text);
  return { text: withEdits(text, lineEnd === "\n" ? edits : edits.map((edit) => ({ ...edit, text: edit.text.replace(/\r\n?|\n/gu, lineEnd) }))), applied: chosen.map(({ diagnostic }) => diagnostic) };
}

/** How lines end in a text: as its first one does. */
export const lineEndOf = (text: string): string => /\r\n?|\n/u.exec(text)?.[0] ?? "\n";

/** How many errors of the language there are: with more than before, a text has been damaged. */
export const languageErrors = (found: readonly Diagnostic[]): number => found.filter((each) => each.severity === "error" && isDiagnosticCode(each.code)).length;

/**
 * Applies fixes, looks at the result and applies what can be applied then.
 * @param look finds what is wrong with a text; it is given the findings' whole list, errors of the language among them
 * @param wanted which findings to mend
 */
export function mend(text: string, found: readonly Diagnostic[], look: (text: string) => readonly Diagnostic[], options: { readonly unsafe: boolean; readonly rounds?: number; readonly wanted?: (text: string, found: readonly Diagnostic[]) => readonly Diagnostic[] }): Mended {
  const { unsafe, rounds = MOST_ROUNDS, wanted = (_, all) => all } = options;
  const mended: Diagnostic[] = [];
  let now = text;
  let left = found;
  for (let round = 0; round < rounds; round++) {
    const { text: next, applied } = applyFixes(now, wanted(now, left), unsafe);
    if (next === now) break;
    const after = look(next);
    if (languageErrors(after) > languageErrors(left)) return { text: now, mended, refused: true };
    mended.push(...applied);
    now = next;
    left = after;
  }
  return { text: now, mended, refused: false };
}
