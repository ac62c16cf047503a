// Writes the results of a batch, one row a case, as bytes: the parts of which most rows are made are kept ready.
import { stringify } from "csv-stringify/sync";
import type { Approval, DeterminationName, Explanation } from "../../evaluate/model.js";
import type { Summarizer, Tape } from "../../evaluate/summary.js";
import { DETERMINATIONS } from "../../vocabulary.js";

export type BatchFormat = "ndjson" | "csv";

export const RESULT_COLUMNS = ["line", "name", "determination", "by", "missing", "citations", "failures", "error", "approval"] as const;

/** The name of a case: a text, or bytes that are a plain text. */
export interface Named {
  readonly text: string | undefined;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What a row says beside what the summarizer has found. */
export interface Result {
  readonly line: number;
  readonly determination: DeterminationName;
  readonly approval: Approval | undefined;
  /** What was expected and did not come; undefined where nothing was expected. */
  readonly failures: readonly string[] | undefined;
  readonly explanation: Explanation | undefined;
}

export interface ResultWriter {
  /** Where the rows are written to; `length` bytes of it count. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Begins anew, in memory that is given where it is large enough for a while. */
  begin(bytes: Uint8Array): void;
  result(name: Named, result: Result): void;
  /** A row that could not be evaluated. */
  refusal(line: number, column: number | undefined, name: string, error: string): void;
}

/** What stands around and between the parts of a row. */
interface Form {
  readonly beforeName: Uint8Array;
  /** From the name to the first address, by determination. */
  readonly determinations: Readonly<Record<DeterminationName, Uint8Array>>;
  readonly separator: Uint8Array;
  readonly beforeMissing: Uint8Array;
  readonly beforeCitations: Uint8Array;
  /** The end of a row that says nothing more. */
  readonly end: Uint8Array;
  readonly addresses: readonly Uint8Array[];
  readonly names: readonly Uint8Array[];
}

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);
function byDetermination(make: (word: DeterminationName) => string): Form["determinations"] {
  const parts = DETERMINATIONS.map(({ word }) => [word, bytesOf(make(word as DeterminationName))]);
  return Object.fromEntries(parts) as Record<DeterminationName, Uint8Array>;
}

function ndjsonForm({ addresses, names }: Summarizer): Form {
  const quoted = (all: readonly string[]): Uint8Array[] => all.map((each) => bytesOf(JSON.stringify(each)));
  return {
    beforeName: bytesOf(',"name":'), determinations: byDetermination((word) => `,"determination":"${word}","by":[`), separator: bytesOf(","),
    beforeMissing: bytesOf('],"missing":['), beforeCitations: bytesOf('],"citations":['), end: bytesOf("]}"), addresses: quoted(addresses), names: quoted(names),
  };
}
function csvForm({ addresses, names }: Summarizer): Form {
  return {
    beforeName: bytesOf(","), determinations: byDetermination((word) => `,${word},`), separator: bytesOf("; "),
    beforeMissing: bytesOf(","), beforeCitations: bytesOf(","), end: bytesOf(",,,"), addresses: addresses.map(bytesOf), names: names.map(bytesOf),
  };
}

/** Cells as they stand in a table. */
export const cellsText = (cells: readonly string[]): string => stringify([cells as string[]], { escape_formulas: true }).slice(0, -1);

const QUOTE = 34;
const ZERO = 48;
const LF = 10;
/** Bytes of a cell that needs no quotation marks; the first must be a letter or digit, so that no program takes it for a formula. */
const CELL = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9]/u.test(character) ? 2 : /[ _.:;()/#-]/u.test(character) ? 1 : 0;
});
/** Digits of the largest number, and the room for what a row has beside its parts. */
const MARGIN = 512;

