// What generated cases are to reach: every way in which a criterion can come out, every condition deciding both ways, and both
// sides of every threshold. What a case has reached is read from its evaluation, never from how it was made.
import type { Policy, PolicyCase } from "../../semantics/model.js";
import { periodOf } from "../../semantics/period.js";
import { outcomeOf, referred } from "../compile.js";
import { BRANCHES, type Branch, coverable, type CoverableCriterion, criteriaLookedAt } from "../coverage.js";
import { MET, NOT_MET, OPEN, type Truth, UNKNOWN } from "../kleene.js";
import { type Atom, decisionPoints, type DecisionPoint, MET_MET, MET_NOT, NOT_MET_MET, NOT_MET_NOT, shownBy, type Shown, type Tree } from "../mcdc.js";
import { evaluatorOf } from "../run.js";
import { type Leaf, type Network, networkOf, type Node } from "../searchgoals.js";
import type { Aim, Want } from "./solver.js";
import { type Edge, readsFacts, type Side, type Values, valuesOf } from "./values.js";

interface Base {
  readonly address: string;
  /** Ways to reach it; one is enough. */
  readonly ways: readonly Aim[];
  /** What no way leads to cannot be: all that matters was looked at. */
  readonly exact: boolean;
}

/** A criterion that comes out in a way. */
export interface OutcomeTarget extends Base {
  readonly kind: "outcome";
  /** Its place among the coverable criteria. */
  readonly place: number;
  readonly branch: Branch;
  /** Counts where the criterion is left to a clinician, too. */
  readonly orLeft: boolean;
}

/** A condition that decides, met or not met, with what it decides met or not met. */
export interface ConditionTarget extends Base {
  readonly kind: "condition";
  readonly point: DecisionPoint;
  readonly atom: Atom;
  /** Its place among all conditions. */
  readonly place: number;
  readonly bit: number;
  readonly leaf?: Leaf | undefined;
}

/** A value next to a threshold, in a case in which the condition decides or, where it cannot, is looked at. */
export interface BoundaryTarget extends Base {
  readonly kind: "boundary";
  readonly point: DecisionPoint;
  readonly atom: Atom;
  readonly place: number;
  readonly edge: Edge;
  readonly side: Side;
  /** Ways in which the condition is looked at with that value. */
  readonly lookedAt: readonly Aim[];
  /** The condition cannot decide there: that it is looked at is enough. */
  weak: boolean;
}

export type Target = OutcomeTarget | ConditionTarget | BoundaryTarget;

/** A policy made ready for reaching targets. */
export interface Aims {
  readonly policy: Policy;
  readonly blank: PolicyCase;
  readonly network: Network;
  readonly values: Values;
  readonly points: readonly DecisionPoint[];
  readonly criteria: readonly CoverableCriterion[];
  readonly targets: readonly Target[];
  /** Thresholds that have a value on one side only, in words. */
  readonly oneSided: readonly { readonly address: string; readonly atom: Atom; readonly words: string }[];
  /** Whether not all that a condition could come to is known, as where it weighs several facts. */
  doubted(leaf: Leaf): boolean;
  /** Both halves of what shows that a condition decides, for conditions that could show it in two ways. */
  readonly pairs: ReadonlyMap<number, readonly (readonly [ConditionTarget, ConditionTarget])[]>;
}

/** What is to be reached in a policy, as of a date of service. */
export function aimsOf(policy: Policy, blank: PolicyCase): Aims {
  return new Aiming(policy, blank).aims();
}

class Aiming {
  private readonly network: Network;
  private readonly points: readonly DecisionPoint[];
  private readonly criteria: readonly CoverableCriterion[];
  private readonly nodes = new Map<object, Node>();
  private readonly negations = new Map<object, Node>();
  private readonly sure = new Map<Node, boolean>();
  private readonly statementsOf: number[][];
  private readonly looks = new Map<string, Node>();
  private values!: Values;

