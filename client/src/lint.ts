// What is done about findings: suppressing one with a reason, and the pages that explain lint rules.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { DOCS_SCHEME, EXPLAIN_COMMAND, LINT_PAGE, type LintPageParams, SUPPRESS, SUPPRESS_COMMAND, type SuppressEdit, type SuppressParams } from "../../server/src/lsp/protocol.js";

/** Puts the commands of findings in place. */
export function registerLinting(client: LanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(SUPPRESS_COMMAND, (finding: Omit<SuppressParams, "reason">) => suppress(client, finding)),
    vscode.commands.registerCommand(EXPLAIN_COMMAND, (page: LintPageParams) => explain(page.id)),
    vscode.workspace.registerTextDocumentContentProvider(DOCS_SCHEME, {
      async provideTextDocumentContent(uri) {
        const id = uri.path.replace(/^\/|\.md$/gu, "");
        return (await client.sendRequest<string | null>(LINT_PAGE, { id })) ?? `There is no lint rule ${id}.`;
      },
    }),
  );
}

async function suppress(client: LanguageClient, finding: Omit<SuppressParams, "reason">): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title: `Ignore ${finding.code} here`,
    prompt: "Why is it right as it is? The reason stands in the policy as a comment, for those who review it.",
    validateInput: (text) => (text.trim() === "" ? "Without a reason it is not ignored." : undefined),
  });
  if (reason === undefined) return;
  const edits = await client.sendRequest<readonly SuppressEdit[]>(SUPPRESS, { ...finding, reason });
  if (edits.length === 0) {
    void vscode.window.showInformationMessage("The finding is not there any more.");
    return;
  }
  const change = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) {
    change.replace(vscode.Uri.parse(finding.uri), new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character), newText);
  }
  await vscode.workspace.applyEdit(change);
}

async function explain(id: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: DOCS_SCHEME, path: `/${id}.md` });
  try {
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  } catch {
    // An editor without the Markdown preview shows the text itself.
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}
