// Reads the revision log as history: which labels each row speaks of, and whether they should still be there after it.
import type { Range } from "../../../text.js";
import { withoutComments } from "../../../syntax/prose.js";
import type { LintedPolicy } from "../../policy.js";
import { addressAt, type Mention, pathOf } from "./addresses.js";

/** A mention of labels in a row of the log. What the row says of them is read when it is asked for. */
export interface LoggedMention extends Mention {
  readonly row: LogRow;
  stands?: boolean;
}

/** A row of the log. */
export interface LogRow {
  /** Its words, comments blanked out; the first stands at `start` in the policy. */
  readonly text: string;
  readonly start: number;
  readonly day: number;
  readonly mentions: readonly LoggedMention[];
  verbs?: readonly Verb[];
}

/** A verb of a row, or the end of a sentence. */
interface Verb {
  readonly at: number;
  readonly says: "stands" | "went" | "end";
}

/** The mentions of labels in the log, newest first, within a row from its end; rows without a date are left out. */
export interface RevisionLog {
  readonly rows: readonly LogRow[];
  readonly mentions: readonly LoggedMention[];
}

/** Reads the log. */
export function revisionLog({ analysis, revisions }: LintedPolicy): RevisionLog {
  const rows: LogRow[] = [];
  for (const { prose, revised } of revisions) {
    if (prose === undefined || revised?.day === undefined) continue;
    const mentions: LoggedMention[] = [];
    const row: LogRow = { text: withoutComments(analysis.text, prose, analysis.document.comments), start: prose.start, day: revised.day, mentions };
    for (const mention of mentionsIn(row.text)) mentions.push({ ...mention, row });
    rows.push(row);
  }
  if (rows.length > 1 && rows[0]!.day < rows.at(-1)!.day) rows.reverse();
  rows.sort((a, b) => b.day - a.day);
  return { rows, mentions: rows.flatMap((row) => row.mentions.toReversed()) };
}

const REARRANGES = /\b(?:re-?number|re-?label|re-?letter|re-?organi[sz]|re-?structur|re-?format|re-?arrang|re-?order|re-?writ|converted|consolidat|combin(?:ed|ing)|merged|split|separated|new format|template)/i;
const REWORDS = /\b(?:criteria|wording|language|verbiage|grammar)\b(?![^.;]{0,60}\b(?:no|without)\b)[^.;]{0,40}\b(?:updated|revised|reworded|edited|changed|clarified|changes)\b|\b(?:updated|revised|reworded|edited|clarified|minor|changes|edits)\b(?![^.;]{0,60}\b(?:no|without)\b)[^.;]{0,40}\b(?:criteria|wording|language|verbiage|grammar)\b(?!\s+[IVX]+\b)/i;

const WENT = String.raw`remov(?:ed|es|ing|al)|delet(?:ed|es|ing|ion)|eliminat(?:ed|es|ing)|retired?|struck|omitted|dropped|withdr[ae]wn?|replac(?:ed|es|ing|ement)|moved|moves|moving|relocated|transferred|became|becomes|formerly|previous(?:ly)?|former|prior|old|swapped|reverted|incorporated|divided|collapsed|re-?(?:numbered|label+ed|lettered|organi[sz]ed|structured|formatted|ordered|arranged)|combined|merged|split|separated|consolidated|instead`;
const STANDS = String.raw`add(?:ed|s|ing|ition)?|new|creat(?:ed|es|ing)|insert(?:ed|s)?|introduced|expand(?:ed|s)|includ(?:ed|es|ing)|chang(?:ed|es|ing)?|revis(?:ed|es|ion)|updat(?:ed|es)|reworded|edit(?:ed|s)|clarif(?:ied|ies|ication)|amend(?:ed|s)|modif(?:ied|ies)|rephrased|corrected|now|leaving|left|keeps?|kept|retain(?:ed|s|ing)|remain(?:s|ing|ed)?|so that|except|specified|specifies`;
const VERB = new RegExp(String.raw`\b(?:(${WENT})|(?:${STANDS}))\b|\.(?=\s+["“]?[A-Z])`, "gi");
const SAID_BEHIND = new RegExp(String.raw`^\.?\s*(?:\([^()]{0,200}\)\s*|["“][^"”]{0,300}["”]\s*)?(?:(?:was|were|is|are|be|to be|has been|have been|had been)\s+)?(?:(${WENT})|(now))\b`, "i");
const WENT_LATER = new RegExp(String.raw`^[^.;]{0,200}\b(?:${WENT})\b`, "i");

const NUMERAL_BEFORE = /(?:\b(?:[Cc]riteri(?:on|a)|[Ss]tatements?|[Ss]ections?|[Rr]emoved|[Dd]eleted|[Rr]etired|[Ww]ithdrew|and)|,)\s+$/u;

/** The labels that a row speaks of, in its order. Statements are told by the word before their numeral: "criterion II", "Removed II and III". */
function mentionsIn(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  let until = 0;
  NUMERAL.lastIndex = 0;
  for (let match = NUMERAL.exec(text); match !== null; match = NUMERAL.exec(text)) {
    const { index } = match;
    if (index < until || (index > 0 && /[\p{L}\p{N}_.]/u.test(text[index - 1]!))) continue;
    const end = index + match[0].length;
    const mention = addressAt(text, index, true) ?? (NUMERAL_BEFORE.test(text.slice(Math.max(0, index - 14), index)) && !/^(?:\w|\.\w|-)/u.test(text.slice(end, end + 2)) ? { start: index, end, addresses: [match[0]] } : undefined);
    if (mention === undefined) continue;
    mentions.push(mention);
    until = mention.end;
    NUMERAL.lastIndex = mention.end;
  }
  return mentions;
}
const NUMERAL = /[IVX]{1,7}/gu;

