// Finds values with which several criteria and conditions come out as wanted at once: what each can still come to is narrowed down
// with every choice, so that what cannot be is seen early, and what has been reached stays so.
import { assertNever } from "../../text.js";
import { atLeast, exactly, exactlyOpen, MET, NOT_MET, OPEN, type Truth, UNKNOWN } from "../kleene.js";
import type { Leaf, Node } from "../searchgoals.js";

/** A node that is to come out in one of the wanted ways: a bit for each truth value. */
export interface Want {
  readonly node: Node;
  readonly wanted: number;
}

/** An item that is to have one of these values: a bit for each. */
export interface Choice {
  readonly item: number;
  readonly values: bigint;
}

export interface Aim {
  readonly wants: readonly Want[];
  readonly choices: readonly Choice[];
}

/** What the items of a policy can be. */
export interface Space {
  /** How many values each item has; the first is that nothing is said. */
  readonly sizes: readonly number[];
  /** The truth of a leaf with these values of its items. */
  truth(leaf: Leaf, values: readonly number[]): Truth;
}

/** `impossible`: no values do it. `not found`: none were found before the bound was reached. */
export type Answer = "found" | "impossible" | "not found";

interface Cell {
  readonly node: Node;
  readonly rank: number;
  readonly parents: Cell[];
  readonly inputs: readonly Cell[];
  /** For a leaf on one item, the values with each truth. */
  readonly bits?: readonly (readonly [Truth, bigint])[] | undefined;
  /** For a leaf on several items, the truth of each combination, the first item counting fastest. */
  readonly table?: Uint8Array | undefined;
}

const ANYTHING = MET | NOT_MET | UNKNOWN;
const TRUTHS = [MET, NOT_MET, UNKNOWN, OPEN] as const;
/** Larger tables are not made: such a condition is looked at when all it reads is settled. */
const LARGEST_TABLE = 20_000;

export class Solver {
  /** What has been done so far, in steps that take about the same time each. */
  steps = 0;
  private readonly cells = new Map<Node, Cell>();
  private readonly order: Cell[] = [];
  private readonly leavesOf: Cell[][];
  private readonly masks: number[] = [];
  private readonly held: bigint[];
  private readonly whole: readonly bigint[];
  /** What to take back: a cell by its rank and its mask before; an item as -1 less its place, its values before in `taken`. */
  private readonly trail: number[] = [];
  private readonly taken: bigint[] = [];
  private left = 0;

  /** `doubted`: leaves of which it is not said what they can be; with them, what is impossible is so whatever they are. */
  constructor(private readonly space: Space, private readonly doubted: (leaf: Leaf) => boolean = () => false) {
    this.whole = space.sizes.map((size) => (1n << BigInt(size)) - 1n);
    this.held = [...this.whole];
    this.leavesOf = space.sizes.map(() => []);
  }

