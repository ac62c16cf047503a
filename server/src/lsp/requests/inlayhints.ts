// Inlay hints of the lines that are seen; what a hint means is said when it is pointed at.
import { type InlayHint, InlayHintKind, MarkupKind } from "vscode-languageserver";
import type { Hint, OutcomesByAddress } from "../../features/model.js";
import { offsetAt, positionAt, type LineIndex } from "../../text.js";
import { type RequestGroup, type ServerContext, whole } from "../context.js";
import { core } from "../lazy.js";
import { outcomesOf } from "../outcomes.js";

export const inlayHintRequests: RequestGroup = {
  capabilities: () => ({ inlayHintProvider: true }),
  register(context) {
    const { connection, requests, documents, preferences, results } = context;
    connection.languages.inlayHint.on(requests("hints", null, async ({ textDocument: { uri }, range }): Promise<InlayHint[] | null> => {
      const { inlayHints: wishes } = await preferences.wishes(uri);
      const kind = documents.get(uri)?.kind;
      if (kind === "cases") return wishes.conversions ? hintsOfCases(context, uri, range) : null;
      if (kind !== "policy" || !(wishes.addresses || wishes.conversions || wishes.outcomes)) return null;
      const outcomes: OutcomesByAddress | undefined = wishes.outcomes ? outcomesOf(await results.of(uri)) : undefined;
      // While case files were read the text may have changed.
      return whole(context, uri, (analysis) => {
        const within = { start: offsetAt(analysis.lines, range.start), end: offsetAt(analysis.lines, range.end) };
        return core().inlayHints(analysis, within, { ...wishes, outcomes }).map((hint) => toHint(analysis.lines, hint));
      });
    }));
  },
};

async function hintsOfCases({ documents }: ServerContext, uri: string, range: Parameters<typeof toOffsets>[1]): Promise<InlayHint[] | null> {
  const read = await documents.cases(uri);
  if (read?.policy === undefined) return null;
  const text = documents.get(uri)!.document.getText();
  return core().caseFileHints(text, read.file, read.policy, toOffsets(read.lines, range)).map((hint) => toHint(read.lines, hint));
}

const toOffsets = (lines: LineIndex, range: { start: Parameters<typeof offsetAt>[1]; end: Parameters<typeof offsetAt>[1] }): { start: number; end: number } => ({ start: offsetAt(lines, range.start), end: offsetAt(lines, range.end) });

function toHint(lines: LineIndex, hint: Hint): InlayHint {
  return {
    position: positionAt(lines, hint.offset), label: hint.label, kind: hint.kind === "address" ? InlayHintKind.Parameter : InlayHintKind.Type,
    paddingLeft: hint.before, paddingRight: hint.after,
    ...(hint.tooltip === undefined ? {} : { tooltip: { kind: MarkupKind.Markdown, value: hint.tooltip } }),
  };
}
