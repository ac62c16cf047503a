// Lint rule: a reference that nothing cites.
import { lintRule } from "../../rule.js";
import { citedNumbers } from "./cited.js";

export default lintRule({
  id: "uncited-reference",
  category: "references",
  summary: "A reference stands in the list and is never cited.",
  why: `A reader cannot tell what an uncited reference supports, and whether the evidence of a criterion was looked at. Lists grow with
each annual review, because nobody dares to remove what may still be needed. AMA style numbers references in the order in which they
are cited, so that each of them is cited (AMA Manual of Style, 11th ed., 3.6).

Where nothing at all is cited, one finding at the heading of the list says so.`,
  recommended: "warning",
  strict: "warning",
  related: ["citation-order", "reference-order", "unknown-citation"],
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
  }, {
    avoid: `description
  Planning takes several steps and much time.

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
    finds: ["references"],
    prefer: `description
  Planning takes several steps and much time. [1-2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
    note: "The text cites none of its references, so that the list supports nothing in particular.",
  }],
  check(policy, report) {
    const { references } = policy;
    if (references.length === 0) return;
    const cited = policy.once(citedNumbers);
    if (cited.size === 0 && references.length > 1) {
      const heading = policy.analysis.document.sections.find((section) => section.kind === "references")?.heading;
      report(heading ?? references[0]!.label, {
        message: `None of the ${references.length} references is cited, so no reader can tell what they support.`,
        help: "Cite each reference where it supports a criterion or a sentence, as in `[1]`.",
      });
      return;
    }
    for (const reference of references) {
      if (cited.has(reference.number)) continue;
      report(reference.label, {
        message: `Reference ${reference.number} is never cited, so no reader can tell what it supports.`,
        help: "Cite it where it supports a criterion or a sentence, or remove it.",
      });
    }
  },
});
