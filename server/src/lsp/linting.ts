// The linter in the server: the configuration of each document, and findings that never hold up typing.
import type { Diagnostic } from "../diagnostic.js";
import type { LintConfig, LintSettings } from "../lint/config.js";
import type { Spelling } from "../lint/spelling.js";
import type { CaseFile } from "../semantics/casefile.js";
import type { Analysis } from "../semantics/model.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";
import { findingsKey, headerKey, versionFindings } from "./versions.js";
import type { Workspace } from "./workspace.js";

/** Milliseconds without an edit before the lint rules look at an edited policy again. */
const PAUSE = 150;
/** Milliseconds after which the headers of other files are looked at. */
const LOOK_ROUND = 50;
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
  /** A policy has come, gone or changed on disk: it may be another version of one that is open. */
  versionsChanged(): void;
  /** A policy was edited: its header may say something new of other files, also where nobody asks for its own findings. */
  edited(uri: string): void;
  closed(uri: string): void;
}

interface Looked {
  /** The text that the lint rules have seen, and what they and the check of the mappings found in it. */
  readonly text: string;
  readonly rules: readonly Diagnostic[];
  /** What was last given out, for which version of the document. */
  readonly version: number;
  readonly complete: boolean;
  readonly given: PolicyFindings;
  /** What its header says, and what was found about it beside other versions. */
  readonly header: string;
  readonly versions: string;
}

/** Lints open policies; `renewed` is called when findings are there that were not given out yet. Without `deferred` every answer is complete. */
export function linting(documents: Documents, runtime: Runtime, deferred: boolean, renewed: (uri: string) => void, workspaceNow: () => Workspace | undefined = () => undefined): Linting {
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
    if (!deferred) await workspaceNow()?.load();
    const left = await ignoredOf(documents.analysis(uri)?.header.number);
    // While files were read the text may have changed: what is looked at is the newest.
    const analysis = documents.analysis(uri);
    const version = documents.get(uri)?.document.version;
    if (analysis === undefined || version === undefined) return undefined;
    const workspace = workspaceNow();
    const versions = workspace && versionFindings(workspace, analysis, left);
    // Of a file that the configuration leaves out, only what keeps it from being evaluated is said.
    const found = config.ignores(uri) ? analysis.diagnostics.filter((each) => each.severity === "error") : core().lint({ analysis, cases: [...analysis.cases, ...cases], beside: core().mappingDiagnostics(analysis), today: runtime.today(), spelling: words, versions }, of);
    const given = { analysis, diagnostics: found };
    const before = looked.get(uri)?.header;
    const header = headerKey(analysis);
    const kept = (each: Diagnostic): boolean => !core().isDiagnosticCode(each.code) || core().MAPPING_CODES.includes(each.code) || core().VERSION_CODES.includes(each.code);
    looked.set(uri, { text: analysis.text, rules: found.filter(kept), version, complete: true, given, header, versions: findingsKey(versions) });
    // Nobody waits for the other files; and where the header has changed, they have something to say too.
    if (deferred && header !== before) recheck();
    return given;
  };

  /** Which files of a number the configuration leaves out. */
  const ignoredOf = async (number: string | undefined): Promise<(uri: string) => boolean> => {
    const left = new Set<string>();
    for (const { uri } of number === undefined ? [] : (workspaceNow()?.numbered(number) ?? [])) if ((await configOf(uri)).ignores(uri)) left.add(uri);
    return (uri) => left.has(uri);
  };

  let rechecking = false;
  /** Looks at the headers of the workspace, and again at the open policies about which something else is found then. */
  const recheck = (): void => {
    if (rechecking || workspaceNow() === undefined) return;
    rechecking = true;
    const work = async (): Promise<void> => {
      rechecking = false;
      await workspaceNow()!.load();
      for (const uri of [...looked.keys()]) {
        const left = await ignoredOf(documents.analysis(uri)?.header.number);
        const [analysis, known, workspace] = [documents.analysis(uri), looked.get(uri), workspaceNow()];
        if (analysis === undefined || known === undefined || workspace === undefined || !known.complete) continue;
        if (findingsKey(versionFindings(workspace, analysis, left)) === known.versions) continue;
        await look(uri);
        renewed(uri);
      }
    };
    runtime.later(() => void work().catch(() => undefined), LOOK_ROUND);
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

  const unopened = new WeakMap<Analysis, { readonly of: LintSettings; readonly cases: readonly CaseFile[]; readonly versions: string; readonly found: readonly Diagnostic[] }>();

  return {
    settings,
    async unopened(analysis, cases) {
      const config = await configOf(analysis.uri);
      const of = config.settings(analysis.uri);
      const seen = of.active.some(({ rule }) => rule.usesCases === true) ? cases : [];
      const left = await ignoredOf(analysis.header.number);
      const workspace = workspaceNow();
      const beside = workspace && versionFindings(workspace, analysis, left);
      const versions = findingsKey(beside);
      const known = unopened.get(analysis);
      if (known !== undefined && known.of === of && known.versions === versions && known.cases.length === seen.length && known.cases.every((each, i) => each === seen[i])) return known.found;
      const found = config.ignores(analysis.uri) ? []
        : core().lint({ analysis, cases: [...analysis.cases, ...seen.flatMap((each) => each.cases)], beside: core().mappingDiagnostics(analysis), today: runtime.today(), spelling: await spelling(), versions: beside }, of);
      unopened.set(analysis, { of, cases: seen, versions, found });
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
    versionsChanged: recheck,
    edited(uri) {
      const version = documents.get(uri)?.document.version;
      if (deferred && version !== undefined && looked.has(uri)) lookLater(uri, version);
    },
    closed(uri) {
      looked.delete(uri);
      // What it said unsaved counts no longer.
      if (deferred) recheck();
    },
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
    return [{ ...place, fix: undefined, related: each.related?.flatMap((related) => (related.file === undefined ? (shift(related) ?? []) : related)) }];
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
