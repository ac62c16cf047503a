// Puts out what `policy lint` found: the formats, the summary, statistics and times, and where each of them goes.
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostic.js";
import { fixable } from "../lint/fixing.js";
import { pageUrl } from "../lint/links.js";
import type { Source } from "../render/codeframe.js";
import { type Colours, plain } from "../render/colours.js";
import type { LintReport, ReportedText } from "../render/reports/model.js";
import { padded } from "../render/width.js";
import { counted, sentenceList } from "../text.js";
import { writeOut } from "./files.js";
import { countBySeverity, countsText, json, jsonDiagnostic, type Counts } from "./output.js";
import type { RewritingDone } from "./rewriting.js";
import { complain, outputColours, outputWidth, print, put } from "./terminal.js";

declare const POLICY_VERSION: string;

export const FORMATS = ["pretty", "compact", "json", "github", "sarif", "junit", "checkstyle", "gitlab"] as const;
export type Format = (typeof FORMATS)[number];

/** What a run came to. */
export interface LintResult {
  /** Every text that was looked at, with the findings that count. */
  readonly texts: readonly { readonly source: Source; readonly found: readonly Diagnostic[] }[];
  readonly done?: RewritingDone | undefined;
  readonly baseline?: { readonly path: string; readonly written?: number | undefined; readonly known: number; readonly gone: number } | undefined;
  /** Milliseconds by lint rule. */
  readonly times?: ReadonlyMap<string, number> | undefined;
}

export interface ReportOptions {
  readonly format: Format;
  readonly quiet?: boolean | undefined;
  readonly outputFile?: string | undefined;
  readonly statistics?: boolean | undefined;
  readonly failLevel: "error" | "warning" | "info";
  readonly addSuppressions?: string | undefined;
  readonly diff?: boolean | undefined;
}

/** Puts out the report and what belongs to it. */
export async function putOut(result: LintResult, options: ReportOptions): Promise<void> {
  const { done } = result;
  const all = result.texts.flatMap(({ found }) => found);
  const counts = countBySeverity(all);
  const colours = options.outputFile === undefined ? outputColours() : plain;
  const shown = options.quiet === true ? result.texts.map(({ source, found }) => ({ source, found: found.filter(({ severity }) => severity === "error") })) : result.texts;
  const notes = notesOf(result, options);
  const tables = [...(options.statistics === true ? [statisticsText(all)] : []), ...(result.times === undefined ? [] : [timesText(result.times)])];
  const extra = [...notes, ...tables].map((text) => `${text}\n`).join("");

  if (done !== undefined && options.diff === true) {
    put(done.diffs.join(""));
    complain(extra === "" ? "Nothing to change." : extra);
    return;
  }
  const asJson = (): string => json({
    summary: { files: result.texts.length, errors: counts.error, warnings: counts.warning, infos: counts.info, hints: counts.hint },
    fixable: all.filter((found) => fixable(found, false)).length,
    mended: done?.mended,
    suppressed: done?.suppressed,
    baseline: result.baseline,
    diagnostics: shown.flatMap(({ source, found }) => found.map((each) => ({ ...jsonDiagnostic(source, each), url: pageUrl(each.code) }))),
    statistics: options.statistics === true ? statistics(all) : undefined,
    timing: result.times === undefined ? undefined : Object.fromEntries(result.times),
  });
  const text = options.format === "json" ? `${asJson()}\n` : await formatted(shown, options, colours);
  const end = `${extra}${summary(counts, result, shown, options.outputFile === undefined ? colours : outputColours())}`;

  if (done?.fromInput !== undefined) {
    put(done.fromInput);
    complain(options.format === "pretty" ? text + end : text);
  } else if (options.outputFile !== undefined) {
    writeOut(options.format === "pretty" ? `${text}${summary(counts, result, shown, plain)}\n` : text, options.outputFile);
    print(end);
  } else if (options.format === "pretty") {
    print(text + end);
  } else {
    put(text);
    // What a program reads stays free of notes.
    if (extra !== "" && options.format !== "json") complain(extra);
  }
}

async function formatted(texts: LintResult["texts"], { format, failLevel }: ReportOptions, colours: Colours): Promise<string> {
  const print: (source: Source, found: readonly Diagnostic[]) => readonly string[] = format === "sarif" || format === "gitlab" ? (await import("./baseline.js")).fingerprintsOf : () => [];
  const root = format === "gitlab" ? process.env["CI_PROJECT_DIR"] : format === "github" || format === "sarif" ? process.env["GITHUB_WORKSPACE"] : undefined;
  const reported = texts.map(({ source, found }): ReportedText => {
    const prints = print(source, found);
    return { source, path: fromRoot(source.path, root), findings: found.map((each, i) => ({ found: each, fingerprint: prints[i] ?? "" })) };
  });
  const report: LintReport = { texts: reported, version: POLICY_VERSION, failLevel };
  switch (format) {
    case "compact": return (await import("../render/reports/compact.js")).compactReport(report);
    case "github": return (await import("../render/reports/github.js")).githubReport(report);
    case "sarif": return (await import("../render/reports/sarif.js")).sarifReport(report);
    case "junit": return (await import("../render/reports/junit.js")).junitReport(report);
    case "checkstyle": return (await import("../render/reports/checkstyle.js")).checkstyleReport(report);
    case "gitlab": return (await import("../render/reports/gitlab.js")).gitlabReport(report);
    default: return reported.every(({ findings }) => findings.length === 0) ? "" : (await import("../render/reports/pretty.js")).prettyReport(report, { colours, width: outputWidth() });
  }
}

