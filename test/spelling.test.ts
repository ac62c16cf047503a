// The dictionary: which words are told for typos, which are left alone, and whether its file is up to date.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { spellingFrom } from "../server/src/lint/spelling.js";
import { ROOT } from "./support/core-fixtures.js";

const bytes = readFileSync(join(ROOT, "server", "data", "spelling.bin"));
const spelling = spellingFrom(bytes);

describe("spelling", () => {
  test("tells slips of one letter and words run together", () => {
    const meant: Readonly<Record<string, string>> = {
      radiotheraphy: "radiotherapy", metastatsis: "metastasis", accomodate: "accommodate", hemorrage: "hemorrhage", opthalmology: "ophthalmology", perscription: "prescription",
      chemotherpy: "chemotherapy", retroperitonal: "retroperitoneal", treament: "treatment", patietn: "patient", ofthe: "of the", assesment: "assessment", adrenall: "adrenal",
    };
    for (const [word, right] of Object.entries(meant)) assert.deepEqual(spelling.corrections(word), [right], word);
    assert.deepEqual(spelling.corrections("incancers"), ["cancers", "in cancers"]);
  });

  test("leaves alone clinical words, drugs, British spellings and what is like no common word", () => {
    const right = `oligometastatic hypofractionated reirradiations cholangiocarcinoma spondyloarthritis enthesitis cytokine meatal tophic pembrolizumab upadacitinib
      axicabtagene vutrisiran tumour randomised oesophageal diarrhoea labelled practise incoordinated noncovered actigraphy polysomnogram uvulopalatopharyngoplasty xqzvwk teh`;
    for (const word of right.split(/\s+/u)) assert.deepEqual(spelling.corrections(word), [], word);
  });

  test("bears anything", () => {
    for (const word of ["", "a", "Word", "naïve", "a-b", "x".repeat(10_000), "{{{{{", "zzzzz"]) assert.deepEqual(spelling.corrections(word), []);
    for (let cut = 0; cut < bytes.length; cut += 9973) spellingFrom(bytes.subarray(0, cut)).corrections("radiotheraphy");
  });

  test("its file is made of the present sources; if not: `node scripts/generate-spelling.mjs`", () => {
    const { stdout } = spawnSync(process.execPath, [join(ROOT, "scripts", "spelling", "stamp.mjs")], { encoding: "utf8" });
    assert.equal(bytes.subarray(-12).toString("hex"), stdout.trim());
  });
});
