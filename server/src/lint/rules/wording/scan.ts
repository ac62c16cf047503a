// One pass through the prose that the lint rules for wording share: each asks it for the few places that it has to look at.
import type { LintedPolicy, Stretch } from "../../policy.js";
import type { Spelling } from "../../spelling.js";
import { americanSpellings } from "./variants.js";

/** A word in the text. */
export interface WordAt {
  readonly start: number;
  readonly end: number;
}

/** Two ways in which one word is written. */
export interface Variants {
  /** With a hyphen, or as the British have it; in lower case. */
  readonly one: string;
  /** In one word, or as Americans have it; in lower case. */
  readonly other: string;
}

export interface WordScan {
  /** Words that are likely misspelt, and stand so seldom that they are no terms of this policy. */
  readonly suspects: readonly WordAt[];
  /** Words that repeat the word before them: the place of the first and that of the second. */
  readonly repeats: readonly (readonly [WordAt, WordAt])[];
  /** Compounds that stand with a hyphen and in one word. */
  readonly hyphens: readonly Variants[];
  /** Whether a word in lower case stands in the prose that the policy words itself; answers for sure only where it is false. */
  readonly mayHold: (word: string) => boolean;
  /** Compounds with a hyphen, in lower case. */
  readonly compounds: ReadonlySet<string>;
  /** Words in two spellings. */
  readonly spellings: readonly Variants[];
  /** Words that may abbreviate "for example". */
  readonly examples: readonly WordAt[];
  /** Words in capital letters of four to six letters. */
  readonly capitals: readonly WordAt[];
  /** Stretches whose brackets do not pair at first sight. */
  readonly brackets: readonly Stretch[];
  /** Stretches whose double quotation marks do not pair at first sight. */
  readonly quotes: readonly Stretch[];
  /** Which quotation marks and apostrophes stand in running prose. */
  readonly marks: { readonly straightDouble: boolean; readonly curlyDouble: boolean; readonly straightSingle: boolean; readonly curlySingle: boolean };
}

// ── Words that have been seen, in this policy or another ──────────────────────────────────────────────────────────────
// Policies share most of their words, so what is known of a word is kept: an open-addressed table by two hashes of the word,
// emptied when it gets full. Two words with the same 64 bits are taken for one.
const SIZE = 1 << 16;
const FULL = SIZE >> 1;
const MOST_SCANS = 1 << 28;
const TOO_FULL = SIZE - (SIZE >> 3);
/** Who writes a word more often means it. */
const MOST_TYPOS = 2;
const SUSPECT = 1;
const BRITISH = 2;

/** Four numbers a place, side by side: two hashes, what the word is plus 4 (0 where the place is empty), and the last scan that saw it with how often, up to 3. */
interface Table {
  readonly places: Int32Array;
  size: number;
  scan: number;
}
const tables = new WeakMap<object, Table>();
const NO_SPELLING: Spelling = { corrections: () => [] };

function tableOf(spelling: Spelling): Table {
  let table = tables.get(spelling);
  if (table === undefined) tables.set(spelling, table = { places: new Int32Array(SIZE * 4), size: 0, scan: 0 });
  else if (table.size > FULL || table.scan > MOST_SCANS) {
    table.places.fill(0);
    table.size = table.scan = 0;
  }
  table.scan++;
  return table;
}

/** The place of a word in the table: its own, or the empty one where it would stand. */
function placeOf(places: Int32Array, h1: number, h2: number): number {
  let at = ((h1 ^ (h2 >>> 15)) & (SIZE - 1)) << 2;
  while (places[at + 2] !== 0 && (places[at] !== h1 || places[at + 1] !== h2)) at = (at + 4) & (SIZE * 4 - 1);
  return at;
}

/** What is behind an ASCII character: 1 a letter, 2 white space, 3 a bracket, 4 a straight quotation mark, 5 an apostrophe. */
const CLASS = new Uint8Array(128);
for (let i = 65; i <= 90; i++) CLASS[i] = CLASS[i + 32] = 1;
for (const space of " \t\r\n") CLASS[space.charCodeAt(0)] = 2;
for (const bracket of "()[]") CLASS[bracket.charCodeAt(0)] = 3;
CLASS[34] = 4;
CLASS[39] = 5;

/** The two hashes of letters are made one letter after another; `first` and `second` are the steps. */
const first = (hash: number, letter: number): number => (Math.imul(hash, 31) + letter) | 0;
const second = (hash: number, letter: number): number => ((hash << 7) | (hash >>> 25)) ^ letter;

/** Roles whose text stands between quotation marks of the language. */
const QUOTED: ReadonlySet<string> = new Set(["title", "question", "case name"]);
/** Roles that take over what others wrote: their spelling is not for the policy to choose. */
export const FOREIGN: ReadonlySet<string> = new Set(["reference", "revision", "code description"]);

