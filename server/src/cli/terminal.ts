// The terminal: colours where they are wanted, big single writes, and a progress line on long runs.
import { fstatSync, writeSync } from "node:fs";
import { plain, type Colours } from "../render/colours.js";

const STDOUT = 1;
const STDERR = 2;
/** Columns assumed where the output goes to a file or a pipe. */
const PIPE_WIDTH = 100;
/** Prose in longer lines is hard to read. */
const WIDEST = 120;

/** Whether a stream is a terminal. Node's own answer is asked for only where it can be yes, because it loads all of its streams. */
export function isTerminal(stream: number): boolean {
  try {
    if (!fstatSync(stream).isCharacterDevice()) return false;
  } catch {
    // Closed, or a handle that the system tells nothing of.
  }
  return (require("node:tty") as typeof import("node:tty")).isatty(stream);
}

/** Whether output to a stream is coloured: `--color` and `--no-color`, then NO_COLOR, then FORCE_COLOR, then the terminal itself. */
export function wantsColour(stream: number, args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const end = args.indexOf("--");
  const flags = end < 0 ? args : args.slice(0, end);
  const [off, on] = [flags.lastIndexOf("--no-color"), flags.lastIndexOf("--color")];
  if (off >= 0 || on >= 0) return on > off;
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return env["TERM"] !== "dumb" && isTerminal(stream);
}

// Required when colours are wanted: loading it opens `process.stdout`, which costs more than the rest of a start.
const colourful = (): Colours => (require("picocolors") as typeof import("picocolors")).createColors(true);
const coloursOf = (stream: number): Colours => (wantsColour(stream, process.argv.slice(2), process.env) ? colourful() : plain);

/** Colours for what goes to standard output. */
export const outputColours = (): Colours => coloursOf(STDOUT);
/** Colours for what goes to standard error. */
export const errorColours = (): Colours => coloursOf(STDERR);

/** Columns for standard output, between 40 and 120; `COLUMNS` decides where it is no terminal. */
export function outputWidth(): number {
  const columns = isTerminal(STDOUT) ? process.stdout.columns : Number.parseInt(process.env["COLUMNS"] ?? "", 10);
  return Math.max(40, Math.min(WIDEST, columns > 0 ? columns : PIPE_WIDTH));
}

/** A text with a final line end. */
export const ended = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

/** Writes a text to standard output at once, with a final line end. */
export function print(text: string): void {
  write(STDOUT, text === "" ? text : ended(text));
}

/** Writes a text to standard output as it is. */
export function put(text: string): void {
  write(STDOUT, text);
}

/** Writes bytes to standard output as they are. */
export function putBytes(bytes: Uint8Array): void {
  writeBytes(STDOUT, bytes);
}

/** Writes a text to standard error, with a final line end. */
export function complain(text: string): void {
  clearProgress();
  write(STDERR, ended(text));
}

/** Written synchronously, so that nothing is lost when the process ends; a reader who has gone away ends it quietly. */
function write(stream: number, text: string): void {
  writeBytes(stream, Buffer.from(text, "utf8"));
}

function writeBytes(stream: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(stream, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE" || code === "EOF") process.exit(process.exitCode ?? 0);
      if (code !== "EAGAIN") throw error;
      // The pipe is full and does not block: wait a moment for its reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const PROGRESS_AFTER = 1000;
const PROGRESS_EVERY = 100;
let shown = false;

/** A function to call before each of `total` files: a single line that is updated, only in a terminal and only on runs above a second. */
export function progress(what: string, total: number): (done: number) => void {
  if (total < 2 || !isTerminal(STDERR)) return () => undefined;
  const start = performance.now();
  let last = start + PROGRESS_AFTER - PROGRESS_EVERY;
  return (done) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY) return;
    last = now;
    shown = true;
    write(STDERR, `\r\x1b[2K${what} ${done} of ${total} files`);
  };
}

/** A progress line of one's own words, under the same rules; undefined where there is no terminal to show it. */
export function progressLine(): ((text: () => string) => void) | undefined {
  if (!isTerminal(STDERR)) return undefined;
  let last = performance.now() + PROGRESS_AFTER - PROGRESS_EVERY;
  return (text) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY) return;
    last = now;
    shown = true;
    write(STDERR, `\r\x1b[2K${text()}`);
  };
}

/** Takes the progress line away. */
export function clearProgress(): void {
  if (!shown) return;
  shown = false;
  write(STDERR, "\r\x1b[2K");
}
