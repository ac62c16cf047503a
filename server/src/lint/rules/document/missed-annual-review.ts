// Lint rule: more than a year between two revisions of the log.
import { addMonths } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";
import { type KnownDate, known, lastDay } from "./dates.js";

export default lintRule({
  id: "missed-annual-review",
  category: "document",
  summary: "More than a year lies between two revisions of the log, so that an annual review was missed.",
  why: `Plans review their criteria every year, and accreditation and state contracts ask them to show it: the revision log is the proof.
A gap is either a review that did not take place, or one that nobody logged. The past cannot be mended, so this is looked at only in the
profile \`strict\`; a review that is late now is found by \`overdue-review\`.`,
  recommended: "off",
  strict: "info",
  options: {
    months: { default: 12, minimum: 1, description: "Months from one review to the next." },
    grace: { default: 1, minimum: 0, description: "Months by which a review may be late." },
  },
  related: ["overdue-review", "overdue-review-today", "revision-order"],
  examples: [{
    avoid: `revisions
  2022-05
    New policy.
  2024-02
    Annual review. References updated.
  2025-03
    Annual review. References updated.
`,
    finds: ["2024-02"],
    prefer: `revisions
  2022-05
    New policy.
  2023-04
    Annual review. No change.
  2024-02
    Annual review. References updated.
  2025-03
    Annual review. References updated.
`,
    note: "From May 2022 to February 2024 no review is logged. Thirteen months from 2024-02 to 2025-03 are a month of grace.",
  }],
  check(policy, report, { months, grace }) {
    if (policy.revisions.length < 2) return;
    const dates: KnownDate[] = [];
    let sorted = true;
    for (const { revised } of policy.revisions) {
      const date = known(revised);
      if (date === undefined) continue;
      if (dates.length > 0 && dates[dates.length - 1]!.day > date.day) sorted = false;
      dates.push(date);
    }
    if (!sorted) dates.sort((a, b) => a.day - b.day);
    for (let i = 1; i < dates.length; i++) {
      const before = dates[i - 1]!;
      const date = dates[i]!;
      if (date.day - before.day <= months * 28 || date.day <= addMonths(lastDay(before), months + grace)) continue;
      report(date, {
        message: `No review is logged between ${before.text} and ${date.text}, and ${months === 12 ? "one is due every year" : `one is due every ${months} months`}.`,
        help: "Log the review if there was one; otherwise keep the reason on file.",
        related: [{ start: before.start, end: before.end, message: "The revision before it." }],
      });
    }
  },
});
