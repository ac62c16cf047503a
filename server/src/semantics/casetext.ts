// The values of a case as a policy has them written: the other way round from what `cases.ts` reads.
import { dateText } from "../syntax/dates.js";
import { shownCode, splitCode } from "./codes.js";
import { readEvidence } from "../syntax/evidence.js";
import type { Evidence, FactSymbol, FactValue, RecordValue, ScalarType } from "./model.js";
import { quantityText } from "./units.js";

/** One value as written behind `=`: `54 years`, `2025-03-05`, `M54.16`, `"…"`. */
export function writtenScalar(type: ScalarType, value: number | string | boolean): string {
  switch (type.kind) {
    case "yes/no": return value === true || value === 1 ? "yes" : "no";
    case "number": {
      // The unit in the number that the figure asks for, the figure in full.
      const unit = quantityText(Number(value), type.unit).replace(/^\S+/u, "");
      return `${figure(Number(value))}${unit}`;
    }
    case "date": return dateText(Number(value));
    case "choice": return typeof value === "number" ? (type.choices[value] ?? "") : String(value);
    case "code": return shownCode(String(value), type.systems);
    case "text": return `"${oneLine(String(value))}"`;
    case "unknown": return String(value);
  }
}

/** A figure without exponent, which no case can hold. */
function figure(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(12).replace(/\.?0+$/u, "") : text;
}

/** Text that fits between quotation marks of one line. */
export const oneLine = (text: string): string => text.replace(/\s+/gu, " ").replace(/"/gu, "'").trim();

/** The values of a fact as written, one for each entry of a list; `none` for an empty one. Records have none. */
export function writtenValues({ type }: FactSymbol, value: FactValue): readonly string[] {
  if (type.kind === "records") return Array.isArray(value) && value.length === 0 ? ["none"] : [];
  if (type.kind !== "list") return [writtenScalar(type, value as number | string | boolean)];
  const list = value as readonly (number | string)[];
  return list.length === 0 ? ["none"] : list.map((each) => writtenScalar(type.of, each));
}

/** The records of a fact, each as its fields in the order of their declaration. */
export function writtenRecords({ type }: FactSymbol, value: FactValue): readonly (readonly (readonly [name: string, value: string])[])[] {
  if (type.kind !== "records") return [];
  return (value as readonly RecordValue[]).map((record) => type.fields.flatMap((field) => {
    const given = record[field.name];
    return given === undefined || field.type.kind === "records" || field.type.kind === "list" ? [] : [[field.name, writtenScalar(field.type, given)] as const];
  }));
}

/** Evidence as a line of a case: `evidence MRI report, page 3, 2025-03-01, note "…"`. What would be misread stands in quotation marks. */
export function writtenEvidence({ source, page, date, note }: Evidence): string {
  const asPage = page !== undefined && readEvidence(`"x", page ${page}`, 0, []).page?.text === page;
  const named = uncommented(page !== undefined && !asPage ? `${source}, page ${page}` : source);
  const plain = readEvidence(named, 0, []);
  const isPlain = !named.includes("#") && plain.source?.text === named && plain.page === undefined && plain.date === undefined && plain.note === undefined;
  return ["evidence ", isPlain ? named : `"${named}"`, asPage ? `, page ${page}` : "", date === undefined ? "" : `, ${dateText(date)}`, note === undefined ? "" : `, note "${uncommented(note)}"`].join("");
}

/** `unable to obtain`, with its reason. */
export const writtenUnobtainable = (reason: string): string => (reason === "" ? "unable to obtain" : `unable to obtain, "${uncommented(reason)}"`);

/** Text of one line in which no `#` begins a comment: one does that with white space on both sides, also between quotation marks. */
const uncommented = (text: string): string => oneLine(text).replace(/(\s)#\s+/gu, "$1#");

/** A requested code as written: its system, and a diagnosis with its dot. */
export function writtenCode(held: string): string {
  const { system } = splitCode(held);
  const shown = shownCode(held);
  return system === undefined || shown.startsWith(`${system} `) ? shown : `${system} ${shown}`;
}
