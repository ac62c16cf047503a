// Lint rules for spelling, punctuation and terms.
import type { LintRule } from "../../model.js";

export const wordingRules: readonly LintRule[] = [];
