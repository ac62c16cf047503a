// Lint rule: the last item of a list carries the connector of the list around it.
import { lintRule } from "../../rule.js";
import { connectorsAtEnd, removal } from "./trailing.js";

export default lintRule({
  id: "connector-of-parent",
  category: "criteria",
  summary: "The last item of a list ends with the connector of the list around it.",
  why: `In "2. Saturation of 89 % with cor pulmonale; and" the "and" belongs to the list around it, and stands where a reader takes it for that of
the item's own list. Statutes are drafted in this way; in a policy whose lists say how they decide, the word tells nothing and can be
misread, above all where the two lists decide differently. A plan may hold to the usage, so this is looked at under \`strict\` only.`,
  recommended: "off",
  strict: "info",
  related: ["contradicting-connector", "dangling-connector", "connective-in-prose"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Either of the following:
      1. Saturation at rest ≤ 88 %; or
      2. Saturation of 89 % with cor pulmonale; and [1]
   B. The prescriber has seen the patient

references
  1. Example A. Oxygen at home. Ex J Med. 2020;1(2):3-9.
`,
    finds: ["; and"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Either of the following:
      1. Saturation at rest ≤ 88 %; or
      2. Saturation of 89 % with cor pulmonale [1]
   B. The prescriber has seen the patient

references
  1. Example A. Oxygen at home. Ex J Med. 2020;1(2):3-9.
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Either of the following:
      1. Saturation at rest ≤ 88 %; or
      2. Saturation of 89 % with cor pulmonale
   B. The prescriber has seen the patient
`,
  }],
  check(policy, report) {
    for (const { item, connector, list, next } of policy.once(connectorsAtEnd)) {
      if (next === undefined || list === undefined) continue;
      const op = list.combination?.op;
      if ((op === "all" && connector.word !== "and") || (op === "any" && connector.word !== "or")) continue;
      report(connector, {
        message: `"${connector.word}" stands behind the last item of ${item.parent!.address} and joins what contains it to ${next.address}, so it can be taken for the connector of the wrong list.`,
        help: `Leave it out: the list of ${list.address} says itself how its items decide.`,
        fix: removal(connector, `Remove "${connector.word}"`, true),
      });
    }
  },
});
