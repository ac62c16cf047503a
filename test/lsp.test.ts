// The language server over stdio, spoken to as an editor does.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, CodeLens, CompletionItem, DocumentSymbol, FoldingRange, Hover, Location, LocationLink, TextEdit } from "vscode-languageserver-protocol/node";
import { CASES, type CaseItem, EVALUATE, type EvaluateParams, type EvaluateResult } from "../server/src/lsp/protocol.js";
import { type Place, ROOT, startClient, type TestClient } from "./support/client.js";
import { EXAMPLE } from "./support/fixture.js";

let client: TestClient;
let folder: string;
const fileUri = (name: string): string => pathToFileURL(join(folder, name)).toString();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "policy-lsp-"));
  client = await startClient({ folder, settings: { "policy.codeSets": [{ system: "CPT", path: "mine.txt", layout: "cpt-short" }, { system: "HCPCS", path: "missing.csv", layout: "csv" }] } });
  writeFileSync(join(folder, "mine.txt"), "77301 MADE-UP WORDS OF MINE\n");
});
after(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

function placeOf(text: string, words: string, into = 0): Place {
  const at = text.indexOf(words);
  assert.ok(at >= 0, words);
  const lines = text.slice(0, at + into).split("\n");
  return { line: lines.length - 1, character: lines[lines.length - 1]!.length };
}
const ask = <R>(method: string, params: unknown): Promise<R> => client.connection.sendRequest<R>(method, params);
const at = (uri: string, text: string, words: string, into = 0): unknown => ({ textDocument: { uri }, position: placeOf(text, words, into) });
const hoverText = (hover: Hover | null): string => (hover?.contents as { value: string } | undefined)?.value ?? "";

test("initialize says what the server can do", () => {
  const { capabilities, serverInfo } = client.initialized;
  assert.equal(serverInfo?.name, "Clinical Policy");
  assert.ok(capabilities.hoverProvider && capabilities.completionProvider && capabilities.definitionProvider && capabilities.referencesProvider);
  assert.ok(capabilities.documentSymbolProvider && capabilities.foldingRangeProvider && capabilities.codeLensProvider && capabilities.diagnosticProvider);
  assert.equal(capabilities.positionEncoding, "utf-16");
});

test("diagnostics stand at their words, and an edit brings new ones", async () => {
  const uri = fileUri("broken.policy");
  const text = EXAMPLE.replace("when hypoxemic", "when hypoxemi");
  client.open(uri, text);
  const [found, ...more] = (await client.pull(uri)).filter((each) => each.severity === 1);
  assert.deepEqual([found?.code, found?.range, more], ["unknown-name", { start: placeOf(text, "hypoxemi\n"), end: placeOf(text, "hypoxemi\n", 8) }, []]);
  assert.match(String(found!.message), /\n.*Did you mean `hypoxemic`\?/u);
  const actions = await ask<CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range: found!.range, context: { diagnostics: [] } });
  assert.deepEqual(actions.map((action) => [action.title, action.edit?.changes?.[uri]?.[0]?.newText]), [["Change to `hypoxemic`", "hypoxemic"], ["Declare `hypoxemi` under `facts`", "\n  hypoxemi        yes/no       \"Hypoxemia?\""]]);
  client.change(uri, 2, "c", { start: found!.range.end, end: found!.range.end });
  assert.deepEqual((await client.pull(uri)).filter((each) => each.severity === 1), []);
});

test("the same findings are not sent twice", async () => {
  const uri = fileUri("same.policy");
  client.open(uri, EXAMPLE);
  const first = await ask<{ resultId: string }>("textDocument/diagnostic", { textDocument: { uri } });
  assert.deepEqual(await ask("textDocument/diagnostic", { textDocument: { uri }, previousResultId: first.resultId }), { kind: "unchanged", resultId: first.resultId });
});

test("positions count UTF-16 units", async () => {
  const uri = fileUri("astral.policy");
  const text = "policy A.B.1 \"x\"\ndescription\n  \u{1F600}\u{1F600} see [7]\ncriteria\nI. Care is medically necessary.\n";
  client.open(uri, text);
  const found = (await client.pull(uri)).find((each) => each.code === "unknown-citation");
  assert.deepEqual(found?.range.start, { line: 2, character: 12 });
});

