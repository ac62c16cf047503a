// The commands that write a letter or a reviewer's worksheet for a case, into a new Markdown document.
import * as vscode from "vscode";
import { type CaseRef, LETTER, type LetterParams, type LetterResult, type LetterText } from "../../server/src/lsp/protocol.js";
import type { LanguageClient } from "./server.js";

interface ReaderPick extends vscode.QuickPickItem {
  readonly text: LetterText;
}
const READERS: readonly ReaderPick[] = [
  { label: "For the member", description: "plain words, without signs and sources of evidence", text: "member" },
  { label: "For the provider", description: "with evidence, possible answers and sections", text: "provider" },
];

/** Puts the two commands in place. Both give back the text. Arguments, all of them optional: the policy, the name of the case, the reader. */
export function registerLetters(client: LanguageClient): vscode.Disposable {
  const ask = (params: LetterParams): Thenable<LetterResult | null> => client.sendRequest<LetterResult | null>(LETTER, params);

  const write = async (title: string, choose: () => Thenable<LetterText | undefined>, uri?: unknown, name?: unknown): Promise<string | undefined> => {
    const policy = typeof uri === "string" ? uri : uri instanceof vscode.Uri ? uri.toString() : vscode.window.activeTextEditor?.document.uri.toString();
    if (policy === undefined) return undefined;
    const before = await ask({ uri: policy, text: "member" });
    if (before === null || before.problem !== undefined) return tell(before?.problem);
    const ref = typeof name === "string" ? before.cases.find((each) => each.name === name) : await pickCase(title, before.cases, policy);
    const text = ref === undefined ? undefined : await choose();
    if (ref === undefined || text === undefined) return undefined;
    const result = await ask({ uri: policy, case: { uri: ref.uri, name: ref.name, at: ref.at }, text });
    if (result?.markdown === undefined) return tell(result?.problem);
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content: result.markdown });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
    if (result.remarks.length > 0) void vscode.window.showWarningMessage(result.remarks.join(" "));
    return result.markdown;
  };

  const reader = async (): Promise<LetterText | undefined> => (await vscode.window.showQuickPick(READERS, { title: "Write letter", placeHolder: "Who reads it?" }))?.text;
  return vscode.Disposable.from(
    vscode.commands.registerCommand("policy.writeLetter", (uri?: unknown, name?: unknown, text?: unknown) =>
      write("Write letter", async () => (text === "member" || text === "provider" ? text : reader()), uri, name)),
    vscode.commands.registerCommand("policy.showWorksheet", (uri?: unknown, name?: unknown) => write("Show worksheet", async () => "worksheet", uri, name)),
  );
}

function tell(problem: string | undefined): undefined {
  void vscode.window.showWarningMessage(problem ?? "There is no letter for this document. The output channel “Clinical Policy” says why.");
  return undefined;
}

async function pickCase(title: string, cases: LetterResult["cases"], policy: string): Promise<CaseRef | undefined> {
  if (cases.length === 0) {
    void vscode.window.showInformationMessage("There are no cases here. A policy holds them in its `cases` section, or in a case file beside it.");
    return undefined;
  }
  const line = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === policy)?.selection.active.line ?? -1;
  // The case that the cursor stands in comes first: the last one that begins above it.
  const under = cases.filter((each) => each.uri === policy && each.at !== undefined && each.at.line <= line).at(-1);
  const ordered = under === undefined ? cases : [under, ...cases.filter((each) => each !== under)];
  const items = ordered.map((each) => ({ label: each.name ?? "", description: each.file, ref: each }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: "Which case?", matchOnDescription: true }))?.ref;
}
