// Lint rule: an abbreviation that is used before it is defined.
import type { Fix } from "../../../diagnostic.js";
import { folded } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { KNOWN } from "../../../semantics/abbreviations.js";
import { type AbbreviationDefinition, type AbbreviationUse, abbreviations, READ } from "./abbreviations.js";

export default lintRule({
  id: "late-abbreviation",
  category: "document",
  summary: "An abbreviation is used before the place where it is defined.",
  why: `Criteria are read by themselves: who finds an abbreviation in a criterion does not know that the background, pages below,
explains it. The AMA Manual of Style (11th ed., chapter 13) writes a term out where it is mentioned first. It happens when
criteria are added above a text that has been there for years.`,
  recommended: "warning",
  strict: "warning",
  related: ["undefined-abbreviation", "repeated-abbreviation"],
  examples: [{
    avoid: `criteria
I. Treatment is medically necessary for any of the following:
   A. Lung cancer where the anatomy does not allow SBRT
   B. Cancer of the esophagus

background
  Studies of stereotactic body radiation therapy (SBRT) go on.
`,
    finds: ["SBRT"],
    fixed: `criteria
I. Treatment is medically necessary for any of the following:
   A. Lung cancer where the anatomy does not allow stereotactic body radiation therapy (SBRT)
   B. Cancer of the esophagus

background
  Studies of stereotactic body radiation therapy go on.
`,
    prefer: `criteria
I. Treatment is medically necessary for any of the following:
   A. Lung cancer where the anatomy does not allow stereotactic body radiation therapy (SBRT)
   B. Cancer of the esophagus

background
  Studies of SBRT go on.
`,
  }, {
    avoid: `background
  OSA is common in adults. Obstructive sleep apnea (OSA) raises the blood pressure.
`,
    finds: ["OSA"],
    fixed: `background
  Obstructive sleep apnea (OSA) is common in adults. Obstructive sleep apnea raises the blood pressure.
`,
    prefer: `background
  Obstructive sleep apnea (OSA) is common in adults. OSA raises the blood pressure.
`,
  }],
  check(policy, report) {
    for (const { text, uses, definitions } of abbreviations(policy).values()) {
      const first = definitions[0];
      const use = uses[0];
      // What is defined in the title or a question first has been explained.
      if (first === undefined || use === undefined || use.start > first.start || !READ.has(first.stretch.role) || KNOWN.has(text)) continue;
      report(use, {
        message: `“${text}” is used here before it is defined, so a reader who begins at this place does not know what it stands for.`,
        help: "Write the term out here, and use the abbreviation from here on.",
        related: [{ start: first.start, end: first.end, message: "It is defined only here." }],
        fix: moved(text, use, first),
      });
    }
  },
});

/** Writes the term out at the first use and takes the parenthesis from where it is now; the long form there stays. */
function moved(short: string, use: AbbreviationUse, { stretch, long, parenthesis }: AbbreviationDefinition): Fix | undefined {
  if (parenthesis === undefined) return undefined;
  const words = stretch.text.slice(long.start - stretch.start, long.end - stretch.start);
  const behindWords = stretch.text.slice(long.end - stretch.start, parenthesis.start - stretch.start);
  const at = use.start - use.stretch.start;
  const before = use.stretch.text.slice(0, at);
  const behind = use.stretch.text.slice(at + short.length);
  // An article before it, a plural, parentheses or a compound would have to be reworded.
  if (/(?:^|\s)an?\s+$|[([/-]$/i.test(before) || /^[s/'’®™-]/u.test(behind) || parenthesis.end - parenthesis.start !== short.length + 2) return undefined;
  const opens = (text: string): boolean => /(?:^|[.!?]\s)\s*$/u.test(text);
  let term = folded(words);
  const proper = /[\s-]\p{Lu}/u.test(term);
  if (!proper && opens(stretch.text.slice(0, long.start - stretch.start)) && /^\p{Lu}\p{Ll}/u.test(term)) term = term[0]!.toLowerCase() + term.slice(1);
  if (opens(before)) term = term[0]!.toUpperCase() + term.slice(1);
  const from = behindWords.trim() === "" && !behindWords.includes("\n") ? long.end : parenthesis.start;
  return {
    title: `Define “${short}” here`,
    edits: [{ start: use.start, end: use.end, text: `${term} (${short})` }, { start: from, end: parenthesis.end, text: "" }],
    safe: false,
  };
}