/** Passes through the prose. */
export function scanWords(policy: LintedPolicy): WordScan {
  const { text } = policy;
  const spelling = policy.spelling ?? NO_SPELLING;
  const table = tableOf(spelling);
  const { places, scan } = table;
  const classes = CLASS;
  const suspects: (WordAt & { readonly place: number })[] = [];
  const british: WordAt[] = [];
  const compounds: WordAt[] = [];
  const repeats: (readonly [WordAt, WordAt])[] = [];
  const examples: WordAt[] = [];
  const capitals: WordAt[] = [];
  const brackets: Stretch[] = [];
  const quotes: Stretch[] = [];
  const marks = { straightDouble: false, curlyDouble: false, straightSingle: false, curlySingle: false };

  const seen = (word: string): boolean => {
    let h1 = 0;
    let h2 = 0;
    for (let i = 0; i < word.length; i++) {
      const letter = word.charCodeAt(i);
      h1 = first(h1, letter);
      h2 = second(h2, letter);
    }
    const place = placeOf(places, h1, h2);
    return places[place + 2] !== 0 && places[place + 3]! >> 2 === scan;
  };

  for (const stretch of policy.stretches) {
    const { role } = stretch;
    if (role === "reference") continue;
    const foreign = FOREIGN.has(role);
    const quoted = QUOTED.has(role);
    const from = quoted ? stretch.start + 1 : stretch.start;
    const to = quoted ? stretch.end - 1 : stretch.end;
    let round = 0;
    let square = 0;
    let unpaired = false;
    let straight = 0;
    let curly = 0;
    let curlyWrong = false;
    let before = 0;
    let beforeTwo = 0;
    let beforeStart = -1;
    let beforeEnd = -1;
    let blank = false;
    for (let i = from; i < to;) {
      const unit = text.charCodeAt(i);
      const kind = unit < 128 ? classes[unit]! : 0;
      if (kind === 1) {
        let h1 = 0;
        let h2 = 0;
        const start = i;
        for (let letter = unit; ;) {
          h1 = first(h1, letter | 32);
          h2 = second(h2, letter | 32);
          if (++i >= to) break;
          letter = text.charCodeAt(i);
          if (letter >= 128 || classes[letter] !== 1) break;
        }
        const length = i - start;
        if (blank && h1 === before && h2 === beforeTwo) repeats.push([{ start: beforeStart, end: beforeEnd }, { start, end: i }]);
        before = h1;
        beforeTwo = h2;
        beforeStart = start;
        beforeEnd = i;
        blank = true;
        if (length >= 4) {
          const place = placeOf(places, h1, h2);
          let what = places[place + 2]!;
          if (what === 0 && table.size <= TOO_FULL) {
            const word = text.slice(start, i).toLowerCase();
            what = 4 | (spelling.corrections(word).length > 0 ? SUSPECT : 0) | (americanSpellings(word).length > 0 ? BRITISH : 0);
            places[place] = h1;
            places[place + 1] = h2;
            places[place + 2] = what;
            places[place + 3] = 0;
            table.size++;
          }
          // A log or a descriptor says nothing of how this policy spells.
          if (!foreign && what === 4) places[place + 3] = scan << 2;
          else if (what > 4 && (!foreign || (what & SUSPECT) !== 0)) {
            const stamp = places[place + 3]!;
            const count = stamp >> 2 === scan ? stamp & 3 : 0;
            if (count === 0 && (what & BRITISH) !== 0) british.push({ start, end: i });
            if ((what & SUSPECT) !== 0 && count < MOST_TYPOS) suspects.push({ start, end: i, place });
            places[place + 3] = (scan << 2) | Math.min(3, count + 1);
          }
          if (length <= 6 && (text.charCodeAt(start + 1) & 32) === 0) capitals.push({ start, end: i });
        } else if ((unit | 32) === 101 && (length === 1 || length === 2)) {
          const next = text.charCodeAt(start + 1) | 32;
          if (length === 1 ? text.charCodeAt(i) === 46 && (text.charCodeAt(i + 1) | 32) === 103 : next === 103 || next === 120) examples.push({ start, end: i });
        }
        if (!foreign && text.charCodeAt(i) === 45 && i + 1 < to && CLASS[text.charCodeAt(i + 1)] === 1) {
          if (text.charCodeAt(start - 1) !== 45) {
            let end = i;
            while (end + 1 < to && text.charCodeAt(end) === 45 && CLASS[text.charCodeAt(end + 1)] === 1) for (end++; end < to && CLASS[text.charCodeAt(end)] === 1;) end++;
            compounds.push({ start, end });
          }
        }
        continue;
      }
      i++;
      if (kind === 2) continue;
      blank = false;
      if (kind === 3) {
        if (unit === 40) round++;
        else if (unit === 41) { if (--round < 0) unpaired = true; }
        else if (unit === 91) square++;
        else if (--square < 0) unpaired = true;
      } else if (kind === 4) straight++;
      else if (kind === 5) marks.straightSingle = true;
      else if (unit === 0x201c) { curly++; if (!quoted) marks.curlyDouble = true; if (curly > 1) curlyWrong = true; }
      else if (unit === 0x201d) { if (!quoted) marks.curlyDouble = true; if (--curly < 0) curlyWrong = true; }
      else if (unit === 0x2018 || unit === 0x2019) marks.curlySingle = true;
    }
    if (unpaired || round !== 0 || square !== 0) brackets.push(stretch);
    if (curly !== 0 || curlyWrong || (straight & 1) === 1) quotes.push(stretch);
    if (straight > 0 && !quoted) marks.straightDouble = true;
  }

  const hyphens: Variants[] = [];
  const named = new Set<string>();
  for (const { start, end } of compounds) {
    const compound = text.slice(start, end).toLowerCase();
    if (named.has(compound)) continue;
    named.add(compound);
    const closed = compound.replaceAll("-", "");
    if (seen(closed)) hyphens.push({ one: compound, other: closed });
  }
  const spellings: Variants[] = [];
  for (const { start, end } of british) {
    const word = text.slice(start, end).toLowerCase();
    for (const american of americanSpellings(word)) if (seen(american)) spellings.push({ one: word, other: american });
  }
  const mayHold = (word: string): boolean => table.scan !== scan || seen(word);
  return { mayHold, compounds: named, suspects: suspects.filter(({ place }) => (places[place + 3]! & 3) <= MOST_TYPOS), repeats, hyphens, spellings, examples, capitals, brackets, quotes, marks };
}

