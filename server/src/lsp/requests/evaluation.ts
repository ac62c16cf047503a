// Evaluating cases: the lenses above them, and what they and the commands ask for.
import type { CodeLens } from "vscode-languageserver";
import { type RequestGroup, whole } from "../context.js";
import { toLens } from "../convert.js";
import { evaluate, listCases } from "../evaluation.js";
import { core } from "../lazy.js";
import { summaryOf } from "../outcomes.js";
import { CASES, type CasesParams, EVALUATE, type EvaluateParams, RUN_ALL_COMMAND } from "../protocol.js";

export const evaluationRequests: RequestGroup = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: true } }),
  register(context) {
    const { connection, requests, documents, preferences, results, client } = context;
    connection.onRequest(EVALUATE, requests("evaluate", null, (params: EvaluateParams) => evaluate(documents, params)));
    connection.onRequest(CASES, requests("cases", [], (params: CasesParams) => listCases(documents, params.uri)));
    connection.onCodeLens(requests("lenses", null, async ({ textDocument: { uri } }) => {
      const { codeLens: wishes } = await preferences.wishes(uri);
      const hasCases = documents.get(uri)?.kind === "policy" && wishes.cases && (documents.analysis(uri)!.cases.length > 0 || (await documents.casesBeside(uri)).length > 0);
      const inPolicy = whole(context, uri, (analysis) => [
        ...(hasCases ? [core().summaryLens(analysis) ?? []].flat() : []),
        ...(wishes.references && client.commands ? core().referenceLenses(analysis) : []),
        ...(wishes.evaluate ? core().lenses(analysis.cases, uri, analysis.document.sections.find((section) => section.kind === "cases")?.heading) : []),
      ].map((lens) => toLens(analysis.lines, uri, lens)));
      if (inPolicy !== null) return inPolicy;
      if (!wishes.evaluate) return null;
      const read = await documents.cases(uri);
      if (read === undefined) return null;
      const heading = /^\s*["']?cases["']?\s*:/mu.exec(documents.get(uri)!.document.getText());
      return core().lenses(read.file.cases, uri, heading === null ? undefined : { start: heading.index + heading[0].length - heading[0].trimStart().length, end: heading.index + heading[0].length }).map((lens) => toLens(read.lines, uri, lens));
    }));
    // Cases are run when the lens that tells of them is seen.
    connection.onCodeLensResolve(requests("lens", EMPTY_LENS, async (lens: CodeLens): Promise<CodeLens> => {
      const { uri } = lens.data as { readonly uri: string };
      const title = summaryOf(await results.of(uri)) ?? (documents.analysis(uri)?.policy === undefined ? "cases: not evaluated while the policy has errors" : "no cases");
      return { range: lens.range, command: { title, command: RUN_ALL_COMMAND, arguments: [uri] } };
    }));
  },
};

const EMPTY_LENS: CodeLens = { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, command: { title: "", command: "" } };
