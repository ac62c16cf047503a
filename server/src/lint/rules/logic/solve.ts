// Whether a formula can hold, and whether one implies another. Bounded, and certain: where the search would be long the answer is "perhaps".
import type { Atom, Formula, Joined, MemberAtom, NumberAtom, Variable } from "./formula.js";
import { negate } from "./formula.js";
import { areApart, both, isPartOf, isWithin, type NumberSet, turned, wholeNumbers } from "./sets.js";

/** Steps of one search; then it gives up. */
const MOST_STEPS = 3000;
/** Parts of an "or" that a quick look goes into. */
const MOST_PARTS = 30;

interface Search {
  left: number;
  /** Two atoms that exclude one another, of the first branch that came to nothing. */
  conflict?: readonly [Atom, Atom] | undefined;
}

interface Members {
  any: readonly MemberAtom[];
  none: readonly MemberAtom[];
}

/** What a conjunction of atoms says of each variable. */
class Store {
  constructor(
    private readonly numbers: Map<Variable, { readonly set: NumberSet; readonly atoms: readonly NumberAtom[] }> = new Map(),
    private readonly members: Map<Variable, Members> = new Map(),
    private readonly known: Map<string, Atom> = new Map(),
  ) {}

  copy(): Store {
    return new Store(new Map(this.numbers), new Map(this.members), new Map(this.known));
  }

  /** Takes an atom in; false where it excludes what is there. */
  add(atom: Atom, search: Search): boolean {
    const clash = this.clash(atom, search);
    if (clash === undefined) return true;
    search.conflict ??= [clash, atom];
    return false;
  }

  private clash(atom: Atom, search: Search): Atom | undefined {
    const { variable } = atom;
    if (atom.kind === "known") {
      const there = this.known.get(variable.key);
      if (there?.kind === "known" && there.known !== atom.known) return there;
      if (!atom.known) {
        const used = this.numbers.get(variable)?.atoms[0] ?? this.members.get(variable)?.any[0] ?? this.members.get(variable)?.none[0];
        if (used !== undefined) return used;
      }
      this.known.set(variable.key, atom);
      return undefined;
    }
    const asked = this.known.get(variable.key);
    if (asked?.kind === "known" && !asked.known) return asked;
    return atom.kind === "number" ? this.clashOfNumbers(atom, search) : this.clashOfMembers(atom);
  }

  private clashOfNumbers(atom: NumberAtom, search: Search): Atom | undefined {
    const { variable } = atom;
    const before = this.numbers.get(variable);
    const set = before === undefined ? atom.set : both(before.set, atom.set);
    if (set.length === 0) return before?.atoms.find((each) => both(each.set, atom.set).length === 0) ?? before?.atoms.at(-1) ?? atom;
    this.numbers.set(variable, { set, atoms: before === undefined ? [atom] : [...before.atoms, atom] });
    if (variable.count !== undefined && this.numbers.size > 1) return this.clashOfCounts(variable, set, search);
    if (variable.days === undefined) return undefined;
    // A distance in months has the sign of the distance in days.
    const sign = signOf(set, variable.days.turned);
    return sign === undefined ? undefined : this.clashOfNumbers({ ...atom, variable: variable.days.variable, set: wholeNumbers(sign) }, search);
  }

  /** More records cannot match a narrower filter than match a wider one. */
  private clashOfCounts(variable: Variable, set: NumberSet, search: Search): Atom | undefined {
    for (const [other, { set: others, atoms }] of this.numbers) {
      if (other === variable || other.count === undefined || other.count.list !== variable.count!.list) continue;
      if ((others[others.length - 2]! < set[0]! && narrows(variable, other, search)) || (set[set.length - 2]! < others[0]! && narrows(other, variable, search))) return atoms[0];
    }
    return undefined;
  }

