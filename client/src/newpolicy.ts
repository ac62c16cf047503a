// "New Policy…": asks for number, title, plan and date, and writes the file that a policy begins with.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { NEW_POLICY, type NewPolicyParams, type NewPolicyResult } from "../../server/src/lsp/protocol.js";

type Field = "number" | "title" | "plan" | "effective";

/** Answers given beforehand are not asked for; `uri` is the file to write, `null` leaves the policy unsaved. */
export type NewPolicyAnswers = NewPolicyParams & { readonly uri?: vscode.Uri | string | null | undefined };

const QUESTIONS: readonly (Omit<vscode.InputBoxOptions, "value"> & { readonly field: Field })[] = [
  { field: "number", prompt: "The number of the policy, as it is published", placeHolder: "CP.MP.69" },
  { field: "title", prompt: "The title of the policy", placeHolder: "Home oxygen therapy" },
  { field: "plan", prompt: "The health plan whose policy it is. May be left empty.", placeHolder: "Example Health Plan" },
  { field: "effective", prompt: "The first date of service it applies to" },
];

/** Puts the command in place. It gives back the uri of the new text. */
export function registerNewPolicy(client: LanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand("policy.newPolicy", (given?: unknown) => newPolicy(client, answersIn(given)));
}

async function newPolicy(client: LanguageClient, given: NewPolicyAnswers): Promise<vscode.Uri | undefined> {
  const ask = (params: NewPolicyParams): Promise<NewPolicyResult> => client.sendRequest<NewPolicyResult>(NEW_POLICY, params);
  const { uri, ...known } = given;
  const answers: Record<string, string | undefined> = { ...known };
  for (const [step, { field, ...question }] of QUESTIONS.entries()) {
    if (answers[field] !== undefined) continue;
    const answer = await vscode.window.showInputBox({
      title: `New policy (${step + 1} of ${QUESTIONS.length})`, ...question, ignoreFocusOut: true,
      ...(field === "effective" ? { value: localDate(new Date()), valueSelection: [0, 10] as [number, number] } : {}),
      validateInput: async (text) => (await ask({ [field]: text })).problems[field],
    });
    if (answer === undefined) return undefined;
    answers[field] = answer;
  }
  const { text, problems, fileName } = await ask(answers);
  if (text === undefined || fileName === undefined) {
    void vscode.window.showErrorMessage(`The policy was not made. ${Object.values(problems).join(" ")}`);
    return undefined;
  }
  const place = uri === undefined ? await askPlace(fileName) : typeof uri === "string" ? vscode.Uri.parse(uri) : uri;
  return show(place ?? undefined, text);
}

/** Where to save it; without an answer it stays unsaved, so that no answer is lost. */
async function askPlace(fileName: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: "Save the new policy", saveLabel: "Save policy", filters: { "Clinical policy": ["policy"] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, fileName) }),
  });
}

async function show(place: vscode.Uri | undefined, text: string): Promise<vscode.Uri> {
  if (place !== undefined) await vscode.workspace.fs.writeFile(place, new TextEncoder().encode(text));
  const document = place === undefined ? await vscode.workspace.openTextDocument({ language: "policy", content: text }) : await vscode.workspace.openTextDocument(place);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  // What the writer does first is say what the policy is about.
  const line = document.getText().split(/\r?\n/u).findIndex((each) => each.startsWith("description")) + 1;
  const { range, firstNonWhitespaceCharacterIndex: first } = document.lineAt(line);
  editor.selection = new vscode.Selection(line, first, line, range.end.character);
  return document.uri;
}

/** Today as a person here writes it. */
export function localDate(now: Date): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part, i) => String(part).padStart(i === 0 ? 4 : 2, "0")).join("-");
}

/** Menus pass the uri of a file or folder, which is no answer. */
function answersIn(given: unknown): NewPolicyAnswers {
  if (typeof given !== "object" || given === null || given instanceof vscode.Uri) return {};
  const found: Record<string, unknown> = {};
  for (const name of ["number", "title", "plan", "lineOfBusiness", "effective"]) {
    const value = (given as Record<string, unknown>)[name];
    if (typeof value === "string") found[name] = value;
  }
  const { uri } = given as NewPolicyAnswers;
  return { ...found, ...(uri === undefined ? {} : { uri }) };
}
