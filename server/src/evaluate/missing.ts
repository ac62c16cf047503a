// What is missing: the smallest sets of facts that could still decide a case, the next best question, and what cannot matter any more.
import type { Policy, PolicyCase } from "../semantics/model.js";
import { periodOf } from "../semantics/period.js";
import type { DeterminationName, Explanation, MissingItem } from "./model.js";
import { evaluatorOf } from "./run.js";
import { bySet, classesIn, Problem, type Solution } from "./search.js";
import type { Domain } from "./searchvalues.js";

/** So many sets are named. */
const MOST_SETS = 12;
/** So many completions are gone through to see what can matter. */
const MOST_COMPLETIONS = 1_024;

/** Facts that could decide the case together. */
export interface MissingSet {
  readonly items: readonly MissingItem[];
  /** What the case could come to with them. */
  readonly could: readonly DeterminationName[];
}

export interface MissingSets {
  /** How many items the smallest sets have; not there where none was found. */
  readonly size?: number | undefined;
  /** No set is smaller than this; beyond the number of all that is open where there is none. */
  readonly atLeast: number;
  readonly sets: readonly MissingSet[];
  /** How many sets of this size there are; more than `sets` where not all are named. */
  readonly total: number;
  /** There is no smaller set and no other of this size. */
  readonly exact: boolean;
  /**
   * What could not be obtained and stands in these sets. It does so only where there is no set without such items; else it is
   * empty, and the sets are the smallest ones without.
   */
  readonly unobtainable: readonly MissingItem[];
  /** It is certain that no set does without them. */
  readonly unobtainableExact: boolean;
}

export interface MissingAdvice {
  /** The smallest sets that could decide the case, either way. */
  readonly deciding: MissingSets;
  /** The smallest sets with which the case could be approved. */
  readonly approving: MissingSets;
  /** The next best question, and in how many of the smallest sets it stands. */
  readonly ask?: (MissingItem & { readonly inSets: number; readonly ofSets: number }) | undefined;
  /** What is not given and cannot make a difference any more. */
  readonly settled: readonly MissingItem[];
  /** Nothing else is without effect. */
  readonly settledExact: boolean;
}

/** What a pended case lacks; undefined for a case that is decided. */
export function whatIsMissing(policy: Policy, policyCase: PolicyCase, explanation: Explanation): MissingAdvice | undefined {
  const { from, until } = periodOf(policy.analysis);
  if (explanation.determination !== "pend" || policyCase.on < from || policyCase.on > until) return undefined;
  const problem = new Problem(policy, policyCase, "add");
  const open = problem.domains.map((domain) => domain.leaves.length > 0 && (!domain.given || domain.incomplete));
  const items = itemsOf(problem, explanation);
  const { decided, settled, exact } = settledItems(problem, open, explanation);
  // What stands only in decided parts is in no smallest set. What makes no difference may be: "a or not a" waits for an answer.
  const sought = open.map((each, i) => each && !decided.includes(i));
  const deciding = obtainable(problem, sought, items, "decide");
  const approving = obtainable(problem, sought, items, "approve");
  const ask = nextQuestion(deciding, items, problem.domains);
  return { deciding: deciding.sets, approving: approving.sets, ask, settled: settled.map((item) => items[item]!), settledExact: exact };
}

function itemsOf(problem: Problem, { missing }: Explanation): readonly MissingItem[] {
  return problem.items.map(({ kind, name, question }) => missing.find((each) => each.kind === kind && each.name === name) ?? { kind, name, question });
}

/** The smallest sets without what could not be obtained; with it only where there are none. */
function obtainable(problem: Problem, open: readonly boolean[], items: readonly MissingItem[], goal: "decide" | "approve"): Sets {
  const left = open.map((each, i) => each && items[i]!.unobtainable !== true);
  if (left.every((each, i) => each === open[i])) return setsOf(problem, open, items, goal);
  const without = setsOf(problem, left, items, goal);
  if (without.found.length > 0) return without;
  const all = setsOf(problem, open, items, goal);
  const within = new Set(all.found.flatMap(([set]) => set));
  // Where the search without them was cut short, it is not certain that they are needed.
  const certain = without.sets.exact || !left.includes(true);
  return { ...all, sets: { ...all.sets, exact: all.sets.exact && certain, unobtainableExact: certain, unobtainable: items.filter((item, i) => item.unobtainable === true && within.has(i)) } };
}

interface Sets {
  readonly sets: MissingSets;
  readonly found: readonly (readonly [items: readonly number[], solutions: readonly Solution[]])[];
}

