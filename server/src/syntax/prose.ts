// Reads prose: citations, the combinator phrase and the connector at its end, statement phrases, mentions of codes and policies.
import { folded, type Range } from "../text.js";
import { COMBINATORS, CODE_SYSTEMS, type CodeSystem, numberWord, OPEN_LIST, STATEMENT_PHRASES, TURNED_BEFORE, TURNED_BEHIND, TURNED_NECESSITY, withoutCaptures } from "../vocabulary.js";
import type { Citation, CitedNumber, Combinator, Connector, Prose, StatementPhrase } from "./ast.js";

const CITATION = /\[(\s*\d{1,4}\s*(?:[-–]\s*\d{1,4}\s*)?(?:[,;]\s*\d{1,4}\s*(?:[-–]\s*\d{1,4}\s*)?)*)\]/gu;
const CITED = /(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?/gu;

/** Finds the citations `[47]`, `[1-2]`, `[3,7]` in `text`, whose first character stands at `offset`. */
export function readCitations(text: string, offset: number): readonly Citation[] {
  if (!text.includes("[")) return NONE;
  const citations: Citation[] = [];
  CITATION.lastIndex = 0;
  for (let match = CITATION.exec(text); match !== null; match = CITATION.exec(text)) {
    const start = offset + match.index;
    const numbers: CitedNumber[] = [];
    CITED.lastIndex = 0;
    for (let cited = CITED.exec(match[1]!); cited !== null; cited = CITED.exec(match[1]!)) {
      const from = Number(cited[1]);
      const at = start + 1 + cited.index;
      numbers.push({ from, to: cited[2] === undefined ? from : Number(cited[2]), start: at, end: at + cited[0].length });
    }
    citations.push({ kind: "citation", numbers, start, end: start + match[0].length });
  }
  return citations;
}
const NONE: readonly Citation[] = [];

// Expressions that pass over capitals do without the flag `u` in this file and in the vocabulary: the two together make V8 five times slower.
// One expression for all wordings, so that prose is searched once; a named group tells which of them matched. It is for small letters,
// which takes V8 half as long to prepare.
const ANY_COMBINATOR = new RegExp(COMBINATORS.map((each, i) => `(?<c${i}>\\b${withoutCaptures(each.pattern)}(?!\\w))`).join("|"), "g");
const CAPITAL = /[A-Z]/g;
/** The text in small letters, each at its place: the small form of a few letters is longer. */
function inSmallLetters(text: string): string {
  const small = text.toLowerCase();
  return small.length === text.length ? small : text.replace(CAPITAL, (letter) => letter.toLowerCase());
}
const COMBINATOR_PATTERNS = COMBINATORS.map((each) => new RegExp(`^${each.pattern}`, "i"));
const OPEN = new RegExp(OPEN_LIST.map((each) => each.pattern).join("|"), "i");
const OPENING = String.raw`(?:may\s+(?:also\s+)?include(?:,?\s+but\s+(?:is\s+|are\s+)?not\s+(?:be\s+)?limited\s+to)?|includ(?:e|es|ing),?\s+but\s+(?:is\s+|are\s+)?not\s+limited\s+to),?`;
/** An open list without a combinator of its own: "Indications may include the following:". */
const OPEN_BARE = new RegExp(String.raw`${OPENING}(?:\s+the\s+following(?:\s+[\w-]+){0,3})?\s*(?:\[[\d,\s–-]+\]\s*)?[:.]?\s*(?:\[[\d,\s–-]+\]\s*)*$`, "i");
const OPEN_BEFORE = new RegExp(String.raw`${OPENING}\s*$`, "i");
const LONGEST_TAIL = 90;
const TAIL = /^[^.;]*[.:;]?\s*(?:\[[\d,\s–-]+\]\s*)*$/u;

/** Reads the combinator that announces a list at the end of prose: "…, any of the following (not all-inclusive): [47]". */
export function readCombinator(text: string, offset: number): Combinator | undefined {
  if (!/follow|must\s+meet|includ|these/i.test(text)) return undefined;
  let last: RegExpExecArray | undefined;
  let other: RegExpExecArray | undefined;
  ANY_COMBINATOR.lastIndex = 0;
  const small = inSmallLetters(text);
  for (let match = ANY_COMBINATOR.exec(small); match !== null; match = ANY_COMBINATOR.exec(small)) {
    other = last;
    last = match;
  }
  if (last === undefined) {
    const bare = OPEN_BARE.exec(text);
    return bare === null ? undefined : { kind: "combinator", op: "any", count: 0, open: true, start: offset + bare.index, end: offset + text.trimEnd().length };
  }
  const tail = text.slice(last.index + last[0].length);
  if (tail.length > LONGEST_TAIL || !TAIL.test(tail)) return undefined;
  const which = COMBINATORS.findIndex((_, i) => last!.groups![`c${i}`] !== undefined);
  const chosen = COMBINATORS[which]!;
  const count = COMBINATOR_PATTERNS[which]!.exec(last[0])?.[1];
  const open = OPEN.test(tail) || OPEN_BEFORE.test(text.slice(0, last.index));
  return {
    kind: "combinator",
    op: chosen.op,
    count: count === undefined ? 0 : numberWord(count),
    open,
    unclear: turned(text, last, tail) ?? (other !== undefined && folded(other[0]) !== folded(last[0]) ? folded(other[0]) : undefined),
    start: offset + last.index,
    end: offset + last.index + last[0].length,
  };
}

const CLAUSE_START = /[.;:]|\b(?:when|if|where)\b/gi;

/** The words around a combinator that may turn it round, if there are any. What a statement determines is not among them. */
function turned(text: string, match: RegExpExecArray, tail: string): string | undefined {
  return folded(turnedBefore(text.slice(0, match.index)) ?? turnedBehind(tail) ?? "") || undefined;
}

function turnedBefore(words: string): string | undefined {
  // "…, either of the following:" announces the list apart from what was said before. Most do.
  if (endsApart(words) && !/includ/i.test(words)) return undefined;
  let before = words;
  for (const phrase of STATEMENT_PHRASES) before = before.replace(phrase.pattern, (found) => " ".repeat(found.length));
  before = before.replace(OPEN_BEFORE, "");
  if (endsApart(before)) return undefined;
  let from = 0;
  CLAUSE_START.lastIndex = 0;
  for (let start = CLAUSE_START.exec(before); start !== null; start = CLAUSE_START.exec(before)) from = start.index + start[0].length;
  return TURNED_BEFORE.exec(before.slice(from))?.[0];
}

function endsApart(words: string): boolean {
  const end = words.trimEnd();
  return end !== "" && ",:;(".includes(end[end.length - 1]!);
}

function turnedBehind(tail: string): string | undefined {
  if (tail.length < 3) return undefined;
  return TURNED_BEHIND.exec(tail.replace(OPEN, "").replace(/\blimited\s+to\b/i, ""))?.[0];
}

// "; or" ends an item; so does a bare "or", with which no sentence ends.
const CONNECTOR = /(?:[;,]\s*|\s)(and|or)\s*(?:\[[\d,\s–-]+\]\s*)*[.;]?\s*$/i;

const CONNECTOR_END = /[dr\].;\s]$/i;

