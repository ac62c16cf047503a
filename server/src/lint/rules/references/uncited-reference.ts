// Lint rule: a reference that nothing cites.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "uncited-reference",
  category: "references",
  summary: "A reference stands in the list and is never cited.",
  why: `A reader cannot tell what an uncited reference supports, and whether the evidence of a criterion was looked at. Lists grow with
each annual review, because nobody dares to remove what may still be needed. AMA style numbers references in the order in which they
are cited, so that each of them is cited (AMA Manual of Style, 11th ed., 3.6).`,
  recommended: "warning",
  strict: "warning",
  related: ["citation-order", "unknown-citation"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
    finds: ["2."],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
  }],
  check(policy, report) {
    const cited = new Set<number>();
    for (const citation of policy.citations) {
      for (const { from, to } of citation.numbers) for (let number = from; number <= to && number - from <= 200; number++) cited.add(number);
    }
    for (const reference of policy.references) {
      if (cited.has(reference.number)) continue;
      report(reference.label, {
        message: `Reference ${reference.number} is never cited, so no reader can tell what it supports.`,
        help: "Cite it where it supports a criterion or a sentence, or remove it.",
      });
    }
  },
});
