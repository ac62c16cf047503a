// A case file as a tree, and what its keys mean.
import type { CaseFile } from "../../semantics/casefile.js";
import { folded } from "../../text.js";
import type { Hover, OutlineEntry } from "../model.js";
import { lineAt } from "../places.js";
import { escaped, shortened } from "../wording.js";
import { caseKeyMeaning } from "./completion.js";

/** The cases of a file with the facts each gives. */
export function caseFileOutline(text: string, { cases }: CaseFile): readonly OutlineEntry[] {
  return cases.map((each): OutlineEntry => {
    const children = [...each.factRanges].map(([name, range]): OutlineEntry => {
      const value = folded(text.slice(range.start, range.end).replace(/^["']?[^:]*:\s*/u, ""));
      return { kind: "fact", name, detail: shortened(value, 60), start: range.start, end: Math.max(range.end, range.start + 1), selection: { start: range.start, end: range.start + 1 }, children: [] };
    });
    const start = Math.min(each.range.start, each.nameRange.start);
    const end = Math.max(each.range.end, each.nameRange.end, ...children.map((child) => child.end));
    const { determination } = each.expect;
    return { kind: "case", name: each.name || "case", detail: determination === undefined ? undefined : `expects ${determination.value}`, start, end, selection: each.nameRange, children: children.filter((child) => child.start >= start) };
  });
}

const KEY = /^(\s*(?:-\s+)*)["']?([a-z][a-z ]*?)["']?\s*:/u;

/** What the key at an offset means, where it is one that every case file may have. */
export function caseFileKeyHover(text: string, offset: number): Hover | undefined {
  const line = lineAt(text, offset);
  const match = KEY.exec(text.slice(line.start, line.end));
  const start = match === null ? 0 : line.start + match[0].indexOf(match[2]!, match[1]!.length);
  if (match === null || offset < start || offset > start + match[2]!.length) return undefined;
  const meaning = caseKeyMeaning(match[2]!);
  return meaning === undefined ? undefined : { start, end: start + match[2]!.length, markdown: `**${escaped(match[2]!)}** · ${meaning}` };
}
