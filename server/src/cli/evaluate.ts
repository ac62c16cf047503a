// `policy evaluate`: the determination of cases with its explanation.
import { diagnosticText } from "../render/codeframe.js";
import { explanationMarkdown } from "../render/markdown.js";
import { explanationText } from "../render/text.js";
import type { Explanation } from "../evaluate/model.js";
import type { Advice } from "../render/advice.js";
import type { Colours } from "../render/colours.js";
import type { Policy, PolicyCase } from "../semantics/model.js";
import { counted } from "../text.js";
import type { CaseRun, PolicyRun } from "./cases.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { findUnits } from "./inputs.js";
import { load } from "./load.js";
import { json, jsonDiagnostic, jsonPlace } from "./output.js";
import { reportProblems } from "./problems.js";
import { nearest } from "./suggest.js";
import { complain, errorColours, outputColours, outputWidth, print } from "./terminal.js";

export interface EvaluateOptions {
  readonly format: "pretty" | "json" | "markdown" | "ndjson" | "csv";
  /** A file of cases to stream, with what goes with it. */
  readonly cases?: string | undefined;
  readonly explain?: boolean | undefined;
  readonly outputFile?: string | undefined;
  readonly threads?: number | undefined;
  readonly stdinFilename: string;
  /** Names of cases; all of them where none is named. */
  readonly case: readonly string[];
  readonly verbose?: boolean | undefined;
  /** Say what is missing, and why a case is not approved. */
  readonly missing?: boolean | undefined;
  readonly whyNot?: boolean | undefined;
  /** The day that picks the version in place of the date of service. */
  readonly asOf?: string | undefined;
  /** The versions are read out of the history of git. */
  readonly revisions?: boolean | undefined;
  /** FHIR files from which cases are made, and the parts of their requests. */
  readonly fhir: readonly string[];
  readonly on?: string | undefined;
  readonly codes?: string | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
}

/** Evaluates the cases of policies or case files; gives the exit code. */
export async function evaluate(paths: readonly string[], options: EvaluateOptions): Promise<ExitCode> {
  requireFhir(options);
  if (options.cases !== undefined) return evaluateBatch(paths, options, options.cases);
  requireBatch(options);
  const ran = await decide(paths, options);
  if (typeof ran === "number") return ran;
  const { all, header: { number, title }, versions } = ran;
  const chosen = await pick(all, options.case);
  const advice = await adviser(ran.policy, options);
  if (options.format === "json") {
    const results = chosen.map(({ source, policyCase, result, mistakes, policy }) => ({
      ...jsonPlace(source, policyCase.nameRange),
      name: result.name,
      status: result.status,
      reason: result.reason,
      failures: result.failures.map((failure) => ({ ...jsonPlace(source, failure.range), message: failure.message })),
      diagnostics: mistakes.map((found) => jsonDiagnostic(source, found)),
      explanation: result.explanation,
      ...advice?.of(policyCase, result.explanation, policy),
    }));
    const diagnostics = all.broken.flatMap(({ source, errors }) => errors.map((found) => jsonDiagnostic(source, found)));
    print(json({ policy: { path: all.path, number, title }, versions, results, diagnostics }));
  } else {
    reportMistakes(all, chosen);
    const explained = chosen.flatMap(({ policyCase, result: { explanation }, policy }) => (explanation === undefined ? [] : [{ explanation, told: advice?.of(policyCase, explanation, policy) ?? {} }]));
    if (options.format === "markdown") {
      print(explained.map(({ explanation, told }) => [explanationMarkdown(explanation, options.verbose ? "all" : "folded"), advice?.markdown(told) ?? ""].filter((part) => part !== "").join("\n")).join("\n---\n\n"));
    } else {
      const colours = outputColours();
      const width = outputWidth();
      const texts = explained.map(({ explanation, told }) => [explanationText(explanation, { colours, width, detail: options.verbose ? "all" : "folded" }), advice?.text(told, { colours, width }) ?? ""].filter((part) => part !== "").join("\n\n"));
      print(texts.join(`\n\n${colours.dim("─".repeat(width))}\n\n`));
    }
  }
  const complete = all.broken.length === 0 && ran.incomplete !== true && chosen.every(({ result }) => result.explanation !== undefined);
  return complete ? EXIT.ok : EXIT.findings;
}

