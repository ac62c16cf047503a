// Lint rule: "and/or" in a criterion.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "and-or",
  category: "readability",
  summary: "A sentence of a criterion says “and/or”.",
  why: `"A and/or B" leaves the reader to choose whether one is enough. In logic it is a plain "or", but a reviewer may take it for "and", and a
member cannot tell what must be shown. "A, B or both" is what is nearly always meant; the Federal Plain Language Guidelines
ask for such words instead of the slash.`,
  recommended: "info",
  strict: "warning",
  related: ["connective-in-prose", "vague-term"],
  examples: [{
    avoid: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Skin tumor that follows a nerve to the cavernous sinus and/or the brainstem
`,
    finds: ["and/or"],
    prefer: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Skin tumor that follows a nerve to the cavernous sinus, the brainstem or both
`,
  }],
  check(policy, report) {
    const { text } = policy;
    if (!text.includes("/or")) return;
    for (const { index, 0: { length } } of text.matchAll(/\band\s?\/\s?or\b/gi)) {
      const stretch = policy.stretchAt(index);
      if (stretch === undefined || (stretch.role !== "criterion" && stretch.role !== "note" && stretch.role !== "footnote") || stretch.text[index - stretch.start] !== text[index]) continue;
      report({ start: index, end: index + length }, {
        message: "“and/or” leaves it to the reader whether one is enough or all are needed.",
        help: "Write “A, B or both” if one is enough, “and” if all are needed, or make a list that says which.",
      });
    }
  },
});
