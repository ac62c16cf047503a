// What lint rules look at: an analysis with its prose in order, its dates, and what several of them need, worked out once.
import type { Diagnostic } from "../diagnostic.js";
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
  /** Findings of the language that were made beside the analysis: those of the mappings. */
  readonly beside?: readonly Diagnostic[] | undefined;
  /** The day as of which codes and evidence are judged, days since 1970-01-01; undefined: the policy's effective date. */
  readonly asOf?: number | undefined;
  /** Today, days since 1970-01-01. The core reads no clock. */
  readonly today: number;
  /** Findings about its dates beside those of other versions; undefined where no other version is known. */
  readonly versions?: readonly Diagnostic[] | undefined;
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
  return new Prepared(input, suppressions);
}

// A class, so that all policies have one shape and what several lint rules ask for is a field.
class Prepared implements LintedPolicy {
  readonly analysis: Analysis;
  readonly cases: readonly PolicyCase[];
  readonly asOf: number | undefined;
  readonly today: number;
  readonly words: ReadonlySet<string>;
  readonly spelling: Spelling | undefined;
  readonly active: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  readonly text: string;
  readonly citations: readonly A.Citation[];
  readonly suppressions: readonly Suppression[];
  readonly date: number | undefined;
  private readonly made = new Map<unknown, unknown>();
  private keptStretches: readonly Stretch[] | undefined;
  private keptCriteria: readonly CriterionSymbol[] | undefined;
  private keptRows: readonly A.CodeRow[] | undefined;
  private keptRevisions: readonly A.Revision[] | undefined;
  private keptReferences: readonly A.Reference[] | undefined;

  constructor(input: LintInput, suppressions: readonly Suppression[]) {
    const { analysis } = input;
    this.analysis = analysis;
    this.cases = input.cases;
    this.asOf = input.asOf;
    this.today = input.today;
    this.words = input.words;
    this.spelling = input.spelling;
    this.active = input.active;
    this.known = input.known;
    this.text = analysis.text;
    this.citations = analysis.parsed.citations;
    this.suppressions = suppressions;
    this.date = input.asOf ?? this.headerDay("effective") ?? this.headerDay("revised");
  }

  get stretches(): readonly Stretch[] { return (this.keptStretches ??= stretchesOf(this.analysis)); }
  get criteria(): readonly CriterionSymbol[] { return (this.keptCriteria ??= labelled(this.analysis)); }
  get rows(): readonly A.CodeRow[] { return (this.keptRows ??= codeRows(this.analysis)); }
  get revisions(): readonly A.Revision[] { return (this.keptRevisions ??= revisionsOf(this.analysis)); }
  get references(): readonly A.Reference[] { return (this.keptReferences ??= referencesOf(this.analysis)); }
  source({ start, end }: Range): string { return this.text.slice(start, end); }
  prose(...roles: readonly ProseRole[]): readonly Stretch[] { return this.stretches.filter((stretch) => roles.includes(stretch.role)); }
  stretchAt(offset: number): Stretch | undefined { return stretchAt(this.stretches, offset); }
  headerDay(key: HeaderKey): number | undefined { return this.analysis.header.fields.get(key)?.date?.day; }

  once<T>(make: (policy: LintedPolicy) => T): T {
    let made = this.made.get(make) as T | undefined;
    if (made === undefined && !this.made.has(make)) this.made.set(make, (made = make(this)));
    return made as T;
  }
}

const labelled = ({ criteria }: Analysis): readonly CriterionSymbol[] => {
  const found: CriterionSymbol[] = [];
  for (const symbol of criteria) if (symbol.role === "criterion") found.push(symbol);
  return found;
};
function codeRows({ document }: Analysis): readonly A.CodeRow[] {
  const found: A.CodeRow[] = [];
  for (const section of document.sections) if (section.kind === "codes") for (const row of section.rows) if (row.kind === "codeRow") found.push(row);
  return found;
}
function revisionsOf({ document }: Analysis): readonly A.Revision[] {
  const found: A.Revision[] = [];
  for (const section of document.sections) if (section.kind === "revisions") for (const revision of section.revisions) found.push(revision);
  return found;
}
function referencesOf({ document }: Analysis): readonly A.Reference[] {
  const found: A.Reference[] = [];
  for (const section of document.sections) if (section.kind === "references") for (const reference of section.references) found.push(reference);
  return found;
}

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

/** A stretch whose text is cut out when it is first asked for; that of most never is. */
class LazyStretch implements Stretch {
  private written: string | undefined = undefined;
  constructor(readonly role: ProseRole, readonly start: number, readonly end: number, readonly node: A.Node, private readonly analysis: Analysis) {}
  get text(): string { return (this.written ??= withoutComments(this.analysis.text, this, this.analysis.document.comments)); }
}

function stretchesOf(analysis: Analysis): readonly Stretch[] {
  const { document } = analysis;
  const stretches = new Stretches(analysis);
  if (document.header !== undefined) stretches.add("title", document.header.title, document.header);
  for (const section of document.sections) stretches.addSection(section);
  return stretches.inOrder();
}

class Stretches {
  private readonly found: Stretch[] = [];
  private ordered = true;
  private last = 0;

  constructor(private readonly analysis: Analysis) {}

  inOrder(): readonly Stretch[] {
    return this.ordered ? this.found : this.found.sort((a, b) => a.start - b.start);
  }

  add(role: ProseRole, range: Range | undefined, node: A.Node): void {
    if (range === undefined || range.end <= range.start) return;
    if (range.start < this.last) this.ordered = false;
    this.last = range.start;
    this.found.push(new LazyStretch(role, range.start, range.end, node, this.analysis));
  }

  addSection(section: A.Section): void {
    switch (section.kind) {
      case "text":
        this.add("heading", section.heading, section);
        for (const paragraph of section.paragraphs) this.add("paragraph", paragraph, section);
        break;
      case "facts": this.addFacts(section.facts); break;
      case "criteria": this.addBody(section.body); break;
      case "notes": for (const note of section.notes) this.add("footnote", note.prose, note); break;
      case "codes":
        for (const row of section.rows) {
          if (row.kind === "codeGroup") this.add("code group", row.title, row);
          else this.add("code description", row.description, row);
        }
        break;
      case "revisions": for (const revision of section.revisions) this.add("revision", revision.prose, revision); break;
      case "references": for (const reference of section.references) this.add("reference", reference.prose, reference); break;
      case "cases":
        for (const each of section.cases) {
          this.add("case name", each.name, each);
          for (const entry of each.entries) if (entry.kind === "caseNote") this.add("case note", entry.prose, entry);
        }
        break;
      case "define": break;
    }
  }

  private addBody(entries: readonly A.BodyEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === "criterion") {
        this.add("criterion", entry.prose, entry);
        this.addBody(entry.body);
      } else if (entry.kind === "note") this.add("note", entry.prose, entry);
      else if (entry.kind !== "scope" && entry.kind !== "approvalDuration" && entry.kind !== "quantityLimit") this.addBody(entry.body);
    }
  }

  private addFacts(declared: readonly A.FactDeclaration[]): void {
    for (const fact of declared) {
      this.add("question", fact.question, fact);
      this.addFacts(fact.fields);
    }
  }
}
