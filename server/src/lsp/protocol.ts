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
  readonly determination?: "approve" | "pend" | "refer" | "no statement applies" | undefined;
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

/** The page of a lint rule as Markdown. Parameter: `LintPageParams`; result: the text, or null where there is no such lint rule. */
export const LINT_PAGE = "policy/lintPage";

export interface LintPageParams {
  readonly id: string;
}

/** Edits that suppress a finding with a reason. Result: `SuppressEdit[]`, empty where the finding is gone. */
export const SUPPRESS = "policy/suppress";

export interface SuppressParams {
  readonly uri: string;
  readonly code: string;
  readonly at: Place;
  readonly reason: string;
}

export interface SuppressEdit {
  readonly range: Span;
  readonly newText: string;
}

/** Scheme of the virtual documents in which the client shows the pages of lint rules: `clinical-policy-docs:/duplicate-criterion.md`. */
export const DOCS_SCHEME = "clinical-policy-docs";

/** Commands that code actions carry; a client that provides them says so by `initializationOptions.commands`. Arguments: `SuppressParams` without its reason; `LintPageParams`. */
export const SUPPRESS_COMMAND = "policy.suppressFinding";
export const EXPLAIN_COMMAND = "policy.explainLintRule";

// ── The views for reviewers ───────────────────────────────────────────────────────────────────────────────────────────
/** The explanation of a case as the view shows it, with changes made to the case ("what if"). Result: `ExplanationResult`. */
export const EXPLANATION = "policy/explanation";
/** The same as Markdown. Parameters as for `EXPLANATION`; result: a text, empty where there is none. */
export const EXPLANATION_MARKDOWN = "policy/explanationMarkdown";
/** The edit that saves a changed case under a name, with today's outcome as what it expects. Result: `SaveCaseResult`, or null. */
export const SAVE_CASE = "policy/saveCase";

/** What could still decide the case of an explanation, and how near it is to approval. Parameters as for `EXPLANATION`; result: `AdviceSection[]`. */
export const ADVICE = "policy/advice";

export interface AdviceSection {
  readonly title: string;
  readonly blocks: readonly (
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "list"; readonly items: readonly (readonly string[])[]; readonly numbered: boolean }
  )[];
}

export interface CaseRef {
  /** The document the case stands in. */
  readonly uri: string;
  /** Undefined for a case that is begun anew. */
  readonly name?: string | undefined;
  /** Where it was last seen, should its name have changed. */
  readonly at?: Place | undefined;
}

/** A value as a person writes it; for a list of records one entry for each; null where it is not known. */
export type GivenValue = string | readonly Readonly<Record<string, string>>[] | null;

/** What is to be other than in the case; null takes away what the case gives. */
export interface CaseChanges {
  readonly on?: string | undefined;
  readonly codes?: string | null | undefined;
  readonly lineOfBusiness?: string | null | undefined;
  readonly pathway?: string | null | undefined;
  readonly facts?: Readonly<Record<string, GivenValue>> | undefined;
  readonly criteria?: Readonly<Record<string, "met" | "not met" | "unknown" | null>> | undefined;
}

export interface ExplanationParams {
  /** The policy. */
  readonly uri: string;
  readonly case?: CaseRef | undefined;
  readonly changes?: CaseChanges | undefined;
}

export interface SaveCaseParams extends ExplanationParams {
  readonly name: string;
}

export interface SaveCaseResult {
  readonly uri: string;
  readonly range: Span;
  readonly newText: string;
  /** What the case expects, in the new text: for the writer to look at. */
  readonly select: Span;
}

/** A stretch of a document. */
export interface Source {
  readonly uri: string;
  readonly span: Span;
}

export interface ExplanationNode {
  readonly id: string;
  readonly address: string;
  readonly label: string;
  readonly prose: string;
  readonly outcome: OutcomeWord;
  /** Its outcome without the changes, where that is another. */
  readonly before?: OutcomeWord | undefined;
  readonly leftOpen: boolean;
  readonly deciding: boolean;
  readonly combination?: string | undefined;
  readonly why: readonly string[];
  readonly facts: readonly string[];
  readonly citations: readonly number[];
  readonly notes: readonly string[];
  /** What the answer to an attested criterion rests on. */
  readonly evidence: readonly string[];
  /** Its words in the policy. */
  readonly span: Span;
  /** First and last line of all of it. */
  readonly lines: readonly [number, number];
  readonly items: readonly ExplanationNode[];
}

/** How a value is asked for. */
export interface FactInput {
  readonly kind: "yes/no" | "number" | "date" | "text" | "choice" | "code" | "records";
  readonly list: boolean;
  readonly unit?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly systems?: readonly string[] | undefined;
  readonly fields?: readonly { readonly name: string; readonly question?: string | undefined; readonly input: FactInput }[] | undefined;
}

