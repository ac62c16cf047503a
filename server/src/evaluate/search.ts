// Searches for the fewest answers that bring a case to a determination: the criteria as goals over classes of values, and
// a bounded search that says where it is not exhaustive.
import type { Policy, PolicyCase } from "../semantics/model.js";
import type { Truth } from "./kleene.js";
import { type Goal, type Leaf, logicOf } from "./searchgoals.js";
import { type Domain, domainsOf } from "./searchvalues.js";

/** More states are not looked at; what was found until then is told, and that there may be more. */
const MOST_STATES = 6_000;
const MOST_GOAL_VISITS = 1_500_000;
/** More answers at once are not looked for. */
const MOST_CHANGES = 6;
/** More solutions of one size are not collected. */
const MOST_SOLUTIONS = 400;
const NEVER = 1_000_000;

/** Something that can be answered. */
export interface Item {
  readonly kind: "fact" | "criterion" | "request";
  readonly name: string;
  readonly question: string;
}

/** For each item that is otherwise than in the case, the class of its values. */
export type Solution = ReadonlyMap<number, number>;

export interface Found {
  /** How many items the smallest solutions change; undefined where none was found. */
  readonly size: number | undefined;
  readonly solutions: readonly Solution[];
  /** No solution changes fewer items than this. */
  readonly atLeast: number;
  /** All solutions of the smallest size were found. */
  readonly complete: boolean;
}

/** A case as the search sees it. */
export class Problem {
  readonly items: readonly Item[];
  readonly domains: readonly Domain[];
  readonly approve: Goal;
  readonly refer: Goal;
  /** Whether every value that could make a difference stands for itself or in a class. */
  readonly exact: boolean;
  private readonly current: Uint8Array;
  private readonly costs: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private visits = 0;
  private changeable: readonly boolean[] = [];
  private left = 0;

  constructor(readonly policy: Policy, readonly policyCase: PolicyCase) {
    const logic = logicOf(policy);
    this.items = logic.items;
    this.approve = logic.approve;
    this.refer = logic.refer;
    this.domains = domainsOf(logic, policy, policyCase);
    this.exact = logic.exact && this.domains.every((domain) => domain.exact);
    this.current = new Uint8Array(this.items.length);
    this.costs = new Int32Array(logic.goals);
    this.stamps = new Int32Array(logic.goals);
  }

  /** The smallest changes of the given items that reach a goal. */
  find(goal: Goal, changeable: readonly boolean[]): Found {
    this.changeable = changeable;
    this.current.fill(0);
    this.visits = 0;
    this.left = MOST_STATES;
    const first = this.restart(goal);
    if (first >= NEVER) return { size: undefined, solutions: [], atLeast: NEVER, complete: true };
    for (let size = first; size <= MOST_CHANGES; size++) {
      const solutions = new Map<string, Solution>();
      const finished = this.descend(goal, size, solutions, new Set());
      if (solutions.size > 0) return { size, solutions: [...solutions.values()], atLeast: size, complete: finished };
      if (!finished) return { size: undefined, solutions: [], atLeast: size, complete: false };
      if (size >= changeable.filter(Boolean).length) return { size: undefined, solutions: [], atLeast: NEVER, complete: true };
    }
    return { size: undefined, solutions: [], atLeast: MOST_CHANGES + 1, complete: false };
  }

  /** The leaves that make a goal hold with a solution, those first that come first in the text. */
  reasons(goal: Goal, solution: Solution): readonly Leaf[] {
    this.put(solution);
    this.restart(goal);
    const found = new Set<Leaf>();
    const seen = new Set<number>();
    const walk = (at: Goal): void => {
      if (seen.has(at.index) || this.cost(at) > 0) return;
      seen.add(at.index);
      if (at.kind === "leaf") found.add(at.leaf);
      else if (at.kind === "some") {
        // A part that held before needs no reason.
        let left = at.count;
        for (const part of at.parts) if (left > 0 && this.cost(part) === 0) { walk(part); left--; }
      }
    };
    walk(goal);
    this.current.fill(0);
    return [...found];
  }

  /** The truth of a leaf with the values of a solution. */
  truth(leaf: Leaf, solution: Solution): Truth {
    this.put(solution);
    const value = this.truthNow(leaf);
    this.current.fill(0);
    return value;
  }

  private put(solution: Solution): void {
    this.current.fill(0);
    for (const [item, value] of solution) this.current[item] = value;
  }

  private restart(goal: Goal): number {
    this.stamp++;
    return this.cost(goal);
  }

  private truthNow(leaf: Leaf): Truth {
    if (leaf.items.length === 1) {
      const item = leaf.items[0]!;
      return this.domains[item]!.classes[this.current[item]!]!.truths.get(leaf)!;
    }
    return leaf.several!(leaf.items.map((item) => this.domains[item]!.classes[this.current[item]!]!.value));
  }

