// Refactorings as code actions: offered where the cursor is, worked out when one is chosen.
import type { CodeAction, CodeActionParams, SnippetTextEdit, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver";
import type { Diagnostic } from "../../diagnostic.js";
import type { Refactored, Refactoring } from "../../features/refactor.js";
import type { Analysis } from "../../semantics/model.js";
import { offsetAt, positionAt, type Range } from "../../text.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toDiagnostic, toRange } from "../convert.js";
import { toWorkspaceEdit } from "../edits.js";
import { core } from "../lazy.js";
import { RENAME_AT_COMMAND } from "../protocol.js";

/** What an action needs to be worked out later. */
interface Chosen {
  readonly refactoring: string;
  readonly uri: string;
  readonly version: number;
  readonly range: Range;
}

/** The kinds of our refactorings, for the capabilities. */
export const REFACTOR_KINDS = ["refactor.extract", "refactor.inline", "refactor.rewrite"] as const;

export const refactorRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    context.connection.onCodeActionResolve(async (action, token) => {
      const chosen = action.data as Chosen | undefined;
      if (chosen?.refactoring === undefined || token.isCancellationRequested) return action;
      try {
        return { ...action, ...(await workedOut(context, chosen)) };
      } catch (error) {
        context.connection.console.error(`refactoring: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
        return action;
      }
    });
  },
};

/** The refactorings of an open policy at a place. With a client that asks for the edits of an action when it is chosen, they come then. */
export async function refactorActions(context: ServerContext, { textDocument: { uri }, range, context: { only } }: CodeActionParams, found: readonly Diagnostic[]): Promise<CodeAction[]> {
  const { documents, links } = context;
  const analysis = documents.analysis(uri);
  if (analysis === undefined) return [];
  const wants = (kind: string): boolean => only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const within = { start: offsetAt(analysis.lines, range.start), end: offsetAt(analysis.lines, range.end) };
  const offered = core().refactorings(analysis, within, found, context.runtime.today()).filter(({ kind }) => wants(kind));
  const { version } = documents.get(uri)!.document;
  const actions = offered.map((each): CodeAction & { data: Chosen } => ({
    title: each.title, kind: each.kind, data: { refactoring: each.id, uri, version, range: within },
    ...(each.mends === undefined ? {} : { diagnostics: [toDiagnostic(analysis.lines, uri, each.mends, links)] }),
  }));
  if (laterFor(context)) return actions;
  const complete: CodeAction[] = [];
  for (const { data, ...action } of actions) {
    const more = await workedOut(context, data);
    if (more.edit !== undefined) complete.push({ ...action, ...more });
  }
  return complete;
}

const laterFor = ({ client }: ServerContext): boolean => {
  const of = client.capabilities.textDocument?.codeAction;
  return of?.dataSupport === true && of.resolveSupport?.properties.includes("edit") === true;
};

async function workedOut(context: ServerContext, { refactoring, uri, version, range }: Chosen): Promise<Pick<CodeAction, "edit" | "command" | "disabled">> {
  const { documents, linting, workspace, runtime } = context;
  const found = (await linting.findings(uri))?.diagnostics ?? [];
  const find = (analysis: Analysis): Refactoring | undefined => core().refactorings(analysis, range, found, runtime.today()).find(({ id }) => id === refactoring);
  const current = (): Analysis | undefined => (documents.get(uri)?.document.version === version ? documents.analysis(uri) : undefined);
  const offered = current();
  if (offered === undefined) return {};
  if (find(offered)?.reaches === true) await workspace.load();
  const analysis = current();
  const made = analysis && find(analysis)?.make(workspace.around(analysis));
  return analysis === undefined || made === undefined ? {} : { edit: toEdit(context, uri, made), ...naming(context, analysis, made) };
}

function toEdit(context: ServerContext, uri: string, made: Refactored): WorkspaceEdit {
  if (made.snippet !== true) return toWorkspaceEdit(context, made.files);
  const withStops = context.client.capabilities.workspace?.workspaceEdit?.snippetEditSupport === true;
  if (!withStops) return toWorkspaceEdit(context, made.files.map((file) => ({ ...file, edits: file.edits.map((edit) => ({ ...edit, text: edit.text.replace(/\$\{\d+:([^}]*)\}/gu, "$1") })) })));
  const { document } = context.documents.get(uri)!;
  const lines = core().lineIndex(document.getText());
  const edits = made.files.find((file) => file.uri === uri)?.edits ?? [];
  const snippets = edits.map((edit): SnippetTextEdit => ({ range: toRange(lines, edit), snippet: { kind: "snippet", value: edit.text } }));
  const change: TextDocumentEdit = { textDocument: { uri, version: document.version }, edits: snippets };
  return { documentChanges: [change] };
}

/** A name of our making is typed over at once, where the client is the extension, which can do so. */
function naming({ client }: ServerContext, analysis: Analysis, { name, files }: Refactored): Pick<CodeAction, "command"> {
  if (name === undefined || !client.commands) return {};
  const text = core().withEdits(analysis.text, files.find(({ uri }) => uri === analysis.uri)?.edits ?? []);
  return { command: { title: "Rename", command: RENAME_AT_COMMAND, arguments: [analysis.uri, positionAt(core().lineIndex(text), name)] } };
}
