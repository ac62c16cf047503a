// The status bar of the policy or case file at hand: number, version in force, and how many of its cases pass. Hidden elsewhere.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { STATUS, type StatusParams, type StatusResult } from "../../server/src/lsp/protocol.js";
import { casesText, type StatusText, versionText } from "./statustext.js";
import { isPolicyText } from "./testing/tree.js";

/** A pause of the writer; where running the cases takes long, a longer one. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** Puts the status bar and its commands in place. */
export function registerStatus(client: LanguageClient, runAll: (uri: vscode.Uri) => Promise<void>): vscode.Disposable {
  const version = vscode.window.createStatusBarItem("version", vscode.StatusBarAlignment.Left, 9);
  const cases = vscode.window.createStatusBarItem("cases", vscode.StatusBarAlignment.Left, 8);
  version.name = "Policy version";
  cases.name = "Policy cases";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  let pause = PAUSE_MS;

  let last: vscode.TextDocument | undefined;
  const current = (): vscode.TextDocument | undefined => {
    const active = vscode.window.activeTextEditor?.document;
    // While a view is looked at that is no text, an explanation say, the policy beside it stays the one at hand.
    const document = active ?? vscode.window.visibleTextEditors.find((each) => each.document === last)?.document;
    last = document !== undefined && isPolicyText(document) ? document : undefined;
    return last;
  };
  const show = (item: vscode.StatusBarItem, { text, label, tooltip }: StatusText, command: vscode.Command): void => {
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label, role: "button" };
    item.command = command;
    item.show();
  };
  const hide = (): void => {
    version.hide();
    cases.hide();
  };
  const update = async (): Promise<void> => {
    const document = current();
    const turn = ++asked;
    const began = Date.now();
    if (document === undefined) return hide();
    const status = await client.sendRequest<StatusResult | null>(STATUS, { uri: document.uri.toString() } satisfies StatusParams).then(undefined, () => null);
    pause = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, 3 * (Date.now() - began)));
    if (turn !== asked) return;
    if (status === null) return hide();
    show(version, versionText(status), { title: "Go to the header", command: "policy.showHeader", arguments: [status] });
    show(cases, casesText(status), status.errors > 0 ? { title: "Show the errors", command: "workbench.actions.view.problems" }
      : status.cases.total === 0 ? { title: "New case", command: "policy.newCase", arguments: [status.policyUri] }
        : { title: "Run all cases", command: "policy.runTests", arguments: [status.policyUri] });
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), pause);
  };
  const watchers = ["**/*.policy", "**/*.case.{yaml,yml,json}"].map((glob) => vscode.workspace.createFileSystemWatcher(glob));
  void update();
  return vscode.Disposable.from(
    version, cases, ...watchers,
    ...watchers.flatMap((watcher) => [watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon)]),
    vscode.window.onDidChangeActiveTextEditor(() => void update()),
    vscode.window.onDidChangeVisibleTextEditors(() => { if (vscode.window.activeTextEditor === undefined) void update(); }),
    // Case files beside it count, and so does the policy of a case file.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0 && isPolicyText(document)) soon(); }),
    vscode.commands.registerCommand("policy.showHeader", showHeader),
    vscode.commands.registerCommand("policy.runTests", async (given?: unknown) => {
      const uri = typeof given === "string" ? vscode.Uri.parse(given) : given instanceof vscode.Uri ? given : current()?.uri;
      if (uri === undefined) return void vscode.window.showInformationMessage("Open a policy or a case file to run its cases.");
      await vscode.commands.executeCommand("workbench.view.testing.focus");
      await runAll(uri);
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

async function showHeader({ policyUri, header }: StatusResult): Promise<void> {
  const place = new vscode.Position(header.start.line, header.start.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(policyUri), { selection: new vscode.Range(place, place) });
}
