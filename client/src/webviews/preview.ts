// The policy preview: the published document beside its text, live and in step with it, and its way to the printer.
import * as vscode from "vscode";
import type { LanguageClient } from "../server.js";
import { PREVIEW, PREVIEW_PAGE, type PreviewParams, type PreviewResult } from "../../../server/src/lsp/protocol.js";
import { activePolicy, fileName, openPage, type PageView, reveal, stemOf } from "./panel.js";

type Message =
  | { readonly type: "ready" | "print" | "save" }
  | { readonly type: "conditions"; readonly shown: boolean }
  | { readonly type: "scrolled" | "open"; readonly line: number };

const OPEN_PREVIEW = "policy.openPreview";
const PRINT_PREVIEW = "policy.printPreview";
const SAVE_PREVIEW = "policy.savePreview";
const QUIET_MS = 250;

/** Puts the commands of the preview in place. */
export function registerPreview(context: vscode.ExtensionContext, client: LanguageClient): vscode.Disposable {
  let view: PageView<Message> | undefined;
  let uri: vscode.Uri | undefined;
  let conditions = false;
  let asking = false;
  let again = false;
  let quietUntil = 0;

  const renew = async (): Promise<void> => {
    if (uri === undefined || view === undefined) return;
    // While one answer is on its way nothing more is asked than the newest afterwards.
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const result = await client.sendRequest<PreviewResult | null>(PREVIEW, { uri: uri.toString(), conditions } satisfies PreviewParams);
      if (view === undefined) return;
      if (result === null) view.post({ type: "problem", text: "The policy is not open any more. What stands below is from before." });
      else {
        view.panel.title = `Preview: ${result.title}`;
        view.post({ type: "show", result, conditions });
      }
    } finally {
      asking = false;
      if (again) {
        again = false;
        void renew();
      }
    }
  };

  const editorOf = (): vscode.TextEditor | undefined => vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri?.toString());
  const follow = (editor: vscode.TextEditor): void => {
    const top = editor.visibleRanges[0]?.start.line;
    if (top !== undefined && Date.now() > quietUntil) view?.post({ type: "scroll", line: top });
  };

  const receive = async (message: Message): Promise<void> => {
    switch (message.type) {
      case "conditions": conditions = message.shown; await renew(); break;
      case "print": await print(uri); break;
      case "save": await save(uri); break;
      case "scrolled": {
        const editor = editorOf();
        quietUntil = Date.now() + QUIET_MS;
        editor?.revealRange(new vscode.Range(message.line, 0, message.line, 0), vscode.TextEditorRevealType.AtTop);
        break;
      }
      case "open": {
        quietUntil = Date.now() + QUIET_MS;
        const at = { line: message.line, character: 0 };
        if (uri !== undefined) await reveal({ uri: uri.toString(), span: { start: at, end: { line: message.line, character: 1000 } } }, true);
        break;
      }
      case "ready": break;
    }
  };

  const open = async (given?: unknown): Promise<void> => {
    const found = activePolicy(given);
    if (found === undefined) return;
    uri = found;
    if (view === undefined) {
      view = openPage<Message>(context, { type: "policy.preview", title: "Preview", page: "preview", column: vscode.ViewColumn.Beside });
      view.received((message) => void receive(message));
      view.panel.onDidDispose(() => { view = undefined; });
    } else {
      view.panel.reveal(undefined, true);
    }
    await renew();
    const editor = editorOf();
    if (editor !== undefined) follow(editor);
  };

  const pageOf = async (given: vscode.Uri | undefined): Promise<string | undefined> => {
    if (given === undefined) return undefined;
    const page = await client.sendRequest<string | null>(PREVIEW_PAGE, { uri: given.toString(), conditions } satisfies PreviewParams);
    if (page === null) void vscode.window.showWarningMessage("The policy cannot be read.");
    return page ?? undefined;
  };

  /** Writes the page and opens it in the browser, which prints it or makes a PDF of it. */
  const print = async (given: vscode.Uri | undefined): Promise<void> => {
    const page = await pageOf(given);
    if (given === undefined || page === undefined) return;
    const file = vscode.Uri.joinPath(context.globalStorageUri, "print", `${stemOf(given)}.html`);
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(file, ".."));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(page));
    // An editor in a browser keeps the page where no other tab can read it.
    const opened = file.scheme === "file" && (await vscode.env.openExternal(file).then((done) => done, () => false));
    if (opened) void vscode.window.setStatusBarMessage("Print from the browser: Ctrl+P, or ⌘P on a Mac; “Save as PDF” is among the printers.", 8000);
    else void vscode.window.showInformationMessage("The browser did not open. “Policy: Save Preview as HTML” writes a file that any browser prints.");
  };

  const save = async (given: vscode.Uri | undefined): Promise<vscode.Uri | undefined> => {
    const page = await pageOf(given);
    if (given === undefined || page === undefined) return undefined;
    const folder = given.scheme === "untitled" ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(given, "..");
    const target = await vscode.window.showSaveDialog({ title: "Save the policy as HTML", filters: { HTML: ["html"] }, ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${stemOf(given)}.html`) }) });
    if (target === undefined) return undefined;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(page));
    void vscode.window.setStatusBarMessage(`Saved as ${fileName(target)}.`, 5000);
    return target;
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand(OPEN_PREVIEW, open),
    vscode.commands.registerCommand(PRINT_PREVIEW, (given?: unknown) => print(activePolicy(given))),
    vscode.commands.registerCommand(SAVE_PREVIEW, (given?: unknown) => save(activePolicy(given))),
    vscode.workspace.onDidChangeTextDocument(({ document }) => { if (document.uri.toString() === uri?.toString()) void renew(); }),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => { if (textEditor.document.uri.toString() === uri?.toString()) follow(textEditor); }),
    // One preview follows the policy that is being written.
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (view === undefined || editor === undefined || editor.document.languageId !== "policy" || editor.document.uri.toString() === uri?.toString()) return;
      uri = editor.document.uri;
      void renew();
    }),
    { dispose: () => view?.panel.dispose() },
  );
}
