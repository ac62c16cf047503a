// Fixtures of the linter: examples of lint rules as policies, and runs of one lint rule or a profile over a text.
import type { Diagnostic } from "../../server/src/diagnostic.js";
import { defaultsOf, type LintSettings, NO_CONFIG, settingsFor } from "../../server/src/lint/config.js";
import { lint } from "../../server/src/lint/engine.js";
import type { LintExample, LintRule, OptionValue, Profile } from "../../server/src/lint/model.js";
import { LINT_RULES } from "../../server/src/lint/rules/index.js";
import { analyze } from "../../server/src/semantics/analyze.js";
import { spellingFrom } from "../../server/src/lint/spelling.js";
import type { Analysis, PolicyCase } from "../../server/src/semantics/model.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./core-fixtures.js";

/** The header of examples that have none. */
export const EXAMPLE_HEADER = `policy EX.1 "Example"
  effective  2026-01-01

`;
export const EXAMPLE_TODAY = "2026-01-01";
/** The dictionary of the product. */
export const SPELLING = spellingFrom(readFileSync(join(ROOT, "server", "data", "spelling.bin")));

/** Days since 1970-01-01 of a date such as `2026-01-31`. */
export const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

/** The text of an example as a whole policy. */
export const exampleText = (text: string): string => (text.startsWith("policy ") ? text : EXAMPLE_HEADER + text);

/** Settings under which one lint rule alone runs. */
export function onlyRule(rule: LintRule, options: Readonly<Record<string, OptionValue>> = {}, words: readonly string[] = []): LintSettings {
  return { active: [{ rule, level: "warning", options: { ...defaultsOf(rule), ...options } }], languageLevels: new Map(), words: new Set(words) };
}

/** What one lint rule finds in an example. */
export function foundBy(rule: LintRule, text: string, example: Partial<LintExample> = {}): { readonly text: string; readonly analysis: Analysis; readonly found: readonly Diagnostic[] } {
  const whole = exampleText(text);
  const analysis = analyze(whole, "example.policy");
  const found = lint({ analysis, cases: analysis.cases, today: dayOf(example.today ?? EXAMPLE_TODAY), asOf: example.asOf === undefined ? undefined : dayOf(example.asOf), spelling: SPELLING }, onlyRule(rule, example.options))
    .filter((each) => each.code === rule.id);
  return { text: whole, analysis, found };
}

/** Everything that a profile finds in a text. */
export function foundUnder(profile: Profile, analysis: Analysis, today: string, cases: readonly PolicyCase[] = analysis.cases): readonly Diagnostic[] {
  return lint({ analysis, cases, today: dayOf(today), spelling: SPELLING }, settingsFor({ ...NO_CONFIG, profile }, LINT_RULES)("example.policy"));
}

/** A text with the fixes of findings applied, those that overlap an earlier one left out. */
export function applied(text: string, found: readonly Diagnostic[]): string {
  const taken: { start: number; end: number; text: string }[] = [];
  for (const { fix } of found) {
    if (fix === undefined || fix.edits.some((edit) => taken.some((other) => edit.start < other.end && other.start < edit.end))) continue;
    taken.push(...fix.edits);
  }
  return taken.sort((a, b) => b.start - a.start).reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), text);
}

/** Everything that a profile finds in a text as of a day. */
export function asOfUnder(profile: Profile, analysis: Analysis, today: string, asOf: string): readonly Diagnostic[] {
  return lint({ analysis, cases: analysis.cases, today: dayOf(today), asOf: dayOf(asOf) }, settingsFor({ ...NO_CONFIG, profile }, LINT_RULES)("example.policy"));
}
