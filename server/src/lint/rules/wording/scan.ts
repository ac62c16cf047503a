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
  /** Where words stand whose first two letters are capitals. */
  readonly abbreviations: readonly number[];
  /** Where words stand that are made of I, V and X. */
  readonly numerals: readonly number[];
  /** Where "criterion" or "criteria" stands. */
  readonly criteria: readonly number[];
  /** Where a prefix such as "re" or "non" stands as a word of its own. */
  readonly prefixes: readonly WordAt[];
  /** Where four figures stand that may be a year. */
  readonly years: readonly number[];
  /** Where a slash stands between figures. */
  readonly slashes: readonly number[];
  /** Where a semicolon stands in a criterion. */
  readonly semicolons: readonly number[];
  /** Where " of the above" stands. */
  readonly above: readonly number[];
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
/** What a word is: most are PLAIN and no more. */
const SUSPECT = 1;
const BRITISH = 2;
const PLAIN = 4;
const PREFIX = 8;
const EXAMPLE = 16;
const ABOVE = 32;
const CRITERION = 64;
const PREFIXES: ReadonlySet<string> = new Set(["re", "non", "pre", "post", "anti", "multi", "semi", "sub", "inter", "intra", "co"]);

/** Four numbers a place, side by side: two hashes, what the word is (0 where the place is empty), and the last scan that saw it with how often, up to 3. */
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

/** What a word is that was not seen before. */
function whatIs(word: string, spelling: Spelling): number {
  if (word.length < 4) return PLAIN | (PREFIXES.has(word) ? PREFIX : 0) | (word === "eg" || word === "ex" ? EXAMPLE : 0);
  return PLAIN | (spelling.corrections(word).length > 0 ? SUSPECT : 0) | (americanSpellings(word).length > 0 ? BRITISH : 0)
    | (PREFIXES.has(word) ? PREFIX : 0) | (word === "above" ? ABOVE : 0) | (word === "criterion" || word === "criteria" ? CRITERION : 0);
}

/** The two hashes of letters are made one letter after another; these are the steps. */
const first = (hash: number, letter: number): number => (Math.imul(hash, 31) + letter) | 0;
const second = (hash: number, letter: number): number => ((hash << 7) | (hash >>> 25)) ^ letter;

/** Roles whose text stands between quotation marks of the language. */
const QUOTED: ReadonlySet<string> = new Set(["title", "question", "case name"]);
/** Roles that take over what others wrote: their spelling is not for the policy to choose. */
export const FOREIGN: ReadonlySet<string> = new Set(["reference", "revision", "code description"]);

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;

function isNumeral(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 73 && unit !== 86 && unit !== 88) return false;
  }
  return true;
}

