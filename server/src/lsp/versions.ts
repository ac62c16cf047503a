// The versions of a policy in the workspace: what their headers say beside one another.
import type { Diagnostic } from "../diagnostic.js";
import type { Analysis } from "../semantics/model.js";
import type { Version } from "../semantics/versions.js";
import { core } from "./lazy.js";
import { keyOf, type Workspace, type WorkspaceFile } from "./workspace.js";

/** Of more files with one number, the rest is not looked at. */
const MOST_VERSIONS = 200;

/** The other policies with the number of an analysis, without those that are left out. */
function others(workspace: Workspace, { uri, header }: Analysis, ignored: (uri: string) => boolean): readonly WorkspaceFile[] {
  if (header.number === undefined || NO_FILE.test(uri)) return [];
  const scheme = uri.slice(0, uri.indexOf(":") + 1);
  return workspace.numbered(header.number).filter((file) => file.uri.startsWith(scheme) && keyOf(file.uri) !== keyOf(uri) && !ignored(file.uri)).slice(0, MOST_VERSIONS);
}

const versionsOf = (workspace: Workspace, files: readonly WorkspaceFile[]): readonly Version[] =>
  files.map((file) => core().versionOf(workspace.analysis(file), file.uri)).filter((version) => version !== undefined);

/** A text that is in no file yet, and the older side of a comparison, are no versions. */
const NO_FILE = /^(?:untitled|git|gitfs|scm|review|pr|vscode-local-history|output|vscode-scm):/u;

/** What is wrong with the dates of a policy beside those of other versions; undefined where there is no other. Nothing is waited for. */
export function versionFindings(workspace: Workspace, analysis: Analysis, ignored: (uri: string) => boolean): readonly Diagnostic[] | undefined {
  const own = core().versionOf(analysis);
  const beside = own === undefined ? [] : others(workspace, analysis, ignored);
  if (own === undefined || beside.length === 0) return undefined;
  return core().versionFindings([own, ...versionsOf(workspace, beside)]).get(own) ?? [];
}

/** Whether a later version, as far as the workspace has been looked at, has taken the place of a policy by a day. */
export function isReplacedBy(workspace: Workspace, analysis: Analysis, day: number): boolean {
  const own = core().versionOf(analysis);
  if (own?.effective === undefined) return false;
  return versionsOf(workspace, others(workspace, analysis, () => false)).some((other) => core().areKin(own, other) && other.effective !== undefined && !other.unread && other.from > own.from && other.from <= day);
}

/** Another text whenever the header says something else, or stands elsewhere: other files point to it. */
export function headerKey(analysis: Analysis): string {
  const version = core().versionOf(analysis);
  if (version === undefined) return "";
  const { text: _text, lines: _lines, ...said } = version;
  return JSON.stringify(said);
}

/** Another text for other findings; where they point to another file, its place there counts and the rest of that file does not. */
export const findingsKey = (found: readonly Diagnostic[] | undefined): string => JSON.stringify(found ?? [], (key, value: unknown) => (key === "lines" ? undefined : value));
