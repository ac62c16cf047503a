// The semantic model: what the names, labels, codes and conditions of a policy mean. Plain data; `analyze.ts` makes it.
import type { Diagnostic } from "../diagnostic.js";
import type * as A from "../syntax/ast.js";
import type { ParseResult } from "../syntax/parse.js";
import type { LineIndex, Range } from "../text.js";
import type { CodeSystem, CombinatorOp, DeterminationName, HeaderKey, StatementKind } from "../vocabulary.js";
import type { Checked } from "./context.js";
import type { Unit } from "./units.js";

// ── Types of facts ────────────────────────────────────────────────────────────────────────────────────────────────────
export interface YesNoType { readonly kind: "yes/no" }
export interface NumberType { readonly kind: "number"; readonly unit: Unit; readonly from?: number | undefined; readonly to?: number | undefined }
export interface DateType { readonly kind: "date" }
export interface TextType { readonly kind: "text" }
export interface ChoiceType { readonly kind: "choice"; readonly choices: readonly string[] }
export interface CodeType { readonly kind: "code"; readonly systems: readonly CodeSystem[] }
export interface ListType { readonly kind: "list"; readonly of: ScalarType }
export interface RecordsType { readonly kind: "records"; readonly fields: readonly FactSymbol[] }
/** A type that could not be read; it fits everything, so that one mistake is reported once. */
export interface UnknownType { readonly kind: "unknown" }
export type ScalarType = YesNoType | NumberType | DateType | TextType | ChoiceType | CodeType | UnknownType;
export type FactType = ScalarType | ListType | RecordsType;

// ── Symbols ───────────────────────────────────────────────────────────────────────────────────────────────────────────
export interface FactSymbol {
  readonly kind: "fact";
  readonly name: string;
  readonly type: FactType;
  question?: string | undefined;
  /** Where a FHIR record holds it, in the order in which they are tried. */
  mappings: readonly FactMapping[];
  node: A.FactDeclaration;
  /** Place among the facts, or among the fields of its record. */
  slot: number;
  /** The list of records that a field belongs to. */
  readonly owner?: string | undefined;
}

/** `from fhir "…"` of a fact; of a field, it starts from the element that is the record. */
export interface FactMapping {
  /** The FHIRPath, without its quotation marks. */
  readonly text: string;
  /** The whole line, and the FHIRPath in it. */
  readonly range: Range;
  readonly textRange: Range;
}

export interface DefinitionSymbol {
  readonly kind: "definition";
  readonly name: string;
  readonly node: A.Definition;
  /** What it stands for; undefined where it could not be read. Filled in when first needed. */
  meaning?: Meaning | undefined;
  /** How large it is with the definitions it uses written out. */
  size?: { readonly parts: number; readonly depth: number } | undefined;
}

/** What an expression means: a condition or a value of a type. */
export type Meaning = { readonly kind: "condition"; readonly condition: Condition } | { readonly kind: "value"; readonly value: Value; readonly type: FactType };

export interface ReferenceSymbol {
  readonly kind: "reference";
  readonly number: number;
  readonly node: A.Reference;
}

/** How the items of a list decide. */
export interface Combination {
  readonly op: CombinatorOp;
  readonly count: number;
  readonly open: boolean;
}

/**
 * A criterion, or an unlabelled group that a clause makes of its items (`unless any of the following:`). Criteria stand in
 * one array in the order of the text, parents first.
 */