/** Makes the writer for what a summarizer finds. */
export function resultWriter(summarizer: Summarizer, format: BatchFormat): ResultWriter {
  const { by, missing, citations, addresses, names } = summarizer;
  const table = format === "csv";
  const form = table ? csvForm(summarizer) : ndjsonForm(summarizer);
  // Names of criteria and facts need no quotation marks in a table; should one, all of its row is written by the library.
  const isPlain = (text: string): boolean => CELL[text.charCodeAt(0)] === 2 && [...text].every((character) => (CELL[character.charCodeAt(0)] ?? 0) > 0);
  const plain = !table || [...addresses, ...names].every(isPlain);
  const largest = (all: readonly Uint8Array[]): number => all.reduce((sum, each) => sum + each.length + 2, 0);
  const most = MARGIN + largest(form.addresses) + largest(form.names) + citations.at.length * 12;
  let bytes: Uint8Array = new Uint8Array(0);
  let buffer: Buffer = Buffer.alloc(0);
  let length = 0;

  function keep(given: Uint8Array): void {
    bytes = given;
    buffer = Buffer.from(given.buffer, given.byteOffset, given.length);
  }

  function room(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array((length + more) * 2);
    larger.set(bytes.subarray(0, length));
    keep(larger);
  }

  function put(part: Uint8Array): void {
    const to = bytes;
    let at = length;
    for (let i = 0; i < part.length; i++) to[at++] = part[i]!;
    length = at;
  }

  function text(written: string): void {
    room(written.length * 3);
    length += buffer.write(written, length, "utf8");
  }

  function figure(value: number): void {
    let rest = value;
    let digits = 1;
    for (let power = 10; power <= rest; power *= 10) digits++;
    for (let at = length + digits - 1; at >= length; at--) {
      const next = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    length += digits;
  }

  function list(tape: Tape, parts: readonly Uint8Array[]): void {
    const { at } = tape;
    for (let i = 0; i < tape.length; i++) {
      if (i > 0) put(form.separator);
      put(parts[at[i]!]!);
    }
  }

  function nameOf({ text: written, bytes: from, start, end }: Named): void {
    if (written !== undefined) {
      text(table ? cellsText([written]) : JSON.stringify(written));
      return;
    }
    room(end - start + most);
    if (table) {
      let at = start;
      while (at < end && CELL[from[at]!]! > (at === start ? 1 : 0)) at++;
      if (at < end) {
        text(cellsText([Buffer.from(from.buffer, from.byteOffset + start, end - start).toString("utf8")]));
        room(most);
        return;
      }
    } else {
      bytes[length++] = QUOTE;
    }
    let to = length;
    for (let at = start; at < end; at++) bytes[to++] = from[at]!;
    length = to;
    if (!table) bytes[length++] = QUOTE;
  }

  return {
    get bytes() {
      return bytes;
    },
    get length() {
      return length;
    },
    begin(given) {
      keep(given);
      length = 0;
    },
    result(name, { line, determination, approval, failures, explanation }) {
      room(most);
      if (!table) put(LINE);
      figure(line);
      put(form.beforeName);
      nameOf(name);
      room(most);
      put(form.determinations[determination]);
      if (plain) {
        list(by, form.addresses);
        put(form.beforeMissing);
        list(missing, form.names);
      } else {
        const named = (tape: Tape, all: readonly string[]): string => [...tape.at.subarray(0, tape.length)].map((each) => all[each]!).join("; ");
        text(cellsText([named(by, addresses), named(missing, names)]));
      }
      put(form.beforeCitations);
      for (let i = 0; i < citations.length; i++) {
        if (i > 0) put(form.separator);
        figure(citations.at[i]!);
      }
      const more = approval !== undefined || explanation !== undefined || (failures !== undefined && (!table || failures.length > 0));
      if (!more) put(form.end);
      else if (table) text(`,${cellsText([failures?.join(" ") ?? "", "", approvalText(approval)])}`);
      else text(JSON.stringify({ approval, failures, explanation }).replace("{", "],"));
      room(1);
      bytes[length++] = LF;
    },
    refusal(line, column, name, error) {
      if (table) text(`${cellsText([String(line), name, "", "", "", "", "", error, ""])}\n`);
      else text(`${JSON.stringify({ line, column, name: name === "" ? undefined : name, error })}\n`);
    },
  };
}

const LINE = bytesOf('{"line":');

/** The terms of an approval in one cell: `6 months, through 2025-12-31; 2 syringes per 28 days`. */
function approvalText(approval: Approval | undefined): string {
  if (approval === undefined) return "";
  const { duration, quantities } = approval;
  const amounts = quantities.map(({ text, codes }) => (codes === undefined ? text : `${text} of ${codes.join(", ")}`));
  return [...(duration === undefined ? [] : [`${duration.text}, through ${duration.until}`]), ...amounts].join("; ");
}
