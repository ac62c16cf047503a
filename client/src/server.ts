// What the language client is told wherever it runs: which documents are the server's, and where it writes.
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { traceChannel } from "./trace.js";

/** The client of the server; Node's and the browser's are made in main.ts and browser.ts. */
export type LanguageClient = BaseLanguageClient;
/** Makes the client, not started yet. */
export type Connect = (context: vscode.ExtensionContext, options: LanguageClientOptions) => LanguageClient;

/** The documents the server looks at: policies, untitled ones too, case files, and the linter's configuration. */
export const SELECTOR: readonly vscode.DocumentFilter[] = [{ language: "policy" }, { pattern: "**/*.case.{yaml,yml,json}" }, { pattern: "**/policy.config.{yaml,yml}" }];

/** The one channel for what the server has to say; its level is set from the channel's own gear. */
export function outputChannel(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel("Clinical Policy", { log: true });
}

/** The client, not started yet. */
export function languageClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, connect: Connect): LanguageClient {
  return connect(context, {
    documentSelector: SELECTOR.map((filter) => ({ ...filter })) as LanguageClientOptions["documentSelector"] & object,
    outputChannel: output,
    traceOutputChannel: traceChannel(output),
    initializationOptions: { commands: true },
    diagnosticPullOptions: { onChange: true, onSave: false, onTabs: true },
    synchronize: {
      configurationSection: "policy",
      fileEvents: ["**/*.policy", "**/*.case.{yaml,yml,json}", "**/policy.config.{yaml,yml}"].map((glob) => vscode.workspace.createFileSystemWatcher(glob)),
    },
  });
}
