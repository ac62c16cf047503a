// A case file made from what a FHIR record gives: the checker reads it as any other, and a reviewer can complete it.
import type { Evidence } from "../semantics/model.js";
import { dateText } from "../syntax/dates.js";
import type { MappedFact, Written } from "./collect.js";

/** What a case has beside facts. */
export interface CaseHead {
  readonly name: string;
  /** Days since 1970-01-01. */
  readonly on: number;
  readonly codes?: readonly string[] | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
}

/** A case made of a record. */
export interface RecordCase extends CaseHead {
  readonly facts: readonly MappedFact[];
  /** What a reviewer is to know or to answer, one a line. */
  readonly left: readonly string[];
}

/** A case file in YAML, for a policy by its file name. */
export function caseFileText(policy: string, cases: readonly RecordCase[]): string {
  return `${[`policy: ${quoted(policy)}`, "cases:", ...cases.flatMap(caseLines)].join("\n")}\n`;
}

function caseLines({ name, on, codes, lineOfBusiness, pathway, facts, left }: RecordCase): readonly string[] {
  const lines = [`  - name: ${quoted(name)}`, `    on: ${dateText(on)}`];
  if (codes !== undefined && codes.length > 0) lines.push(`    codes: [${codes.map(quoted).join(", ")}]`);
  if (lineOfBusiness !== undefined) lines.push(`    line of business: ${quoted(lineOfBusiness)}`);
  if (pathway !== undefined) lines.push(`    pathway: ${quoted(pathway)}`);
  if (facts.length > 0) lines.push("    facts:");
  for (const { fact, value, evidence } of facts) {
    const unit = fact.type.kind === "number" ? fact.type.unit.text : fact.type.kind === "list" && fact.type.of.kind === "number" ? fact.type.of.unit.text : "";
    lines.push(`      ${fact.name}:`);
    if (!isList(value)) lines.push(`        value: ${written(value, unit)}`);
    else if (value.every((each) => typeof each !== "object")) lines.push(`        value: [${value.map((each) => written(each, unit)).join(", ")}]`);
    else lines.push("        value:", ...value.map((each) => `          - { ${Object.entries(each).map(([field, held]) => `${field}: ${written(held, "")}`).join(", ")} }`));
    if (evidence.length > 0) lines.push("        evidence:", ...evidence.map(evidenceLine));
  }
  return [...lines, ...left.map((each) => `    # ${each}`.trimEnd())];
}

const isList = (value: MappedFact["value"]): value is Exclude<MappedFact["value"], Written> => Array.isArray(value);

function evidenceLine({ source, page, date, note }: Evidence): string {
  const parts = [`source: ${quoted(source)}`];
  if (page !== undefined) parts.push(`page: ${quoted(page)}`);
  if (date !== undefined) parts.push(`date: ${dateText(date)}`);
  if (note !== undefined) parts.push(`note: ${quoted(note)}`);
  return `          - { ${parts.join(", ")} }`;
}

function written(value: Written, unit: string): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return quoted(value);
  const figure = inFull(value);
  return unit === "" ? figure : quoted(`${figure} ${unit}`);
}

/** `1.5e-7` as `0.00000015`. Figures are not so large that they would have an exponent. */
function inFull(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/u.exec(String(value));
  return match === null ? String(value) : `${match[1]}0.${"0".repeat(Number(match[4]) - 1)}${match[2]}${match[3] ?? ""}`;
}

/** In quotation marks unless it can stand without. */
function quoted(text: string): string {
  return /^[A-Za-z][\w./-]*(?: [\w./()%-]+)*$/u.test(text) && !/^(?:yes|no|true|false|null|on|off|y|n|unknown|none)$/iu.test(text) ? text : JSON.stringify(text);
}
