// Lint rule: revised, approved and effective in an order that cannot be.
import type { DateValue } from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";
import type { Report } from "../../model.js";
import { known, surelyAfter } from "./dates.js";

export default lintRule({
  id: "approval-after-effective",
  category: "document",
  summary: "A revision takes effect before it is approved, or is approved before it was revised.",
  why: `A committee approves a text that has been revised, and the text takes effect after that. Dates in another order are mostly a slip
of the year or the month. Where they are meant, requests were decided by criteria that nobody had approved, or the text was changed
behind the committee; then the log should say so. Where only the month is given, dates of the same month are not compared.`,
  recommended: "warning",
  strict: "warning",
  related: ["short-notice-period", "header-revision-mismatch"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  revised    2025-03
  approved   2025-07-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    finds: ["2025-07-20"],
    prefer: `policy EX.1 "Home oxygen therapy"
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
  }, {
    avoid: `revisions
  2025-03, approved 2024-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    finds: ["2024-05-20"],
    prefer: `revisions
  2025-03, approved 2025-03-20, effective 2025-06
    Annual review. References updated.
`,
    note: "Approved ten months before it was revised: the year is a slip.",
  }],
  check(policy, report) {
    const { fields } = policy.analysis.header;
    compare(fields.get("revised")?.date, fields.get("approved")?.date, fields.get("effective")?.date, report);
    for (const { revised, approved, effective } of policy.revisions) compare(revised, approved, effective, report);
  },
});

function compare(revisedDate: DateValue | undefined, approvedDate: DateValue | undefined, effectiveDate: DateValue | undefined, report: Report): void {
  const approved = known(approvedDate);
  const revised = known(revisedDate);
  const effective = known(effectiveDate);
  if (approved !== undefined && effective !== undefined && surelyAfter(approved, effective)) {
    report(approved, {
      message: `The approval (${approved.text}) comes after the effective date (${effective.text}), so that requests were decided by a text that nobody had approved.`,
      help: "Correct the date that is wrong; where the text applies to the time before its approval, say so in the revision log.",
      related: [{ start: effective.start, end: effective.end, message: "It takes effect here." }],
    });
  } else if (approved !== undefined && revised !== undefined && surelyAfter(revised, approved)) {
    report(approved, {
      message: `The approval (${approved.text}) comes before the revision (${revised.text}), so that the text in force is not the one that was approved.`,
      help: "Correct the date that is wrong, or have the revised text approved.",
      related: [{ start: revised.start, end: revised.end, message: "It was revised here." }],
    });
  } else if (approved === undefined && revised !== undefined && effective !== undefined && surelyAfter(revised, effective)) {
    report(revised, {
      message: `The revision (${revised.text}) comes after the effective date (${effective.text}), so that a text took effect that did not exist yet.`,
      help: "Correct the date that is wrong; where the text applies to the time before its revision, say so in the revision log.",
      related: [{ start: effective.start, end: effective.end, message: "It takes effect here." }],
    });
  }
}
