// Help while a configuration or a suppression is written: what can stand at a place, and what a word there means.
import { DIAGNOSTICS, type DiagnosticCode } from "../diagnostic.js";
import type { Range } from "../text.js";
import { configurable } from "./config.js";
import { LEVELS, type LintRule, PROFILES } from "./model.js";

/** One proposal; it replaces `start`–`end` with `insert`. */
export interface Proposal extends Range {
  readonly label: string;
  readonly insert: string;
  readonly kind: "keyword" | "field" | "choice";
  readonly detail?: string | undefined;
  readonly documentation?: string | undefined;
}

interface ConfigLine {
  readonly indent: number;
  readonly key: string | undefined;
}

const KEYS: Readonly<Record<string, string>> = {
  profile: "The levels to start from.",
  rules: "Levels and options of lint rules, by id.",
  words: "Words that are spelled right.",
  ignore: "Globs of files that are not linted.",
  overrides: "What holds for some files only.",
};
const OVERRIDE_KEYS: Readonly<Record<string, string>> = { files: "Globs of the files.", profile: KEYS["profile"]!, rules: KEYS["rules"]!, words: KEYS["words"]! };
const LINE = /^(\s*(?:-\s+)?)(?:["']?([\w-]+)["']?\s*:)?/u;

const readLine = (line: string): ConfigLine => {
  const match = LINE.exec(line)!;
  return { indent: match[1]!.length, key: match[2] };
};

/** The keys that a place of a configuration stands under, outermost first. */
function pathAt(text: string, lineStart: number, indent: number): readonly string[] {
  const path: string[] = [];
  let inside = indent;
  for (const line of text.slice(0, lineStart).split(/\r\n|\n/u).reverse()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const { indent: at, key } = readLine(line);
    if (at >= inside || key === undefined) continue;
    path.unshift(key);
    inside = at;
    if (at === 0) break;
  }
  return path;
}

interface ConfigPlace {
  readonly path: readonly string[];
  /** The key of this line, where the place stands behind it. */
  readonly key: string | undefined;
  readonly word: Range;
}

function placeAt(text: string, offset: number): ConfigPlace {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const start = offset - (/[\w-]*$/u.exec(before)?.[0].length ?? 0);
  const end = offset + (/^[\w-]*/u.exec(text.slice(offset))?.[0].length ?? 0);
  const { indent, key } = readLine(before);
  return { path: pathAt(text, lineStart, indent), key: key !== undefined && before.includes(":") ? key : undefined, word: { start, end } };
}

/** What can stand at a place of a configuration. */
export function configProposals(text: string, offset: number, rules: readonly LintRule[]): readonly Proposal[] {
  const { path, key, word } = placeAt(text, offset);
  const last = path.at(-1);
  const of = (kind: Proposal["kind"], label: string, detail?: string, insert = label, documentation?: string): Proposal => ({ ...word, kind, label, insert, detail, documentation });
  const keys = (known: Readonly<Record<string, string>>): readonly Proposal[] => Object.entries(known).map(([name, meaning]) => of("keyword", name, meaning, `${name}: `));
  const levels = (): readonly Proposal[] => LEVELS.map((level) => of("choice", level));
  if (key !== undefined) {
    if (key === "profile") return Object.entries(PROFILES).map(([name, meaning]) => of("choice", name, undefined, name, meaning));
    if (key === "level" || last === "rules") return levels();
    const option = rules.find((rule) => rule.id === last)?.options[key];
    return option === undefined ? [] : (option.choices ?? (typeof option.default === "boolean" ? ["true", "false"] : [])).map((choice) => of("choice", choice));
  }
  if (last === undefined) return keys(KEYS);
  if (last === "overrides") return keys(OVERRIDE_KEYS);
  if (last === "rules") return [
    ...rules.map((rule) => of("field", rule.id, rule.category, `${rule.id}: `, rule.summary)),
    ...Object.keys(DIAGNOSTICS).filter(configurable).map((code) => of("field", code, "language", `${code}: `, DIAGNOSTICS[code as DiagnosticCode][1])),
  ];
  const rule = path.at(-2) === "rules" ? rules.find((each) => each.id === last) : undefined;
  return rule === undefined ? [] : [of("field", "level", "off, info, warning or error", "level: "), ...Object.entries(rule.options).map(([name, option]) => of("field", name, JSON.stringify(option.default), `${name}: `, option.description))];
}

/** What a word of a configuration, or an id in a suppression, means. */
export function lintWordMeaning(text: string, offset: number, rules: readonly LintRule[]): (Range & { readonly markdown: string }) | undefined {
  const start = offset - (/[\w-]*$/u.exec(text.slice(Math.max(0, offset - 80), offset))?.[0].length ?? 0);
  const end = offset + (/^[\w-]*/u.exec(text.slice(offset, offset + 80))?.[0].length ?? 0);
  const word = text.slice(start, end);
  const rule = rules.find((each) => each.id === word);
  if (rule !== undefined) return { start, end, markdown: `**${rule.id}** · ${rule.category} · recommended: ${rule.recommended} · strict: ${rule.strict}\n\n${rule.summary}\n\n${rule.why.trim()}` };
  if (Object.hasOwn(DIAGNOSTICS, word)) return { start, end, markdown: `**${word}** · ${DIAGNOSTICS[word as DiagnosticCode][0]}\n\n${DIAGNOSTICS[word as DiagnosticCode][1]}` };
  if (Object.hasOwn(PROFILES, word)) return { start, end, markdown: PROFILES[word as keyof typeof PROFILES] };
  return Object.hasOwn(KEYS, word) ? { start, end, markdown: KEYS[word]! } : undefined;
}

const SUPPRESSION = /#\s+lint-ignore(?:-file)?\s+(?:[\w-]+\s*,\s*)*[\w-]*$/u;

/** True if a place of a policy stands among the ids of a suppression. */
export const inSuppression = (text: string, offset: number): boolean => SUPPRESSION.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));

/** The ids that a suppression can name; those found in the policy first. */
export function suppressionProposals(text: string, offset: number, rules: readonly LintRule[], found: ReadonlySet<string>): readonly Proposal[] {
  const start = offset - (/[\w-]*$/u.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\w-]*/u.exec(text.slice(offset))?.[0].length ?? 0);
  const more = /^\s*[,:]/u.test(text.slice(end));
  return [...rules].sort((a, b) => Number(found.has(b.id)) - Number(found.has(a.id))).map((rule) => ({ start, end, kind: "field" as const, label: rule.id, insert: more ? rule.id : `${rule.id}: `, detail: found.has(rule.id) ? "found here" : rule.category, documentation: rule.summary }));
}
