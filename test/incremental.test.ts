// An analysis that takes over what did not change is the analysis of the new text: after every edit it equals a fresh one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { type Analysis, analyze, runCase } from "../server/src/index.js";

const folder = "samples";
const samples = readdirSync(folder).filter((name) => name.endsWith(".policy")).map((name) => readFileSync(`${folder}/${name}`, "utf8"));

/** What must be the same of two analyses of one text: tree, findings, model and results. */
function picture(analysis: Analysis): unknown {
  const { document, diagnostics, criteria, statements, facts, uses, cases, policy } = analysis;
  return JSON.parse(JSON.stringify({
    document,
    diagnostics,
    criteria: criteria.map(({ index, address, role, combination, attested, scopeOnly, allOthers, conditions, node, items }) => ({ index, address, role, combination, attested, scopeOnly, allOthers, start: node.start, end: node.end, conditions: conditions.map((condition) => [condition.kind, condition.source.start, condition.source.end]), items: items.map((item) => item.index) })),
    statements: statements.map(({ index, address, statement, phrase, scopes, approval }) => ({
      index, address, statement, phrase, scopes: scopes.length,
      approval: approval && [approval.duration && [approval.duration.text, approval.duration.node.start], approval.quantities.map((each) => [each.text, each.node.start])],
    })),
    facts: [...facts.values()].map(({ name, slot, type, question, node }) => ({ name, slot, kind: type.kind, question, start: node.start })),
    uses: uses.map(({ start, end, symbol, declaration }) => [start, end, symbol.kind, declaration]),
    cases: cases.map(({ name, range, sound }) => ({ name, range, sound })),
    determinations: policy === undefined ? undefined : cases.map((each) => runCase(policy, each).explanation?.determination),
  }));
}

const pieces = fc.oneof(
  fc.constantFrom("x", " ", "\n", "\n\n", "  ", "#", " # note\n", ",", "\"", "(", "I. ", "\n   A. More\n", "\nfacts\n", "\ncriteria\n", "  age years\n", "\tx", "\r\n", "[1]", "when age < 18 years", "   approval duration 6 months\n", "   quantity limit 2 visits\n", "; or", ".", "case \"x\"\n"),
  fc.string({ maxLength: 12 }),
);
const edits = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(400)), insert: pieces, lineStart: fc.boolean() }), { minLength: 1, maxLength: 12 });

test("after every edit the analysis equals a fresh one", () => {
  fc.assert(fc.property(fc.constantFrom(...samples), edits, (sample, changes) => {
    let text = sample;
    let analysis = analyze(text, "a.policy");
    for (const { at, remove, insert, lineStart } of changes) {
      let from = Math.floor(at * text.length);
      if (lineStart) from = text.lastIndexOf("\n", from) + 1;
      text = text.slice(0, from) + insert + text.slice(from + remove);
      analysis = analyze(text, "a.policy", analysis);
      assert.deepEqual(picture(analysis), picture(analyze(text, "a.policy")));
    }
  }), { numRuns: 60, seed: 20261123 });
});

test("an edit that is taken back leaves nothing behind, at the start of lines throughout", () => {
  for (const sample of samples) {
    let analysis = analyze(sample, "a.policy");
    const outline = ({ document, criteria, diagnostics }: Analysis): unknown => [document.sections.map((section) => [section.kind, section.start, section.end]), criteria.map((symbol) => [symbol.address, symbol.node.start]), diagnostics.length];
    const fresh = JSON.stringify(outline(analysis));
    const lines = [...sample.matchAll(/^.+$/gmu)].map((match) => match.index);
    for (let i = 0; i < lines.length; i += 3) {
      const line = lines[i]!;
      const typed = ["x", "xx ", "A. ", "# "][i % 4]!;
      analysis = analyze(sample.slice(0, line) + typed + sample.slice(line).trimStart(), "a.policy", analysis);
      analysis = analyze(sample, "a.policy", analysis);
      assert.equal(JSON.stringify(outline(analysis)), fresh, `"${typed}" at ${line}`);
    }
  }
});

test("typing a policy letter by letter gives the analysis of the finished text", () => {
  const whole = samples[0]!.slice(0, 6000);
  let analysis = analyze("", "a.policy");
  for (let end = 1; end <= whole.length; end += 7) analysis = analyze(whole.slice(0, end), "a.policy", analysis);
  analysis = analyze(whole, "a.policy", analysis);
  assert.deepEqual(picture(analysis), picture(analyze(whole, "a.policy")));
});
