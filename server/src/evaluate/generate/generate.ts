// Proposes cases for a policy: few that together show every criterion in every way, every condition deciding, and both sides of
// every threshold. Pure: the same policy and cases always give the same proposal.
import type { FactValue, OutcomeName, Policy, PolicyCase } from "../../semantics/model.js";
import { periodOf } from "../../semantics/period.js";
import { coverageOf, type Tally } from "../coverage.js";
import { conditionCoverage } from "../mcdc.js";
import type { DeterminationName } from "../model.js";
import { evaluatorOf } from "../run.js";
import type { Leaf, Node } from "../searchgoals.js";
import { blankCase } from "../whatif.js";
import { nameOf, noteOf, targetWords } from "./names.js";
import { type Aim, lowest, Solver } from "./solver.js";
import { type Aims, aimsOf, type BoundaryTarget, type ConditionTarget, reaches, type Target, type Trace, traceOf } from "./targets.js";

/** A case that is proposed. What it expects is for a person to say. */
export interface GeneratedCase {
  readonly policyCase: PolicyCase;
  /** What it came to, and the statement that decided, where one did. */
  readonly determination: DeterminationName;
  readonly by?: string | undefined;
  /** What it is for, in words: what no other case reaches, first of all. */
  readonly reaches: readonly string[];
}

/** Something that no case reaches. */
export interface Unreached {
  readonly address: string;
  /** "I.A is not met" */
  readonly what: string;
  /** `impossible`: no case can. `not found`: the search found none. `not tried`: the search ended before. */
  readonly why: "impossible" | "not found" | "not tried";
}

export type FigureName = "criteria" | "outcomes" | "conditions" | "boundaries";

/** What cases show, counted as `policy test --coverage` counts; boundaries are sides of thresholds. */
export type Figures = Readonly<Record<FigureName, Tally>>;

export interface Generation {
  /** Date of service of the generated cases, days since 1970-01-01. */
  readonly on: number;
  readonly cases: readonly GeneratedCase[];
  readonly unreached: readonly Unreached[];
  /** By the cases that there are, and by these and the generated ones. */
  readonly before: Figures;
  readonly after: Figures;
  /** Why it ended early, where it did. */
  readonly stopped?: "limit" | "work" | undefined;
}

export interface GenerateOptions {
  /** Cases that there are; what they reach is not asked for again. */
  readonly existing?: readonly PolicyCase[] | undefined;
  /** Names that are not to be given to a case, beside those of the existing ones. */
  readonly taken?: readonly string[] | undefined;
  /** Not more cases than this. */
  readonly limit?: number | undefined;
  /** Not more work than this, in steps of the search. */
  readonly most?: number | undefined;
  /** Is told how far it has come. */
  readonly progress?: ((reached: number, total: number) => void) | undefined;
}

/** Some seconds of searching. */
const MOST_STEPS = 40_000_000;
const MOST_TRIES = 4_000;
const MOST_TRIES_BESIDE = 40;
/** Of more cases than this, no two are tried to be made one. */
const MOST_JOINED = 60;
const DEFAULT_DAY = 20_089;

/** Proposes cases. */
export function generateCases(policy: Policy, { existing = [], taken = [], limit = Infinity, most = MOST_STEPS, progress }: GenerateOptions = {}): Generation {
  const sound = existing.filter((each) => each.sound);
  const on = dayFor(policy, sound);
  const aims = aimsOf(policy, blankCase(policy.analysis.uri, on));
  const search = new Search(aims, sound.map((each) => traceOf(aims, each)), limit, most, progress);
  const found = search.best();
  const names = new Set([...taken, ...existing.map(({ name }) => name)]);
  const evaluator = evaluatorOf(policy);
  const cases = found.proposed.map(({ trace, own }): GeneratedCase => {
    const decision = evaluator.decideCase(trace.policyCase);
    const name = nameOf(aims, own[0]!, trace, decision, names);
    names.add(name);
    const { determination, statement } = decision;
    const by = policy.statements[statement]?.address;
    const policyCase: PolicyCase = { ...trace.policyCase, name, note: noteOf(aims, own, determination, by) };
    return { policyCase, determination, by, reaches: own.map((target) => targetWords(aims, target)) };
  });
  const all = [...search.before, ...found.proposed.map(({ trace }) => trace)];
  const open = new Map<string, Unreached>();
  for (const target of aims.targets) {
    if (!search.wanted(target) || all.some((trace) => reaches(trace, target))) continue;
    const what = targetWords(aims, target);
    open.set(`${target.address} ${what}`, { address: target.address, what, why: found.failed.get(target) ?? "not tried" });
  }
  for (const { address, atom, words } of aims.oneSided) {
    const text = policy.analysis.text.slice(atom.condition.source.start, atom.condition.source.end).replace(/\s+/gu, " ");
    open.set(`${address} ${text}`, { address, what: `${text}: ${words}`, why: "not found" });
  }
  const before = figures(aims, search.before);
  const after = figures(aims, all);
  return { on, cases, unreached: [...open.values()], before, after, stopped: found.stopped };
}

