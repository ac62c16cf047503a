// The syntax tree: what stands in a `.policy` text, with the place of everything. It knows no meaning and is never missing.
import type { Range } from "../text.js";
import type { CombinatorOp, HeaderKey, SectionName, StatementKind } from "../vocabulary.js";

/** A word or a stretch of text with its place. */
export interface Word extends Range {
  readonly kind: "word";
  readonly text: string;
}

export interface DateValue extends Range {
  readonly kind: "date";
  readonly text: string;
  /** Days since 1970-01-01 of the date, or of the first day of its month; undefined where no such day exists. */
  readonly day: number | undefined;
  readonly precision: "day" | "month";
}

/** One number or range of numbers of a citation such as `[1-2, 7]`. */
export interface CitedNumber extends Range {
  readonly from: number;
  readonly to: number;
}

export interface Citation extends Range {
  readonly kind: "citation";
  readonly numbers: readonly CitedNumber[];
}

/** "any of the following", as the prose words it. */
export interface Combinator extends Range {
  readonly kind: "combinator";
  readonly op: CombinatorOp;
  /** N of "at least N" and "exactly N"; 0 otherwise. */
  readonly count: number;
  /** The list may be incomplete: no match does not mean not met. */
  readonly open: boolean;
  /** Words that may turn it round or contradict it; a list so announced is not decided by guessing. */
  readonly unclear?: string | undefined;
}

/** A trailing "; or" or "; and". */
export interface Connector extends Range {
  readonly kind: "connector";
  readonly word: "and" | "or";
}

/** Clinical prose as written, with what the language reads out of it. */
export interface Prose extends Range {
  readonly kind: "prose";
  readonly citations: readonly Citation[];
  readonly combinator?: Combinator | undefined;
  readonly connector?: Connector | undefined;
}

export interface Document extends Range {
  readonly kind: "document";
  readonly header?: Header | undefined;
  readonly sections: readonly Section[];
  readonly comments: readonly Range[];
}

export interface Header extends Range {
  readonly kind: "header";
  readonly number?: Word | undefined;
  readonly title?: Word | undefined;
  readonly fields: readonly HeaderField[];
}

export interface HeaderField extends Range {
  readonly kind: "headerField";
  readonly key: Word;
  /** The field it is, where the key is known. */
  readonly name?: HeaderKey | undefined;
  readonly value?: Word | undefined;
  readonly date?: DateValue | undefined;
}

interface SectionBase extends Range {
  readonly heading: Word;
}
export interface TextSection extends SectionBase {
  readonly kind: "text";
  readonly paragraphs: readonly Prose[];
}
export interface FactsSection extends SectionBase {
  readonly kind: "facts";
  readonly facts: readonly FactDeclaration[];
}
export interface DefineSection extends SectionBase {
  readonly kind: "define";
  readonly definitions: readonly Definition[];
}
export interface CriteriaSection extends SectionBase {
  readonly kind: "criteria";
  readonly body: readonly BodyEntry[];
}
export interface NotesSection extends SectionBase {
  readonly kind: "notes";
  readonly notes: readonly FootNote[];
}
export interface CodesSection extends SectionBase {
  readonly kind: "codes";
  readonly rows: readonly (CodeRow | CodeGroup)[];
}
export interface RevisionsSection extends SectionBase {
  readonly kind: "revisions";
  readonly revisions: readonly Revision[];
}
export interface ReferencesSection extends SectionBase {
  readonly kind: "references";
  readonly references: readonly Reference[];
}
export interface CasesSection extends SectionBase {
  readonly kind: "cases";
  readonly cases: readonly Case[];
}
export type Section =
  | TextSection | FactsSection | DefineSection | CriteriaSection | NotesSection | CodesSection | RevisionsSection
  | ReferencesSection | CasesSection;

/** The section kind of a known section name is that name. */
export type KnownSection = Extract<Section, { kind: SectionName }>;

