// What the reference list says: each reference's DOIs, links, access date, journal and pages, read once for all lint rules.
import type { Fix } from "../../../diagnostic.js";
import { withoutComments } from "../../../syntax/prose.js";
import type * as A from "../../../syntax/ast.js";
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";

/** A DOI with what is written before it. */
export interface Doi extends Range {
  /** `doi:`, `DOI `, `https://dx.doi.org/`; empty for a bare `10.1000/x`. */
  readonly prefix: string;
  /** What should be `10.NNNN/…`; its range ends where the DOI does. */
  readonly value: Range;
  /** What is wrong with it, if anything is; `mended` where the right form is plain to see. */
  readonly malformed?: { readonly why: string; readonly mended?: string | undefined } | undefined;
}

/** A link, without the punctuation behind it. */
export interface Link extends Range {
  readonly url: string;
  /** It begins with `https://` or `http://`. */
  readonly scheme: boolean;
  /** It names a site and no page of it. */
  readonly home: boolean;
}

/** "Accessed January 3, 2025". Month and day are 0 where they are not given, the year where the form is not read. */
export interface StatedDate extends Range {
  readonly precision: "day" | "month" | "year";
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** "2007;82(3):254-264" */
export interface Journal extends Range {
  readonly year: Range;
  /** A month or season between year and volume, with the space before it. */
  readonly month?: Range | undefined;
  readonly pages: Range;
  readonly first: string;
  /** What stands between the pages, such as `-` or ` to `; empty for one page. */
  readonly separator: string;
  readonly last: string;
}

/** A reference, read. */
export interface Work extends Range {
  readonly reference: A.Reference;
  readonly dois: readonly Doi[];
  readonly links: readonly Link[];
  readonly accessed?: StatedDate | undefined;
  /** "Updated …", "Published …" */
  readonly updated?: StatedDate | undefined;
  readonly journal?: Journal | undefined;
  readonly pmid?: string | undefined;
}
type Reading = { -readonly [K in keyof Work]: Work[K] };

/** The reference list as written, comments blanked out; offsets are those of the policy less `base`. */
export interface WorkList {
  readonly works: readonly Work[];
  readonly text: string;
  readonly base: number;
}

const NONE: WorkList = { works: [], text: "", base: 0 };
const NO_DOIS: readonly Doi[] = [];
const NO_LINKS: readonly Link[] = [];
const add = <T>(list: readonly T[], item: T): readonly T[] => (list.length === 0 ? [item] : [...list, item]);

/** Reads the reference list in one pass: letters with which a DOI, a link, a date or a volume begins are looked at more closely. */
export function worksOf({ references, text: source, analysis }: LintedPolicy): WorkList {
  const works: Reading[] = [];
  for (const reference of references) {
    const { prose } = reference;
    if (prose !== undefined && prose.end > prose.start) works.push({ reference, start: prose.start, end: prose.end, dois: NO_DOIS, links: NO_LINKS, accessed: undefined, updated: undefined, journal: undefined, pmid: undefined });
  }
  if (works.length === 0) return NONE;
  const { comments } = analysis.document;
  const base = comments.length === 0 ? 0 : works[0]!.start;
  const text = comments.length === 0 ? source : withoutComments(source, { start: base, end: works[works.length - 1]!.end }, comments);
  const reader = { text, base };
  for (const work of works) readWork(reader, work);
  return { works, text, base };
}

/** By character: what follows it, in small letters, where something begins with it; 1 for anything, 0 where nothing does. */
const BEHIND = new Uint8Array(128);
for (const [letter, next] of ["do", "Do", "ht", "ww", "cc", "Up", "10"]) BEHIND[letter!.charCodeAt(0)] = next!.charCodeAt(0);
for (const letter of "P/;") BEHIND[letter.charCodeAt(0)] = 1;

function readWork(reader: Reader, work: Reading): void {
  const { text, base } = reader;
  const end = work.end - base;
  for (let at = work.start - base; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 128) continue;
    const behind = BEHIND[unit]!;
    if (behind === 0 || (behind !== 1 && (text.charCodeAt(at + 1) | 32) !== behind)) continue;
    const read = readAt(reader, work, at);
    if (read !== undefined) at = Math.max(at, read.end - base - 1);
  }
}

