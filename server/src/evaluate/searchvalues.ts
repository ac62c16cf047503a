// The values that each item of a case could have, in classes that no condition of the policy tells apart.
import { caseCode, inSet, systemsOfType } from "../semantics/codes.js";
import type { CodeSet, Condition, FactSymbol, FactType, Policy, PolicyCase, RecordValue, Value } from "../semantics/model.js";
import { evaluatorOf } from "./run.js";
import { groundOf } from "./compile.js";
import { type Facts, type Ground, isNumeric, numberOf, truthOf } from "./conditions.js";
import type { Truth } from "./kleene.js";
import { factsIn, type Leaf, type Logic, truthOfAnswer } from "./searchgoals.js";

/** More classes of one item are not told apart. */
const MOST_CLASSES = 260;
const MOST_SETS = 8;
const MOST_COMBINATIONS = 48;

/** A value, or for numbers and dates the stretch between two thresholds that it stands for. */
export interface Candidate {
  readonly value: unknown;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Values that make the same of every condition. */
export interface ValueClass {
  readonly value: unknown;
  readonly truths: ReadonlyMap<Leaf, Truth>;
  readonly candidates: readonly Candidate[];
}

/** The classes of an item; the first is what the case says, be it nothing. */
export interface Domain {
  readonly classes: readonly ValueClass[];
  /** No value is left out that conditions could tell from all of these. */
  readonly exact: boolean;
  readonly given: boolean;
  /** Given, but entries lack fields. */
  readonly incomplete: boolean;
  readonly leaves: readonly Leaf[];
}

export interface Domains {
  readonly domains: readonly Domain[];
  /** The truth of a leaf with values of its items. */
  readonly several: (leaf: Leaf, values: readonly unknown[]) => Truth;
}

/** The domains of all items, as of a case: what could be added to it, or what could be otherwise. */
export function domainsOf(logic: Logic, policy: Policy, policyCase: PolicyCase, how: "add" | "change"): Domains {
  const decision = evaluatorOf(policy).decideCase(policyCase);
  const facts: Facts = { numbers: decision.facts.numbers.slice(), others: decision.facts.others.slice(), on: decision.facts.on };
  const ground = groundOf(decision.evaluator.program, facts, decision.truths.slice());
  const put = (fact: FactSymbol, value: unknown): void => {
    if (isNumeric(fact)) facts.numbers[fact.slot] = value === undefined ? Number.NaN : (value as number);
    else facts.others[fact.slot] = value as Facts["others"][number];
  };
  const several = (leaf: Leaf, values: readonly unknown[]): Truth => {
    if (leaf.condition === undefined) return truthOfAnswer(leaf, values[0]);
    const read = leaf.items.map((item) => logic.facts[item]!);
    const before = read.map((fact) => heldOf(facts, fact));
    read.forEach((fact, i) => put(fact, values[i]));
    const value = truthOf(leaf.condition, ground);
    read.forEach((fact, i) => put(fact, before[i]));
    return value;
  };
  const leavesOf: Leaf[][] = logic.items.map(() => []);
  for (const leaf of logic.leaves) for (const item of leaf.items) leavesOf[item]!.push(leaf);

  const domains = logic.items.map((item, i): Domain => {
    const leaves = leavesOf[i]!;
    const fact = logic.facts[i];
    const current = fact !== undefined ? heldOf(facts, fact) : currentOf(policyCase, item.kind, item.name);
    // Codes and words that no condition tells apart stand for each other.
    const tell = (entry: string): string => leaves.map((leaf) => (leaf.items.length === 1 ? several(leaf, [[entry]]) : entry)).join();
    const { candidates, exact } = fact !== undefined ? ofFact(fact, leaves, ground, current, how, tell) : ofAnswer(item.kind, item.name, leaves, tell);
    const alone = leaves.filter((leaf) => leaf.items.length === 1);
    const shared = alone.length < leaves.length;
    const truthsOf = (value: unknown): ReadonlyMap<Leaf, Truth> => new Map(alone.map((leaf) => [leaf, several(leaf, [value])]));
    const keyOf = (truths: ReadonlyMap<Leaf, Truth>): string => String.fromCharCode(...truths.values());
    const now = truthsOf(current);
    const found = new Map<string, { value: unknown; truths: ReadonlyMap<Leaf, Truth>; candidates: Candidate[] }>();
    const asNow = keyOf(now);
    for (const candidate of candidates) {
      const truths = truthsOf(candidate.value);
      // Conditions on several facts may tell apart what those on one do not.
      const key = shared ? `${found.size}` : keyOf(truths);
      if (!shared && key === asNow) continue;
      const there = found.get(key);
      if (there === undefined) found.set(key, { value: candidate.value, truths, candidates: [candidate] });
      else there.candidates.push(candidate);
    }
    const others = [...found.values()];
    return {
      classes: [{ value: current, truths: now, candidates: [{ value: current }] }, ...others.slice(0, MOST_CLASSES)],
      exact: (exact && !shared && others.length <= MOST_CLASSES) || leaves.length === 0,
      given: current !== undefined,
      incomplete: fact?.type.kind === "records" && Array.isArray(current) && (current as RecordValue[]).some((record) => (fact.type.kind === "records" ? fact.type.fields : []).some((field) => record[field.name] === undefined)),
      leaves,
    };
  });
  return { domains, several };
}

/** The value of a fact as conditions see it; undefined where it is missing. */
function heldOf({ numbers, others }: Facts, fact: FactSymbol): unknown {
  if (!isNumeric(fact)) return others[fact.slot];
  const value = numbers[fact.slot]!;
  return Number.isNaN(value) ? undefined : value;
}

function currentOf({ codes, lineOfBusiness, pathway, attested }: PolicyCase, kind: string, name: string): unknown {
  if (kind === "criterion") return attested.get(name) === "unknown" ? undefined : attested.get(name);
  return name === "codes" ? codes : name === "pathway" ? pathway : lineOfBusiness;
}

interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly exact: boolean;
}