/** A date of service in the time of the policy: that of the first case, else the first day. */
function dayFor(policy: Policy, existing: readonly PolicyCase[]): number {
  const { from, until } = periodOf(policy.analysis);
  const given = existing.find(({ on }) => on >= from && on <= until)?.on;
  if (given !== undefined) return given;
  return Number.isFinite(from) ? from : Number.isFinite(until) ? until : DEFAULT_DAY;
}

/** The figures of cases, counted as `policy test --coverage` counts. */
function figures({ points, criteria, targets }: Aims, traces: readonly Trace[]): Figures {
  const { criteriaSeen, branchesSeen } = coverageOf(criteria, traces.map(({ seen }) => seen));
  const { atomsShown } = conditionCoverage(points, traces.map(({ shown }) => shown));
  const sides = targets.filter((target) => target.kind === "boundary");
  const stood = sides.filter((side) => traces.some((trace) => reaches(trace, side)));
  return { criteria: criteriaSeen, outcomes: branchesSeen, conditions: atomsShown, boundaries: { covered: stood.length, total: sides.length } };
}

interface Proposed {
  readonly trace: Trace;
  /** What this case is for: what no other of them reaches. */
  readonly own: readonly Target[];
}

interface Proposal {
  readonly proposed: readonly Proposed[];
  readonly failed: ReadonlyMap<Target, "impossible" | "not found">;
  readonly stopped?: "limit" | "work" | undefined;
}

class Search {
  private readonly solver: Solver;
  /** Knows nothing of conditions that are not looked at in full: what it rules out cannot be. */
  private readonly prover: Solver;
  /** Targets that count: of a condition that could show itself in two ways, one. */
  private readonly counted = new Set<Target>();
  private readonly failed = new Map<Target, "impossible" | "not found">();
  private extra = 0;

  constructor(private readonly aims: Aims, readonly before: readonly Trace[], private readonly limit: number, private readonly most: number, private readonly progress: GenerateOptions["progress"]) {
    const { values, network, targets } = aims;
    const { options } = values;
    const space = {
      sizes: options.map((each) => each.length),
      truth: (leaf: Leaf, at: readonly number[]) => values.truth(leaf, leaf.items.map((item, i) => options[item]![at[i]!])),
    };
    this.solver = new Solver(space);
    this.prover = new Solver(space, (leaf) => aims.doubted(leaf));
    const add = (node: Node): void => {
      this.solver.add(node);
      this.prover.add(node);
    };
    for (const node of [...network.criteria, ...network.scopes]) add(node);
    for (const target of targets) {
      for (const { wants } of [...target.ways, ...(target.kind === "boundary" ? target.lookedAt : [])]) for (const { node } of wants) add(node);
      if (target.kind !== "condition") this.counted.add(target);
    }
    for (const pairs of aims.pairs.values()) for (const half of this.pair(pairs)) this.counted.add(half);
  }

  wanted(target: Target): boolean {
    return this.counted.has(target);
  }

  /** Of the pairs that would show that a condition decides, the one that cases can reach. */
  private pair(pairs: readonly (readonly [ConditionTarget, ConditionTarget])[]): readonly ConditionTarget[] {
    if (pairs.length < 2) return pairs[0] ?? [];
    const shown = pairs.find((pair) => pair.every((half) => this.before.some((trace) => reaches(trace, half))));
    return shown ?? pairs.find((pair) => pair.every((half) => this.seed(half) !== undefined)) ?? pairs[0]!;
  }

  private get spent(): number {
    return this.solver.steps + this.extra;
  }

