// Refactorings of lists: any of them or all of them, labels in order, labels in place of bullets.
import { caseFileAddressEdits, type LabelledList, labelledLists, labelledParent, labelOf, otherPolicyEdits, type Relabelling, relabelling, renumbering } from "../../semantics/addresses.js";
import { ordinal, schemeBelow, schemeOf, segmentAt } from "../../semantics/labels.js";
import type { Analysis, CriterionSymbol } from "../../semantics/model.js";
import type { Diagnostic } from "../../diagnostic.js";
import type { Combinator, Connector } from "../../syntax/ast.js";
import { readCombinator, withoutComments } from "../../syntax/prose.js";
import { lineAt, criterionAt, nodePath } from "../places.js";
import { edited, type Neighbours } from "../files.js";
import type { Edit } from "../model.js";
import { sentenceList, type Range } from "../../text.js";
import { own, type Refactored, type Refactoring } from "./model.js";

// ── Any and all ───────────────────────────────────────────────────────────────────────────────────────────────────────
/** Turns "any of the following" into "all of the following", and back, with the connectors of the items. */
export function turnList(analysis: Analysis, range: Range): readonly Refactoring[] {
  const symbol = listAt(analysis, range.start);
  const combinator = symbol && combinatorOf(symbol);
  if (symbol === undefined || combinator === undefined || combinator.open || combinator.unclear !== undefined || (combinator.op !== "any" && combinator.op !== "all")) return [];
  const to = combinator.op === "any" ? "all" : "any";
  return [{
    id: "turn-list",
    title: `Ask for ${to} of these items instead of ${combinator.op} (changes what is decided)`,
    kind: "refactor.rewrite",
    make() {
      const { node } = symbol;
      const words = otherWords(analysis.text.slice(combinator.start, combinator.end), to);
      const prose = node.kind === "criterion" ? node.prose : { start: combinator.start, end: combinator.end };
      if (words === undefined || prose === undefined) return undefined;
      // What is written has to be read as what is meant.
      const before = withoutComments(analysis.text, { start: prose.start, end: combinator.start }, analysis.document.comments);
      const behind = withoutComments(analysis.text, { start: combinator.end, end: prose.end }, analysis.document.comments);
      const read = readCombinator(before + words + behind, 0);
      if (read?.op !== to || read.open || read.unclear !== undefined) return undefined;
      const edits: Edit[] = [{ start: combinator.start, end: combinator.end, text: words }];
      for (const connector of connectorsOf(symbol)) {
        const start = connector.end - connector.word.length;
        const written = analysis.text.slice(start, connector.end);
        const other = to === "all" ? "and" : "or";
        if (connector.word !== other) edits.push({ start, end: connector.end, text: written === written.toUpperCase() ? other.toUpperCase() : other });
      }
      return own(analysis, edits);
    },
  }];
}

const combinatorOf = ({ node }: CriterionSymbol): Combinator | undefined => (node.kind === "criterion" ? node.prose?.combinator : node.combinator);

/** The list whose header stands in the line of an offset. */
function listAt(analysis: Analysis, offset: number): CriterionSymbol | undefined {
  const path = nodePath(analysis.document, offset);
  const line = lineAt(analysis.text, offset);
  const node = path.findLast((each) => each.kind === "criterion" || each.kind === "when" || each.kind === "unless" || each.kind === "waived" || each.kind === "if");
  const symbol = node && analysis.criteria.find((each) => each.node === node);
  const combinator = symbol && combinatorOf(symbol);
  if (symbol === undefined || symbol.items.length === 0 || combinator === undefined) return undefined;
  const head = symbol.node.kind === "criterion" ? symbol.node.prose ?? symbol.node : symbol.node;
  return line.start <= Math.max(combinator.end, head.start) && offset <= lineAt(analysis.text, combinator.end).end ? symbol : undefined;
}

/** "any of the following" → "all of the following"; undefined for words that have no plain counterpart. */
function otherWords(words: string, to: "any" | "all"): string | undefined {
  const like = (word: string, pattern: string): string => (/^[A-Z]{2}/u.test(pattern) ? word.toUpperCase() : /^[A-Z]/u.test(pattern) ? word[0]!.toUpperCase() + word.slice(1) : word);
  const quantity = to === "all" ? /^(?:(?:any|either)(?:\s+one)?|one|1)(?:\s+\(1\))?(?=\s)/i : /^(?:all|both|each|every\s+one)(?=\s)/i;
  const match = quantity.exec(words);
  if (match !== null) return like(to, match[0]) + words.slice(match[0].length).replace(/^\s+(?:the\s+)?following/i, " of the following");
  if (to === "all") return undefined;
  const meets = /^((?:meets?|satisf(?:y|ies)|must\s+meet)\s+)(?:all\s+)?(?:of\s+)?the\s+following/i.exec(words);
  return meets === null ? undefined : `${meets[1]}any of the following${words.slice(meets[0].length)}`;
}

