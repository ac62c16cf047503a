// A language client over stdio for tests: starts the bundled server and speaks the protocol as an editor does.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createProtocolConnection, type InitializeResult, type ProtocolConnection, StreamMessageReader, StreamMessageWriter, type Diagnostic, type PublishDiagnosticsParams } from "vscode-languageserver-protocol/node";

/** The project's folder; tests are run from it. */
export const ROOT = process.cwd();
export const SERVER = join(ROOT, "server/dist/server.js");

export interface TestClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** The server's process. */
  readonly pid: number;
  /** What the server wrote to its log. */
  readonly log: readonly string[];
  readonly messages: readonly string[];
  open(uri: string, text: string, languageId?: string): void;
  /** Replaces the whole text, or the stretch from one place to another. */
  change(uri: string, version: number, text: string, range?: { start: Place; end: Place }): void;
  pull(uri: string): Promise<readonly Diagnostic[]>;
  /** The next time that the server has new findings and says so. */
  refreshed(): Promise<void>;
  /** The next diagnostics that the server sends of its own for a document. */
  pushed(uri: string): Promise<PublishDiagnosticsParams>;
  stop(): Promise<void>;
}
export interface Place { readonly line: number; readonly character: number }

export interface ClientOptions {
  /** Whether the client asks for diagnostics. */
  readonly pull?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly folder?: string;
  /** The client provides our commands, as the extension does. */
  readonly commands?: boolean;
  /** Arguments for Node itself. */
  readonly node?: readonly string[];
  /** What else the client can do, beside what it always says. */
  readonly can?: { readonly workspace?: object; readonly textDocument?: object };
}

/** Starts a server and says hello. */
export async function startClient(options: ClientOptions = {}): Promise<TestClient> {
  const child: ChildProcess = spawn(process.execPath, [...(options.node ?? []), SERVER, "--stdio"], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!));
  const log: string[] = [];
  const messages: string[] = [];
  const waiting: { uri: string; resolve: (params: PublishDiagnosticsParams) => void }[] = [];
  connection.onNotification("window/logMessage", ({ message }: { message: string }) => void log.push(message));
  connection.onNotification("window/showMessage", ({ message }: { message: string }) => void messages.push(message));
  connection.onRequest("window/showMessageRequest", ({ message }: { message: string }) => (messages.push(message), null));
  connection.onRequest("workspace/configuration", ({ items }: { items: { section: string }[] }) => items.map(({ section }) => options.settings?.[section] ?? null));
  connection.onRequest("client/registerCapability", () => null);
  const refreshing: (() => void)[] = [];
  connection.onRequest("workspace/diagnostic/refresh", () => (refreshing.splice(0).forEach((resolve) => resolve()), null));
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    const at = waiting.findIndex((each) => each.uri === params.uri);
    if (at >= 0) waiting.splice(at, 1)[0]!.resolve(params);
  });
  connection.listen();
  const folder = pathToFileURL(options.folder ?? ROOT).toString();
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: process.pid, rootUri: folder, workspaceFolders: [{ uri: folder, name: "test" }],
    ...(options.commands === true ? { initializationOptions: { commands: true } } : {}),
    capabilities: { workspace: { configuration: true, diagnostics: { refreshSupport: true }, ...options.can?.workspace }, textDocument: { ...(options.pull === false ? {} : { diagnostic: {} }), completion: { completionItem: { snippetSupport: true } }, ...options.can?.textDocument } },
  });
  void connection.sendNotification("initialized", {});
  return {
    connection, initialized, log, messages, pid: child.pid!,
    open: (uri, text, languageId = "policy") => void connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } }),
    change: (uri, version, text, range) => void connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [range === undefined ? { text } : { range, text }] }),
    pull: async (uri) => (await connection.sendRequest<{ items: Diagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } })).items,
    refreshed: () => within("the server's word that there are new findings", new Promise((resolve) => refreshing.push(resolve))),
    pushed: (uri) => within(`findings of ${uri}`, new Promise((resolve) => waiting.push({ uri, resolve }))),
    async stop() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      await new Promise((done) => (child.exitCode === null ? child.once("exit", done) : done(undefined)));
      connection.dispose();
    },
  };
}

const LONGEST_WAIT_MS = 30_000;

/** Fails where something does not come, instead of waiting for ever. */
async function within<T>(what: string, coming: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} did not come within ${LONGEST_WAIT_MS / 1000} s`)), LONGEST_WAIT_MS); });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}
