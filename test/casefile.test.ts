// Case files: which policy they belong to, YAML and JSON read alike, values with and without units, and places in the file.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runCase } from "../server/src/evaluate/run.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { isCaseFile, policyNameFor, policyNamesFor, readCaseFile } from "../server/src/semantics/casefile.js";
import { inWords, policyText } from "./support/core-fixtures.js";

const POLICY = analyze(policyText({
  facts: [
    "age  years from 0 to 120", "weight  kg", "score  number", "smoker  yes/no", "seen  date", "remark  text", "stage  one of i, ii, iii3", "diagnosis  ICD-10-CM", "diagnoses  list of ICD-10-CM", "requested  list of CPT or HCPCS",
    "sites  list of one of breast, lung", "remarks  list of text", "therapies  list of", "  kind  one of nsaid, injection", "  started  date", "  dose  mg", "  stopped  yes/no",
  ],
  criteria: "I. It is medically necessary when all of the following are met:\n   A. Adults\n      when age >= 18 years\n   B. Seen by a specialist\n   C. Others, any of the following:\n      (a) Attested too\n      - A bullet",
}), "a.policy");

const read = (text: string) => readCaseFile(text, "a.case.yaml", POLICY);
const one = (facts: string) => read(`- name: One\n  on: 2025-07-01\n  facts:\n${facts.split("\n").map((line) => `    ${line}\n`).join("")}  expect: pend\n`);
const value = (fact: string, written: string): unknown => {
  const { cases, diagnostics } = one(`${fact}: ${written}`);
  assert.deepEqual(diagnostics.map((found) => found.message), []);
  return cases[0]!.facts.get(fact);
};
const codes = (text: string): readonly string[] => read(text).diagnostics.map((found) => found.code);

describe("which policy a case file belongs to", () => {
  test("by its name", () => {
    assert.deepEqual([isCaseFile("a.case.yaml"), isCaseFile("a.b.case.yml"), isCaseFile("a.case.json"), isCaseFile("a.yaml"), isCaseFile("case.yaml"), isCaseFile("a.case.txt")], [true, true, true, false, false, false]);
    assert.equal(policyNameFor("imrt.case.yaml", ""), "imrt.policy");
    assert.deepEqual(policyNamesFor("imrt.more.case.json", ""), ["imrt.more.policy", "imrt.policy"]);
    assert.deepEqual(policyNamesFor("/a/b/LA.CP.MP.69.case.yaml", ""), ["LA.CP.MP.69.policy", "LA.CP.MP.policy", "LA.CP.policy", "LA.policy"]);
    assert.deepEqual(policyNamesFor("C:\\a\\imrt.case.yaml", ""), ["imrt.policy"]);
  });
  test("by the name in it", () => {
    for (const line of ["policy: other.policy", "policy: 'other.policy' # the other", "\"policy\": \"other.policy\",", "cases: []\npolicy: other.policy\n"]) assert.equal(policyNameFor("imrt.case.yaml", line), "other.policy", line);
  });
});

describe("forms", () => {
  const written = { name: "One", on: "2025-07-01", facts: { age: 40, sites: ["breast"] }, criteria: { "I.B": "met" }, expect: { determination: "pend", missing: ["I.C.a"], criteria: { "I.A": "met" } } };
  const forms: Readonly<Record<string, string>> = {
    "a map with cases": JSON.stringify({ policy: "a.policy", cases: [written] }), "a list": JSON.stringify([written]), "one case": JSON.stringify(written), "indented JSON": JSON.stringify([written], null, 2),
    YAML: "- name: One\n  on: 2025-07-01\n  facts:\n    age: 40 years\n    sites: breast\n  criteria:\n    I.B: met\n  expect:\n    determination: pend\n    missing: I.C.a\n    criteria: { I.A: met }\n",
    "YAML of Windows": "cases:\r\n- name: One\r\n  on: \"2025-07-01\"\r\n  facts: {age: 480 months, sites: [breast]}\r\n  criteria: {I.B: yes}\r\n  expect: {determination: pend, missing: [I.C.a], criteria: {I.A: met}}\r\n",
  };
  for (const [name, text] of Object.entries(forms)) {
    test(name, () => {
      const { cases, diagnostics } = read(text);
      assert.deepEqual(inWords(text, diagnostics), []);
      const [first] = cases;
      assert.deepEqual([cases.length, first!.name, first!.on, first!.facts.get("age"), first!.facts.get("sites"), first!.attested.get("I.B"), first!.sound], [1, "One", 20270, 40, ["breast"], "met", true]);
      assert.equal(runCase(POLICY.policy!, first!).status, "passed");
    });
  }
  test("an empty file has no cases", () => { for (const text of ["", "\n", "# nothing\n", "---\n", "cases: []"]) assert.deepEqual([read(text).cases, read(text).diagnostics], [[], []], text); });
  test("what is no case file", () => {
    for (const text of ["just words", "42", "cases: none", "- 1\n- 2", "{", "\"open", "a: b: c", "- name: x\n name: y"]) assert.ok(codes(text).includes("invalid-case-file") || codes(text).includes("unknown-case-key"), text);
  });
});