/** Reads a trailing "; or" or "; and". */
export function readConnector(text: string, offset: number): Connector | undefined {
  // Most items end in another letter.
  if (!CONNECTOR_END.test(text)) return undefined;
  const match = CONNECTOR.exec(text.length > 60 ? text.slice(-60) : text);
  if (match === null) return undefined;
  const at = offset + (text.length > 60 ? text.length - 60 : 0) + match.index;
  return { kind: "connector", word: match[1]!.toLowerCase() as "and" | "or", start: at, end: at + match[0].search(/\b(?:and|or)\b/i) + match[1]!.length };
}

/** The text of a range with comments (in the order of the text) blanked out, offsets kept. */
export function withoutComments(source: string, range: Range, comments: readonly Range[]): string {
  let low = 0;
  for (let high = comments.length; low < high;) {
    const middle = (low + high) >> 1;
    if (comments[middle]!.end <= range.start) low = middle + 1;
    else high = middle;
  }
  let text = "";
  let at = range.start;
  for (let i = low; i < comments.length && comments[i]!.start < range.end; i++) {
    const start = Math.max(at, comments[i]!.start);
    const end = Math.min(range.end, comments[i]!.end);
    if (end > start) text += source.slice(at, start) + " ".repeat(end - start);
    at = Math.max(at, end);
  }
  return text + source.slice(at, range.end);
}

