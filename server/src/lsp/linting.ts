// The linter in the server: the configuration of each document, and findings that never hold up typing.
import type { Diagnostic } from "../diagnostic.js";
import type { LintConfig, LintSettings } from "../lint/config.js";
import type { Spelling } from "../lint/spelling.js";
import type { CaseFile } from "../semantics/casefile.js";
import type { Analysis } from "../semantics/model.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";

/** Milliseconds without an edit before the lint rules look at an edited policy again. */
const PAUSE = 150;
const LARGEST_CONFIG = 1024 * 1024;
const MOST_FOLDERS = 64;

/** What there is to say of a policy; the same array as long as nothing has changed. */
export interface PolicyFindings {
  readonly analysis: Analysis;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Linting {
  /**
   * The findings of an open policy. On its first look, everything; after an edit, what the language finds and what the lint
   * rules found before, moved along; the lint rules look again when the writer pauses, and `renewed` is told.
   */
  findings(uri: string): Promise<PolicyFindings | undefined>;
  settings(uri: string): Promise<LintSettings>;
  /** The findings of a policy that is not open; none where the configuration leaves the file out. Of the same input the same array is given. */
  unopened(analysis: Analysis, cases: readonly CaseFile[]): Promise<readonly Diagnostic[]>;
  /** A configuration or a case file has changed, in the editor or on disk. */
  forget(): void;
  closed(uri: string): void;
}

interface Looked {
  /** The text that the lint rules have seen, and what they found in it. */
  readonly text: string;
  readonly rules: readonly Diagnostic[];
  /** What was last given out, for which version of the document. */
  readonly version: number;
  readonly complete: boolean;
  readonly given: PolicyFindings;
}

/** Lints open policies; `renewed` is called when findings are there that were not given out yet. Without `deferred` every answer is complete. */
export function linting(documents: Documents, runtime: Runtime, deferred: boolean, renewed: (uri: string) => void): Linting {
  const looked = new Map<string, Looked>();
  const waiting = new Set<string>();
  let configs = new Map<string, Promise<FolderConfig>>();

  let dictionary: Promise<Spelling | undefined> | undefined;
  /** The dictionary is read when it is first needed; without it, words are not looked at. */
  const spelling = (): Promise<Spelling | undefined> => (dictionary ??= runtime.data("spelling.bin").then((bytes) => bytes && core().spellingFrom(bytes)));

  const configOf = (uri: string): Promise<FolderConfig> => folderConfig(configs, runtime, documents, folderOf(uri));
  const settings = async (uri: string): Promise<LintSettings> => (await configOf(uri)).settings(uri);

  const look = async (uri: string): Promise<PolicyFindings | undefined> => {
    const config = await configOf(uri);
    const of = config.settings(uri);
    const cases = of.active.some(({ rule }) => rule.usesCases === true) ? (await documents.casesBeside(uri)).flatMap(({ file }) => file.cases) : [];
    const words = await spelling();
    // While files were read the text may have changed: what is looked at is the newest.
    const analysis = documents.analysis(uri);
    const version = documents.get(uri)?.document.version;
    if (analysis === undefined || version === undefined) return undefined;
    // Of a file that the configuration leaves out, only what keeps it from being evaluated is said.
    const found = config.ignores(uri) ? analysis.diagnostics.filter((each) => each.severity === "error") : core().lint({ analysis, cases: [...analysis.cases, ...cases], today: runtime.today(), spelling: words }, of);
    const given = { analysis, diagnostics: found };
    looked.set(uri, { text: analysis.text, rules: found.filter((each) => !core().isDiagnosticCode(each.code)), version, complete: true, given });
    return given;
  };

  const lookLater = (uri: string, version: number): void => {
    if (waiting.has(uri)) return;
    waiting.add(uri);
    const wait = (seen: number): void => runtime.later(() => {
      const now = documents.get(uri)?.document.version;
      if (now !== undefined && now !== seen) return wait(now);
      waiting.delete(uri);
      if (now === undefined || (looked.get(uri)?.complete === true && looked.get(uri)?.version === now)) return;
      void look(uri).then(() => renewed(uri), () => undefined);
    }, PAUSE);
    wait(version);
  };

  const unopened = new WeakMap<Analysis, { readonly of: LintSettings; readonly cases: readonly CaseFile[]; readonly found: readonly Diagnostic[] }>();

  return {
    settings,
    async unopened(analysis, cases) {
      const config = await configOf(analysis.uri);
      const of = config.settings(analysis.uri);
      const seen = of.active.some(({ rule }) => rule.usesCases === true) ? cases : [];
      const known = unopened.get(analysis);
      if (known !== undefined && known.of === of && known.cases.length === seen.length && known.cases.every((each, i) => each === seen[i])) return known.found;
      const found = config.ignores(analysis.uri) ? []
        : core().lint({ analysis, cases: [...analysis.cases, ...seen.flatMap((each) => each.cases)], today: runtime.today(), spelling: await spelling() }, of);
      unopened.set(analysis, { of, cases: seen, found });
      return found;
    },
    async findings(uri) {
      const known = documents.get(uri);
      if (known?.kind !== "policy") return undefined;
      const before = looked.get(uri);
      const { version } = known.document;
      if (before?.version === version) return before.given;
      if (before === undefined || !deferred) return look(uri);
      const config = await configOf(uri);
      if (config.ignores(uri)) return look(uri);
      const analysis = documents.analysis(uri);
      const newest = documents.get(uri)?.document.version;
      if (analysis === undefined || newest === undefined) return undefined;
      const language = core().lint({ analysis, cases: [], today: runtime.today() }, { ...config.settings(uri), active: [] });
      const given = { analysis, diagnostics: core().shown([...language, ...moved(before.rules, before.text, analysis.text)]) };
      looked.set(uri, { ...before, version: newest, complete: false, given });
      lookLater(uri, newest);
      return given;
    },
    forget() {
      configs = new Map();
      const uris = [...looked.keys()];
      looked.clear();
      for (const uri of uris) renewed(uri);
    },
    closed: (uri) => void looked.delete(uri),
  };
}

/** Findings at their places in a later text: those in the stretch that changed are left out, those behind it are moved. */
export function moved(found: readonly Diagnostic[], before: string, after: string): readonly Diagnostic[] {
  if (found.length === 0 || before === after) return found;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  const end = before.length - tail;
  const by = after.length - before.length;
  const shift = <R extends { readonly start: number; readonly end: number }>(range: R): R | undefined =>
    range.end <= start ? range : range.start >= end ? { ...range, start: range.start + by, end: range.end + by } : undefined;
  return found.flatMap((each) => {
    const place = shift(each);
    if (place === undefined) return [];
    // A fix was made for the text before; it is offered again when the lint rules have looked.
    return [{ ...place, fix: undefined, related: each.related?.flatMap((related) => shift(related) ?? []) }];
  });
}

const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf("/") + 1);

