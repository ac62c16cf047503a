// Generates server/schemas/policy-config.schema.json, the JSON Schema of policy.config.yaml, from the lint rules.
//
//   node scripts/generate-lint-schema.mjs            writes the file
//   node scripts/generate-lint-schema.mjs --print    writes to standard output instead
import { buildSync } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "server/schemas/policy-config.schema.json");

const entry = `
  export { LINT_RULES } from "./lint/rules/index.js";
  export { configSchema } from "./lint/schema.js";
`;
const { outputFiles } = buildSync({ stdin: { contents: entry, resolveDir: join(root, "server/src"), loader: "ts" }, bundle: true, write: false, format: "esm", platform: "node", logLevel: "silent" });
const { LINT_RULES, configSchema } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

const text = `${JSON.stringify(configSchema(LINT_RULES), undefined, 2)}\n`;
if (process.argv.includes("--print")) {
  process.stdout.write(text);
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
