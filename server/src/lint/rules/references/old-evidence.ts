// Lint rule: a work that is older than a plan wants its evidence to be.
import { dateText } from "../../../syntax/dates.js";
import { counted } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { worksOf, yearOf } from "./works.js";

export default lintRule({
  id: "old-evidence",
  category: "references",
  summary: "A reference is older than the evidence of a policy should be.",
  why: `Each annual review asks whether the evidence still stands; accreditation asks plans to review their criteria every year against current
evidence. An old work may be the best there is, such as the trial that founded a treatment: then say so beside it, with
\`# lint-ignore old-evidence: …\`. What was updated counts from its update. Ages are reckoned as of the policy's date.`,
  recommended: "off",
  strict: "info",
  options: { years: { default: 10, minimum: 1, description: "How many years old a work may be." } },
  related: ["uncited-reference"],
  examples: [{
    avoid: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Planning in steps. Ex J Med. 2007;1(2):3-9.
  2. Example Society. Guideline on planning. May 2006.
`,
    finds: ["2007", "2006"],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Planning in steps. Ex J Med. 2021;1(2):3-9.
  2. Example Society. Guideline on planning, first published 2006. Updated May 1, 2024. Accessed January 3, 2025. https://www.example.org/planning
`,
  }],
  check(policy, report, { years }) {
    const { date } = policy;
    if (date === undefined || policy.references.length === 0) return;
    const now = Number(dateText(date).slice(0, 4));
    const list = policy.once(worksOf);
    for (const work of list.works) {
      const written = yearOf(list, work);
      if (written === undefined || now - written.year <= years) continue;
      report({ start: written.start, end: written.end }, {
        message: `This work was ${counted(now - written.year, "year")} old in ${now}, the year as of which the policy is judged; newer evidence may say otherwise.`,
        help: "Look for newer evidence, or say in a suppression why this work still stands.",
      });
    }
  },
});
