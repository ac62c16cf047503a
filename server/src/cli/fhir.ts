// Cases from FHIR R4 by the mappings of a policy: for `policy evaluate --fhir`, and as a case file by `policy case-from-fhir`.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { hasErrors } from "../diagnostic.js";
import { caseFileText, type RecordCase } from "../fhir/casetext.js";
import { collect, type MappingProblem } from "../fhir/collect.js";
import { hasMappings, mappingDiagnostics } from "../fhir/mappings.js";
import { readFhir } from "../fhir/read.js";
import { requestOf } from "../fhir/request.js";
import { diagnosticText } from "../render/codeframe.js";
import { readCaseFile } from "../semantics/casefile.js";
import { splitCode, systemByForm, wellFormed } from "../semantics/codes.js";
import type { Analysis } from "../semantics/model.js";
import { plainProse } from "../semantics/prosetext.js";
import { dateText, readDate } from "../syntax/dates.js";
import { counted, lineIndex, positionAt } from "../text.js";
import { LINES_OF_BUSINESS, PATHWAYS } from "../vocabulary.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { LARGEST_FILE, readStandardInput, readText, writeOut } from "./files.js";
import type { Loaded } from "./load.js";
import { policyOf } from "./policyof.js";
import { complain, errorColours, outputWidth } from "./terminal.js";

/** The parts of the request; what is not given is taken from the record's one Claim or ServiceRequest. */
export interface RequestOptions {
  readonly on?: string | undefined;
  readonly codes?: string | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
}

/** What records came to. */
interface FromRecords {
  readonly path: string;
  readonly analysis: Analysis;
  readonly records: readonly (RecordCase & { readonly file: string; readonly problems: number })[];
}

/** Writes the cases of records as a case file; gives the exit code. */
export async function caseFromFhir(path: string, files: readonly string[], options: RequestOptions & { readonly outputFile?: string | undefined }): Promise<ExitCode> {
  const { outputFile } = options;
  // A reviewer may have completed it since.
  if (outputFile !== undefined && existsSync(outputFile)) throw new UsageError(`${outputFile} is there already`, "Name another file, or remove it first.");
  const made = await fromRecords(path, files, options);
  if (typeof made === "number") return made;
  writeOut(caseFileText(basename(made.path), made.records), options.outputFile);
  return made.records.some(({ problems }) => problems > 0) ? EXIT.findings : EXIT.ok;
}

/** The cases of records, checked as those of a case file are, for evaluation; or the exit code after it was told why there are none. */
export async function casesFromFhir(paths: readonly string[], files: readonly string[], options: RequestOptions): Promise<{ readonly loaded: Loaded; readonly complete: boolean } | ExitCode> {
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new UsageError("--fhir goes with one policy", "Give the .policy file whose mappings are to be used.");
  const made = await fromRecords(path, files, options);
  if (typeof made === "number") return made;
  const { analysis, records } = made;
  const caseFiles = records.map((each) => {
    const text = caseFileText(basename(made.path), [each]);
    const { cases, diagnostics } = readCaseFile(text, each.file, analysis);
    const sound = !hasErrors(diagnostics);
    // Places in a text that nobody sees would say nothing: they are the beginning of the record.
    const start = { start: 0, end: 0 };
    const source = { path: each.file, text: sound ? "" : text, lines: lineIndex(sound ? "" : text) };
    return sound ? { source, diagnostics: [], cases: cases.map((one) => ({ ...one, range: start, nameRange: start })) } : { source, diagnostics, cases };
  });
  const loaded: Loaded = {
    unit: { policy: { path: made.path }, listed: false, caseFiles: records.map(({ file }) => ({ path: file })) },
    policy: { source: { path: made.path, text: analysis.text, lines: analysis.lines }, diagnostics: analysis.diagnostics, analysis }, caseFiles, problems: [],
  };
  return { loaded, complete: records.every(({ problems }) => problems === 0) };
}

async function fromRecords(path: string, files: readonly string[], options: RequestOptions): Promise<FromRecords | ExitCode> {
  const given = requestGiven(options);
  const policy = await policyOf(path, "stdin.policy");
  if (typeof policy === "number") return policy;
  const { analysis } = policy;
  if (!hasMappings(analysis)) throw new UsageError(`${policy.path} says of no fact where FHIR has it`, "Write `from fhir \"Patient.birthDate\"` and the like on a line below each fact.");
  const mistakes = mappingDiagnostics(analysis);
  if (mistakes.length > 0) {
    const source = { path: policy.path, text: analysis.text, lines: analysis.lines };
    complain(`${mistakes.map((found) => diagnosticText(source, found, { colours: errorColours(), width: outputWidth() })).join("\n\n")}\n`);
    return EXIT.findings;
  }
  const names = files.map((file) => basename(file).replace(/(?:\.fhir)?\.json$/iu, ""));
  const records = [];
  for (const [i, file] of files.entries()) {
    const name = names.indexOf(names[i]!) === i && names.lastIndexOf(names[i]!) === i ? names[i]! : file;
    records.push(recordCase({ path: policy.path, analysis }, file, await textOf(file), file === "-" ? "standard input" : name, given));
  }
  return { path: policy.path, analysis, records };
}

interface Given {
  readonly on?: number | undefined;
  readonly codes?: readonly string[] | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
}

