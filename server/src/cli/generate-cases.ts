// `policy generate-cases`: proposes cases that try what the cases of a policy do not try yet, for a person to confirm.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { withEdits } from "../diagnostic.js";
import { analyze } from "../semantics/analyze.js";
import { type FigureName, generateCases, type GeneratedCase, type Generation, type Unreached } from "../evaluate/generate/generate.js";
import { caseLines, jsonCase, type NewCase, newCaseInFile, newCasesInPolicy, yamlLines } from "../features/newcase.js";
import { diagnosticText } from "../render/codeframe.js";
import type { Analysis } from "../semantics/model.js";
import { dateText } from "../syntax/dates.js";
import { counted } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { readText, replaceFile, unwritable, writeOut, writeText } from "./files.js";
import { findUnits } from "./inputs.js";
import { load } from "./load.js";
import { reportProblems } from "./problems.js";
import { clearProgress, complain, ended, errorColours, outputWidth, print, progressLine } from "./terminal.js";

export interface GenerateOptions {
  readonly fromScratch?: boolean;
  readonly limit?: number;
  readonly format: "policy" | "yaml" | "json" | "ndjson";
  readonly outputFile?: string;
  readonly force?: boolean;
  readonly append?: boolean;
  readonly write?: boolean;
  readonly accept?: boolean;
  readonly stdinFilename: string;
}

/** So many things that are not reached are listed one by one. */
const MOST_LISTED = 40;

/** Proposes cases; gives the exit code. */
export async function generate(path: string, options: GenerateOptions): Promise<ExitCode> {
  checkOptions(path, options);
  const { units, problems } = await findUnits([path], { ignore: [], stdinFilename: options.stdinFilename });
  if (problems.length > 0) return reportProblems(problems);
  if (units.length !== 1 || !units[0]!.listed) throw new UsageError(`${path} is not one policy`, "Give the .policy file.");
  const loaded = await load(units[0]!);
  if (loaded.problems.length > 0) return reportProblems(loaded.problems);
  const { source, diagnostics, analysis } = loaded.policy!;
  if (analysis.policy === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    complain(`${errors.map((found) => diagnosticText(source, found, { colours: errorColours(), width: outputWidth() })).join("\n\n")}\n`);
    return EXIT.findings;
  }
  const there = [...analysis.cases, ...loaded.caseFiles.flatMap(({ cases }) => cases)];
  const line = progressLine();
  const found = generateCases(analysis.policy, {
    existing: options.fromScratch === true ? [] : there, taken: there.map(({ name }) => name), limit: options.limit,
    progress: (reached, total) => line?.(() => `Reached ${reached} of ${total}`),
  });
  clearProgress();
  const cases = newCases(found, options.accept === true);
  const printed = put(source.path, source.text, analysis, cases, options);
  const report = reportText(source.path, found, options, printed.where);
  // The cases may go on to another program: what is said of them does not go with them.
  if (printed.text !== undefined) {
    if (cases.length > 0) print(printed.text);
    complain(report);
  } else {
    print(report);
  }
  return EXIT.ok;
}

function checkOptions(path: string, { append, write, outputFile, force, format, limit }: GenerateOptions): void {
  const ways = [append === true ? "`--append`" : "", write === true ? "`--write`" : "", outputFile === undefined ? "" : "`--output-file`"].filter((way) => way !== "");
  if (ways.length > 1) throw new UsageError(`${ways.join(" and ")} cannot go together`, "Say in one way where the cases go.");
  if (force === true && outputFile === undefined) throw new UsageError("`--force` needs `--output-file`");
  if ((append === true || write === true) && format !== "policy") throw new UsageError(`\`--format ${format}\` is for cases that are printed or go to \`--output-file\``);
  if ((append === true || write === true) && path === "-") throw new UsageError("standard input has no file to write to", "Name the file.");
  if (outputFile !== undefined && force !== true && existsSync(outputFile)) throw new UsageError(`${outputFile} is there already`, "`--force` writes over it.");
  if (limit === 0) throw new UsageError("`--limit` is a number of cases, from 1 on");
}

/** Generated cases as they are written. */
export const newCases = ({ cases }: Generation, accept: boolean): readonly NewCase[] => cases.map((each) => newCase(each, accept));

/** A generated case as it is written. What it came to is an expectation only where it was accepted. */
function newCase({ policyCase, determination, by }: GeneratedCase, accept: boolean): NewCase {
  const { name, on, codes, lineOfBusiness, pathway, facts, attested, note } = policyCase;
  const expect = accept ? { determination, by } : undefined;
  return { name, on, codes, lineOfBusiness, pathway, facts, attested, note: accept ? note?.replace(/ Derived: .*$/u, "") : note, expect };
}

// ── Where the cases go ────────────────────────────────────────────────────────────────────────────────────────────────
interface Put {
  /** What is to be printed; undefined where the cases were written. */
  readonly text?: string | undefined;
  /** The file that they were written to. */
  readonly where?: string | undefined;
}

