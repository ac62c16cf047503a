// Reads a `policy.config.yaml` with positions: what is sound in it holds, and every mistake is a diagnostic at its place.
import type { Document as YamlDocument, Node as YamlNode, Scalar, YAMLMap } from "yaml";
import { type Diagnostic, diagnostic, type DiagnosticExtra, DIAGNOSTICS, isDiagnosticCode } from "../diagnostic.js";
import { rangeOf, within, YAML_ERRORS } from "../semantics/casefile.js";
import { didYouMean, shown } from "../semantics/context.js";
import { counted, type Range, sentenceList } from "../text.js";
import { configurable, type LintConfig, type LintScope, NO_CONFIG, type RuleSetting } from "./config.js";
import { type Level, LEVELS, type LintOption, type LintRule, type OptionValue, type Profile, PROFILES } from "./model.js";

/** A configuration after reading: what of it holds, and what is wrong with it. */
export interface ReadConfig {
  readonly config: LintConfig;
  readonly diagnostics: readonly Diagnostic[];
}

type Yaml = typeof import("yaml");
// Resolved by the bundler; the YAML reader is loaded on the first configuration.
declare const require: (name: "yaml") => Yaml;

/** Larger configurations are not read, in UTF-16 units. */
const LARGEST_CONFIG = 1024 * 1024;
/** Longer globs are not read: each becomes a regular expression. */
const LONGEST_GLOB = 500;
/** More YAML errors than this say nothing new. */
const MOST_YAML_ERRORS = 20;

const SCOPE_KEYS = ["profile", "rules", "words"] as const;
const KEYS = [...SCOPE_KEYS, "ignore", "overrides"] as const;
const OVERRIDE_KEYS = ["files", ...SCOPE_KEYS] as const;

interface Reader {
  readonly yaml: Yaml;
  readonly text: string;
  readonly rules: ReadonlyMap<string, LintRule>;
  readonly found: Diagnostic[];
}

/** Reads a configuration. Never throws; without anything sound in it, it is that of those who have none. */
export function readConfig(text: string, rules: readonly LintRule[]): ReadConfig {
  const reader: Reader = { yaml: require("yaml"), text, rules: new Map(rules.map((rule) => [rule.id, rule])), found: [] };
  const config = configOf(reader);
  return { config, diagnostics: shown(reader.found) };
}

