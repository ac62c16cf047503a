// What is wrong with the mappings of a policy, at its place inside the quotation marks. FHIRPath is loaded only where there are any.
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import { nearest } from "../semantics/context.js";
import { typeText } from "../semantics/facts.js";
import type { Analysis, FactMapping, FactSymbol, FactType, ScalarType } from "../semantics/model.js";
import { isTime, NO_UNIT } from "../semantics/units.js";
import { checkExpression, type ExpressionProblem } from "./expression.js";
import { inTypeWords, type Sort, sortOf, type Types } from "./types.js";

/** True where any fact is mapped. */
export function hasMappings({ facts }: Analysis): boolean {
  for (const { mappings, type } of facts.values()) if (mappings.length > 0 || (type.kind === "records" && type.fields.some((field) => field.mappings.length > 0))) return true;
  return false;
}

const NOTHING: readonly Diagnostic[] = [];

/** The findings of all mappings. */
export function mappingDiagnostics(analysis: Analysis): readonly Diagnostic[] {
  if (!hasMappings(analysis)) return NOTHING;
  const found: Diagnostic[] = [];
  for (const fact of analysis.facts.values()) {
    const types = fact.mappings.map((mapping) => checkMapping(found, fact, mapping, "resources"));
    if (fact.type.kind !== "records") continue;
    // Fields start from what any of the mappings gives; where that cannot be told, from anything.
    const from = types.some((each) => each === undefined) ? undefined : new Set(types.flatMap((each) => [...each!]));
    for (const field of fact.type.fields) {
      for (const mapping of field.mappings) {
        if (fact.mappings.length > 0) {
          checkMapping(found, field, mapping, from);
          continue;
        }
        const message = `\`${field.name}\` is mapped, and \`${fact.name}\` is not: nothing says which elements are its records.`;
        found.push(diagnostic("invalid-mapping", mapping.range, message, { help: `Write \`from fhir "…"\` under \`${fact.name}\`, with what gives its records.` }));
      }
    }
  }
  return found;
}

/** The diagnostics that are found here. */
export const MAPPING_CODES: readonly string[] = ["invalid-mapping", "unknown-element", "mapping-mismatch"];
const CODES = { invalid: "invalid-mapping", element: "unknown-element", type: "mapping-mismatch" } as const;

function checkMapping(found: Diagnostic[], fact: FactSymbol, mapping: FactMapping, from: Types | "resources"): Types {
  const { problems, types } = checkExpression(mapping.text, from);
  for (const problem of problems) found.push(placed(mapping, problem));
  if (problems.length > 0) return undefined;
  const misfit = types === undefined ? undefined : misfitOf(fact.type, types);
  if (misfit !== undefined) found.push(diagnostic("mapping-mismatch", mapping.textRange, `The mapping gives ${inTypeWords(types!)}, and \`${fact.name}\` is ${typeText(fact.type)}.`, { help: misfit }));
  return types;
}

function placed({ textRange }: FactMapping, { kind, start, end, message, help, candidates }: ExpressionProblem): Diagnostic {
  const range = { start: Math.min(textRange.start + start, textRange.end - 1), end: Math.min(textRange.start + end, textRange.end) };
  const meant = candidates === undefined ? undefined : nearest(candidates.name, candidates.names);
  return diagnostic(CODES[kind], range, message, meant === undefined ? { help } : { help: `Did you mean \`${meant}\`?`, replacement: meant });
}

/** What to do where nothing that may come out fits the fact; undefined where something does. */
function misfitOf(type: FactType, types: ReadonlySet<string>): string | undefined {
  if (type.kind === "unknown" || types.size === 0) return undefined;
  if (type.kind === "records") {
    const parts = [...types].some((each) => !["yes/no", "number", "date", "time", "text"].includes(sortOf(each)));
    return parts ? undefined : "The records of a list are elements or resources, such as `MedicationStatement`; fields below take the rest of the path.";
  }
  const scalar = type.kind === "list" ? type.of : type;
  const sorts = new Set([...types].map(sortOf));
  return [...sorts].some((sort) => fits(scalar, sort)) ? undefined : advice(scalar, sorts);
}

function fits(type: ScalarType, sort: Sort): boolean {
  switch (type.kind) {
    case "yes/no": return sort === "yes/no";
    case "number": return sort === "quantity" || (sort === "number" && type.unit === NO_UNIT) || (sort === "date" && isTime(type.unit));
    case "date": return sort === "date" || sort === "period";
    case "text": return sort === "text" || sort === "concept" || sort === "coding";
    case "choice": return sort === "text" || sort === "concept" || sort === "coding";
    case "code": return sort === "coding" || sort === "concept";
    case "unknown": return true;
  }
}

function advice(type: ScalarType, sorts: ReadonlySet<Sort>): string {
  switch (type.kind) {
    case "yes/no": return "Ask a question that yes or no answers, such as `….exists()` or `… = 'final'`.";
    case "number": return sorts.has("number") ? `A figure alone has no unit. Map the whole quantity, \`Observation.value\`, or say the unit: \`… * 1 '${type.unit.ucum}'\`.` : "Map a quantity, such as `Observation.value`.";
    case "date": return "Map a date, such as `Observation.effective`.";
    case "text": return "Map a text, such as `….display`.";
    case "choice": return "Choose in the mapping: `iif(…, 'first_choice', {})`.";
    case "code": return "Map the coding with its system, without `.code` or `.display` at the end.";
    case "unknown": return "Give the fact a type.";
  }
}
