// "Generate Cases": puts proposed cases behind the last one of a policy, for the writer to look at; one step takes them back.
import * as vscode from "vscode";
import { GENERATE_CASES, type GenerateCasesParams, type GenerateCasesResult } from "../../server/src/lsp/protocol.js";
import type { LanguageClient } from "./server.js";

/** Puts the command in place. Argument, optional: the uri of a policy. It gives how many cases were added. */
export function registerGenerateCases(client: LanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand("policy.generateCases", async (given?: unknown) => {
    const active = vscode.window.activeTextEditor?.document;
    const uri = given instanceof vscode.Uri ? given : active?.languageId === "policy" ? active.uri : undefined;
    if (uri === undefined) return void vscode.window.showInformationMessage("Open the policy that cases are to be generated for.");
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Policy: generating cases" }, () => generate(client, uri));
  });
}

async function generate(client: LanguageClient, uri: vscode.Uri): Promise<number> {
  const document = await vscode.workspace.openTextDocument(uri);
  const params: GenerateCasesParams = { uri: uri.toString() };
  const found = await client.sendRequest<GenerateCasesResult | null>(GENERATE_CASES, params);
  if (found === null) return refuse("Cases are generated for policies.");
  if (found.edit === undefined) {
    void vscode.window.showInformationMessage(found.message);
    return 0;
  }
  if (document.version !== found.version) return refuse("The policy has changed in the meantime. Generate the cases again.");
  const { span: { start, end }, text } = found.edit;
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  const from = new vscode.Position(start.line, start.character);
  if (!(await editor.edit((edit) => edit.replace(new vscode.Range(from, new vscode.Position(end.line, end.character)), text)))) return refuse("The policy cannot be changed.");
  // The first of them is shown, at its name.
  const first = document.positionAt(document.offsetAt(from) + Math.max(0, text.search(/case "/u)));
  editor.selection = new vscode.Selection(first, first);
  editor.revealRange(new vscode.Range(first, first), vscode.TextEditorRevealType.AtTop);
  void vscode.window.showInformationMessage(found.message);
  return found.count;
}

function refuse(words: string): number {
  void vscode.window.showErrorMessage(words);
  return 0;
}
