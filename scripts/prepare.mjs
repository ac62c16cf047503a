// Builds the bundles where there are none yet: after `npm ci`, and where pre-commit installs the command line from this repository.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const build = fileURLToPath(new URL("build.mjs", import.meta.url));
const bundle = fileURLToPath(new URL("../server/dist/cli.js", import.meta.url));
if (!existsSync(bundle)) process.exitCode = spawnSync(process.execPath, [build], { stdio: "inherit" }).status ?? 1;
