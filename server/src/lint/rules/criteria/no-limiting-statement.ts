// Lint rule: no statement says what the policy does not cover.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "no-limiting-statement",
  category: "criteria",
  summary: "No statement says what holds when the criteria are not met.",
  why: `A policy with nothing but statements of medical necessity leaves unsaid whether another use is not medically necessary, investigational or
outside the benefit. A notice of an adverse determination has to give its reason (29 CFR 2560.503-1(g) for employer plans, 42 CFR 438.404
for Medicaid managed care), and the reason should be one that the policy states.`,
  recommended: "off",
  strict: "info",
  related: ["open-list"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   B. The prescriber has seen the patient
`,
    finds: ["I."],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   B. The prescriber has seen the patient
II. Home oxygen is investigational for all other indications.
`,
  }],
  check(policy, report) {
    const { statements, criteria } = policy.analysis;
    if (statements.length === 0 || statements.some(({ statement }) => statement !== "necessary")) return;
    const { node } = criteria[statements.at(-1)!.index]!;
    report(node.kind === "criterion" ? node.label ?? node : node, {
      message: "No statement says what holds when the criteria are not met, so a notice can give no reason in the policy's own words.",
      help: "Add a statement below, such as \"… is not medically necessary when criterion I is not met\" or \"… is investigational for all other indications\".",
    });
  },
});
