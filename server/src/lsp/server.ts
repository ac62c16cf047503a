// The language server: wires the protocol's requests to the features. It decides nothing about the language itself.
import {
  type CancellationToken, type Connection, type InitializeParams, type InitializeResult, TextDocumentSyncKind, type Position,
} from "vscode-languageserver/node";
import type { Analysis } from "../semantics/model.js";
import { offsetAt } from "../text.js";
import { toAction, toCompletion, toEdit, toFold, toHover, toLens, toLink, toRange, toSymbol } from "./convert.js";
import { diagnosticsSender, type DiagnosticsSender } from "./diagnostics.js";
import { documentStore, type Documents } from "./documents.js";
import { evaluate, listCases } from "./evaluation.js";
import { core } from "./lazy.js";
import { CASES, type CasesParams, EVALUATE, type EvaluateParams } from "./protocol.js";
import type { Runtime } from "./runtime.js";
import { type WarmUp, warmUp } from "./warmup.js";
import { type CodeSets, codeSets } from "./settings.js";

/** Runs the server on a connection until that is closed. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const documents = documentStore(runtime);
  let sender: DiagnosticsSender | undefined;
  let codes: CodeSets | undefined;

  connection.onInitialize((params): InitializeResult => {
    const client = params.capabilities;
    const pull = client.textDocument?.diagnostic !== undefined;
    sender = diagnosticsSender(connection, documents, runtime, { pull, refresh: client.workspace?.diagnostics?.refreshSupport === true });
    codes = codeSets(connection, runtime, {
      configuration: client.workspace?.configuration === true,
      folder: params.workspaceFolders?.[0]?.uri ?? folderOf(params),
      initial: (params.initializationOptions as { codeSets?: unknown } | undefined)?.codeSets,
    });
    return { capabilities: capabilities(pull), serverInfo: { name: "Clinical Policy", version: POLICY_VERSION } };
  });
  // The language is loaded while the editor is still opening its first document, and warmed up while nothing is asked.
  let warming: WarmUp | undefined;
  connection.onInitialized(() => { warming = warmUp(runtime); });
  connection.onDidChangeConfiguration(() => codes?.forget());
  connection.onDidChangeWatchedFiles(({ changes }) => changes.forEach((change) => sender?.changed(change.uri)));

  connection.onDidOpenTextDocument(({ textDocument }) => {
    documents.open(textDocument.uri, textDocument.languageId, textDocument.version, textDocument.text);
    sender?.changed(textDocument.uri);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    warming?.busy();
    documents.change(textDocument.uri, textDocument.version, contentChanges);
    sender?.changed(textDocument.uri);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    documents.close(textDocument.uri);
    sender?.closed(textDocument.uri);
  });

  const requests = requestWrapper(connection);
  connection.languages.diagnostics.on(requests("diagnostics", { kind: "full", items: [] }, (params) => sender!.report(params.textDocument.uri, params.previousResultId)));
  registerFeatures(connection, documents, runtime, () => codes!, requests);
  connection.onRequest(EVALUATE, requests("evaluate", null, (params: EvaluateParams) => evaluate(documents, params)));
  connection.onRequest(CASES, requests("cases", [], (params: CasesParams) => listCases(documents, params.uri)));
  connection.listen();
}

declare const POLICY_VERSION: string;

const folderOf = (params: InitializeParams): string | undefined => params.rootUri ?? undefined;

function capabilities(pull: boolean): InitializeResult["capabilities"] {
  return {
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    completionProvider: { triggerCharacters: ["[", " ", ".", ","] },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    codeLensProvider: {},
    codeActionProvider: { codeActionKinds: ["quickfix"] },
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n" },
    ...(pull ? { diagnosticProvider: { identifier: "policy", interFileDependencies: true, workspaceDiagnostics: false } } : {}),
  };
}

type Wrapper = <P, R>(name: string, otherwise: R, run: (params: P) => R | Promise<R>) => (params: P, token: CancellationToken) => Promise<R>;

/** A mistake of ours in one request is logged and answered with nothing; the server goes on. Cancelled requests do not begin. */
function requestWrapper(connection: Connection): Wrapper {
  return (name, otherwise, run) => async (params, token) => {
    if (token.isCancellationRequested) return otherwise;
    try {
      return await run(params);
    } catch (error) {
      connection.console.error(`${name}: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
      return otherwise;
    }
  };
}

function registerFeatures(connection: Connection, documents: Documents, runtime: Runtime, codes: () => CodeSets, requests: Wrapper): void {
  type At = { readonly textDocument: { readonly uri: string }; readonly position: Position };
  const at = <R>({ textDocument, position }: At, use: (analysis: Analysis, offset: number) => R): R | null => {
    const analysis = documents.analysis(textDocument.uri);
    return analysis === undefined ? null : use(analysis, offsetAt(analysis.lines, position));
  };
  const inCases = async <R>({ textDocument, position }: At, use: (read: NonNullable<Awaited<ReturnType<Documents["cases"]>>>, offset: number) => R): Promise<R | null> => {
    const read = await documents.cases(textDocument.uri);
    return read === undefined ? null : use(read, offsetAt(read.lines, position));
  };
  const usesOf = (read: NonNullable<Awaited<ReturnType<Documents["cases"]>>>, offset: number) => read.file.uses.filter((use) => use.start <= offset && offset <= use.end);

  connection.onHover(requests("hover", null, async (params: At) => {
    const inPolicy = at(params, (analysis, offset) => ({ analysis, offset }));
    if (inPolicy === null) {
      return inCases(params, (read, offset) => {
        const uses = usesOf(read, offset);
        return read.policy === undefined || uses.length === 0 ? null : toHover(read.lines, core().useHover(read.policy, uses, [], { today: runtime.today() }));
      });
    }
    const code = core().codeAt(inPolicy.analysis, inPolicy.offset);
    const lookup = code === undefined ? undefined : await codes().lookup(code.system);
    // While a code file was read the text may have changed.
    return at(params, (analysis, offset) => {
      const hover = core().hover(analysis, offset, { today: runtime.today(), lookup });
      return hover === undefined ? null : toHover(analysis.lines, hover);
    });
  }));
  connection.onCompletion(requests("completion", null, (params: At) => at(params, (analysis, offset) => core().completion(analysis, offset, runtime.today()).map((item, i) => toCompletion(analysis.lines, item, i)))));
  connection.onDefinition(requests("definition", null, async (params: At) => {
    const inPolicy = at(params, (analysis, offset) => core().definition(analysis, offset).map((target) => toLink(analysis.lines, analysis.lines, analysis.uri, target)));
    return inPolicy ?? inCases(params, ({ policy, ...read }, offset) => (policy === undefined ? [] : usesOf({ policy, ...read }, offset).flatMap((use) => core().declarations(policy, use.symbol).map((target) => toLink(read.lines, policy.lines, policy.uri, { ...target, origin: use })))));
  }));
  connection.onReferences(requests("references", null, (params) => at(params, (analysis, offset) => core().references(analysis, offset, params.context.includeDeclaration).map((range) => ({ uri: analysis.uri, range: toRange(analysis.lines, range) })))));
  connection.onDocumentHighlight(requests("highlight", null, (params: At) => at(params, (analysis, offset) => core().references(analysis, offset, true).map((range) => ({ range: toRange(analysis.lines, range) })))));
  const whole = <R>(uri: string, use: (analysis: Analysis) => R): R | null => {
    const analysis = documents.analysis(uri);
    return analysis === undefined ? null : use(analysis);
  };
  connection.onDocumentSymbol(requests("symbols", null, ({ textDocument }) => whole(textDocument.uri, (analysis) => core().outline(analysis).map((entry) => toSymbol(analysis.lines, entry)))));
  connection.onFoldingRanges(requests("folding", null, ({ textDocument }) => whole(textDocument.uri, (analysis) => core().folds(analysis).map((fold) => toFold(analysis.lines, fold)))));
  connection.onCodeLens(requests("lenses", null, async ({ textDocument: { uri } }) => {
    const analysis = documents.analysis(uri);
    if (analysis !== undefined) return core().lenses(analysis.cases, uri, analysis.document.sections.find((section) => section.kind === "cases")?.heading).map((lens) => toLens(analysis.lines, uri, lens));
    const read = await documents.cases(uri);
    if (read === undefined) return null;
    const heading = /^\s*["']?cases["']?\s*:/mu.exec(documents.get(uri)!.document.getText());
    return core().lenses(read.file.cases, uri, heading === null ? undefined : { start: heading.index + heading[0].length - heading[0].trimStart().length, end: heading.index + heading[0].length }).map((lens) => toLens(read.lines, uri, lens));
  }));
  connection.onCodeAction(requests("fixes", null, async ({ textDocument: { uri }, range }) => {
    const analysis = documents.analysis(uri);
    const read = analysis === undefined ? await documents.cases(uri) : undefined;
    const lines = analysis?.lines ?? read?.lines;
    if (lines === undefined) return null;
    const within = { start: offsetAt(lines, range.start), end: offsetAt(lines, range.end) };
    return core().fixes(analysis?.diagnostics ?? read!.file.diagnostics, within).map((fix) => toAction(lines, uri, fix));
  }));
  connection.onDocumentOnTypeFormatting(requests("typing", null, (params) => at(params, (analysis, offset) => core().afterEnter(analysis, offset).map((edit) => toEdit(analysis.lines, edit)))));
}
