// The pictures of the walkthrough, taken in the real editor: a suite of its own, run by `node scripts/screenshots.mjs --suite=walkthrough`.
import * as vscode from "vscode";
import { pause, perform, wantsPictures } from "./page.js";

// Small, because the page of the walkthrough shows them in half its width.
const SIZE = [760, 560] as const;
const TITLE_BAR = 30;
const SETTLE_MS = 1200;
const THEMES = { light: "Default Light Modern", dark: "Default Dark Modern" } as const;

/** Takes every picture in a light and a dark theme. */
export async function run(): Promise<void> {
  if (!wantsPictures) throw new Error("pictures need the headless editor: set POLICY_EDITOR=headless");
  await perform({ resize: SIZE });
  for (const [name, theme] of Object.entries(THEMES)) {
    await vscode.workspace.getConfiguration("workbench").update("colorTheme", theme, vscode.ConfigurationTarget.Global);
    await steps((picture) => take(`${picture}-${name}`));
  }
}

async function steps(picture: (name: string) => Promise<void>): Promise<void> {
  await closeAll();
  await vscode.commands.executeCommand("workbench.action.closeSidebar");
  await vscode.commands.executeCommand("policy.openSample", "untitled");
  await pause(SETTLE_MS);
  await picture("sample");
  await vscode.commands.executeCommand("policy.walkthrough.criterion");
  await pause(SETTLE_MS);
  await picture("criterion");
  await vscode.commands.executeCommand("policy.walkthrough.evaluate");
  await perform({ waitFor: "main .result" }, { wait: SETTLE_MS });
  await picture("evaluate");
  await vscode.commands.executeCommand("policy.walkthrough.fact");
  const editor = vscode.window.activeTextEditor!;
  await editor.edit((edit) => edit.replace(editor.selection, "94"));
  await vscode.commands.executeCommand("policy.walkthrough.evaluate");
  await pause(SETTLE_MS);
  await vscode.commands.executeCommand("notifications.clearAll");
  await picture("fact");
  await vscode.commands.executeCommand("workbench.action.closeEditorsInOtherGroups");
  await vscode.commands.executeCommand("policy.walkthrough.finding");
  await pause(SETTLE_MS);
  await picture("finding");
  await vscode.commands.executeCommand("workbench.action.closePanel");
  await vscode.commands.executeCommand("policy.newPolicy", { number: "CP.MP.500", title: "Home ventilation", plan: "Example Health Plan", effective: "2026-01-01", uri: null });
  await pause(SETTLE_MS);
  await picture("own");
}

/** Closes everything; untitled texts would otherwise ask whether to save them. */
async function closeAll(): Promise<void> {
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    if (!tab.isDirty || !(tab.input instanceof vscode.TabInputText)) continue;
    await vscode.window.showTextDocument(tab.input.uri);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

async function take(name: string): Promise<void> {
  await vscode.commands.executeCommand("notifications.clearAll");
  const [width, height] = SIZE;
  await perform({ wait: 300 }, { screenshot: `${name}.png`, clip: [0, TITLE_BAR, width, height - TITLE_BAR] });
}
