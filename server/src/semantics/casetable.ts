// Cases in a table, one row a case: what the columns mean, and each row as a raw case with the places of its cells.
import type { Word } from "../syntax/ast.js";
import { normalAddress } from "../syntax/parser.js";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import type { Range } from "../text.js";
import type { RawCase, RawExpectation, RawFact, RawOutcome, RawScalar } from "./cases.js";
import { nearest } from "./context.js";
import { evidenceOfText, type RawEvidence, unobtainableText } from "./evidence.js";
import type { Analysis, FactSymbol, OutcomeName } from "./model.js";

/** A cell with its place in the text of its row. */
export interface Cell extends Range {
  readonly text: string;
}

export type Column =
  | { readonly kind: "name" | "on" | "codes" | "line of business" | "pathway" | "note" | "expect" | "by" | "missing" }
  | { readonly kind: "fact"; readonly fact: FactSymbol }
  /** The answer to an attested criterion, or (`expect I.A`) the outcome expected of one. */
  | { readonly kind: "criterion" | "expected outcome"; readonly address: string }
  /** `age evidence`, `I.B evidence`: where the answer in the column of the fact or criterion comes from. */
  | { readonly kind: "evidence"; readonly of: string }
  /** A column that was reported and is not read. */
  | { readonly kind: "none" };

/** Columns of a table beside facts and addresses, in the order of a template. */
export const TABLE_COLUMNS = ["name", "on", "codes", "line of business", "pathway", "expect", "by", "missing", "note"] as const;
const OWN: ReadonlySet<string> = new Set(TABLE_COLUMNS);
/** Between the entries of a list in one cell. */
export const CELL_SEPARATOR = ";";
const FACT_PREFIX = "facts.";
/** Behind a fact or an address: where its answer comes from. */
const EVIDENCE = " evidence";

/** The title of a fact's column: its name, or `facts.NAME` where a column of another meaning has that name. */
export const columnOf = (fact: FactSymbol): string => (OWN.has(fact.name) ? `${FACT_PREFIX}${fact.name}` : fact.name);

/** What each title of the first row means. A title that means nothing is an error: leaving its column out would lose facts. */
export function readColumns(titles: readonly Cell[], { facts, byAddress }: Pick<Analysis, "facts" | "byAddress">): { readonly columns: readonly Column[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  if (titles.length === 1 && /[;\t]/u.test(titles[0]!.text)) {
    const separator = titles[0]!.text.includes("\t") ? "tabs" : "semicolons";
    diagnostics.push(diagnostic("invalid-case-file", titles[0]!, `The columns of the table are separated by ${separator}.`, { help: "Save it with commas between the columns; semicolons separate the entries of a list in one cell." }));
    return { columns: [{ kind: "none" }], diagnostics };
  }
  const columns = titles.map((title): Column => {
    const text = title.text.trim();
    const column = columnFor(text);
    if (typeof column === "string") {
      const names = [...OWN, ...[...facts.values()].filter((fact) => fact.type.kind !== "records").map(columnOf), ...byAddress.keys()];
      const meant = nearest(text, names) ?? nearest(text, names.map((name) => `${name}${EVIDENCE}`));
      diagnostics.push(diagnostic("unknown-case-key", title, column, { help: meant === undefined ? `A column is a fact, the address of an attested criterion, or one of ${TABLE_COLUMNS.join(", ")}.` : `Did you mean \`${meant}\`?`, replacement: meant }));
      return { kind: "none" };
    }
    const key = JSON.stringify(column.kind === "fact" ? ["fact", column.fact.name] : column);
    if (seen.has(key)) {
      diagnostics.push(diagnostic("duplicate-fact", title, `The table has the column \`${text}\` twice.`, { help: "Keep one of them." }));
      return { kind: "none" };
    }
    seen.add(key);
    return column;
  });
  columns.forEach((column, i) => {
    if (column.kind !== "evidence" || columns.some((other) => (other.kind === "fact" && other.fact.name === column.of) || (other.kind === "criterion" && other.address === column.of))) return;
    diagnostics.push(diagnostic("misplaced-evidence", titles[i]!, `The table has a column of evidence for \`${column.of}\` and no column \`${column.of}\`.`, { help: "Add the column with the answers." }));
  });
  if (!seen.has('{"kind":"on"}') && diagnostics.length === 0) {
    diagnostics.push(diagnostic("missing-date-of-service", titles[0] ?? { start: 0, end: 1 }, "The table has no column `on` for the date of service.", { help: "The first row names the columns; `policy template FILE --format csv` writes it." }));
  }
  return { columns, diagnostics };

  function columnFor(text: string): Column | string {
    if (text === "") return "A column has no title.";
    if (OWN.has(text)) return { kind: text as (typeof TABLE_COLUMNS)[number] };
    const fact = facts.get(text.startsWith(FACT_PREFIX) ? text.slice(FACT_PREFIX.length) : text);
    if (fact?.type.kind === "records") return `\`${fact.name}\` is a list of records, which a table cannot hold. Give these cases as NDJSON, YAML or JSON.`;
    if (fact !== undefined) return { kind: "fact", fact };
    const evidenced = text.endsWith(EVIDENCE) ? columnFor(text.slice(0, -EVIDENCE.length).trim()) : undefined;
    if (typeof evidenced === "object" && evidenced.kind === "fact") return { kind: "evidence", of: evidenced.fact.name };
    if (typeof evidenced === "object" && evidenced.kind === "criterion") return { kind: "evidence", of: evidenced.address };
    const expected = /^expect\s+(.+)$/u.exec(text)?.[1];
    const address = normalAddress(expected ?? text);
    if (byAddress.has(address)) return { kind: expected === undefined ? "criterion" : "expected outcome", address };
    return `The policy has no fact and no criterion \`${text}\`.`;
  }
}

/** The places of the cells in the text of their row. */
export function cellsOf(raw: string, values: readonly string[]): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const text of values) {
    const start = at;
    let quoted = false;
    while (at < raw.length && (quoted || raw[at] !== ",")) {
      if (raw[at] === '"') quoted = !quoted;
      at++;
    }
    cells.push({ text, start, end: Math.max(start + 1, at) });
    at++;
  }
  return cells;
}

