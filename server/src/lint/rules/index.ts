// All lint rules, by category.
import type { LintRule } from "../model.js";
import { codeRules } from "./codes/index.js";
import { criteriaRules } from "./criteria/index.js";
import { documentRules } from "./document/index.js";
import { labelRules } from "./labels/index.js";
import { logicRules } from "./logic/index.js";
import { readabilityRules } from "./readability/index.js";
import { referenceRules } from "./references/index.js";
import { suppressionRules } from "./suppressions/index.js";
import { wordingRules } from "./wording/index.js";

export const LINT_RULES: readonly LintRule[] = [
  ...logicRules, ...criteriaRules, ...labelRules, ...referenceRules, ...codeRules, ...documentRules, ...wordingRules, ...readabilityRules, ...suppressionRules,
];

/** The lint rule of an id. */
export const lintRuleOf = (id: string): LintRule | undefined => LINT_RULES.find((rule) => rule.id === id);
