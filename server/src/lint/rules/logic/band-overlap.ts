// Lint rule: a value that is in two bands with different results.
import { lintRule } from "../../rule.js";
import { sentenceOf } from "./band-gap.js";
import { seams } from "./bands.js";
import { nameOf } from "./criteria.js";

export default lintRule({
  id: "band-overlap",
  category: "logic",
  summary: "Two bands that ask for different things share their boundary or more.",
  why: `With "18 and younger" beside "18 and older" two sets of criteria apply at 18. The looser one decides in an "any" list, both must be
met in a group by age, and no reviewer can tell which was meant. Each boundary belongs to one band. Groups that \`if\` lines make are
looked at for whatever lies in two of them; of two groups one within the other, the narrower may ask for more on purpose.`,
  recommended: "warning",
  strict: "warning",
  related: ["band-gap", "subsumed-criterion"],
  examples: [{
    avoid: `facts
  age      years                 "Age on the date of service"
  epworth  number from 0 to 24   "Epworth Sleepiness Scale"
  psq      number from 0 to 1    "Pediatric Sleep Questionnaire, share of positive answers"

criteria
I. A sleep study is medically necessary when all of the following are met:
   A. A questionnaire that fits the age, all of the following:
      if age <= 18 years, all of the following:
         1. Pediatric Sleep Questionnaire of 0.33 or more
            when psq >= 0.33
      if age >= 18 years, all of the following:
         2. Epworth score above 10
            when epworth > 10
`,
    finds: ["age >= 18 years"],
    prefer: `facts
  age      years                 "Age on the date of service"
  epworth  number from 0 to 24   "Epworth Sleepiness Scale"
  psq      number from 0 to 1    "Pediatric Sleep Questionnaire, share of positive answers"

criteria
I. A sleep study is medically necessary when all of the following are met:
   A. A questionnaire that fits the age, all of the following:
      if age < 18 years, all of the following:
         1. Pediatric Sleep Questionnaire of 0.33 or more
            when psq >= 0.33
      if age >= 18 years, all of the following:
         2. Epworth score above 10
            when epworth > 10
`,
  }, {
    avoid: `facts
  score     number from 0 to 20   "Severity score"
  sessions  number from 0 to 60   "Sessions requested"

criteria
I. Therapy is medically necessary for any of the following:
   A. Score up to 5: 4 sessions
      when score <= 5 and sessions <= 4
   B. Score of 5 to 10: 8 sessions
      when score between 5 and 10 and sessions <= 8
`,
    finds: ["score between 5 and 10"],
    prefer: `facts
  score     number from 0 to 20   "Severity score"
  sessions  number from 0 to 60   "Sessions requested"

criteria
I. Therapy is medically necessary for any of the following:
   A. Score up to 5: 4 sessions
      when score <= 5 and sessions <= 4
   B. Score of 6 to 10: 8 sessions
      when score between 6 and 10 and sessions <= 8
`,
  }],
  check(policy, report) {
    for (const seam of policy.once(seams)) {
      if (seam.kind !== "overlap") continue;
      report(seam.upperRange, {
        message: `${sentenceOf(seam)} is in two bands, ${nameOf(seam.lower)} and ${nameOf(seam.upper)}, which ask for different things.`,
        help: "Let one of the two end before it, and say so in the words.",
        related: [{ ...seam.lowerRange, message: `${nameOf(seam.lower)} includes it too.` }],
      });
    }
  },
});
