// Why not: the nearest ways to approval, beside those found by trying everything, and their words.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { evaluatorOf, runCase } from "../server/src/evaluate/run.js";
import { explain } from "../server/src/evaluate/explain.js";
import { whyNot } from "../server/src/evaluate/whynot.js";
import { caseOf, casesOf, policies, tried, valuesOf } from "./support/advice.js";
import { policyText, SAMPLES, samplesIn, sound } from "./support/core-fixtures.js";
import type { Policy } from "../server/src/semantics/model.js";

const advise = (policy: Policy, given: Readonly<Record<string, unknown>>): ReturnType<typeof whyNot> => whyNot(policy, caseOf(given), explain(evaluatorOf(policy).decideCase(caseOf(given)), "one"));

test("the nearest ways are those found by trying everything", () => {
  let compared = 0;
  let several = 0;
  let never = 0;
  policies.forEach((policy, p) => {
    for (const given of casesOf(policy, 900 + p, 5)) {
      const advice = advise(policy, given);
      if (advice === undefined) continue;
      const keys = Object.keys(valuesOf(policy)).filter((key) => !key.startsWith("request ") || !(key in given));
      const brute = tried(policy, given, keys, (name) => name === "approve", 2);
      const said = `${policy.analysis.text}\n${JSON.stringify(given)}\n${JSON.stringify(advice)}`;
      if (brute === "too many") {
        assert.ok(advice.size === undefined || advice.size > 2, said);
        if (advice.size === undefined) never++;
        continue;
      }
      assert.ok(advice.exact, said);
      compared++;
      if (brute === "none") {
        assert.equal(advice.size, undefined, said);
        continue;
      }
      assert.equal(advice.size, brute.size, said);
      if (brute.size > 1) several++;
      const sets = (of: readonly string[]): readonly string[] => [...new Set(of)].sort();
      if (advice.total > advice.ways.length) continue;
      assert.deepEqual(sets(advice.ways.map((way) => way.asked.map((each) => `${each.kind} ${each.name}`).sort().join(" + "))), sets([...brute.sets.keys()].map((key) => key.split(" + ").sort().join(" + "))), said);
    }
  });
  assert.ok(compared > 150 && several > 15 && never > 5, `${compared} compared, ${several} of several facts, ${never} without a way`);
});

describe("the words", () => {
  const policy = sound(policyText({
    facts: ["age  years from 0 to 120  \"Age\"", "dose  Gy  \"Dose to the heart\"", "site  one of breast, eye, skin", "seen  date", "codes  list of ICD-10-CM", "pregnant  yes/no", "weight  kg", "height  m"],
    criteria: `I. It is medically necessary when all of the following are met:
   A. Adult
      when age >= 18 years
   B. Dose
      when dose > 4 Gy and dose <= 20 Gy
   C. Site
      when site in breast, eye
   D. Visit
      when seen within the past 6 months
   E. Diagnosis
      when codes include any of C69.-, C50.-
   F. Weight
      when weight / (height * height) >= 30 kg/m2
   G. Examined
II. It is not medically necessary when pregnant
   when pregnant`,
  }));
  const fine = { "fact age": 40, "fact dose": 5, "fact site": 1, "fact seen": caseOf({}).on - 10, "fact codes": ["C690"], "fact weight": 100, "fact height": 1.7, "fact pregnant": 0, "criterion I.G": "met" };
  const words = (given: Readonly<Record<string, unknown>>): readonly string[] => advise(policy, { ...fine, ...given })!.ways.map((way) => way.asked.map(({ criteria, name, asks, shows }) => `${criteria.join()} ${name}: ${asks}; ${shows ?? "nothing"}`).join(" + "));
  const rows: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
    [{ "fact age": 12 }, ["I.A age: at least 18 years; 12 years"]],
    [{ "fact dose": 3.2 }, ["I.B dose: more than 4 Gy and at most 20 Gy; 3.2 Gy"]],
    [{ "fact dose": undefined }, ["I.B dose: more than 4 Gy and at most 20 Gy; nothing"]],
    [{ "fact site": 2 }, ["I.C site: breast or eye; skin"]],
    [{ "fact seen": caseOf({}).on - 300 }, ["I.D seen: on or after 2025-01-01 and on or before 2025-07-01; 2024-09-04"]],
    [{ "fact codes": ["M5416"] }, ["I.E codes: codes include any of C69.-, C50.-; M54.16"]],
    [{ "criterion I.G": "not met" }, ["I.G I.G: met; not met"]],
    [{ "fact pregnant": 1 }, ["II pregnant: no; yes"]],
    [{ "fact age": 12, "fact pregnant": 1 }, ["I.A age: at least 18 years; 12 years + II pregnant: no; yes"]],
  ];
  for (const [given, expected] of rows) test(expected.join(" | "), () => assert.deepEqual(words(given), expected));
  test("conditions on several facts speak for themselves", () => {
    assert.ok(words({ "fact weight": 60 }).some((way) => way.includes("I.F weight: weight / (height * height) >= 30 kg/m2; 60 kg")));
    assert.equal(advise(policy, { ...fine, "fact weight": 60 })!.exact, false);
  });
  test("an approved case has no why not", () => assert.equal(advise(policy, fine), undefined));
});

test("an open list and a request out of scope: nothing is promised", () => {
  const open = sound(policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary when exactly 1 of the following is met (not all-inclusive):\n   A. x\n      when a\n   B. y\n      when not a" }));
  const advice = advise(open, {})!;
  assert.deepEqual([advice.size, advice.exact, advice.ways.length], [undefined, true, 0]);
  assert.match(advice.note!, /a clinician decides\.$/u);
  const scoped = sound(policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   applies to pathway initial\n   when a" }));
  assert.equal(advise(scoped, { "request pathway": "repeat", "fact a": 0 })!.size, undefined);
  assert.deepEqual(advise(scoped, { "fact a": 1 })!.ways[0]!.asked.map((each) => [each.kind, each.name, each.asks]), [["request", "pathway", "initial"]]);
});

test("every way of every sample leads to approval in words that suggest no change", () => {
  let ways = 0;
  for (const { analysis, caseFiles } of samplesIn(SAMPLES)) {
    for (const policyCase of [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)]) {
      const { explanation } = runCase(analysis.policy!, policyCase);
      const advice = whyNot(analysis.policy!, policyCase, explanation!);
      assert.equal(advice === undefined, explanation!.determination === "approve");
      for (const way of advice?.ways ?? []) {
        ways++;
        assert.equal(way.asked.length, advice!.size, policyCase.name);
        for (const { asks, name } of way.asked) assert.ok(asks !== "" && !/undefined|NaN|Infinity|\u0000/u.test(asks), `${policyCase.name}: ${name} ${asks}`);
      }
    }
  }
  assert.ok(ways > 50, `${ways}`);
});
