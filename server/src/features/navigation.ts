// Where a symbol is declared and where it is used.
import { entriesFor, normalCode } from "../semantics/codes.js";
import type { Analysis, SymbolRef, SymbolUse } from "../semantics/model.js";
import type { Range } from "../text.js";
import { mentionsIn, usesAt } from "./places.js";
import { walk } from "../syntax/walk.js";

/** A declaration: the name to jump to, and the whole of it to show. */
export interface Target extends Range {
  readonly whole: Range;
  /** The words at the cursor that lead there. */
  readonly origin: Range;
}

/** The declarations of what stands at an offset. */
export function definition(analysis: Analysis, offset: number): readonly Target[] {
  const targets: Target[] = [];
  for (const use of usesAt(analysis, offset)) {
    for (const place of declarations(analysis, use.symbol)) targets.push({ ...place, origin: { start: use.start, end: use.end } });
  }
  return targets;
}

/** Where a symbol is declared, in the text of the analysis. */
export function declarations(analysis: Analysis, symbol: SymbolRef): readonly Omit<Target, "origin">[] {
  const at = (name: Range, whole: Range): Omit<Target, "origin"> => ({ start: name.start, end: name.end, whole: { start: whole.start, end: whole.end } });
  switch (symbol.kind) {
    case "fact": case "definition": return [at(symbol.node.name, symbol.node)];
    case "criterion": return [at(symbol.node.kind === "criterion" ? symbol.node.label ?? symbol.node : symbol.node.keyword, symbol.node)];
    case "reference": return [at(symbol.node.label, symbol.node)];
    case "code": return [at(symbol.node.code ?? symbol.node, symbol.node)];
    case "codeMention": return entriesFor(analysis.codes, symbol.text).filter((entry) => symbol.system === undefined || entry.system === symbol.system).map((entry) => at(entry.node.code ?? entry.node, entry.node));
  }
}

/** Every place where what stands at an offset is used, and declared if that is asked for. */
export function references(analysis: Analysis, offset: number, withDeclaration: boolean): readonly Range[] {
  return placesOf(analysis, offset).filter((use) => withDeclaration || !use.declaration).map((use): Range => ({ start: use.start, end: use.end }));
}

/** The same places, and whether each declares or uses what stands there. */
export function highlights(analysis: Analysis, offset: number): readonly (Range & { readonly declaration: boolean })[] {
  return placesOf(analysis, offset).map(({ start, end, declaration }) => ({ start, end, declaration }));
}

function placesOf(analysis: Analysis, offset: number): readonly SymbolUse[] {
  const keys = new Set(usesAt(analysis, offset).map((use) => keyOf(use.symbol)));
  const uses: SymbolUse[] = [...analysis.uses];
  // Mentions in prose are looked for only when a code is asked after.
  if ([...keys].some((key) => typeof key === "string")) walk(analysis.document, (node) => { if (node.kind === "prose") uses.push(...mentionsIn(analysis, node)); });
  return uses.filter((use) => keys.has(keyOf(use.symbol))).sort((a, b) => a.start - b.start);
}

/** One key for all mentions of a code, listed or not; every other symbol is its own key. */
function keyOf(symbol: SymbolRef): unknown {
  if (symbol.kind === "code") return `code ${normalCode(symbol.code)}`;
  return symbol.kind === "codeMention" ? `code ${normalCode(symbol.text)}` : symbol;
}