const plain = (values: readonly unknown[], exact = true): Candidates => ({ candidates: values.map((value) => ({ value })), exact });

function ofAnswer(kind: string, name: string, leaves: readonly Leaf[], tell: (entry: string) => string): Candidates {
  if (kind === "criterion") return plain(["met", "not met"]);
  if (name === "codes") return ofLists(leaves.flatMap(({ scope }) => (scope?.kind === "codes" ? scope.codes : [])), [], false, tell);
  const words = new Set(leaves.flatMap(({ scope }) => (scope !== undefined && scope.kind !== "codes" ? scope.values : [])));
  return plain([...words, "another"]);
}

/** Values of a fact that conditions tell apart. */
export function ofFact(fact: FactSymbol, leaves: readonly Leaf[], ground: Ground, current: unknown, how: "add" | "change", tell: (entry: string) => string): Candidates {
  const conditions = leaves.map((leaf) => leaf.condition!);
  const { type } = fact;
  switch (type.kind) {
    case "yes/no": return plain([1, 0]);
    case "choice": return plain(type.choices.map((_, i) => i));
    case "number": case "date": return ofNumber(type, conditions, fact, ground);
    case "text": return plain([...mentionedWords(conditions), "\u0000"]);
    case "code": {
      const { codes, exact } = codesOf(mentionedSets(conditions), systemsOfType(type));
      return plain([...codes, NO_CODE], exact);
    }
    case "list": {
      const counts = conditions.some(readsLength);
      const found = ofLists(mentionedSets(conditions), type.of.kind === "code" ? systemsOfType(type) : undefined, conditions.some(wantsAll), tell, mentionedWords(conditions));
      // A list that is counted is tried in some lengths only.
      return counts ? { candidates: [{ value: [] }, ...found.candidates], exact: false } : found;
    }
    case "records": return plain(ofRecords(fact, conditions, ground, current, how), false);
    case "unknown": return plain([], false);
  }
}

// ── Numbers and dates ─────────────────────────────────────────────────────────────────────────────────────────────────
/** The sides of comparisons in a condition, with what they are compared with. */
export function* comparisons(condition: Condition): Generator<readonly [Value, Value]> {
  switch (condition.kind) {
    case "compare": yield [condition.left, condition.right]; break;
    case "between": yield [condition.value, condition.low]; yield [condition.value, condition.high]; break;
    case "and": case "or": for (const operand of condition.operands) yield* comparisons(operand); break;
    case "not": yield* comparisons(condition.operand); break;
    case "definition": yield* comparisons(condition.condition); break;
    default: break;
  }
}

