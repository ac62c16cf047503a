// Evaluates a piece of a batch: its rows are read, bound, decided and written as results. Runs in the main thread or in a worker.
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { hasErrors, type Diagnostic } from "../../diagnostic.js";
import { compile } from "../../evaluate/compile.js";
import { explain } from "../../evaluate/explain.js";
import { check } from "../../evaluate/run.js";
import { summarizer } from "../../evaluate/summary.js";
import { analyze } from "../../semantics/analyze.js";
import { readCaseFile } from "../../semantics/casefile.js";
import { checkCases } from "../../semantics/cases.js";
import { cellsOf, rawRow, readColumns, type Cell, type Column } from "../../semantics/casetable.js";
import type { PolicyCase } from "../../semantics/model.js";
import { binderOf, checkingOf } from "./bind.js";

export type BatchFormat = "ndjson" | "csv";

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
  /** Rows that could not be evaluated. */
  wrong: number;
  /** Rows whose expectations did not hold. */
  failed: number;
}

export interface PieceResult {
  readonly text: string;
  readonly tally: Tally;
  /** The first problems; `tally.wrong` counts all rows. */
  readonly problems: readonly RowProblem[];
}

const LARGEST_ROW = 1 << 20;
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
export const RESULT_COLUMNS = ["line", "name", "determination", "by", "missing", "citations", "failures", "error"] as const;

