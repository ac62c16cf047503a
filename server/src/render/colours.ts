// The colours of terminal output as plain functions, so that rendering knows nothing of terminals.

type Paint = (text: string) => string;

/** What rendering needs of a terminal; picocolors fits, and `plain` where there is no colour. */
export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
  readonly magenta: Paint;
}

const same: Paint = (text) => text;

/** No colour: for files, pipes and tests. */
export const plain: Colours = { bold: same, dim: same, red: same, green: same, yellow: same, blue: same, cyan: same, magenta: same };