  /** The smallest of the proposals that several orders of the same work lead to. */
  best(): Proposal {
    const targets = this.aims.targets.filter((target) => this.wanted(target));
    let best = this.propose(targets);
    const first = this.spent;
    const rest = targets.filter((target) => !this.failed.has(target));
    const count = (target: Target): number => best.proposed.filter(({ trace }) => reaches(trace, target)).length;
    const orders = [() => [...rest].reverse(), () => {
      const counts = new Map(rest.map((target) => [target, count(target)]));
      return [...rest].sort((a, b) => counts.get(a)! - counts.get(b)!);
    }, () => [...rest.filter(({ kind }) => kind === "condition"), ...rest.filter(({ kind }) => kind !== "condition")]];
    for (const order of orders) {
      if (best.stopped !== undefined || best.proposed.length < 2 || this.spent + first > this.most / 4) break;
      const next = this.propose(order());
      if (next.stopped === undefined && next.proposed.length < best.proposed.length) best = next;
    }
    return best;
  }

  /** One case after the other: made for one target, then for all others that it can reach besides. */
  private propose(targets: readonly Target[]): Proposal {
    const open = new Set(targets.filter((target) => !this.failed.has(target) && !this.before.some((trace) => reaches(trace, target))));
    const traces: Trace[] = [];
    let stopped: Proposal["stopped"];
    for (const target of targets) {
      if (!open.has(target)) continue;
      if (traces.length >= this.limit || this.spent > this.most) {
        stopped = traces.length >= this.limit ? "limit" : "work";
        break;
      }
      this.progress?.(targets.length - open.size, targets.length);
      if (!this.open(target, traces)) {
        open.delete(target);
        continue;
      }
      if (!open.has(target)) continue;
      for (const other of targets) {
        if (other === target || !open.has(other) || this.spent > this.most) continue;
        for (const way of waysOf(other)) if (this.solver.reach(way, MOST_TRIES_BESIDE) === "found") break;
      }
      const trace = this.trace();
      traces.push(trace);
      for (const each of open) if (reaches(trace, each)) open.delete(each);
      // More was asked of the case than what it was made for: that it has lost.
      if (open.has(target)) {
        traces.push(this.seed(target)!);
        for (const each of open) if (reaches(traces.at(-1)!, each)) open.delete(each);
      }
    }
    const needed = targets.filter((target) => !this.before.some((trace) => reaches(trace, target)));
    return { proposed: this.proposals(needed, this.joined(needed, this.reduced(needed, traces))), failed: this.failed, stopped };
  }

  /** Makes one case of two where one can reach what only these two reach. */
  private joined(needed: readonly Target[], traces: readonly Trace[]): readonly Trace[] {
    let kept = [...traces];
    if (kept.length > MOST_JOINED) return kept;
    for (let i = 0; i < kept.length; i++) {
      const reached = kept.map((trace) => new Set(needed.filter((target) => reaches(trace, target))));
      const counts = countsOf(reached);
      this.extra += needed.length * kept.length;
      for (let j = i + 1; j < kept.length && this.spent <= this.most; j++) {
        const [one, other] = [reached[i]!, reached[j]!];
        this.extra += one.size + other.size;
        const alone = [...one, ...[...other].filter((target) => !one.has(target))].filter((target) => counts.get(target) === Number(one.has(target)) + Number(other.has(target)));
        const both = this.together(alone) ?? this.together([...alone].reverse());
        if (both === undefined) continue;
        kept = [...this.reduced(needed, [...kept.filter((_, n) => n !== i && n !== j), both])];
        i = -1;
        break;
      }
    }
    return kept;
  }

  /** A case that reaches all of some targets, as far as one is found without going back. */
  private together(targets: readonly Target[]): Trace | undefined {
    this.solver.reset();
    for (const target of targets) {
      if (!waysOf(target).some((way) => this.solver.reach(way, MOST_TRIES_BESIDE) === "found")) return undefined;
    }
    const trace = this.trace();
    return targets.every((target) => reaches(trace, target)) ? trace : undefined;
  }

