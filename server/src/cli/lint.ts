// `policy lint`: what is wrong with policies and case files.
import { diagnosticText } from "../render/codeframe.js";
import type { Colours } from "../render/colours.js";
import { counted } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { findUnits, type Unit } from "./inputs.js";
import { load } from "./load.js";
import { countBySeverity, countsText, json, jsonDiagnostic, type Counts } from "./output.js";
import { reportProblems } from "./problems.js";
import { clearProgress, outputColours, outputWidth, print, progress } from "./terminal.js";

export interface LintOptions {
  readonly format: "pretty" | "json";
  readonly ignore: readonly string[];
  readonly stdinFilename: string;
  /** With more warnings than this the run fails. */
  readonly maxWarnings?: number | undefined;
  /** Errors only. */
  readonly quiet?: boolean | undefined;
}

/** How findings are put out. */
interface LintOutput {
  readonly format: LintOptions["format"];
  readonly quiet: boolean;
  readonly width: number;
}

/** What was found in one policy and its case files, ready to be put out. */
interface UnitFindings {
  readonly files: number;
  /** Files in which something is shown. */
  readonly touched: number;
  readonly counts: Counts;
  /** Frames as text, or diagnostics for JSON. */
  readonly shown: readonly (string | object)[];
  /** Messages of files that could not be read. */
  readonly problems: readonly string[];
}

/** Checks files, folders and globs; gives the exit code. */
export async function lint(paths: readonly string[], options: LintOptions): Promise<ExitCode> {
  const { units, problems } = await findUnits(paths.length === 0 ? ["."] : paths, options);
  if (units.length === 0 && problems.length > 0) return reportProblems(problems);
  const output: LintOutput = { format: options.format, quiet: options.quiet === true, width: outputWidth() };
  const colours = outputColours();
  const step = progress("Checked", units.length);
  // One thread: a second one spends as long on warming up as it saves on a thousand files (measured on two cores).
  const found: UnitFindings[] = [];
  for (const unit of units) {
    step(found.length);
    found.push(await lintUnit(unit, output, colours));
  }
  clearProgress();

  const counts: Counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const unit of found) for (const severity of Object.keys(counts) as (keyof Counts)[]) counts[severity] += unit.counts[severity];
  const files = found.reduce((sum, unit) => sum + unit.files, 0);
  const shown = found.flatMap((unit) => unit.shown);
  if (options.format === "json") {
    print(json({ summary: { files, errors: counts.error, warnings: counts.warning, infos: counts.info, hints: counts.hint }, diagnostics: shown }));
  } else {
    const touched = found.reduce((sum, unit) => sum + unit.touched, 0);
    print(`${shown.join("")}${summary(counts, files, touched, colours)}`);
  }
  const unread = [...problems, ...found.flatMap((unit) => unit.problems.map((message) => new UsageError(message)))];
  if (unread.length > 0) return reportProblems(unread);
  return counts.error > 0 || (options.maxWarnings !== undefined && counts.warning > options.maxWarnings) ? EXIT.findings : EXIT.ok;
}

/** Checks one policy with its case files. */
async function lintUnit(unit: Unit, output: LintOutput, colours: Colours): Promise<UnitFindings> {
  const { policy, caseFiles, problems } = await load(unit);
  const checked = unit.listed && policy !== undefined ? [policy, ...caseFiles] : caseFiles;
  const shown: (string | object)[] = [];
  let touched = 0;
  for (const { source, diagnostics } of checked) {
    const before = shown.length;
    for (const found of diagnostics) {
      if (output.quiet && found.severity !== "error") continue;
      shown.push(output.format === "json" ? jsonDiagnostic(source, found) : `${diagnosticText(source, found, { colours, width: output.width })}\n\n`);
    }
    if (shown.length > before) touched++;
  }
  return { files: checked.length, touched, counts: countBySeverity(checked.flatMap(({ diagnostics }) => diagnostics)), shown, problems: problems.map(({ message }) => message) };
}

function summary(counts: Counts, files: number, touched: number, colours: Colours): string {
  const found = countsText(counts);
  if (found === "") return `${colours.green("✓")} ${counted(files, "file")} checked, nothing found.`;
  const paint = counts.error > 0 ? colours.red : counts.warning > 0 ? colours.yellow : colours.blue;
  const sign = counts.error > 0 ? "✗" : counts.warning > 0 ? "!" : "✓";
  return `${paint(sign)} ${found} in ${touched === 0 || touched === files ? counted(files, "file") : `${touched} of ${files} files`}.`;
}
