// One quick pass over all conditions: which facts and values they speak of, as bits and hashes. It spares most of them the making of formulas.
import type { Condition, CriterionSymbol, FactSymbol, Value } from "../../../semantics/model.js";
import type { LintedPolicy } from "../../policy.js";

const bit = (place: number): number => 1 << place % 31;
/** The bit of one value of a fact; figures and records count as one value each. */
const valueBit = (slot: number, value: number): number => 1 << (Math.imul(slot * 64 + value + 1, 0x9e3779b1) >>> 27);
const FIGURE = 62;
const RECORDS = 61;
/** The bit of a criterion that is met, or not met. */
const outcomeBit = (index: number, met: 0 | 1): number => valueBit(index + 5000, met);
const mixed = (hash: number, value: number): number => (Math.imul(hash ^ value, 0x2c1b3c6d) + 0x3c6ef372) | 0;

/** Some condition of the criterion may never or always hold. */
export const SUSPECT = 1;
/** The hash says nothing: equal conditions may have other hashes. */
export const UNSURE = 2;
/** Two conditions of the criterion speak of one fact. */
export const REPEATS = 4;
/** A `when` or `if` compares with a figure. */
export const FIGURES = 8;

// What is kept of a criterion, each as one number:
export const [MASK, NEED, PAIRS, KEY, HASH, FLAGS] = [0, 1, 2, 3, 4, 5] as const;
/** Facts that the guards bound by figures, or without guards the conditions. */
export const BOUNDS = 6;
/** Facts of the guards, of the `when` lines, of the exceptions. */
export const [IFS, WHENS, EXCEPTIONS] = [7, 8, 9] as const;
/** Facts of all that must hold for what stands below it to be asked, without its own conditions and with them; filled in where it is needed. */
export const [ASKED, BELOW] = [10, 11] as const;
export const WIDTH = 12;

/** What is told of a condition. */
interface Told {
  /** Bits of all its facts. */
  mask: number;
  /** Bits without which a condition does not imply it. */
  need: number;
  /** Bits of the values that it lets choices have. */
  pairs: number;
  /** What implies it has one of these among its `pairs`; all bits where that is not known. */
  key: number;
  /** Bits of the facts that it bounds by figures. */
  bounds: number;
  /** The same for conditions that say the same, unless it is unsure. */
  hash: number;
  /** Something may never or always hold: two parts speak of one fact, or a figure stands at a limit. It stays until it is reset. */
  suspect: boolean;
  unsure: boolean;
  figures: boolean;
}

/** Reads conditions one after another; what is told of the last one stands in the fields. */
export class Signatures implements Told {
  mask = 0;
  need = 0;
  pairs = 0;
  key = -1;
  bounds = 0;
  hash = 0;
  suspect = false;
  unsure = false;
  figures = false;
  /** The bits of all criteria in one row, `WIDTH` for each: `bits[index * WIDTH + MASK]`. */
  readonly bits: Int32Array;
  private named: Map<Condition, Told> | undefined;
  private denied: Map<Condition, Told> | undefined;
  // The criterion that is being read.
  private readonly all: Told = nothing();

  constructor(criteria: readonly CriterionSymbol[]) {
    this.bits = new Int32Array(criteria.length * WIDTH);
    // Items stand behind their criterion.
    for (let i = criteria.length - 1; i >= 0; i--) this.criterion(criteria[i]!, i);
  }

