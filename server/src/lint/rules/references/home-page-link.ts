// Lint rule: a link to the home page of a site, where the work itself is meant.
import { lintRule } from "../../rule.js";
import { worksOf } from "./works.js";

export default lintRule({
  id: "home-page-link",
  category: "references",
  summary: "A link of a reference leads to the home page of a site and not to the work.",
  why: `From a home page a reader must search for the work, and cannot tell whether what is found is what the committee read. AMA style gives
the address of the page itself (AMA Manual of Style, 11th ed., 3.15). Sources behind a subscription are often cited by their home page, so
only the profile strict asks.`,
  recommended: "off",
  strict: "info",
  related: ["bare-domain-link"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Example Library. Accessed January 3, 2025. https://www.example.org
`,
    finds: ["https://www.example.org"],
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Example Library. Accessed January 3, 2025. https://www.example.org/planning
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { links } of policy.once(worksOf).works) {
      for (const { start, end, home } of links) {
        if (!home) continue;
        report({ start, end }, {
          message: "This link leads to a home page, from where a reader must search for the work.",
          help: "Give the address of the work itself.",
        });
      }
    }
  },
});