/** A path as services count it: from the top of the repository, where the CI says which folder that is. */
function fromRoot(path: string, root: string | undefined): string {
  if (root === undefined || root === "") return path;
  const from = relative(root, resolve(path));
  return from.startsWith("..") || isAbsolute(from) ? path : from.split(sep).join("/");
}

/** What was done, and what is not shown, one sentence each. */
function notesOf({ done, baseline }: LintResult, { diff, addSuppressions }: ReportOptions): string[] {
  const notes: string[] = [];
  const where = (files: readonly string[]): string => `in ${counted(files.length, "file")}`;
  if (done !== undefined && done.mended > 0) notes.push(`${diff === true ? "Would mend" : "Mended"} ${counted(done.mended, "finding")} ${where(done.files)}.`);
  if (done !== undefined && addSuppressions !== undefined) notes.push(`${diff === true ? "Would suppress" : "Suppressed"} ${counted(done.suppressed, "finding")}${done.files.length > 0 ? ` ${where(done.files)}` : ""}.`);
  if (done !== undefined && done.unsuppressed > 0) notes.push(`${counted(done.unsuppressed, "finding")} cannot be suppressed by a comment: errors of the language, and what stands in case files and configurations, are mended instead.`);
  for (const path of done?.refused ?? []) notes.push(`${path}: a fix would have brought an error of the language and was not applied.`);
  if (baseline?.written !== undefined) notes.push(`Wrote ${counted(baseline.written, "finding")} to the baseline ${baseline.path}; from now on only others are shown.`);
  else if (baseline !== undefined && baseline.known > 0) notes.push(`${counted(baseline.known, "known finding")} of the baseline ${baseline.path} not shown.`);
  if (baseline !== undefined && baseline.gone > 0) notes.push(baseline.written === undefined ? `${counted(baseline.gone, "finding")} of the baseline no longer ${baseline.gone === 1 ? "occurs" : "occur"}; --update-baseline takes ${baseline.gone === 1 ? "it" : "them"} out.` : `${counted(baseline.gone, "finding")} of the old baseline no longer occurred.`);
  return notes;
}

function summary(counts: Counts, { texts }: LintResult, shown: LintResult["texts"], colours: Colours): string {
  const found = countsText(counts);
  const files = texts.length;
  if (found === "") return `${colours.green("✓")} ${counted(files, "file")} checked, nothing found.`;
  const touched = shown.filter((text) => text.found.length > 0).length;
  const mendable = texts.reduce((sum, text) => sum + text.found.filter((each) => fixable(each, false)).length, 0);
  const paint = counts.error > 0 ? colours.red : counts.warning > 0 ? colours.yellow : colours.blue;
  const sign = counts.error > 0 ? "✗" : counts.warning > 0 ? "!" : "✓";
  return `${paint(sign)} ${found} in ${touched === 0 || touched === files ? counted(files, "file") : `${touched} of ${files} files`}.${mendable === 0 ? "" : ` ${mendable} can be mended with --fix.`}`;
}

interface Statistic {
  readonly code: string;
  readonly count: number;
  /** How many have a fix that `--fix` applies, and how many one that `--unsafe-fixes` applies besides. */
  readonly safe: number;
  readonly unsafe: number;
}

function statistics(found: readonly Diagnostic[]): readonly Statistic[] {
  const byCode = new Map<string, Diagnostic[]>();
  for (const each of found) byCode.set(each.code, [...(byCode.get(each.code) ?? []), each]);
  return [...byCode].map(([code, of]) => {
    const safe = of.filter((each) => fixable(each, false)).length;
    return { code, count: of.length, safe, unsafe: of.filter((each) => fixable(each, true)).length - safe };
  }).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function statisticsText(found: readonly Diagnostic[]): string {
  const rows = statistics(found);
  const widest = Math.max(0, ...rows.map(({ code }) => code.length));
  return rows.map(({ code, count, safe, unsafe }) => {
    const fixes = [...(safe > 0 ? [`${safe} with --fix`] : []), ...(unsafe > 0 ? [`${unsafe} with --fix --unsafe-fixes`] : [])];
    return `${String(count).padStart(6)}  ${fixes.length === 0 ? code : `${padded(code, widest)}  ${sentenceList(fixes)}`}`;
  }).join("\n");
}

function timesText(times: ReadonlyMap<string, number>): string {
  const total = [...times.values()].reduce((sum, each) => sum + each, 0);
  const rows = [...times].sort(([, a], [, b]) => b - a).map(([id, took]) => `${took.toFixed(1).padStart(8)} ms  ${String(Math.round((took / Math.max(total, 1e-9)) * 100)).padStart(3)} %  ${id}`);
  return [...rows, `${total.toFixed(1).padStart(8)} ms         all lint rules`].join("\n");
}
