// `policy test`: runs the cases of policies and case files and compares them with what they expect.
import { diagnosticText, placeText } from "../render/codeframe.js";
import { determinationColour, explanationText } from "../render/text.js";
import { wrapped } from "../render/width.js";
import { counted, sentenceList } from "../text.js";
import type { Broken, CaseRun, PolicyRun } from "./cases.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { findUnits } from "./inputs.js";
import { load } from "./load.js";
import { json, jsonDiagnostic, jsonPlace } from "./output.js";
import { reportProblems } from "./problems.js";
import { nearest } from "./suggest.js";
import { clearProgress, outputColours, outputWidth, print, progress } from "./terminal.js";

export interface TestOptions {
  readonly format: "pretty" | "json";
  readonly ignore: readonly string[];
  readonly stdinFilename: string;
  /** Every case by name, and of failing ones the whole explanation. */
  readonly verbose?: boolean | undefined;
  /** Only cases whose name holds this. */
  readonly case?: string | undefined;
}

interface Summary {
  readonly policies: number;
  readonly passed: number;
  readonly failed: number;
  readonly notEvaluated: number;
  readonly withoutExpectation: number;
  /** Files whose errors lie in no case, so that it is not known how many cases are lost. */
  readonly broken: number;
}

/** Runs all cases; gives the exit code. */
export async function test(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const { units, problems } = await findUnits(paths.length === 0 ? ["."] : paths, options);
  if (units.length === 0 && problems.length > 0) return reportProblems(problems);
  const { runCases } = await import("./cases.js");
  const filter = options.case?.toLowerCase();
  const wanted = (name: string): boolean => filter === undefined || name.toLowerCase().includes(filter);
  const names: string[] = [];
  const failures: UsageError[] = [...problems];
  const policies: PolicyRun[] = [];
  const step = progress("Tested", units.length);
  for (const [done, unit] of units.entries()) {
    step(done);
    const loaded = await load(unit);
    failures.push(...loaded.problems);
    if (filter !== undefined) {
      for (const text of [...(loaded.policy ? [loaded.policy.analysis] : []), ...loaded.caseFiles]) names.push(...text.cases.map(({ name }) => name));
    }
    policies.push(runCases(loaded, wanted));
  }
  clearProgress();
  const summary = summarize(policies);
  const ran = summary.passed + summary.failed + summary.notEvaluated + summary.withoutExpectation;
  if (ran === 0 && filter !== undefined && summary.broken === 0) {
    const meant = await nearest(options.case!, names);
    failures.push(new UsageError(`no case has “${options.case!}” in its name`, meant === undefined ? undefined : `Did you mean “${meant}”?`));
    return reportProblems(failures);
  }
  print(options.format === "json" ? asJson(policies, summary, options) : pretty(policies, summary, options));
  if (failures.length > 0) return reportProblems(failures);
  return summary.failed + summary.notEvaluated + summary.broken > 0 ? EXIT.findings : EXIT.ok;
}

function summarize(policies: readonly PolicyRun[]): Summary {
  const runs = policies.flatMap((policy) => policy.runs);
  const count = (status: CaseRun["result"]["status"]): number => runs.filter(({ result }) => result.status === status).length;
  return {
    policies: policies.length,
    passed: count("passed"),
    failed: count("failed"),
    notEvaluated: count("not evaluated"),
    withoutExpectation: count("no expectation"),
    broken: policies.reduce((sum, policy) => sum + policy.broken.length, 0),
  };
}

const isBad = ({ result }: CaseRun): boolean => result.status === "failed" || result.status === "not evaluated";

function asJson(policies: readonly PolicyRun[], summary: Summary, options: TestOptions): string {
  const cases = policies.flatMap((policy) =>
    policy.runs.map((run) => {
      const { source, policyCase, result, mistakes } = run;
      return {
        ...jsonPlace(source, policyCase.nameRange),
        policy: policy.path,
        name: result.name,
        status: result.status,
        determination: result.explanation?.determination,
        reason: result.reason,
        failures: result.failures.map((failure) => ({ ...jsonPlace(source, failure.range), message: failure.message })),
        diagnostics: mistakes.map((found) => jsonDiagnostic(source, found)),
        explanation: isBad(run) || options.verbose ? result.explanation : undefined,
      };
    }),
  );
  const diagnostics = policies.flatMap((policy) => policy.broken.flatMap(({ source, errors }) => errors.map((found) => jsonDiagnostic(source, found))));
  return json({ summary, cases, diagnostics });
}

/** A policy with more errors than this shows the first of them: `policy lint` shows all. */
const ERRORS_SHOWN = 5;

