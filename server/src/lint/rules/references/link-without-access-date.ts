// Lint rule: a web page without the day on which it was read.
import { lintRule } from "../../rule.js";
import { worksOf } from "./works.js";

export default lintRule({
  id: "link-without-access-date",
  category: "references",
  summary: "A reference gives a link and not the day on which it was read.",
  why: `Pages on the web change without a trace. The access date says which state of the page the committee read, and tells the next annual
review whether it must be read again. AMA style asks for it, except where there is a DOI (AMA Manual of Style, 11th ed., 3.15).`,
  recommended: "info",
  strict: "warning",
  related: ["access-date-without-link", "incomplete-access-date"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Updated May 1, 2024. https://www.example.org/planning
`,
    finds: ["https://www.example.org/planning"],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example Society. Guideline on planning. Updated May 1, 2024. Accessed January 3, 2025. https://www.example.org/planning
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/exjm.2021.1
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    const { works, text, base } = policy.once(worksOf);
    for (const { start, end, accessed, links, dois, pmid } of works) {
      if (accessed !== undefined || links.length === 0 || dois.length > 0 || pmid !== undefined) continue;
      // A date in a form that is not read.
      if (/\b(?:accessed|retrieved|viewed|cited)\b/i.test(text.slice(start - base, end - base))) continue;
      report(links[0]!, {
        message: "This link has no access date, so nobody can tell which state of the page was read.",
        help: "Add the day on which it was read, as in `Accessed January 3, 2025.`",
      });
    }
  },
});
