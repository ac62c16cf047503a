// Reads the words of an `evidence` line: the source, its page and date, and a note. Quotation marks are needed only where words would be misread.
import { diagnostic, type Diagnostic, type DiagnosticExtra } from "../diagnostic.js";
import { folded, onDemand, type Range } from "../text.js";
import type { DateValue, Word } from "./ast.js";
import { readDate } from "./dates.js";

/** What an `evidence` line says; each part is missing where it is not written. */
export interface EvidenceParts {
  readonly source?: Word | undefined;
  readonly page?: Word | undefined;
  readonly date?: DateValue | undefined;
  readonly note?: Word | undefined;
}

const GAP = /[\s,;]*/uy;
const QUOTED = /"([^"]*)("|$)|“([^”]*)(”|$)/uy;
/** Dates, also in forms that are not read, so that they are reported as dates. */
const DATE = onDemand(() => /(?:\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}\/\d{1,2}\/\d{2,4})(?![\p{L}\p{N}/-])/uy);
const PAGE = onDemand(() => /(?:pages?\s+|pp?\.\s*|pp?\s+(?=\d))((?:\p{L}{0,3}-?\d[\p{L}\p{N}]*|[ivxlc]+(?![\p{L}\p{N}]))(?:\s*(?:[-–&]|and)\s*\p{L}{0,3}-?\d[\p{L}\p{N}]*)*)/iuy);
const NOTE = onDemand(() => /note(?![\p{L}\p{N}_-]):?\s*/iuy);
const WORD = /[^\s,;]+/uy;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
const skip = (text: string, at: number): number => at + (matchAt(GAP, text, at)?.[0].length ?? 0);

/** Reads evidence out of words without comments, whose first character stands at `offset`. What is not understood goes to `found`. */
export function readEvidence(words: string, offset: number, found: Diagnostic[]): EvidenceParts {
  const say = (range: Range, message: string, extra: DiagnosticExtra): void => { found.push(diagnostic("unclear-evidence", { start: range.start + offset, end: range.end + offset }, message, extra)); };
  const word = (from: number, to: number, text = words.slice(from, to)): Word => ({ kind: "word", text: folded(text), start: from + offset, end: to + offset });
  const end = words.trimEnd().length;
  const text = words.slice(0, end);
  let at = skip(text, 0);
  let source: Word | undefined;
  let page: Word | undefined;
  let date: DateValue | undefined;
  let note: Word | undefined;

  /** A text in quotation marks; one that is not closed goes on to the end and is reported. */
  const quoted = (): Word | undefined => {
    const match = matchAt(QUOTED, text, at);
    if (match === undefined) return undefined;
    const start = at;
    at += match[0].length;
    if ((match[2] ?? match[4]) === "") {
      const closing = match[0].startsWith("“") ? "”" : '"';
      found.push(diagnostic("unclosed-text", { start: start + offset, end: at + offset }, "A quotation mark is opened here and not closed.", { help: `Close it with \`${closing}\`.` }));
    }
    return word(start, at, match[1] ?? match[3] ?? "");
  };
  /** Nothing but dates and pages stands from here to the end, or nothing at all. */
  const onlyDetails = (from: number): boolean => {
    let to = skip(text, from);
    for (let next = matchAt(DATE(), text, to) ?? matchAt(PAGE(), text, to); next !== undefined; next = matchAt(DATE(), text, to) ?? matchAt(PAGE(), text, to)) {
      to = skip(text, to + next[0].length + Number(text[to + next[0].length] === "."));
    }
    return to >= end;
  };
  const isDetail = (): boolean => matchAt(DATE(), text, at) !== undefined || matchAt(PAGE(), text, at) !== undefined;

  if (at < end) {
    source = quoted();
    if (source === undefined && !isDetail() && !/^note:?\s*["“]/iu.test(text.slice(at))) {
      const start = at;
      let stop = at;
      // Words up to a comma, a date or a page are the source: "claims 2025-04-02", "MRI report p. 3".
      for (let next = matchAt(WORD, text, at); next !== undefined && at < end && !(at > start && isDetail()) && text[at] !== '"' && text[at] !== "“"; next = matchAt(WORD, text, at)) {
        stop = at + next[0].length;
        at = stop;
        while (at < end && /\s/u.test(text[at]!)) at++;
      }
      const last = start + text.slice(start, stop).replace(/[\s–—:-]+$/u, "").length;
      if (last > start) source = word(start, last);
    }
  }
  for (at = skip(text, at); at < end; at = skip(text, at)) {
    const start = at;
    const dated = matchAt(DATE(), text, at);
    const paged = matchAt(PAGE(), text, at);
    const noted = matchAt(NOTE(), text, at);
    if (dated !== undefined) {
      at += dated[0].length;
      if (date === undefined) date = readDate(dated[0], start + offset);
      else say({ start, end: at }, "The evidence has two dates.", { help: "Keep one of them, or write two `evidence` lines." });
      if (text[at] === ".") at++;
    } else if (paged !== undefined) {
      at += paged[0].length;
      const from = at - paged[1]!.length;
      if (page === undefined) page = word(from, at);
      else say({ start, end: at }, "The evidence has two pages.", { help: "Write them as one, `pages 3 and 5`, or write two `evidence` lines." });
      if (text[at] === "." && page !== undefined) at++;
    } else if (noted !== undefined && note === undefined) {
      at += noted[0].length;
      const opening = at;
      const inner = quoted();
      if (inner !== undefined && onlyDetails(at)) {
        note = inner;
      } else {
        // Without quotation marks, or with other words behind them, it goes on to the end.
        note = opening < end ? word(opening, end) : undefined;
        at = end;
      }
      if (note === undefined || note.text === "") say({ start, end: Math.max(at, start + 1) }, "The note is empty.", { help: "Write it behind `note`, or take the word out." });
    } else {
      const literal = quoted();
      if (literal === undefined) while (at < end && text[at] !== "," && text[at] !== ";" && !(at > start && /\s/u.test(text[at - 1]!) && isDetail())) at++;
      const written = folded(text.slice(start, at));
      const first = source === undefined;
      if (first && literal !== undefined) source = literal;
      else say({ start, end: start + text.slice(start, at).trimEnd().length }, `\`${written.length > 40 ? `${written.slice(0, 39)}…` : written}\` is neither a page, a date nor a note.`, {
        help: "Write `note` before a remark; put a source that holds a comma, a date or a page in quotation marks.",
        replacement: note === undefined ? `note ${written}` : undefined,
      });
    }
  }
  if (source !== undefined && source.text === "") source = undefined;
  return { source, page, date, note };
}
