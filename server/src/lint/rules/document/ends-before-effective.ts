// Lint rule: a policy that ends before it begins.
import { lintRule } from "../../rule.js";
import { known, surelyAfter } from "./dates.js";

export default lintRule({
  id: "ends-before-effective",
  category: "document",
  summary: "The policy ends before it takes effect, so that it is in force on no day.",
  why: `A case whose date of service lies before \`effective\` or after \`ends\` is referred, whatever its facts. Where the end comes first,
that is every case: no request can be approved, and nothing but the dates says why.`,
  recommended: "error",
  strict: "error",
  related: ["approval-after-effective"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  effective  2025-06-19
  ends       2025-06-18
`,
    finds: ["2025-06-18"],
    prefer: `policy EX.1 "Home oxygen therapy"
  effective  2025-06-19
  ends       2026-06-18
`,
  }],
  check(policy, report) {
    const { fields } = policy.analysis.header;
    const ends = known(fields.get("ends")?.date);
    const effective = known(fields.get("effective")?.date);
    if (ends === undefined || effective === undefined || !surelyAfter(effective, ends)) return;
    report(ends, {
      message: `The policy ends on ${ends.text} and takes effect on ${effective.text}, so that it is in force on no day and every case is referred.`,
      help: "Correct the date that is wrong.",
      related: [{ start: effective.start, end: effective.end, message: "It takes effect here." }],
    });
  },
});
