// Lint rule: an abbreviation that is one key away from one that the policy uses throughout.
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { inProse, scanWords, type WordAt } from "./scan.js";

const ROWS = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];

export default lintRule({
  id: "abbreviation-typo",
  category: "wording",
  summary: "An abbreviation that stands once and is never defined is one slip of a key away from one that is used throughout.",
  why: `Spell checkers pass over capital letters, so that a slip in an abbreviation lives on from one annual review to the next. A reader who
looks for the meaning of the letters finds none, and may take them for another service than the one the policy is about.`,
  recommended: "warning",
  strict: "warning",
  related: ["typo", "undefined-abbreviation"],
  examples: [{
    avoid: `description
  Intensity-modulated radiotherapy (IMRT) shapes the dose. IMRT is planned in steps.

background
  In children, OMRT is standard for many cancers, and IMRT of the brain spares hearing.
`,
    finds: ["OMRT"],
    fixed: `description
  Intensity-modulated radiotherapy (IMRT) shapes the dose. IMRT is planned in steps.

background
  In children, IMRT is standard for many cancers, and IMRT of the brain spares hearing.
`,
    prefer: `description
  Intensity-modulated radiotherapy (IMRT) shapes the dose. IMRT is planned in steps.

background
  In children, IMRT is standard for many cancers, and IMRT of the brain spares hearing. ASTRO, ESTRO and ASTRO again.
`,
  }],
  check(policy, report) {
    for (const { at, word, meant, first } of policy.once(abbreviationSlips)) {
      report(at, {
        message: `“${word}” stands here once and is nowhere explained; “${meant}”, which the policy uses throughout, may be meant.`,
        help: `Write “${meant}”, or say what “${word}” stands for.`,
        related: [{ ...first, message: `“${meant}” stands here first.` }],
        fix: { title: `Change to “${meant}”`, edits: [{ start: at.start, end: at.end, text: meant }], safe: false },
      });
    }
  },
});

/** An abbreviation that is likely a slip for another. */
export interface AbbreviationSlip {
  readonly at: Range;
  readonly word: string;
  readonly meant: string;
  /** Where the other stands first. */
  readonly first: Range;
}

/** The abbreviations that are one slip of a key away from one that is used throughout; asked for by `policy.once`. */
export function abbreviationSlips(policy: LintedPolicy): readonly AbbreviationSlip[] {
  const { capitals } = policy.once(scanWords);
  if (capitals.length < 4) return [];
  const places = new Map<string, WordAt[]>();
  for (const at of capitals) {
    const written = policy.text.slice(at.start, at.end);
    if (written !== written.toUpperCase()) continue;
    const known = places.get(written);
    if (known === undefined) places.set(written, [at]);
    else known.push(at);
  }
  const often: string[] = [];
  for (const [word, { length }] of places) if (length >= 3) often.push(word);
  if (often.length === 0 || often.length === places.size) return [];
  const found: AbbreviationSlip[] = [];
  for (const [word, [at, ...others]] of places) {
    if (others.length > 0 || at === undefined || policy.words.has(word.toLowerCase())) continue;
    const meant = often.find((other) => slipOfKey(word, other));
    if (meant === undefined || inProse(policy, at) === undefined || definedHere(policy.text, at)) continue;
    const { start, end } = places.get(meant)![0]!;
    found.push({ at: { start: at.start, end: at.end }, word, meant, first: { start, end } });
  }
  return found;
}

/** In parentheses, or followed by them: there it is explained. */
const definedHere = (text: string, { start, end }: WordAt): boolean => text[start - 1] === "(" || /^\s*\(/u.test(text.slice(end, end + 4));

/** One letter is that of a neighbouring key, or two have changed places. */
function slipOfKey(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  let i = 0;
  while (i < word.length && word[i] === other[i]) i++;
  if (word.slice(i + 1) === other.slice(i + 1)) return neighbours(word[i]!, other[i]!);
  return word[i] === other[i + 1] && word[i + 1] === other[i] && word.slice(i + 2) === other.slice(i + 2);
}

function neighbours(a: string, b: string): boolean {
  return ROWS.some((row) => row.includes(a) && row.includes(b) && Math.abs(row.indexOf(a) - row.indexOf(b)) === 1);
}
