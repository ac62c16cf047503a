// The arrows of docs/ARCHITECTURE.md: which room of the server may import which, and which packages it may use.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { test } from "node:test";
import { ROOT } from "./support/client.js";

const SOURCE = join(ROOT, "server/src");
const GROUND = ["vocabulary", "diagnostic", "text"];
const CORE = ["syntax", "semantics", "evaluate", "features", "render"];

/** The rooms that a room may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  vocabulary: [],
  diagnostic: ["text"],
  syntax: GROUND,
  semantics: [...GROUND, "syntax"],
  evaluate: [...GROUND, "syntax", "semantics"],
  features: [...GROUND, "syntax", "semantics"],
  render: [...GROUND, "syntax", "semantics", "evaluate"],
  index: [...GROUND, ...CORE],
  lsp: [...GROUND, ...CORE],
  cli: [...GROUND, ...CORE],
};

/** The packages that a room may use; a name that ends with a colon or slash stands for all that begin with it. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  syntax: ["chevrotain"],
  semantics: ["yaml", "fastest-levenshtein", "@lhncbc/ucum-lhc"],
  lsp: ["node:", "vscode-languageserver/", "vscode-languageserver-textdocument"],
  cli: ["node:", "commander", "fastest-levenshtein", "picocolors", "tinyglobby"],
};

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => name.split(sep).join("/"));
const roomOf = (file: string): string => (file.includes("/") ? file.slice(0, file.indexOf("/")) : file.replace(/\.[jt]s$/u, ""));
const importsOf = (text: string): string[] => [...text.matchAll(/(?:\bfrom|\bimport|\b(?:require|import)\s*\()\s*"([^"]+)"/gu)].map((match) => match[1]!);

test("an import goes only to a room further down", () => {
  assert.ok(files.length > 40);
  const wrong = files.flatMap((file) => {
    const from = roomOf(file);
    assert.ok(from in MAY_IMPORT, `${file} stands in a room that docs/ARCHITECTURE.md does not know`);
    return importsOf(readFileSync(join(SOURCE, file), "utf8")).filter((name) => name.startsWith(".")).map((name) => posix.join(posix.dirname(file), name))
      .filter((target) => roomOf(target) !== from && !MAY_IMPORT[from]!.includes(roomOf(target))).map((target) => `${file} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test("the language core uses no package but those of its room, and nothing of Node or of an editor", () => {
  const wrong = files.flatMap((file) => {
    const allowed = MAY_USE[roomOf(file)] ?? [];
    return importsOf(readFileSync(join(SOURCE, file), "utf8")).filter((name) => !name.startsWith("."))
      .filter((name) => !allowed.some((each) => (/[:/]$/u.test(each) ? name.startsWith(each) : name === each))).map((name) => `${file} uses ${name}`);
  });
  assert.deepEqual(wrong, []);
});

test("the client knows nothing of the server but the names of its protocol", () => {
  const folder = join(ROOT, "client/src");
  const inside = readdirSync(folder).flatMap((file) => importsOf(readFileSync(join(folder, file), "utf8")).filter((name) => name.startsWith("..")).map((name) => relative(ROOT, join(dirname(join(folder, file)), name))));
  assert.deepEqual([...new Set(inside)], [join("server", "src", "lsp", "protocol.js")]);
});
