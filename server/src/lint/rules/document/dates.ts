// What the lint rules for a document's dates share: days and months compared as far as they are known, and the newest revision.
import type { DateValue, Revision } from "../../../syntax/ast.js";
import { addMonths } from "../../../syntax/dates.js";
import type { LintedPolicy } from "../../policy.js";

/** A date whose day exists. */
export type KnownDate = DateValue & { readonly day: number };

/** The date, where it is one. */
export const known = (date: DateValue | undefined): KnownDate | undefined => (date?.day === undefined ? undefined : (date as KnownDate));

/** The last day that a date may mean: that of its month where only the month is given. */
export const lastDay = (date: KnownDate): number => (date.precision === "day" ? date.day : addMonths(date.day, 1) - 1);

/** True if one date surely lies after another; the days of one month are not compared where one of them is not given. */
export const surelyAfter = (date: KnownDate, other: KnownDate): boolean => date.day > lastDay(other);

/** True if two dates may be the same: the same day, or the same month where one of them gives no day. */
export const mayBeSame = (date: KnownDate, other: KnownDate): boolean => !surelyAfter(date, other) && !surelyAfter(other, date);

/** The newest revision of the log, whichever way the log runs; of those with the same date, the one that took effect last. */
export function newestRevision({ revisions }: LintedPolicy): Revision | undefined {
  let newest: Revision | undefined;
  for (const each of revisions) {
    const day = each.revised?.day;
    if (day === undefined) continue;
    const most = newest?.revised?.day ?? -Infinity;
    if (day > most || (day === most && adopted(each) >= adopted(newest!))) newest = each;
  }
  return newest;
}

const adopted = ({ approved, effective }: Revision): number => (effective ?? approved)?.day ?? -Infinity;

/** A review that is late: the date that says so, and in which way. */
export interface LateReview {
  readonly range: DateValue;
  readonly message: string;
}

/** Tells of a review that is late on a day: the one that the header announces, or one so many months after the newest revision. */
export function lateReview(policy: LintedPolicy, day: number, when: string, months: number, grace: number): LateReview | undefined {
  const { fields } = policy.analysis.header;
  const ends = known(fields.get("ends")?.date);
  if (ends !== undefined && day > lastDay(ends)) return undefined;
  const next = known(fields.get("next review")?.date);
  if (next !== undefined) {
    if (day <= lastDay(next)) return undefined;
    return { range: next, message: `The next review was due by ${next.text}, so criteria are in use that nobody has confirmed since.` };
  }
  let latest = known(fields.get("revised")?.date);
  const newest = known(policy.revisions.length === 0 ? undefined : newestRevision(policy)?.revised);
  if (newest !== undefined && (latest === undefined || newest.day > latest.day)) latest = newest;
  if (latest === undefined || day <= addMonths(lastDay(latest), months + grace)) return undefined;
  return { range: latest, message: `The last revision is that of ${latest.text}, more than ${months} months ${when}, and no review has been logged since.` };
}
