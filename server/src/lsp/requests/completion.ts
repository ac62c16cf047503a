// Completion, in policies, case files and configurations.
import type { CompletionItem } from "vscode-languageserver";
import { at, type At, inConfig, type RequestGroup } from "../context.js";
import { toCompletion } from "../convert.js";
import { proposalsInCases } from "../casefiles.js";
import { core } from "../lazy.js";

export const completionRequests: RequestGroup = {
  capabilities: () => ({ completionProvider: { triggerCharacters: ["[", " ", ".", ","] } }),
  register(context) {
    const { connection, requests, runtime, linting } = context;
    const propose = (params: At): CompletionItem[] | null =>
      at(context, params, (analysis, offset) => core().completion(analysis, offset, runtime.today()).map((item, i) => toCompletion(analysis.lines, item, i)));
    connection.onCompletion(requests("completion", null, async (params: At) => {
      const configured = inConfig(context, params, (text, offset, lines) => core().configProposals(text, offset, core().LINT_RULES).map((item, i) => toCompletion(lines, item, i)));
      if (configured !== undefined) return configured;
      const inCaseFile = await proposalsInCases(context, params);
      if (inCaseFile !== null) return inCaseFile;
      const suppressing = at(context, params, (analysis, offset) => core().inSuppression(analysis.text, offset));
      if (suppressing !== true) return propose(params);
      const found = new Set((await linting.findings(params.textDocument.uri))?.diagnostics.map((each) => each.code));
      return at(context, params, (analysis, offset) => core().suppressionProposals(analysis.text, offset, core().LINT_RULES, found).map((item, i) => toCompletion(analysis.lines, item, i)));
    }));
  },
};