interface FolderConfig {
  settings(uri: string): LintSettings;
  /** The configuration leaves the file out. */
  ignores(uri: string): boolean;
}

/** The configuration of a folder: its own, or that of the nearest folder above that has one. */
function folderConfig(configs: Map<string, Promise<FolderConfig>>, runtime: Runtime, documents: Documents, folder: string): Promise<FolderConfig> {
  const known = configs.get(folder);
  if (known !== undefined) return known;
  const reading = readUpward(runtime, documents, folder);
  configs.set(folder, reading);
  return reading;
}

/** The uri of a folder: with its authority, an empty one too, or without. */
const FOLDER = /^[a-z][a-z\d+.-]*:(?:\/\/[^/]*\/|\/(?!\/))/iu;

async function readUpward(runtime: Runtime, documents: Documents, from: string): Promise<FolderConfig> {
  const { readConfig, settingsFor, ignores, NO_CONFIG, LINT_RULES, CONFIG_NAMES } = core();
  const configured = (config: LintConfig, folder: string): FolderConfig => {
    const of = settingsFor(config, LINT_RULES);
    const ignored = ignores(config);
    const pathOf = (uri: string): string => decoded(uri.slice(folder.length));
    return { settings: (uri) => of(pathOf(uri)), ignores: (uri) => ignored(pathOf(uri)) };
  };
  let folder = from;
  for (let i = 0; i < MOST_FOLDERS && FOLDER.test(folder); i++) {
    for (const name of CONFIG_NAMES) {
      const text = documents.get(folder + name)?.document.getText() ?? (await runtime.readFile(folder + name, LARGEST_CONFIG));
      if (text !== undefined) return configured(readConfig(text, LINT_RULES).config, folder);
    }
    // As on the command line, the root of a repository is where the search ends.
    if (await runtime.exists(`${folder}.git`)) break;
    const above = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
    if (above === folder) break;
    folder = above;
  }
  return configured(NO_CONFIG, from);
}

/** A path as it is read; one that is not encoded well stands for itself. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
