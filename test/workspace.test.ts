// The workspace, by a real client over stdio: symbols, findings of files that are not open, links, renaming over files, refactorings.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, DocumentLink, Location, LocationLink, TextDocumentEdit, TextEdit, WorkspaceDiagnosticReport, WorkspaceEdit, WorkspaceSymbol } from "vscode-languageserver-protocol/node";
import { caseFileLinks, placesOfNumber, policyLinks, policyNumberAt } from "../server/src/features/links.js";
import { fit } from "../server/src/features/workspacesymbols.js";
import { pathTo } from "../server/src/lsp/workspace.js";
import { RENAME_AT_COMMAND } from "../server/src/lsp/protocol.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { type Place, startClient, type TestClient } from "./support/client.js";
import { example, EXAMPLE } from "./support/fixture.js";

const CASES = `policy: home oxygen.policy
cases:
  - name: In a file
    on: 2026-03-01
    facts: { age: 64 years, stage: late }
    criteria: { I.C: met, I.B.1: met }
    expect: { determination: approve, by: I.B.2 }
`;
const OTHER = `policy CP.EX.7 "Oxygen in hospital"
criteria
I. Oxygen is medically necessary when the criteria of CP.EX.1 are met.
   note As criterion I.B of CP.EX.1 has it. See https://example.org/hospital.
II. For ambulances, see CP.EX.99.
`;

let root: string;
let client: TestClient;
const uriOf = (...parts: string[]): string => pathToFileURL(join(root, ...parts)).toString();
const POLICY = (): string => uriOf("home oxygen.policy");
const ask = <R>(method: string, params: unknown, of: TestClient = client): Promise<R> => of.connection.sendRequest<R>(method, params);
const put = (name: string, text: string): void => {
  mkdirSync(join(root, name, ".."), { recursive: true });
  writeFileSync(join(root, name), text);
};
const place = (text: string, words: string, by = 0): Place => {
  const lines = text.slice(0, text.indexOf(words) + by).split("\n");
  assert.ok(text.includes(words), words);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};
const words = (text: string, range: { start: Place; end: Place }): string => text.slice(offset(text, range.start), offset(text, range.end));
const offset = (text: string, at: Place): number => text.split("\n").slice(0, at.line).reduce((sum, line) => sum + line.length + 1, 0) + at.character;
const applied = (text: string, edits: readonly TextEdit[]): string =>
  [...edits].sort((a, b) => offset(text, b.range.start) - offset(text, a.range.start)).reduce((whole, edit) => whole.slice(0, offset(text, edit.range.start)) + edit.newText + whole.slice(offset(text, edit.range.end)), text);
const editsOf = (edit: WorkspaceEdit, name: string): readonly TextEdit[] =>
  ((edit.documentChanges ?? []).find((change): change is TextDocumentEdit => "textDocument" in change && decodeURIComponent(change.textDocument.uri).endsWith(`/${name}`))?.edits ?? []) as TextEdit[];
const watched = (uri: string, type: number): void => void client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type }] });

const CAN = {
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["rename"], snippetEditSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true }, workspaceFolders: true },
  textDocument: { rename: { prepareSupport: true }, codeAction: { dataSupport: true, resolveSupport: { properties: ["edit", "command"] } } },
};

before(async () => {
  root = mkdtempSync(join(tmpdir(), "policy-workspace-"));
  put(".git/x", "");
  put("home oxygen.policy", EXAMPLE);
  put("home oxygen.case.yaml", "cases:\n  - name: Beside\n    on: 2026-03-01\n    facts: { age: 64 years }\n    expect: pend\n");
  put("deep/named.case.yaml", CASES.replace("home oxygen.policy", "../home oxygen.policy"));
  put("deep/other.policy", OTHER);
  put("node_modules/x/hidden.policy", OTHER.replace("CP.EX.7", "CP.EX.99"));
  put(".hidden/hidden.policy", OTHER.replace("CP.EX.7", "CP.EX.99"));
  client = await startClient({ folder: root, can: CAN, commands: true });
});
after(async () => {
  assert.deepEqual(client.log.filter((line) => /\bat \w/u.test(line)), []);
  await client.stop();
  rmSync(root, { recursive: true });
});

