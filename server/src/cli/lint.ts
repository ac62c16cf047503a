// `policy lint`: what is wrong with policies and case files, and what of it can be mended.
import type { Diagnostic } from "../diagnostic.js";
import type { Profile } from "../lint/model.js";
import { atLeast } from "../render/reports/model.js";
import { dayNumber, readDate } from "../syntax/dates.js";
import type { Baseline } from "./baseline.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { displayed, findUnits } from "./inputs.js";
import { lintConfigs } from "./lintconfig.js";
import { type LintContext, type LintedText, lintUnit, readSpelling } from "./lintrun.js";
import { versionsAmong } from "./lintversions.js";
import { countBySeverity } from "./output.js";
import { reportProblems } from "./problems.js";
import { type Format, type LintResult, putOut } from "./report.js";
import type { Rewriting } from "./rewriting.js";
import { type Selection, selectionOf } from "./selection.js";
import type { Changed } from "./since.js";
import { clearProgress, progress } from "./terminal.js";

export interface LintOptions {
  readonly format: Format;
  readonly ignore: readonly string[];
  readonly stdinFilename: string;
  /** A path; false for none; true where each file's own is looked for. */
  readonly config?: string | boolean | undefined;
  readonly profile?: Profile | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly category?: readonly string[] | undefined;
  /** The day as of which codes and evidence are judged, `2026-01-31`. */
  readonly asOf?: string | undefined;
  readonly failLevel: "error" | "warning" | "info";
  /** With more warnings than this the run fails. */
  readonly maxWarnings?: number | undefined;
  /** Errors only. */
  readonly quiet?: boolean | undefined;
  readonly statistics?: boolean | undefined;
  readonly timing?: boolean | undefined;
  readonly outputFile?: string | undefined;
  readonly fix?: boolean | undefined;
  readonly unsafeFixes?: boolean | undefined;
  readonly diff?: boolean | undefined;
  readonly addSuppressions?: string | undefined;
  readonly baseline?: string | undefined;
  readonly updateBaseline?: boolean | undefined;
  readonly since?: string | undefined;
  readonly printConfig?: string | undefined;
}

/** Checks files, folders and globs; gives the exit code. */
export async function lint(paths: readonly string[], options: LintOptions): Promise<ExitCode> {
  requireSense(paths, options);
  const selection = await selectionOf(options);
  const configs = await lintConfigs(options);
  if (options.printConfig !== undefined) return (await import("./printconfig.js")).printConfig(options.printConfig, configs, selection, options.format);
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const { units, problems } = await findUnits(paths.length === 0 ? ["."] : paths, options);
  if (units.length === 0 && problems.length > 0) return reportProblems(problems);

  const changed = options.since === undefined ? undefined : await (await import("./since.js")).changedSince(options.since);
  const baseline = options.baseline === undefined ? undefined : (await import("./baseline.js")).openBaseline(options.baseline);
  const input = paths.includes("-") ? displayed(options.stdinFilename) : undefined;
  const rewriting = options.fix !== true && options.addSuppressions === undefined ? undefined
    : (await import("./rewriting.js")).rewriting({ unsafe: options.unsafeFixes === true, diff: options.diff === true, reason: options.addSuppressions, input });
  const times = options.timing === true ? new Map<string, number>() : undefined;
  const context: LintContext = {
    configs, selection, asOf, today: today(), spelling: readSpelling(), versions: versionsAmong(units.filter(({ policy }) => !configs.of(policy.path).ignored)),
    run: times === undefined ? {} : { clock: () => performance.now(), timed: (id, took) => void times.set(id, (times.get(id) ?? 0) + took) },
  };
  const sorting = sorter(options, selection, baseline, changed);

  const step = progress("Checked", units.length);
  const texts: { source: LintedText["source"]; found: readonly Diagnostic[] }[] = [];
  let done = 0;
  /** What is left of the findings of one text when it has been mended and sorted out. */
  const settle = (before: LintedText): LintedText => {
    const { mended = 0, suppressed = 0 } = rewriting?.done ?? {};
    let text = rewriting === undefined || options.fix !== true ? before : rewriting.mend(before, (now) => sorting.shown(now), changed !== undefined);
    let found = sorting.counted(text);
    if (rewriting !== undefined && options.addSuppressions !== undefined) ({ text, left: found } = rewriting.suppress(text, found));
    if (!finish(rewriting, before, text, problems)) {
      // Nothing has been written: what was found is still there.
      Object.assign(rewriting!.done, { mended, suppressed });
      text = before;
      found = sorting.shown(text);
    }
    texts.push({ source: text.source, found });
    return text;
  };
  // One thread: a second one spends as long on warming up as it saves on a thousand files (measured on two cores).
  for (const unit of units) {
    step(done++);
    const linted = await lintUnit(unit, context);
    problems.push(...linted.problems);
    const policy = linted.policy === undefined ? undefined : settle(linted.policy);
    for (const caseFile of linted.caseFiles) settle(caseFile(policy?.analysis ?? linted.analysis));
  }
  clearProgress();

  const configTexts = configs.read.filter(({ diagnostics }) => diagnostics.length > 0).map(({ source, diagnostics }) => ({ source, found: diagnostics }));
  const result: LintResult = { texts: [...configTexts, ...texts], done: rewriting?.done, baseline: sorting.baseline(), times };
  await putOut(result, options);
  if (problems.length > 0) return reportProblems(problems);
  if (options.diff === true && rewriting!.done.files.length > 0) return EXIT.findings;
  const all = result.texts.flatMap(({ found }) => found);
  const failed = all.some(({ severity }) => atLeast(severity, options.failLevel)) || (options.maxWarnings !== undefined && countBySeverity(all).warning > options.maxWarnings);
  return failed ? EXIT.findings : EXIT.ok;
}