  /** Makes a node known, with all below it; to be called before the first search. */
  add(node: Node): void {
    const stack: { readonly node: Node; next: number }[] = [{ node, next: 0 }];
    // Iterative: criteria may refer to each other over long ways.
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (this.cells.has(top.node)) stack.pop();
      else if (top.next < top.node.inputs.length) stack.push({ node: top.node.inputs[top.next++]!, next: 0 });
      else {
        this.make(top.node);
        stack.pop();
      }
    }
  }

  private make(node: Node): void {
    const inputs = node.inputs.map((input) => this.cells.get(input)!);
    const { leaf } = node;
    const cell: Cell = { node, rank: this.order.length, parents: [], inputs, ...(leaf === undefined ? {} : this.tabled(leaf)) };
    this.cells.set(node, cell);
    this.order.push(cell);
    for (const input of new Set(inputs)) input.parents.push(cell);
    for (const item of leaf?.items ?? []) this.leavesOf[item]!.push(cell);
    this.masks.push(this.maskOf(cell));
  }

  private tabled(leaf: Leaf): Pick<Cell, "bits" | "table"> {
    const { space } = this;
    if (this.doubted(leaf)) return {};
    if (leaf.items.length === 1) {
      const bits = new Map<Truth, bigint>();
      for (let value = 0; value < space.sizes[leaf.items[0]!]!; value++) {
        const truth = space.truth(leaf, [value]);
        bits.set(truth, (bits.get(truth) ?? 0n) | (1n << BigInt(value)));
      }
      return { bits: [...bits] };
    }
    const size = leaf.items.reduce((product, item) => product * space.sizes[item]!, 1);
    if (size > LARGEST_TABLE) return {};
    const table = new Uint8Array(size);
    for (let at = 0; at < size; at++) table[at] = space.truth(leaf, this.combination(leaf, at));
    return { table };
  }

  private combination({ items }: Leaf, at: number): number[] {
    let rest = at;
    return items.map((item) => {
      const value = rest % this.space.sizes[item]!;
      rest = Math.floor(rest / this.space.sizes[item]!);
      return value;
    });
  }

  /** Forgets all that was reached. */
  reset(): void {
    this.undo(0);
  }

  /** The values that each item may still have. */
  values(): readonly bigint[] {
    return [...this.held];
  }

  /** What a node can still come to, a bit for each truth value. */
  possible(node: Node): number {
    return this.masks[this.cells.get(node)!.rank]!;
  }

  /** True where an aim is out of reach at a glance. */
  hopeless({ wants, choices }: Aim): boolean {
    this.steps += wants.length;
    return wants.some(({ node, wanted }) => (this.possible(node) & wanted) === 0) || choices.some(({ item, values }) => (this.held[item]! & values) === 0n);
  }

  /** Reaches an aim beside all that was reached before; where that cannot be done, nothing changes. */
  reach(aim: Aim, bound: number): Answer {
    if (this.hopeless(aim)) return "impossible";
    const before = this.trail.length;
    this.left = bound;
    for (const { item, values } of aim.choices) {
      this.narrow(item, values);
      if (this.held[item] === 0n) {
        this.undo(before);
        return "impossible";
      }
    }
    if (this.search(aim.wants)) return "found";
    this.undo(before);
    return this.left > 0 ? "impossible" : "not found";
  }

  private search(wants: readonly Want[]): boolean {
    // What has been settled on the way down is tried the other way round when it leads nowhere.
    const open: { readonly mark: number; readonly item: number; readonly other: bigint }[] = [];
    for (;;) {
      const failed = wants.some(({ node, wanted }) => (this.possible(node) & wanted) === 0);
      if (failed || this.left-- <= 0) {
        if (this.left <= 0) return false;
        const last = open.pop();
        if (last === undefined) return false;
        this.undo(last.mark);
        this.narrow(last.item, last.other);
        continue;
      }
      const next = wants.find(({ node, wanted }) => (this.possible(node) & ~wanted) !== 0);
      if (next === undefined) return true;
      const [item, values] = this.choose(this.cells.get(next.node)!, next.wanted);
      open.push({ mark: this.trail.length, item, other: this.held[item]! & ~values });
      this.narrow(item, values);
    }
  }

  // ── Narrowing ───────────────────────────────────────────────────────────────────────────────────────────────────────
  private undo(mark: number): void {
    while (this.trail.length > mark) {
      const before = this.trail.pop()!;
      const rank = this.trail.pop()!;
      if (rank >= 0) this.masks[rank] = before;
      else this.held[-1 - rank] = this.taken.pop()!;
    }
  }

  private narrow(item: number, values: bigint): void {
    const before = this.held[item]!;
    const after = before & values;
    if (after === before) return;
    this.held[item] = after;
    this.trail.push(-1 - item, 0);
    this.taken.push(before);
    const waiting: Cell[] = [];
    for (const leaf of this.leavesOf[item]!) this.refresh(leaf, waiting);
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) this.refresh(cell, waiting);
  }

  private refresh(cell: Cell, waiting: Cell[]): void {
    const before = this.masks[cell.rank]!;
    const after = this.maskOf(cell) & before;
    if (after === before) return;
    this.masks[cell.rank] = after;
    this.trail.push(cell.rank, before);
    waiting.push(...cell.parents);
  }

  private maskOf(cell: Cell): number {
    const { node, inputs } = cell;
    this.steps += 1 + inputs.length;
    if (node.op === "leaf") return this.maskOfLeaf(cell);
    let some = 0;
    let all = 15;
    for (const input of inputs) {
      const mask = this.masks[input.rank]!;
      if (mask === 0) return 0;
      some |= mask;
      all &= mask;
    }
    switch (node.op) {
      case "not": return swapped(some);
      case "any": return joined(inputs, this.masks, some, all, MET, NOT_MET);
      case "all": return joined(inputs, this.masks, some, all, NOT_MET, MET);
      case "open any": {
        const canRest = inputs.every((input) => (this.masks[input.rank]! & (NOT_MET | OPEN)) !== 0);
        const noneMet = inputs.every((input) => (this.masks[input.rank]! & ~MET) !== 0);
        return (some & MET) | (canRest ? OPEN : 0) | (noneMet && (some & UNKNOWN) !== 0 ? UNKNOWN : 0);
      }
      case "at least": case "exactly": return this.counted(node, inputs);
      default: return assertNever(node.op);
    }
  }

  /** All that a count can come to, as far as the numbers of inputs of each truth tell. */
  private counted({ op, count, open }: Node, inputs: readonly Cell[]): number {
    // How many inputs are surely, and may at most be, of each truth.
    const masks = inputs.map(({ rank }) => this.masks[rank]!);
    const least = TRUTHS.map((truth) => masks.filter((mask) => mask === truth).length);
    const most = TRUTHS.map((truth) => masks.filter((mask) => (mask & truth) !== 0).length);
    const size = inputs.length;
    let found = 0;
    for (let met = least[0]!; met <= most[0]!; met++) {
      for (let not = Math.max(least[1]!, size - met - most[2]! - most[3]!); not <= Math.min(most[1]!, size - met); not++) {
        for (let unknown = Math.max(least[2]!, size - met - not - most[3]!); unknown <= Math.min(most[2]!, size - met - not); unknown++) {
          const left = size - met - not - unknown;
          if (left < least[3]!) continue;
          this.steps++;
          if (op === "exactly") found |= open ? exactlyOpen(count, met, unknown) : exactly(count, met, unknown, left);
          else {
            const value = atLeast(count, met, unknown, left);
            found |= value === NOT_MET && open ? OPEN : value;
          }
        }
      }
    }
    return found;
  }

  private maskOfLeaf({ node, bits, table }: Cell): number {
    const leaf = node.leaf!;
    if (this.doubted(leaf)) return ANYTHING;
    if (bits !== undefined) {
      const now = this.held[leaf.items[0]!]!;
      let mask = 0;
      for (const [truth, values] of bits) if ((values & now) !== 0n) mask |= truth;
      return mask;
    }
    if (leaf.items.length === 0) return table === undefined ? this.space.truth(leaf, []) : table[0]!;
    const settled = leaf.items.every((item) => isSingle(this.held[item]!));
    if (table === undefined) return settled ? this.space.truth(leaf, leaf.items.map((item) => lowest(this.held[item]!))) : ANYTHING;
    let mask = 0;
    for (const at of this.combinations(leaf)) {
      mask |= table[at]!;
      if (mask === ANYTHING) break;
    }
    return mask;
  }

  /** The places in a leaf's table that its items can still take. */
  private *combinations(leaf: Leaf): Generator<number> {
    const lists = leaf.items.map((item) => valuesIn(this.held[item]!));
    const total = lists.reduce((product, list) => product * list.length, 1);
    for (let at = 0; at < total; at++) {
      this.steps++;
      let rest = at;
      let place = 0;
      let step = 1;
      lists.forEach((list, i) => {
        place += step * list[rest % list.length]!;
        rest = Math.floor(rest / list.length);
        step *= this.space.sizes[leaf.items[i]!]!;
      });
      yield place;
    }
  }

  // ── Choosing ────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Some values of an item by which a cell gets nearer to what is wanted. */
  private choose(cell: Cell, wanted: number): readonly [item: number, values: bigint] {
    let at = cell;
    let want = wanted;
    while (at.node.op !== "leaf") [at, want] = this.below(at, want);
    const leaf = at.node.leaf!;
    if (at.bits !== undefined) {
      const item = leaf.items[0]!;
      const now = this.held[item]!;
      let values = 0n;
      for (const [truth, bits] of at.bits) if ((truth & want) !== 0) values |= bits & now;
      return [item, values === 0n || values === now ? now & -now : values];
    }
    const item = leaf.items.find((each) => !isSingle(this.held[each]!))!;
    const now = this.held[item]!;
    if (at.table !== undefined) {
      for (const place of this.combinations(leaf)) {
        if ((at.table[place]! & want) !== 0) return [item, 1n << BigInt(this.combination(leaf, place)[leaf.items.indexOf(item)]!)];
      }
    }
    // Something rather than nothing.
    const given = now & ~1n;
    return [item, (want & UNKNOWN) !== 0 || given === 0n ? now & -now : given & -given];
  }

  /** The input that is looked at next, and how it should come out. Only inputs that are not settled are looked at. */
  private below(cell: Cell, wanted: number): [Cell, number] {
    const { node, inputs } = cell;
    const mask = (input: Cell): number => this.masks[input.rank]!;
    const open = inputs.filter((input) => !isOne(mask(input)));
    const pick = (wish: number, among = open): [Cell, number] | undefined => {
      const found = among.find((input) => (mask(input) & wish) !== 0 && (mask(input) & ~wish) !== 0);
      return found && [found, wish];
    };
    const first = (): [Cell, number] => [open[0]!, mask(open[0]!) & (MET | NOT_MET) || mask(open[0]!)];
    const can = this.masks[cell.rank]! & wanted;
    switch (node.op) {
      case "not": return [inputs[0]!, swapped(wanted)];
      case "any": case "all": case "open any": {
        const [settling, other] = node.op === "all" ? [NOT_MET, MET] : [MET, NOT_MET];
        const has = (truth: Truth): boolean => inputs.some((input) => mask(input) === truth);
        if ((can & settling) !== 0) return pick(settling) ?? first();
        if ((can & other) !== 0) return pick(other) ?? first();
        if ((can & OPEN) !== 0) return (node.op === "open any" || has(OPEN) ? pick(other | OPEN) : pick(OPEN)) ?? pick(other | OPEN) ?? first();
        return (has(UNKNOWN) ? pick(15 & ~settling) : pick(UNKNOWN)) ?? first();
      }
      case "at least": case "exactly": {
        const sure = inputs.filter((input) => mask(input) === MET).length;
        if ((can & MET) !== 0) return (sure < node.count ? pick(MET) : pick(NOT_MET)) ?? first();
        if ((can & NOT_MET) !== 0) return pick(NOT_MET) ?? first();
        if ((can & OPEN) !== 0) return pick(node.open ? NOT_MET | OPEN : OPEN) ?? pick(NOT_MET) ?? first();
        return pick(UNKNOWN) ?? first();
      }
      default: return first();
    }
  }
}

