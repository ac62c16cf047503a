// The time in which a policy, or a code of its table, is in force. A month begins on its first day and ends on its last.
import type { DateValue } from "../syntax/ast.js";
import { addMonths } from "../syntax/dates.js";
import type { Analysis } from "./model.js";

/** First and last day, as days since 1970-01-01; infinite where nothing is said. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** From the beginning of one date to the end of the other. */
export function periodBetween(first: DateValue | undefined, last: DateValue | undefined): Period {
  return { from: first?.day ?? -Infinity, until: last?.day === undefined ? Infinity : last.precision === "month" ? addMonths(last.day, 1) - 1 : last.day };
}

/** The dates of service that a policy is in force for, by its header. */
export function periodOf({ header }: Analysis): Period {
  return periodBetween(header.fields.get("effective")?.date, header.fields.get("ends")?.date);
}