test("hover, completion, definition, references, outline, folding, lenses", async () => {
  const uri = fileUri("example.policy");
  client.open(uri, EXAMPLE);
  assert.match(hoverText(await ask("textDocument/hover", at(uri, EXAMPLE, "when age", 6))), /\*\*age\*\* · number in years/u);
  assert.equal(await ask("textDocument/hover", at(uri, EXAMPLE, "raises the", 3)), null);
  const proposals = await ask<CompletionItem[]>("textDocument/completion", at(uri, EXAMPLE, "stage is late", 9));
  assert.deepEqual(proposals.slice(0, 2).map((item) => item.label), ["early", "late"]);
  assert.deepEqual((proposals[0]!.textEdit as TextEdit).range, { start: placeOf(EXAMPLE, "stage is late", 9), end: placeOf(EXAMPLE, "stage is late", 9) });
  const [link] = await ask<LocationLink[]>("textDocument/definition", at(uri, EXAMPLE, "when age", 6));
  assert.deepEqual([link?.targetUri, link?.targetSelectionRange.start], [uri, placeOf(EXAMPLE, "age             years")]);
  const uses = await ask<Location[]>("textDocument/references", { ...(at(uri, EXAMPLE, "when age", 6) as object), context: { includeDeclaration: true } });
  assert.equal(uses.length, 4);
  assert.equal((await ask<unknown[]>("textDocument/documentHighlight", at(uri, EXAMPLE, "when age", 6))).length, 4);
  const symbols = await ask<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri } });
  assert.deepEqual(symbols.find((each) => each.name === "criteria")?.children?.map((each) => each.name), ["I.", "II."]);
  const folds = await ask<FoldingRange[]>("textDocument/foldingRange", { textDocument: { uri } });
  assert.ok(folds.some((fold) => fold.startLine === placeOf(EXAMPLE, "I. Home").line && fold.endLine === placeOf(EXAMPLE, "   note Sites").line));
  const lenses = await ask<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
  assert.deepEqual(lenses.filter((lens) => lens.data === undefined).map((lens) => lens.command?.title), ["▶ Evaluate all", "▶ Evaluate", "▶ Evaluate"]);
});

test("the user's code files are read when a code is hovered; a missing one is named once", async () => {
  const uri = fileUri("example.policy");
  client.open(uri, EXAMPLE);
  assert.match(hoverText(await ask("textDocument/hover", at(uri, EXAMPLE, "77301", 2))), /Planning in our own words[^]*Your CPT file: MADE-UP WORDS OF MINE[^]*CPT®/u);
  assert.match(hoverText(await ask("textDocument/hover", at(uri, EXAMPLE, "E1390*", 2))), /Oxygen concentrator/u);
  await ask("textDocument/hover", at(uri, EXAMPLE, "E1390*", 2));
  assert.deepEqual(client.messages, ["The setting policy.codeSets[1] (HCPCS) names the file \"missing.csv\", which is not there or cannot be read. Correct its path, or remove the entry."]);
});

test("cases are listed and evaluated on the unsaved text, one or all", async () => {
  const uri = "untitled:Untitled-1";
  client.open(uri, EXAMPLE);
  const cases = await ask<CaseItem[]>(CASES, { uri });
  assert.deepEqual(cases.map((each) => [each.name, each.nameSpan.start.line]), [["Saturation of 86 percent", placeOf(EXAMPLE, "case \"Sat").line], ["Nothing measured", placeOf(EXAMPLE, "case \"Noth").line]]);
  const all = await ask<EvaluateResult>(EVALUATE, { uri } satisfies EvaluateParams);
  assert.deepEqual(all.cases.map((each) => [each.status, each.determination]), [["passed", "approve"], ["passed", "pend"]]);
  const only = await ask<EvaluateResult>(EVALUATE, { uri, at: placeOf(EXAMPLE, "saturation = 86") } satisfies EvaluateParams);
  const [one] = only.cases;
  assert.equal(only.cases.length, 1);
  assert.equal(one?.summary, "✓ approve by I.C");
  assert.deepEqual(one?.criteria.filter((each) => each.address === "I.A").map((each) => [each.line, each.outcome]), [[placeOf(EXAMPLE, "   A. Age").line, "met"]]);
  assert.match(one!.explanation, /Age ≥ 18 years/u);
  client.change(uri, 2, EXAMPLE.replace("saturation = 86 %", "saturation = 95 %"));
  const changed = await ask<EvaluateResult>(EVALUATE, { uri } satisfies EvaluateParams);
  assert.deepEqual([changed.version, changed.cases[0]?.status, changed.cases[0]?.failures[0]?.span.start.line], [2, "failed", placeOf(EXAMPLE, "expect approve").line]);
});

test("a broken policy is not evaluated and says where", async () => {
  const uri = "untitled:Untitled-2";
  client.open(uri, EXAMPLE.replace("when age >= 18 years", "when age >= 18 Gy"));
  const result = await ask<EvaluateResult>(EVALUATE, { uri } satisfies EvaluateParams);
  assert.match(result.problem ?? "", /has 1 error and is not evaluated until it is mended\. Line \d+: /u);
  assert.deepEqual(result.cases, []);
});

