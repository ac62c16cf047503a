// What a report is made of, and what the formats share: levels, places, the fix of a finding.
import type { Diagnostic, Severity } from "../../diagnostic.js";
import { lintRuleOf } from "../../lint/rules/index.js";
import { positionAt, type Range } from "../../text.js";
import type { Source } from "../codeframe.js";

export interface ReportedFinding {
  readonly found: Diagnostic;
  /** What tells it from others independently of line numbers. */
  readonly fingerprint: string;
}

/** A text that was looked at, also where nothing was found in it. */
export interface ReportedText {
  readonly source: Source;
  /** Its path as the reader of the report counts paths, with forward slashes. */
  readonly path: string;
  readonly findings: readonly ReportedFinding[];
}

export interface LintReport {
  readonly texts: readonly ReportedText[];
  /** Version of the tool. */
  readonly version: string;
  /** Findings of this severity or above fail the run. */
  readonly failLevel: Severity;
}

/** A report as text, with a final line end. */
export type Reporter = (report: LintReport) => string;

const ORDER: readonly Severity[] = ["hint", "info", "warning", "error"];

/** Whether a severity is at least another. */
export const atLeast = (severity: Severity, least: Severity): boolean => ORDER.indexOf(severity) >= ORDER.indexOf(least);

/** A place with lines and columns from 1, columns in UTF-16 units. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The region of a range. */
export function regionOf(source: Pick<Source, "lines">, range: Range): Region {
  const from = positionAt(source.lines, range.start);
  const to = positionAt(source.lines, range.end);
  return { startLine: from.line + 1, startColumn: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
}

/** What is wrong and what to do, in one text. */
export const wholeMessage = ({ message, help }: Diagnostic): string => (help === undefined ? message : `${message} ${help}`);

/** What a code has to do with: the category of the lint rule, or the language itself. */
export function categoryOf(code: string): string {
  return lintRuleOf(code)?.category ?? "language";
}
