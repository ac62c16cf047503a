// Lint rules for the comments that keep lint rules quiet.
import type { LintRule } from "../../model.js";
import suppressionWithoutReason from "./suppression-without-reason.js";
import unknownSuppression from "./unknown-suppression.js";
import unusedSuppression from "./unused-suppression.js";

export const suppressionRules: readonly LintRule[] = [suppressionWithoutReason, unknownSuppression, unusedSuppression];
