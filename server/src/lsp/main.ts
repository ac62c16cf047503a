// The server on Node: over IPC from VS Code, over stdio (`--stdio`) from any other editor.
import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createConnection } from "vscode-languageserver/node";
import type { Runtime } from "./runtime.js";
import { startServer } from "./server.js";

/** Folders of a workspace that are looked into. */
const MOST_FOLDERS = 20_000;

const runtime: Runtime = {
  async readFile(uri, limit) {
    if (!uri.startsWith("file:")) return undefined;
    try {
      const path = fileURLToPath(uri);
      const { size } = await stat(path);
      return size > limit ? undefined : await readFile(path, "utf8");
    } catch {
      return undefined; // There is no such file; who asked says what that means.
    }
  },
  async filesIn(folder) {
    if (!folder.startsWith("file:")) return [];
    try {
      return (await readdir(fileURLToPath(folder))).sort();
    } catch {
      return [];
    }
  },
  async filesBelow(folder, endings, limit) {
    const found: string[] = [];
    const folders = folder.startsWith("file:") ? [folder.endsWith("/") ? folder : `${folder}/`] : [];
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
    if (!uri.startsWith("file:")) return false;
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

startServer(createConnection(), runtime);
