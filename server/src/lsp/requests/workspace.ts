// The workspace as a whole: looking for symbols, findings of files that are not open, files that are renamed, folders that come and go.
import {
  DidChangeWatchedFilesNotification, type RenameFile, type RenameFilesParams, SymbolKind, type WorkspaceDiagnosticReport, type WorkspaceDocumentDiagnosticReport, type WorkspaceEdit,
  type WorkspaceSymbol,
} from "vscode-languageserver";
import type { Diagnostic } from "../../diagnostic.js";
import type { FileEdits } from "../../features/files.js";
import type { Findable } from "../../features/workspacesymbols.js";
import { CASE_FILE } from "../../semantics/casenames.js";
import type { Analysis } from "../../semantics/model.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { SYMBOL_KINDS, toDiagnostic, toRange } from "../convert.js";
import { renamesFiles, toWorkspaceEdit } from "../edits.js";
import { core } from "../lazy.js";
import { beside, keyOf, pathTo, type WorkspaceFile } from "../workspace.js";

const RENAMED = { filters: [{ pattern: { glob: "**/*.{policy,case.yaml,case.yml,case.json}" } }] };
const WATCHED = ["**/*.policy", "**/*.case.{yaml,yml,json}", "**/policy.config.{yaml,yml}"];
/** So many symbols are given; the writer types on where there are more. */
const MOST_SYMBOLS = 200;
/** Milliseconds of work before other requests have their turn, and of their turn: a message takes several rounds of the event loop. */
const TURN = 8;
const REST = 2;
/** So many rests at a time, so that it goes on where something is always asked. */
const LONGEST_REST = 200;
/** Files in one partial answer. */
const BATCH = 50;