export interface Decided {
  readonly all: PolicyRun;
  readonly header: { readonly number?: string | undefined; readonly title?: string | undefined };
  /** The policy, where there is but one. */
  readonly policy: Policy | undefined;
  /** What there was to pick from, where there were several. */
  readonly versions?: readonly object[] | undefined;
  /** Something of a FHIR file could not be made a fact. */
  readonly incomplete?: boolean | undefined;
}

/** Decides all cases: under the one policy that was named, or each under its version. */
export async function decide(paths: readonly string[], options: EvaluateOptions): Promise<Decided | ExitCode> {
  if (options.fhir.length > 0) {
    const [{ casesFromFhir }, { runCases }] = await Promise.all([import("./fhir.js"), import("./cases.js")]);
    const made = await casesFromFhir(paths, options.fhir, options);
    if (typeof made === "number") return made;
    const { analysis } = made.loaded.policy!;
    return { all: runCases(made.loaded, () => true), header: analysis.header, policy: analysis.policy, incomplete: !made.complete };
  }
  const { needsVersions, runVersions, versionsBeside } = await import("./versions.js");
  const [path] = paths;
  if (path !== undefined && !needsVersions(paths, options)) {
    const { units, problems } = await findUnits([path], { ignore: [], stdinFilename: options.stdinFilename });
    if (problems.length > 0) return reportProblems(problems);
    if (units.length === 1) {
      const loaded = await load(units[0]!);
      if (loaded.problems.length > 0) return reportProblems(loaded.problems);
      const { runCases } = await import("./cases.js");
      const all = runCases(loaded, () => true);
      const beside = path === "-" || loaded.policy === undefined ? undefined : await versionsBeside(loaded.policy.source.path, loaded.policy.analysis, (await pick(all, options.case)).map(({ policyCase }) => policyCase));
      if (beside !== undefined) complain(beside);
      return { all, header: loaded.policy?.analysis.header ?? {}, policy: loaded.policy?.analysis.policy };
    }
  }
  const { all, versions, problems } = await runVersions(paths, options);
  if (problems.length > 0) return reportProblems(problems);
  const numbers = new Set(versions.map(({ number }) => number));
  return {
    all, policy: undefined, header: numbers.size === 1 ? { number: versions[0]!.number } : {},
    versions: versions.map(({ source, number, effective, ends }) => ({ source, number, effective, ends })),
  };
}

interface Adviser {
  of(policyCase: PolicyCase, explanation: Explanation | undefined, version: Policy | undefined): Advice;
  text(advice: Advice, options: { readonly colours: Colours; readonly width: number }): string;
  markdown(advice: Advice): string;
}

/** What is asked for beside the explanation; loaded only then. */
async function adviser(only: Policy | undefined, { missing, whyNot }: EvaluateOptions): Promise<Adviser | undefined> {
  if (!(missing || whyNot)) return undefined;
  const [searchMissing, searchWhyNot, render] = await Promise.all([import("../evaluate/missing.js"), import("../evaluate/whynot.js"), import("../render/advice.js")]);
  return {
    of(policyCase, explanation, version) {
      const policy = version ?? only;
      if (explanation === undefined || policy === undefined) return {};
      return {
        ...(missing ? { missing: searchMissing.whatIsMissing(policy, policyCase, explanation) } : {}),
        ...(whyNot ? { whyNot: searchWhyNot.whyNot(policy, policyCase, explanation) } : {}),
      };
    },
    text: render.adviceText,
    markdown: render.adviceMarkdown,
  };
}

async function evaluateBatch(paths: readonly string[], { format, case: names, explain, outputFile, threads, missing, whyNot, asOf, revisions }: EvaluateOptions, cases: string): Promise<ExitCode> {
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new UsageError("--cases goes with one policy", "Its version decides every row; a row of another time is referred.");
  if (asOf !== undefined || revisions) throw new UsageError(`${asOf === undefined ? "--revisions" : "--as-of"} does not go with --cases`, "With --cases one version decides every row; a row of another time is referred.");
  if (missing || whyNot) throw new UsageError(`${missing ? "--missing" : "--why-not"} does not go with --cases`, "Choose single cases with --case.");
  if (names.length > 0) throw new UsageError("--case and --cases exclude each other", "With --cases every case of the file is evaluated.");
  if (format === "json" || format === "markdown") throw new UsageError(`--cases has no results in the format ${format}`, "Choose --format ndjson or --format csv.");
  const { batch } = await import("./batch/batch.js");
  return batch(path, { cases, format: format === "pretty" ? undefined : format, explain, outputFile, threads });
}

