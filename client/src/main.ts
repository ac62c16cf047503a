// The extension where the editor has Node: the language server in a process of its own, over IPC.
import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { type Exports, start } from "./extension.js";

/** Called by the editor when a policy is opened or a command of ours is run. */
export function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const module = context.asAbsolutePath("server/dist/server.js");
  return start(context, (_, options) => new LanguageClient("policy", "Clinical Policy", {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ["--nolazy", "--inspect=6011"] } },
  }, options));
}