export interface ExplanationFact {
  readonly name: string;
  readonly question?: string | undefined;
  readonly input: FactInput;
  readonly value?: string | undefined;
  readonly records?: readonly Readonly<Record<string, string>>[] | undefined;
  /** Where its value comes from. */
  readonly evidence: readonly string[];
  /** It could not be obtained; the reason, or "". */
  readonly unobtainable?: string | undefined;
  readonly declared: Source;
  /** Where the case gives it. */
  readonly given?: Source | undefined;
}

export interface ExplanationAnswer {
  readonly address: string;
  readonly prose: string;
  readonly outcome?: "met" | "not met" | "unknown" | undefined;
  readonly evidence: readonly string[];
  readonly source: Source;
}

export interface ChangeProblem {
  readonly kind: "fact" | "criterion" | "request";
  readonly name: string;
  readonly message: string;
  readonly help?: string | undefined;
}

export interface Explained {
  readonly policy: string;
  readonly case: string;
  readonly caseSource?: Source | undefined;
  readonly on: string;
  readonly determination: "approve" | "pend" | "refer" | "no statement applies";
  /** The determination without the changes, where that is another. */
  readonly before?: "approve" | "pend" | "refer" | "no statement applies" | undefined;
  readonly meaning: string;
  readonly reason: string;
  readonly decidedBy?: { readonly address: string; readonly words: string; readonly source: Source } | undefined;
  /** For how long and how much an approval is. */
  readonly approval: readonly { readonly name: string; readonly words: string }[];
  readonly remarks: readonly string[];
  readonly failures: readonly { readonly message: string; readonly source: Source }[];
  readonly missing: readonly { readonly kind: "fact" | "criterion" | "request"; readonly name: string; readonly words: string; readonly question?: string | undefined; readonly unobtainable?: true | undefined; readonly reason?: string | undefined }[];
  readonly statements: readonly ExplanationNode[];
  readonly citations: readonly { readonly number: number; readonly text: string; readonly source?: Source | undefined }[];
  readonly request: { readonly codes?: string | undefined; readonly lineOfBusiness?: string | undefined; readonly pathway?: string | undefined };
  readonly facts: readonly ExplanationFact[];
  readonly answers: readonly ExplanationAnswer[];
  readonly note?: string | undefined;
  /** Words that a request may use. */
  readonly linesOfBusiness: readonly string[];
  readonly pathways: readonly string[];
}

export interface ExplanationResult {
  readonly uri: string;
  /** Why nothing could be explained, for a person. */
  readonly problem?: string | undefined;
  /** The cases there are: the policy's own and those of the files beside it. */
  readonly cases: readonly (CaseRef & { readonly file: string })[];
  /** The case that is explained. */
  readonly shown?: CaseRef | undefined;
  readonly explained?: Explained | undefined;
  /** Changes that could not be made. */
  readonly problems: readonly ChangeProblem[];
}

/** The policy as the published document, in blocks. Result: `PreviewResult`, or null for another document. */
export const PREVIEW = "policy/preview";
/** The whole page, to be saved or printed. Parameters as for `PREVIEW`; result: a text, or null. */
export const PREVIEW_PAGE = "policy/previewPage";

export interface PreviewParams {
  readonly uri: string;
  /** Show the conditions beside the words. */
  readonly conditions: boolean;
}

export interface PreviewResult {
  readonly title: string;
  readonly style: string;
  /** Lines in `data-line` attributes count from the block's first line. */
  readonly blocks: readonly { readonly line: number; readonly html: string }[];
}

/** The criteria as a tree diagram. Result: `DiagramResult`, or null for another document. */
export const DIAGRAM = "policy/diagram";

export interface DiagramParams {
  readonly uri: string;
  readonly case?: CaseRef | undefined;
  /** Addresses of criteria that are opened though the diagram is large. */
  readonly opened: readonly string[];
  /** Only this statement. */
  readonly statement?: string | undefined;
  /** With its colours written out, to stand by itself. */
  readonly standalone?: boolean | undefined;
}

export interface DiagramResult {
  readonly title: string;
  readonly style: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** What the reader should know: that levels are folded, or why no case is shown. */
  readonly note?: string | undefined;
  readonly cases: readonly (CaseRef & { readonly file: string })[];
  readonly statements: readonly { readonly address: string; readonly words: string }[];
}

// ── The Test Explorer, the status bar, new policies and new cases ─────────────────────────────────────────────────────
/** What files hold, told cheaply from their text. Parameters: `TestFilesParams`; result: `TestFile[]`, one for each file that can be read. */
export const TEST_FILES = "policy/testFiles";

