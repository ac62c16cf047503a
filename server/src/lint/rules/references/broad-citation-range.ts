// Lint rule: a citation of many references at once.
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "broad-citation-range",
  category: "references",
  summary: "One citation names more references than a reader will look up.",
  why: `A range such as [3-12] shows that much was read, and not which work supports the sentence. A reviewer who must name the source of
a criterion cannot do so from it, and works without a bearing on the sentence go unnoticed. Some sentences do rest on many studies, so
only the profile strict asks.`,
  recommended: "off",
  strict: "info",
  options: { most: { default: 4, minimum: 1, description: "How many references one citation may name." } },
  related: ["uncited-reference"],
  examples: [{
    avoid: `description
  Fewer early side effects were seen with it. [1-5]

references
  1. Example A. First trial. Ex J Med. 2020;1(2):3-9.
  2. Example B. Second trial. Ex J Med. 2021;2(1):1-4.
  3. Example C. A guideline of another field. Ex Med Soc. 2021;3(1):1-4.
  4. Example D. Third trial. Ex J Med. 2022;3(1):1-4.
  5. Example E. A guideline of a third field. Ex Med Soc. 2022;4(1):1-4.
`,
    finds: ["[1-5]"],
    prefer: `description
  Fewer early side effects were seen with it. [1-2,4] Other fields follow. [3,5]

references
  1. Example A. First trial. Ex J Med. 2020;1(2):3-9.
  2. Example B. Second trial. Ex J Med. 2021;2(1):1-4.
  3. Example C. A guideline of another field. Ex Med Soc. 2021;3(1):1-4.
  4. Example D. Third trial. Ex J Med. 2022;3(1):1-4.
  5. Example E. A guideline of a third field. Ex Med Soc. 2022;4(1):1-4.
`,
  }],
  check({ citations }, report, { most }) {
    for (const citation of citations) {
      let count = 0;
      for (const { from, to } of citation.numbers) count += Math.max(0, to - from) + 1;
      if (count <= most) continue;
      report(citation, {
        message: `This citation names ${count} references, so that no reader can tell which of them supports the sentence.`,
        help: "Cite the works that support this sentence, each where it belongs.",
      });
    }
  },
});
