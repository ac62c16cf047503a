// Bundles the command line, the language server and the extension; `--watch` keeps them fresh, `--tests` bundles the tests too.
import { build, context } from "esbuild";
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const at = (...parts) => join(root, ...parts);
const flags = new Set(process.argv.slice(2));
const { version } = JSON.parse(readFileSync(at("server/package.json"), "utf8"));

/** UCUM's tables are large and rarely needed: they stand in a file of their own that is loaded on first need. */
const ucumApart = {
  name: "ucum-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /^@lhncbc\/ucum-lhc$/ }, (args) => (args.kind === "entry-point" ? undefined : { path: "./ucum.js", external: true }));
  },
};

/** The server answers `initialize` before it loads the language: that stands in a file of its own. */
const coreApart = {
  name: "core-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/core\.js$/ }, ({ importer }) => (/[\\/]lsp[\\/]lazy\.ts$/.test(importer) ? { path: "./core.js", external: true } : undefined));
  },
};

/** FHIRPath with the model of R4 is larger than the language: it is loaded where a policy has mappings. */
const fhirApart = {
  name: "fhir-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/library\.js$/ }, ({ importer }) => (/[\\/]fhir[\\/]engine\.ts$/.test(importer) ? { path: "./fhir.js", external: true } : undefined));
  },
};

/** FHIRPath can ask servers, which ours never does: what it makes their addresses with is left out. */
const noServers = {
  name: "no-servers",
  setup(bundler) {
    bundler.onResolve({ filter: /^@loxjs\/url-join$/ }, ({ path }) => ({ path, namespace: "no-servers" }));
    bundler.onLoad({ filter: /.*/, namespace: "no-servers" }, () => ({ contents: 'module.exports = () => { throw new Error("No server is asked."); };' }));
  },
};

/** FHIRPath takes hold of UCUM when it is loaded, and needs it for few expressions: it is loaded for those. */
const ucumWhenNeeded = {
  name: "ucum-when-needed",
  setup(bundler) {
    bundler.onResolve({ filter: /^@lhncbc\/ucum-lhc$/ }, () => ({ path: "ucum", namespace: "ucum-when-needed" }));
    bundler.onResolve({ filter: /^\.\/ucum\.js$/, namespace: "ucum-when-needed" }, ({ path }) => ({ path, external: true }));
    bundler.onLoad({ filter: /.*/, namespace: "ucum-when-needed" }, () => ({
      contents: `const ucum = () => require("./ucum.js").UcumLhcUtils.getInstance();
        const later = { get(_, name) { const value = ucum()[name]; return typeof value === "function" ? value.bind(ucum()) : value; } };
        exports.UcumLhcUtils = { getInstance: () => new Proxy({}, later) };`,
    }));
  },
};

/** The libraries that letters are written with are loaded when one is written. */
const lettersApart = {
  name: "letters-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/libraries\.js$/ }, ({ importer }) => (/[\\/]render[\\/]letters[\\/]/.test(importer) ? { path: "./letters.js", external: true } : undefined));
  },
};

/** Commander can start programs of its own, which ours never does: Node's module for it, slow to load, is not loaded for that. */
const noPrograms = {
  name: "no-programs",
  setup(bundler) {
    bundler.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) => (/[\\/]commander[\\/]/.test(importer) ? { path: "child_process", namespace: "no-programs" } : undefined));
    bundler.onLoad({ filter: /.*/, namespace: "no-programs" }, () => ({ contents: "exports.spawn = undefined;" }));
  },
};

const common = {
  bundle: true,
  absWorkingDir: root,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
  legalComments: "none",
  define: { POLICY_VERSION: JSON.stringify(version) },
};
const inBrowser = { platform: "browser", target: "chrome128" };
const product = { ...common, minify: !flags.has("--debug"), keepNames: false, sourcemap: flags.has("--debug") };

