// Columns of tables: of facts, definitions, codes and header fields.

/** A row as far as a column is concerned. */
export interface Cell {
  /** Column behind what stands before it. */
  readonly end: number;
  /** Where it begins now; undefined where it does not stand on this line. */
  readonly now: number | undefined;
}

const GAP = 2;
/** A column may stand this much further right than it must before it is brought back. */
const LOOSE = 24;
/** Rounds after which a column is taken as it is. */
const ROUNDS = 4;

/**
 * The column at which cells begin. One that most rows share already stays; else it stands two spaces behind the longest
 * content, where content that is wider than `widest` does not count: its cell follows two spaces behind it. A cell that does
 * not fit there goes to another line.
 */
export function columnOf(cells: readonly Cell[], start: number, widest: number, fits: (cell: number, at: number) => boolean = () => true): number {
  if (cells.length === 0) return start + GAP;
  let current = cells;
  let column = -1;
  // What is aligned now may be what most rows share then.
  for (let round = 0; round < ROUNDS; round++) {
    const next = shared(current) ?? narrowest(cells, start, widest);
    if (next === column) break;
    column = next;
    current = cells.map(({ end }, i) => ({ end, now: fits(i, placedAt(end, column)) ? placedAt(end, column) : undefined }));
  }
  return column;
}

/** Where a cell stands: at its column, or two spaces behind content that reaches too far. */
export const placedAt = (end: number, column: number): number => Math.max(column, end + GAP);

function narrowest(cells: readonly Cell[], start: number, widest: number): number {
  let end = start;
  let longest = start;
  for (const cell of cells) {
    if (cell.end > longest) longest = cell.end;
    if (cell.end > end && cell.end - start <= widest) end = cell.end;
  }
  return (end > start ? end : longest) + GAP;
}

function shared(cells: readonly Cell[]): number | undefined {
  const counts = new Map<number, number>();
  let standing = 0;
  for (const { now } of cells) {
    if (now === undefined) continue;
    standing++;
    counts.set(now, (counts.get(now) ?? 0) + 1);
  }
  let column = -1;
  let most = 1;
  for (const [at, count] of counts) {
    if (count > most || (count === most && at < column)) {
      column = at;
      most = count;
    }
  }
  if (column < 0 || most * 2 < standing) return undefined;
  const fitting = cells.filter(({ end }) => end + GAP <= column);
  if (fitting.length * 4 < cells.length * 3) return undefined;
  const longest = fitting.reduce((end, cell) => Math.max(end, cell.end), 0);
  return column - GAP - longest <= LOOSE ? column : undefined;
}
