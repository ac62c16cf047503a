// Runs the lint rules over an analysis and sorts out what is shown: levels, suppressions, order.
import { type Diagnostic, DIAGNOSTICS, type Severity } from "../diagnostic.js";
import { shown } from "../semantics/context.js";
import { VERSION_CODES } from "../semantics/versions.js";
import type { ActiveRule, LintSettings } from "./config.js";
import { type LintInput, lintedPolicy } from "./policy.js";
import { LINT_RULES } from "./rules/index.js";
import { readSuppressions, suppressed, suppressionsById } from "./suppressions.js";

/** What a lint run is asked to do beside finding. */
export interface LintRun {
  /** Milliseconds, for the time of each lint rule; without it nothing is measured. */
  readonly clock?: (() => number) | undefined;
  /** Told how long a lint rule took. */
  readonly timed?: ((id: string, milliseconds: number) => void) | undefined;
  /** Suppressions are left out of account: everything is shown. */
  readonly unsuppressed?: boolean | undefined;
}

/** The findings of the language and of the lint rules, at their levels, without those that are suppressed, in the order of the text. */
export function lint(input: Omit<LintInput, "words" | "active" | "known">, settings: LintSettings, run: LintRun = {}): readonly Diagnostic[] {
  const { analysis } = input;
  const suppressions = run.unsuppressed === true ? [] : readSuppressions(analysis);
  const byId = suppressionsById(suppressions);
  const policy = lintedPolicy({ ...input, words: settings.words, active: activeIn(settings, input.versions !== undefined), known: KNOWN }, suppressions);
  const found: Diagnostic[] = [];
  const keep = (each: Diagnostic): void => {
    if (suppressions.length === 0 || !suppressed(each, byId)) found.push(each);
  };
  for (const each of input.versions === undefined && input.beside === undefined ? analysis.diagnostics : [...analysis.diagnostics, ...input.versions ?? [], ...input.beside ?? []]) {
    const level = each.severity === "error" ? undefined : settings.languageLevels.get(each.code);
    if (each.severity === "error") found.push(each);
    else if (level !== "off") keep(level === undefined ? each : { ...each, severity: level });
  }
  const check = ({ rule, level, options }: ActiveRule): void => {
    const severity: Severity = level;
    const before = run.clock?.() ?? 0;
    rule.check(policy, ({ start, end }, finding) => keep({ code: rule.id, severity, start, end, ...finding }), options);
    if (run.clock !== undefined) run.timed?.(rule.id, run.clock() - before);
  };
  // Which suppressions are unused is known when all others have run.
  for (const each of settings.active) if (each.rule.category !== "suppressions") check(each);
  for (const each of settings.active) if (each.rule.category === "suppressions") check(each);
  return shown(found);
}

const KNOWN: ReadonlySet<string> = new Set(LINT_RULES.map((rule) => rule.id));

// Files share their settings, so that this is worked out once.
const ACTIVE = new WeakMap<LintSettings, { readonly alone: ReadonlySet<string>; readonly beside: ReadonlySet<string> }>();
function activeIn(settings: LintSettings, versions: boolean): ReadonlySet<string> {
  let active = ACTIVE.get(settings);
  if (active === undefined) {
    const language = Object.keys(DIAGNOSTICS).filter((code) => settings.languageLevels.get(code) !== "off");
    const all = [...language, ...settings.active.map(({ rule }) => rule.id)];
    // Where the other versions are not looked at, nobody can say that a suppression of what is found among them is not needed.
    ACTIVE.set(settings, active = { alone: new Set(all.filter((code) => !VERSION_CODES.includes(code))), beside: new Set(all) });
  }
  return versions ? active.beside : active.alone;
}
