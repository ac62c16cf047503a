// The suite that runs in a real editor: what a writer of policies sees when a sample is opened, hovered and evaluated.
import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { EvaluateResult } from "../../server/src/lsp/protocol.js";
import { SMALL } from "./small.js";
import { hasPage, pause, perform, picture, wantsPictures } from "./page.js";
import { suiteOf } from "./suite.js";
import { testingTests } from "./testing.js";

const LIMIT_MS = 15_000;
const { test, run, eventually } = suiteOf(LIMIT_MS);
export { run };

async function openSample(name: string): Promise<vscode.TextEditor> {
  const found = await vscode.workspace.findFiles(`**/${name}`);
  assert.ok(found[0], `${name} is in the workspace`);
  return vscode.window.showTextDocument(found[0], { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** Closes everything; untitled texts would otherwise ask whether to save them. */
async function closeAll(): Promise<void> {
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) {
      if (tab.isDirty && tab.input instanceof vscode.TabInputText) {
        await vscode.window.showTextDocument(tab.input.uri, { viewColumn: group.viewColumn });
        await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
      }
    }
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

async function openText(text: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: "policy", content: text });
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
}

function placeOf(document: vscode.TextDocument, words: string, into = 0): vscode.Position {
  const at = document.getText().indexOf(words);
  assert.ok(at >= 0, `“${words}” stands in the text`);
  return document.positionAt(at + into);
}

async function hoverText(editor: vscode.TextEditor, words: string, into = 1): Promise<string> {
  const place = placeOf(editor.document, words, into);
  return eventually(`hover of ${words}`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", editor.document.uri, place);
    const text = hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === "string" ? content : content.value))).join("\n");
    return text === "" ? undefined : text;
  });
}

const problems = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter((each) => each.source === "policy");

test("a mistake is marked where it stands, and goes when it is mended", async () => {
  const editor = await openText(SMALL.replace("when saturation <=", "when saturaton <="));
  const found = await eventually("a diagnostic", () => problems(editor.document.uri).find((each) => each.code === "unknown-name"));
  assert.equal(editor.document.getText(found.range), "saturaton");
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", editor.document.uri, found.range);
  assert.ok(actions.some((action) => action.title === "Change to `saturation`"), "a quick fix is offered");
  await editor.edit((edit) => edit.replace(found.range, "saturation"));
  await eventually("no diagnostic", () => (problems(editor.document.uri).length === 0 ? true : undefined));
});

test("bad samples show what they are named for", async () => {
  for (const name of ["missing-unit", "unknown-citation", "duplicate-label"]) {
    const editor = await openSample(`${name}.policy`);
    await eventually(name, () => problems(editor.document.uri).find((each) => each.code === name));
  }
});

test("unsaved text is evaluated as it stands", async () => {
  const editor = await openText(SMALL);
  const at = placeOf(editor.document, "case \"");
  const evaluate = (): Thenable<EvaluateResult> => vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", editor.document.uri, { line: at.line, character: at.character });
  assert.equal((await evaluate()).cases[0]?.determination, "approve");
  await editor.edit((edit) => edit.replace(new vscode.Range(placeOf(editor.document, "saturation = 86"), placeOf(editor.document, "saturation = 86", 15)), "saturation = 91"));
  const result = await evaluate();
  assert.equal(result.cases[0]?.determination, "refer");
  assert.equal(result.cases[0]?.status, "failed");
});

test("the palette offers the cases, the one at the cursor first", async () => {
  const editor = await openText(`${SMALL}  case "Nothing measured"\n    on 2025-07-01\n    expect pend missing saturation\n`);
  const place = placeOf(editor.document, "expect pend");
  editor.selection = new vscode.Selection(place, place);
  const result = vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase");
  const answered = { yes: false };
  void result.then(() => { answered.yes = true; });
  // The list may not be open yet when the first key comes.
  await eventually("an answer", async () => {
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    await pause(100);
    return answered.yes || undefined;
  });
  assert.deepEqual((await result).cases.map((each) => [each.name, each.status]), [["Nothing measured", "passed"]]);
});

