// Lint rule: a code that ended before the policy takes effect.
import { dateText } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";
import { endingRows, successorHelp, unsaidNote } from "./ends.js";

export default lintRule({
  id: "ended-code",
  category: "codes",
  summary: "A code of the table ended before the policy takes effect.",
  why: `A claim is paid by the codes that are valid on its date of service (45 CFR 162.1000). A code that ended earlier can never stand on a
claim under this policy, and the service that it meant is now billed with a code that the table may lack, so that it seems not to be
covered. Codes are judged as of the policy's effective date, or of the date that is given. What ended since is said by
\`ended-code-today\`. A few well-known ends are found though the row says nothing.`,
  recommended: "warning",
  strict: "warning",
  related: ["ended-code-today", "unstated-code-end", "successor-not-listed", "code-not-yet-effective"],
  examples: [{
    avoid: `codes
  CPT    77301  Treatment plan
  HCPCS  G6015  Delivery of one treatment   ended 2025-12-31, see 77407
`,
    finds: ["G6015"],
    prefer: `codes
  CPT    77301  Treatment plan
  CPT    77407  Delivery of one treatment
`,
  }, {
    avoid: `codes
  CPT    77385  Delivery of one treatment
`,
    finds: ["77385"],
    prefer: `codes
  CPT    77407  Delivery of one treatment
`,
    note: "The row says nothing of it, but the code ended on 2025-12-31.",
  }],
  check(policy, report) {
    const { date } = policy;
    if (date === undefined || policy.rows.length === 0) return;
    for (const each of policy.once(endingRows)) {
      if (each.until >= date) continue;
      const day = dateText(date);
      report(each.row.code!, {
        message: `${each.code} ended ${each.written.length > 7 ? "on" : "in"} ${each.written}, before ${policy.asOf === undefined ? `the policy takes effect (${day})` : `${day}, the day as of which the policy is judged`}, so that no claim can carry it.${unsaidNote(each)}`,
        help: successorHelp(each, "remove this row"),
      });
    }
  },
});
