// Code actions for findings: mend one, mend all of a kind, suppress with a reason, open the explanation.
import { type CodeAction, CodeActionKind } from "vscode-languageserver";
import type { Diagnostic } from "../diagnostic.js";
import type { Analysis } from "../semantics/model.js";
import { positionAt, type LineIndex, type Range } from "../text.js";
import { type PageLinks, toAction, toChanges, toDiagnostic } from "./convert.js";
import { core } from "./lazy.js";
import { EXPLAIN_COMMAND, type LintPageParams, SUPPRESS_COMMAND, type SuppressParams } from "./protocol.js";

/** The kind of the action that makes all safe fixes, for `editor.codeActionsOnSave`. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.policy`;

export interface ActionContext {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly found: readonly Diagnostic[];
  /** The policy, where the document is one: only there can a finding be suppressed. */
  readonly analysis?: Analysis | undefined;
  /** The client provides our commands. */
  readonly commands: boolean;
  readonly links: PageLinks;
}

/** The actions at a range; `only` are the kinds that the editor asks for. */
export function actions(context: ActionContext, within: Range, only: readonly string[] | undefined): CodeAction[] {
  const wants = (kind: string): boolean => only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  return [...(wants(CodeActionKind.QuickFix) ? quickFixes(context, within) : []), ...(only !== undefined && wants(FIX_ALL) ? fixAll(context) : [])];
}

function quickFixes(context: ActionContext, within: Range): CodeAction[] {
  const { uri, lines, found } = context;
  const touched = found.filter((each) => each.end >= within.start && each.start <= within.end);
  const single = core().fixes(touched, within).map((fix) => toAction(lines, uri, fix));
  const codes = [...new Set(touched.map((each) => each.code))];
  return [...single, ...codes.flatMap((code) => allOf(context, code)), ...touched.flatMap((each) => suppress(context, each)), ...codes.flatMap((code) => explain(context, code))];
}

/** "Fix all of …", where there are several. */
function allOf({ uri, lines, found }: ActionContext, code: string): CodeAction[] {
  const fixes = core().fixes(found.filter((each) => each.code === code), { start: 0, end: Number.MAX_SAFE_INTEGER });
  const edits = core().fixesTogether(fixes).flatMap((fix) => fix.edits);
  return fixes.length < 2 ? [] : [{ title: `Fix all of ${code} (${fixes.length})`, kind: CodeActionKind.QuickFix, edit: toChanges(lines, uri, edits) }];
}

function fixAll({ uri, lines, found }: ActionContext): CodeAction[] {
  const edits = core().fixesTogether(core().fixes(found, { start: 0, end: Number.MAX_SAFE_INTEGER }).filter((fix) => fix.safe)).flatMap((fix) => fix.edits);
  return edits.length === 0 ? [] : [{ title: "Fix all that is safe to fix", kind: FIX_ALL, edit: toChanges(lines, uri, edits) }];
}

/** What a client without our commands gets as the reason, to be written over. */
const NO_REASON_YET = "REASON";

function suppress({ uri, lines, analysis, commands, links }: ActionContext, found: Diagnostic): CodeAction[] {
  if (analysis === undefined || (found.severity === "error" && core().isDiagnosticCode(found.code))) return [];
  const action = { title: `Ignore ${found.code} here, with a reason…`, kind: CodeActionKind.QuickFix, diagnostics: [toDiagnostic(lines, uri, found, links)] };
  if (!commands) return [{ ...action, edit: toChanges(lines, uri, core().suppressionEdits(analysis, [found], NO_REASON_YET).edits) }];
  const argument: Omit<SuppressParams, "reason"> = { uri, code: found.code, at: positionAt(lines, found.start) };
  return [{ ...action, command: { title: action.title, command: SUPPRESS_COMMAND, arguments: [argument] } }];
}

function explain({ commands }: ActionContext, code: string): CodeAction[] {
  if (!commands || core().lintRuleOf(code) === undefined) return [];
  const argument: LintPageParams = { id: code };
  const title = `Explain ${code}`;
  return [{ title, kind: CodeActionKind.QuickFix, command: { title, command: EXPLAIN_COMMAND, arguments: [argument] } }];
}
