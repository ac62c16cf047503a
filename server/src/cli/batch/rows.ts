// Evaluates a piece of a batch: its rows are read, decided and written as results. Runs in the main thread or in a worker.
import { parse } from "csv-parse/sync";
import { hasErrors, type Diagnostic } from "../../diagnostic.js";
import { approvalOf } from "../../evaluate/approval.js";
import { compile } from "../../evaluate/compile.js";
import { explain } from "../../evaluate/explain.js";
import { check } from "../../evaluate/run.js";
import { summarizerOf } from "../../evaluate/summary.js";
import { analyze } from "../../semantics/analyze.js";
import { readCaseFile } from "../../semantics/casefile.js";
import { checkCases } from "../../semantics/cases.js";
import { cellsOf, rawRow, readColumns, type Cell, type Column } from "../../semantics/casetable.js";
import type { PolicyCase } from "../../semantics/model.js";
import { binderOf, checkingOf } from "./bind.js";
import { quickCells } from "./quickcells.js";
import { quickLines } from "./quicklines.js";
import { resultWriter, type BatchFormat, type Named } from "./results.js";
import { textOf } from "./slots.js";

/** All that a thread needs to evaluate pieces of one batch. */
export interface BatchSetup {
  readonly policyText: string;
  readonly policyPath: string;
  readonly input: BatchFormat;
  readonly output: BatchFormat;
  readonly explain: boolean;
  /** The first record of a table. */
  readonly titles?: readonly string[] | undefined;
}

/** Rows of a batch as bytes; a line end ends each of them, the last too. */
export interface Rows {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly firstLine: number;
  /** The line is too long to be read, and left out. */
  readonly tooLong: boolean;
}

/** What is wrong with a row, at its line and column. */
export interface RowProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help?: string | undefined;
}

export interface Tally {
  approve: number;
  pend: number;
  refer: number;
  "no statement applies": number;
  /** Rows that could not be evaluated. */
  wrong: number;
  /** Rows whose expectations did not hold. */
  failed: number;
}

export interface PieceResult {
  /** The results: the bytes that were given for them, or larger ones. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly tally: Tally;
  /** The first problems; `tally.wrong` counts all rows. */
  readonly problems: readonly RowProblem[];
}

const LARGEST_ROW = 1 << 20;
/** A longer line is not read. */
export const LONGEST_LINE = 8 << 20;
/** What the reader of tables says, in words. */
const TABLE_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "A quotation mark is opened and not closed.",
  CSV_MAX_RECORD_SIZE: "The row is larger than a row can be; a quotation mark may not be closed.",
  CSV_INVALID_CLOSING_QUOTE: "Something stands behind the quotation mark that ends a cell.",
  INVALID_OPENING_QUOTE: "A quotation mark stands inside a cell that does not begin with one.",
  CSV_INVALID_OPENING_QUOTE: "A quotation mark stands inside a cell that does not begin with one.",
};
/** More problems of one piece are counted, not told. */
const MOST_PROBLEMS = 20;
const LF = 10;
const CR = 13;
const QUOTE = 34;
const NUMBER_SIGN = 35;
const NO_BYTES = new Uint8Array(0);

export const emptyTally = (): Tally => ({ approve: 0, pend: 0, refer: 0, "no statement applies": 0, wrong: 0, failed: 0 });

