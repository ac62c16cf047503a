// Three-valued logic after Kleene (Introduction to Metamathematics, 1952, §64), with one shade of unknown: left open.
/**
 * A truth value. `OPEN` is an unknown that no fact can settle: an open list on which nothing matched. For negation and for
 * the tables of "and" and "or" it is unknown; where both kinds of unknown meet, the one that facts can settle is asked first.
 * The values are bits, so that a list is combined by joining the bits of its items and one look into a table.
 */
export type Truth = number;
export const MET = 1;
export const NOT_MET = 2;
export const UNKNOWN = 4;
export const OPEN = 8;

/** "Any of": from the joined bits of the items. */
export const ANY: Uint8Array = Uint8Array.from({ length: 16 }, (_, bits) => (bits & MET ? MET : bits & UNKNOWN ? UNKNOWN : bits & OPEN ? OPEN : NOT_MET));
/** "All of": from the joined bits of the items. */
export const ALL: Uint8Array = Uint8Array.from({ length: 16 }, (_, bits) => (bits & NOT_MET ? NOT_MET : bits & UNKNOWN ? UNKNOWN : bits & OPEN ? OPEN : MET));
/** Negation. */
export const NOT: Uint8Array = Uint8Array.from({ length: 16 }, (_, value) => (value === MET ? NOT_MET : value === NOT_MET ? MET : value));

export const truth = (value: boolean): Truth => (value ? MET : NOT_MET);

/** "At least N of": how many items are met, unknown and left open, out of those that are not surely not met. */
export function atLeast(wanted: number, met: number, unknown: number, open: number): Truth {
  if (met >= wanted) return MET;
  if (met + unknown + open < wanted) return NOT_MET;
  // Whatever the unknown items turn out to be, the open ones keep the list from being settled.
  if (unknown === 0 || (met + unknown < wanted && met + open >= wanted)) return OPEN;
  return UNKNOWN;
}

/** "Exactly N of" an open list: there may always be another item, so that N can be passed but never reached for certain. */
export function exactlyOpen(wanted: number, met: number, unknown: number): Truth {
  if (met > wanted) return NOT_MET;
  return met + unknown > wanted ? UNKNOWN : OPEN;
}

/** "Exactly N of". */
export function exactly(wanted: number, met: number, unknown: number, open: number): Truth {
  if (met > wanted || met + unknown + open < wanted) return NOT_MET;
  if (unknown > 0) return UNKNOWN;
  return open > 0 ? OPEN : MET;
}
