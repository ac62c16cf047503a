// `npm run package`: makes the extension's .vsix from the bundles, lists it, and fails where it holds more or less than it should.
//
// What goes in stands under `files` in package.json. The packager is installed here on the first run.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeNotices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, "scripts/vsix");
const vsce = join(tools, "node_modules/@vscode/vsce/vsce");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const README = "client/README.md";
const target = `${manifest.name}-${manifest.version}.vsix`;

/** Runs a program in a folder; ends with its exit code where it fails. */
function run(program, args, options = {}) {
  const { status, error, stdout } = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

function installPackager() {
  // npm leaves a lock file of its own behind when an installation is complete.
  const installed = join(tools, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(tools, "package-lock.json")).mtimeMs) return;
  console.log("Installing the packager (first run only)…");
  const windows = process.platform === "win32";
  // Its optional parts sign and publish; neither is done here, and no install script is run.
  run(windows ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: tools, shell: windows });
}

/** The names in the package must be those that package.json names, and no other. */
function checkContents() {
  const listed = run(process.execPath, [vsce, "ls", "--no-dependencies", "--readme-path", README], { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  const names = listed.split(/\r?\n/u).filter((name) => name !== "").sort();
  const wanted = [...manifest.files, "package.json", README].sort();
  const surplus = names.filter((name) => !wanted.includes(name));
  const absent = wanted.filter((name) => !names.includes(name));
  if (surplus.length === 0 && absent.length === 0) return;
  console.error(`The package is not what package.json says.${surplus.length ? `\nToo much: ${surplus.join(", ")}` : ""}${absent.length ? `\nMissing: ${absent.join(", ")}` : ""}`);
  process.exit(1);
}

writeNotices("extension");
installPackager();
checkContents();
rmSync(join(root, target), { force: true });
run(process.execPath, [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--readme-path", README, "--out", target]);
console.log(`\nTo install it: code --install-extension ${target}`);