/** Builds the prose node of a range. `full` also looks for a combinator and a connector, as criteria have them. */
export function readProse(source: string, range: Range, comments: readonly Range[], full: boolean): Prose {
  const written = withoutComments(source, range, comments);
  const text = written.trimEnd();
  const end = range.start + text.length;
  const citations = readCitations(text, range.start);
  if (!full) return { kind: "prose", citations, start: range.start, end };
  return { kind: "prose", citations, combinator: readCombinator(text, range.start), connector: readConnector(text, range.start), start: range.start, end };
}

/** What a statement says, read from its prose; undefined where it says nothing the language knows. */
export function readStatementPhrase(text: string, offset: number): StatementPhrase | undefined {
  for (const phrase of STATEMENT_PHRASES) {
    const match = phrase.pattern.exec(text);
    if (match === null) continue;
    return { kind: phrase.kind, unclear: turnedNecessity(text, phrase.kind, match), start: offset + match.index, end: offset + match.index + match[0].length };
  }
  return undefined;
}

const LIMITING = STATEMENT_PHRASES.filter((phrase) => phrase.kind === "investigational" || phrase.kind === "excluded");

/** Words of the sentence that may turn "medically necessary" or "investigational" round. Only a plain sentence approves. */
function turnedNecessity(text: string, kind: StatementPhrase["kind"], match: RegExpExecArray): string | undefined {
  if (kind === "not-necessary" || kind === "see-policy" || kind === "excluded") return undefined;
  const sentence = text.slice(0, match.index).replace(/^[\s\S]*[.;]\s/u, "").replace(/^\s*(?:when|if|for|in|although|because)\b[^,]*,/i, "");
  if (kind === "investigational") return /\b(?:not|no\s+longer|never)\b|n't\b/i.exec(sentence.slice(-40))?.[0];
  const behind = /^\s+(?:(?:services?|procedures?|treatments?|indications?)\s+)?(?:do|does|did)\s+not\b/i.exec(text.slice(match.index + match[0].length));
  return TURNED_NECESSITY.exec(sentence)?.[0] ?? behind?.[0].trim() ?? LIMITING.map((phrase) => phrase.pattern.exec(text)?.[0]).find((words) => words !== undefined);
}

/** A code or policy number that prose mentions. */
export interface Mention extends Range {
  readonly kind: "code" | "policy";
  readonly system?: CodeSystem | undefined;
  readonly text: string;
}

const SYSTEMS = CODE_SYSTEMS.map((system) => system.word).join("|");
const MENTION = new RegExp(String.raw`\b(?<system>${SYSTEMS})®?\s+(?:codes?\s+)?(?<code>[A-Z0-9][A-Z0-9.]{1,10}(?<![.]))(?![A-Za-z0-9])|\b(?<policy>[A-Z]{2,4}(?:\.[A-Z]{2,})+\.\d+)\b`, "gu");

/** Finds `CPT 77301`, `HCPCS G6015`, `ICD-10-CM C69.0` and policy numbers such as `CP.MP.22` in prose. */
export function readMentions(text: string, offset: number): readonly Mention[] {
  const mentions: Mention[] = [];
  MENTION.lastIndex = 0;
  for (let match = MENTION.exec(text); match !== null; match = MENTION.exec(text)) {
    const groups = match.groups!;
    const image = groups["code"] ?? groups["policy"]!;
    const start = offset + match.index + match[0].length - image.length;
    mentions.push({ kind: groups["policy"] === undefined ? "code" : "policy", system: groups["system"] as CodeSystem | undefined, text: image, start, end: start + image.length });
  }
  return mentions;
}
