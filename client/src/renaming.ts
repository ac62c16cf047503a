// Typing over a name that a refactoring has made up: the editor's own rename, opened at its place.
import * as vscode from "vscode";
import { type Place, RENAME_AT_COMMAND } from "../../server/src/lsp/protocol.js";

/** Registers the command that refactorings carry. */
export function registerRenaming(): vscode.Disposable {
  return vscode.commands.registerCommand(RENAME_AT_COMMAND, async (uri: string, { line, character }: Place) => {
    const at = vscode.Uri.parse(uri);
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() === at.toString()) editor.selection = new vscode.Selection(line, character, line, character);
    await vscode.commands.executeCommand("editor.action.rename", [at, new vscode.Position(line, character)]);
  });
}