export interface CriterionSymbol {
  readonly kind: "criterion";
  index: number;
  readonly role: "criterion" | "condition group" | "exception group" | "waiver group" | "guarded group";
  /** `I.E.2.b`; a group has the address of the criterion it stands in. */
  readonly address: string;
  readonly label: string;
  readonly node: A.Criterion | A.ConditionClause;
  readonly parent?: CriterionSymbol | undefined;
  readonly statement: StatementSymbol;
  readonly depth: number;
  /** Items of its list: labelled criteria and guarded groups. */
  items: readonly CriterionSymbol[];
  combination?: Combination | undefined;
  /** Conditions of `when` lines; all must hold. */
  conditions: readonly Condition[];
  conditionGroups: readonly CriterionSymbol[];
  /** Conditions of `unless` lines; none may hold. */
  exceptions: readonly Condition[];
  exceptionGroups: readonly CriterionSymbol[];
  /** Conditions of `waived when` lines: with one met, the criterion is met without its conditions and items. */
  waivers: readonly Condition[];
  waiverGroups: readonly CriterionSymbol[];
  /** Conditions of `if` lines: where one does not hold, the criterion does not apply. */
  guards: readonly Condition[];
  /** Decided by the reviewer, by address: there is neither condition nor list. */
  attested: boolean;
  /** A limiting statement that has nothing but its scope is met by every request it applies to. */
  scopeOnly: boolean;
  /** "for all other indications": met when no statement of medical necessity is. */
  allOthers: boolean;
  notes: readonly A.NoteClause[];
}

export interface StatementSymbol {
  readonly kind: "statement";
  readonly statement: StatementKind;
  phrase?: A.StatementPhrase | undefined;
  readonly scopes: Scope[];
  /** What an approval by it comes with, where it says so. */
  approval?: ApprovalTerms | undefined;
  /** Index of its criterion. */
  index: number;
  readonly address: string;
}

/** For how long and how much a statement of medical necessity approves. */
export interface ApprovalTerms {
  duration?: ApprovalDuration | undefined;
  readonly quantities: QuantityLimit[];
}

export type TimeUnit = "days" | "weeks" | "months" | "years";

export interface ApprovalDuration {
  readonly value: number;
  readonly unit: TimeUnit;
  /** As written: "6 months". */
  readonly text: string;
  /** Whole calendar months, or days. */
  readonly months?: number | undefined;
  readonly days?: number | undefined;
  readonly node: A.DurationClause;
}

export interface QuantityLimit {
  readonly value: number;
  /** What is counted, in the words of the policy: "syringes". */
  readonly unit: string;
  readonly codes: readonly CodeSet[];
  readonly per?: { readonly value: number; readonly unit: TimeUnit } | undefined;
  /** As written: "2 syringes per 28 days". */
  readonly text: string;
  readonly node: A.QuantityClause;
}

export type Scope =
  | { readonly kind: "codes"; readonly codes: readonly CodeSet[]; readonly node: A.ScopeClause }
  | { readonly kind: "line of business"; readonly values: readonly string[]; readonly node: A.ScopeClause }
  | { readonly kind: "pathway"; readonly values: readonly string[]; readonly node: A.ScopeClause }
  | { readonly kind: "condition"; readonly condition: Condition; readonly node: A.ScopeClause };

/** A code, category or range in a form that is quick to compare: upper case, without dot. */
export interface CodeSet {
  readonly from: string;
  readonly to: string;
  /** Codes below `from` (and `to`) belong to it, as ICD-10-CM subcategories do. */
  readonly descends: boolean;
  readonly text: string;
  readonly system?: CodeSystem | undefined;
}

export interface CodeEntry {
  readonly kind: "code";
  readonly system: CodeSystem;
  readonly code: string;
  readonly set: CodeSet;
  readonly node: A.CodeRow;
  readonly group?: string | undefined;
  readonly description: string;
}

export type SymbolRef =
  | FactSymbol | DefinitionSymbol | CriterionSymbol | ReferenceSymbol | CodeEntry
  /** A code that the policy's table does not list. */
  | { readonly kind: "codeMention"; readonly system?: CodeSystem | undefined; readonly text: string };

/** A place where a symbol is declared or used. */
export interface SymbolUse extends Range {
  readonly symbol: SymbolRef;
  readonly declaration: boolean;
}

// ── Conditions, resolved and typed ────────────────────────────────────────────────────────────────────────────────────
export type CompareOp = A.CompareOp;

