// Bands: items of a list that divide the values of one fact among them, by age or by score, and where two of them meet.
import type { CriterionSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { criterionFormulas, isLeaf, placeOf } from "./criteria.js";
import { type Formula, keyOf, type NumberAtom, type Variable } from "./formula.js";
import { both, EVERYTHING, holds, type NumberSet } from "./sets.js";
import { BOUNDS, signatures, WIDTH } from "./signatures.js";

/** Longer lists are no bands. */
const MOST_BANDS = 60;

interface Band {
  readonly item: CriterionSymbol;
  readonly set: NumberSet;
  readonly atoms: readonly NumberAtom[];
  /** What else it asks for. */
  readonly rest: string;
  /** The variables of that. */
  readonly mask: number;
  /** More hangs on it than its own condition. */
  readonly deep: boolean;
  /** It is said by `if`, which divides a list among those to whom it applies. */
  readonly guarded: boolean;
}

/** Two neighbouring bands and where they do not fit together. */
export interface Seam {
  readonly kind: "gap" | "overlap";
  readonly variable: Variable;
  /** The values that are in none of the two, or in both: often a single one. */
  readonly from: number;
  readonly to: number;
  readonly lower: CriterionSymbol;
  readonly upper: CriterionSymbol;
  readonly lowerRange: Range;
  readonly upperRange: Range;
}

/** The atoms that must all hold; undefined where there is a choice among them that concerns the variable. */
function conjuncts(formula: Formula, into: Formula[]): void {
  if (formula.kind === "and") for (const part of formula.parts) conjuncts(part, into);
  else into.push(formula);
}

function bandsOf(policy: LintedPolicy, list: CriterionSymbol): ReadonlyMap<Variable, readonly Band[]> | undefined {
  const made = policy.once(criterionFormulas);
  const parts: { readonly item: CriterionSymbol; readonly all: readonly Formula[]; readonly deep: boolean; readonly guarded: boolean }[] = [];
  const bounded = new Map<Variable, number>();
  for (const item of list.items) {
    const guarded = item.guards.length > 0;
    const conditions = guarded ? item.guards : item.conditions;
    if (conditions.length === 0 || (!guarded && (item.waivers.length > 0 || item.exceptions.length > 0))) continue;
    const all: Formula[] = [];
    for (const condition of conditions) conjuncts(made.conditions.of(condition), all);
    const seen = new Set<Variable>();
    for (const part of all) if (part.kind === "number" && isMeasured(part.variable) && part.set.length === 4) seen.add(part.variable);
    for (const variable of seen) bounded.set(variable, (bounded.get(variable) ?? 0) + 1);
    if (seen.size > 0) parts.push({ item, all, deep: guarded || !isLeaf(item), guarded });
  }
  let groups: Map<Variable, Band[]> | undefined;
  for (const [variable, count] of bounded) {
    if (count < 2) continue;
    groups ??= new Map();
    const bands: Band[] = [];
    for (const { item, all, deep, guarded } of parts) {
      const atoms = all.filter((part): part is NumberAtom => part.kind === "number" && part.variable === variable);
      if (atoms.length === 0) continue;
      const others = all.filter((part) => !(part.kind === "number" && part.variable === variable));
      bands.push({ item, deep, guarded, atoms, set: atoms.reduce((set, atom) => both(set, atom.set), EVERYTHING), rest: others.map(keyOf).sort().join(" and "), mask: others.reduce((mask, part) => mask | part.mask, 0) });
    }
    groups.set(variable, bands);
  }
  return groups;
}

/** Numbers that are measured or counted, not choices. */
const isMeasured = (variable: Variable): boolean => (variable.fact === undefined ? variable.domain === EVERYTHING || variable.count !== undefined : variable.fact.type.kind === "number");

/** Where the bands of a policy do not fit together. */
export function seams(policy: LintedPolicy): readonly Seam[] {
  if (policy.analysis.policy === undefined) return NONE;
  const { bits } = policy.once(signatures);
  let found: Seam[] | undefined;
  for (const list of policy.analysis.criteria) {
    const { items } = list;
    if (items.length < 2 || items.length > MOST_BANDS) continue;
    const op = list.combination?.op;
    if (op !== "any" && op !== "exactly" && op !== "all") continue;
    let seen = 0;
    let repeated = 0;
    for (const item of items) {
      const bounds = bits[item.index * WIDTH + BOUNDS]!;
      repeated |= seen & bounds;
      seen |= bounds;
    }
    if (repeated === 0 || (op === "all" && !items.every((item) => item.guards.length > 0))) continue;
    const groups = bandsOf(policy, list);
    if (groups === undefined) continue;
    for (const [variable, bands] of groups) for (const seam of seamsOf(variable, bands, op)) (found ??= []).push(seam);
  }
  return found ?? NONE;
}
const NONE: readonly never[] = [];

function seamsOf(variable: Variable, all: readonly Band[], op: "any" | "all" | "exactly"): readonly Seam[] {
  const bands = all.filter((band) => band.set.length === 4).sort((a, b) => a.set[0]! - b.set[0]! || a.set[1]! - b.set[1]! || a.set[2]! - b.set[2]!);
  const found: Seam[] = [];
  // Bands that follow one another without a hole: what the others look like where one value is missing.
  const steps = bands.slice(1).filter((band, i) => band.set[0]! - bands[i]!.set[2]! === 1 && band.set[1] === 0 && bands[i]!.set[3] === 1).length;
  for (let i = 1; i < bands.length; i++) {
    const lower = bands[i - 1]!;
    const upper = bands[i]!;
    // The bands must ask for the same, or for other limits of the same.
    if (lower.mask !== upper.mask) continue;
    const [end, endSide, start, startSide] = [lower.set[2]!, lower.set[3]!, upper.set[0]!, upper.set[1]!];
    if (!Number.isFinite(end) || !Number.isFinite(start)) continue;
    const differ = lower.rest !== upper.rest || lower.deep || upper.deep;
    const one = endSide === 1 && startSide === 0 && start - end === 2 && Number.isInteger(end);
    const value = end === start ? end : one && (variable.count !== undefined || steps > 0) ? end + 1 : undefined;
    const seam = (kind: Seam["kind"], from: number, to: number): Seam => ({ kind, variable, from, to, lower: lower.item, upper: upper.item, lowerRange: rangeOf(lower, from === to ? from : end), upperRange: rangeOf(upper, from === to ? to : start) });
    if (value === undefined) {
      if (!lower.guarded || !upper.guarded || lower.rest !== upper.rest) continue;
      if (start < end && isPartial(lower.set, upper.set)) found.push(seam("overlap", start, end));
      else if (start > end && isHole(bands, lower.set, upper.set, variable, op) && !all.some((band) => both(band.set, [end, endSide, start, startSide]).length > 0)) found.push(seam("gap", end, start));
      continue;
    }
    const inLower = holds(lower.set, value);
    const inUpper = holds(upper.set, value);
    if (!inLower && !inUpper && !all.some((band) => holds(band.set, value))) found.push(seam("gap", value, value));
    // A band that is a single value meets its neighbours on purpose or not at all.
    else if (inLower && inUpper && (differ || op === "exactly") && lower.set[0]! < value && upper.set[2]! > value) found.push(seam("overlap", value, value));
  }
  return found;
}

/** Each reaches where the other does not: of bands one within the other, the narrower may ask for more on purpose. */
const isPartial = (lower: NumberSet, upper: NumberSet): boolean => lower[0]! < upper[0]! && lower[2]! < upper[2]!;

/**
 * In an "all" list, whoever is in no band fails the list. In others the values between may be meant to be left out, unless the bands
 * run from one end to the other and few are left out, as measured by the lower band's end.
 */
function isHole(bands: readonly Band[], lower: NumberSet, upper: NumberSet, { domain }: Variable, op: "any" | "all" | "exactly"): boolean {
  const [end, start] = [lower[2]!, upper[0]!];
  // "11 and younger" and "12 and older" are neighbours.
  if (start - end === 1 && lower[3] === 1 && upper[1] === 0 && Number.isInteger(end)) return false;
  return op === "all" || (start - end <= Math.abs(end) && bands[0]!.set[0]! <= domain[0]! && bands.some(({ set }) => set[2]! >= domain[domain.length - 2]!));
}

/** The comparison that bounds a band at a value. */
function rangeOf({ item, atoms }: Band, value: number): Range {
  return atoms.find((atom) => Math.abs(atom.set[0]! - value) <= 1 || Math.abs(atom.set[2]! - value) <= 1)?.source ?? atoms[0]?.source ?? placeOf(item);
}
