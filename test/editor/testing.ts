// The Test Explorer, the status bar, the walkthrough and the commands for new texts, in the real editor.
import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMALL } from "./small.js";
import * as vscode from "vscode";
import { hasPage, pause, perform, picture } from "./page.js";

/** What the suite gives to its parts. */
export interface Tools {
  test(name: string, run: () => Promise<void>): void;
  eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T>;
  openText(text: string): Promise<vscode.TextEditor>;
  closeAll(): Promise<void>;
  placeOf(document: vscode.TextDocument, words: string, into?: number): vscode.Position;
}

interface Testing {
  readonly controller: vscode.TestController;
  readonly profiles: { readonly run: vscode.TestRunProfile; readonly coverage: vscode.TestRunProfile };
  runAll(uri: vscode.Uri): Promise<void>;
}

const POLICY = `${SMALL}  case "Nothing measured"
    on 2025-07-01
    age = 64 years
    expect pend missing saturation
`;
/** What the coverage says of the single conditions of `POLICY` by its two cases. */
const CONDITIONS = [
  "“age >= 18 years” (I.A): no case in which it decides by not being met: 0",
  "“saturation <= 88 %” (I.B): no case in which it decides by not being met: 0",
];
const CASES = "cases:\n  - name: A child\n    on: 2025-07-01\n    facts: { age: 9 years, saturation: 80 % }\n    expect: { determination: refer }\n";

async function testing(): Promise<Testing> {
  const extension = vscode.extensions.getExtension<{ testing: Testing }>("clinical-policy.clinical-policy");
  assert.ok(extension, "the extension is there");
  return (await extension.activate()).testing;
}

/** The tree below some items, as lines. */
function outline(items: vscode.TestItemCollection, depth = 0): string[] {
  return [...items].map(([, item]) => item).sort((a, b) => (a.sortText ?? a.label).localeCompare(b.sortText ?? b.label))
    .flatMap((item) => [`${"  ".repeat(depth)}${item.label}${item.error === undefined ? "" : " (error)"}`, ...outline(item.children, depth + 1)]);
}

const itemOf = ({ controller }: Testing, uri: vscode.Uri): vscode.TestItem | undefined => controller.items.get(uri.toString());

interface Told {
  readonly how: "passed" | "failed" | "errored" | "skipped";
  readonly label: string;
  readonly messages: readonly vscode.TestMessage[];
}

interface Recorded {
  readonly told: Told[];
  readonly files: vscode.FileCoverage[];
  run?: vscode.TestRun;
}

/** Runs with a profile and writes down what the run is told. */
async function recorded({ controller }: Testing, work: (sofar: Recorded) => Promise<unknown>): Promise<Recorded> {
  const found: Recorded = { told: [], files: [] };
  const original = controller.createTestRun;
  controller.createTestRun = (...given) => {
    const run = original.apply(controller, given);
    found.run = run;
    for (const how of ["passed", "failed", "errored", "skipped"] as const) {
      const tell = run[how].bind(run) as (item: vscode.TestItem, ...more: unknown[]) => void;
      run[how] = (item: vscode.TestItem, ...more: unknown[]) => {
        const messages = (Array.isArray(more[0]) ? more[0] : more[0] instanceof vscode.TestMessage ? [more[0]] : []) as vscode.TestMessage[];
        found.told.push({ how, label: item.label, messages });
        tell(item, ...more);
      };
    }
    const add = run.addCoverage.bind(run);
    run.addCoverage = (file) => { found.files.push(file); add(file); };
    return run;
  };
  try {
    await work(found);
  } finally {
    controller.createTestRun = original;
  }
  return found;
}

async function runWith(there: Testing, profile: vscode.TestRunProfile, include: readonly vscode.TestItem[]): Promise<Recorded> {
  const source = new vscode.CancellationTokenSource();
  return recorded(there, async () => profile.runHandler(new vscode.TestRunRequest(include, undefined, profile), source.token));
}

