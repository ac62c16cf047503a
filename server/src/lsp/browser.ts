// The server in a web worker, for editors that run in a browser: the same server, with files and data from the editor.
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { clientFiles, pathIn } from "./clientfiles.js";
import { DATA_FILE, type DataFileParams } from "./protocol.js";
import type { Runtime } from "./runtime.js";
import { startServer } from "./server.js";

// The types of a browser have no worker's global object beside those of the window.
declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));

const runtime: Runtime = {
  ...clientFiles(connection),
  async data(name) {
    try {
      return (await connection.sendRequest<Uint8Array | null>(DATA_FILE, { name } satisfies DataFileParams)) ?? undefined;
    } catch {
      return undefined; // Without its data a feature is silent.
    }
  },
  pathToUri: (path, folder) => pathIn(folder, path),
  today() {
    const now = new Date();
    return Math.round(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86_400_000);
  },
  later: (work, milliseconds = 0) => void setTimeout(work, milliseconds),
};

connection.onExit(() => self.close());
startServer(connection, runtime);
