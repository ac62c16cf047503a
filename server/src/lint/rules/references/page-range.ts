// Lint rule: pages that are not written `254-262`.
import { lintRule } from "../../rule.js";
import { fixWithin, worksOf } from "./works.js";

export default lintRule({
  id: "page-range",
  category: "references",
  summary: "The pages of a reference are not written in full with a hyphen, as in `254-262`.",
  why: `One way of writing lets a list be searched and compared. AMA style writes the pages of an article in full and with a hyphen, 1031-1040 and
not 1031-40 (AMA Manual of Style, 11th ed., chapter 3). Pages that run backwards are a slip, and the article is not found by them.`,
  recommended: "info",
  strict: "warning",
  options: { "en-dash": { default: false, description: "Accepts an en dash between the pages." } },
  related: ["month-in-reference"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):254 to 262.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1031-40.
  3. Example C. Dose. Ex J Med. 2022;3(1):11–19.
`,
    finds: ["254 to 262", "1031-40", "11–19"],
    fixed: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):254-262.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1031-1040.
  3. Example C. Dose. Ex J Med. 2022;3(1):11-19.
`,
    prefer: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):254-262.
  2. Example B. Dose and time. Ex J Med. 2021;2(Suppl 1):S27-S208.
  3. Example C. Dose. Ex J Med. 2022;3(1):e28344.
`,
  }, {
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):262-254.
`,
    finds: ["262-254"],
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):254-262.
`,
    note: "Which of the two pages is wrong only the article can tell, so nothing is changed.",
  }],
  check(policy, report, options) {
    if (policy.references.length === 0) return;
    for (const { journal } of policy.once(worksOf).works) {
      if (journal === undefined || journal.separator === "") continue;
      const { pages, first, last, separator } = journal;
      const figures = /^\d+$/u.test(first) && /^\d+$/u.test(last);
      const whole = figures && last.length < first.length ? first.slice(0, first.length - last.length) + last : last;
      if (figures && Number(whole) < Number(first)) {
        report(pages, { message: "These pages run backwards, so the article is not found by them.", help: "Compare them with the article." });
        continue;
      }
      const plain = separator === "-" || (options["en-dash"] && separator === "–");
      if (plain && whole === last) continue;
      const written = `${first}${plain ? separator : "-"}${whole}`;
      report(pages, {
        message: whole === last ? `The pages are joined by \`${separator.trim()}\` and not by a hyphen alone, so a search for \`${written}\` misses them.` : `The last page is cut short, so a search for \`${written}\` misses it.`,
        help: `Write \`${written}\`.`,
        fix: fixWithin(policy, pages, `Write \`${written}\``, written, true),
      });
    }
  },
});
