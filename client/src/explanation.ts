// The explanation beside the editor: a view of its own, or a Markdown preview in editors that have no such views.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import type { EvaluatedCase, EvaluateResult } from "../../server/src/lsp/protocol.js";
import type { ResultMarks } from "./marks.js";
import { explanationPanel } from "./webviews/explanation.js";
import { activePolicy } from "./webviews/panel.js";

const SCHEME = "policy-explanation";
const NAME = "Explanation";
const TRIES = 40;
const PAUSE_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export interface ExplanationView extends vscode.Disposable {
  /** Shows the explanation of a case; the focus stays in the editor. */
  show(evaluated: EvaluatedCase, result: EvaluateResult): Promise<void>;
}

/** Command that opens the view for the policy in the editor. */
const SHOW_EXPLANATION = "policy.showExplanation";

/** Makes the view; it opens with the first case. */
export function explanationView(context: vscode.ExtensionContext, client: LanguageClient, marks: ResultMarks): ExplanationView {
  const panel = explanationPanel(context, client, (policy, criteria) => marks.showOutcomes(policy, criteria));
  const markdown = markdownView();
  let views = typeof vscode.window.createWebviewPanel === "function";
  const command = vscode.commands.registerCommand(SHOW_EXPLANATION, async (given?: unknown) => {
    const uri = activePolicy(given);
    if (uri !== undefined) await panel.show(uri.toString());
  });
  return {
    async show(evaluated, result) {
      // A case that was not evaluated has nothing but a reason, which a page of text says as well.
      const policy = result.policyUri;
      if (views && policy !== undefined) {
        try {
          await panel.show(policy, { uri: result.uri, name: evaluated.name, at: evaluated.nameSpan.start });
          return;
        } catch {
          views = false;
        }
      }
      await markdown.show(evaluated);
    },
    dispose() {
      command.dispose();
      panel.dispose();
      markdown.dispose();
    },
  };
}

/** The explanation as one Markdown preview of a virtual document, renewed with every evaluation. */
function markdownView(): vscode.Disposable & { show(evaluated: EvaluatedCase): Promise<void> } {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${NAME}` });
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let text = "";
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, { onDidChange: changed.event, provideTextDocumentContent: () => text });
  // The editor drops a text that it has not looked at for a while, and then tells the preview nothing: it is asked to look again.
  const renew = async (): Promise<void> => {
    for (let i = 0; i < TRIES && (await vscode.workspace.openTextDocument(uri)).getText() !== text; i++) await pause(PAUSE_MS);
    await vscode.commands.executeCommand("markdown.preview.refresh").then(undefined, () => undefined);
  };
  return {
    async show(evaluated) {
      text = evaluated.explanation;
      changed.fire(uri);
      if (isShown()) return renew();
      const editor = vscode.window.activeTextEditor;
      try {
        await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
      } catch {
        // An editor without the Markdown preview shows the text itself.
        await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
      }
      // The preview takes the focus when it appears, which is after the command is done.
      for (let i = 0; i < TRIES && !hasFocus(); i++) await pause(PAUSE_MS);
      if (editor !== undefined) await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.One });
    },
    dispose() {
      provider.dispose();
      changed.dispose();
    },
  };
}

const isExplanation = (tab: vscode.Tab | undefined): boolean =>
  tab !== undefined && tab.label.includes(NAME) && (tab.input instanceof vscode.TabInputWebview || (tab.input instanceof vscode.TabInputText && tab.input.uri.scheme === SCHEME));

const isShown = (): boolean => vscode.window.tabGroups.all.some((group) => isExplanation(group.activeTab));

const hasFocus = (): boolean => vscode.window.activeTextEditor === undefined && isExplanation(vscode.window.tabGroups.activeTabGroup.activeTab);
