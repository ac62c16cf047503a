// `policy evaluate FILE --cases FILE`: streams cases of any number through a policy, in order, in constant memory.
import { closeSync, fstatSync, openSync, read as readBytes, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diagnosticText } from "../../render/codeframe.js";
import { counted } from "../../text.js";
import { EXIT, UsageError, type ExitCode } from "../exit.js";
import { checkOutput, unreadable, unwritable } from "../files.js";
import { displayed } from "../inputs.js";
import { load } from "../load.js";
import { reportProblems } from "../problems.js";
import { clearProgress, complain, errorColours, isTerminal, outputWidth, print, progressLine, putBytes } from "../terminal.js";
import { cutter, endOfRows, newMemory, PIECE, trimMemory, type Memory, type Source } from "./pieces.js";
import { poolOf, type Job } from "./pool.js";
import { RESULT_COLUMNS, type BatchFormat } from "./results.js";
import { emptyTally, titleProblems, titlesOf, type BatchSetup, type RowProblem, type Tally } from "./rows.js";

export interface BatchOptions {
  /** The file of cases, or `-` for standard input. */
  readonly cases: string;
  /** The form of the results; that of the cases where it is not given. */
  readonly format?: BatchFormat | undefined;
  readonly explain?: boolean | undefined;
  readonly outputFile?: string | undefined;
  readonly threads?: number | undefined;
}

const MOST_TOLD = 20;

/** Evaluates every case of a file; gives the exit code. */
export async function batch(path: string, options: BatchOptions): Promise<ExitCode> {
  if (!/\.policy$/iu.test(path)) throw new UsageError(`${path} is no policy`, "With --cases, FILE is the policy that the cases are evaluated against.");
  if (options.outputFile !== undefined) checkOutput(options.outputFile, options.cases === "-" ? [] : [options.cases]);
  const loaded = await load({ policy: { path: displayed(path) }, listed: true, caseFiles: [] });
  if (loaded.problems.length > 0) return reportProblems(loaded.problems);
  const { source, diagnostics, analysis } = loaded.policy!;
  if (analysis.policy === undefined) {
    const text = diagnostics.filter(({ severity }) => severity === "error").map((found) => diagnosticText(source, found, { colours: errorColours(), width: outputWidth() }));
    complain(`${text.join("\n\n")}\n`);
    return EXIT.findings;
  }
  const from = options.cases === "-" ? "standard input" : displayed(options.cases);
  const total = sizeOf(options.cases);
  if (options.cases === "-" && isTerminal(0)) complain("Reading cases from the terminal; end with Ctrl+D (on Windows Ctrl+Z and Enter).");
  const input = options.cases === "-" ? standardInput() : fileSource(options.cases);
  try {
    const first = await begin(input, options.cases);
    const format = formatOf(options.cases, first);
    const output = options.format ?? format;
    if (options.explain === true && output === "csv") throw new UsageError("explanations do not fit into a table", "Write them with `--format ndjson`.");
    const setup: BatchSetup = { policyText: source.text, policyPath: source.path, input: format, output, explain: options.explain === true };
    return await run({ setup, source: input, first, from, total, options });
  } finally {
    await input.close();
  }
}

interface Run {
  readonly setup: BatchSetup;
  readonly source: Source;
  /** What was read of it already. */
  readonly first: Buffer;
  readonly from: string;
  readonly total: number | undefined;
  readonly options: BatchOptions;
}

async function run({ setup: bare, source, first, from, total, options }: Run): Promise<ExitCode> {
  let setup = bare;
  let start = first;
  let firstLine = 1;
  if (bare.input === "csv") {
    const end = firstRecord(first);
    const record = first.subarray(0, end).toString("utf8").replace(/\r?\n$/u, "");
    const { titles, problem } = titlesOf(record);
    const problems: readonly RowProblem[] = problem === undefined ? titleProblems(bare, record, titles) : [{ line: 1, column: 1, message: problem }];
    if (problems.length > 0) {
      complain(problems.map((each) => told(from, each)).join("\n"));
      return EXIT.findings;
    }
    setup = { ...bare, titles };
    start = first.subarray(end);
    firstLine = record.split("\n").length + 1;
  }
  const out = outputTo(options.outputFile);
  const pool = poolOf(setup, total, options.threads);
  const tally = emptyTally();
  const problems: RowProblem[] = [];
  const show = progressLine();
  const next = cutter(source, setup.input, start, firstLine);
  // Pieces under way in the order of the cases, and memory that is free.
  const jobs: Job[] = [];
  const memories: Memory[] = [];
  let bytes = 0;

  /** Writes what is done, as far as nothing before it is still under way. */
  const settle = (): void => {
    for (let done = jobs[0]?.done; done !== undefined; done = jobs[0]?.done) {
      const { memory, rows } = jobs.shift()!;
      out.write(done.bytes.subarray(0, done.length));
      bytes += rows.length;
      for (const key of Object.keys(tally) as (keyof Tally)[]) tally[key] += done.tally[key];
      if (problems.length < MOST_TOLD) problems.push(...done.problems.slice(0, MOST_TOLD - problems.length));
      trimMemory(memory);
      memories.push(memory);
      show?.(() => `Evaluated ${counted(casesOf(tally), "case")}${total === undefined || total === 0 ? "" : ` (${Math.min(100, Math.floor((bytes / total) * 100))} %)`}`);
    }
  };
  try {
    if (setup.output === "csv") out.write(Buffer.from(`${RESULT_COLUMNS.join(",")}\n`));
    for (;;) {
      const memory = memories.pop() ?? newMemory();
      const rows = await next(memory);
      if (rows === undefined) break;
      const job: Job = { rows, memory };
      jobs.push(job);
      pool.give(job);
      for (settle(); jobs.length >= pool.room; settle()) await pool.next();
    }
    for (settle(); jobs.length > 0; settle()) await pool.next();
    out.finish();
  } catch (error) {
    out.abandon();
    throw error instanceof Error && "syscall" in error ? unreadable(from, error) : error;
  } finally {
    await pool.end();
  }
  clearProgress();
  complain(summary(from, tally, problems));
  return tally.wrong > 0 || tally.failed > 0 ? EXIT.findings : EXIT.ok;
}

