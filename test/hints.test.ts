// Inlay hints and code lenses: addresses, converted quantities, outcomes of the cases, how often names are used.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeLens, CompletionItem, DocumentHighlight, DocumentSymbol, Hover, InlayHint, SelectionRange, SignatureHelp } from "vscode-languageserver-protocol/node";
import { inlayHints, inUnitOf, type HintWishes } from "../server/src/features/inlayhints.js";
import { referenceLenses, summaryLens } from "../server/src/features/lenses.js";
import type { OutcomesByAddress } from "../server/src/features/model.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { startClient, type Place, type TestClient } from "./support/client.js";
import { example, EXAMPLE } from "./support/fixture.js";

/** `words‹hint›` for each hint of a text. */
function shown(text: string, wishes: Partial<HintWishes>, within = { start: 0, end: text.length }): readonly string[] {
  return inlayHints(analyze(text, ""), within, { addresses: false, conversions: false, ...wishes }).map(({ offset, label }) => `${text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim()}‹${label}›`);
}
const inMonths = example(["when age >= 18 years", "when age >= 216 months"], ["    age = 64 years\n    saturation", "    age = 774 months\n    saturation"]);

test("a quantity is shown in the unit of its fact, where that is another", () => {
  assert.deepEqual(shown(EXAMPLE, { conversions: true }), [], "nothing is converted in the example");
  assert.deepEqual(shown(inMonths, { conversions: true }), ["when age >= 216 months‹= 18 years›", "age = 774 months‹= 64.5 years›"]);
  assert.deepEqual(shown(example(["when age >= 18 years", "when age between 24 months and 90 days"]), { conversions: true }), ["when age between 24 months‹= 2 years›", "when age between 24 months and 90 days‹= about 0.25 years›"]);
  const type = { kind: "number" as const, unit: analyze("policy A.1 \"x\"\nfacts\n  t  Cel  \"T\"\n", "").facts.get("t")!.type };
  assert.equal(type.unit.kind === "number" && inUnitOf(type.unit, 100.4, "[degF]"), "38 Cel");
  assert.equal(type.unit.kind === "number" && inUnitOf(type.unit, 5, "kg"), undefined, "what cannot be converted is not");
});

test("addresses stand behind the labels of nested criteria", () => {
  assert.deepEqual(shown(EXAMPLE, { addresses: true }), ["A.‹I.A›", "B.‹I.B›", "1.‹I.B.1›", "2.‹I.B.2›", "C.‹I.C›"]);
  const from = EXAMPLE.indexOf("      1. Hypoxemia");
  assert.deepEqual(shown(EXAMPLE, { addresses: true }, { start: from, end: from + 40 }), ["1.‹I.B.1›"], "only the lines that are seen");
});

test("outcomes stand at the end of the criterion's first line", () => {
  const outcomes: OutcomesByAddress = new Map([["I.A", [{ case: "a", outcome: "met" }, { case: "b", outcome: "met" }, { case: "c", outcome: "unknown" }]], ["I.B.2", [{ case: "a", outcome: "not applicable" }]]]);
  assert.deepEqual(shown(EXAMPLE, { outcomes }), ["A. Age ≥ 18 years; and‹✓ 2 ✗ 0 ? 1›"]);
  const [hint] = inlayHints(analyze(EXAMPLE, ""), { start: 0, end: EXAMPLE.length }, { addresses: false, conversions: false, outcomes });
  assert.equal(hint!.tooltip, "- ✓ Met in 2: “a”, “b”\n- ? Unknown in 1: “c”");
});

test("hints never throw on a text that is cut off, and stand where a word ends", () => {
  for (let end = 0; end < EXAMPLE.length; end += 7) {
    const text = inMonths.slice(0, end);
    for (const hint of inlayHints(analyze(text, ""), { start: 0, end }, { addresses: true, conversions: true })) assert.ok(hint.offset > 0 && hint.offset <= end && /\S/u.test(text[hint.offset - 1]!));
  }
});