  private criterion(symbol: CriterionSymbol, place: number): void {
    const { conditions, guards, exceptions, waivers, items, conditionGroups, exceptionGroups, waiverGroups } = symbol;
    const { bits } = this;
    const row = place * WIDTH;
    if (symbol.attested && conditions.length === 0 && guards.length === 0 && exceptions.length === 0 && exceptionGroups.length === 0 && waivers.length === 0 && waiverGroups.length === 0) {
      bits[row + MASK] = bits[row + NEED] = bit(place);
      bits[row + PAIRS] = bits[row + KEY] = outcomeBit(place, 1);
      return;
    }
    const all = this.all;
    all.mask = all.need = all.pairs = all.bounds = all.hash = 0;
    all.key = -1;
    all.suspect = this.suspect = this.unsure = this.figures = false;
    if (conditions.length > 0) bits[row + WHENS] = this.addAll(conditions, false);
    bits[row + BOUNDS] = all.bounds;
    if (conditionGroups.length > 0) for (const group of conditionGroups) this.addCriterion(group.index, true);
    if (items.length > 0) this.addItems(symbol, place);
    if (symbol.attested || symbol.allOthers) {
      all.mask |= bit(place);
      all.need |= bit(place);
      all.pairs |= outcomeBit(place, 1);
      if (all.key === -1) all.key = outcomeBit(place, 1);
    }
    if (waivers.length > 0 || waiverGroups.length > 0) {
      this.addAll(waivers, false);
      for (const group of waiverGroups) this.addCriterion(group.index, false);
      all.need = 0;
      all.key = -1;
    }
    const { figures } = this;
    if (exceptions.length > 0) bits[row + EXCEPTIONS] = this.addAll(exceptions, true);
    if (exceptionGroups.length > 0) {
      for (const group of exceptionGroups) all.mask |= bits[group.index * WIDTH + MASK]!;
      all.pairs = -1;
      this.unsure = true;
    }
    this.figures = figures;
    if (guards.length > 0) {
      all.bounds = 0;
      bits[row + IFS] = this.addAll(guards, false);
      bits[row + BOUNDS] = all.bounds;
    }
    bits[row + MASK] = all.mask;
    bits[row + NEED] = all.need;
    bits[row + PAIRS] = all.pairs;
    bits[row + KEY] = all.key;
    bits[row + HASH] = all.hash;
    bits[row + FLAGS] = (this.suspect ? SUSPECT : 0) | (this.unsure ? UNSURE : 0) | (all.suspect ? REPEATS : 0) | (this.figures ? FIGURES : 0);
  }

  /** Takes in conditions that must all hold (or none of them); gives their facts. */
  private addAll(conditions: readonly Condition[], no: boolean): number {
    const { all } = this;
    let mask = 0;
    for (let i = 0; i < conditions.length; i++) {
      const own = this.of(conditions[i]!, no);
      if ((own & mask) !== 0) all.suspect = true;
      if ((own & all.mask) !== 0) this.unsure = true;
      mask |= own;
      all.mask |= own;
      all.need |= this.need;
      all.pairs |= this.pairs;
      if (all.key === -1) all.key = this.key;
      all.bounds |= this.bounds;
      all.hash = (all.hash + this.hash) | 0;
    }
    return mask;
  }

  private addCriterion(index: number, needed: boolean): void {
    const { all } = this;
    const row = index * WIDTH;
    all.mask |= this.bits[row + MASK]!;
    all.pairs |= this.bits[row + PAIRS]!;
    this.unsure = true;
    if (!needed) return;
    all.need |= this.bits[row + NEED]!;
    if (all.key === -1) all.key = this.bits[row + KEY]!;
  }

  private addItems({ items, combination }: CriterionSymbol, place: number): void {
    const { all } = this;
    const op = combination?.op;
    this.unsure = true;
    if ((op !== "any" && op !== "all" && op !== "none") || combination!.open) all.mask |= bit(place);
    if (op === "none") all.pairs = -1;
    if (op === "all") for (const item of items) this.addCriterion(item.index, item.guards.length === 0);
    else if (op === "any") {
      let shared = -1;
      let key = 0;
      for (const item of items) {
        this.addCriterion(item.index, false);
        shared &= this.bits[item.index * WIDTH + NEED]!;
        const own = this.bits[item.index * WIDTH + KEY]!;
        key = key === -1 || own === -1 ? -1 : key | own;
      }
      if (combination!.open) return;
      all.need |= shared;
      if (all.key === -1) all.key = key;
    } else if (op === "none") for (const item of items) all.mask |= this.bits[item.index * WIDTH + MASK]!;
  }

