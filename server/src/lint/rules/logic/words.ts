// The words of criteria without what makes no difference: capitals, punctuation, citations, the connector at the end.
import type { Criterion } from "../../../syntax/ast.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import type { LintedPolicy } from "../../policy.js";

// What a character does in the comparison: nothing, stands for itself, or for the letter 32 above; figures, dots and brackets are looked at.
const [SILENT, ITSELF, CAPITAL, BRACKET, POINT] = [0, 1, 2, 3, 4] as const;
const CLASSES = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) CLASSES[unit] = /[a-z0-9<>=%+/]/u.test(String.fromCharCode(unit)) ? ITSELF : /[A-Z]/u.test(String.fromCharCode(unit)) ? CAPITAL : unit === 0x5b ? BRACKET : unit === 0x2e ? POINT : SILENT;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
// Quotation marks, dashes and spaces beyond ASCII are as silent as those within.
const isSilent = (unit: number): boolean => unit === 0xa0 || (unit >= 0x2000 && unit <= 0x206f) || unit === 0xab || unit === 0xbb || unit === 0xad || unit === 0xae || unit === 0x2122;

/** Letters that tell most criteria apart. */
const FIRST_LETTERS = 24;

/** A hash of the letters and figures of prose that count, or of the first of them. */
function hashOf(text: string, start: number, end: number, most = Infinity): number {
  let hash = 0;
  let left = most;
  for (let i = start; i < end; i++) {
    let unit = text.charCodeAt(i);
    const kind = unit < 128 ? CLASSES[unit]! : isSilent(unit) ? SILENT : ITSELF;
    if (kind === SILENT) continue;
    if (kind === CAPITAL) unit += 32;
    else if (kind === BRACKET) {
      const close = isDigit(text.charCodeAt(i + 1)) ? text.indexOf("]", i) : -1;
      if (close > 0 && close < end) i = close;
      continue;
    } else if (kind === POINT && !(isDigit(text.charCodeAt(i + 1)) && isDigit(text.charCodeAt(i - 1)))) continue;
    hash = (Math.imul(hash, 31) + unit) | 0;
    if (--left === 0) break;
  }
  return hash;
}

/** The end of the words: the connector, and what stands behind it, belongs to the list. */
const endOf = ({ prose }: Criterion): number => prose!.connector?.start ?? prose!.end;

/** The words in lower case with one space between them. */
export function wordsOf(policy: LintedPolicy, node: Criterion): string {
  if (node.prose === undefined) return "";
  const text = policy.stretchAt(node.prose.start)?.text.slice(0, endOf(node) - node.prose.start) ?? "";
  return text.toLowerCase().replace(/\[\d[^\]]{0,200}\]/gu, " ").replace(/(?<=\d)\.(?=\d)/gu, "\u0001").replace(/[^\p{L}\p{N}<>=≤≥≠%+/±\u0001]+/gu, " ").replace(/\u0001/gu, ".").trim();
}

/** Criteria with equal words, those that stand alone left out, and groups of which no pair matters. */
export function sameWords(policy: LintedPolicy, criteria: readonly CriterionSymbol[], included: (symbol: CriterionSymbol) => boolean, matters: (first: CriterionSymbol, second: CriterionSymbol) => boolean): readonly (readonly CriterionSymbol[])[] {
  const { text } = policy;
  const first = new Map<number, CriterionSymbol>();
  let more: Map<number, CriterionSymbol[]> | undefined;
  for (const symbol of criteria) {
    const node = symbol.node as Criterion;
    if (node.prose === undefined || !included(symbol)) continue;
    const hash = hashOf(text, node.prose.start, endOf(node), FIRST_LETTERS);
    const there = first.get(hash);
    if (there === undefined) {
      first.set(hash, symbol);
      continue;
    }
    more ??= new Map();
    const group = more.get(hash);
    if (group === undefined) more.set(hash, [there, symbol]);
    else group.push(symbol);
  }
  if (more === undefined) return NONE;
  // The hash is no proof, and comments have been read along.
  const groups: CriterionSymbol[][] = [];
  for (const begun of more.values()) {
    const counts = new Map<number, number>();
    const hashes = begun.map(({ node }) => hashOf(text, (node as Criterion).prose!.start, endOf(node as Criterion)));
    for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    if (counts.size === begun.length) continue;
    const alike = begun.filter((_, i) => counts.get(hashes[i]!)! > 1);
    if (alike.length < 20 && !alike.some((second, i) => alike.slice(0, i).some((first) => matters(first, second)))) continue;
    const byWords = new Map<string, CriterionSymbol[]>();
    for (const symbol of alike) {
      const words = wordsOf(policy, symbol.node as Criterion).replace(/ /gu, "");
      const group = byWords.get(words);
      if (group === undefined) byWords.set(words, [symbol]);
      else group.push(symbol);
    }
    for (const group of byWords.values()) if (group.length > 1) groups.push(group);
  }
  return groups;
}
const NONE: readonly never[] = [];
