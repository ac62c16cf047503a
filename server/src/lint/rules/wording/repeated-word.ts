// Lint rule: a word that is written twice in a row.
import { lintRule } from "../../rule.js";
import { inProse, scanWords } from "./scan.js";

/** Words that good English may write twice. */
const RIGHT: ReadonlySet<string> = new Set(["had", "that", "do", "is", "her", "his", "so", "very", "many", "long", "out", "no"]);
/** Words whose double says nothing: to remove one is no guess. */
const FUNCTION: ReadonlySet<string> = new Set([
  "the", "a", "an", "of", "to", "in", "on", "for", "and", "or", "with", "by", "at", "from", "are", "be", "as", "this", "these", "which", "who", "when", "if", "was", "were", "has", "have", "will", "may",
]);

export default lintRule({
  id: "repeated-word",
  category: "wording",
  summary: "A word is written twice in a row.",
  why: `A doubled word is what is left of an edit: at the end of a line and the beginning of the next, the eye passes over it. In a criterion
it makes a reader ask whether a word is missing between the two ("of the the following" may once have been "of the three of the following").`,
  recommended: "warning",
  strict: "warning",
  related: ["typo"],
  examples: [{
    avoid: `criteria
I. An injection is medically necessary when all of the following are met:
   A. Pain for at least six weeks in the the leg
   B. Imaging shows that the root of the
      the nerve is compressed
`,
    finds: ["the", "the"],
    fixed: `criteria
I. An injection is medically necessary when all of the following are met:
   A. Pain for at least six weeks in the leg
   B. Imaging shows that the root of
      the nerve is compressed
`,
    prefer: `criteria
I. An injection is medically necessary when all of the following are met:
   A. Pain for at least six weeks in the leg
   B. Imaging that had had no finding is not counted
`,
  }],
  check(policy, report) {
    const { repeats } = policy.once(scanWords);
    for (const [before, again] of repeats) {
      const stretch = inProse(policy, again);
      const { text } = policy;
      const one = text.slice(before.start, before.end);
      const two = text.slice(again.start, again.end);
      const word = two.toLowerCase();
      // "Walla Walla", "vitamin A a": a second capital letter is a name or a label.
      if (stretch === undefined || RIGHT.has(word) || two !== word || (one !== word && one.length === 1)) continue;
      if (/[-/\d]/u.test((text[before.start - 1] ?? " ") + (text[again.end] ?? " ")) || stretch.text.slice(before.start - stretch.start, again.end - stretch.start).length !== again.end - before.start) continue;
      const gap = stretch.text.slice(before.end - stretch.start, again.start - stretch.start);
      if (stretch.text.slice(before.start - stretch.start, before.end - stretch.start) !== one) continue;
      const broken = /[\r\n]/u.test(gap);
      const edit = broken && before.start > stretch.start && text[before.start - 1] === " " ? { start: before.start - 1, end: before.end } : { start: before.end, end: again.end };
      report(again, {
        message: `“${two}” is written twice in a row, so that a reader may think a word is missing.`,
        help: "Remove one of the two, or put in what is missing between them.",
        related: [{ ...before, message: "It stands here already." }],
        fix: broken && edit.start !== before.start - 1 ? undefined : { title: `Remove one “${word}”`, edits: [{ ...edit, text: "" }], safe: FUNCTION.has(word) },
      });
    }
  },
});
