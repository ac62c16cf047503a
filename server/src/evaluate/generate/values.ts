// The values that generated cases are made of: for each item of a policy those that its conditions tell apart, for each
// threshold the last value on either side of it.
import { caseCode, inSet, systemsOfType } from "../../semantics/codes.js";
import type { CodeSet, Condition, FactSymbol, Policy, PolicyCase, RecordValue, Value } from "../../semantics/model.js";
import { quantityText } from "../../semantics/units.js";
import { groundOf, referred } from "../compile.js";
import { type Facts, type Ground, isNumeric, numberOf, truthOf } from "../conditions.js";
import { MET, NOT_MET, type Truth } from "../kleene.js";
import { evaluatorOf } from "../run.js";
import { factsIn, factsOf, type Leaf, type Network, truthOfAnswer } from "../searchgoals.js";
import { comparisons, domainsOf, filters, linear, ofFact } from "../searchvalues.js";

/** One side of a threshold: the value nearest to it, and what the condition comes to there. */
export interface Side {
  /** Items by their place, with their value by its place; of several such sets each will do. */
  readonly choices: readonly (readonly (readonly [item: number, value: number])[])[];
  readonly truth: Truth;
  /** "age 17 years, just below 18 years"; of several facts, only how the condition comes out. */
  readonly words: string;
}

/** A place where the truth of a condition turns round between two neighbouring values, in the order of the values. */
export interface Edge {
  readonly leaf: Leaf;
  readonly sides: readonly [Side, Side];
}

export interface Values {
  /** The values of each item; the first is that nothing is said. */
  readonly options: readonly (readonly unknown[])[];
  readonly edges: ReadonlyMap<Leaf, readonly Edge[]>;
  /** Thresholds without a value on one side, in words. */
  readonly oneSided: ReadonlyMap<Leaf, string>;
  /** No value is left out that a condition could tell from all of these. */
  readonly exact: readonly boolean[];
  truth(leaf: Leaf, values: readonly unknown[]): Truth;
}

