// Hover: what stands at a place and what it means.
import type { Analysis, SymbolUse } from "../semantics/model.js";
import type { Node } from "../syntax/ast.js";
import { codeMarkdown, codeOf, type CodeAt, type CodeContext, patternText } from "./hover/codes.js";
import { citationMarkdown, citationNumbers, criterionMarkdown, definitionMarkdown, factMarkdown, type Known, referenceEntryMarkdown } from "./hover/symbols.js";
import { wordHover } from "./hover/words.js";
import type { Hover } from "./model.js";
import { nodePath, usesAt } from "./places.js";
import { touches } from "../text.js";

/** What a hover may draw on besides the policy. */
export interface HoverContext extends CodeContext, Known {}

/** What stands at an offset, as Markdown; undefined where there is nothing to say. */
export function hover(analysis: Analysis, offset: number, context: HoverContext): Hover | undefined {
  const path = nodePath(analysis.document, offset);
  return citationHover(analysis, path, offset) ?? symbolHover(analysis, path, offset, context) ?? wordHover(analysis, path, offset);
}

/** The code at an offset, so that code files are only read where there is one. */
export function codeAt(analysis: Analysis, offset: number): CodeAt | undefined {
  for (const use of usesAt(analysis, offset)) {
    const found = codeOf(use.symbol);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether what stands at an offset is exercised by cases, so that they are only run where a hover tells of them. */
export function concernsCases(analysis: Analysis, offset: number): boolean {
  return usesAt(analysis, offset).some(({ symbol }) => symbol.kind === "criterion" || symbol.kind === "fact");
}

/** Over one number or range of a citation its references, over the brackets all of them. */
function citationHover(analysis: Analysis, path: readonly Node[], offset: number): Hover | undefined {
  const citation = path[path.length - 1];
  if (citation?.kind !== "citation") return undefined;
  const part = citation.numbers.find((each) => touches(each, offset));
  const numbers = part === undefined ? citationNumbers(citation) : citationNumbers({ ...citation, numbers: [part] });
  return { start: (part ?? citation).start, end: (part ?? citation).end, markdown: citationMarkdown(analysis, numbers) };
}

function symbolHover(analysis: Analysis, path: readonly Node[], offset: number, context: HoverContext): Hover | undefined {
  const uses = usesAt(analysis, offset);
  return uses[0] === undefined ? undefined : useHover(analysis, uses, path, context);
}

/** What the uses of symbols at one place mean. The uses may stand in a case file; then there is no path. */
export function useHover(analysis: Analysis, uses: readonly SymbolUse[], path: readonly Node[], context: HoverContext): Hover {
  const use = uses[0]!;
  const place = { start: use.start, end: use.end };
  const { symbol } = use;
  switch (symbol.kind) {
    case "fact": return { ...place, markdown: factMarkdown(analysis, symbol, context) };
    case "definition": return { ...place, markdown: definitionMarkdown(analysis, symbol) };
    case "criterion": return { ...place, markdown: criterionMarkdown(analysis, symbol, context) };
    case "reference": return { ...place, markdown: use.declaration ? referenceEntryMarkdown(analysis, symbol.number) : citationMarkdown(analysis, uses.flatMap((each) => (each.symbol.kind === "reference" ? [each.symbol.number] : []))) };
    case "code": case "codeMention": {
      const pattern = path[path.length - 1];
      const code = codeOf(symbol)!;
      return { ...place, markdown: codeMarkdown(analysis, code, pattern?.kind === "code" ? patternText(pattern) : code.code, context) };
    }
  }
}
