// Lint rule: a code has ended and the code that took its place is not in the table.
import { periodBetween } from "../../../semantics/period.js";
import { entriesFor } from "../../../semantics/codes.js";
import { sentenceList } from "../../../text.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "successor-not-listed",
  category: "codes",
  summary: "A row names the code that took its place, and the table does not list that one.",
  why: `From the day on which a code ends, the service is billed with its successor. A request made with a code that the table lacks is taken for a
service that the policy does not speak of: it passes without review, or is refused though it is covered. Codes are judged as of the
policy's effective date, or of the date that is given.`,
  recommended: "warning",
  strict: "warning",
  related: ["ended-code", "ended-code-today"],
  examples: [{
    avoid: `codes
  CPT    77301  Treatment plan
  HCPCS  G6015  Delivery of one treatment   ended 2025-12-31, see 77407, 77412
`,
    finds: ["77407, 77412"],
    prefer: `codes
  CPT    77301  Treatment plan
  CPT    77407  Delivery of one treatment
  CPT    77412  Delivery of one complex treatment
  HCPCS  G6015  Delivery of one treatment   ended 2025-12-31, see 77407, 77412
`,
  }],
  check(policy, report) {
    const { date, analysis } = policy;
    if (date === undefined) return;
    for (const { system, code, ended, replacedBy } of policy.rows) {
      if (code === undefined || replacedBy.length === 0 || ended?.day === undefined || periodBetween(undefined, ended).until >= date) continue;
      const missing = replacedBy.filter(({ from }) => entriesFor(analysis.codes, from).length === 0);
      if (missing.length === 0) continue;
      report({ start: missing[0]!.start, end: missing[missing.length - 1]!.end }, {
        message: `${system.text} ${code.from} ended (${ended.text}) and the table does not list ${sentenceList(missing.map(({ from }) => from), "or")}, with which the service is billed since.`,
        help: missing.length === 1 ? "Add a row for it, if the policy covers it." : "Add rows for those that the policy covers.",
      });
    }
  },
});