const MOST_VALUES = 600;
const MOST_TOGETHER = 16;
const MOST_RECORDS = 1_500;
const MOST_KINDS = 24;
const MOST_ENTRIES = 40;
const DAYS = [0, 1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 540, 730, 1095, 1825, 3650, 7300, 14_600, 29_200, 44_000];
const FIGURES = [0, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The values of the items of a policy, as of a date of service. */
export function valuesOf(policy: Policy, network: Network, blank: PolicyCase): Values {
  return new Finder(policy, network, blank).find();
}

class Finder {
  private readonly facts: Facts;
  private readonly ground: Ground;
  private readonly options: unknown[][];
  private readonly edges = new Map<Leaf, Edge[]>();
  private readonly oneSided = new Map<Leaf, string>();
  private readonly leavesOf: Leaf[][];
  private readonly exact: boolean[];

  constructor(policy: Policy, private readonly network: Network, private readonly blank: PolicyCase) {
    const decision = evaluatorOf(policy).decideCase(blank);
    this.facts = { numbers: decision.facts.numbers.slice(), others: decision.facts.others.slice(), on: decision.facts.on };
    this.ground = groundOf(decision.evaluator.program, this.facts, decision.truths.slice());
    this.leavesOf = network.items.map(() => []);
    for (const leaf of network.leaves) for (const item of leaf.items) this.leavesOf[item]!.push(leaf);
    const { domains } = domainsOf({ ...network, approve: NO_GOAL, decide: NO_GOAL, goals: 1, approveExact: true, decideExact: true }, policy, blank, "add");
    const usable = domains.map(({ classes }, i) => classes.map(({ value }) => this.usable(i, value)));
    this.options = usable.map((values) => [undefined, ...values.slice(1).filter((value) => value !== undefined)]);
    this.exact = domains.map(({ exact, leaves }, i) => exact && this.options[i]!.length === usable[i]!.length && leaves.every(({ condition }) => condition === undefined
      // A date that is compared with the calendar could be another on another date of service.
      || (referred(condition).next().done === true && daysIn(condition).next().done === true)));
  }

  find(): Values {
    const kindOf = (item: number): string => this.network.facts[item]?.type.kind ?? "";
    const found = [...this.options];
    this.network.items.forEach((_, item) => {
      if (kindOf(item) === "number" || kindOf(item) === "date") this.figures(item, found[item]!);
    });
    // What is compared with each other needs values that go together.
    for (const leaf of this.network.leaves) if (leaf.items.length > 1 && leaf.items.every((item) => isFigure(kindOf(item)))) this.together(leaf);
    this.network.items.forEach((_, item) => {
      if (kindOf(item) === "records") this.records(item);
    });
    return { options: this.options, edges: this.edges, oneSided: this.oneSided, exact: this.exact, truth: (leaf, values) => this.truth(leaf, values) };
  }

  /** The truth of a leaf with values of its items. */
  private truth(leaf: Leaf, values: readonly unknown[]): Truth {
    if (leaf.condition === undefined) return truthOfAnswer(leaf, values[0]);
    const read = leaf.items.map((item) => this.network.facts[item]!);
    const { numbers, others } = this.facts;
    const before = read.map((fact) => (isNumeric(fact) ? numbers[fact.slot]! : others[fact.slot]));
    read.forEach((fact, i) => this.put(fact, values[i]));
    const value = truthOf(leaf.condition, this.ground);
    read.forEach((fact, i) => this.put(fact, before[i]));
    return value;
  }

  private put(fact: FactSymbol, value: unknown): void {
    if (isNumeric(fact)) this.facts.numbers[fact.slot] = value === undefined ? Number.NaN : Number(value);
    else this.facts.others[fact.slot] = value as Facts["others"][number];
  }

  private option(item: number, value: unknown): number {
    const options = this.options[item]!;
    const there = options.findIndex((each) => sameValue(each, value));
    return there >= 0 ? there : options.length < MOST_VALUES ? options.push(value) - 1 : -1;
  }

  private edge(leaf: Leaf, sides: readonly [Side, Side]): void {
    const usable = sides.map((side): Side => ({ ...side, choices: side.choices.filter((each) => each.every(([, value]) => value >= 0)) }));
    if (usable.some(({ choices }) => choices.length === 0)) return;
    this.edges.set(leaf, [...(this.edges.get(leaf) ?? []), { leaf, sides: [usable[0]!, usable[1]!] }]);
  }

  // ── Values that stand for "none of these" ───────────────────────────────────────────────────────────────────────────
  /** What a case can say in place of a value that stands for all others. */
  private usable(item: number, value: unknown): unknown {
    const { kind, name } = this.network.items[item]!;
    const fact = this.network.facts[item];
    if (kind === "request" && name === "codes") {
      const sets = this.leavesOf[item]!.flatMap(({ scope }) => (scope?.kind === "codes" ? scope.codes : []));
      return Array.isArray(value) && (value.length === 0 || value.includes("-")) ? listOf(otherCode(sets, ["CPT", "HCPCS"])) : value;
    }
    if (fact?.type.kind === "text") return value === "\u0000" ? otherWord(this.leavesOf[item]!) : value;
    if (fact?.type.kind === "code") return value === "-" ? otherCode(wantedCodes(this.leavesOf[item]!), systemsOfType(fact.type)) : value;
    return value;
  }

  // ── Numbers and dates ───────────────────────────────────────────────────────────────────────────────────────────────
  private figures(item: number, classes: readonly unknown[]): void {
    const fact = this.network.facts[item]!;
    const alone = this.leavesOf[item]!.filter((leaf) => leaf.items.length === 1);
    this.options[item] = [undefined];
    for (const leaf of alone) {
      for (const [low, high, limit] of this.turns(fact, leaf.condition!, (value) => this.truth(leaf, [value]))) {
        const side = (value: number, other: number): Side => ({
          choices: [[[item, this.option(item, value)]]],
          truth: this.truth(leaf, [value]),
          words: `${wordsOfName(fact.name)} ${sideWords(fact, value, other, limit, this.truth(leaf, [value]) === MET)}`,
        });
        this.edge(leaf, [side(low, high), side(high, low)]);
      }
      if (!this.edges.has(leaf) && fact.type.kind === "number") {
        if (!comparisons(leaf.condition!).next().done) this.oneSided.set(leaf, rangeWords(fact));
      }
    }
    const keyOf = (value: unknown): string => alone.map((leaf) => this.truth(leaf, [value])).join();
    const keys = new Set(this.options[item]!.map(keyOf));
    // A stretch that has no threshold's neighbour in it has a value of its own.
    for (const value of classes.slice(1)) {
      if (keys.has(keyOf(value)) || this.options[item]!.length >= MOST_VALUES) continue;
      keys.add(keyOf(value));
      const plain = [plainValue(fact, this.blank.on), value].find((each) => keyOf(each) === keyOf(value));
      this.option(item, plain);
    }
    if (this.options[item]!.length === 1) this.option(item, plainValue(fact, this.blank.on));
  }

  /** Neighbouring values between which a condition turns round, lower one first, with what it compares with in words. */
  private turns(fact: FactSymbol, condition: Condition, truthAt: (value: number) => Truth): readonly (readonly [low: number, high: number, limit: Limit | undefined])[] {
    if (fact.type.kind === "date") return this.turningDays(condition, truthAt, []);
    const found = turningFigures(fact, condition, truthAt, this.ground);
    return found.length > 0 ? found : turningNumbers(fact, truthAt, []);
  }

  private turningDays(condition: Condition, truthAt: (day: number) => Truth, anchors: readonly number[]): readonly (readonly [number, number, undefined])[] {
    const from = [this.blank.on, ...anchors, ...daysIn(condition)];
    return turning([...new Set(from.flatMap((day) => [...DAYS.map((days) => day - days), ...DAYS.map((days) => day + days)]))], truthAt).map(([low, high]) => [low, high, undefined]);
  }

  /** Conditions that weigh several numbers or dates: for some values of the others, where the first turns it round. */
  private together(leaf: Leaf): void {
    const facts = leaf.items.map((item) => this.network.facts[item]!);
    if (leaf.items.length > 3) return;
    facts.forEach((fact, at) => {
      const others = leaf.items.map((other, i) => (i === at ? [undefined] : [...new Set([...this.options[other]!.slice(1, 5), plainValue(facts[i]!, this.blank.on)])]));
      const found = new Map<Truth, [Side, Side]>();
      for (const given of combinations(others, MOST_TOGETHER)) {
        const truthAt = (value: number): Truth => this.truth(leaf, given.map((each, i) => (i === at ? value : each)));
        const anchors = given.filter((each): each is number => typeof each === "number");
        for (const [low, high] of fact.type.kind === "date" ? this.turningDays(leaf.condition!, truthAt, anchors) : turningNumbers(fact, truthAt, anchors)) {
          const choices = (value: number): Side["choices"] => [leaf.items.map((each, i): readonly [number, number] => [each, this.option(each, i === at ? value : given[i])])];
          const [below, above] = [truthAt(low), truthAt(high)];
          const there = found.get(below);
          const words = (truth: Truth): string => (truth === MET ? "where it is just met" : "where it is just not met");
          const side = (value: number, truth: Truth, before: Side | undefined): Side => ({ choices: [...(before?.choices ?? []), ...choices(value)], truth, words: words(truth) });
          found.set(below, [side(low, below, there?.[0]), side(high, above, there?.[1])]);
        }
      }
      if (!this.edges.has(leaf)) for (const sides of found.values()) this.edge(leaf, sides);
    });
  }

  // ── Records ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  private records(item: number): void {
    const fact = this.network.facts[item]!;
    if (fact.type.kind !== "records") return;
    const { fields } = fact.type;
    const leaves = this.leavesOf[item]!.filter((leaf) => leaf.condition !== undefined);
    // What else the conditions read is as it is in most cases.
    const others = [...new Set(leaves.flatMap((leaf) => leaf.items))].filter((each) => each !== item);
    for (const other of others) this.put(this.network.facts[other]!, this.options[other]![1]);
    const read = leaves.map((leaf) => [...filters(leaf.condition!)].filter(({ filter }) => filter !== undefined).map(({ filter }) => filter!));
    const asked = read.flat();
    const atoms = asked.flatMap((filter) => [...atomsOf(filter)]);
    const kinds = this.kindsOf(fields, asked, atoms);
    const [best] = kinds;
    const lists: RecordValue[][] = [[]];
    const times = (record: RecordValue, count: number): RecordValue[] => Array.from({ length: Math.max(0, count) }, () => record);
    const asking = leaves.flatMap((leaf) => countsAsked(leaf.condition!)).flatMap((count) => [count - 1, count, count + 1]);
    const counts = [...new Set(asking)].filter((count) => count > 0 && count <= MOST_ENTRIES).sort((a, b) => a - b);
    if (best !== undefined) for (const count of new Set([1, ...counts])) lists.push(times(best, count));
    for (const kind of kinds.slice(1)) for (const count of new Set([1, ...counts])) lists.push(times(kind, count), [kind, ...times(best!, count - 1)]);
    this.options[item] = [undefined];
    const truthOfList = (leaf: Leaf, list: readonly RecordValue[]): Truth => this.truth(leaf, leaf.items.map((each) => (each === item ? list : this.options[each]![1])));
    const side = (leaf: Leaf, list: readonly RecordValue[], words: string): Side =>
      ({ choices: [leaf.items.map((each) => [each, each === item ? this.option(item, list) : 1])], truth: truthOfList(leaf, list), words });
    const told = new Set<string>();
    for (const list of lists) {
      const key = leaves.map((leaf) => truthOfList(leaf, list)).join();
      if (told.has(key)) continue;
      told.add(key);
      this.option(item, list);
    }
    leaves.forEach((leaf, i) => {
      // How many entries turn it round.
      const tried = kinds.find((kind) => counts.some((count) => truthOfList(leaf, times(kind, count)) !== truthOfList(leaf, times(kind, count - 1)))) ?? best;
      if (tried !== undefined) {
        for (const count of [...new Set([1, ...counts, (counts.at(-1) ?? 1) + 1])]) {
          const [fewer, more] = [times(tried, count - 1), times(tried, count)];
          if (!turned(truthOfList(leaf, fewer), truthOfList(leaf, more))) continue;
          this.edge(leaf, [side(leaf, fewer, entriesWords(fact.name, count - 1)), side(leaf, more, entriesWords(fact.name, count))]);
        }
      }
      // Which fields turn an entry round.
      for (const filter of read[i]!) for (const atom of atomsOf(filter)) this.recordEdges(leaf, fact, fields, filter, atom, kinds, counts, (list, words) => side(leaf, list, words), (list) => truthOfList(leaf, list));
    });
    for (const other of others) this.put(this.network.facts[other]!, undefined);
    this.exact[item] = false;
  }

  private recordEdges(leaf: Leaf, list: FactSymbol, fields: readonly FactSymbol[], filter: Condition, atom: Condition, kinds: readonly RecordValue[], counts: readonly number[],
    side: (list: readonly RecordValue[], words: string) => Side, truthOfList: (list: readonly RecordValue[]) => Truth): void {
    // Of two fields that are compared, one shows where the other turns it round.
    let found = false;
    for (const field of fields) {
      if (found || !isFigure(field.type.kind) || ![...fieldsOf(atom)].includes(field.name)) continue;
      for (const base of kinds) {
        if (found || this.ofRecord(filter, base) !== MET) continue;
        const truthAt = (value: number): Truth => this.ofRecord(atom, { ...base, [field.name]: value });
        const anchors = Object.values(base).filter((value): value is number => typeof value === "number");
        const turns = field.type.kind === "date" ? this.turningDays(atom, truthAt, anchors) : turningFigures(field, atom, truthAt, this.ground);
        for (const [low, high, limit] of turns) {
          const entry = (value: number): RecordValue => ({ ...base, [field.name]: value });
          if (!turned(this.ofRecord(filter, entry(low)), this.ofRecord(filter, entry(high)))) continue;
          const rest = [1, ...counts].map((count) => Array.from({ length: count - 1 }, () => base)).find((rest) => turned(truthOfList([...rest, entry(low)]), truthOfList([...rest, entry(high)])));
          if (rest === undefined) continue;
          const words = (value: number, other: number): string => `${wordsOfName(list.name)}, ${wordsOfName(field.name)} ${sideWords(field, value, other, limit, truthAt(value) === MET)}`;
          this.edge(leaf, [side([...rest, entry(low)], words(low, high)), side([...rest, entry(high)], words(high, low))]);
          found = true;
        }
      }
    }
  }

  private ofRecord(condition: Condition, record: RecordValue): Truth {
    const outer = this.ground.record;
    this.ground.record = record;
    const value = truthOf(condition, this.ground);
    this.ground.record = outer;
    return value;
  }

  /** An entry for each way in which the filters and their conditions can come out; first one of which most filters hold. */
  private kindsOf(fields: readonly FactSymbol[], asked: readonly Condition[], atoms: readonly Condition[]): readonly RecordValue[] {
    const values = new Map<string, (number | string | boolean)[]>();
    for (const field of fields) values.set(field.name, this.fieldValues(field, atoms.filter((atom) => [...fieldsOf(atom)].every((name) => name === field.name)), asked));
    for (const atom of atoms) {
      const names = [...new Set(fieldsOf(atom))];
      const field = fields.find(({ name, type }) => names.includes(name) && isFigure(type.kind));
      if (names.length < 2 || field === undefined) continue;
      const others = names.filter((name) => name !== field.name);
      for (const given of combinations(others.map((name) => values.get(name) ?? []), 6)) {
        const record = Object.fromEntries(others.map((name, i) => [name, given[i]!])) as RecordValue;
        const truthAt = (value: number): Truth => this.ofRecord(atom, { ...record, [field.name]: value });
        const anchors = given.filter((each): each is number => typeof each === "number");
        const found = field.type.kind === "date" ? this.turningDays(atom, truthAt, anchors) : turningNumbers(field, truthAt, anchors);
        for (const value of found.flatMap(([low, high]) => [low, high])) if (!values.get(field.name)!.includes(value)) values.get(field.name)!.push(value);
      }
    }
    const lists = fields.filter(({ name }) => (values.get(name) ?? []).length > 0).map(({ name }) => values.get(name)!);
    const names = fields.filter(({ name }) => (values.get(name) ?? []).length > 0).map(({ name }) => name);
    const kinds = new Map<string, { readonly record: RecordValue; readonly held: number }>();
    const keep = (record: RecordValue): void => {
      const key = atoms.map((atom) => this.ofRecord(atom, record)).join();
      if (!kinds.has(key)) kinds.set(key, { record, held: asked.filter((filter) => this.ofRecord(filter, record) === MET).length });
    };
    const blank = Object.fromEntries(names.map((name, i) => [name, lists[i]![0]!])) as RecordValue;
    const satisfying = (filter: Condition, from: RecordValue, kept: readonly Condition[]): RecordValue | undefined => this.satisfied(filter, from, values, kept, { left: MOST_RECORDS });
    // An entry that as many filters as possible hold of, then one for each filter and each of its ways.
    let joint: RecordValue | undefined;
    const jointly: Condition[] = [];
    for (const filter of asked) {
      const next = satisfying(filter, joint ?? blank, jointly);
      if (next === undefined) continue;
      joint = next;
      jointly.push(filter);
    }
    if (joint !== undefined) keep(joint);
    for (const filter of asked) {
      const own = satisfying(filter, joint ?? blank, []);
      if (own === undefined) continue;
      keep(own);
      // One that lacks a single condition of the filter.
      for (const atom of atomsOf(filter)) {
        for (const record of this.varied(own, atom, values)) {
          if (this.ofRecord(filter, record) !== NOT_MET) continue;
          keep(record);
          break;
        }
      }
      for (const atom of atomsOf(filter)) {
        const other = this.ofRecord(atom, own) === MET ? undefined : satisfying(atom, own, []);
        const both = other && satisfying(filter, other, [atom]);
        if (both !== undefined) keep(both);
      }
    }
    for (const given of combinations(lists, MOST_RECORDS)) keep(Object.fromEntries(names.map((name, i) => [name, given[i]!])) as RecordValue);
    const [first, ...rest] = [...kinds.values()];
    const best = joint === undefined ? [first, ...rest].filter((kind) => kind !== undefined).sort((a, b) => b.held - a.held) : [first!, ...rest];
    return best.slice(0, MOST_KINDS).map(({ record }) => record);
  }

  /** A record with some fields otherwise, so that a condition holds and others go on holding. */
  private satisfied(condition: Condition, from: RecordValue, values: FieldValues, kept: readonly Condition[], bound: { left: number }): RecordValue | undefined {
    if (--bound.left <= 0) return undefined;
    const holds = (record: RecordValue): boolean => kept.every((each) => this.ofRecord(each, record) === MET);
    if (this.ofRecord(condition, from) === MET && holds(from)) return from;
    switch (condition.kind) {
      case "definition": return this.satisfied(condition.condition, from, values, kept, bound);
      case "or": {
        for (const operand of condition.operands) {
          const found = this.satisfied(operand, from, values, kept, bound);
          if (found !== undefined) return found;
        }
        return undefined;
      }
      case "and": {
        let record = from;
        const done: Condition[] = [...kept];
        for (const operand of condition.operands) {
          const next = this.satisfied(operand, record, values, done, bound);
          if (next === undefined) return undefined;
          record = next;
          done.push(operand);
        }
        return record;
      }
      default: {
        for (const record of this.varied(from, condition, values)) {
          if (--bound.left <= 0) return undefined;
          if (this.ofRecord(condition, record) === MET && holds(record)) return record;
        }
        return undefined;
      }
    }
  }

  /** A record with other values of the fields that a condition reads. */
  private *varied(from: RecordValue, condition: Condition, values: FieldValues): Generator<RecordValue> {
    const names = [...new Set(fieldsDeep(condition))].filter((name) => (values.get(name) ?? []).length > 0);
    for (const given of combinations(names.map((name) => values.get(name)!), 400)) yield { ...from, ...Object.fromEntries(names.map((name, i) => [name, given[i]!])) };
  }

  private fieldValues(field: FactSymbol, atoms: readonly Condition[], asked: readonly Condition[]): (number | string | boolean)[] {
    const { type } = field;
    switch (type.kind) {
      case "yes/no": return [true, false];
      case "number": case "date": {
        const found = atoms.flatMap((atom) => this.turns(field, atom, (value) => this.ofRecord(atom, { [field.name]: value }))).flatMap(([low, high]) => [high, low]);
        return found.length > 0 ? [...new Set(found)] : [plainValue(field, this.blank.on)];
      }
      case "choice": {
        const wanted = atoms.flatMap((atom) => (atom.kind === "choice" ? atom.wanted : []));
        const other = type.choices.findIndex((_, i) => !wanted.includes(i));
        return [...new Set([...wanted, ...(other < 0 ? [] : [other])])];
      }
      case "code": {
        const sets = asked.flatMap((filter) => [...atomsOf(filter)]).flatMap((atom) => (atom.kind === "code" ? atom.wanted : []));
        const values = ofFact(field, asked.map((condition): Leaf => ({ items: [], address: "", condition })), this.ground, undefined, "add", (entry) => entry).candidates.map(({ value }) => value);
        return values.filter((value): value is string => typeof value === "string").map((value) => (value === "-" ? otherCode(sets, type.systems) : value)).filter((value) => value !== undefined);
      }
      case "text": return [...atoms.flatMap((atom) => (atom.kind === "text" ? atom.wanted : [])), "other"];
      default: return [];
    }
  }
}