/** The connectors of a list's items but the last, which may carry that of the list around. That of an item with items stands at its end. */
function connectorsOf(symbol: CriterionSymbol): readonly Connector[] {
  const atEnd = (item: CriterionSymbol): Connector | undefined => (item.items.length > 0 ? atEnd(item.items.at(-1)!) : item.node.kind === "criterion" ? item.node.prose?.connector : undefined);
  return symbol.items.slice(0, -1).flatMap((item) => atEnd(item) ?? []);
}

// ── Labels ────────────────────────────────────────────────────────────────────────────────────────────────────────────
const LABEL_FINDINGS: ReadonlySet<string> = new Set(["label-order", "label-scheme", "duplicate-label", "first-label"]);

/** Puts the labels of the list at a place in order, with everything that names its items. */
export function renumberList(analysis: Analysis, range: Range, found: readonly Diagnostic[]): readonly Refactoring[] {
  const symbol = criterionAt(analysis, range.start);
  const label = symbol && labelOf(symbol);
  if (symbol === undefined || label === undefined || lineAt(analysis.text, label.start).start !== lineAt(analysis.text, range.start).start) return [];
  const parent = labelledParent(symbol);
  const wanted = (list: LabelledList): boolean => list.parent === parent;
  const list = labelledLists(analysis).find(wanted);
  if (list === undefined || inOrder(list)) return [];
  const mends = found.find((each) => LABEL_FINDINGS.has(each.code) && each.start === label.start);
  return [{
    id: "renumber-list",
    title: `Renumber ${parent === undefined ? "the statements" : `the list of ${parent.address}`}, with everything that names ${parent === undefined ? "them" : "its items"}`,
    kind: mends === undefined ? "refactor.rewrite" : "quickfix",
    mends,
    reaches: true,
    make: (around) => {
      const renumbered = renumbering(analysis, wanted);
      return renumbered.edits.length === 0 ? undefined : everywhere(analysis, renumbered, around);
    },
  }];
}

function inOrder({ items }: LabelledList): boolean {
  const scheme = schemeOf(items.map((item) => item.label));
  if (scheme === undefined) return true;
  const first = ordinal(items[0]!.label, scheme);
  return first === 1 && items.every((item, i) => ordinal(item.label, scheme) === i + 1);
}

/** A relabelling with what it means for the case files and for other policies. */
export function everywhere(analysis: Analysis, { edits, moved }: Relabelling, around: Neighbours): Refactored {
  const { number } = analysis.header;
  return {
    files: edited([
      { uri: analysis.uri, edits },
      ...around.cases.map((each) => ({ uri: each.uri, edits: caseFileAddressEdits(each.text, each.file, moved) })),
      ...(number === undefined ? [] : around.policies.map((other) => ({ uri: other.uri, edits: otherPolicyEdits(other, number, moved) }))),
    ]),
  };
}

/** Gives a list of bullets labels. */
export function labelBullets(analysis: Analysis, range: Range, found: readonly Diagnostic[]): readonly Refactoring[] {
  const symbol = criterionAt(analysis, range.start);
  if (symbol?.node.kind !== "criterion") return [];
  const own = isBullet(symbol) && lineAt(analysis.text, symbol.node.start).start === lineAt(analysis.text, range.start).start;
  const parent = own ? labelledParent(symbol) : symbol;
  const bullets = analysis.criteria.filter((each) => each.role === "criterion" && labelledParent(each) === parent && isWithin(each, parent));
  const scheme = parent === undefined ? "ROMAN" : schemeBelow(parent.label, parent.parent === undefined);
  if (bullets.length === 0 || !bullets.every(isBullet) || scheme === undefined) return [];
  const mends = found.find((each) => each.code === "bulleted-criterion" && each.start === bullets[0]!.node.start);
  const shown = bullets.map((_, i) => segmentAt(i + 1, scheme));
  return [{
    id: "label-bullets",
    title: `Give the items labels (${shown.length > 3 ? `${shown[0]} to ${shown.at(-1)}` : sentenceList(shown)})`,
    kind: mends === undefined ? "refactor.rewrite" : "quickfix",
    mends,
    reaches: true,
    make: (around) => everywhere(analysis, relabelling(analysis, new Map(bullets.map((bullet, i) => [bullet, segmentAt(i + 1, scheme)]))), around),
  }];
}

const isBullet = ({ node }: CriterionSymbol): boolean => node.kind === "criterion" && node.label?.segment === "";
const isWithin = ({ node }: CriterionSymbol, parent: CriterionSymbol | undefined): boolean => parent === undefined || (parent.node.start <= node.start && node.end <= parent.node.end);