test("a policy with an error is not evaluated and says why", async () => {
  const editor = await openText(SMALL.replace("when age >= 18 years", "when age >= 18"));
  const result = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateAll", editor.document.uri);
  assert.match(result.problem ?? "", /1 error.*Line 11/su);
  await vscode.commands.executeCommand("notifications.clearAll");
});

test("hovers say what codes, citations, facts and criteria are", async () => {
  const editor = await openSample("imrt.policy");
  assert.match(await hoverText(editor, "77385"), /Ended 2025-12-31[^]*Replaced by 77402, 77407, 77412[^]*CPT®/u);
  assert.match(await hoverText(editor, "[1-2]"), /\*\*1\.\*\* Koyfman[^]*\*\*2\.\*\* Mitin/u);
  assert.match(await hoverText(editor, "when age", 6), /number in years[^]*Age on the date of service/u);
  assert.match(await hoverText(editor, "   E. Indications", 3), /I\.E[^]*8 items[^]*open/u);
});

test("definitions, outline, folding and completion work in a policy", async () => {
  const editor = await openSample("imrt.policy");
  const { uri } = editor.document;
  const links = await vscode.commands.executeCommand<(vscode.LocationLink | vscode.Location)[]>("vscode.executeDefinitionProvider", uri, placeOf(editor.document, "[47]", 2));
  const target = links[0]!;
  assert.match(editor.document.lineAt(("targetRange" in target ? target.targetRange : target.range).start.line).text, /^\s+47\. /u);
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", uri);
  assert.ok(symbols.find((symbol) => symbol.name === "criteria")?.children[0]?.children.some((child) => child.name === "E."), "the criteria tree is in the outline");
  const proposals = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", uri, placeOf(editor.document, "when site is eye", 13));
  assert.ok(proposals.items.some((item) => (typeof item.label === "string" ? item.label : item.label.label) === "brain"), "choices are proposed");
});

test("a lens stands over each case and over the cases", async () => {
  const editor = await openSample("imrt.policy");
  const lenses = await eventually("the lens", async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", editor.document.uri, 500);
    return found.length > 0 ? found : undefined;
  });
  const cases = editor.document.getText().match(/^ {2}case "/gmu)?.length ?? 0;
  assert.equal(lenses.filter((lens) => lens.command?.command === "policy.evaluateCase").length, cases);
  assert.equal(lenses.filter((lens) => lens.command?.command === "policy.evaluateAll").length, 1);
});

test("every case of every sample comes to what it expects, one by one", async () => {
  const files = await vscode.workspace.findFiles("{*.policy,*.case.yaml,*.case.json}", "bad/**");
  assert.ok(files.length >= 4);
  for (const uri of files) {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
    const all = await eventually(`result of ${uri.path}`, async () => (await vscode.commands.executeCommand<EvaluateResult | undefined>("policy.evaluateAll", uri)) ?? undefined);
    assert.equal(all.problem, undefined, uri.path);
    assert.deepEqual(all.cases.filter((each) => each.status !== "passed").map((each) => `${each.name}: ${each.summary}`), [], uri.path);
    for (const each of all.cases) {
      const one = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", uri, each.nameSpan.start);
      assert.deepEqual(one.cases.map((other) => [other.name, other.determination, other.status]), [[each.name, each.determination, "passed"]]);
    }
  }
});

test("the explanation opens beside the policy and the focus stays", async () => {
  await closeAll();
  const editor = await openSample("imrt.policy");
  const place = placeOf(editor.document, "case \"", 7);
  editor.selection = new vscode.Selection(place, place);
  await vscode.commands.executeCommand("policy.evaluateCase", editor.document.uri, { line: place.line, character: place.character });
  await eventually("a preview", () => (vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label.includes("Explanation"))) ? true : undefined));
  await pause(1500);
  assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, vscode.ViewColumn.One);
  if (hasPage) {
    const [text] = await perform({ waitFor: "[role=tree]", timeout: 10_000 }, { text: "main" }).then((results) => results.slice(1));
    assert.match(String(text), /medical necessity is met/iu);
    const pend = placeOf(editor.document, "expect pend");
    await vscode.commands.executeCommand("policy.evaluateCase", editor.document.uri, { line: pend.line, character: pend.character });
    await eventually("the next explanation", async () => {
      const [shown] = await perform({ text: "main" });
      return /information is missing/iu.test(String(shown)) || undefined;
    });
    const tree = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.includes("Explanation"));
    assert.equal(tree.length, 1, "the next explanation takes the place of the last");
  }
});

