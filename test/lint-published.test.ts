// A published policy, transcribed with its defects: the linter finds what its committee missed. UPDATE_GOLDEN=1 writes the golden file anew.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Diagnostic } from "../server/src/diagnostic.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { inWords, ROOT } from "./support/core-fixtures.js";
import { asOfUnder, foundUnder } from "./support/lint-fixtures.js";

const text = readFileSync(join(ROOT, "test/fixtures/published.policy"), "utf8");
const analysis = analyze(text, "published.policy");
const TODAY = "2026-11-23";
const found = foundUnder("recommended", analysis, TODAY);
const of = (code: string, list: readonly Diagnostic[] = found): readonly Diagnostic[] => list.filter((each) => each.code === code);
const words = (each: { readonly start: number; readonly end: number }): string => text.slice(each.start, each.end);
const lineOf = (each: { readonly start: number }): string => text.slice(text.lastIndexOf("\n", each.start - 1) + 1, text.indexOf("\n", each.start)).trim();

describe("the published policy under the profile recommended", () => {
  test("41 of its 50 references are never cited", () => {
    assert.equal(analysis.references.size, 50);
    assert.deepEqual(of("uncited-reference").map((each) => Number.parseInt(words(each), 10)), [...Array.from({ length: 39 }, (_, i) => i + 8), 49, 50]);
  });

  test("a criterion stands twice, once under the wrong heading", () => {
    const [twin, ...more] = of("duplicate-criterion");
    assert.deepEqual(more, []);
    assert.match(lineOf(twin!), /^c\. Endometrial cancer;$/u);
    assert.match(`${twin!.message} ${twin!.related?.[0]?.message}`, /I\.E\.6\.c/u);
    assert.equal(analysis.byAddress.get("I.E.7.c")!.node.start <= twin!.start && twin!.start < analysis.byAddress.get("I.E.7.c")!.node.end, true);
  });

  test("the revision log quotes a criterion that reads otherwise", () => {
    const [quote, ...more] = of("revision-quote-differs");
    assert.deepEqual(more, []);
    assert.match(words(quote!).replace(/\s+/gu, " "), /Age ≤ 18 years/u);
    assert.match(quote!.message, /I\.A/u);
    assert.match(quote!.message, /< 18/u);
  });

  test("four of its six codes have ended: as of today for information, and as of a day after their end as a warning", () => {
    const ended = ["77385", "77386", "G6015", "G6016"];
    // The rows do not say so themselves, which is a finding of its own.
    assert.deepEqual(of("unstated-code-end").map((each) => words(each).replace("*", "")), ended);
    assert.ok(of("unstated-code-end").every((each) => each.severity === "info" && /77402, 77407 (?:and|or) 77412/u.test(`${each.message} ${each.help}`)));
    assert.deepEqual(of("ended-code"), [], "on its effective date all of them were valid");
    const later = asOfUnder("recommended", analysis, TODAY, "2026-01-01");
    assert.deepEqual(of("ended-code", later).map((each) => [words(each).replace("*", ""), each.severity]), ended.map((code) => [code, "warning"]));
  });

  test("typing errors", () => {
    assert.deepEqual(of("typo").map(words).filter((word) => /incancers|OMRT/u.test(word)).length + of("abbreviation-typo").length, 2);
  });

  test("all of it, in the order of the text", () => {
    const listed = `${inWords(text, [...found, ...foundUnder("strict", analysis, TODAY).filter((each) => of(each.code).length === 0).map((each) => ({ ...each, code: `strict-only-${each.code}` }))]).join("\n")}\n`;
    const path = join(ROOT, "test/golden/lint-published.txt");
    if (process.env["UPDATE_GOLDEN"] || !existsSync(path)) {
      assert.ok(process.env["UPDATE_GOLDEN"], "the golden file is not there; run with UPDATE_GOLDEN=1");
      writeFileSync(path, listed);
      return;
    }
    assert.equal(listed, readFileSync(path, "utf8").replace(/\r\n/gu, "\n"), "it differs; look at it, then run with UPDATE_GOLDEN=1");
  });
});
