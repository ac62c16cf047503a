// From what a mapping found to a value of the fact's type. What does not say it exactly is a problem, never a value.
import { normalCode, wellFormed } from "../semantics/codes.js";
import { typeText } from "../semantics/facts.js";
import type { ScalarType } from "../semantics/model.js";
import { convert as inUnit, findUnit, isPlain, isTime, NO_UNIT, quantityText, sameDimension, unitName } from "../semantics/units.js";
import { addMonths, dateText, readDate } from "../syntax/dates.js";
import { type Found, UCUM } from "./engine.js";
import { inTypeWords, sortOf } from "./types.js";
import { cleaned } from "./words.js";
import { systemsOf } from "./systems.js";

export interface Converted {
  /** As a case file has them: figures in the fact's unit, dates and codes as text. */
  readonly values: readonly (number | string | boolean)[];
  /** Why there is no value. */
  readonly problem?: string | undefined;
  /** A code of a system that the fact does not take: left out, and told. */
  readonly skipped?: string | undefined;
}

const one = (value: number | string | boolean): Converted => ({ values: [value] });
const problem = (text: string): Converted => ({ values: [], problem: text });

/** One thing that was found, as a value of a type, as of a date of service. */
export function converted(type: ScalarType, found: Found, service: number): Converted {
  const sort = sortOf(found.type.replace(/^FHIR\./u, ""));
  if (found.value === undefined || found.value === null) return problem("the element has no value, only what is said about it (an extension)");
  switch (type.kind) {
    case "yes/no": return typeof found.value === "boolean" ? one(found.value) : unfit(type, found);
    case "number": return numberOf(type, sort, found, service);
    case "date": return dateOf(sort, found, type);
    case "text": return textOf(type, sort, found);
    case "choice": return choiceOf(type, found);
    case "code": return codesOf(type, sort, found);
    case "unknown": return problem("the fact's type is not known");
  }
}

const unfit = (type: ScalarType, { type: of, value }: Found): Converted => problem(`${inWords(value)} is ${inTypeWords([of.replace(/^FHIR\./u, "")])}, and the fact is ${typeText(type)}`);

/** What was found, for a message. */
export function inWords(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `“${cleaned(value, 60)}”`;
  const { text, display, code, value: figure, unit, coding, start, end } = record(value);
  if (typeof figure === "number") return cleaned(`${figure} ${String(unit ?? code ?? "")}`.trim(), 60);
  const name = [text, display, code, ...list(coding).flatMap((each) => [record(each)["display"], record(each)["code"]])].find((each) => typeof each === "string");
  if (typeof name === "string") return `“${cleaned(name, 60)}”`;
  return typeof start === "string" || typeof end === "string" ? cleaned(`${String(start ?? "…")} to ${String(end ?? "…")}`, 60) : "it";
}

/** An element as plain data; of anything else, nothing. */
export const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === "object" && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {});
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

// ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────────
type NumberType = Extract<ScalarType, { kind: "number" }>;

function numberOf(type: NumberType, sort: string, found: Found, service: number): Converted {
  if (sort === "quantity") return quantityOf(type, found);
  if (sort === "date" && isTime(type.unit)) return ageOf(type, String(found.value), service);
  if (sort !== "number" || typeof found.value !== "number" || !Number.isFinite(found.value)) return unfit(type, found);
  if (type.unit !== NO_UNIT) return problem(`${found.value} has no unit, and the fact is ${typeText(type)}; where the unit is certain, the mapping says it: \`… * 1 '${type.unit.ucum}'\``);
  return limited(type, found.value);
}