function pretty(policies: readonly PolicyRun[], summary: Summary, options: TestOptions): string {
  const colours = outputColours();
  const width = outputWidth();
  const verbose = options.verbose === true;

  const brokenText = ({ source, errors }: Broken): string => {
    const frames = errors.slice(0, ERRORS_SHOWN).map((found) => indented(diagnosticText(source, found, { colours, width: width - 2 }), 2));
    const more = errors.length > ERRORS_SHOWN ? [`  ${colours.dim(`… and ${counted(errors.length - ERRORS_SHOWN, "more error")}: policy lint ${source.path}`)}`] : [];
    return [...frames, ...more].join("\n\n");
  };
  const came = ({ result: { explanation } }: CaseRun): string => {
    if (explanation === undefined) return "";
    const by = explanation.decidedBy === undefined ? "" : ` by ${explanation.path.at(-1) ?? explanation.decidedBy.address}`;
    return `${determinationColour(explanation.determination, colours)(explanation.determination)}${colours.dim(by)}`;
  };
  const bad = (run: CaseRun): string => {
    const { source, policyCase, result, mistakes } = run;
    const lines = [`  ${colours.red("✗")} ${colours.bold(result.name)}  ${colours.dim(placeText(source, policyCase.nameRange.start))}`];
    if (result.status === "not evaluated") {
      lines.push(`    not evaluated: ${result.reason ?? "no reason is known"}`);
      for (const found of mistakes) lines.push(indented(diagnosticText(source, found, { colours, width: width - 4 }), 4));
      return lines.join("\n");
    }
    for (const failure of result.failures) {
      const message = wrapped(failure.message, width - 4).map((line) => `    ${colours.red(line)}`);
      lines.push(...message, `      ${colours.dim(`at ${placeText(source, failure.range.start)}`)}`);
    }
    if (result.explanation !== undefined) {
      const { by, outcomes } = policyCase.expect;
      const asked = [...(by ? [by.address] : []), ...outcomes.map(({ address }) => address)];
      lines.push("", indented(explanationText(result.explanation, { colours, width: width - 4, detail: verbose ? "all" : "path", wanted: asked, heading: false }), 4));
    }
    return lines.join("\n");
  };

  const blocks: string[] = [];
  let lines: string[] = [];
  for (const policy of policies) {
    const failed = policy.runs.filter(isBad);
    const good = failed.length === 0 && policy.broken.length === 0;
    const total = counted(policy.runs.length, "case");
    const lost = policy.runs.filter((run) => run.result.status === "not evaluated" && run.mistakes.length === 0).length;
    const what = failed.length === 0 ? "has errors" : lost === policy.runs.length ? `has errors: its ${total} are not evaluated` : `${failed.length} of ${total} not as expected`;
    const title = good ? `${colours.green("✓")} ${policy.path}  ${colours.dim(policy.runs.length === 0 ? "no cases" : total)}` : `${colours.red("✗")} ${colours.bold(policy.path)}  ${what}`;
    if (good && options.case !== undefined && policy.runs.length === 0) continue;
    lines.push(title);
    if (verbose) {
      for (const run of policy.runs.filter((other) => !isBad(other))) {
        const sign = run.result.status === "passed" ? colours.green("✓") : colours.dim("–");
        lines.push(`  ${sign} ${run.result.name}  ${came(run)}${run.result.status === "no expectation" ? colours.dim("  expects nothing") : ""}`);
      }
    }
    if (good) continue;
    // A policy with errors evaluates none of its cases: saying so once is enough.
    const each = failed.filter((run) => run.result.status === "failed" || run.mistakes.length > 0 || policy.broken.length === 0);
    blocks.push(lines.join("\n"), ...policy.broken.map(brokenText), ...each.map(bad));
    lines = [];
  }
  if (lines.length > 0) blocks.push(lines.join("\n"));
  return `${[...blocks, summaryText(summary, colours)].join("\n\n")}\n`;
}

function summaryText(summary: Summary, colours: ReturnType<typeof outputColours>): string {
  const bad = summary.failed + summary.notEvaluated + summary.broken > 0;
  if (!bad && summary.passed + summary.withoutExpectation === 0) return `${colours.yellow("!")} No cases in ${counted(summary.policies, "policy", "policies")}. Write them under \`cases\`, or in a .case.yaml file beside the policy.`;
  const words = [`${summary.passed} passed`, `${summary.failed} failed`];
  if (summary.notEvaluated > 0) words.push(`${summary.notEvaluated} not evaluated (counted as failures)`);
  if (summary.withoutExpectation > 0) words.push(`${summary.withoutExpectation} without expectation`);
  if (summary.broken > 0) words.push(`${counted(summary.broken, "file")} with errors`);
  return `${bad ? colours.red("✗") : colours.green("✓")} ${sentenceList(words)}.`;
}

function indented(text: string, by: number): string {
  const lead = " ".repeat(by);
  return text.split("\n").map((line) => (line === "" ? line : lead + line)).join("\n");
}
