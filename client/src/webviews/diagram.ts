// The logic diagram: the criteria as a tree beside the text, with the outcome of a case, and as a file.
import * as vscode from "vscode";
import type { LanguageClient } from "../server.js";
import { type CaseRef, DIAGRAM, type DiagramParams, type DiagramResult } from "../../../server/src/lsp/protocol.js";
import { activePolicy, fileName, openPage, type PageView, reveal, stemOf } from "./panel.js";

type Message =
  | { readonly type: "ready" | "export" }
  | { readonly type: "choose"; readonly case: CaseRef | null }
  | { readonly type: "statement"; readonly statement: string }
  | { readonly type: "unfold"; readonly address: string }
  | { readonly type: "open"; readonly line: number };

const SHOW_DIAGRAM = "policy.showDiagram";
const EXPORT_DIAGRAM = "policy.exportDiagram";
const TYPING_MS = 200;

/** Puts the commands of the diagram in place. */
export function registerDiagram(context: vscode.ExtensionContext, client: LanguageClient): vscode.Disposable {
  let view: PageView<Message> | undefined;
  let uri: vscode.Uri | undefined;
  let shown: CaseRef | undefined;
  let statement = "";
  let opened: string[] = [];
  let asked = 0;
  let typing: ReturnType<typeof setTimeout> | undefined;

  const params = (of: vscode.Uri): DiagramParams => ({ uri: of.toString(), opened, ...(shown === undefined ? {} : { case: shown }), ...(statement === "" ? {} : { statement }) });

  const renew = async (): Promise<void> => {
    if (uri === undefined || view === undefined) return;
    const number = ++asked;
    const result = await client.sendRequest<DiagramResult | null>(DIAGRAM, params(uri));
    if (number !== asked || view === undefined) return;
    if (result === null) view.post({ type: "problem", text: "The policy cannot be read." });
    else {
      view.panel.title = `Logic: ${result.title}`;
      view.post({ type: "show", result, case: shown ?? null, statement });
      follow();
    }
  };
  const follow = (): void => {
    const editor = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === uri?.toString());
    if (editor !== undefined) view?.post({ type: "cursor", line: editor.selection.active.line });
  };

  const receive = async (message: Message): Promise<void> => {
    switch (message.type) {
      case "choose": shown = message.case ?? undefined; await renew(); break;
      case "statement": statement = message.statement; opened = []; await renew(); break;
      case "unfold": opened.push(message.address); await renew(); break;
      case "open": if (uri !== undefined) await reveal({ uri: uri.toString(), span: { start: { line: message.line, character: 0 }, end: { line: message.line, character: 1000 } } }); break;
      case "export": await exportSvg(uri); break;
      case "ready": break;
    }
  };

  const show = async (given?: unknown): Promise<void> => {
    const found = activePolicy(given);
    if (found === undefined) return;
    if (found.toString() !== uri?.toString()) {
      shown = undefined;
      statement = "";
      opened = [];
    }
    uri = found;
    if (view === undefined) {
      view = openPage<Message>(context, { type: "policy.diagram", title: "Logic", page: "diagram", column: vscode.ViewColumn.Beside });
      view.received((message) => void receive(message));
      view.panel.onDidDispose(() => { view = undefined; });
    } else {
      view.panel.reveal(undefined, true);
    }
    await renew();
  };

  const exportSvg = async (given: vscode.Uri | undefined): Promise<vscode.Uri | undefined> => {
    if (given === undefined) return undefined;
    const result = await client.sendRequest<DiagramResult | null>(DIAGRAM, { ...params(given), standalone: true });
    if (result === null) return undefined;
    const name = `${stemOf(given)}.svg`;
    const folder = given.scheme === "untitled" ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(given, "..");
    const target = await vscode.window.showSaveDialog({ title: "Save the diagram as SVG", filters: { SVG: ["svg"] }, ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }) });
    if (target === undefined) return undefined;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(`${result.svg}\n`));
    void vscode.window.setStatusBarMessage(`Saved as ${fileName(target)}.`, 5000);
    return target;
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand(SHOW_DIAGRAM, show),
    vscode.commands.registerCommand(EXPORT_DIAGRAM, (given?: unknown) => exportSvg(activePolicy(given))),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (view === undefined || contentChanges.length === 0 || (document.uri.toString() !== uri?.toString() && document.uri.toString() !== shown?.uri)) return;
      clearTimeout(typing);
      typing = setTimeout(() => void renew(), TYPING_MS);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => { if (textEditor.document.uri.toString() === uri?.toString()) follow(); }),
    { dispose: () => { clearTimeout(typing); view?.panel.dispose(); } },
  );
}
