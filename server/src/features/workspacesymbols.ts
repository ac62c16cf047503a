// What can be looked for in a whole workspace: policies, statements and criteria, facts, definitions, codes and cases.
import type { Analysis, CriterionSymbol, FactSymbol, PolicyCase } from "../semantics/model.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import type { Range } from "../text.js";
import type { OutlineKind } from "./model.js";
import { readable, shortened } from "./wording.js";

/** Something with a name, at its place in a file. */
export interface Findable extends Range {
  readonly name: string;
  readonly kind: OutlineKind;
  /** Where it belongs: the number and title of its policy. */
  readonly container: string;
}

/** All that can be found in a policy. */
export function findables(analysis: Analysis): readonly Findable[] {
  const { header, document } = analysis;
  const container = [header.number, header.title].filter((word) => word !== undefined && word !== "").join(" ");
  const found: Findable[] = [];
  const add = (kind: OutlineKind, name: string, { start, end }: Range): void => void found.push({ kind, name, start, end, container });
  if (document.header !== undefined) add("policy", container || "policy", document.header.number ?? document.header);
  const fact = (symbol: FactSymbol): void => {
    add("fact", symbol.question === undefined ? factName(symbol) : `${factName(symbol)}: ${shortened(symbol.question, 70)}`, symbol.node.name);
    if (symbol.type.kind === "records") for (const field of symbol.type.fields) fact(field);
  };
  for (const symbol of analysis.facts.values()) fact(symbol);
  for (const symbol of analysis.definitions.values()) add("definition", symbol.name, symbol.node.name);
  for (const symbol of analysis.criteria) if (symbol.role === "criterion") add(symbol.parent === undefined ? "statement" : "criterion", criterionName(analysis, symbol), placeOf(symbol));
  for (const section of document.sections) {
    if (section.kind !== "codes") continue;
    for (const row of section.rows) {
      if (row.kind !== "codeRow" || row.code === undefined) continue;
      const code = `${row.system.text} ${analysis.text.slice(row.code.start, row.code.end)}`;
      add("code", `${code} ${shortened(proseText(readable(analysis), row.description), 70)}`.trimEnd(), row.code);
    }
  }
  for (const each of analysis.cases) add("case", each.name, each.nameRange);
  return found;
}

/** The cases of a case file. */
export const findableCases = (cases: readonly PolicyCase[], container: string): readonly Findable[] =>
  cases.map((each) => ({ kind: "case", name: each.name, start: each.nameRange.start, end: each.nameRange.end, container }));

const factName = ({ owner, name }: FactSymbol): string => (owner === undefined ? name : `${owner}.${name}`);
const placeOf = ({ node }: CriterionSymbol): Range => (node.kind === "criterion" ? node.label ?? node : node.keyword);

function criterionName(analysis: Analysis, { address, node }: CriterionSymbol): string {
  const prose = node.kind === "criterion" ? plainProse(readable(analysis), node.prose) : "";
  return prose === "" ? address : `${address} ${shortened(prose, 100)}`;
}

/**
 * How well a name fits a query, 0 where it does not: every word of the query stands in it, or its letters do in their order.
 * Beginnings of words count more; capital letters do not matter.
 */
export function fit(query: string, name: string): number {
  const wanted = query.trim().toLowerCase();
  const words = name.toLowerCase();
  if (wanted === "") return 1;
  if (words === wanted) return 1000;
  if (words.startsWith(wanted)) return 900 - Math.min(200, words.length);
  let score = 0;
  for (const part of wanted.split(/\s+/u)) {
    const at = words.indexOf(part);
    if (at < 0) return lettersInOrder(wanted.replace(/\s+/gu, ""), words);
    score += at === 0 || /[^\p{L}\p{N}]/u.test(words[at - 1]!) ? 300 : 150;
  }
  return score / Math.max(1, wanted.split(/\s+/u).length) + Math.max(0, 100 - words.length / 2);
}

/** Letters that stand far apart are a chance, not a fit. */
function lettersInOrder(wanted: string, words: string): number {
  let at = -1;
  let gaps = 0;
  for (const letter of wanted) {
    const next = words.indexOf(letter, at + 1);
    if (next < 0) return 0;
    if (at >= 0) gaps += next - at - 1;
    at = next;
  }
  return wanted.length >= 2 && gaps <= wanted.length * 3 ? Math.max(1, 50 - gaps) : 0;
}
