// What a change means for cases: their determinations under both versions, as plain data.
import type { CriterionTrace, Explanation } from "../evaluate/model.js";
import { reasonsOf } from "./words.js";

/** What became of a case. `flips`: another determination. `otherwise`: the same, decided by other criteria. */
export type CaseChange = "flips" | "otherwise" | "same" | "not evaluated";

/** One case under both versions. */
export interface CaseImpact {
  readonly name: string;
  /** The file it stands in, and its line. */
  readonly path: string;
  readonly line: number;
  readonly change: CaseChange;
  readonly before?: Explanation | undefined;
  readonly after?: Explanation | undefined;
  /** What became of the criterion that decided in the other version: one line for the version before, one for the new one. */
  readonly why?: { readonly before?: string | undefined; readonly after?: string | undefined } | undefined;
  /** Facts and answers of the case that one of the versions does not ask for. */
  readonly left: readonly { readonly version: "old" | "new"; readonly names: readonly string[] }[];
  /** Why it was not evaluated. */
  readonly reason?: string | undefined;
}

/** All cases under both versions. */
export interface Impact {
  readonly cases: readonly CaseImpact[];
  /** The versions are in force at different times; the cases were decided as if both were in force on the date of service. */
  readonly otherDates: boolean;
  /** Versions that have errors and cannot be evaluated. */
  readonly broken: readonly ("old" | "new")[];
}

/** `approve by I.E.2.a` */
export function cameTo({ determination, decidedBy, path }: Explanation): string {
  // A statement of medical necessity decides what it approves; what is pended or referred for want of it, it leaves open.
  const decides = decidedBy !== undefined && (determination === "approve" || (determination === "refer" && decidedBy.kind !== "necessary"));
  const deepest = deepestOf(path);
  return !decides ? determination : `${determination} by ${deepest.length === 1 ? deepest[0]! : decidedBy.address}`;
}

/** Of a deciding path, the criteria that lie deepest: one of several is never the one that decided. */
export const deepestOf = (path: readonly string[]): readonly string[] => path.filter((address) => !path.some((other) => other.startsWith(`${address}.`)));

/** How a criterion came out, with the reason: `I.A is not met: age is 19 years, which is less than 21 years`. */
export function outcomeWords({ statements }: Explanation, address: string): string | undefined {
  const found = (trace: CriterionTrace): CriterionTrace | undefined => {
    if (trace.role === "criterion" && trace.address === address) return trace;
    for (const item of trace.items) {
      const below = address.startsWith(item.address) || item.role !== "criterion" ? found(item) : undefined;
      if (below !== undefined) return below;
    }
    return undefined;
  };
  for (const { criterion } of statements) {
    const trace = found(criterion);
    if (trace === undefined) continue;
    const reasons = reasonsOf(trace);
    return `${address} is ${trace.outcome}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
  }
  return undefined;
}

/** The figures in one sentence. */
export function impactWords({ cases, broken }: Impact): string {
  if (broken.length > 0) return `No case was evaluated: the ${broken.join(" and the ")} version has errors (\`policy lint\` shows them).`;
  if (cases.length === 0) return "There are no cases to tell what the change means.";
  const count = (change: CaseChange): number => cases.filter((each) => each.change === change).length;
  const [flips, otherwise, not] = [count("flips"), count("otherwise"), count("not evaluated")];
  const parts = [flips === 0 ? `No determination changes (${cases.length} ${cases.length === 1 ? "case" : "cases"})` : `${flips} of ${cases.length} ${cases.length === 1 ? "case comes" : "cases come"} to another determination`];
  if (otherwise > 0) parts.push(`${otherwise} ${otherwise === 1 ? "is" : "are"} decided by other criteria`);
  if (not > 0) parts.push(`${not} could not be evaluated`);
  return `${parts.join("; ")}.`;
}

export const OTHER_DATES = "The versions are in force at different times; each case was decided as if both were in force on its date of service.";

/** The cases that a reader has to look at, those with another determination first. */
export function worthSeeing({ cases }: Impact): readonly CaseImpact[] {
  const rank = { flips: 0, otherwise: 1, "not evaluated": 2, same: 3 };
  return cases.filter(({ change }) => change !== "same").sort((a, b) => rank[a.change] - rank[b.change]);
}
