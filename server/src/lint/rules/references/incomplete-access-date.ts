// Lint rule: an access date without its day.
import { lintRule } from "../../rule.js";
import { worksOf } from "./works.js";

export default lintRule({
  id: "incomplete-access-date",
  category: "references",
  summary: "An access date gives a month or year and no day.",
  why: `Guidelines on the web have several versions within a month. Only the day says which of them was read. AMA style gives month, day and
year (AMA Manual of Style, 11th ed., 3.15).`,
  recommended: "info",
  strict: "warning",
  related: ["link-without-access-date", "month-in-reference"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Accessed January, 2025. https://www.example.org/planning
`,
    finds: ["Accessed January, 2025"],
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Accessed January 3, 2025. https://www.example.org/planning
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { accessed } of policy.once(worksOf).works) {
      if (accessed === undefined || accessed.precision === "day") continue;
      report({ start: accessed.start, end: accessed.end }, {
        message: "The access date has no day, so nobody can tell which version of the page was read.",
        help: "Give the day as well, as in `Accessed January 3, 2025.`",
      });
    }
  },
});
