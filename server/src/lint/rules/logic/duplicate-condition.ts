// Lint rule: two criteria in different words with the same condition.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Criterion } from "../../../syntax/ast.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { type CriterionFormulas, criterionFormulas, isLeaf, nameOf, placeOf, twins } from "./criteria.js";
import { duplicates, sameGroups } from "./duplicate-criterion.js";
import { join, keyOf } from "./formula.js";
import { FLAGS, HASH, MASK, signatures, UNSURE, WHENS, WIDTH } from "./signatures.js";

/** The words of all `when` conditions of a criterion: of the one, or from the first to the last. */
export function conditionRange({ conditions }: { readonly conditions: readonly Condition[] }): Range | undefined {
  const first = conditions[0]?.source;
  const last = conditions.at(-1)?.source;
  return first && last && { start: first.start, end: last.end };
}

/** The facts of a criterion; where groups stand below it, those of its own conditions. */
const factsOf = (bits: Int32Array, symbol: CriterionSymbol): number => (isLeaf(symbol) ? bits[symbol.index * WIDTH + MASK]! : ~bits[symbol.index * WIDTH + WHENS]!);

/** Criteria whose conditions may come to the same, by what a quick look tells of them. */
function alike(policy: LintedPolicy): readonly (readonly CriterionSymbol[])[] {
  const { bits } = policy.once(signatures);
  const first = new Map<number, CriterionSymbol>();
  let groups: Map<number, CriterionSymbol[]> | undefined;
  let unsure: Set<number> | undefined;
  for (const symbol of policy.criteria) {
    const row = symbol.index * WIDTH;
    if (symbol.conditions.length === 0 || symbol.depth === 0 || symbol.items.length > 0) continue;
    if ((bits[row + FLAGS]! & UNSURE) !== 0) {
      (unsure ??= new Set()).add(factsOf(bits, symbol));
      continue;
    }
    const key = bits[row + HASH]!;
    const there = first.get(key);
    if (there === undefined) first.set(key, symbol);
    else {
      groups ??= new Map();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [there, symbol]);
      else group.push(symbol);
    }
  }
  const found: CriterionSymbol[][] = groups === undefined ? [] : [...groups.values()];
  // Where the hash of one says nothing, it is compared with all that speak of the same facts.
  if (unsure !== undefined) {
    const byMask = new Map<number, CriterionSymbol[]>();
    for (const symbol of policy.criteria) {
      if (symbol.conditions.length === 0 || symbol.depth === 0 || symbol.items.length > 0) continue;
      const mask = factsOf(bits, symbol);
      if (!unsure.has(mask)) continue;
      const group = byMask.get(mask);
      if (group === undefined) byMask.set(mask, [symbol]);
      else group.push(symbol);
    }
    for (const group of byMask.values()) if (group.length > 1) found.push(group);
  }
  return found.filter((group) => group.length > 12 || group.some((second, i) => group.slice(0, i).some((one) => twins(one, second) !== undefined)));
}

/** Equal for criteria that are met at once: all of it for a leaf, else the conditions, with what stands below to be compared. */
const keyFor = (made: CriterionFormulas, symbol: CriterionSymbol): string =>
  (isLeaf(symbol) ? keyOf(made.met(symbol)) : `${keyOf(join("and", symbol.conditions.map((condition) => made.conditions.of(condition)), placeOf(symbol)))} with groups`);

export default lintRule({
  id: "duplicate-condition",
  category: "logic",
  summary: "Two criteria in different words come to the same condition.",
  why: `What reads as two indications is one to whoever decides the case. Either a condition was copied and not changed, and then the
policy decides something else than its words say, or the words describe one thing twice, and then a reviewer documents it twice.
Conditions are compared by what they mean: their order, \`not … <\` for \`>=\`, \`between\`, units and names of definitions make no
difference.`,
  recommended: "warning",
  strict: "warning",
  related: ["duplicate-criterion", "subsumed-criterion", "prose-condition-mismatch"],
  examples: [{
    avoid: `facts
  site   one of kidney, bladder, ureter    "Which organ holds the tumor?"
  stage  one of early, locally_advanced    "How far has the cancer spread?"

criteria
I. The treatment is medically necessary for any of the following indications:
   A. Early cancer of the kidney
      when site is kidney and stage is early
   B. Early cancer of the ureter
      when stage is early and site is kidney
`,
    finds: ["stage is early and site is kidney"],
    prefer: `facts
  site   one of kidney, bladder, ureter    "Which organ holds the tumor?"
  stage  one of early, locally_advanced    "How far has the cancer spread?"

criteria
I. The treatment is medically necessary for any of the following indications:
   A. Early cancer of the kidney
      when site is kidney and stage is early
   B. Early cancer of the ureter
      when stage is early and site is ureter
`,
    note: "The condition was copied from the line above: a cancer of the ureter is never approved.",
  }, {
    avoid: `facts
  age         years                 "Age on the date of service"
  pain_score  number from 0 to 10   "Average pain in the past week"

criteria
I. The injection is medically necessary when all of the following are met:
   A. The patient is an adult younger than 65
      when age >= 18 years and age < 65 years
   B. Severe pain
      when pain_score >= 7
   C. Not a minor and not covered by the program for older members
      when not (age < 18 years or age >= 780 months)
`,
    finds: ["not (age < 18 years or age >= 780 months)"],
    prefer: `facts
  age         years                 "Age on the date of service"
  pain_score  number from 0 to 10   "Average pain in the past week"

criteria
I. The injection is medically necessary when all of the following are met:
   A. The patient is an adult younger than 65
      when age >= 18 years and age < 65 years
   B. Severe pain
      when pain_score >= 7
`,
  }],
  check(policy, report) {
    if (policy.analysis.policy === undefined) return;
    let told: Set<CriterionSymbol> | undefined;
    for (const group of alike(policy)) {
      const made = policy.once(criterionFormulas);
      const byKey = new Map<string, CriterionSymbol[]>();
      for (const symbol of group) {
        const key = keyFor(made, symbol);
        const equal = byKey.get(key);
        if (equal === undefined) {
          byKey.set(key, [symbol]);
          continue;
        }
        const first = equal.slice(0, 100).find((each) => twins(each, symbol) !== undefined && (isLeaf(symbol) || sameGroups(policy, each, symbol)));
        equal.push(symbol);
        told ??= new Set(policy.once(duplicates).map((each) => each.second));
        if (first === undefined || told.has(symbol)) continue;
        told.add(symbol);
        const relation = twins(first, symbol)!;
        const prose = (first.node as Criterion).prose;
        report(conditionRange(symbol) ?? placeOf(symbol), {
          message: `${symbol.address} has the same condition as ${first.address} ${relation.siblings ? "in the same list" : `elsewhere under ${relation.list === undefined ? "the policy" : nameOf(relation.list)}`}, and other words, so one of them does not decide what it says.`,
          help: "Correct the condition that was copied, or write both as one criterion.",
          related: [{ ...(conditionRange(first) ?? prose ?? first.node), message: `${first.address} has this condition first.` }],
        });
      }
    }
  },
});
