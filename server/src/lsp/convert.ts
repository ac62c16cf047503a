// The one place where offsets become protocol positions, and what features give becomes what the protocol says.
import {
  CodeActionKind, CompletionItemKind, DiagnosticSeverity, FoldingRangeKind, InsertTextFormat, MarkupKind, SymbolKind, TextEdit,
  type CodeAction, type CodeLens, type CompletionItem, type Diagnostic as LspDiagnostic, type DocumentSymbol, type FoldingRange, type Hover as LspHover,
  type LocationLink, type Range as LspRange, type WorkspaceEdit,
} from "vscode-languageserver";
import type { Diagnostic, Severity } from "../diagnostic.js";
import type { QuickFix } from "../features/fixes.js";
import type { Completion, CompletionKind, Edit, Fold, Hover, Lens, OutlineEntry, OutlineKind } from "../features/model.js";
import type { Target } from "../features/navigation.js";
import { positionAt, type LineIndex, type Range } from "../text.js";
import { EVALUATE_ALL_COMMAND, EVALUATE_CASE_COMMAND, SHOW_REFERENCES_COMMAND } from "./protocol.js";

/** A range as lines and characters. */
export function toRange(lines: LineIndex, range: Range): LspRange {
  return { start: positionAt(lines, range.start), end: positionAt(lines, Math.max(range.start, range.end)) };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint,
};

/** Where the page of a finding is to be had; undefined where the editor has no place for it. */
export type PageLinks = (code: string) => string | undefined;

/** A finding; what to do stands below what is wrong. */
export function toDiagnostic(lines: LineIndex, uri: string, found: Diagnostic, links: PageLinks = () => undefined): LspDiagnostic {
  const message = found.help === undefined ? found.message : `${found.message}\n${found.help}`;
  const related = found.related?.map((place) => ({ location: { uri: place.file?.uri ?? uri, range: toRange(place.file?.lines ?? lines, place) }, message: place.message }));
  const href = links(found.code);
  return {
    range: toRange(lines, found), severity: SEVERITIES[found.severity], code: found.code, source: "policy", message,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(related === undefined ? {} : { relatedInformation: related }),
  };
}

/** A hover. */
export function toHover(lines: LineIndex, hover: Hover): LspHover {
  return { contents: { kind: MarkupKind.Markdown, value: hover.markdown }, range: toRange(lines, hover) };
}

const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  section: CompletionItemKind.Module, field: CompletionItemKind.Field, keyword: CompletionItemKind.Keyword, fact: CompletionItemKind.Variable,
  definition: CompletionItemKind.Function, choice: CompletionItemKind.EnumMember, unit: CompletionItemKind.Unit, criterion: CompletionItemKind.Reference,
  reference: CompletionItemKind.Reference, code: CompletionItemKind.Constant, type: CompletionItemKind.TypeParameter, phrase: CompletionItemKind.Text,
  snippet: CompletionItemKind.Snippet, date: CompletionItemKind.Value,
};

/** A proposal; `order` keeps the order of the list among those of one rank. */
export function toCompletion(lines: LineIndex, item: Completion, order: number): CompletionItem {
  return {
    label: item.label,
    kind: COMPLETION_KINDS[item.kind],
    sortText: `${item.rank ?? 5}${String(order).padStart(5, "0")}`,
    textEdit: TextEdit.replace(toRange(lines, item), item.insert ?? item.label),
    ...(item.snippet === true ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(item.detail === undefined ? {} : item.kind === "snippet" ? { detail: item.detail } : { labelDetails: { description: item.detail } }),
    ...(item.documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: item.documentation } }),
    ...(item.filter === undefined ? {} : { filterText: item.filter }),
    ...(item.goesOn === true ? { command: { title: "Propose what follows", command: "editor.action.triggerSuggest" } } : {}),
  };
}

/** A jump to a declaration, `from` one document `to` another or the same. */
export function toLink(from: LineIndex, to: LineIndex, uri: string, target: Target): LocationLink {
  return { targetUri: uri, targetRange: toRange(to, target.whole), targetSelectionRange: toRange(to, target), originSelectionRange: toRange(from, target.origin) };
}

export const SYMBOL_KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  policy: SymbolKind.File, section: SymbolKind.Module, fact: SymbolKind.Variable, definition: SymbolKind.Function, statement: SymbolKind.Class,
  criterion: SymbolKind.Boolean, codes: SymbolKind.Namespace, code: SymbolKind.Constant, revision: SymbolKind.Event, reference: SymbolKind.String, case: SymbolKind.Object,
};

/** An entry of the outline with all below it. */
export function toSymbol(lines: LineIndex, entry: OutlineEntry): DocumentSymbol {
  return {
    name: entry.name, kind: SYMBOL_KINDS[entry.kind], range: toRange(lines, entry), selectionRange: toRange(lines, entry.selection),
    children: entry.children.map((child) => toSymbol(lines, child)), ...(entry.detail === undefined ? {} : { detail: entry.detail }),
  };
}

/** A stretch to fold. */
export function toFold(lines: LineIndex, fold: Fold): FoldingRange {
  const { start, end } = toRange(lines, fold);
  return { startLine: start.line, endLine: end.character === 0 && end.line > start.line ? end.line - 1 : end.line, kind: fold.kind === "comment" ? FoldingRangeKind.Comment : FoldingRangeKind.Region };
}

/** A line to run from, or that says something; what a summary says is worked out when it is seen. */
export function toLens(lines: LineIndex, uri: string, lens: Lens): CodeLens {
  if (lens.action === "summary") return { range: toRange(lines, lens), data: { uri } };
  const command = lens.action === "references" ? { title: lens.count === 0 ? "not used" : `used ${lens.count === 1 ? "once" : `${lens.count} times`}`, command: SHOW_REFERENCES_COMMAND, arguments: [uri, positionAt(lines, lens.at ?? lens.start)] }
    : lens.action === "evaluate all" ? { title: "▶ Evaluate all", command: EVALUATE_ALL_COMMAND, arguments: [uri] }
    : { title: "▶ Evaluate", command: EVALUATE_CASE_COMMAND, arguments: [uri, positionAt(lines, lens.at ?? lens.start)] };
  return { range: toRange(lines, lens), command };
}

/** A replacement of a stretch of text. */
export function toEdit(lines: LineIndex, edit: Edit): TextEdit {
  return TextEdit.replace(toRange(lines, edit), edit.text);
}

/** A quick fix. */
export function toAction(lines: LineIndex, uri: string, fix: QuickFix): CodeAction {
  return { title: fix.title, kind: CodeActionKind.QuickFix, isPreferred: fix.safe || fix.diagnostic.replacement !== undefined, diagnostics: [toDiagnostic(lines, uri, fix.diagnostic)], edit: toChanges(lines, uri, fix.edits) };
}

/** Edits of one document. */
export function toChanges(lines: LineIndex, uri: string, edits: readonly Edit[]): WorkspaceEdit {
  return { changes: { [uri]: edits.map((edit) => toEdit(lines, edit)) } };
}