/** Refuses what goes with `--cases` alone. */
function requireBatch({ format, explain, outputFile, threads }: EvaluateOptions): void {
  const without = format === "ndjson" || format === "csv" ? `--format ${format}` : explain ? "--explain" : outputFile !== undefined ? "--output-file" : threads !== undefined ? "--threads" : undefined;
  if (without !== undefined) throw new UsageError(`${without} goes with --cases`, "Name the file of cases, `--cases cases.ndjson`.");
}

/** Refuses what goes with `--fhir` alone, or not with it. */
function requireFhir({ fhir, cases, asOf, revisions, on, codes, lineOfBusiness, pathway }: EvaluateOptions): void {
  const part = on !== undefined ? "--on" : codes !== undefined ? "--codes" : lineOfBusiness !== undefined ? "--line-of-business" : pathway !== undefined ? "--pathway" : undefined;
  if (fhir.length === 0 && part !== undefined) throw new UsageError(`${part} goes with --fhir`, "Other cases say it themselves.");
  const other = cases !== undefined ? "--cases" : asOf !== undefined ? "--as-of" : revisions ? "--revisions" : undefined;
  if (fhir.length > 0 && other !== undefined) throw new UsageError(`--fhir and ${other} exclude each other`, "Write a case file with `policy case-from-fhir`, and evaluate that.");
}

/** The cases that were named; an unknown name is a usage error with the nearest one. */
export async function pick({ runs, broken, path }: PolicyRun, names: readonly string[]): Promise<readonly CaseRun[]> {
  if (names.length === 0) {
    if (runs.length === 0 && broken.length === 0) throw new UsageError(`${path} has no cases to evaluate`, "Write them under `cases`, or in a .case.yaml file beside the policy.");
    return runs;
  }
  const chosen: CaseRun[] = [];
  for (const name of names) {
    const lower = name.toLowerCase();
    const exact = runs.filter(({ result }) => result.name === name);
    const found = exact.length > 0 ? exact : runs.filter(({ result }) => result.name.toLowerCase() === lower);
    if (found.length === 0) {
      // Where the policy cannot be read the case may well exist: its errors are what has to be told.
      if (broken.length > 0) continue;
      const known = runs.map(({ result }) => result.name);
      const meant = await nearest(name, known);
      const list = `Its cases are ${known.slice(0, 20).map((one) => `“${one}”`).join(", ")}${known.length > 20 ? ` and ${known.length - 20} more` : ""}.`;
      throw new UsageError(`${path} has no case “${name}”`, meant !== undefined ? `Did you mean “${meant}”?` : known.length > 0 ? list : "It has no cases at all.");
    }
    chosen.push(...found);
  }
  return chosen;
}

/** Says on standard error what kept cases from being evaluated. */
export function reportMistakes({ broken }: PolicyRun, chosen: readonly CaseRun[]): void {
  const colours = errorColours();
  const options = { colours, width: outputWidth() };
  const texts = broken.flatMap(({ source, errors }) => errors.map((found) => diagnosticText(source, found, options)));
  for (const { source, result, mistakes } of chosen) {
    if (result.explanation !== undefined || result.status !== "not evaluated") continue;
    for (const found of mistakes) texts.push(diagnosticText(source, found, options));
    if (mistakes.length > 0) texts.push(`${colours.red("✗")} Case “${result.name}” is not evaluated: ${result.reason ?? "it has a mistake"}.`);
  }
  const lost = chosen.filter(({ result, mistakes }) => result.status === "not evaluated" && mistakes.length === 0);
  if (lost.length > 0) texts.push(`${colours.red("✗")} ${counted(lost.length, "case")} not evaluated: ${lost[0]!.result.reason ?? "no reason is known"}.`);
  if (texts.length > 0) complain(`${texts.join("\n\n")}\n`);
}
