// The language server: documents in, findings out, and the groups of requests. It decides nothing about the language itself.
import { type Connection, type InitializeParams, type InitializeResult, LSPErrorCodes, ResponseError, TextDocumentSyncKind } from "vscode-languageserver";
import type { Client, ServerContext, Wrapper } from "./context.js";
import type { PageLinks } from "./convert.js";
import { diagnosticsSender, type DiagnosticsSender } from "./diagnostics.js";
import { documentStore } from "./documents.js";
import { core } from "./lazy.js";
import { linting, type Linting } from "./linting.js";
import { DOCS_SCHEME } from "./protocol.js";
import { REQUEST_GROUPS } from "./requests/index.js";
import { preferences } from "./preferences.js";
import { caseResults } from "./results.js";
import type { Runtime } from "./runtime.js";
import { codeSets } from "./settings.js";
import { type WarmUp, warmUp } from "./warmup.js";
import { workspace } from "./workspace.js";

declare const POLICY_VERSION: string;

/** Runs the server on a connection until that is closed. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const documents = documentStore(runtime, (folder) => started?.context.workspace.watches(folder) === true);
  let underway = 0;
  const requests = requestWrapper(connection, (by) => { underway += by; });
  const ready: (() => void)[] = [];
  let started: { readonly context: ServerContext; readonly linter: Linting; readonly sender: DiagnosticsSender } | undefined;

  connection.onInitialize((params): InitializeResult => {
    const client = clientOf(params);
    // A client with our commands also shows our pages; for any other they stand on the web.
    const links: PageLinks = (code) => (client.commands ? (core().lintRuleOf(code) === undefined ? undefined : `${DOCS_SCHEME}:/${code}.md`) : core().pageUrl(code));
    const linter = linting(documents, runtime, !client.pull || client.refresh, (uri) => started?.sender.renewed(uri), () => started?.context.workspace);
    const sender = diagnosticsSender(connection, documents, linter, runtime, { pull: client.pull, refresh: client.refresh, links });
    const codes = codeSets(connection, runtime, {
      configuration: client.capabilities.workspace?.configuration === true,
      folder: client.folders[0],
      initial: (params.initializationOptions as { codeSets?: unknown } | undefined)?.codeSets,
    });
    const context: ServerContext = { connection, client, documents, runtime, linting: linter, codes, preferences: preferences(connection, runtime, client), results: caseResults(documents, runtime), links, requests, workspace: workspace(documents, runtime, client.folders, () => client.watching), whenInitialized: (work) => void ready.push(work), underway: () => underway };
    started = { context, linter, sender };
    connection.onDidChangeConfiguration(() => {
      codes.forget();
      context.preferences.forget();
    });
    connection.languages.diagnostics.on(requests("diagnostics", { kind: "full", items: [] }, (asked) => sender.report(asked.textDocument.uri, asked.previousResultId)));
    for (const group of REQUEST_GROUPS) group.register(context);
    return {
      capabilities: Object.assign({
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        ...(client.pull ? { diagnosticProvider: { identifier: "policy", interFileDependencies: true, workspaceDiagnostics: true } } : {}),
      }, ...REQUEST_GROUPS.map((group) => group.capabilities(client))) as InitializeResult["capabilities"],
      serverInfo: { name: "Clinical Policy", version: POLICY_VERSION },
    };
  });
  // The language is loaded while the editor is still opening its first document, and warmed up while nothing is asked.
  let warming: WarmUp | undefined;
  connection.onInitialized(() => {
    warming = warmUp(runtime);
    for (const work of ready) work();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const change of changes) {
      if (NEIGHBOUR.test(change.uri)) {
        started?.linter.forget();
        started?.context.preferences.renew();
      }
      documents.changed(change.uri);
      started?.context.workspace.changed(change.uri);
      if (change.uri.endsWith(".policy")) started?.linter.versionsChanged();
      started?.sender.changed(change.uri);
    }
  });

  connection.onDidOpenTextDocument(({ textDocument }) => {
    documents.open(textDocument.uri, textDocument.languageId, textDocument.version, textDocument.text);
    started?.sender.changed(textDocument.uri);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    warming?.busy();
    documents.change(textDocument.uri, textDocument.version, contentChanges);
    if (documents.get(textDocument.uri)?.kind !== "policy") {
      started?.linter.forget();
      started?.context.preferences.renew();
    } else started?.linter.edited(textDocument.uri);
    started?.sender.changed(textDocument.uri);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    documents.close(textDocument.uri);
    started?.linter.closed(textDocument.uri);
    started?.sender.closed(textDocument.uri);
  });
  connection.listen();
}

/** Files that change what is found in the policies beside or below them. */
const NEIGHBOUR = /(?:\/policy\.config\.ya?ml|\.case\.(?:ya?ml|json))$/u;

function clientOf(params: InitializeParams): Client {
  const { capabilities } = params;
  return {
    capabilities,
    pull: capabilities.textDocument?.diagnostic !== undefined,
    refresh: capabilities.workspace?.diagnostics?.refreshSupport === true,
    watching: capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    commands: (params.initializationOptions as { commands?: unknown } | undefined)?.commands === true,
    folders: params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri == null ? [] : [params.rootUri]),
  };
}

/** A mistake of ours in one request is logged and answered with nothing; the server goes on. Cancelled requests do not begin. */
function requestWrapper(connection: Connection, underway: (by: 1 | -1) => void): Wrapper {
  return (name, otherwise, run) => async (params, token) => {
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, `${name}: given up`);
    underway(1);
    try {
      return await run(params, token);
    } catch (error) {
      // What is refused in words is an answer.
      if (error instanceof ResponseError) throw error;
      connection.console.error(`${name}: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
      return otherwise;
    } finally {
      underway(-1);
    }
  };
}