test("lenses count the uses of facts, definitions and statements", () => {
  const analysis = analyze(EXAMPLE, "");
  const counts = Object.fromEntries(referenceLenses(analysis).map((lens) => [EXAMPLE.slice(lens.start, lens.end), lens.count]));
  assert.deepEqual(counts, { age: 3, saturation: 3, weight: 0, cor_pulmonale: 1, stage: 1, seen: 0, diagnoses: 0, therapies: 1, hypoxemic: 1, "I.": 0, "II.": 0 });
  assert.equal(summaryLens(analysis)!.start, EXAMPLE.indexOf("criteria\nI."));
  assert.equal(summaryLens(analyze("policy A.1 \"x\"\n", ""))!.start, 0);
});

// ── Through the server ────────────────────────────────────────────────────────────────────────────────────────────────
let client: TestClient;
let plain: TestClient;
let folder: string;
const uriOf = (name: string): string => pathToFileURL(join(folder, name)).toString();
const whole = (text: string): { start: Place; end: Place } => ({ start: { line: 0, character: 0 }, end: { line: text.split("\n").length, character: 0 } });
function placeOf(text: string, words: string, into = 0): Place {
  const at = text.indexOf(words);
  assert.ok(at >= 0, words);
  const lines = text.slice(0, at + into).split("\n");
  return { line: lines.length - 1, character: lines[lines.length - 1]!.length };
}
const CASES = "cases:\n  - name: From the file\n    on: 2026-03-01\n    facts:\n      age: 774 months\n      saturation: 80\n    criteria:\n      I.C: met\n    expect: refer\n";

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "policy-hints-"));
  writeFileSync(join(folder, "ex.policy"), EXAMPLE);
  writeFileSync(join(folder, "ex.case.yaml"), CASES);
  client = await startClient({ folder, commands: true, settings: { "policy.inlayHints": { addresses: true, outcomes: true }, "policy.codeLens": { references: true, evaluate: false } } });
  plain = await startClient({ folder });
});
after(async () => {
  await client.stop();
  await plain.stop();
  rmSync(folder, { recursive: true });
});

test("hints are those that the settings ask for, with the cases of case files among the outcomes", async () => {
  const uri = uriOf("ex.policy");
  const text = example(["when age >= 18 years", "when age >= 216 months"]);
  for (const each of [client, plain]) each.open(uri, text);
  const ask = (of: TestClient): Promise<InlayHint[]> => of.connection.sendRequest("textDocument/inlayHint", { textDocument: { uri }, range: whole(text) });
  const labels = (await ask(client)).map((hint) => hint.label);
  assert.deepEqual(labels.slice(0, 4), ["✓ 2 ✗ 0 ? 1", "I.A", "✓ 3 ✗ 0 ? 0", "= 18 years"]);
  assert.deepEqual((await ask(plain)).map((hint) => hint.label), ["= 18 years"], "only conversions where nothing is set");
});

test("the lens above the criteria tells how the cases come out once it is seen; uses are counted where that is set", async () => {
  const uri = uriOf("ex.policy");
  for (const each of [client, plain]) each.open(uri, EXAMPLE);
  const lenses = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
  const [summary, ...uses] = lenses;
  assert.deepEqual([summary!.command, summary!.range.start], [undefined, placeOf(EXAMPLE, "criteria\nI.")]);
  const resolved = await client.connection.sendRequest<CodeLens>("codeLens/resolve", summary);
  assert.deepEqual([resolved.command?.title, resolved.command?.command, resolved.command?.arguments], ["✗ cases: 2 of 3 pass", "policy.runTests", [uri]]);
  assert.deepEqual([uses[0]!.command?.title, uses[2]!.command?.title], ["used 3 times", "not used"]);
  assert.ok(lenses.every((lens) => !/Evaluate/u.test(lens.command?.title ?? "")), "turned off");
  const others = await plain.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
  assert.ok(others.every((lens) => !/used/u.test(lens.command?.title ?? "")), "off unless it is set");
});

