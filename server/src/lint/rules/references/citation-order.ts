// Lint rule: references that are not numbered in the order in which they are cited.
import { lintRule } from "../../rule.js";
import { citedNumbers } from "./cited.js";

export default lintRule({
  id: "citation-order",
  category: "references",
  summary: "The text does not cite its references first in the order of their numbers.",
  why: `AMA style numbers references in the order in which the text first cites them: the first citation is 1, the next new one 2
(AMA Manual of Style, 11th ed., 3.6). Readers then find a reference by where they are in the text. Many plans append new references at
the end of the list instead, which is a convention of its own; so only the profile strict asks for this. One finding stands where the
order first breaks.`,
  recommended: "off",
  strict: "info",
  related: ["reference-order", "uncited-reference"],
  examples: [{
    avoid: `description
  Planning takes much time [2] and several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
    finds: ["[2]"],
    prefer: `description
  Planning takes much time [1] and several steps. [2]

references
  1. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
  2. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
`,
  }],
  check(policy, report) {
    if (policy.citations.length === 0 || policy.references.length === 0) return;
    let wanted = 1;
    for (const [number, citation] of policy.once(citedNumbers)) {
      if (number !== wanted) {
        report(citation, {
          message: `${wanted === 1 ? "The first reference that is cited is" : `After reference ${wanted - 1} the next new one that is cited is`} ${number}, not ${wanted}; AMA style numbers references in the order of their first citation.`,
          help: "Number the references in the order in which the text first cites them.",
        });
        return;
      }
      wanted++;
    }
  },
});