const casesOf = ({ approve, pend, refer, "no statement applies": none, wrong }: Tally): number => approve + pend + refer + none + wrong;
const told = (from: string, { line, column, message, help }: RowProblem): string => `${from}:${line}:${column} ${message}${help === undefined ? "" : ` ${help}`}`;

function summary(from: string, tally: Tally, problems: readonly RowProblem[]): string {
  const lines = problems.map((each) => told(from, each));
  if (tally.wrong > problems.length) lines.push(`… ${counted(tally.wrong, "row")} with mistakes in all; each is among the results with its line.`);
  const none = tally["no statement applies"];
  const ends = `${tally.approve} approve, ${tally.pend} pend, ${tally.refer} refer${none > 0 ? `, ${none} no statement applies` : ""}`;
  const more = [tally.wrong > 0 ? `${counted(tally.wrong, "row")} not evaluated` : "", tally.failed > 0 ? `${counted(tally.failed, "case")} not as expected` : ""].filter((part) => part !== "");
  lines.push(`${counted(casesOf(tally), "case")}: ${[ends, ...more].join("; ")}.`);
  return lines.join("\n");
}

function sizeOf(path: string): number | undefined {
  if (path === "-") return undefined;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new UsageError(`cannot read ${path}: it is a folder`);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  }
}

/** A file, read in pieces; pipes and devices too. */
function fileSource(path: string): Source {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  return {
    read: (into, at) => new Promise((resolve, reject) => readBytes(file, into, at, into.length - at, null, (error, count) => (error === null ? resolve(count) : reject(error)))),
    async close() {
      closeSync(file);
    },
  };
}

/** Standard input, which may be a terminal. */
function standardInput(): Source {
  const stream = (process.stdin as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let left: Buffer = Buffer.alloc(0);
  return {
    async read(into, at) {
      if (left.length === 0) {
        const { done, value } = await stream.next();
        if (done === true) return 0;
        left = value;
      }
      const count = Math.min(left.length, into.length - at);
      into.set(left.subarray(0, count), at);
      left = left.subarray(count);
      return count;
    },
    async close() {
      await stream.return?.();
    },
  };
}

/** The first bytes without byte order mark: of a table at least its titles, which may come in pieces, as from a pipe. */
async function begin(source: Source, path: string): Promise<Buffer> {
  const chunk = Buffer.alloc(PIECE);
  let first = Buffer.alloc(0);
  try {
    while (first.length < PIECE && firstRecord(first) >= first.length) {
      const count = await source.read(chunk, 0);
      if (count === 0) break;
      first = Buffer.concat([first, chunk.subarray(0, count)]);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) {
    throw new UsageError(`${path === "-" ? "standard input" : path} is UTF-16`, "Save the cases as UTF-8 (in Excel: “CSV UTF-8”).");
  }
  return first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? first.subarray(3) : first;
}

/** By the ending of the name, else by how the text begins. */
function formatOf(path: string, first: Buffer): BatchFormat {
  if (/\.csv$/iu.test(path)) return "csv";
  if (/\.(?:ndjson|jsonl)$/iu.test(path)) return "ndjson";
  if (/\.(?:ya?ml|json)$/iu.test(path)) throw new UsageError(`${path} is a case file, not a batch`, "Give it as FILE by itself, or write one case a line as .ndjson or .csv.");
  return /^\s*\{/u.test(first.subarray(0, 1024).toString("utf8")) ? "ndjson" : "csv";
}

/** Behind the first record of a table. */
function firstRecord(bytes: Buffer): number {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) if (endOfRows(bytes.subarray(0, at + 1)) === at + 1) return at + 1;
  return bytes.length;
}

interface Output {
  write(bytes: Uint8Array): void;
  finish(): void;
  abandon(): void;
}

/** Standard output, or a file that takes its place only when it is complete. */
function outputTo(path: string | undefined): Output {
  if (path === undefined) return { write: putBytes, finish: () => print(""), abandon: () => undefined };
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  let file: number;
  try {
    // A pipe or a device is written as it is.
    const special = statSync(path, { throwIfNoEntry: false });
    if (special !== undefined && !special.isFile()) {
      if (special.isDirectory()) throw new UsageError(`cannot write ${path}: it is a folder`);
      file = openSync(path, "w");
      return fileOutput(file, path, undefined);
    }
    file = openSync(temporary, "wx");
  } catch (error) {
    throw error instanceof UsageError ? error : unwritable(path, error);
  }
  return fileOutput(file, path, temporary);
}

function fileOutput(file: number, path: string, temporary: string | undefined): Output {
  return {
    write(bytes) {
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      } catch (error) {
        throw unwritable(path, error);
      }
    },
    finish() {
      if (fstatSync(file).isFile() && temporary !== undefined) {
        closeSync(file);
        renameSync(temporary, path);
      } else {
        closeSync(file);
      }
    },
    abandon() {
      try {
        closeSync(file);
      } catch {
        // It was closed before.
      }
      if (temporary !== undefined) rmSync(temporary, { force: true });
    },
  };
}
