// Makes lint rules: one call a file, with the options typed by their defaults.
import type { LintedPolicy } from "./policy.js";
import type { LintOptions, LintRule, OptionValues, Report } from "./model.js";

/** A lint rule as its file writes it. */
export type RuleDeclaration<O extends LintOptions> = Omit<LintRule, "options" | "related" | "check"> & {
  readonly options?: O;
  readonly related?: readonly string[];
  /** Finds what is wrong. It must bear any analysis, broken texts among them, and leave the policy as it is. */
  readonly check: (policy: LintedPolicy, report: Report, options: OptionValues<O>) => void;
};

/** Declares a lint rule. */
export function lintRule<const O extends LintOptions = Readonly<Record<never, never>>>(rule: RuleDeclaration<O>): LintRule {
  return { ...rule, options: rule.options ?? {}, related: rule.related ?? [], check: rule.check as LintRule["check"] };
}