describe("values", () => {
  const values: readonly (readonly [fact: string, written: string, value: unknown])[] = [
    ["age", "40", 40], ["age", "40 years", 40], ["age", "\"40\"", 40], ["age", "480 months", 40], ["age", "40.5", 40.5], ["weight", "154 [lb_av]", 69.85322498], ["weight", "7e1", undefined], ["score", "-3", -3], ["score", "+2", 2],
    ["smoker", "yes", true], ["smoker", "no", false], ["smoker", "true", true], ["smoker", "\"false\"", false], ["seen", "2025-02-28", 20147], ["remark", "anything: at all".replace(":", ""), "anything at all"], ["remark", "2025", "2025"],
    ["stage", "ii", 1], ["stage", "iii3", 2], ["diagnosis", "C69.0", "C690"], ["diagnosis", "c69.0", "C690"], ["diagnosis", "ICD-10-CM C69.0", "C690"], ["diagnoses", "[]", []], ["diagnoses", "none", []], ["diagnoses", "C69.0", ["C690"]],
    ["diagnoses", "[C69.0, M54.16]", ["C690", "M5416"]], ["requested", "[77301, G6015]", ["77301", "G6015"]], ["requested", "77301", ["77301"]], ["sites", "[lung, breast]", ["lung", "breast"]], ["remarks", "[a, \"b c\"]", ["a", "b c"]], ["therapies", "[]", []], ["therapies", "none", []],
    ["therapies", "[{ kind: nsaid, started: 2025-01-05, dose: 500, stopped: no }, {}]", [{ kind: 0, started: 20093, dose: 500, stopped: false }, {}]], ["therapies", "[{ dose: 1 g }]", [{ dose: 1000 }]],
  ];
  for (const [fact, written, expected] of values) {
    if (expected === undefined) test(`${fact}: ${written} is refused`, () => assert.deepEqual(one(`${fact}: ${written}`).diagnostics.map((found) => found.code), ["wrong-value"]));
    else test(`${fact}: ${written}`, () => assert.deepEqual(value(fact, written), expected));
  }

  const wrong: readonly string[] = [
    "age: 40 kg", "age: forty", "age: 130", "age: -1", "age: [40, 41]", "age: [{ a: 1 }]", "age: 40 yeras", "age: yes", "weight: 70 m", "score: 5 years", "smoker: 1", "smoker: maybe", "seen: 2025-02-29", "seen: 2025-02", "seen: 03/05/2025", "stage: iv",
    "diagnosis: 77301", "diagnoses: [C69.0, nothing]", "requested: C69.01", "sites: [breast, brain]", "therapies: nsaid", "therapies: [{ kind: surgery }]", "therapies: [{ dose: 5 kg, started: soon }]", "therapies: { kind: nsaid }", "age: { years: 1 }", "age: { value: { value: 1 } }", "age: null", "age: ~", "age:",
  ];
  for (const line of wrong) {
    test(`${line} is a mistake at its place`, () => {
      const text = `- name: One\n  on: 2025-07-01\n  facts:\n    ${line}\n  expect: pend\n`;
      const { diagnostics, cases } = read(text);
      assert.ok(diagnostics.length > 0 && diagnostics.every((found) => ["wrong-value", "invalid-case-file"].includes(found.code)), JSON.stringify(diagnostics));
      for (const found of diagnostics) assert.equal(text.slice(0, found.start).split("\n").length, 4, found.message);
      assert.equal(cases[0]!.sound, false);
      assert.equal(runCase(POLICY.policy!, cases[0]!).status, "not evaluated");
    });
  }
});