type FieldValues = ReadonlyMap<string, readonly (number | string | boolean)[]>;

const NO_GOAL = { kind: "never", index: 0 } as const;
const isFigure = (kind: string): boolean => kind === "number" || kind === "date";
const isDecided = (truth: Truth): boolean => truth === MET || truth === NOT_MET;
const turned = (a: Truth, b: Truth): boolean => a !== b && isDecided(a) && isDecided(b);
const sameValue = (a: unknown, b: unknown): boolean => a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));

/** A value that stands for any: a month ago, the middle of a range. */
function plainValue({ type }: FactSymbol, on: number): number {
  if (type.kind === "date") return on - 30;
  if (type.kind !== "number") return 0;
  const middle = ((type.from ?? 0) + (type.to ?? (type.from ?? 0) + 20)) / 2;
  return middle >= 10 ? Math.round(middle) : Number(middle.toPrecision(2));
}

/** "no therapies", "2 entries in therapies" */
export const entriesWords = (name: string, count: number): string => (count === 0 ? `no ${wordsOfName(name)}` : `${count} ${count === 1 ? "entry" : "entries"} in ${wordsOfName(name)}`);

/** `solid_tumor` in words. */
export const wordsOfName = (name: string): string => name.replace(/_/gu, " ");

/** Some of all combinations of one value from each list, those of first values first. */
function* combinations<T>(lists: readonly (readonly T[])[], most: number): Generator<T[]> {
  const total = lists.reduce((product, list) => product * list.length, 1);
  for (let at = 0; at < Math.min(total, most); at++) {
    let rest = at;
    yield lists.map((list) => {
      const value = list[rest % list.length]!;
      rest = Math.floor(rest / list.length);
      return value;
    });
  }
}

