// Which branches of an explanation are shown: the deciding path is always open, what cannot matter may be folded to one line.
import type { CriterionTrace, Explanation } from "../evaluate/model.js";
import { branchWords, leavesOf } from "./words.js";

/**
 * How much of the criteria to show. `all` shows everything; `folded` folds, in a large policy, branches away from the
 * decision of which nothing is met; `path` shows the decision and the criteria asked for, and little else.
 */
export type Detail = "all" | "folded" | "path";

/** What becomes of one criterion: shown with what is below it, on one line with a count, or not at all. */
export type Fold = { readonly show: "open" } | { readonly show: "folded"; readonly words: string } | { readonly show: "hidden" };

/** Policies with no more leaf criteria than this are shown whole: a reviewer takes them in at a glance. */
const SMALL = 16;
/** Where more criteria than this are unknown, those branches of which all are unknown are folded too. */
const MANY_UNKNOWN = 24;
const OPEN: Fold = { show: "open" };
const HIDDEN: Fold = { show: "hidden" };

/** Gives the function that says how each criterion is shown; a statement has depth 0. `wanted` are addresses to keep in sight. */
export function folding(explanation: Explanation, detail: Detail, wanted: readonly string[] = []): (trace: CriterionTrace, depth: number) => Fold {
  const leaves = explanation.statements.flatMap((statement) => leavesOf(statement.criterion));
  if (detail === "all" || (detail === "folded" && leaves.length <= SMALL)) return () => OPEN;
  const manyUnknown = leaves.filter((leaf) => leaf.outcome === "unknown").length > MANY_UNKNOWN;

  const { determination } = explanation;
  const kept = new Set([...explanation.path, ...wanted, ...explanation.missing.filter((item) => item.kind === "criterion").map((item) => item.name)]);
  // What is not met has no met criteria on its path: those that fail an "all" list stand in their place.
  const keepFailing = (trace: CriterionTrace): void => {
    if (trace.outcome !== "not met") return;
    kept.add(trace.address);
    if (trace.combination?.op === "all") for (const item of trace.items) keepFailing(item);
  };
  if (detail === "path" && determination === "refer") for (const { criterion } of explanation.statements) if (explanation.path.includes(criterion.address)) keepFailing(criterion);
  const isKept = (trace: CriterionTrace): boolean => kept.has(trace.address) || trace.items.some(isKept);
  const leftOpen = (trace: CriterionTrace): boolean => trace.leftOpen || trace.items.some(leftOpen);
  const folded = (trace: CriterionTrace): Fold => ({ show: "folded", words: branchWords(trace) });

  return (trace, depth) => {
    if (isKept(trace) || (determination === "refer" && leftOpen(trace))) return OPEN;
    if (detail === "path") {
      if (explanation.path.length > 0) return HIDDEN;
      return depth === 0 || trace.items.length === 0 ? OPEN : folded(trace);
    }
    // Short of an approval, the first level below each statement has to be answered one by one.
    if (depth === 0 || (depth === 1 && determination !== "approve")) return OPEN;
    const below = leavesOf(trace);
    if (below.length === 1 || below.some((leaf) => leaf.outcome === "met")) return OPEN;
    // What is unknown is what a pended case waits for.
    const unknown = below.filter((leaf) => leaf.outcome === "unknown").length;
    if (determination === "pend" && unknown > 0 && !(manyUnknown && unknown === below.length)) return OPEN;
    return folded(trace);
  };
}