export interface FactDeclaration extends Range {
  readonly kind: "fact";
  readonly name: Word;
  readonly type?: TypeNode | undefined;
  readonly question?: Word | undefined;
  /** Fields of a list of records. */
  readonly fields: readonly FactDeclaration[];
  /** Where a FHIR record holds it, in the order in which the places are tried. */
  readonly mappings: readonly FactMapping[];
}

/** `from fhir "Patient.birthDate"`, below a fact or a field. */
export interface FactMapping extends Range {
  readonly kind: "mapping";
  readonly keyword: Range;
  /** The FHIRPath between the quotation marks. */
  readonly expression?: Word | undefined;
}

export interface TypeNode extends Range {
  readonly kind: "type";
  readonly list: boolean;
  readonly listRange?: Range | undefined;
  readonly of: "yes/no" | "number" | "date" | "text" | "choice" | "code" | "records" | "missing";
  /** The unit as written, for a number with one. */
  readonly unit?: Word | undefined;
  readonly from?: Word | undefined;
  readonly to?: Word | undefined;
  readonly choices: readonly Word[];
  readonly systems: readonly Word[];
}

export interface Definition extends Range {
  readonly kind: "definition";
  readonly name: Word;
  readonly value?: Expr | undefined;
}

export interface Label extends Range {
  readonly kind: "label";
  /** As written, such as `A.`, `(a)`, `1)`, `-`. */
  readonly text: string;
  /** The segment of the address: `A`, `a`, `1`; for a bullet the empty string. */
  readonly segment: string;
}

export interface Criterion extends Range {
  readonly kind: "criterion";
  readonly label?: Label | undefined;
  readonly prose?: Prose | undefined;
  readonly body: readonly BodyEntry[];
}

export interface ConditionClause extends Range {
  readonly kind: "when" | "unless" | "waived" | "if";
  readonly keyword: Range;
  readonly condition?: Expr | undefined;
  readonly combinator?: Combinator | undefined;
  /** It stands behind the prose, on its line: "is investigational when criterion I is not met". */
  readonly inline?: true | undefined;
  /** Citations behind a condition that ends a statement's prose. */
  readonly citations: readonly Citation[];
  /** Items of a combinator phrase. */
  readonly body: readonly BodyEntry[];
}

export interface NoteClause extends Range {
  readonly kind: "note";
  readonly keyword: Range;
  readonly prose?: Prose | undefined;
}

export interface ScopeClause extends Range {
  readonly kind: "scope";
  readonly keyword: Range;
  readonly subject?: Word | undefined;
  /** Codes, lines of business or pathways, as written. */
  readonly codes: readonly CodePattern[];
  readonly words: readonly Word[];
  /** For a scope by age or another fact. */
  readonly condition?: Expr | undefined;
}

/** `approval duration 6 months`, in a statement. */
export interface DurationClause extends Range {
  readonly kind: "approvalDuration";
  readonly keyword: Range;
  /** Undefined where what follows the keyword is no length of time; the parser has said so. */
  readonly length?: Quantity | undefined;
}

/** `quantity limit 12 units of HCPCS J0717 per 28 days`, in a statement. */
export interface QuantityClause extends Range {
  readonly kind: "quantityLimit";
  readonly keyword: Range;
  /** Its unit is what is counted, in the words of the policy. */
  readonly amount?: Quantity | undefined;
  readonly codes: readonly CodePattern[];
  /** `per 28 days`; of `per month` the figure is 1 and not written. */
  readonly per?: Quantity | undefined;
}

export type BodyEntry = Criterion | ConditionClause | NoteClause | ScopeClause | DurationClause | QuantityClause;

export interface FootNote extends Range {
  readonly kind: "footNote";
  /** `*`, `†`, `‡`, `**`, or undefined for a general note. */
  readonly mark?: Word | undefined;
  readonly prose?: Prose | undefined;
}

export interface CodeGroup extends Range {
  readonly kind: "codeGroup";
  readonly title: Word;
}

