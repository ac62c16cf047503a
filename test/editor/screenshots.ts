// The pictures of the documentation, taken in the real editor: a suite of its own, run by scripts/screenshots.mjs.
import * as vscode from "vscode";
import type { EvaluateResult } from "../../server/src/lsp/protocol.js";
import { pause, perform, wantsPictures } from "./page.js";

const CASE = "Anticoagulant stopped, INR not measured";
const SETTLE_MS = 1500;
const TITLE_BAR = 30;
const LARGE = [1600, 1080] as const;
const SMALL = [1200, 500] as const;
const VIEW = [1280, 760] as const;

/** Takes every picture; rejects where the editor does not show what the picture is to show. */
export async function run(): Promise<void> {
  if (!wantsPictures) throw new Error("pictures need the headless editor: set POLICY_EDITOR=headless");
  await vscode.commands.executeCommand("workbench.action.closeSidebar");
  await hoveredCode();
  await finding();
  await evaluatedCase();
  await whatIf();
  await preview();
  await logicDiagram();
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
  await perform({ waitFor: "main .result" }, { wait: SETTLE_MS });
  await vscode.commands.executeCommand("notifications.clearAll");
  await take("editor", LARGE);
}

/** A missing fact answered in the explanation: the determination before and after. */
async function whatIf(): Promise<void> {
  await beside("spinal-injection.policy", VIEW, [0.45, 0.55]);
  const editor = vscode.window.activeTextEditor!;
  await vscode.commands.executeCommand("policy.evaluateCase", editor.document.uri, placeOf(editor, `case "${CASE}"`, 6));
  await perform({ waitFor: ".missing button" }, { click: ".missing button" }, { type: "1.2" }, { waitFor: ".determination.is-approve", timeout: 5000 }, { click: "h1" });
  scrollTo(editor, placeOf(editor, "\ncriteria", 1));
  await perform({ wait: SETTLE_MS }, { hoverAt: [10, 200] });
  await take("explanation", VIEW);
}

/** The document beside its text. */
async function preview(): Promise<void> {
  await beside("tnf-inhibitor.policy", VIEW, [0.45, 0.55]);
  const editor = vscode.window.activeTextEditor!;
  await vscode.commands.executeCommand("policy.openPreview", editor.document.uri);
  await perform({ waitFor: ".policy-document h1" }, { wait: SETTLE_MS });
  scrollTo(editor, placeOf(editor, "\ncriteria", 1));
  await perform({ wait: SETTLE_MS });
  await take("preview", VIEW);
}

/** The logic with the outcome of a case. */
async function logicDiagram(): Promise<void> {
  await beside("spinal-injection.policy", VIEW, [0.3, 0.7]);
  const editor = vscode.window.activeTextEditor!;
  scrollTo(editor, placeOf(editor, "\ncriteria", 1));
  await vscode.commands.executeCommand("policy.showDiagram", editor.document.uri);
  await perform({ waitFor: ".policy-diagram .node" }, { click: "select#case" }, { press: "ArrowDown" }, { press: "ArrowDown" }, { press: "Enter" }, { waitFor: ".policy-diagram .is-met", timeout: 5000 }, { wait: SETTLE_MS });
  await take("diagram", VIEW);
}

/** A policy alone on the left, with room for a view on the right. */
async function beside(name: string, size: readonly [number, number], columns: readonly [number, number]): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await perform({ resize: size });
  await vscode.commands.executeCommand("vscode.setEditorLayout", { orientation: 0, groups: columns.map((part) => ({ size: part })) });
  await openPolicy(name);
  await vscode.commands.executeCommand("notifications.clearAll");
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

/** Findings of the linter in a policy with the defects of a published one, and what there is to do about one of them. */
async function finding(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  await perform({ resize: SMALL });
  const [sample] = await vscode.workspace.findFiles("imrt.policy");
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(sample!))
    .replace(/^ *# lint-ignore duplicate-criterion.*\r?\n/mu, "").replace("c. Cancer in the abdomen", "c. Cancer in the abdomne").replace("1. Central", "1. Cenrtal")
    .replace("e. Cancer of the anus, colon or rectum", "e. Cancers of the anus,, colon or rectum with significantly higher dose");
  const document = await vscode.workspace.openTextDocument({ language: "policy", content: text });
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  const at = placeOf(editor, "c. Endometrial cancer\n            when site is endometrium and cancer\n      8.", 8);
  scrollTo(editor, new vscode.Position(Math.max(0, at.line - 9), 0));
  editor.selection = new vscode.Selection(at, at);
  await perform({ waitFor: ".squiggly-warning" }, { wait: SETTLE_MS });
  await vscode.commands.executeCommand("editor.action.showHover");
  await perform({ waitFor: ".monaco-hover-content" }, { wait: SETTLE_MS });
  await take("finding", SMALL);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
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
