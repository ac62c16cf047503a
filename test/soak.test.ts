// The soak of `npm run soak` in short: a few minutes of recorded edits on a policy of 4,000 lines. And what it found.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { CancellationTokenSource, type CodeLens, type TextEdit } from "vscode-languageserver-protocol/node";
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { together } from "../server/src/lsp/documents.js";
import { STATUS, type StatusResult } from "../server/src/lsp/protocol.js";
import { startClient } from "./support/client.js";
import { EXAMPLE } from "./support/fixture.js";
import { type Desk, type Edit, recording, startsOf } from "./support/recorded-edits.js";
import { seeded } from "./support/random.js";
import { policyOf, soak } from "./support/soak.js";

test("recorded edits leave the server as a fresh one would be, its memory flat and its log empty", { timeout: 120_000 }, async () => {
  const report = await soak({ text: await policyOf(4000), minutes: 2.5, seed: 3, longest: 20_000 });
  assert.ok(report.batches >= 2 && report.edits > 100 && report.requests > report.edits && report.cancelled > 0, JSON.stringify(report));
  assert.deepEqual(report.log, []);
  // A server is warm only after some minutes; what is too much for a short one is a leak all the same.
  if (report.warm !== undefined && report.end !== undefined) assert.ok(report.end.heap <= report.warm.heap * 1.5, `${report.warm.heap} MB, ${report.end.heap} MB at the end`);
});

test("a recording is the same each time", () => {
  const played = (): string => {
    let text = "policy A.1 \"x\"\nfacts\n  age   number   \"Age?\"\nbackground\n" + "  Treatment is given for several weeks and its response is measured, then reviewed.\n".repeat(40);
    const undo: (readonly Edit[])[] = [];
    const desk: Desk = { text: () => text, lineStarts: () => startsOf(text), undo };
    const steps: unknown[] = [];
    for (const batch of recording(desk, 1, 5)) {
      for (const step of batch.steps) {
        steps.push(step);
        if (step.kind !== "edit") continue;
        undo.push(step.edits.map(({ start, end, text: put }) => ({ start, end: start + put.length, text: text.slice(start, end) })));
        for (const { start, end, text: put } of step.edits) text = text.slice(0, start) + put + text.slice(end);
      }
    }
    assert.ok(steps.length > 20);
    return JSON.stringify(steps) + text;
  };
  assert.equal(played(), played());
});

test("many changes at once come to what they come to one by one", () => {
  const random = seeded(11);
  const below = (count: number): number => Math.floor(random() * count);
  let atOnce = 0;
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 30 }, () => "abc def".slice(0, below(8)) + (round % 3 === 0 ? "\r\n" : "\n")).join("");
    const document = TextDocument.create("file:///a.policy", "policy", 1, text);
    const places = Array.from({ length: 24 }, () => below(text.length + 1)).sort((a, b) => b - a);
    const changes: TextDocumentContentChangeEvent[] = [];
    for (let i = 0; i < places.length; i += 2) changes.push({ range: { start: document.positionAt(places[i + 1]!), end: document.positionAt(places[i]!) }, text: ["", "x", "two\nlines"][below(3)]! });
    // Now and then in an order where one change moves the next.
    if (round % 4 === 0) changes.push(changes.shift()!);
    const made = together(document, changes);
    if (made.length === 1) atOnce++;
    const expected = TextDocument.update(TextDocument.create("file:///a.policy", "policy", 1, text), changes, 2).getText();
    assert.equal(TextDocument.update(document, [...made], 2).getText(), expected);
  }
  assert.ok(atOnce > 200);
});