export interface CodeRow extends Range {
  readonly kind: "codeRow";
  readonly system: Word;
  readonly code?: CodePattern | undefined;
  readonly mark?: Word | undefined;
  readonly description?: Prose | undefined;
  readonly effective?: DateValue | undefined;
  readonly ended?: DateValue | undefined;
  readonly replacedBy: readonly CodePattern[];
  readonly appliesTo: readonly AddressRef[];
}

export interface Revision extends Range {
  readonly kind: "revision";
  readonly revised?: DateValue | undefined;
  readonly approved?: DateValue | undefined;
  readonly effective?: DateValue | undefined;
  readonly prose?: Prose | undefined;
}

export interface Reference extends Range {
  readonly kind: "reference";
  readonly label: Word;
  readonly number: number;
  readonly prose?: Prose | undefined;
}

export interface Case extends Range {
  readonly kind: "case";
  readonly name?: Word | undefined;
  readonly entries: readonly CaseEntry[];
}
export interface CaseDate extends Range {
  readonly kind: "on";
  readonly date?: DateValue | undefined;
}
export interface CaseCodes extends Range {
  readonly kind: "caseCodes";
  readonly codes: readonly CodePattern[];
}
export interface CaseLineOfBusiness extends Range {
  readonly kind: "lineOfBusiness";
  readonly value?: Word | undefined;
}
export interface CasePathway extends Range {
  readonly kind: "pathway";
  readonly value?: Word | undefined;
}
export interface CaseFact extends Range {
  readonly kind: "caseFact";
  readonly name: Word;
  readonly values: readonly CaseValue[];
  readonly records: readonly CaseRecord[];
  readonly unobtainable?: Unobtainable | undefined;
  readonly evidence: readonly CaseEvidence[];
}
export interface CaseRecord extends Range {
  readonly kind: "caseRecord";
  readonly fields: readonly CaseFact[];
  readonly evidence: readonly CaseEvidence[];
}
export interface CaseAttestation extends Range {
  readonly kind: "attestation";
  readonly address: AddressRef;
  readonly outcome?: OutcomeWord | undefined;
  readonly unobtainable?: Unobtainable | undefined;
  readonly evidence: readonly CaseEvidence[];
}
/** `evidence MRI report, page 3, 2025-03-01, note …` below what it is evidence for. */
export interface CaseEvidence extends Range {
  readonly kind: "evidence";
  readonly keyword: Range;
  readonly source?: Word | undefined;
  readonly page?: Word | undefined;
  readonly date?: DateValue | undefined;
  readonly note?: Word | undefined;
}
/** `unable to obtain` in place of a value, with the reason behind it. */
export interface Unobtainable extends Range {
  readonly kind: "unobtainable";
  readonly reason?: Word | undefined;
}
export interface CaseNote extends Range {
  readonly kind: "caseNote";
  readonly prose?: Prose | undefined;
}
export interface CaseExpectation extends Range {
  readonly kind: "expect";
  readonly determination?: Word | undefined;
  readonly by?: AddressRef | undefined;
  readonly missing: readonly Word[];
  /** `expect I.B not met` */
  readonly address?: AddressRef | undefined;
  readonly outcome?: OutcomeWord | undefined;
}
export interface OutcomeWord extends Range {
  readonly kind: "outcome";
  readonly outcome: "met" | "not met" | "unknown";
}
export type CaseEntry = CaseDate | CaseCodes | CaseLineOfBusiness | CasePathway | CaseFact | CaseAttestation | CaseNote | CaseExpectation;
export type CaseValue = Quantity | DateLiteral | TextLiteral | CodePattern | Name;

/** An address such as `I.E.2.b`. */
export interface AddressRef extends Range {
  readonly kind: "address";
  readonly text: string;
}

/** A code, a category `C69.-` or a range `C70.0-C72.9`, optionally with its system before it. */
export interface CodePattern extends Range {
  readonly kind: "code";
  readonly system?: Word | undefined;
  readonly from: string;
  /** Upper end of a range. */
  readonly to?: string | undefined;
  /** Written with `.-`: the code and all below it. */
  readonly category: boolean;
}

