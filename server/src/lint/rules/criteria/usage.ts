// What is used in a policy: facts, fields and definitions that a criterion, a scope or a definition in use asks for.
import type { DefinitionSymbol, FactSymbol } from "../../../semantics/model.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";

/** Facts, fields and definitions that decide something. Cases only give facts, so they do not count. */
export function inUse({ analysis }: LintedPolicy): ReadonlySet<FactSymbol | DefinitionSymbol> {
  const used = new Set<FactSymbol | DefinitionSymbol>();
  const cases: Range[] = [];
  const defining: Range[] = [];
  for (const section of analysis.document.sections) {
    if (section.kind === "cases") cases.push(section);
    else if (section.kind === "define") defining.push(section);
  }
  const lastCases = cases.at(-1);
  // What a definition asks for counts once the definition is used.
  const within = new Map<DefinitionSymbol, (FactSymbol | DefinitionSymbol)[]>();
  const defined = defining.length === 0 ? [] : [...analysis.definitions.values()].sort((a, b) => a.node.start - b.node.start);
  let at = 0;
  for (const { symbol, declaration, start } of analysis.uses) {
    if (lastCases !== undefined && start >= lastCases.start && cases.length === 1 && start < lastCases.end) {
      if (lastCases.end >= analysis.text.trimEnd().length) break;
      continue;
    }
    if (declaration || (symbol.kind !== "fact" && symbol.kind !== "definition") || used.has(symbol)) continue;
    if (defining.some((section) => section.start <= start && start < section.end)) {
      while (at + 1 < defined.length && defined[at + 1]!.node.start <= start) at++;
      const definition = defined[at];
      if (definition === undefined) continue;
      const asked = within.get(definition);
      if (asked === undefined) within.set(definition, [symbol]);
      else asked.push(symbol);
    } else used.add(symbol);
  }
  if (within.size > 0) {
    const open = [...used];
    for (let symbol = open.pop(); symbol !== undefined; symbol = open.pop()) {
      if (symbol.kind !== "definition") continue;
      for (const asked of within.get(symbol) ?? []) {
        if (used.has(asked)) continue;
        used.add(asked);
        open.push(asked);
      }
    }
  }
  return used;
}
