// Lint rules for labels and what speaks of them.
import type { LintRule } from "../../model.js";
import bulletedCriterion from "./bulleted-criterion.js";
import firstLabel from "./first-label.js";
import revisionQuoteDiffers from "./revision-quote-differs.js";
import unknownLabelInProse from "./unknown-label-in-prose.js";
import unknownLabelInRevision from "./unknown-label-in-revision.js";

export const labelRules: readonly LintRule[] = [firstLabel, unknownLabelInProse, unknownLabelInRevision, revisionQuoteDiffers, bulletedCriterion];