/** Reads what begins at a place; answers the DOI or link that was read, so that nothing is looked for within it. */
function readAt(reader: Reader, work: Reading, at: number): Range | undefined {
  const { text } = reader;
  switch (text[at]) {
    case "d": return text.startsWith("doi", at) ? readDoiWord(reader, work, at) : undefined;
    case "D": return text.startsWith("DOI", at) || text.startsWith("Doi", at) ? readDoiWord(reader, work, at) : undefined;
    case "h": return text.startsWith("http", at) ? readLink(reader, work, at) : undefined;
    case "w": return text.startsWith("www.", at) ? readLink(reader, work, at) : undefined;
    case "1": return text.startsWith("10.", at) ? readBareDoi(reader, work, at) : undefined;
    case "/": return readBareLink(reader, work, at);
    case ";": readJournal(reader, work, at); return undefined;
    case "c": if (text.startsWith("ccessed", at)) readAccess(reader, work, at); return undefined;
    case "U": if (text.startsWith("Updated", at)) work.updated ??= readStated(reader, at, at + 7); return undefined;
    default:
      if (text.startsWith("Published", at)) work.updated ??= readStated(reader, at, at + 9);
      else if (text.startsWith("PMID", at)) work.pmid ??= /PMID\s*:?\s*(\d{4,9})/uy.exec(text.slice(at, at + 24))?.[1];
      return undefined;
  }
}

interface Reader {
  readonly text: string;
  readonly base: number;
}

/** A reference has no more; a text that has is no list of references. */
const MOST_LINKS = 50;
const inside = (ranges: readonly Range[], offset: number): boolean => ranges.some((range) => range.start <= offset && offset < range.end);
/** The end of what stands at `from`, without punctuation that belongs to the sentence. */
function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const last = text[end - 1]!;
    if (".,;:!?'’*_".includes(last)) end--;
    else if (")]}".includes(last) && !text.slice(from, end).includes({ ")": "(", "]": "[", "}": "{" }[last]!)) end--;
    else break;
  }
  return end;
}

