// Lint rule: a parenthesis or bracket without its other half.
import type { Stretch } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { scanWords } from "./scan.js";

export default lintRule({
  id: "unbalanced-brackets",
  category: "wording",
  summary: "A parenthesis or square bracket has no other half.",
  why: `What stands in parentheses limits or explains what stands before them. Where one half is missing, a reader cannot tell how far the
limit reaches: "cancer (of the lung, stage II or higher" may ask for stage II of every cancer or of that of the lung alone.`,
  recommended: "warning",
  strict: "warning",
  related: ["unbalanced-quotes"],
  examples: [{
    avoid: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Bone tumors (malignant or benign
   B. Re-irradiation, where the dose would exceed the tolerance dose)
`,
    finds: ["(", ")"],
    prefer: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Bone tumors (malignant or benign)
   B. Re-irradiation, where a) the dose or b) its sum would exceed the tolerance dose [1-2]

references
  1. Example A. Dose. Ex J Med. 2020;1(2):3-9.
  2. Example B. Sum. Ex J Med. 2021;2(1):1-4.
`,
  }],
  check(policy, report) {
    for (const stretch of policy.once(scanWords).brackets) {
      for (const at of unpaired(stretch)) {
        const mark = stretch.text[at]!;
        const opens = mark === "(" || mark === "[";
        report({ start: stretch.start + at, end: stretch.start + at + 1 }, {
          message: opens ? `“${mark}” is never closed, so that a reader cannot tell how far it reaches.` : `“${mark}” closes what nothing opens.`,
          help: `Put in the missing “${{ "(": ")", ")": "(", "[": "]", "]": "[" }[mark]}”, or remove this one.`,
        });
      }
    }
  },
});

/** Brackets without another half; list marks (`a)`, `iv)`), faces and half-open intervals are none. */
function unpaired({ text }: Stretch): readonly number[] {
  const open: number[] = [];
  const found: number[] = [];
  for (const { index, 0: mark } of text.matchAll(/[()[\]]/gu)) {
    if (mark === "(" || mark === "[") {
      if (!/[:;]-?$/u.test(text.slice(Math.max(0, index - 2), index))) open.push(index);
      continue;
    }
    const wanted = mark === ")" ? "(" : "[";
    const last = open[open.length - 1];
    const before = text.slice(Math.max(0, index - 6), index);
    if (last !== undefined && text[last] === wanted) {
      // "(where a) the dose or b) its sum)": a list mark within parentheses closes nothing if there is another half for them.
      if (listMark(before) && balance(text.slice(index + 1)) < 0) continue;
      open.pop();
    } else if (last !== undefined && /^[[(]\s*-?[\d.]+\s*[,;–]\s*[\d.∞]+\s*$/u.test(text.slice(last, index))) open.pop();
    else if (!listMark(before, text) && !/[:;]-?$/u.test(before)) found.push(index);
  }
  return [...found, ...open].sort((a, b) => a - b);
}

/** Whether a parenthesis closes the mark of an item, `a)`, `iv)`: the first of them, or one before which its neighbour stands in the text. */
function listMark(before: string, text?: string): boolean {
  const mark = /(?:^|[\s(,;:])([A-Za-z]|[ivxIVX]{1,4}|\d{1,2})$/u.exec(before)?.[1];
  if (mark === undefined || text === undefined) return mark !== undefined;
  if (/^[aAiI1]$/u.test(mark) || before.trimStart() === mark) return true;
  if (/^[ivxIVX]{1,4}$/u.test(mark) && /(?:^|[\s(,;:])[iI]\)/u.test(text)) return true;
  const neighbour = /\d/u.test(mark) ? String(Number(mark) - 1) : mark.length === 1 ? String.fromCharCode(mark.charCodeAt(0) - 1) : undefined;
  return neighbour !== undefined && new RegExp(`(?:^|[\\s(,;:])${neighbour}\\)`, "u").test(text);
}

/** How many parentheses more are opened than closed. */
function balance(text: string): number {
  let sum = 0;
  for (const mark of text) if (mark === "(") sum++; else if (mark === ")") sum--;
  return sum;
}
