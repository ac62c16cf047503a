// What a letter and a reviewer's worksheet say, as plain data: what templates read, and what `--format json` puts out.
import type { DeterminationName } from "../../evaluate/model.js";

export type Audience = "member" | "provider";
/** Which template a letter takes. A request to which no statement applies has one of its own. */
export type LetterKind = "approve" | "pend" | "refer" | "none";
export const LETTER_KINDS: readonly LetterKind[] = ["approve", "pend", "refer", "none"];

/** Why a case is referred: what a clinician has to look at. */
export type Cause = "" | "not in force" | "not covered by the statements" | "limited" | "open list" | "not met";

/** Where an answer was found. */
export interface LetterEvidence {
  readonly source: string;
  readonly page: string;
  /** "March 5, 2025"; empty where there is none. */
  readonly date: string;
  readonly note: string;
  /** All of it in one line: "MRI report, page 3, March 5, 2025". */
  readonly text: string;
}

/** A question with what the record says to it. */
export interface Answered {
  readonly question: string;
  readonly answer: string;
  /** Both in one line: "Age on the date of service: 17 years". */
  readonly text: string;
  /** For a list of several entries, each in one line; else empty. */
  readonly entries: readonly string[];
  readonly evidence: readonly LetterEvidence[];
}

/** A question that the record does not answer. */
export interface Lacking {
  readonly question: string;
  /** What the answer can be, where it is one of a few: "yes", "no". */
  readonly answers: readonly string[];
  /** Sections of the policy that ask for it. */
  readonly sections: readonly string[];
  /** It is asked first: with few such answers the case could be approved. The others may matter too. */
  readonly first: boolean;
  /** It was asked for and could not be obtained. */
  readonly unobtainable: boolean;
  /** Why not; empty where no reason is recorded. */
  readonly reason: string;
}

export interface LetterSource {
  readonly number: number;
  readonly text: string;
}

/** A rule of the policy that bears on the determination. Rules stand in one list, those of a list behind it and one level deeper. */
export interface LetterRule {
  /** Section of the policy: "I.E.2.b". */
  readonly section: string;
  /** Headings above it in the policy, from the top. */
  readonly under: readonly string[];
  readonly words: string;
  readonly outcome: "met" | "not met" | "not known" | "left to a clinician";
  /** For a list, what it asks of its items: "at least one of these". */
  readonly asks: string;
  /** For a list, how many items it has. */
  readonly items: number;
  /** What makes the outcome other than plain: "exception", "waiver", "must not be" (it is met and must not be), or empty. */
  readonly because: "" | "exception" | "waiver" | "must not be";
  readonly level: number;
  /** White space that puts it one level deeper in a list of Markdown. */
  readonly indent: string;
  /** What the record says on it. */
  readonly record: readonly Answered[];
  /** What is not in the record. */
  readonly lacking: readonly Lacking[];
  readonly sources: readonly LetterSource[];
}

export interface LetterStatement {
  readonly section: string;
  readonly words: string;
  /** "medically necessary", "investigational", … */
  readonly says: string;
  /** When it holds: "at least one of these rules is met"; empty where it is no list. */
  readonly when: string;
  readonly outcome: "met" | "not met" | "not known" | "left to a clinician";
  readonly rules: readonly LetterRule[];
}

export interface Letter {
  readonly kind: LetterKind;
  readonly determination: DeterminationName;
  readonly audience: Audience;
  readonly cause: Cause;
  readonly policy: {
    readonly number: string;
    readonly title: string;
    readonly plan: string;
    /** "June 19, 2025"; empty where the header does not say. */
    readonly effective: string;
    readonly ends: string;
    readonly revised: string;
  };
  readonly case: string;
  /** Date of service: "July 1, 2025". */
  readonly date: string;
  /** What the statement speaks of, else the title of the policy. */
  readonly service: string;
  /** Requested services in the words of the policy's own table of codes. */
  readonly requested: readonly string[];
  /** The statements of the policy that bear on the determination, the one that decided first; none where no statement does. */
  readonly statements: readonly LetterStatement[];
  /** What is needed to go on, for a case that waits. */
  readonly needed: readonly Lacking[];
  /** For how long and how much is approved; null where the policy does not say. */
  readonly approval: null | { readonly duration: string; readonly until: string; readonly quantities: readonly string[] };
  readonly sources: readonly LetterSource[];
}

/** A row of the worksheet: a criterion, or the words that announce a group. */
export interface WorksheetRow {
  readonly section: string;
  readonly label: string;
  readonly words: string;
  readonly outcome: "met" | "not met" | "not known" | "left to a clinician" | "does not apply";
  readonly group: boolean;
  readonly level: number;
  readonly indent: string;
  /** Reasons, one a line. */
  readonly why: readonly string[];
  readonly record: readonly Answered[];
  readonly lacking: readonly Lacking[];
  readonly notes: readonly string[];
  readonly sources: readonly LetterSource[];
}

export interface WorksheetStatement {
  readonly section: string;
  readonly words: string;
  readonly says: string;
  readonly outcome: WorksheetRow["outcome"];
  /** Why it does not apply, or may not; empty where it does. */
  readonly scope: string;
  readonly rows: readonly WorksheetRow[];
}

export interface Worksheet {
  readonly policy: Letter["policy"];
  readonly case: string;
  readonly date: string;
  readonly determination: DeterminationName;
  readonly reason: string;
  readonly remarks: readonly string[];
  /** As the request has them, codes included. */
  readonly request: { readonly codes: readonly string[]; readonly line: string; readonly pathway: string };
  readonly approval: Letter["approval"];
  readonly statements: readonly WorksheetStatement[];
  readonly missing: readonly Lacking[];
  readonly sources: readonly LetterSource[];
}
