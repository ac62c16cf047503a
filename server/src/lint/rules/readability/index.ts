// Lint rules for words that members and reviewers can use.
import type { LintRule } from "../../model.js";

export const readabilityRules: readonly LintRule[] = [];
