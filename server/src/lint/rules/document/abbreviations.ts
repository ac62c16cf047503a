// The abbreviations of a policy: where each is used in prose and where it is defined, "long form (ABBR)" or "ABBR (long form)".
import type { Range } from "../../../text.js";
import { figure, isLongForm, KNOWN, longFormBefore, stands, upper, words } from "../../../semantics/abbreviations.js";
import { LINES_OF_BUSINESS } from "../../../vocabulary.js";
import type { LintedPolicy, ProseRole, Stretch } from "../../policy.js";
import { scanWords } from "../wording/scan.js";

/** A place where an abbreviation stands. */
export interface AbbreviationUse extends Range {
  readonly stretch: Stretch;
}
/** A place where it is defined; the range is that of the abbreviation, without its parentheses and plural. */
export interface AbbreviationDefinition extends AbbreviationUse {
  /** Place of the long form. */
  readonly long: Range;
  /** "long form (ABBR)": the place of the parenthesis; undefined for "ABBR (long form)". */
  readonly parenthesis?: Range | undefined;
}
export interface Abbreviation {
  readonly text: string;
  /** Places in prose, in the order of the text, those in which it is defined not among them. */
  readonly uses: AbbreviationUse[];
  /** In the order of the text. */
  readonly definitions: AbbreviationDefinition[];
  /** It stands alone in parentheses behind words that do not seem to be its long form. */
  maybe: boolean;
}

/** Prose in which a reader meets an abbreviation, in the order in which it is read. */
export const READ: ReadonlySet<ProseRole> = new Set<ProseRole>(["paragraph", "criterion", "note", "footnote"]);
/** What is no prose of the policy's own. */
const OTHERS: ReadonlySet<ProseRole> = new Set<ProseRole>(["question", "reference", "case name", "case note"]);

/** Words that are written in capitals for emphasis, and may stand among abbreviations. */
const STRESSED = words("AND OR NOT ALL ANY ONE TWO BOTH EITHER NONE ONLY MUST NOTE NO YES AT EACH IF WHEN UNLESS WITH EVERY NEVER ALSO EXCEPT");
/** Words of sentences that are written in capitals as a whole. */
const SHOUTED = words(`
  THE OF FOR TO IN ON BY IS ARE AS FROM THIS THAT WILL BE HAS HAVE MAY SHALL CAN WAS ITS AN NEW FULL PRIOR MALE FEMALE ADULT CHILD LEFT RIGHT FIRST
  BEFORE AFTER DURING WITHIN CANNOT DOES DO ACTIVE SEVERE THREE FOUR LESS MORE THAN LEAST MOST PLUS THEN ELSE OTHER SAME AGE YEARS DAYS WEEKS MONTHS
  STOP START SEE PLEASE UPDATE ADDED POLICY DRAFT TABLE STEP PART END
`);

/** The abbreviations of a policy; made once for those who ask. */
export function abbreviations(policy: LintedPolicy): ReadonlyMap<string, Abbreviation> {
  return policy.once(find);
}

function find(policy: LintedPolicy): ReadonlyMap<string, Abbreviation> {
  const found = new Map<string, Abbreviation>();
  const { text, stretches } = policy;
  // The stretches are gone along with the words: most of them hold no abbreviation.
  let at = 0;
  for (const first of policy.once(scanWords).abbreviations) {
    while (at < stretches.length && stretches[at]!.end <= first) at++;
    const stretch = stretches[at];
    if (stretch === undefined) break;
    let last = first + 2;
    while (last < stretch.end && upper(text.charCodeAt(last))) last++;
    if (last - first > 6 || first < stretch.start || OTHERS.has(stretch.role)) continue;
    if (last < stretch.end && figure(text.charCodeAt(last))) last++;
    const place = first - stretch.start;
    // Comments are blank in a stretch.
    if (stretch.text.charCodeAt(place) !== 32 && stands(stretch.text, place, last - stretch.start)) note(stretch, place, last - stretch.start, found);
  }
  return found;
}

const SLASH = 47;
const OPEN = 40;
const closes = (unit: number): boolean => unit === 41 || unit === 93;
const isTradeMark = (unit: number): boolean => unit === 0xae || unit === 0x2122;