/** Whether what has changed is written; why it is not goes to the problems. */
function finish(rewriting: Rewriting | undefined, before: LintedText, after: LintedText, problems: UsageError[]): boolean {
  try {
    rewriting?.finish(before, after);
    return true;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(error);
    return false;
  }
}

interface Sorter {
  /** The findings of a text that are new and lie where something has changed. */
  shown(text: LintedText): readonly Diagnostic[];
  /** The same, once for each text when it is as it will be. */
  counted(text: LintedText): readonly Diagnostic[];
  /** What to say of the baseline when all texts have been looked at; writes it where that is due. */
  baseline(): LintResult["baseline"];
}

/** Sorts out which findings count: those that are not in the baseline and lie on changed lines. */
function sorter(options: LintOptions, selection: Selection, baseline: Baseline | undefined, changed: Changed | undefined): Sorter {
  const writes = baseline !== undefined && (!baseline.existed || options.updateBaseline === true);
  let known = 0;
  const onChanged = ({ source }: LintedText, found: readonly Diagnostic[]): readonly Diagnostic[] => (changed === undefined ? found : found.filter((each) => changed(source.path, source.text, each)));
  const unknown = ({ source, found }: LintedText): readonly Diagnostic[] => (baseline === undefined ? found : baseline.unknown(source, found));
  return {
    shown: (text) => onChanged(text, unknown(text)),
    counted(text) {
      baseline?.note(text.source, text.found);
      if (writes) return [];
      const fresh = unknown(text);
      known += text.found.length - fresh.length;
      return onChanged(text, fresh);
    },
    baseline() {
      if (baseline === undefined) return undefined;
      const gone = baseline.gone(selection.selects);
      return { path: options.baseline!, written: writes ? baseline.write(selection.selects) : undefined, known, gone };
    },
  };
}

/** Mistakes in how options are put together. */
function requireSense(paths: readonly string[], options: LintOptions): void {
  const needs = (option: string, what: string): never => { throw new UsageError(`${option} goes with ${what}`, "`policy lint --help` shows what there is."); };
  const excludes = (option: string, other: string): never => { throw new UsageError(`${option} and ${other} do not go together`, "`policy lint --help` shows what there is."); };
  if (options.unsafeFixes === true && options.fix !== true) needs("--unsafe-fixes", "--fix");
  if (options.diff === true && options.fix !== true && options.addSuppressions === undefined) needs("--diff", "--fix or --add-suppressions");
  if (options.fix === true && options.addSuppressions !== undefined) excludes("--fix", "--add-suppressions");
  if (options.updateBaseline === true && options.baseline === undefined) needs("--update-baseline", "--baseline FILE");
  if (options.since !== undefined && paths.includes("-")) excludes("--since", "standard input");
  if (options.since !== undefined && options.updateBaseline === true) excludes("--since", "--update-baseline");
  if (options.addSuppressions !== undefined && options.addSuppressions.trim() === "") throw new UsageError("--add-suppressions needs a reason", "A suppression without a reason has no effect.");
}

/** A date of the command line as a day. */
function dayOf(text: string): number {
  const { day, precision } = readDate(text, 0);
  if (day === undefined || precision !== "day") throw new UsageError(`\`${text}\` is no date`, "Write a date as 2026-01-31.");
  return day;
}

/** Today where the user is, days since 1970-01-01. */
function today(): number {
  const now = new Date();
  return dayNumber(now.getFullYear(), now.getMonth() + 1, now.getDate())!;
}
