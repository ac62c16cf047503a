// What can be said about formatting, and the tables of the canonical layout.
import type { Edit } from "../diagnostic.js";
import type { Place } from "../syntax/lines.js";

export type { Edit };

export interface FormatOptions {
  /** Wraps prose, long lists of choices and long conditions. */
  readonly wrap: boolean;
  /** Columns to which lines are filled. */
  readonly lineWidth: number;
}

export const FORMAT_DEFAULTS: FormatOptions = { wrap: true, lineWidth: 120 };
/** Widths that make sense; others are brought to the nearest. */
export const NARROWEST = 40;
export const WIDEST = 1000;

/** Column of the first level of a section's entries; in criteria, statements stand at the margin. */
export const baseOf = (place: Place): number => (place === "criteria" ? 0 : 2);

/** Sections whose indentation says what belongs to what. */
export const isNested = (place: Place): boolean => place === "criteria" || place === "facts";

/**
 * A line that ends this many columns early makes its paragraph be wrapped anew; a smaller gap stays, so that a changed word
 * does not move every line behind it.
 */
export const RAGGED = 20;
