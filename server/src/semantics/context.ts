// What the checks of one text share while they run: the findings so far, the uses of symbols, and "did you mean".
import { distance } from "fastest-levenshtein";
import { diagnostic, type Diagnostic, type DiagnosticCode, type DiagnosticExtra } from "../diagnostic.js";
import type { Criterion, FactDeclaration } from "../syntax/ast.js";
import type { ReadableText } from "./prosetext.js";
import { type Range, sentenceList } from "../text.js";
import type { CriterionSymbol, DefinitionSymbol, FactSymbol, SymbolRef, SymbolUse } from "./model.js";

/** A use of a symbol as the checks note it; the analysis gives them in the order of the text. */
export interface NotedUse {
  readonly at: Range;
  readonly symbol: SymbolRef;
  readonly declaration: boolean;
}

/** More findings than this are counted, not shown; evaluation still knows of them all. */
const MOST_DIAGNOSTICS = 1000;

/** A statement without findings that refers to nothing but facts: it can be taken over by the next version of the text. */
export interface CheckedStatement {
  readonly criteria: readonly CriterionSymbol[];
  readonly uses: readonly NotedUse[];
}

/** The facts of a text, with the nodes they were read from. */
export interface CheckedFacts {
  readonly symbols: Map<string, FactSymbol>;
  readonly nodes: readonly FactDeclaration[];
  readonly uses: readonly NotedUse[];
  /** There was something to report. */
  readonly faulty: boolean;
}

/** What the analysis of the next version may take over. */
export interface Checked {
  readonly facts: CheckedFacts;
  readonly statements: ReadonlyMap<Criterion, CheckedStatement>;
}

export interface Checking {
  readonly text: ReadableText;
  readonly found: Diagnostic[];
  readonly uses: NotedUse[];
  readonly facts: Map<string, FactSymbol>;
  /** The facts are, one and all, those of the version before. */
  readonly sameFacts?: true | undefined;
  readonly definitions: Map<string, DefinitionSymbol>;
  readonly byAddress: Map<string, CriterionSymbol>;
  /** How many conditions refer to criteria; without any there is no circle to look for. */
  readonly criterionReferences: { count: number };
  /** How many candidates may still be looked at for "did you mean"; a text that is wrong throughout needs no advice on each word. */
  readonly advice: { left: number };
}

/** Candidates looked at for "did you mean" in one text. */
export const MOST_ADVICE = 20_000;

/** Adds a finding. */
export function report(checking: Checking, code: DiagnosticCode, range: Range, message: string, extra?: DiagnosticExtra): void {
  checking.found.push(diagnostic(code, range, message, extra));
}

/** Findings in the order of the text, with a last one that counts those not shown; errors are shown before anything else. */
export function shown(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || a.end - b.end);
  if (sorted.length <= MOST_DIAGNOSTICS) return sorted;
  const errors = sorted.filter((each) => each.severity === "error").slice(0, MOST_DIAGNOSTICS);
  let room = MOST_DIAGNOSTICS - errors.length;
  const kept = new Set(errors);
  for (const each of sorted) if (each.severity !== "error" && room-- > 0) kept.add(each);
  const first = sorted.find((each) => !kept.has(each))!;
  const more = diagnostic("too-many-diagnostics", first, `${sorted.length - MOST_DIAGNOSTICS} more findings from here on are not shown.`, { help: "Mend the first ones; many of the others often go with them." });
  return [...sorted.filter((each) => kept.has(each)), more].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Notes that a symbol stands at a place. */
export function noteUse(checking: Checking, range: Range, symbol: SymbolRef, declaration = false): void {
  checking.uses.push({ at: range, symbol, declaration });
}

/** The candidate nearest to a word, where one is near enough to be meant; of several, the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // A third of a word may differ, and it may not be another word altogether.
  let far = Math.min(wanted.length, Math.max(wanted.length < 5 ? 1 : 2, Math.floor(wanted.length / 3)) + 1);
  for (const candidate of candidates) {
    // The difference in length is the least distance there can be.
    if (Math.abs(candidate.length - wanted.length) >= far) continue;
    const away = distance(wanted, candidate.toLowerCase());
    if (away >= far) continue;
    best = candidate;
    far = away;
    if (away === 0) break;
  }
  return best;
}
const LONGEST_WORD = 60;

/** Help for an address that no criterion has: what there is where it was looked for. A near address is another criterion, so none is proposed. */
export function addressHelp({ byAddress: criteria, advice }: Checking, address: string): DiagnosticExtra {
  advice.left -= criteria.size;
  if (advice.left < 0) return { help: "An address is the path of labels from the top, such as I.B.2." };
  for (const known of criteria.keys()) if (known.toLowerCase() === address.toLowerCase()) return { help: `Did you mean \`${known}\`?`, replacement: known };
  for (let at = address.lastIndexOf("."); at > 0; at = address.lastIndexOf(".", at - 1)) {
    const parent = criteria.get(address.slice(0, at));
    if (parent === undefined) continue;
    const items = parent.items.filter((item) => item.role === "criterion").map((item) => item.address);
    return { help: items.length === 0 ? `${parent.address} has no items.` : `The items of ${parent.address} are ${listed(items)}.` };
  }
  const statements = [...criteria.values()].filter((symbol) => symbol.parent === undefined).map((symbol) => symbol.address);
  return { help: `An address is the path of labels from the top, such as I.B.2${statements.length === 0 ? "" : `; the statements are ${listed(statements)}`}.` };
}

const listed = (words: readonly string[]): string => sentenceList(words.length > 8 ? [...words.slice(0, 8), "so on"] : words);

/** Help that proposes the nearest candidate, with the replacement for a quick fix; or else `otherwise`. */
export function didYouMean(word: string, candidates: readonly string[], otherwise?: string, advice?: Checking["advice"]): DiagnosticExtra {
  if (advice !== undefined) advice.left -= candidates.length;
  const meant = advice !== undefined && advice.left < 0 ? undefined : nearest(word, candidates);
  if (meant !== undefined) return { help: `Did you mean \`${meant}\`?`, replacement: meant };
  return otherwise === undefined ? {} : { help: otherwise };
}

/** The uses in the order of the text. */
export function orderedUses(noted: readonly NotedUse[]): SymbolUse[] {
  const uses: SymbolUse[] = [];
  let inOrder = true;
  for (const { at, symbol, declaration } of noted) {
    const before = uses[uses.length - 1];
    if (before !== undefined && (before.start > at.start || (before.start === at.start && before.end > at.end))) inOrder = false;
    uses.push({ start: at.start, end: at.end, symbol, declaration });
  }
  return inOrder ? uses : uses.sort((a, b) => a.start - b.start || a.end - b.end);
}
