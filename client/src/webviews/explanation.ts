// The explanation view: asks the server for what a case comes to, follows the text and the cursor, and saves changed cases.
import * as vscode from "vscode";
import type { LanguageClient } from "../server.js";
import {
  ADVICE, type AdviceSection, type CaseChanges, type CaseRef, type CriterionOutcome, EXPLANATION, type ExplanationNode, EXPLANATION_MARKDOWN, type ExplanationParams, type ExplanationResult, SAVE_CASE, type SaveCaseParams, type SaveCaseResult, type Source,
} from "../../../server/src/lsp/protocol.js";
import { openPage, type PageView, reveal, toRange } from "./panel.js";

type Message =
  | { readonly type: "ready" | "advise" }
  | { readonly type: "choose"; readonly case: CaseRef | null }
  | { readonly type: "change" | "copy" | "save"; readonly changes?: CaseChanges }
  | { readonly type: "open"; readonly source: Source };

const TYPING_MS = 200;

export interface ExplanationPanel extends vscode.Disposable {
  /** Shows a case of a policy; without a case the one shown before, or the first. */
  show(policy: string, shown?: CaseRef): Promise<void>;
}

/** Shows outcomes behind the criteria of a policy. */
export type ShowOutcomes = (policy: string, criteria: readonly CriterionOutcome[]) => void;

/** Makes the view; it opens when it is first shown. What is tried in it is marked in the policy too. */
export function explanationPanel(context: vscode.ExtensionContext, client: LanguageClient, showOutcomes: ShowOutcomes): ExplanationPanel {
  let view: PageView<Message> | undefined;
  let policy = "";
  let chosen: CaseRef | undefined;
  let changes: CaseChanges | undefined;
  let asked = 0;
  /** The view shows something else than what was last evaluated in the editor. */
  let apart = false;
  let last: ExplanationResult | undefined;

  const params = (): ExplanationParams => ({ uri: policy, ...(chosen === undefined ? {} : { case: chosen }), ...(changes === undefined ? {} : { changes }) });

  const renew = async (): Promise<void> => {
    const number = ++asked;
    const result = await client.sendRequest<ExplanationResult | null>(EXPLANATION, params());
    if (number !== asked || view === undefined) return;
    if (result === null) {
      view.post({ type: "show", result: { uri: policy, cases: [], problems: [], problem: "The policy cannot be read." } satisfies ExplanationResult, changes });
      return;
    }
    last = result;
    // A case that was chosen by its name goes on under the name it has now.
    if (chosen?.name !== undefined) chosen = result.shown ?? chosen;
    view.post({ type: "show", result, changes });
    if (apart && result.explained !== undefined) showOutcomes(policy, outcomesIn(result.explained.statements));
    followCursor();
  };

  const advise = async (): Promise<void> => {
    const number = asked;
    const sections = await client.sendRequest<readonly AdviceSection[]>(ADVICE, params());
    if (number === asked) view?.post({ type: "advice", sections });
  };

  const followCursor = (): void => {
    const editor = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === policy);
    if (editor !== undefined) view?.post({ type: "cursor", line: editor.selection.active.line });
  };

  let typing: ReturnType<typeof setTimeout> | undefined;
  const listeners = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (view === undefined || contentChanges.length === 0) return;
      const uri = document.uri.toString();
      if (uri !== policy && !(last?.cases.some((each) => each.uri === uri) ?? false)) return;
      clearTimeout(typing);
      typing = setTimeout(() => void renew(), TYPING_MS);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor.document.uri.toString() === policy) view?.post({ type: "cursor", line: textEditor.selection.active.line });
    }),
  ];

  const receive = async (message: Message): Promise<void> => {
    switch (message.type) {
      case "choose":
        chosen = message.case ?? { uri: policy };
        changes = undefined;
        apart = true;
        await renew();
        break;
      case "change":
        changes = message.changes;
        apart = true;
        await renew();
        break;
      case "open": await reveal(message.source); break;
      case "copy": {
        await vscode.env.clipboard.writeText(await client.sendRequest<string>(EXPLANATION_MARKDOWN, params()));
        void vscode.window.setStatusBarMessage("The explanation is in the clipboard, as Markdown.", 4000);
        break;
      }
      case "advise": await advise(); break;
      case "save": await save(); break;
      case "ready": break;
    }
  };

  const save = async (): Promise<void> => {
    const names = new Set(last?.cases.map((each) => each.name));
    const name = await vscode.window.showInputBox({
      title: "Save as a case",
      prompt: "What is the case called? It expects what it comes to today; look whether that is what it should come to.",
      value: freeName(chosen?.name === undefined ? "New case" : chosen.name, names),
      validateInput: (text) => (text.trim() === "" ? "A case needs a name." : names.has(text.trim()) ? "There is a case of this name already." : undefined),
    });
    if (name === undefined) return;
    const result = await client.sendRequest<SaveCaseResult | null>(SAVE_CASE, { ...params(), name: name.trim() } satisfies SaveCaseParams);
    if (result === null) {
      void vscode.window.showWarningMessage("The case could not be saved. Mend the errors of the policy first.");
      return;
    }
    const uri = vscode.Uri.parse(result.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, toRange(result.range), result.newText);
    await vscode.workspace.openTextDocument(uri);
    if (!(await vscode.workspace.applyEdit(edit))) return;
    await reveal({ uri: result.uri, span: result.select }, true);
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() === uri.toString()) editor.selection = new vscode.Selection(toRange(result.select).start, toRange(result.select).end);
    chosen = { uri: result.uri, name: name.trim() };
    changes = undefined;
    await renew();
  };

  return {
    async show(uri, shown) {
      const other = uri !== policy || (shown !== undefined && (shown.uri !== chosen?.uri || shown.name !== chosen.name));
      policy = uri;
      if (other) {
        chosen = shown;
        changes = undefined;
      }
      // What was evaluated has its marks already.
      if (shown !== undefined) {
        changes = undefined;
        apart = false;
      }
      if (view === undefined) {
        view = openPage<Message>(context, { type: "policy.explanation", title: "Explanation", page: "explanation", column: vscode.ViewColumn.Beside });
        view.received((message) => void receive(message));
        view.panel.onDidDispose(() => { view = undefined; });
      } else if (!view.panel.visible) {
        view.panel.reveal(undefined, true);
      }
      await renew();
    },
    dispose() {
      clearTimeout(typing);
      for (const listener of listeners) listener.dispose();
      view?.panel.dispose();
    },
  };
}

/** The outcomes of labelled criteria at their lines. */
function outcomesIn(nodes: readonly ExplanationNode[]): readonly CriterionOutcome[] {
  return nodes.flatMap((node) => [
    ...(node.id === node.address ? [{ line: node.span.start.line, address: node.address, outcome: node.outcome, why: node.why.join("; ") }] : []),
    ...outcomesIn(node.items),
  ]);
}

/** A name that no case has yet. */
function freeName(base: string, taken: ReadonlySet<string | undefined>): string {
  if (!taken.has(base)) return base;
  for (let i = 2; ; i++) if (!taken.has(`${base} (${i})`)) return `${base} (${i})`;
}
