// What lint rules look at: an analysis with its prose in order, its dates, and what several of them need, worked out once.
import type { Analysis, CriterionSymbol, PolicyCase } from "../semantics/model.js";
import type * as A from "../syntax/ast.js";
import { withoutComments } from "../syntax/prose.js";
import { folded, type Range } from "../text.js";
import type { HeaderKey } from "../vocabulary.js";
import type { Spelling } from "./spelling.js";
import type { Suppression } from "./suppressions.js";

/** What a stretch of prose is for. */
export type ProseRole =
  | "title" | "heading" | "paragraph" | "question" | "criterion" | "note" | "footnote" | "code description" | "code group" | "revision"
  | "reference" | "case name" | "case note";

/** A stretch of prose. `text` has comments blanked out and keeps the places: its character i stands at `start + i`. */
export interface Stretch extends Range {
  readonly role: ProseRole;
  readonly text: string;
  /** The node that it belongs to: the criterion, the reference, the section. */
  readonly node: A.Node;
}

export interface LintInput {
  readonly analysis: Analysis;
  /** The cases of the policy and of its case files. */
  readonly cases: readonly PolicyCase[];
  /** The day as of which codes and evidence are judged, days since 1970-01-01; undefined: the policy's effective date. */
  readonly asOf?: number | undefined;
  /** Today, days since 1970-01-01. The core reads no clock. */
  readonly today: number;
  /** Words of the configuration that are spelled right, in lower case. */
  readonly words: ReadonlySet<string>;
  /** The dictionary; without one, spelling is not looked at. */
  readonly spelling?: Spelling | undefined;
  /** Lint rules and diagnostics of the language that may find something in this run. */
  readonly active: ReadonlySet<string>;
  /** The ids of all lint rules, those too that do not run. */
  readonly known: ReadonlySet<string>;
}

/** The policy as lint rules see it. Everything here is worked out when it is first asked for, and then kept. */
export interface LintedPolicy extends LintInput {
  readonly text: string;
  /** All prose in the order of the text. */
  readonly stretches: readonly Stretch[];
  /** Labelled criteria in the order of the text, without the groups that clauses make. */
  readonly criteria: readonly CriterionSymbol[];
  /** The comments that suppress findings; whether they did is known when all other lint rules have run. */
  readonly suppressions: readonly Suppression[];
  /** The day as of which codes and evidence are judged: as asked for, or effective, or last revised; undefined where the policy has no date. */
  readonly date: number | undefined;
  /** Code rows in the order of the text. */
  readonly rows: readonly A.CodeRow[];
  /** Revisions in the order of the text. */
  readonly revisions: readonly A.Revision[];
  /** References in the order of the text. */
  readonly references: readonly A.Reference[];
  /** Every citation in the order of the text. */
  readonly citations: readonly A.Citation[];
  /** The source of a range. */
  source(range: Range): string;
  /** The stretches of some roles. */
  prose(...roles: readonly ProseRole[]): readonly Stretch[];
  /** The stretch that holds an offset. */
  stretchAt(offset: number): Stretch | undefined;
  /** The day of a date of the header; the first of the month where only that is given. */
  headerDay(key: HeaderKey): number | undefined;
  /** What a lint rule prepares for itself and its neighbours, once for each policy: `policy.once(key, () => …)`. The key is the function that makes it. */
  once<T>(make: (policy: LintedPolicy) => T): T;
}

/** Prepares an analysis for the lint rules. */
export function lintedPolicy(input: LintInput, suppressions: readonly Suppression[]): LintedPolicy {
  const { analysis } = input;
  const made = new Map<unknown, unknown>();
  const policy: LintedPolicy = {
    ...input,
    text: analysis.text,
    suppressions,
    get stretches() { return policy.once(stretchesOf); },
    get criteria() { return policy.once(labelled); },
    get date() { return input.asOf ?? policy.headerDay("effective") ?? policy.headerDay("revised"); },
    get rows() { return policy.once(codeRows); },
    get revisions() { return policy.once(revisionsOf); },
    get references() { return policy.once(referencesOf); },
    citations: analysis.parsed.citations,
    source: (range) => analysis.text.slice(range.start, range.end),
    prose: (...roles) => policy.stretches.filter((stretch) => roles.includes(stretch.role)),
    stretchAt: (offset) => stretchAt(policy.stretches, offset),
    headerDay: (key) => analysis.header.fields.get(key)?.date?.day,
    once<T>(make: (policy: LintedPolicy) => T): T {
      if (!made.has(make)) made.set(make, make(policy));
      return made.get(make) as T;
    },
  };
  return policy;
}

const labelled = ({ analysis }: LintedPolicy): readonly CriterionSymbol[] => analysis.criteria.filter((symbol) => symbol.role === "criterion");
const codeRows = ({ analysis }: LintedPolicy): readonly A.CodeRow[] =>
  analysis.document.sections.flatMap((section) => (section.kind === "codes" ? section.rows.filter((row) => row.kind === "codeRow") : []));
const revisionsOf = ({ analysis }: LintedPolicy): readonly A.Revision[] => analysis.document.sections.flatMap((section) => (section.kind === "revisions" ? section.revisions : []));
const referencesOf = ({ analysis }: LintedPolicy): readonly A.Reference[] => analysis.document.sections.flatMap((section) => (section.kind === "references" ? section.references : []));

function stretchAt(stretches: readonly Stretch[], offset: number): Stretch | undefined {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (stretches[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  const found = stretches[low];
  return found !== undefined && found.start <= offset && offset < found.end ? found : undefined;
}

/** The words of prose on one line. */
export const foldedText = (stretch: Stretch): string => folded(stretch.text);

function stretchesOf({ analysis }: LintedPolicy): readonly Stretch[] {
  const { text, document } = analysis;
  const found: Stretch[] = [];
  const add = (role: ProseRole, range: Range | undefined, node: A.Node): void => {
    if (range !== undefined && range.end > range.start) found.push({ role, start: range.start, end: range.end, text: withoutComments(text, range, document.comments), node });
  };
  const body = (entries: readonly A.BodyEntry[]): void => {
    for (const entry of entries) {
      if (entry.kind === "criterion") {
        add("criterion", entry.prose, entry);
        body(entry.body);
      } else if (entry.kind === "note") add("note", entry.prose, entry);
      else if (entry.kind !== "scope") body(entry.body);
    }
  };
  const facts = (declared: readonly A.FactDeclaration[]): void => {
    for (const fact of declared) {
      add("question", fact.question, fact);
      facts(fact.fields);
    }
  };
  if (document.header !== undefined) add("title", document.header.title, document.header);
  for (const section of document.sections) {
    switch (section.kind) {
      case "text":
        add("heading", section.heading, section);
        for (const paragraph of section.paragraphs) add("paragraph", paragraph, section);
        break;
      case "facts": facts(section.facts); break;
      case "criteria": body(section.body); break;
      case "notes": for (const note of section.notes) add("footnote", note.prose, note); break;
      case "codes":
        for (const row of section.rows) {
          if (row.kind === "codeGroup") add("code group", row.title, row);
          else add("code description", row.description, row);
        }
        break;
      case "revisions": for (const revision of section.revisions) add("revision", revision.prose, revision); break;
      case "references": for (const reference of section.references) add("reference", reference.prose, reference); break;
      case "cases":
        for (const each of section.cases) {
          add("case name", each.name, each);
          for (const entry of each.entries) if (entry.kind === "caseNote") add("case note", entry.prose, entry);
        }
        break;
      case "define": break;
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
