// Lint rule: a value that falls between two bands.
import { quantityText } from "../../../semantics/units.js";
import { lintRule } from "../../rule.js";
import { type Seam, seams } from "./bands.js";
import { nameOf } from "./criteria.js";

/** `18 years`, `what lies between 18 and 21 years`: where two bands do not fit together. */
export function valueOf({ variable, from, to }: Seam): string {
  const text = (value: number): string => (variable.fact?.type.kind === "number" ? quantityText(value, variable.fact.type.unit) : String(value));
  return from === to ? text(from) : `what lies between ${from} and ${text(to)}`;
}

const upper = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** The same at the beginning of a sentence. */
export const sentenceOf = (seam: Seam): string => upper(valueOf(seam));

export default lintRule({
  id: "band-gap",
  category: "logic",
  summary: "Two bands of a value leave out the value between them.",
  why: `"Younger than 18" and "older than 18" leave those who are 18 without a criterion: no item of the list fits, and the request is
referred although the committee meant to cover it. The boundary belongs to one of the two bands, and a reader must be able to tell
to which. Only bands that clearly belong together are looked at: the same number stands on both sides and is in neither, or a single
whole number is missing in a row of bands, or \`if\` lines divide a list and leave out what lies between two of them.`,
  recommended: "warning",
  strict: "warning",
  related: ["band-overlap", "condition-never-holds"],
  examples: [{
    avoid: `facts
  age  years   "Age on the date of service"
  bmi  kg/m2   "Body mass index"

criteria
I. Surgery for obesity is medically necessary for any of the following:
   A. Younger than 18 years with a body mass index of 35 or more
      when age < 18 years and bmi >= 35 kg/m2
   B. Older than 18 years with a body mass index of 40 or more
      when age > 18 years and bmi >= 40 kg/m2
`,
    finds: ["age > 18 years"],
    prefer: `facts
  age  years   "Age on the date of service"
  bmi  kg/m2   "Body mass index"

criteria
I. Surgery for obesity is medically necessary for any of the following:
   A. Younger than 18 years with a body mass index of 35 or more
      when age < 18 years and bmi >= 35 kg/m2
   B. 18 years or older with a body mass index of 40 or more
      when age >= 18 years and bmi >= 40 kg/m2
`,
  }, {
    avoid: `facts
  score     number from 1 to 20   "Severity score"
  sessions  number from 0 to 60   "Sessions requested"

criteria
I. Therapy is medically necessary for any of the following:
   A. Mild: 4 sessions
      when score between 1 and 4 and sessions <= 4
   B. Moderate: 8 sessions
      when score between 5 and 9 and sessions <= 8
   C. Severe: 16 sessions
      when score between 11 and 20 and sessions <= 16
`,
    finds: ["score between 11 and 20"],
    prefer: `facts
  score     number from 1 to 20   "Severity score"
  sessions  number from 0 to 60   "Sessions requested"

criteria
I. Therapy is medically necessary for any of the following:
   A. Mild: 4 sessions
      when score between 1 and 4 and sessions <= 4
   B. Moderate: 8 sessions
      when score between 5 and 9 and sessions <= 8
   C. Severe: 16 sessions
      when score between 10 and 20 and sessions <= 16
`,
    note: "A score of 10 has no band.",
  }, {
    avoid: `facts
  age       years                 "Age on the date of service"
  epworth   number from 0 to 24   "Epworth Sleepiness Scale"
  apneas    yes/no                "Have pauses of breathing been witnessed?"

criteria
I. A sleep study is medically necessary when all of the following are met:
   A. Signs that fit the age, all of the following:
      if age < 2 years, all of the following:
         1. Witnessed pauses of breathing
            when apneas
      if age >= 3 years, all of the following:
         2. Epworth score above 10
            when epworth > 10
`,
    finds: ["age >= 3 years"],
    prefer: `facts
  age       years                 "Age on the date of service"
  epworth   number from 0 to 24   "Epworth Sleepiness Scale"
  apneas    yes/no                "Have pauses of breathing been witnessed?"

criteria
I. A sleep study is medically necessary when all of the following are met:
   A. Signs that fit the age, all of the following:
      if age < 2 years, all of the following:
         1. Witnessed pauses of breathing
            when apneas
      if age >= 2 years, all of the following:
         2. Epworth score above 10
            when epworth > 10
`,
    note: "Children who are 2 belong to no group, so that nobody of that age meets the list.",
  }],
  check(policy, report) {
    for (const seam of policy.once(seams)) {
      if (seam.kind !== "gap") continue;
      report(seam.upperRange, {
        message: `${sentenceOf(seam)} is in no band: ${nameOf(seam.lower)} ends below it and ${nameOf(seam.upper)} begins above it.`,
        help: "Let one of the two include it, and say so in the words.",
        related: [{ ...seam.lowerRange, message: `${nameOf(seam.lower)} ends here.` }],
      });
    }
  },
});
