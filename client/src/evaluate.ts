// The commands that evaluate cases: pick one, run it on the text as it stands, show how it came out.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import {
  type CaseItem, CASES, type CasesParams, EVALUATE, EVALUATE_ALL_COMMAND, EVALUATE_CASE_COMMAND, type EvaluateParams, type EvaluateResult, type Place,
} from "../../server/src/lsp/protocol.js";
import type { ExplanationView } from "./explanation.js";
import type { ResultMarks } from "./marks.js";

const STATUS_MS = 8000;

/** Puts the two commands in place. Both give back the result, so that other extensions and tests can use it. */
export function registerEvaluation(client: LanguageClient, marks: ResultMarks, explanation: ExplanationView): vscode.Disposable {
  const request = async (params: EvaluateParams): Promise<EvaluateResult | undefined> => {
    const result = await client.sendRequest<EvaluateResult | null>(EVALUATE, params);
    if (result === null) {
      void vscode.window.showErrorMessage("The cases could not be evaluated. The output channel “Clinical Policy” says why.");
      return undefined;
    }
    if (result.problem !== undefined) void tellProblem(result.problem);
    return result;
  };

  const evaluateCase = async (uri?: string, at?: Place): Promise<EvaluateResult | undefined> => {
    const document = uri ?? activeDocument();
    if (document === undefined) return undefined;
    const place = at ?? (await pickCase(client, document));
    if (place === undefined) return undefined;
    const result = await request({ uri: document, at: place });
    const evaluated = result?.cases[0];
    if (result === undefined || evaluated === undefined) return result;
    marks.show(result);
    await explanation.show(evaluated, result);
    void vscode.window.setStatusBarMessage(`${evaluated.name}: ${evaluated.summary}`, STATUS_MS);
    return result;
  };

  const evaluateAll = async (uri?: string): Promise<EvaluateResult | undefined> => {
    const document = uri ?? activeDocument();
    const result = document === undefined ? undefined : await request({ uri: document });
    if (result === undefined || result.cases.length === 0) return result;
    marks.show(result);
    tellSummary(result);
    // What needs a look is shown at once; an explanation of something else must not stand beside it.
    const first = result.cases.find((each) => each.status === "failed" || each.status === "not evaluated") ?? (result.cases.length === 1 ? result.cases[0] : undefined);
    if (first !== undefined) await explanation.show(first, result);
    return result;
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand(EVALUATE_CASE_COMMAND, (uri?: unknown, at?: unknown) => evaluateCase(uriText(uri), asPlace(at))),
    vscode.commands.registerCommand(EVALUATE_ALL_COMMAND, (uri?: unknown) => evaluateAll(uriText(uri))),
  );
}

/** Menus pass a `Uri`, lenses a text, the palette nothing. */
function uriText(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  return given instanceof vscode.Uri ? given.toString() : undefined;
}

function asPlace(given: unknown): Place | undefined {
  const place = given as Partial<Place> | null | undefined;
  return typeof place?.line === "number" && typeof place.character === "number" ? { line: place.line, character: place.character } : undefined;
}

function activeDocument(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined && (document.languageId === "policy" || /\.case\.(?:ya?ml|json)$/u.test(document.uri.path))) return document.uri.toString();
  void vscode.window.showInformationMessage("Open a policy or a case file to evaluate its cases.");
  return undefined;
}

interface CasePick extends vscode.QuickPickItem {
  readonly place: Place;
}

async function pickCase(client: LanguageClient, uri: string): Promise<Place | undefined> {
  const cases = await client.sendRequest<readonly CaseItem[]>(CASES, { uri } satisfies CasesParams);
  if (cases.length === 0) {
    void vscode.window.showInformationMessage("There are no cases here. A policy holds them in its `cases` section; a case file beside it is named like `imrt.case.yaml`.");
    return undefined;
  }
  const editor = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === uri);
  const line = editor?.selection.active.line ?? -1;
  const under = cases.find((each) => each.span.start.line <= line && line <= each.span.end.line);
  const ordered = under === undefined ? cases : [under, ...cases.filter((each) => each !== under)];
  const items = ordered.map((each): CasePick => ({ label: each.name, description: each === under ? "at the cursor" : `line ${each.nameSpan.start.line + 1}`, place: each.nameSpan.start }));
  const picked = await vscode.window.showQuickPick(items, { title: "Evaluate case", placeHolder: "Which case?", matchOnDescription: true });
  return picked?.place;
}

async function tellProblem(problem: string): Promise<void> {
  const show = "Show Problems";
  if ((await vscode.window.showWarningMessage(problem, show)) === show) await vscode.commands.executeCommand("workbench.actions.view.problems");
}

function tellSummary({ cases }: EvaluateResult): void {
  const failed = cases.filter((each) => each.status === "failed" || each.status === "not evaluated");
  const words = failed.length === 0
    ? `✓ ${cases.length === 1 ? "The case came" : `All ${cases.length} cases came`} to what is expected.`
    : cases.length === 1 ? `✗ The case did not come to what is expected: “${failed[0]!.name}”`
    : `✗ ${failed.length} of ${cases.length} cases did not come to what is expected: ${failed.map((each) => `“${each.name}”`).slice(0, 3).join(", ")}${failed.length > 3 ? ", …" : ""}`;
  void vscode.window.setStatusBarMessage(words, STATUS_MS);
  if (failed.length > 0) void vscode.window.showWarningMessage(words);
}
