// Lint rule: two criteria in different words with the same condition.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Criterion } from "../../../syntax/ast.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { type CriterionFormulas, criterionFormulas, isLeaf, nameOf, placeOf, twins } from "./criteria.js";
import { duplicates } from "./duplicate-criterion.js";
import { keyOf, simpleHash } from "./formula.js";
import { signatures } from "./signatures.js";

/** The words of all `when` conditions of a criterion: of the one, or from the first to the last. */
export function conditionRange({ conditions }: { readonly conditions: readonly Condition[] }): Range | undefined {
  const first = conditions[0]?.source;
  const last = conditions.at(-1)?.source;
  return first && last && { start: first.start, end: last.end };
}

/** Criteria in whose conditions the same variables occur, by a mask of them and their statement. */
function byVariables(policy: LintedPolicy): ReadonlyMap<number, readonly CriterionSymbol[]> {
  const { masks } = policy.once(signatures);
  const groups = new Map<number, CriterionSymbol[]>();
  for (const symbol of policy.criteria) {
    if (symbol.conditions.length === 0 || symbol.depth === 0 || !isLeaf(symbol)) continue;
    const mask = masks[symbol.index]!;
    const group = groups.get(mask);
    if (group === undefined) groups.set(mask, [symbol]);
    else group.push(symbol);
  }
  return groups;
}

/** Criteria whose conditions are worth the trouble of comparing in full. */
function mayBeEqual(group: readonly CriterionSymbol[], made: CriterionFormulas): readonly CriterionSymbol[] {
  if (group.length <= 12 && !group.some((second, i) => group.slice(0, i).some((first) => twins(first, second) !== undefined))) return NONE;
  const hashes: number[] = [];
  for (const symbol of group) {
    const hash = simpleHash(made.met(symbol));
    if (hash === undefined) return group;
    hashes.push(hash);
  }
  const counts = new Map<number, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts.size === hashes.length ? NONE : group.filter((_, i) => counts.get(hashes[i]!)! > 1);
}
const NONE: readonly never[] = [];

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
    for (const group of policy.once(byVariables).values()) {
      if (group.length < 2) continue;
      const made = policy.once(criterionFormulas);
      const alike = mayBeEqual(group, made);
      if (alike.length === 0) continue;
      const byKey = new Map<string, CriterionSymbol[]>();
      for (const symbol of alike) {
        const key = keyOf(made.met(symbol));
        const equal = byKey.get(key);
        if (equal === undefined) {
          byKey.set(key, [symbol]);
          continue;
        }
        const first = equal.slice(0, 100).find((each) => twins(each, symbol) !== undefined);
        equal.push(symbol);
        told ??= new Set(policy.once(duplicates).map((each) => each.second));
        if (first === undefined || told.has(symbol)) continue;
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
