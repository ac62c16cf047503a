// Lint rule: a condition that all facts meet.
import { lintRule } from "../../rule.js";
import { deadConditions } from "./dead.js";

export default lintRule({
  id: "condition-always-holds",
  category: "logic",
  summary: "A condition holds whenever its facts are known, so that it sorts nobody out.",
  why: `A criterion that everyone meets looks like a safeguard and is none, and still it asks for a fact: where that is missing, the request
pends for a question whose answer does not matter. Mostly \`or\` stands for \`and\` ("18 and older or younger than 65"), or a \`not\` too
many, or a limit that every value of the fact keeps.`,
  recommended: "warning",
  strict: "warning",
  related: ["condition-never-holds", "subsumed-criterion"],
  examples: [{
    avoid: `facts
  age  years   "Age on the date of service"

criteria
I. The screening is medically necessary when all of the following are met:
   A. Between 18 and 65 years of age
      when age >= 18 years or age < 65 years
   B. No screening in the past year
`,
    finds: ["age >= 18 years or age < 65 years"],
    prefer: `facts
  age  years   "Age on the date of service"

criteria
I. The screening is medically necessary when all of the following are met:
   A. Between 18 and 65 years of age
      when age >= 18 years and age < 65 years
   B. No screening in the past year
`,
    note: "Everyone is at least 18 or younger than 65.",
  }, {
    avoid: `facts
  pain_score  number from 0 to 10          "Average pain in the past week"
  stage       one of early, late, unclear  "Stage of the disease"

criteria
I. The injection is medically necessary when all of the following are met:
   A. Pain of 0 or more that disables
      when pain_score >= 0 and stage is early
   B. The disease is not early, or not late
      when stage is not early or stage is not late
`,
    finds: ["pain_score >= 0", "stage is not early or stage is not late"],
    prefer: `facts
  pain_score  number from 0 to 10          "Average pain in the past week"
  stage       one of early, late, unclear  "Stage of the disease"

criteria
I. The injection is medically necessary when all of the following are met:
   A. Pain of 6 or more
      when pain_score >= 6
   B. The stage is unclear
      when stage is not early and stage is not late
`,
  }],
  check(policy, report) {
    for (const dead of policy.once(deadConditions)) {
      if (dead.kind !== "always") continue;
      report(dead.source, {
        message: "This holds whenever its facts are known, so it sorts nobody out and only asks for an answer that does not matter.",
        help: "Write `and` if both sides are meant, correct the figure, or remove it.",
      });
    }
  },
});
