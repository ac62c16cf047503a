// The pictures of the documentation, taken in the real editor: a suite of its own, run by scripts/screenshots.mjs.
import * as vscode from "vscode";
import type { EvaluateResult } from "../../server/src/lsp/protocol.js";
import { pause, perform, wantsPictures } from "./page.js";

const CASE = "Anticoagulant stopped, INR not measured";
const SETTLE_MS = 1500;
const TITLE_BAR = 30;
const LARGE = [1600, 1080] as const;
const SMALL = [1200, 500] as const;

/** Takes every picture; rejects where the editor does not show what the picture is to show. */
export async function run(): Promise<void> {
  if (!wantsPictures) throw new Error("pictures need the headless editor: set POLICY_EDITOR=headless");
  await vscode.commands.executeCommand("workbench.action.closeSidebar");
  await hoveredCode();
  await evaluatedCase();
}

async function openPolicy(name: string): Promise<vscode.TextEditor> {
  const [uri] = await vscode.workspace.findFiles(name);
  if (uri === undefined) throw new Error("the workspace is not the samples");
  return vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** A case evaluated: outcomes behind the criteria, the explanation beside them. */
async function evaluatedCase(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await perform({ resize: LARGE });
  await vscode.commands.executeCommand("vscode.setEditorLayout", { orientation: 0, groups: [{ size: 0.6 }, { size: 0.4 }] });
  const editor = await openPolicy("spinal-injection.policy");
  const result = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", editor.document.uri, placeOf(editor, `case "${CASE}"`, 6));
  if (result.cases[0]?.determination !== "pend") throw new Error(`“${CASE}” does not pend`);
  scrollTo(editor, placeOf(editor, "\ncriteria", 1));
  await perform({ waitFor: "body.vscode-body" }, { wait: SETTLE_MS });
  await vscode.commands.executeCommand("notifications.clearAll");
  await take("editor", LARGE);
}

/** The hover of a code that has ended. */
async function hoveredCode(): Promise<void> {
  await perform({ resize: SMALL });
  const editor = await openPolicy("imrt.policy");
  const at = placeOf(editor, "77385", 2);
  scrollTo(editor, new vscode.Position(Math.max(0, at.line - 13), 0));
  editor.selection = new vscode.Selection(at, at);
  await pause(SETTLE_MS);
  await vscode.commands.executeCommand("editor.action.showHover");
  await perform({ waitFor: ".monaco-hover-content" }, { wait: SETTLE_MS });
  await take("hover", SMALL);
}

/** A picture of the window below its title bar. */
async function take(name: string, [width, height]: readonly [number, number]): Promise<void> {
  await perform({ screenshot: `${name}.png`, clip: [0, TITLE_BAR, width, height - TITLE_BAR] });
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
