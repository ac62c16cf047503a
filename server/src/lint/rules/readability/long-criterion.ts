// Lint rule: a criterion of many words.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "long-criterion",
  category: "readability",
  summary: "A criterion has more words than can be held against a record in one look.",
  why: `A reviewer must say for each criterion whether it is met and by what evidence. A criterion of many words asks for several things at
once, so that "not met" does not say which of them is missing. The words are those of the criterion itself, without its items and notes.`,
  recommended: "off",
  strict: "info",
  related: ["reading-level", "connective-in-prose"],
  options: { words: { default: 60, minimum: 10, description: "The most words that are not reported." } },
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when the oxygen saturation at rest and on room air is at most 88 percent.
`,
    finds: ["I."],
    prefer: `criteria
I. Home oxygen is medically necessary when both of the following are met:
   A. The oxygen saturation is at most 88 percent
   B. It was measured at rest and on room air
`,
    options: { words: 16 },
  }],
  check(policy, report, { words }) {
    for (const { node } of policy.criteria) {
      if (node.kind !== "criterion" || node.prose === undefined || node.label === undefined || node.prose.end - node.prose.start < words * 3) continue;
      const stretch = policy.stretchAt(node.prose.start);
      if (stretch === undefined) continue;
      const count = wordCount(stretch.text);
      if (count <= words) continue;
      report(node.label, {
        message: `This criterion has ${count} words, so that “not met” does not say what of it is missing.`,
        help: `Break it into items, or say it in at most ${words} words.`,
      });
    }
  },
});

const wordCount = (text: string): number => text.replace(/\[[\d,\s–-]+\]/gu, " ").match(/[\p{L}\d][^\s]*/gu)?.length ?? 0;
