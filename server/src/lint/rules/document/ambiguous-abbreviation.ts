// Lint rule: one abbreviation with two meanings.
import { folded } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { abbreviations, unlike } from "./abbreviations.js";

export default lintRule({
  id: "ambiguous-abbreviation",
  category: "document",
  summary: "One abbreviation stands for two different terms.",
  why: `PT is physical therapy and prothrombin time, AS ankylosing spondylitis and aortic stenosis. Where a policy uses an abbreviation
for both, every later mention leaves the reviewer to choose, and two reviewers may choose differently.`,
  recommended: "warning",
  strict: "warning",
  related: ["repeated-abbreviation", "undefined-abbreviation"],
  examples: [{
    avoid: `criteria
I. The injection is medically necessary when all of the following are met:
   A. Physical therapy (PT) has failed after 6 weeks
   B. Prothrombin time (PT) was measured within the past 7 days
   C. PT is documented
`,
    finds: ["PT"],
    prefer: `criteria
I. The injection is medically necessary when all of the following are met:
   A. Physical therapy (PT) has failed after 6 weeks
   B. Prothrombin time was measured within the past 7 days
   C. PT is documented
`,
  }],
  check(policy, report) {
    for (const { text, definitions } of abbreviations(policy).values()) {
      const first = definitions[0];
      if (first === undefined || definitions.length < 2) continue;
      for (const each of definitions.slice(1)) {
        const meant = folded(policy.source(each.long));
        const before = folded(policy.source(first.long));
        if (!unlike(before, meant)) continue;
        report(each, {
          message: `“${text}” stands for “${meant}” here and for “${before}” elsewhere, so that later mentions can be read both ways.`,
          help: "Abbreviate only one of the terms and write the other out.",
          related: [{ start: first.long.start, end: first.end, message: "Here it stands for something else." }],
        });
      }
    }
  },
});
