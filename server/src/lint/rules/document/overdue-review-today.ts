// Lint rule: today the policy's review is late.
import { lintRule } from "../../rule.js";
import { lateReview } from "./dates.js";

export default lintRule({
  id: "overdue-review-today",
  category: "document",
  summary: "Today the policy's review is overdue.",
  why: `Evidence and codes change within a year, and accreditation and state contracts ask for an annual review. The day of the next
review is the header's \`next review\`, or else a year after the newest revision. It goes by today's date, so that a
file begins to be found without having been touched; it is therefore part of the profile \`strict\` only. Where a day is asked for
(\`policy lint --as-of\`), \`overdue-review\` judges by that day instead.`,
  recommended: "off",
  strict: "info",
  options: {
    months: { default: 12, minimum: 1, description: "Months from one review to the next, where the header does not say when it is due." },
    grace: { default: 1, minimum: 0, description: "Months by which such a review may be late." },
  },
  related: ["overdue-review", "missed-annual-review"],
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
    today: "2026-09-15",
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
    today: "2026-09-15",
    note: "Looked at on 2026-09-15.",
  }],
  check(policy, report, { months, grace }) {
    const day = policy.asOf === undefined ? policy.today : undefined;
    const late = day === undefined ? undefined : lateReview(policy, day, "ago", months, grace);
    if (late !== undefined) report(late.range, { message: late.message, help: "Review the policy and log the review, also where nothing changes." });
  },
});
