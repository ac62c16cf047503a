// Lint rule: on the day that the policy is looked at, its review is late.
import { dateText } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";
import { lateReview } from "./dates.js";

export default lintRule({
  id: "overdue-review",
  category: "document",
  summary: "On the day as of which the policy is looked at, its review is overdue.",
  why: `Evidence and codes change within a year, and accreditation and state contracts ask for an annual review. The day of the next
review is the header's \`next review\`, or else a year after the newest revision. It is judged only where a day is asked for (\`policy lint --as-of\`), so that a
file that nobody has touched does not begin to complain by itself; \`overdue-review-today\` goes by the calendar.`,
  recommended: "info",
  strict: "warning",
  options: {
    months: { default: 12, minimum: 1, description: "Months from one review to the next, where the header does not say when it is due." },
    grace: { default: 1, minimum: 0, description: "Months by which such a review may be late." },
  },
  related: ["overdue-review-today", "missed-annual-review"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  revised      2025-03
  effective    2025-06-19
  next review  2026-03-31
`,
    finds: ["2026-03-31"],
    prefer: `policy EX.1 "Home oxygen therapy"
  revised      2026-03
  effective    2026-06-18
  next review  2027-03-31
`,
    asOf: "2026-09-15",
    note: "Looked at on 2026-09-15.",
  }, {
    avoid: `revisions
  2024-06, effective 2024-09-01
    New policy.
  2025-06, effective 2025-09-01
    Annual review. No change.
`,
    finds: ["2025-06"],
    prefer: `revisions
  2024-06, effective 2024-09-01
    New policy.
  2025-06, effective 2025-09-01
    Annual review. No change.
  2026-06, effective 2026-09-01
    Annual review. No change.
`,
    asOf: "2026-09-15",
    note: "Looked at on 2026-09-15.",
  }],
  check(policy, report, { months, grace }) {
    const day = policy.asOf;
    const late = day === undefined ? undefined : lateReview(policy, day, `before ${dateText(day)}`, months, grace);
    if (late !== undefined) report(late.range, { message: late.message, help: "Review the policy and log the review, also where nothing changes." });
  },
});