const isSingle = (bits: bigint): boolean => bits !== 0n && (bits & (bits - 1n)) === 0n;
const isOne = (mask: number): boolean => (mask & (mask - 1)) === 0;
const swapped = (mask: number): number => (mask & (UNKNOWN | OPEN)) | ((mask & MET) !== 0 ? NOT_MET : 0) | ((mask & NOT_MET) !== 0 ? MET : 0);

/** "Any of" and "all of": `settling` decides alone, `other` is what all must be. */
function joined(inputs: readonly { readonly rank: number }[], masks: readonly number[], some: number, all: number, settling: Truth, other: Truth): number {
  let found = some & settling;
  if ((all & other) !== 0) found |= other;
  const unsettled = inputs.every((input) => (masks[input.rank]! & ~settling) !== 0);
  if (unsettled && (some & UNKNOWN) !== 0) found |= UNKNOWN;
  if ((some & OPEN) !== 0 && inputs.every((input) => (masks[input.rank]! & (other | OPEN)) !== 0)) found |= OPEN;
  return found;
}

/** The values in a set of them, in order. */
export function valuesIn(bits: bigint): number[] {
  const found: number[] = [];
  let at = 0;
  for (let rest = bits; rest !== 0n; rest >>= 1n, at++) if ((rest & 1n) === 1n) found.push(at);
  return found;
}

/** The first value of a set of them. */
export function lowest(bits: bigint): number {
  let at = 0;
  for (let rest = bits; rest !== 0n && (rest & 1n) === 0n; rest >>= 1n) at++;
  return at;
}