/** A fact or field with a factor and an offset, where a value is nothing else. */
export function linear(value: Value, fact: FactSymbol): { readonly factor: number; readonly offset: number } | undefined {
  switch (value.kind) {
    case "fact": case "field": return value.fact === fact ? { factor: 1, offset: 0 } : undefined;
    case "definition": return linear(value.value, fact);
    case "scaled": {
      const inner = linear(value.value, fact);
      return inner && { factor: inner.factor * value.factor, offset: inner.offset * value.factor + value.offset };
    }
    default: return undefined;
  }
}

const isConstant = (value: Value): boolean => !hasField(value) && factsIn(value).next().done === true;
function hasField(value: Value): boolean {
  switch (value.kind) {
    case "field": return true;
    case "scaled": case "definition": return hasField(value.value);
    case "arithmetic": case "days between": return hasField(value.left) || hasField(value.right);
    case "shift": return hasField(value.date) || (value.length.kind === "days" && hasField(value.length.days));
    default: return false;
  }
}
/** Grows or falls with its date throughout. */
function isMonotone(value: Value): boolean {
  switch (value.kind) {
    case "fact": case "number": case "day": case "date of service": return true;
    case "scaled": case "definition": return isMonotone(value.value);
    case "days between": return isMonotone(value.left) && isMonotone(value.right);
    case "shift": return isMonotone(value.date) && (value.length.kind === "months" || isConstant(value.length.days));
    default: return false;
  }
}

function ofNumber(type: FactType, conditions: readonly Condition[], fact: FactSymbol, ground: Ground): Candidates {
  const whole = type.kind === "date";
  const thresholds = new Set<number>();
  let exact = true;
  for (const [left, right] of conditions.flatMap((condition) => [...comparisons(condition)])) {
    const one = linear(left, fact) ?? linear(right, fact);
    const other = linear(left, fact) === undefined ? left : right;
    if (one !== undefined && one.factor !== 0 && isConstant(other)) {
      thresholds.add(rounded((numberOf(other, ground) - one.offset) / one.factor));
      continue;
    }
    const touches = [...factsIn(left), ...factsIn(right)].includes(fact);
    if (!touches) continue;
    exact &&= whole && isMonotone(left) && isMonotone(right) && [...factsIn(left), ...factsIn(right)].filter((each) => each === fact).length === 1;
    if (fact.owner === undefined) for (const at of turningPoints(left, right, fact, ground)) thresholds.add(at);
  }
  if (conditions.some((condition) => countsFact(condition))) exact = false;
  const { from, to } = type.kind === "number" ? type : { from: undefined, to: undefined };
  return { candidates: stretches([...thresholds].filter((each) => Number.isFinite(each)), whole, from, to), exact };
}

/** A fact that a filter or a count reads beside its records. */
function countsFact(condition: Condition): boolean {
  switch (condition.kind) {
    case "count": case "quantified": return true;
    case "compare": return condition.left.kind === "count" || condition.right.kind === "count";
    default: return false;
  }
}

const rounded = (value: number): number => Number(value.toPrecision(12));
const BACK = [0, 1, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650, 7300, 14_600, 29_200, 44_000];
const FIGURES = [0, 0.1, 1, 10, 50, 100, 1000];

/** Where one side of a comparison passes the other while a fact grows and the others stay. */
function turningPoints(left: Value, right: Value, fact: FactSymbol, ground: Ground): readonly number[] {
  const { numbers, on } = ground.facts;
  const before = numbers[fact.slot]!;
  const whole = fact.type.kind === "date";
  const ends = fact.type.kind === "number" ? [fact.type.from, fact.type.to].filter((each) => each !== undefined) : [];
  const grid = [...new Set(whole ? [...BACK.map((days) => on - days), ...BACK.map((days) => on + days)] : [...FIGURES, ...ends])].sort((a, b) => a - b);
  const difference = (at: number): number => {
    numbers[fact.slot] = at;
    return numberOf(left, ground) - numberOf(right, ground);
  };
  const found: number[] = [];
  for (const passed of [(value: number) => value < 0, (value: number) => value <= 0]) {
    for (let i = 1; i < grid.length; i++) {
      let low = grid[i - 1]!;
      let high = grid[i]!;
      const below = passed(difference(low));
      if (Number.isNaN(difference(low)) || Number.isNaN(difference(high)) || below === passed(difference(high))) continue;
      for (let step = 0; step < 50 && (whole ? high - low > 1 : high - low > 1e-9 * Math.max(1, Math.abs(high))); step++) {
        const middle = whole ? Math.floor((low + high) / 2) : (low + high) / 2;
        if (passed(difference(middle)) === below) low = middle;
        else high = middle;
      }
      found.push(...(whole ? [low, high] : [rounded(low), rounded(high)]));
    }
  }
  numbers[fact.slot] = before;
  // A grid of values, so that conditions on several facts can be met together.
  return [...found, ...(found.length === 0 && !whole ? grid : [])];
}

