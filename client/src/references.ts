// The lens "used 3 times": opens the places where a name is used, those in case files among them.
import * as vscode from "vscode";
import { type Place, SHOW_REFERENCES_COMMAND } from "../../server/src/lsp/protocol.js";

/** Puts the command of the lens in place. */
export function registerReferences(): vscode.Disposable {
  return vscode.commands.registerCommand(SHOW_REFERENCES_COMMAND, async (given: string, { line, character }: Place) => {
    const uri = vscode.Uri.parse(given);
    const place = new vscode.Position(line, character);
    const found = await vscode.commands.executeCommand<readonly vscode.Location[]>("vscode.executeReferenceProvider", uri, place);
    await vscode.commands.executeCommand("editor.action.showReferences", uri, place, found);
  });
}