function note(stretch: Stretch, start: number, end: number, found: Map<string, Abbreviation>): void {
  const { text, start: offset } = stretch;
  const short = text.slice(start, end);
  let entry = found.get(short);
  if (entry === undefined) found.set(short, (entry = { text: short, uses: [], definitions: [], maybe: false }));
  let behind = text.charCodeAt(end) === 115 ? end + 1 : end;
  if (isTradeMark(text.charCodeAt(behind))) behind++;
  // "(ADA's)"
  if (/^['’]s\)/u.test(text.slice(behind, behind + 3))) behind += 2;
  const open = start === 0 ? 0 : text.charCodeAt(start - 1);
  const next = behind < text.length ? text.charCodeAt(behind) : 0;
  if ((open === OPEN || open === 91) && (closes(next) || next === 59 || next === 44)) {
    const from = longFormBefore(short, text, start - 1);
    if (from !== undefined) {
      let to = start - 1;
      while (/\s/u.test(text.charAt(to - 1))) to--;
      const parenthesis = closes(next) ? { start: offset + start - 1, end: offset + behind + 1 } : undefined;
      entry.definitions.push({ start: offset + start, end: offset + end, stretch, long: { start: offset + from, end: offset + to }, parenthesis });
      return;
    }
    if (closes(next)) entry.maybe = true;
  } else if ((next === SLASH || open === SLASH) && partOfDefined(text, start, end)) {
    entry.maybe = true;
  } else if (next === 32 && (text.charCodeAt(behind + 1) === OPEN || text.charCodeAt(behind + 1) === 91)) {
    const from = behind + 2;
    const close = text.slice(from, from + 120).search(/[)\]]/u);
    if (close > 0 && isLongForm(short, text.slice(from, from + close))) {
      entry.definitions.push({ start: offset + start, end: offset + end, stretch, long: { start: offset + from, end: offset + from + close } });
      return;
    }
  }
  if (READ.has(stretch.role)) entry.uses.push({ start: offset + start, end: offset + end, stretch });
}

/** Whether an abbreviation is part of one that is defined: "biliopancreatic diversion with duodenal switch (BPD/DS)". */
function partOfDefined(text: string, start: number, end: number): boolean {
  const open = text.lastIndexOf("(", start);
  const whole = open < 0 || start - open > 20 ? null : /^\([A-Z]{1,6}(?:\/[A-Z]{1,6})+\)/u.exec(text.slice(open, open + 30));
  return whole !== null && open + whole[0].length > end && longFormBefore(whole[0].replace(/\W/gu, ""), text, open) !== undefined;
}

