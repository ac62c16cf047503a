// Hovers, in policies, case files and configurations.
import { core } from "../lazy.js";
import { at, type At, inCases, inConfig, type RequestGroup, usesOf } from "../context.js";
import { toHover } from "../convert.js";
import type { Analysis } from "../../semantics/model.js";

const inComment = (analysis: Analysis, offset: number): boolean => analysis.document.comments.some((comment) => comment.start <= offset && offset <= comment.end);

export const hoverRequests: RequestGroup = {
  capabilities: () => ({ hoverProvider: true }),
  register(context) {
    const { connection, requests, runtime, codes } = context;
    connection.onHover(requests("hover", null, async (params: At) => {
      const word = inConfig(context, params, (text, offset, lines) => ({ meaning: core().lintWordMeaning(text, offset, core().LINT_RULES), lines }))
        ?? at(context, params, (analysis, offset) => (inComment(analysis, offset) ? { meaning: core().lintWordMeaning(analysis.text, offset, core().LINT_RULES), lines: analysis.lines } : undefined));
      if (word?.meaning !== undefined) return toHover(word.lines, word.meaning);
      const inPolicy = at(context, params, (analysis, offset) => ({ analysis, offset }));
      if (inPolicy === null) {
        return inCases(context, params, (read, offset) => {
          const uses = usesOf(read, offset);
          return read.policy === undefined || uses.length === 0 ? null : toHover(read.lines, core().useHover(read.policy, uses, [], { today: runtime.today() }));
        });
      }
      const code = core().codeAt(inPolicy.analysis, inPolicy.offset);
      const lookup = code === undefined ? undefined : await codes.lookup(code.system);
      // While a code file was read the text may have changed.
      return at(context, params, (analysis, offset) => {
        const hover = core().hover(analysis, offset, { today: runtime.today(), lookup });
        return hover === undefined ? null : toHover(analysis.lines, hover);
      });
    }));
  },
};