const OUTCOMES: Readonly<Record<string, OutcomeName>> = { met: "met", "not met": "not met", unknown: "unknown", true: "met", false: "not met", yes: "met", no: "not met" };

/** A row as a raw case. An empty cell says nothing. What cannot be read goes to `found`. */
export function rawRow(columns: readonly Column[], cells: readonly Cell[], found: Diagnostic[]): RawCase {
  const range: Range = { start: cells[0]?.start ?? 0, end: Math.max(1, cells.at(-1)?.end ?? 1) };
  let name: Word | undefined;
  let on: RawScalar | undefined;
  let codes: readonly RawScalar[] | undefined;
  let lineOfBusiness: Word | undefined;
  let pathway: Word | undefined;
  let note: string | undefined;
  let determination: Word | undefined;
  let by: Word | undefined;
  let missing: readonly Word[] = [];
  const facts: RawFact[] = [];
  const attested: RawOutcome[] = [];
  const expected: RawExpectation[] = [];
  const evidence = new Map<string, { readonly cell: Cell; readonly evidence: readonly RawEvidence[] }>();
  cells.forEach((cell, i) => {
    const column = columns[i];
    const value = trimmed(cell);
    if (value.text === "") return;
    switch (column?.kind) {
      case undefined:
        found.push(diagnostic("invalid-case-file", cell, "The row has more cells than the table has columns.", { help: "Put a cell that holds a comma in quotation marks." }));
        break;
      case "name": name = word(value); break;
      case "on": on = scalar(value); break;
      case "codes": codes = entries(value).map(scalar); break;
      case "line of business": lineOfBusiness = word(value); break;
      case "pathway": pathway = word(value); break;
      case "note": note = value.text; break;
      case "expect": determination = word(value); break;
      case "by": by = word(value); break;
      case "missing": missing = entries(value).map(word); break;
      case "evidence": evidence.set(column.of, { cell: value, evidence: entries(value).map((each) => evidenceOfText(found, each)) }); break;
      case "fact": {
        const reason = unobtainableText(value.text);
        if (reason !== undefined) {
          facts.push({ name: { kind: "word", text: column.fact.name, start: cell.start, end: cell.end }, values: [], records: [], range: cell, unobtainable: { reason, start: cell.start, end: cell.end } });
          break;
        }
        const values = column.fact.type.kind === "list" ? entries(value).map(scalar) : [scalar(value)];
        facts.push({ name: { kind: "word", text: column.fact.name, start: cell.start, end: cell.end }, values, records: [], range: cell });
        break;
      }
      case "criterion": case "expected outcome": {
        const reason = column.kind === "criterion" ? unobtainableText(value.text) : undefined;
        if (reason !== undefined) {
          attested.push({ address: { text: column.address, start: cell.start, end: cell.end }, outcome: undefined, range: cell, unobtainable: { reason, start: cell.start, end: cell.end } });
          break;
        }
        const outcome = Object.hasOwn(OUTCOMES, value.text) ? OUTCOMES[value.text] : undefined;
        if (outcome === undefined) found.push(diagnostic("invalid-case-file", value, `A criterion is met, not met or unknown, not \`${value.text}\`.`, { help: "Write met, not met or unknown." }));
        const raw: RawOutcome = { address: { text: column.address, start: cell.start, end: cell.end }, outcome, range: cell };
        if (column.kind === "criterion") attested.push(raw);
        else expected.push({ range: cell, missing: [], outcome: raw });
        break;
      }
      case "none": break;
    }
  });
  const grounded = <T extends RawFact | RawOutcome>(answer: T, key: string): T => {
    const own = evidence.get(key);
    evidence.delete(key);
    return own === undefined ? answer : { ...answer, evidence: own.evidence };
  };
  const answers = evidence.size === 0 ? facts : facts.map((fact) => grounded(fact, fact.name.text));
  const outcomes = evidence.size === 0 ? attested : attested.map((answer) => grounded(answer, answer.address.text));
  for (const [of, { cell }] of evidence) found.push(diagnostic("misplaced-evidence", cell, `Evidence is given for \`${of}\`, and no answer that it is for.`, { help: `Fill in the column \`${of}\`, or write \`unable to obtain\` there.` }));
  const first = determination ?? by ?? missing[0];
  if (first !== undefined) expected.unshift({ range: { start: first.start, end: first.end }, determination, by, missing });
  return { name, range, on, codes, lineOfBusiness, pathway, facts: answers, attested: outcomes, expected, note };
}

const scalar = (cell: Cell): RawScalar => ({ text: cell.text, quoted: false, start: cell.start, end: cell.end });
const word = (cell: Cell): Word => ({ kind: "word", text: cell.text, start: cell.start, end: cell.end });
const trimmed = (cell: Cell): Cell => (cell.text.trim() === cell.text ? cell : { text: cell.text.trim(), start: cell.start, end: cell.end });
const entries = (cell: Cell): readonly Cell[] => cell.text.split(CELL_SEPARATOR).map((text) => ({ text: text.trim(), start: cell.start, end: cell.end })).filter(({ text }) => text !== "");
