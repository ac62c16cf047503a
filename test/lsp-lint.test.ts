// The linter in the server: the same findings as on the command line, while typing, and what can be done about them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, CompletionItem, Diagnostic, Hover, TextEdit } from "vscode-languageserver-protocol/node";
import { EXPLAIN_COMMAND, LINT_PAGE, SUPPRESS, SUPPRESS_COMMAND, type SuppressEdit } from "../server/src/lsp/protocol.js";
import { moved } from "../server/src/lsp/linting.js";
import { type Place, ROOT, startClient, type TestClient } from "./support/client.js";

const POLICY = `policy EX.7 "Example"
  effective  2026-01-01

description
  Oxygen is given at home. [1]

criteria
I. Home oxygen is medically necessary when the patient is short of breath.

references
  1. Example A. Oxygen at home. Ex J Med. 2020;1(2):3-9. doi:10.1000/182
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4. doi:10.1000/183
  3. Example C. Care at home. Ex J Med. 2022;3(1):5-8. doi:10.1000/184
`;
const SEVERITIES = ["", "error", "warning", "info", "hint"];

let folder: string;
let client: TestClient;
const uriOf = (...parts: string[]): string => pathToFileURL(join(folder, ...parts)).toString();
const ask = <R>(method: string, params: unknown): Promise<R> => client.connection.sendRequest<R>(method, params);
const codes = (found: readonly Diagnostic[]): readonly unknown[] => found.map((each) => each.code);
const startOf = (text: string, words: string): Place => {
  const lines = text.slice(0, text.indexOf(words)).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};
const applied = (text: string, edits: readonly { readonly range: { readonly start: Place; readonly end: Place }; readonly newText: string }[]): string => {
  const at = (place: Place): number => text.split("\n").slice(0, place.line).reduce((sum, line) => sum + line.length + 1, 0) + place.character;
  return [...edits].sort((a, b) => at(b.range.start) - at(a.range.start)).reduce((whole, edit) => whole.slice(0, at(edit.range.start)) + edit.newText + whole.slice(at(edit.range.end)), text);
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "policy-lint-"));
  mkdirSync(join(folder, ".git"));
  client = await startClient({ folder, commands: true });
});
after(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

describe("editor and command line find the same", () => {
  const strict = (): void => writeFileSync(join(folder, "same", "policy.config.yaml"), "profile: strict\noverrides:\n  - files: [tnf*]\n    rules:\n      uncited-reference: error\n");
  for (const name of readdirSync(join(ROOT, "samples")).filter((each) => each.endsWith(".policy"))) {
    test(`in ${name}, under strict`, async () => {
      mkdirSync(join(folder, "same"), { recursive: true });
      strict();
      const beside = readdirSync(join(ROOT, "samples")).filter((each) => each.startsWith(name.replace(".policy", ".")));
      for (const each of beside) writeFileSync(join(folder, "same", each), readFileSync(join(ROOT, "samples", each)));
      const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "server/bin/policy.js"), "lint", "--format", "json", join("same", name)], { cwd: folder, encoding: "utf8", maxBuffer: 1e8 });
      assert.equal(stderr, "");
      const inTerminal = (JSON.parse(stdout) as { diagnostics: { path: string; line: number; column: number; endLine: number; endColumn: number; severity: string; code: string; message: string }[] }).diagnostics
        .filter((each) => each.path.endsWith(".policy"))
        .map((each) => [each.code, each.severity, each.line - 1, each.column - 1, each.endLine - 1, each.endColumn - 1, each.message]);
      const uri = uriOf("same", name);
      client.open(uri, readFileSync(join(ROOT, "samples", name), "utf8"));
      const inEditor = (await client.pull(uri)).map((each) => [each.code, SEVERITIES[each.severity!], each.range.start.line, each.range.start.character, each.range.end.line, each.range.end.character, String(each.message).split("\n")[0]]);
      assert.deepEqual(inEditor, inTerminal.map((each) => [...each.slice(0, 6), String(each[6]).split("\n")[0]]));
      assert.ok(inTerminal.length > 0, "a comparison of nothing shows nothing");
    });
  }
});

