// Lint rule: one word with a hyphen here and in one word, or in two words, there.
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { reportVariants } from "./consistency.js";
import { occurrences, scanWords, type Variants } from "./scan.js";

/** Compounds that mean another thing without their hyphen. */
const OTHER_WORD: ReadonlySet<string> = new Set([
  "re-cover", "re-covered", "re-create", "re-created", "re-creation", "re-form", "re-formed", "re-sign", "re-signed", "re-solve", "re-sort", "re-treat", "re-treated", "re-mark",
  "re-press", "re-pressed", "re-search", "re-store", "re-strain", "re-collect", "re-dress", "re-lease", "re-sent", "re-lay", "re-count", "re-place", "re-placed", "re-act", "co-op", "un-ionized", "pre-sent",
  "on-call", "in-put", "set-up", "break-down", "turn-over", "drop-out", "cut-off", "check-up", "build-up", "back-up", "shut-down", "start-up",
]);

export default lintRule({
  id: "inconsistent-hyphenation",
  category: "wording",
  summary: "A word is written with a hyphen in one place and in one word, or in two, in another.",
  why: `Two spellings of a term look like two terms: a reviewer asks whether "re-irradiation" is something else than "reirradiation", and a
search finds half of the places. Which one a plan writes is its choice (AMA Manual of Style, 11th ed., 8.3, joins most prefixes without a
hyphen); one policy should keep to it. Two words are compared only where
they are always one term, or where the first is a prefix such as "re".`,
  recommended: "warning",
  strict: "warning",
  related: ["inconsistent-spelling"],
  options: { terms: { default: ["double-blind", "single-blind", "x-ray", "health-care"], description: "Compounds that are one term also when they are written as two words." } },
  examples: [{
    avoid: `description
  Re-irradiation of a site is planned with care, and re-irradiation of the spine with more.

criteria
I. IMRT is medically necessary for reirradiation of the spine.
`,
    finds: ["reirradiation"],
    fixed: `description
  Re-irradiation of a site is planned with care, and re-irradiation of the spine with more.

criteria
I. IMRT is medically necessary for re-irradiation of the spine.
`,
    prefer: `description
  Re-irradiation of a site is planned with care. A clinician must follow up; the follow-up visit takes place after 4 weeks.

criteria
I. IMRT is medically necessary for re-irradiation of the spine.
`,
  }, {
    avoid: `background
  A double-blind trial found less pain. A second double-blind trial did not, and a third, double blind too, was stopped.
`,
    finds: ["double blind"],
    fixed: `background
  A double-blind trial found less pain. A second double-blind trial did not, and a third, double-blind too, was stopped.
`,
    prefer: `background
  A double-blind trial found less pain. A second double-blind trial did not.
`,
  }],
  check(policy, report, { terms }) {
    const { hyphens } = policy.once(scanWords);
    for (const pair of hyphens) {
      if (OTHER_WORD.has(pair.one)) continue;
      reportVariants(policy, report, [pair], "hyphen");
    }
    for (const pair of openTerms(policy, terms)) reportVariants(policy, report, [pair], "hyphen");
  },
});

interface OpenTerm {
  readonly term: string;
  readonly open: string;
  readonly closed: string;
}
// Files share their options, so that this is worked out once.
const OPEN = new WeakMap<readonly string[], readonly OpenTerm[]>();
function openFormsOf(terms: readonly string[]): readonly OpenTerm[] {
  let forms = OPEN.get(terms);
  if (forms === undefined) OPEN.set(terms, (forms = terms.map((term) => ({ term, open: term.replaceAll("-", " "), closed: term.replaceAll("-", "") }))));
  return forms;
}

/** Terms that stand as two words, and with a hyphen or in one word too. */
function openTerms(policy: LintedPolicy, terms: readonly string[]): readonly Variants[] {
  const { compounds, mayHold, prefixes } = policy.once(scanWords);
  const found: Variants[] = [];
  for (const { term, open, closed } of openFormsOf(terms)) {
    const [hyphen, joined] = [compounds.has(term), mayHold(closed)];
    if (!(hyphen || joined) || !policy.text.includes(open)) continue;
    for (const other of [...(hyphen ? [term] : []), ...(joined ? [closed] : [])]) if (occurrences(policy, other).length > 0 && occurrences(policy, open).length > 0) found.push({ one: other, other: open });
  }
  // "re operation" beside "re-operation": a prefix is no word.
  const open = new Set<string>();
  for (const { start, end } of prefixes) {
    const word = /^ ([a-z]{3,})(?![\w-])/u.exec(policy.text.slice(end, end + 40))?.[1];
    const prefix = policy.text.slice(start, end);
    if (word === undefined || open.has(`${prefix} ${word}`)) continue;
    const other = compounds.has(`${prefix}-${word}`) ? `${prefix}-${word}` : mayHold(prefix + word) ? prefix + word : undefined;
    if (other === undefined || occurrences(policy, other).length === 0 || occurrences(policy, `${prefix} ${word}`).length === 0) continue;
    open.add(`${prefix} ${word}`);
    found.push({ one: other, other: `${prefix} ${word}` });
  }
  return found;
}
