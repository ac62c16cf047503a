// Whether the cases show of each single condition that it decides: modified condition/decision coverage over three-valued conditions.
import { assertNever, type Range } from "../text.js";
import type { Condition, CriterionSymbol, Policy, PolicyCase } from "../semantics/model.js";
import { type Decision, groundOf, outcomeOf } from "./compile.js";
import { type Ground, truthOf } from "./conditions.js";
import { criteriaLookedAt, type Tally } from "./coverage.js";
import { ALL, ANY, atLeast, exactly, exactlyOpen, MET, NOT, NOT_MET, OPEN, type Truth, UNKNOWN } from "./kleene.js";
import { evaluatorOf } from "./run.js";

/**
 * What is decided from conditions: a criterion by its own `when`, `unless` and `waived when` lines (its list and its groups
 * take part as they come out), whether it applies by its `if` lines, whether a statement applies by an `applies to` line.
 */
export interface DecisionPoint {
  readonly kind: "criterion" | "guard" | "scope";
  readonly address: string;
  readonly index: number;
  readonly atoms: readonly Atom[];
  readonly tree: Tree;
  readonly blocks: readonly Block[];
}

/** What takes part in a decision as a whole: a list, a group, an attestation. */
type Block = (decision: Decision, ground: Ground, given: PolicyCase) => Truth;

/** A condition without and, or and not in it. One that a decision names twice is one atom, at its first place. */
export interface Atom extends Range {
  readonly condition: Condition;
}

export type Tree =
  | { readonly kind: "all" | "any"; readonly parts: readonly Tree[] }
  /** The opposite of a whole: an exception that is not met. */
  | { readonly kind: "not"; readonly part: Tree }
  /** Negated where it stands below a "not": a criterion that does not apply is neither met nor not met. */
  | { readonly kind: "atom"; readonly atom: number; readonly negated: boolean }
  | { readonly kind: "block"; readonly block: number };

/**
 * What one case shows of each atom, over all decisions in order: a bit for each of the atom met or not met, with the decision
 * met or not met. Without a bit the atom has not decided.
 */
export type Shown = Uint8Array;

export const MET_MET = 1;
export const MET_NOT = 2;
export const NOT_MET_MET = 4;
export const NOT_MET_NOT = 8;

export interface AtomCoverage {
  readonly decision: DecisionPoint;
  readonly atom: Atom;
  /** How many cases show that it decides by being met, and by being not met. */
  readonly met: number;
  readonly notMet: number;
  /** Both, and the decision came out one way in the one and the other way in the other. */
  readonly covered: boolean;
}

export interface ConditionCoverage {
  readonly atoms: readonly AtomCoverage[];
  readonly atomsShown: Tally;
}

/** The decisions of a policy that have conditions, in the order of the text. */
export function decisionPoints(policy: Policy): readonly DecisionPoint[] {
  const found: DecisionPoint[] = [];
  const scopesOf = new Map(policy.statements.map((statement) => [statement.index, statement.scopes] as const));
  for (const symbol of policy.criteria) {
    for (const scope of scopesOf.get(symbol.index) ?? []) {
      if (scope.kind === "condition") found.push(point(symbol, "scope", ({ condition }) => condition(scope.condition)));
    }
    if (symbol.guards.length > 0) found.push(point(symbol, "guard", ({ condition }) => all(symbol.guards.map(condition))));
    if (symbol.conditions.length + symbol.exceptions.length + symbol.waivers.length > 0) found.push(point(symbol, "criterion", (reading) => body(policy, symbol, reading)));
  }
  return found;
}

/** What a case shows of the atoms of `points`. */
export function shownBy(policy: Policy, points: readonly DecisionPoint[], given: PolicyCase): Shown {
  const decision = evaluatorOf(policy).decideCase(given);
  const { program } = decision.evaluator;
  const applies = (statement: number): boolean => decision.truths[program.scopeNodes[statement]!] !== NOT_MET;
  const lookedAt = criteriaLookedAt(policy, given.on, applies);
  const inForce = criteriaLookedAt(policy, given.on, () => true).size > 0;
  const shown = new Uint8Array(points.reduce((sum, { atoms }) => sum + atoms.length, 0));
  let at = 0;
  for (const each of points) {
    const looked = each.kind === "scope" ? inForce : lookedAt.has(each.index) && (each.kind === "guard" || doesApply(decision, each.index));
    if (looked) showIn(each, inputsOf(each, decision, given), shown, at);
    at += each.atoms.length;
  }
  return shown;
}

