// The server's web worker without a browser: its bundle in a context that has what a worker has, and nothing of Node; no code from text either.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import {
  AbstractMessageReader, AbstractMessageWriter, createProtocolConnection, type DataCallback, type InitializeResult, type Message, type ProtocolConnection,
} from "vscode-languageserver-protocol/node";
import { ROOT } from "./client.js";

export const WORKER = join(ROOT, "server/dist/worker.js");

/** What the editor's side of the files gives; a path is the uri. */
export interface WorkerFiles {
  readonly texts: ReadonlyMap<string, string>;
}

export interface TestWorker {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly log: readonly string[];
  /** Every file request that the server made. */
  readonly asked: readonly string[];
  /** It has ended itself. */
  readonly closed: () => boolean;
  open(uri: string, text: string, languageId?: string): void;
}

type Listener = (event: { readonly data: unknown }) => void;

/** Starts the worker and says hello. Files are those given; data files come from the project. */
export async function startWorker(files: WorkerFiles, folder: string): Promise<TestWorker> {
  const listeners: Listener[] = [];
  const answers = new Set<Listener>();
  let closed = false;
  // Messages are copied on their way, as they are between a page and its worker.
  const globals: Record<string, unknown> = {
    addEventListener: (type: string, listener: Listener) => { if (type === "message") listeners.push(listener); },
    postMessage: (data: unknown) => { const copy = structuredClone(data); setTimeout(() => answers.forEach((answer) => answer({ data: copy }))); },
    close: () => { closed = true; },
    setTimeout, clearTimeout, queueMicrotask, performance, TextDecoder, TextEncoder, URL, atob, btoa, structuredClone,
    console: { log() {}, info() {}, warn() {}, error() {}, debug() {} },
  };
  globals["self"] = globals;
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
  new Script(readFileSync(WORKER, "utf8"), { filename: WORKER }).runInContext(context);

  const asked: string[] = [];
  const log: string[] = [];
  const connection = createProtocolConnection(new Reader(answers), new Writer((message) => {
    const copy = structuredClone(message);
    setTimeout(() => {
      for (const listener of listeners) listener({ data: copy });
      (globals["onmessage"] as Listener | undefined)?.({ data: copy });
    });
  }));
  const answer = <P extends { readonly uri: string }>(method: string, give: (params: P) => unknown): void => {
    connection.onRequest(method, (params: P) => {
      asked.push(`${method} ${params.uri}`);
      return give(params);
    });
  };
  const below = (folderUri: string): readonly string[] => [...files.texts.keys()].filter((uri) => uri.startsWith(folderUri.endsWith("/") ? folderUri : `${folderUri}/`));
  answer("policy/readFile", ({ uri }) => files.texts.get(uri) ?? null);
  answer("policy/filesIn", ({ uri }) => below(uri).map((each) => each.slice(uri.length)).filter((name) => !name.includes("/")));
  answer("policy/filesBelow", ({ uri, endings, limit }: { uri: string; endings: readonly string[]; limit: number }) => below(uri).filter((each) => endings.some((ending) => each.endsWith(ending))).slice(0, limit));
  answer("policy/fileExists", ({ uri }) => files.texts.has(uri));
  connection.onRequest("policy/dataFile", ({ name }: { name: string }) => {
    asked.push(`policy/dataFile ${name}`);
    return new Uint8Array(readFileSync(join(ROOT, "server/data", name)));
  });
  connection.onRequest("workspace/configuration", ({ items }: { items: readonly unknown[] }) => items.map(() => null));
  for (const method of ["client/registerCapability", "workspace/diagnostic/refresh", "workspace/codeLens/refresh", "workspace/inlayHint/refresh"]) connection.onRequest(method, () => null);
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => void log.push(message));
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: null, rootUri: folder, workspaceFolders: [{ uri: folder, name: "virtual" }], initializationOptions: { commands: true },
    capabilities: { workspace: { configuration: true, diagnostics: { refreshSupport: true } }, textDocument: { diagnostic: {}, completion: { completionItem: { snippetSupport: true } } } },
  });
  void connection.sendNotification("initialized", {});
  return {
    connection, initialized, log, asked, closed: () => closed,
    open: (uri, text, languageId = "policy") => void connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } }),
  };
}

class Reader extends AbstractMessageReader {
  constructor(private readonly answers: Set<Listener>) {
    super();
  }

  listen(callback: DataCallback): { dispose(): void } {
    const listener: Listener = ({ data }) => callback(data as Message);
    this.answers.add(listener);
    return { dispose: () => void this.answers.delete(listener) };
  }
}

class Writer extends AbstractMessageWriter {
  constructor(private readonly send: (message: Message) => void) {
    super();
  }

  write(message: Message): Promise<void> {
    this.send(message);
    return Promise.resolve();
  }

  end(): void {}
}
