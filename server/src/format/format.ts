// The formatter: edits that bring a policy, or the entries that a range touches, into the canonical layout.
import { type ParseResult, parse } from "../syntax/parse.js";
import { lineIndex, type LineIndex, positionAt, type Range } from "../text.js";
import { withEdits } from "../diagnostic.js";
import { whiteSpaceEdits } from "./edits.js";
import { commentOf, pad, type Sheet, trimEnd } from "./flow.js";
import { baseOf, type Edit, FORMAT_DEFAULTS, type FormatOptions, isNested, NARROWEST, WIDEST } from "./model.js";
import { type Entry, type Part, read, type Reading, type Section } from "./reading.js";
import { sameTree } from "./sametree.js";
import { layerOf, nodesOf } from "./sections.js";
import { tidySpaces } from "./wrap.js";

/** A stretch of whole lines and what it becomes. Stretches of one group are formatted together or not at all. */
interface Stretch extends Range {
  readonly text: string;
  readonly group: number;
}

/**
 * Findings that leave open what belongs to what. The statement is left as it is until the writer has said what is meant: a
 * formatter that made it even would hide the question.
 */
const UNSETTLING: ReadonlySet<string> = new Set(["misplaced-clause", "missing-label", "nested-too-deeply"]);

function lineOf(starts: LineIndex["starts"], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Page {
  readonly sheet: Sheet;
  readonly stretches: readonly Stretch[];
}

/** Lays the whole text out. */
function layOut(parsed: ParseResult, options: FormatOptions): Page {
  const { text } = parsed;
  const reading = read(text);
  const broken = new Set<number>();
  const unsettled = new Set<number>();
  const uneven = new Set<number>();
  if (parsed.diagnostics.length > 0) {
    const { starts } = lineIndex(text);
    for (const found of parsed.diagnostics) {
      const from = lineOf(starts, found.start);
      if (UNSETTLING.has(found.code)) unsettled.add(from);
      else if (found.code === "uneven-indentation") uneven.add(from);
      if (found.severity !== "error" || found.code === "tab-indentation") continue;
      for (let line = from, to = lineOf(starts, Math.max(found.start, found.end - 1)); line <= to; line++) broken.add(line);
    }
  }
  const sheet: Sheet = { ...reading, options, broken, frozen: frozenEntries(reading, unsettled, uneven) };
  return { sheet, stretches: stretchesOf(sheet, parsed) };
}

function breakOf(text: string): string {
  if (!text.includes("\r")) return "\n";
  const windows = text.split("\r\n").length - 1;
  const returns = text.split("\r").length - 1 - windows;
  const feeds = text.split("\n").length - 1 - windows;
  return windows >= returns && windows >= feeds ? "\r\n" : feeds >= returns ? "\n" : "\r";
}

/** A part with what it needs to know of its surroundings. */
interface Placed {
  readonly part: Part;
  readonly section: Section;
  readonly heading: boolean;
}

function stretchesOf(sheet: Sheet, { document }: ParseResult): Stretch[] {
  const { text, lines, sections, frozen } = sheet;
  const nodes = nodesOf(document);
  const eol = breakOf(text);
  const placed: Placed[] = [];
  for (const section of sections) {
    if (section.heading !== undefined) placed.push({ part: section.heading, section, heading: true });
    for (const part of section.parts) placed.push({ part, section, heading: false });
  }
  const groups = groupsOf(placed);
  const laid = new Map<Entry, readonly string[] | undefined>();
  for (const section of sections) {
    const layer = layerOf(sheet, section, nodes);
    // Asked in order, frozen ones too: where an entry stands may follow from those before it.
    for (const part of section.parts) {
      if (part.kind !== "entry") continue;
      const out = layer(part);
      laid.set(part, frozen.has(part) ? undefined : out);
    }
  }
  const indents = indentsOf(sheet, placed, laid);
  const opened = blankBefore(placed);
  return placed.map(({ part, section, heading }, i) => {
    const start = lines[part.first]!.start;
    const end = lines[part.last]!.next;
    const group = groups[i]!;
    const before = opened.has(i) ? eol : "";
    if (part.kind === "blank") {
      const belowHeading = i > 0 && placed[i - 1]!.heading && placed[i + 1]?.part.kind === "entry" && !placed[i + 1]!.heading;
      const atEdge = i === 0 || i === placed.length - 1 || belowHeading;
      return { start, end, group, text: atEdge ? "" : eol };
    }
    const mark = start === 0 && text.charCodeAt(0) === 0xfeff ? "\ufeff" : "";
    if (part.kind === "comment") {
      const shift = indents[i]!;
      return { start, end, group, text: mark + before + (shift < 0 ? trimEnd(text.slice(start + mark.length, lines[part.first]!.stop)) : pad(shift) + commentOf(sheet, part.first)) + eol };
    }
    const out = heading ? [headingLine(sheet, section, part)] : laid.get(part);
    if (out === undefined) return { start, end, group, text: asItIs(sheet, part, eol) };
    return { start, end, group, text: mark + before + out.join(eol) + eol };
  });
}

/** Lines that are left alone; their line ends are those of the text. */
function asItIs({ text, lines }: Sheet, { first, last }: Entry, eol: string): string {
  let out = "";
  for (let i = first; i <= last; i++) out += text.slice(lines[i]!.start, lines[i]!.stop) + eol;
  return out;
}

function headingLine({ text, lines, broken }: Sheet, { place }: Section, { first }: Entry): string {
  const { at, stop } = lines[first]!;
  const line = trimEnd(text.slice(at, stop));
  return place !== "header" || broken.has(first) || lines[first]!.comment >= 0 ? line : tidySpaces(line);
}

/** Entries that stay where they are, because it is not certain what belongs to what. */
function frozenEntries({ lines, sections }: Reading, unsettled: ReadonlySet<number>, uneven: ReadonlySet<number>): ReadonlySet<Entry> {
  const frozen = new Set<Entry>();
  for (const section of sections) {
    if (section.place === "start") for (const part of section.parts) if (part.kind === "entry") frozen.add(part);
    if (!isNested(section.place)) continue;
    const entries = section.parts.filter((part) => part.kind === "entry");
    const nests = section.place === "criteria" || entries.some((entry) => entry.depth > 0);
    let whole = false;
    for (let from = 0; from < entries.length;) {
      let to = from + 1;
      while (to < entries.length && entries[to]!.depth > 0) to++;
      const unit = entries.slice(from, to);
      if (unit.some((entry) => isUnsettled(entry))) {
        for (const entry of unit) frozen.add(entry);
        // The others would move away from it.
        if (lines[unit[0]!.first]!.column !== baseOf(section.place)) whole = true;
      }
      from = to;
    }
    if (whole) for (const entry of entries) frozen.add(entry);
    function isUnsettled(entry: Entry): boolean {
      if (entry.line === "stray") return true;
      if (!nests) return false;
      // Uneven lines of the first level belong to nothing else.
      if (uneven.has(entry.first) && entry.depth > 0) return true;
      for (let i = entry.first; i <= entry.last; i++) if (unsettled.has(i) || lines[i]!.tab) return true;
      return false;
    }
  }
  return frozen;
}

/** Parts that can only be formatted together have the same number: a statement, a fact with its fields, or a whole section. */
function groupsOf(placed: readonly Placed[]): number[] {
  let group = 0;
  let section: Section | undefined;
  return placed.map(({ part, section: own, heading }) => {
    const together = own.base >= 0 && own.base !== baseOf(own.place);
    if (own !== section || heading) {
      section = own;
      group++;
    } else if (!together && (part.kind !== "entry" || part.depth === 0)) {
      group++;
    }
    return group;
  });
}

/** Headings, and the comments right above them, that have no blank line before them. */
function blankBefore(placed: readonly Placed[]): ReadonlySet<number> {
  const opened = new Set<number>();
  placed.forEach(({ heading }, i) => {
    if (!heading) return;
    let first = i;
    while (first > 0 && placed[first - 1]!.part.kind === "comment") first--;
    if (first > 0 && placed[first - 1]!.part.kind !== "blank") opened.add(first);
  });
  return opened;
}

const columnIn = (line: string): number => line.length - line.trimStart().length;

/** The indentation of each comment: that of what follows it, or of what it stands right behind; -1 where it stays. */
function indentsOf({ lines }: Sheet, placed: readonly Placed[], laid: ReadonlyMap<Entry, readonly string[] | undefined>): number[] {
  const indents = new Array<number>(placed.length).fill(0);
  const indentOf = (each: Placed | undefined): number => {
    if (each === undefined || each.heading || each.part.kind !== "entry") return 0;
    const out = laid.get(each.part);
    return out === undefined ? -1 : columnIn(out[0]!);
  };
  const is = (i: number, kind: Part["kind"]): boolean => placed[i]?.part.kind === kind;
  for (let from = 0; from < placed.length;) {
    if (!is(from, "comment")) {
      from++;
      continue;
    }
    let to = from;
    while (is(to, "comment")) to++;
    let next = to;
    while (next < placed.length && !is(next, "entry")) next++;
    const following = placed[next];
    const attached = from > 0 && is(from - 1, "entry") && !placed[from - 1]!.heading && !is(to, "entry");
    for (let i = from; i < to; i++) {
      const { part, section } = placed[i]!;
      if (lines[part.first]!.column === 0 && (attached || following === undefined || following.heading)) indents[i] = 0;
      else if (attached) indents[i] = indentOf(placed[from - 1]);
      else if ((to === placed.length || is(to, "blank")) && (following === undefined || following.heading)) indents[i] = section.place === "start" ? 0 : baseOf(section.place);
      else indents[i] = indentOf(following);
    }
    from = to;
  }
  return indents;
}

function editsOf({ sheet }: Page, stretches: readonly Stretch[]): Edit[] {
  const edits: Edit[] = [];
  for (const { start, end, text } of stretches) if (sheet.text.slice(start, end) !== text) whiteSpaceEdits(sheet.text, start, end, text, edits);
  return edits;
}

const settled = (options: Partial<FormatOptions>): FormatOptions => {
  const width = options.lineWidth ?? FORMAT_DEFAULTS.lineWidth;
  return { wrap: options.wrap ?? FORMAT_DEFAULTS.wrap, lineWidth: Math.min(WIDEST, Math.max(NARROWEST, Math.floor(width))) };
};

/** The edits before they are proved; for tests. */
export const draftEdits = (parsed: ParseResult, options: Partial<FormatOptions> = {}): readonly Edit[] => {
  const page = layOut(parsed, settled(options));
  return editsOf(page, page.stretches);
};

/** Readings of a text that are tried where a stretch cannot be formatted. */
const MOST_TRIES = 24;

/**
 * The edits of stretches that leave the policy the same, which is proved by reading the formatted text. Where it is not the
 * same, the stretches that are to blame are found by halves and left as they are.
 */
function proved(parsed: ParseResult, page: Page, stretches: readonly Stretch[]): readonly Edit[] {
  const all = editsOf(page, stretches);
  if (all.length === 0) return all;
  const holds = (edits: readonly Edit[]): boolean => sameTree(parsed, parse(withEdits(parsed.text, edits)));
  if (holds(all)) return all;
  let tries = MOST_TRIES;
  const good = (part: readonly (readonly Stretch[])[]): readonly (readonly Stretch[])[] => {
    const edits = editsOf(page, part.flat());
    if (edits.length === 0) return part;
    if (tries-- <= 0) return [];
    if (holds(edits)) return part;
    if (part.length <= 1) return [];
    const middle = part.length >> 1;
    return [...good(part.slice(0, middle)), ...good(part.slice(middle))];
  };
  const byGroup = new Map<number, Stretch[]>();
  for (const stretch of stretches) byGroup.set(stretch.group, [...(byGroup.get(stretch.group) ?? []), stretch]);
  const edits = editsOf(page, good([...byGroup.values()]).flat());
  return holds(edits) ? edits : [];
}

/** The edits that bring a whole policy into the canonical layout. Words, comments and meaning stay. */
export function formatPolicy(parsed: ParseResult, options: Partial<FormatOptions> = {}): readonly Edit[] {
  const page = layOut(parsed, settled(options));
  return proved(parsed, page, page.stretches);
}

/** The edits for the entries that a range touches. */
export function formatRange(parsed: ParseResult, range: Range, options: Partial<FormatOptions> = {}): readonly Edit[] {
  const page = layOut(parsed, settled(options));
  const touched = new Set<number>();
  for (const { start, end, group } of page.stretches) if (start < Math.max(range.end, range.start + 1) && range.start < end) touched.add(group);
  return proved(parsed, page, page.stretches.filter(({ group }) => touched.has(group)));
}

/** A policy in the canonical layout. */
export function formatted(text: string, options: Partial<FormatOptions> = {}): string {
  return withEdits(text, formatPolicy(parse(text), options));
}

/** Sections whose rows are brought into their columns while the policy is written. */
const ROWS: ReadonlySet<Section["place"]> = new Set<Section["place"]>(["header", "facts", "define", "codes"]);

/**
 * The edits after Enter, with the cursor at `offset`: the row that was left goes into its columns, if it is complete on its
 * line and the new line is empty. Prose is left alone while it is written.
 */
export function formatLeft(parsed: ParseResult, offset: number, options: Partial<FormatOptions> = {}): readonly Edit[] {
  const index = lineIndex(parsed.text);
  const { line } = positionAt(index, offset);
  if (line === 0) return [];
  const stop = line + 1 < index.starts.length ? index.starts[line + 1]! : parsed.text.length;
  if (parsed.text.slice(index.starts[line]!, stop).trim() !== "") return [];
  // Anywhere else nothing is laid out at all: Enter must stay quick.
  const inside = parsed.document.sections.findLast((section) => section.start <= offset);
  if (!ROWS.has(inside?.kind ?? "header")) return [];
  const page = layOut(parsed, settled(options));
  for (const section of page.sheet.sections) {
    if (!ROWS.has(section.place)) continue;
    const left = section.parts.find((part) => part.kind === "entry" && part.first === line - 1 && part.last === line - 1);
    if (left === undefined || page.sheet.broken.has(line - 1)) continue;
    const start = index.starts[line - 1]!;
    const stretch = page.stretches.find((each) => each.start === start);
    // Only what stands on one line stays there.
    if (stretch === undefined || /[\r\n]\s*\S/u.test(stretch.text.trim())) return [];
    return proved(parsed, page, [stretch]);
  }
  return [];
}
