// Lint rule: a fact without the question that asks for it.
import type { FactSymbol } from "../../../semantics/model.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "fact-without-question",
  category: "criteria",
  summary: "A fact has no question, so that whoever enters a case sees its bare name.",
  why: `The name of a fact is written for the condition; the question is written for the person who looks for the answer in the record. With the
name alone, one reviewer takes \`duration\` for that of the pain and another for that of the treatment, and the same request is decided in
two ways. A list of records is told by its fields.`,
  recommended: "info",
  strict: "warning",
  related: ["unused-fact"],
  examples: [{
    avoid: `facts
  age        years  "Age on the date of service"
  duration   weeks
`,
    finds: ["duration"],
    prefer: `facts
  age        years  "Age on the date of service"
  duration   weeks  "For how long has this episode of pain lasted?"
`,
  }, {
    avoid: `facts
  therapies   list of   "Earlier treatments"
    kind      one of nsaid, injection  "Kind of treatment"
    started   date      ""
`,
    finds: ["started"],
    prefer: `facts
  therapies   list of   "Earlier treatments"
    kind      one of nsaid, injection  "Kind of treatment"
    started   date      "First day"
`,
  }],
  check(policy, report) {
    const look = (fact: FactSymbol): void => {
      // The fields of a record say what it is about.
      const asks = fact.type.kind !== "records" || fact.type.fields.length === 0;
      if (asks && (fact.question === undefined || fact.question.trim() === "")) {
        report(fact.node.name, {
          message: `\`${fact.name}\` has no question, so whoever enters a case sees the bare name and may read it in another way.`,
          help: "Write the question in quotation marks behind the type.",
        });
      }
      if (fact.type.kind === "records") fact.type.fields.forEach(look);
    };
    policy.analysis.facts.forEach(look);
  },
});