describe("mistakes", () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    "- name: One\n  on: 2025-07-01\n  expect: deny\n": ["unknown-expectation"],
    "- name: One\n  on: 2025-07-01\n  expect: { by: I.D }\n": ["unknown-label"],
    "- name: One\n  on: 2025-07-01\n  expect: { missing: [agee] }\n": ["unknown-fact"],
    "- name: One\n  on: 2025-07-01\n  expect: { criteria: { I.X: met } }\n": ["unknown-label"],
    "- name: One\n  on: 2025-07-01\n  criteria: { I.A: met }\n  expect: pend\n": ["computed-criterion"],
    "- name: One\n  on: 2025-07-01\n  criteria: { I: met }\n  expect: pend\n": ["computed-criterion"],
    "- name: One\n  on: 2025-07-01\n  criteria: { I.B: sure }\n  expect: pend\n": ["invalid-case-file"],
    "- name: One\n  on: 2025-07-01\n  criteria: { I.B: constructor }\n  expect: pend\n": ["invalid-case-file"],
    "- name: One\n  on: 2025-07-01\n": ["case-without-expectation"],
    "- name: One\n  expect: pend\n": ["missing-date-of-service"],
    "- name: One\n  on: 2025-07\n  expect: pend\n": ["invalid-date"],
    "- name: One\n  on: 2025-07-01\n  codes: [oxygen]\n  expect: pend\n": ["malformed-code"],
    "- name: One\n  on: 2025-07-01\n  pathway: renewal\n  expect: pend\n": ["unknown-pathway"],
    "- name: One\n  on: 2025-07-01\n  line of business: Medicair\n  expect: pend\n": ["unknown-line-of-business"],
    "- name: One\n  on: 2025-07-01\n  expcet: pend\n": ["unknown-case-key", "case-without-expectation"],
    "- name: One\n  on: 2025-07-01\n  facts: { agee: 1, smokr: yes }\n  expect: pend\n": ["unknown-fact", "unknown-fact"],
    "- name: One\n  on: 2025-07-01\n  facts: { therapies: [{ kin: nsaid }] }\n  expect: pend\n": ["unknown-fact"],
    "- name: One\n  on: 2025-07-01\n  expect: pend\n- name: One\n  on: 2025-07-01\n  expect: pend\n": ["duplicate-case"],
    "- on: 2025-07-01\n  expect: pend\n": [],
  };
  for (const [text, expected] of Object.entries(cases)) test(text.replace(/\n\s*/gu, " "), () => assert.deepEqual([...codes(text)].sort(), [...expected].sort()));

  test("a mistake in one case leaves the others", () => {
    const { cases: found } = read("- name: A\n  on: 2025-07-01\n  facts: { agee: 1 }\n  expect: pend\n- name: B\n  on: 2025-07-01\n  expect: pend\n");
    assert.deepEqual(found.map((each) => each.sound), [false, true]);
  });
  test("addresses may be written as the policy writes its labels", () => {
    const { diagnostics, cases: [first] } = read("- name: A\n  on: 2025-07-01\n  criteria: { I.C.(a): met, 'I.C.*2': not met }\n  expect: pend\n");
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([...first!.attested], [["I.C.a", "met"], ["I.C.*2", "not met"]]);
  });
  test("uses of facts and criteria are known, for hover and navigation", () => {
    const text = "- name: A\n  on: 2025-07-01\n  facts: { age: 4 }\n  criteria: { I.B: met }\n  expect: { by: I.A, missing: [score] }\n";
    assert.deepEqual(read(text).uses.map((use) => text.slice(use.start, use.end)).sort(), ["I.A", "I.B", "age", "score"]);
  });
  test("a policy with errors still checks the cases that belong to it", () => {
    const broken = analyze(policyText({ facts: ["age  years"], criteria: "I. It is medically necessary\n   when agee >= 18 years" }), "a.policy");
    assert.equal(broken.policy, undefined);
    assert.deepEqual(readCaseFile("- name: A\n  on: 2025-07-01\n  facts: { agee: 4 }\n  expect: pend\n", "a.case.yaml", broken).diagnostics.map((found) => found.code), ["unknown-fact"]);
  });
});
