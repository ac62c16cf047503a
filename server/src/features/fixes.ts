// Quick fixes: the replacements that diagnostics are certain enough to offer.
import type { Diagnostic } from "../diagnostic.js";
import type { Range } from "../text.js";
import type { Edit } from "./model.js";

/** A diagnostic with the edit that mends it. */
export interface Fix {
  readonly title: string;
  readonly edit: Edit;
  readonly diagnostic: Diagnostic;
}

/** The fixes for findings that touch a range. */
export function fixes(diagnostics: readonly Diagnostic[], range: Range): readonly Fix[] {
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.replacement === undefined || diagnostic.end < range.start || diagnostic.start > range.end) return [];
    const title = diagnostic.replacement === "" ? "Remove it" : `Change to \`${diagnostic.replacement}\``;
    return [{ title, edit: { start: diagnostic.start, end: diagnostic.end, text: diagnostic.replacement }, diagnostic }];
  });
}
