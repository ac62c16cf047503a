// Lint rule: a label that the revision log gives to a criterion that is not there.
import { lintRule } from "../../rule.js";
import { hasRomanStatements, logHasNumerals, whatThereIs } from "./addresses.js";
import { revisionLog, Since, stands } from "./log.js";

export default lintRule({
  id: "unknown-label-in-revision",
  category: "labels",
  summary: "The revision log says that a criterion was added or changed, and no criterion has its label.",
  why: `When a revision is adopted, plans tell providers what changed, criterion by criterion, out of this log. A label that leads nowhere sends
them to the wrong criterion, and an auditor cannot follow how the policy came to read as it does. Labels of earlier versions are right
where they were given; one is doubted only if it was added, changed or kept and no later row removes or rearranges anything that
it depends on.`,
  recommended: "warning",
  strict: "warning",
  related: ["unknown-label-in-prose", "revision-quote-differs"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale

revisions
  2024-05
    Added I.B.4 (cluster headache).
  2025-03
    Annual review. Removed I.B.1 - 6. Added I.B and I.C (hematocrit).
`,
    finds: ["I.C"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
   C. Hematocrit > 55 %

revisions
  2024-05
    Added I.B.4 (cluster headache).
  2025-03
    Annual review. Removed I.B.1 - 6. Added I.B and I.C (hematocrit).
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %

revisions
  2025-03
    Annual review. Added I.A.1-4 from the society's list.
  2024-05
    New policy.
`,
    finds: ["I.A.1-4"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %

revisions
  2025-03
    Annual review. Added I.A.1-2 from the society's list.
  2024-05
    New policy.
`,
  }],
  check(policy, report) {
    if (policy.revisions.length === 0 || policy.analysis.statements.length === 0 || !logHasNumerals(policy) || !hasRomanStatements(policy)) return;
    const { byAddress } = policy.analysis;
    const log = policy.once(revisionLog);
    const since = new Since(log);
    for (const mention of log.mentions) {
      const missing = mention.addresses.find((address) => !byAddress.has(address));
      if (missing === undefined || since.mayHaveGone(missing, mention) || !stands(mention)) continue;
      report({ start: mention.row.start + mention.start, end: mention.row.start + mention.end }, {
        message: `This row says that ${missing} is part of the policy, no later one removes it, and no criterion has that label.`,
        help: `Look for the label that is meant: ${whatThereIs(policy, missing)}; or say in the log what became of it.`,
      });
    }
  },
});