/** Numbers are in the unit of the comparison, dates in days since 1970-01-01, choices by index. */
export type Value =
  | { readonly kind: "fact"; readonly fact: FactSymbol }
  /** A field of the record that a filter looks at. */
  | { readonly kind: "field"; readonly fact: FactSymbol }
  /** `written`: as the policy has it, where it was converted to another unit. */
  | { readonly kind: "number"; readonly value: number; readonly unit: Unit; readonly written?: string | undefined }
  | { readonly kind: "day"; readonly day: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "choice"; readonly index: number; readonly text: string }
  | { readonly kind: "date of service" }
  | { readonly kind: "scaled"; readonly value: Value; readonly factor: number; readonly offset: number; readonly unit: Unit }
  | { readonly kind: "arithmetic"; readonly op: "+" | "-" | "*" | "/"; readonly left: Value; readonly right: Value; readonly unit: Unit }
  /** Days from `right` to `left`. */
  | { readonly kind: "days between"; readonly left: Value; readonly right: Value }
  /** A date moved by a length of time; months are calendar months. */
  | { readonly kind: "shift"; readonly date: Value; readonly sign: 1 | -1; readonly length: Length }
  | { readonly kind: "count"; readonly records: RecordSet }
  | { readonly kind: "definition"; readonly definition: DefinitionSymbol; readonly value: Value };

/** A length of time: whole calendar months, or a number of days (which may be computed). */
export type Length = { readonly kind: "months"; readonly months: number } | { readonly kind: "days"; readonly days: Value };

export interface RecordSet {
  readonly list: FactSymbol;
  readonly filter?: Condition | undefined;
}

/** A length of time between two dates that a comparison reckons by the calendar. */
export interface Span {
  /** What it is called: the definition, or the subtraction. */
  readonly value: Value;
  readonly from: Value;
  readonly to: Value;
  /** What it is compared with, as written. */
  readonly lengths: readonly string[];
}

interface Sourced {
  /** The words it comes from. */
  readonly source: Range;
}
export type Condition = Sourced & (
  | { readonly kind: "and" | "or"; readonly operands: readonly Condition[] }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "yes"; readonly value: Value; readonly expected: boolean }
  | { readonly kind: "known"; readonly value: Value; readonly negated: boolean }
  | { readonly kind: "compare"; readonly op: CompareOp; readonly left: Value; readonly right: Value; readonly unit?: Unit | undefined; readonly of: "number" | "day"; readonly span?: Span | undefined }
  | { readonly kind: "between"; readonly value: Value; readonly low: Value; readonly high: Value; readonly unit?: Unit | undefined; readonly of: "number" | "day"; readonly span?: Span | undefined }
  | { readonly kind: "choice"; readonly value: Value; readonly choices: readonly string[]; readonly wanted: readonly number[] }
  | { readonly kind: "text"; readonly value: Value; readonly wanted: readonly string[] }
  | { readonly kind: "code"; readonly value: Value; readonly wanted: readonly CodeSet[] }
  | { readonly kind: "includes"; readonly value: Value; readonly quantifier: "any" | "all"; readonly wanted: readonly CodeSet[] | readonly string[]; readonly of: "code" | "word" }
  | { readonly kind: "quantified"; readonly op: CompareOp | "all"; readonly count: number; readonly records: RecordSet }
  | { readonly kind: "count"; readonly op: CompareOp; readonly count: number; readonly records: RecordSet }
  /** Index of a criterion in `Analysis.criteria`. */
  | { readonly kind: "criterion"; readonly index: number; readonly address: string }
  | { readonly kind: "definition"; readonly definition: DefinitionSymbol; readonly condition: Condition }
);

// ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** A value of a case after checking: numbers in the fact's unit, dates as days, choices by index, codes normalized. */
export type FactValue = number | string | boolean | readonly (number | string)[] | readonly RecordValue[];
export type RecordValue = Readonly<Record<string, number | string | boolean>>;

