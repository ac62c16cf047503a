// Going over the tree: the one generic walk that everything else uses.
import { children, type Node } from "./ast.js";

/** Calls `visit` for a node and everything below it, in the order of the text. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of children(node)) walk(child, visit);
}