test("evaluating all shows the explanation of the case that failed", async () => {
  const editor = await openText(SMALL.replace("saturation = 86", "saturation = 91"));
  const result = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateAll", editor.document.uri);
  assert.deepEqual(result.cases.map((each) => each.status), ["failed"]);
  await vscode.commands.executeCommand("notifications.clearAll");
  if (!hasPage) return;
  await eventually("the explanation of the failure", async () => {
    const [shown] = await perform({ text: "main" });
    return /does not come to what it expects/iu.test(String(shown)) || undefined;
  });
});

test("a case file is checked against the policy beside it, as that is typed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-cases-"));
  try {
    writeFileSync(join(folder, "oxygen.policy"), SMALL);
    writeFileSync(join(folder, "oxygen.case.yaml"), "cases:\n  - name: First\n    on: 2025-07-01\n    facts:\n      age: 64 years\n      saturation: 86 %\n      weight: 80 kg\n    expect:\n      determination: approve\n");
    const policy = await vscode.window.showTextDocument(vscode.Uri.file(join(folder, "oxygen.policy")), { viewColumn: vscode.ViewColumn.Two, preview: false });
    const cases = await vscode.window.showTextDocument(vscode.Uri.file(join(folder, "oxygen.case.yaml")), { viewColumn: vscode.ViewColumn.One, preview: false });
    const found = await eventually("a diagnostic", () => problems(cases.document.uri).find((each) => each.code === "unknown-fact"));
    assert.equal(cases.document.getText(found.range), "weight");
    await policy.edit((edit) => edit.insert(placeOf(policy.document, "  saturation  %"), "  weight      kg     \"Body weight\"\n"));
    await eventually("no diagnostic", () => (problems(cases.document.uri).length === 0 ? true : undefined));
    const result = await vscode.commands.executeCommand<EvaluateResult>("policy.evaluateAll", cases.document.uri);
    assert.deepEqual(result.cases.map((each) => each.status), ["passed"]);
    await vscode.window.showTextDocument(policy.document, { viewColumn: vscode.ViewColumn.Two });
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what if: an answer in the explanation changes the determination at once, and is saved as a case that can be undone", async () => {
  await closeAll();
  const editor = await openText(`${SMALL}  case "Nothing measured"\n    on 2025-07-01\n    age = 64 years\n    expect pend missing saturation\n`);
  const { document } = editor;
  const before = document.getText();
  const place = placeOf(document, "Nothing measured");
  await vscode.commands.executeCommand("policy.evaluateCase", document.uri, { line: place.line, character: place.character });
  if (!hasPage) return;
  await perform({ waitFor: ".advice summary", timeout: 10_000 }, { click: ".advice summary" });
  await eventually("advice", async () => /Next question: .*saturation.*Why not approved/su.test(String((await perform({ text: ".advice" }))[0])) || undefined);
  await picture("explanation-advice");
  await perform({ waitFor: ".missing button", timeout: 10_000 }, { click: ".missing button" }, { type: "86 kg" }, { waitFor: ".field .problem", timeout: 5000 });
  const [wrong] = await perform({ text: ".field .problem:not([hidden])" });
  assert.match(String(wrong), /saturation is a number in %, and kg measures something else/u);
  // The editor hands on "select all" to the page by itself, a moment later.
  await perform({ press: "Control+A" }, { wait: 300 }, { type: "86" });
  await eventually("approve", async () => /Approve.*Without the changes: pend/su.test(String((await perform({ text: ".result" }))[0])) || undefined);
  assert.equal(document.getText(), before, "the policy is as it was until it is saved");
  await perform({ click: "text=Save as a case" }, { waitFor: ".quick-input-widget input", timeout: 5000 }, { press: "Control+A" }, { wait: 100 }, { type: "Measured at last" }, { press: "Enter" });
  await eventually("the new case", () => document.getText().includes('case "Measured at last"') || undefined);
  assert.match(document.getText(), /case "Measured at last"\n {4}on 2025-07-01\n {4}age = 64 years\n {4}saturation = 86 %\n {4}expect approve by I/u);
  await eventually("the expectation is selected", () => {
    const active = vscode.window.activeTextEditor;
    return (active !== undefined && active.document === document && document.getText(active.selection).startsWith("expect approve")) || undefined;
  });
  await vscode.commands.executeCommand("undo");
  await eventually("undone", () => document.getText() === before || undefined);
});

