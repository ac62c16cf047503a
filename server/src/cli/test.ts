// `policy test`: runs the cases of policies and case files and compares them with what they expect.
import { plain } from "../render/colours.js";
import type { Analysis } from "../semantics/model.js";
import { counted } from "../text.js";
import type { CaseRun, PolicyRun } from "./cases.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { writeOut, writeText } from "./files.js";
import { findUnits } from "./inputs.js";
import { load, type Loaded } from "./load.js";
import { reportProblems } from "./problems.js";
import { nearest } from "./suggest.js";
import { clearProgress, complain, ended, errorColours, isTerminal, outputColours, outputWidth, print, progress } from "./terminal.js";
import { isBad, isGood, summarize, type TestOptions, type TestRun } from "./testing/model.js";

export type { TestOptions } from "./testing/model.js";

/** Runs all cases; gives the exit code. */
export async function test(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  checkOptions(paths, options);
  const wanted = paths.length === 0 ? ["."] : paths;
  if (options.watch !== true) return testOnce(wanted, options);
  const { watchAndRun } = await import("./testing/watch.js");
  const terminal = isTerminal(1);
  await watchAndRun({
    paths: wanted,
    async run(changed) {
      // On a terminal each run begins on an empty screen.
      if (terminal) print("\x1b[2J\x1b[3J\x1b[H");
      if (changed.length > 0) print(`${terminal ? "" : "\n"}Changed: ${changed.join(", ")}`);
      try {
        await testOnce(wanted, options);
      } catch (error) {
        // A file may be gone for a moment: the next change tries again.
        if (!(error instanceof UsageError)) throw error;
        reportProblems([error]);
      }
      print(outputColours().dim("Watching for changes. Ctrl+C ends."));
    },
  });
  return EXIT.ok;
}

/** Refuses options that contradict each other, before anything is run. */
function checkOptions(paths: readonly string[], { coverage, coverageFile, minCoverage, format, outputFile, update, yes, watch }: TestOptions): void {
  if (coverageFile !== undefined && coverage === undefined) throw new UsageError("`--coverage-file` needs `--coverage`", "Write `--coverage=html --coverage-file coverage.html`, for example.");
  if (minCoverage !== undefined && minCoverage > 100) throw new UsageError("`--min-coverage` is a number of percent, from 0 to 100");
  if (coverage !== undefined && coverageFile === undefined && outputFile === undefined && (coverage !== "text" || format !== "pretty") && !(coverage === "json" && format === "json")) {
    throw new UsageError(`results and coverage in ${coverage} cannot both go to standard output`, "Say where the coverage goes with `--coverage-file`, or where the results go with `--output-file`.");
  }
  if (yes === true && update !== true) throw new UsageError("`--yes` needs `--update`");
  if (update === true && format !== "pretty") throw new UsageError("`--update` shows what changes, in `--format pretty` alone");
  if (watch === true && update === true) throw new UsageError("`--watch` and `--update` cannot go together", "Rewrite expectations in a run of its own.");
  if (watch === true && paths.includes("-")) throw new UsageError("standard input cannot be watched");
  if (update === true && paths.includes("-")) throw new UsageError("standard input cannot be rewritten", "Name the file.");
}

async function testOnce(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const run = await runTests(paths, options);
  if (run === undefined) return EXIT.usage;
  const { summary } = run;
  await put(run, options);
  if (run.problems.length > 0) return reportProblems(run.problems);
  if (options.update === true) return update(run, options);
  const low = run.coverage !== undefined && options.minCoverage !== undefined ? (await import("./testing/coverage.js")).tooLittle(run.coverage, options.minCoverage) : undefined;
  if (low !== undefined) complain(`${errorColours().red("✗")} ${low}`);
  return isGood(summary) && low === undefined ? EXIT.ok : EXIT.findings;
}

// ── Running ───────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Undefined where nothing was run, for reasons that have been reported. */
async function runTests(paths: readonly string[], options: TestOptions): Promise<TestRun | undefined> {
  const { units, problems } = await findUnits(paths, options);
  if (units.length === 0 && problems.length > 0) {
    reportProblems(problems);
    return undefined;
  }
  const { runCases } = await import("./cases.js");
  const pickByCriterion = options.criterion.length === 0 ? undefined : (await import("./testing/criteria.js")).pickByCriterion;
  const filter = options.case?.toLowerCase();
  const wanted = (name: string): boolean => filter === undefined || name.toLowerCase().includes(filter);
  const withCoverage = options.coverage !== undefined || options.minCoverage !== undefined;
  const covering = withCoverage ? (await import("./testing/coverage.js")).coverageOfRun : undefined;
  const names: string[] = [];
  const analyses: Analysis[] = [];
  const failures: UsageError[] = [...problems];
  const policies: PolicyRun[] = [];
  const read: Loaded[] = [];
  const covered = [];
  let stopped = false;
  const step = progress("Tested", units.length);
  for (const [done, unit] of units.entries()) {
    step(done);
    const loaded = await load(unit);
    failures.push(...loaded.problems);
    if (loaded.policy !== undefined) analyses.push(loaded.policy.analysis);
    if (filter !== undefined) {
      for (const text of [...(loaded.policy ? [loaded.policy.analysis] : []), ...loaded.caseFiles]) names.push(...text.cases.map(({ name }) => name));
    }
    const all = runCases(loaded, wanted);
    const picked = pickByCriterion === undefined ? all : { ...all, runs: pickByCriterion(loaded, all.runs, options.criterion) };
    const first = options.bail === true ? picked.runs.findIndex(isBad) : -1;
    const ran = first < 0 ? picked : { ...picked, runs: picked.runs.slice(0, first + 1) };
    policies.push(ran);
    read.push(loaded);
    const coverage = covering?.(loaded, ran);
    if (coverage !== undefined) covered.push(coverage);
    if (options.bail === true && (first >= 0 || ran.broken.length > 0)) {
      stopped = done + 1 < units.length || ran.runs.length < picked.runs.length;
      break;
    }
  }
  clearProgress();
  const summary = summarize(policies, stopped);
  const nothing = summary.passed + summary.failed + summary.notEvaluated + summary.withoutExpectation === 0 && summary.broken === 0;
  const unasked = nothing ? await whyNone(options, names, analyses) : undefined;
  if (unasked !== undefined) {
    reportProblems([...failures, unasked]);
    return undefined;
  }
  return { policies, loaded: read, summary, problems: failures, ...(withCoverage ? { coverage: { policies: covered, time: Date.now() } } : {}) };
}

