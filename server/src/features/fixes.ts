// Quick fixes: what diagnostics are certain enough to offer.
import { type Diagnostic, fixOf, type Fix } from "../diagnostic.js";
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