/** Neighbouring whole numbers between which something turns round, as far as a grid shows it. */
function turning(grid: readonly number[], truthAt: (value: number) => Truth): readonly (readonly [number, number])[] {
  const found = new Map<number, readonly [number, number]>();
  const sorted = [...grid].sort((a, b) => a - b);
  let before = truthAt(sorted[0]!);
  for (let i = 1; i < sorted.length; i++) {
    const here = truthAt(sorted[i]!);
    if (turned(before, here)) {
      let [low, high] = [sorted[i - 1]!, sorted[i]!];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (truthAt(middle) === before) low = middle;
        else high = middle;
      }
      found.set(low, [low, high]);
    }
    before = here;
  }
  return [...found.values()];
}

/** The step in which a figure is written: 1 for 18, 0.1 for 1.5; of a figure that does not end, one that fits its size. */
function stepOf(limit: number): number {
  const decimals = (String(Number(Math.abs(limit).toPrecision(8))).split(".")[1] ?? "").length;
  if (decimals <= 3) return 10 ** -decimals;
  return Math.abs(limit) >= 2 ? 1 : Math.abs(limit) >= 0.2 ? 0.1 : 0.01;
}

const tidy = (value: number): number => Number(value.toPrecision(12));

/** The values around a limit, in its own step: the last ones on each side, and the limit itself where it can be written. */
function around(limit: number, { type }: FactSymbol): readonly number[] {
  const step = stepOf(limit);
  const places = tidy(limit / step);
  const values = Number.isInteger(places) ? [places - 1, places, places + 1] : [Math.floor(places), Math.ceil(places)];
  const [from, to] = type.kind === "number" ? [type.from ?? (limit >= 0 ? 0 : -Infinity), type.to ?? Infinity] : [-Infinity, Infinity];
  return values.map((value) => tidy(value * step)).filter((value) => value >= from && value <= to);
}