export interface TestFilesParams {
  readonly uris: readonly string[];
}

export interface TestFile {
  readonly uri: string;
  readonly kind: "policy" | "cases";
  /** Number and title of a policy. */
  readonly title?: string | undefined;
  /** The policy of a case file, where there is one. */
  readonly policyUri?: string | undefined;
  /** Whether a policy has a section of cases. */
  readonly hasCases: boolean;
}

/** The cases of one text, open or not. Parameters: `TestsParams`; result: `TestList`, or null where the text cannot be read. */
export const TESTS = "policy/tests";

export interface TestsParams {
  readonly uri: string;
}

/** Why something cannot be evaluated, at its place. */
export interface TestProblem {
  readonly message: string;
  readonly uri: string;
  readonly span: Span;
}

export interface TestCase {
  /** The name; a name that stands twice has a number behind it. */
  readonly id: string;
  readonly name: string;
  readonly on: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface TestList {
  readonly uri: string;
  readonly title?: string | undefined;
  readonly cases: readonly TestCase[];
  /** The first error of the text or of its policy that keeps all its cases from being evaluated. */
  readonly problem?: TestProblem | undefined;
}

/** Runs cases of one policy. Parameters: `RunTestsParams`; result: `RunTestsResult`. */
export const RUN_TESTS = "policy/runTests";

export interface RunTestsParams {
  readonly policyUri: string;
  /** The texts the cases stand in; all cases of a text, or those of these ids. */
  readonly texts: readonly { readonly uri: string; readonly ids?: readonly string[] | undefined }[];
  readonly coverage: boolean;
}

export interface TestOutcome {
  readonly uri: string;
  readonly id: string;
  readonly name: string;
  readonly status: "passed" | "failed" | "not evaluated" | "no expectation";
  readonly nameSpan: Span;
  /** A few words: "✓ approve by I.A". */
  readonly summary: string;
  /** Expectations that did not hold, each with what was expected and what came: `approve`, `refer`. */
  readonly failures: readonly { readonly message: string; readonly span: Span; readonly expected: string; readonly actual: string }[];
  /** The explanation with the deciding path open: Markdown, and text for a terminal. */
  readonly explanation: string;
  readonly output: string;
  readonly milliseconds: number;
  /** Why it was not evaluated. */
  readonly problem?: TestProblem | undefined;
}

export interface CoverageTally {
  readonly covered: number;
  readonly total: number;
}

export interface RunTestsResult {
  readonly cases: readonly TestOutcome[];
  readonly problem?: TestProblem | undefined;
  /** Figures of the coverage; the details are asked for by its number. */
  readonly coverage?: { readonly id: number; readonly criteria: CoverageTally; readonly branches: CoverageTally; readonly conditions: CoverageTally } | undefined;
}

/** The details of a coverage, of all cases of the run or of one. Parameters: `CoverageParams`; result: `CoverageDetails`, or null where it is forgotten. */
export const COVERAGE = "policy/coverage";

export interface CoverageParams {
  readonly id: number;
  readonly case?: { readonly uri: string; readonly id: string } | undefined;
}

export interface CoverageDetails {
  readonly criteria: readonly CoveredCriterion[];
  readonly conditions: readonly CoveredCondition[];
}

/** A single condition of a decision, by modified condition/decision coverage. */
export interface CoveredCondition {
  readonly address: string;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** Cases in which it decides by being met, and by being not met. */
  readonly met: number;
  readonly notMet: number;
  /** Cases show both, with opposite outcomes of the decision. */
  readonly covered: boolean;
  /** What no case shows yet; empty where it is covered. */
  readonly lacking: string;
}

export interface CoveredCriterion {
  readonly address: string;
  readonly span: Span;
  /** How many cases decided it. */
  readonly decided: number;
  readonly branches: readonly { readonly branch: string; readonly cases: number }[];
}

/** What the status bar says of a policy or of a case file's policy. Parameters: `StatusParams`; result: `StatusResult`, or null for another document. */
export const STATUS = "policy/status";

export interface StatusParams {
  readonly uri: string;
}

export interface StatusResult {
  readonly policyUri: string;
  readonly number?: string | undefined;
  readonly title?: string | undefined;
  readonly effective?: string | undefined;
  readonly ends?: string | undefined;
  /** Whether a request of today falls under the policy; undefined where the header has no date. */
  readonly inForce?: "today" | "later" | "no longer" | undefined;
  readonly errors: number;
  /** Where the header stands, to go to. */
  readonly header: Span;
  readonly cases: { readonly passed: number; readonly failed: number; readonly notEvaluated: number; readonly total: number };
}

/** The text of a new policy. Parameters: `NewPolicyParams`; result: `NewPolicyResult`. Answers may come one by one, to be checked. */
export const NEW_POLICY = "policy/newPolicy";

export interface NewPolicyParams {
  readonly number?: string | undefined;
  readonly title?: string | undefined;
  readonly plan?: string | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly effective?: string | undefined;
}

export interface NewPolicyResult {
  /** What is wrong with an answer, by its name. */
  readonly problems: Readonly<Record<string, string>>;
  /** Once number, title and date are given and nothing is wrong. */
  readonly text?: string | undefined;
  readonly fileName?: string | undefined;
}

/** A case to be filled in, as a snippet. Parameters: `NewCaseParams`; result: `NewCaseResult`, or null for a document that holds no cases. */
export const NEW_CASE = "policy/newCase";

export interface NewCaseParams {
  readonly uri: string;
  readonly name?: string | undefined;
  readonly on?: string | undefined;
}

export interface NewCaseResult {
  readonly problems: Readonly<Record<string, string>>;
  /** The date of service to propose. */
  readonly proposed: string;
  /** Once both answers are given and nothing is wrong: a snippet that takes the place of `span`. */
  readonly edit?: { readonly span: Span; readonly snippet: string } | undefined;
}

/** The command of the lens that says how often a name is used. Arguments: the document's uri and the `Place` of the name. */
export const SHOW_REFERENCES_COMMAND = "policy.showReferences";

// ── Refactoring ───────────────────────────────────────────────────────────────────────────────────────────────────────
/** Command that a refactoring carries whose name is to be typed over; the client provides it. Arguments: the document's uri, a `Place`. */
export const RENAME_AT_COMMAND = "policy.renameAt";

/** The command that runs all cases of a policy, those of its case files among them; the client provides it. Argument: the policy's uri. */
export const RUN_ALL_COMMAND = "policy.runTests";

// ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
// Requests of the server to the editor: files of places that only the editor reaches, and all files where the server is a web worker.

/** The text of a file. Parameters: `ReadFileParams`; result: the text, or null where there is none or it is larger than the limit. */
export const READ_FILE = "policy/readFile";

/** The names of the files and folders in a folder, sorted. Parameters: `FileParams`; result: `string[]`, empty where it cannot be read. */
export const FILES_IN = "policy/filesIn";

/** The uris of the files below a folder. Parameters: `FilesBelowParams`; result: `string[]`. Hidden folders and `node_modules` are left out. */
export const FILES_BELOW = "policy/filesBelow";

/** Whether there is a file or folder. Parameters: `FileParams`; result: boolean. */
export const FILE_EXISTS = "policy/fileExists";

/** A data file that comes with the extension. Parameters: `DataFileParams`; result: `Uint8Array`, or null. Only a web worker asks for it. */
export const DATA_FILE = "policy/dataFile";

export interface FileParams {
  readonly uri: string;
}

export interface ReadFileParams extends FileParams {
  /** Bytes above which it is not read. */
  readonly limit: number;
}

export interface FilesBelowParams extends FileParams {
  readonly endings: readonly string[];
  readonly limit: number;
}

export interface DataFileParams {
  readonly name: string;
}

// ── Letters ───────────────────────────────────────────────────────────────────────────────────────────────────────────
/** A letter or the worksheet for a case. Parameters: `LetterParams`; result: `LetterResult`, or null for another document. */
export const LETTER = "policy/letter";

export type LetterText = "member" | "provider" | "worksheet";

export interface LetterParams {
  /** The policy. */
  readonly uri: string;
  /** Without a case, only the cases are listed. */
  readonly case?: CaseRef | undefined;
  /** Who reads the letter, or the worksheet. */
  readonly text: LetterText;
}

export interface LetterResult {
  readonly cases: readonly (CaseRef & { readonly file: string })[];
  readonly markdown?: string | undefined;
  /** Why there is no text. */
  readonly problem?: string | undefined;
  /** What its writer should look at. */
  readonly remarks: readonly string[];
}

// ── Generated cases ───────────────────────────────────────────────────────────────────────────────────────────────────
/** Proposes cases for what those of a policy do not reach. Parameters: `GenerateCasesParams`; result: `GenerateCasesResult`, or null for a document that is no policy. */
export const GENERATE_CASES = "policy/generateCases";

export interface GenerateCasesParams {
  readonly uri: string;
}

export interface GenerateCasesResult {
  /** The version of the text that the edit is for. */
  readonly version: number;
  /** Not there where there is nothing to propose. */
  readonly edit?: { readonly span: Span; readonly text: string } | undefined;
  readonly count: number;
  /** What came of it, or why nothing could be proposed. */
  readonly message: string;
}