  /** The bits of a condition, or of its negation. */
  of(condition: Condition, no = false): number {
    // The commonest first.
    switch (condition.kind) {
      case "yes": {
        const { value } = condition;
        const yes = condition.expected !== no ? 1 : 0;
        const slot = value.kind === "fact" ? value.fact.slot : slotOf(value);
        this.atom(slot >= 0 ? bit(slot) : factsOf(value), yes);
        return this.lets(slot < 0 ? -1 : valueBit(slot, yes));
      }
      case "choice": {
        const { value, wanted, choices } = condition;
        if (wanted.length === 0 || wanted.length >= choices.length) this.suspect = true;
        return this.choice(value, value.kind === "fact" ? value.fact.slot : slotOf(value), wantedBits(wanted, choices.length, no));
      }
      case "and": case "or": return this.joined(condition.operands, condition.kind === "and", no);
      case "not": return this.of(condition.operand, !no);
      case "definition": return this.definition(condition.condition, no);
      case "criterion":
        this.atom(bit(condition.index), mixed(condition.index, no ? 3 : 5));
        return this.lets(outcomeBit(condition.index, no ? 0 : 1));
      case "compare": {
        const { left, right } = condition;
        const mask = factsOf(left) | factsOf(right);
        if (mask === 0 || atLimit(left, right) || atLimit(right, left)) this.suspect = true;
        this.figures = true;
        this.atom(mask, figureHash(left, right));
        this.bounds = mask;
        const slot = right.kind === "number" ? slotOf(left) : -1;
        return this.lets(slot < 0 ? -1 : valueBit(slot, FIGURE));
      }
      case "between": {
        const { value, low, high } = condition;
        const mask = factsOf(value) | factsOf(low) | factsOf(high);
        if (mask === 0 || (atLimit(value, low) && atLimit(value, high)) || factsOf(low) !== 0 || factsOf(high) !== 0) this.suspect = true;
        this.figures = true;
        this.atom(mask, (figureHash(value, low) + figureHash(value, high)) | 0);
        this.bounds = mask;
        const slot = low.kind === "number" && high.kind === "number" ? slotOf(value) : -1;
        return this.lets(slot < 0 ? -1 : valueBit(slot, FIGURE));
      }
      case "quantified": case "count": return this.records(condition);
      case "code": case "includes": {
        this.atom(factsOf(condition.value), setsHash(condition.wanted));
        return no ? this.mask : this.lets(setsBits(condition.wanted));
      }
      case "known": case "text": return this.atom(factsOf(condition.value), 7);
    }
  }

  private atom(mask: number, hash: number): number {
    this.need = mask;
    this.pairs = 0;
    this.key = -1;
    this.bounds = 0;
    this.hash = mixed(mask, hash);
    return (this.mask = mask);
  }

  private lets(pairs: number): number {
    this.pairs = pairs;
    this.key = pairs;
    return this.mask;
  }

  private choice(value: Value, slot: number, wanted: number): number {
    if (slot < 0) {
      this.atom(factsOf(value), wanted);
      return this.lets(-1);
    }
    this.atom(bit(slot), mixed(slot, wanted));
    let pairs = 0;
    // Of long lists, choices that share a bit are told as one.
    for (let left = wanted; left !== 0; left &= left - 1) pairs |= valueBit(slot, 31 - Math.clz32(left & -left));
    return this.lets(pairs === 0 ? -1 : pairs);
  }

  private joined(operands: readonly Condition[], and: boolean, no: boolean): number {
    const all = and !== no;
    let mask = 0;
    let need = all ? 0 : -1;
    let pairs = 0;
    let key = all ? -1 : 0;
    let hash = 0;
    let bounds = 0;
    let overlaps = false;
    for (let i = 0; i < operands.length; i++) {
      const own = this.of(operands[i]!, no);
      if ((own & mask) !== 0) overlaps = true;
      mask |= own;
      pairs |= this.pairs;
      hash = (hash + this.hash) | 0;
      if (all) {
        need |= this.need;
        bounds |= this.bounds;
        if (key === -1) key = this.key;
      } else {
        need &= this.need;
        key = key === -1 || this.key === -1 ? -1 : key | this.key;
      }
    }
    if (overlaps) {
      if (this.oneChoice(operands, all, no)) return this.mask;
      this.unsure = true;
      if (!areFine(operands, and)) this.suspect = true;
    }
    this.need = need;
    this.pairs = pairs;
    this.key = key;
    this.hash = hash;
    this.bounds = bounds;
    return (this.mask = mask);
  }

