// Sends what is wrong with a text to the editor: when it asks (pull), or by itself (push) to editors that cannot ask.
import type { Connection, Diagnostic as LspDiagnostic, DocumentDiagnosticReport } from "vscode-languageserver";
import { type PageLinks, toDiagnostic } from "./convert.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { Linting } from "./linting.js";
import type { Runtime } from "./runtime.js";

export interface DiagnosticsSender {
  /** A document was opened or changed. */
  changed(uri: string): void;
  closed(uri: string): void;
  /** The lint rules have looked again, or are to look again: the editor is told, or told to ask. */
  renewed(uri: string): void;
  /** Answers a pull. */
  report(uri: string, previous: string | undefined): Promise<DocumentDiagnosticReport>;
}

/** Sends diagnostics; `pull` if the editor asks for them, `refresh` if it can be told to ask again. */
export function diagnosticsSender(connection: Connection, documents: Documents, linting: Linting, runtime: Runtime, mode: { readonly pull: boolean; readonly refresh: boolean; readonly links: PageLinks }): DiagnosticsSender {
  const waiting = new Set<string>();
  let refreshing = false;
  const ids = new WeakMap<object, string>();
  let lastId = 0;
  // An id for each set of findings: the same array is the same findings.
  const idOf = (findings: object): string => {
    const id = ids.get(findings) ?? String(++lastId);
    ids.set(findings, id);
    return id;
  };

  const flush = async (): Promise<void> => {
    const uris = [...waiting];
    waiting.clear();
    for (const uri of uris) {
      const version = documents.get(uri)?.document.version;
      const found = await findings(documents, linting, uri, mode.links);
      // The newest text wins: while the policy of a case file was read, the file may have changed.
      if (found !== undefined && version !== undefined && documents.get(uri)?.document.version === version) void connection.sendDiagnostics({ uri, version, diagnostics: found.list() });
    }
  };

  const push = (uri: string): void => {
    if (waiting.size === 0) runtime.later(() => void flush().catch((error: unknown) => connection.console.error(`diagnostics: ${String(error)}`)));
    waiting.add(uri);
  };

  const refresh = (): void => {
    if (!mode.refresh || refreshing) return;
    refreshing = true;
    runtime.later(() => {
      refreshing = false;
      void connection.languages.diagnostics.refresh();
    });
  };

  return {
    changed(uri) {
      // A policy that is not open may have changed on disk.
      const isPolicy = documents.get(uri)?.kind === "policy" || uri.endsWith(".policy");
      const others = isPolicy ? [...documents.all()].filter((each) => each.kind === "cases") : [];
      if (!mode.pull) {
        push(uri);
        for (const other of others) push(other.uri);
      } else if (others.length > 0) refresh();
    },
    renewed(uri) {
      if (mode.pull) refresh();
      else push(uri);
    },
    closed(uri) {
      waiting.delete(uri);
      if (!mode.pull) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    async report(uri, previous) {
      const found = await findings(documents, linting, uri, mode.links);
      if (found === undefined) return { kind: "full", items: [] };
      const resultId = idOf(found.key);
      return previous === resultId ? { kind: "unchanged", resultId } : { kind: "full", resultId, items: found.list() };
    },
  };
}

async function findings(documents: Documents, linting: Linting, uri: string, links: PageLinks): Promise<{ key: object; list: () => LspDiagnostic[] } | undefined> {
  const kind = documents.get(uri)?.kind;
  if (kind === "config") {
    const text = documents.get(uri)!.document.getText();
    const { diagnostics } = core().readConfig(text, core().LINT_RULES);
    const lines = core().lineIndex(text);
    return { key: diagnostics, list: () => diagnostics.map((each) => toDiagnostic(lines, uri, each, links)) };
  }
  if (kind === "policy") {
    const found = await linting.findings(uri);
    return found && { key: found.diagnostics, list: () => found.diagnostics.map((each) => toDiagnostic(found.analysis.lines, uri, each, links)) };
  }
  const cases = await documents.cases(uri);
  return cases && { key: cases.file.diagnostics, list: () => cases.file.diagnostics.map((each) => toDiagnostic(cases.lines, uri, each, links)) };
}
