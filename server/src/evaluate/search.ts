// Searches for the fewest answers that bring a case to a determination: the criteria as goals over classes of values, and
// a bounded search that says where it is not exhaustive.
import type { FactValue, OutcomeName, Policy, PolicyCase } from "../semantics/model.js";
import type { Truth } from "./kleene.js";
import { type Goal, itemsOf, type Leaf, logicOf } from "./searchgoals.js";
import { type Domain, domainsOf } from "./searchvalues.js";

/** More states are not looked at; what was found until then is told, and that there may be more. */
const MOST_STATES = 3_000;
const MOST_GOAL_VISITS = 200_000;
/** More changes at once are not looked for. */
const MOST_CHANGES = 20;
/** More solutions of one size are not collected. */
const MOST_SOLUTIONS = 300;
/** A change of an item costs one; to settle which of its values it takes costs next to nothing. */
const CHANGE = 1_000;
const NARROW = 1;
const NEVER = 1_000_000_000;
const AS_IS = 1n;

/** Something that can be answered. */
export interface Item {
  readonly kind: "fact" | "criterion" | "request";
  readonly name: string;
  readonly question: string;
}

/** For each item that is otherwise than in the case, the classes of values it may have, one bit each, whatever the others have. */
export type Solution = ReadonlyMap<number, bigint>;

/** The classes of a set of them. */
export function* classesIn(bits: bigint): Generator<number> {
  let rest = bits;
  for (let i = 0; rest !== 0n; i++, rest >>= 1n) if ((rest & 1n) === 1n) yield i;
}

