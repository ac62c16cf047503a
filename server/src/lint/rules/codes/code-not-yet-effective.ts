// Lint rule: a code that is not yet valid when the policy takes effect.
import { dateText } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "code-not-yet-effective",
  category: "codes",
  summary: "A code of the table becomes valid only after the policy takes effect.",
  why: `A claim is paid by the codes that are valid on its date of service (45 CFR 162.1000). Between the two dates the service must be billed
with an older code: if the table lacks that one, requests made with it fall through. A plan may list a code in advance on purpose, so this
is for information.`,
  recommended: "info",
  strict: "warning",
  related: ["ended-code", "reversed-code-dates"],
  examples: [{
    avoid: `policy EX.1 "Example"
  effective  2025-11-01

codes
  CPT    77301  Treatment plan
  HCPCS  J9999  Example drug, 1 mg   effective 2026-01-01
`,
    finds: ["2026-01-01"],
    prefer: `policy EX.1 "Example"
  effective  2026-01-01

codes
  CPT    77301  Treatment plan
  HCPCS  J9999  Example drug, 1 mg   effective 2026-01-01
`,
  }],
  check(policy, report) {
    const { date } = policy;
    if (date === undefined) return;
    for (const { system, code, effective } of policy.rows) {
      if (code === undefined || effective?.day === undefined || effective.day <= date) continue;
      report(effective, {
        message: `${system.text} ${code.from} is valid from ${effective.text} on, and the policy is judged as of ${dateText(date)}; until then no claim can carry it.`,
        help: "List the code that is valid until then as well, or move the effective date of the policy.",
      });
    }
  },
});