function setsOf(problem: Problem, open: readonly boolean[], items: readonly MissingItem[], goal: "decide" | "approve"): Sets {
  const evaluator = evaluatorOf(problem.policy);
  const { size, solutions, atLeast, complete } = problem.find(problem[goal], open);
  let sound = true;
  const could = new Map<string, Set<DeterminationName>>();
  // What was found is held against the evaluator itself.
  const held = solutions.filter((solution) => {
    const { determination } = evaluator.decideCase(problem.answered(solution));
    const holds = goal === "approve" ? determination === "approve" : determination !== "pend";
    if (!holds) sound = false;
    else {
      const key = [...solution.keys()].sort((a, b) => a - b).join();
      could.set(key, (could.get(key) ?? new Set()).add(determination));
    }
    return holds;
  });
  const found = bySet(held);
  const read = problem[`${goal}Exact`] && problem.domains.every((domain, i) => domain.exact || !open[i]);
  return {
    found,
    sets: {
      size: found.length > 0 ? size : undefined,
      atLeast: read ? Math.min(atLeast, open.filter(Boolean).length + 1) : 1,
      sets: found.slice(0, MOST_SETS).map(([set]) => ({
        items: set.map((item) => items[item]!),
        could: (["approve", "refer", "no statement applies"] as const).filter((name) => could.get(set.join())!.has(name)),
      })),
      total: found.length,
      exact: complete && sound && read,
      unobtainable: [],
      unobtainableExact: true,
    },
  };
}

/** The item that stands in most of the smallest sets; of several, the one of which most answers help; then the first. */
function nextQuestion({ found }: Sets, items: readonly MissingItem[], domains: readonly Domain[]): MissingAdvice["ask"] {
  // Where every set holds something that cannot be had, no question leads to a decision.
  if (found.length === 0 || found.every(([set]) => set.some((item) => items[item]!.unobtainable === true))) return undefined;
  const counts = new Map<number, { sets: number; helping: Set<number> }>();
  for (const [set, solutions] of found) {
    for (const item of set) {
      const there = counts.get(item) ?? { sets: 0, helping: new Set() };
      there.sets++;
      for (const solution of solutions) for (const each of classesIn(solution.get(item)!)) there.helping.add(each);
      counts.set(item, there);
    }
  }
  const share = (item: number): number => counts.get(item)!.helping.size / Math.max(1, domains[item]!.classes.length - 1);
  const [best] = [...counts.keys()].sort((a, b) => counts.get(b)!.sets - counts.get(a)!.sets || share(b) - share(a) || a - b);
  return { ...items[best!]!, inSets: counts.get(best!)!.sets, ofSets: found.length };
}

/** What is not given and makes no difference, whatever the rest turns out to be. */
function settledItems(problem: Problem, open: readonly boolean[], { missing }: Explanation): { readonly decided: readonly number[]; readonly settled: readonly number[]; readonly exact: boolean } {
  const { items, domains } = problem;
  const asked = (i: number): boolean => missing.some(({ kind, name }) => kind === items[i]!.kind && name === items[i]!.name);
  // A condition that asks whether a fact is known turns with the answer; without one, what is decided stays so.
  const turns = domains.some((domain, i) => open[i] && domain.leaves.some(({ condition }) => condition?.kind === "known"));
  // A fact that is in no undecided part cannot matter; one that no criterion reads is not spoken of.
  const out = turns ? [] : items.map((_, i) => i).filter((i) => open[i] && !domains[i]!.given && !asked(i));
  const rest = items.map((_, i) => i).filter((i) => open[i] && !out.includes(i));
  const sizes = rest.map((i) => domains[i]!.classes.length - 1);
  const total = sizes.reduce((product, size) => product * Math.max(1, size), 1);
  const exact = total <= MOST_COMPLETIONS && rest.every((i) => domains[i]!.exact && domains[i]!.classes.length > 1);
  if (!exact) return { decided: out, settled: out, exact: false };
  const evaluator = evaluatorOf(problem.policy);
  const came = new Array<DeterminationName>(total);
  for (let at = 0; at < total; at++) {
    let left = at;
    const solution = new Map<number, bigint>();
    rest.forEach((item, i) => {
      solution.set(item, 1n << BigInt((left % sizes[i]!) + 1));
      left = Math.floor(left / sizes[i]!);
    });
    came[at] = evaluator.decideCase(problem.answered(solution)).determination;
  }
  let step = 1;
  const without = rest.filter((_, i) => {
    const size = sizes[i]!;
    const block = step * size;
    const matters = came.some((determination, at) => determination !== came[at - (at % block) + (at % step)]);
    step = block;
    return !matters;
  });
  return { decided: out, settled: [...out, ...without].sort((a, b) => a - b), exact: true };
}
