// What the tool has to say about a text: the shape of a diagnostic and the one table of diagnostic codes.
import type { LineIndex, Range } from "./text.js";

export type Severity = "error" | "warning" | "info" | "hint";

/** A finding at a place, with what is wrong and why in `message` and what to do in `help`. */
export interface Diagnostic extends Range {
  /** A `DiagnosticCode` of the language, or the id of a lint rule. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly help?: string | undefined;
  /** Other places that explain the finding. */
  readonly related?: readonly RelatedPlace[] | undefined;
  /** The text that would mend it at this very range, where one is certain enough to offer. */
  readonly replacement?: string | undefined;
  /** Edits that mend it, where they are more than a replacement of this range. */
  readonly fix?: Fix | undefined;
}

/** A replacement of a stretch of the text. */
export interface Edit extends Range {
  readonly text: string;
}

/** A text after edits, which do not overlap. Of insertions at one place, the first comes first. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Edits that mend a finding; they do not overlap. */
export interface Fix {
  /** What the edits do, in the imperative: "Remove the second reference". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The meaning of the policy stays the same, so that `policy lint --fix` applies it without being asked twice. */
  readonly safe: boolean;
}

/** Those fixes that can be made together, each as a whole or not at all: of two that touch the same place, the first. */
export function fixesTogether<F extends Fix>(fixes: readonly F[]): readonly F[] {
  const taken: Edit[] = [];
  return fixes.filter(({ edits }) => {
    if (edits.length === 0 || edits.some((edit) => taken.some((other) => meet(edit, other)))) return false;
    taken.push(...edits);
    return true;
  });
}

/** Two insertions at one place meet, because their order is not known; stretches that only adjoin do not. */
const meet = (a: Edit, b: Edit): boolean => (a.start < b.end && b.start < a.end) || a.start === b.start;

/** The fix of a finding; that of a replacement is a guess at what was meant, so it is not safe. */
export function fixOf(found: Diagnostic): Fix | undefined {
  if (found.fix !== undefined || found.replacement === undefined) return found.fix;
  const title = found.replacement === "" ? "Remove it" : `Change to \`${found.replacement}\``;
  return { title, edits: [{ start: found.start, end: found.end, text: found.replacement }], safe: false };
}

export interface RelatedPlace extends Range {
  readonly message: string;
  /** The file it stands in, where that is another one. */
  readonly file?: { readonly uri: string; readonly lines: LineIndex } | undefined;
}

/**
 * Every diagnostic of the language itself, with its severity and what it means. The codes are stable: they appear in the
 * editor, in JSON output and in `docs/diagnostics.md`, which is generated from this table.
 */
