// Conditions that can never hold or always do, in all places where conditions stand: worked out once for both lint rules.
import type { Condition, CriterionSymbol, StatementSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { type CriterionFormulas, criterionFormulas, nameOf, placeOf, referredTo } from "./criteria.js";
import type { Atom, Formula } from "./formula.js";
import { negate } from "./formula.js";
import { ASKED, BELOW, EXCEPTIONS, FLAGS, IFS, NEED, REPEATS, type Signatures, signatures, SUSPECT, WHENS, WIDTH } from "./signatures.js";
import { alwaysMet, mayBeAlways, mayConflict, neverMet } from "./solve.js";

export interface Dead {
  readonly kind: "never" | "always";
  readonly source: Range;
  /** What it clashes with elsewhere. */
  readonly against?: { readonly range: Range; readonly what: string } | undefined;
  /** Two parts of it that exclude one another. */
  readonly parts?: readonly [Range, Range] | undefined;
  /** It is one item of an "all" list. */
  readonly item?: CriterionSymbol | undefined;
  readonly list?: CriterionSymbol | undefined;
}

/** What must hold for a criterion to be asked at all. */
interface Given {
  readonly condition: Condition;
  readonly no: boolean;
  readonly mask: number;
  /** Where it stands; undefined in the scope of the statement. */
  readonly owner: CriterionSymbol | undefined;
  readonly guard: boolean;
}

interface Context {
  readonly guarded: readonly Given[];
  readonly below: readonly Given[];
}

class Finder {
  readonly found: Dead[] = [];
  private readonly seen = new Set<number>();
  private readonly contexts = new Map<CriterionSymbol, Context>();
  /** The bits of the condition that was last looked at by itself. */
  mask = 0;

  private readonly made: CriterionFormulas;

  constructor(private readonly policy: LintedPolicy, private readonly signs: Signatures) {
    this.made = policy.once(criterionFormulas);
  }

  private formula({ condition, no }: Given): Formula {
    const formula = this.made.conditions.of(condition);
    return no ? negate(formula) : formula;
  }

  private note(dead: Dead): void {
    if (this.seen.has(dead.source.start)) return;
    this.seen.add(dead.source.start);
    this.found.push(dead);
  }

  /** A condition by itself, its parts and its filters; true where it can never hold. */
  alone(condition: Condition): boolean {
    this.signs.suspect = false;
    this.mask = this.signs.of(condition);
    if (!this.signs.suspect) return false;
    this.filters(condition);
    const formula = this.made.conditions.of(condition);
    return this.dead(formula);
  }

  private dead(formula: Formula): boolean {
    if (mayConflict(formula)) {
      const never = neverMet(formula);
      if (never !== undefined) {
        this.note({ kind: "never", source: formula.source, parts: partsOf(never.conflict, formula.source) });
        return true;
      }
    }
    if (mayBeAlways(formula) && !asksKnown(formula) && alwaysMet(formula)) {
      this.note({ kind: "always", source: formula.source });
      return false;
    }
    // A part of an "or" that never holds, or of an "and" that always does, is a slip too. `between` is one condition.
    if ((formula.kind === "and" || formula.kind === "or") && formula.named !== true) {
      for (const part of formula.parts) if (part.source.start !== formula.source.start || part.source.end !== formula.source.end) this.dead(part);
    }
    return false;
  }

  private filters(condition: Condition): void {
    switch (condition.kind) {
      case "and": case "or": for (const operand of condition.operands) this.filters(operand); break;
      case "not": this.filters(condition.operand); break;
      case "quantified": case "count": if (condition.records.filter !== undefined) this.alone(condition.records.filter); break;
      default: break;
    }
  }

  /** What must hold for what stands below a criterion to be asked; its own conditions are looked at on the way. */
  look(symbol: CriterionSymbol): Context {
    let context = this.contexts.get(symbol);
    if (context !== undefined) return context;
    const { parent } = symbol;
    const outer = parent === undefined ? this.scope(symbol.statement) : symbol.role === "waiver group" ? this.look(parent).guarded : this.look(parent).below;
    // A condition that refers to it asks it by itself.
    const given = this.policy.once(referredTo).has(symbol) ? NOTHING_GIVEN : outer;
    const guarded = this.add(given, symbol.guards, symbol, true);
    const waived = symbol.waivers.length > 0 || symbol.waiverGroups.length > 0;
    for (const waiver of symbol.waivers) this.alone(waiver);
    const own = this.add(waived ? NOTHING_GIVEN : guarded, symbol.conditions, symbol, false);
    for (const exception of symbol.exceptions) if (!this.alone(exception)) this.clash(own, { condition: exception, no: true, mask: this.mask, owner: symbol, guard: false });
    this.contexts.set(symbol, (context = { guarded, below: waived ? guarded : own }));
    return context;
  }

  /** The conditions in the scope of a statement. */
  scope({ scopes }: StatementSymbol): readonly Given[] {
    const given: Given[] = [];
    for (const scope of scopes) {
      if (scope.kind !== "condition" || this.alone(scope.condition)) continue;
      given.push({ condition: scope.condition, no: false, mask: this.mask, owner: undefined, guard: false });
    }
    return given;
  }

  /** What is given with conditions of a criterion added, each looked at by itself and beside the others. */
  private add(given: readonly Given[], conditions: readonly Condition[], owner: CriterionSymbol, guard: boolean): readonly Given[] {
    if (conditions.length === 0) return given;
    const all = [...given];
    for (const condition of conditions) {
      if (this.alone(condition)) continue;
      const next: Given = { condition, no: false, mask: this.mask, owner, guard };
      if (!this.clash(all, next)) all.push(next);
    }
    return all;
  }

  private clash(given: readonly Given[], next: Given): boolean {
    let overlaps = false;
    for (const each of given) if ((each.mask & next.mask) !== 0) overlaps = true;
    if (!overlaps) return false;
    const near = given.filter((each) => (each.mask & next.mask) !== 0);
    const formula = this.formula(next);
    // Two parts of what is given may leave no room only together.
    const never = neverMet(...near.map((each) => this.formula(each)), formula);
    if (never === undefined) return false;
    const against = near.find((each) => neverMet(this.formula(each), formula) !== undefined) ?? near.at(-1)!;
    this.note({ kind: "never", source: next.condition.source, against: { range: sourceOf(against.condition.source, never.conflict), what: wordsFor(against) } });
    return true;
  }

  /** The items of an "all" list beside one another, by what each asks for in any case. */
  list(symbol: CriterionSymbol): void {
    const given = this.look(symbol).below;
    const { start, end } = symbol.node;
    if (this.found.some(({ source }) => start <= source.start && source.end <= end)) return;
    if (!overlaps(this.signs.bits, symbol.items, given.reduce((mask, each) => mask | each.mask, 0))) return;
    let mask = 0;
    for (const each of given) mask |= this.formula(each).mask;
    const atoms: Atom[] = [];
    const owners: (CriterionSymbol | Given)[] = [];
    for (const item of symbol.items) {
      if (item.guards.length > 0) continue;
      const met = this.made.met(item);
      if ((mask & met.mask) !== 0) {
        if (atoms.length === 0) for (const each of given) for (const atom of atomsOf(this.formula(each))) owners[atoms.push(atom) - 1] = each;
        const own = atomsOf(met);
        for (const earlier of symbol.items) {
          if (earlier === item) break;
          if (earlier.guards.length === 0 && !owners.includes(earlier)) for (const atom of atomsOf(this.made.met(earlier))) owners[atoms.push(atom) - 1] = earlier;
        }
        const never = atoms.length > 0 ? neverMet(...atoms, ...own) : undefined;
        if (never !== undefined) {
          const place = atoms.findIndex((atom) => own.some((each) => neverMet(atom, each) !== undefined));
          const against = owners[place < 0 ? atoms.length - 1 : place];
          if (against === undefined) return;
          const [one] = item.conditions;
          this.note({
            kind: "never", source: item.items.length === 0 && one !== undefined ? { start: one.source.start, end: item.conditions.at(-1)!.source.end } : placeOf(item),
            against: { range: atoms[place < 0 ? atoms.length - 1 : place]!.source, what: "condition" in against ? wordsFor(against) : nameOf(against) }, item, list: symbol,
          });
          return;
        }
      }
      mask |= met.mask;
    }
  }
}

/** The atoms that must hold in any case. */
function atomsOf(formula: Formula, into: Atom[] = []): Atom[] {
  if (formula.kind === "and") for (const part of formula.parts) atomsOf(part, into);
  else if (formula.kind !== "or") into.push(formula as Atom);
  return into;
}

// What asks whether a fact is known is about the request, not about the patient.
const asksKnown = (formula: Formula): boolean => formula.kind === "known" || ((formula.kind === "and" || formula.kind === "or") && formula.parts.some(asksKnown));

const NOTHING_GIVEN: readonly Given[] = [];

const sourceOf = (source: Range, conflict: readonly [Atom, Atom] | undefined): Range => conflict?.map((atom) => atom.source).find((each) => source.start <= each.start && each.end <= source.end) ?? source;

const wordsFor = ({ owner, no, guard }: Given): string =>
  (owner === undefined ? "the scope of the statement" : `${guard ? "the `if`" : no ? "an exception" : "a condition"} of ${nameOf(owner)}`);

/** The two parts of a condition that exclude one another, where they are told apart and stand in it. */
function partsOf(conflict: readonly [Atom, Atom] | undefined, whole: Range): readonly [Range, Range] | undefined {
  if (conflict === undefined) return undefined;
  const [a, b] = conflict.map((atom) => atom.source).sort((one, other) => one.start - other.start) as [Range, Range];
  return a.end <= b.start && whole.start <= a.start && b.end <= whole.end ? [a, b] : undefined;
}

/** True if a condition that stands outside of criteria may never or always hold. */
function isSuspect(signs: Signatures, condition: Condition): boolean {
  signs.suspect = false;
  signs.of(condition);
  return signs.suspect;
}

/** The facts that the scope of a statement speaks of. */
function scopeMask(signs: Signatures, { scopes }: StatementSymbol): number {
  let mask = 0;
  for (const scope of scopes) if (scope.kind === "condition") mask |= signs.of(scope.condition);
  return mask;
}

/** Criteria whose conditions speak twice of one fact, on the way down to them or beside one another, and those whose items do. */
function worthALook({ analysis: { criteria } }: LintedPolicy, signs: Signatures): { readonly single: readonly CriterionSymbol[]; readonly lists: CriterionSymbol[] } {
  const { bits } = signs;
  const single: CriterionSymbol[] = [];
  const lists: CriterionSymbol[] = [];
  signs.suspect = false;
  for (let i = 0; i < criteria.length; i++) {
    const symbol = criteria[i]!;
    const { parent } = symbol;
    const row = i * WIDTH;
    const outer = parent === undefined ? (symbol.statement.scopes.length === 0 ? 0 : scopeMask(signs, symbol.statement)) : bits[parent.index * WIDTH + (symbol.role === "waiver group" ? ASKED : BELOW)]!;
    const guards = bits[row + IFS]!;
    const ifs = outer | guards;
    const whens = bits[row + WHENS]!;
    const waived = symbol.waivers.length > 0 || symbol.waiverGroups.length > 0;
    const all = waived ? whens : ifs | whens;
    bits[row + ASKED] = ifs;
    bits[row + BELOW] = waived ? ifs : all;
    if ((bits[row + FLAGS]! & (SUSPECT | REPEATS)) !== 0 || (outer & guards) !== 0 || (!waived && (ifs & whens) !== 0) || (all & bits[row + EXCEPTIONS]!) !== 0 || signs.suspect) single.push(symbol);
    signs.suspect = false;
    if (symbol.items.length > 1 && symbol.combination?.op === "all" && overlaps(bits, symbol.items, bits[row + BELOW]!)) lists.push(symbol);
  }
  return { single, lists };
}

/** True if two items of an "all" list, or one of them and what is given, need one fact. */
function overlaps(bits: Int32Array, items: readonly CriterionSymbol[], given: number): boolean {
  let mask = given;
  for (const item of items) {
    if (item.guards.length > 0) continue;
    const need = bits[item.index * WIDTH + NEED]!;
    if ((mask & need) !== 0) return true;
    mask |= need;
  }
  return false;
}

/** All conditions of a policy that never or always hold. */
export function deadConditions(policy: LintedPolicy): readonly Dead[] {
  const { analysis } = policy;
  if (analysis.policy === undefined) return NONE;
  const signs = policy.once(signatures);
  let finder: Finder | undefined;
  for (const { meaning } of analysis.definitions.values()) {
    if (meaning?.kind === "condition" && isSuspect(signs, meaning.condition)) (finder ??= new Finder(policy, signs)).alone(meaning.condition);
  }
  // A definition that is wrong is told of once, not wherever it is used.
  if (finder !== undefined && finder.found.length > 0) return finder.found;
  const { single, lists } = worthALook(policy, signs);
  if (single.length === 0 && lists.length === 0) return NONE;
  finder ??= new Finder(policy, signs);
  for (const symbol of single) finder.look(symbol);
  // A list is looked at where nothing was found in it.
  for (const list of lists.reverse()) finder.list(list);
  return finder.found;
}
const NONE: readonly never[] = [];