export type OutcomeName = "met" | "not met" | "unknown";

/** Where an answer of a case comes from: what a reviewer's note must name beside each criterion. */
export interface Evidence {
  /** The document or record: "MRI report", "claims"; of a FHIR mapping, the resource ("Observation/bmi-1"). */
  readonly source: string;
  /** Page, as written: "3", "2-4". */
  readonly page?: string | undefined;
  /** Day of the document or entry, days since 1970-01-01. */
  readonly date?: number | undefined;
  readonly note?: string | undefined;
  /** The record of a list that it is for, counted from 1. */
  readonly record?: number | undefined;
}

export interface CaseExpectations {
  readonly determination?: { readonly value: DeterminationName; readonly range: Range } | undefined;
  readonly by?: { readonly address: string; readonly range: Range } | undefined;
  readonly missing: readonly { readonly name: string; readonly range: Range }[];
  readonly outcomes: readonly { readonly address: string; readonly outcome: OutcomeName; readonly range: Range }[];
}

/** One case, from the policy or from a case file, checked against the policy. Only a sound case is evaluated. */
export interface PolicyCase {
  readonly name: string;
  /** Where the case stands, in the text of `uri`. */
  readonly range: Range;
  readonly nameRange: Range;
  /** The document the case is written in. */
  readonly uri: string;
  /** Date of service, days since 1970-01-01. */
  readonly on: number;
  /** Requested codes, normalized, each behind its system: `CPT 77385`, `ICD-10-CM C690`. */
  readonly codes?: readonly string[] | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
  readonly facts: ReadonlyMap<string, FactValue>;
  /** Where each fact is given. */
  readonly factRanges: ReadonlyMap<string, Range>;
  readonly attested: ReadonlyMap<string, OutcomeName>;
  /** Evidence by the name of a fact or the address of an attested criterion. */
  readonly evidence?: ReadonlyMap<string, readonly Evidence[]> | undefined;
  /** Facts and criteria recorded as unable to obtain, with the reason given (or ""). They count as unknown. */
  readonly unobtainable?: ReadonlyMap<string, string> | undefined;
  readonly expect: CaseExpectations;
  readonly note?: string | undefined;
  /** False where the case has a mistake of its own; then it is not evaluated. */
  readonly sound: boolean;
}

// ── The analysis ──────────────────────────────────────────────────────────────────────────────────────────────────────
export interface HeaderModel {
  readonly number?: string | undefined;
  readonly title?: string | undefined;
  readonly fields: ReadonlyMap<HeaderKey, A.HeaderField>;
}

/** Everything that is known of one version of one text. Immutable; every feature is a function of it. */
export interface Analysis {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly document: A.Document;
  readonly parsed: ParseResult;
  /** What the analysis of the next version may take over. */
  readonly checked: Checked;
  readonly diagnostics: readonly Diagnostic[];
  readonly header: HeaderModel;
  readonly facts: ReadonlyMap<string, FactSymbol>;
  readonly definitions: ReadonlyMap<string, DefinitionSymbol>;
  readonly criteria: readonly CriterionSymbol[];
  readonly byAddress: ReadonlyMap<string, CriterionSymbol>;
  readonly statements: readonly StatementSymbol[];
  readonly references: ReadonlyMap<number, ReferenceSymbol>;
  /** Code entries by code, without dot. */
  readonly codes: ReadonlyMap<string, readonly CodeEntry[]>;
  readonly cases: readonly PolicyCase[];
  /** Declarations and uses in the order of the text. */
  readonly uses: readonly SymbolUse[];
  /** The strict policy, for evaluation; undefined where the policy (not a case of it) has an error. */
  readonly policy?: Policy | undefined;
}

/** A policy without errors. Only this is ever evaluated. */
export interface Policy {
  readonly analysis: Analysis;
  readonly facts: readonly FactSymbol[];
  readonly criteria: readonly CriterionSymbol[];
  readonly statements: readonly StatementSymbol[];
}