const bundles = [
  { ...product, entryPoints: { ucum: "@lhncbc/ucum-lhc" }, outdir: at("server/dist") },
  // As browsers have them: then they hold nothing that reads files.
  { ...product, ...inBrowser, entryPoints: { letters: "server/src/render/letters/libraries.ts" }, outdir: at("server/dist") },
  // It writes nothing to the terminal and reaches nothing outside of what it is given.
  { ...product, entryPoints: { fhir: "server/src/fhir/library.ts" }, outdir: at("server/dist"), plugins: [ucumWhenNeeded, noServers], drop: ["console"], define: { ...product.define, fetch: "undefined" } },
  { ...product, entryPoints: { index: "server/src/index.ts", cli: "server/src/cli/main.ts", server: "server/src/lsp/main.ts", core: "server/src/lsp/core.ts" }, outdir: at("server/dist"), plugins: [ucumApart, coreApart, fhirApart, noPrograms, lettersApart] },
  { ...product, entryPoints: { extension: "client/src/main.ts" }, outdir: at("client/dist"), external: ["vscode"] },
  // For editors in a browser. Whatever of Node is imported there fails the build; UCUM is part of the worker, which loads no second file.
  { ...product, ...inBrowser, entryPoints: { worker: "server/src/lsp/browser.ts" }, outdir: at("server/dist"), format: "iife", plugins: [noServers] },
  { ...product, ...inBrowser, entryPoints: { extension: "client/src/browser.ts" }, outdir: at("client/dist/browser"), external: ["vscode"] },
  // The pages of the views run in the editor's window, not in Node.
  { ...product, entryPoints: ["explanation", "preview", "diagram"].map((name) => `client/src/webviews/page/${name}.ts`), outdir: at("client/dist/webviews"), ...inBrowser, format: "iife" },
];

if (flags.has("--tests")) {
  rmSync(at("out"), { recursive: true, force: true });
  const files = readdirSync(at("test")).filter((name) => name.endsWith(".test.ts"));
  // Another version of it stands where the tests would look: theirs is the server's.
  const alias = { "csv-stringify/sync": createRequire(at("server/package.json")).resolve("csv-stringify/sync") };
  bundles.push({ ...common, sourcemap: "inline", entryPoints: files.map((name) => `test/${name}`), outdir: at("out/test"), packages: "external", alias });
  if (readdirSync(at("test")).includes("editor")) {
    bundles.push({ ...common, sourcemap: "inline", entryPoints: ["test/editor/index.ts"], outdir: at("out/editor"), external: ["vscode"] });
    bundles.push({ ...common, ...inBrowser, sourcemap: "inline", entryPoints: ["index.ts", "files.ts", "package.json"].map((name) => `test/editor/web/${name}`), outdir: at("out/web"), external: ["vscode"], loader: { ".json": "copy" } });
  }
}

/** Writes the characters of regular expressions that esbuild leaves as they are as escapes: a source of ASCII alone is read without being decoded. */
function escapeCharacters() {
  const file = at("server/dist/cli.js");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** Has the command line leave V8's compiled code beside its bundle; from standard input, so that case files' YAML reader is not in it. */
function keepCompiledCode() {
  const { status, stderr } = spawnSync(process.execPath, [at("server/bin/policy.js"), "lint", "-"], {
    input: readFileSync(at("samples/imrt.policy")), env: { ...process.env, POLICY_WRITE_CODE_CACHE: "1" }, encoding: "utf8",
  });
  if (status === 2) throw new Error(`The bundled command line does not run:\n${stderr}`);
}

if (flags.has("--watch")) {
  for (const options of bundles) await (await context({ ...options, logLevel: "info" })).watch();
} else {
  rmSync(at("server/dist/cli.js.cache"), { force: true });
  await Promise.all(bundles.map((options) => build(options)));
  chmodSync(at("server/bin/policy.js"), 0o755);
  if (!flags.has("--debug")) {
    escapeCharacters();
    keepCompiledCode();
  }
}
