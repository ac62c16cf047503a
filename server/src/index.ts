// The façade of the language core: text in, immutable analysis out; evaluation and explanation of a sound policy.
export { tokenList } from "./syntax/parser.js";
export { parse, type ParseResult } from "./syntax/parse.js";
export * as ast from "./syntax/ast.js";
export { analyze } from "./semantics/analyze.js";
export { isCaseFile, policyNameFor, policyNamesFor, readCaseFile, type CaseFile } from "./semantics/casefile.js";
export type * from "./semantics/model.js";
export { inForce, versionFindings, versionOf, type InForce, type Version } from "./semantics/versions.js";
export { compile, outcomeOf, type Decision, type Evaluator, type PlainRequest } from "./evaluate/compile.js";
export { explain } from "./evaluate/explain.js";
export { runCase } from "./evaluate/run.js";
export type * from "./evaluate/model.js";
export { caseFileText } from "./fhir/casetext.js";
export { collect, type MappedFact, type MappingProblem } from "./fhir/collect.js";
export { mappingDiagnostics } from "./fhir/mappings.js";
export { readFhir, type FhirRecord, type NotFhir } from "./fhir/read.js";
export { DIAGNOSTICS, diagnostic, hasErrors, type Diagnostic, type DiagnosticCode, type Severity } from "./diagnostic.js";
export { lineIndex, offsetAt, positionAt, type LineIndex, type Position, type Range } from "./text.js";
