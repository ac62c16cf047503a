// Lint rules for what a member can read and a reviewer can measure.
import type { LintRule } from "../../model.js";
import andOr from "./and-or.js";
import longCriterion from "./long-criterion.js";
import readingLevel from "./reading-level.js";
import vagueTerm from "./vague-term.js";

export const readabilityRules: readonly LintRule[] = [vagueTerm, andOr, readingLevel, longCriterion];
