// Lint rules for the code table and the calendar.
import type { LintRule } from "../../model.js";

export const codeRules: readonly LintRule[] = [];
