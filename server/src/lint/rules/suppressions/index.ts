// Lint rules for the comments that keep lint rules quiet.
import type { LintRule } from "../../model.js";

export const suppressionRules: readonly LintRule[] = [];
