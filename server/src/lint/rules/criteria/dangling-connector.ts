// Lint rule: a connector that joins the last item of a list to nothing.
import { lintRule } from "../../rule.js";
import { headOf, isBroken } from "./lists.js";
import { connectorsAtEnd, removal } from "./trailing.js";

export default lintRule({
  id: "dangling-connector",
  category: "criteria",
  summary: "The last item ends with \"or\" or \"and\", and no item follows that it could join.",
  why: `A final "; or" announces another item. Either the item was taken out in a revision and the word was left, or an item has been lost, and
a reader cannot tell which. Where the list around it goes on, but decides in the other way, the word contradicts that list.`,
  recommended: "warning",
  strict: "warning",
  related: ["contradicting-connector", "connector-of-parent", "single-item-list"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %; or
   B. Saturation of 89 % with cor pulmonale; or
II. Home oxygen is investigational for all other indications.
`,
    finds: ["; or"],
    fixed: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %; or
   B. Saturation of 89 % with cor pulmonale
II. Home oxygen is investigational for all other indications.
`,
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %; or
   B. Saturation of 89 % with cor pulmonale
II. Home oxygen is investigational for all other indications.
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Oxygen is low, both of the following:
      1. Saturation at rest ≤ 88 %; and
      2. A second measurement within 30 days; and
   B. Cluster headache
`,
    finds: ["; and"],
    fixed: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Oxygen is low, both of the following:
      1. Saturation at rest ≤ 88 %; and
      2. A second measurement within 30 days
   B. Cluster headache
`,
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Oxygen is low, both of the following:
      1. Saturation at rest ≤ 88 %; and
      2. A second measurement within 30 days
   B. Cluster headache
`,
    note: "The \"and\" would ask for cluster headache as well.",
  }],
  check(policy, report) {
    if (policy.once(isBroken)) return;
    for (const { item, connector, list, next } of policy.once(connectorsAtEnd)) {
      const op = list?.combination?.op;
      const against = next !== undefined && ((op === "all" && connector.word !== "and") || (op === "any" && connector.word !== "or"));
      if (next !== undefined && !against) continue;
      report(connector, {
        message: against
          ? `No item of this list follows, and "${connector.word}" contradicts the list of ${list!.address}, which goes on with ${next.address}.`
          : `"${connector.word}" announces another item, and ${item.address} is the last one.`,
        help: `Remove "${connector.word}", or add the item that is missing.`,
        related: against ? [{ ...headOf(next), message: `${next.address} follows here.` }] : undefined,
        fix: removal(connector, `Remove "${connector.word}"`, false),
      });
    }
  },
});
