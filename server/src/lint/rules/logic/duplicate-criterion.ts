// Lint rule: a criterion that stands twice in the same words.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Criterion } from "../../../syntax/ast.js";
import { readCitations } from "../../../syntax/prose.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { criterionFormulas, isLeaf, nameOf, type Twins, twins } from "./criteria.js";
import { keyOf } from "./formula.js";
import { sameWords, wordsOf } from "./words.js";

// Items that mean something only in their own list.
const GENERIC = /^(?:others?|any others?|none|none of (?:the|these) .*|all of (?:the|these) .*|any of (?:the|these) .*|not applicable|n\/?a|see (?:above|below)|yes|no|unknown|tbd)$/u;
// Headings that tell two populations, sides or points of time apart: their lists may well share an item.
const APART = /\b(?:adults?|child(?:ren|hood)?|p(?:a)?ediatrics?|adolescents?|infants?|neonat\w+|left|right|initial|first|repeat\w*|continu\w+|renew\w+|re ?authori[sz]ation|second|subsequent|men|women|male|female|bilateral|unilateral|upper|lower|before|after|pre|post)\b/u;

/** A second criterion with the words of a first one. */
export interface Duplicate {
  readonly first: CriterionSymbol;
  readonly second: CriterionSymbol;
  readonly twins: Twins;
}

/** Pairs of criteria with the same words, of which the second adds nothing. */
export function duplicates(policy: LintedPolicy): readonly Duplicate[] {
  const { criteria } = policy;
  if (criteria.length < 2) return NONE;
  const found: Duplicate[] = [];
  for (const group of sameWords(policy, criteria, isWhole, (first, second) => twins(first, second) !== undefined)) {
    const words = wordsOf(policy, group[0]!.node as Criterion);
    if (words.length < 3 || GENERIC.test(words)) continue;
    for (let i = 1; i < group.length && i < 100; i++) {
      for (let j = 0; j < i; j++) {
        const relation = twins(group[j]!, group[i]!);
        if (relation === undefined || (!relation.siblings && !sameElsewhere(policy, group[j]!, group[i]!, relation.list, words)) || !sameGroups(policy, group[j]!, group[i]!)) continue;
        found.push({ first: group[j]!, second: group[i]!, twins: relation });
        break;
      }
    }
  }
  return found.sort((a, b) => a.second.node.start - b.second.node.start);
}
const NONE: readonly never[] = [];

/** A criterion without a list of its own. */
const isWhole = ({ depth, items, allOthers, scopeOnly }: CriterionSymbol): boolean => items.length === 0 && depth > 0 && !allOthers && !scopeOnly;

const decided = (symbol: CriterionSymbol): boolean => symbol.conditions.length > 0;

/** Under different headings the same words may mean different things: "Effusion" of the left knee and of the right. */
function sameElsewhere(policy: LintedPolicy, first: CriterionSymbol, second: CriterionSymbol, common: CriterionSymbol | undefined, words: string): boolean {
  if (!words.includes(" ")) return false;
  if (decided(first) || decided(second)) return decided(first) && decided(second) && (isLeaf(first) ? sameMeaning(policy, first, second) : sameConditions(policy, first, second));
  if (tellsApart(policy, first, common) || tellsApart(policy, second, common)) return false;
  const lists = [first.parent!, second.parent!] as const;
  // Lists that share more than one item repeat them on purpose.
  const own = new Set(lists[0].items.map((item) => (item.node.kind === "criterion" ? wordsOf(policy, item.node) : "")));
  return lists[1].items.filter((item) => item.node.kind === "criterion" && own.has(wordsOf(policy, item.node))).length < 2;
}

/** A heading between a criterion and the list that it has in common with another. */
function tellsApart(policy: LintedPolicy, { parent }: CriterionSymbol, common: CriterionSymbol | undefined): boolean {
  for (let up = parent; up !== undefined && up !== common; up = up.parent) if (up.node.kind === "criterion" && APART.test(wordsOf(policy, up.node))) return true;
  return false;
}

/** True if what stands below `when`, `unless` and `waived when` is the same in words and conditions. */
export function sameGroups(policy: LintedPolicy, first: CriterionSymbol, second: CriterionSymbol): boolean {
  return sameLists(policy, first.conditionGroups, second.conditionGroups) && sameLists(policy, first.exceptionGroups, second.exceptionGroups) && sameLists(policy, first.waiverGroups, second.waiverGroups);
}

function sameLists(policy: LintedPolicy, first: readonly CriterionSymbol[], second: readonly CriterionSymbol[]): boolean {
  if (first.length !== second.length) return false;
  return first.every((one, i) => {
    const two = second[i]!;
    if (one.node.kind === "criterion" && two.node.kind === "criterion" && wordsOf(policy, one.node) !== wordsOf(policy, two.node)) return false;
    if (one.combination?.op !== two.combination?.op || one.combination?.count !== two.combination?.count) return false;
    return sameConditions(policy, one, two) && sameLists(policy, one.items, two.items) && sameGroups(policy, one, two);
  });
}