/** Makes the function that evaluates a piece, from its text and the line it begins on. */
export function pieceEvaluator(setup: BatchSetup): (text: string, firstLine: number) => PieceResult {
  const analysis = analyze(setup.policyText, setup.policyPath);
  const { policy } = analysis;
  if (policy === undefined) throw new Error("The policy of a batch has errors.");
  const evaluator = compile(policy);
  const summarize = summarizer(evaluator);
  const binder = binderOf(analysis);
  const ground = { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true };
  const columns: readonly Column[] = setup.titles === undefined ? [] : readColumns(setup.titles.map((text) => ({ text, start: 0, end: 0 })), analysis).columns;

  return (text, firstLine) => {
    const tally: Tally = { approve: 0, pend: 0, refer: 0, wrong: 0, failed: 0 };
    const problems: RowProblem[] = [];
    const rows: (string | readonly string[])[] = [];

    function decide(policyCase: PolicyCase, line: number): void {
      const decision = evaluator.decideCase(policyCase);
      const { determination } = decision;
      const { by, missing, citations } = summarize(decision);
      tally[determination]++;
      const { expect } = policyCase;
      const expects = expect.determination !== undefined || expect.by !== undefined || expect.missing.length > 0 || expect.outcomes.length > 0;
      // Only where criteria are expected is their outcome needed, and the explanation that tells it.
      const explanation = setup.explain || expect.by !== undefined || expect.missing.length > 0 || expect.outcomes.length > 0 ? explain(decision, policyCase.name) : undefined;
      const failures = expects ? check(policyCase, explanation ?? { determination, outcomes: {}, missing: [] }).map(({ message }) => message) : [];
      if (failures.length > 0) tally.failed++;
      if (setup.output === "csv") {
        rows.push([String(line), policyCase.name, determination, by.join("; "), missing.join("; "), citations.join("; "), failures.join(" "), ""]);
      } else {
        rows.push(JSON.stringify({ line, name: policyCase.name, determination, by, missing, citations, failures: expects ? failures : undefined, explanation: setup.explain ? explanation : undefined }));
      }
    }

    function refuse(name: string, found: readonly RowProblem[], line: number): void {
      tally.wrong++;
      if (problems.length < MOST_PROBLEMS) problems.push(...found);
      const error = found.map(({ message }) => message).join(" ");
      if (setup.output === "csv") rows.push([String(line), name, "", "", "", "", "", error]);
      else rows.push(JSON.stringify({ line, column: found[0]?.column, name: name === "" ? undefined : name, error }));
    }

    if (setup.input === "ndjson") readLines();
    else readTable();
    return { text: setup.output === "csv" ? stringify(rows as string[][], { escape_formulas: true }) : rows.length === 0 ? "" : `${rows.join("\n")}\n`, tally, problems };

    function readLines(): void {
      let line = firstLine;
      for (let at = 0; at < text.length; line++) {
        const found = text.indexOf("\n", at);
        const end = found < 0 ? text.length : found;
        readLine(text.slice(at, text.charCodeAt(end - 1) === 13 ? end - 1 : end), line);
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
      const bound = written.includes("\\") ? undefined : binder.object(value, quotesIn(written));
      if (bound !== undefined) {
        decide(bound, line);
        return;
      }
      // Now with positions: by the reader of case files, as if the line were a file.
      const file = readCaseFile(written, "", analysis);
      const [policyCase] = file.cases;
      const errors = file.diagnostics.filter(({ severity }) => severity === "error");
      const several = file.cases.length !== 1 || Array.isArray(value) || (value as Record<string, unknown>)["cases"] !== undefined;
      if (errors.length > 0) refuse(named(value), errors.map((each) => problemAt(each, line)), line);
      else if (several || policyCase === undefined || !policyCase.sound) refuse(named(value), [{ line, column: 1, message: "The line does not hold one case.", help: "Write each case on a line of its own." }], line);
      else decide(named(value) === "" ? { ...policyCase, name: "" } : policyCase, line);
    }

    function readTable(): void {
      // Both line ends are read; the library would count those of the other kind inside of a cell twice.
      let rest = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
      let base = firstLine;
      // A table with a row that cannot be read goes on behind that row.
      while (rest !== "") {
        let last = 0;
        try {
          parse(rest, {
            record_delimiter: "\n", info: true, raw: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LARGEST_ROW,
            on_record: (record: unknown) => {
              const { record: cells, raw, info } = record as { record: string[]; raw: string; info: { lines: number } };
              const own = raw.replace(/^[\r\n]+/u, "").replace(/[\r\n]+$/u, "");
              last = info.lines;
              // The library counts the line a record ends on; it begins as many lines before as it holds itself.
              readRow(cells, own, base + last - 1 - newlinesIn(own));
              return null;
            },
          });
          return;
        } catch (error) {
          const { code } = error as { code?: string };
          const message = code === undefined ? undefined : TABLE_FAULTS[code];
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
      const bound = quickRow(values);
      if (bound !== undefined) {
        decide(bound, line);
        return;
      }
      const cells: readonly Cell[] = cellsOf(raw, values);
      const found: Diagnostic[] = [];
      const checking = checkingOf(raw, analysis);
      const [policyCase] = checkCases(checking, [rawRow(columns, cells, found)], ground, "");
      found.push(...checking.found);
      const name = values[columns.findIndex(({ kind }) => kind === "name")]?.trim() ?? "";
      if (hasErrors(found)) refuse(name, found.filter(({ severity }) => severity === "error").map((each) => problemAt(each, line, raw)), line);
      else decide({ ...policyCase!, name }, line);
    }

    /** A row of single texts; undefined where the checker has to look at it. */
    function quickRow(values: readonly string[]): PolicyCase | undefined {
      if (values.length > columns.length) return undefined;
      const given: Record<string, unknown> = {};
      const facts = new Map<string, NonNullable<ReturnType<typeof binder.text>>>();
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!.trim();
        if (value === "") continue;
        const column = columns[i]!;
        switch (column.kind) {
          case "name": given["name"] = value; break;
          case "on": given["on"] = value; break;
          case "fact": {
            if (column.fact.type.kind === "list" && value.includes(";")) return undefined;
            const bound = binder.text(column.fact, value);
            if (bound === undefined) return undefined;
            facts.set(column.fact.name, bound);
            break;
          }
          default: return undefined;
        }
      }
      const on = given["on"] === undefined ? undefined : binder.on(given["on"] as string);
      const name = String(given["name"] ?? "");
      return on === undefined ? undefined : { name, range: NOWHERE, nameRange: NOWHERE, uri: "", on, facts, factRanges: new Map(), attested: new Map(), expect: { missing: [], outcomes: [] }, sound: true };
    }
  };
}

const NOWHERE = { start: 0, end: 0 };
const named = (value: unknown): string => {
  const name = (value as { readonly name?: unknown } | null)?.name;
  return typeof name === "string" ? name.trim() : "";
};

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

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
