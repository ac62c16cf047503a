// Lint rule: an item of a list that another item of the same list makes superfluous.
import type { CriterionSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { type CriterionFormulas, criterionFormulas, nameOf, placeOf } from "./criteria.js";
import { conditionRange } from "./duplicate-condition.js";
import { MASK, NEED, type Signatures, signatures, WIDTH } from "./signatures.js";
import { implies } from "./solve.js";

/** Longer lists are looked at only so far. */
const MOST_ITEMS = 300;

const rangeOf = (symbol: CriterionSymbol): Range => (symbol.items.length === 0 ? conditionRange(symbol) : undefined) ?? placeOf(symbol);

/** A list of which any item will do, and nothing else. */
const isChoice = ({ items, combination, conditions, conditionGroups, waivers, waiverGroups, exceptions, exceptionGroups, guards }: CriterionSymbol): boolean =>
  items.length > 0 && combination?.op === "any" && !combination.open && conditions.length + conditionGroups.length + waivers.length + waiverGroups.length + exceptions.length + exceptionGroups.length + guards.length === 0;

/** False where one criterion certainly does not imply another: told from bits, without formulas. */
function mayImply(signs: Signatures, narrower: CriterionSymbol, wider: CriterionSymbol): boolean {
  if (!signs.mayBeImplied(wider.index, narrower.index)) return false;
  if (isChoice(narrower)) return narrower.items.every((item) => mayImply(signs, item, wider));
  return !isChoice(wider) || wider.items.some((item) => mayImply(signs, narrower, item));
}

function checkList(policy: LintedPolicy, list: CriterionSymbol, told: (item: CriterionSymbol, other: CriterionSymbol) => void): void {
  const op = list.combination!.op;
  const signs = policy.once(signatures);
  const { bits } = signs;
  const items = list.items.length > MOST_ITEMS ? list.items.slice(0, MOST_ITEMS) : list.items;
  const skipped = (item: CriterionSymbol): boolean => item.attested || item.allOthers || (op === "all" && item.guards.length > 0);
  // An item covers another only if that speaks of the same facts.
  let seen = 0;
  let shared = 0;
  for (const { index } of items) {
    const mask = bits[index * WIDTH + MASK]!;
    shared |= seen & mask;
    seen |= mask;
  }
  if (shared === 0) return;
  let found: Set<number> | undefined;
  let made: CriterionFormulas | undefined;
  for (let i = 0; i < items.length; i++) {
    const first = items[i]!;
    if (skipped(first)) continue;
    const mayCover = (bits[first.index * WIDTH + NEED]! & ~shared) === 0;
    for (let j = i + 1; j < items.length; j++) {
      const second = items[j]!;
      if (!mayCover && (bits[second.index * WIDTH + NEED]! & ~shared) !== 0) continue;
      if (skipped(second) || (!mayImply(signs, first, second) && !mayImply(signs, second, first))) continue;
      made ??= policy.once(criterionFormulas);
      const [a, b] = [made.met(first), made.met(second)];
      const aWithin = implies(a, b);
      const bWithin = implies(b, a);
      // Equal conditions are told of as such.
      if (aWithin === bWithin) continue;
      // Of an "all" list the wider item adds nothing, of the others the narrower.
      const [spare, other] = aWithin === (op === "all") ? [j, i] : [i, j];
      if (found?.has(spare) === true) continue;
      (found ??= new Set()).add(spare);
      told(items[spare]!, items[other]!);
    }
  }
}

export default lintRule({
  id: "subsumed-criterion",
  category: "logic",
  summary: "An item of a list is never needed, because another item covers it.",
  why: `In an "any" list the narrower of two items decides nothing: whoever meets it meets the wider one. In an "all" list it is the
wider one, and in "at least 2 of the following" one finding counts twice, so that one symptom passes for two. Often a threshold was
changed in one place only, or an indication was added that was there in general words. It is reported only where it is certain from
the conditions.`,
  recommended: "info",
  strict: "warning",
  related: ["duplicate-criterion", "duplicate-condition", "condition-always-holds"],
  examples: [{
    avoid: `facts
  epworth    number from 0 to 24   "Epworth Sleepiness Scale"
  stop_bang  number from 0 to 8    "STOP-Bang questionnaire"

criteria
I. A sleep study is medically necessary for at least 2 of the following:
   A. Epworth score above 10
      when epworth > 10
   B. STOP-Bang score of 5 or more
      when stop_bang >= 5
   C. Severe sleepiness, with an Epworth score of 16 or more
      when epworth >= 16
`,
    finds: ["epworth >= 16"],
    prefer: `facts
  epworth    number from 0 to 24   "Epworth Sleepiness Scale"
  stop_bang  number from 0 to 8    "STOP-Bang questionnaire"

criteria
I. A sleep study is medically necessary for any of the following:
   A. Both a sleepy patient and a positive questionnaire
      when epworth > 10 and stop_bang >= 5
   B. Severe sleepiness, with an Epworth score of 16 or more
      when epworth >= 16
`,
    note: "Severe sleepiness alone counts as two of three.",
  }, {
    avoid: `facts
  diagnoses  list of ICD-10-CM   "Diagnosis codes of the request"

criteria
I. The implant is medically necessary for any of the following indications:
   A. Cancer of the eye
      when diagnoses include C69.-
   B. Cancer of the retina
      when diagnoses include any of C69.2-
   C. Cancer of the orbit or the brain
      when diagnoses include any of C69.6-, C71.-
`,
    finds: ["diagnoses include any of C69.2-"],
    prefer: `facts
  diagnoses  list of ICD-10-CM   "Diagnosis codes of the request"

criteria
I. The implant is medically necessary for any of the following indications:
   A. Cancer of the eye
      when diagnoses include C69.-
   B. Cancer of the brain
      when diagnoses include any of C71.-
`,
  }, {
    avoid: `facts
  bmi  kg/m2   "Body mass index"
  age  years   "Age on the date of service"

criteria
I. Surgery for obesity is medically necessary when all of the following are met:
   A. Body mass index of at least 30
      when bmi >= 30 kg/m2
   B. Age of at least 18 years
      when age >= 18 years
   C. Class III obesity
      when bmi >= 40 kg/m2
`,
    finds: ["bmi >= 30 kg/m2"],
    prefer: `facts
  bmi  kg/m2   "Body mass index"
  age  years   "Age on the date of service"

criteria
I. Surgery for obesity is medically necessary when all of the following are met:
   A. Age of at least 18 years
      when age >= 18 years
   B. Class III obesity
      when bmi >= 40 kg/m2
`,
  }],
  check(policy, report) {
    if (policy.analysis.policy === undefined) return;
    for (const list of policy.analysis.criteria) {
      const { combination, items } = list;
      if (items.length < 2 || combination === undefined || combination.op === "exactly") continue;
      checkList(policy, list, (item, other) => {
        const double = combination.op === "at-least" && combination.count > 1;
        const [one, two] = [nameOf(item), nameOf(other)];
        report(rangeOf(item), {
          message: double ? `Whoever meets ${one} meets ${two} too, so one finding counts twice.`
            : combination.op === "all" ? `Whoever meets ${two} meets ${one} too, so ${one} adds nothing to the list.`
              : combination.op === "none" ? `Whatever meets ${one} meets ${two} too, so ${one} rules out nothing more.` : `Whoever meets ${one} meets ${two} too, so ${one} is never needed.`,
          help: double ? "Draw the line between the two so that no finding meets both, or write them as one item." : "Remove it, or correct the threshold or code that was meant to differ.",
          related: [{ ...rangeOf(other), message: `${nameOf(other)} covers it.` }],
        });
      });
    }
  },
});
