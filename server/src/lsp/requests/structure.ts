// The document as a tree: outline and folding; and what the Enter key brings.
import { at, type RequestGroup, whole } from "../context.js";
import { toEdit, toFold, toSymbol } from "../convert.js";
import { core } from "../lazy.js";

export const structureRequests: RequestGroup = {
  capabilities: () => ({ documentSymbolProvider: true, foldingRangeProvider: true, documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n" } }),
  register(context) {
    const { connection, requests } = context;
    connection.onDocumentSymbol(requests("symbols", null, ({ textDocument }) => whole(context, textDocument.uri, (analysis) => core().outline(analysis).map((entry) => toSymbol(analysis.lines, entry)))));
    connection.onFoldingRanges(requests("folding", null, ({ textDocument }) => whole(context, textDocument.uri, (analysis) => core().folds(analysis).map((fold) => toFold(analysis.lines, fold)))));
    connection.onDocumentOnTypeFormatting(requests("typing", null, (params) => at(context, params, (analysis, offset) => core().afterEnter(analysis, offset).map((edit) => toEdit(analysis.lines, edit)))));
  },
};
