// Marks of an evaluation in the text: how each case came out, and ✓ ✗ ? behind each criterion. They go with the next edit.
import * as vscode from "vscode";
import type { CriterionOutcome, EvaluatedCase, EvaluateResult, OutcomeWord } from "../../server/src/lsp/protocol.js";

export interface ResultMarks extends vscode.Disposable {
  /** Shows a result in place of the one before. */
  show(result: EvaluateResult): void;
  /** Shows the outcomes of criteria alone: of a case that was changed in the explanation and stands nowhere. */
  showOutcomes(policyUri: string, criteria: readonly CriterionOutcome[]): void;
}

type Style = "passed" | "failed" | "open" | "met" | "not met" | "unknown";

// Colours of the theme, chosen with the theme's contrast; the sign says the same without colour.
const COLOURS: Readonly<Record<Style, string>> = {
  passed: "charts.green", failed: "editorError.foreground", open: "descriptionForeground", met: "charts.green", "not met": "descriptionForeground", unknown: "editorWarning.foreground",
};
const SIGNS: Readonly<Record<OutcomeWord, string>> = { met: "✓", "not met": "✗", unknown: "?", "not applicable": "–" };
const LONGEST = 160;
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Makes the marks; nothing is shown until there is a result. */
export function resultMarks(): ResultMarks {
  const types = new Map<Style, vscode.TextEditorDecorationType>();
  for (const style of Object.keys(COLOURS) as Style[]) {
    types.set(style, vscode.window.createTextEditorDecorationType({ rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed, after: { margin: "0 0 0 1.5em", color: new vscode.ThemeColor(COLOURS[style]) } }));
  }
  let shown: EvaluateResult | undefined;

  const apply = (editor: vscode.TextEditor): void => {
    const marks = shown === undefined ? new Map<Style, vscode.DecorationOptions[]>() : marksFor(editor.document, shown);
    for (const [style, type] of types) editor.setDecorations(type, marks.get(style) ?? []);
  };
  const applyAll = (): void => vscode.window.visibleTextEditors.forEach(apply);
  const concerns = (uri: vscode.Uri): boolean => shown !== undefined && (uri.toString() === shown.uri || uri.toString() === shown.policyUri);

  const listeners = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length === 0 || !concerns(event.document.uri)) return;
      shown = undefined;
      applyAll();
    }),
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach(apply)),
  );

  return {
    show(result) {
      shown = result;
      applyAll();
    },
    showOutcomes(policyUri, criteria) {
      shown = { uri: "", version: 0, policyUri, cases: [{ name: "", span: NOWHERE, nameSpan: NOWHERE, status: "no expectation", summary: "", failures: [], explanation: "", criteria }] };
      applyAll();
    },
    dispose() {
      listeners.dispose();
      for (const type of types.values()) type.dispose();
    },
  };
}

function marksFor(document: vscode.TextDocument, result: EvaluateResult): Map<Style, vscode.DecorationOptions[]> {
  const marks = new Map<Style, vscode.DecorationOptions[]>();
  const uri = document.uri.toString();
  const add: Add = (style, line, text, hover) => {
    if (line >= document.lineCount) return;
    // The whole line, so that the reason shows wherever it is hovered; the sign stands at its end.
    const { firstNonWhitespaceCharacterIndex: first, range: { end } } = document.lineAt(line);
    marks.set(style, [...(marks.get(style) ?? []), { range: new vscode.Range(line, first, line, end.character), renderOptions: { after: { contentText: text } }, ...(hover === "" ? {} : { hoverMessage: plain(hover) }) }]);
  };
  if (uri === result.uri) for (const each of result.cases) addCase(each, add);
  const only = result.cases.length === 1 ? result.cases[0] : undefined;
  if (uri === result.policyUri && only !== undefined) for (const each of only.criteria) addCriterion(each, add);
  return marks;
}

type Add = (style: Style, line: number, text: string, hover: string) => void;

/** How the case came out behind its name, and behind each expectation that did not hold what came instead. */
function addCase(each: EvaluatedCase, add: Add): void {
  add(caseStyle(each), each.nameSpan.start.line, clipped(each.summary), "");
  for (const failure of each.failures) if (failure.span.start.line !== each.nameSpan.start.line) add("failed", failure.span.start.line, clipped(`✗ ${failure.message}`), failure.message);
}

function addCriterion(each: CriterionOutcome, add: Add): void {
  if (each.outcome !== "not applicable") add(each.outcome, each.line, SIGNS[each.outcome], each.why);
}

function caseStyle(each: EvaluatedCase): Style {
  if (each.status === "passed") return "passed";
  return each.status === "no expectation" ? "open" : "failed";
}

const clipped = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

function plain(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(text);
}
