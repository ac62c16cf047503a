// The samples: sound, complete, and every case of theirs passes.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { isCaseFile } from "../server/src/semantics/casefile.js";
import { inWords, resultsOf, SAMPLES, samplesIn } from "./support/core-fixtures.js";

const samples = samplesIn(SAMPLES);

for (const sample of samples) {
  const { name, text, analysis, caseFiles } = sample;
  describe(name, () => {
    test("has no error and no warning", () => {
      assert.deepEqual(inWords(text, analysis.diagnostics.filter((found) => found.severity === "error" || found.severity === "warning")), []);
      for (const { text: written, file } of caseFiles) assert.deepEqual(inWords(written, file.diagnostics), []);
    });

    for (const result of resultsOf(sample)) {
      test(result.name, () => assert.deepEqual([result.status, result.failures.map((failure) => failure.message)], ["passed", []]));
    }

    test("every case expects a determination, and approvals, pends and referrals come up", () => {
      const results = resultsOf(sample);
      const cases = [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)];
      for (const each of cases) assert.ok(each.expect.determination, each.name);
      const came = new Set(results.map((result) => result.explanation!.determination));
      for (const name of ["approve", "pend", "refer"] as const) assert.ok(came.has(name), name);
      // A policy that speaks of every request never says nothing.
      assert.equal(came.has("no statement applies"), analysis.statements.every((statement) => statement.scopes.length > 0));
    });

    test("names of cases are unlike each other, over all its files", () => {
      const names = resultsOf(sample).map((result) => result.name);
      assert.deepEqual(names.filter((each, i) => names.indexOf(each) !== i), []);
    });

    test("every fact has a question and is asked for", () => {
      const used = new Set(analysis.uses.filter((use) => !use.declaration && use.symbol.kind === "fact").map((use) => (use.symbol as { name: string }).name));
      for (const fact of analysis.facts.values()) {
        assert.ok(fact.question ?? (fact.type.kind === "records" && fact.type.fields.every((field) => field.question)), `${fact.name} has no question`);
        assert.ok(used.has(fact.name), `${fact.name} is never used`);
      }
    });
  });
}

test("every case file belongs to a sample", () => {
  const read = samples.flatMap((sample) => sample.caseFiles.map((each) => each.name));
  assert.deepEqual(readdirSync(SAMPLES).filter(isCaseFile).sort(), [...read].sort());
});

describe("the IMRT policy", () => {
  const sample = samples.find((each) => each.name === "imrt.policy")!;
  const { analysis } = sample;
  const leaves = analysis.criteria.filter((symbol) => symbol.role === "criterion" && symbol.items.length === 0);
  const results = resultsOf(sample);

  test("has the published figures", () => {
    assert.equal(leaves.length, 41, leaves.map((leaf) => leaf.address).join(" "));
    assert.equal(analysis.references.size, 50);
    const codes = [...analysis.codes.values()].flat();
    assert.deepEqual([codes.filter((code) => code.system === "CPT").length, codes.filter((code) => code.system === "HCPCS").length], [4, 2]);
    assert.ok(codes.every((code) => code.node.effective !== undefined || code.node.ended !== undefined || code.system === "CPT"));
    const revisions = analysis.document.sections.flatMap((section) => (section.kind === "revisions" ? section.revisions : []));
    // The published log has six rows.
    assert.equal(revisions.length, 6);
    assert.ok(revisions.every((revision) => revision.revised?.day !== undefined && (revision.prose?.end ?? 0) > 0));
    assert.equal(analysis.criteria.filter((symbol) => symbol.depth === 1 && symbol.role === "criterion" && symbol.parent?.address === "I").length, 5);
  });

  test("every leaf is computed from facts", () => assert.deepEqual(leaves.filter((leaf) => leaf.attested).map((leaf) => leaf.address), []));

  test("has at least 15 cases, and every criterion is met in one and not met in another", () => {
    assert.ok(results.length >= 15);
    const seen = (outcome: string): Set<string> => new Set(results.flatMap((result) => Object.entries(result.explanation!.outcomes).filter(([, value]) => value === outcome).map(([address]) => address)));
    const [met, failed] = [seen("met"), seen("not met")];
    const addresses = leaves.map((leaf) => leaf.address);
    assert.deepEqual(addresses.filter((address) => !met.has(address)), []);
    assert.deepEqual(addresses.filter((address) => !failed.has(address)), []);
  });

  test("stands on each side of the age limit, pends, and refers because a list is open", () => {
    const ages = [...analysis.cases, ...sample.caseFiles.flatMap((each) => each.file.cases)].map((each) => each.facts.get("age"));
    assert.ok(ages.includes(18) && ages.some((age) => typeof age === "number" && age >= 17 && age < 18));
    assert.ok(results.some((result) => result.explanation!.determination === "pend"));
    assert.ok(results.some((result) => result.explanation!.determination === "refer" && /not all-inclusive/u.test(result.explanation!.reason)));
  });
});