test("policy and explanation lead to each other", async () => {
  await closeAll();
  const editor = await openSample("spinal-injection.policy");
  await vscode.commands.executeCommand("policy.showExplanation", editor.document.uri);
  if (!hasPage) return;
  await perform({ waitFor: "[role=tree] [role=treeitem]", timeout: 10_000 });
  const place = placeOf(editor.document, "Average pain ≥ 6", 3);
  editor.selection = new vscode.Selection(place, place);
  await eventually("the criterion at the cursor", async () => (await perform({ count: '.marked[data-id="I.D.2.a"]' }))[0] === 1 || undefined);
  await perform({ click: '[data-id="I.B.1"] > .row .words' });
  await eventually("the criterion in the policy", () => vscode.window.visibleTextEditors[0]?.selection.active.line === placeOf(editor.document, "1) Pain follows a dermatome").line || undefined);
  await perform({ press: "ArrowDown" }, { press: "Enter" });
  await eventually("the next one", () => vscode.window.visibleTextEditors[0]?.selection.active.line === placeOf(editor.document, "2) A root tension sign").line || undefined);
});

test("the preview shows the document, follows the text as it is typed, and scrolls with it", async () => {
  await closeAll();
  const editor = await openSample("spinal-injection.policy");
  await vscode.commands.executeCommand("policy.openPreview", editor.document.uri);
  await eventually("a preview", () => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label.startsWith("Preview: EX.MP.210"))) || undefined);
  assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString(), "the focus stays");
  if (!hasPage) return;
  await perform({ waitFor: ".policy-document #ref-8", timeout: 10_000 });
  const at = placeOf(editor.document, "Pain from a nerve root");
  await editor.edit((edit) => edit.insert(at, "Severe <b>"));
  await eventually("the typed words", async () => /Severe <b>Pain from a nerve root/u.test(String((await perform({ text: ".policy-document" }))[0])) || undefined);
  await vscode.commands.executeCommand("undo");
  await perform({ click: ".policy-document h1" }, { wait: 300 }, { press: "End" });
  const references = placeOf(editor.document, "\nreferences", 1).line;
  await eventually("the text at the references", () => (vscode.window.visibleTextEditors[0]?.visibleRanges[0]?.end.line ?? 0) > references || undefined);
  await perform({ press: "Home" });
  await eventually("the text at its top", () => vscode.window.visibleTextEditors[0]?.visibleRanges[0]?.start.line === 0 || undefined);
  await vscode.commands.executeCommand("workbench.action.files.revert");
});

test("the diagram shows the logic, and a box leads to its criterion", async () => {
  await closeAll();
  const editor = await openSample("spinal-injection.policy");
  await vscode.commands.executeCommand("policy.showDiagram", editor.document.uri);
  await eventually("a diagram", () => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label.startsWith("Logic: EX.MP.210"))) || undefined);
  if (!hasPage) return;
  await perform({ waitFor: ".policy-diagram .node", timeout: 10_000 }, { click: '.node[data-address="I.B"] .label' });
  await eventually("the criterion in the policy", () => vscode.window.visibleTextEditors[0]?.selection.active.line === placeOf(editor.document, "B. At least 2 of the following").line || undefined);
  await perform({ press: "ArrowRight" }, { press: "ArrowDown" }, { press: "Enter" });
  await eventually("the box below it", () => vscode.window.visibleTextEditors[0]?.selection.active.line === placeOf(editor.document, "2) A root tension sign").line || undefined);
  await closeAll();
});

testingTests({ test, eventually, openText, closeAll, placeOf });

