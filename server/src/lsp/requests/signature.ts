// Help while a condition is typed: its form, and which part comes next.
import { MarkupKind, type SignatureHelp } from "vscode-languageserver";
import { at, type At, type RequestGroup } from "../context.js";
import { core } from "../lazy.js";

export const signatureRequests: RequestGroup = {
  capabilities: () => ({ signatureHelpProvider: { triggerCharacters: [" "], retriggerCharacters: [",", "("] } }),
  register(context) {
    const { connection, requests } = context;
    connection.onSignatureHelp(requests("form", null, (params: At) => at(context, params, (analysis, offset): SignatureHelp | null => {
      const found = core().signature(analysis, offset);
      if (found === undefined) return null;
      const said = (value: string): { kind: typeof MarkupKind.Markdown; value: string } => ({ kind: MarkupKind.Markdown, value });
      return {
        activeSignature: 0, activeParameter: found.active,
        signatures: [{ label: found.label, documentation: said(found.documentation), parameters: found.parts.map((part) => ({ label: [part.start, part.end], documentation: said(part.documentation) })) }],
      };
    })));
  },
};