/** Why no case was run, where some were asked for: most often a slip in a name. */
async function whyNone(options: TestOptions, names: readonly string[], analyses: readonly Analysis[]): Promise<UsageError | undefined> {
  if (options.criterion.length > 0) {
    const { addressAsWritten } = await import("./testing/criteria.js");
    const known = analyses.flatMap(({ byAddress }) => [...byAddress.keys()]);
    const strange = options.criterion.find((address) => !known.includes(addressAsWritten(address)));
    if (strange !== undefined) {
      const meant = await nearest(addressAsWritten(strange), known);
      return new UsageError(`no policy has a criterion ${strange}`, meant === undefined ? undefined : `Did you mean “${meant}”?`);
    }
    return new UsageError(`no case${options.case === undefined ? "" : ` with “${options.case}” in its name`} decides ${options.criterion.join(" or ")} or expects something of it`);
  }
  if (options.case === undefined) return undefined;
  const meant = await nearest(options.case, names);
  return new UsageError(`no case has “${options.case}” in its name`, meant === undefined ? undefined : `Did you mean “${meant}”?`);
}

// ── Putting out ───────────────────────────────────────────────────────────────────────────────────────────────────────
async function put({ policies, summary, coverage }: TestRun, options: TestOptions): Promise<void> {
  const { format, outputFile, coverageFile } = options;
  const verbose = options.verbose === true;
  const colours = outputFile === undefined ? outputColours() : plain;
  const output = { colours, width: outputWidth(), verbose };
  // Coverage in JSON that goes where the results go is a part of them.
  const inside = coverage !== undefined && options.coverage === "json" && format === "json" && coverageFile === undefined && outputFile === undefined;
  const pretty = format === "pretty" || outputFile !== undefined ? await import("./testing/pretty.js") : undefined;
  let text: string;
  if (format === "pretty") {
    text = pretty!.prettyResults(policies, summary, { ...output, filtered: options.case !== undefined || options.criterion.length > 0 });
  } else {
    const formats = await import("./testing/formats.js");
    text = format === "json" ? formats.jsonResults(policies, summary, verbose, inside ? coverage : undefined) : format === "junit" ? formats.junitResults(policies, verbose) : formats.tapResults(policies, summary, verbose);
  }
  const report = coverage !== undefined && options.coverage !== undefined && !inside
    ? await (await import("./testing/coverage.js")).coverageReportText(coverage, options.coverage, coverageFile === undefined ? { ...output, colours: outputColours() } : { ...output, colours: plain }) : undefined;
  if (outputFile === undefined) {
    print(report === undefined || coverageFile !== undefined ? text : `${text}\n${report}`);
  } else {
    writeOut(ended(text), outputFile);
    if (report === undefined || coverageFile !== undefined) print(pretty!.summaryText(summary, outputColours()));
    else print(report);
  }
  if (report !== undefined && coverageFile !== undefined) writeOut(report, coverageFile);
}

// ── Rewriting expectations ────────────────────────────────────────────────────────────────────────────────────────────
async function update(run: TestRun, options: TestOptions): Promise<ExitCode> {
  const { summary } = run;
  if (summary.failed === 0) return isGood(summary) ? EXIT.ok : EXIT.findings;
  const { planUpdate } = await import("./testing/update.js");
  const { files, left } = planUpdate(run);
  const cases = files.reduce((sum, file) => sum + file.cases.length, 0);
  if (files.length > 0) print(`\n${files.map(({ diff }) => diff).join("\n")}`);
  if (left.length > 0) complain(`Not rewritten, since it cannot be done without losing something: ${left.map((each: CaseRun) => `“${each.result.name}”`).join(", ")}. Change what ${left.length === 1 ? "it expects" : "they expect"} by hand.`);
  if (files.length === 0) return EXIT.findings;
  const what = `the expectations of ${counted(cases, "case")} in ${counted(files.length, "file")}`;
  if (options.yes !== true && !(await confirmed(`Rewrite ${what}?`))) {
    complain("Nothing is written. --update --yes writes it.");
    return EXIT.findings;
  }
  for (const { path, before, after } of files) writeText(path, before, after);
  print(`${outputColours().green("✓")} Rewrote ${what}.`);
  return left.length === 0 && summary.notEvaluated + summary.broken === 0 ? EXIT.ok : EXIT.findings;
}

/** Asks on a terminal; where nobody can answer, the answer is no. */
async function confirmed(question: string): Promise<boolean> {
  if (!isTerminal(0) || !isTerminal(1)) return false;
  // Required, not imported: the cached code of the bundle has no way to import.
  const { createInterface } = require("node:readline/promises") as typeof import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/iu.test((await reader.question(`${question} [y/N] `)).trim());
  } catch {
    // Ctrl+C or Ctrl+D.
    return false;
  } finally {
    reader.close();
  }
}