// ── DOIs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
const BEHIND_DOI = /\.org\/|(\s*:?\s*)(?:(?:https?:\/\/)?(?:dx\.|www\.)?doi\.org\/)?/iy;
// Those of the nineties hold angle brackets: `10.1002/(SICI)1097-0142(19990301)85:5<1186::AID-CNCR24>3.0.CO;2-L`.
const DOI_VALUE = /10\.\d{4,9}\/(?:\(SICI\)[^\s<>"“”]+<[^\s<>"“”]+>[^\s<>"“”]+|[^\s<>"“”]+)/uiy;
const SPACED = /10\s?\.\s?\d{4,9}\s*\/\s*[^\s<>"“”]+/uy;
const TOKEN = /[^\s<>"“”]+/uy;
const WORD = /[\p{L}\p{N}/._-]/u;
const FOREIGN_DASH = /[‐‑‒–—−]/gu;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function readDoiWord(reader: Reader, work: Reading, at: number): Range | undefined {
  const { text } = reader;
  if (work.dois.length >= MOST_LINKS || (at > 0 && WORD.test(text[at - 1]!))) return undefined;
  const behind = matchAt(BEHIND_DOI, text, at + 3);
  if (behind === null) return undefined;
  const from = at + 3 + behind[0].length;
  const digit = /[0-9]/u.test(text[from] ?? "");
  // Without a colon or a link it may be a word of a title, or the beginning of another.
  return behind[0].trim() === "" && !digit ? undefined : noteDoi(reader, work, at, from);
}

function readBareDoi(reader: Reader, work: Reading, at: number): Range | undefined {
  const { text } = reader;
  if (work.dois.length >= MOST_LINKS || (at > 0 && WORD.test(text[at - 1]!))) return undefined;
  return matchAt(DOI_VALUE, text, at) === null ? undefined : noteDoi(reader, work, at, at);
}

/** Notes the DOI whose value begins at `from`, and what is wrong with it. */
function noteDoi({ text, base }: Reader, work: Reading, at: number, from: number): Doi {
  const limit = work.end - base;
  const note = (to: number, malformed?: Doi["malformed"]): Doi => {
    const doi = { start: at + base, end: to + base, prefix: text.slice(at, from), value: { start: from + base, end: to + base }, malformed };
    work.dois = add(work.dois, doi);
    return doi;
  };
  const value = matchAt(DOI_VALUE, text, from);
  if (value !== null) {
    const end = trimmedEnd(text, from, Math.min(from + value[0].length, limit));
    // The part of a DOI behind "j.radonc. 2006.12.008".
    const rest = end < limit && ".-/".includes(text[end]!) ? /^[./-]*\s+(\d+(?:\.\d+)+)(?![\w/])/u.exec(text.slice(end, Math.min(end + 40, limit))) : null;
    if (rest !== null) {
      const whole = end + rest[0].length;
      return note(whole, { why: "has a space in it", mended: text.slice(from, whole).replace(/\s+/gu, "") });
    }
    const written = text.slice(from, end);
    if (written.search(FOREIGN_DASH) >= 0) return note(end, { why: "has a dash in it where a hyphen belongs", mended: written.replace(FOREIGN_DASH, "-") });
    return note(end);
  }
  const spaced = matchAt(SPACED, text, from);
  if (spaced !== null) {
    const end = trimmedEnd(text, from, Math.min(from + spaced[0].length, limit));
    return note(end, { why: "has a space in it", mended: text.slice(from, end).replace(/\s+/gu, "") });
  }
  const token = matchAt(TOKEN, text, from);
  const end = token === null ? from : Math.max(from, trimmedEnd(text, from, Math.min(from + token[0].length, limit)));
  if (end <= from || from >= limit) return note(Math.min(from, limit), { why: "is missing" });
  return note(end, { why: "does not have the form of a DOI, `10.NNNN/…`" });
}

// ── Links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const LINK = /(https?:\/\/|www\.)[^\s<>"“”]+/uy;
const DOI_LINK = /^https?:\/\/(?:dx\.|www\.)?doi\.org\//i;
const HOME = /^(?:https?:\/\/)?[^/?#]+\/?$/i;
/** A site without `https://` and `www.` before a page of it: `example.org/planning`. */
const SITE = /^(?:[A-Za-z0-9-]{1,60}\.){1,5}(?:org|gov|com|net|edu|int|eu|uk|ca|au)$/u;
const MOST_OF_SITE = 80;

function readLink(reader: Reader, work: Reading, at: number): Range | undefined {
  const { text, base } = reader;
  if (work.links.length >= MOST_LINKS) return undefined;
  if (at > 0 && /[\p{L}\p{N}.@-]/u.test(text[at - 1]!)) return undefined;
  const match = matchAt(LINK, text, at);
  if (match === null) return undefined;
  const doi = DOI_LINK.exec(match[0]);
  if (doi !== null) return noteDoi(reader, work, at, at + doi[0].length);
  const end = trimmedEnd(text, at, Math.min(at + match[0].length, work.end - base));
  const url = text.slice(at, end);
  return noteLink(work, { start: at + base, end: end + base, url, scheme: match[1]!.endsWith("/"), home: HOME.test(url) });
}

function readBareLink(reader: Reader, work: Reading, slash: number): Range | undefined {
  const { text, base } = reader;
  const first = work.start - base;
  let at = slash;
  // "3/4", "and/or": a site ends with a letter and has a period in it.
  while (at > first && slash - at < MOST_OF_SITE && text.charCodeAt(at - 1) > 32 && text[at - 1] !== "(" && text[at - 1] !== "<") at--;
  if (slash - at < 6 || work.links.length >= MOST_LINKS || !SITE.test(text.slice(at, slash))) return undefined;
  const token = matchAt(TOKEN, text, at);
  const end = trimmedEnd(text, at, Math.min(at + token![0].length, work.end - base));
  return end <= slash + 1 ? undefined : noteLink(work, { start: at + base, end: end + base, url: text.slice(at, end), scheme: false, home: false });
}

function noteLink(work: Reading, link: Link): Link {
  work.links = add(work.links, link);
  return link;
}

// ── Dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const DATE = new RegExp(String.raw`\s*(?:on\b)?\s*:?\s*(${MONTH})\.?,?\s+(?:(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+)?(\d{4})(?!\w)`, "uy");
const OTHER_DATE = new RegExp(String.raw`\s*(?:on\b)?\s*:?\s*(?:(\d{1,2})\s+(${MONTH})\.?,?\s+(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2}\/\d{1,2}\/\d{2,4})|(\d{4}))(?!\w)`, "uy");
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

function readAccess(reader: Reader, work: Reading, at: number): void {
  if (at > 0 && /[Aa]/u.test(reader.text[at - 1]!)) work.accessed ??= readStated(reader, at - 1, at + 7);
}

/** The date behind a word such as "Accessed", which stands at `at` and ends at `behind`; undefined where none follows. */
function readStated({ text, base }: Reader, at: number, behind: number): StatedDate | undefined {
  const start = at + base;
  const match = matchAt(DATE, text, behind);
  if (match !== null) {
    const day = match[2];
    return { start, end: behind + match[0].length + base, precision: day === undefined ? "month" : "day", year: Number(match[3]), month: monthOf(match[1]!), day: day === undefined ? 0 : Number(day) };
  }
  const other = matchAt(OTHER_DATE, text, behind);
  if (other === null) return undefined;
  const end = behind + other[0].length + base;
  const [, day, month, year, isoYear, isoMonth, isoDay, slashed, only] = other;
  if (month !== undefined) return { start, end, precision: "day", year: Number(year), month: monthOf(month), day: Number(day) };
  if (isoYear !== undefined) return { start, end, precision: "day", year: Number(isoYear), month: Number(isoMonth), day: Number(isoDay) };
  // 3/4/2025 is read in two ways, so that it is a date and no more.
  if (slashed !== undefined) return { start, end, precision: "day", year: 0, month: 0, day: 0 };
  return { start, end, precision: "year", year: Number(only), month: 0, day: 0 };
}

// ── Journals ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const VOLUME = /;\s*[^:;\s][^:;]{0,40}:\s*([A-Za-z]{0,3}\d+)(?:(\s*[-‐‑–—−]\s*|\s+to\s+)([A-Za-z]{0,3}\d+))?(?!\w)/uy;
const ISSUE = new RegExp(String.raw`(?<![\w-])((?:19|20)\d{2})(,?\s+(?:${MONTH}\.?(?:\s*[-–/]\s*${MONTH}\.?)?(?:\s+\d{1,2})?|Spring|Summer|Fall|Autumn|Winter))?\s*$`, "u");

function readJournal({ text, base }: Reader, work: Reading, at: number): void {
  if (work.journal !== undefined || text.charCodeAt(at - 1) < 33) return;
  const plain = plainJournal(text, base, at);
  if (plain !== undefined) {
    work.journal = plain;
    return;
  }
  const volume = matchAt(VOLUME, text, at);
  if (volume === null) return;
  const before = Math.max(0, at - 28);
  const issue = ISSUE.exec(text.slice(before, at));
  if (issue === null) return;
  const year = before + issue.index;
  const [whole, first = "", separator = "", last = ""] = volume;
  const end = at + whole.length;
  const pages = end - first.length - separator.length - last.length;
  work.journal = {
    start: year + base, end: end + base, year: { start: year + base, end: year + 4 + base },
    month: issue[2] === undefined ? undefined : { start: year + 4 + base, end: year + 4 + issue[2].length + base },
    pages: { start: pages + base, end: end + base }, first, separator, last,
  };
}

/** A journal as most are written: "2007;82(3):254-264." */
const PLAIN = /(?:19|20)\d\d;[\d()]{1,20}:(\d{1,9})-(\d{1,9})\./uy;

function plainJournal(text: string, base: number, at: number): Journal | undefined {
  const start = at - 4;
  const match = start < 1 ? null : matchAt(PLAIN, text, start);
  if (match === null || /[\w-]/u.test(text[start - 1]!)) return undefined;
  const [whole, first = "", last = ""] = match;
  const end = start + whole.length - 1;
  return {
    start: start + base, end: end + base, year: { start: start + base, end: at + base }, month: undefined,
    pages: { start: end - last.length - first.length - 1 + base, end: end + base }, first, separator: "-", last,
  };
}

// ── What several lint rules ask ───────────────────────────────────────────────────────────────────────────────────────
/** A year that ends a sentence ("Ex Press; 2006.") or a month with its year ("May 2006."). */
const YEAR = new RegExp(String.raw`(?<![\w.–—-])((?:19|20)\d{2})(?=\s*[.;]|$)`, "gu");

/** The year a work was published or last updated, where the reference says it, and where. */
export function yearOf({ text, base }: WorkList, work: Work): (Range & { readonly year: number }) | undefined {
  const at = (start: number): Range & { readonly year: number } => ({ start, end: start + 4, year: Number(text.slice(start - base, start - base + 4)) });
  // What was looked at again is as old as its last update.
  const { updated } = work;
  if (updated !== undefined && updated.year > 0) return { start: updated.start, end: updated.end, year: updated.year };
  if (work.journal !== undefined) return at(work.journal.year.start);
  let found: number | undefined;
  YEAR.lastIndex = 0;
  for (const match of text.slice(work.start - base, work.end - base).matchAll(YEAR)) {
    const start = work.start + match.index;
    if (!(work.accessed !== undefined && inside([work.accessed], start)) && !inside(work.links, start) && !inside(work.dois, start)) found = start;
  }
  return found === undefined ? undefined : at(found);
}

/** What a reference ends with: its last DOI or link, if nothing but brackets and a period follow it. */
export function endingLink({ text, base }: WorkList, work: Work): Range | undefined {
  const last = [...work.links, ...work.dois].reduce<Range | undefined>((found, each) => (found === undefined || each.end > found.end ? each : found), undefined);
  if (last === undefined) return undefined;
  for (let at = last.end - base; at < work.end - base; at++) if (!".>)]".includes(text[at]!)) return undefined;
  return last;
}

/** A fix of one edit; none where the edit would take a comment away. */
export function fixWithin(policy: LintedPolicy, range: Range, title: string, text: string, safe: boolean): Fix | undefined {
  if (withoutComments(policy.text, range, policy.analysis.document.comments) !== policy.source(range)) return undefined;
  return { title, safe, edits: [{ start: range.start, end: range.end, text }] };
}
