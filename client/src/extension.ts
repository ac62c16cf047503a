// The extension's door: starts the language server and puts the commands in place.
import * as vscode from "vscode";
import { registerEvaluation } from "./evaluate.js";
import { explanationView } from "./explanation.js";
import { registerLinting } from "./lint.js";
import { resultMarks } from "./marks.js";
import { languageClient, outputChannel } from "./server.js";

/** Called by the editor when a policy is opened or a command of ours is run. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = outputChannel();
  const client = languageClient(context, output);
  const marks = resultMarks();
  const explanation = explanationView();
  context.subscriptions.push(output, marks, explanation, registerEvaluation(client, marks, explanation), registerLinting(client), { dispose: () => void client.dispose() });
  context.subscriptions.push(vscode.commands.registerCommand("policy.showOutput", () => output.show()));
  context.subscriptions.push(vscode.commands.registerCommand("policy.restartServer", () => client.restart()));
  try {
    await client.start();
  } catch (error) {
    output.error(String(error));
    void vscode.window.showErrorMessage("The policy language server did not start. The output channel “Clinical Policy” says why.");
  }
}
