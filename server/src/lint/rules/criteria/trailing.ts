// Connectors behind the last item of a list, with what follows in the lists around it.
import type { Fix } from "../../../diagnostic.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import type * as A from "../../../syntax/ast.js";
import type { LintedPolicy } from "../../policy.js";

export interface ConnectorAtEnd {
  /** The last item of its list. */
  readonly item: CriterionSymbol;
  readonly connector: A.Connector;
  /** The nearest list around it that goes on, and the item with which it does. */
  readonly list?: CriterionSymbol | undefined;
  readonly next?: CriterionSymbol | undefined;
}

/** The connectors of last items. */
export function connectorsAtEnd({ criteria }: LintedPolicy): readonly ConnectorAtEnd[] {
  let found: ConnectorAtEnd[] | undefined;
  for (const item of criteria) {
    const connector = item.node.kind === "criterion" ? item.node.prose?.connector : undefined;
    const { parent } = item;
    // A single item, and one that goes on with a list of its own, say something else.
    if (connector === undefined || parent === undefined || item.items.length > 0 || parent.items.length < 2 || parent.items.at(-1) !== item) continue;
    (found ??= []).push({ item, connector, ...following(parent) });
  }
  return found ?? NONE;
}
const NONE: readonly ConnectorAtEnd[] = [];

function following(from: CriterionSymbol): { readonly list?: CriterionSymbol; readonly next?: CriterionSymbol } {
  for (let here = from; here.parent !== undefined; here = here.parent) {
    const { items } = here.parent;
    const at = items.indexOf(here);
    // Items of an `unless` or `waived when` stand beside the list of their criterion.
    const next = at < 0 ? items.find((item) => item.node.start >= here.node.end) : items[at + 1];
    if (next !== undefined) return { list: here.parent, next };
  }
  return {};
}

/** The fix that takes a connector away, with the semicolon before it. */
export const removal = (connector: A.Connector, title: string, safe: boolean): Fix => ({ title, edits: [{ start: connector.start, end: connector.end, text: "" }], safe });