  private clashOfMembers(atom: MemberAtom): Atom | undefined {
    const before = this.members.get(atom.variable) ?? { any: [], none: [] };
    const after: Members = atom.positive ? { any: [...before.any, atom], none: before.none } : { any: before.any, none: [...before.none, atom] };
    this.members.set(atom.variable, after);
    for (const any of after.any) {
      // Each of the sets must be ruled out, by a "none of" or, for a single value, by another "any of".
      let clash: MemberAtom | undefined;
      const open = any.sets.some((set) => {
        const by = after.none.find((none) => none.sets.some((other) => isPartOf(set, other)))
          ?? (any.single ? after.any.find((other) => other !== any && other.sets.every((each) => areApart(set, each))) : undefined);
        clash ??= by;
        return by === undefined;
      });
      if (!open) return clash === atom || clash === undefined ? any : clash;
    }
    return undefined;
  }

  /** True if the formula is met wherever all that is here is met. */
  entails(formula: Formula, search: Search): boolean {
    if (--search.left < 0) return false;
    switch (formula.kind) {
      case "and": return formula.parts.every((part) => this.entails(part, search));
      case "or": return formula.parts.some((part) => this.entails(part, search));
      case "known": {
        const asked = this.known.get(formula.variable.key);
        if (asked?.kind === "known") return asked.known === formula.known;
        return formula.known && formula.variable.fact !== undefined && (this.numbers.has(formula.variable) || this.members.has(formula.variable));
      }
      case "number": return this.entailsNumbers(formula, search);
      case "member": {
        const there = this.members.get(formula.variable);
        if (there === undefined) return false;
        if (formula.positive) return there.any.some((any) => any.sets.every((set) => formula.sets.some((other) => isPartOf(set, other))));
        return formula.sets.every((set) => there.none.some((none) => none.sets.some((other) => isPartOf(set, other)))
          || (formula.single && there.any.some((any) => any.sets.every((other) => areApart(set, other)))));
      }
    }
  }

  private entailsNumbers({ variable, set }: NumberAtom, search: Search): boolean {
    const there = this.numbers.get(variable);
    if (there !== undefined && isWithin(there.set, set)) return true;
    if (variable.days !== undefined) {
      const days = this.numbers.get(variable.days.variable);
      const sign = days === undefined ? undefined : signOf(days.set, variable.days.turned);
      if (sign !== undefined && isWithin(there === undefined ? sign : both(there.set, sign), set)) return true;
    }
    if (variable.count === undefined || set.length !== 4 || set[2] !== Infinity) return false;
    // At least N records that match a narrower filter are at least N that match the wider one.
    for (const [other, { set: others }] of this.numbers) {
      if (other !== variable && other.count?.list === variable.count.list && others[0]! >= set[0]! && narrows(other, variable, search)) return true;
    }
    return false;
  }
}

/** True if every record that one variable counts is counted by the other too. */
function narrows(narrower: Variable, wider: Variable, search: Search): boolean {
  const [one, two] = [narrower.count!.filter, wider.count!.filter];
  return two === undefined || (one !== undefined && impliedBy(one, two, search));
}

/** The signs that the numbers of a set have, as a set; undefined where they have both. */
function signOf(set: NumberSet, turnedRound: boolean): NumberSet | undefined {
  const above = set[0]!;
  const below = set[set.length - 2]!;
  let sign: NumberSet | undefined;
  if (above > 0 || (above === 0 && set[1] === 1)) sign = [0, 1, Infinity, 1];
  else if (below < 0 || (below === 0 && set[set.length - 1] === 0)) sign = [-Infinity, 0, 0, 0];
  else if (above === 0 && below === 0) sign = [0, 0, 0, 1];
  else if (above === 0) sign = [0, 0, Infinity, 1];
  else if (below === 0) sign = [-Infinity, 0, 0, 1];
  return sign !== undefined && turnedRound ? turned(sign) : sign;
}

/** Calls `visit` with every conjunction of atoms that a formula allows, until it says false; false where it was stopped. */
function explore(pending: Formula[], store: Store, choices: readonly Joined[], search: Search, visit: (store: Store) => boolean): boolean {
  const open = [...choices];
  for (let formula = pending.pop(); formula !== undefined; formula = pending.pop()) {
    if (--search.left < 0) return false;
    if (formula.kind === "and") pending.push(...formula.parts);
    else if (formula.kind === "or") open.push(formula);
    else if (!store.add(formula as Atom, search)) return true;
  }
  for (let choice = open.pop(); choice !== undefined; choice = open.pop()) {
    if (store.entails(choice, search)) continue;
    for (const part of choice.parts) if (!explore([part], store.copy(), open, search, visit)) return false;
    return true;
  }
  return search.left >= 0 && visit(store);
}

