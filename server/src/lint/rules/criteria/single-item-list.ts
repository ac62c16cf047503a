// Lint rule: a list that is announced as several and has one item.
import { lintRule } from "../../rule.js";
import { headOf, isBroken } from "./lists.js";

export default lintRule({
  id: "single-item-list",
  category: "criteria",
  summary: "A list that speaks of the following has one item.",
  why: `"Any of the following" with one item makes the reader look for the others: was one lost in an edit, or does the next line stand too far
left and belong to this list? An item that lost its indentation is decided with the wrong list, without a word of the policy being changed.`,
  recommended: "info",
  strict: "warning",
  related: ["combinator-without-items", "combinator-count"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
`,
    finds: ["One of the following"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Saturation of 89 % with cor pulmonale
   B. The prescriber has seen the patient
`,
  }],
  check(policy, report) {
    // In a broken text the other items may just not have been read.
    if (policy.once(isBroken)) return;
    for (const { items, combination, node, address } of policy.criteria) {
      if (items.length !== 1 || combination === undefined || node.kind !== "criterion" || items[0]!.role !== "criterion") continue;
      const { op, count } = combination;
      const combinator = node.prose?.combinator;
      if (combinator === undefined || op === "none" || count > 1) continue;
      report(combinator, {
        message: `${address} announces a list that has one item, so a reader looks for what is missing.`,
        help: "Add the items that are missing, look at the indentation of the lines below, or say it in one sentence without a list.",
        related: [{ ...headOf(items[0]!), message: "The one item of the list." }],
      });
    }
  },
});