function sameConditions(policy: LintedPolicy, first: CriterionSymbol, second: CriterionSymbol): boolean {
  const made = policy.once(criterionFormulas).conditions;
  const same = (one: readonly Condition[], two: readonly Condition[]): boolean => one.length === two.length && one.every((condition, i) => keyOf(made.of(condition)) === keyOf(made.of(two[i]!)));
  return same(first.conditions, second.conditions) && same(first.guards, second.guards) && same(first.exceptions, second.exceptions) && same(first.waivers, second.waivers);
}

function sameMeaning(policy: LintedPolicy, first: CriterionSymbol, second: CriterionSymbol): boolean {
  const made = policy.once(criterionFormulas);
  return keyOf(made.met(first)) === keyOf(made.met(second));
}

export default lintRule({
  id: "duplicate-criterion",
  category: "logic",
  summary: "A criterion stands twice in the same words where once would do.",
  why: `The second place adds nothing, so that a reader looks for a difference that is not there: was another condition meant, another
site, another threshold? When one of the two is revised and the other is forgotten, the policy contradicts itself. A notice of denial
names the criterion that was not met, and with two of them there are two answers. Adding indications by site or by review is how
most of them come about. Words that repeat with a reason, in lists for different patients or in another statement, are left alone.`,
  recommended: "warning",
  strict: "warning",
  related: ["duplicate-condition", "subsumed-criterion", "duplicate-label"],
  examples: [{
    avoid: `criteria
I. Pelvic radiotherapy is medically necessary for any of the following indications:
   A. Sarcoma, any of the following:
      1. Sarcoma of the uterus
      2. Cancer of the womb lining
   B. Gynecological, any of the following:
      1. Cervical cancer
      2. Cancer of the womb lining [1]

references
  1. Example A. Pelvic radiotherapy. Ex J Med. 2020;1(2):3-9.
`,
    finds: ["Cancer of the womb lining"],
    prefer: `criteria
I. Pelvic radiotherapy is medically necessary for any of the following indications:
   A. Sarcoma, any of the following:
      1. Sarcoma of the uterus
      2. Sarcoma of the soft tissue
   B. Gynecological, any of the following:
      1. Cervical cancer
      2. Cancer of the womb lining [1]

references
  1. Example A. Pelvic radiotherapy. Ex J Med. 2020;1(2):3-9.
`,
    note: "Either place alone would do; as it stands, readers wonder whether a sarcoma was meant in the first.",
  }, {
    avoid: `facts
  symptom_days    days    "For how long have there been symptoms?"
  treatment_days  days    "For how long has conservative treatment lasted?"

criteria
I. An MRI of the knee is medically necessary when all of the following are met:
   A. At least six weeks; and
      when symptom_days >= 42 days
   B. At least six weeks.
      when treatment_days >= 42 days
`,
    finds: ["At least six weeks"],
    prefer: `facts
  symptom_days    days    "For how long have there been symptoms?"
  treatment_days  days    "For how long has conservative treatment lasted?"

criteria
I. An MRI of the knee is medically necessary when all of the following are met:
   A. Symptoms for at least six weeks; and
      when symptom_days >= 42 days
   B. Conservative treatment for at least six weeks.
      when treatment_days >= 42 days
`,
    note: "The conditions differ and the words do not: readers of the published policy see one criterion twice.",
  }],
  check(policy, report) {
    for (const { first, second, twins: relation } of policy.once(duplicates)) {
      const prose = (second.node as Criterion).prose!;
      const citation = readCitations(policy.source(prose), prose.start)[0];
      const end = Math.min(prose.connector?.start ?? prose.end, citation !== undefined && citation.start > prose.start ? citation.start : prose.end);
      const words = policy.source({ start: prose.start, end }).trimEnd().replace(/[\s.;:,]+$/u, "");
      const different = decided(first) && decided(second) && !(isLeaf(first) ? sameMeaning(policy, first, second) : sameConditions(policy, first, second));
      const where = relation.siblings ? "in the same list" : `under another heading of ${relation.list === undefined ? "the policy" : nameOf(relation.list)}`;
      report({ start: prose.start, end: prose.start + words.length }, {
        message: different
          ? `${second.address} has the same words as ${first.address} ${where} and another condition, so readers cannot see what the difference is.`
          : `${second.address} says the same as ${first.address} ${where}, so it adds nothing, and a later change of one of them will contradict the other.`,
        help: different ? "Say in the words of each what it asks for, or remove the one that is not meant." : "Remove one of the two, or write what this one was meant to ask for.",
        related: [{ start: (first.node as Criterion).prose!.start, end: (first.node as Criterion).prose!.end, message: `${first.address} says it first.` }],
      });
    }
  },
});
