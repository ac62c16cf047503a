// docs/features.md: every test that it names is there, and it leaves out no request of the server, no command and no setting; and those are used.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, startClient } from "./support/client.js";

const page = readFileSync(join(ROOT, "docs/features.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } } };

/** The names of the tests of a file. */
function namesIn(file: string): ReadonlySet<string> {
  const text = readFileSync(join(ROOT, "test", file), "utf8");
  return new Set([...text.matchAll(/\btest\(\s*("(?:[^"\\\n]|\\.)*")/gu)].map((match) => JSON.parse(match[1]!) as string));
}

/** Rows of the tables as their cells. */
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| feature ")).map((line) => line.slice(1, -1).split(" | ").map((cell) => cell.trim()));
const proofs = [...page.matchAll(/`([\w./-]+\.ts)` “([^”]+)”/gu)].map((match) => ({ file: match[1]!, name: match[2]! }));

test("every test that is named is there", () => {
  assert.ok(proofs.length > 80);
  const known = new Map<string, ReadonlySet<string>>();
  for (const { file, name } of proofs) {
    if (!known.has(file)) known.set(file, namesIn(file));
    assert.ok(known.get(file)!.has(name), `${file} has no test “${name}”`);
  }
});

test("every row has four cells, and each says a test, that there is none, or that it is the one above", () => {
  assert.ok(rows.length > 50);
  for (const cells of rows) {
    assert.equal(cells.length, 4, cells[0]);
    cells.slice(1).forEach((cell, i) => assert.match(cell, /^(?:(?:`[\w./-]+\.ts` “[^”]+”(?:; )?)+|as above|—(?: [\p{L}' ]+)?)$/u, `${cells[0]!}, column ${i + 2}`));
    assert.ok(cells.slice(1).some((cell) => cell.includes("“")), `nothing shows: ${cells[0]!}`);
    // Each column has its own suites.
    for (const [i, folder] of [[1, /^(?!editor)/u], [2, /^editor\/[\w-]+\.ts$/u], [3, /^editor\/web\//u]] as const) {
      for (const [, file] of cells[i]!.matchAll(/`([\w./-]+\.ts)`/gu)) assert.match(file!, folder, cells[0]);
    }
  }
});

test("every request that the server offers is on the page", async () => {
  const client = await startClient({ can: { textDocument: { rename: { prepareSupport: true } } } });
  const offered = Object.keys(client.initialized.capabilities).filter((key) => key.endsWith("Provider"));
  await client.stop();
  const special: Readonly<Record<string, string>> = { documentFormattingProvider: "textDocument/formatting", documentRangeFormattingProvider: "textDocument/rangeFormatting", documentOnTypeFormattingProvider: "textDocument/onTypeFormatting", workspaceSymbolProvider: "workspace/symbol" };
  assert.ok(offered.length > 15);
  for (const key of offered) {
    const method = special[key] ?? `textDocument/${key.replace(/Provider$/u, "")}`;
    assert.ok(page.includes(`\`${method}\``) || page.includes(`\`${method}:`) || page.includes(`${method}\``), method);
  }
});

const sources = (folder: string): string => readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => readFileSync(join(ROOT, folder, name), "utf8")).join("\n");

test("every command and every setting is on the page, and has an effect", () => {
  const code = sources("client/src") + sources("server/src/lsp");
  for (const { command } of manifest.contributes.commands) {
    assert.ok(page.includes(command), `${command} is on the page`);
    assert.ok(code.includes(`"${command}"`) || command.startsWith("policy.walkthrough.") && code.includes("policy.walkthrough."), `${command} is registered`);
  }
  for (const setting of Object.keys(manifest.contributes.configuration.properties)) {
    assert.ok(page.includes(setting), `${setting} is on the page`);
    // "policy.format.wrap" is read as the field `wrap` of the section "policy.format".
    const section = setting.slice(0, setting.lastIndexOf("."));
    const field = setting.slice(setting.lastIndexOf(".") + 1);
    assert.ok(code.includes(setting) || (code.includes(`"${section}"`) && new RegExp(`\\b${field}\\b`, "u").test(code)), `${setting} is read`);
  }
});