function doesApply(decision: Decision, index: number): boolean {
  const guard = decision.evaluator.program.guardNodes[index]!;
  return outcomeOf(decision, index) !== "not applicable" && (guard < 0 || decision.truths[guard] === MET);
}

/** How the parts of a decision come out in a case. */
interface Inputs {
  readonly truths: Truth[];
  readonly negations: Truth[];
  readonly blocks: readonly Truth[];
}

function inputsOf({ atoms, blocks }: DecisionPoint, decision: Decision, given: PolicyCase): Inputs {
  const ground = groundOf(decision.evaluator.program, decision.facts, decision.truths);
  const truths = atoms.map(({ condition }) => truthOf(condition, ground));
  return {
    truths,
    negations: atoms.map(({ condition }, i) => (condition.kind === "criterion" ? ground.unmet(condition.index) : NOT[truths[i]!]!)),
    blocks: blocks.map((block) => block(decision, ground, given)),
  };
}

function showIn({ tree }: DecisionPoint, inputs: Inputs, shown: Shown, at: number): void {
  const { truths, negations } = inputs;
  const outcome = valueOf(tree, inputs);
  if (outcome !== MET && outcome !== NOT_MET) return;
  for (const [i, before] of truths.entries()) {
    if (before !== MET && before !== NOT_MET) continue;
    const negation = negations[i]!;
    truths[i] = before === MET ? NOT_MET : MET;
    negations[i] = before;
    // It decides where the decision would not have come out as it did, had the atom alone come out the other way.
    if (valueOf(tree, inputs) !== outcome) shown[at + i] = before === MET ? (outcome === MET ? MET_MET : MET_NOT) : outcome === MET ? NOT_MET_MET : NOT_MET_NOT;
    truths[i] = before;
    negations[i] = negation;
  }
}

/** The coverage of the atoms by cases: what each has shown, as `shownBy` gives it. */
export function conditionCoverage(points: readonly DecisionPoint[], cases: readonly Shown[]): ConditionCoverage {
  let at = 0;
  const atoms = points.flatMap((decision) => decision.atoms.map((atom): AtomCoverage => {
    let bits = 0;
    let met = 0;
    let notMet = 0;
    for (const shown of cases) {
      bits |= shown[at]!;
      if ((shown[at]! & (MET_MET | MET_NOT)) !== 0) met++;
      else if (shown[at]! !== 0) notMet++;
    }
    at++;
    const pair = (one: number): boolean => (bits & one) === one;
    return { decision, atom, met, notMet, covered: pair(MET_MET | NOT_MET_NOT) || pair(MET_NOT | NOT_MET_MET) };
  }));
  return { atoms, atomsShown: { covered: atoms.filter(({ covered }) => covered).length, total: atoms.length } };
}

// ── Decisions from symbols ────────────────────────────────────────────────────────────────────────────────────────────
interface Reading {
  condition(condition: Condition): Tree;
  block(block: Block): Tree;
}

function point(symbol: CriterionSymbol, kind: DecisionPoint["kind"], read: (reading: Reading) => Tree): DecisionPoint {
  const atoms: Atom[] = [];
  const blocks: Block[] = [];
  const places = new Map<string, number>();
  // A definition's words stand elsewhere: its atoms are marked where it is used.
  const placeOf = ({ source }: Condition, around: Range): Range => (source.start >= around.start && source.end <= around.end ? source : around);
  const tree = (condition: Condition, negated: boolean, around: Range): Tree => {
    const at = placeOf(condition, around);
    switch (condition.kind) {
      // Below a "not", and and or change places (De Morgan).
      case "and": case "or": return { kind: (condition.kind === "and") === negated ? "any" : "all", parts: condition.operands.map((operand) => tree(operand, negated, at)) };
      case "not": return tree(condition.operand, !negated, at);
      case "definition": return tree(condition.condition, negated, at);
      default: {
        const key = meaningOf(condition);
        let atom = places.get(key);
        if (atom === undefined) {
          atom = atoms.push({ condition, start: at.start, end: at.end }) - 1;
          places.set(key, atom);
        }
        return { kind: "atom", atom, negated };
      }
    }
  };
  const whole = read({ condition: (condition) => tree(condition, false, condition.source), block: (block) => ({ kind: "block", block: blocks.push(block) - 1 }) });
  return { kind, address: symbol.address, index: symbol.index, atoms, tree: whole, blocks };
}