// ── What lint rules ask of a place ────────────────────────────────────────────────────────────────────────────────────

/** Whether a word stands in prose and not in a comment, a web address or a file name. */
export function inProse(policy: LintedPolicy, { start, end }: WordAt): Stretch | undefined {
  const stretch = policy.stretchAt(start);
  if (stretch === undefined || stretch.role === "reference" || end > stretch.end) return undefined;
  const { text } = stretch;
  const from = start - stretch.start;
  const to = end - stretch.start;
  if (text.charCodeAt(from) === 32) return undefined;
  if (/[\p{L}\d_@]/u.test((text[from - 1] ?? " ") + (text[to] ?? " "))) return undefined;
  const head = /\S*$/u.exec(text.slice(Math.max(0, from - 60), from))![0];
  const tail = /^\S*/u.exec(text.slice(to, to + 60))![0];
  return /:\/\/|www\.|@/u.test(head + tail) || /[\w/]\.$/u.test(head) || /^\.\w|^\//u.test(tail) && /\./u.test(tail) ? undefined : stretch;
}

/** Whether a word in a stretch begins a sentence, so that its capital letter says nothing. */
export function beginsSentence(stretch: Stretch, start: number): boolean {
  return /(?:^|[.!?:;•])[\s"“(*†‡-]*$/u.test(stretch.text.slice(Math.max(0, start - stretch.start - 12), start - stretch.start)) || start - stretch.start < 2;
}

/** Whether a place stands between quotation marks: other people's words. */
export function quotedAt(stretch: Stretch, start: number): boolean {
  const before = stretch.text.slice(0, start - stretch.start);
  if (before.lastIndexOf("“") > before.lastIndexOf("”")) return true;
  return !QUOTED.has(stretch.role) && ((before.match(/"/gu)?.length ?? 0) & 1) === 1;
}

/** Where a word or a compound stands in prose that the policy words itself. */
export function occurrences(policy: LintedPolicy, word: string): readonly WordAt[] {
  const found: WordAt[] = [];
  const pattern = new RegExp(`(?<![\\p{L}\\d-])${word}(?![\\p{L}\\d]|-\\p{L})`, "giu");
  for (const { index, 0: { length } } of policy.text.matchAll(pattern)) {
    const at = { start: index, end: index + length };
    const stretch = inProse(policy, at);
    if (stretch === undefined || FOREIGN.has(stretch.role) || quotedAt(stretch, index)) continue;
    // A name keeps its spelling: "World Health Organisation".
    if (/^\p{Lu}/u.test(policy.text.slice(index, index + 1)) && !beginsSentence(stretch, index)) continue;
    found.push(at);
  }
  return found;
}

/** A word with the capital letter of the one whose place it takes. */
export const inCaseOf = (word: string, written: string): string => (/^\p{Lu}/u.test(written) ? word.charAt(0).toUpperCase() + word.slice(1) : word);
