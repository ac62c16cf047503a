// What stands above a line: "Evaluate" above a case, "Evaluate all" above the cases, how the cases come out, how often a name is used.
import type { Analysis, PolicyCase, SymbolRef } from "../semantics/model.js";
import type { Range } from "../text.js";
import type { Lens } from "./model.js";

/** Lenses of the cases that stand in a text; `heading` is where they begin: the `cases` section or key. */
export function lenses(cases: readonly PolicyCase[], uri: string, heading: Range | undefined): readonly Lens[] {
  const own = cases.filter((each) => each.uri === uri);
  const found: Lens[] = own.map((each) => ({ start: each.range.start, end: each.nameRange.end, action: "evaluate", at: each.nameRange.start }));
  if (heading === undefined || own.length === 0) return found;
  return [{ start: heading.start, end: heading.end, action: "evaluate all" }, ...found];
}

/** A lens above the criteria (above the header where there are none) that says how the cases come out. */
export function summaryLens({ document }: Analysis): Lens | undefined {
  const place = document.sections.find((section) => section.kind === "criteria")?.heading ?? document.header;
  return place === undefined ? undefined : { start: place.start, end: place.start + 1, action: "summary" };
}

/** How often each fact, definition and statement is used, above its declaration. */
export function referenceLenses(analysis: Analysis): readonly Lens[] {
  const counts = new Map<SymbolRef, number>();
  for (const { symbol, declaration } of analysis.uses) if (!declaration) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const lens = (symbol: SymbolRef, name: Range): Lens => ({ start: name.start, end: name.end, action: "references", at: name.start, count: counts.get(symbol) ?? 0 });
  return [
    ...[...analysis.facts.values()].map((fact) => lens(fact, fact.node.name)),
    ...[...analysis.definitions.values()].map((definition) => lens(definition, definition.node.name)),
    ...analysis.criteria.filter(({ parent, node }) => parent === undefined && node.kind === "criterion" && node.label !== undefined).map((criterion) => lens(criterion, criterion.node.kind === "criterion" ? criterion.node.label! : criterion.node)),
  ];
}
