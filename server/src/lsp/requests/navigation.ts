// Going to where a thing is declared, and to all its places.
import { DocumentHighlightKind } from "vscode-languageserver";
import { definitionElsewhere, referencesElsewhere } from "../across.js";
import { at, type At, inCases, type RequestGroup, usesOf } from "../context.js";
import { toLink, toRange } from "../convert.js";
import { core } from "../lazy.js";

export const navigationRequests: RequestGroup = {
  capabilities: () => ({ definitionProvider: true, referencesProvider: true, documentHighlightProvider: true }),
  register(context) {
    const { connection, requests } = context;
    connection.onDefinition(requests("definition", null, async (params: At) => {
      const elsewhere = await definitionElsewhere(context, params);
      if (elsewhere.length > 0) return elsewhere;
      const inPolicy = at(context, params, (analysis, offset) => core().definition(analysis, offset).map((target) => toLink(analysis.lines, analysis.lines, analysis.uri, target)));
      return inPolicy ?? inCases(context, params, (read, offset) => {
        const { policy } = read;
        return policy === undefined ? [] : usesOf(read, offset).flatMap((use) => core().declarations(policy, use.symbol).map((target) => toLink(read.lines, policy.lines, policy.uri, { ...target, origin: use })));
      });
    }));
    connection.onReferences(requests("references", null, async (params) => {
      const elsewhere = await referencesElsewhere(context, params, params.context.includeDeclaration);
      const here = at(context, params, (analysis, offset) => core().references(analysis, offset, params.context.includeDeclaration).map((range) => ({ uri: analysis.uri, range: toRange(analysis.lines, range) })));
      return here === null && elsewhere.length === 0 ? null : [...(here ?? []), ...elsewhere];
    }));
    connection.onDocumentHighlight(requests("highlight", null, (params: At) => at(context, params, (analysis, offset) =>
      core().highlights(analysis, offset).map(({ declaration, ...range }) => ({ range: toRange(analysis.lines, range), kind: declaration ? DocumentHighlightKind.Write : DocumentHighlightKind.Read })))));
  },
};
