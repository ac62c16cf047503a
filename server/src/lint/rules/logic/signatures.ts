// Which facts conditions and criteria speak of, as bits: a quick look that spares most of them the making of formulas.
import type { Condition, CriterionSymbol, FactSymbol, Value } from "../../../semantics/model.js";
import type { LintedPolicy } from "../../policy.js";

const bit = (place: number): number => 1 << place % 31;

/** Reads conditions one after another; what is told of the last one stands in the fields. */
export class Signatures {
  /** Bits without which a condition is not implied. */
  need = 0;
  /** Something may never or always hold: two parts speak of one fact, or a figure stands at a limit. It stays until it is reset. */
  suspect = false;
  readonly masks: Int32Array;
  readonly needs: Int32Array;
  private readonly named = new Map<Condition, { readonly mask: number; readonly need: number; readonly negatedNeed: number; readonly suspect: boolean }>();

  constructor(criteria: readonly CriterionSymbol[]) {
    this.masks = new Int32Array(criteria.length);
    this.needs = new Int32Array(criteria.length);
    // Items stand behind their criterion.
    for (let i = criteria.length - 1; i >= 0; i--) this.criterion(criteria[i]!, i);
  }

  private criterion(symbol: CriterionSymbol, place: number): void {
    let mask = 0;
    let need = 0;
    for (const condition of symbol.conditions) {
      mask |= this.of(condition);
      need |= this.need;
    }
    for (const group of symbol.conditionGroups) {
      mask |= this.masks[group.index]!;
      need |= this.needs[group.index]!;
    }
    const { items } = symbol;
    if (items.length > 0) {
      const op = symbol.combination?.op;
      if (op === "any" || op === "all" || op === "none") {
        let shared = op === "any" ? -1 : 0;
        for (const item of items) {
          mask |= this.masks[item.index]!;
          const needed = this.needs[item.index]!;
          if (op === "any") shared &= needed;
          else if (op === "all" && item.guards.length === 0) shared |= needed;
        }
        if (symbol.combination!.open) {
          mask |= bit(place);
          shared = 0;
        }
        need |= shared;
      } else mask |= bit(place);
    } else if (symbol.attested || symbol.allOthers) {
      mask |= bit(place);
      need |= bit(place);
    }
    for (const condition of symbol.waivers) mask |= this.of(condition);
    for (const group of symbol.waiverGroups) mask |= this.masks[group.index]!;
    if (symbol.waivers.length > 0 || symbol.waiverGroups.length > 0) need = 0;
    for (const condition of symbol.exceptions) {
      mask |= this.of(condition, true);
      need |= this.need;
    }
    for (const group of symbol.exceptionGroups) mask |= this.masks[group.index]!;
    for (const condition of symbol.guards) {
      mask |= this.of(condition);
      need |= this.need;
    }
    this.masks[place] = mask;
    this.needs[place] = need;
  }

  /** The bits of a condition, or of its negation. */
  of(condition: Condition, no = false): number {
    switch (condition.kind) {
      case "and": case "or": {
        const all = (condition.kind === "and") !== no;
        let mask = 0;
        let need = all ? 0 : -1;
        for (const operand of condition.operands) {
          const own = this.of(operand, no);
          if ((own & mask) !== 0) this.suspect = true;
          mask |= own;
          need = all ? need | this.need : need & this.need;
        }
        this.need = need;
        return mask;
      }
      case "not": return this.of(condition.operand, !no);
      case "definition": return this.definition(condition.condition, no);
      case "criterion": return (this.need = bit(condition.index));
      case "compare": {
        const mask = factsOf(condition.left) | factsOf(condition.right);
        if (mask === 0 || atLimit(condition.left, condition.right) || atLimit(condition.right, condition.left)) this.suspect = true;
        return (this.need = mask);
      }
      case "between": {
        const mask = factsOf(condition.value) | factsOf(condition.low) | factsOf(condition.high);
        if (mask === 0 || (atLimit(condition.value, condition.low) && atLimit(condition.value, condition.high)) || factsOf(condition.low) !== 0 || factsOf(condition.high) !== 0) this.suspect = true;
        return (this.need = mask);
      }
      case "choice":
        if (condition.wanted.length === 0 || condition.wanted.length >= condition.choices.length) this.suspect = true;
        return (this.need = factsOf(condition.value));
      case "quantified": case "count": {
        const { list, filter } = condition.records;
        if (condition.op !== "all" && condition.count <= 0 && (condition.op === "<" || condition.op === ">=")) this.suspect = true;
        if (filter !== undefined) this.of(filter);
        return (this.need = bit(list.slot));
      }
      default: return (this.need = factsOf(condition.value));
    }
  }

  private definition(condition: Condition, no: boolean): number {
    let known = this.named.get(condition);
    if (known === undefined) {
      const before = this.suspect;
      this.suspect = false;
      const mask = this.of(condition);
      const { need } = this;
      this.of(condition, true);
      this.named.set(condition, (known = { mask, need, negatedNeed: this.need, suspect: this.suspect }));
      this.suspect = before;
    }
    if (known.suspect) this.suspect = true;
    this.need = no ? known.negatedNeed : known.need;
    return known.mask;
  }
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