  /** At least so many more items must change for a goal to hold; 0 where it holds. */
  private cost(goal: Goal): number {
    if (goal.kind === "never") return NEVER;
    if (this.stamps[goal.index] === this.stamp) return this.costs[goal.index]!;
    this.stamps[goal.index] = this.stamp;
    this.visits++;
    return (this.costs[goal.index] = this.reckon(goal));
  }

  private reckon(goal: Exclude<Goal, { kind: "never" }>): number {
    if (goal.kind === "leaf") {
      const { leaf, wanted } = goal;
      if ((this.truthNow(leaf) & wanted) !== 0) return 0;
      if (leaf.items.length > 1) return leaf.items.some((item) => this.free(item)) ? 1 : NEVER;
      const item = leaf.items[0]!;
      if (!this.free(item)) return NEVER;
      const { classes } = this.domains[item]!;
      for (let i = 1; i < classes.length; i++) if ((classes[i]!.truths.get(leaf)! & wanted) !== 0) return 1;
      return NEVER;
    }
    const { parts, count } = goal;
    if (count > parts.length) return NEVER;
    if (count === 0) return 0;
    if (count === parts.length) {
      let most = 0;
      for (const part of parts) {
        const cost = this.cost(part);
        if (cost >= NEVER) return NEVER;
        if (cost > most) most = cost;
      }
      return most;
    }
    if (count === 1) {
      let least = NEVER;
      for (const part of parts) {
        least = Math.min(least, this.cost(part));
        if (least === 0) return 0;
      }
      return least;
    }
    return parts.map((part) => this.cost(part)).sort((a, b) => a - b)[count - 1]!;
  }

  private free(item: number): boolean {
    return this.current[item] === 0 && this.changeable[item]!;
  }

  /** Collects the solutions with `left` more changes; false where the bound was reached. */
  private descend(goal: Goal, left: number, found: Map<string, Solution>, seen: Set<string>): boolean {
    const key = this.current.join();
    if (seen.has(key)) return true;
    seen.add(key);
    const cost = this.restart(goal);
    if (cost > left) return true;
    if (cost === 0) {
      const solution = new Map<number, number>();
      this.current.forEach((value, item) => { if (value > 0) solution.set(item, value); });
      if (found.size >= MOST_SOLUTIONS) return false;
      found.set(key, solution);
      return true;
    }
    if (--this.left < 0 || this.visits > MOST_GOAL_VISITS) return false;
    let finished = true;
    for (const [item, value] of this.steps(goal, left)) {
      this.current[item] = value;
      finished = this.descend(goal, left - 1, found, seen) && finished;
      this.current[item] = 0;
    }
    return finished;
  }

  /** The single changes of which one belongs to every solution: those that help a part which must hold and does not. */
  private steps(goal: Goal, left: number): readonly (readonly [item: number, value: number])[] {
    const steps = new Map<string, readonly [number, number]>();
    const seen = new Set<number>();
    const walk = (at: Goal): void => {
      if (at.kind === "never" || seen.has(at.index)) return;
      const cost = this.cost(at);
      if (cost === 0 || cost > left) return;
      seen.add(at.index);
      if (at.kind === "some") {
        const failing = at.parts.filter((part) => this.cost(part) > 0);
        // All must hold: the one that is hardest to reach is looked at alone, since it must be reached in any case.
        if (at.count === at.parts.length) walk(failing.reduce((hardest, part) => (this.cost(part) > this.cost(hardest) ? part : hardest)));
        else for (const part of failing) walk(part);
        return;
      }
      for (const item of at.leaf.items) {
        if (!this.free(item)) continue;
        this.domains[item]!.classes.forEach(({ truths }, value) => {
          if (value === 0 || (at.leaf.items.length === 1 && (truths.get(at.leaf)! & at.wanted) === 0)) return;
          steps.set(`${item} ${value}`, [item, value]);
        });
      }
    };
    walk(goal);
    return [...steps.values()];
  }
}

/** Solutions by the items they change, in the order of the items. */
export function bySet(solutions: readonly Solution[]): readonly (readonly [items: readonly number[], solutions: readonly Solution[]])[] {
  const sets = new Map<string, [number[], Solution[]]>();
  for (const solution of solutions) {
    const items = [...solution.keys()].sort((a, b) => a - b);
    const key = items.join();
    const there = sets.get(key);
    if (there === undefined) sets.set(key, [items, [solution]]);
    else there[1].push(solution);
  }
  const before = (a: readonly number[], b: readonly number[]): number => a.map((item, i) => item - (b[i] ?? -1)).find((difference) => difference !== 0) ?? 0;
  return [...sets.values()].sort(([a], [b]) => a.length - b.length || before(a, b));
}
