// Units of measure: everyday words and UCUM codes (ucum.org, version 2.2) with their dimensions, and conversion between them.
import { UNIT_WORDS } from "../vocabulary.js";
import { COMMON_UNITS } from "./units.generated.js";

/** A unit as written. `value * factor + offset` is the value in UCUM base units. */
export interface Unit {
  readonly text: string;
  readonly ucum: string;
  /** Exponents of length, time, mass, angle, temperature, charge, luminosity, and mole. */
  readonly dimensions: readonly number[];
  readonly factor: number;
  readonly offset: number;
  /** Arbitrary and logarithmic units convert to nothing but themselves. */
  readonly own: boolean;
  /** A difference of temperatures: converted by the factor alone, because the zero of a scale falls out of it. */
  readonly difference?: boolean | undefined;
}

/** A number without a unit. */
export const NO_UNIT: Unit = { text: "", ucum: "1", dimensions: [0, 0, 0, 0, 0, 0, 0, 0], factor: 1, offset: 0, own: false };

const words = new Map<string, string>(UNIT_WORDS.flatMap((unit) => unit.words.map((word) => [word, unit.ucum] as const)));
const known = new Map<string, Unit | undefined>();

/** The unit that a text names, or undefined where it is neither UCUM nor an everyday word. */
export function findUnit(text: string): Unit | undefined {
  if (known.has(text)) return known.get(text);
  const code = words.get(text) ?? text;
  const entry = Object.hasOwn(COMMON_UNITS, code) ? COMMON_UNITS[code] : undefined;
  const unit = entry === undefined ? fromLibrary(text, code) : { text, ucum: code, dimensions: entry[0], factor: entry[1], offset: entry[2], own: entry[3] };
  if (known.size > 10_000) known.clear();
  known.set(text, unit);
  return unit;
}

/** The part of the UCUM library that is used. */
interface UcumLibrary {
  readonly UcumLhcUtils: {
    getInstance(): {
      getSpecifiedUnit(code: string, purpose: string): { unit: UcumUnit | null };
    };
  };
}
interface UcumUnit {
  readonly dim_: { readonly dimVec_: readonly number[] } | null;
  readonly magnitude_: number;
  readonly isArbitrary_: boolean;
  readonly isSpecial_: boolean;
  readonly moleExp_: number;
}
// Resolved by the bundler: the library's tables are loaded on the first unit that is not among the common ones.
declare const require: (name: "@lhncbc/ucum-lhc") => UcumLibrary;
const LONGEST_UNIT = 40;

function fromLibrary(text: string, code: string): Unit | undefined {
  if (code.length > LONGEST_UNIT || !/^[!-~]+$/u.test(code)) return undefined;
  try {
    const { unit } = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance().getSpecifiedUnit(code, "validate");
    // Names of properties every object has come back as something else than a unit.
    if (unit === null || typeof unit.magnitude_ !== "number") return undefined;
    const dimensions = [...(unit.dim_?.dimVec_ ?? [0, 0, 0, 0, 0, 0, 0]), unit.moleExp_];
    // Special units other than the common temperatures have no linear conversion.
    return { text, ucum: code, dimensions, factor: unit.magnitude_, offset: 0, own: unit.isArbitrary_ || unit.isSpecial_ };
  } catch {
    return undefined; // The library throws on some malformed codes.
  }
}

/** True if quantities in the two units can be compared. */
export function sameDimension(a: Unit, b: Unit): boolean {
  if (a.own || b.own) return a.ucum === b.ucum;
  return a.dimensions.every((exponent, i) => exponent === b.dimensions[i]);
}

/** True for units of time. */
export function isTime(unit: Unit): boolean {
  return !unit.own && unit.dimensions.every((exponent, i) => exponent === (i === 1 ? 1 : 0));
}

/** True for units of temperature, absolute or of a difference. */
export function isTemperature(unit: Unit): boolean {
  return !unit.own && unit.dimensions.every((exponent, i) => exponent === (i === 4 ? 1 : 0));
}

/** True for temperatures on a scale with a zero of its own, such as Celsius: they can be subtracted, not added or multiplied. */
export function onScale(unit: Unit): boolean {
  return isTemperature(unit) && unit.offset !== 0;
}

/** The unit of a difference of two quantities in a unit. */
export function differenceOf(unit: Unit): Unit {
  return isTemperature(unit) ? { ...unit, offset: 0, difference: true } : unit;
}

/** True for a number without dimension and scale. */
export function isPlain(unit: Unit): boolean {
  return !unit.own && unit.factor === 1 && unit.dimensions.every((exponent) => exponent === 0);
}

/** Converts between units of one dimension; rounded to 12 significant digits, so that 216 months are exactly 18 years. */
export function convert(value: number, from: Unit, to: Unit): number {
  if (from.ucum === to.ucum) return value;
  return Number(((value * from.factor + offsetBetween(from, to)) / to.factor).toPrecision(12));
}

/** What the zeros of two units lie apart, in base units. */
export function offsetBetween(from: Unit, to: Unit): number {
  return from.difference === true || to.difference === true ? 0 : from.offset - to.offset;
}

/** How many calendar months a quantity is, where it is a whole number of them; undefined for days, weeks and fractions. */
export function wholeMonths(value: number, unit: Unit): number | undefined {
  const months = unit.ucum === "a" ? value * 12 : unit.ucum === "mo" ? value : undefined;
  return months !== undefined && Number.isInteger(months) ? months : undefined;
}

/** The unit of a product or quotient. */
export function combineUnits(a: Unit, b: Unit, op: "*" | "/"): Unit {
  const sign = op === "*" ? 1 : -1;
  const text = isPlain(b) ? a.text : isPlain(a) && op === "*" ? b.text : `${a.text || "1"}${op === "*" ? "·" : "/"}${b.text}`;
  return {
    text,
    ucum: isPlain(b) ? a.ucum : `${a.ucum}${op === "*" ? "." : "/"}(${b.ucum})`,
    dimensions: a.dimensions.map((exponent, i) => exponent + sign * b.dimensions[i]!),
    factor: op === "*" ? a.factor * b.factor : a.factor / b.factor,
    offset: 0,
    own: a.own || b.own,
    difference: (isPlain(b) && a.difference) || (isPlain(a) && op === "*" && b.difference),
  };
}

/** `17 years`, `1 year`, `88 %`, `5`: a quantity as a sentence has it. */
export function quantityText(value: number, unit: Unit): string {
  const figure = String(Number(value.toPrecision(8)));
  if (unit.text === "") return figure;
  const singular = value === 1 ? UNIT_WORDS.find((entry) => entry.words[0] === unit.text && entry.words.length > 1)?.words[1] : undefined;
  return `${figure} ${singular ?? unit.text}`;
}

/** A unit by itself, in the plural where it has one: `months`, `kg/m2`. */
export function unitName(unit: Unit): string {
  return UNIT_WORDS.find((entry) => entry.words.includes(unit.text))?.words[0] ?? unit.text;
}

/** Every unit word that completion and "did you mean" propose. */
export function unitWords(): readonly string[] {
  return [...words.keys()];
}