/** The first class of a set of them. */
export const firstClass = (bits: bigint): number => classesIn(bits).next().value as number;

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
  readonly decide: Goal;
  /** Whether the goals say all that the criteria say. */
  readonly approveExact: boolean;
  readonly decideExact: boolean;
  private readonly several: (leaf: Leaf, values: readonly unknown[]) => Truth;
  /** The classes each item may have: the first one, as it is, or a set of others. */
  private readonly current: bigint[];
  private readonly satisfying: (bigint | undefined)[] = [];
  private readonly costs: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private visits = 0;
  private changeable: readonly boolean[] = [];
  private left = 0;

  constructor(readonly policy: Policy, readonly policyCase: PolicyCase, how: "add" | "change") {
    const logic = logicOf(policy);
    this.items = logic.items;
    this.approve = logic.approve;
    this.decide = logic.decide;
    const { domains, several } = domainsOf(logic, policy, policyCase, how);
    this.domains = domains;
    this.several = several;
    this.approveExact = logic.approveExact;
    this.decideExact = logic.decideExact;
    this.current = this.items.map(() => AS_IS);
    this.costs = new Int32Array(logic.goals);
    this.stamps = new Int32Array(logic.goals);
  }

  /** The smallest changes of the given items that reach a goal. */
  find(goal: Goal, changeable: readonly boolean[]): Found {
    this.changeable = changeable;
    this.current.fill(AS_IS);
    this.visits = 0;
    this.left = MOST_STATES;
    const first = this.restart(goal);
    if (first >= NEVER) return { size: undefined, solutions: [], atLeast: Number.MAX_SAFE_INTEGER, complete: true };
    for (let size = Math.floor(first / CHANGE); size <= MOST_CHANGES; size++) {
      const solutions = new Map<string, Solution>();
      const finished = this.descend(goal, size, solutions, new Set());
      if (solutions.size > 0) return { size, solutions: [...solutions.values()], atLeast: size, complete: finished };
      if (!finished) return { size: undefined, solutions: [], atLeast: size, complete: false };
      if (size >= changeable.filter(Boolean).length) return { size: undefined, solutions: [], atLeast: Number.MAX_SAFE_INTEGER, complete: true };
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
    this.current.fill(AS_IS);
    return [...found];
  }

  /** The truth of a leaf with the values of a solution. */
  truth(leaf: Leaf, solution: Solution): Truth {
    this.put(solution);
    const value = this.truthNow(leaf);
    this.current.fill(AS_IS);
    return value;
  }

  /** The case with the values of a solution. */
  answered(solution: Solution): PolicyCase {
    const facts = new Map(this.policyCase.facts);
    const attested = new Map(this.policyCase.attested);
    let { codes, lineOfBusiness, pathway } = this.policyCase;
    for (const [at, chosen] of solution) {
      const { kind, name } = this.items[at]!;
      const { value } = this.domains[at]!.classes[firstClass(chosen)]!;
      if (kind === "fact") facts.set(name, value as FactValue);
      else if (kind === "criterion") attested.set(name, value as OutcomeName);
      else if (name === "codes") codes = value as readonly string[];
      else if (name === "pathway") pathway = value as string;
      else lineOfBusiness = value as string;
    }
    return { ...this.policyCase, facts, attested, codes, lineOfBusiness, pathway };
  }

  private put(solution: Solution): void {
    this.current.fill(AS_IS);
    for (const [item, classes] of solution) this.current[item] = 1n << BigInt(firstClass(classes));
  }

  private restart(goal: Goal): number {
    this.stamp++;
    return this.cost(goal);
  }

  private truthNow(leaf: Leaf): Truth {
    if (leaf.items.length === 1) {
      const item = leaf.items[0]!;
      return this.domains[item]!.classes[firstClass(this.current[item]!)]!.truths.get(leaf)!;
    }
    return this.several(leaf, leaf.items.map((item) => this.domains[item]!.classes[firstClass(this.current[item]!)]!.value));
  }

  /** The classes with which a leaf on one item has one of the wanted truth values. */
  private helping(goal: Extract<Goal, { kind: "leaf" }>): bigint {
    const there = this.satisfying[goal.index];
    if (there !== undefined) return there;
    let bits = 0n;
    this.domains[goal.leaf.items[0]!]!.classes.forEach(({ truths }, i) => { if ((truths.get(goal.leaf)! & goal.wanted) !== 0) bits |= 1n << BigInt(i); });
    return (this.satisfying[goal.index] = bits);
  }

  /** What it costs at least to make a goal hold; 0 where it holds. */
  private cost(goal: Goal): number {
    if (goal.kind === "never") return NEVER;
    if (this.stamps[goal.index] === this.stamp) return this.costs[goal.index]!;
    this.stamps[goal.index] = this.stamp;
    this.visits++;
    return (this.costs[goal.index] = goal.kind === "leaf" ? this.costOfLeaf(goal) : this.costOfSome(goal));
  }

  private costOfLeaf(goal: Extract<Goal, { kind: "leaf" }>): number {
    const { leaf, wanted } = goal;
    if (leaf.items.length === 1) {
      const item = leaf.items[0]!;
      const now = this.current[item]!;
      const helping = this.helping(goal);
      if ((now & helping) === now) return 0;
      if (now !== AS_IS) return (now & helping) === 0n ? NEVER : NARROW;
      return this.changeable[item]! && (helping & ~AS_IS) !== 0n ? CHANGE : NEVER;
    }
    // Conditions on several facts are looked at with one value of each.
    const unsettled = leaf.items.some((item) => isSeveral(this.current[item]!));
    if (!unsettled && (this.truthNow(leaf) & wanted) !== 0) return 0;
    return unsettled ? NARROW : leaf.items.some((item) => this.free(item)) ? CHANGE : NEVER;
  }

  private costOfSome({ parts, count }: Extract<Goal, { kind: "some" }>): number {
    if (count === 0) return 0;
    if (count === 1) {
      let least = NEVER;
      for (const part of parts) {
        least = Math.min(least, this.cost(part));
        if (least === 0) return 0;
      }
      return least;
    }
    if (count < parts.length) return parts.map((part) => this.cost(part)).sort((a, b) => a - b)[count - 1]!;
    // Parts that have no item in common cost what they cost together.
    let most = 0;
    let sum = 0;
    let used = 0n;
    for (const part of parts) {
      const cost = this.cost(part);
      if (cost >= NEVER) return NEVER;
      if (cost > most) most = cost;
      if (cost < CHANGE) continue;
      const items = itemsOf(part);
      if ((items & used) !== 0n) continue;
      used |= items;
      sum += cost;
    }
    return Math.max(most, sum);
  }

  private free(item: number): boolean {
    return this.current[item] === AS_IS && this.changeable[item]! && this.domains[item]!.classes.length > 1;
  }

  /** Collects the solutions with `left` more changes; false where the bound was reached. */
  private descend(goal: Goal, left: number, found: Map<string, Solution>, seen: Set<string>): boolean {
    const key = this.current.join();
    if (seen.has(key)) return true;
    seen.add(key);
    const cost = this.restart(goal);
    if (cost >= (left + 1) * CHANGE) return true;
    if (cost === 0) {
      if (found.size >= MOST_SOLUTIONS) return false;
      const solution = new Map<number, bigint>();
      this.current.forEach((classes, item) => { if (classes !== AS_IS) solution.set(item, classes); });
      found.set(key, solution);
      return true;
    }
    if (--this.left < 0 || this.visits > MOST_GOAL_VISITS) return false;
    let finished = true;
    for (const [item, classes] of this.steps(goal, left)) {
      const before = this.current[item]!;
      this.current[item] = classes;
      finished = this.descend(goal, before === AS_IS ? left - 1 : left, found, seen) && finished;
      this.current[item] = before;
    }
    return finished;
  }

  /** Single steps of which one leads to every solution: those that help a part which must hold and does not. */
  private steps(goal: Goal, left: number): readonly (readonly [item: number, classes: bigint])[] {
    const steps = new Map<string, readonly [number, bigint]>();
    const seen = new Set<number>();
    const step = (item: number, classes: bigint): void => { if (classes !== 0n) steps.set(`${item} ${classes}`, [item, classes]); };
    const walk = (at: Goal): void => {
      if (at.kind === "never" || seen.has(at.index)) return;
      const cost = this.cost(at);
      if (cost === 0 || cost >= (left + 1) * CHANGE) return;
      seen.add(at.index);
      if (at.kind === "some") {
        const failing = at.parts.filter((part) => this.cost(part) > 0);
        // All must hold: one is looked at alone, since it must hold in any case; a single condition leaves the least choice.
        if (at.count === at.parts.length) walk(failing.find((part) => part.kind === "leaf" && part.leaf.items.length === 1) ?? failing.reduce((hardest, part) => (this.cost(part) > this.cost(hardest) ? part : hardest)));
        else for (const part of failing) walk(part);
        return;
      }
      const { items } = at.leaf;
      if (items.length === 1) {
        const now = this.current[items[0]!]!;
        step(items[0]!, (now === AS_IS ? ~AS_IS : now) & this.helping(at));
        return;
      }
      for (const item of items) {
        const now = this.current[item]!;
        const { classes } = this.domains[item]!;
        for (let i = 1; i < classes.length; i++) if (this.free(item) || (isSeveral(now) && (now >> BigInt(i)) & 1n)) step(item, 1n << BigInt(i));
      }
    };
    walk(goal);
    return [...steps.values()];
  }
}

const isSeveral = (classes: bigint): boolean => (classes & (classes - 1n)) !== 0n;

/** Solutions that differ in one item only, as one; those that are part of another left out. */
export function merged(solutions: readonly Solution[]): readonly Solution[] {
  const found = [...solutions];
  const differences = (a: Solution, b: Solution): number[] => [...a].filter(([item, classes]) => b.get(item) !== classes).map(([item]) => item);
  for (let i = 0; i < found.length; i++) {
    for (let j = i + 1; j < found.length; j++) {
      const [a, b] = [found[i]!, found[j]!];
      if (a.size !== b.size || [...a.keys()].some((item) => !b.has(item))) continue;
      const apart = differences(a, b);
      const within = apart.every((item) => (a.get(item)! | b.get(item)!) === a.get(item)!);
      if (apart.length > 1 && !within) continue;
      if (!within) found[i] = new Map([...a, [apart[0]!, a.get(apart[0]!)! | b.get(apart[0]!)!]]);
      found.splice(j, 1);
      // What has grown may now take in others.
      j = i;
    }
  }
  return found;
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