/** A value at each threshold and one in each stretch between them. */
function stretches(thresholds: readonly number[], whole: boolean, from?: number, to?: number): readonly Candidate[] {
  const least = from ?? Number.NEGATIVE_INFINITY;
  const most = to ?? Number.POSITIVE_INFINITY;
  const points = [...new Set([...thresholds, ...(from === undefined ? [] : [from]), ...(to === undefined ? [] : [to])])].filter((each) => each >= least && each <= most).sort((a, b) => a - b);
  if (points.length === 0) return [{ value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }];
  const found: Candidate[] = [];
  if (points[0]! > least) found.push({ value: points[0]! - 1, low: Number.NEGATIVE_INFINITY, high: points[0]! });
  points.forEach((point, i) => {
    if (!whole || Number.isInteger(point)) found.push({ value: point, low: point, high: point });
    const next = points[i + 1];
    if (next === undefined) {
      if (point < most) found.push({ value: whole ? Math.floor(point) + 1 : point + 1, low: point, high: Number.POSITIVE_INFINITY });
    } else if (!whole || Math.ceil(next) - Math.floor(point) > 1) {
      found.push({ value: whole ? Math.floor(point) + 1 : (point + next) / 2, low: point, high: next });
    }
  });
  return found;
}

// ── Codes and words ───────────────────────────────────────────────────────────────────────────────────────────────────
/** Stands for a code that is in none of the sets. */
const NO_CODE = "-";

function* parts(condition: Condition): Generator<Condition> {
  yield condition;
  switch (condition.kind) {
    case "and": case "or": for (const operand of condition.operands) yield* parts(operand); break;
    case "not": yield* parts(condition.operand); break;
    case "definition": yield* parts(condition.condition); break;
    default: break;
  }
}

function mentionedSets(conditions: readonly Condition[]): readonly CodeSet[] {
  return conditions.flatMap((condition) => [...parts(condition)].flatMap((part) => (part.kind === "code" || (part.kind === "includes" && part.of === "code") ? (part.wanted as readonly CodeSet[]) : [])));
}

function mentionedWords(conditions: readonly Condition[]): readonly string[] {
  return [...new Set(conditions.flatMap((condition) => [...parts(condition)].flatMap((part) => (part.kind === "text" || (part.kind === "includes" && part.of === "word") ? (part.wanted as readonly string[]) : []))))];
}

const wantsAll = (condition: Condition): boolean => [...parts(condition)].some((part) => part.kind === "includes" && part.quantifier === "all" && part.wanted.length > 1);
const readsLength = (condition: Condition): boolean => [...parts(condition)].some((part) => part.kind === "count" || part.kind === "quantified" || part.kind === "compare" || part.kind === "between");

/** A code for each way in which the sets overlap, as far as their ends show it. */
function codesOf(sets: readonly CodeSet[], systems: Parameters<typeof caseCode>[1]): { readonly codes: readonly string[]; readonly exact: boolean } {
  const codes = new Map<string, string>();
  for (const { from, to, system } of sets) {
    for (const end of from === to ? [from] : [from, to]) {
      const held = caseCode(system === undefined ? end : `${system} ${end}`, systems);
      const signature = sets.map((set) => (inSet(held, set) ? 1 : 0)).join("");
      if (signature.includes("1") && !codes.has(signature)) codes.set(signature, held);
    }
  }
  const ranges = sets.filter((set) => set.from !== set.to);
  return { codes: [...codes.values()], exact: ranges.every((range) => sets.every((set) => set === range || set.text === range.text || set.to < range.from || set.from > range.to)) };
}

