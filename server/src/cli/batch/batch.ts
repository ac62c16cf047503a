// `policy evaluate FILE --cases FILE`: streams cases of any number through a policy, in order, in constant memory.
import { closeSync, createReadStream, fstatSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diagnosticText } from "../../render/codeframe.js";
import { counted } from "../../text.js";
import { EXIT, UsageError, type ExitCode } from "../exit.js";
import { unreadable, unwritable } from "../files.js";
import { displayed } from "../inputs.js";
import { load } from "../load.js";
import { reportProblems } from "../problems.js";
import { clearProgress, complain, errorColours, isTerminal, outputWidth, print, progressLine, putBytes } from "../terminal.js";
import { endOfRows, piecesOf } from "./pieces.js";
import { poolOf } from "./pool.js";
import { RESULT_COLUMNS, titleProblems, titlesOf, type BatchFormat, type BatchSetup, type RowProblem, type Tally } from "./rows.js";

export interface BatchOptions {
  /** The file of cases, or `-` for standard input. */
  readonly cases: string;
  /** The form of the results; that of the cases where it is not given. */
  readonly format?: BatchFormat | undefined;
  readonly explain?: boolean | undefined;
  readonly outputFile?: string | undefined;
  readonly threads?: number | undefined;
}

const CHUNK = 512 * 1024;
const MOST_TOLD = 20;

/** Evaluates every case of a file; gives the exit code. */
export async function batch(path: string, options: BatchOptions): Promise<ExitCode> {
  if (!/\.policy$/iu.test(path)) throw new UsageError(`${path} is no policy`, "With --cases, FILE is the policy that the cases are evaluated against.");
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
  const stream = options.cases === "-" ? (process.stdin as AsyncIterable<Buffer>) : (createReadStream(options.cases, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>);
  if (options.cases === "-" && isTerminal(0)) complain("Reading cases from the terminal; end with Ctrl+D (on Windows Ctrl+Z and Enter).");
  const { first, rest, bytesBefore } = await begin(stream, options.cases);
  const input: BatchFormat = formatOf(options.cases, first);
  const output = options.format ?? input;
  if (options.explain === true && output === "csv") throw new UsageError("explanations do not fit into a table", "Write them with `--format ndjson`.");
  const setup: BatchSetup = { policyText: source.text, policyPath: source.path, input, output, explain: options.explain === true };
  return run({ setup, first, rest, bytesBefore, from, total, options });
}

interface Job {
  readonly setup: BatchSetup;
  readonly first: Buffer;
  readonly rest: AsyncIterator<Buffer>;
  readonly bytesBefore: number;
  readonly from: string;
  readonly total: number | undefined;
  readonly options: BatchOptions;
}

async function run({ setup: bare, first, rest, bytesBefore, from, total, options }: Job): Promise<ExitCode> {
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
  const pool = poolOf(setup, options.threads);
  const tally: Tally = { approve: 0, pend: 0, refer: 0, wrong: 0, failed: 0 };
  const problems: RowProblem[] = [];
  const show = progressLine();
  const waiting: { done: Promise<Awaited<ReturnType<typeof pool.evaluate>>>; bytes: number }[] = [];
  let bytes = bytesBefore;
  const settle = async (): Promise<void> => {
    const next = waiting.shift()!;
    const done = await next.done;
    bytes += next.bytes;
    out.write(done.bytes);
    for (const key of Object.keys(tally) as (keyof Tally)[]) tally[key] += done.tally[key];
    if (problems.length < MOST_TOLD) problems.push(...done.problems.slice(0, MOST_TOLD - problems.length));
    show?.(() => `Evaluated ${counted(casesOf(tally), "case")}${total === undefined || total === 0 ? "" : ` (${Math.min(100, Math.floor((bytes / total) * 100))} %)`}`);
  };
  try {
    if (setup.output === "csv") out.write(Buffer.from(`${RESULT_COLUMNS.join(",")}\n`));
    for await (const piece of piecesOf(joined(start, rest), setup.input)) {
      waiting.push({ done: pool.evaluate({ bytes: piece.bytes, firstLine: piece.firstLine + firstLine - 1 }), bytes: piece.bytes.length });
      while (waiting.length >= pool.room()) await settle();
    }
    while (waiting.length > 0) await settle();
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

const casesOf = ({ approve, pend, refer, wrong }: Tally): number => approve + pend + refer + wrong;
const told = (from: string, { line, column, message, help }: RowProblem): string => `${from}:${line}:${column} ${message}${help === undefined ? "" : ` ${help}`}`;

function summary(from: string, tally: Tally, problems: readonly RowProblem[]): string {
  const lines = problems.map((each) => told(from, each));
  if (tally.wrong > problems.length) lines.push(`… ${counted(tally.wrong, "row")} with mistakes in all; each is among the results with its line.`);
  const ends = `${tally.approve} approve, ${tally.pend} pend, ${tally.refer} refer`;
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

/** The first bytes without byte order mark, and the stream behind them. */
async function begin(stream: AsyncIterable<Buffer>, path: string): Promise<{ first: Buffer; rest: AsyncIterator<Buffer>; bytesBefore: number }> {
  const rest = stream[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  try {
    // A table's titles may come in pieces, as from a pipe.
    while (first.length < CHUNK && firstRecord(first) >= first.length) {
      const next = await rest.next();
      if (next.done === true) break;
      first = Buffer.concat([first, next.value]);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) {
    throw new UsageError(`${path === "-" ? "standard input" : path} is UTF-16`, "Save the cases as UTF-8 (in Excel: “CSV UTF-8”).");
  }
  const mark = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
  return { first: first.subarray(mark), rest, bytesBefore: mark };
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

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
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
