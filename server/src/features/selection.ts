// What to select next when the selection grows: word, value, comparison, condition, clause, criterion, list, statement, section, document.
import type { Analysis } from "../semantics/model.js";
import { children, type Node, type Section } from "../syntax/ast.js";
import type { Range } from "../text.js";
import { lineAt, nodePath, wordAt } from "./places.js";

/** The stretches around an offset, the smallest first; each holds the one before it. */
export function selectionRanges(analysis: Analysis, offset: number): readonly Range[] {
  const { text, document } = analysis;
  const path = nodePath(document, offset);
  const found: Range[] = [];
  const grow = (range: Range): void => {
    const last = found[found.length - 1];
    if (range.end <= range.start || range.start > offset || range.end < offset) return;
    if (last === undefined || (range.start <= last.start && range.end >= last.end && range.end - range.start > last.end - last.start)) found.push({ start: range.start, end: range.end });
  };
  const leaf = path[path.length - 1];
  grow(wordAt(text, offset, leaf?.kind === "code" || leaf?.kind === "address" ? /[\p{L}\p{N}_.*-]/u : /[\p{L}\p{N}_-]/u));
  if (leaf?.kind === "prose") grow(sentenceAt(text, leaf, offset));
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i]!;
    const parent = path[i - 1];
    if (node.kind === "word" && text[node.start] === "\"" && node.end - node.start > 2) grow({ start: node.start + 1, end: node.end - 1 });
    grow(node);
    if (parent !== undefined && isItem(node)) grow(listOf(parent, node));
    // A criterion with its words alone, before its items come in.
    if (parent?.kind === "criterion" && node === parent.prose) grow({ start: parent.start, end: node.end });
    if (parent === document) grow(wholeLines(text, node));
  }
  grow({ start: 0, end: text.length });
  return found.length === 0 ? [lineAt(text, offset)] : found;
}

const isItem = (node: Node): boolean => ["criterion", "fact", "definition", "codeRow", "revision", "reference", "case", "footNote", "caseRecord", "headerField"].includes(node.kind);

/** All items of the list that a node stands in; the heading or the words above the list are left out. */
function listOf(parent: Node, node: Node): Range {
  const siblings = children(parent).filter((child) => child.kind === node.kind);
  return { start: siblings[0]!.start, end: siblings[siblings.length - 1]!.end };
}

/** A section begins with its first line and ends with its last. */
function wholeLines(text: string, section: Node | Section): Range {
  return { start: lineAt(text, section.start).start, end: lineAt(text, section.end).end };
}

const SENTENCE_END = /[.;:!?](?=\s|$)/gu;

/** The sentence of prose around an offset. */
function sentenceAt(text: string, prose: Range, offset: number): Range {
  const words = text.slice(prose.start, prose.end);
  let start = 0;
  let end = words.length;
  for (const match of words.matchAll(SENTENCE_END)) {
    const behind = match.index + 1;
    if (prose.start + behind <= offset) start = behind;
    else {
      end = behind;
      break;
    }
  }
  while (start < end && /\s/u.test(words[start]!)) start++;
  return { start: prose.start + start, end: prose.start + end };
}