export const workspaceRequests: RequestGroup = {
  capabilities: () => ({
    workspaceSymbolProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true }, fileOperations: { willRename: RENAMED, didRename: RENAMED } },
  }),
  register(context) {
    const { connection, requests, client, documents, workspace } = context;
    connection.onWorkspaceSymbol(requests("workspace symbols", null, ({ query }, token) => symbols(context, query, () => token.isCancellationRequested)));

    const reported = new Reported(context);
    connection.languages.diagnostics.onWorkspace(async (params, token, _progress, partial) => {
      const give = partial === undefined ? undefined : (items: WorkspaceDocumentDiagnosticReport[]): void => partial.report({ items });
      try {
        return await reported.report(new Map(params.previousResultIds.map(({ uri, value }) => [uri, value])), () => token.isCancellationRequested, give);
      } catch (error) {
        connection.console.error(`workspace diagnostics: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
        return { items: [] };
      }
    });

    connection.workspace.onWillRenameFiles(requests("will rename", null, (params: RenameFilesParams) => renamedFiles(context, params)));
    connection.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        for (const uri of [oldUri, newUri]) {
          documents.changed(uri);
          workspace.changed(uri);
        }
      }
    });
    context.whenInitialized(() => {
      if (client.capabilities.workspace?.workspaceFolders === true) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => workspace.foldersChanged(added.map(({ uri }) => uri), removed.map(({ uri }) => uri)));
      }
      // The extension watches by itself.
      if (client.watching && !client.commands) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: WATCHED.map((globPattern) => ({ globPattern })) });
    });
  },
};

// ── Symbols ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const found = new WeakMap<Analysis, readonly Findable[]>();

async function symbols(context: ServerContext, query: string, cancelled: () => boolean): Promise<WorkspaceSymbol[]> {
  const { workspace } = context;
  const fitting: { readonly file: WorkspaceFile; readonly each: Findable; readonly score: number }[] = [];
  const pause = turns(context, Number.MAX_SAFE_INTEGER);
  for (const file of await workspace.load(cancelled)) {
    if (cancelled()) return [];
    await pause();
    const now = workspace.file(file.uri);
    if (now === undefined) continue;
    for (const each of findablesOf(context, now)) {
      const score = core().fit(query, each.name);
      if (score > 0) fitting.push({ file: now, each, score });
    }
  }
  return fitting.sort((a, b) => b.score - a.score).slice(0, MOST_SYMBOLS).map(({ file, each }) => ({
    name: each.name, kind: SYMBOL_KINDS[each.kind] ?? SymbolKind.Object, containerName: each.container, location: { uri: file.uri, range: toRange(core().lineIndex(file.text), each) },
  }));
}

function findablesOf({ workspace }: ServerContext, file: WorkspaceFile): readonly Findable[] {
  if (file.kind === "policy") {
    const analysis = workspace.analysis(file);
    const known = found.get(analysis) ?? core().findables(analysis);
    found.set(analysis, known);
    return known;
  }
  const policy = workspace.policyOf(file);
  return core().findableCases(workspace.readCases(file, policy && workspace.analysis(policy)).cases, decodeURIComponent(file.uri.slice(file.uri.lastIndexOf("/") + 1)));
}

/** Long work lets other requests have their turn now and then, and waits for those that are underway where there are more than `own`. */
function turns({ runtime, underway }: ServerContext, own: number): () => Promise<void> {
  let since = performance.now();
  const rest = (): Promise<void> => new Promise((resolve) => runtime.later(resolve, REST));
  return async () => {
    if (performance.now() - since < TURN) return;
    await rest();
    for (let i = 0; underway() > own && i < LONGEST_REST; i++) await rest();
    since = performance.now();
  };
}

// ── Findings of files that are not open ───────────────────────────────────────────────────────────────────────────────
/** What was reported of the workspace, so that the same is not said twice. */
class Reported {
  /** An id for each set of findings: the same array is the same findings. */
  readonly #ids = new WeakMap<object, string>();
  #last = 0;
  /** The last whole report. */
  #whole: { readonly generation: number; readonly ids: ReadonlyMap<string, string> } | undefined;

  constructor(private readonly context: ServerContext) {}

  /** The findings of every file that is not open; those of open ones are asked for one by one. */
  async report(previous: ReadonlyMap<string, string>, cancelled: () => boolean, give: ((items: WorkspaceDocumentDiagnosticReport[]) => void) | undefined): Promise<WorkspaceDiagnosticReport> {
    const { workspace, links } = this.context;
    const files = await workspace.load(cancelled);
    if (cancelled()) return { items: [] };
    const { generation } = workspace;
    let items: WorkspaceDocumentDiagnosticReport[] = [];
    if (this.#whole?.generation === generation && [...previous].every(([uri, id]) => this.#whole!.ids.get(uri) === id) && previous.size === this.#whole.ids.size) {
      return { items: [...previous].map(([uri, resultId]) => ({ kind: "unchanged", uri, version: null, resultId })) };
    }
    const ids = new Map<string, string>();
    const before = new Map([...previous].map(([uri, id]) => [keyOf(uri), { uri, id }]));
    const pause = turns(this.context, 0);
    for (const listed of files) {
      await pause();
      if (cancelled()) return { items };
      const file = workspace.file(listed.uri);
      const known = before.get(keyOf(listed.uri));
      before.delete(keyOf(listed.uri));
      if (file === undefined || file.open) continue;
      const diagnostics = await this.#findings(file);
      const uri = known?.uri ?? file.uri;
      const resultId = this.#idOf(diagnostics);
      ids.set(uri, resultId);
      if (known?.id === resultId) items.push({ kind: "unchanged", uri, version: null, resultId });
      else {
        const lines = core().lineIndex(file.text);
        items.push({ kind: "full", uri, version: null, resultId, items: diagnostics.map((each) => toDiagnostic(lines, uri, each, links)) });
      }
      if (give !== undefined && items.length >= BATCH) {
        give(items);
        items = [];
      }
    }
    // What is no longer there has no findings any more.
    for (const { uri } of before.values()) items.push({ kind: "full", uri, version: null, items: [] });
    this.#whole = { generation, ids };
    return { items };
  }

  #idOf(findings: object): string {
    const id = this.#ids.get(findings) ?? `w${++this.#last}`;
    this.#ids.set(findings, id);
    return id;
  }

  async #findings(file: WorkspaceFile): Promise<readonly Diagnostic[]> {
    const { workspace, linting, documents } = this.context;
    if (file.kind === "policy") {
      const analysis = workspace.analysis(file);
      return linting.unopened(analysis, workspace.casesOf(file.uri).map((each) => workspace.readCases(each, analysis)));
    }
    const policy = workspace.policyOf(file);
    if (policy !== undefined) return workspace.readCases(file, workspace.analysis(policy)).diagnostics;
    // Its policy may stand outside of the workspace.
    return (await documents.readCases(file.uri))?.file.diagnostics ?? [];
  }
}

// ── Files that are renamed ────────────────────────────────────────────────────────────────────────────────────────────
/** A policy that gets another name keeps its case files, and a case file its policy. */
async function renamedFiles(context: ServerContext, { files }: RenameFilesParams): Promise<WorkspaceEdit | null> {
  const { workspace, client } = context;
  await workspace.load();
  const edits: FileEdits[] = [];
  const renames: RenameFile[] = [];
  const moved = new Map(files.map(({ oldUri, newUri }) => [keyOf(oldUri), newUri]));
  for (const { oldUri, newUri } of files) {
    if (CASE_FILE.test(oldUri)) {
      const file = workspace.file(oldUri);
      const policy = file && workspace.policyOf(file);
      if (file !== undefined && policy !== undefined && !moved.has(keyOf(policy.uri))) edits.push(...naming(file, newUri, policy.uri));
      continue;
    }
    if (!oldUri.endsWith(".policy") || !newUri.endsWith(".policy")) continue;
    for (const file of workspace.casesOf(oldUri)) {
      // One that names a number is not named after a file.
      const named = core().policyKey(file.text) !== undefined;
      const also = moved.get(keyOf(file.uri));
      const along = named || also !== undefined ? undefined : nameAlong(file.uri, oldUri, newUri);
      if (along !== undefined && renamesFiles(client) && workspace.file(along) === undefined && !renames.some((each) => each.newUri === along)) {
        renames.push({ kind: "rename", oldUri: file.uri, newUri: along, options: { overwrite: false, ignoreIfExists: true } });
      } else edits.push(...naming(file, also ?? file.uri, newUri));
    }
  }
  return edits.length + renames.length === 0 ? null : toWorkspaceEdit(context, edits, renames);
}

/** `imrt.more.case.yaml` beside `imrt.policy`, when that becomes `radiation.policy` in its folder: `radiation.more.case.yaml`. */
function nameAlong(uri: string, oldPolicy: string, newPolicy: string): string | undefined {
  const folder = oldPolicy.slice(0, oldPolicy.lastIndexOf("/") + 1);
  if (!newPolicy.startsWith(folder) || newPolicy.slice(folder.length).includes("/") || !uri.startsWith(folder)) return undefined;
  const before = oldPolicy.slice(folder.length, -".policy".length);
  const name = uri.slice(folder.length);
  return name.startsWith(`${before}.`) ? folder + newPolicy.slice(folder.length, -".policy".length) + name.slice(before.length) : undefined;
}

/** The edit that has a case file name its policy, where its own name does not do so any more. */
function naming(file: WorkspaceFile, uri: string, policy: string): readonly FileEdits[] {
  // The number stays what it is, whatever the files are called.
  if (core().policyNumberFor(file.text) !== undefined) return [];
  const path = pathTo(uri, policy);
  if (path === undefined) return [];
  const key = core().policyKey(file.text);
  if (key !== undefined) {
    const bare = /["']/u.test(file.text[key.start - 1] ?? "") || /^[\p{L}\p{N}_.][\p{L}\p{N}_./ -]*$/u.test(path);
    return key.name === path ? [] : [{ uri: file.uri, edits: [{ start: key.start, end: key.end, text: bare ? path : JSON.stringify(path) }] }];
  }
  const implied = core().policyNamesFor(decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1)), file.text);
  if (implied.some((name) => keyOf(beside(uri, name)) === keyOf(policy))) return [];
  const start = firstKey(file.text);
  if (start === undefined) return [];
  // The key is read where it stands on a line of its own.
  const text = file.text[start - 1] === "{" ? `\n  "policy": ${JSON.stringify(path)},${/^[ \t]*\r?\n/u.test(file.text.slice(start)) ? "" : "\n "}` : `policy: ${JSON.stringify(path)}\n`;
  return [{ uri: file.uri, edits: [{ start, end: start, text }] }];
}

/** Where a key can be put before the others of a file; undefined where the file is a bare list. */
function firstKey(text: string): number | undefined {
  const json = /^\s*\{/u.exec(text);
  if (json !== null) return json[0].length;
  return /^["']?cases["']?[ \t]*:/mu.exec(text)?.index;
}
