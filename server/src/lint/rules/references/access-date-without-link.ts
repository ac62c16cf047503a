// Lint rule: a reference that says when it was looked at and not where.
import { lintRule } from "../../rule.js";
import { worksOf } from "./works.js";

export default lintRule({
  id: "access-date-without-link",
  category: "references",
  summary: "A reference says when it was accessed and gives neither link nor DOI.",
  why: `An access date belongs to something that was read on the web. Without the address nobody can read it again, and a reviewer who must
name the source of a criterion cannot show it. AMA style gives both (AMA Manual of Style, 11th ed., 3.15).`,
  recommended: "warning",
  strict: "warning",
  related: ["link-without-access-date", "bare-domain-link"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. May 2019. Accessed January 3, 2025.
`,
    finds: ["Accessed January 3, 2025"],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example Society. Guideline on planning. May 2019. Accessed January 3, 2025. https://www.example.org/planning
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. Accessed January 3, 2025. doi:10.1000/exjm.2021.1
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { accessed, links, dois } of policy.once(worksOf).works) {
      if (accessed === undefined || links.length > 0 || dois.length > 0) continue;
      report({ start: accessed.start, end: accessed.end }, {
        message: "This reference was read on the web and does not say where, so nobody can read it again.",
        help: "Add the link.",
      });
    }
  },
});
