// Quick fixes: what diagnostics are certain enough to offer.
import { type Diagnostic, type Edit, fixOf, type Fix } from "../diagnostic.js";
import type { Range } from "../text.js";

/** A diagnostic with what mends it. */
export interface QuickFix extends Fix {
  readonly diagnostic: Diagnostic;
}

/** The fixes for findings that touch a range. */
export function fixes(diagnostics: readonly Diagnostic[], range: Range): readonly QuickFix[] {
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.end < range.start || diagnostic.start > range.end) return [];
    const fix = fixOf(diagnostic);
    return fix === undefined ? [] : [{ ...fix, diagnostic }];
  });
}

/** The edits of all fixes that can be made together: of two that overlap, the first. */
export function editsTogether(fixes: readonly Fix[]): readonly Edit[] {
  const edits: Edit[] = [];
  let end = -1;
  const first = (fix: Fix): number => Math.min(...fix.edits.map((edit) => edit.start));
  for (const fix of [...fixes].sort((a, b) => first(a) - first(b))) {
    if (fix.edits.length === 0 || first(fix) < end) continue;
    edits.push(...fix.edits);
    end = Math.max(end, ...fix.edits.map((edit) => edit.end));
  }
  return edits;
}