function turningFigures(fact: FactSymbol, condition: Condition, truthAt: (value: number) => Truth, ground: Ground): readonly (readonly [number, number, Limit])[] {
  const found = new Map<string, readonly [number, number, Limit]>();
  for (const [left, right] of comparisons(condition)) {
    const one = linear(left, fact) ?? linear(right, fact);
    const other = linear(left, fact) === undefined ? left : right;
    if (one === undefined || one.factor === 0 || factsIn(other).next().done !== true) continue;
    const limit = (numberOf(other, ground) - one.offset) / one.factor;
    if (!Number.isFinite(limit)) continue;
    const values = around(tidy(limit), fact);
    for (let i = 1; i < values.length; i++) {
      const [low, high] = [values[i - 1]!, values[i]!];
      if (turned(truthAt(low), truthAt(high))) found.set(`${low}`, [low, high, { value: tidy(limit), words: limitWords(other) ?? figureWords(fact, limit) }]);
    }
  }
  return [...found.values()];
}

/** What a fact is compared with, in the fact's own unit and in words. */
interface Limit {
  readonly value: number;
  readonly words: string;
}

function limitWords(value: Value): string | undefined {
  if (value.kind === "definition") return limitWords(value.value);
  return value.kind === "number" ? (value.written ?? quantityText(value.value, value.unit)) : undefined;
}

