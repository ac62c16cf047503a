// The server on Node: over IPC from VS Code, over stdio (`--stdio`) from any other editor.
import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createConnection } from "vscode-languageserver/node";
import { clientFiles, pathIn } from "./clientfiles.js";
import type { Runtime } from "./runtime.js";
import { startServer } from "./server.js";

/** Folders of a workspace that are looked into. */
const MOST_FOLDERS = 20_000;

const connection = createConnection();
/** Files that are not on this machine, of a repository on the web say, are the editor's to read. */
const elsewhere = clientFiles(connection);

const runtime: Runtime = {
  async readFile(uri, limit) {
    if (!uri.startsWith("file:")) return elsewhere.readFile(uri, limit);
    try {
      const path = fileURLToPath(uri);
      const { size } = await stat(path);
      return size > limit ? undefined : await readFile(path, "utf8");
    } catch {
      return undefined; // There is no such file; who asked says what that means.
    }
  },
  async filesIn(folder) {
    if (!folder.startsWith("file:")) return elsewhere.filesIn(folder);
    try {
      return (await readdir(fileURLToPath(folder))).sort();
    } catch {
      return [];
    }
  },
  async filesBelow(folder, endings, limit) {
    if (!folder.startsWith("file:")) return elsewhere.filesBelow(folder, endings, limit);
    const found: string[] = [];
    const folders = [folder.endsWith("/") ? folder : `${folder}/`];
    for (let i = 0; i < folders.length && i < MOST_FOLDERS && found.length < limit; i++) {
      try {
        const entries = await readdir(fileURLToPath(folders[i]!), { withFileTypes: true });
        for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
          const uri = folders[i]! + encodeURIComponent(entry.name);
          if (entry.isDirectory()) {
            if (!entry.name.startsWith(".") && entry.name !== "node_modules") folders.push(`${uri}/`);
          } else if (entry.isFile() && found.length < limit && endings.some((ending) => entry.name.endsWith(ending))) found.push(uri);
        }
      } catch {
        // A folder that cannot be read holds nothing that could be.
      }
    }
    return found;
  },
  async exists(uri) {
    if (!uri.startsWith("file:")) return elsewhere.exists(uri);
    try {
      await stat(fileURLToPath(uri));
      return true;
    } catch {
      return false;
    }
  },
  async data(name) {
    try {
      return await readFile(join(__dirname, "..", "data", name));
    } catch {
      return undefined;
    }
  },
  pathToUri(path, folder) {
    if (folder !== undefined && !folder.startsWith("file:") && !isAbsolute(path) && !path.startsWith("~")) return pathIn(folder, path);
    const base = folder?.startsWith("file:") === true ? fileURLToPath(folder) : process.cwd();
    const expanded = path.replace(/^\$\{workspaceFolder\}[\\/]?/u, "").replace(/^~(?=[\\/])/u, process.env["HOME"] ?? "~");
    return pathToFileURL(isAbsolute(expanded) ? expanded : join(base, expanded)).toString();
  },
  today() {
    const now = new Date();
    return Math.round(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86_400_000);
  },
  later: (work, milliseconds = 0) => void (milliseconds === 0 ? setImmediate(work) : setTimeout(work, milliseconds)),
};

startServer(connection, runtime);
