// Lint rule: an abbreviation that is defined a second time.
import { lintRule } from "../../rule.js";
import { abbreviations, READ, unlike } from "./abbreviations.js";

export default lintRule({
  id: "repeated-abbreviation",
  category: "document",
  summary: "An abbreviation is defined a second time.",
  why: `A second definition makes the reader look for a difference. The AMA Manual of Style (11th ed., chapter 13) defines an abbreviation
once and uses it from there on. Many plans define it again in the criteria, which are read by themselves; so this is looked at only in
the profile \`strict\`.`,
  recommended: "off",
  strict: "info",
  related: ["late-abbreviation", "ambiguous-abbreviation"],
  examples: [{
    avoid: `description
  Obstructive sleep apnea (OSA) is common.

background
  Obstructive sleep apnea (OSA) raises the blood pressure.
`,
    finds: ["OSA"],
    fixed: `description
  Obstructive sleep apnea (OSA) is common.

background
  Obstructive sleep apnea raises the blood pressure.
`,
    prefer: `description
  Obstructive sleep apnea (OSA) is common.

background
  OSA raises the blood pressure.
`,
  }],
  check(policy, report) {
    for (const { text, definitions } of abbreviations(policy).values()) {
      if (definitions.length < 2) continue;
      const read = definitions.filter((each) => READ.has(each.stretch.role));
      for (const each of read.slice(1)) {
        const first = read[0]!;
        if (unlike(policy.source(first.long), policy.source(each.long))) continue;
        const { parenthesis } = each;
        const between = parenthesis === undefined ? "" : policy.source({ start: each.long.end, end: parenthesis.start });
        const from = parenthesis !== undefined && between.trim() === "" && !/[\r\n]/u.test(between) ? each.long.end : parenthesis?.start;
        report(each, {
          message: `“${text}” has been defined before; a second definition makes a reader look for a difference.`,
          help: "Use the abbreviation alone, or leave out the parenthesis.",
          related: [{ start: first.start, end: first.end, message: "It is defined here first." }],
          fix: parenthesis === undefined || from === undefined ? undefined : { title: "Leave out the second definition", edits: [{ start: from, end: parenthesis.end, text: "" }], safe: true },
        });
      }
    }
  },
});