test("pictures of what a writer sees", async () => {
  if (!wantsPictures) return;
  for (const [theme, name] of [["Default Light Modern", "light"], ["Default Dark Modern", "dark"], ["Default High Contrast", "contrast"]] as const) {
    await vscode.workspace.getConfiguration("workbench").update("colorTheme", theme, vscode.ConfigurationTarget.Global);
    await closeAll();
    await vscode.commands.executeCommand("notifications.clearAll");
    const editor = await openSample("imrt.policy");
    editor.revealRange(new vscode.Range(0, 0, 0, 0), vscode.TextEditorRevealType.AtTop);
    await pause(800);
    await picture(`${name}-1-top`);
    await showHover(editor, "77385", 2);
    await picture(`${name}-2-hover-code`);
    await showHover(editor, "[47]", 2);
    await picture(`${name}-3-hover-citation`);
    await showHover(editor, "cancer and medically_inoperable", 2);
    await picture(`${name}-4-hover-definition`);
    await vscode.commands.executeCommand("policy.evaluateAll", editor.document.uri);
    editor.revealRange(new vscode.Range(placeOf(editor.document, "\ncases", 1), placeOf(editor.document, "\ncases", 1)), vscode.TextEditorRevealType.AtTop);
    await pause(500);
    await picture(`${name}-5-all-cases`);
    const approve = placeOf(editor.document, "case \"", 7);
    await vscode.commands.executeCommand("policy.evaluateCase", editor.document.uri, { line: approve.line, character: approve.character });
    editor.revealRange(new vscode.Range(placeOf(editor.document, "\ncriteria", 1), placeOf(editor.document, "\ncriteria", 1)), vscode.TextEditorRevealType.AtTop);
    await pause(1500);
    await picture(`${name}-6-explanation`);
    const pend = placeOf(editor.document, "expect pend");
    await vscode.commands.executeCommand("policy.evaluateCase", editor.document.uri, { line: pend.line, character: pend.character });
    editor.revealRange(new vscode.Range(pend, pend), vscode.TextEditorRevealType.InCenter);
    await pause(1000);
    await picture(`${name}-7-pend`);
    const bad = await openText(SMALL.replace("when saturation <=", "when saturaton <=").replace("expect approve by I.B", "expect approve by I.C"));
    await eventually("diagnostics", () => (problems(bad.document.uri).length > 0 ? true : undefined));
    await vscode.commands.executeCommand("workbench.actions.view.problems");
    await picture(`${name}-8-problems`);
    await vscode.commands.executeCommand("workbench.action.closePanel");
    const ill = await openText(SMALL.replace("saturation = 86", "saturation = 91"));
    await vscode.commands.executeCommand("policy.evaluateAll", ill.document.uri);
    await pause(1000);
    assert.match(String((await perform({ text: "main" }))[0]), /does not come to what it expects/iu);
    await picture(`${name}-9-failed-case`);
    await vscode.commands.executeCommand("notifications.clearAll");
  }
});

async function showHover(editor: vscode.TextEditor, words: string, into: number): Promise<void> {
  const place = placeOf(editor.document, words, into);
  await vscode.window.showTextDocument(editor.document, { viewColumn: vscode.ViewColumn.One });
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenter);
  await pause(300);
  await vscode.commands.executeCommand("editor.action.showHover");
  await pause(900);
}

// ── Help while reading and writing ────────────────────────────────────────────────────────────────────────────────────
test("words are coloured by what they are, ended codes struck through", async () => {
  const { document } = await openSample("imrt.policy");
  const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>("vscode.provideDocumentSemanticTokensLegend", document.uri);
  const tokens = await eventually("tokens", async () => vscode.commands.executeCommand<vscode.SemanticTokens | undefined>("vscode.provideDocumentSemanticTokens", document.uri));
  assert.ok(legend.tokenTypes.includes("determination") && tokens.data.length > 5000);
  const shown = vscode.workspace.getConfiguration("editor").get<{ rules?: Readonly<Record<string, unknown>> }>("semanticTokenColorCustomizations");
  assert.deepEqual(shown?.rules?.["code.deprecated:policy"], { strikethrough: true });
  await picture("assist-1-tokens");
});

