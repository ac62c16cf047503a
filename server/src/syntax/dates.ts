// Calendar dates as days since 1970-01-01 in the proleptic Gregorian calendar (ISO 8601); no clock and no time zone.
import type { DateValue } from "./ast.js";

const DATE = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/u;

/** Reads `2025-03-05` or `2025-03`; `day` is undefined where the text is no date or the day does not exist. */
export function readDate(text: string, start: number): DateValue {
  const match = DATE.exec(text);
  const precision = match?.[3] === undefined ? "month" : "day";
  return { kind: "date", text, day: match === null ? undefined : dayNumber(Number(match[1]), Number(match[2]), Number(match[3] ?? 1)), precision, start, end: start + text.length };
}

/** Days since 1970-01-01, or undefined where there is no such day. Month and day count from 1. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

/** How many days a month has. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `2025-03-05` of a day number. */
export function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Adds calendar months; a day that the target month lacks becomes its last day. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * 86_400_000);
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return dayNumber(year, month, Math.min(date.getUTCDate(), daysInMonth(year, month)))!;
}