/** Why a formula can never hold. */
export interface Never {
  readonly conflict?: readonly [Atom, Atom] | undefined;
}

/** Tells that formulas can never all be met; undefined where they may be. */
export function neverMet(...formulas: readonly Formula[]): Never | undefined {
  const search: Search = { left: MOST_STEPS };
  let found = false;
  explore(pendingOf(formulas), new Store(), [], search, () => {
    found = true;
    return false;
  });
  return found || search.left < 0 ? undefined : { conflict: search.conflict };
}

// The last is taken first: the formulas are put in so that they are read in their order.
const pendingOf = (formulas: readonly Formula[]): Formula[] => [...formulas].reverse();

/** True if a formula is met or unknown whatever the facts are. */
export const alwaysMet = (formula: Formula): boolean => neverMet(negate(formula)) !== undefined;

/** True if `wider` is met wherever `narrower` is; false where `narrower` can never be met. */
export function implies(narrower: Formula, wider: Formula): boolean {
  if ((wider.need & ~narrower.mask) !== 0 || isRefuted(narrower, wider)) return false;
  return impliedBy(narrower, wider, { left: MOST_STEPS });
}

/**
 * A quick look that spares most searches: somewhere the wider one needs a variable within a set, and the narrower one lets it be
 * elsewhere. (Where a part of the narrower one can never hold, a finding may be lost by it.)
 */
function isRefuted(narrower: Formula, wider: Formula): boolean {
  if (narrower.kind === "or") return narrower.parts.some((part, i) => i < MOST_PARTS && isRefuted(part, wider));
  switch (wider.kind) {
    case "and": return wider.parts.some((part) => isRefuted(narrower, part));
    case "or": return wider.parts.every((part) => isRefuted(narrower, part));
    case "number": return isRefutedAtom(narrower, wider);
    default: return (wider.mask & narrower.mask) === 0;
  }
}

function isRefutedAtom(narrower: Formula, { variable, set, mask }: NumberAtom): boolean {
  let atom: Formula | undefined = narrower;
  if (narrower.kind === "and") {
    atom = undefined;
    for (const part of narrower.parts) {
      if ((part.mask & mask) === 0) continue;
      if (atom !== undefined) return false;
      atom = part;
    }
    if (atom === undefined) return true;
  }
  return (atom.mask & mask) === 0 || (atom.kind === "number" && atom.variable === variable && !isWithin(atom.set, set));
}

function impliedBy(narrower: Formula, wider: Formula, search: Search): boolean {
  let ways = 0;
  const through = explore([narrower], new Store(), [], search, (store) => {
    ways++;
    return store.entails(wider, search);
  });
  return through && ways > 0 && search.left >= 0;
}

/** False where no two parts have to do with one another and no atom is empty: then the formula can be met, without a search. */
export function mayConflict(formula: Formula): boolean {
  switch (formula.kind) {
    case "number": return formula.set.length === 0;
    case "member": return formula.sets.length === 0;
    case "known": return false;
    case "or": return formula.parts.every(mayConflict);
    case "and": {
      let seen = 0;
      for (const part of formula.parts) {
        if ((seen & part.mask) !== 0 || mayConflict(part)) return true;
        seen |= part.mask;
      }
      return false;
    }
  }
}

/** False where the formula can certainly be not met, without a search. */
export function mayBeAlways(formula: Formula): boolean {
  switch (formula.kind) {
    case "number": return isWithin(formula.variable.domain, formula.set);
    case "member": case "known": return false;
    case "and": return formula.parts.every(mayBeAlways);
    case "or": {
      let seen = 0;
      for (const part of formula.parts) {
        if ((seen & part.mask) !== 0 || mayBeAlways(part)) return true;
        seen |= part.mask;
      }
      return false;
    }
  }
}
