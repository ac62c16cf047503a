// The layers: who may import whom, read from the imports of every source file.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { ROOT } from "./support/core-fixtures.js";

const SOURCE = join(ROOT, "server", "src");
const CLIENT = join(ROOT, "client", "src");
const filesIn = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));

interface Import {
  readonly from: string;
  /** A file of the project, or a package. */
  readonly to: string;
  readonly local: boolean;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|\brequire\(\s*["']([^"']+)["']\s*\)/gu;

/** The imports of a file, whether of values or of types; `typeof import("…")` too. */
function importsOf(file: string, root: string): readonly Import[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//gu, "").replace(/^\s*\/\/.*$/gmu, "");
  return [...text.matchAll(IMPORT)].map((match) => {
    const named = match[1] ?? match[2] ?? match[3]!;
    const local = named.startsWith(".");
    return { from: relative(root, file), to: local ? relative(root, join(dirname(file), named)).replace(/\.js$/u, ".ts") : named, local };
  });
}

const imports = filesIn(SOURCE).flatMap((file) => importsOf(file, SOURCE));
const clientImports = filesIn(CLIENT).flatMap((file) => importsOf(file, CLIENT));

/** The layer of a file: its folder, or its name at the top. */
const layerOf = (file: string): string => (file.includes("/") ? file.slice(0, file.indexOf("/")) : file.replace(/\.ts$/u, ""));

const GROUND = ["text", "diagnostic", "vocabulary"];
const CORE = [...GROUND, "syntax", "semantics"];
/** What each layer may import beside itself. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  text: [], diagnostic: ["text"], vocabulary: ["text"],
  syntax: GROUND,
  semantics: [...GROUND, "syntax"],
  features: CORE, lint: CORE, format: CORE, evaluate: CORE, compare: CORE, fhir: CORE,
  render: [...CORE, "evaluate", "lint", "compare"],
  index: [...CORE, "features", "lint", "format", "evaluate", "compare", "fhir", "render"],
  lsp: [...CORE, "features", "lint", "format", "evaluate", "compare", "fhir", "render", "index"],
  cli: [...CORE, "features", "lint", "format", "evaluate", "compare", "fhir", "render", "index"],
};

describe("layers", () => {
  test("every file belongs to a layer", () => {
    for (const file of filesIn(SOURCE)) assert.ok(layerOf(relative(SOURCE, file)) in MAY, file);
  });

  test("an import goes only downward", () => {
    const wrong = imports.filter(({ from, to, local }) => local && layerOf(from) !== layerOf(to) && !MAY[layerOf(from)]!.includes(layerOf(to)));
    // The command that starts the language server is the one place where the command line meets it.
    const excused = wrong.filter(({ from, to }) => !(from === "cli/language-server.ts" && to === "lsp/main.ts"));
    assert.deepEqual(excused.map(({ from, to }) => `${from} → ${to}`), []);
  });

  test("nothing imports in a circle between files of different layers, and every import is there", () => {
    const there = new Set(filesIn(SOURCE).map((file) => relative(SOURCE, file)));
    for (const { from, to, local } of imports) if (local && !to.endsWith(".json")) assert.ok(there.has(to), `${from} imports ${to}`);
  });

  test("the core knows nothing of Node, the editor or the protocol", () => {
    const outside = new Set(["lsp", "cli"]);
    const wrong = imports.filter(({ from, to, local }) => !local && !outside.has(layerOf(from)) && /^(?:node:|vscode)|^(?:fs|path|os|process|child_process|worker_threads|url|util)$/u.test(to));
    assert.deepEqual(wrong.map(({ from, to }) => `${from} → ${to}`), []);
  });

  test("Chevrotain lives in syntax/, and nowhere else", () => {
    assert.deepEqual([...new Set(imports.filter(({ to }) => to === "chevrotain").map(({ from }) => layerOf(from)))], ["syntax"]);
  });

  test("the packages of the core are few, and each has its place", () => {
    const used = new Map<string, Set<string>>();
    for (const { from, to, local } of imports) if (!local && !["lsp", "cli"].includes(layerOf(from))) used.set(to, (used.get(to) ?? new Set()).add(layerOf(from)));
    const allowed: Readonly<Record<string, readonly string[]>> = {
      chevrotain: ["syntax"], "fastest-levenshtein": ["semantics"], yaml: ["semantics", "features", "lint"], "picomatch/posix": ["lint"], sarif: ["render"], "@lhncbc/ucum-lhc": ["semantics"], fhirpath: ["fhir"], "fhirpath/fhir-context/r4": ["fhir"], picocolors: ["render"], "string-width": ["render"], "get-east-asian-width": ["render"], "strip-ansi": ["render"],
      liquidjs: ["render"], "markdown-it": ["render"],
    };
    for (const [name, layers] of used) for (const layer of layers) assert.ok(allowed[name]?.includes(layer), `${layer} imports ${name}`);
  });

  test("the core reads no clock, no environment and no chance", () => {
    for (const file of filesIn(SOURCE)) {
      const layer = layerOf(relative(SOURCE, file));
      if (layer === "lsp" || layer === "cli") continue;
      const text = readFileSync(file, "utf8").replace(/\/\/.*$/gmu, "");
      assert.doesNotMatch(text, /\bDate\.now\b|new Date\(\)|Math\.random|\bprocess\.|\bperformance\.|\bglobalThis\b|\bconsole\.|\bsetTimeout\b|\bBuffer\b|toLocale(?:String|Date|Time|Upper|Lower)|\bIntl\./u, relative(SOURCE, file));
    }
  });

  test("the client knows of the server its protocol alone", () => {
    const wrong = clientImports.filter(({ to, local }) => local && to.startsWith("..") && !/(?:^|\/)server\/src\/lsp\/protocol\.ts$/u.test(to));
    assert.deepEqual(wrong.map(({ from, to }) => `${from} → ${to}`), []);
    assert.ok(clientImports.some(({ to }) => to.endsWith("protocol.ts")));
  });

  test("the protocol imports nothing", () => {
    assert.deepEqual(imports.filter(({ from, local }) => from === "lsp/protocol.ts" && local).map(({ to }) => to), []);
  });

  test("every file says in its first line what it is", () => {
    for (const file of [...filesIn(SOURCE), ...filesIn(CLIENT), ...filesIn(join(ROOT, "test"))]) {
      assert.match(readFileSync(file, "utf8").split("\n")[0]!, /^(?:\/\/|#!).{10,}/u, relative(ROOT, file));
    }
  });
});
