// Hovers, in policies, case files and configurations.
import { core } from "../lazy.js";
import { outcomesOf } from "../outcomes.js";
import type { Hover as LspHover } from "vscode-languageserver";
import type { Known } from "../../features/hover/symbols.js";
import { at, type At, inCases, inConfig, type RequestGroup, type ServerContext, usesOf } from "../context.js";
import { toHover } from "../convert.js";
import type { Analysis } from "../../semantics/model.js";

const inComment = (analysis: Analysis, offset: number): boolean => analysis.document.comments.some((comment) => comment.start <= offset && offset <= comment.end);

export const hoverRequests: RequestGroup = {
  capabilities: () => ({ hoverProvider: true }),
  register(context) {
    const { connection, requests, runtime, codes, documents } = context;
    connection.onHover(requests("hover", null, async (params: At) => {
      const word = inConfig(context, params, (text, offset, lines) => ({ meaning: core().lintWordMeaning(text, offset, core().LINT_RULES), lines }))
        ?? at(context, params, (analysis, offset) => (inComment(analysis, offset) ? { meaning: core().lintWordMeaning(analysis.text, offset, core().LINT_RULES), lines: analysis.lines } : undefined));
      if (word?.meaning !== undefined) return toHover(word.lines, word.meaning);
      const inPolicy = at(context, params, (analysis, offset) => ({ analysis, offset }));
      if (inPolicy === null) return hoverInCases(context, params);
      const { uri } = params.textDocument;
      const version = documents.get(uri)!.document.version;
      // Only what cases exercise waits for them.
      const told = core().concernsCases(inPolicy.analysis, inPolicy.offset) ? await knownOf(context, uri) : {};
      const code = at(context, params, (analysis, offset) => core().codeAt(analysis, offset)) ?? undefined;
      const lookup = code === undefined ? undefined : await codes.lookup(code.system);
      const known = documents.get(uri)?.document.version === version ? told : {};
      // While files were read the text may have changed.
      return at(context, params, (analysis, offset) => {
        const hover = core().hover(analysis, offset, { today: runtime.today(), lookup, ...known });
        return hover === undefined ? null : toHover(analysis.lines, hover);
      });
    }));
  },
};

/** How the cases come out, and what was found: plain data, because the text may change while it is gathered. */
async function knownOf({ results, linting }: ServerContext, uri: string): Promise<Known> {
  const findings = await linting.findings(uri);
  const ran = await results.of(uri);
  return { findings: findings?.diagnostics, cases: ran.length === 0 ? undefined : ran.map((each) => each.source), outcomes: outcomesOf(ran) };
}

async function hoverInCases(context: ServerContext, params: At): Promise<LspHover | null> {
  const { documents, runtime } = context;
  const policy = (await documents.cases(params.textDocument.uri))?.policy;
  const told = policy === undefined ? {} : { ...(await knownOf(context, policy.uri)), findings: undefined };
  return inCases(context, params, (read, offset) => {
    const uses = usesOf(read, offset);
    const key = uses.length > 0 ? undefined : core().caseFileKeyHover(documents.get(read.uri)!.document.getText(), offset);
    if (key !== undefined) return toHover(read.lines, key);
    return read.policy === undefined || uses.length === 0 ? null : toHover(read.lines, core().useHover(read.policy, uses, [], { today: runtime.today(), ...told }));
  });
}
