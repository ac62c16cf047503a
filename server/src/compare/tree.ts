// The criteria of a version as a tree to compare: each with its words, the meaning of its conditions and what stands below it.
import type { Analysis, Condition, CriterionSymbol, StatementSymbol } from "../semantics/model.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import type { Citation, Prose } from "../syntax/ast.js";
import { folded } from "../text.js";
import { conditionKey, type Naming } from "./keys.js";
import { type Bag, bagOf } from "./similar.js";

export type Clause = "when" | "unless" | "waived when" | "if";

/** A criterion, or a group of a clause, of one version. */
export interface Item {
  readonly index: number;
  readonly symbol: CriterionSymbol;
  /** Label as written without its marks; empty for bullets and groups. */
  readonly label: string;
  readonly parent: Item | undefined;
  readonly children: Item[];
  readonly words: string;
  readonly bag: Bag;
  /** Role, words and conditions, to find what has stayed. */
  readonly own: string;
  readonly conditions: string;
  /** The same with all that stands below; filled in from the leaves up. */
  whole: string;
  size: number;
  match: Item | undefined;
}

/** One version of a policy, ready to be compared. */
export interface Version {
  readonly analysis: Analysis;
  readonly source: { readonly text: string; readonly comments: Analysis["document"]["comments"] };
  readonly items: readonly Item[];
  readonly roots: readonly Item[];
}

/** The words of prose without citations, connector and the phrase that says how its list decides. */
export function bareWords(source: Version["source"], prose: Prose | undefined): string {
  if (prose === undefined) return "";
  const words = plainProse(source, prose);
  if (prose.combinator === undefined) return words;
  const phrase = folded(source.text.slice(prose.combinator.start, prose.combinator.end));
  const at = words.lastIndexOf(phrase);
  return at < 0 ? words : folded(`${words.slice(0, at)} ${words.slice(at + phrase.length)}`).replace(/[\s:;,]+$/u, "");
}

/** The clauses of a criterion with their conditions. */
export const clausesOf = (symbol: CriterionSymbol): readonly (readonly [Clause, readonly Condition[]])[] =>
  [["when", symbol.conditions], ["unless", symbol.exceptions], ["waived when", symbol.waivers], ["if", symbol.guards]];

/** The prose of a criterion; groups have none. */
export const proseOf = ({ node }: CriterionSymbol): Prose | undefined => (node.kind === "criterion" ? node.prose : undefined);

/** The citations of a criterion: of its prose, and behind a condition on its line. */
export function citationsOf({ node }: CriterionSymbol): readonly Citation[] {
  if (node.kind !== "criterion") return node.citations;
  const behind = node.body.flatMap((entry) => ((entry.kind === "when" || entry.kind === "unless" || entry.kind === "if") && entry.inline === true ? entry.citations : []));
  return [...(node.prose?.citations ?? []), ...behind];
}

/** The version of an analysis as a tree of items, `naming` as its conditions are called in both. */
export function versionOf(analysis: Analysis, fact: Naming["fact"]): Version {
  const source = { text: analysis.text, comments: analysis.document.comments };
  const words = analysis.criteria.map((symbol) => bareWords(source, proseOf(symbol)));
  const naming: Naming = { fact, definition: (name) => name, criterion: (index) => words[index] ?? "" };
  const bySymbol = new Map<CriterionSymbol, Item>();
  const items: Item[] = [];
  const roots: Item[] = [];
  for (const symbol of analysis.criteria) {
    const { node } = symbol;
    const parent = symbol.parent === undefined ? undefined : bySymbol.get(symbol.parent);
    const conditions = clausesOf(symbol).flatMap(([clause, list]) => list.map((each) => `${clause} ${conditionKey(each, naming)}`)).join("\n");
    const text = words[symbol.index] ?? "";
    const item: Item = {
      index: items.length, symbol, parent, children: [], words: text, bag: bagOf(text), conditions,
      label: node.kind === "criterion" ? (node.label?.segment ?? "") : "",
      own: `${symbol.role}\n${text.toLowerCase()}\n${conditions}`, whole: "", size: 1, match: undefined,
    };
    bySymbol.set(symbol, item);
    items.push(item);
    (parent?.children ?? roots).push(item);
  }
  // Numbers stand for texts, so that what is large is not written out at every level.
  for (const item of [...items].reverse()) {
    item.size = item.children.reduce((sum, child) => sum + child.size, 1);
    item.whole = short(`${item.own}\n${item.symbol.combination?.op ?? ""}${item.symbol.combination?.count ?? ""}\n${item.children.map((child) => child.whole).join(",")}`);
  }
  return { analysis, source, items, roots };
}

/** A text in 28 letters at most: two hashes and its length. Equal for equal texts; a clash would only make a worse match. */
function short(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b + unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${text.length}`;
}

/** What a statement determines. */
export const statementOf = ({ symbol }: Item): StatementSymbol | undefined => (symbol.parent === undefined ? symbol.statement : undefined);

/** A stretch of a version's text as a sentence. */
export const said = ({ source }: Version, range: { readonly start: number; readonly end: number }): string => proseText(source, range);
