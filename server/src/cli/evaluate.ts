// `policy evaluate`: the determination of cases with its explanation.
import { diagnosticText } from "../render/codeframe.js";
import { explanationMarkdown } from "../render/markdown.js";
import { explanationText } from "../render/text.js";
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
  readonly format: "pretty" | "json" | "markdown";
  readonly stdinFilename: string;
  /** Names of cases; all of them where none is named. */
  readonly case: readonly string[];
  readonly verbose?: boolean | undefined;
}

/** Evaluates the cases of a policy or a case file; gives the exit code. */
export async function evaluate(path: string, options: EvaluateOptions): Promise<ExitCode> {
  const { units, problems } = await findUnits([path], { ignore: [], stdinFilename: options.stdinFilename });
  if (problems.length > 0) return reportProblems(problems);
  if (units.length > 1) throw new UsageError(`${path} names several policies`, "Give one policy or one case file.");
  const loaded = await load(units[0]!);
  if (loaded.problems.length > 0) return reportProblems(loaded.problems);
  const { runCases } = await import("./cases.js");
  const all = runCases(loaded, () => true);
  const chosen = await pick(all, options.case);
  const { number, title } = loaded.policy?.analysis.header ?? {};
  if (options.format === "json") {
    const results = chosen.map(({ source, policyCase, result, mistakes }) => ({
      ...jsonPlace(source, policyCase.nameRange),
      name: result.name,
      status: result.status,
      reason: result.reason,
      failures: result.failures.map((failure) => ({ ...jsonPlace(source, failure.range), message: failure.message })),
      diagnostics: mistakes.map((found) => jsonDiagnostic(source, found)),
      explanation: result.explanation,
    }));
    const diagnostics = all.broken.flatMap(({ source, errors }) => errors.map((found) => jsonDiagnostic(source, found)));
    print(json({ policy: { path: all.path, number, title }, results, diagnostics }));
  } else {
    reportMistakes(all, chosen);
    const explained = chosen.flatMap(({ result }) => (result.explanation === undefined ? [] : [result.explanation]));
    if (options.format === "markdown") {
      print(explained.map((explanation) => explanationMarkdown(explanation, options.verbose ? "all" : "folded")).join("\n---\n\n"));
    } else {
      const colours = outputColours();
      const width = outputWidth();
      const texts = explained.map((explanation) => explanationText(explanation, { colours, width, detail: options.verbose ? "all" : "folded" }));
      print(texts.join(`\n\n${colours.dim("─".repeat(width))}\n\n`));
    }
  }
  const complete = all.broken.length === 0 && chosen.every(({ result }) => result.explanation !== undefined);
  return complete ? EXIT.ok : EXIT.findings;
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
function reportMistakes({ broken }: PolicyRun, chosen: readonly CaseRun[]): void {
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
