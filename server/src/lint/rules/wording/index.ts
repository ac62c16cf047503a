// Lint rules for spelling, punctuation and terms.
import type { LintRule } from "../../model.js";
import abbreviationTypo from "./abbreviation-typo.js";
import inconsistentHyphenation from "./inconsistent-hyphenation.js";
import inconsistentSpelling from "./inconsistent-spelling.js";
import mixedEg from "./mixed-eg.js";
import mixedQuotes from "./mixed-quotes.js";
import repeatedWord from "./repeated-word.js";
import typo from "./typo.js";
import unbalancedBrackets from "./unbalanced-brackets.js";
import unbalancedQuotes from "./unbalanced-quotes.js";

export const wordingRules: readonly LintRule[] = [
  typo, abbreviationTypo, repeatedWord, inconsistentHyphenation, inconsistentSpelling, mixedEg, mixedQuotes, unbalancedQuotes, unbalancedBrackets,
];
