// Findings: asking for them, mending them, suppressing them with a reason, and the pages that explain them.
import { offsetAt } from "../../text.js";
import { actions, FIX_ALL } from "../actions.js";
import type { RequestGroup } from "../context.js";
import { toEdit } from "../convert.js";
import { core } from "../lazy.js";
import { REFACTOR_KINDS, refactorActions } from "./refactor.js";
import { DOCS_SCHEME, LINT_PAGE, type LintPageParams, SUPPRESS, type SuppressEdit, type SuppressParams } from "../protocol.js";

export const findingRequests: RequestGroup = {
  capabilities: () => ({ codeActionProvider: { codeActionKinds: ["quickfix", ...REFACTOR_KINDS, FIX_ALL], resolveProvider: true } }),
  register(server) {
    const { connection, requests, documents, linting, client, links } = server;
    connection.onCodeAction(requests("actions", null, async (params) => {
      const { textDocument: { uri }, range, context } = params;
      const inPolicy = await linting.findings(uri);
      const read = inPolicy === undefined ? await documents.cases(uri) : undefined;
      const lines = inPolicy?.analysis.lines ?? read?.lines;
      if (lines === undefined) return null;
      const within = { start: offsetAt(lines, range.start), end: offsetAt(lines, range.end) };
      const found = inPolicy?.diagnostics ?? read!.file.diagnostics;
      const mending = actions({ uri, lines, found, analysis: inPolicy?.analysis, commands: client.commands, links }, within, context.only);
      return [...mending, ...(await refactorActions(server, params, found))];
    }));
    connection.onRequest(LINT_PAGE, requests("lint page", null, ({ id }: LintPageParams): string | null => {
      const rule = core().lintRuleOf(id);
      return rule === undefined ? null : core().lintRulePage(rule, (other) => (core().lintRuleOf(other) === undefined ? core().pageUrl(other) : `${DOCS_SCHEME}:/${other}.md`));
    }));
    connection.onRequest(SUPPRESS, requests("suppress", [], async ({ uri, code, at, reason }: SuppressParams): Promise<readonly SuppressEdit[]> => {
      const found = await linting.findings(uri);
      if (found === undefined) return [];
      const { analysis, diagnostics } = found;
      const place = offsetAt(analysis.lines, at);
      const meant = diagnostics.find((each) => each.code === code && each.start === place);
      return meant === undefined ? [] : core().suppressionEdits(analysis, [meant], reason).edits.map((edit) => toEdit(analysis.lines, edit));
    }));
  },
};
