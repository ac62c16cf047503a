// Lint rule: a condition that no facts can meet.
import { folded } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { deadConditions } from "./dead.js";

export default lintRule({
  id: "condition-never-holds",
  category: "logic",
  summary: "A condition can never hold, alone or beside the conditions it stands under.",
  why: `A criterion that nobody can meet refers every request, or quietly drops an indication that the committee approved. The cause is
mostly a slip: \`and\` for \`or\` between two ages, \`<\` and \`>=\` the wrong way round, a limit that the fact cannot pass, or a criterion
that was moved under a heading or scope for other patients. The words still read well, so that only trying it out would tell.`,
  recommended: "warning",
  strict: "warning",
  related: ["condition-always-holds", "subsumed-criterion", "empty-range", "out-of-limits"],
  examples: [{
    avoid: `facts
  age  years   "Age on the date of service"

criteria
I. Tympanostomy tubes are medically necessary when all of the following are met:
   A. Younger than 2 years, or 5 years and older
      when age < 2 years and age >= 5 years
   B. The effusion has lasted for three months
`,
    finds: ["age < 2 years and age >= 5 years"],
    prefer: `facts
  age  years   "Age on the date of service"

criteria
I. Tympanostomy tubes are medically necessary when all of the following are met:
   A. Younger than 2 years, or 5 years and older
      when age < 2 years or age >= 5 years
   B. The effusion has lasted for three months
`,
    note: "Nobody is both; the words mean \"or\".",
  }, {
    avoid: `facts
  age          years                "Age on the date of service"
  tonsil_size  number from 0 to 4   "Tonsil size, grade 0 to 4"

criteria
I. A sleep study is medically necessary for any of the following indications:
   applies to age >= 18 years
   A. A child with large tonsils
      when age < 12 years and tonsil_size >= 3
   B. Very large tonsils
      when tonsil_size > 4
`,
    finds: ["age < 12 years and tonsil_size >= 3", "tonsil_size > 4"],
    prefer: `facts
  age          years                "Age on the date of service"
  tonsil_size  number from 0 to 4   "Tonsil size, grade 0 to 4"

criteria
I. A sleep study is medically necessary for any of the following indications:
   A. A child with large tonsils
      when age < 12 years and tonsil_size >= 3
   B. Very large tonsils
      when tonsil_size >= 4
`,
    note: "The statement speaks of adults only, and the grades end at 4.",
  }, {
    avoid: `facts
  intent  one of definitive, adjuvant, palliative   "Intent of treatment"

criteria
I. The treatment is medically necessary when all of the following are met:
   A. Curative treatment
      when intent is definitive
   B. Treatment after surgery
      when intent is adjuvant
`,
    finds: ["intent is adjuvant"],
    prefer: `facts
  intent  one of definitive, adjuvant, palliative   "Intent of treatment"

criteria
I. The treatment is medically necessary when any of the following are met:
   A. Curative treatment
      when intent is definitive
   B. Treatment after surgery
      when intent is adjuvant
`,
  }],
  check(policy, report) {
    for (const dead of policy.once(deadConditions)) {
      if (dead.kind !== "never") continue;
      const { against, parts, list } = dead;
      if (against === undefined) {
        report(dead.source, {
          message: parts === undefined ? "This can never hold, whatever the facts are, so nobody can meet it."
            : `This can never hold: \`${folded(policy.source(parts[0]))}\` and \`${folded(policy.source(parts[1]))}\` exclude one another, so nobody can meet it.`,
          help: parts === undefined ? "Check the figure against the limits of the fact, and the comparison." : "Write `or` if either will do, or correct the figure or comparison that is wrong.",
        });
      } else if (list !== undefined) {
        report(dead.source, {
          message: `Nobody can meet all items of ${list.address}: this one and ${against.what} exclude one another.`,
          help: "Announce the list as \"any of the following\" if either will do, or correct one of the two.",
          related: [{ ...against.range, message: "This excludes it." }],
        });
      } else {
        report(dead.source, {
          message: `This can never hold, because ${against.what} leaves no room for it, so nobody can meet it.`,
          help: "Correct one of the two, or move the criterion to where it applies.",
          related: [{ ...against.range, message: "This leaves no room for it." }],
        });
      }
    }
  },
});