function configOf(reader: Reader): LintConfig {
  const start = within(reader.text, 0, reader.text.length);
  if (reader.text.length > LARGEST_CONFIG) {
    invalid(reader, start, `The configuration holds ${reader.text.length} characters; more than ${LARGEST_CONFIG} are not read.`, "Take out what is no configuration.");
    return NO_CONFIG;
  }
  let document: YamlDocument.Parsed;
  try {
    document = reader.yaml.parseDocument(reader.text, { uniqueKeys: true, prettyErrors: false, keepSourceTokens: false, stringKeys: true });
  } catch {
    // The reader recurses on nesting; what is nested beyond its stack is no configuration.
    invalid(reader, start, "The file is nested too deeply to be read.", `A configuration holds ${sentenceList(KEYS.map((key) => `\`${key}\``))}.`);
    return NO_CONFIG;
  }
  for (const error of document.errors.slice(0, MOST_YAML_ERRORS)) {
    const [message, help] = YAML_ERRORS[error.code] ?? YAML_ERRORS["other"]!;
    const [mine, advice] = error.code === "MULTIPLE_DOCS" ? ["The file holds several documents.", "Write one configuration, without lines of `---`."] : [message.replace(" or JSON", ""), help];
    invalid(reader, within(reader.text, error.pos[0], error.pos[1]), mine, advice);
  }
  // A key that stands twice leaves the rest readable; any other error does not.
  if (document.errors.some((error) => error.code !== "DUPLICATE_KEY")) return NO_CONFIG;
  const { contents } = document;
  if (contents === null || (reader.yaml.isScalar(contents) && contents.value === null)) return NO_CONFIG;
  if (!reader.yaml.isMap(contents)) {
    invalid(reader, rangeOf(contents as YamlNode, start), "A configuration holds settings by name.", `Write ${sentenceList(KEYS.map((key) => `\`${key}:\``), "or")} at the start of a line.`);
    return NO_CONFIG;
  }
  const scope = emptyScope();
  let ignore: readonly string[] = [];
  const overrides: LintConfig["overrides"][number][] = [];
  for (const entry of entries(reader, contents as YAMLMap)) {
    if (readScopeEntry(reader, entry, scope)) continue;
    if (entry.key === "ignore") ignore = globs(reader, entry);
    else if (entry.key === "overrides") overrides.push(...readOverrides(reader, entry));
    else unknownKey(reader, entry, KEYS);
  }
  return { ...scope, ignore, overrides };
}

type OpenScope = { -readonly [K in keyof LintScope]: LintScope[K] };
const emptyScope = (): OpenScope => ({ rules: {}, words: [] });

/** Reads what configurations and overrides share; false where the key is none of these. */
function readScopeEntry(reader: Reader, entry: Entry, scope: OpenScope): boolean {
  switch (entry.key) {
    case "profile": scope.profile = oneOf(reader, entry, Object.keys(PROFILES) as Profile[], "profile"); return true;
    case "rules": scope.rules = readRules(reader, entry); return true;
    case "words": scope.words = texts(reader, entry, "words").map(({ text }) => text); return true;
    default: return false;
  }
}

function readOverrides(reader: Reader, { value, range }: Entry): LintConfig["overrides"][number][] {
  if (!reader.yaml.isSeq(value)) {
    invalid(reader, rangeOf(value as YamlNode, range), "`overrides` is a list.", "Begin each override with `- files:`.");
    return [];
  }
  return value.items.flatMap((item) => {
    const at = rangeOf(item as YamlNode, range);
    if (!reader.yaml.isMap(item)) {
      invalid(reader, within(reader.text, at.start, at.end), "An override says which files it is for and what holds for them.", "Write `- files:` with a list of globs, and `profile:`, `rules:` or `words:` below it.");
      return [];
    }
    const scope = emptyScope();
    let files: readonly string[] | undefined;
    for (const entry of entries(reader, item as YAMLMap)) {
      if (readScopeEntry(reader, entry, scope)) continue;
      if (entry.key === "files") files = globs(reader, entry);
      else unknownKey(reader, entry, OVERRIDE_KEYS);
    }
    if (files === undefined) invalid(reader, within(reader.text, at.start, at.end), "The override does not say which files it is for, so it holds for none.", "Write `files:` with a list of globs, such as `drafts/**`.");
    return files === undefined || files.length === 0 ? [] : [{ ...scope, files }];
  });
}

function readRules(reader: Reader, { value, range }: Entry): LintScope["rules"] {
  if (!reader.yaml.isMap(value)) {
    invalid(reader, rangeOf(value as YamlNode, range), "`rules` holds levels by the id of a lint rule.", "Write a line such as `uncited-reference: off` below it.");
    return {};
  }
  const settings: Record<string, RuleSetting> = {};
  for (const entry of entries(reader, value as YAMLMap)) {
    const { key } = entry;
    const rule = reader.rules.get(key);
    if (rule === undefined && !configurable(key)) {
      if (isDiagnosticCode(key)) invalid(reader, entry.range, `\`${key}\` is an error of the language: a text that has it says nothing, so its level is fixed.`, "Take the line out.");
      else add(reader, "unknown-lint-rule", entry.range, `There is no lint rule or diagnostic \`${key}\`.`, didYouMean(key, configurableIds(reader.rules.values()), "`policy rules` lists them."));
      continue;
    }
    const setting = readSetting(reader, entry, rule);
    if (setting !== undefined) settings[key] = setting;
  }
  return settings;
}

/** Everything whose level a configuration may set: lint rules, and the warnings and infos of the language. */
export const configurableIds = (rules: Iterable<LintRule>): readonly string[] => [...[...rules].map((rule) => rule.id), ...Object.keys(DIAGNOSTICS).filter(configurable)];

