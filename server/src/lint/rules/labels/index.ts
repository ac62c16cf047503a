// Lint rules for labels and what speaks of them.
import type { LintRule } from "../../model.js";

export const labelRules: readonly LintRule[] = [];
