// Growing the selection by what the language knows: word, value, comparison, condition, clause, criterion, list, statement, section.
import type { SelectionRange } from "vscode-languageserver";
import { offsetAt } from "../../text.js";
import { type RequestGroup, whole } from "../context.js";
import { toRange } from "../convert.js";
import { core } from "../lazy.js";

export const selectionRequests: RequestGroup = {
  capabilities: () => ({ selectionRangeProvider: true }),
  register(context) {
    const { connection, requests } = context;
    connection.onSelectionRanges(requests("selection", null, ({ textDocument, positions }) => whole(context, textDocument.uri, (analysis): SelectionRange[] =>
      positions.map((position) => {
        const ranges = core().selectionRanges(analysis, offsetAt(analysis.lines, position));
        return ranges.reduceRight<SelectionRange | undefined>((parent, range) => ({ range: toRange(analysis.lines, range), ...(parent === undefined ? {} : { parent }) }), undefined)!;
      }))));
  },
};