function readSetting(reader: Reader, entry: Entry, rule: LintRule | undefined): RuleSetting | undefined {
  if (!reader.yaml.isMap(entry.value)) {
    const level = oneOf<Level>(reader, entry, LEVELS, "level");
    return level === undefined ? undefined : { level };
  }
  let level: Level | undefined;
  const options: Record<string, OptionValue> = {};
  const names = Object.keys(rule?.options ?? {});
  for (const each of entries(reader, entry.value as YAMLMap)) {
    const option = rule !== undefined && Object.hasOwn(rule.options, each.key) ? rule.options[each.key] : undefined;
    if (each.key === "level") {
      level = oneOf<Level>(reader, each, LEVELS, "level");
    } else if (option === undefined) {
      const otherwise = names.length === 0 ? `\`${entry.key}\` has no options, only \`level\`.` : `Options of \`${entry.key}\` are ${sentenceList(names.map((name) => `\`${name}\``))}.`;
      add(reader, "unknown-config-key", each.range, `\`${entry.key}\` has no option \`${each.key}\`.`, didYouMean(each.key, ["level", ...names], otherwise));
    } else {
      const read = optionValue(reader, each, option);
      if (read !== undefined) options[each.key] = read;
    }
  }
  return { ...(level === undefined ? {} : { level }), ...(Object.keys(options).length === 0 ? {} : { options }) };
}

/** The value of an option, if it is of the type and within the bounds that the lint rule asks for. */
function optionValue(reader: Reader, entry: Entry, option: LintOption): OptionValue | undefined {
  const standard = option.default;
  if (typeof standard === "object") return texts(reader, entry, entry.key).map(({ text }) => text);
  if (option.choices !== undefined) return oneOf(reader, entry, option.choices, "choice");
  const read = scalarOf(reader, entry);
  if (read === undefined) return undefined;
  const { value, range } = read;
  const wrong = (wanted: string, help: string): undefined => void invalid(reader, range, `\`${entry.key}\` is ${wanted}, not \`${read.text}\`.`, help);
  switch (typeof standard) {
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) return wrong("a number", `Write a number; where nothing is said it is ${standard}.`);
      if (option.minimum !== undefined && value < option.minimum) return wrong(`at least ${option.minimum}`, `Write ${option.minimum} or more; where nothing is said it is ${standard}.`);
      return value;
    case "boolean":
      return typeof value === "boolean" ? value : wrong("true or false", `Write \`true\` or \`false\`; where nothing is said it is ${standard}.`);
    default:
      return read.text;
  }
}

// ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A key with its value. */
interface Entry {
  readonly key: string;
  /** Place of the key. */
  readonly range: Range;
  readonly value: unknown;
}

interface Text {
  readonly text: string;
  readonly range: Range;
}

/** The entries of a map; of a key that stands twice the first holds, and what an alias stands for is not looked up. */
function entries(reader: Reader, map: YAMLMap): Entry[] {
  const seen = new Set<string>();
  return map.items.flatMap((pair): Entry[] => {
    const range = rangeOf(pair.key as YamlNode, rangeOf(map, { start: 0, end: 1 }));
    const key = String((pair.key as Scalar | null)?.value ?? "");
    if (seen.has(key)) return [];
    seen.add(key);
    if (reader.yaml.isAlias(pair.value)) {
      alias(reader, rangeOf(pair.value, range));
      return [];
    }
    return [{ key, range, value: pair.value }];
  });
}

