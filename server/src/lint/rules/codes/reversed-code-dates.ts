// Lint rule: a code that ends before it begins.
import { periodBetween } from "../../../semantics/period.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "reversed-code-dates",
  category: "codes",
  summary: "A row of the table says that its code ended before it became effective.",
  why: `A code with such dates was never valid, so that every request made with it seems to be made with an invalid code. One of the dates is a
slip, mostly in the year.`,
  recommended: "warning",
  strict: "warning",
  related: ["ended-code", "code-not-yet-effective"],
  examples: [{
    avoid: `codes
  HCPCS  J9999  Example drug, 1 mg   effective 2026-01-01, ended 2025-06-30
`,
    finds: ["2025-06-30"],
    prefer: `codes
  HCPCS  J9999  Example drug, 1 mg   effective 2026-01-01, ended 2026-06-30
`,
  }],
  check(policy, report) {
    for (const { effective, ended } of policy.rows) {
      if (effective?.day === undefined || ended?.day === undefined || periodBetween(undefined, ended).until >= effective.day) continue;
      report(ended, {
        message: `The code ends (${ended.text}) before it becomes effective (${effective.text}), so that it was never valid.`,
        help: "Compare both dates with the code set.",
        related: [{ start: effective.start, end: effective.end, message: "It becomes effective here." }],
      });
    }
  },
});
