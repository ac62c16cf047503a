// The logic diagram of a policy, with the outcome of a case.
import { casesOfPolicy, choices, pickCase, whyNotEvaluated } from "../cases.js";
import type { RequestGroup } from "../context.js";
import { core } from "../lazy.js";
import { DIAGRAM, type DiagramParams, type DiagramResult } from "../protocol.js";

export const diagramRequests: RequestGroup = {
  capabilities: () => ({}),
  register({ connection, requests, documents }) {
    connection.onRequest(DIAGRAM, requests("diagram", null, async ({ uri, case: ref, opened, statement, standalone }: DiagramParams): Promise<DiagramResult | null> => {
      const found = await casesOfPolicy(documents, uri);
      if (found === undefined) return null;
      const { analysis } = found;
      const placed = ref === undefined ? undefined : pickCase(found, ref);
      const strict = analysis.policy;
      const result = placed === undefined || strict === undefined ? undefined : core().runCase(strict, placed.policyCase);
      const known = statement !== undefined && analysis.byAddress.has(statement) ? statement : undefined;
      const drawn = core().diagram(analysis, { explanation: result?.explanation, statement: known, opened, standalone });
      const why = placed === undefined ? undefined : strict === undefined ? whyNotEvaluated(analysis) : result?.reason;
      const note = [why, drawn.note].filter((part) => part !== undefined).join(" ");
      return {
        title: drawn.title, style: core().diagramStyle(false), svg: drawn.svg, width: drawn.width, height: drawn.height,
        ...(note === "" ? {} : { note }),
        cases: choices(found),
        statements: analysis.statements.map((each) => ({ address: each.address, words: core().KIND_WORDS[each.statement] })),
      };
    }));
  },
};
