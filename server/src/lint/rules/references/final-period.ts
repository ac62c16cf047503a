// Lint rule: a reference without its final period.
import { lintRule } from "../../rule.js";
import { endingLink, worksOf } from "./works.js";

export default lintRule({
  id: "final-period",
  category: "references",
  summary: "A reference ends without a period.",
  why: `A reference that breaks off may have lost its end, such as its year or pages; the period says that it is whole. AMA style ends a
reference with a period, unless it ends with a DOI or a link, behind which no period stands (AMA Manual of Style, 11th ed., chapter 3).`,
  recommended: "info",
  strict: "warning",
  related: ["period-after-link"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9
`,
    finds: ["2020;1(2):3-9"],
    fixed: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
`,
    prefer: `description
  Planning takes several steps [1] and much time. [2-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/exjm.2021.1
  3. Example C. Old trial. Ex J Med. 1999;85(5):1-4. doi:10.1000/(SICI)1097-0142(19990301)85:5<1186::AID-EXJM24>3.0.CO;2-L
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    const list = policy.once(worksOf);
    const { text, base } = list;
    for (const work of list.works) {
      const end = work.end - base;
      const last = text.charCodeAt(end - 1);
      if (last === 46 || ".?!”\"’>".includes(text[end - 1]!) || endingLink(list, work) !== undefined) continue;
      // "PMID: 12345678", "PMCID: PMC1234567" end like a link.
      if (/PMC?I?D?:?\s*(?:PMC)?\d+$/u.test(text.slice(Math.max(0, end - 24), end))) continue;
      let start = end;
      while (start > work.start - base && text.charCodeAt(start - 1) > 32 && end - start < 40) start--;
      report({ start: start + base, end: work.end }, {
        message: "This reference ends without a period, so a reader cannot tell whether its end is missing.",
        help: "End it with a period, or add what is missing.",
        fix: { title: "End the reference with a period", safe: true, edits: [{ start: work.end, end: work.end, text: "." }] },
      });
    }
  },
});
