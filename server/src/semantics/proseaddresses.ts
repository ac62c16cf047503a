// Reads addresses of criteria in prose: `I.E.2.b`, `I.B-G`, `I.E.1 - 8`, `I.G.8.a.i-iii`, "I.B, C and D", "criterion II".
import { withoutComments } from "../syntax/prose.js";
import { walk } from "../syntax/walk.js";
import { onDemand, type Range } from "../text.js";
import { ordinal, schemeOf, segmentAt } from "./labels.js";
import type { Analysis } from "./model.js";

/** One address as prose writes it, in full or by its last label alone. */
export interface MentionPart extends Range {
  readonly address: string;
  /** It is written in full; "C" of "I.B, C and D" is not. */
  readonly full: boolean;
  /** It ends a range that begins with the part before it. */
  readonly through: boolean;
}

/** An address that prose mentions, or several at once: a range, a list. */
export interface Mention extends Range {
  /** With ranges and lists written out. */
  readonly addresses: readonly string[];
  readonly parts: readonly MentionPart[];
}

// The full stop of a label belongs to it, unless it ends a sentence, which cannot be told.
const ADDRESS = /[IVX]{1,7}((?:\.(?:[A-Z]|\d{1,2}|[a-z]{1,4})(?![A-Za-z0-9]))+)/uy;
const TO = /\.?\s*(?:[-–—]|\b(?:to|through|thru)\b)\s*(?:([IVX]{1,7}(?:\.(?:[A-Z]|\d{1,2}|[a-z]{1,4}))+)|([A-Z]|\d{1,2}|[a-z]{1,4}))(?![A-Za-z0-9])/uy;
const AND = /\.?\s*(?:,|;|&|\band\b|\bor\b)\s*(?:and\s+|or\s+)?([A-Z]|\d{1,2}|[a-z]{1,4})\.?(?=[\s,;.)]|$)(?!\s+(?!was\b|were\b|has\b|have\b|are\b|is\b|and\b|or\b|to\b|of\b|in\b|for\b|now\b|regarding\b|removed\b|added\b|deleted\b|revised\b|updated\b)[a-z]|\.[A-Za-z0-9])/uy;
/** More labels than this are not written out of one range. */
const LONGEST_RANGE = 60;
/** What looks like an address and is a clinical abbreviation: intravenous, intramuscular, international units. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(["I.V", "I.M", "I.U", "I.Q", "I.P", "V.S", "X.R"]);

/** The address that begins at an offset, with a range behind it, and where `lists` is true with further items of its list. */
export function addressAt(text: string, at: number, lists: boolean): Mention | undefined {
  ADDRESS.lastIndex = at;
  const match = ADDRESS.exec(text);
  if (match === null || ABBREVIATIONS.has(match[0])) return undefined;
  const first = match[0];
  const parent = first.slice(0, first.lastIndexOf("."));
  const addresses = [first];
  let last = first.slice(parent.length + 1);
  let end = ADDRESS.lastIndex;
  const parts: MentionPart[] = [{ start: at, end, address: first, full: true, through: false }];
  const go = (to: string | undefined, address: string | undefined, until: number): boolean => {
    const other = address === undefined ? to! : address.startsWith(`${parent}.`) ? address.slice(parent.length + 1) : "";
    const between = segmentsAfter(last, other);
    if (between === undefined) return false;
    for (const segment of between) addresses.push(`${parent}.${segment}`);
    const written = address ?? to!;
    parts.push({ start: until - written.length, end: until, address: `${parent}.${other}`, full: address !== undefined, through: true });
    last = other;
    end = until;
    return true;
  };
  TO.lastIndex = end;
  const range = TO.exec(text);
  if (range !== null) go(range[2], range[1], TO.lastIndex);
  while (lists && addresses.length < LONGEST_RANGE) {
    AND.lastIndex = end;
    const further = AND.exec(text);
    // An "a" is more often the article.
    if (further === null || further[1] === "a" || (segmentsAfter(last, further[1]!)?.length ?? 0) === 0) break;
    addresses.push(`${parent}.${further[1]!}`);
    last = further[1]!;
    end = AND.lastIndex - (text[AND.lastIndex - 1] === "." ? 1 : 0);
    parts.push({ start: end - last.length, end, address: `${parent}.${last}`, full: false, through: false });
    TO.lastIndex = end;
    const more = TO.exec(text);
    if (more?.[2] !== undefined) go(more[2], undefined, TO.lastIndex);
  }
  return { start: at, end, addresses, parts };
}

