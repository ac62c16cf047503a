// Filling lines: where prose and conditions may break, and how lines are filled up to the width.
import { classifyLine, type Place } from "../syntax/lines.js";
import { RAGGED } from "./model.js";

/** Where lines stand that go on from an entry. */
export interface Frame {
  readonly place: Place;
  /** Column of the entry, of the section's entries, and of the lines that go on. */
  readonly level: number;
  readonly base: number;
  readonly hang: number;
  /** Column at which the first line's words begin. */
  readonly first: number;
  readonly width: number;
}

const SPACES = /[ \t\u00a0\ufeff]*[ \t\r\n]+[ \t\u00a0\ufeff]*/u;

/** A space behind each comma. */
export const commaSpaced = (line: string): string => line.replace(/,(?=\S)/gu, ", ");

/** White space other than one space between words. */
export const LOOSE_SPACE = /[\t\u00a0\ufeff]|  /u;
/** A line with one space between its words. */
export const spaced = (line: string): string => (LOOSE_SPACE.test(line) ? wordsOf(line).join(" ") : line);

/** Words of a line. A no-break space holds words together. */
export const wordsOf = (line: string): string[] => line.split(SPACES).filter((word) => word !== "");

const SYSTEM = /^\(?(?:CPT|HCPCS|ICD-10-CM|ICD-10-PCS|MS-DRG|NDC)®?$/u;
const CODE = /^[A-Z0-9]*\d[A-Z0-9.*–-]*[^\s\w]*$/u;
const MONTH = /^\(?(?:January|February|March|April|May|June|July|August|September|October|November|December)$/u;
const COMPARISON = /^\(?(?:[<>=≤≥≠]|<=|>=|!=)$/u;
const CITATION_OPEN = /\[[\d,\s–-]*$/u;

/** What never stands apart: a code and its system, a sign and its figure, the numbers of a citation, the parts of a date. */
function holds(before: string, word: string, beforeThat: string | undefined): boolean {
  if (CITATION_OPEN.test(before) && /^[\d,–-]+[\]\d,–-]*/u.test(word)) return true;
  if (SYSTEM.test(before)) return CODE.test(word) || word === "codes" || word === "code";
  if ((before === "codes" || before === "code") && beforeThat !== undefined && SYSTEM.test(beforeThat)) return CODE.test(word);
  if (COMPARISON.test(before)) return /^[\d.]/u.test(word);
  if (/^%/u.test(word)) return /\d$/u.test(before);
  if (MONTH.test(before)) return /^\d{1,2},$|^\d{4}\b/u.test(word);
  return beforeThat !== undefined && MONTH.test(beforeThat) && /^\d{1,2},$/u.test(before) && /^\d{4}\b/u.test(word);
}

interface Atom {
  readonly text: string;
  /** Index of the line on which it begins and ends. */
  readonly from: number;
  readonly to: number;
}

function atomsOf(lines: readonly string[]): Atom[] {
  const atoms: { text: string; from: number; to: number }[] = [];
  let before: string | undefined;
  let beforeThat: string | undefined;
  lines.forEach((line, i) => {
    for (const word of wordsOf(line)) {
      const last = atoms[atoms.length - 1];
      if (last !== undefined && before !== undefined && holds(before, word, beforeThat)) {
        last.text += ` ${word}`;
        last.to = i;
      } else {
        atoms.push({ text: word, from: i, to: i });
      }
      beforeThat = before;
      before = word;
    }
  });
  return atoms;
}

/** What begins a label, a bullet or a comment. */
const MARKED = String.raw`#|(?:\((?:[A-Za-z]|[ivxlcdm]{1,9}|\d{1,3})\)|(?:[A-Za-z]|[ivxlcdm]{1,9}|[a-z]{2}|\d{1,3})[.)]|[-–•*▪◦·†‡§]+)(?=\s|$)`;
/** Beginnings that no line of prose has which goes on from another: keywords, labels, bullets, comments. */
const OPENING = new RegExp(String.raw`^(?:(?:when|unless|except when|waived when|if|note|applies to|approval duration|quantity limit)(?=[\s:]|$)|${MARKED})`, "iu");
const LISTED = new RegExp(`^(?:${MARKED})`, "iu");

/** True if a line of free text begins like the item of a list. */
export const isListed = (line: string): boolean => LISTED.test(line);

/** True if a line of these words goes on from the line before it. */
const goesOn = (text: string, frame: Frame): boolean => !OPENING.test(text) && classified(text, frame);

function classified(text: string, { place, level, base, hang }: Frame): boolean {
  return classifyLine(text, 0, { place, column: hang, level, base, afterBlank: false, lineEnd: text.length, afterComma: false }).kind === "continuation";
}

const AHEAD = 6;
const opens = (atoms: readonly { readonly text: string }[], at: number, frame: Frame): boolean => goesOn(atoms.slice(at, at + AHEAD).map((atom) => atom.text).join(" "), frame);

/** Fills lines with atoms; `may` tells where a line may begin. */
function fill(atoms: readonly Atom[], { first, hang, width }: Frame, may: (at: number) => boolean): string[] {
  const lines: string[] = [];
  for (let from = 0; from < atoms.length;) {
    let length = (lines.length === 0 ? first : hang) + atoms[from]!.text.length;
    let to = from + 1;
    while (to < atoms.length && length + 1 + atoms[to]!.text.length <= width) length += 1 + atoms[to++]!.text.length;
    if (to < atoms.length) {
      const full = to;
      while (to > from && (to === from || !may(to))) to--;
      if (to === from) for (to = full; to < atoms.length && !may(to);) to++;
    }
    lines.push(atoms.slice(from, to).map((atom) => atom.text).join(" "));
    from = to;
  }
  return lines;
}

/** True if lines need not be filled anew: none is too long, none ends much too early, nothing is torn apart. */
function isFilled(lines: readonly string[], atoms: readonly Atom[], { first, hang, width }: Frame, ragged: number): boolean {
  if (atoms.some((atom) => atom.from !== atom.to)) return false;
  const openers = new Map<number, Atom>();
  const counts = new Map<number, number>();
  for (const atom of atoms) {
    if (!openers.has(atom.from)) openers.set(atom.from, atom);
    counts.set(atom.from, (counts.get(atom.from) ?? 0) + 1);
  }
  return lines.every((line, i) => {
    const end = (i === 0 ? first : hang) + line.length;
    if (end > width) return counts.get(i) === 1;
    const next = openers.get(i + 1);
    return next === undefined || end + 1 + next.text.length > width - ragged;
  });
}

/** True if lines, with one space between their words, still go on from one another: `applies   to` does, `applies to` does not. */
export const stayJoined = (lines: readonly string[], frame: Frame): boolean => lines.every((line, i) => i === 0 || classified(line, frame));

/** Lays out prose that stands on these lines, with one space between words; lines that are well filled stay. */
export function wrapProse(lines: readonly string[], frame: Frame): readonly string[] {
  if (lines.length === 1 && frame.first + lines[0]!.length <= frame.width) return lines;
  const atoms = atomsOf(lines);
  if (isFilled(lines, atoms, frame, RAGGED)) return lines;
  return fill(atoms, frame, (at) => opens(atoms, at, frame));
}

const QUOTED = /"[^"]*"|“[^”]*”/gu;

/** Changes what stands outside of quotation marks. */
function unquoted(line: string, tidy: (part: string) => string): string {
  let text = "";
  let at = 0;
  for (const quoted of line.matchAll(QUOTED)) {
    text += tidy(line.slice(at, quoted.index)) + quoted[0];
    at = quoted.index + quoted[0].length;
  }
  return text + tidy(line.slice(at));
}

/** One space between words; quoted text stays as it is. */
export const tidySpaces = (line: string): string => unquoted(line, (part) => part.replace(/[ \t\u00a0\ufeff]+/gu, " "));

const UNTIDY = /[\t\u00a0\ufeff]|  |\S[<>=≤≥≠!]|[<>=≤≥≠]\S|,\S/u;
/** One space between the words of a condition, around its signs and behind its commas; quoted text stays as it is. */
export const tidyCondition = (line: string): string => (!UNTIDY.test(line) ? line : unquoted(line, (part) => part
  .replace(/[ \t\u00a0\ufeff]+/gu, " ")
  .replace(/([\p{L}\p{N}_)\]%])(<=|>=|!=|<>|==|=<|=>|[<>=≤≥≠])(?=[\p{L}\p{N}_("“ -]|$)/gu, "$1 $2")
  .replace(/(^|[\s\p{L}\p{N}_)\]%])(<=|>=|!=|<>|==|=<|=>|[<>=≤≥≠])(?=[\p{L}\p{N}_("“])/gu, "$1$2 ")
  .replace(/,(?=[^\s\d])/gu, ", ")));

/** Parts of a condition that no line break goes through. */
function conditionAtoms(line: string): Atom[] {
  const atoms: Atom[] = [];
  for (const match of line.matchAll(/(?:[^\s"“]*(?:"[^"]*"|“[^”]*”)[^\s"“]*|[^\s]+)+/gu)) atoms.push({ text: match[0], from: 0, to: 0 });
  return atoms;
}

/** How many parentheses are open before each atom. */
function depthsOf(atoms: readonly Atom[]): number[] {
  let depth = 0;
  return atoms.map(({ text }) => {
    const before = depth;
    if (!text.includes('"')) for (const sign of text) depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    return before;
  });
}

/** Lays out a condition or a list of values: its line breaks stay, lines that are too long break before `and` and `or` or behind a comma. */
export function wrapCondition(lines: readonly string[], frame: Frame): readonly string[] {
  return lines.flatMap((line, i) => {
    const own = i === 0 ? frame : { ...frame, first: frame.hang };
    if (own.first + line.length <= frame.width) return [line];
    const atoms = conditionAtoms(line);
    const depths = depthsOf(atoms);
    const joint = (at: number): boolean => /^(?:and|or)$/u.test(atoms[at]!.text) && opens(atoms, at, frame);
    const comma = (at: number): boolean => atoms[at - 1]!.text.endsWith(",") && opens(atoms, at, frame);
    const fits = (filled: readonly string[]): boolean => filled.every((each, k) => (k === 0 ? own.first : frame.hang) + each.length <= frame.width);
    // What stands in parentheses stays together as long as that is possible.
    for (const most of [0, Infinity]) {
      const filled = fill(atoms, own, (at) => depths[at]! <= most && joint(at));
      if (fits(filled)) return filled;
    }
    return fill(atoms, own, (at) => joint(at) || comma(at));
  });
}
