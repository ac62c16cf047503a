// Going to where a thing is declared, and to all its places.
import { at, type At, inCases, type RequestGroup, usesOf } from "../context.js";
import { toLink, toRange } from "../convert.js";
import { core } from "../lazy.js";

export const navigationRequests: RequestGroup = {
  capabilities: () => ({ definitionProvider: true, referencesProvider: true, documentHighlightProvider: true }),
  register(context) {
    const { connection, requests } = context;
    connection.onDefinition(requests("definition", null, async (params: At) => {
      const inPolicy = at(context, params, (analysis, offset) => core().definition(analysis, offset).map((target) => toLink(analysis.lines, analysis.lines, analysis.uri, target)));
      return inPolicy ?? inCases(context, params, (read, offset) => {
        const { policy } = read;
        return policy === undefined ? [] : usesOf(read, offset).flatMap((use) => core().declarations(policy, use.symbol).map((target) => toLink(read.lines, policy.lines, policy.uri, { ...target, origin: use })));
      });
    }));
    connection.onReferences(requests("references", null, (params) => at(context, params, (analysis, offset) =>
      core().references(analysis, offset, params.context.includeDeclaration).map((range) => ({ uri: analysis.uri, range: toRange(analysis.lines, range) })))));
    connection.onDocumentHighlight(requests("highlight", null, (params: At) => at(context, params, (analysis, offset) =>
      core().references(analysis, offset, true).map((range) => ({ range: toRange(analysis.lines, range) })))));
  },
};
