// Writes THIRD-PARTY-NOTICES.txt beside the bundles: name, version and licence text of each package that is bundled into them.
//
//   node scripts/notices.mjs extension    for the extension: client/dist
//   node scripts/notices.mjs server       for the npm package of the command line: server/dist
import { buildSync } from "esbuild";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const RULE = "─".repeat(100);
const SERVER = ["server/src/lsp/main.ts", "@lhncbc/ucum-lhc", "server/src/fhir/library.ts"];
const PRODUCTS = {
  extension: { entryPoints: ["client/src/main.ts", ...SERVER], file: "client/dist/THIRD-PARTY-NOTICES.txt" },
  server: { entryPoints: ["server/src/cli/main.ts", "server/src/index.ts", ...SERVER], file: "server/dist/THIRD-PARTY-NOTICES.txt" },
};

/** Packages whose words are in server/data/spelling.bin, with texts of theirs that are to go with the words. */
const WORDS = { "node_modules/@cspell/dict-en_us": ["src/hunspell/README_en_US-large.txt"], "node_modules/@cspell/dict-scientific-terms-us": [] };

/** Packages that name their licence and come without its text: where the text is. */
const APART = { "node_modules/antlr4": "scripts/licences/antlr4.txt" };

/** Folders of the packages that end up in a bundle of these entry points. */
function bundledPackages(entryPoints) {
  const { metafile } = buildSync({
    entryPoints, absWorkingDir: root, bundle: true, write: false, metafile: true, minify: true, outdir: "out", platform: "node", format: "cjs", external: ["vscode", "@loxjs/url-join"], logLevel: "error",
    define: { POLICY_VERSION: '""' },
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path));
  const folders = used.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** What a package says of its licence. A package without a licence text is a mistake: it must not be shipped unseen. */
function notice(folder) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const files = readdirSync(join(root, folder)).filter((file) => /^(?:licen[cs]e|copying|notice|third-?party-?notices)(?:[.-].*)?$/iu.test(file)).sort();
  const apart = APART[folder];
  if (files.length === 0 && apart === undefined) throw new Error(`${name} has no licence file; look at it before it is shipped`);
  const texts = [...[...files, ...(WORDS[folder] ?? [])].map((file) => join(folder, file)), ...(apart === undefined ? [] : [apart])].map((file) => readFileSync(join(root, file), "utf8").trim());
  return [`${name} ${version} (${typeof license === "string" ? license : "see below"})${homepage ? `\n${homepage}` : ""}`, ...texts].join("\n\n");
}

/**
 * Writes the notices of a product.
 * @param {"extension" | "server"} product
 * @returns {string} the path of the file, relative to the project
 */
export function writeNotices(product) {
  const { entryPoints, file } = PRODUCTS[product];
  const head = "This product contains the following third-party software, each under its own licence.";
  writeFileSync(join(root, file), `${[head, ...[...bundledPackages(entryPoints), ...Object.keys(WORDS)].map(notice)].join(`\n\n${RULE}\n`)}\n`);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const product = process.argv[2];
  if (!(product in PRODUCTS) || !existsSync(join(root, "node_modules"))) {
    console.error(`usage: notices.mjs ${Object.keys(PRODUCTS).join("|")}, after \`npm ci\``);
    process.exit(2);
  }
  console.log(writeNotices(product));
}
