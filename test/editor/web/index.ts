// The suite that runs in the web worker extension host: what a writer of policies has in an editor in the browser, with nothing of Node.
import { SMALL } from "../small.js";
import { suiteOf } from "../suite.js";
import * as vscode from "vscode";
import type { EvaluateResult } from "../../../server/src/lsp/protocol.js";

const LIMIT_MS = 20_000;
const { test, run, eventually } = suiteOf(LIMIT_MS);
export { run };

function check(fact: boolean, what: string): void {
  if (!fact) throw new Error(what);
}

function same(actual: unknown, expected: unknown, what = ""): void {
  check(JSON.stringify(actual) === JSON.stringify(expected), `${what}\n     is     ${JSON.stringify(actual)}\n     not    ${JSON.stringify(expected)}`);
}

/** Steps on the editor's page, by the protocol at the head of page-requests.mjs. */
async function perform(...steps: readonly Readonly<Record<string, unknown>>[]): Promise<readonly unknown[]> {
  const extension = vscode.extensions.getExtension("clinical-policy-tests.policy-files")!;
  const answer = await fetch(vscode.Uri.joinPath(extension.extensionUri, "..", "requests").toString(true), { method: "POST", body: JSON.stringify(steps) });
  const { ok, results, error } = (await answer.json()) as { ok: boolean; results: unknown[]; error?: string };
  check(ok, error ?? "");
  return results;
}

const FOLDER = vscode.workspace.workspaceFolders![0]!.uri;
const sample = (name: string): vscode.Uri => vscode.Uri.joinPath(FOLDER, name);
const show = (uri: vscode.Uri): Thenable<vscode.TextEditor> => vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false });
const problems = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter((each) => each.source === "policy");

function placeOf(document: vscode.TextDocument, words: string, into = 0): vscode.Position {
  const at = document.getText().indexOf(words);
  check(at >= 0, `“${words}” stands in the text`);
  return document.positionAt(at + into);
}

async function openText(text: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "policy", content: text }), { viewColumn: vscode.ViewColumn.One, preview: false });
}

async function hoverText(document: vscode.TextDocument, words: string, into = 1): Promise<string> {
  return eventually(`hover of ${words}`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, placeOf(document, words, into));
    const text = hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === "string" ? content : content.value))).join("\n");
    return text === "" ? undefined : text;
  });
}

test("the extension runs in the web worker extension host, without Node", async () => {
  same(vscode.env.uiKind, vscode.UIKind.Web);
  same(vscode.env.remoteName, undefined);
  check((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === undefined, "there is no Node");
  same(FOLDER.scheme, "policy-files");
  const extension = vscode.extensions.getExtension("clinical-policy.clinical-policy")!;
  check(/^https?$/u.test(extension.extensionUri.scheme), "the extension comes over the web");
  await show(sample("imrt.policy"));
  await eventually("activation", () => extension.isActive || undefined);
});

test("mistakes and slips of spelling are marked, and go when they are mended", async () => {
  const editor = await openText(SMALL.replace("when saturation <=", "when saturaton <=").replace("at rest\"", "at rset, recieved\""));
  const { document } = editor;
  const found = await eventually("a diagnostic", () => problems(document.uri).find((each) => each.code === "unknown-name"));
  same(document.getText(found.range), "saturaton");
  const slip = await eventually("a slip", () => problems(document.uri).find((each) => document.getText(each.range) === "recieved"));
  check(slip.message.includes("received"), slip.message);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, found.range);
  check(actions.some((action) => action.title === "Change to `saturation`"), "a quick fix is offered");
  await editor.edit((edit) => edit.replace(found.range, "saturation"));
  await eventually("no diagnostic", () => (problems(document.uri).some((each) => each.code === "unknown-name") ? undefined : true));
});

test("units outside the common table are known", async () => {
  const editor = await openText(SMALL.replace("cases\n", "").replace("criteria\n", "  pressure    [in_i'H2O]  \"Pressure\"\n  other       [nounit]    \"No unit\"\n\ncriteria\n"));
  const found = await eventually("a diagnostic", () => problems(editor.document.uri).filter((each) => each.code === "unknown-unit")[0] && problems(editor.document.uri));
  same(found.filter((each) => each.code === "unknown-unit").map((each) => editor.document.getText(each.range)), ["[nounit]"]);
});

test("hovers, completion and definitions work in a file of the virtual workspace", async () => {
  const { document } = await show(sample("imrt.policy"));
  check(/Ended 2025-12-31[^]*Replaced by 77402/u.test(await hoverText(document, "77385")), "the hover of a code");
  check(/number in years/u.test(await hoverText(document, "when age", 6)), "the hover of a fact");
  const proposals = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", document.uri, placeOf(document, "when site is eye", 13));
  check(proposals.items.some((item) => (typeof item.label === "string" ? item.label : item.label.label) === "brain"), "choices are proposed");
  const links = await vscode.commands.executeCommand<(vscode.LocationLink | vscode.Location)[]>("vscode.executeDefinitionProvider", document.uri, placeOf(document, "[47]", 2));
  check(links.length === 1, "a definition");
});

