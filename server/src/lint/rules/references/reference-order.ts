// Lint rule: numbers of the reference list that skip or go back.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "reference-order",
  category: "references",
  summary: "The numbers of the reference list skip one or go back.",
  why: `A gap is mostly the trace of a reference that was removed: every citation behind it may now point at the wrong work, and a
reader looks for what is not there. AMA style numbers the list 1, 2, 3, … without gaps (AMA Manual of Style, 11th ed., 3.6).`,
  recommended: "warning",
  strict: "warning",
  related: ["citation-order", "duplicate-reference"],
  examples: [{
    avoid: `description
  Planning takes several steps [1] and much time. [3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  3. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
    finds: ["3."],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
  }, {
    avoid: `description
  Planning takes several steps [1] and much time. [2]

references
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
`,
    finds: ["2.", "1."],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4.
`,
  }],
  check({ references }, report) {
    let last = 0;
    for (const { number, label } of references) {
      const wanted = last + 1;
      // The same number twice is an error of the language.
      if (number > wanted) {
        const missing = number - wanted === 1 ? `number ${wanted} is missing` : `numbers ${wanted} to ${number - 1} are missing`;
        report(label, {
          message: last === 0 ? `The list begins with ${number}; ${missing}.` : `Reference ${number} follows reference ${last}; ${missing}, so that citations may point at the wrong work.`,
          help: "Number the references 1, 2, 3, … without gaps, and change the citations with them.",
        });
      } else if (number < last) {
        report(label, { message: `Reference ${number} stands behind reference ${last}, where no reader looks for it.`, help: "Put the references in the order of their numbers." });
      }
      last = number;
    }
  },
});
