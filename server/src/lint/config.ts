// What a `policy.config.yaml` says, and what follows from it for one file: which lint rules run, at which level, with which options.
import picomatch from "picomatch/posix";
import { DIAGNOSTICS, type DiagnosticCode } from "../diagnostic.js";
import type { Level, LintRule, OptionValue, Profile } from "./model.js";

/** What a configuration says of one lint rule or diagnostic. */
export interface RuleSetting {
  readonly level?: Level | undefined;
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

/** A configuration, or what an override changes of it. Paths are relative to the folder of the configuration, with forward slashes. */
export interface LintScope {
  readonly profile?: Profile | undefined;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Words that are spelled right. */
  readonly words: readonly string[];
}
export interface LintConfig extends LintScope {
  /** Globs of files that are not linted. */
  readonly ignore: readonly string[];
  readonly overrides: readonly (LintScope & { readonly files: readonly string[] })[];
}

/** The configuration of those who have none. */
export const NO_CONFIG: LintConfig = { rules: {}, words: [], ignore: [], overrides: [] };

/** What holds for one file. */
export interface LintSettings {
  /** Lint rules that run, with their level and options. */
  readonly active: readonly ActiveRule[];
  /** Levels of the language's own warnings and infos, where the configuration says otherwise than `diagnostic.ts`. */
  readonly languageLevels: ReadonlyMap<string, Level>;
  readonly words: ReadonlySet<string>;
}
export interface ActiveRule {
  readonly rule: LintRule;
  readonly level: Exclude<Level, "off">;
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** Globs as configurations write them: a name without a slash matches at any depth, a folder everything below it. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const bare = glob.replace(/^\.\//u, "").replace(/\/+$/u, "");
    const anywhere = bare.includes("/") ? bare : `**/${bare}`;
    return [anywhere, `${anywhere}/**`];
  });
  if (patterns.length === 0) return () => false;
  // One expression for all: it is tried on every file.
  const all = new RegExp(patterns.map((pattern) => picomatch.makeRe(pattern, { dot: true }).source).join("|"));
  return (path) => all.test(path);
}

/** Finds the settings of a file by its path from the folder of the configuration. Files that match the same overrides share them. */
export function settingsFor(config: LintConfig, rules: readonly LintRule[]): (path: string) => LintSettings {
  const overrides = config.overrides.map((override) => ({ override, matches: pathMatcher(override.files) }));
  const known = new Map<string, LintSettings>();
  return (path) => {
    const applying = overrides.filter(({ matches }) => matches(path));
    const key = applying.map(({ override }) => config.overrides.indexOf(override)).join();
    const settings = known.get(key) ?? resolved([config, ...applying.map(({ override }) => override)], rules);
    known.set(key, settings);
    return settings;
  };
}

/** True if the configuration leaves a file out. */
export const ignores = (config: LintConfig): ((path: string) => boolean) => pathMatcher(config.ignore);

/** Later scopes outweigh earlier ones; a profile sets what is not set one by one. */
function resolved(scopes: readonly LintScope[], rules: readonly LintRule[]): LintSettings {
  const profile = scopes.findLast((scope) => scope.profile !== undefined)?.profile ?? "recommended";
  const settingOf = (id: string): RuleSetting => {
    const said = scopes.map((scope) => scope.rules[id]).filter((setting) => setting !== undefined);
    return { level: said.findLast((setting) => setting.level !== undefined)?.level, options: Object.assign({}, ...said.map((setting) => setting.options ?? {})) as RuleSetting["options"] };
  };
  const active: ActiveRule[] = [];
  for (const rule of rules) {
    const { level = rule[profile], options } = settingOf(rule.id);
    if (level !== "off") active.push({ rule, level, options: { ...defaultsOf(rule), ...options } });
  }
  const languageLevels = new Map<string, Level>();
  for (const code of new Set(scopes.flatMap((scope) => Object.keys(scope.rules)))) {
    const { level } = settingOf(code);
    if (level !== undefined && configurable(code)) languageLevels.set(code, level);
  }
  return { active, languageLevels, words: new Set(scopes.flatMap((scope) => scope.words).map((word) => word.toLowerCase())) };
}

/** The options of a lint rule where nothing is configured. */
export const defaultsOf = (rule: LintRule): Readonly<Record<string, OptionValue>> => Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));

/** Whether a code is a warning or info of the language, whose level may be configured. Errors stay errors: such a text says nothing. */
export const configurable = (code: string): boolean => Object.hasOwn(DIAGNOSTICS, code) && DIAGNOSTICS[code as DiagnosticCode][0] !== "error";
