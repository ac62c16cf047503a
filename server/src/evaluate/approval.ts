// What an approval comes with: for how long and how much, as the statement that decided states it.
import type { CodeSet } from "../semantics/model.js";
import { addMonths, dateText } from "../syntax/dates.js";
import type { Decision } from "./compile.js";
import type { Approval } from "./model.js";

/** The terms of an approval; undefined for any other determination, and where the statement states none. */
export function approvalOf({ determination, statement, evaluator, facts }: Decision): Approval | undefined {
  if (determination !== "approve") return undefined;
  const terms = evaluator.policy.statements[statement]?.approval;
  if (terms === undefined) return undefined;
  const { duration, quantities } = terms;
  return {
    duration: duration && {
      value: duration.value, unit: duration.unit, text: duration.text,
      until: dateText(duration.months === undefined ? facts.on + duration.days! - 1 : lastDay(facts.on, duration.months)),
    },
    quantities: quantities.map(({ value, unit, text, codes, per }) => ({ value, unit, text, codes: codes.length === 0 ? undefined : codes.map(named), per })),
  };
}

const named = ({ system, text }: CodeSet): string => (system === undefined ? text : `${system} ${text}`);

/** The last of so many months whose first day is `on`: the day before the same day, or the end of a month that has no such day. */
function lastDay(on: number, months: number): number {
  const end = addMonths(on, months);
  return dateText(end).slice(8) === dateText(on).slice(8) ? end - 1 : end;
}