/** The labels behind one up to another of the same scheme; undefined where they make no range. */
export function segmentsAfter(from: string, to: string): readonly string[] | undefined {
  const scheme = schemeOf([from, to]);
  const low = scheme && ordinal(from, scheme);
  const high = scheme && ordinal(to, scheme);
  if (scheme === undefined || low === undefined || high === undefined || high <= low || high - low > LONGEST_RANGE) return undefined;
  return Array.from({ length: high - low }, (_, i) => segmentAt(low + i + 1, scheme));
}

/** Calls `visit` where a roman numeral with a full stop stands that may begin an address. */
export function candidates(text: string, visit: (at: number) => void): void {
  for (const digit of DIGITS) {
    for (let at = text.indexOf(digit); at >= 0; at = text.indexOf(digit, at + 2)) {
      const next = text.charCodeAt(at + 2);
      if (!isLetterOrDigit(next)) continue;
      let start = at;
      while (start > 0 && isRoman(text.charCodeAt(start - 1))) start--;
      if (start === 0 || !/[\p{L}\p{N}_.]/u.test(text[start - 1]!)) visit(start);
    }
  }
}
const DIGITS = ["I.", "V.", "X."] as const;
const isRoman = (unit: number): boolean => unit === 73 || unit === 86 || unit === 88;
const isLetterOrDigit = (unit: number): boolean => (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);

/** Words before an address that announce it as one: "criterion ", "criteria I.A and ", "see section ". */
export const ANNOUNCED = /\b(?:[Cc]riteri(?:on|a)|[Ss]tatements?|[Ss]ections?|[Ii]tems?|[Ii]ndications?)\s+(?:[IVX]+(?:\.\w{1,4})*\.?\s*(?:,|;|\band\b|\bor\b|[-–])\s*(?:and\s+|or\s+)?)*$/u;
const ELSEWHERE_BEFORE = /[A-Z]{2,}[A-Z0-9]*(?:\.[A-Z0-9]+)+[,:]?\s+(?:\w+\s+)?$|\b(?:DSM|FDA|NCCN|LCD|NCD|Act|CFR|manual|guidelines?|label(?:ing)?)\b[^.;]{0,30}$/u;
const ELSEWHERE_BEHIND = /^\.?\s*(?:of|in|from|under)\s+(?!(?:the|this)\s+(?:policy|criteria|statement)\b|[IVX]+\b)(?:the\s+|this\s+|that\s+)?(?:[A-Z]{2,}|[A-Z]\w+|label|act|guideline|manual|statute|regulation)/u;

/** Whether the words around an address say that it is one of another document. */
export function isElsewhere(before: string, behind: string): boolean {
  return ELSEWHERE_BEFORE.test(before) || ELSEWHERE_BEHIND.test(behind);
}

const NUMBER = String.raw`([A-Z]{2,}[A-Z0-9]*(?:\.[A-Z0-9]+)+)`;
const POLICY_BEFORE = new RegExp(String.raw`\b${NUMBER}[,:]?\s+(?:\w+\s+)?(?:[IVX]+(?:\.\w{1,4})*\.?\s*(?:,|;|\band\b|\bor\b)\s*(?:and\s+|or\s+)?)*$`, "u");
const POLICY_BEHIND = new RegExp(String.raw`^\.?\s*(?:(?:,|and|or)\s+(?:[IVX]+(?:\.\w{1,4})+)\s+)*(?:of|in|from|under)\s+(?:the\s+)?(?:clinical\s+)?(?:[Pp]olicy\s+)?${NUMBER}(?![\w.]*\w)`, "u");

/** A criterion that the prose of a policy surely speaks of. */
export interface CriterionMention extends Mention {
  /** Number of the policy that it is a criterion of, where the words name it. */
  readonly policy?: string | undefined;
}