/** Words that name an abbreviation beside the parenthesis: "…, or SABR", "also called SABR". */
const NAMED = /(?:,\s*or|\([^()]*\bor|also|called|known as|abbreviated(?: as)?|short for|herea?in?after|formerly)\s+["“]?$/u;
const EXPLAINED = /^s?["”]?\s*(?:=|:|–|—|,\s*or\s|means\b|stands\s+for\b|is\s+short\s+for\b)\s*/u;
const GLOSSARY = /abbreviation|acronym|glossary|definition/i;

/** Whether an abbreviation may be explained in a way that is neither of the two forms, or may be no abbreviation; asked of few. */
export function mayBeClear(policy: LintedPolicy, { text, uses, maybe }: Abbreviation): boolean {
  if (maybe || KNOWN.has(text) || STRESSED.has(text) || SHOUTED.has(text) || /\d$|^[IVX]+$/u.test(text) || (LINES_OF_BUSINESS as readonly string[]).includes(text)) return true;
  for (const key of ["plan", "jurisdiction"] as const) if (policy.analysis.header.fields.get(key)?.value?.text.includes(text) === true) return true;
  if (uses.some((use) => clearAt(text, use)) || uses.every((use) => isTrial(text, use))) return true;
  // A word that also stands in small letters is stressed, not abbreviated.
  return policy.once(plainWords).has(text.toLowerCase());
}

const PLAIN = /(?<![A-Za-z\u00c0-\u024f\d_./@-])[a-z]{2,6}(?![A-Za-z\u00c0-\u024f\d_/@-]|\.[A-Za-z])/gu;

/** The short words in small letters of the policy's prose. */
function plainWords({ stretches }: LintedPolicy): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { role, text } of stretches) if (!OTHERS.has(role)) for (const [word] of text.matchAll(PLAIN)) found.add(word);
  return found;
}

/** "The STAR trial": the name of a study, which nobody writes out. */
const isTrial = (short: string, { stretch, start }: AbbreviationUse): boolean => /^(?:\s+(?:and|or)\s+[A-Z][A-Z-]+)?\s+trials?\b/u.test(stretch.text.slice(start - stretch.start + short.length, start - stretch.start + short.length + 40));

function clearAt(short: string, { stretch, start }: AbbreviationUse): boolean {
  const { text } = stretch;
  const at = start - stretch.start;
  const end = at + short.length;
  if (text.charAt(end) === "®" || text.charAt(end) === "™") return true;
  if (stretch.node.kind === "text" && GLOSSARY.test(stretch.node.heading.text)) return true;
  const before = text.slice(Math.max(0, at - 60), at);
  if (NAMED.test(before) || /\bmodifiers?\b[^.;]*$/u.test(before)) return true;
  const behind = text.slice(end, end + 120);
  // "(stainless steel crown, SSC)"
  const beside = behind.startsWith(")") ? /\(([^(),;]+),\s*$/u.exec(before) : null;
  if (beside !== null && isLongForm(short, beside[1]!)) return true;
  const explained = EXPLAINED.exec(behind);
  if (explained !== null && isLongFormAt(short, behind.slice(explained[0].length))) return true;
  return partOfLink(text.slice(Math.max(0, at - 300), at)) || shouted(before, behind);
}

/** Whether the long form begins at the start of a text, however far it goes. */
function isLongFormAt(short: string, text: string): boolean {
  const parts = text.replace(/^(?:the|an?)\s+/i, "").split(/[\s/-]+/u).slice(0, short.length + 3);
  for (let n = 1; n <= parts.length; n++) if (isLongForm(short, parts.slice(0, n).join(" "))) return true;
  return false;
}

/** Whether what stands before a word, without a space, makes it a part of a link or an e-mail address. */
const partOfLink = (before: string): boolean => /(?:^|\s)[("<]*(?:https?:|www\.|[^\s@]{1,80}@)\S*$/u.test(before);

/** Whether a neighbour is a plain word in capitals: then the whole passage is written in capitals. */
function shouted(before: string, behind: string): boolean {
  const left = /([A-Z]{2,})[,:]?\s+$/u.exec(before)?.[1];
  const right = /^[,:]?\s+([A-Z]{2,})\b/u.exec(behind)?.[1];
  return [left, right].some((word) => word !== undefined && (word.length > 6 || SHOUTED.has(word)));
}

/** What an abbreviation that is defined nowhere may stand for. */
export interface Guess {
  /** A defined abbreviation that differs in one letter. */
  readonly slip?: string | undefined;
  /** Words before its first use that begin with its letters. */
  readonly words?: Range | undefined;
}

/** Looks for what an abbreviation that is defined nowhere may stand for; asked of few. */
export function guess(policy: LintedPolicy, { text, uses }: Abbreviation): Guess {
  if (text.length < 3) return {};
  for (const other of abbreviations(policy).values()) {
    if (text.length < 4 || other.definitions.length === 0 || other.text.length !== text.length) continue;
    let different = 0;
    for (let i = 0; i < text.length; i++) if (text[i] !== other.text[i]) different++;
    if (different === 1) return { slip: other.text };
  }
  const initials = new RegExp(`(?<![\\w-])${[...text].map((letter) => `[${letter}${letter.toLowerCase()}][a-zA-Z]{2,30}`).join("[\\s-]\\s{0,12}(?:(?:of|and|the|for|in|to)\\s{1,12})?")}(?!\\w)`, "u");
  for (const stretch of policy.stretches) {
    if (stretch.start > uses[0]!.start) break;
    const match = READ.has(stretch.role) || stretch.role === "title" ? initials.exec(stretch.text) : null;
    if (match !== null) return { words: { start: stretch.start + match.index, end: stretch.start + match.index + match[0].length } };
  }
  return {};
}

/** Whether two terms have no word in common, by the first four letters of each, so that they are no variants of each other. */
export function unlike(one: string, other: string): boolean {
  const stems = new Set(one.toLowerCase().split(/[\s/-]+/u).map((word) => word.slice(0, 4)));
  return !other.toLowerCase().split(/[\s/-]+/u).some((word) => stems.has(word.slice(0, 4)));
}