// Conditions and values
export type CompareOp = "<" | "<=" | ">" | ">=" | "=" | "!=";
export interface Logic extends Range { readonly kind: "and" | "or"; readonly operands: readonly Expr[] }
export interface Not extends Range { readonly kind: "not"; readonly operand: Expr }
export interface Compare extends Range { readonly kind: "compare"; readonly op: CompareOp; readonly opRange: Range; readonly left: Expr; readonly right: Expr }
export interface Between extends Range { readonly kind: "between"; readonly negated: boolean; readonly operand: Expr; readonly low: Expr; readonly high: Expr }
export interface Is extends Range { readonly kind: "is"; readonly negated: boolean; readonly operand: Expr; readonly value: Expr }
export interface IsKnown extends Range { readonly kind: "isKnown"; readonly negated: boolean; readonly operand: Expr }
export interface In extends Range { readonly kind: "in"; readonly negated: boolean; readonly operand: Expr; readonly values: readonly Expr[] }
export interface Include extends Range { readonly kind: "include"; readonly negated: boolean; readonly quantifier: "any" | "all"; readonly operand: Expr; readonly values: readonly Expr[] }
/** `d within the past 6 months`, `d within 30 days after e`. */
export interface Within extends Range { readonly kind: "within"; readonly negated: boolean; readonly operand?: Expr | undefined; readonly length: Expr; readonly relation: "past" | "before" | "after" | "of"; readonly anchor?: Expr | undefined }
/** `d at least 6 weeks before e`. */
export interface Distance extends Range { readonly kind: "distance"; readonly operand: Expr; readonly op: CompareOp; readonly length: Expr; readonly relation: "before" | "after"; readonly anchor: Expr }
/** `at least 2 of therapies where …`; `all` means every record matches. */
export interface Quantified extends Range { readonly kind: "quantified"; readonly op: CompareOp | "all"; readonly count: number; readonly list: Name; readonly filter?: Expr | undefined }
export interface Count extends Range { readonly kind: "count"; readonly list: Name; readonly filter?: Expr | undefined }
export interface CriterionRef extends Range { readonly kind: "criterionRef"; readonly address: AddressRef; readonly negated: boolean }
export interface Arithmetic extends Range { readonly kind: "arithmetic"; readonly op: "+" | "-" | "*" | "/"; readonly left: Expr; readonly right: Expr }
export interface Quantity extends Range { readonly kind: "quantity"; readonly value: number; readonly text: string; readonly unit?: Word | undefined }
export interface DateLiteral extends Range { readonly kind: "dateLiteral"; readonly date: DateValue }
export interface TextLiteral extends Range { readonly kind: "textLiteral"; readonly text: string }
export interface DateOfService extends Range { readonly kind: "dateOfService" }
/** A fact, field, definition or choice; multi-word forms do not exist. */
export interface Name extends Range { readonly kind: "name"; readonly text: string }
/** Where the parser found nothing to read; it has already said so. */
export interface Missing extends Range { readonly kind: "missing" }

export type Expr =
  | Logic | Not | Compare | Between | Is | IsKnown | In | Include | Within | Distance | Quantified | Count | CriterionRef
  | Arithmetic | Quantity | DateLiteral | TextLiteral | CodePattern | DateOfService | Name | Missing;

export type Node =
  | Word | DateValue | Citation | Combinator | Connector | Prose | Document | Header | HeaderField | Section | FactDeclaration
  | FactMapping | TypeNode | Definition | Label | BodyEntry | FootNote | CodeGroup | CodeRow | Revision | Reference | Case | CaseEntry
  | CaseRecord | CaseEvidence | Unobtainable | OutcomeWord | AddressRef | CodePattern | Expr;

