// What lint rules ask of lists of criteria: where an item begins, what it belongs to, and what follows it.
import { hasErrors } from "../../../diagnostic.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import type * as A from "../../../syntax/ast.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";

/** The label of a criterion, or the keyword of a group: where a finding about the whole of it stands. */
export function headOf({ node }: CriterionSymbol): Range {
  const at = node.kind === "criterion" ? node.label ?? node.prose ?? node : node.keyword;
  return { start: at.start, end: at.end };
}

/** The criterion that a node of the tree stands for. */
export function symbolOf(policy: LintedPolicy, node: A.Node): CriterionSymbol | undefined {
  return policy.once(symbolsByNode).get(node);
}
const symbolsByNode = ({ analysis }: LintedPolicy): ReadonlyMap<A.Node, CriterionSymbol> => new Map(analysis.criteria.map((symbol) => [symbol.node, symbol]));

/** Whether a criterion has a condition of its own, which says exactly what its words mean. */
export const isComputed = ({ node }: CriterionSymbol): boolean => node.body.some((entry) => entry.kind === "when");

/** Whether the text could not be read as it stands, so that something that is missing may only not have been read. */
export const isBroken = ({ analysis }: LintedPolicy): boolean => hasErrors(analysis.parsed.diagnostics);
