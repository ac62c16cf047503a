// The policy preview: golden pages of the samples, and what must hold of every page.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { previewBlocks, previewPage, previewTitle } from "../server/src/render/preview.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Prose } from "../server/src/syntax/ast.js";
import { withoutComments } from "../server/src/syntax/prose.js";
import { walk } from "../server/src/syntax/walk.js";
import { ROOT, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { workplace } from "./support/cli.js";
import { EXAMPLE } from "./support/fixture.js";

const GOLDEN = join(ROOT, "test", "golden");

function golden(name: string, actual: string): void {
  const path = join(GOLDEN, name);
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(path, actual);
  assert.ok(existsSync(path), `${name} is not there; run with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(path, "utf8").replace(/\r\n/gu, "\n"), `${name} differs; look at it, then run with UPDATE_GOLDEN=1`);
}

const bodyOf = (page: string): string => page.slice(page.indexOf("<main"), page.indexOf("</main>") + 7);
/** The words of a page as a reader sees them. */
function textOf(html: string): string {
  return html.replace(/<sup[^>]*>/gu, " ").replace(/<[^>]+>/gu, (tag) => (/^<\/?(?:p|li|div|td|th|tr|h\d|dt|dd|caption|span)/u.test(tag) ? " " : "")).replace(/&lt;/gu, "<").replace(/&gt;/gu, ">").replace(/&quot;/gu, '"').replace(/&amp;/gu, "&");
}
const wordsOf = (text: string): readonly string[] => text.split(/[\s[\]]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));

/** Every stretch of prose of the document as published: facts, definitions and cases are not part of it. */
function proses(text: string): readonly string[] {
  const { document } = analyze(text, "a.policy");
  const found: string[] = [];
  for (const section of document.sections) {
    if (section.kind === "facts" || section.kind === "define" || section.kind === "cases") continue;
    walk(section, (node) => { if (node.kind === "prose") found.push(withoutComments(text, node as Prose, document.comments)); });
  }
  return found;
}

describe("the preview of a policy", () => {
  for (const sample of samplesIn(SAMPLES)) {
    test(`${sample.name} looks as before`, () => {
      golden(`preview-${sample.name.replace(".policy", "")}.html`, `${bodyOf(previewPage(sample.analysis, { conditions: sample.name.startsWith("tnf") }))}\n`);
    });

    test(`${sample.name}: every word of its prose stands in the page, in order`, () => {
      const words = wordsOf(textOf(bodyOf(previewPage(sample.analysis, { conditions: false }))));
      let at = 0;
      for (const prose of proses(sample.text)) {
        for (const word of wordsOf(prose.replace(/\[[\d,\s–-]+\]/gu, " "))) {
          const next = words.indexOf(word, at);
          assert.ok(next >= 0, `“${word}” of “${prose.slice(0, 60)}” is not in the page`);
          at = next + 1;
        }
      }
    });

    test(`${sample.name}: the page is well-formed and lets nothing in`, () => {
      const page = previewPage(sample.analysis, { conditions: true });
      assert.equal(XMLValidator.validate(bodyOf(page)), true);
      assert.match(page, /default-src 'none'; style-src 'unsafe-inline'/u);
      assert.doesNotMatch(page, /<script|<img|<link|<iframe|\son\w+=|javascript:|@import|url\(/iu);
    });
  }

  test("citations lead to their references, codes to their notes and criteria", () => {
    const html = bodyOf(previewPage(analyze(EXAMPLE, "a.policy"), { conditions: false }));
    assert.match(html, /raises the oxygen level\.<sup class="cite">\[<a href="#ref-1">1<\/a>–<a href="#ref-2">2<\/a>\]<\/sup>/u);
    assert.match(html, /<li id="ref-1">.*<a href="https:\/\/doi\.org\/10\.1000\/oxygen\(2024\)1">/u);
    assert.match(html, /E1390<sup><a href="#note-2a">\*<\/a><\/sup>.*ended 2025-12-31; see E1392/u);
    assert.match(html, /id="note-2a">\*</u);
    assert.match(html, /for <a href="#criterion-I\.A">I\.A<\/a>/u);
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/gu)].map((match) => match[1]));
    for (const [, target] of html.matchAll(/href="#([^"]+)"/gu)) assert.ok(ids.has(target), `#${target} is nowhere`);
  });

  test("conditions are shown only where they are wanted; groups of clauses always", () => {
    const text = EXAMPLE.replace("   C. The prescriber has seen the patient\n", "   C. The prescriber has seen the patient\n      unless any of the following:\n         a. Refusal\n");
    const [plain, full] = [false, true].map((conditions) => bodyOf(previewPage(analyze(text, "a.policy"), { conditions })));
    assert.doesNotMatch(plain!, /when age|applies to/u);
    assert.match(full!, /when age &gt;= 18 years.*applies to codes HCPCS E1390/su);
    for (const html of [plain!, full!]) {
      assert.match(html, /Unless any of the following:.*Refusal/su);
      assert.match(html, /is investigational when criterion I\.B is not met\./u);
      assert.doesNotMatch(html, /Age on the date of service|Nothing measured|speak of adults/u);
    }
  });

  test("words of a policy are never markup", () => {
    const evil = '<script>alert(1)</script> & "x" <b onclick=y>';
    const text = EXAMPLE.replace("Home oxygen therapy", "<i>T</i>").replace("Home oxygen raises", `${evil} raises`).replace("A. Age ≥", `A. ${evil} Age ≥`).replace("New policy.", evil).replace("Oxygen concentrator", evil).replace("Reviewed case by case.", evil);
    for (const conditions of [false, true]) {
      const page = previewPage(analyze(text, "a.policy"), { conditions });
      assert.doesNotMatch(page, /<script|<b |<i>/u);
      assert.equal(page.split("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;").length - 1, 5);
    }
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "/", "a", " ", "[1]", "http://x", "(", ")") }), (words) => {
      const html = bodyOf(previewPage(analyze(EXAMPLE.replace("Home oxygen raises", `x ${words} y`), "a.policy"), { conditions: true }));
      assert.equal(XMLValidator.validate(html), true, html);
      new XMLParser().parse(html);
    }), { numRuns: 150 });
  });

  test("broken text still gives a page", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: EXAMPLE.length }), fc.integer({ min: 0, max: 60 }), (at, length) => {
      const text = EXAMPLE.slice(0, at) + EXAMPLE.slice(at + length);
      assert.equal(XMLValidator.validate(bodyOf(previewPage(analyze(text, "a.policy"), { conditions: true }))), true);
    }), { numRuns: 200 });
    assert.equal(previewTitle(analyze("", "a.policy")), "Policy");
  });

  test("blocks count lines from their own beginning, so that an edit above leaves them as they are", () => {
    const before = previewBlocks(analyze(EXAMPLE, "a.policy"), { conditions: true });
    const after = previewBlocks(analyze(EXAMPLE.replace("description\n", "description\n  One more line.\n\n"), "a.policy"), { conditions: true });
    assert.deepEqual(after.slice(2).map((block) => block.html), before.slice(2).map((block) => block.html));
    assert.deepEqual(after.slice(2).map((block) => block.line), before.slice(2).map((block) => block.line + 2));
    const lines = EXAMPLE.split("\n");
    for (const { line, html } of before) for (const [, at, label] of html.matchAll(/<li[^>]* data-line="(\d+)"><span class="label">([A-Z0-9]+\.)/gu)) assert.match(lines[line + Number(at)]!, new RegExp(`^\\s*${label!.replace(".", "\\.")} `, "u"));
  });
});

test("`policy preview` prints the page or writes it, and tells of errors", () => {
  const { policy, read, write, remove } = workplace();
  try {
    write("a.policy", EXAMPLE);
    const printed = policy(["preview", "a.policy"]);
    assert.deepEqual([printed.code, printed.err], [0, ""]);
    assert.equal(printed.out, previewPage(analyze(EXAMPLE, "a.policy"), { conditions: false }));
    const filed = policy(["preview", "-", "--conditions", "--output-file", "made/a.html"], { input: EXAMPLE });
    assert.deepEqual([filed.code, filed.out, filed.err], [0, "", ""]);
    assert.equal(read("made/a.html"), previewPage(analyze(EXAMPLE, "a.policy"), { conditions: true }));
    write("b.policy", EXAMPLE.replace("when age >= 18 years", "when agee >= 18 years"));
    const broken = policy(["preview", "b.policy"]);
    assert.equal(broken.code, 1);
    assert.match(broken.err, /b\.policy has 1 error/u);
    assert.match(broken.out, /Age ≥ 18 years/u);
    assert.equal(policy(["preview", "none.policy"]).code, 2);
  } finally {
    remove();
  }
});
