// Lint rule: straight and curly quotation marks, or apostrophes, mixed in prose.
import type { Edit } from "../../../diagnostic.js";
import { counted } from "../../../text.js";
import type { LintedPolicy, Stretch } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { scanWords } from "./scan.js";

const DELIMITED: ReadonlySet<string> = new Set(["title", "question", "case name"]);

export default lintRule({
  id: "mixed-quotes",
  category: "wording",
  summary: "Straight and curly quotation marks, or apostrophes, are mixed in prose.",
  why: `Mixed marks show which sentences were pasted from elsewhere, and a search for a quoted phrase finds only those of one kind. Marks of
the language itself, around a title, a question or the name of a case, are no prose and stay straight; references are left as they are.`,
  recommended: "warning",
  strict: "warning",
  related: ["unbalanced-quotes"],
  examples: [{
    avoid: `description
  A “simple” plan has few beams, a “complex” plan has many, and a "mixed" plan has both.
`,
    finds: ["\""],
    fixed: `description
  A “simple” plan has few beams, a “complex” plan has many, and a “mixed” plan has both.
`,
    prefer: `description
  A “simple” plan has few beams, a “complex” plan has many.

facts
  age  years  "Age on the date of service"
`,
  }, {
    avoid: `description
  The member's plan covers it, but the member’s family pays; the plan's rules say so.
`,
    finds: ["’"],
    fixed: `description
  The member's plan covers it, but the member's family pays; the plan's rules say so.
`,
    prefer: `description
  The member's plan covers it. A fall from 5'10" is a fall.
`,
  }],
  check(policy, report) {
    const { marks } = policy.once(scanWords);
    const kinds = [...(marks.straightDouble && marks.curlyDouble ? ["double" as const] : []), ...(marks.straightSingle && marks.curlySingle ? ["single" as const] : [])];
    for (const kind of kinds) {
      const straight: number[] = [];
      const curly: number[] = [];
      const pattern = kind === "double" ? /["“”]/gu : /['‘’]/gu;
      for (const stretch of policy.stretches) {
        if (stretch.role === "reference" || (kind === "double" && DELIMITED.has(stretch.role))) continue;
        for (const { index, 0: mark } of stretch.text.matchAll(pattern)) {
          // Feet, inches, minutes of arc: 5'10".
          if (/\d/u.test(stretch.text[index - 1] ?? "") && !/[“”]/u.test(mark)) continue;
          // A single mark that opens is a quotation, not an apostrophe.
          if (kind === "single" && !/\p{L}/u.test(stretch.text[index - 1] ?? "")) continue;
          (mark === "\"" || mark === "'" ? straight : curly).push(stretch.start + index);
        }
      }
      if (straight.length === 0 || curly.length === 0) continue;
      const toCurly = curly.length !== straight.length ? curly.length > straight.length : curly[0]! < straight[0]!;
      const changed = toCurly ? straight : curly;
      const kept = toCurly ? curly : straight;
      const name = kind === "double" ? "quotation mark" : "apostrophe";
      const edits = changed.map((at): Edit => ({ start: at, end: at + 1, text: toCurly ? curlyMark(policy, at, kind) : kind === "double" ? "\"" : "'" }));
      report({ start: changed[0]!, end: changed[0]! + 1 }, {
        message: `This policy has ${counted(straight.length, `straight ${name}`)} and ${counted(curly.length, `curly ${name}`)}, so that a search for a phrase finds only some of them.`,
        help: `Keep to ${toCurly ? "curly" : "straight"} ${name}s throughout.`,
        related: [{ start: kept[0]!, end: kept[0]! + 1, message: `The first ${toCurly ? "curly" : "straight"} one stands here.` }],
        fix: { title: `Make all ${name}s ${toCurly ? "curly" : "straight"}`, edits, safe: true },
      });
    }
  },
});

/** The curly mark in place of a straight one: the opening one at the start of a word, the closing one behind it. */
function curlyMark(policy: LintedPolicy, at: number, kind: "double" | "single"): string {
  if (kind === "single") return "’";
  const stretch: Stretch | undefined = policy.stretchAt(at);
  const before = stretch === undefined || at === stretch.start ? " " : policy.text[at - 1]!;
  return /[\s([{—–/‘-]/u.test(before) ? "“" : "”";
}
