// The extension in an editor that runs in a browser: the language server in a web worker.
import * as vscode from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type MessageTransports } from "vscode-languageclient/browser";
import { type Exports, start } from "./extension.js";

/** Called by the editor when a policy is opened or a command of ours is run. */
export function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const script = vscode.Uri.joinPath(context.extensionUri, "server", "dist", "worker.js").toString(true);
  // A server that starts anew is a new worker; the one before ends itself when it is told to exit.
  const server = (): Promise<MessageTransports> => {
    const worker = new Worker(script, { name: "Clinical Policy" });
    // The worker itself would not do: the editor has put a class of its own in the place of `Worker`, and makes no instances of it.
    return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
  };
  return start(context, (_, options) => new LanguageClient("policy", "Clinical Policy", server, options));
}
