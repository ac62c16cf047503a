// Files for the server: those of places that only the editor reaches, and all of them where the server is a web worker.
import * as vscode from "vscode";
import {
  DATA_FILE, type DataFileParams, FILE_EXISTS, type FileParams, FILES_BELOW, type FilesBelowParams, FILES_IN, READ_FILE, type ReadFileParams,
} from "../../server/src/lsp/protocol.js";
import type { LanguageClient } from "./server.js";

const ENDINGS = [".policy", ".case.yaml", ".case.yml", ".case.json"];
const MOST_FILES = 10_000;
/** Folders of a workspace that are looked into. */
const MOST_FOLDERS = 20_000;
/** Folders that are read at once; each may be a question over the network. */
const AT_ONCE = 16;

/** Answers the server's requests for files. Put in place before the server starts, which asks at once. */
export function registerFiles(context: vscode.ExtensionContext, client: LanguageClient): vscode.Disposable {
  const { fs } = vscode.workspace;
  return vscode.Disposable.from(
    client.onRequest(READ_FILE, async ({ uri, limit }: ReadFileParams) => orElse(null, async () => {
      const file = place(uri);
      if (file === undefined || (await fs.stat(file)).size > limit) return null;
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await fs.readFile(file));
    })),
    client.onRequest(FILES_IN, async ({ uri }: FileParams) => orElse([], async () => {
      const folder = place(uri);
      return folder === undefined ? [] : (await fs.readDirectory(folder)).map(([name]) => name).sort();
    })),
    client.onRequest(FILES_BELOW, ({ uri, endings, limit }: FilesBelowParams) => filesBelow(uri, endings, limit)),
    client.onRequest(FILE_EXISTS, async ({ uri }: FileParams) => orElse<unknown>(false, async () => {
      const file = place(uri);
      return file !== undefined && (await fs.stat(file)) !== undefined;
    })),
    client.onRequest(DATA_FILE, async ({ name }: DataFileParams) => orElse(null, async () => (/^[\w-]+\.bin$/u.test(name) ? fs.readFile(vscode.Uri.joinPath(context.extensionUri, "server", "data", name)) : null))),
  );
}

/** A uri of a place where policies and their files can stand; the other side of a comparison, say, is none. */
function place(text: string): vscode.Uri | undefined {
  const uri = vscode.Uri.parse(text);
  const here = vscode.workspace.workspaceFolders?.some((folder) => folder.uri.scheme === uri.scheme) === true;
  return here || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true ? uri : undefined;
}

/** The policies and case files of the workspace. */
export async function workspaceFiles(): Promise<readonly vscode.Uri[]> {
  const found = await Promise.all((vscode.workspace.workspaceFolders ?? []).map(async ({ uri }) => {
    // The editor's search knows nothing of most other places, and waits for ever for somebody who does.
    if (uri.scheme !== "file") return (await filesBelow(uri.toString(), ENDINGS, MOST_FILES)).map((each) => vscode.Uri.parse(each));
    return (await Promise.all(ENDINGS.map((ending) => vscode.workspace.findFiles(new vscode.RelativePattern(uri, `**/*${ending}`), "**/node_modules/**")))).flat();
  }));
  return found.flat();
}

async function filesBelow(uri: string, endings: readonly string[], limit: number): Promise<readonly string[]> {
  const top = place(uri);
  const found: string[] = [];
  const folders = top === undefined ? [] : [top];
  for (let next = 0; next < folders.length && next < MOST_FOLDERS && found.length < limit;) {
    const some = folders.slice(next, next + AT_ONCE);
    next += some.length;
    const read = await Promise.all(some.map((folder) => orElse([], async () => vscode.workspace.fs.readDirectory(folder))));
    for (const [n, entries] of read.entries()) {
      for (const [name, type] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const there = vscode.Uri.joinPath(some[n]!, name);
        // Links are not followed: they could lead in a circle.
        if (type === vscode.FileType.Directory) {
          if (!name.startsWith(".") && name !== "node_modules") folders.push(there);
        } else if (type === vscode.FileType.File && found.length < limit && endings.some((ending) => name.endsWith(ending))) found.push(there.toString());
      }
    }
  }
  return found;
}

/** What cannot be read is as if it were not there. */
async function orElse<T>(otherwise: T, read: () => Promise<T> | Thenable<T>): Promise<T> {
  try {
    return await read();
  } catch {
    return otherwise;
  }
}
