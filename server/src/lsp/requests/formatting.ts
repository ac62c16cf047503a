// Formatting of a policy or a range of it; and what the Enter key brings.
import type { TextEdit } from "vscode-languageserver";
import type { FormatOptions } from "../../format/model.js";
import type { Analysis } from "../../semantics/model.js";
import { offsetAt } from "../../text.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toEdit } from "../convert.js";
import { core } from "../lazy.js";

/** The settings `policy.format`. */
interface FormatSettings extends Partial<FormatOptions> {
  readonly renumberLabels: boolean;
}

async function settingsOf({ client, connection }: ServerContext, uri: string): Promise<FormatSettings> {
  if (client.capabilities.workspace?.configuration !== true) return { renumberLabels: false };
  const given: unknown = await connection.workspace.getConfiguration({ scopeUri: uri, section: "policy.format" });
  const { wrap, lineWidth, renumberLabels } = typeof given === "object" && given !== null ? given as Readonly<Record<string, unknown>> : {};
  return {
    ...(typeof wrap === "boolean" ? { wrap } : {}),
    ...(typeof lineWidth === "number" && Number.isFinite(lineWidth) ? { lineWidth } : {}),
    renumberLabels: renumberLabels === true,
  };
}

const toEdits = ({ lines }: Analysis, edits: readonly { start: number; end: number; text: string }[]): TextEdit[] => edits.map((edit) => toEdit(lines, edit));

export const formattingRequests: RequestGroup = {
  capabilities: () => ({ documentFormattingProvider: true, documentRangeFormattingProvider: true, documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n" } }),
  register(context) {
    const { connection, requests, documents } = context;
    connection.onDocumentFormatting(requests("formatting", null, async ({ textDocument: { uri } }) => {
      const settings = await settingsOf(context, uri);
      // Case files name criteria too, and a formatter changes one file: where one of them would have to follow, labels stay.
      const cases = settings.renumberLabels ? await documents.casesBeside(uri) : [];
      const analysis = documents.analysis(uri);
      if (analysis === undefined) return null;
      if (settings.renumberLabels) {
        const { edits, moved, inTheWay } = core().formatRenumbered(analysis, settings);
        const named = cases.some(({ file }) => core().namesMoved(file, moved));
        if (inTheWay.length === 0 && !named) return toEdits(analysis, edits);
        connection.console.warn(`${uri}: the labels were not put in order, because ${named ? "a case file names criteria whose addresses would change" : `${inTheWay.join(", ")} is named and does not exist`}.`);
      }
      return toEdits(analysis, core().formatPolicy(analysis.parsed, settings));
    }));
    connection.onDocumentRangeFormatting(requests("range formatting", null, async ({ textDocument: { uri }, range }) => {
      const settings = await settingsOf(context, uri);
      const analysis = documents.analysis(uri);
      if (analysis === undefined) return null;
      return toEdits(analysis, core().formatRange(analysis.parsed, { start: offsetAt(analysis.lines, range.start), end: offsetAt(analysis.lines, range.end) }, settings));
    }));
    connection.onDocumentOnTypeFormatting(requests("typing", null, async ({ textDocument: { uri }, position }) => {
      const settings = await settingsOf(context, uri);
      const analysis = documents.analysis(uri);
      if (analysis === undefined) return null;
      const offset = offsetAt(analysis.lines, position);
      const label = core().afterEnter(analysis, offset);
      return toEdits(analysis, label.length > 0 ? label : core().formatLeft(analysis.parsed, offset, settings));
    }));
  },
};