describe("symbols of the workspace", () => {
  const find = async (query: string): Promise<readonly string[]> =>
    (await ask<WorkspaceSymbol[]>("workspace/symbol", { query })).map((each) => `${each.name} (${each.containerName}) ${decodeURIComponent(each.location.uri).slice(root.length + 8)}`);

  test("policies, criteria, facts, codes and cases are found by their words", async () => {
    assert.deepEqual((await find("hospital")), ["CP.EX.7 Oxygen in hospital (CP.EX.7 Oxygen in hospital) deep/other.policy"]);
    assert.equal((await find("I.B.2"))[0], "I.B.2 Late stage with cor pulmonale (CP.EX.1 Home oxygen therapy) home oxygen.policy");
    assert.ok((await find("late cor")).some((name) => name.startsWith("I.B.2 Late stage")));
    assert.ok((await find("kind")).some((name) => name.startsWith("therapies.kind: Kind")));
    assert.ok((await find("e1390")).some((name) => name.startsWith("HCPCS E1390 Oxygen concentrator")));
    assert.deepEqual(await find("In a file"), ["In a file (named.case.yaml) deep/named.case.yaml"]);
    assert.deepEqual(await find("no such words here"), []);
    assert.ok(!(await find("")).some((name) => name.includes("hidden")));
  });
  test("the fit of a name", () => {
    const names = ["age: Age on the date of service", "I.A Age ≥ 18 years", "Package of care", "a great edge"];
    assert.deepEqual(names.map((name) => fit("age", name) > 0), [true, true, true, true]);
    assert.ok(fit("age", names[0]!) > fit("age", names[1]!) && fit("age", names[1]!) > fit("age", names[2]!) && fit("age", names[2]!) > fit("age", names[3]!));
    assert.equal(fit("xyz", "age"), 0);
  });
});

describe("findings of files that are not open", () => {
  const report = async (previousResultIds: { uri: string; value: string }[] = []): Promise<WorkspaceDiagnosticReport> => ask("workspace/diagnostic", { previousResultIds });
  const short = (given: WorkspaceDiagnosticReport): Record<string, unknown> => Object.fromEntries(given.items.map((each) => [decodeURIComponent(each.uri).slice(root.length + 8), each.kind === "full" ? each.items.map((found) => found.code).filter((code) => ["unknown-name", "unknown-fact", "unknown-label", "criterion-without-case", "uncited-reference", "policy-not-found"].includes(String(code))) : "unchanged"]));
  const ids = (given: WorkspaceDiagnosticReport): { uri: string; value: string }[] => given.items.flatMap((each) => (each.resultId === undefined ? [] : [{ uri: each.uri, value: each.resultId }]));

  test("are reported once, and again when something changes", async () => {
    put("broken.policy", example(["when hypoxemic", "when hypoxemc"], ["[2]", "[1]"], ["[1-2]", "[1]"], ["CP.EX.1", "CP.EX.8"]));
    put("broken.case.yaml", CASES.replace("policy: home oxygen.policy\n", "").replace("stage: late", "colour: late"));
    watched(uriOf("broken.policy"), 1);
    watched(uriOf("broken.case.yaml"), 1);
    const first = await report();
    assert.deepEqual(short(first)["broken.policy"], ["unknown-name", "uncited-reference"]);
    assert.deepEqual(short(first)["broken.case.yaml"], ["unknown-fact"]);
    assert.deepEqual(short(first)["deep/named.case.yaml"], []);
    assert.ok(!Object.keys(short(first)).some((name) => name.includes("hidden")));
    assert.ok(first.items.find((each) => each.uri.endsWith("broken.policy"))!.kind === "full");
    const second = await report(ids(first));
    assert.ok(second.items.every((each) => each.kind === "unchanged") && second.items.length === first.items.length);

    put("broken.policy", example(["CP.EX.1", "CP.EX.8"], ["cor_pulmonale   yes/no", "colour  text\n  cor_pulmonale   yes/no"]));
    watched(uriOf("broken.policy"), 2);
    const third = await report(ids(first));
    assert.deepEqual(short(third)["broken.policy"], []);
    assert.deepEqual(short(third)["broken.case.yaml"], []);
    assert.equal(short(third)["deep/other.policy"], "unchanged");

    unlinkSync(join(root, "broken.policy"));
    watched(uriOf("broken.policy"), 3);
    const fourth = await report(ids(third));
    assert.deepEqual(short(fourth)["broken.policy"], []);
    assert.deepEqual(short(fourth)["broken.case.yaml"], ["policy-not-found"]);
    unlinkSync(join(root, "broken.case.yaml"));
    watched(uriOf("broken.case.yaml"), 3);
  });

  test("an open document counts with what the editor holds, and is asked for by itself", async () => {
    client.open(uriOf("deep/named.case.yaml"), "policy: ../home oxygen.policy\ncases: []\n", "yaml");
    const given = await report();
    assert.ok(!Object.hasOwn(short(given), "deep/named.case.yaml"));
    void client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: uriOf("deep/named.case.yaml") } });
    assert.deepEqual(short(await report())["deep/named.case.yaml"], []);
  });

  test("what the configuration leaves out is left out", async () => {
    put("left/out.policy", OTHER.replace("CP.EX.7", "CP.EX.70").replace("note As", "when no_such_name\n   note As"));
    watched(uriOf("left/out.policy"), 1);
    assert.deepEqual(short(await report())["left/out.policy"], ["unknown-name"]);
    put("policy.config.yaml", "ignore: [left]\n");
    watched(uriOf("policy.config.yaml"), 1);
    assert.deepEqual(short(await report())["left/out.policy"], []);
    rmSync(join(root, "left"), { recursive: true });
    rmSync(join(root, "policy.config.yaml"));
    watched(uriOf("left/out.policy"), 3);
    watched(uriOf("policy.config.yaml"), 3);
  });

  test("come in parts where the client asks for that, and stop when it does not want them any more", async () => {
    for (let i = 0; i < 120; i++) put(`many/p${i}.policy`, OTHER.replace("CP.EX.7", `CP.MANY.${i}`));
    watched(uriOf("many"), 1);
    const parts: WorkspaceDiagnosticReport[] = [];
    client.connection.onNotification("$/progress", ({ value }: { value: WorkspaceDiagnosticReport }) => void parts.push(value));
    const last = await ask<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds: [], partialResultToken: "t" });
    const all = [...parts.flatMap((part) => part.items), ...last.items];
    assert.ok(parts.length >= 2, `${parts.length} parts`);
    assert.equal(all.filter((each) => each.uri.includes("/many/")).length, 120);
    rmSync(join(root, "many"), { recursive: true });
    watched(uriOf("many"), 3);
  });
});

