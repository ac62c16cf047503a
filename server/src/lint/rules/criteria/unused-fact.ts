// Lint rule: a fact or a field that no criterion asks for.
import type { FactSymbol } from "../../../semantics/model.js";
import { lintRule } from "../../rule.js";
import { inUse } from "./usage.js";

export default lintRule({
  id: "unused-fact",
  category: "criteria",
  summary: "A fact is asked for and decides nothing.",
  why: `Each fact is a question that someone has to answer from the record. One that no criterion uses costs reviewers time, and asks for
health information that the decision does not need, against the minimum-necessary standard of the HIPAA Privacy Rule (45 CFR 164.502(b)).
Often the criterion that should have used it was removed, or still waits for its condition. Facts of the type \`text\` are remarks and
need no use. Nothing is said while the policy has errors.`,
  recommended: "warning",
  strict: "warning",
  related: ["unused-definition", "fact-without-question"],
  examples: [{
    avoid: `facts
  age         years   "Age on the date of service"
  smoker      yes/no  "Does the patient smoke?"
  comment     text    "Anything else"

criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Age ≥ 18 years
      when age >= 18 years
   B. The patient does not smoke
`,
    finds: ["smoker"],
    prefer: `facts
  age         years   "Age on the date of service"
  smoker      yes/no  "Does the patient smoke?"
  comment     text    "Anything else"

criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Age ≥ 18 years
      when age >= 18 years
   B. The patient does not smoke
      when not smoker
`,
  }, {
    avoid: `facts
  therapies   list of    "Earlier treatments"
    kind      one of nsaid, injection  "Kind of treatment"
    started   date       "First day"

criteria
I. The device is medically necessary when a drug of the kind has been tried
   when exists therapies where kind is nsaid
`,
    finds: ["started"],
    prefer: `facts
  therapies   list of    "Earlier treatments"
    kind      one of nsaid, injection  "Kind of treatment"
    started   date       "First day"

criteria
I. The device is medically necessary when a drug of the kind has been tried within the past year
   when exists therapies where kind is nsaid and started within the past 12 months
`,
  }],
  check(policy, report) {
    const { facts, policy: sound } = policy.analysis;
    if (facts.size === 0 || sound === undefined) return;
    const used = policy.once(inUse);
    for (const fact of facts.values()) {
      if (used.has(fact)) {
        if (fact.type.kind !== "records") continue;
        for (const field of fact.type.fields) if (!used.has(field) && !isRemark(field)) report(field.node.name, { message: `No condition asks for \`${field.name}\` of \`${fact.name}\`, so it is entered for each record and decides nothing.`, help: "Write the condition that needs it, or remove the field." });
      } else if (!isRemark(fact)) {
        report(fact.node.name, { message: `No criterion asks for \`${fact.name}\`, so reviewers look for an answer that decides nothing.`, help: "Write the condition that needs it, or remove the fact." });
      }
    }
  },
});

const isRemark = ({ type }: FactSymbol): boolean => type.kind === "text";
