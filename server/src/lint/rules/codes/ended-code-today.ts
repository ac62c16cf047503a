// Lint rule: a code that was valid when the policy took effect and has ended since.
import { periodOf } from "../../../semantics/period.js";
import { dateText } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";
import { endingRows, successorHelp } from "./ends.js";

export default lintRule({
  id: "ended-code-today",
  category: "codes",
  summary: "A code of the table was valid when the policy took effect and has ended since.",
  why: `Code sets change every January, quarter and October, and a policy lives for a year or more. Requests of today are made with the new codes:
a table that lacks them lets them pass without review, or has them refused. The policy was right when it took effect, so this is for
information; it is time for a revision between the annual ones. Nothing is said of a policy that has itself ended.`,
  recommended: "info",
  strict: "info",
  related: ["ended-code", "unstated-code-end", "successor-not-listed"],
  examples: [{
    avoid: `policy EX.1 "Example"
  effective  2025-06-19

codes
  CPT    77301  Treatment plan
  HCPCS  G6015  Delivery of one treatment   ended 2025-12-31, see 77407
`,
    finds: ["G6015"],
    prefer: `policy EX.1 "Example"
  effective  2026-02-01

codes
  CPT    77301  Treatment plan
  CPT    77407  Delivery of one treatment
`,
    today: "2026-03-01",
  }],
  check(policy, report) {
    const { date, today } = policy;
    if (policy.rows.length === 0) return;
    for (const each of policy.once(endingRows)) {
      // What the row does not say is found by `unstated-code-end`.
      if (each.unsaid !== undefined || each.until >= today || (date !== undefined && each.until < date)) continue;
      if (periodOf(policy.analysis).until < today) return;
      report(each.row.code!, {
        message: `${each.code} ended ${each.written.length > 7 ? "on" : "in"} ${each.written}; as of today, ${dateText(today)}, requests can no longer be made with it.`,
        help: successorHelp(each, "keep this row for earlier dates of service only"),
      });
    }
  },
});