/** Where a condition on several numbers turns round, in steps that fit. */
function turningNumbers(fact: FactSymbol, truthAt: (value: number) => Truth, anchors: readonly number[]): readonly (readonly [number, number, undefined])[] {
  const { type } = fact;
  const [from, to] = type.kind === "number" ? [type.from ?? 0, type.to ?? Infinity] : [0, Infinity];
  const near = anchors.flatMap((value) => FIGURES.flatMap((figure) => [value + figure, value - figure]));
  const grid = [...new Set([...FIGURES, ...near, from, to])].filter((value) => value >= from && value <= to && Number.isFinite(value)).sort((a, b) => a - b);
  const found: (readonly [number, number, undefined])[] = [];
  for (let i = 1; i < grid.length; i++) {
    let [low, high] = [grid[i - 1]!, grid[i]!];
    const before = truthAt(low);
    if (!turned(before, truthAt(high))) continue;
    for (let n = 0; n < 60 && high - low > 1e-9 * Math.max(1, Math.abs(high)); n++) {
      const middle = (low + high) / 2;
      if (truthAt(middle) === before) low = middle;
      else high = middle;
    }
    const values = around(tidy(Number(high.toPrecision(9))), fact);
    for (let n = 1; n < values.length; n++) if (turned(truthAt(values[n - 1]!), truthAt(values[n]!))) found.push([values[n - 1]!, values[n]!, undefined]);
  }
  return found;
}

