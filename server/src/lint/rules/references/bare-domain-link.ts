// Lint rule: a link without `https://`.
import { lintRule } from "../../rule.js";
import { worksOf } from "./works.js";

export default lintRule({
  id: "bare-domain-link",
  category: "references",
  summary: "A link of a reference begins without `https://`.",
  why: `A published document links what begins with \`https://\`; the rest stays plain words that a reader must copy. AMA style gives the whole
address of a website (AMA Manual of Style, 11th ed., 3.15).`,
  recommended: "info",
  strict: "warning",
  related: ["home-page-link", "access-date-without-link"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Example Library. Accessed January 3, 2025. www.example.org/planning
`,
    finds: ["www.example.org/planning"],
    fixed: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Example Library. Accessed January 3, 2025. https://www.example.org/planning
`,
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Example Library. Accessed January 3, 2025. https://www.example.org/planning
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { links } of policy.once(worksOf).works) {
      for (const { start, end, url, scheme } of links) {
        if (scheme) continue;
        report({ start, end }, {
          message: `\`${url}\` is no link without \`https://\` before it, so readers must copy it to follow it.`,
          help: "Write the whole address.",
          fix: { title: "Add `https://`", safe: true, edits: [{ start, end: start, text: "https://" }] },
        });
      }
    }
  },
});