const NUMERAL = /([Cc]riteri(?:on|a)\s+)([IVX]{1,7})(?![\w]|\.[A-Za-z0-9]|\s*[-–/]\s*[IVX])/uy;
const NUMERAL_GOES_ON = /\s*(?:,|&|\band\b|\bor\b)\s*(?:and\s+|or\s+)?([IVX]{1,7})(?![\w]|\.[A-Za-z0-9]|\s*[-–/]\s*[IVX])/uy;
const NAME_BEFORE = onDemand(() => /(\p{Lu}[\p{L}\p{N}-]*)\s+$/u);
const NO_NAME = /^(?:The|These|This|Both|See|Under|Per|Meets?|All|Any|When|If|In|For|And|Or|Not|Of)$/u;

/**
 * The criteria that the prose of a policy names by address, in the order of the text. Only what is surely an address counts:
 * one that is announced ("criterion I.B"), one of three labels (`I.E.2`), a statement by its numeral ("criterion II"). The
 * revision log is history and the references are other people's words; neither is read.
 */
export function criterionMentions(analysis: Analysis): readonly CriterionMention[] {
  const found: CriterionMention[] = [];
  for (const range of proseRanges(analysis)) {
    if (!/[IVX]\.[A-Za-z0-9]|riteri(?:on|a)\s+[IVX]/u.test(analysis.text.slice(range.start, range.end))) continue;
    const text = withoutComments(analysis.text, range, analysis.document.comments);
    const own = analysis.header.number;
    const add = (mention: Mention, announced: boolean): void => {
      const before = text.slice(Math.max(0, mention.start - 90), mention.start);
      const behind = text.slice(mention.end, mention.end + 60);
      const policy = POLICY_BEHIND.exec(behind)?.[1] ?? POLICY_BEFORE.exec(before)?.[1];
      if (policy === undefined && (isElsewhere(before, behind) || !announced)) return;
      const shift = <R extends Range>(part: R): R => ({ ...part, start: part.start + range.start, end: part.end + range.start });
      found.push({ ...shift(mention), parts: mention.parts.map(shift), policy: policy === own ? undefined : policy });
    };
    let read = 0;
    const starts: number[] = [];
    candidates(text, (at) => starts.push(at));
    for (const at of starts.sort((a, b) => a - b)) {
      const mention = at < read ? undefined : addressAt(text, at, true);
      if (mention === undefined) continue;
      read = mention.end;
      add(mention, /^[IVX]+\.[A-Z]\.\d/u.test(mention.addresses[0]!) || ANNOUNCED.test(text.slice(Math.max(0, at - 90), at)));
    }
    for (const word of ["riterion ", "riteria "]) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 7)) {
        const mention = numeralAt(text, at - 1);
        if (mention !== undefined) add(mention, true);
      }
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** "criterion II", "criteria I and III": statements by their numerals alone. */
function numeralAt(text: string, at: number): Mention | undefined {
  NUMERAL.lastIndex = Math.max(0, at);
  const match = NUMERAL.exec(text);
  if (match === null) return undefined;
  // "the Amsterdam criteria II" are those of a place or a society.
  const name = NAME_BEFORE().exec(text.slice(Math.max(0, at - 60), at))?.[1];
  if (name !== undefined && !NO_NAME.test(name) && !/\./u.test(name)) {
    if (!new RegExp(`${NUMBER}[,:]?\\s+$`, "u").test(text.slice(Math.max(0, at - 60), at))) return undefined;
  }
  let end = NUMERAL.lastIndex;
  const parts: MentionPart[] = [{ start: end - match[2]!.length, end, address: match[2]!, full: true, through: false }];
  for (;;) {
    NUMERAL_GOES_ON.lastIndex = end;
    const next = NUMERAL_GOES_ON.exec(text);
    if (next === null) break;
    end = NUMERAL_GOES_ON.lastIndex;
    parts.push({ start: end - next[1]!.length, end, address: next[1]!, full: true, through: false });
  }
  return { start: parts[0]!.start, end, parts, addresses: parts.map((part) => part.address) };
}

/** Where words stand that may speak of criteria: prose, questions, headings. */
function proseRanges({ document }: Analysis): readonly Range[] {
  const ranges: Range[] = [];
  for (const section of document.sections) {
    if (section.kind === "revisions" || section.kind === "references") continue;
    if (section.kind === "text") ranges.push(section.heading);
    walk(section, (node) => {
      if (node.kind === "prose") ranges.push(node);
      else if (node.kind === "fact" && node.question !== undefined) ranges.push(node.question);
      else if (node.kind === "codeGroup") ranges.push(node.title);
    });
  }
  return ranges;
}
