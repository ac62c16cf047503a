// Lint rules for citations and the reference list.
import type { LintRule } from "../../model.js";
import uncitedReference from "./uncited-reference.js";

export const referenceRules: readonly LintRule[] = [uncitedReference];
