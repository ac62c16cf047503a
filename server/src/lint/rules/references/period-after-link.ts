// Lint rule: a period behind the DOI or link that ends a reference.
import { lintRule } from "../../rule.js";
import { endingLink, worksOf } from "./works.js";

export default lintRule({
  id: "period-after-link",
  category: "references",
  summary: "A period follows the DOI or link that ends a reference.",
  why: `Readers and word processors take the period for a part of the address, and the link then leads nowhere. AMA style puts none behind
a DOI or link at the end of a reference (AMA Manual of Style, 11th ed., chapter 3). Many plans end every reference with a period all the
same, so only the profile strict asks.`,
  recommended: "off",
  strict: "info",
  related: ["final-period", "malformed-doi"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12.
`,
    finds: ["."],
    fixed: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
`,
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    const list = policy.once(worksOf);
    for (const work of list.works) {
      if (list.text[work.end - list.base - 1] !== "." || endingLink(list, work)?.end !== work.end - 1) continue;
      const period = { start: work.end - 1, end: work.end };
      report(period, {
        message: "The period behind the address is copied with it, and the link then leads nowhere.",
        help: "End the reference with the DOI or link itself.",
        fix: { title: "Remove the period", safe: true, edits: [{ ...period, text: "" }] },
      });
    }
  },
});
