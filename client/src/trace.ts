// The conversation with the server, written to the channel as the setting `policy.trace.server` says, whatever the channel's own level.
import * as vscode from "vscode";

const SETTING = "policy.trace.server";

/** A channel for the language client: its level follows the setting, and what is traced is shown. */
export function traceChannel(output: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  const wanted = (): boolean => (vscode.workspace.getConfiguration().get<string>(SETTING) ?? "off") !== "off";
  const level = (): vscode.LogLevel => (wanted() ? vscode.LogLevel.Trace : output.logLevel);
  const listeners = vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration(SETTING)) changed.fire(level()); }),
    output.onDidChangeLogLevel(() => changed.fire(level())),
  );
  return new Proxy(output, {
    get(target, key) {
      switch (key) {
        case "logLevel": return level();
        case "onDidChangeLogLevel": return changed.event;
        // At a level below trace the channel would drop it.
        case "trace": return (message: string, ...more: unknown[]): void => (target.logLevel === vscode.LogLevel.Trace ? target.trace(message, ...more) : target.info(`[trace] ${message}`, ...more));
        case "dispose": return () => listeners.dispose();
        default: {
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
        }
      }
    },
  });
}
