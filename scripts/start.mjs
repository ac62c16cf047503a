// `npm start`: builds, then shows in this terminal what the tool does with the samples, each step under the command that does it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const SAMPLES = ["samples", "--ignore", "samples/bad/**"];

const steps = [
  ["Check every sample policy and its case files", "lint", ...SAMPLES],
  ["Run the cases that the samples come with", "test", ...SAMPLES],
  ["A case that is approved, and why", "evaluate", "samples/imrt.policy", "--case", "Early breast cancer with a high heart dose"],
  ["A case that pends, and what is missing", "evaluate", "samples/imrt.policy", "--case", "Early breast cancer whose heart dose was not calculated"],
];

const quoted = (argument) => (/[\s*]/u.test(argument) ? `"${argument}"` : argument);
const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const STYLES = { bold: 1, dim: 2, cyan: 36 };
const style = (name, text) => (coloured ? `\u001b[${STYLES[name]}m${text}\u001b[0m` : text);

/** Runs a step under its title; ends the whole run where it fails. */
function run(title, shown, args) {
  process.stdout.write(`\n${style("dim", "──")} ${style("bold", title)}\n${style("cyan", `$ ${shown}`)}\n\n`);
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`\n${title}: failed (exit code ${status ?? "none"})\n`);
    process.exit(status ?? 1);
  }
}

run("Build the command line, the language server and the extension", "npm run build", ["scripts/build.mjs"]);
for (const [title, ...args] of steps) run(title, ["npx policy", ...args.map(quoted)].join(" "), ["server/bin/policy.js", ...args]);

process.stdout.write(`
${style("bold", "Next")}
  npx policy --help            all commands
  npm test                     all tests, the real editor included
  npm run package              the extension as a .vsix file, to be installed in VS Code
  docs/language.md             the language
`);