describe("links", () => {
  test("lead to publications, pages, policies and files", async () => {
    client.open(POLICY(), EXAMPLE);
    const links = await ask<DocumentLink[]>("textDocument/documentLink", { textDocument: { uri: POLICY() } });
    assert.deepEqual(links.map((link) => [words(EXAMPLE, link.range), decodeURIComponent(link.target!).replace(decodeURIComponent(uriOf("")), ""), link.tooltip]), [
      ["CP.EX.7", "/deep/other.policy", "Open policy CP.EX.7, \"Oxygen in hospital\""],
      ["doi:10.1000/oxygen(2024)1", "https://doi.org/10.1000/oxygen(2024)1", "Open the publication"],
      ["https://example.org/oxygen", "https://example.org/oxygen", "Open the page"],
      ["cases", "/home oxygen.case.yaml", "More cases stand in home oxygen.case.yaml and 1 other file"],
    ]);
    const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");
    client.open(uriOf("deep/named.case.yaml"), cases, "yaml");
    const inCases = await ask<DocumentLink[]>("textDocument/documentLink", { textDocument: { uri: uriOf("deep/named.case.yaml") } });
    assert.deepEqual(inCases.map((link) => [words(cases, link.range), link.target]), [["../home oxygen.policy", POLICY()]]);
  });
  test("of a text: numbers and names, no sentence's full stop, not its own number", () => {
    const text = EXAMPLE.replace("It is billed", "See CP.EX.1, LA.CP.MP.69. A.B.3; example.policy, (example.more.case.json). It is billed");
    assert.deepEqual(policyLinks(analyze(text, "file:///x.policy")).filter(({ target }) => target.kind !== "web" && target.kind !== "cases").map((link) => text.slice(link.start, link.end)), ["LA.CP.MP.69", "example.policy", "example.more.case.json", "CP.EX.7"]);
    assert.deepEqual(policyNumberAt("see CP.MP.22.", 6), { start: 4, end: 12, number: "CP.MP.22" });
    assert.equal(policyNumberAt("ICD-10-CM C69.0", 12), undefined);
    assert.deepEqual(placesOfNumber("CP.MP.22 and CP.MP.221, XCP.MP.22; CP.MP.22", "CP.MP.22").map(({ start }) => start), [0, 35]);
    const json = "{\n  \"policy\": \"a b.policy\",\n  \"cases\": []\n}";
    assert.deepEqual(caseFileLinks(json).map((link) => json.slice(link.start, link.end)), ["a b.policy"]);
  });
  test("the way from one file to another", () => {
    assert.equal(pathTo("file:///a/b/c.case.yaml", "file:///a/d/e%20f.policy"), "../d/e f.policy");
    assert.equal(pathTo("file:///a/c.case.yaml", "file:///a/e.policy"), "e.policy");
    assert.equal(pathTo("file:///a/c.case.yaml", "untitled:x"), undefined);
  });
});