test("hints show converted quantities, and what else the settings ask for", async () => {
  const { document } = await openText(SMALL.replace("age = 64 years", "age = 774 months"));
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const labels = async (): Promise<readonly string[]> => (await vscode.commands.executeCommand<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole)).map(({ label }) => String(label));
  await eventually("the hint", async () => ((await labels()).join() === "= 64.5 years" ? true : undefined));
  const settings = vscode.workspace.getConfiguration("policy.inlayHints");
  await settings.update("addresses", true, vscode.ConfigurationTarget.Global);
  await settings.update("outcomes", true, vscode.ConfigurationTarget.Global);
  const found = await eventually("the hints that were turned on", async () => ((await labels()).length > 3 ? labels() : undefined));
  assert.ok(found.includes("I.B") && found.some((label) => /^✓ \d+ ✗ \d+ \? \d+$/u.test(label)), found.join(" | "));
  await pause(800);
  await picture("assist-2-hints");
  await settings.update("addresses", undefined, vscode.ConfigurationTarget.Global);
  await settings.update("outcomes", undefined, vscode.ConfigurationTarget.Global);
  await closeAll();
});

test("a lens above the criteria tells how the cases come out", async () => {
  const { document } = await openText(SMALL);
  const lenses = await eventually("the lens", async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 100);
    return found.filter((lens) => /^✓ cases: \d+ of \d+ pass$/u.test(lens.command?.title ?? ""))[0];
  });
  assert.equal(document.lineAt(lenses.range.start.line).text, "criteria");
});

test("the form of a condition is shown while it is typed, and proposals in a case file come from its policy", async () => {
  const editor = await openText(SMALL.replace("when saturation <=", "when saturation between 1 % and\n           saturation <="));
  const help = await vscode.commands.executeCommand<vscode.SignatureHelp | undefined>("vscode.executeSignatureHelpProvider", editor.document.uri, placeOf(editor.document, "between ", 8));
  assert.deepEqual([help?.signatures[0]?.label, help?.activeParameter], ["between low and high", 0]);
  const end = placeOf(editor.document, "between ", 8);
  editor.selection = new vscode.Selection(end, end);
  await vscode.commands.executeCommand("editor.action.triggerParameterHints");
  await pause(900);
  await picture("assist-3-form");
  const cases = await openSample("spinal-injection.case.yaml");
  const at = placeOf(cases.document, "      age: 45");
  const list = await eventually("facts", async () => {
    const found = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", cases.document.uri, at.translate(0, 6));
    return found.items.some((item) => (typeof item.label === "string" ? item.label : item.label.label) === "pain_duration") ? found : undefined;
  });
  assert.ok(!list.items.some((item) => (typeof item.label === "string" ? item.label : item.label.label) === "diagnoses"), "what is given already is not proposed");
  await closeAll();
});

test("formatting lays a policy out, the cursor stays at its word, and Enter puts the row that is left into its columns", async () => {
  const editor = await openText("policy EX.1 \"T\"\n\nfacts\n  age     years  \"Age\"\n  smoker  yes/no  \"Smoker\"\n  bmi kg/m2 \"BMI\"\ncriteria\nI.  Needed when all of the following are met:\n     A.  Age ≥ 18 years\n          when age>=18 years\n");
  const { document } = editor;
  const end = placeOf(document, "\"BMI\"", 5);
  editor.selection = new vscode.Selection(end, end);
  await eventually("the row in its columns", async () => {
    if (document.lineAt(5).text === "  bmi kg/m2 \"BMI\"" && document.lineAt(6).text === "criteria") await vscode.commands.executeCommand("type", { text: "\n" });
    await pause(300);
    return document.lineAt(5).text === "  bmi     kg/m2   \"BMI\"" ? true : undefined;
  });
  const word = placeOf(document, "18 years");
  editor.selection = new vscode.Selection(word, word);
  await vscode.commands.executeCommand("editor.action.formatDocument");
  await eventually("the layout", () => (document.getText().endsWith("\n\ncriteria\nI. Needed when all of the following are met:\n   A. Age ≥ 18 years\n      when age >= 18 years\n") ? true : undefined));
  assert.ok(document.getText(new vscode.Range(editor.selection.active, editor.selection.active.translate(0, 8))) === "18 years", "the cursor stands where it stood");
  await closeAll();
});

