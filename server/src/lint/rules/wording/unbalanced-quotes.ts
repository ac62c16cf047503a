// Lint rule: a quotation mark that is opened and not closed, or closed and not opened.
import type { LintedPolicy, Stretch } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { scanWords } from "./scan.js";

export default lintRule({
  id: "unbalanced-quotes",
  category: "wording",
  summary: "A quotation mark is opened and not closed, or closed and not opened.",
  why: `In a revision log the quotation marks say what the old wording was: where one is missing, nobody can tell which words were changed. In
a criterion they mark a term that is used in a special sense.`,
  recommended: "warning",
  strict: "warning",
  related: ["mixed-quotes", "unbalanced-brackets"],
  examples: [{
    avoid: `revisions
  2025-03
    Added “may not support medical necessity” to coding implications”. Changed "simple to "less complex".
`,
    finds: ["”", "\""],
    prefer: `revisions
  2025-03
    Added “may not support medical necessity” to “coding implications”. Changed "simple" to "less complex".
`,
  }, {
    avoid: `description
  A “simple plan has few beams.
`,
    finds: ["“"],
    prefer: `description
  A “simple” plan has few beams. A child of 3'4" is small.
`,
  }],
  check(policy, report) {
    for (const stretch of policy.once(scanWords).quotes) {
      for (const { at, text } of unpaired(policy, stretch)) {
        report({ start: stretch.start + at, end: stretch.start + at + 1 }, {
          message: text === "“" ? "This quotation mark is opened and never closed, so that nobody can tell where the quoted words end."
            : text === "”" ? "This quotation mark closes words that no mark opens, so that nobody can tell where they begin."
            : "The quotation marks of this text do not pair: one of them is missing.",
          help: "Put in the mark that is missing, or remove this one.",
        });
      }
    }
  },
});

function unpaired(policy: LintedPolicy, stretch: Stretch): readonly { readonly at: number; readonly text: string }[] {
  const found: { at: number; text: string }[] = [];
  const open: number[] = [];
  const straight: number[] = [];
  for (const { index, 0: text } of stretch.text.matchAll(/["“”]/gu)) {
    if (text === "“") open.push(index);
    else if (text === "”") {
      // „…” and ”…” of other languages are not looked into; nor are curly inches.
      if (open.pop() === undefined && !/\d/u.test(stretch.text[index - 1] ?? "")) found.push({ at: index, text });
    } else if (!/\d/u.test(stretch.text[index - 1] ?? "")) straight.push(index);
  }
  // A quotation of several paragraphs opens each of them and closes the last.
  if (open.length > 0 && !/^\s*“/u.test(policy.text.slice(stretch.end, stretch.end + 20))) found.push(...open.map((at) => ({ at, text: "“" })));
  const delimited = stretch.role === "title" || stretch.role === "question" || stretch.role === "case name";
  if (!delimited && (straight.length & 1) === 1 && !/[\d\s]["”]/u.test(stretch.text.slice(0, 2))) found.push({ at: oddOne(stretch.text, straight), text: "\"" });
  return found.sort((a, b) => a.at - b.at);
}

/** Of an odd number of straight marks, the one that most likely stands alone: an opening one before another opening one, else the last. */
function oddOne(text: string, straight: readonly number[]): number {
  const opens = (at: number): boolean => /^$|[\s([—–/-]/u.test(text[at - 1] ?? "");
  let open: number | undefined;
  for (const at of straight) {
    if (opens(at)) {
      if (open !== undefined) return open;
      open = at;
    } else if (open === undefined) return at;
    else open = undefined;
  }
  return open ?? straight[straight.length - 1]!;
}
