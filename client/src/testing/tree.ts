// The tree of the Test Explorer: which policies, case files and cases there are, kept fresh while they are written, moved and deleted.
import * as vscode from "vscode";
import { workspaceFiles } from "../files.js";
import type { LanguageClient } from "../server.js";
import { TEST_FILES, type TestFile, type TestFilesParams, type TestList, type TestProblem, TESTS, type TestsParams } from "../../../server/src/lsp/protocol.js";

const POLICIES = "**/*.policy";
const CASE_FILES = "**/*.case.{yaml,yml,json}";
const CASE_FILE = /\.case\.(?:ya?ml|json)$/u;
/** So many files are asked about at once. */
const BATCH = 200;
/** Typing is waited for this long. */
const PAUSE_MS = 300;

/** What an item of the tree stands for. */
export type Entry =
  | { readonly kind: "policy" | "cases"; readonly uri: vscode.Uri }
  | { readonly kind: "case"; readonly uri: vscode.Uri; readonly id: string };

export interface TestTree extends vscode.Disposable {
  /** What an item stands for. */
  entry(item: vscode.TestItem): Entry | undefined;
  /** Finds everything there is, once; then it is kept fresh. */
  discover(): Promise<void>;
  /** Looks for everything anew. */
  refresh(): Promise<void>;
  /** The item of a policy or a case file, with the cases in it; undefined where it holds none. */
  resolved(uri: vscode.Uri): Promise<vscode.TestItem | undefined>;
  /** The item of the policy that an item stands under; for a case file without a policy the file itself. */
  rootOf(item: vscode.TestItem): vscode.TestItem;
  /** The cases below an item, looked up where they are not known yet. */
  casesBelow(item: vscode.TestItem): Promise<readonly vscode.TestItem[]>;
  /** A text was edited, and its items are fresh. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

export const isCaseFile = (uri: vscode.Uri): boolean => CASE_FILE.test(uri.path);
export const isPolicyText = (document: vscode.TextDocument): boolean => document.languageId === "policy" || isCaseFile(document.uri);
const same = (uri: string): string => vscode.Uri.parse(uri).toString();
const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf("/") + 1);

/** Makes the tree; it is empty until it is asked for, or a policy is opened. */
export function testTree(controller: vscode.TestController, client: LanguageClient): TestTree {
  const entries = new WeakMap<vscode.TestItem, Entry>();
  const texts = new Map<string, vscode.TestItem>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  let discovered: Promise<void> | undefined;
  let rediscovery: ReturnType<typeof setTimeout> | undefined;

  const rootOf = (item: vscode.TestItem): vscode.TestItem => (item.parent === undefined ? item : rootOf(item.parent));

  /** The item of a text, in its place; made anew where it stands elsewhere. */
  const place = (uri: vscode.Uri, file: TestFile): vscode.TestItem => {
    const key = uri.toString();
    const policy = file.policyUri === undefined ? undefined : texts.get(same(file.policyUri));
    const there = texts.get(key);
    const collection = policy?.children ?? controller.items;
    if (there !== undefined && collection.get(key) === there) {
      name(there, uri, file.title);
      return there;
    }
    if (there !== undefined) remove(uri);
    const item = controller.createTestItem(key, nameOf(uri), uri);
    item.canResolveChildren = true;
    // Case files stand before the cases of the policy itself.
    item.sortText = `0${nameOf(uri)}`;
    entries.set(item, { kind: file.kind, uri });
    texts.set(key, item);
    name(item, uri, file.title);
    collection.add(item);
    return item;
  };

  const name = (item: vscode.TestItem, uri: vscode.Uri, title: string | undefined): void => {
    item.label = title ?? nameOf(uri);
    if (title !== undefined) item.description = nameOf(uri);
  };

  const remove = (uri: vscode.Uri): void => {
    const key = uri.toString();
    const item = texts.get(key);
    if (item === undefined) return;
    texts.delete(key);
    // Case files go with their policy; they are found again where they have one.
    item.children.forEach((child) => texts.delete(child.id));
    (item.parent?.children ?? controller.items).delete(item.id);
  };

  const look = async (uris: readonly vscode.Uri[]): Promise<void> => {
    for (let i = 0; i < uris.length; i += BATCH) {
      const batch = uris.slice(i, i + BATCH);
      const files = await client.sendRequest<readonly TestFile[]>(TEST_FILES, { uris: batch.map(String) } satisfies TestFilesParams);
      const found = new Map(files.map((file) => [file.uri, file]));
      for (const kind of ["policy", "cases"] as const) {
        for (const uri of batch) {
          const file = found.get(uri.toString());
          if (file === undefined) remove(uri);
          else if (file.kind === kind) {
            // The policy of a case file has cases, in that file.
            if (file.policyUri !== undefined && !texts.has(same(file.policyUri))) await lookAtPolicy(vscode.Uri.parse(file.policyUri));
            if (file.hasCases) place(uri, file);
            else if ((texts.get(uri.toString())?.children.size ?? 0) === 0) remove(uri);
            else place(uri, file);
          }
        }
      }
    }
  };

  const lookAtPolicy = async (uri: vscode.Uri): Promise<void> => {
    const [file] = await client.sendRequest<readonly TestFile[]>(TEST_FILES, { uris: [uri.toString()] } satisfies TestFilesParams);
    if (file !== undefined) place(uri, file);
  };

  const findAll = async (): Promise<void> => {
    const files = await workspaceFiles();
    const open = vscode.workspace.textDocuments.filter(isShown).map((document) => document.uri);
    const all = new Map([...files, ...open].map((uri) => [uri.toString(), uri]));
    for (const key of [...texts.keys()]) if (!all.has(key)) remove(vscode.Uri.parse(key));
    const uris = [...all.values()];
    await look([...uris.filter((uri) => !isCaseFile(uri)), ...uris.filter(isCaseFile)]);
    // What had been looked into before is looked into again.
    for (const [key, item] of [...texts]) if (hasCases(item) || isOpen(key)) await fill(item);
  };

  const hasCases = (item: vscode.TestItem): boolean => [...item.children].some(([, child]) => entries.get(child)?.kind === "case");

  const fill = async (item: vscode.TestItem): Promise<void> => {
    const entry = entries.get(item);
    if (entry === undefined || entry.kind === "case") return;
    const list = await client.sendRequest<TestList | null>(TESTS, { uri: entry.uri.toString() } satisfies TestsParams);
    if (texts.get(entry.uri.toString()) !== item) return;
    if (list === null) return remove(entry.uri);
    name(item, entry.uri, list.title);
    item.error = list.problem === undefined ? undefined : problemText(list.problem, entry.uri);
    const files = [...item.children].map(([, child]) => child).filter((child) => entries.get(child)?.kind === "cases");
    const cases = list.cases.map((each, i) => {
      const key = `${entry.uri.toString()}#${each.id}`;
      const child = item.children.get(key) ?? controller.createTestItem(key, each.name, entry.uri);
      entries.set(child, { kind: "case", uri: entry.uri, id: each.id });
      child.description = each.on;
      child.sortText = `1${String(i).padStart(6, "0")}`;
      child.range = new vscode.Range(each.span.start.line, each.span.start.character, each.span.end.line, each.span.end.character);
      return child;
    });
    item.children.replace([...files, ...cases]);
    if (item.children.size === 0) remove(entry.uri);
  };

  const update = async (uri: vscode.Uri): Promise<void> => {
    await look([uri]);
    const item = texts.get(uri.toString());
    if (item !== undefined) await fill(item);
    changed.fire(uri);
  };

  const soon = (uri: vscode.Uri): void => {
    const key = uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(key, setTimeout(() => {
      waiting.delete(key);
      void update(uri).catch(ignored);
    }, PAUSE_MS));
  };

  const discover = (): Promise<void> => (discovered ??= findAll());
  const again = (): void => {
    clearTimeout(rediscovery);
    // Files come and go in crowds, at a change of branches say.
    rediscovery = setTimeout(() => { if (discovered !== undefined) void findAll().catch(ignored); }, PAUSE_MS);
  };

  controller.resolveHandler = (item) => (item === undefined ? discover() : fill(item));
  const refresh = (): Promise<void> => (discovered = findAll());
  controller.refreshHandler = refresh;

  const watchers = [POLICIES, CASE_FILES].map((glob) => vscode.workspace.createFileSystemWatcher(glob));
  // Of a folder that comes, goes or moves only the folder is reported.
  const folders = vscode.workspace.createFileSystemWatcher("**", false, true, false);
  const listeners = vscode.Disposable.from(
    ...watchers, folders,
    folders.onDidCreate((uri) => { if (!nameOf(uri).includes(".", 1)) again(); }),
    folders.onDidDelete((uri) => { if ([...texts.keys()].some((key) => key.startsWith(`${uri.toString()}/`))) again(); }),
    ...watchers.flatMap((watcher) => [
      watcher.onDidCreate(again),
      watcher.onDidDelete((uri) => { remove(uri); again(); }),
      watcher.onDidChange((uri) => { if (!isOpen(uri.toString()) && texts.has(uri.toString())) soon(uri); }),
    ]),
    vscode.workspace.onDidOpenTextDocument((document) => { if (isShown(document)) soon(document.uri); }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0 && isShown(document)) soon(document.uri); }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (!isPolicyText(document)) return;
      // A text that is no file of the workspace goes when it is closed; any other is again as it was saved.
      if (document.uri.scheme === "untitled" || vscode.workspace.getWorkspaceFolder(document.uri) === undefined) remove(document.uri);
      else if (texts.has(document.uri.toString())) soon(document.uri);
    }),
  );
  for (const document of vscode.workspace.textDocuments) if (isShown(document)) soon(document.uri);

  return {
    entry: (item) => entries.get(item),
    discover,
    refresh,
    async resolved(uri) {
      if (!texts.has(uri.toString())) await look([uri]);
      const item = texts.get(uri.toString());
      if (item !== undefined) await fill(item);
      return texts.get(uri.toString());
    },
    rootOf,
    async casesBelow(item) {
      const entry = entries.get(item);
      if (entry === undefined) return [];
      if (entry.kind === "case") return [item];
      if (!hasCases(item)) await fill(item);
      const found: vscode.TestItem[] = [];
      for (const [, child] of [...item.children]) found.push(...(entries.get(child)?.kind === "case" ? [child] : await this.casesBelow(child)));
      return found;
    },
    onDidChange: changed.event,
    dispose() {
      for (const timer of [...waiting.values(), rediscovery]) clearTimeout(timer);
      listeners.dispose();
      changed.dispose();
    },
  };
}

const isOpen = (key: string): boolean => vscode.workspace.textDocuments.some((document) => document.uri.toString() === key);

/** A text that a person looks at, not one that stands behind a comparison or a repository. */
const isShown = (document: vscode.TextDocument): boolean =>
  isPolicyText(document) && (document.uri.scheme === "untitled" || document.uri.scheme === "file" || vscode.workspace.getWorkspaceFolder(document.uri) !== undefined);

function problemText({ message, uri, span }: TestProblem, own: vscode.Uri): string {
  const place = vscode.Uri.parse(uri);
  const line = span.start.line + 1;
  const where = place.toString() === own.toString() ? `Line ${line}` : `${nameOf(place)}, line ${line}`;
  return `${where}: ${message}`;
}

/** The server is gone or starts anew: the next event asks again. */
function ignored(): undefined {
  return undefined;
}
