// Cuts a stream of rows into pieces that end where a row ends, with the line each begins on.
import type { BatchFormat } from "./results.js";
import { LONGEST_LINE, type Rows } from "./rows.js";

/** Where the bytes of a batch come from. */
export interface Source {
  /** Reads into memory from an offset on; gives how many bytes were read, 0 at the end. */
  read(into: Uint8Array, at: number): Promise<number>;
  close(): Promise<void>;
}

/** Memory for a piece, used again and again; workers see it too, so that nothing is copied between threads. */
export interface Memory {
  input: Uint8Array;
  output: Uint8Array;
}

const LF = 10;
const QUOTE = 34;
/** Bytes read at once. */
export const PIECE = 256 * 1024;
/** A piece of a table that finds no end of a row by then has a quotation mark too many; it is cut at the end of a line. */
const LONGEST_SEARCH = 4 * 1024 * 1024;

const shared = (size: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(size));
const bufferOf = (bytes: Uint8Array, length: number): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, length);

export const newMemory = (): Memory => ({ input: shared(PIECE + 1), output: shared(2 * PIECE) });

/** Takes memory back to its size after an unusual piece. */
export function trimMemory(memory: Memory): void {
  if (memory.input.length > PIECE + 1) memory.input = shared(PIECE + 1);
  if (memory.output.length > 16 * PIECE) memory.output = shared(2 * PIECE);
}

/** Makes the function that reads the next piece into memory; undefined at the end. `first` was read before, and stands at a line. */
export function cutter(source: Source, format: BatchFormat, first: Uint8Array, firstLine: number): (memory: Memory) => Promise<Rows | undefined> {
  let carried = first;
  let line = firstLine;
  let ended = false;

  return async (memory) => {
    let used = carried.length;
    // One byte is left for the line end that the last line may lack.
    const makeRoom = (size: number): void => {
      if (memory.input.length > size) return;
      const larger = shared(size + 1);
      larger.set(memory.input.subarray(0, Math.min(used, memory.input.length)));
      memory.input = larger;
    };
    const rows = (end: number): Rows => {
      const piece = { bytes: memory.input, length: end, firstLine: line, tooLong: false };
      line += newlines(bufferOf(memory.input, end));
      return piece;
    };
    makeRoom(used);
    memory.input.set(carried);
    carried = NOTHING;
    let searched = 0;
    for (;;) {
      const end = rowsEnd(memory.input, searched, used, format);
      // What was read before is given out at once; otherwise each read gives a piece, as soon as it holds a row.
      if (end > 0) {
        carried = memory.input.slice(end, used);
        return rows(end);
      }
      if (ended) {
        if (used === 0) return undefined;
        memory.input[used++] = LF;
        return rows(used);
      }
      if (used >= LONGEST_LINE) {
        const after = await skipLine(memory);
        carried = after;
        return { bytes: memory.input, length: 0, firstLine: line++, tooLong: true };
      }
      searched = format === "ndjson" ? used : 0;
      if (memory.input.length - 1 - used < PIECE / 2) makeRoom(Math.min(Math.max(PIECE, used * 2), LONGEST_LINE + PIECE));
      const read = await source.read(memory.input.subarray(0, memory.input.length - 1), used);
      if (read === 0) ended = true;
      used += read;
    }
  };

  /** Reads on to the end of a line that is left out; gives what stands behind it. */
  async function skipLine(memory: Memory): Promise<Uint8Array> {
    for (;;) {
      const read = await source.read(memory.input, 0);
      if (read === 0) ended = true;
      const end = bufferOf(memory.input, read).indexOf(LF);
      if (end >= 0) return memory.input.slice(end + 1, read);
      if (ended) return NOTHING;
    }
  }
}

const NOTHING = new Uint8Array(0);

/** Behind the last row that ends between two offsets; 0 where none does. */
function rowsEnd(bytes: Uint8Array, from: number, to: number, format: BatchFormat): number {
  if (format === "csv") return endOfRows(bufferOf(bytes, to));
  const end = bufferOf(bytes, to).lastIndexOf(LF);
  return end >= from ? end + 1 : 0;
}

/** Behind the last line end that stands outside of quotation marks. */
export function endOfRows(bytes: Buffer): number {
  // Pieces begin outside of quotation marks: a line end is one of a row where an even number of them stands before it.
  let end = 0;
  let odd = false;
  let quote = bytes.indexOf(QUOTE);
  let from = 0;
  while (quote >= 0) {
    if (!odd) end = Math.max(end, lastBetween(bytes, from, quote));
    odd = !odd;
    from = quote + 1;
    quote = bytes.indexOf(QUOTE, from);
  }
  if (!odd) end = Math.max(end, lastBetween(bytes, from, bytes.length));
  return end === 0 && bytes.length > LONGEST_SEARCH ? bytes.lastIndexOf(LF) + 1 : end;
}

function lastBetween(bytes: Buffer, from: number, to: number): number {
  if (to <= from) return 0;
  const at = bytes.lastIndexOf(LF, to - 1);
  return at >= from ? at + 1 : 0;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}