test("formatting a policy of 20,000 lines is taken in at once", async () => {
  const client = await startClient();
  const uri = "untitled:long.policy";
  client.open(uri, await policyOf(20_000));
  const edits = (await client.connection.sendRequest<TextEdit[]>("textDocument/formatting", { textDocument: { uri }, options: { tabSize: 2, insertSpaces: true } })).reverse();
  assert.ok(edits.length > 500);
  const began = performance.now();
  void client.connection.sendNotification("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: edits.map(({ range, newText }) => ({ range, text: newText })) });
  assert.deepEqual((await client.pull(uri)).filter((each) => each.severity === 1), []);
  assert.ok(performance.now() - began < 4000, "it took 12 s when each edit copied the whole text");
  await client.stop();
});

test("what is given up is answered with that, not with nothing", async () => {
  const client = await startClient();
  const uri = "untitled:given-up.policy";
  client.open(uri, EXAMPLE);
  await client.pull(uri);
  const stop = new CancellationTokenSource();
  const asked = client.connection.sendRequest("textDocument/semanticTokens/full", { textDocument: { uri } }, stop.token);
  stop.cancel();
  await assert.rejects(asked, (error: { code?: number }) => error.code === -32800);
  // An editor that has no earlier answer gets all of it.
  const full = await client.connection.sendRequest<{ data?: number[] }>("textDocument/semanticTokens/full/delta", { textDocument: { uri } });
  assert.ok(full.data!.length > 0);
  assert.deepEqual(client.log, []);
  await client.stop();
});

test("running many cases of a long policy holds nothing up, and tells of the newest text", async () => {
  const client = await startClient();
  const uri = "untitled:many-cases.policy";
  const text = (await policyOf(2000)) + Array.from({ length: 60 }, (_, i) => `\n  case "More ${i}"\n    on 2025-07-01\n    age = ${i} years\n    solid_tumor = no\n    expect pend\n`).join("");
  client.open(uri, text);
  await client.pull(uri);
  const status = client.connection.sendRequest<StatusResult>(STATUS, { uri });
  let before = false;
  void status.then(() => { before = true; });
  const at = text.slice(0, text.indexOf("expect pend", text.indexOf("More 59"))).split("\n").length - 1;
  client.change(uri, 2, "expect refer", { start: { line: at, character: 4 }, end: { line: at, character: 15 } });
  await client.pull(uri);
  assert.equal(before, false, "the findings come before all cases have run");
  assert.deepEqual([(await status).cases.failed, (await status).cases.total], [1, 63]);
  await client.stop();
});

test("case files beside a policy are looked for once, until the editor says that one came, went or changed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-beside-"));
  const client = await startClient({ folder, can: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } });
  try {
    const name = (file: string): string => pathToFileURL(join(folder, file)).toString();
    const text = EXAMPLE.slice(0, EXAMPLE.indexOf("\ncases"));
    writeFileSync(join(folder, "a.policy"), text);
    client.open(name("a.policy"), text);
    const lens = async (): Promise<string | undefined> => {
      const lenses = await client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: name("a.policy") } });
      const [found] = lenses.filter((each) => each.data !== undefined);
      return found && (await client.connection.sendRequest<CodeLens>("codeLens/resolve", found)).command?.title;
    };
    const changed = (file: string, type: number): void => void client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: name(file), type }] });
    assert.equal(await lens(), undefined);
    const one = "cases:\n  - name: One\n    on: 2026-03-01\n    facts:\n      age: 64 years\n    expect: pend\n";
    writeFileSync(join(folder, "b.case.yaml"), `policy: a.policy\n${one}`);
    changed("b.case.yaml", 1);
    assert.match((await lens())!, /^✓ cases: 1 of 1 pass/u);
    writeFileSync(join(folder, "b.case.yaml"), `policy: a.policy\n${one.replace("pend", "approve")}`);
    changed("b.case.yaml", 2);
    assert.match((await lens())!, /^✗ cases: 0 of 1 pass/u);
    // The editor's text counts before that on disk, also in whose cases they are.
    client.open(name("b.case.yaml"), `policy: other.policy\n${one}`, "yaml");
    assert.equal(await lens(), undefined);
    assert.deepEqual(client.log, []);
  } finally {
    await client.stop();
    rmSync(folder, { recursive: true });
  }
});
