// What the lint rules for hyphens and for spelling share: the rarer one of two ways to write a word, wherever it stands.
import type { Report } from "../../model.js";
import type { LintedPolicy } from "../../policy.js";
import { inCaseOf, occurrences, type Variants, type WordAt } from "./scan.js";
import { americanSpellings, britishSpelling } from "./variants.js";

/**
 * Reports the rarer way of writing. Where both are as frequent, the first one in the text is kept in the matter of hyphens, and the
 * American one in the matter of spelling.
 */
export function reportVariants(policy: LintedPolicy, report: Report, pairs: readonly Variants[], matter: "hyphen" | "spelling"): void {
  const places = (words: readonly string[]): readonly (WordAt & { readonly word: string })[] => [...new Set(words)]
    .flatMap((word) => occurrences(policy, word).map((at) => ({ ...at, word }))).sort((a, b) => a.start - b.start);
  const ones = places(pairs.map(({ one }) => one));
  const others = places(pairs.map(({ other }) => other));
  if (ones.length === 0 || others.length === 0) return;
  const keepOnes = ones.length !== others.length ? ones.length > others.length : matter === "hyphen" && ones[0]!.start < others[0]!.start;
  const [kept, changed] = keepOnes ? [ones, others] : [others, ones];
  for (const at of changed) {
    const written = policy.text.slice(at.start, at.end);
    const better = matter === "hyphen" ? pairs[0]![keepOnes ? "one" : "other"] : keepOnes ? british(at.word, pairs) : americanSpellings(at.word)[0];
    const first = kept[0]!;
    const standing = policy.text.slice(first.start, first.end);
    const text = better === undefined ? undefined : inCaseOf(better, written);
    report(at, {
      message: `“${written}” and “${standing}” are written in two ways in this policy, so that one term looks like two.`,
      help: text === undefined ? `Spell it as “${standing}” is spelled, or keep to “${written}” throughout.` : `Write “${text}” here too, or keep to “${written}” throughout.`,
      related: [{ start: first.start, end: first.end, message: `“${standing}” stands here.` }],
      fix: text === undefined ? undefined : { title: `Change to “${text}”`, edits: [{ start: at.start, end: at.end, text }], safe: true },
    });
  }
}

/** The British spelling of an American word; that of the same form where it stands in the text. */
function british(american: string, pairs: readonly Variants[]): string | undefined {
  const spellings = pairs.map(({ one }) => one);
  return spellings.find((one) => americanSpellings(one)[0] === american) ?? spellings.map((one) => britishSpelling(american, one)).find((each) => each !== undefined);
}