describe("across files", () => {
  test("from the number of a policy to its header", async () => {
    client.open(POLICY(), EXAMPLE);
    const [link] = await ask<LocationLink[]>("textDocument/definition", { textDocument: { uri: POLICY() }, position: place(EXAMPLE, "CP.EX.7", 2) });
    assert.ok(link!.targetUri.endsWith("deep/other.policy"));
    assert.equal(words(OTHER, link!.targetSelectionRange), "CP.EX.7");
    const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");
    client.open(uriOf("deep/named.case.yaml"), cases, "yaml");
    const [policy] = await ask<LocationLink[]>("textDocument/definition", { textDocument: { uri: uriOf("deep/named.case.yaml") }, position: place(cases, "home oxygen") });
    assert.equal(policy!.targetUri, POLICY());
  });
  test("the uses of a fact, a criterion and a policy in other files", async () => {
    const references = async (uri: string, position: Place): Promise<readonly string[]> => (await ask<Location[]>("textDocument/references", { textDocument: { uri }, position, context: { includeDeclaration: true } }))
      .map((each) => `${decodeURIComponent(each.uri).slice(root.length + 8)}:${each.range.start.line + 1}`).sort();
    assert.deepEqual((await references(POLICY(), place(EXAMPLE, "age   "))).filter((each) => !each.startsWith("home oxygen.policy")), ["deep/named.case.yaml:5", "home oxygen.case.yaml:4"]);
    assert.deepEqual((await references(POLICY(), place(EXAMPLE, "B. One"))).filter((each) => !each.startsWith("home oxygen.policy")), ["deep/other.policy:4"]);
    assert.deepEqual(await references(POLICY(), place(EXAMPLE, "CP.EX.7", 1)), ["deep/other.policy:1", "home oxygen.policy:7"]);
    const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");
    assert.deepEqual(await references(uriOf("deep/named.case.yaml"), place(cases, "I.C")), ["deep/named.case.yaml:6", "home oxygen.policy:36", "home oxygen.policy:63"]);
  });
});

describe("renaming over files", () => {
  test("a label changes in the policy, in case files open and closed, and in another policy, each for its version", async () => {
    client.open(POLICY(), EXAMPLE);
    const at = { textDocument: { uri: POLICY() }, position: place(EXAMPLE, "B. One") };
    assert.deepEqual(await ask("textDocument/prepareRename", at), { range: { start: at.position, end: { ...at.position, character: at.position.character + 1 } }, placeholder: "B" });
    const edit = await ask<WorkspaceEdit>("textDocument/rename", { ...at, newName: "D" });
    assert.ok(applied(EXAMPLE, editsOf(edit, "home oxygen.policy")).includes("when criterion I.D is not met"));
    assert.ok(applied(OTHER, editsOf(edit, "deep/other.policy")).includes("As criterion I.D of CP.EX.1 has it."));
    const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");
    assert.ok(applied(cases, editsOf(edit, "deep/named.case.yaml")).includes("{ I.C: met, I.D.1: met }"));
    const versions = Object.fromEntries((edit.documentChanges as TextDocumentEdit[]).map(({ textDocument }) => [decodeURIComponent(textDocument.uri).slice(root.length + 8), textDocument.version]));
    assert.deepEqual(versions, { "home oxygen.policy": 1, "deep/other.policy": null, "deep/named.case.yaml": 1 });
  });
  test("from a case file a fact changes everywhere", async () => {
    const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");
    const edit = await ask<WorkspaceEdit>("textDocument/rename", { textDocument: { uri: uriOf("deep/named.case.yaml") }, position: place(cases, "age: 64", 1), newName: "years_old" });
    assert.ok(applied(EXAMPLE, editsOf(edit, "home oxygen.policy")).includes("when years_old >= 18 years"));
    assert.equal(editsOf(edit, "home oxygen.case.yaml").length, 1);
    assert.equal(editsOf(edit, "deep/named.case.yaml").length, 1);
  });
  test("what cannot be renamed, and what cannot be its name, is refused in words", async () => {
    await assert.rejects(ask("textDocument/prepareRename", { textDocument: { uri: POLICY() }, position: place(EXAMPLE, "prescriber") }), /A word of clinical prose cannot be renamed here/u);
    await assert.rejects(ask("textDocument/rename", { textDocument: { uri: POLICY() }, position: place(EXAMPLE, "age  "), newName: "weight" }), (error: { code: number; message: string }) => error.code === -32602 && /already a fact/u.test(error.message));
  });
});

