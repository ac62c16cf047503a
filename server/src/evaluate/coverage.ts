// How far the cases of a policy go: which criteria they decide, and in which ways each has come out. Figures and markings are one.
import type { Condition, CriterionSymbol, Policy } from "../semantics/model.js";
import { periodOf } from "../semantics/period.js";
import { readDate } from "../syntax/dates.js";
import type { Range } from "../text.js";
import { referred } from "./compile.js";
import type { CriterionTrace, Explanation } from "./model.js";

/** The ways in which a criterion can come out. An open list on which nothing matches is left to a clinician. */
export const BRANCHES = ["met", "not met", "left to a clinician", "unknown"] as const;
export type Branch = (typeof BRANCHES)[number];

/** A criterion that cases can look at, at the words that say it. */
export interface CoverableCriterion extends Range {
  readonly address: string;
  /** The ways in which it can come out at all. */
  readonly branches: readonly Branch[];
}

/**
 * What one case has seen: for each coverable criterion 0 where it said nothing of the request (its statement speaks of
 * other requests, or it does not apply), else one more than the place of its way in `BRANCHES`.
 */
export type Seen = Uint8Array;

export interface Tally {
  readonly covered: number;
  readonly total: number;
}

export interface CriterionCoverage {
  readonly criterion: CoverableCriterion;
  /** How many cases decided it: met, not met or left to a clinician. A case that leaves it unknown decides nothing. */
  readonly decided: number;
  /** How many cases it came out in each way in. */
  readonly branches: readonly { readonly branch: Branch; readonly cases: number }[];
}

export interface Coverage {
  readonly criteria: readonly CriterionCoverage[];
  /** Criteria that at least one case decides. */
  readonly criteriaSeen: Tally;
  /** Ways of coming out that at least one case shows. */
  readonly branchesSeen: Tally;
}

/** The criteria of a policy that cases can look at, in the order of the text. */
export function coverable(policy: Policy): readonly CoverableCriterion[] {
  return labelled(policy).map((symbol) => ({ address: symbol.address, ...wordsOf(symbol), branches: branchesOf(symbol) }));
}

const labelled = (policy: Policy): readonly CriterionSymbol[] => policy.criteria.filter((symbol) => symbol.role === "criterion");

function wordsOf({ node }: CriterionSymbol): Range {
  const end = node.kind === "criterion" ? (node.prose?.end ?? node.label?.end ?? node.end) : node.end;
  return { start: node.start, end };
}

/** The ways in which a criterion can come out; what can never be shown is not asked for. */
function branchesOf(symbol: CriterionSymbol): readonly Branch[] {
  if (symbol.scopeOnly) return ["met"];
  const { combination, conditions, conditionGroups, exceptions, exceptionGroups, waivers, waiverGroups, guards, items } = symbol;
  const plain = conditions.length + conditionGroups.length === 0;
  const excepted = exceptions.length + exceptionGroups.length > 0;
  const waived = waivers.length + waiverGroups.length > 0;
  const open = combination?.open === true && items.length > 0;
  const possible = new Set<Branch>(["met", "not met", "unknown"]);
  if (open) {
    possible.add("left to a clinician");
    if ((combination.op === "any" || combination.op === "at-least") && plain && !excepted) possible.delete("not met");
    if ((combination.op === "none" || combination.op === "exactly") && !waived) possible.delete("met");
  }
  const simple = items.length + conditionGroups.length + exceptionGroups.length + waiverGroups.length + guards.length === 0 && conditions.length > 0;
  if (simple && !symbol.allOthers && [...conditions, ...exceptions, ...waivers].every(alwaysSettled)) possible.delete("unknown");
  return BRANCHES.filter((branch) => possible.has(branch));
}

/** Only what asks whether something is known can never be unknown itself. */
function alwaysSettled(condition: Condition): boolean {
  switch (condition.kind) {
    case "known": return true;
    case "and": case "or": return condition.operands.every(alwaysSettled);
    case "not": return alwaysSettled(condition.operand);
    case "definition": return alwaysSettled(condition.condition);
    default: return false;
  }
}

/** What one case has seen of the coverable criteria of its policy. */
export function seenBy(policy: Policy, { statements, outcomes, on }: Explanation): Seen {
  const day = readDate(on, 0).day ?? periodOf(policy.analysis).from;
  const lookedAt = criteriaLookedAt(policy, day, (i) => statements[i]!.applies !== "not met" && statements[i]!.applies !== "not applicable");
  const leftOpen = new Set<string>();
  for (const { criterion } of statements) noteOpen(criterion, leftOpen);
  return Uint8Array.from(labelled(policy), ({ index, address }) => {
    const outcome = outcomes[address];
    if (!lookedAt.has(index) || outcome === undefined || outcome === "not applicable") return 0;
    return 1 + BRANCHES.indexOf(outcome === "unknown" && leftOpen.has(address) ? "left to a clinician" : outcome);
  });
}

/**
 * The criteria that a case says something of, by index: those of statements that may speak of its request, with all that they
 * refer to. Outside of the time in which it is in force the policy speaks of no request, whatever its criteria come to.
 */
export function criteriaLookedAt(policy: Policy, day: number, applies: (statement: number) => boolean): ReadonlySet<number> {
  const found = new Set<number>();
  const { from, until } = periodOf(policy.analysis);
  if (day < from || day > until) return found;
  policy.statements.forEach(({ index }, i) => {
    if (applies(i)) lookAt(policy, policy.criteria[index]!, found);
  });
  return found;
}

/** A criterion with all below it and all that its conditions refer to, whatever statement that stands in. */
function lookAt(policy: Policy, from: CriterionSymbol, found: Set<number>): void {
  const waiting = [from];
  for (let symbol = waiting.pop(); symbol !== undefined; symbol = waiting.pop()) {
    if (found.has(symbol.index)) continue;
    found.add(symbol.index);
    waiting.push(...symbol.items, ...symbol.conditionGroups, ...symbol.exceptionGroups, ...symbol.waiverGroups);
    for (const condition of [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards]) {
      for (const index of referred(condition)) waiting.push(policy.criteria[index]!);
    }
  }
}

function noteOpen(trace: CriterionTrace, found: Set<string>): void {
  if (trace.leftOpen && trace.role === "criterion") found.add(trace.address);
  for (const item of trace.items) noteOpen(item, found);
}

/** The coverage of a policy by cases: what each has seen, as `seenBy` gives it. */
export function coverageOf(criteria: readonly CoverableCriterion[], cases: readonly Seen[]): Coverage {
  const found = criteria.map((criterion, i): CriterionCoverage => {
    const counts = BRANCHES.map(() => 0);
    for (const seen of cases) if (seen[i]! > 0) counts[seen[i]! - 1]!++;
    const of = (branch: Branch): number => counts[BRANCHES.indexOf(branch)]!;
    const left = of("left to a clinician");
    return {
      criterion,
      decided: of("met") + of("not met") + left,
      // A list that is not open itself can wait for an open one below it: for itself it is unknown then.
      branches: criterion.branches.map((branch) => ({ branch, cases: of(branch) + (branch === "unknown" && !criterion.branches.includes("left to a clinician") ? left : 0) })),
    };
  });
  const branches = found.flatMap((each) => each.branches);
  return {
    criteria: found,
    criteriaSeen: { covered: found.filter((each) => each.decided > 0).length, total: found.length },
    branchesSeen: { covered: branches.filter((each) => each.cases > 0).length, total: branches.length },
  };
}