  constructor(private readonly policy: Policy, private readonly blank: PolicyCase) {
    this.network = networkOf(policy);
    this.points = decisionPoints(policy);
    this.criteria = coverable(policy);
    this.statementsOf = policy.criteria.map(() => []);
    policy.statements.forEach((_, i) => {
      for (const index of criteriaLookedAt(policy, blank.on, (statement) => statement === i)) this.statementsOf[index]!.push(i);
    });
  }

  aims(): Aims {
    const { policy, blank, network, points, criteria } = this;
    // The conditions have to be known before values for them are looked for.
    for (const point of points) for (const atom of point.atoms) this.atomNode(atom);
    this.values = valuesOf(policy, network, blank);
    const boundaries: BoundaryTarget[] = [];
    const conditions: ConditionTarget[] = [];
    const pairs = new Map<number, (readonly [ConditionTarget, ConditionTarget])[]>();
    const oneSided: { address: string; atom: Atom; words: string }[] = [];
    let place = 0;
    for (const point of points) {
      for (const [i, atom] of point.atoms.entries()) {
        const halves = this.halves(point, i, place);
        const found = PAIRS.flatMap(([one, other]) => {
          const pair = [one, other].map((bit) => halves.find((half) => half.bit === bit));
          return pair[0] !== undefined && pair[1] !== undefined ? [[pair[0], pair[1]] as const] : [];
        });
        pairs.set(place, found);
        conditions.push(...halves);
        const { leaf } = this.atomNode(atom);
        for (const edge of leaf === undefined ? [] : this.values.edges.get(leaf) ?? []) {
          for (const side of edge.sides) boundaries.push(this.boundary(point, atom, place, edge, side, halves));
        }
        const lacking = leaf && this.values.oneSided.get(leaf);
        if (lacking !== undefined) oneSided.push({ address: point.address, atom, words: lacking });
        place++;
      }
    }
    const indexes = policy.criteria.flatMap((symbol, i) => (symbol.role === "criterion" ? [i] : []));
    const outcomes = criteria.flatMap((criterion, i) => criterion.branches.map((branch) => this.outcome(criterion, i, indexes[i]!, branch)));
    const targets = [...boundaries, ...conditions, ...outcomes.filter(({ branch }) => branch !== "unknown"), ...outcomes.filter(({ branch }) => branch === "unknown")];
    return { policy, blank, network, values: this.values, points, criteria, targets, oneSided, pairs, doubted: (leaf) => !this.isSureLeaf(leaf) };
  }

  // ── Nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  private atomNode({ condition }: Atom): Node {
    const there = this.nodes.get(condition);
    if (there !== undefined) return there;
    const made = this.network.condition(condition);
    this.nodes.set(condition, made);
    return made;
  }

  private negatedNode(atom: Atom): Node {
    if (atom.condition.kind !== "criterion") return combined("not", [this.atomNode(atom)]);
    const there = this.negations.get(atom.condition);
    if (there !== undefined) return there;
    const made = this.network.negation(atom.condition);
    this.negations.set(atom.condition, made);
    return made;
  }

  private treeNode(tree: Tree, point: DecisionPoint): Node {
    const there = this.nodes.get(tree);
    if (there !== undefined) return there;
    const made = this.makeTree(tree, point);
    this.nodes.set(tree, made);
    return made;
  }

  private makeTree(tree: Tree, point: DecisionPoint): Node {
    switch (tree.kind) {
      case "all": case "any": return combined(tree.kind, tree.parts.map((part) => this.treeNode(part, point)));
      case "not": return combined("not", [this.treeNode(tree.part, point)]);
      case "atom": return tree.negated ? this.negatedNode(point.atoms[tree.atom]!) : this.atomNode(point.atoms[tree.atom]!);
      case "block": return this.network.blocks[point.index]![tree.block]!;
    }
  }

  /** That a case says something of a criterion: a statement that it belongs to may speak of the request. */
  private lookedAt(index: number): readonly Want[] {
    const statements = this.statementsOf[index]!;
    if (statements.some((statement) => this.policy.statements[statement]!.scopes.length === 0)) return [];
    const key = statements.join();
    const node = this.looks.get(key) ?? combined("any", statements.map((statement) => this.network.scopes[statement]!));
    this.looks.set(key, node);
    return [{ node, wanted: MET | UNKNOWN | OPEN }];
  }

  /** That a decision is looked at: its criterion applies. */
  private looked({ kind, index }: DecisionPoint): readonly Want[] {
    if (kind === "scope") return [];
    const guard = this.network.guards[index];
    return [...this.lookedAt(index), ...(kind === "criterion" && guard !== undefined ? [{ node: guard, wanted: MET }] : [])];
  }

  /** Whether all that these depend on is looked at in full. */
  private isSure(node: Node): boolean {
    const there = this.sure.get(node);
    if (there !== undefined) return there;
    const { leaf } = node;
    const made = leaf === undefined ? node.inputs.every((input) => this.isSure(input)) : this.isSureLeaf(leaf);
    this.sure.set(node, made);
    return made;
  }

  private isSureLeaf({ items, condition }: Leaf): boolean {
    return items.length <= 1 && items.every((item) => this.values.exact[item]) && (condition === undefined || (readsFacts(condition) && referred(condition).next().done === true));
  }

  private allSure(ways: readonly Aim[]): boolean {
    return ways.every(({ wants }) => wants.every(({ node }) => this.isSure(node)));
  }

  // ── Targets ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  private outcome({ address, branches }: CoverableCriterion, place: number, index: number, branch: Branch): OutcomeTarget {
    const node = this.network.criteria[index]!;
    const guard = this.network.guards[index];
    const looked = this.lookedAt(index);
    const applies = guard === undefined ? [] : [{ node: guard, wanted: MET }];
    const orLeft = branch === "unknown" && !branches.includes("left to a clinician");
    const wants: (readonly Want[])[] = [];
    switch (branch) {
      case "met": wants.push([{ node, wanted: MET }]); break;
      case "not met": wants.push([...applies, { node, wanted: NOT_MET }]); break;
      case "left to a clinician": wants.push([{ node, wanted: OPEN }]); break;
      case "unknown":
        wants.push([{ node, wanted: UNKNOWN }]);
        if (guard !== undefined) wants.push([{ node: guard, wanted: UNKNOWN | OPEN }, { node, wanted: NOT_MET | UNKNOWN }]);
        if (orLeft) wants.push([{ node, wanted: OPEN }]);
    }
    const ways = wants.map((each): Aim => ({ wants: [...looked, ...each], choices: [] }));
    return { kind: "outcome", address, place, branch, orLeft, ways, exact: this.allSure(ways) };
  }

  /** The ways in which a condition can show that it decides, by what they show. */
  private halves(point: DecisionPoint, at: number, place: number): ConditionTarget[] {
    const atom = point.atoms[at]!;
    const node = this.atomNode(atom);
    const looked = this.looked(point);
    const found = new Map<number, Aim[]>();
    const once = occurrences(point.tree, at) === 1;
    for (const value of [MET, NOT_MET]) {
      const own: Want[] = [{ node, wanted: value }];
      if (once && atom.condition.kind === "criterion" && isNegated(point.tree, at)) own.push({ node: this.negatedNode(atom), wanted: opposite(value) });
      for (const { wants, outcome } of once ? this.deciding(point.tree, point, at, value) : this.decidingTwice(point, at)) {
        const bit = value === MET ? (outcome === MET ? MET_MET : MET_NOT) : outcome === MET ? NOT_MET_MET : NOT_MET_NOT;
        found.set(bit, [...(found.get(bit) ?? []), { wants: [...looked, ...own, ...wants], choices: [] }]);
      }
    }
    return [...found].map(([bit, ways]) => ({ kind: "condition", address: point.address, point, atom, place, bit, leaf: node.leaf, ways, exact: this.allSure(ways) }));
  }

  /** What else must hold for a condition with this value to decide a tree, and how the tree then comes out. */
  private deciding(tree: Tree, point: DecisionPoint, at: number, value: Truth): readonly { readonly wants: readonly Want[]; readonly outcome: Truth }[] {
    switch (tree.kind) {
      case "block": return [];
      case "atom": return tree.atom === at ? [{ wants: [], outcome: tree.negated ? opposite(value) : value }] : [];
      case "not": return this.deciding(tree.part, point, at, value).map(({ wants, outcome }) => ({ wants, outcome: opposite(outcome) }));
      case "all": case "any": {
        const settling = tree.kind === "all" ? NOT_MET : MET;
        return tree.parts.flatMap((part, i) => this.deciding(part, point, at, value).map(({ wants, outcome }) => {
          // What settles it alone must stand alone; else all others must be as it is.
          const wanted = outcome === settling ? (MET | NOT_MET | UNKNOWN | OPEN) & ~settling : outcome;
          return { outcome, wants: [...wants, ...tree.parts.flatMap((other, n) => (n === i ? [] : [{ node: this.treeNode(other, point), wanted }]))] };
        }));
      }
    }
  }

  /** Where a condition stands twice: the decision as it is, and as it would be with that condition alone the other way. */
  private decidingTwice(point: DecisionPoint, at: number): readonly { readonly wants: readonly Want[]; readonly outcome: Truth }[] {
    const node = this.treeNode(point.tree, point);
    const flipped = this.flipped(point.tree, point, at);
    return [MET, NOT_MET].map((outcome) => ({ outcome, wants: [{ node, wanted: outcome }, { node: flipped, wanted: (MET | NOT_MET | UNKNOWN | OPEN) & ~outcome }] }));
  }

  private flipped(tree: Tree, point: DecisionPoint, at: number): Node {
    switch (tree.kind) {
      case "all": case "any": return combined(tree.kind, tree.parts.map((part) => this.flipped(part, point, at)));
      case "not": return combined("not", [this.flipped(tree.part, point, at)]);
      case "block": return this.treeNode(tree, point);
      case "atom": {
        if (tree.atom !== at) return this.treeNode(tree, point);
        const node = this.atomNode(point.atoms[at]!);
        return tree.negated ? node : combined("not", [node]);
      }
    }
  }

  private boundary(point: DecisionPoint, atom: Atom, place: number, edge: Edge, side: Side, halves: readonly ConditionTarget[]): BoundaryTarget {
    const alternatives = side.choices.map((choices) => choices.map(([item, value]) => ({ item, values: 1n << BigInt(value) })));
    const met = side.truth === MET ? MET_MET | MET_NOT : NOT_MET_MET | NOT_MET_NOT;
    const ways = halves.filter(({ bit }) => (bit & met) !== 0).flatMap((half) => alternatives.flatMap((choices) => half.ways.map(({ wants }): Aim => ({ wants, choices }))));
    return {
      kind: "boundary", address: point.address, point, atom, place, edge, side, ways, exact: this.allSure(ways), weak: ways.length === 0,
      lookedAt: alternatives.map((choices) => ({ wants: this.looked(point), choices })),
    };
  }
}