test("the hover of a criterion names the cases that exercise it, and its findings", async () => {
  const uri = uriOf("ex.policy");
  plain.open(uri, EXAMPLE);
  const hover = await plain.connection.sendRequest<Hover>("textDocument/hover", { textDocument: { uri }, position: placeOf(EXAMPLE, "   B. One", 3) });
  const { value } = hover.contents as { value: string };
  assert.match(value, /In the cases: ✓ 2 ✗ 0 \? 1\n\n- ✓ Met in 2: “Saturation of 86 percent”, “From the file”\n- \? Unknown in 1: “Nothing measured”/u);
  const fact = await plain.connection.sendRequest<Hover>("textDocument/hover", { textDocument: { uri }, position: placeOf(EXAMPLE, "when age", 6) });
  assert.match((fact.contents as { value: string }).value, /In cases: 64 years \(2 times\); 64\\\.5 years\./u);
});

test("in a case file: proposals, conversions, meanings, an outline", async () => {
  const uri = uriOf("ex.case.yaml");
  plain.open(uri, CASES, "yaml");
  const hints = await plain.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", { textDocument: { uri }, range: whole(CASES) });
  assert.deepEqual(hints.map((hint) => [hint.label, hint.position]), [["= 64.5 years", placeOf(CASES, "774 months", 10)]]);
  const symbols = await plain.connection.sendRequest<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri } });
  assert.deepEqual(symbols.map((each) => [each.name, each.detail, each.children!.map((child) => `${child.name} ${child.detail}`)]), [["From the file", "expects refer", ["age 774 months", "saturation 80"]]]);
  const hover = async (words: string, into: number): Promise<string> => ((await plain.connection.sendRequest<Hover | null>("textDocument/hover", { textDocument: { uri }, position: placeOf(CASES, words, into) }))?.contents as { value: string } | undefined)?.value ?? "";
  assert.match(await hover("expect: refer", 2), /\*\*expect\*\* · What the case must come to/u);
  assert.match(await hover("age: 774", 1), /number in years/u);
  assert.match(await hover("I.C: met", 1), /The prescriber has seen the patient[^]*In the cases/u);
  const edited = CASES.replace("    expect: refer", "    expect: ");
  plain.change(uri, 2, edited);
  const proposals = await plain.connection.sendRequest<CompletionItem[]>("textDocument/completion", { textDocument: { uri }, position: placeOf(edited, "    expect: ", 12) });
  assert.deepEqual(proposals.map((each) => each.label), ["approve", "pend", "refer", "no statement applies"]);
  const names = await plain.connection.sendRequest<CompletionItem[]>("textDocument/completion", { textDocument: { uri }, position: placeOf(edited, "      saturation", 6) });
  assert.ok(names.some((each) => each.label === "stage" && each.labelDetails?.description === "one of early, late"));
});

test("forms, selections and highlights through the server", async () => {
  const uri = uriOf("forms.policy");
  const text = example(["when hypoxemic", "when seen within the past "]);
  plain.open(uri, text);
  const help = await plain.connection.sendRequest<SignatureHelp>("textDocument/signatureHelp", { textDocument: { uri }, position: placeOf(text, "within the past ", 16) });
  assert.deepEqual([help.signatures[0]?.label, help.activeParameter, help.signatures[0]?.parameters?.[0]?.label], ["within the past 6 months", 0, [16, 17]]);
  assert.equal(await plain.connection.sendRequest("textDocument/signatureHelp", { textDocument: { uri }, position: placeOf(text, "raises the ", 11) }), null);
  const [range] = await plain.connection.sendRequest<SelectionRange[]>("textDocument/selectionRange", { textDocument: { uri }, positions: [placeOf(text, "stage is late", 10)] });
  assert.deepEqual([range!.range.start, range!.parent!.range.start], [placeOf(text, "late and"), placeOf(text, "stage is late")]);
  const found = await plain.connection.sendRequest<DocumentHighlight[]>("textDocument/documentHighlight", { textDocument: { uri }, position: placeOf(text, "stage is late", 1) });
  assert.deepEqual(found.map((each) => each.kind), [3, 2], "a declaration writes, a use reads");
});
