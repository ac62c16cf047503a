// Evaluating cases: the lenses above them, and what they and the commands ask for.
import { type RequestGroup, whole } from "../context.js";
import { toLens } from "../convert.js";
import { evaluate, listCases } from "../evaluation.js";
import { core } from "../lazy.js";
import { CASES, type CasesParams, EVALUATE, type EvaluateParams } from "../protocol.js";

export const evaluationRequests: RequestGroup = {
  capabilities: () => ({ codeLensProvider: {} }),
  register(context) {
    const { connection, requests, documents } = context;
    connection.onRequest(EVALUATE, requests("evaluate", null, (params: EvaluateParams) => evaluate(documents, params)));
    connection.onRequest(CASES, requests("cases", [], (params: CasesParams) => listCases(documents, params.uri)));
    connection.onCodeLens(requests("lenses", null, async ({ textDocument: { uri } }) => {
      const inPolicy = whole(context, uri, (analysis) => core().lenses(analysis.cases, uri, analysis.document.sections.find((section) => section.kind === "cases")?.heading).map((lens) => toLens(analysis.lines, uri, lens)));
      if (inPolicy !== null) return inPolicy;
      const read = await documents.cases(uri);
      if (read === undefined) return null;
      const heading = /^\s*["']?cases["']?\s*:/mu.exec(documents.get(uri)!.document.getText());
      return core().lenses(read.file.cases, uri, heading === null ? undefined : { start: heading.index + heading[0].length - heading[0].trimStart().length, end: heading.index + heading[0].length }).map((lens) => toLens(read.lines, uri, lens));
    }));
  },
};
