// Lint rule: a DOI that leads nowhere.
import { lintRule } from "../../rule.js";
import { fixWithin, worksOf } from "./works.js";

export default lintRule({
  id: "malformed-doi",
  category: "references",
  summary: "A DOI does not have the form of one, so it leads nowhere.",
  why: `A DOI is \`10.\`, a number of at least four figures, a slash and a name, without spaces (ISO 26324; DOI Handbook). Copies out of a PDF
break it at the end of a line, or turn its hyphen into a dash. A reader who follows it finds nothing and cannot check the evidence.`,
  recommended: "warning",
  strict: "warning",
  related: ["doi-prefix", "duplicate-work"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/ exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/exjm–2021.1
  3. Example C. Dose. Ex J Med. 2022;3(1):1-4. doi:1000/exjm.2022.7
`,
    finds: ["10.1000/ exjm.2020.12", "10.1000/exjm–2021.1", "1000/exjm.2022.7"],
    fixed: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/exjm-2021.1
  3. Example C. Dose. Ex J Med. 2022;3(1):1-4. doi:1000/exjm.2022.7
`,
    prefer: `description
  Planning takes several steps. [1-2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/S0000-1111(99)00009-X
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { dois } of policy.once(worksOf).works) {
      for (const { start, end, value, malformed } of dois) {
        if (malformed === undefined) continue;
        const { why, mended } = malformed;
        const missing = value.end <= value.start;
        report(missing ? { start, end } : value, {
          message: missing ? "No DOI stands behind these words, so the evidence cannot be looked up." : `This DOI ${why}, so it leads nowhere and the evidence cannot be looked up.`,
          help: mended === undefined ? "Copy the DOI again from the work itself." : `Compare it with the work itself; it is probably \`${mended}\`.`,
          fix: mended === undefined ? undefined : fixWithin(policy, value, `Change to \`${mended}\``, mended, false),
        });
      }
    }
  },
});
