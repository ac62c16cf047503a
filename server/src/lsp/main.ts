// The server on Node: over IPC from VS Code, over stdio (`--stdio`) from any other editor.
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createConnection } from "vscode-languageserver/node";
import type { Runtime } from "./runtime.js";
import { startServer } from "./server.js";

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
