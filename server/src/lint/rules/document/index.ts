// Lint rules for the document as a whole.
import type { LintRule } from "../../model.js";

export const documentRules: readonly LintRule[] = [];