describe("files that are renamed", () => {
  const will = (...files: [string, string][]): Promise<WorkspaceEdit | null> => ask("workspace/willRenameFiles", { files: files.map(([oldUri, newUri]) => ({ oldUri: uriOf(oldUri), newUri: uriOf(newUri) })) });
  const cases = CASES.replace("home oxygen.policy", "../home oxygen.policy");

  test("a policy that gets another name keeps its case files: their key or their names change", async () => {
    const edit = (await will(["home oxygen.policy", "oxygen.policy"]))!;
    assert.ok(applied(cases, editsOf(edit, "deep/named.case.yaml")).startsWith("policy: ../oxygen.policy\n"));
    assert.deepEqual(edit.documentChanges!.filter((change) => "kind" in change), [{ kind: "rename", oldUri: uriOf("home oxygen.case.yaml"), newUri: uriOf("oxygen.case.yaml"), options: { overwrite: false, ignoreIfExists: true } }]);
  });
  test("one that moves to another folder is named by its case files", async () => {
    const edit = (await will(["home oxygen.policy", "deep/home oxygen.policy"]))!;
    assert.ok(applied(cases, editsOf(edit, "deep/named.case.yaml")).startsWith("policy: home oxygen.policy\n"));
    assert.match(applied("cases:\n", editsOf(edit, "home oxygen.case.yaml")), /^policy: "deep\/home oxygen\.policy"\ncases:/u);
  });
  test("a case file that moves still names its policy, and nothing is done where nothing is to be done", async () => {
    const edit = (await will(["home oxygen.case.yaml", "new.case.yaml"]))!;
    assert.match(applied("cases:\n", editsOf(edit, "home oxygen.case.yaml")), /^policy: "home oxygen\.policy"\ncases:/u);
    put("bare.policy", OTHER.replace("CP.EX.7", "CP.EX.71"));
    put("bare.case.json", "{ \"cases\": [] }");
    watched(uriOf("bare.policy"), 1);
    watched(uriOf("bare.case.json"), 1);
    const json = applied("{ \"cases\": [] }", editsOf((await will(["bare.case.json", "deep/bare.case.json"]))!, "bare.case.json"));
    assert.equal(json, "{\n  \"policy\": \"../bare.policy\",\n  \"cases\": [] }");
    assert.deepEqual(caseFileLinks(json).map((link) => json.slice(link.start, link.end)), ["../bare.policy"]);
    assert.equal(await will(["home oxygen.case.yaml", "home oxygen.more.case.yaml"]), null);
    assert.equal(await will(["deep/other.policy", "deep/else.policy"]), null);
  });
  test("after that, the files are found under their new names", async () => {
    renameSync(join(root, "deep/other.policy"), join(root, "deep/else.policy"));
    void client.connection.sendNotification("workspace/didRenameFiles", { files: [{ oldUri: uriOf("deep/other.policy"), newUri: uriOf("deep/else.policy") }] });
    assert.equal((await ask<WorkspaceSymbol[]>("workspace/symbol", { query: "hospital" }))[0]!.location.uri, uriOf("deep/else.policy"));
    renameSync(join(root, "deep/else.policy"), join(root, "deep/other.policy"));
    watched(uriOf("deep/else.policy"), 3);
    watched(uriOf("deep/other.policy"), 1);
  });
});

describe("folders of the workspace", () => {
  test("come and go", async () => {
    const other = mkdtempSync(join(tmpdir(), "policy-second-"));
    writeFileSync(join(other, "second.policy"), OTHER.replace("Oxygen in hospital", "Second folder"));
    const folder = { uri: pathToFileURL(other).toString(), name: "second" };
    const find = async (): Promise<number> => (await ask<WorkspaceSymbol[]>("workspace/symbol", { query: "second folder" })).length;
    assert.equal(await find(), 0);
    void client.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added: [folder], removed: [] } });
    assert.equal(await find(), 1);
    void client.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [folder] } });
    assert.equal(await find(), 0);
    rmSync(other, { recursive: true });
  });
});