/** One value, if it is one. */
function scalarOf(reader: Reader, { key, value, range }: Entry): (Text & { readonly value: unknown }) | undefined {
  if (reader.yaml.isScalar(value) && value.value !== null && value.value !== undefined) {
    return { text: typeof value.value === "string" ? value.value : (value.source ?? String(value.value)), value: value.value, range: rangeOf(value, range) };
  }
  const missing = !reader.yaml.isMap(value) && !reader.yaml.isSeq(value);
  const at = missing ? range : rangeOf(value as YamlNode, range);
  invalid(reader, within(reader.text, at.start, at.end), missing ? `The value of \`${key}\` is missing.` : `\`${key}\` has one value.`, missing ? "Write it behind the colon, or take the line out." : "Write one value behind the colon.");
  return undefined;
}

/** One of several words. */
function oneOf<T extends string>(reader: Reader, entry: Entry, choices: readonly T[], what: string): T | undefined {
  const read = scalarOf(reader, entry);
  if (read === undefined) return undefined;
  const meant = choices.find((choice) => choice === read.text);
  if (meant === undefined) add(reader, "invalid-config", read.range, `\`${read.text}\` is no ${what}.`, didYouMean(read.text, choices, `Write ${sentenceList(choices.map((choice) => `\`${choice}\``), "or")}.`));
  return meant;
}

/** A list of texts; a single text is a list of one. */
function texts(reader: Reader, { key, value, range }: Entry, what: string): readonly Text[] {
  const items: readonly unknown[] = reader.yaml.isSeq(value) ? value.items : [value];
  return items.flatMap((item): readonly Text[] => {
    const at = rangeOf(item as YamlNode, range);
    if (reader.yaml.isAlias(item)) {
      alias(reader, at);
      return [];
    }
    if (!reader.yaml.isScalar(item) || item.value === null || item.value === undefined || item.value === "") {
      invalid(reader, within(reader.text, at.start, Math.max(at.end, at.start + 1)), `\`${key}\` is a list of texts, and this is none.`, `Write ${what === "words" ? "one word" : "one text"} behind each hyphen.`);
      return [];
    }
    return [{ text: typeof item.value === "string" ? item.value : (item.source ?? String(item.value)), range: at }];
  });
}

/** Globs from the folder of the configuration. */
function globs(reader: Reader, entry: Entry): readonly string[] {
  const given = texts(reader, entry, "globs");
  if (reader.yaml.isSeq(entry.value) && entry.value.items.length === 0) return [];
  return given.flatMap(({ text, range }) => {
    const reason = text.length > LONGEST_GLOB ? `is longer than ${counted(LONGEST_GLOB, "character")}` : text.startsWith("!") ? "begins with `!`" : /^(?:[\\/]|[a-z]:[\\/]|~)/i.test(text) ? "begins at the root of the disk" : /^\.\.(?:\/|$)/u.test(text) ? "leads out of the folder of the configuration" : undefined;
    if (reason === undefined) return [text];
    invalid(reader, within(reader.text, range.start, range.end), `The glob ${reason}, so it is left out.`, "Write globs from the folder of the configuration, such as `drafts/**` or `*.case.yaml`.");
    return [];
  });
}

const alias = (reader: Reader, range: Range): void => invalid(reader, range, "Anchors and aliases are not read in configurations.", "Write the value out.");

function unknownKey(reader: Reader, { key, range }: Entry, keys: readonly string[]): void {
  add(reader, "unknown-config-key", range, `\`${key}\` means nothing here.`, didYouMean(key, keys, `Keys are ${sentenceList(keys.map((each) => `\`${each}\``))}.`));
}

const invalid = (reader: Reader, range: Range, message: string, help: string): void => add(reader, "invalid-config", range, message, { help });

function add(reader: Reader, code: "invalid-config" | "unknown-config-key" | "unknown-lint-rule", range: Range, message: string, extra: DiagnosticExtra): void {
  reader.found.push(diagnostic(code, range, message, extra));
}