test("renaming a label reaches the case file, symbols and links lead through the workspace, and a condition gets a name that is typed over", async () => {
  const { document } = await openSample("spinal-injection.policy");
  const edit = await eventually("the edits", async () => {
    const found = await vscode.commands.executeCommand<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", document.uri, placeOf(document, "   C. Deep sedation", 3), "E");
    return found.size > 0 ? found : undefined;
  }).catch((error: unknown) => error as Error);
  assert.ok(edit instanceof vscode.WorkspaceEdit, String(edit));
  assert.deepEqual(edit.entries().map(([uri]) => uri.path.split("/").at(-1)).sort(), ["spinal-injection.case.yaml", "spinal-injection.policy"]);
  const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", "neurogenic");
  assert.ok(symbols.some((each) => each.name.startsWith("I.A.2 Stenosis of the lumbar canal")), symbols.map((each) => each.name).join("; "));
  const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>("vscode.executeLinkProvider", document.uri);
  assert.ok(links.some((link) => link.target?.authority === "doi.org"));
  const cases = await openSample("spinal-injection.case.yaml");
  const [first] = await vscode.commands.executeCommand<vscode.DocumentLink[]>("vscode.executeLinkProvider", cases.document.uri);
  assert.equal(first?.target?.path, document.uri.path);
  await closeAll();

  const editor = await openText(SMALL);
  const at = placeOf(editor.document, "when saturation <=", 6);
  editor.selection = new vscode.Selection(at, at);
  await pause(500);
  await vscode.commands.executeCommand("editor.action.refactor");
  await pause(900);
  await picture("workspace-1-refactorings");
  await vscode.commands.executeCommand("hideCodeActionWidget");
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", editor.document.uri, new vscode.Range(at, at), "refactor.extract", 5);
  const extract = actions.find((each) => each.title.startsWith("Give this condition a name"));
  assert.ok(extract?.edit !== undefined, actions.map((each) => each.title).join("; "));
  await vscode.workspace.applyEdit(extract.edit);
  assert.equal(extract.command?.command, "policy.renameAt");
  await vscode.commands.executeCommand(extract.command.command, ...(extract.command.arguments ?? []));
  await pause(900);
  await picture("workspace-2-name");
  assert.match(editor.document.getText(), /define\n {2}\w+ {2}saturation <=/u);
  await closeAll();
});

test("an approval says for how long and how much; a request that no statement is for is told from a referral", async () => {
  await closeAll();
  const { document } = await openSample("tnf-inhibitor.policy");
  const evaluated = async (name: string): Promise<EvaluateResult> => {
    const { line, character } = placeOf(document, `case "${name}`, 6);
    return vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", document.uri, { line, character });
  };
  assert.equal((await evaluated("Rheumatoid arthritis after methotrexate")).cases[0]?.determination, "approve");
  if (hasPage) await eventually("the terms of the approval", async () => /Approved for: 6 months, through 2026-08-01.*Quantity limit: 80 units of HCPCS J0139 per 28 days/su.test(String((await perform({ waitFor: ".result .approval", timeout: 5000 }, { text: ".result" }))[1])) || undefined);
  await picture("explanation-approval");
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  const { cases: [none] } = await evaluated("Doses already given");
  assert.deepEqual([none?.determination, none?.status, none?.summary], ["no statement applies", "passed", "✓ no statement applies"]);
  if (hasPage) await eventually("no statement applies", async () => /No statement applies: the policy says nothing about this request.*I is for pathway initial; .*Here, the request is for pathway retrospective/su.test(String((await perform({ waitFor: ".determination.is-no-statement-applies", timeout: 5000 }, { text: ".result" }))[1])) || undefined);
  await picture("explanation-no-statement");
  await closeAll();
});

