// Lint rules for conditions and criteria against one another.
import type { LintRule } from "../../model.js";
import bandGap from "./band-gap.js";
import bandOverlap from "./band-overlap.js";
import conditionAlwaysHolds from "./condition-always-holds.js";
import conditionNeverHolds from "./condition-never-holds.js";
import duplicateCondition from "./duplicate-condition.js";
import duplicateCriterion from "./duplicate-criterion.js";
import proseConditionMismatch from "./prose-condition-mismatch.js";
import subsumedCriterion from "./subsumed-criterion.js";

export const logicRules: readonly LintRule[] = [
  duplicateCriterion, duplicateCondition, subsumedCriterion, conditionNeverHolds, conditionAlwaysHolds, proseConditionMismatch, bandGap, bandOverlap,
];