/** Adds these tests to the suite. */
export function testingTests({ test, eventually, openText, closeAll, placeOf }: Tools): void {
  const treeOf = (there: Testing, uri: vscode.Uri, wanted: readonly string[]): Promise<true> => {
    let last: string[] = [];
    return eventually("the tree", () => {
      const item = itemOf(there, uri);
      last = item === undefined ? [] : outline(item.children);
      return JSON.stringify(last) === JSON.stringify(wanted) || undefined;
    }).catch((error: unknown) => {
      assert.deepEqual(last, wanted, String(error));
      throw error;
    });
  };

  test("the Test Explorer lists the policies of the workspace with their case files", async () => {
    const there = await testing();
    await there.controller.refreshHandler!(new vscode.CancellationTokenSource().token);
    const labels = [...there.controller.items].map(([, item]) => `${item.label} | ${String(item.description ?? "")}`);
    assert.ok(labels.includes("LA.CP.MP.69 Intensity-Modulated Radiotherapy | imrt.policy"), labels.join("\n"));
    const [uri] = await vscode.workspace.findFiles("imrt.policy");
    const item = itemOf(there, uri!)!;
    assert.deepEqual(outline(item.children).filter((line) => !line.startsWith(" ")).slice(0, 2), ["imrt.case.yaml", "imrt.extra.case.json"], "the case files stand under their policy, before its cases");
    await there.controller.resolveHandler!(item);
    const text = readFileSync(uri!.fsPath, "utf8");
    assert.equal(item.children.size, 2 + text.match(/^ {2}case "/gmu)!.length);
  });

  test("the tree follows what is typed: new cases, names, errors", async () => {
    const there = await testing();
    const editor = await openText(POLICY);
    const { uri } = editor.document;
    await treeOf(there, uri, ["Saturation of 86 percent", "Nothing measured"]);
    assert.equal(itemOf(there, uri)!.label, "CP.EX.1 Home oxygen therapy");
    await editor.edit((edit) => edit.insert(placeOf(editor.document, "Nothing measured"), "At all: "));
    await treeOf(there, uri, ["Saturation of 86 percent", "At all: Nothing measured"]);
    const last = itemOf(there, uri)!.children.get(`${uri.toString()}#At all: Nothing measured`);
    assert.equal(last?.range?.start.line, placeOf(editor.document, "case \"At all").line, "gutter signs and run-at-cursor go by this");
    await editor.edit((edit) => edit.replace(editor.document.lineAt(placeOf(editor.document, "when saturation").line).range, "      when saturaton <= 88 %"));
    const error = await eventually("the error", () => itemOf(there, uri)?.error);
    assert.match(String(error), /Line 13:.*saturaton/u);
    const { told } = await runWith(there, there.profiles.run, [itemOf(there, uri)!]);
    assert.deepEqual(told.map(({ how }) => how), ["errored", "errored"]);
    assert.match(String(told[0]!.messages[0]!.message), /not evaluated until this is mended/u);
    assert.equal(told[0]!.messages[0]!.location?.range.start.line, 12);
    await closeAll();
    await eventually("the item goes with its text", () => itemOf(there, uri) === undefined || undefined);
  });

  test("a case that fails shows what it expects beside what came, at the expectation, and why", async () => {
    const there = await testing();
    const editor = await openText(POLICY.replace("saturation = 86 %", "saturation = 91 %"));
    const { uri } = editor.document;
    const item = await eventually("the item", () => itemOf(there, uri));
    const { told } = await runWith(there, there.profiles.run, [item]);
    assert.deepEqual(told.map(({ how, label }) => [how, label]), [["failed", "Saturation of 86 percent"], ["passed", "Nothing measured"]]);
    const [determination, by, why] = told[0]!.messages;
    assert.equal(determination!.message, "Expected approve, came to refer.");
    assert.deepEqual([determination!.expectedOutput, determination!.actualOutput], ["approve", "refer"]);
    assert.equal(editor.document.getText(determination!.location!.range), "expect approve by I.B");
    assert.match(String(by!.message), /Expected I\.B to decide/u);
    assert.deepEqual([by!.expectedOutput, by!.actualOutput], ["by I.B", "by I"]);
    assert.match((why!.message as vscode.MarkdownString).value, /## Refer: a clinician must look[^]*saturation is 91 %/u);
    const one = item.children.get(`${uri.toString()}#Nothing measured`)!;
    assert.deepEqual((await runWith(there, there.profiles.run, [one])).told.map(({ label }) => label), ["Nothing measured"]);
    if (hasPage) {
      await vscode.commands.executeCommand("workbench.view.testing.focus");
      await vscode.commands.executeCommand("testing.runCurrentFile");
      await eventually("the Test Explorer shows it", async () => /CP\.EX\.1 Home oxygen therapy[^]*Untitled/u.test(String((await perform({ text: ".sidebar" }))[0])) || undefined);
      await pause(1500);
      await picture("testing-failed");
      await vscode.commands.executeCommand("workbench.view.explorer");
      await vscode.commands.executeCommand("workbench.action.closePanel");
    }
    await closeAll();
  });

  test("running goes on with every edit, until it is stopped", async () => {
    const there = await testing();
    const editor = await openText(POLICY);
    const item = await eventually("the item", () => itemOf(there, editor.document.uri));
    const source = new vscode.CancellationTokenSource();
    const found = await recorded(there, async ({ told }) => {
      await there.profiles.run.runHandler(new vscode.TestRunRequest([item], undefined, there.profiles.run, true), source.token);
      await editor.edit((edit) => edit.replace(new vscode.Range(placeOf(editor.document, "86 %"), placeOf(editor.document, "86 %", 2)), "95"));
      await eventually("the second run", () => told.length >= 4 || undefined);
      source.cancel();
      await editor.edit((edit) => edit.insert(placeOf(editor.document, "cases"), "# A remark\n"));
      await pause(1000);
    });
    assert.deepEqual(found.told.map(({ how, label }) => `${how} ${label}`), ["passed Saturation of 86 percent", "passed Nothing measured", "failed Saturation of 86 percent", "passed Nothing measured"]);
    await closeAll();
  });

  test("coverage: the figures are those of the details, of all cases and of one", async () => {
    const there = await testing();
    const editor = await openText(POLICY);
    const { uri } = editor.document;
    const item = await eventually("the item", () => itemOf(there, uri));
    const { files: [file], run } = await runWith(there, there.profiles.coverage, [item]);
    assert.ok(file, "coverage of the policy");
    assert.equal(file.uri.toString(), uri.toString());
    // I: met, unknown; I.A: met twice; I.B: met, unknown.
    assert.deepEqual([file.statementCoverage, file.branchCoverage].map((each) => [each!.covered, each!.total]), [[3, 3], [5, 9]]);
    const { token } = new vscode.CancellationTokenSource();
    const statements = (details: readonly vscode.FileCoverageDetail[]): vscode.StatementCoverage[] => details.filter((each) => each instanceof vscode.StatementCoverage);
    const details = await there.profiles.coverage.loadDetailedCoverage!(run!, file, token);
    const all = statements(details);
    const counted = vscode.FileCoverage.fromDetails(uri, details);
    assert.deepEqual([counted.statementCoverage.covered, counted.statementCoverage.total, counted.branchCoverage?.covered, counted.branchCoverage?.total], [3, 3, 5, 9]);
    // Single conditions: each of them decides by being met, and none by being not met.
    assert.deepEqual([file.declarationCoverage?.covered, file.declarationCoverage?.total], [counted.declarationCoverage?.covered, counted.declarationCoverage?.total]);
    assert.deepEqual(details.filter((each) => each instanceof vscode.DeclarationCoverage).map(({ name, executed }) => `${name}: ${executed}`), CONDITIONS);
    assert.deepEqual(all.map(({ location, executed }) => [editor.document.getText(location as vscode.Range).slice(0, 4), executed]), [["I. H", 1], ["A. A", 2], ["B. S", 1]]);
    if (hasPage) {
      await vscode.commands.executeCommand("workbench.view.testing.focus");
      await vscode.commands.executeCommand("testing.coverageCurrentFile");
      await pause(2500);
      await picture("testing-coverage");
      await vscode.commands.executeCommand("testing.coverage.close");
      await vscode.commands.executeCommand("workbench.view.explorer");
      await vscode.commands.executeCommand("workbench.action.closePanel");
    }
    assert.deepEqual(file.includesTests?.map(({ label }) => label), ["Saturation of 86 percent", "Nothing measured"]);
    const one = statements(await there.profiles.coverage.loadDetailedCoverageForTest!(run!, file, file.includesTests![1]!, token));
    assert.deepEqual(one.map(({ location }) => editor.document.getText(location as vscode.Range).slice(0, 4)), ["A. A"]);
    await closeAll();
  });

  test("files that come, move and go are followed", async () => {
    const there = await testing();
    const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const folder = mkdtempSync(join(root, "moved-"));
    await there.controller.resolveHandler!(undefined);
    try {
      // A file that comes with its folder may go unreported; the folder does not.
      writeFileSync(join(folder, "one.policy"), POLICY);
      const one = vscode.Uri.file(join(folder, "one.policy"));
      const two = vscode.Uri.file(join(folder, "two.policy"));
      await eventually("the new policy", () => itemOf(there, one));
      writeFileSync(join(folder, "one.case.yaml"), CASES);
      await treeOf(there, one, ["one.case.yaml"]);
      const { told } = await runWith(there, there.profiles.run, [itemOf(there, one)!]);
      assert.deepEqual(told.map(({ how, label }) => `${how} ${label}`), ["passed A child", "passed Saturation of 86 percent", "passed Nothing measured"], "no file of them is open");
      renameSync(join(folder, "one.policy"), join(folder, "two.policy"));
      await eventually("the policy under its new name", () => (itemOf(there, two) !== undefined && itemOf(there, one) === undefined) || undefined);
      const lost = await eventually("the case file without a policy", () => itemOf(there, vscode.Uri.file(join(folder, "one.case.yaml"))));
      await there.controller.resolveHandler!(lost);
      assert.match(String(lost.error), /not found/u);
    } finally {
      rmSync(folder, { recursive: true });
    }
    await eventually("nothing is left", () => ![...there.controller.items].some(([id]) => id.includes("/moved-")) || undefined);
  });

  test("the status bar says the version in force and how many cases pass", async () => {
    if (!hasPage) return;
    const shown = async (): Promise<string> => String((await perform({ text: ".statusbar" }))[0]);
    const editor = await openText(POLICY.replace("saturation = 86 %", "saturation = 91 %"));
    await eventually("the status", async () => /CP\.EX\.1 · effective 2025-06-19 · in force today[^]*1 of 2 cases pass/u.test(await shown()) || undefined);
    await editor.edit((edit) => edit.replace(new vscode.Range(placeOf(editor.document, "91 %"), placeOf(editor.document, "91 %", 2)), "86"));
    await eventually("the new status", async () => /2 of 2 cases pass/u.test(await shown()) || undefined);
    const other = await vscode.workspace.openTextDocument({ language: "plaintext", content: "A letter" });
    await vscode.window.showTextDocument(other, { preview: false });
    await eventually("no status", async () => !/CP\.EX\.1|cases pass/u.test(await shown()) || undefined);
    await closeAll();
  });

  test("a new policy is written from answers, with no findings and cases that pass", async () => {
    const there = await testing();
    const folder = mkdtempSync(join(tmpdir(), "policy-new-"));
    try {
      const uri = vscode.Uri.file(join(folder, "vent.policy"));
      const made = await vscode.commands.executeCommand<vscode.Uri>("policy.newPolicy", { number: "CP.MP.500", title: "Home ventilation", plan: "", effective: "2026-01-01", uri });
      assert.equal(made.toString(), uri.toString());
      const editor = vscode.window.activeTextEditor!;
      assert.equal(editor.document.uri.toString(), uri.toString());
      assert.match(readFileSync(uri.fsPath, "utf8"), /^policy CP\.MP\.500 "Home ventilation"\n/u);
      assert.equal(editor.document.getText(editor.selection), "What the treatment is and whom the policy is for.");
      const item = await eventually("its item", () => itemOf(there, uri));
      const { told } = await runWith(there, there.profiles.run, [item]);
      assert.deepEqual(told.map(({ how }) => how), ["passed", "passed", "passed"]);
      const errors = vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.deepEqual(errors, []);
    } finally {
      await closeAll();
      rmSync(folder, { recursive: true });
    }
  });

  test("a new case is written behind the last one, to be filled in", async () => {
    const there = await testing();
    const editor = await openText(POLICY);
    assert.equal(await vscode.commands.executeCommand("policy.newCase", editor.document.uri, { name: "Saturation of 70 percent", on: "2025-08-01" }), true);
    const text = editor.document.getText();
    assert.ok(text.endsWith('  case "Saturation of 70 percent"\n    on 2025-08-01\n    # age = … years     # Age on the date of service\n    # saturation = … %  # Oxygen saturation at rest\n    expect pend\n'), JSON.stringify(text.slice(-260)));
    await treeOf(there, editor.document.uri, ["Saturation of 86 percent", "Nothing measured", "Saturation of 70 percent"]);
    await vscode.commands.executeCommand("leaveSnippet");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), POLICY, "one step takes it back");
    await closeAll();
  });

  test("generated cases are put behind the last one; one step takes them back", async () => {
    const editor = await openText(POLICY);
    const count = await vscode.commands.executeCommand<number>("policy.generateCases", editor.document.uri);
    const text = editor.document.getText();
    assert.ok(count > 2 && text.startsWith(POLICY.trimEnd()), String(count));
    assert.equal((text.slice(POLICY.trimEnd().length).match(/^ {2}case "/gmu) ?? []).length, count);
    assert.match(text, /\n {4}note For: .*Derived: \w+/u);
    assert.equal(await vscode.commands.executeCommand<number>("policy.generateCases", editor.document.uri), 0, "there is nothing left to propose");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), POLICY);
    await closeAll();
  });

  test("the walkthrough is there", async () => {
    if (!hasPage) return;
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "clinical-policy.clinical-policy#start", false);
    await eventually("its page", async () => /Get Started with Clinical Policy[^]*Open a sample policy[^]*Write your own policy/u.test(String((await perform({ text: ".gettingStartedContainer" }))[0])) || undefined);
    await pause(1000);
    await picture("walkthrough");
    await closeAll();
  });

  test("the walkthrough leads through the sample", async () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-sample-"));
    try {
      mkdirSync(join(folder, "mine"));
      const target = vscode.Uri.file(join(folder, "mine"));
      const first = await vscode.commands.executeCommand<vscode.Uri>("policy.openSample", target);
      const second = await vscode.commands.executeCommand<vscode.Uri>("policy.openSample", target);
      assert.deepEqual([first, second].map(({ path }) => path.split("/").at(-1)), ["home-oxygen.policy", "home-oxygen-2.policy"]);
      await closeAll();
      await vscode.commands.executeCommand("policy.openSample", "untitled");
      await vscode.commands.executeCommand("policy.walkthrough.criterion");
      const editor = vscode.window.activeTextEditor!;
      assert.match(editor.document.lineAt(editor.selection.active.line).text, /when saturation <= 88 %/u);
      await vscode.commands.executeCommand("policy.walkthrough.fact");
      assert.equal(editor.document.getText(editor.selection), "86");
      await vscode.commands.executeCommand("policy.walkthrough.finding");
      await eventually("the finding", () => vscode.languages.getDiagnostics(editor.document.uri).find(({ code }) => code === "unknown-name" || (typeof code === "object" && code.value === "unknown-name")));
      await vscode.commands.executeCommand("workbench.action.closePanel");
    } finally {
      await closeAll();
      rmSync(folder, { recursive: true });
    }
  });

  test("the conversation with the server is written to the channel when the setting says so", async () => {
    const { output } = (await vscode.extensions.getExtension<{ output: vscode.LogOutputChannel }>("clinical-policy.clinical-policy")!.activate());
    const written: string[] = [];
    const { info } = output;
    // The headless editor keeps no log files: what would be written is caught on its way.
    output.info = (message) => void written.push(message);
    const settings = vscode.workspace.getConfiguration("policy");
    const editor = await openText(POLICY);
    const hover = (): Thenable<unknown> => vscode.commands.executeCommand("vscode.executeHoverProvider", editor.document.uri, placeOf(editor.document, "when age", 6));
    try {
      await hover();
      assert.deepEqual(written.filter((line) => line.includes("textDocument/hover")), [], "nothing, unless it is asked for");
      await settings.update("trace.server", "messages", vscode.ConfigurationTarget.Global);
      await eventually("the trace", async () => { await hover(); return written.some((line) => /textDocument\/hover/u.test(line)) || undefined; });
    } finally {
      await settings.update("trace.server", undefined, vscode.ConfigurationTarget.Global);
      output.info = info;
      await closeAll();
    }
  });
}