  /** Makes a case for a target that the next ones are added to; false where there is none, or cases reach it as it is. */
  private open(target: Target, traces: readonly Trace[]): boolean {
    if (this.seed(target) !== undefined) return true;
    if (target.kind === "boundary" && !target.weak) {
      // Where the condition cannot decide, a case in which it is looked at will do.
      const why = this.failed.get(target);
      this.failed.delete(target);
      target.weak = true;
      if ([...this.before, ...traces].some((trace) => reaches(trace, target))) return false;
      if (this.seed(target) !== undefined) return true;
      this.failed.set(target, this.failed.get(target) === "impossible" ? "impossible" : (why ?? "not found"));
    }
    return false;
  }

  /** The case that reaches a target and nothing else on purpose; the search stands at it. */
  private seed(target: Target): Trace | undefined {
    let exact = target.exact;
    for (const way of waysOf(target)) {
      this.solver.reset();
      const answer = this.solver.reach(way, MOST_TRIES);
      if (answer === "found") {
        const trace = this.trace();
        if (reaches(trace, target)) return trace;
      }
      if (answer !== "impossible") exact = false;
    }
    const proven = exact || (waysOf(target).length > 0 && waysOf(target).every(({ wants }) => this.prover.hopeless({ wants, choices: [] })));
    this.failed.set(target, proven ? "impossible" : "not found");
    return undefined;
  }

  /** What comes of the values that the search stands at; of several that do, the first: nothing rather than something. */
  private trace(): Trace {
    const { network, values, blank, points, criteria } = this.aims;
    const facts = new Map<string, FactValue>();
    const attested = new Map<string, OutcomeName>();
    let made = blank;
    this.solver.values().forEach((held, item) => {
      const { kind, name } = network.items[item]!;
      const value = values.options[item]![lowest(held)];
      if (value === undefined) return;
      if (kind === "fact") facts.set(name, network.facts[item]!.type.kind === "yes/no" ? value === 1 : (value as FactValue));
      else if (kind === "criterion") attested.set(name, value as OutcomeName);
      else if (name === "codes") made = { ...made, codes: value as readonly string[] };
      else if (name === "pathway") made = { ...made, pathway: value as string };
      else made = { ...made, lineOfBusiness: value as string };
    });
    this.extra += 8 * (points.length + criteria.length);
    return traceOf(this.aims, { ...made, facts, attested });
  }

  /** Leaves out cases without which the others still reach all, the last and least first. */
  private reduced(needed: readonly Target[], traces: readonly Trace[]): readonly Trace[] {
    const reached = traces.map((trace) => needed.filter((target) => reaches(trace, target)));
    const counts = countsOf(reached);
    const kept = traces.map(() => true);
    const order = traces.map((_, i) => i).sort((a, b) => reached[a]!.length - reached[b]!.length || b - a);
    for (const i of order) {
      if (!reached[i]!.every((target) => counts.get(target)! > 1)) continue;
      kept[i] = false;
      for (const target of reached[i]!) counts.set(target, counts.get(target)! - 1);
    }
    return traces.filter((_, i) => kept[i]);
  }

  /** What each case is for: first what no other reaches, then what none before it does. */
  private proposals(needed: readonly Target[], traces: readonly Trace[]): readonly Proposed[] {
    const reached = traces.map((trace) => needed.filter((target) => reaches(trace, target)));
    const counts = countsOf(reached);
    // What tells most of a case comes first: a threshold, then a condition, in the order of the text.
    const rank = new Map(this.aims.targets.map((target, i) => [target, i]));
    const ranked = (list: readonly Target[]): Target[] => [...list].sort((a, b) => rank.get(a)! - rank.get(b)!);
    const seen = new Set<Target>();
    const made = traces.map((trace, i): Proposed => {
      const alone = reached[i]!.filter((target) => counts.get(target) === 1);
      const fresh = reached[i]!.filter((target) => !seen.has(target) && counts.get(target) !== 1);
      for (const target of reached[i]!) seen.add(target);
      return { trace, own: [...ranked(alone), ...ranked(fresh)] };
    });
    return made.sort((a, b) => rank.get(a.own[0]!)! - rank.get(b.own[0]!)!);
  }
}

function countsOf(reached: readonly Iterable<Target>[]): Map<Target, number> {
  const counts = new Map<Target, number>();
  for (const each of reached) for (const target of each) counts.set(target, (counts.get(target) ?? 0) + 1);
  return counts;
}

const waysOf = (target: Target): readonly Aim[] => (target.kind === "boundary" && (target as BoundaryTarget).weak ? target.lookedAt : target.ways);
