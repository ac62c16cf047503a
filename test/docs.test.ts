// The documents: generated pages are up to date, links lead somewhere, and no file tells of the machine it was written on.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/client.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const DOCUMENTS = ["README.md", "CHANGELOG.md", "client/README.md", "server/README.md", ...readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`), ...readdirSync(join(ROOT, "docs/lint")).map((name) => `docs/lint/${name}`)];

/** What a generator would write. */
function printed(script: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--print"], { cwd: ROOT, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("docs/diagnostics.md is what the table of diagnostics says", () => {
  assert.equal(read("docs/diagnostics.md"), printed("scripts/generate-diagnostics.mjs"), "run `npm run generate`");
});

test("docs/lint/ is what the lint rules say of themselves", () => {
  const pages = JSON.parse(printed("scripts/generate-lint-docs.mjs")) as Record<string, string>;
  assert.deepEqual(readdirSync(join(ROOT, "docs/lint")).sort(), Object.keys(pages).sort(), "run `npm run generate`");
  for (const [name, text] of Object.entries(pages)) assert.equal(read(`docs/lint/${name}`), text, `${name}: run \`npm run generate\``);
});

test("the table of common units is what the UCUM library says", () => {
  assert.equal(read("server/src/semantics/units.generated.ts"), printed("scripts/generate-units.mjs"), "run `npm run generate`");
});

test("the links and pictures of the documents are there", () => {
  const broken = DOCUMENTS.flatMap((path) => {
    const text = read(path).replace(/```.*?```/gsu, "").replace(/`[^`\n]*`/gu, "");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/gu), ...text.matchAll(/\b(?:src|href)="([^"]+)"/gu)].map((match) => match[1]!).filter((target) => !/^[a-z]+:/u.test(target));
    return targets.filter((target) => !leadsSomewhere(path, target)).map((target) => `${path}: ${target}`);
  });
  assert.deepEqual(broken, []);
});

function leadsSomewhere(from: string, target: string): boolean {
  const [path = "", fragment] = target.split("#");
  const file = path === "" ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, file))) return false;
  return fragment === undefined || headings(read(file)).includes(fragment);
}

const headings = (text: string): string[] => [...text.replace(/```.*?```/gsu, "").matchAll(/^#+ (.+)$/gmu)].map((match) => match[1]!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/gu, "-"));

test("commands that the documents name are there", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/\bnpm run ([a-z:-]+)/gu)].map((match) => match[1]!));
  assert.deepEqual(named.filter((name) => !(name in scripts)), []);
  for (const command of Object.values(scripts)) for (const [, script] of command.matchAll(/\bnode (\S+\.mjs)/gu)) assert.ok(existsSync(join(ROOT, script!)), script);
});

test("every file that the extension's manifest names is there and is packaged", () => {
  const { files, main, icon, contributes } = JSON.parse(read("package.json")) as { files: string[]; main: string; icon: string; contributes: object };
  const named = [main, icon, ...[...JSON.stringify(contributes).matchAll(/"(\.\/[^"]+)"/gu)].map((match) => match[1]!)].map((path) => path.replace(/^\.\//u, ""));
  assert.deepEqual(named.filter((path) => !files.includes(path) || !existsSync(join(ROOT, path))), []);
});

test("the policy of the README is sound and its case comes to what it expects", () => {
  const [, policy] = /```policy\n(.*?)```/su.exec(read("README.md"))!;
  for (const command of [["lint", "-", "--max-warnings", "0"], ["test", "-"]]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["server/bin/policy.js", ...command], { cwd: ROOT, input: policy, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  }
});

test("versions and licences agree", () => {
  const [whole, server, client] = ["package.json", "server/package.json", "client/package.json"].map((path) => JSON.parse(read(path)) as { version: string; license: string });
  assert.deepEqual([server!.version, client!.version], [whole!.version, whole!.version]);
  assert.equal(read("server/LICENSE"), read("LICENSE"));
  assert.match(read("CHANGELOG.md"), new RegExp(`^## ${whole!.version.replaceAll(".", "\\.")}$`, "mu"));
});

test("no file tells of the machine it was written on or of where its packages came from", (context) => {
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" });
  if (listed.status !== 0) return context.skip("not a git checkout");
  const folders = ["work", "root", "tmp", "home/[a-z]+", "Users/[A-Za-z]+"].join("|");
  const machinePath = new RegExp(`(?<![\\w.)}\\]/*-])/(?:${folders})/\\w`, "u");
  const registry = new RegExp(["\"resolved\":\\s*\"http", "\\bregistry\\.[a-z0-9-]+\\.[a-z]{2,}\\b", ["_auth", "Token"].join("")].join("|"), "u");
  const wrong = listed.stdout.split("\0").filter((path) => path !== "" && !/\.(?:png|ico|wasm)$/u.test(path) && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile()).flatMap((path) =>
    read(path).split("\n").flatMap((line, i) => (machinePath.test(line) || registry.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])));
  assert.deepEqual(wrong, []);
});