describe("refactorings", () => {
  const actions = (text: string, words: string, only?: string[]): Promise<CodeAction[]> => {
    const at = place(text, words, 1);
    return ask("textDocument/codeAction", { textDocument: { uri: POLICY() }, range: { start: at, end: at }, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } });
  };
  const choose = async (list: readonly CodeAction[], title: RegExp): Promise<CodeAction> => {
    const action = list.find((each) => title.test(each.title)) ?? assert.fail(`${String(title)} is not among ${list.map((each) => each.title).join("; ")}`);
    assert.equal(action.edit, undefined);
    return ask("codeAction/resolve", action);
  };
  test("an attested criterion becomes a fact in the policy and its case files, when it is chosen", async () => {
    client.open(POLICY(), EXAMPLE);
    const action = await choose(await actions(EXAMPLE, "C. The prescriber", ["refactor"]), /a question of its own/u);
    assert.ok(applied(EXAMPLE, editsOf(action.edit!, "home oxygen.policy")).includes("when prescriber_seen"));
    assert.match(applied(CASES.replace("home oxygen.policy", "../home oxygen.policy"), editsOf(action.edit!, "deep/named.case.yaml")), /facts: \{ prescriber_seen: yes, age: 64 years.*\n.*criteria: \{ I\.B\.1: met \}/u);
  });
  test("a new name is typed over at once", async () => {
    const action = await choose(await actions(EXAMPLE, "stage is late", ["refactor.extract"]), /Give this condition a name/u);
    const then = applied(EXAMPLE, editsOf(action.edit!, "home oxygen.policy"));
    assert.equal(action.command?.command, RENAME_AT_COMMAND);
    assert.ok(then.slice(offset(then, action.command!.arguments![1] as Place)).startsWith("late_stage_cor\n"));
  });
  test("a missing reference is a quick fix with a place to type, beside the fixes there were", async () => {
    const text = EXAMPLE.replace("are met: [1]", "are met: [1,51]").replace("when hypoxemic", "when hypoxemi");
    client.change(POLICY(), 2, text);
    const list = await actions(text, "51]", ["quickfix"]);
    const action = await choose(list, /Add reference 51/u);
    assert.equal(action.diagnostics?.[0]?.code, "unknown-citation");
    assert.deepEqual((action.edit!.documentChanges![0] as TextDocumentEdit).edits.map((edit) => ("snippet" in edit ? edit.snippet.value : "")), ["\n  51. ${1:Authors. Title. Journal. Year;volume:pages.}"]);
    const both = await actions(text, "hypoxemi\n", ["quickfix"]);
    assert.ok(both.some((each) => each.title === "Change to `hypoxemic`") && both.some((each) => each.title === "Declare `hypoxemi` under `facts`"));
  });
  test("a text that has changed meanwhile is not edited", async () => {
    const list = await actions(EXAMPLE, "B. One of", ["refactor"]);
    client.change(POLICY(), 3, `${EXAMPLE} `);
    const action = list.find((each) => each.title.startsWith("Add a case"))!;
    assert.equal((await ask<CodeAction>("codeAction/resolve", action)).edit, undefined);
  });
  test("a client that cannot ask later gets the edits at once, without tab stops", async () => {
    const plain = await startClient({ folder: root });
    plain.open(POLICY(), EXAMPLE.replace("are met: [1]", "are met: [1,51]"));
    const at = place(EXAMPLE.replace("are met: [1]", "are met: [1,51]"), "51]", 1);
    const list = await ask<CodeAction[]>("textDocument/codeAction", { textDocument: { uri: POLICY() }, range: { start: at, end: at }, context: { diagnostics: [] } }, plain);
    const action = list.find((each) => each.title.startsWith("Add reference 51"))!;
    assert.deepEqual(Object.values(action.edit!.changes!)[0]!.map((edit) => edit.newText), ["\n  51. Authors. Title. Journal. Year;volume:pages."]);
    // Nobody tells it of changes on disk: it looks every time.
    put("later.policy", OTHER.replace("Oxygen in hospital", "Written later"));
    assert.equal((await ask<WorkspaceSymbol[]>("workspace/symbol", { query: "written later" }, plain)).length, 1);
    rmSync(join(root, "later.policy"));
    assert.equal((await ask<WorkspaceSymbol[]>("workspace/symbol", { query: "written later" }, plain)).length, 0);
    await plain.stop();
  });
});
