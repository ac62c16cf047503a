// What has changed between two versions of a policy, as plain data that JSON can carry.
import type { Range } from "../text.js";

export type Area = "header" | "facts" | "definitions" | "criteria" | "codes" | "references" | "notes" | "text" | "revisions";

/** What happened. `ended` is said of a code that got an end date. */
export type ChangeKind =
  | "added" | "removed" | "reworded" | "renumbered" | "moved" | "renamed" | "ended"
  | "condition added" | "condition removed" | "condition changed" | "condition rewritten"
  | "combinator" | "determination" | "scope added" | "scope removed" | "approval duration" | "quantity limit"
  | "citations" | "note" | "type" | "question" | "mapping" | "value" | "dates" | "description" | "successors" | "applies to" | "mark" | "group";

/** One change. Places are offsets in the two texts. */
export interface Change {
  readonly area: Area;
  readonly kind: ChangeKind;
  /** What it is called in the old version: an address, a name, a code, the number of a reference; undefined where it is new. */
  readonly before?: string | undefined;
  /** What it is called in the new version; undefined where it is gone. */
  readonly after?: string | undefined;
  /** The words that were there. */
  readonly was?: string | undefined;
  /** The words that are there now. */
  readonly now?: string | undefined;
  /** Of a condition: the clause it stands in. */
  readonly clause?: "when" | "unless" | "waived when" | "if" | undefined;
  /** Criteria that were added or removed with it, below it. */
  readonly below?: number | undefined;
  /** Whether it can bear on a determination; words without a condition can, because people read them. */
  readonly bears: boolean;
  readonly oldRange?: Range | undefined;
  readonly newRange?: Range | undefined;
}

/** The version of a policy as its header names it. */
export interface VersionName {
  readonly number?: string | undefined;
  readonly title?: string | undefined;
  readonly revised?: string | undefined;
  readonly approved?: string | undefined;
  readonly effective?: string | undefined;
}

/** Everything that has changed from one version to another. */
export interface Comparison {
  readonly before: VersionName;
  readonly after: VersionName;
  readonly changes: readonly Change[];
  /** New address of every criterion of the old version that the new one still has, by its old address. */
  readonly addresses: ReadonlyMap<string, string>;
  /** New name of every fact that both have, by its old name. */
  readonly facts: ReadonlyMap<string, string>;
}
