// From text to tree, piece by piece: a document is split where its entries begin, so that after an edit only the pieces that
// changed are read again. A fresh parse takes the same way, so both give the same tree.
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import type { Range } from "../text.js";
import type * as A from "./ast.js";
import { classifyLine, type Line, type Place } from "./lines.js";
import { parseStretch } from "./parser.js";
import { afterBreak, endsWithComma, nextLine, type Scan, type ScannedLine, scanOf } from "./scan.js";
import { sectionOf } from "./sections.js";
import { type LayoutState, START } from "./layout.js";

/** Texts above this many UTF-16 units are not read. */
export const LARGEST_TEXT = 16 * 1024 * 1024;
/** Entries are joined to pieces of at least this many units; smaller pieces cost more to start than to read. */
const SMALLEST_PIECE = 1500;

/** A syntax tree with everything that is wrong with the form of the text. */
export interface ParseResult {
  readonly text: string;
  readonly document: A.Document;
  readonly diagnostics: readonly Diagnostic[];
  /** The citations of all prose but that of the reference list, in the order of the text. */
  readonly citations: readonly A.Citation[];
  /** The pieces, for the parse of the next version. */
  readonly pieces: readonly Piece[];
}

/** A stretch of the document that was read by itself. Places are absolute. */
export interface Piece {
  start: number;
  end: number;
  readonly state: LayoutState;
  readonly document?: A.Document | undefined;
  readonly entries: readonly A.Node[];
  readonly comments: readonly Range[];
  readonly citations: readonly A.Citation[];
  readonly diagnostics: readonly Diagnostic[];
  /** Every object with a place in it; collected when the piece first has to move. */
  places?: MutableRange[] | undefined;
}

interface MutableRange {
  start: number;
  end: number;
}

/**
 * Reads a text into a tree. Never throws; what cannot be read is a diagnostic, and the rest of the file still works.
 * With the result of an earlier version, unchanged pieces are taken over: that result must not be used any more.
 */
export function parse(text: string, previous?: ParseResult): ParseResult {
  if (text.length > LARGEST_TEXT) {
    const whole = { start: 0, end: 0 };
    return {
      text, pieces: [], citations: [],
      document: { kind: "document", sections: [], comments: [], ...whole },
      diagnostics: [diagnostic("file-too-large", whole, `The file holds ${text.length} characters; more than ${LARGEST_TEXT} are not read.`, { help: "Split the policy." })],
    };
  }
  return assemble(text, previous === undefined || previous.pieces.length === 0 ? readPieces(text, 0, START, () => -1).pieces : takeOver(text, previous));
}

// ── Splitting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const ENTRY_KINDS: ReadonlySet<Line["kind"]> = new Set<Line["kind"]>(["paragraph", "fact", "definition", "label", "bullet", "footNote", "codeRow", "codeGroup", "revision", "reference", "case"]);

/**
 * Reads pieces from `from` on. `join` is asked at every place where a piece may begin and answers with the index of an old
 * piece that begins there in the same way and state, or -1; with an index, reading ends there. `outer`: a heading begins it.
 */
function readPieces(text: string, from: number, initial: LayoutState, join: (start: number, state: LayoutState, outer: boolean) => number): { readonly pieces: Piece[]; readonly joined: number } {
  const scan = scanOf(text);
  const pieces: Piece[] = [];
  let start = from;
  let startState = initial;
  let state = initial;
  let opening = false;
  let at = from;
  for (let next = nextLine(scan, at); next !== undefined; next = nextLine(scan, at)) {
    const line = classify(scan, next, state);
    const outer = line.kind === "heading" || line.kind === "policy";
    const mayBegin = outer || (ENTRY_KINDS.has(line.kind) && (state.base < 0 || next.column <= state.base) && state.place !== "header" && state.place !== "start");
    if (mayBegin && next.start > from) {
      const joined = join(next.start, state, outer);
      if (joined >= 0) {
        pieces.push(readPiece(text, start, next.start, startState));
        return { pieces, joined };
      }
      if (next.start > start && (outer || opening || next.start - start >= SMALLEST_PIECE)) {
        pieces.push(readPiece(text, start, next.start, startState));
        start = next.start;
        startState = state;
      }
    }
    if (next.start === start) {
      opening = outer;
      // A heading is read outside of the section before it.
      if (outer) startState = START;
    }
    state = following(text, state, line, next);
    at = afterBreak(scan, next.breakAt);
  }
  pieces.push(readPiece(text, start, text.length, startState));
  return { pieces, joined: -1 };
}

function classify(scan: Scan, next: ScannedLine, { place, base }: LayoutState): Line {
  // Below the first level only the layout of the piece matters, and the piece is read as a whole.
  if (base >= 0 && next.column > base && (place === "criteria" || place === "text" || place === "references")) return place === "text" && next.afterBlank ? { kind: "paragraph", end: next.at } : CONTINUATION;
  return classifyLine(scan.text, next.at, { place, column: next.column, level: base, base, afterBlank: next.afterBlank, lineEnd: next.end, afterComma: place === "facts" && endsWithComma(scan, next.at) });
}
const CONTINUATION: Line = { kind: "continuation", end: 0 };

function following(text: string, state: LayoutState, line: Line, next: ScannedLine): LayoutState {
  if (line.kind === "policy") return { place: "header", base: -1 };
  if (line.kind === "heading") return { place: sectionOf(text.slice(next.at, next.end)) ?? "text", base: -1 };
  if (line.kind === "continuation") return state;
  if (state.base < 0 || ((state.place === "criteria" || state.place === "facts") && next.column < state.base)) return { place: state.place, base: next.column };
  return state;
}