  /** `site is a or site is b`: one choice, told as such. */
  private oneChoice(operands: readonly Condition[], all: boolean, no: boolean): boolean {
    const first = operands[0]!;
    if (first.kind !== "choice" || first.choices.length > 31) return false;
    const slot = slotOf(first.value);
    const whole = allOf(first.choices.length);
    let wanted = all ? whole : 0;
    for (const each of operands) {
      if (each.kind !== "choice" || each.choices !== first.choices || slot < 0 || slotOf(each.value) !== slot) return false;
      const own = wantedBits(each.wanted, first.choices.length, no);
      wanted = all ? wanted & own : wanted | own;
    }
    if (wanted === 0 || wanted === whole) this.suspect = true;
    this.choice(first.value, slot, wanted);
    return true;
  }

  private records({ op, count, records }: Extract<Condition, { kind: "quantified" | "count" }>): number {
    const { list, filter } = records;
    if (op !== "all" && count <= 0 && (op === "<" || op === ">=")) this.suspect = true;
    let hash = 0;
    if (filter !== undefined) {
      this.of(filter);
      hash = this.hash;
    }
    this.figures = true;
    this.atom(bit(list.slot), hash);
    this.bounds = this.mask;
    return this.lets(valueBit(list.slot, RECORDS));
  }

  private definition(condition: Condition, no: boolean): number {
    const named = no ? (this.denied ??= new Map()) : (this.named ??= new Map());
    let told = named.get(condition);
    if (told === undefined) {
      const { suspect, unsure, figures } = this;
      this.suspect = this.unsure = this.figures = false;
      this.of(condition, no);
      const { mask, need, pairs, key, bounds, hash } = this;
      named.set(condition, (told = { mask, need, pairs, key, bounds, hash, suspect: this.suspect, unsure: this.unsure, figures: this.figures }));
      this.suspect = suspect;
      this.unsure = unsure;
      this.figures = figures;
    }
    this.need = told.need;
    this.pairs = told.pairs;
    this.key = told.key;
    this.bounds = told.bounds;
    this.hash = told.hash;
    if (told.suspect) this.suspect = true;
    if (told.unsure) this.unsure = true;
    if (told.figures) this.figures = true;
    return (this.mask = told.mask);
  }

  /** False where the second criterion certainly does not imply the first. */
  mayBeImplied(wider: number, narrower: number): boolean {
    const { bits } = this;
    if ((bits[wider * WIDTH + NEED]! & ~bits[narrower * WIDTH + MASK]!) !== 0) return false;
    const key = bits[wider * WIDTH + KEY]!;
    return key === -1 || (key & bits[narrower * WIDTH + PAIRS]!) !== 0;
  }
}

const nothing = (): Told => ({ mask: 0, need: 0, pairs: 0, key: -1, bounds: 0, hash: 0, suspect: false, unsure: false, figures: false });

const allOf = (count: number): number => (count >= 32 ? -1 : (1 << count) - 1);

/** The choices that are wanted, or those that are not, as bits; of more than 32, some share a bit. */
function wantedBits(wanted: readonly number[], count: number, no: boolean): number {
  let bits = 0;
  for (let i = 0; i < wanted.length; i++) bits |= 1 << (wanted[i]! & 31);
  return no ? (count > 32 ? -1 : allOf(count) & ~bits) : bits;
}

/** The place of the one fact that a value is; -1 for any other value. */
function slotOf(value: Value): number {
  if (value.kind === "fact" || value.kind === "field") return value.fact.slot;
  return value.kind === "definition" ? slotOf(value.value) : -1;
}

