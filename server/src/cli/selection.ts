// Which findings were asked for with `--rule` and `--category`, and how the settings follow.
import { type Diagnostic, DIAGNOSTICS, isDiagnosticCode } from "../diagnostic.js";
import { type ActiveRule, defaultsOf, type LintSettings } from "../lint/config.js";
import { CATEGORIES, type Level, type LintRule } from "../lint/model.js";
import { LINT_RULES, lintRuleOf } from "../lint/rules/index.js";
import { UsageError } from "./exit.js";
import { nearest } from "./suggest.js";

export interface SelectionOptions {
  /** Ids of lint rules and codes of diagnostics. */
  readonly rule?: readonly string[] | undefined;
  readonly category?: readonly string[] | undefined;
}

export interface Selection {
  /** The settings with what was asked for alone. */
  settings(settings: LintSettings): LintSettings;
  /** Whether a finding was asked for. Errors of the language always are: what a text that has them says is not known. */
  shows(found: Diagnostic): boolean;
  /** Whether all findings of a code are shown. */
  selects(code: string): boolean;
  /** Whether everything is shown. */
  readonly everything: boolean;
}

/** Reads what was asked for. Throws a `UsageError` where there is no such lint rule or category. */
export async function selectionOf(options: SelectionOptions): Promise<Selection> {
  const { rule: ids = [], category: categories = [] } = options;
  if (ids.length === 0 && categories.length === 0) return { settings: (settings) => settings, shows: () => true, selects: () => true, everything: true };
  for (const id of ids) {
    if (lintRuleOf(id) !== undefined || isDiagnosticCode(id)) continue;
    throw await unknown(`there is no lint rule or diagnostic \`${id}\``, id, [...LINT_RULES.map((rule) => rule.id), ...Object.keys(DIAGNOSTICS)]);
  }
  for (const category of categories) {
    if (!Object.hasOwn(CATEGORIES, category)) throw await unknown(`there is no category \`${category}\` of lint rules`, category, Object.keys(CATEGORIES));
  }
  const wanted = LINT_RULES.filter((rule) => ids.includes(rule.id) || categories.includes(rule.category));
  const codes = new Set([...ids, ...wanted.map((rule) => rule.id)]);
  // Whether a suppression is used shows only when everything has run.
  const all = wanted.some((rule) => rule.category === "suppressions");
  const known = new WeakMap<LintSettings, LintSettings>();
  return {
    everything: false,
    shows: (found) => codes.has(found.code) || (found.severity === "error" && isDiagnosticCode(found.code)),
    selects: (code) => codes.has(code),
    settings(settings) {
      const before = known.get(settings);
      if (before !== undefined) return before;
      const off = ids.map(lintRuleOf).filter((rule) => rule !== undefined && !settings.active.some((active) => active.rule === rule)) as readonly LintRule[];
      const active: readonly ActiveRule[] = [...settings.active.filter(({ rule }) => all || codes.has(rule.id)), ...off.map((rule) => ({ rule, level: loudest(rule), options: defaultsOf(rule) }))];
      const selected = { ...settings, active };
      known.set(settings, selected);
      return selected;
    },
  };
}

/** The level of a lint rule that is asked for by name though it is off. */
const loudest = (rule: LintRule): Exclude<Level, "off"> => (rule.recommended !== "off" ? rule.recommended : rule.strict !== "off" ? rule.strict : "warning");

async function unknown(message: string, written: string, names: readonly string[]): Promise<UsageError> {
  const meant = await nearest(written, names);
  return new UsageError(message, `${meant === undefined ? "" : `Did you mean ${meant}? `}\`policy rules\` lists them.`);
}
