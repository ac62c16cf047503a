// `npm run soak`: half an hour of recorded edits on a policy of 20,000 lines, through the real server; fails where one of these does not hold:
// nothing in its log, its memory flat, and after every batch the same answers as those of a fresh server.
//
//   node scripts/soak.mjs [--minutes=30] [--lines=20000] [--seed=7] [--longest=600 (seconds)]
import { build } from "esbuild";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** The memory at the end, over that once warm. */
const MOST_GROWTH = 1.3;

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" }, lines: { type: "string", default: "20000" }, seed: { type: "string", default: "7" }, longest: { type: "string", default: "600" } } });
process.chdir(root);
mkdirSync(join(root, "out"), { recursive: true });
const outfile = join(root, "out/soak.cjs");
await build({ entryPoints: [join(root, "test/support/soak.ts")], outfile, bundle: true, platform: "node", target: "node20", format: "cjs", packages: "external", sourcemap: "inline", logLevel: "warning" });
const { policyOf, soak } = createRequire(import.meta.url)(outfile);

const report = await soak({ text: await policyOf(Number(values.lines)), minutes: Number(values.minutes), seed: Number(values.seed), longest: Number(values.longest) * 1000, progress: (line) => console.log(line) });
const { warm, end, keystroke, slowest } = report;
const ms = (value) => `${value.toFixed(0)} ms`;
console.log(`
${report.minutes.toFixed(1)} minutes of work in ${report.seconds.toFixed(0)} s: ${report.edits} edits, ${report.requests} requests of which ${report.cancelled} were given up, ${report.renamed} renames
After each of ${report.batches} batches the answers were those of a fresh server; the log is empty.
From an edit to its findings: half within ${ms(keystroke.p50)}, 95 % within ${ms(keystroke.p95)}, the longest ${ms(slowest.milliseconds)} (an edit of ${slowest.places} ${slowest.places === 1 ? "place" : "places"})`);
if (warm === undefined || end === undefined) console.log("Memory: not to be had here.");
else {
  console.log(`Memory after collection: ${warm.rss.toFixed(0)} MB once warm (${warm.heap.toFixed(0)} MB of objects), ${end.rss.toFixed(0)} MB at the end (${end.heap.toFixed(0)} MB)`);
  if (end.rss > warm.rss * MOST_GROWTH || end.heap > warm.heap * MOST_GROWTH) {
    console.error(`The memory grew to more than ${MOST_GROWTH} times what it was.`);
    process.exitCode = 1;
  }
}
if (report.minutes < Number(values.minutes) * 0.98) {
  console.error("The time was up before the recording was.");
  process.exitCode = 1;
}
