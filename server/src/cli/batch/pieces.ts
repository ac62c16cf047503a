// Cuts a stream of rows into pieces that end where a row ends, with the line each begins on.
import type { BatchFormat } from "./rows.js";

export interface Piece {
  readonly bytes: Buffer;
  readonly firstLine: number;
}

const LF = 10;
const QUOTE = 34;
/** A piece of a table that finds no end of a row by then has a quotation mark too many; it is cut at the end of a line. */
const LONGEST_SEARCH = 4 * 1024 * 1024;

/** The pieces of a stream, each as large as the stream's chunks or a little larger. */
export async function* piecesOf(stream: AsyncIterable<Buffer>, format: BatchFormat): AsyncGenerator<Piece> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = format === "ndjson" ? bytes.lastIndexOf(LF) + 1 : endOfRows(bytes);
    rest = bytes.subarray(end);
    if (end === 0) continue;
    const piece = bytes.subarray(0, end);
    yield { bytes: piece, firstLine: line };
    line += newlines(piece);
  }
  if (rest.length > 0) yield { bytes: rest, firstLine: line };
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
