// Lint rule: a word that is likely misspelt.
import { sentenceList } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { beginsSentence, inCaseOf, inProse, scanWords } from "./scan.js";

export default lintRule({
  id: "typo",
  category: "wording",
  summary: "A word is one slip away from a common word and is itself in no dictionary.",
  why: `A misspelt word in a criterion makes a reader doubt what was meant, is not found by a search, and is copied into notices that
members read. Only slips of one letter and words run together are looked for, in words that stand once or twice in the policy.
Drug names, names, abbreviations and the words of \`words\` in the configuration are left alone. The dictionaries are those of SCOWL and
of scientific terms that cspell publishes.`,
  recommended: "warning",
  strict: "warning",
  related: ["repeated-word", "abbreviation-typo"],
  options: { words: { default: [], description: "Words that are spelled right, in lower case, beside those of the configuration." } },
  examples: [{
    avoid: `criteria
I. An injection is medically necessary when both of the following are met:
   A. Conservative treament has failed; and
   B. There is no cancer ofthe spine
`,
    finds: ["treament", "ofthe"],
    fixed: `criteria
I. An injection is medically necessary when both of the following are met:
   A. Conservative treatment has failed; and
   B. There is no cancer of the spine
`,
    prefer: `criteria
I. An injection is medically necessary when both of the following are met:
   A. Conservative treatment has failed; and
   B. There is no cancer of the spine
`,
  }, {
    avoid: `description
  Cancers of the abdomen, adrenal incancers among them, are treated with care.
`,
    finds: ["incancers"],
    prefer: `description
  Cancers of the abdomen, adrenal cancers among them, are treated with care. Trials of pembrolizumab in oligometastatic disease go on.
`,
    note: "Where more than one word may be meant, the writer must choose.",
  }],
  check(policy, report, { words }) {
    if (policy.spelling === undefined) return;
    const { suspects } = policy.once(scanWords);
    if (suspects.length === 0) return;
    const named = policy.once(ownNames);
    for (const at of suspects) {
      const written = policy.text.slice(at.start, at.end);
      const word = written.toLowerCase();
      if (policy.words.has(word) || words.includes(word) || named.has(word)) continue;
      const stretch = inProse(policy, at);
      // A capital letter within a sentence makes a name.
      if (stretch === undefined || (written !== word && (written.slice(1) !== word.slice(1) || !beginsSentence(stretch, at.start)))) continue;
      const meant = policy.spelling.corrections(word).map((each) => inCaseOf(each, written));
      const [only] = meant;
      report(at, {
        message: `“${written}” is in no dictionary; ${sentenceList(meant.slice(0, 3).map((each) => `“${each}”`), "or")} may be meant.`,
        help: "Correct the word, or add it to `words` in `policy.config.yaml` if it is right.",
        fix: meant.length === 1 && only !== undefined ? { title: `Change to “${only}”`, edits: [{ start: at.start, end: at.end, text: only }], safe: false } : undefined,
      });
    }
  },
});

/** The words that names of facts, definitions and choices are made of: what the policy calls its own things is no typo. */
function ownNames(policy: LintedPolicy): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: string): void => { for (const part of name.toLowerCase().split("_")) names.add(part); };
  for (const { name, type } of policy.analysis.facts.values()) {
    add(name);
    const kind = type.kind === "list" ? type.of : type;
    if (kind.kind === "choice") kind.choices.forEach(add);
  }
  for (const name of policy.analysis.definitions.keys()) add(name);
  return names;
}
