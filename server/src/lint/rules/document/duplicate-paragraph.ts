// Lint rule: a paragraph that stands in the document twice.
import { folded } from "../../../text.js";
import { lintRule } from "../../rule.js";
import type { Stretch } from "../../policy.js";

export default lintRule({
  id: "duplicate-paragraph",
  category: "document",
  summary: "A paragraph stands in the document twice, word for word.",
  why: `A paragraph is copied when sections are moved about, and stays behind. At the next review one of the two is changed, and
the policy says two things.`,
  recommended: "warning",
  strict: "warning",
  options: { words: { default: 8, minimum: 1, description: "The least number of words of a paragraph that is looked at." } },
  related: ["duplicate-criterion", "empty-section"],
  examples: [{
    avoid: `description
  Home oxygen raises the oxygen level of people whose lungs cannot do so by themselves.

background
  Concentrators draw oxygen from the air.

  Home oxygen raises the oxygen level of people whose lungs cannot do so
  by themselves.
`,
    finds: [`Home oxygen raises the oxygen level of people whose lungs cannot do so
  by themselves.`],
    prefer: `description
  Home oxygen raises the oxygen level of people whose lungs cannot do so by themselves.

background
  Concentrators draw oxygen from the air.
`,
  }],
  check(policy, report, { words }) {
    // Few paragraphs begin alike; only those are folded.
    const byBeginning = new Map<string, Stretch | Map<string, Stretch>>();
    for (const stretch of policy.stretches) {
      if ((stretch.role !== "paragraph" && stretch.role !== "footnote") || stretch.text.length < 2 * words) continue;
      const beginning = stretch.text.slice(0, 12);
      let alike = byBeginning.get(beginning);
      if (alike === undefined) {
        byBeginning.set(beginning, stretch);
        continue;
      }
      if (!(alike instanceof Map)) byBeginning.set(beginning, (alike = new Map([[folded(alike.text), alike]])));
      const text = folded(stretch.text);
      const first = alike.get(text);
      if (first === undefined) alike.set(text, stretch);
      else if (text.split(" ").length >= words) {
        report(stretch, {
          message: "This paragraph stands in the document twice; when one of the two is changed, the policy says two things.",
          help: "Keep it in one place.",
          related: [{ start: first.start, end: first.end, message: "It stands here first." }],
        });
      }
    }
  },
});
