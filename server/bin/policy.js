#!/usr/bin/env node
// Starts the bundled command line, from V8's compiled code where the build has left it; says what to do where there is no bundle.
"use strict";
const { existsSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const bundle = join(__dirname, "..", "dist", "cli.js");
const cache = `${bundle}.cache`;

/** The compiled code, if it is not older than the bundle: V8 itself compares only the length of the source. */
function compiled() {
  const found = statSync(cache, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs >= statSync(bundle).mtimeMs ? readFileSync(cache) : undefined;
}

function start() {
  const write = process.env.POLICY_WRITE_CODE_CACHE === "1";
  const cachedData = write ? undefined : compiled();
  if (!write && cachedData === undefined) return require(bundle);
  // The bundle is ASCII, which is the quickest to read.
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(bundle, "latin1")}\n})`;
  // Code of another version of V8 is rejected, and the source compiled as usual.
  const script = new Script(source, { filename: bundle, cachedData });
  if (write) process.on("exit", () => writeFileSync(cache, script.createCachedData()));
  const folder = dirname(bundle);
  const requireBeside = (name) => require(name.startsWith("./") ? join(folder, name) : name);
  return script.runInThisContext()(exports, requireBeside, module, bundle, folder);
}

if (existsSync(bundle)) {
  start();
} else {
  process.stderr.write("policy: the command line has not been built yet. Run `npm run build` in the project's folder.\n");
  process.exitCode = 2;
}
