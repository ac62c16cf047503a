// Lint rules for conditions and criteria against one another.
import type { LintRule } from "../../model.js";

export const logicRules: readonly LintRule[] = [];