function readPiece(text: string, start: number, end: number, state: LayoutState): Piece {
  return { start, end, state, ...parseStretch(text, start, end, state) };
}

// ── Moving ────────────────────────────────────────────────────────────────────────────────────────────────────────────
function move(piece: Piece, by: number): void {
  piece.start += by;
  piece.end += by;
  piece.places ??= placesOf(piece);
  for (const place of piece.places) {
    place.start += by;
    place.end += by;
  }
}

/** Every object below a piece that has a start and an end, each once. */
function placesOf({ document, entries, comments, diagnostics }: Piece): MutableRange[] {
  const places: MutableRange[] = [];
  const seen = new Set<object>();
  const visit = (value: object): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const each of value) if (typeof each === "object" && each !== null) visit(each as object);
      return;
    }
    const record = value as Record<string, unknown>;
    if (typeof record["start"] === "number") places.push(value as MutableRange);
    for (const key in record) {
      const inner = record[key];
      if (typeof inner === "object" && inner !== null) visit(inner as object);
    }
  };
  for (const part of [document, entries, comments, diagnostics]) if (part !== undefined) visit(part);
  return places;
}

// ── Taking over ───────────────────────────────────────────────────────────────────────────────────────────────────────
function takeOver(text: string, previous: ParseResult): Piece[] {
  const old = previous.pieces;
  if (text === previous.text) return [...old];
  const { from, oldEnd, newEnd } = changed(previous.text, text);
  const by = newEnd - oldEnd;
  // The piece before the first changed one is read again too: the edit may join its last line to the next.
  const first = Math.max(0, pieceAt(old, from) - 1);
  const starts = new Map<number, number>();
  for (let i = first + 1; i < old.length; i++) if (old[i]!.start >= oldEnd) starts.set(old[i]!.start + by, i);
  const read = readPieces(text, old[first]!.start, old[first]!.state, (start, state, outer) => {
    const i = starts.get(start);
    // What was a heading may be an entry now, and the other way round.
    if (i === undefined || (old[i]!.document !== undefined) !== outer) return -1;
    const { place, base } = old[i]!.document === undefined ? old[i]!.state : state;
    return place === state.place && base === state.base ? i : -1;
  });
  const rest = read.joined < 0 ? [] : old.slice(read.joined);
  if (by !== 0) for (const piece of rest) move(piece, by);
  return [...old.slice(0, first), ...read.pieces, ...rest];
}

function pieceAt(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const BLOCK = 4096;

/** The stretch that differs between two texts: from the first difference to the ends behind which they are the same. */
function changed(old: string, text: string): { readonly from: number; readonly oldEnd: number; readonly newEnd: number } {
  const shorter = Math.min(old.length, text.length);
  let from = 0;
  // Blocks are compared as a whole, which is quicker than unit by unit.
  while (from + BLOCK <= shorter && old.slice(from, from + BLOCK) === text.slice(from, from + BLOCK)) from += BLOCK;
  while (from < shorter && old.charCodeAt(from) === text.charCodeAt(from)) from++;
  let same = 0;
  const most = shorter - from;
  while (same + BLOCK <= most && old.slice(old.length - same - BLOCK, old.length - same) === text.slice(text.length - same - BLOCK, text.length - same)) same += BLOCK;
  while (same < most && old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)) same++;
  return { from, oldEnd: old.length - same, newEnd: text.length - same };
}

// ── Assembling ────────────────────────────────────────────────────────────────────────────────────────────────────────
const LISTS = { text: "paragraphs", facts: "facts", define: "definitions", criteria: "body", notes: "notes", codes: "rows", revisions: "revisions", references: "references", cases: "cases" } as const satisfies Record<Exclude<Place, "start" | "header">, string>;

function assemble(text: string, pieces: readonly Piece[]): ParseResult {
  let header: A.Header | undefined;
  const sections: A.Section[] = [];
  const comments: Range[] = [];
  const citations: A.Citation[] = [];
  const diagnostics: Diagnostic[] = [];
  let open: { readonly section: A.Section; readonly entries: A.Node[] } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { section, entries } = open;
    const last = entries[entries.length - 1];
    sections.push({ ...section, [LISTS[section.kind]]: entries, end: Math.max(section.end, last?.end ?? 0) } as A.Section);
    open = undefined;
  };
  for (const piece of pieces) {
    for (const comment of piece.comments) comments.push(comment);
    for (const citation of piece.citations) citations.push(citation);
    for (const found of piece.diagnostics) diagnostics.push(found);
    if (piece.document === undefined) {
      if (open !== undefined) for (const entry of piece.entries) open.entries.push(entry);
      continue;
    }
    close();
    const own = piece.document.header;
    if (own !== undefined) {
      if (header === undefined && sections.length === 0) header = own;
      else diagnostics.push(diagnostic("misplaced-header", own, "The `policy` header stands a second time, or not at the top of the file.", { help: "A file holds one policy, and its header comes first." }));
    }
    for (const section of piece.document.sections) {
      close();
      open = { section, entries: [...(section as unknown as Record<string, A.Node[]>)[LISTS[section.kind]]!] };
    }
  }
  close();
  return { text, document: { kind: "document", header, sections, comments, start: 0, end: text.length }, diagnostics, citations, pieces };
}
