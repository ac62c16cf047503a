#!/usr/bin/env node
// Starts the bundled command line; says what to do where the bundle has not been built.
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const bundle = join(__dirname, "..", "dist", "cli.js");
if (existsSync(bundle)) {
  require(bundle);
} else {
  process.stderr.write("policy: the command line has not been built yet. Run `npm run build` in the project's folder.\n");
  process.exitCode = 2;
}