function put(path: string, text: string, analysis: Analysis, cases: readonly NewCase[], { append, write, outputFile, format }: GenerateOptions): Put {
  if (append === true) {
    if (cases.length > 0) writeText(path, text, withCasesInPolicy(analysis, cases));
    return { where: path };
  }
  if (write === true) {
    const beside = join(dirname(path), `${basename(path).replace(/\.policy$/iu, "")}.generated.case.yaml`);
    if (cases.length > 0) writeBeside(beside, basename(path), analysis, cases);
    return { where: beside };
  }
  const made = textOf(basename(path), analysis, cases, format);
  if (outputFile === undefined) return { text: made };
  if (cases.length > 0) writeOut(ended(made), outputFile);
  return { where: outputFile };
}

function textOf(name: string, { facts }: Analysis, cases: readonly NewCase[], format: GenerateOptions["format"]): string {
  switch (format) {
    case "policy": return ["cases", ...cases.map((each) => caseLines(facts, each).join("\n"))].join("\n");
    case "yaml": return newFile(name, facts, cases);
    case "json": return JSON.stringify({ policy: name, cases: cases.map((each) => jsonCase(facts, each)) }, undefined, 2);
    case "ndjson": return cases.map((each) => JSON.stringify(jsonCase(facts, each))).join("\n");
  }
}

const newFile = (name: string, facts: Analysis["facts"], cases: readonly NewCase[]): string =>
  `# Proposed by \`policy generate-cases\`. What a case is to expect is for a clinician to say.\npolicy: ${JSON.stringify(name)}\ncases:\n${cases.flatMap((each) => yamlLines(facts, each, "  ")).join("\n")}\n`;

/** The text of a policy with cases behind its last one. */
export function withCasesInPolicy(analysis: Analysis, cases: readonly NewCase[]): string {
  const after = withEdits(analysis.text, [newCasesInPolicy(analysis, cases)!]);
  const read = analyze(after, analysis.uri);
  if (read.policy === undefined || read.cases.length !== analysis.cases.length + cases.length) {
    throw new UsageError("the cases cannot be added to this policy without changing it", "`--write` puts them into a file of their own.");
  }
  return after;
}

function writeBeside(path: string, name: string, { facts }: Analysis, cases: readonly NewCase[]): void {
  if (!existsSync(path)) {
    writeFile(path, newFile(name, facts, cases));
    return;
  }
  const content = readText(path);
  if (!("text" in content)) throw new UsageError(`${path} is too large`);
  const { text } = content;
  const [first, ...rest] = cases;
  const edit = newCaseInFile(text, facts, first!);
  const indent = edit === undefined ? undefined : /^([^\S\r\n]*)- name:/mu.exec(edit.text)?.[1];
  if (edit === undefined || indent === undefined) throw new UsageError(`${path} holds no list of cases to add to`, "Put it in order, or write to another file with `--output-file`.");
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = rest.flatMap((each) => yamlLines(facts, each, indent)).map((line) => `${eol}${line}`).join("");
  writeText(path, text, `${text.slice(0, edit.start)}${edit.text}${lines}${text.slice(edit.end)}`);
}

function writeFile(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

// ── What is said of them ──────────────────────────────────────────────────────────────────────────────────────────────
const FIGURES: readonly (readonly [FigureName, string])[] = [["criteria", "Criteria decided"], ["outcomes", "Outcomes seen"], ["conditions", "Conditions shown to decide"], ["boundaries", "Sides of thresholds"]];
const REASONS: Readonly<Record<Unreached["why"], string>> = {
  impossible: "cannot be, whatever a case says",
  "not found": "none was found, though there may be one",
  "not tried": "not tried",
};

function reportText(path: string, { cases, on, unreached, before, after, stopped }: Generation, options: GenerateOptions, where: string | undefined): string {
  const colours = errorColours();
  const lines: string[] = [];
  if (options.accept === true) {
    for (const { policyCase, determination, by } of cases)
      lines.push(`  ${policyCase.name}\n    expect ${determination}${by === undefined ? "" : ` by ${by}`}`);
    if (cases.length > 0) lines.push("");
  }
  const beside = options.fromScratch === true ? "" : " beside those that there are";
  lines.push(cases.length === 0
    ? `${colours.green("✓")} No case to propose for ${path}${unreached.length > 0 ? ": no other reaches more" : ": its cases reach everything"}.`
    : `${counted(cases.length, "case")} ${where === undefined ? `proposed for ${path}` : `written to ${where}`}${beside}, of ${dateText(on)}.${options.accept === true ? "" : " What they expect is for you to say."}`);
  const width = Math.max(...FIGURES.map(([, words]) => words.length));
  for (const [figure, words] of FIGURES) {
    const { covered, total } = before[figure];
    lines.push(`  ${words.padEnd(width)}  ${cases.length === 0 ? `${covered} of ${total}` : `${covered} of ${total}, with these ${after[figure].covered}`}`);
  }
  if (stopped !== undefined) lines.push(colours.yellow(stopped === "limit" ? `Stopped at ${counted(cases.length, "case")}, as --limit says.` : "Stopped: the policy is too large to be searched in full. Confirm these, then run it again for the rest."));
  if (unreached.length > 0) {
    lines.push("Not reached");
    for (const { what, why } of unreached.slice(0, MOST_LISTED)) lines.push(`  ${what}: ${REASONS[why]}`);
    if (unreached.length > MOST_LISTED) lines.push(`  … and ${unreached.length - MOST_LISTED} more`);
  }
  return lines.join("\n");
}
