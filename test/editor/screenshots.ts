// The pictures of the documentation, taken in the real editor: a suite of its own, run by scripts/screenshots.mjs.
import * as vscode from "vscode";
import type { EvaluateResult } from "../../server/src/lsp/protocol.js";
import { pause, perform, picture, wantsPictures } from "./page.js";

const CASE = "Early breast cancer with a high heart dose";
const SETTLE_MS = 1500;

/** Takes every picture; rejects where the editor does not show what the picture is to show. */
export async function run(): Promise<void> {
  if (!wantsPictures) throw new Error("pictures need the headless editor: set POLICY_EDITOR=headless");
  await evaluatedCase();
  await hoveredCode();
}

async function openPolicy(): Promise<vscode.TextEditor> {
  const [uri] = await vscode.workspace.findFiles("imrt.policy");
  if (uri === undefined) throw new Error("the workspace is not the samples");
  return vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** A case evaluated: outcomes behind the criteria, the explanation beside them. */
async function evaluatedCase(): Promise<void> {
  const editor = await openPolicy();
  await vscode.commands.executeCommand("workbench.action.closeSidebar");
  const at = placeOf(editor, `case "${CASE}"`, 6);
  const result = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", editor.document.uri, at);
  if (result.cases[0]?.determination !== "approve") throw new Error(`“${CASE}” is not approved`);
  scrollTo(editor, placeOf(editor, "3. Breast, any of the following", 0));
  await perform({ waitFor: "body.vscode-body" }, { wait: SETTLE_MS });
  await vscode.commands.executeCommand("notifications.clearAll");
  await picture("editor");
}

/** The hover of a code that has ended. */
async function hoveredCode(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  const editor = await openPolicy();
  const at = placeOf(editor, "77385", 2);
  scrollTo(editor, new vscode.Position(Math.max(0, at.line - 14), 0));
  editor.selection = new vscode.Selection(at, at);
  await pause(SETTLE_MS);
  await vscode.commands.executeCommand("editor.action.showHover");
  await perform({ waitFor: ".monaco-hover-content" }, { wait: SETTLE_MS });
  await picture("hover");
}

function placeOf(editor: vscode.TextEditor, words: string, into: number): vscode.Position {
  const at = editor.document.getText().indexOf(words);
  if (at < 0) throw new Error(`“${words}” does not stand in the policy`);
  return editor.document.positionAt(at + into);
}

function scrollTo(editor: vscode.TextEditor, at: vscode.Position): void {
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.AtTop);
}