describe("while typing", () => {
  test("findings of the last look move along, and new ones come when the writer pauses", async () => {
    const uri = uriOf("typing.policy");
    client.open(uri, POLICY);
    assert.deepEqual((await client.pull(uri)).filter((each) => each.code === "uncited-reference").map((each) => each.range.start.line), [11, 12]);
    const refreshed = client.refreshed();
    client.change(uri, 2, "# A remark\n", { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } });
    assert.deepEqual((await client.pull(uri)).filter((each) => each.code === "uncited-reference").map((each) => each.range.start.line), [12, 13]);
    client.change(uri, 3, "[1-2]", { start: startOf(POLICY.replace("description", "# A remark\ndescription"), "[1]"), end: { ...startOf(POLICY.replace("description", "# A remark\ndescription"), "[1]"), character: startOf(POLICY, "[1]").character + 3 } });
    await client.pull(uri);
    await refreshed;
    assert.deepEqual((await client.pull(uri)).filter((each) => each.code === "uncited-reference").map((each) => each.range.start.line), [13]);
  });

  test("a client that cannot be told to ask again is told everything at once, one that cannot ask is sent everything", async () => {
    const pushing = await startClient({ folder, pull: false });
    const uri = uriOf("pushed.policy");
    const first = pushing.pushed(uri);
    pushing.open(uri, POLICY);
    assert.equal((await first).diagnostics.filter((each) => each.code === "uncited-reference").length, 2);
    const moving = pushing.pushed(uri);
    pushing.change(uri, 2, POLICY.replace("[1]", "[1,2]"));
    await moving;
    assert.equal((await pushing.pushed(uri)).diagnostics.filter((each) => each.code === "uncited-reference").length, 1);
    await pushing.stop();
  });

  test("what has moved: before, behind and inside an edit", () => {
    const found = [[0, 3], [4, 7], [8, 11]].map(([start, end]) => ({ code: "x", severity: "info" as const, message: "m", start: start!, end: end!, related: [{ start: 8, end: 11, message: "r" }] }));
    const places = (list: readonly { start: number; end: number; related?: readonly { start: number }[] | undefined }[]): unknown => list.map((each) => [each.start, each.end, each.related?.[0]?.start]);
    assert.deepEqual(places(moved(found, "abc def ghi", "abc dxyef ghi")), [[0, 3, 10], [10, 13, 10]]);
    assert.deepEqual(places(moved(found, "abc def ghi", "abc ghi")), [[0, 3, 4], [4, 7, 4]]);
    assert.deepEqual(places(moved(found, "abc def ghi", "abc def gh")), [[0, 3, undefined], [4, 7, undefined]]);
    assert.deepEqual(moved(found, "abc def ghi", ""), []);
    assert.equal(moved(found, "abc", "abc"), found);
  });
});

describe("what can be done", () => {
  const actionsAt = (uri: string, range: Diagnostic["range"], only?: string[]): Promise<CodeAction[]> => ask("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } });

  test("mending, suppressing with a reason, and the explanation", async () => {
    const uri = uriOf("actions.policy");
    // A number of its own: beside another version of it the findings would be renewed once more.
    const text = POLICY.replace("EX.7", "EX.71").replace("3-9. doi:", "3 to 9. Doi: ").replace("1-4.", "1 to 4.");
    client.open(uri, text);
    const found = (await client.pull(uri)).find((each) => each.code === "page-range")!;
    assert.equal(found.codeDescription?.href, "clinical-policy-docs:/page-range.md");
    const actions = await actionsAt(uri, found.range);
    const titles = actions.map((action) => action.title);
    assert.ok(titles.includes("Fix all of page-range (2)") && titles.includes("Ignore page-range here, with a reason…") && titles.includes("Explain page-range"), titles.join("\n"));
    const all = actions.find((action) => action.title.startsWith("Fix all of"))!;
    assert.match(applied(text, all.edit!.changes![uri]! as TextEdit[]), /\):3-9\. Doi: [\s\S]*\):1-4\./u);
    const [source] = await actionsAt(uri, found.range, ["source.fixAll"]);
    assert.match(applied(text, source!.edit!.changes![uri]! as TextEdit[]), /\):3-9\. doi:10[\s\S]*\):1-4\./u);

    const suppress = actions.find((action) => action.command?.command === SUPPRESS_COMMAND)!;
    const edits = await ask<SuppressEdit[]>(SUPPRESS, { ...(suppress.command!.arguments![0] as object), reason: "the journal writes it so" });
    const suppressed = applied(text, edits);
    assert.match(suppressed, /\n {2}# lint-ignore page-range: the journal writes it so\n {2}1\. Example A/u);
    client.change(uri, 2, suppressed);
    await client.pull(uri);
    await client.refreshed();
    assert.equal((await client.pull(uri)).filter((each) => each.code === "page-range").length, 1);

    const explain = actions.find((action) => action.command?.command === EXPLAIN_COMMAND)!;
    const page = await ask<string>(LINT_PAGE, explain.command!.arguments![0]);
    assert.match(page, /^# page-range\n[\s\S]*## Avoid[\s\S]*## Prefer[\s\S]*## Why/u);
    assert.equal(await ask(LINT_PAGE, { id: "no-such-lint-rule" }), null);
  });

  test("a client without our commands gets plain edits and links to the web", async () => {
    const plain = await startClient({ folder });
    const uri = uriOf("plain.policy");
    plain.open(uri, POLICY);
    const found = (await plain.pull(uri)).find((each) => each.code === "uncited-reference")!;
    assert.match(found.codeDescription!.href, /^https:\/\/.*\/docs\/lint\/uncited-reference\.md$/u);
    const actions = await plain.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range: found.range, context: { diagnostics: [] } });
    const [ignore] = actions.filter((action) => action.title.startsWith("Ignore"));
    assert.match(applied(POLICY, ignore!.edit!.changes![uri]! as TextEdit[]), /# lint-ignore uncited-reference: REASON\n {2}2\. Example B/u);
    assert.ok(actions.every((action) => action.command === undefined));
    await plain.stop();
  });
});