/** The same for conditions that mean the same, wherever and however they are written. */
function meaningOf(condition: Condition): string {
  return JSON.stringify(condition, (key, value: unknown) => {
    if (key === "source" || key === "written" || key === "span") return undefined;
    if (typeof value === "object" && value !== null && "name" in value && "node" in value) return `${"owner" in value ? String(value.owner) : ""} ${String(value.name)}`;
    return value;
  });
}

const all = (parts: readonly Tree[]): Tree => ({ kind: "all", parts });

/** How a criterion comes out from its own lines, as it is compiled: conditions, groups and list, or a waiver, and no exception. */
function body(policy: Policy, symbol: CriterionSymbol, { condition, block }: Reading): Tree {
  const group = ({ index }: CriterionSymbol): Tree => block((_, ground) => ground.criterion(index));
  const parts: Tree[] = [...symbol.conditions.map(condition), ...symbol.conditionGroups.map(group)];
  if (symbol.items.length > 0) parts.push(block((_, ground) => listTruth(symbol, ground)));
  if (symbol.allOthers) parts.push(block((decision) => othersTruth(policy, decision)));
  if (symbol.attested) parts.push(block((_, __, given) => attestedTruth(given.attested.get(symbol.address))));
  const waivers = [...symbol.waivers.map(condition), ...symbol.waiverGroups.map(group)];
  const base: Tree = waivers.length > 0 ? { kind: "any", parts: [all(parts), ...waivers] } : all(parts);
  const exceptions = [...symbol.exceptions.map(condition), ...symbol.exceptionGroups.map(group)];
  return exceptions.length === 0 ? base : all([base, ...exceptions.map((part): Tree => ({ kind: "not", part }))]);
}

const attestedTruth = (outcome: string | undefined): Truth => (outcome === "met" ? MET : outcome === "not met" ? NOT_MET : UNKNOWN);

/** "For all other indications": no statement of medical necessity is met. */
function othersTruth(policy: Policy, { truths, evaluator }: Decision): Truth {
  const { statementNodes } = evaluator.program;
  const bits = policy.statements.reduce((joined, { statement }, i) => (statement === "necessary" ? joined | truths[statementNodes[i]!]! : joined), 0);
  return NOT[ANY[bits]!]!;
}

function listTruth(symbol: CriterionSymbol, ground: Ground): Truth {
  const { op, count, open } = symbol.combination ?? { op: "all", count: 0, open: false };
  const truths = symbol.items.map(({ index }) => ground.criterion(index));
  const some = truths.reduce((bits, value) => bits | value, 0);
  const tally = (wanted: Truth): number => truths.filter((value) => value === wanted).length;
  const anyOf = (): Truth => (open ? ((some & MET) !== 0 ? MET : (some & UNKNOWN) !== 0 ? UNKNOWN : OPEN) : ANY[some]!);
  switch (op) {
    case "any": return anyOf();
    case "none": return NOT[anyOf()]!;
    case "at-least": {
      const value = atLeast(count, tally(MET), tally(UNKNOWN), tally(OPEN));
      return value === NOT_MET && open ? OPEN : value;
    }
    case "exactly": return open ? exactlyOpen(count, tally(MET), tally(UNKNOWN)) : exactly(count, tally(MET), tally(UNKNOWN), tally(OPEN));
    case "all": {
      // An item that does not apply is left out; where none applies, the list is not met.
      let bits = 0;
      let guards = 0;
      let guarded = true;
      symbol.items.forEach((item, i) => {
        const guard = ALL[item.guards.reduce((joined, condition) => joined | truthOf(condition, ground), 0)]!;
        guards |= guard;
        if (item.guards.length === 0) guarded = false;
        bits |= item.guards.length === 0 ? truths[i]! : ANY[NOT[guard]! | truths[i]!]!;
      });
      return ALL[bits | (guarded ? ANY[guards]! : 0)]!;
    }
    default: return assertNever(op);
  }
}

function valueOf(tree: Tree, inputs: Inputs): Truth {
  switch (tree.kind) {
    case "all": case "any": {
      let bits = 0;
      for (const part of tree.parts) bits |= valueOf(part, inputs);
      return (tree.kind === "all" ? ALL : ANY)[bits]!;
    }
    case "not": return NOT[valueOf(tree.part, inputs)]!;
    case "atom": return (tree.negated ? inputs.negations : inputs.truths)[tree.atom]!;
    case "block": return inputs.blocks[tree.block]!;
  }
}

/** How a decision comes out in a case: the same as the evaluator finds, which a test checks. */
export function decisionIn(policy: Policy, decided: DecisionPoint, given: PolicyCase): Truth {
  return valueOf(decided.tree, inputsOf(decided, evaluatorOf(policy).decideCase(given), given));
}