/** The bits of all facts in a value. */
function factsOf(value: Value): number {
  switch (value.kind) {
    case "fact": case "field": return bit(value.fact.slot);
    case "definition": case "scaled": return factsOf(value.value);
    case "arithmetic": case "days between": return factsOf(value.left) | factsOf(value.right);
    case "shift": return factsOf(value.date) | (value.length.kind === "days" ? factsOf(value.length.days) : 0);
    case "count": return bit(value.records.list.slot);
    default: return 0;
  }
}

const bareValue = (value: Value): Value => (value.kind === "definition" ? bareValue(value.value) : value);

/** A fact with the figure that it is compared with; whatever else can be written in several ways counts for nothing. */
function figureHash(left: Value, right: Value): number {
  const one = bareValue(left);
  const two = bareValue(right);
  if (one.kind === "number" && two.kind !== "number") return figureHash(two, one);
  return two.kind === "number" && (one.kind === "fact" || one.kind === "field") ? mixed(one.fact.slot, (two.value * 1024) | 0) : 0;
}

/** A hash of the words or codes that does not depend on their order. */
function setsHash(wanted: readonly (string | { readonly from: string; readonly to: string })[]): number {
  let sum = 0;
  for (const each of wanted) sum = (sum + textHash(typeof each === "string" ? each : each.from)) | 0;
  return sum;
}

function textHash(text: string, end = text.length): number {
  let hash = 0;
  for (let i = 0; i < end && i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Characters that codes of one category share. */
const CATEGORY = 3;

/** A bit for each word, or for each category of codes; all bits where a range spans several. */
function setsBits(wanted: readonly (string | { readonly from: string; readonly to: string })[]): number {
  let bits = 0;
  for (const each of wanted) {
    if (typeof each === "string") bits |= valueBit(0, textHash(each) & 0xff);
    else {
      if (each.from.length < CATEGORY || !each.to.startsWith(each.from.slice(0, CATEGORY))) return -1;
      bits |= valueBit(0, textHash(each.from, CATEGORY) & 0xff);
    }
  }
  return bits === 0 ? -1 : bits;
}

/** True if parts that share a fact can certainly all be met (of an "or": all be not met). */
function areFine(operands: readonly Condition[], and: boolean): boolean {
  for (let i = 1; i < operands.length; i++) for (let j = 0; j < i; j++) if (!twoAreFine(operands[j]!, operands[i]!, and)) return false;
  return true;
}

function twoAreFine(a: Condition, b: Condition, and: boolean): boolean {
  const one = onlySlot(a);
  const two = onlySlot(b);
  if (one < 0 || two < 0) return false;
  if (one !== two) return true;
  if (a.kind !== "compare" || b.kind !== "compare" || a.right.kind !== "number" || b.right.kind !== "number") return false;
  const first = a.op[0]!;
  const second = b.op[0]!;
  if ((first !== "<" && first !== ">") || (second !== "<" && second !== ">")) return false;
  if (first === second) return true;
  const low = first === ">" ? a.right.value : b.right.value;
  const high = first === ">" ? b.right.value : a.right.value;
  return and ? low < high : low > high;
}

/** The place of the fact that a simple condition speaks of, and of no other. */
function onlySlot(condition: Condition): number {
  switch (condition.kind) {
    case "yes": case "choice": return condition.value.kind === "fact" ? condition.value.fact.slot : -1;
    case "compare": return condition.left.kind === "fact" && condition.right.kind === "number" ? condition.left.fact.slot : -1;
    default: return -1;
  }
}

/** True if a figure stands at or beyond a limit of a fact. */
function atLimit(value: Value, figure: Value): boolean {
  if (figure.kind === "definition") return atLimit(value, figure.value);
  if (value.kind === "definition") return atLimit(value.value, figure);
  if (value.kind === "count") return figure.kind === "number" && figure.value <= 0;
  if ((value.kind !== "fact" && value.kind !== "field") || figure.kind !== "number") return false;
  const { type }: FactSymbol = value.fact;
  return type.kind === "number" && ((type.from !== undefined && figure.value <= type.from) || (type.to !== undefined && figure.value >= type.to));
}

/** The bits of the criteria of a policy. */
export const signatures = ({ analysis }: LintedPolicy): Signatures => new Signatures(analysis.criteria);