describe("configuration in the editor", () => {
  test("its mistakes are diagnostics, its words are proposed and explained, and it holds as soon as it is typed", async () => {
    const config = uriOf("configured", "policy.config.yaml");
    const uri = uriOf("configured", "a.policy");
    client.open(uri, POLICY);
    assert.equal((await client.pull(uri)).filter((each) => each.code === "uncited-reference").length, 2);
    const text = "profile: recommended\nrules:\n  uncited-reference: off\n  uncited-refrence: info\n";
    client.open(config, text, "yaml");
    const wrong = await client.pull(config);
    assert.deepEqual(wrong.map((each) => each.range.start), [{ line: 3, character: 2 }]);
    assert.match(String(wrong[0]!.message), /uncited-reference/u);
    const after = client.refreshed();
    client.change(config, 2, text.replace(/.*refrence.*\n/u, ""));
    await after;
    assert.deepEqual(codes(await client.pull(config)), []);
    assert.equal((await client.pull(uri)).filter((each) => each.code === "uncited-reference").length, 0);

    const labels = async (content: string, version: number): Promise<readonly string[]> => {
      client.change(config, version, content.replace("|", ""));
      const items = await ask<CompletionItem[]>("textDocument/completion", { textDocument: { uri: config }, position: startOf(content, "|") });
      return items.map((item) => item.label);
    };
    assert.deepEqual(await labels("|", 3), ["profile", "rules", "words", "ignore", "overrides"]);
    assert.deepEqual(await labels("profile: |", 4), ["recommended", "strict"]);
    assert.ok((await labels("rules:\n  dup|", 5)).includes("duplicate-criterion"));
    assert.ok((await labels("rules:\n  |", 6)).includes("label-order"), "warnings of the language can be configured too");
    assert.deepEqual(await labels("rules:\n  uncited-reference: |", 7), ["off", "info", "warning", "error"]);
    assert.deepEqual((await labels("rules:\n  old-evidence:\n    |", 8))[0], "level");
    assert.deepEqual(await labels("overrides:\n  - |", 9), ["files", "profile", "rules", "words"]);
    const hover = await ask<Hover>("textDocument/hover", { textDocument: { uri: config }, position: { line: 0, character: 3 } });
    assert.match((hover.contents as { value: string }).value, /for some files/u);
  });

  test("in a suppression, lint rules are proposed and explained", async () => {
    const uri = uriOf("proposed.policy");
    const text = POLICY.replace("  2. Example", "  # lint-ignore \n  2. Example");
    client.open(uri, text);
    const place = { line: startOf(text, "# lint-ignore").line, character: "  # lint-ignore ".length };
    const items = await ask<CompletionItem[]>("textDocument/completion", { textDocument: { uri }, position: place });
    assert.equal(items[0]!.labelDetails?.description, "found here");
    client.change(uri, 2, text.replace("lint-ignore ", "lint-ignore uncited-reference: for the archive"));
    const hover = await ask<Hover>("textDocument/hover", { textDocument: { uri }, position: { ...place, character: place.character + 3 } });
    assert.match((hover.contents as { value: string }).value, /\*\*uncited-reference\*\*/u);
  });
});
