// Lint rule: a criterion that a reviewer decides by a word that cannot be measured.
import { lintRule } from "../../rule.js";
import { onDemand } from "../../../text.js";

/** A figure in the words themselves says how much is meant: "substantial stenosis (≥ 70 %)". */
const MEASURED = onDemand(() => /[<>≤≥]|(?<![\p{L}\d.])\d[\d.,]*\s?(?:%|(?:percent|mm|cm|mg|kg|g|m?L|dL|c?Gy|mmHg|points?|degrees?|times|minutes?|hours?|days?|weeks?|months?|years?)\b)|\b(?:defined|measured)\s+(?:as|by)\b/iu);

export default lintRule({
  id: "vague-term",
  category: "readability",
  summary: "A criterion without a condition rests on a word that two reviewers will not measure alike.",
  why: `Two reviewers who read "unacceptably high" may decide the same case differently, and a member who is told of it cannot know what was
asked for. Plans must see to it that reviewers apply criteria consistently (42 CFR 438.210(b)(2)(i) for Medicaid managed care). A
criterion with a \`when\` line is decided by its condition, and one whose own words hold a figure is measured by it; both are passed over.`,
  recommended: "info",
  strict: "warning",
  related: ["and-or", "long-criterion"],
  options: {
    terms: {
      default: ["significant", "significantly", "unacceptable", "unacceptably", "unfavorable", "unfavourable", "adequate", "adequately", "inadequate", "appropriate", "appropriately", "inappropriate",
        "substantial", "substantially", "reasonable", "reasonably", "excessive", "excessively", "frequent", "frequently"],
      description: "Words that cannot be measured, in lower case.",
    },
  },
  examples: [{
    avoid: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Early-stage breast cancer in which the dose to the heart is unacceptably high
   B. Breast cancer with unfavorable anatomy
`,
    finds: ["unacceptably", "unfavorable"],
    prefer: `facts
  heart_dose  Gy  "Mean heart dose of the best conventional plan"

criteria
I. IMRT is medically necessary for any of the following indications:
   A. Early-stage breast cancer in which the mean dose to the heart is unacceptably high
      when heart_dose > 4 Gy
   B. Breast cancer with substantial chest wall deformity (depth ≥ 2 cm)
`,
  }],
  check(policy, report, { terms }) {
    let pattern: RegExp | undefined;
    for (const { attested, conditions, node } of policy.criteria) {
      if (!attested || conditions.length > 0 || node.kind !== "criterion" || node.prose === undefined) continue;
      pattern ??= wordsPattern(terms);
      if (pattern === undefined) return;
      const stretch = policy.stretchAt(node.prose.start);
      if (stretch === undefined) continue;
      pattern.lastIndex = 0;
      let match = pattern.exec(stretch.text);
      if (match === null || MEASURED().test(stretch.text)) continue;
      for (; match !== null; match = pattern.exec(stretch.text)) {
        report({ start: stretch.start + match.index, end: stretch.start + match.index + match[0].length }, {
          message: `“${match[0]}” cannot be measured, so that two reviewers may decide this criterion differently.`,
          help: "Say how much is meant and how it is measured, or add a `when` line that decides it.",
        });
      }
    }
  },
});

/** Any of some words, by themselves or in the middle of a line; "age-appropriate" says what is appropriate to what. */
function wordsPattern(words: readonly string[]): RegExp | undefined {
  const plain = words.filter((word) => /^[\p{L}\p{N} -]+$/u.test(word));
  return plain.length === 0 ? undefined : new RegExp(`(?<![\\p{L}-])(?:${plain.join("|")})(?![\\p{L}-])`, "giu");
}
