// `npm run screenshots`: takes the pictures of the documentation in the real editor and puts them into docs/images.
//
//   node scripts/screenshots.mjs [--theme=light|dark|highContrast] [--only=explanation,diagram] [--to=docs/images] [--suite=screenshots]
//   node scripts/screenshots.mjs --suite=walkthrough --to=client/walkthrough --scale=1
import { build } from "esbuild";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { spawnSync } from "node:child_process";
import { runInEditor, THEMES } from "./editor/run.mjs";
import { shrink } from "./smaller-png.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { theme: { type: "string", default: "light" }, only: { type: "string" }, to: { type: "string", default: join(root, "docs/images") }, suite: { type: "string", default: "screenshots" }, scale: { type: "string", default: "1" } } });
if (!(values.theme in THEMES)) throw new Error(`--theme is one of ${Object.keys(THEMES).join(", ")}`);

// Pictures of a window need the editor whose page can be photographed.
process.env.POLICY_EDITOR ??= "headless";
const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const scratch = mkdtempSync(join(tmpdir(), "policy-pictures-"));
// Pictures in another theme carry its name: explanation-dark.png.
const taken = join(scratch, "pictures");
mkdirSync(taken);
const suffix = values.theme === "light" ? "" : `-${values.theme}`;
try {
  const tests = join(scratch, "screenshots.js");
  await build({ entryPoints: [join(root, `test/editor/${values.suite}.ts`)], outfile: tests, bundle: true, platform: "node", target: "node20", format: "cjs", external: ["vscode"], logLevel: "warning" });
  process.exitCode = await runInEditor({
    extensionPath: root,
    testsPath: tests,
    ...(values.suite === "walkthrough" ? {} : { workspace: join(root, "samples") }),
    screenshots: taken,
    size: "1600x1080",
    scale: Number(values.scale),
    settings: {
      "workbench.colorTheme": THEMES[values.theme],
      "editor.fontSize": 12,
      "editor.minimap.enabled": false,
      "editor.stickyScroll.enabled": false,
      "editor.occurrencesHighlight": "off",
      "editor.renderLineHighlight": "none",
      "breadcrumbs.enabled": false,
      "workbench.activityBar.location": "hidden",
      "window.commandCenter": false,
      "markdown.preview.fontSize": 12,
    },
  });
  const wanted = values.only?.split(",");
  for (const name of readdirSync(taken)) {
    const bare = name.replace(/\.png$/u, "");
    if (wanted === undefined || wanted.includes(bare)) copyFileSync(join(taken, name), join(resolve(values.to), `${bare}${suffix}.png`));
  }
  // The pictures of the walkthrough are part of the extension.
  if (values.suite === "walkthrough" && process.exitCode === 0) for (const name of readdirSync(values.to)) if (name.endsWith(".png")) shrink(join(resolve(values.to), name));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
