// Lint rule: an abbreviation that is nowhere defined.
import { folded } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { abbreviationSlips } from "../wording/abbreviation-typo.js";
import { abbreviations, guess, mayBeClear } from "./abbreviations.js";

export default lintRule({
  id: "undefined-abbreviation",
  category: "document",
  summary: "An abbreviation is used in the text and defined nowhere.",
  why: `A reviewer of another specialty, a judge and a member read the policy too, and a notice that quotes a criterion must be in language
that is easily understood (42 CFR 438.10(d)(6), 438.404). The AMA Manual of Style (11th ed., chapter 13) writes a term out at its first
mention, with the abbreviation in parentheses behind it. Left alone are code systems, agencies, units, states, Roman numerals, genes, trials, names with
figures or single letters such as PD-L1, words in capitals for emphasis, and some that everybody knows, such as DNA, HIV, CT and MRI.`,
  recommended: "info",
  strict: "warning",
  options: { known: { default: [], description: "Further abbreviations that need no definition." } },
  related: ["late-abbreviation", "repeated-abbreviation", "ambiguous-abbreviation", "abbreviation-typo"],
  examples: [{
    avoid: `criteria
I. Treatment is medically necessary when all of the following are met:
   A. COPD of grade 3 or 4
   B. A CT or MRI of the chest has been done
`,
    finds: ["COPD"],
    prefer: `criteria
I. Treatment is medically necessary when all of the following are met:
   A. Chronic obstructive pulmonary disease (COPD) of grade 3 or 4
   B. A CT or MRI of the chest has been done
   C. COPD has been treated for 6 weeks
`,
  }, {
    avoid: `background
  The LDH fee schedule lists the codes. Criteria under I.A and II do NOT apply to dialysis.
`,
    finds: ["LDH"],
    prefer: `background
  The fee schedule of the Louisiana Department of Health (LDH) lists the codes. SABR (stereotactic ablative
  radiotherapy) is described in CP.MP.22. Criteria under I.A and II do NOT apply; LDH decides. A crown (stainless steel
  crown, SSC) and biliopancreatic diversion with duodenal switch (BPD/DS) are not: the STAR trial speaks of neither DS
  nor BPD (95% CI, 2-3; POL [polidocanol]). The American Dental Association's (ADA's) codes are used.
`,
  }, {
    avoid: `background
  Stereotactic body radiation therapy (SBRT) needs few sessions. In children, SBTT is under study.
`,
    finds: ["SBTT"],
    fixed: `background
  Stereotactic body radiation therapy (SBRT) needs few sessions. In children, SBRT is under study.
`,
    prefer: `background
  Stereotactic body radiation therapy (SBRT) needs few sessions. In children, SBRT is under study.
`,
    note: "A slip of the pen that no spelling checker finds.",
  }],
  check(policy, report, { known }) {
    let guesses = 0;
    for (const each of abbreviations(policy).values()) {
      const { text, uses, definitions } = each;
      if (definitions.length > 0 || uses.length === 0 || known.includes(text) || mayBeClear(policy, each)) continue;
      // A likely slip of a key is a finding of its own.
      if (policy.once(abbreviationSlips).some(({ word }) => word === text)) continue;
      // Where there are this many, looking through the text for each would take too long.
      const { slip, words } = guesses++ < 40 ? guess(policy, each) : {};
      report(uses[0]!, {
        message: `“${text}” is defined nowhere in the policy, so a reader outside the field has to guess what it stands for.`,
        help: slip !== undefined ? `If “${slip}” is meant, correct it; otherwise write the term out.`
          : words !== undefined ? `If it stands for “${folded(policy.source(words))}”, write “(${text})” behind those words.`
          : uses.length === 1 ? "Write the term out." : `Write the term out here, with “(${text})” behind it.`,
        related: words === undefined ? undefined : [{ ...words, message: "It may stand for this." }],
        fix: slip === undefined ? undefined : { title: `Change to “${slip}”`, edits: uses.map(({ start, end }) => ({ start, end, text: slip })), safe: false },
      });
    }
  },
});
