// "New Case…": asks for a name and a date of service, and writes a case to be filled in, with the facts of the policy.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { NEW_CASE, type NewCaseParams, type NewCaseResult } from "../../server/src/lsp/protocol.js";
import { isPolicyText } from "./testing/tree.js";

/** Puts the command in place. Arguments, all optional: the uri of a policy or case file, and `{ name, on }` for what is not to be asked. */
export function registerNewCase(client: LanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand("policy.newCase", async (given?: unknown, answers?: { readonly name?: string; readonly on?: string }) => {
    const active = vscode.window.activeTextEditor?.document;
    const uri = given instanceof vscode.Uri ? given : typeof given === "string" ? vscode.Uri.parse(given) : active !== undefined && isPolicyText(active) ? active.uri : undefined;
    if (uri === undefined) return void vscode.window.showInformationMessage("Open the policy or the case file that the case belongs to.");
    return newCase(client, uri, answers ?? {});
  });
}

async function newCase(client: LanguageClient, uri: vscode.Uri, given: { readonly name?: string; readonly on?: string }): Promise<boolean> {
  // The server answers for open documents.
  const document = await vscode.workspace.openTextDocument(uri);
  const ask = (params: Omit<NewCaseParams, "uri">): Promise<NewCaseResult | null> => client.sendRequest<NewCaseResult | null>(NEW_CASE, { uri: uri.toString(), ...params });
  const first = await ask({});
  if (first === null) return refuse("No case can be written here. A case file needs its policy beside it.");
  const question = (field: "name" | "on", prompt: string, value: string, step: number): Thenable<string | undefined> => vscode.window.showInputBox({
    title: `New case (${step} of 2)`, prompt, value, ignoreFocusOut: true, ...(field === "name" ? { placeHolder: "Saturation of 86 percent at rest" } : {}),
    validateInput: async (text) => (await ask({ [field]: text }))?.problems[field],
  });
  const name = given.name ?? (await question("name", "What is special about the case? Its name says it.", "", 1));
  if (name === undefined) return false;
  const on = given.on ?? (await question("on", "The date of service. Ages, look-back windows and code validity are reckoned as of it.", first.proposed, 2));
  if (on === undefined) return false;
  const made = await ask({ name, on });
  if (made?.edit === undefined) return refuse(Object.values(made?.problems ?? {}).join(" ") || "No case can be written into this file. Cases are added to policies and to YAML case files.");
  const { span: { start, end }, snippet } = made.edit;
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  // The editor indents the lines of a snippet like the line it is put into: the snippet gets an empty line for its own.
  const [breaks] = /^[\r\n]*/u.exec(snippet)!;
  await editor.edit((edit) => edit.replace(new vscode.Range(start.line, start.character, end.line, end.character), breaks), { undoStopBefore: true, undoStopAfter: false });
  const at = document.positionAt(document.offsetAt(new vscode.Position(start.line, start.character)) + breaks.length);
  return editor.insertSnippet(new vscode.SnippetString(snippet.slice(breaks.length)), at, { undoStopBefore: false, undoStopAfter: true });
}

function refuse(words: string): false {
  void vscode.window.showErrorMessage(words);
  return false;
}