function* daysIn(condition: Condition): Generator<number> {
  for (const sides of comparisons(condition)) for (const side of sides) if (side.kind === "day") yield side.day;
}

/** The conditions of a filter without and, or and not in them. */
function* atomsOf(condition: Condition): Generator<Condition> {
  switch (condition.kind) {
    case "and": case "or": for (const operand of condition.operands) yield* atomsOf(operand); break;
    case "not": yield* atomsOf(condition.operand); break;
    case "definition": yield* atomsOf(condition.condition); break;
    default: yield condition;
  }
}

/** The fields that a condition of a filter reads. */
function* fieldsOf(condition: Condition): Generator<string> {
  switch (condition.kind) {
    case "yes": case "known": case "choice": case "text": case "code": case "includes": yield* fieldsIn(condition.value); break;
    case "compare": yield* fieldsIn(condition.left); yield* fieldsIn(condition.right); break;
    case "between": yield* fieldsIn(condition.value); yield* fieldsIn(condition.low); yield* fieldsIn(condition.high); break;
    default: break;
  }
}

function* fieldsIn(value: Value): Generator<string> {
  switch (value.kind) {
    case "field": yield value.fact.name; break;
    case "scaled": case "definition": yield* fieldsIn(value.value); break;
    case "arithmetic": case "days between": yield* fieldsIn(value.left); yield* fieldsIn(value.right); break;
    case "shift":
      yield* fieldsIn(value.date);
      if (value.length.kind === "days") yield* fieldsIn(value.length.days);
      break;
    default: break;
  }
}

