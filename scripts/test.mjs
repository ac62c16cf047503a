// Runs everything: types, unit and fixture tests, the server over stdio, the suite in the real editor and that in the editor for the web. Fails if any part fails.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const only = new Set(process.argv.slice(2));
const wanted = (part) => only.size === 0 || only.has(part);

/** Runs a command in the project's folder; ends the whole run with its exit code where it fails. */
function run(title, ...args) {
  process.stdout.write(`\n── ${title}\n`);
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`\n${title}: failed (exit code ${status})\n`);
    process.exit(status ?? 1);
  }
}

const tsc = join("node_modules", "typescript", "bin", "tsc");
if (wanted("types")) {
  run("types of all packages", tsc, "-p", ".");
  run("types of the pages of the views, which know no Node", tsc, "-p", "client/src/webviews/page");
  run("types of what runs in a browser, which knows no Node", tsc, "-p", "test/editor/web");
  run("types of the language core, which knows no Node and no editor", tsc, "-p", "server/tsconfig.core.json");
}
run("bundles", "scripts/build.mjs", "--tests");
if (wanted("unit")) {
  const files = readdirSync(join(root, "out/test")).filter((name) => name.endsWith(".test.js")).map((name) => join("out/test", name));
  run("unit, fixture, property and server tests", "--enable-source-maps", "--test", ...files);
}
if (wanted("editor")) {
  if (!existsSync(join(root, "out/editor/index.js"))) {
    process.stderr.write("The editor suite was not built.\n");
    process.exit(1);
  }
  run("the suite in the real editor", "scripts/editor/run.mjs", `--extension=${root}`, `--tests=${join(root, "out/editor/index.js")}`, `--workspace=${join(root, "samples")}`);
}
if (wanted("web") || only.has("editor")) {
  run("the suite of the web: the extension in the web worker extension host", "scripts/editor/web-host.mjs", `--extension=${root}`, `--tests=${join(root, "out/web")}`, `--workspace=${join(root, "samples")}`);
}