/** What prose says when a statement is met; computed from the words, see `STATEMENT_PHRASES`. */
export interface StatementPhrase extends Range {
  readonly kind: StatementKind;
  /** Words that leave open which way the sentence goes. */
  readonly unclear?: string | undefined;
}

const present = (...nodes: readonly (Node | undefined)[]): Node[] => nodes.filter((node): node is Node => node !== undefined);

/** The children of a node in the order of the text. Declared once; all generic walking uses it. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case "word": case "date": case "citation": case "combinator": case "connector": case "label": case "address": case "outcome":
    case "textLiteral": case "dateOfService": case "name": case "missing":
      return [];
    case "document": return present(node.header, ...node.sections);
    case "header": return present(node.number, node.title, ...node.fields);
    case "headerField": return present(node.key, node.date ?? node.value);
    case "text": return [node.heading, ...node.paragraphs];
    case "facts": return [node.heading, ...node.facts];
    case "define": return [node.heading, ...node.definitions];
    case "criteria": return [node.heading, ...node.body];
    case "notes": return [node.heading, ...node.notes];
    case "codes": return [node.heading, ...node.rows];
    case "revisions": return [node.heading, ...node.revisions];
    case "references": return [node.heading, ...node.references];
    case "cases": return [node.heading, ...node.cases];
    case "prose": return ordered(present(...node.citations, node.combinator, node.connector));
    case "fact": return [...present(node.name, node.type, node.question), ...ordered([...node.fields, ...node.mappings])];
    case "mapping": return present(node.expression);
    case "type": return ordered(present(node.unit, node.from, node.to, ...node.choices, ...node.systems));
    case "definition": return present(node.name, node.value);
    case "criterion": return present(node.label, node.prose, ...node.body);
    case "when": case "unless": case "waived": case "if": return present(node.condition, node.combinator, ...node.citations, ...node.body);
    case "note": return present(node.prose);
    case "scope": return ordered(present(node.subject, ...node.codes, ...node.words, node.condition));
    case "approvalDuration": return present(node.length);
    case "quantityLimit": return ordered(present(node.amount, ...node.codes, node.per));
    case "footNote": return present(node.mark, node.prose);
    case "codeGroup": return [node.title];
    case "codeRow":
      return ordered(present(node.system, node.code, node.mark, node.description, node.effective, node.ended, ...node.replacedBy, ...node.appliesTo));
    case "revision": return ordered(present(node.revised, node.approved, node.effective, node.prose));
    case "reference": return present(node.label, node.prose);
    case "case": return present(node.name, ...node.entries);
    case "on": return present(node.date);
    case "caseCodes": return node.codes;
    case "lineOfBusiness": case "pathway": return present(node.value);
    case "caseFact": return present(node.name, ...node.values, node.unobtainable, ...node.evidence, ...node.records);
    case "caseRecord": return node.evidence.length === 0 ? node.fields : [...node.fields, ...node.evidence];
    case "attestation": return present(node.address, node.outcome, node.unobtainable, ...node.evidence);
    case "evidence": return ordered(present(node.source, node.page, node.date, node.note));
    case "unobtainable": return present(node.reason);
    case "caseNote": return present(node.prose);
    case "expect": return ordered(present(node.determination, node.by, ...node.missing, node.address, node.outcome));
    case "code": return present(node.system);
    case "and": case "or": return node.operands;
    case "not": return [node.operand];
    case "compare": case "arithmetic": return [node.left, node.right];
    case "between": return [node.operand, node.low, node.high];
    case "is": return [node.operand, node.value];
    case "isKnown": return [node.operand];
    case "in": case "include": return [node.operand, ...node.values];
    case "within": return present(node.operand, node.length, node.anchor);
    case "distance": return [node.operand, node.length, node.anchor];
    case "quantified": case "count": return present(node.list, node.filter);
    case "criterionRef": return [node.address];
    case "quantity": return present(node.unit);
    case "dateLiteral": return [node.date];
  }
}

const ordered = (nodes: Node[]): Node[] => nodes.sort((a, b) => a.start - b.start);
