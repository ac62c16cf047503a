// Evidence and `unable to obtain` of a case: one form for all formats, and what is checked of it.
import { dateText, readDate } from "../syntax/dates.js";
import { readEvidence } from "../syntax/evidence.js";
import { folded, type Range } from "../text.js";
import type { Diagnostic } from "../diagnostic.js";
import { type Checking, report } from "./context.js";
import type { Evidence } from "./model.js";

/** A part of evidence as written. */
export interface RawPart extends Range {
  readonly text: string;
}

/** One piece of evidence as written; its range is where it is spoken of as a whole. */
export interface RawEvidence extends Range {
  readonly source?: RawPart | undefined;
  readonly page?: RawPart | undefined;
  readonly date?: RawPart | undefined;
  readonly note?: RawPart | undefined;
}

/** `unable to obtain`, with its reason or "". */
export interface RawUnobtainable extends Range {
  readonly reason: string;
}

const UNABLE = /^\s*unable\s+to\s+obtain\s*(?:[,;:–—-]\s*(.*\S)?\s*)?$/isu;

/** The reason of a value that reads `unable to obtain` or `unable to obtain, the hospital did not answer`; undefined for any other. */
export function unobtainableText(text: string): string | undefined {
  const match = text.length < 2000 ? UNABLE.exec(text) : null;
  return match === null ? undefined : folded(match[1] ?? "").replace(/^["“](.*)["”]$/u, "$1");
}

/** Evidence in one text, read as an `evidence` line is. Places lie in the text where `whole` has it as it is, else they are all of it. */
export function evidenceOfText(found: Diagnostic[], { text, start, end }: RawPart, whole?: string): RawEvidence {
  const at = whole?.slice(start, end).indexOf(text) ?? -1;
  const own: Diagnostic[] = [];
  const parts = readEvidence(text, at < 0 ? 0 : start + at, own);
  if (at >= 0) {
    found.push(...own);
    return { ...parts, start, end };
  }
  // Escapes and folded lines move what stands behind them.
  found.push(...own.map((each) => ({ ...each, start, end, replacement: undefined })));
  const placed = (part: RawPart | undefined): RawPart | undefined => part && { text: part.text, start, end };
  return { source: placed(parts.source), page: placed(parts.page), date: placed(parts.date), note: placed(parts.note), start, end };
}

/** What an answer of a case says of where it comes from. */
export interface RawGrounds {
  readonly evidence?: readonly RawEvidence[] | undefined;
  readonly unobtainable?: RawUnobtainable | undefined;
}

/** Evidence after checking; what is wrong is reported. `on` is the date of service, where the case has one. */
export function checkEvidence(checking: Checking, raw: readonly RawEvidence[] | undefined, on: number | undefined, record?: number): Evidence[] {
  const checked: Evidence[] = [];
  for (const each of raw ?? []) {
    const source = each.source === undefined ? "" : folded(each.source.text);
    const date = dayOf(checking, each.date, on);
    if (source === "") {
      const given = each.page !== undefined ? "A page is given, but not of what" : each.date !== undefined ? "A date is given, but not of what" : "The evidence does not say where it comes from";
      report(checking, "missing-source", each, `${given}.`, { help: "Name the document or record first, as in `MRI report, page 3, 2025-03-01`." });
      continue;
    }
    const page = each.page && folded(each.page.text);
    const note = each.note && folded(each.note.text);
    checked.push({ source, ...(page ? { page } : {}), ...(date === undefined ? {} : { date }), ...(note ? { note } : {}), ...(record === undefined ? {} : { record }) });
  }
  return checked;
}

function dayOf(checking: Checking, raw: RawPart | undefined, on: number | undefined): number | undefined {
  if (raw === undefined) return undefined;
  const { day, precision } = readDate(raw.text.trim(), raw.start);
  if (day === undefined || precision !== "day") {
    report(checking, "invalid-date", raw, `\`${raw.text}\` is no day of the calendar.`, { help: "Write the day as 2025-03-05; where only the month is known, say so in a `note`." });
    return undefined;
  }
  if (on !== undefined && day > on) {
    report(checking, "late-evidence", raw, `The evidence is dated ${dateText(day)}, after the date of service, ${dateText(on)}.`, { help: "Check both dates; a determination is made on what was known at the date of service." });
  }
  return day;
}
