// What the features give back: plain data in offsets of the text. Nothing here knows of an editor or a protocol.
import type { Range } from "../text.js";

/** What to say about the words at `start`–`end`, as Markdown. */
export interface Hover extends Range {
  readonly markdown: string;
}

export type CompletionKind =
  | "section" | "field" | "keyword" | "fact" | "definition" | "choice" | "unit" | "criterion" | "reference" | "code" | "type" | "phrase" | "snippet" | "date";

/** One proposal. It replaces `start`–`end` of the text with `insert`, or with `label` where there is none. */
export interface Completion extends Range {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line beside the label: a type, a title. */
  readonly detail?: string | undefined;
  /** Markdown. */
  readonly documentation?: string | undefined;
  readonly insert?: string | undefined;
  /** `insert` has tab stops, `${1:…}`. */
  readonly snippet?: boolean | undefined;
  /** What the typed words are matched with, where that is not the label. */
  readonly filter?: string | undefined;
  /** Proposals are listed by rank, then in the order given. Lower ranks stand first. */
  readonly rank?: number | undefined;
  /** Ask for proposals again once this one is taken: more is sure to follow. */
  readonly goesOn?: boolean | undefined;
}

export type OutlineKind = "policy" | "section" | "fact" | "definition" | "statement" | "criterion" | "codes" | "code" | "revision" | "reference" | "case";

/** An entry of the outline. `selection` lies within `start`–`end`. */
export interface OutlineEntry extends Range {
  readonly name: string;
  readonly detail?: string | undefined;
  readonly kind: OutlineKind;
  readonly selection: Range;
  readonly children: readonly OutlineEntry[];
}

/** A stretch that can be folded away behind its first line. */
export interface Fold extends Range {
  readonly kind: "region" | "comment";
}

/** Something to run, shown above a line. */
export interface Lens extends Range {
  readonly action: "evaluate" | "evaluate all" | "references" | "summary";
  /** Place of the name: of the case for `evaluate` (names may stand twice while they are written), of what is declared for `references`. */
  readonly at?: number | undefined;
  /** How often what is declared is used. */
  readonly count?: number | undefined;
}

export type { Edit } from "../diagnostic.js";

/** A word shown between the words of the text, at `offset`; the text itself is not changed. */
export interface Hint {
  readonly offset: number;
  readonly label: string;
  readonly kind: "address" | "conversion" | "outcomes";
  /** What the hint means, as Markdown. */
  readonly tooltip?: string | undefined;
  /** A space stands before it, behind it. */
  readonly before: boolean;
  readonly after: boolean;
}

/** How a criterion came out in one case. */
export interface CaseOutcome {
  readonly case: string;
  readonly outcome: "met" | "not met" | "unknown" | "not applicable";
}
/** How the criteria came out in the cases, by address. */
export type OutcomesByAddress = ReadonlyMap<string, readonly CaseOutcome[]>;
