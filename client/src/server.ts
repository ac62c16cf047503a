// Starts the language server in a process of its own and talks to it over IPC.
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";

/** The documents the server looks at: policies, untitled ones too, case files, and the linter's configuration. */
export const SELECTOR: readonly vscode.DocumentFilter[] = [{ language: "policy" }, { pattern: "**/*.case.{yaml,yml,json}" }, { pattern: "**/policy.config.{yaml,yml}" }];

/** The one channel for what the server has to say; its level is set from the channel's own gear. */
export function outputChannel(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel("Clinical Policy", { log: true });
}

/** The client, not started yet. */
export function languageClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath("server/dist/server.js");
  const server: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ["--nolazy", "--inspect=6011"] } },
  };
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR.map((filter) => ({ ...filter })) as LanguageClientOptions["documentSelector"] & object,
    outputChannel: output,
    initializationOptions: { commands: true },
    diagnosticPullOptions: { onChange: true, onSave: false, onTabs: true },
    synchronize: {
      configurationSection: "policy",
      fileEvents: ["**/*.policy", "**/*.case.{yaml,yml,json}", "**/policy.config.{yaml,yml}"].map((glob) => vscode.workspace.createFileSystemWatcher(glob)),
    },
  };
  return new LanguageClient("policy", "Clinical Policy", server, options);
}