test("versions of one policy: a gap between their dates is marked in both files, and goes when it is mended", async () => {
  await closeAll();
  const folder = mkdtempSync(join(tmpdir(), "policy-editor-versions-"));
  const text = (dates: string, age: number): string => `policy EX.V.1 "Example treatment"\n${dates}\ncriteria\nI. The treatment is medically necessary for members of ${age} years or more.\n`;
  writeFileSync(join(folder, "old.policy"), text("  effective  2024-01-01\n  ends       2024-06-30\n", 18));
  writeFileSync(join(folder, "new.policy"), text("  effective  2024-08-01\n", 21));
  const opened: vscode.TextDocument[] = [];
  for (const name of ["old.policy", "new.policy"]) {
    opened.push(await vscode.workspace.openTextDocument(join(folder, name)));
    await vscode.window.showTextDocument(opened.at(-1)!, { viewColumn: vscode.ViewColumn.One, preview: false });
  }
  const [old, next] = opened as [vscode.TextDocument, vscode.TextDocument];
  const gapIn = (document: vscode.TextDocument) => problems(document.uri).find((each) => (typeof each.code === "object" ? each.code.value : each.code) === "version-gap");
  const found = await eventually("the gap", () => gapIn(next));
  assert.equal(next.getText(found.range), "2024-08-01");
  assert.equal(found.relatedInformation?.[0]?.location.uri.path.split("/").at(-1), "old.policy");
  await eventually("the gap in the other file", () => gapIn(old));
  await vscode.commands.executeCommand("editor.action.marker.next");
  await pause(900);
  await picture("versions-gap");
  await vscode.window.showTextDocument(old, { viewColumn: vscode.ViewColumn.One, preview: false });
  const edit = new vscode.WorkspaceEdit();
  const at = placeOf(old, "2024-06-30");
  edit.replace(old.uri, new vscode.Range(at, at.translate(0, 10)), "2024-07-31");
  await vscode.workspace.applyEdit(edit);
  await eventually("no gap any more", () => (gapIn(old) === undefined && gapIn(next) === undefined) || undefined);
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

test("evidence stands beside the criteria it is for, and what could not be obtained is said to be so", async () => {
  await closeAll();
  const { document } = await openSample("sleep-study.policy");
  const evaluated = async (name: string): Promise<EvaluateResult> => {
    const { line, character } = placeOf(document, `case "${name}`, 6);
    return vscode.commands.executeCommand<EvaluateResult>("policy.evaluateCase", document.uri, { line, character });
  };
  assert.equal((await evaluated("Sleepy adult")).cases[0]?.determination, "approve");
  if (hasPage) {
    await eventually("the evidence", async () => /Evidence: visit note, pp\. 1-2, 2025-12-18/u.test(String((await perform({ waitFor: '.why .evidence', timeout: 5000 }, { text: '[data-id="I.E"]' }))[1])) || undefined);
    assert.match(String((await perform({ text: "[aria-label=Criteria]" }))[0]), /Evidence for epworth: sleep questionnaire, p\. 1, 2025-12-18/u);
    await perform({ click: '[data-id="I.E"] > .row .words' });
  }
  await picture("explanation-evidence");
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  assert.equal((await evaluated("Nobody has said")).cases[0]?.determination, "pend");
  if (hasPage) {
    await eventually("what could not be obtained", async () => /Of these, I\.E \(the clinic has not named the physician who reads the test\) could not be obtained/su.test(String((await perform({ text: ".result" }))[0])) || undefined);
    assert.match(String((await perform({ text: ".missing" }))[0]), /could not be obtained \(the clinic has not named/u);
  }
  await picture("explanation-unobtainable");
  await closeAll();
});

test("a letter and a worksheet are written into a new document", async () => {
  await closeAll();
  const { document } = await openSample("imrt.policy");
  const letter = await vscode.commands.executeCommand<string>("policy.writeLetter", document.uri, "Ewing sarcoma of the pelvis", "member");
  assert.match(letter, /^# Notice of approval\n/u);
  const shown = vscode.window.activeTextEditor?.document;
  assert.deepEqual([shown?.languageId, shown?.isUntitled, shown?.getText()], ["markdown", true, letter]);
  await pause(500);
  await picture("letter");
  const worksheet = await vscode.commands.executeCommand<string>("policy.showWorksheet", document.uri, "Ewing sarcoma of the pelvis");
  assert.match(worksheet, /^# Reviewer’s worksheet\n/u);
  assert.equal(vscode.window.activeTextEditor?.document.getText(), worksheet);
  await closeAll();
});