const PAIRS = [[MET_MET, NOT_MET_NOT], [MET_NOT, NOT_MET_MET]] as const;
const opposite = (truth: Truth): Truth => (truth === MET ? NOT_MET : MET);
const combined = (op: "any" | "all" | "not", inputs: readonly Node[]): Node => ({ id: -1, op, inputs, count: 0, open: false, canOpen: true });

function occurrences(tree: Tree, atom: number): number {
  switch (tree.kind) {
    case "all": case "any": return tree.parts.reduce((sum, part) => sum + occurrences(part, atom), 0);
    case "not": return occurrences(tree.part, atom);
    case "atom": return tree.atom === atom ? 1 : 0;
    case "block": return 0;
  }
}

function isNegated(tree: Tree, atom: number): boolean {
  switch (tree.kind) {
    case "all": case "any": return tree.parts.some((part) => isNegated(part, atom));
    case "not": return isNegated(tree.part, atom);
    case "atom": return tree.atom === atom && tree.negated;
    case "block": return false;
  }
}

// ── What a case has reached ───────────────────────────────────────────────────────────────────────────────────────────
/** What the evaluation of a case shows. */
export interface Trace {
  readonly policyCase: PolicyCase;
  /** For each coverable criterion as `seenBy` has it. */
  readonly seen: Uint8Array;
  readonly shown: Shown;
  readonly looked: ReadonlySet<number>;
  readonly inForce: boolean;
  /** The place of each item's value among the values that there are for it; -1 for another one. */
  readonly places: Int32Array;
}