/** Whether a row says or implies that the criteria are there after it: added, changed, kept. Otherwise it says that they went, or where to. */
export function stands(mention: LoggedMention): boolean {
  return (mention.stands ??= toldToStand(mention));
}

function toldToStand({ start, end, row }: LoggedMention): boolean {
  const behind = row.text.slice(end, end + 600);
  const said = SAID_BEHIND.exec(behind);
  if (said !== null) return said[1] === undefined;
  const verb = lastVerb(row, start);
  return verb === undefined ? !WENT_LATER.test(behind) : verb === "stands";
}

/** What the verb before an offset says; undefined where its sentence has none. A verb holds up to the next one or the end of its sentence. */
function lastVerb(row: LogRow, at: number): "stands" | "went" | undefined {
  row.verbs ??= verbsIn(row);
  const last = row.verbs.findLast((verb) => verb.at < at);
  return last === undefined || last.says === "end" ? undefined : last.says;
}

function verbsIn({ text, mentions }: LogRow): readonly Verb[] {
  const verbs: Verb[] = [];
  const ends = new Set(mentions.map((mention) => mention.end));
  VERB.lastIndex = 0;
  for (let match = VERB.exec(text); match !== null; match = VERB.exec(text)) {
    const { index } = match;
    // The full stop of a label ends no sentence: "I.G.13. Mediastinal tumors".
    if (match[0] !== ".") verbs.push({ at: index, says: match[1] === undefined ? "stands" : "went" });
    else if (!ends.has(index) && !ends.has(index + 1)) verbs.push({ at: index, says: "end" });
  }
  return verbs;
}

const QUOTE = String.raw`["“”]([^"“”]{3,800})["“”]`;
const SAYING = String.raw`^[\s.,:]*(?:\b(?:now|to|as|which|that|it|so|say|says|said|read|reads|reading|state|states|stating|with|the|words?|text|criterion|is|was|be|new)\b[\s:,]*){0,6}`;
const QUOTED = new RegExp(SAYING + QUOTE, "u");
const FROM_TO = new RegExp(String.raw`^[\s.,:]*(?:(?:has\s+been|was|is)\s+)?(?:changed\s+|revised\s+|reworded\s+)?(?:from\s+)?["“”][^"“”]{1,800}["“”]\s+(?:(?:was\s+|is\s+)?(?:changed|revised|reworded|replaced)\s+)?(?:to|with|by|into)\s+${QUOTE}`, "u");
const GONE_BEHIND = new RegExp(String.raw`^[\s,]*(?:(?:was|were|has\s+been|have\s+been|is)\s+)?(?:${WENT})\b`, "i");

/** The words that stand in quotation marks right behind a label, as those of its criterion. */
export function quotedBehind({ end, row: { text, start } }: LoggedMention): Range | undefined {
  const first = text.slice(end, end + 120);
  if (!/["“”]/u.test(first)) return undefined;
  const behind = text.slice(end, end + 2000);
  const match = FROM_TO.exec(behind) ?? QUOTED.exec(behind);
  if (match === null || GONE_BEHIND.test(behind.slice(match[0].length))) return undefined;
  const stop = start + end + match[0].length - 1;
  return { start: stop - match[1]!.length, end: stop };
}

/** So many labels are compared in one log; what is beyond is not doubted. */
const MOST_COMPARISONS = 100_000;

/** What newer mentions say of a label, without which it must still be there and read as it did. */
export class Since {
  private left = MOST_COMPARISONS;

  constructor(private readonly log: RevisionLog) {}

  /** Whether a label may have gone, or become another one, since: it or what it stands in went, or an item went beside which it moved up. */
  mayHaveGone(address: string, mention: LoggedMention): boolean {
    const path = pathOf(address);
    for (const newer of this.newer(mention)) {
      if (newer.addresses.some((each) => path.includes(each) || isBesidePath(each, address)) && !stands(newer)) return true;
    }
    return this.left < 0 || this.rows(mention).some(({ text }) => REARRANGES.test(text));
  }

  /** Whether the words of a criterion may have changed since. */
  mayReadOtherwise(address: string, mention: LoggedMention): boolean {
    const path = pathOf(address);
    for (const newer of this.newer(mention)) {
      if (newer.addresses.some((each) => path.includes(each) || each.startsWith(`${address}.`))) return true;
    }
    return this.mayHaveGone(address, mention) || this.rows(mention).some(({ text }) => REWORDS.test(text));
  }

  /** Mentions in newer rows and further on in the same row. */
  private *newer(mention: LoggedMention): Generator<LoggedMention> {
    for (const each of this.log.mentions) {
      if (each === mention || (this.left -= each.addresses.length) < 0) return;
      yield each;
    }
  }

  private rows({ row }: LoggedMention): readonly LogRow[] {
    return this.log.rows.slice(0, this.log.rows.indexOf(row));
  }
}

/** Whether a label stands in the same list as a criterion or as one of those it stands in. */
function isBesidePath(other: string, address: string): boolean {
  const parent = other.slice(0, Math.max(0, other.lastIndexOf(".")));
  return parent === "" || address.startsWith(`${parent}.`);
}
