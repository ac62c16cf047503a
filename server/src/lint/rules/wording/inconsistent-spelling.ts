// Lint rule: one word in two spellings, British and American or otherwise.
import { lintRule } from "../../rule.js";
import { reportVariants } from "./consistency.js";
import { scanWords, type Variants } from "./scan.js";

export default lintRule({
  id: "inconsistent-spelling",
  category: "wording",
  summary: "A word is spelled in two ways, such as “tumor” and “tumour”.",
  why: `Two spellings of a term look like two terms, and a search for one misses the other. They come from sources that were copied in, so
they also show which sentences were. AMA style spells as American dictionaries do. Titles of references, the revision log and the
descriptions of codes are other people's words and are left as they are, as is what stands between quotation marks.`,
  recommended: "warning",
  strict: "warning",
  related: ["inconsistent-hyphenation"],
  examples: [{
    avoid: `description
  A randomized trial compared two doses for a tumor of the esophagus.

background
  Oesophageal cancer is rare. Two randomised trials of the tumour were stopped.
`,
    finds: ["randomised", "tumour"],
    fixed: `description
  A randomized trial compared two doses for a tumor of the esophagus.

background
  Oesophageal cancer is rare. Two randomized trials of the tumor were stopped.
`,
    prefer: `description
  A randomized trial compared two doses for a tumor of the esophagus.

references
  1. Example A. A randomised trial of a tumour. Ex J Med. 2020;1(2):3-9.
`,
  }, {
    avoid: `description
  The orthopaedic surgeon sees the member. An orthopaedic brace may be used.

background
  The orthopedic clinic keeps a list.
`,
    finds: ["orthopedic"],
    fixed: `description
  The orthopaedic surgeon sees the member. An orthopaedic brace may be used.

background
  The orthopaedic clinic keeps a list.
`,
    prefer: `description
  The orthopedic surgeon sees the member.

background
  The orthopedic clinic keeps a list.
`,
  }],
  check(policy, report) {
    const { spellings } = policy.once(scanWords);
    if (spellings.length === 0) return;
    // "randomised" and "randomisation" beside "randomized" are one matter.
    const families = new Map<string, Variants[]>();
    for (const pair of spellings) {
      const key = pair.other.replace(/(?:ations?|e[sd]?|ing|s)$/u, "");
      const family = families.get(key);
      if (family === undefined) families.set(key, [pair]);
      else family.push(pair);
    }
    for (const pairs of families.values()) reportVariants(policy, report, pairs, "spelling");
  },
});
