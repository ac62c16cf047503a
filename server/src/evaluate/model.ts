// What an evaluation gives back: the determination of a case and its explanation, as plain data that JSON can carry.
import type { TimeUnit } from "../semantics/model.js";
import type { Range } from "../text.js";
import type { CombinatorOp, DeterminationName, StatementKind } from "../vocabulary.js";

export type { DeterminationName };
export type Outcome = "met" | "not met" | "unknown" | "not applicable";

/** A fact that the evaluation looked at, with its value in words ("17 years"), or without where it is missing. */
export interface FactRead {
  readonly name: string;
  readonly value?: string | undefined;
  readonly question?: string | undefined;
  /** Where the case has its value from. */
  readonly evidence?: readonly EvidenceRead[] | undefined;
  /** It was asked for and could not be obtained; it counts as not known. */
  readonly unobtainable?: Unobtainable | undefined;
}

/** Evidence as an explanation has it: dates in words of the calendar, `2025-04-02`. */
export interface EvidenceRead {
  readonly source: string;
  readonly page?: string | undefined;
  readonly date?: string | undefined;
  readonly note?: string | undefined;
  /** The record of a list that it is for, counted from 1. */
  readonly record?: number | undefined;
}

export interface Unobtainable {
  /** As the case gives it; empty where it gives none. */
  readonly reason: string;
}

/** Something that is not known and could decide the case. */
export interface MissingItem {
  readonly kind: "fact" | "criterion" | "request";
  /** Name of the fact, address of the attested criterion, or `codes`, `line of business`, `pathway`. */
  readonly name: string;
  /** The question to ask for it. */
  readonly question?: string | undefined;
  /** It was asked for and could not be obtained: asking again does not help. */
  readonly unobtainable?: true | undefined;
  /** Why not, where the case says so. */
  readonly reason?: string | undefined;
}

/** A condition with its outcome and the reason in words. */
export interface ConditionTrace {
  readonly outcome: Outcome;
  /** The condition as written. */
  readonly text: string;
  /** "age is 17 years, which is less than 18 years" */
  readonly why: string;
  readonly range: Range;
  readonly parts: readonly ConditionTrace[];
}

/** A criterion, or an unlabelled group of a clause, with its outcome and the reason. */
export interface CriterionTrace {
  readonly role: "criterion" | "condition group" | "exception group" | "waiver group" | "guarded group";
  readonly address: string;
  readonly label: string;
  readonly prose: string;
  readonly outcome: Outcome;
  /** The list is open and nothing on it matched: a clinician decides. */
  readonly leftOpen: boolean;
  /** One sentence. */
  readonly why: string;
  readonly citations: readonly number[];
  readonly range: Range;
  readonly conditions: readonly ConditionTrace[];
  readonly guards: readonly ConditionTrace[];
  readonly exceptions: readonly ConditionTrace[];
  readonly waivers: readonly ConditionTrace[];
  /** How the items decide, where there are any. */
  readonly combination?: { readonly op: CombinatorOp; readonly count: number; readonly open: boolean } | undefined;
  /** What the answer to an attested criterion rests on. */
  readonly evidence?: readonly EvidenceRead[] | undefined;
  /** The answer to an attested criterion could not be obtained. */
  readonly unobtainable?: Unobtainable | undefined;
  /** Facts that its own conditions read and for which the case gives evidence; it stands in `factsRead`. */
  readonly evidenced?: readonly string[] | undefined;
  /** Items of the list and groups of clauses, in the order of the text. */
  readonly items: readonly CriterionTrace[];
  readonly notes: readonly string[];
}

export interface StatementTrace {
  readonly address: string;
  readonly kind: StatementKind;
  /** Whether the statement speaks about this request. */
  readonly applies: Outcome;
  readonly scopes: readonly ConditionTrace[];
  readonly outcome: Outcome;
  readonly criterion: CriterionTrace;
}

/** The policy, and which version of it, that decided. */
export interface PolicyVersion {
  readonly number?: string | undefined;
  readonly title?: string | undefined;
  /** The dates of its header, as written. */
  readonly effective?: string | undefined;
  readonly ends?: string | undefined;
  /** The file or revision, where several were given. */
  readonly source?: string | undefined;
  /** The day that chose the version, `2025-03-01`, where that was not the date of service. */
  readonly asOf?: string | undefined;
}

/** What an approval comes with, as the statement that decided states it. */
export interface Approval {
  readonly duration?: {
    readonly value: number;
    readonly unit: TimeUnit;
    /** "6 months" */
    readonly text: string;
    /** The last day it covers, which is counted from the date of service by the calendar: `2025-12-31`. */
    readonly until: string;
  } | undefined;
  readonly quantities: readonly {
    readonly value: number;
    readonly unit: string;
    /** "2 syringes per 28 days" */
    readonly text: string;
    /** The codes that it limits; of the whole request where there are none. */
    readonly codes?: readonly string[] | undefined;
    readonly per?: { readonly value: number; readonly unit: TimeUnit } | undefined;
  }[];
}

/** The whole explanation of one determination. */
export interface Explanation {
  readonly policy: PolicyVersion;
  readonly case: string;
  /** Date of service, `2025-07-01`. */
  readonly on: string;
  readonly determination: DeterminationName;
  /** One or two sentences: why the case came to this. */
  readonly reason: string;
  /** What else a reader should know of the request: codes that are not valid or not listed, another line of business. */
  readonly remarks: readonly string[];
  /** The statement that decided, where one did. */
  readonly decidedBy?: { readonly address: string; readonly kind: StatementKind } | undefined;
  /** For how long and how much; only of an approval, where its statement says so. */
  readonly approval?: Approval | undefined;
  /** Addresses from the deciding statement down to the criteria that made it met. */
  readonly path: readonly string[];
  readonly statements: readonly StatementTrace[];
  /** Outcome of every labelled criterion by its address. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly factsRead: readonly FactRead[];
  readonly missing: readonly MissingItem[];
  /** References cited along the deciding path. */
  readonly citations: readonly { readonly number: number; readonly text: string }[];
}

/** An expectation of a case that did not hold. */
export interface CaseFailure {
  readonly message: string;
  /** Where the expectation stands, in the document of the case. */
  readonly range: Range;
}

/** A case after evaluation. */
export interface CaseResult {
  readonly name: string;
  readonly uri: string;
  readonly range: Range;
  readonly status: "passed" | "failed" | "not evaluated" | "no expectation";
  readonly failures: readonly CaseFailure[];
  /** Why it was not evaluated. */
  readonly reason?: string | undefined;
  readonly explanation?: Explanation | undefined;
}
