// Lint rules for lists, statements, facts and definitions.
import type { LintRule } from "../../model.js";

export const criteriaRules: readonly LintRule[] = [];
