// Lint rule: a row that does not say that its code has ended.
import { periodOf } from "../../../semantics/period.js";
import { lintRule } from "../../rule.js";
import { endingRows, successorHelp } from "./ends.js";

export default lintRule({
  id: "unstated-code-end",
  category: "codes",
  summary: "A code has ended since the policy took effect, and its row does not say so.",
  why: `Who reads the table takes every code for a valid one, and so does the evaluation of a case: it can say that a requested code had ended
only if the row does. The tool knows a few well-known ends; a policy's own table is where all others are written.`,
  recommended: "info",
  strict: "warning",
  related: ["ended-code", "ended-code-today"],
  examples: [{
    avoid: `policy EX.1 "Example"
  effective  2025-06-19

codes
  CPT    77301   Treatment plan
  CPT    77386   Delivery of one treatment
  HCPCS  G6015*  Delivery of one treatment   effective 2015-01-01

notes
  * Reviewed case by case.
`,
    finds: ["77386", "G6015"],
    fixed: `policy EX.1 "Example"
  effective  2025-06-19

codes
  CPT    77301   Treatment plan
  CPT    77386   Delivery of one treatment  ended 2025-12-31, see 77402, 77407, 77412
  HCPCS  G6015*  Delivery of one treatment   effective 2015-01-01, ended 2025-12-31, see 77402, 77407, 77412

notes
  * Reviewed case by case.
`,
    prefer: `policy EX.1 "Example"
  effective  2025-06-19

codes
  CPT    77301   Treatment plan
  CPT    77386   Delivery of one treatment  ended 2025-12-31, see 77402, 77407, 77412
`,
    today: "2026-03-01",
  }],
  check(policy, report) {
    if (policy.rows.length === 0) return;
    const { date, today } = policy;
    for (const each of policy.once(endingRows)) {
      const { row, code, until, written, unsaid, successors } = each;
      // What ended before the policy takes effect is found by `ended-code`.
      if (unsaid === undefined || until >= today || (date !== undefined && until < date) || periodOf(policy.analysis).until < today) continue;
      const see = row.replacedBy.length > 0 || successors.length === 0 ? "" : `, see ${unsaid.replacedBy.join(", ")}`;
      const status = `ended ${written}${see}`;
      const said = row.effective !== undefined || row.replacedBy.length > 0 || row.appliesTo.length > 0;
      report(row.code!, {
        message: `${code} ended on ${written}, and its row does not say so, so that readers take it for a valid code.`,
        help: successorHelp(each, row.code!.to === undefined ? `write \`${status}\` behind its description` : `give this one a row of its own, with \`${status}\``),
        // Of a range only one code has ended.
        fix: row.code!.to !== undefined ? undefined : { title: `Add \`${status}\``, safe: false, edits: [{ start: row.end, end: row.end, text: `${said ? "," : " "} ${status}` }] },
      });
    }
  },
});
