// Bands: items of a list that divide the values of one fact among them, by age or by score, and where two of them meet.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { criterionFormulas, isLeaf, placeOf } from "./criteria.js";
import { type Formula, keyOf, type NumberAtom, type Variable } from "./formula.js";
import { both, EVERYTHING, holds, type NumberSet } from "./sets.js";

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
}

/** Two neighbouring bands and the value at which they do not fit together. */
export interface Seam {
  readonly kind: "gap" | "overlap";
  readonly variable: Variable;
  readonly value: number;
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
  const parts: { readonly item: CriterionSymbol; readonly all: readonly Formula[]; readonly deep: boolean }[] = [];
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
    if (seen.size > 0) parts.push({ item, all, deep: guarded || !isLeaf(item) });
  }
  let groups: Map<Variable, Band[]> | undefined;
  for (const [variable, count] of bounded) {
    if (count < 2) continue;
    groups ??= new Map();
    const bands: Band[] = [];
    for (const { item, all, deep } of parts) {
      const atoms = all.filter((part): part is NumberAtom => part.kind === "number" && part.variable === variable);
      if (atoms.length === 0) continue;
      const others = all.filter((part) => !(part.kind === "number" && part.variable === variable));
      bands.push({ item, deep, atoms, set: atoms.reduce((set, atom) => both(set, atom.set), EVERYTHING), rest: others.map(keyOf).sort().join(" and "), mask: others.reduce((mask, part) => mask | part.mask, 0) });
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
  let found: Seam[] | undefined;
  for (const list of policy.analysis.criteria) {
    if (list.items.length < 2 || list.items.length > MOST_BANDS) continue;
    const op = list.combination?.op;
    const guards = list.items.every((item) => item.guards.length > 0);
    if (op !== "any" && op !== "exactly" && !(op === "all" && guards)) continue;
    let bounded = 0;
    for (const item of list.items) if ((item.guards.length > 0 ? item.guards : item.conditions).some(hasFigure)) bounded++;
    if (bounded < 2) continue;
    const groups = bandsOf(policy, list);
    if (groups === undefined) continue;
    for (const [variable, bands] of groups) for (const seam of seamsOf(variable, bands, op === "exactly")) (found ??= []).push(seam);
  }
  return found ?? NONE;
}
const NONE: readonly never[] = [];

/** True if a condition bounds something by a figure. */
function hasFigure(condition: Condition): boolean {
  switch (condition.kind) {
    case "and": return condition.operands.some(hasFigure);
    case "not": return hasFigure(condition.operand);
    case "definition": return hasFigure(condition.condition);
    case "compare": case "between": case "count": return true;
    default: return false;
  }
}

function seamsOf(variable: Variable, all: readonly Band[], exactly: boolean): readonly Seam[] {
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
    if (value === undefined) continue;
    const inLower = holds(lower.set, value);
    const inUpper = holds(upper.set, value);
    const seam = (kind: Seam["kind"]): Seam => ({ kind, variable, value, lower: lower.item, upper: upper.item, lowerRange: rangeOf(lower, value), upperRange: rangeOf(upper, value) });
    if (!inLower && !inUpper && !all.some((band) => holds(band.set, value))) found.push(seam("gap"));
    // A band that is a single value meets its neighbours on purpose or not at all.
    else if (inLower && inUpper && (differ || exactly) && lower.set[0]! < value && upper.set[2]! > value) found.push(seam("overlap"));
  }
  return found;
}

/** The comparison that bounds a band at a value. */
function rangeOf({ item, atoms }: Band, value: number): Range {
  return atoms.find((atom) => Math.abs(atom.set[0]! - value) <= 1 || Math.abs(atom.set[2]! - value) <= 1)?.source ?? atoms[0]?.source ?? placeOf(item);
}
