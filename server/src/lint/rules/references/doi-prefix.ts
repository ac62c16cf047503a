// Lint rule: a DOI that is not written `doi:10.…`.
import { lintRule } from "../../rule.js";
import { fixWithin, worksOf } from "./works.js";

const ADDRESS = "https://doi.org/";

export default lintRule({
  id: "doi-prefix",
  category: "references",
  summary: "A DOI is not written as `doi:10.…`.",
  why: `One way of writing lets readers, search and link checkers find every DOI of a list. AMA style writes \`doi:10.1001/jama.2016.1\`: in
lower case, without a space, without a link before it (AMA Manual of Style, 11th ed., chapter 3). \`dx.doi.org\` is an old address; the DOI
Foundation asks for \`https://doi.org/\`, which is accepted unless the option says otherwise.`,
  recommended: "info",
  strict: "warning",
  options: { links: { default: true, description: "Accepts `https://doi.org/10.…` beside `doi:10.…`." } },
  related: ["malformed-doi", "bare-domain-link"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. Doi:10.1000/exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi: 10.1000/exjm.2021.1
  3. Example C. Dose. Ex J Med. 2022;3(1):1-4. https://dx.doi.org/10.1000/exjm.2022.7
`,
    finds: ["Doi:", "doi: ", "https://dx.doi.org/"],
    fixed: `description
  Planning takes several steps. [1-3]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/exjm.2021.1
  3. Example C. Dose. Ex J Med. 2022;3(1):1-4. doi:10.1000/exjm.2022.7
`,
    prefer: `description
  Planning takes several steps. [1-2]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. https://doi.org/10.1000/exjm.2021.1
`,
  }, {
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. https://doi.org/10.1000/exjm.2020.12
`,
    finds: ["https://doi.org/"],
    fixed: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
`,
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
`,
    options: { links: false },
    note: "A plan that keeps strictly to AMA style turns the option `links` off.",
  }],
  check(policy, report, { links }) {
    if (policy.references.length === 0) return;
    for (const { dois } of policy.once(worksOf).works) {
      for (const { start, prefix, value, malformed } of dois) {
        if (prefix === "doi:" || (links && prefix === ADDRESS) || malformed !== undefined) continue;
        const shown = prefix.trim();
        report(prefix === "" ? value : { start, end: value.start }, {
          message: prefix === "" ? "This DOI stands without `doi:` before it, so readers and link checkers may miss it." : `\`${shown}\` is not how a DOI is written, so search and link checkers may miss it.`,
          help: "Write `doi:` and the DOI behind it without a space.",
          fix: fixWithin(policy, { start, end: value.start }, "Write `doi:`", "doi:", true),
        });
      }
    }
  },
});
