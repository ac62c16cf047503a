// What server/data/spelling.bin was made of, in 12 bytes at its end, so that a test can tell whether it is up to date without making it anew.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGES = ["@cspell/dict-en_us", "@cspell/dict-scientific-terms-us", "popular-english-words"];
const FILES = ["scripts/generate-spelling.mjs", "scripts/spelling/clinical-words.txt", "scripts/spelling/no-typos.txt"];

/** The stamp of the sources as they are now. */
export function spellingStamp() {
  const hash = createHash("sha256");
  for (const name of PACKAGES) hash.update(`${name}@${JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version}\n`);
  for (const file of FILES) hash.update(readFileSync(join(root, file), "utf8").replaceAll("\r\n", "\n"));
  return hash.digest().subarray(0, 12);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(spellingStamp().toString("hex"));