/** Lists of codes or words: each alone, and together as far as there are few. */
function ofLists(sets: readonly CodeSet[], systems: Parameters<typeof caseCode>[1], all: boolean, tell: (entry: string) => string, words: readonly string[] = []): Candidates {
  const { codes, exact } = sets.length === 0 ? { codes: [], exact: true } : codesOf(sets, systems);
  const each = [...codes, ...words];
  // Where all of several are asked for, one entry alone tells nothing of itself.
  const entries = all ? each : [...new Map([...each].reverse().map((entry) => [tell(entry), entry])).values()].reverse();
  if (entries.length <= MOST_SETS) {
    const lists: string[][] = [[]];
    for (const entry of entries) lists.push(...lists.map((list) => [...list, entry]));
    // Few entries first: the simplest list stands for its class.
    return plain(lists.sort((a, b) => a.length - b.length), exact);
  }
  // Of many, not every mixture is tried.
  const pairs = entries.length <= 16 ? entries.flatMap((a, i) => entries.slice(i + 1).map((b) => [a, b])) : [];
  return plain([[], ...entries.map((entry) => [entry]), ...(all ? [entries] : []), ...pairs], false);
}

// ── Records ───────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The filters of records in a condition, with how many entries are asked for. */
export function* filters(condition: Condition): Generator<{ readonly filter: Condition | undefined; readonly count: number }> {
  for (const part of parts(condition)) {
    if (part.kind === "quantified" || part.kind === "count") yield { filter: part.records.filter, count: part.count };
    for (const side of part.kind === "compare" ? [part.left, part.right] : part.kind === "between" ? [part.value, part.low, part.high] : []) {
      for (const filter of countsIn(side)) yield { filter, count: 2 };
    }
  }
}

function* countsIn(value: Value): Generator<Condition | undefined> {
  switch (value.kind) {
    case "count": yield value.records.filter; break;
    case "scaled": case "definition": yield* countsIn(value.value); break;
    case "arithmetic": yield* countsIn(value.left); yield* countsIn(value.right); break;
    default: break;
  }
}

/** Some lists that conditions on records tell apart: none, one or a few entries of each kind, and entries made complete. */
function ofRecords(fact: FactSymbol, conditions: readonly Condition[], ground: Ground, current: unknown, how: "add" | "change"): readonly unknown[] {
  const fields = fact.type.kind === "records" ? fact.type.fields : [];
  const found = conditions.flatMap((condition) => [...filters(condition)]);
  const read = found.flatMap(({ filter }) => (filter === undefined ? [] : [filter]));
  let records: RecordValue[] = [{}];
  for (const field of fields) {
    const values = ofFact(field, read.map((condition): Leaf => ({ items: [], address: "", condition })), ground, undefined, how, (entry) => entry).candidates.map(({ value }) => value).slice(0, 8);
    const usable = field.type.kind === "yes/no" ? [true, false] : values.filter((value) => typeof value === "number" || typeof value === "string");
    if (usable.length === 0) continue;
    records = records.flatMap((record) => usable.map((value) => ({ ...record, [field.name]: value as number | string | boolean }))).slice(0, MOST_COMBINATIONS * 4);
  }
  const telling = new Map<string, RecordValue>();
  for (const record of records) {
    ground.record = record;
    const key = read.map((filter) => truthOf(filter, ground)).join();
    ground.record = undefined;
    if (!telling.has(key) && telling.size < MOST_COMBINATIONS) telling.set(key, record);
  }
  const counts = [...new Set([1, ...found.flatMap(({ count }) => [count, count + 1])])].filter((count) => count >= 1 && count <= 6);
  const kinds = [...telling.values()];
  const lists: RecordValue[][] = [[], ...kinds.flatMap((record) => counts.map((count) => Array.from({ length: count }, () => record)))];
  if (kinds.length <= 8) for (const a of kinds) for (const b of kinds) if (a !== b) lists.push([a, b]);
  if (!Array.isArray(current)) return lists;
  const completed = kinds.map((record) => (current as RecordValue[]).map((each) => ({ ...record, ...each })));
  return how === "add" ? completed : [...lists, ...completed];
}

