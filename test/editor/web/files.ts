// A file system in memory, filled with the samples: what a repository on the web is to the editor. It finds nothing by search.
import * as vscode from "vscode";

type Node = { readonly type: vscode.FileType; readonly ctime: number; mtime: number; readonly children: Map<string, Node>; content: Uint8Array };

const node = (type: vscode.FileType, content = new Uint8Array() as Uint8Array): Node => ({ type, ctime: Date.now(), mtime: Date.now(), children: new Map(), content });
const parts = (uri: vscode.Uri): string[] => uri.path.split("/").filter((part) => part !== "");

/** Called by the editor when it first needs a file of the scheme. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const root = node(vscode.FileType.Directory);
  const samples = (await (await fetch(vscode.Uri.joinPath(context.extensionUri, "..", "workspace.json").toString(true))).json()) as Record<string, string>;
  for (const [path, content] of Object.entries(samples)) write(root, ["policies", ...path.split("/")], Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("policy-files", provider(root), { isCaseSensitive: true }));
}

function write(root: Node, path: readonly string[], content: Uint8Array): boolean {
  let folder = root;
  for (const name of path.slice(0, -1)) {
    const there = folder.children.get(name) ?? node(vscode.FileType.Directory);
    folder.children.set(name, there);
    folder = there;
  }
  const name = path.at(-1)!;
  const there = folder.children.get(name);
  if (there === undefined) folder.children.set(name, node(vscode.FileType.File, content));
  else Object.assign(there, { content, mtime: Date.now() });
  return there === undefined;
}

function provider(root: Node): vscode.FileSystemProvider {
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const find = (uri: vscode.Uri): Node => {
    let found: Node | undefined = root;
    for (const name of parts(uri)) found = found?.children.get(name);
    if (found === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  };
  const drop = (uri: vscode.Uri): void => {
    find(vscode.Uri.joinPath(uri, "..")).children.delete(parts(uri).at(-1)!);
  };
  return {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat(uri) {
      const { type, ctime, mtime, content } = find(uri);
      return { type, ctime, mtime, size: content.length };
    },
    readDirectory: (uri) => [...find(uri).children].map(([name, { type }]) => [name, type]),
    createDirectory(uri) {
      find(vscode.Uri.joinPath(uri, "..")).children.set(parts(uri).at(-1)!, node(vscode.FileType.Directory));
    },
    readFile: (uri) => find(uri).content,
    writeFile(uri, content) {
      const made = write(root, parts(uri), content);
      changes.fire([{ type: made ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed, uri }]);
    },
    delete(uri) {
      drop(uri);
      changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    },
    rename(from, to) {
      const moved = find(from);
      drop(from);
      find(vscode.Uri.joinPath(to, "..")).children.set(parts(to).at(-1)!, moved);
      changes.fire([{ type: vscode.FileChangeType.Deleted, uri: from }, { type: vscode.FileChangeType.Created, uri: to }]);
    },
  };
}
