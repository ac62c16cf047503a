// Refactorings of the reference list: in order of their numbers, numbered in the order of citation, a source that is missing.
import type { Diagnostic } from "../../diagnostic.js";
import type { Analysis } from "../../semantics/model.js";
import type { Reference, ReferencesSection } from "../../syntax/ast.js";
import { sentenceList, type Range } from "../../text.js";
import { citationEdits, citedNumbers } from "../citations.js";
import type { Edit } from "../model.js";
import { lineAt, sectionAt } from "../places.js";
import { columnOf, intoSection, lineBreak, lineEnd, own, type Refactoring } from "./model.js";

/** Sorting and numbering, offered in the list of references. */
export function orderReferences(analysis: Analysis, range: Range, found: readonly Diagnostic[]): readonly Refactoring[] {
  const section = sectionAt(analysis, range.start);
  if (section?.kind !== "references" || section.references.length < 2 || analysis.document.sections.filter((each) => each.kind === "references").length > 1) return [];
  const list = section.references;
  const offered: Refactoring[] = [];
  if (list.some((each, i) => i > 0 && each.number < list[i - 1]!.number)) {
    const mends = found.find((each) => each.code === "reference-order" && each.start <= range.end && each.end >= range.start);
    offered.push({
      id: "sort-references", title: "Put the references in the order of their numbers", kind: mends === undefined ? "refactor.rewrite" : "quickfix", mends,
      make: () => own(analysis, [reordered(analysis, section, [...list].sort((a, b) => a.number - b.number), new Map())]),
    });
  }
  const numbers = numbersByCitation(analysis, list);
  if (numbers !== undefined && list.some(({ number }) => numbers.get(number) !== number)) {
    offered.push({
      id: "number-references", title: "Number the references in the order of citation, and change all citations", kind: "refactor.rewrite",
      make: () => {
        const order = [...list].sort((a, b) => numbers.get(a.number)! - numbers.get(b.number)!);
        return own(analysis, [...citationEdits(analysis, numbers), reordered(analysis, section, order, numbers)].sort((a, b) => a.start - b.start));
      },
    });
  }
  return offered;
}

/** New numbers in the order of first citation, those that are not cited last; undefined where a number is given twice or cited and missing. */
function numbersByCitation(analysis: Analysis, list: readonly Reference[]): ReadonlyMap<number, number> | undefined {
  if (analysis.references.size !== list.length) return undefined;
  const order = new Map<number, number>();
  for (const citation of analysis.parsed.citations) {
    for (const number of citedNumbers(citation) ?? [-1]) {
      if (!analysis.references.has(number)) return undefined;
      if (!order.has(number)) order.set(number, order.size + 1);
    }
  }
  for (const { number } of list) if (!order.has(number)) order.set(number, order.size + 1);
  return order;
}

/** The list in another order and with other numbers. Comments above a reference go with it; blank lines stay where they are. */
function reordered(analysis: Analysis, section: ReferencesSection, order: readonly Reference[], numbers: ReadonlyMap<number, number>): Edit {
  const { text } = analysis;
  const list = section.references;
  const blocks = new Map<Reference, string>();
  const gaps: string[] = [];
  const first = lineEnd(text, section.heading.end);
  let at = first;
  for (const reference of list) {
    const between = text.slice(at, lineAt(text, reference.start).start);
    const blank = /^(?:\r?\n[ \t]*(?=\r?\n))*\r?\n/u.exec(between)?.[0] ?? between;
    gaps.push(blank);
    const end = lineEnd(text, reference.end);
    const label = reference.label.start - at - blank.length;
    const words = text.slice(at + blank.length, end);
    blocks.set(reference, words.slice(0, label) + words.slice(label).replace(/^\d+/u, String(numbers.get(reference.number) ?? reference.number)));
    at = end;
  }
  return { start: first, end: at, text: order.map((reference, i) => gaps[i]! + blocks.get(reference)!).join("") };
}

/** A row for each source that is cited and missing. */
export function addReference(analysis: Analysis, range: Range, found: readonly Diagnostic[]): readonly Refactoring[] {
  return found.filter((each) => each.code === "unknown-citation" && each.start <= range.end && each.end >= range.start).flatMap((mends) => {
    const citation = analysis.parsed.citations.find((each) => each.start <= mends.start && mends.end <= each.end);
    const part = citation?.numbers.find((each) => each.start === mends.start);
    const missing = part === undefined ? [] : Array.from({ length: Math.min(50, part.to - part.from + 1) }, (_, i) => part.from + i).filter((number) => !analysis.references.has(number));
    if (missing.length === 0) return [];
    const several = sentenceList(missing.length > 4 ? [`${missing[0]} to ${missing.at(-1)}`] : missing.map(String));
    return [{
      id: `add-reference-${missing[0]}`, mends, kind: "quickfix" as const,
      title: `Add ${missing.length === 1 ? `reference ${missing[0]}` : `references ${several}`} to the list`,
      make: () => own(analysis, rows(analysis, missing), { snippet: true }),
    }];
  });
}

/** Rows at the places of their numbers, the sources left to be typed. */
function rows(analysis: Analysis, missing: readonly number[]): readonly Edit[] {
  const { text } = analysis;
  const section = analysis.document.sections.find((each) => each.kind === "references");
  const list = section?.references ?? [];
  const rowOf = (number: number, i: number): string => {
    const like = list[0];
    return `${" ".repeat(like === undefined ? 2 : columnOf(text, like.label.start))}${number}. \${${i + 1}:Authors. Title. Journal. Year;volume:pages.}`;
  };
  if (section === undefined || list.length === 0) return [intoSection(analysis, "references", missing.map(rowOf))];
  const places = new Map<number, string>();
  for (const [i, number] of missing.entries()) {
    const before = list.findLast((each) => each.number < number);
    const at = lineEnd(text, before === undefined ? section.heading.end : before.start + text.slice(before.start, before.end).trimEnd().length);
    places.set(at, `${places.get(at) ?? ""}${lineBreak(text)}${rowOf(number, i)}`);
  }
  return [...places].map(([at, words]) => ({ start: at, end: at, text: words })).sort((a, b) => a.start - b.start);
}