test("colours, hints, lenses, links, formatting, renaming, code actions and folding are answered by the worker", async () => {
  const { document } = await show(sample("imrt.policy"));
  const { uri } = document;
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const ask = <T>(command: string, ...more: readonly unknown[]): Thenable<T> => vscode.commands.executeCommand<T>(command, uri, ...more);
  check((await ask<vscode.SemanticTokens>("vscode.provideDocumentSemanticTokens")).data.length > 1000, "semantic tokens");
  check((await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider")).length > 5, "lenses");
  check((await ask<vscode.DocumentLink[]>("vscode.executeLinkProvider")).length > 3, "links");
  check((await ask<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider")).length > 10, "folding");
  check(Array.isArray(await ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", whole)), "hints");
  const when = placeOf(document, "when age < 18", 6);
  const renamed = await ask<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", when, "age_at_service");
  check(renamed.entries().some(([file, edits]) => file.toString() === uri.toString() && edits.length > 1) && renamed.entries().length > 1, "renaming reaches the case files");
  check((await ask<vscode.CodeAction[]>("vscode.executeCodeActionProvider", new vscode.Range(when, when))).some((each) => /a name/u.test(each.title)), "code actions");
  const untidy = await openText(SMALL.replace("  age         years  ", "  age years "));
  const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>("vscode.executeFormatDocumentProvider", untidy.document.uri, { tabSize: 2, insertSpaces: true });
  check(edits.length > 0, "formatting");
});

test("unsaved text is evaluated as it stands, and the explanation opens beside it", async () => {
  const editor = await openText(SMALL);
  const { line, character } = placeOf(editor.document, "case \"");
  const evaluate = (): Thenable<EvaluateResult> => vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", editor.document.uri, { line, character });
  same((await evaluate()).cases[0]?.determination, "approve");
  await eventually("the explanation", async () => /medical necessity is met/iu.test(String((await perform({ waitFor: "[role=tree]" }, { text: "main" }))[1])) || undefined);
  await editor.edit((edit) => edit.replace(new vscode.Range(placeOf(editor.document, "saturation = 86"), placeOf(editor.document, "saturation = 86", 15)), "saturation = 91"));
  const result = await evaluate();
  same([result.cases[0]?.determination, result.cases[0]?.status], ["refer", "failed"]);
  await perform({ wait: 500 }, { screenshot: "web-explanation.png" });
});

test("case files of the virtual workspace find their policy, which is not open", async () => {
  const files = (await vscode.workspace.fs.readDirectory(FOLDER)).filter(([name]) => /\.case\.(?:yaml|json)$/u.test(name));
  check(files.length >= 2, "there are case files");
  for (const [name] of files) {
    await show(sample(name));
    const result = await eventually(name, async () => (await vscode.commands.executeCommand<EvaluateResult | undefined>("policy.evaluateAll", sample(name))) ?? undefined);
    same(result.problem, undefined, name);
    same(result.cases.filter((each) => each.status !== "passed").map((each) => `${each.name}: ${each.summary}`), [], name);
    check(result.cases.length > 0, name);
  }
});

test("a case file is checked against the policy beside it, as that is typed", async () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  await vscode.workspace.fs.writeFile(sample("oxygen.policy"), encode(SMALL));
  await vscode.workspace.fs.writeFile(sample("oxygen.case.yaml"), encode("cases:\n  - name: First\n    on: 2025-07-01\n    facts:\n      age: 64 years\n      saturation: 86 %\n      weight: 80 kg\n    expect:\n      determination: approve\n"));
  const policy = await show(sample("oxygen.policy"));
  const cases = await show(sample("oxygen.case.yaml"));
  const found = await eventually("a diagnostic", () => problems(cases.document.uri).find((each) => each.code === "unknown-fact"));
  same(cases.document.getText(found.range), "weight");
  const edit = new vscode.WorkspaceEdit();
  edit.insert(policy.document.uri, placeOf(policy.document, "  saturation  %"), "  weight      kg     \"Body weight\"\n");
  await vscode.workspace.applyEdit(edit);
  await eventually("no diagnostic", () => (problems(cases.document.uri).length === 0 ? true : undefined));
});

test("the policies of the virtual workspace are found: by symbol, and in the Test Explorer", async () => {
  const symbols = await eventually("symbols", async () => {
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", "EX.MP.210");
    return found.length > 0 ? found : undefined;
  });
  check(symbols.some((symbol) => symbol.location.uri.path.endsWith("/spinal-injection.policy")), "a policy that is not open");
  const { testing } = vscode.extensions.getExtension<{ testing: { controller: vscode.TestController } }>("clinical-policy.clinical-policy")!.exports;
  await vscode.workspace.fs.writeFile(sample("deep/down/unopened.policy"), new TextEncoder().encode(SMALL));
  await vscode.commands.executeCommand("workbench.view.testing.focus");
  await eventually("tests", () => (["/spinal-injection.policy", "/deep/down/unopened.policy"].every((name) => [...testing.controller.items].some(([key]) => key.endsWith(name))) ? true : undefined));
});

test("the preview and the diagram open, the server starts anew, and a lint rule has its page", async () => {
  const editor = await show(sample("spinal-injection.policy"));
  await vscode.commands.executeCommand("policy.openPreview", editor.document.uri);
  await perform({ waitFor: ".policy-document #ref-8" });
  await vscode.commands.executeCommand("policy.showDiagram", editor.document.uri);
  await perform({ waitFor: ".policy-diagram .node" }, { screenshot: "web-diagram.png" });
  await vscode.commands.executeCommand("policy.restartServer");
  check((await hoverText(editor.document, "when pain", 7)) !== "", "a hover after it");
  const page = await vscode.workspace.openTextDocument(vscode.Uri.parse("clinical-policy-docs:/typo.md"));
  check(page.getText().includes("typo"), page.getText().slice(0, 80));
});