function quantityOf(type: NumberType, found: Found): Converted {
  const { value, code, system, unit: word, comparator } = record(found.value);
  if (typeof value !== "number" || !Number.isFinite(value)) return problem("the quantity has no figure");
  if (comparator !== undefined) return problem(`${cleaned(String(comparator), 4)} ${inWords(found.value)} is no exact figure`);
  if (code === undefined) return type.unit === NO_UNIT && word === undefined ? limited(type, value) : problem(`${inWords(found.value)} has no code of its unit`);
  if (typeof code !== "string" || system !== UCUM) return problem(`the unit of ${inWords(found.value)} is no code of UCUM`);
  const unit = findUnit(code);
  if (unit === undefined) return problem(`the unit \`${cleaned(code, 30)}\` is not known`);
  if (!(type.unit === NO_UNIT ? isPlain(unit) : sameDimension(unit, type.unit))) {
    return problem(`${inWords(found.value)}${word === code || word === undefined ? "" : ` (code \`${cleaned(code, 30)}\`)`} measures something else than ${typeText(type)}`);
  }
  return limited(type, type.unit === NO_UNIT ? value : inUnit(value, unit, type.unit));
}

/** No measure of a person is larger, and no case could hold it. */
const LARGEST_FIGURE = 1e15;

function limited(type: NumberType, value: number): Converted {
  if (!(Math.abs(value) < LARGEST_FIGURE)) return problem(`${value} is larger than any figure that is read`);
  if ((type.from === undefined || value >= type.from) && (type.to === undefined || value <= type.to)) return one(value);
  return problem(`${quantityText(value, type.unit)} lies outside of the fact's limits, ${type.from ?? "…"} to ${type.to ?? "…"}`);
}

/** The time from a date to the date of service, in completed units of the calendar: an age. */
function ageOf(type: NumberType, text: string, service: number): Converted {
  const from = dayOf(text);
  if (from === undefined) return problem(`“${cleaned(text, 40)}” is not a whole date, so no time can be counted from it`);
  if (from > service) return problem(`${dateText(from)} lies after the date of service`);
  switch (type.unit.ucum) {
    case "a": return limited(type, Math.floor(monthsBetween(from, service) / 12));
    case "mo": return limited(type, monthsBetween(from, service));
    case "wk": return limited(type, Math.floor((service - from) / 7));
    case "d": return limited(type, service - from);
    default: return problem(`a date gives years, months, weeks or days, not ${unitName(type.unit)}`);
  }
}

/** Completed calendar months; a day that a month lacks is its last day, as in conditions. */
function monthsBetween(from: number, to: number): number {
  let months = Math.max(0, Math.floor((to - from) / 31));
  while (addMonths(from, months + 1) <= to) months++;
  return months;
}

// ── Dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The day of a date or a point in time, as written there; undefined where it is not a whole date. */
export function dayOf(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d{4}-\d{2}-\d{2})(?:T|$)/u.exec(text) : null;
  return match === null ? undefined : readDate(match[1]!, 0).day;
}

function dateOf(sort: string, found: Found, type: ScalarType): Converted {
  if (sort === "period") {
    const { start, end } = record(found.value);
    const [first, last] = [dayOf(start), dayOf(end)];
    return first !== undefined && first === last ? one(dateText(first)) : problem(`${inWords(found.value)} is a period, not a day; map its \`start\` or its \`end\``);
  }
  if (sort !== "date") return unfit(type, found);
  const day = dayOf(found.value);
  return day === undefined ? problem(`“${cleaned(String(found.value), 40)}” is not a whole date`) : one(dateText(day));
}

// ── Words and codes ───────────────────────────────────────────────────────────────────────────────────────────────────
function textOf(type: ScalarType, sort: string, found: Found): Converted {
  const { text, display, coding } = record(found.value);
  const displays = new Set(list(coding).map((each) => record(each)["display"]).filter((each) => typeof each === "string"));
  const said = sort === "text" ? found.value : sort === "coding" ? display : sort === "concept" ? text ?? (displays.size === 1 ? [...displays][0] : undefined) : undefined;
  return typeof said === "string" && said.trim() !== "" ? one(cleaned(said, 2000)) : unfit(type, found);
}

function choiceOf(type: Extract<ScalarType, { kind: "choice" }>, found: Found): Converted {
  const { text, display, code, coding } = record(found.value);
  const said = typeof found.value === "string" ? [found.value] : [text, display, code, ...list(coding).flatMap((each) => [record(each)["code"], record(each)["display"]])];
  const chosen = type.choices.filter((choice) => said.includes(choice));
  if (chosen.length === 1) return one(chosen[0]!);
  if (chosen.length > 1) return problem(`it says ${chosen.join(" and ")}, which are several of the choices`);
  return problem(`${inWords(found.value)} is none of the choices ${type.choices.slice(0, 8).join(", ")}${type.choices.length > 8 ? ", …" : ""}`);
}

function codesOf(type: Extract<ScalarType, { kind: "code" }>, sort: string, found: Found): Converted {
  if (sort !== "coding" && sort !== "concept") return unfit(type, found);
  const codings = sort === "coding" ? [found.value] : list(record(found.value)["coding"]);
  const values = new Set<string>();
  for (const each of codings) {
    const { system, code } = record(each);
    if (typeof code !== "string" || typeof system !== "string") continue;
    const systems = systemsOf(system).filter((one) => type.systems.includes(one));
    if (systems.length === 0) continue;
    const fitting = systems.find((one) => wellFormed(code, one));
    if (fitting === undefined) return problem(`“${cleaned(code, 30)}” does not have the form of a code of ${systems.join(" or ")}`);
    values.add(type.systems.length > 1 ? `${fitting} ${written(code, fitting)}` : written(code, fitting));
  }
  if (values.size > 0) return { values: [...values] };
  const told = `${inWords(found.value)} has no code of ${type.systems.join(" or ")}`;
  // Who maps codings asks for those of the fact's systems; a whole concept that has none would be lost.
  return sort === "coding" ? { values: [], skipped: told } : problem(told);
}

/** A code as policies have it: a diagnosis with its dot. */
function written(code: string, system: string): string {
  const plain = normalCode(code);
  return system === "ICD-10-CM" && plain.length > 3 ? `${plain.slice(0, 3)}.${plain.slice(3)}` : code.trim().toUpperCase();
}
