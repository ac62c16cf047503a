// Lint rule: a list that may be incomplete.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "open-list",
  category: "criteria",
  summary: "A list says that there may be other items, so that no request fails to match it.",
  why: `"May include" and "not all-inclusive" leave open what else counts. A request that matches no item is then neither met nor not met: a
clinician has to look at each of them, and two clinicians may decide differently. NCQA's standards of utilization management (UM 2) ask
for written, objective criteria that all reviewers apply in the same way.`,
  recommended: "off",
  strict: "info",
  related: ["vague-term", "no-limiting-statement"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary for indications that may include any of the following:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
`,
    finds: ["any of the following"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following indications:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
`,
  }],
  check(policy, report) {
    for (const { combination, node, address } of policy.criteria) {
      if (combination?.open !== true) continue;
      const prose = node.kind === "criterion" ? node.prose : undefined;
      const at = prose?.combinator ?? prose;
      if (at === undefined) continue;
      report(at, {
        message: `The list of ${address} is open, so a request that matches none of its items is left to a clinician each time.`,
        help: "Close the list, or name as its last item what else is looked at and by whom.",
      });
    }
  },
});
