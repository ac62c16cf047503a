// Lint rule: too few days from the approval to the effective date.
import type { DateValue } from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";
import { known, lastDay, newestRevision } from "./dates.js";

export default lintRule({
  id: "short-notice-period",
  category: "document",
  summary: "Fewer days lie between the approval and the effective date than notice of a change needs.",
  why: `Members and providers must hear of a change before it applies to them. In Medicaid managed care the enrollee is given notice of a
significant change at least 30 days before it takes effect (42 CFR 438.10(g)(4)); state law and provider contracts often ask for more.
Only the header and the newest revision are looked at, because the notice of an older one cannot be mended.`,
  recommended: "info",
  strict: "warning",
  options: { days: { default: 30, minimum: 0, description: "The least number of days from the approval to the effective date." } },
  related: ["approval-after-effective"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  approved   2025-06-10
  effective  2025-06-19
`,
    finds: ["2025-06-19"],
    prefer: `policy EX.1 "Home oxygen therapy"
  approved   2025-05-20
  effective  2025-06-19
`,
    note: "Nine days; from May 20 to June 19 it is thirty.",
  }, {
    avoid: `revisions
  2024-02, approved 2024-03-12, effective 2024-04-01
    New policy.
  2025-02, approved 2025-03-11, effective 2025-04-30
    Annual review. Added I.C.
`,
    finds: ["2025-04-30"],
    prefer: `revisions
  2024-02, approved 2024-03-12, effective 2024-04-01
    New policy.
  2025-02, approved 2025-03-11, effective 2025-05-15
    Annual review. Added I.C.
`,
    options: { days: 60 },
    note: "With the option `days` at 60.",
  }],
  check(policy, report, { days }) {
    const look = (approvedDate: DateValue | undefined, effectiveDate: DateValue | undefined): boolean => {
      const approved = known(approvedDate);
      const effective = known(effectiveDate);
      if (approved === undefined || effective === undefined) return false;
      // The most that it may be, where one of them gives the month alone; an approval that comes too late is another matter.
      const notice = lastDay(effective) - approved.day;
      if (notice < 0 || notice >= days) return true;
      report(effective, {
        message: `${notice === 0 ? "No day lies" : notice === 1 ? "Only 1 day lies" : `Only ${notice} days lie`} between the approval (${approved.text}) and the effective date (${effective.text}); members and providers are to have ${days} days of notice.`,
        help: "Move the effective date, or state in the revision log why no notice is needed.",
        related: [{ start: approved.start, end: approved.end, message: "It was approved here." }],
      });
      return true;
    };
    const { fields } = policy.analysis.header;
    // Where the header has both dates, the newest revision repeats them.
    if (look(fields.get("approved")?.date, fields.get("effective")?.date) || policy.revisions.length === 0) return;
    const newest = newestRevision(policy);
    look(newest?.approved, newest?.effective);
  },
});