function* fieldsDeep(condition: Condition): Generator<string> {
  for (const atom of atomsOf(condition)) yield* fieldsOf(atom);
}

/** How many entries a condition asks for. */
function countsAsked(condition: Condition): readonly number[] {
  const asked = [...filters(condition)].map(({ count }) => count);
  const compared = [...comparisons(condition)].flatMap((sides) => sides.flatMap((side) => (side.kind === "number" ? [Math.floor(side.value), Math.ceil(side.value)] : [])));
  return [...new Set([1, ...asked, ...compared])].filter((count) => count >= 0 && count <= MOST_ENTRIES);
}

// ── Codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const OTHERS: readonly (readonly [system: string, code: string])[] = [
  ["ICD-10-CM", "Z00.00"], ["ICD-10-CM", "R69"], ["ICD-10-CM", "Z76.89"], ["CPT", "99499"], ["CPT", "99213"], ["CPT", "99199"], ["HCPCS", "A9270"], ["HCPCS", "G0463"], ["ICD-10-PCS", "3E0P3GC"],
  ["MS-DRG", "951"], ["MS-DRG", "998"], ["modifier", "GZ"], ["modifier", "GY"], ["revenue", "0999"], ["revenue", "0001"], ["NDC", "00000-0000-00"],
];

/** A code that is in none of the sets. */
function otherCode(sets: readonly CodeSet[], systems: readonly string[]): string | undefined {
  const held = OTHERS.filter(([system]) => systems.length === 0 || systems.includes(system)).map(([system, code]) => caseCode(`${system} ${code}`, systems as Parameters<typeof caseCode>[1]));
  return held.find((code) => !sets.some((set) => inSet(code, set)));
}

const listOf = (code: string | undefined): readonly string[] | undefined => (code === undefined ? undefined : [code]);

/** A word that no condition asks for. */
function otherWord(leaves: readonly Leaf[]): string {
  const asked = new Set(leaves.flatMap(({ condition }) => (condition?.kind === "text" ? condition.wanted : [])));
  return ["other", "another", "something else"].find((word) => !asked.has(word)) ?? "none of these";
}

const wantedCodes = (leaves: readonly Leaf[]): readonly CodeSet[] => leaves.flatMap(({ condition }) => (condition?.kind === "code" ? condition.wanted : []));

// ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const figureWords = (fact: FactSymbol, value: number): string => (fact.type.kind === "number" ? quantityText(value, fact.type.unit) : dayWords(value));
const dayWords = (day: number): string => `day ${day}`;

/** "17 years, just below 18 years", "the last day that counts". */
function sideWords(fact: FactSymbol, value: number, other: number, limit: Limit | undefined, met: boolean): string {
  if (fact.type.kind === "date") return met ? (value < other ? "on the last day that counts" : "on the first day that counts") : value < other ? "a day too early" : "a day too late";
  const words = figureWords(fact, value);
  if (limit === undefined || limit.words === words) return words;
  return value === limit.value ? `${words}, exactly ${limit.words}` : `${words}, just ${value < other ? "below" : "above"} ${limit.words}`;
}

function rangeWords(fact: FactSymbol): string {
  const { from, to } = fact.type.kind === "number" ? fact.type : { from: undefined, to: undefined };
  const range = from !== undefined && to !== undefined ? ` from ${from} to ${to}` : from !== undefined ? ` from ${from} on` : to !== undefined ? ` up to ${to}` : "";
  return `no value of ${wordsOfName(fact.name)}${range} on one side of it`;
}

/** Whether a condition asks for facts at all: else it turns with the date of service alone. */
export const readsFacts = (condition: Condition): boolean => factsOf(condition).next().done !== true;