function requestGiven({ on, codes, lineOfBusiness, pathway }: RequestOptions): Given {
  const date = on === undefined ? undefined : readDate(on, 0);
  if (date !== undefined && (date.day === undefined || date.precision !== "day")) throw new UsageError(`--on ${on} is no day of the calendar`, "Write the day as 2025-07-01.");
  const list = codes?.split(/[,;]/u).map((each) => each.trim()).filter((each) => each !== "");
  for (const each of list ?? []) {
    const { system, code } = splitCode(each);
    const formed = system === undefined ? systemByForm(code, []) !== undefined : wellFormed(code, system);
    if (!formed) throw new UsageError(`--codes: \`${each}\` does not have the form of a code`, "Write codes as `CPT 77385, HCPCS G6015`.");
  }
  oneOf("--line-of-business", lineOfBusiness, LINES_OF_BUSINESS);
  oneOf("--pathway", pathway, PATHWAYS.map(({ word }) => word));
  return { on: date?.day, codes: list, lineOfBusiness, pathway };
}

function oneOf(option: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) throw new UsageError(`${option} ${value} is none the tool knows`, `Known are ${known.join(", ")}.`);
}

async function textOf(file: string): Promise<string> {
  const content = file === "-" ? await readStandardInput() : readText(file);
  if ("text" in content) return content.text;
  throw new UsageError(`${file} holds ${(content.tooLarge / 1024 / 1024).toFixed(1)} MB; more than ${LARGEST_FILE / 1024 / 1024} MB are not read`, "Give a Bundle of one person and one request.");
}

function recordCase(policy: { readonly path: string; readonly analysis: Analysis }, file: string, text: string, name: string, given: Given): FromRecords["records"][number] {
  const { analysis } = policy;
  const read = readFhir(text);
  if ("problem" in read) {
    const place = read.at === undefined ? undefined : positionAt(lineIndex(text), Math.min(read.at, text.length));
    throw new UsageError(`${file}${place === undefined ? "" : `:${place.line + 1}:${place.character + 1}`}: ${read.problem}`, read.help);
  }
  const request = requestOf(read.resources);
  const on = given.on ?? request?.on;
  if (on === undefined) {
    const why = request === undefined ? "it has not exactly one Claim or ServiceRequest that would say it" : `${request.name} does not have one day of service`;
    throw new UsageError(`${file}: the date of service is not known: ${why}`, "Give it with --on 2025-07-01.");
  }
  const { facts, problems } = collect(analysis, read.resources, on);
  const codes = given.codes ?? request?.codes;
  const notes = [
    ...(given.on === undefined ? [`date of service ${dateText(on)} from ${request!.name}`] : []),
    ...(given.codes === undefined && codes !== undefined ? [`requested codes ${codes.join(", ")} from ${request!.name}`] : []),
    ...(given.codes === undefined && request?.uncoded !== undefined ? [`no requested codes taken from ${request.name}: ${request.uncoded}`] : []),
    ...read.notes,
  ];
  tell(policy, file, problems, notes);
  const left = problems.filter(({ note }) => note !== true).map((each) => `${each.fact} is left out: ${sayProblem(each)}.`);
  const had = new Set(facts.map(({ fact }) => fact.name));
  const open = [...analysis.facts.keys()].filter((each) => !had.has(each));
  if (open.length > 0) left.push(`Not in the record: ${open.join(", ")}.`);
  const attested = [...analysis.byAddress.values()].filter((symbol) => symbol.role === "criterion" && symbol.attested);
  if (attested.length > 0) left.push("To be answered by the reviewer:", "criteria:", ...attested.map((symbol) => `  ${symbol.address}: met  # ${wordsOf(analysis, symbol.node)}`));
  return { file, name, on, codes, lineOfBusiness: given.lineOfBusiness, pathway: given.pathway, facts, left, problems: problems.filter(({ note }) => note !== true).length };
}

const wordsOf = ({ text, document }: Analysis, node: Analysis["criteria"][number]["node"]): string => (node.kind === "criterion" ? plainProse({ text, comments: document.comments }, node.prose) : "");
const sayProblem = ({ reason, resource }: MappingProblem): string => `${reason}${resource === undefined ? "" : ` (${resource})`}`;

const MOST_TOLD = 50;

/** Says on standard error what was taken from where, and what became no fact. */
function tell({ path, analysis }: { readonly path: string; readonly analysis: Analysis }, file: string, problems: readonly MappingProblem[], notes: readonly string[]): void {
  const colours = errorColours();
  const lines = notes.map((each) => `${colours.dim("·")} ${file}: ${each}`);
  for (const each of problems.slice(0, MOST_TOLD)) {
    const { mapping, fact, note } = each;
    lines.push(`${note === true ? colours.dim("·") : colours.red("✗")} ${file}: \`${fact}\`${note === true ? "" : " gets no value"}: ${sayProblem(each)}`);
    lines.push(colours.dim(`    from fhir "${mapping.text}"  ${path}:${positionAt(analysis.lines, mapping.range.start).line + 1}`));
  }
  if (problems.length > MOST_TOLD) lines.push(`  and ${counted(problems.length - MOST_TOLD, "more problem")}`);
  if (lines.length > 0) complain(lines.join("\n"));
}
