// Units in words, for readers who do not know the signs: "26 Gy" as "26 gray", "35 kg/m2" as "35 kilograms per square meter".
import type { Unit } from "../../semantics/units.js";

/** Units by sign, in the singular and the plural. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  a: ["year", "years"], mo: ["month", "months"], wk: ["week", "weeks"], d: ["day", "days"], h: ["hour", "hours"], min: ["minute", "minutes"], s: ["second", "seconds"],
  "%": ["percent", "percent"], Gy: ["gray", "gray"], Sv: ["sievert", "sieverts"], g: ["gram", "grams"], m: ["meter", "meters"], L: ["liter", "liters"], l: ["liter", "liters"],
  mol: ["mole", "moles"], eq: ["equivalent", "equivalents"], Eq: ["equivalent", "equivalents"], U: ["unit", "units"], IU: ["international unit", "international units"],
  "[iU]": ["international unit", "international units"], "[IU]": ["international unit", "international units"], "m[Hg]": ["meter of mercury", "meters of mercury"], mHg: ["meter of mercury", "meters of mercury"],
  "m[H2O]": ["meter of water", "meters of water"], mH2O: ["meter of water", "meters of water"], Pa: ["pascal", "pascals"], Hz: ["hertz", "hertz"], J: ["joule", "joules"], W: ["watt", "watts"],
  V: ["volt", "volts"], eV: ["electronvolt", "electronvolts"], Bq: ["becquerel", "becquerels"], cal: ["calorie", "calories"], K: ["kelvin", "kelvins"], dB: ["decibel", "decibels"],
  deg: ["degree", "degrees"], "°": ["degree", "degrees"], Cel: ["degree Celsius", "degrees Celsius"], "°C": ["degree Celsius", "degrees Celsius"], "[degF]": ["degree Fahrenheit", "degrees Fahrenheit"],
  "°F": ["degree Fahrenheit", "degrees Fahrenheit"], "[lb_av]": ["pound", "pounds"], "[oz_av]": ["ounce", "ounces"], "[in_i]": ["inch", "inches"], "[ft_i]": ["foot", "feet"],
};
const PREFIXES: Readonly<Record<string, string>> = { k: "kilo", c: "centi", d: "deci", m: "milli", u: "micro", µ: "micro", μ: "micro", n: "nano", p: "pico", M: "mega", mc: "micro" };
/** Signs that take a prefix; "min" is no milli-inch. */
const PREFIXED = new Set(["Gy", "Sv", "g", "m", "L", "l", "s", "mol", "eq", "Eq", "U", "IU", "[iU]", "[IU]", "m[Hg]", "mHg", "m[H2O]", "mH2O", "Pa", "Hz", "J", "W", "V", "eV", "Bq", "cal"]);
const POWERS: Readonly<Record<string, string>> = { 2: "square ", 3: "cubic ", "²": "square ", "³": "cubic " };
const MANY: Readonly<Record<string, string>> = { "10*3": "thousand", "10*6": "million", "10*9": "billion", "10^3": "thousand", "10^6": "million", "10^9": "billion", "1000": "thousand" };

/** A unit in words, singular and plural; undefined where a sign in it is not known. */
export function unitInWords(sign: string): readonly [string, string] | undefined {
  const parts = sign.split("/");
  const first = parts[0] === "" ? undefined : partInWords(parts[0]!);
  if (parts[0] !== "" && first === undefined) return undefined;
  let [one, many] = first ?? ["", ""];
  for (const part of parts.slice(1)) {
    const each = partInWords(part);
    if (each === undefined) return undefined;
    one = `${one} per ${each[0]}`;
    many = `${many} per ${each[0]}`;
  }
  return [one.trim(), many.trim()];
}

function partInWords(sign: string): readonly [string, string] | undefined {
  if (MANY[sign] !== undefined) return [MANY[sign], MANY[sign]];
  const surface = /^\{([\d.]+)[_ ]m2\}$/u.exec(sign)?.[1];
  if (surface !== undefined) return [`${surface} square meters`, `${surface} square meters`];
  const note = /^\{([a-z ]+)\}$/u.exec(sign)?.[1];
  if (note !== undefined) return [note, note];
  const own = unitOrPrefixed(sign);
  if (own !== undefined) return own;
  const power = POWERS[sign.slice(-1)];
  const base = power === undefined ? undefined : unitOrPrefixed(sign.slice(0, -1));
  return base === undefined ? undefined : [`${power}${base[0]}`, `${power}${base[1]}`];
}

function unitOrPrefixed(sign: string): readonly [string, string] | undefined {
  if (Object.hasOwn(NAMES, sign)) return NAMES[sign];
  for (const length of [2, 1]) {
    const prefix = sign.slice(0, length);
    const rest = sign.slice(length);
    if (Object.hasOwn(PREFIXES, prefix) && PREFIXED.has(rest)) return [`${PREFIXES[prefix]}${NAMES[rest]![0]}`, `${PREFIXES[prefix]}${NAMES[rest]![1]}`];
  }
  return undefined;
}

/** A figure without superfluous places. */
export const figureText = (value: number): string => String(Number(value.toPrecision(8)));

/** A quantity in words: "26 gray", "1 year", "35 kilograms per square meter". */
export function quantityInWords(value: number, unit: Unit): string {
  if (unit.text === "") return figureText(value);
  const names = unitInWords(unit.ucum) ?? unitInWords(unit.text);
  return `${figureText(value)} ${names === undefined ? unit.text : names[value === 1 ? 0 : 1]}`;
}

/** Signs of units as prose has them behind a figure. One letter alone could be anything but these. */
const BEHIND_FIGURE = /(\d(?:[\d,]*\d)?(?:\.\d+)?)(\s?)((?:[µμ°%]|[A-Za-z])[A-Za-z0-9µμ°%²³[\]*^]*(?:\/(?:[A-Za-z0-9µμ²³[\]]|\{[^{}\s]{1,20}\})+)*)(?![A-Za-z0-9²³/-])/gu;
const PLAIN_LETTERS = new Set(["g", "m", "L", "h"]);
const SYMBOLS = /[/%µμ°²³[\]]|^(?:c?m?Gy|[kmuµn]?g|mcg|[cmk]?m|[mud]?L|mmol|mEq|IU|mmHg|cmH2O|min|kHz|Hz|MeV|kPa|dB|kcal)$/u;

/** Prose with the signs of units behind figures in words. */
export function unitsInWords(text: string): string {
  return text.replace(BEHIND_FIGURE, (found, figure: string, space: string, sign: string) => {
    if (!SYMBOLS.test(sign) && !PLAIN_LETTERS.has(sign)) return found;
    // "2m" or "4L" may be a name.
    if (space === "" && !/[%°]/u.test(sign)) return found;
    const names = unitInWords(sign);
    return names === undefined ? found : `${figure} ${names[figure === "1" ? 0 : 1]}`;
  });
}
