// Code files with separated columns: the CPT LONGULT and CPT Link files, and any CSV or TSV by its column titles.
import { type CodeSetColumns, type CodeSetEntries, type CodeSetEntry, type CodeSetReading, MOST_ENTRIES } from "./model.js";

/** Rows of a delimited text by RFC 4180: fields may be quoted, quotes are doubled, line ends may stand in quotes. */
export function readRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && rows.length < MOST_ENTRIES) {
    const field = text[at] === "\"" ? quoted(text, at) : bare(text, at, separator);
    row.push(field.text.trim());
    at = field.end;
    if (text[at] === separator) {
      at++;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      row.push("");
    }
    if (row.some((each) => each !== "")) rows.push(row);
    row = [];
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
  }
  return rows;
}

function quoted(text: string, from: number): { text: string; end: number } {
  let value = "";
  let at = from + 1;
  while (at < text.length) {
    const close = text.indexOf("\"", at);
    if (close < 0) return { text: value + text.slice(at), end: text.length };
    value += text.slice(at, close);
    if (text[close + 1] !== "\"") return { text: value, end: close + 1 };
    value += "\"";
    at = close + 2;
  }
  return { text: value, end: at };
}

function bare(text: string, from: number, separator: string): { text: string; end: number } {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return { text: text.slice(from, end), end };
}

const CPT = /^\d{4}[0-9AFMTU]$/u;

/**
 * The tab-separated CPT LONGULT and the pipe-separated CPT Link files: the code is the field that has a code's form; titles
 * of columns are used where there are any, else the longest text is the long one.
 */
export function readCptDelimited(text: string, separator: "\t" | "|"): CodeSetEntries {
  const rows = readRows(text.replace(/"/gu, "\u2033"), separator);
  const titles = rows.find((row) => row.some((field) => /code/i.test(field)) && !row.some((field) => CPT.test(field)));
  const find = (pattern: RegExp): number => (titles === undefined ? -1 : titles.findIndex((title) => pattern.test(title)));
  const [long, medium, short] = [find(/long/i), find(/medium/i), find(/short/i)];
  const entries = new Map<string, CodeSetEntry>();
  for (const row of rows) {
    const at = row.findIndex((field) => CPT.test(field));
    if (at < 0) continue;
    const fields = row.map((field) => field.replace(/\u2033/gu, "\""));
    const texts = fields.filter((field, i) => i !== at && /\p{L}{2}/u.test(field)).sort((a, b) => b.length - a.length);
    const code = fields[at]!;
    entries.set(code, { code, long: fields[long] ?? texts[0], short: fields[short] ?? fields[medium] ?? (texts.length > 1 ? texts[texts.length - 1] : undefined) });
  }
  return entries;
}

const GUESSES: Readonly<Record<keyof CodeSetColumns, RegExp>> = {
  code: /^(?:.*\b)?code$/i, short: /short/i, long: /long|descri/i, effective: /effective|start|added/i, ended: /end|termin|expir/i, replacedBy: /replace|successor/i,
};

/** Any CSV or TSV. Columns are named by title or counted from 1; without a setting, titles such as `Code` are looked for. */
export function readTable(text: string, separator: "," | "\t", columns: CodeSetColumns = {}): CodeSetReading {
  const rows = readRows(text, separator);
  const titles = rows[0] ?? [];
  const missing: string[] = [];
  const place = (key: keyof CodeSetColumns): number => {
    const wanted = columns[key];
    if (typeof wanted === "number") return wanted - 1;
    if (wanted === undefined) return titles.findIndex((title) => GUESSES[key].test(title));
    const at = titles.findIndex((title) => title.toLowerCase() === wanted.toLowerCase());
    if (at < 0) missing.push(wanted);
    return at;
  };
  const [code, short, long, effective, ended, replacedBy] = [place("code"), place("short"), place("long"), place("effective"), place("ended"), place("replacedBy")];
  if (missing.length > 0) return { problem: `it has no column "${missing[0]}"; its first line has ${titles.map((title) => `"${title}"`).join(", ") || "nothing"}` };
  if (code < 0) return { problem: "no column for the code was found; name it under `columns.code`" };
  const entries = new Map<string, CodeSetEntry>();
  const cell = (row: readonly string[], at: number): string | undefined => (at < 0 || row[at] === "" ? undefined : row[at]);
  for (const row of rows) {
    const value = cell(row, code)?.toUpperCase().replace(/\./gu, "");
    if (value === undefined || !/^[0-9A-Z]{2,11}$/u.test(value) || !/\d/u.test(value)) continue;
    entries.set(value, { code: value, short: cell(row, short), long: cell(row, long), effective: day(cell(row, effective)), ended: day(cell(row, ended)), replacedBy: cell(row, replacedBy) });
  }
  return { entries };
}

/** Dates as `2025-12-31`, from that, from `20251231` or from `12/31/2025`; anything else as it stands. */
function day(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const joined = /^(\d{4})(\d{2})(\d{2})$/u.exec(text);
  if (joined !== null) return `${joined[1]}-${joined[2]}-${joined[3]}`;
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/u.exec(text);
  return american === null ? text : `${american[3]}-${american[1]!.padStart(2, "0")}-${american[2]!.padStart(2, "0")}`;
}
