// What the commands share in JSON and in words: places, diagnostics, numbers of findings. The JSON shapes are stable.
import { type Diagnostic, fixOf, type Severity } from "../diagnostic.js";
import type { Source } from "../render/codeframe.js";
import { counted, positionAt, sentenceList, type Range } from "../text.js";

/** Version of all JSON output; it grows when a field changes its meaning or goes. */
export const JSON_VERSION = 1;

/** A place in a file: lines and columns count from 1, columns in UTF-16 units. */
export interface JsonPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function jsonPlace(source: Pick<Source, "path" | "lines">, range: Range): JsonPlace {
  const from = positionAt(source.lines, range.start);
  const to = positionAt(source.lines, range.end);
  return { path: source.path, line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
}

/** A diagnostic as `lint`, `test` and `evaluate` put it out. */
export function jsonDiagnostic(source: Source, found: Diagnostic): object {
  return {
    ...jsonPlace(source, found),
    severity: found.severity,
    code: found.code,
    message: found.message,
    help: found.help,
    replacement: found.replacement,
    fix: jsonFix(source, found),
    related: found.related?.map((place) => ({ ...jsonPlace(place.file === undefined ? source : { path: place.file.uri, lines: place.file.lines }, place), message: place.message })),
  };
}

function jsonFix(source: Source, found: Diagnostic): object | undefined {
  const fix = fixOf(found);
  return fix && { title: fix.title, safe: fix.safe, edits: fix.edits.map((edit) => ({ ...jsonPlace(source, edit), text: edit.text })) };
}

/** On one line: explanations nest deeply, and indentation would make them ten times as long. */
export function json(value: object): string {
  return JSON.stringify({ version: JSON_VERSION, ...value });
}

export type Counts = Record<Severity, number>;

export function countBySeverity(diagnostics: Iterable<Diagnostic>): Counts {
  const counts: Counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const found of diagnostics) counts[found.severity]++;
  return counts;
}

/** `2 errors, 1 warning and 3 infos` */
export function countsText(counts: Counts): string {
  const words = (Object.keys(counts) as Severity[]).filter((severity) => counts[severity] > 0).map((severity) => counted(counts[severity], severity));
  return sentenceList(words);
}
