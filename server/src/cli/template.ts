// `policy template`: an empty case with every fact of a policy, to be filled in.
import { basename } from "node:path";
import { stringify } from "csv-stringify/sync";
import { columnOf } from "../semantics/casetable.js";
import { typeText } from "../semantics/facts.js";
import type { Analysis, CriterionSymbol, FactSymbol, FactType, ScalarType } from "../semantics/model.js";
import { plainProse } from "../semantics/prosetext.js";
import { NO_UNIT } from "../semantics/units.js";
import { EXIT, type ExitCode } from "./exit.js";
import { policyOf } from "./policyof.js";
import { complain, print } from "./terminal.js";

export interface TemplateOptions {
  readonly format: "csv" | "yaml" | "json";
  readonly stdinFilename: string;
}

/** Writes the template; gives the exit code. */
export async function template(path: string, { format, stdinFilename }: TemplateOptions): Promise<ExitCode> {
  const policy = await policyOf(path, stdinFilename);
  if (typeof policy === "number") return policy;
  const { analysis } = policy;
  const name = basename(policy.path);
  if (format === "csv") {
    const left = [...analysis.facts.values()].filter((fact) => fact.type.kind === "records");
    if (left.length > 0) complain(`policy: a table cannot hold lists of records; left out: ${left.map((fact) => fact.name).join(", ")}`);
  }
  print(format === "csv" ? csvTemplate(analysis) : format === "yaml" ? yamlTemplate(analysis, name) : jsonTemplate(analysis, name));
  return EXIT.ok;
}

const attestedOf = ({ byAddress }: Analysis): readonly CriterionSymbol[] => [...byAddress.values()].filter((symbol) => symbol.role === "criterion" && symbol.attested);
const wordsOf = ({ text, document }: Analysis, { node }: CriterionSymbol): string => (node.kind === "criterion" ? plainProse({ text, comments: document.comments }, node.prose) : "");
const hint = ({ question, type }: FactSymbol): string => `${question ?? ""}${question === undefined ? "" : " "}(${choicesOf(type)})`;

/** All of the choices, where `typeText` would cut them short. */
function choicesOf(type: FactType): string {
  if (type.kind === "choice") return `one of ${type.choices.join(", ")}`;
  if (type.kind === "list" && type.of.kind === "choice") return `a list of ${type.of.choices.join(", ")}`;
  return typeText(type);
}

/** Titles, and below them a row that begins with `# ` and says what belongs into each column. */
function csvTemplate(analysis: Analysis): string {
  const facts = [...analysis.facts.values()].filter((fact) => fact.type.kind !== "records");
  const attested = attestedOf(analysis);
  const columns: (readonly [string, string])[] = [
    ["name", "# what results call the case"], ["on", "date of service, such as 2025-07-01"], ["codes", "requested codes, separated by ;"], ["line of business", ""], ["pathway", ""],
    ...facts.map((fact) => [columnOf(fact), `${hint(fact)}${fact.type.kind === "list" ? ", separated by ;" : ""}`] as const),
    ...attested.map((symbol) => [symbol.address, `${wordsOf(analysis, symbol)} (met, not met or unknown)`] as const),
    ["expect", "approve, pend, refer or no statement applies"], ["by", "the criterion that decides"], ["missing", "what is still missing, separated by ;"],
    ["note", "an answer that cannot be had is: unable to obtain; a column such as \"age evidence\" says where the answer in the column age comes from"],
  ];
  return stringify([columns.map(([title]) => title), columns.map(([, words]) => words)]);
}

/** Every line that may be left out stands behind `# `, its question above it. */
function yamlTemplate(analysis: Analysis, name: string): string {
  const lines = [`# A case of ${name}. Take the mark # away where you give an answer; leave out what is not known.`,
    "# An answer with its source: { value: …, evidence: claims 2025-04-02 }; one that was asked for and cannot be had: unable to obtain, and the reason.", `policy: ${JSON.stringify(name)}`, "cases:", "  - name: Name of the case", "    on: 2025-01-01  # date of service",
    "    # codes: [CPT 99213]", "    # line of business: Medicaid", "    # pathway: initial", "    facts:"];
  for (const fact of analysis.facts.values()) {
    lines.push(`      ## ${hint(fact)}`);
    if (fact.type.kind === "records") {
      lines.push(`      # ${fact.name}:`, `      #   - { ${fact.type.fields.map((field) => `${field.name}: ${example(field.type)}`).join(", ")} }`);
    } else {
      lines.push(`      # ${fact.name}: ${example(fact.type)}`);
    }
  }
  const attested = attestedOf(analysis);
  if (attested.length > 0) lines.push("    # criteria:");
  for (const symbol of attested) lines.push(`      ## ${wordsOf(analysis, symbol)}`, `      # ${symbol.address}: met`);
  lines.push("    expect:", "      determination: approve  # approve, pend, refer or no statement applies");
  return lines.join("\n");
}

function jsonTemplate(analysis: Analysis, name: string): string {
  const facts = Object.fromEntries([...analysis.facts.values()].map((fact) => [fact.name, null]));
  const attested = attestedOf(analysis);
  const criteria = Object.fromEntries(attested.map((symbol) => [symbol.address, null]));
  return JSON.stringify({ policy: name, cases: [{ name: "Name of the case", on: "2025-01-01", facts, ...(attested.length > 0 ? { criteria } : {}), expect: "approve" }] }, undefined, 2);
}

function example(type: FactType): string {
  switch (type.kind) {
    case "list": return `[${example(type.of)}]`;
    case "records": return "none";
    default: return scalarExample(type);
  }
}

function scalarExample(type: ScalarType): string {
  switch (type.kind) {
    case "yes/no": return "yes";
    case "number": return `${type.from ?? 0}${type.unit === NO_UNIT ? "" : ` ${type.unit.text}`}`;
    case "date": return "2025-01-01";
    case "choice": return type.choices[0] ?? "";
    case "code": return CODE_EXAMPLES[type.systems[0] ?? ""] ?? '"…"';
    case "text": case "unknown": return '"…"';
  }
}
const CODE_EXAMPLES: Readonly<Record<string, string>> = { "ICD-10-CM": "C61", CPT: '"99213"', HCPCS: "G0463" };
