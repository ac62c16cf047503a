// Lint rule: a month between the year and the volume of a journal.
import { lintRule } from "../../rule.js";
import { fixWithin, worksOf } from "./works.js";

export default lintRule({
  id: "month-in-reference",
  category: "references",
  summary: "A month or season stands between the year and the volume of a journal.",
  why: `AMA style gives year, volume, issue and pages, \`2021;68(2):11-19\`; the volume already says when it appeared (AMA Manual of Style, 11th ed.,
3.11). A month is what the export of PubMed puts there, and shows that the reference was pasted and not looked over.`,
  recommended: "info",
  strict: "warning",
  related: ["page-range", "incomplete-access-date"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2021 May;68(2):11-19.
`,
    finds: [" May"],
    fixed: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2021;68(2):11-19.
`,
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2021;68(2):11-19.
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { journal } of policy.once(worksOf).works) {
      const month = journal?.month;
      if (month === undefined) continue;
      report(month, {
        message: "A journal is cited by year and volume; the month says nothing that the volume does not.",
        help: "Remove the month.",
        fix: fixWithin(policy, month, "Remove the month", "", true),
      });
    }
  },
});