/** What a case shows of the criteria, conditions and thresholds of its policy. */
export function traceOf(aims: Aims, policyCase: PolicyCase): Trace {
  const { policy, points } = aims;
  const decision = evaluatorOf(policy).decideCase(policyCase);
  const { scopeNodes, criterionNodes } = decision.evaluator.program;
  const looked = criteriaLookedAt(policy, policyCase.on, (statement) => decision.truths[scopeNodes[statement]!] !== NOT_MET);
  const seen = Uint8Array.from(policy.criteria.filter(({ role }) => role === "criterion"), ({ index }) => {
    const outcome = outcomeOf(decision, index);
    if (!looked.has(index) || outcome === "not applicable") return 0;
    return 1 + BRANCHES.indexOf(outcome === "unknown" && decision.truths[criterionNodes[index]!] === OPEN ? "left to a clinician" : outcome);
  });
  const applied = new Set([...looked].filter((index) => outcomeOf(decision, index) !== "not applicable"));
  const { from, until } = periodOf(policy.analysis);
  // The decision is the evaluator's own and goes with the next case: all that is read of it has been read.
  return { policyCase, seen, looked: applied, inForce: policyCase.on >= from && policyCase.on <= until, shown: shownBy(policy, points, policyCase), places: placesOf(aims, policyCase) };
}

/** Whether a case has reached a target. */
export function reaches(trace: Trace, target: Target): boolean {
  switch (target.kind) {
    case "outcome": {
      const seen = trace.seen[target.place]!;
      return seen === 1 + BRANCHES.indexOf(target.branch) || (target.orLeft && seen === 1 + BRANCHES.indexOf("left to a clinician"));
    }
    case "condition": return trace.shown[target.place] === target.bit;
    case "boundary": {
      if (target.weak ? !(target.point.kind === "scope" ? trace.inForce : trace.looked.has(target.point.index)) : trace.shown[target.place] === 0) return false;
      return target.side.choices.some((choices) => choices.every(([item, value]) => trace.places[item] === value));
    }
  }
}

/** What a case says of an item. */
export function given(network: Network, { facts, attested, codes, lineOfBusiness, pathway }: PolicyCase, item: number): unknown {
  const { kind, name } = network.items[item]!;
  if (kind === "fact") return facts.get(name);
  if (kind === "criterion") return attested.get(name);
  return name === "codes" ? codes : name === "pathway" ? pathway : lineOfBusiness;
}

const known = new WeakMap<Aims, readonly ReadonlyMap<string, number>[]>();

function placesOf(aims: Aims, policyCase: PolicyCase): Int32Array {
  let places = known.get(aims);
  if (places === undefined) known.set(aims, (places = aims.values.options.map((values) => new Map(values.map((value, i) => [keyOf(value), i])))));
  return Int32Array.from(places, (each, item) => each.get(keyOf(given(aims.network, policyCase, item))) ?? -1);
}

/** Yes and no are held as numbers by the search, as words by a case. */
const keyOf = (value: unknown): string => (value === true ? "1" : value === false ? "0" : (JSON.stringify(value) ?? ""));
