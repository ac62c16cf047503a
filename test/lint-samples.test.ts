// The samples under the profile that everybody has: a correct policy is silent.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatted } from "../server/src/format/format.js";
import { inWords, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { foundUnder } from "./support/lint-fixtures.js";

describe("samples under the profile recommended", () => {
  for (const { name, text, analysis, caseFiles } of samplesIn(SAMPLES)) {
    test(`${name} is silent`, () => {
      const cases = [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)];
      assert.deepEqual(inWords(text, foundUnder("recommended", analysis, "2026-11-23", cases)), []);
    });
  }
});

test("the samples are laid out as the formatter would", () => {
  for (const { name, text } of samplesIn(SAMPLES)) assert.equal(formatted(text), text, `run \`npx policy format samples/${name}\``);
});