/** Whether one of places in order lies in a range. */
export function anyWithin(places: readonly number[], { start, end }: WordAt): boolean {
  let low = 0;
  for (let high = places.length; low < high;) {
    const middle = (low + high) >> 1;
    if (places[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < places.length && places[low]! < end;
}

/** Passes through the prose. */
export function scanWords(policy: LintedPolicy): WordScan {
  const scanner = new Scanner(policy);
  for (const stretch of policy.stretches) if (stretch.role !== "reference") scanner.pass(stretch);
  return scanner.result();
}

// Its hot part is `pass`; what is seldom needed is apart, so that the engine compiles that part soon.
class Scanner {
  private readonly text: string;
  private readonly spelling: Spelling;
  private readonly table: Table;
  private readonly places: Int32Array;
  private readonly scan: number;
  private readonly suspects: (WordAt & { readonly place: number })[] = [];
  private readonly british: WordAt[] = [];
  private readonly compounds: WordAt[] = [];
  private readonly repeats: (readonly [WordAt, WordAt])[] = [];
  private readonly examples: WordAt[] = [];
  private readonly capitals: WordAt[] = [];
  private readonly abbreviations: number[] = [];
  private readonly numerals: number[] = [];
  private readonly criteria: number[] = [];
  private readonly prefixes: WordAt[] = [];
  private readonly years: number[] = [];
  private readonly slashes: number[] = [];
  private readonly semicolons: number[] = [];
  private readonly above: number[] = [];
  private readonly brackets: Stretch[] = [];
  private readonly quotes: Stretch[] = [];
  private readonly marks = { straightDouble: false, curlyDouble: false, straightSingle: false, curlySingle: false };
  // Of the stretch that is passed through.
  private foreign = false;
  private quoted = false;
  private criterion = false;
  private to = 0;
  private round = 0;
  private square = 0;
  private unpaired = false;
  private straight = 0;
  private curly = 0;
  private curlyWrong = false;

  constructor(policy: LintedPolicy) {
    this.text = policy.text;
    this.spelling = policy.spelling ?? NO_SPELLING;
    this.table = tableOf(this.spelling);
    this.places = this.table.places;
    this.scan = this.table.scan;
  }

  pass(stretch: Stretch): void {
    const { role } = stretch;
    const { text, places } = this;
    const foreign = (this.foreign = FOREIGN.has(role));
    const quoted = (this.quoted = QUOTED.has(role));
    this.criterion = role === "criterion";
    const to = (this.to = quoted ? stretch.end - 1 : stretch.end);
    const stamp = this.scan << 2;
    this.round = this.square = this.straight = this.curly = 0;
    this.unpaired = this.curlyWrong = false;
    let before = 0;
    let beforeTwo = 0;
    let beforeStart = 0;
    let beforeEnd = -1;
    let unit = 0;
    for (let i = quoted ? stretch.start + 1 : stretch.start; i < to;) {
      unit = text.charCodeAt(i);
      if (unit === 32) {
        i++;
        continue;
      }
      if ((unit | 32) < 97 || (unit | 32) > 122) {
        if (unit !== 10 && unit !== 13 && unit !== 9) {
          i = this.sign(unit, i + 1);
          beforeEnd = -1;
        } else i++;
        continue;
      }
      const start = i;
      let h1 = unit | 32;
      let h2 = unit | 32;
      while (++i < to) {
        const letter = text.charCodeAt(i) | 32;
        if (letter < 97 || letter > 122) break;
        h1 = first(h1, letter);
        h2 = second(h2, letter);
      }
      if (beforeEnd >= 0 && h1 === before && h2 === beforeTwo) this.repeats.push([{ start: beforeStart, end: beforeEnd }, { start, end: i }]);
      before = h1;
      beforeTwo = h2;
      beforeStart = start;
      beforeEnd = i;
      if (unit < 97) this.capital(start, i);
      if (i === start + 1) {
        if ((unit | 32) === 101) this.single(start, i);
      } else {
        const place = placeOf(places, h1, h2);
        const what = places[place + 2]!;
        if (what === PLAIN) {
          // A log or a descriptor says nothing of how this policy spells.
          if (!foreign) places[place + 3] = stamp;
        } else this.special(start, i, place, h1, h2);
      }
      if (!foreign && i < to && text.charCodeAt(i) === 45) this.hyphen(start, i);
    }
    if (this.unpaired || this.round !== 0 || this.square !== 0) this.brackets.push(stretch);
    if (this.curly !== 0 || this.curlyWrong || (this.straight & 1) === 1) this.quotes.push(stretch);
    if (this.straight > 0 && !quoted) this.marks.straightDouble = true;
  }

  /** A word of one letter that may begin "e.g.". */
  private single(start: number, end: number): void {
    if (this.text.charCodeAt(end) === 46 && (this.text.charCodeAt(end + 1) | 32) === 103) this.examples.push({ start, end });
  }

  /** A word that is new, or that a lint rule may want to look at. */
  private special(start: number, end: number, place: number, h1: number, h2: number): void {
    const { places, text, foreign, table } = this;
    let what = places[place + 2]!;
    if (what === 0) {
      if (table.size > TOO_FULL) return;
      what = whatIs(text.slice(start, end).toLowerCase(), this.spelling);
      places[place] = h1;
      places[place + 1] = h2;
      places[place + 2] = what;
      places[place + 3] = 0;
      table.size++;
    }
    if ((what & EXAMPLE) !== 0) this.examples.push({ start, end });
    else if ((what & PREFIX) !== 0) {
      if (!foreign && text.charCodeAt(end) === 32) this.prefixes.push({ start, end });
    } else if ((what & ABOVE) !== 0) {
      if (text.startsWith(" of the above", start - 8)) this.above.push(start - 8);
    } else if ((what & CRITERION) !== 0) this.criteria.push(start);
    if (foreign && (what & SUSPECT) === 0) return;
    const seen = places[place + 3]!;
    const count = seen >> 2 === this.scan ? seen & 3 : 0;
    if (count === 0 && (what & BRITISH) !== 0) this.british.push({ start, end });
    if ((what & SUSPECT) !== 0 && count < MOST_TYPOS) this.suspects.push({ start, end, place });
    places[place + 3] = (this.scan << 2) | Math.min(3, count + 1);
  }

  /** A word with a capital letter. */
  private capital(start: number, end: number): void {
    const { text } = this;
    const length = end - start;
    if (length > 1 && text.charCodeAt(start + 1) < 97) {
      this.abbreviations.push(start);
      if (length >= 4 && length <= 6) this.capitals.push({ start, end });
    }
    const unit = text.charCodeAt(start);
    if ((unit === 73 || unit === 86 || unit === 88) && length < 8 && isNumeral(text, start, end)) this.numerals.push(start);
  }

  /** A word behind which a hyphen stands: the first of a compound, or one of the others. */
  private hyphen(start: number, behind: number): void {
    const { text, to } = this;
    if (text.charCodeAt(start - 1) === 45) return;
    let end = behind;
    while (end + 1 < to && text.charCodeAt(end) === 45 && isLetter(text.charCodeAt(end + 1))) for (end++; end < to && isLetter(text.charCodeAt(end));) end++;
    if (end > behind) this.compounds.push({ start, end });
  }

  /** A character that is neither a letter nor white space, before `i`; answers where to go on. */
  private sign(unit: number, i: number): number {
    switch (unit) {
      case 44: case 46: case 58: case 95: case 45: return i;
      case 40: this.round++; return i;
      case 41: if (--this.round < 0) this.unpaired = true; return i;
      case 91: this.square++; return i;
      case 93: if (--this.square < 0) this.unpaired = true; return i;
      case 34: this.straight++; return i;
      case 39: this.marks.straightSingle = true; return i;
      case 47: if (isDigit(this.text.charCodeAt(i)) && isDigit(this.text.charCodeAt(i - 2))) this.slashes.push(i - 1); return i;
      case 59: if (this.criterion) this.semicolons.push(i - 1); return i;
      case 0x201c: this.curly++; if (!this.quoted) this.marks.curlyDouble = true; if (this.curly > 1) this.curlyWrong = true; return i;
      case 0x201d: if (!this.quoted) this.marks.curlyDouble = true; if (--this.curly < 0) this.curlyWrong = true; return i;
      case 0x2018: case 0x2019: this.marks.curlySingle = true; return i;
      default: return isDigit(unit) ? this.figure(unit, i) : i;
    }
  }

  private figure(unit: number, i: number): number {
    const { text, to } = this;
    let end = i;
    while (end < to && isDigit(text.charCodeAt(end))) end++;
    if (end - i === 3 && ((unit === 49 && text.charCodeAt(i) === 57) || (unit === 50 && text.charCodeAt(i) === 48))) this.years.push(i - 1);
    return end;
  }

  /** Whether a word in small letters stands in the prose that the policy words itself. */
  private seen(word: string): boolean {
    let h1 = word.charCodeAt(0);
    let h2 = h1;
    for (let i = 1; i < word.length; i++) {
      const letter = word.charCodeAt(i);
      h1 = first(h1, letter);
      h2 = second(h2, letter);
    }
    const place = placeOf(this.places, h1, h2);
    return this.places[place + 2] !== 0 && this.places[place + 3]! >> 2 === this.scan;
  }

  result(): WordScan {
    const { text, table, scan, places, repeats, examples, capitals, brackets, quotes, marks, abbreviations, numerals, criteria, prefixes, years, slashes, semicolons, above } = this;
    const hyphens: Variants[] = [];
    const named = new Set<string>();
    for (const { start, end } of this.compounds) {
      const compound = text.slice(start, end).toLowerCase();
      if (named.has(compound)) continue;
      named.add(compound);
      const closed = compound.replaceAll("-", "");
      if (this.seen(closed)) hyphens.push({ one: compound, other: closed });
    }
    const spellings: Variants[] = [];
    for (const { start, end } of this.british) {
      const word = text.slice(start, end).toLowerCase();
      for (const american of americanSpellings(word)) if (this.seen(american)) spellings.push({ one: word, other: american });
    }
    // The table is another policy's by the time a later one has been passed through.
    const mayHold = (word: string): boolean => table.scan !== scan || this.seen(word);
    const suspects = this.suspects.length === 0 ? this.suspects : this.suspects.filter(({ place }) => (places[place + 3]! & 3) <= MOST_TYPOS);
    return { mayHold, compounds: named, suspects, repeats, hyphens, spellings, examples, capitals, brackets, quotes, marks, abbreviations, numerals, criteria, prefixes, years, slashes, semicolons, above };
  }
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
  const before = stretch.text.slice(Math.max(0, start - stretch.start - 40), start - stretch.start);
  return /(?:^|[.!?:;•])(?:\s*\[[\d,\s–-]+\])*[\s"“(*†‡-]*$/u.test(before) || start - stretch.start < 2;
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
