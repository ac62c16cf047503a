// The extension, wherever the editor runs: starts the language server and puts the commands in place. main.ts and browser.ts are its doors.
import * as vscode from "vscode";
import { registerEvaluation } from "./evaluate.js";
import { explanationView } from "./explanation.js";
import { registerFiles } from "./files.js";
import { registerLetters } from "./letters.js";
import { registerLinting } from "./lint.js";
import { resultMarks } from "./marks.js";
import { registerGenerateCases } from "./generatecases.js";
import { registerNewCase } from "./newcase.js";
import { registerNewPolicy } from "./newpolicy.js";
import { registerReferences } from "./references.js";
import { registerRenaming } from "./renaming.js";
import { type Connect, languageClient, outputChannel } from "./server.js";
import { registerDiagram } from "./webviews/diagram.js";
import { registerPreview } from "./webviews/preview.js";
import { registerStatus } from "./status.js";
import { registerTesting, type Testing } from "./testing.js";
import { registerWalkthrough } from "./walkthrough.js";

/** What the extension gives to tests and to other extensions. */
export interface Exports {
  readonly testing: Testing;
  readonly output: vscode.LogOutputChannel;
}

/** Puts everything in place, with a client that is made as the place needs it. */
export async function start(context: vscode.ExtensionContext, connect: Connect): Promise<Exports> {
  const output = outputChannel();
  const client = languageClient(context, output, connect);
  context.subscriptions.push(registerFiles(context, client));
  const marks = resultMarks();
  const explanation = explanationView(context, client, marks);
  context.subscriptions.push(output, marks, explanation, registerEvaluation(client, marks, explanation), registerLinting(client), { dispose: () => void client.dispose() });
  const testing = registerTesting(client);
  context.subscriptions.push(testing, registerStatus(client, testing.runAll), registerNewPolicy(client), registerNewCase(client), registerGenerateCases(client), registerWalkthrough(context));
  context.subscriptions.push(registerRenaming(), registerReferences());
  context.subscriptions.push(registerPreview(context, client), registerDiagram(context, client), registerLetters(client));
  context.subscriptions.push(vscode.commands.registerCommand("policy.showOutput", () => output.show()));
  context.subscriptions.push(vscode.commands.registerCommand("policy.restartServer", async () => {
    await client.stop();
    await client.start();
  }));
  try {
    await client.start();
  } catch (error) {
    output.error(String(error));
    void vscode.window.showErrorMessage("The policy language server did not start. The output channel “Clinical Policy” says why.");
  }
  return { testing, output };
}
