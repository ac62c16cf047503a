// What the server understands beyond the Language Server Protocol: the one file that server and client share. Types and names only.

/** Zero-based line and UTF-16 character. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** Evaluates the cases of a policy or a case file as the editor holds it now, saved or not. Result: `EvaluateResult`. */
export const EVALUATE = "policy/evaluate";

export interface EvaluateParams {
  readonly uri: string;
  /** Only the case that stands here; all cases if left out. */
  readonly at?: Place | undefined;
}

export type OutcomeWord = "met" | "not met" | "unknown" | "not applicable";

/** A criterion of an evaluated case, at its line of the policy. */
export interface CriterionOutcome {
  readonly line: number;
  readonly address: string;
  readonly outcome: OutcomeWord;
  /** One sentence. */
  readonly why: string;
}

export interface EvaluatedCase {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly status: "passed" | "failed" | "not evaluated" | "no expectation";
  readonly determination?: "approve" | "pend" | "refer" | undefined;
  /** A few words to stand behind the case's name: "✓ approve by I.A". */
  readonly summary: string;
  /** Expectations that did not hold, where they stand. */
  readonly failures: readonly { readonly message: string; readonly span: Span }[];
  /** The explanation; or, where the case was not evaluated, why not. Markdown. */
  readonly explanation: string;
  readonly criteria: readonly CriterionOutcome[];
}

export interface EvaluateResult {
  readonly uri: string;
  /** Version of the document that was evaluated; results for another version are stale. */
  readonly version: number;
  /** The policy that the criteria stand in; the document itself for the cases of a policy. */
  readonly policyUri?: string | undefined;
  /** Why nothing could be evaluated, for a person. */
  readonly problem?: string | undefined;
  readonly cases: readonly EvaluatedCase[];
}

/** Lists the cases of a policy or a case file. Result: `CaseItem[]`. */
export const CASES = "policy/cases";

export interface CasesParams {
  readonly uri: string;
}

export interface CaseItem {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

/** Commands that code lenses carry; the client provides them. Arguments: the document's uri, and for one case its `Place`. */
export const EVALUATE_CASE_COMMAND = "policy.evaluateCase";
export const EVALUATE_ALL_COMMAND = "policy.evaluateAll";