/** Makes the function that evaluates a piece; `out` is memory for its results. `quick` is false where each row is to be read with its places. */
export function pieceEvaluator(setup: BatchSetup, quick = true): (rows: Rows, out: Uint8Array) => PieceResult {
  const analysis = analyze(setup.policyText, setup.policyPath);
  const { policy } = analysis;
  if (policy === undefined) throw new Error("The policy of a batch has errors.");
  const evaluator = compile(policy);
  const summarizer = summarizerOf(evaluator);
  const table = setup.input === "csv";
  const binder = binderOf(analysis, !table);
  const ground = { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true };
  const columns: readonly Column[] = setup.titles === undefined ? [] : readColumns(setup.titles.map((text) => ({ text, start: 0, end: 0 })), analysis).columns;
  const reader = table ? quickCells(evaluator, binder, columns) : quickLines(evaluator, binder, !setup.explain);
  const writer = resultWriter(summarizer, setup.output);
  const { row } = reader;
  const name: { text: string | undefined; bytes: Uint8Array; start: number; end: number } = { text: undefined, bytes: NO_BYTES, start: 0, end: 0 };

  let tally = emptyTally();
  let problems: RowProblem[] = [];

  return ({ bytes, length, firstLine, tooLong }, out) => {
    tally = emptyTally();
    problems = [];
    writer.begin(out);
    if (tooLong) refuse("", [{ line: firstLine, column: 1, message: `The line is longer than ${LONGEST_LINE >> 20} MB, so it is not read.`, help: "Each line holds one case." }], firstLine);
    else if (table) readTable(bytes, length, firstLine);
    else readLines(bytes, length, firstLine);
    return { bytes: writer.bytes, length: writer.length, tally, problems };
  };

  // ── Deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** The case that the quick reader has bound. */
  function decideQuick(bytes: Uint8Array, line: number): void {
    evaluator.finish();
    name.text = row.name;
    name.bytes = bytes;
    name.start = row.nameStart;
    name.end = row.nameEnd;
    put(name, row.expect, line, undefined);
  }

  function decideChecked(policyCase: PolicyCase, line: number): void {
    evaluator.decideCase(policyCase);
    put({ text: policyCase.name, bytes: NO_BYTES, start: 0, end: 0 }, policyCase.expect, line, policyCase);
  }

  function put(named: Named, expect: PolicyCase["expect"] | undefined, line: number, policyCase: PolicyCase | undefined): void {
    const decision = evaluator.latest;
    const { determination } = decision;
    summarizer.sum();
    tally[determination]++;
    const outcomes = expect !== undefined && (expect.by !== undefined || expect.missing.length > 0 || expect.outcomes.length > 0);
    const expects = outcomes || expect?.determination !== undefined;
    // Only where criteria are expected is their outcome needed, and the explanation that tells it.
    const explanation = setup.explain || outcomes ? explain(decision, named.text ?? textOf(named.bytes, named.start, named.end), policyCase) : undefined;
    const failures = expects ? check({ expect }, explanation ?? { determination, outcomes: {}, missing: [] }).map(({ message }) => message) : undefined;
    if (failures !== undefined && failures.length > 0) tally.failed++;
    writer.result(named, { line, determination, approval: approvalOf(decision), failures, explanation: setup.explain ? explanation : undefined });
  }

  function refuse(of: string, found: readonly RowProblem[], line: number): void {
    tally.wrong++;
    if (problems.length < MOST_PROBLEMS) problems.push(...found);
    writer.refusal(line, found[0]?.column, of, found.map(({ message }) => message).join(" "));
  }

  // ── Lines of NDJSON ───────────────────────────────────────────────────────────────────────────────────────────────────
  function readLines(bytes: Uint8Array, length: number, firstLine: number): void {
    let line = firstLine;
    for (let at = 0; at < length; line++) {
      const next = quick ? reader.read(bytes, at) : -1;
      if (next > 0) {
        decideQuick(bytes, line);
        at = next;
        continue;
      }
      const end = bytes.indexOf(LF, at);
      readLine(textOf(bytes, at, bytes[end - 1] === CR && end > at ? end - 1 : end), line);
      at = end + 1;
    }
  }

  function readLine(written: string, line: number): void {
    if (written.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch (error) {
      refuse("", [{ line, column: jsonFault(error, written), message: "The line is not valid JSON.", help: "Each line holds one case, from its `{` to its `}`." }], line);
      return;
    }
    // With positions: by the reader of case files, as if the line were a file.
    const file = readCaseFile(written, "", analysis);
    const [policyCase] = file.cases;
    const errors = file.diagnostics.filter(({ severity }) => severity === "error");
    const several = file.cases.length !== 1 || Array.isArray(value) || (value as Record<string, unknown>)["cases"] !== undefined;
    if (errors.length > 0) refuse(named(value), errors.map((each) => problemAt(each, line)), line);
    else if (several || policyCase === undefined || !policyCase.sound) refuse(named(value), [{ line, column: 1, message: "The line does not hold one case.", help: "Write each case on a line of its own." }], line);
    else decideChecked(named(value) === "" ? { ...policyCase, name: "" } : policyCase, line);
  }

  // ── Rows of a table ───────────────────────────────────────────────────────────────────────────────────────────────────
  function readTable(bytes: Uint8Array, length: number, firstLine: number): void {
    let line = firstLine;
    let at = 0;
    while (at < length) {
      // The second line may be the row of explanations that a template has.
      const next = quick && !(line === 2 && bytes[at] === NUMBER_SIGN) ? reader.read(bytes, at) : -1;
      if (next > 0) {
        decideQuick(bytes, line);
        at = next;
        line++;
        continue;
      }
      const end = endOfRecord(bytes, at, length);
      const records = recordsIn(textOf(bytes, at, end), line);
      if (records === undefined) {
        // What stands behind a row that cannot be read may belong to it: all of it goes to the reader of tables.
        readRecords(textOf(bytes, at, length), line);
        return;
      }
      for (const [cells, raw, own] of records) readRow(cells, raw, own);
      for (let found = bytes.indexOf(LF, at); found >= 0 && found < end; found = bytes.indexOf(LF, found + 1)) line++;
      at = end;
    }
  }

  /** The records of a text; undefined where one cannot be read. */
  function recordsIn(text: string, line: number): readonly RecordRead[] | undefined {
    const records: RecordRead[] = [];
    try {
      parseTable(text, line, (...record) => records.push(record));
      return records;
    } catch (error) {
      if (faultOf(error) === undefined) throw error;
      return undefined;
    }
  }

  function readRecords(text: string, firstLine: number): void {
    // Both line ends are read; the library would count those of the other kind inside of a cell twice.
    let rest = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
    let base = firstLine;
    // A table with a row that cannot be read goes on behind that row.
    while (rest !== "") {
      let last = 0;
      try {
        parseTable(rest, base, (cells, raw, line, lines) => {
          last = lines;
          readRow(cells, raw, line);
        });
        return;
      } catch (error) {
        const message = faultOf(error);
        if (message === undefined) throw error;
        let at = offsetOfLine(rest, last);
        while (rest[at] === "\n" || rest[at] === "\r") if (rest[at++] === "\n") last++;
        refuse("", [{ line: base + last, column: 1, message, help: "A cell that holds a comma, a line break or a quotation mark stands in quotation marks, and those inside of it are doubled." }], base + last);
        rest = rest.slice(offsetOfLine(rest, last + 1));
        base += last + 1;
      }
    }
  }

  function readRow(values: readonly string[], raw: string, line: number): void {
    if (values.every((value) => value.trim() === "")) return;
    // The row of explanations that a template has below its titles.
    if (line === 2 && values[0]!.startsWith("# ")) return;
    const cells: readonly Cell[] = cellsOf(raw, values);
    const found: Diagnostic[] = [];
    const checking = checkingOf(raw, analysis);
    const [policyCase] = checkCases(checking, [rawRow(columns, cells, found)], ground, "");
    found.push(...checking.found);
    const own = values[columns.findIndex(({ kind }) => kind === "name")]?.trim() ?? "";
    if (hasErrors(found)) refuse(own, found.filter(({ severity }) => severity === "error").map((each) => problemAt(each, line, raw)), line);
    else decideChecked({ ...policyCase!, name: own }, line);
  }
}

/** A record of a table: its cells, as written, the line it begins on, and how many lines were read with it. */
type RecordRead = readonly [cells: readonly string[], raw: string, line: number, lines: number];

function parseTable(text: string, firstLine: number, take: (...record: RecordRead) => void): void {
  parse(text.includes("\r") ? text.replaceAll("\r\n", "\n") : text, {
    record_delimiter: "\n", info: true, raw: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LARGEST_ROW,
    on_record: (record: unknown) => {
      const { record: cells, raw, info } = record as { record: string[]; raw: string; info: { lines: number } };
      const own = raw.replace(/^[\r\n]+/u, "").replace(/[\r\n]+$/u, "");
      // The library counts the line a record ends on; it begins as many lines before as it holds itself.
      take(cells, own, firstLine + info.lines - 1 - newlinesIn(own), info.lines);
      return null;
    },
  });
}

/** What the reader of tables has to say of a row it cannot read, in words. */
function faultOf(error: unknown): string | undefined {
  const { code } = error as { code?: string };
  return code === undefined ? undefined : TABLE_FAULTS[code];
}

/** Behind the line on which the record that begins at `from` ends: quotation marks stand on it and before it in pairs. */
function endOfRecord(bytes: Uint8Array, from: number, length: number): number {
  let odd = false;
  for (let at = from; at < length; at++) {
    if (bytes[at] === QUOTE) odd = !odd;
    else if (bytes[at] === LF && !odd) return at + 1;
  }
  return length;
}

const named = (value: unknown): string => {
  const name = (value as { readonly name?: unknown } | null)?.name;
  return typeof name === "string" ? name.trim() : "";
};


/** Where JSON.parse stopped, where it tells, counted from 1. */
function jsonFault(error: unknown, text: string): number {
  const { message } = error as Error;
  const at = /position (\d+)/u.exec(message)?.[1];
  return at !== undefined ? Number(at) + 1 : message.includes("end of JSON") ? text.length + 1 : 1;
}

function problemAt({ start, message, help }: Diagnostic, line: number, raw = ""): RowProblem {
  const before = raw.slice(0, start);
  const breaks = newlinesIn(before);
  return { line: line + breaks, column: start - (breaks === 0 ? 0 : before.lastIndexOf("\n") + 1) + 1, message, help };
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

/** Reads the titles of a table. */
export function titlesOf(record: string): { readonly titles: readonly string[]; readonly problem?: string | undefined } {
  try {
    const [titles] = parse(record, { relax_column_count: true, to: 1 }) as string[][];
    return { titles: titles ?? [] };
  } catch {
    return { titles: [], problem: "A quotation mark in the titles of the columns is not closed." };
  }
}

/** What is wrong with the titles of a table. */
export function titleProblems(setup: BatchSetup, record: string, titles: readonly string[]): readonly RowProblem[] {
  const analysis = analyze(setup.policyText, setup.policyPath);
  return readColumns(cellsOf(record, titles), analysis).diagnostics.filter(({ severity }) => severity === "error").map((each) => problemAt(each, 1, record));
}
