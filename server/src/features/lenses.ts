// What can be run from a line: "Evaluate" above a case, "Evaluate all" above the cases.
import type { PolicyCase } from "../semantics/model.js";
import type { Range } from "../text.js";
import type { Lens } from "./model.js";

/** Lenses of the cases that stand in a text; `heading` is where they begin: the `cases` section or key. */
export function lenses(cases: readonly PolicyCase[], uri: string, heading: Range | undefined): readonly Lens[] {
  const own = cases.filter((each) => each.uri === uri);
  const found: Lens[] = own.map((each) => ({ start: each.range.start, end: each.nameRange.end, action: "evaluate", at: each.nameRange.start }));
  if (heading === undefined || own.length === 0) return found;
  return [{ start: heading.start, end: heading.end, action: "evaluate all" }, ...found];
}
