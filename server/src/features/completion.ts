// Completion: proposals for what may stand at a place.
import type { Analysis, FactSymbol } from "../semantics/model.js";
import type { Section } from "../syntax/ast.js";
import type { Range } from "../text.js";
import { PATHWAYS } from "../vocabulary.js";
import { caseItems } from "./completion/cases.js";
import { conditionItems } from "./completion/condition.js";
import { addresses, citations, codes, terms } from "./completion/items.js";
import { approvalItems, clauseItems, codeRowItems, headerItems, phraseItems, revisionItems, scopeItems, sectionItems, typeItems } from "./completion/prose.js";
import type { Completion } from "./model.js";
import { clauseStart, definitionStart, inlineClause, LABELLED, NO_CONDITION } from "./conditionstart.js";
import { lineAt, lineBefore, sectionAt } from "./places.js";

/** Proposals at an offset. `today` in days since 1970-01-01. */
export function completion(analysis: Analysis, offset: number, today: number): readonly Completion[] {
  const { text } = analysis;
  if (analysis.document.comments.some((comment) => comment.start < offset && offset <= comment.end)) return [];
  const line = lineAt(text, offset);
  const typed = text.slice(line.start, offset);
  const section = sectionAt(analysis, offset);
  const word = wordRange(text, offset, /[\p{L}\p{N}_-]/u);
  if (/^[\p{L}]*$/u.test(typed)) return sectionItems(analysis, word);
  if (/\[[\p{L}\d,;\s–-]*$/u.test(typed)) return citations(analysis, wordRange(text, offset, /[\p{L}\d]/u));
  const before = text.slice(line.start, word.start);
  // Prose names criteria as conditions do.
  if ((section?.kind === "criteria" || section?.kind === "notes" || section?.kind === "revisions") && /\bcriterion\s+[\w.*]*$/u.test(typed)) return addresses(analysis, wordRange(text, offset, /[\p{L}\p{N}_.*]/u));
  switch (section?.kind) {
    case undefined: return headerItems(analysis, before, word, today);
    case "facts": return (typed.match(/"/gu)?.length ?? 0) % 2 === 1 ? [] : typeItems(before, wordRange(text, offset, /[\p{L}\p{N}_/%[\]-]/u));
    case "define": return defineItems(analysis, section, offset, today);
    case "criteria": return criteriaItems(analysis, line, offset, today);
    case "codes": return codeRowItems(analysis, before, wordRange(text, offset, /[\p{L}\p{N}.-]/u), today);
    case "revisions": return revisionItems(before, word);
    case "cases": return (typed.match(/"/gu)?.length ?? 0) % 2 === 1 ? [] : inCase(analysis, line, offset, today);
    case "notes": case "references": case "text": return mentionItems(analysis, before, word, today);
  }
}

function wordRange(text: string, offset: number, of: RegExp): Range {
  let start = offset;
  while (start > 0 && of.test(text[start - 1]!)) start--;
  return { start, end: offset };
}

/** Behind `CPT ` in prose, the codes of the table. */
function mentionItems(analysis: Analysis, before: string, word: Range, today: number): readonly Completion[] {
  const system = /\b(CPT|HCPCS|ICD-10-CM)®?\s+(?:codes?\s+)?$/u.exec(before)?.[1];
  return system === undefined ? [] : codes(analysis, word, today, [system]);
}

/** Where a condition begins, in words, up to the word being typed. */
function inCondition(analysis: Analysis, from: number, offset: number, today: number): readonly Completion[] {
  const { text } = analysis;
  const address = /\b(?:criterion|by)\s+[\w.*]*$/u.test(text.slice(from, offset));
  const word = wordRange(text, offset, address ? /[\p{L}\p{N}_.*]/u : /[\p{L}\p{N}_-]/u);
  const partial = text.slice(word.start, offset);
  const isCode = /^\d|[.-]$/u.test(partial);
  if (isCode && !address) return /^\d+$/u.test(partial) ? [] : conditionItems(analysis, text.slice(from, word.start), word, today);
  return conditionItems(analysis, text.slice(from, Math.max(from, word.start)), word, today);
}

function defineItems(analysis: Analysis, section: Section, offset: number, today: number): readonly Completion[] {
  const start = definitionStart(analysis, section, offset);
  return start === undefined ? [] : inCondition(analysis, start, offset, today);
}

function criteriaItems(analysis: Analysis, line: Range, offset: number, today: number): readonly Completion[] {
  const { text } = analysis;
  const typed = text.slice(line.start, offset);
  const here = LABELLED.exec(typed);
  if (here !== null) {
    const inline = inlineClause(analysis, line, offset);
    if (inline !== undefined) return inCondition(analysis, inline.keyword.end + 1, offset, today);
    return phraseItems(typed.slice(here[0].length), offset, !/^\s/u.test(typed));
  }
  const start = clauseStart(text, line, offset);
  if (start === undefined) return lineItems(analysis, typed, offset);
  if (NO_CONDITION.has(start.keyword)) return approvalItems(start.keyword, text.slice(start.end, offset), offset);
  const words = text.slice(start.end, offset);
  const word = wordRange(text, offset, /[\p{L}\p{N}_.-]/u);
  if (start.keyword === "applies to") {
    const scope = scopeItems(analysis, text.slice(start.end, word.start), word, today, terms(word, "choice", PATHWAYS));
    if (scope !== undefined) return scope;
  }
  if (typed.trim() !== "" && start.line !== line.start && /^\s+\p{L}+$/u.test(typed)) return [...inCondition(analysis, start.end, offset, today), ...lineItems(analysis, typed, offset)];
  return [...inCondition(analysis, start.end, offset, today), ...(/\b(?:any|all|one|none|either|at)[\p{L}\d ]*$/u.test(words) ? phraseItems(words, offset, false) : [])];
}

function lineItems(analysis: Analysis, typed: string, offset: number): readonly Completion[] {
  if (!/^\s+[\p{L} ]*$/u.test(typed)) return phraseItems(typed, offset, false);
  const words = typed.trimStart();
  const items = clauseItems({ start: offset - words.length, end: offset }, analysis.criteria.length === 0);
  return [...items.filter((each) => each.label.startsWith(words)), ...(words === "" ? [] : phraseItems(words, offset, false))];
}

function inCase(analysis: Analysis, line: Range, offset: number, today: number): readonly Completion[] {
  const { text } = analysis;
  const typed = text.slice(line.start, offset);
  const addresses = /\b(?:by|missing|expect)\s+(?:.*,\s*)?[\w.*]*$/u.test(typed) || /^\s*[\w.*]*$/u.test(typed);
  const word = wordRange(text, offset, addresses ? /[\p{L}\p{N}_.*]/u : /[\p{L}\p{N}_.-]/u);
  const before = text.slice(line.start, word.start);
  return caseItems(analysis, before, word, today, /^\s*[-•*]\s/u.test(before) ? recordAbove(analysis, line) : undefined);
}

/** The list whose records stand below `name =`. */
function recordAbove(analysis: Analysis, from: Range): FactSymbol | undefined {
  for (let line = lineBefore(analysis.text, from); line !== undefined; line = lineBefore(analysis.text, line)) {
    const words = analysis.text.slice(line.start, line.end);
    if (/^\s*[-•*]\s/u.test(words)) continue;
    return analysis.facts.get(/^\s*([\p{L}_][\p{L}\p{N}_-]*)\s*=\s*$/u.exec(words)?.[1] ?? "");
  }
  return undefined;
}
