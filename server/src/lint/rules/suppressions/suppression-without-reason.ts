// Lint rule: a suppression that gives no reason.
import { lintRule } from "../../rule.js";
import { byComment } from "./comments.js";
import { onDemand } from "../../../text.js";

export default lintRule({
  id: "suppression-without-reason",
  category: "suppressions",
  summary: "A comment suppresses a finding and does not say why.",
  why: `A finding may be left as it is for a good reason: the words are those of a label, a law or a society. The next reviewer, or an
auditor who asks why the policy departs from the plan's own conventions, needs that reason and has only the comment to go by. So a
suppression without a reason has no effect.`,
  recommended: "warning",
  strict: "warning",
  related: ["unknown-suppression", "unused-suppression"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient  # lint-ignore label-order
`,
    finds: ["# lint-ignore label-order"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient  # lint-ignore label-order: B was withdrawn in 2024
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order – B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    finds: ["# lint-ignore label-order – B was withdrawn in 2024"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    note: "A colon stands between the lint rule and the reason.",
  }],
  check(policy, report) {
    if (policy.suppressions.length === 0) return;
    for (const group of byComment(policy)) {
      const last = group.at(-1)!;
      if (last.reason !== undefined) continue;
      const end = last.start + policy.text.slice(last.start, last.end).trimEnd().length;
      // Words behind the id, with a dash or nothing before them, are meant as the reason.
      const behind = last.id === "" ? null : DASHED().exec(policy.text.slice(last.rule.end, end));
      report({ start: last.start, end }, {
        message: behind === null ? "This comment gives no reason, so it suppresses nothing." : "No colon stands before the reason, so this comment suppresses nothing.",
        help: "Write the reason behind a colon: `# lint-ignore rule-id: why it is right here`.",
        fix: behind === null ? undefined : { title: "Put a colon before the reason", edits: [{ start: last.rule.end, end: last.rule.end + behind[0].length, text: ": " }], safe: false },
      });
    }
  },
});

const DASHED = onDemand(() => /^\s*(?:[-–—]+|=)?\s*(?=[\p{L}\p{N}"“(])/u);
