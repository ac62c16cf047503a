// A view beside the editor: a page of ours with nothing let in from elsewhere, and the places that it shows in documents.
import * as vscode from "vscode";
import type { Source, Span } from "../../../server/src/lsp/protocol.js";

export interface PageView<M extends { readonly type: string }> {
  readonly panel: vscode.WebviewPanel;
  /** Sends a message to the page; the last of each type is sent again when the page comes back into sight. */
  post(message: { readonly type: string } & Readonly<Record<string, unknown>>): void;
  readonly received: vscode.Event<M>;
}

export interface PageOptions {
  readonly type: string;
  readonly title: string;
  /** Name of the page's script and style. */
  readonly page: "explanation" | "preview" | "diagram";
  readonly column: vscode.ViewColumn;
}

/** Opens a view; the focus stays in the editor. */
export function openPage<M extends { readonly type: string }>(context: vscode.ExtensionContext, { type, title, page, column }: PageOptions): PageView<M> {
  const media = vscode.Uri.joinPath(context.extensionUri, "client", "media");
  const scripts = vscode.Uri.joinPath(context.extensionUri, "client", "dist", "webviews");
  const panel = vscode.window.createWebviewPanel(type, title, { viewColumn: column, preserveFocus: true }, { enableScripts: true, enableFindWidget: true, localResourceRoots: [media, scripts] });
  panel.iconPath = { light: vscode.Uri.joinPath(context.extensionUri, "client/icons/policy-light.svg"), dark: vscode.Uri.joinPath(context.extensionUri, "client/icons/policy-dark.svg") };
  const last = new Map<string, unknown>();
  let ready = false;
  const received = new vscode.EventEmitter<M>();
  panel.webview.onDidReceiveMessage((message: M) => {
    if (message.type === "ready") {
      ready = true;
      for (const each of last.values()) void panel.webview.postMessage(each);
    } else {
      received.fire(message);
    }
  });
  panel.onDidChangeViewState(() => {
    // A hidden page is thrown away; it says so when it is back.
    if (!panel.visible) ready = false;
  });
  panel.onDidDispose(() => received.dispose());
  panel.webview.html = html(panel.webview, title, vscode.Uri.joinPath(scripts, `${page}.js`), vscode.Uri.joinPath(media, `${page}.css`));
  return {
    panel,
    received: received.event,
    post(message) {
      last.delete(message.type);
      last.set(message.type, message);
      if (ready) void panel.webview.postMessage(message);
    },
  };
}

function html(webview: vscode.Webview, title: string, script: vscode.Uri, style: vscode.Uri): string {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${webview.asWebviewUri(style).toString()}">
</head>
<body>
<script nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script>
</body>
</html>`;
}

/** A stretch of a document as the editor has it. */
export function toRange({ start, end }: Span): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Shows a place in its document, beside the view; the focus goes there only where it is asked to. */
export async function reveal({ uri, span }: Source, focus = false): Promise<void> {
  const range = toRange(span);
  const target = vscode.Uri.parse(uri);
  const there = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === target.toString());
  const editor = await vscode.window.showTextDocument(target, { viewColumn: there?.viewColumn ?? vscode.ViewColumn.One, preserveFocus: !focus, preview: false });
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  flash(editor, range);
}

const FLASH_MS = 1200;
let mark: vscode.TextEditorDecorationType | undefined;

/** Marks a range for a moment, so that the eye finds it. */
function flash(editor: vscode.TextEditor, range: vscode.Range): void {
  mark ??= vscode.window.createTextEditorDecorationType({ backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"), border: "1px solid", borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder") });
  editor.setDecorations(mark, [range]);
  const used = mark;
  setTimeout(() => editor.setDecorations(used, []), FLASH_MS);
}

/** The last part of the path of a document. */
export const fileName = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf("/") + 1);

/** Name of a policy's file without its ending, for a file made from it. */
export const stemOf = (uri: vscode.Uri): string => fileName(uri).replace(/\.policy$/u, "") || "policy";

/** The policy that is looked at: the active editor's, or a visible one. */
export function activePolicy(given?: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  if (typeof given === "string") return vscode.Uri.parse(given);
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  const found = editors.find((editor) => editor?.document.languageId === "policy");
  if (found === undefined) void vscode.window.showInformationMessage("Open a policy first.");
  return found?.document.uri;
}