test("case files are checked against their policy: the open one first, the one on disk otherwise", async () => {
  const uri = fileUri("case-of.case.yaml");
  const cases = "cases:\n  - name: First\n    on: 2026-03-01\n    facts:\n      age: 64 years\n      saturation: 86 %\n      aeg: 3\n    criteria:\n      I.C: met\n    expect:\n      determination: approve\n";
  client.open(uri, cases, "yaml");
  assert.deepEqual((await client.pull(uri)).map((each) => each.code), ["policy-not-found"]);
  writeFileSync(join(folder, "case-of.policy"), EXAMPLE);
  assert.deepEqual((await client.pull(uri)).map((each) => [each.code, each.range.start]), [["unknown-fact", placeOf(cases, "aeg")]]);
  client.open(fileUri("case-of.policy"), EXAMPLE.replace("  seen            date", "  aeg             number \"?\"\n  seen            date"));
  assert.deepEqual((await client.pull(uri)).map((each) => each.code), []);
  const result = await ask<EvaluateResult>(EVALUATE, { uri } satisfies EvaluateParams);
  assert.deepEqual([result.policyUri, result.cases.map((each) => each.status)], [fileUri("case-of.policy"), ["passed"]]);
  const lenses = await ask<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
  assert.deepEqual(lenses.map((lens) => [lens.command?.title, lens.range.start.line]), [["▶ Evaluate all", 0], ["▶ Evaluate", 1]]);
  assert.match(hoverText(await ask("textDocument/hover", at(uri, cases, "saturation:", 2))), /Oxygen saturation at rest/u);
  const [link] = await ask<LocationLink[]>("textDocument/definition", at(uri, cases, "I.C", 1));
  assert.equal(link?.targetUri, fileUri("case-of.policy"));
});

test("Enter in a list of criteria gives the next label", async () => {
  const uri = fileUri("typing.policy");
  const text = EXAMPLE.replace("18 years; and\n", "18 years; and\n   \n");
  client.open(uri, text);
  const edits = await ask<TextEdit[]>("textDocument/onTypeFormatting", { ...(at(uri, text, "18 years; and\n   ", 17) as object), ch: "\n", options: { tabSize: 2, insertSpaces: true } });
  assert.deepEqual(edits.map((edit) => edit.newText), ["   B. "]);
});

test("requests for documents that are not open are answered with nothing", async () => {
  const uri = fileUri("nowhere.policy");
  assert.equal(await ask("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } }), null);
  assert.equal(await ask("textDocument/documentSymbol", { textDocument: { uri } }), null);
  assert.match((await ask<EvaluateResult>(EVALUATE, { uri })).problem ?? "", /neither a policy nor a case file/u);
});

test("edits one after the other keep the newest text", async () => {
  const uri = fileUri("fast.policy");
  client.open(uri, EXAMPLE);
  for (let version = 2; version < 60; version++) {
    const end = placeOf(EXAMPLE, "when hypoxemic\n", 14);
    client.change(uri, version, version % 2 === 0 ? "x" : "", version % 2 === 0 ? { start: end, end } : { start: end, end: { line: end.line, character: end.character + 1 } });
  }
  assert.deepEqual((await client.pull(uri)).filter((each) => each.severity === 1), []);
  client.change(uri, 60, EXAMPLE.replace("when hypoxemic", "when hypoxemia"));
  assert.deepEqual((await client.pull(uri)).filter((each) => each.severity === 1).map((each) => each.code), ["unknown-name"]);
});

test("every sample is free of errors and all its cases come to what they expect", async () => {
  for (const name of readdirSync(join(ROOT, "samples")).filter((each) => /\.policy$|\.case\.(?:yaml|json)$/u.test(each))) {
    const uri = pathToFileURL(join(ROOT, "samples", name)).toString();
    client.open(uri, readFileSync(join(ROOT, "samples", name), "utf8"), name.endsWith(".policy") ? "policy" : "yaml");
    assert.deepEqual((await client.pull(uri)).filter((each) => each.severity === 1), [], name);
    const result = await ask<EvaluateResult>(EVALUATE, { uri } satisfies EvaluateParams);
    assert.deepEqual(result.cases.filter((each) => each.status !== "passed").map((each) => each.summary), [], name);
    assert.ok(result.cases.length > 0, name);
  }
});

test("an editor that cannot ask is sent diagnostics, also for the case files of a policy that changes", async () => {
  const other = await startClient({ pull: false, folder });
  try {
    assert.equal(other.initialized.capabilities.diagnosticProvider, undefined);
    const uri = fileUri("pushed.policy");
    const first = other.pushed(uri);
    other.open(uri, EXAMPLE);
    assert.deepEqual((await first).diagnostics.filter((each) => each.severity === 1), []);
    const caseUri = fileUri("pushed.case.yaml");
    const cases = other.pushed(caseUri);
    other.open(caseUri, "cases:\n  - name: First\n    on: 2026-03-01\n    facts:\n      age: 64 years\n    expect:\n      determination: pend\n", "yaml");
    assert.deepEqual((await cases).diagnostics, []);
    const broken = other.pushed(uri);
    const caseBroken = other.pushed(caseUri);
    other.change(uri, 2, EXAMPLE.replace("  age             years", "  old             years"));
    assert.ok((await broken).diagnostics.length > 0);
    assert.deepEqual((await caseBroken).diagnostics.map((each) => each.code), ["unknown-fact"]);
  } finally {
    await other.stop();
  }
});

test("nothing went wrong inside the server", () => {
  assert.deepEqual(client.log.filter((line) => /Error|\bat\b.*\.js:/u.test(line)), []);
});