export const DIAGNOSTICS = {
  // Layout and syntax
  "tab-indentation": ["error", "A tab stands in the indentation; indentation is made of spaces."],
  "uneven-indentation": ["warning", "A line's indentation matches no earlier level."],
  "unexpected-text": ["error", "Something stands where the language expects something else."],
  "unknown-character": ["error", "A character has no meaning in a condition or a declaration."],
  "missing-header": ["error", "The file does not begin with `policy NUMBER \"Title\"`."],
  "misplaced-header": ["error", "A second `policy` header, or one below the top of the file."],
  "unclosed-text": ["error", "A quotation mark is opened and not closed on its line."],
  "file-too-large": ["error", "The file is larger than the tool reads."],
  "nested-too-deeply": ["error", "Criteria or parentheses are nested deeper than the tool follows."],
  "too-many-diagnostics": ["info", "More was found than is shown."],
  "misspelt-section": ["warning", "A heading is nearly the name of a section and is read as free text."],
  "sentence-as-heading": ["warning", "A line of prose at column 0 is read as a heading."],
  "duplicate-section": ["error", "A section stands twice."],
  "invalid-date": ["error", "A date does not exist or is not written as `2025-03-05` or `2025-03`."],
  // Header
  "unknown-header-field": ["error", "The header has no such field."],
  "duplicate-header-field": ["error", "A header field stands twice."],
  "unknown-line-of-business": ["warning", "The line of business is not one the tool knows."],
  // Versions: found where several files have one policy number
  "duplicate-version": ["warning", "Two versions of a policy are effective from the same day."],
  "version-overlap": ["warning", "A version of a policy says that it ends after the next one has begun."],
  "version-gap": ["warning", "Between two versions of a policy lie days on which none is in force."],
  "undated-version": ["info", "A version of a policy has no effective date, so it is a draft and decides no case."],
  // Facts and definitions
  "duplicate-name": ["error", "A fact, field or definition has a name that is taken."],
  "reserved-name": ["error", "A name is a word of the language or has the form of a code."],
  "unknown-type": ["error", "The type of a fact is not known."],
  "unknown-unit": ["error", "A unit is neither UCUM nor one of the everyday words."],
  "invalid-limits": ["error", "The limits of a number are reversed or not numbers."],
  "duplicate-choice": ["error", "A choice stands twice in `one of`."],
  "misplaced-mapping": ["error", "`from fhir` does not stand on a line of its own below a fact."],
  "invalid-mapping": ["error", "The FHIRPath of a mapping cannot be read, or uses what mappings do not have."],
  "unknown-element": ["error", "FHIR R4 has no such resource or element."],
  "mapping-mismatch": ["error", "What a mapping gives can never be a value of its fact, or it compares what can never be equal."],
  "definition-cycle": ["error", "A definition or criterion is defined by itself."],
  "guarded-reference": ["error", "A condition refers to a criterion that stands under an `if`, without asking whether that applies."],
  // Names and types in conditions
  "unknown-name": ["error", "No fact, field or definition has this name."],
  "unknown-choice": ["error", "The value is not among the choices of the fact."],
  "type-mismatch": ["error", "Two things are compared or joined that have different types."],
  "unit-mismatch": ["error", "Two quantities have units of different dimensions."],
  "missing-unit": ["error", "A number is compared with a fact that has a unit, and no unit is written."],
  "not-a-condition": ["error", "A value stands where a yes-or-no condition is needed."],
  "not-a-list": ["error", "A list is needed here."],
  "ambiguous-window": ["error", "`within` does not say which date it speaks of."],
  "empty-range": ["error", "The lower end is above the upper end."],
  "out-of-limits": ["error", "A value lies outside the limits declared for the fact."],
  "filter-without-field": ["warning", "A part of a filter asks for no field of its records."],
  "mixed-and-or": ["warning", "`and` and `or` are mixed without parentheses."],
  "shadowed-name": ["warning", "A field of a record hides a fact of the same name."],
  "code-as-text": ["error", "A code stands where none can be compared."],
  "malformed-code": ["error", "A code does not have the form of its code system."],
  // Criteria
  "missing-label": ["error", "A criterion has no label."],
  "duplicate-label": ["error", "Two criteria have the same address."],
  "label-order": ["warning", "A label does not follow from the one before it."],
  "label-scheme": ["warning", "A label is of another scheme than its neighbours."],
  "unknown-label": ["error", "No criterion has this address."],
  "missing-combinator": ["error", "Items follow, and nothing says how many of them must be met."],
  "unclear-combinator": ["error", "How a list is announced can be read in more than one way."],
  "unclear-determination": ["error", "A statement can be read as approving and as not approving."],
  "criteria-in-text": ["error", "Labelled lines stand in a section of free text behind the criteria, where they decide nothing."],
  "unread-reference": ["warning", "A statement speaks of another criterion in words that are no condition."],
  "implied-combinator": ["info", "The connectors of the items alone say how many must be met."],
  "combinator-without-items": ["error", "A list is announced and no items follow."],
  "combinator-count": ["error", "More items are asked for than the list has."],
  "contradicting-connector": ["warning", "An item ends with a connector that contradicts its list."],
  "misplaced-clause": ["error", "A condition stands where it belongs to no criterion."],
  "empty-criterion": ["error", "A criterion has no words."],
  "missing-determination": ["error", "A statement does not say what follows when it is met."],
  "missing-condition": ["error", "A keyword is not followed by a condition."],
  "misplaced-scope": ["error", "`applies to` stands elsewhere than directly under a statement."],
  "unknown-scope": ["error", "`applies to` names something requests are not scoped by."],
  "misplaced-approval": ["error", "`approval duration` or `quantity limit` stands elsewhere than in a statement of medical necessity."],
  "unread-approval": ["error", "`approval duration` is not followed by a length of time, or `quantity limit` by a quantity."],
  "invalid-duration": ["error", "An approval or the period of a quantity limit is not a whole number of days, weeks, months or years."],
  "invalid-quantity": ["error", "A quantity limit of nothing."],
  "duplicate-approval": ["error", "A statement has two approval durations, or two limits of one quantity in one period."],
  "unknown-pathway": ["error", "The request pathway is not one the tool knows."],
  "no-criteria": ["warning", "The policy has no criteria."],
  // Citations, codes, references
  "unknown-citation": ["error", "A citation has no reference."],
  "empty-citation-range": ["error", "A citation range runs backwards."],
  "duplicate-reference": ["error", "Two references have the same number."],
  "unknown-code-system": ["error", "A row of the code table does not begin with a code system."],
  "duplicate-code": ["warning", "A code stands twice in the table."],
  "empty-code-range": ["error", "A code range runs backwards or crosses code systems."],
  "unlisted-code": ["warning", "A statement names a code that the code table does not list."],
  "missing-row-date": ["error", "A revision does not begin with its date."],
  // Cases
  "duplicate-case": ["error", "Two cases have the same name."],
  "missing-date-of-service": ["error", "A case has no date of service."],
  "unknown-fact": ["error", "A case gives a fact that the policy does not declare."],
  "duplicate-fact": ["error", "A case gives the same fact twice."],
  "wrong-value": ["error", "A case gives a value of the wrong type or unit."],
  "missing-source": ["error", "Evidence does not say where it comes from."],
  "misplaced-evidence": ["error", "Evidence stands for nothing that the case gives."],
  "unclear-evidence": ["error", "A part of evidence is neither its source, a page, a date nor a note."],
  "late-evidence": ["warning", "Evidence is dated after the date of service."],
  "computed-criterion": ["error", "A case attests a criterion that is computed from facts."],
  "unknown-expectation": ["error", "An expectation is not understood."],
  "case-without-expectation": ["info", "A case expects nothing, so it tests nothing."],
  "invalid-case-file": ["error", "A case file is not valid YAML or JSON, or not in the form of a case file."],
  "unknown-case-key": ["error", "A case file has a key that means nothing."],
  "unclear-version": ["error", "Nothing tells which version of its policy decides a case."],
  "policy-not-found": ["error", "The policy that a case file belongs to is not there."],
  // Configuration
  "invalid-config": ["error", "A `policy.config.yaml` is not valid YAML, or a value in it is not one that can stand there."],
  "unknown-config-key": ["error", "A `policy.config.yaml` has a key that means nothing."],
  "unknown-lint-rule": ["error", "A `policy.config.yaml` names a lint rule or diagnostic that does not exist."],
} as const satisfies Record<string, readonly [Severity, string]>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

/** Whether a code is one of the language, not the id of a lint rule. */
export const isDiagnosticCode = (code: string): code is DiagnosticCode => Object.hasOwn(DIAGNOSTICS, code);

/** What a finding may add to its code, place and message. */
export type DiagnosticExtra = Pick<Diagnostic, "help" | "related" | "replacement">;

/** Makes a diagnostic with the severity of the table. */
export function diagnostic(code: DiagnosticCode, range: Range, message: string, extra?: DiagnosticExtra): Diagnostic {
  return { code, severity: DIAGNOSTICS[code][0], start: range.start, end: range.end, message, ...extra };
}

/** True if any finding forbids evaluation. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((found) => found.severity === "error");
}
