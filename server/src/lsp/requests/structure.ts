// The document as a tree: outline and folding.
import { type RequestGroup, whole } from "../context.js";
import { toFold, toSymbol } from "../convert.js";
import { outlineOfCases } from "../casefiles.js";
import { core } from "../lazy.js";

export const structureRequests: RequestGroup = {
  capabilities: () => ({ documentSymbolProvider: true, foldingRangeProvider: true }),
  register(context) {
    const { connection, requests } = context;
    connection.onDocumentSymbol(requests("symbols", null, ({ textDocument }) =>
      whole(context, textDocument.uri, (analysis) => core().outline(analysis).map((entry) => toSymbol(analysis.lines, entry))) ?? outlineOfCases(context, textDocument.uri)));
    connection.onFoldingRanges(requests("folding", null, ({ textDocument }) => whole(context, textDocument.uri, (analysis) => core().folds(analysis).map((fold) => toFold(analysis.lines, fold)))));
  },
};
