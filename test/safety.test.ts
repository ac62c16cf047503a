// What must not go wrong: nothing is approved by a list that may go on, a code of another system, a calendar year reckoned in
// days, a filter that swallows a condition, a policy that is not in force.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyze, compile, explain, type Explanation, type Policy, readCaseFile, runCase } from "../server/src/index.js";
import { caseCode, codeSet, entriesFor, inSet } from "../server/src/semantics/codes.js";
import { diagnosticText } from "../server/src/render/codeframe.js";
import { plain as plainColours } from "../server/src/render/colours.js";
import { explanationMarkdown } from "../server/src/render/markdown.js";
import { explanationText } from "../server/src/render/text.js";
import { conditionPolicy, explained, outcomeOfCondition, type Parts, policyText, sound } from "./support/core-fixtures.js";

type Answers = Readonly<Record<string, "met" | "not met" | "unknown">>;
const plain = { bold: String, dim: String, red: String, green: String, yellow: String, blue: String, cyan: String } as unknown as Parameters<typeof explanationText>[1]["colours"];

/** Decides attested criteria and facts, and explains. */
function decided(policy: Policy, criteria: Answers, facts: Readonly<Record<string, unknown>> = {}, request: Readonly<Record<string, unknown>> = {}): Explanation {
  return explained(policy, facts, "2025-07-01", { criteria, ...request });
}
const found = (parts: Parts): readonly { readonly code: string; readonly message: string; readonly help?: string | undefined; readonly replacement?: string | undefined }[] => analyze(policyText(parts), "test.policy").diagnostics;
const foundIn = (facts: readonly string[], condition: string, define: readonly string[] = []): ReturnType<typeof found> => found({ facts, define, criteria: `I. It is medically necessary\n   when ${condition}` });
const codesIn = (facts: readonly string[], condition: string): readonly string[] => foundIn(facts, condition).map((each) => each.code);
/** The reason of the only condition of a policy. */
const why = (policy: Policy, facts: Readonly<Record<string, unknown>>, on?: string): string => explained(policy, facts, on).statements[0]!.criterion.conditions[0]!.why;

describe("open lists", () => {
  const list = (words: string): Policy => sound(policyText({ criteria: `I. It is medically necessary when ${words} (not all-inclusive):\n   A. One\n   B. Two\n   C. Three` }));
  const cases: readonly (readonly [words: string, a: string, b: string, c: string, determination: string])[] = [
    ["none of the following are met", "not met", "not met", "not met", "refer"], ["none of the following are met", "met", "not met", "not met", "refer"], ["none of the following are met", "unknown", "not met", "not met", "pend"],
    ["exactly 1 of the following is met", "met", "not met", "not met", "refer"], ["exactly 1 of the following is met", "not met", "not met", "not met", "refer"], ["exactly 1 of the following is met", "met", "met", "not met", "refer"],
    ["exactly 1 of the following is met", "met", "unknown", "not met", "pend"], ["exactly 1 of the following is met", "unknown", "not met", "not met", "refer"], ["exactly 1 of the following is met", "met", "met", "unknown", "refer"],
    ["any of the following are met", "met", "not met", "not met", "approve"], ["any of the following are met", "not met", "not met", "not met", "refer"],
  ];
  for (const [words, a, b, c, determination] of cases) test(`${words}: ${a}, ${b}, ${c}`, () => assert.equal(decided(list(words), { "I.A": a, "I.B": b, "I.C": c } as Answers).determination, determination));

  test("the outcome is unknown, and a clinician is said to decide", () => {
    for (const [words, answers] of [["none of the following are met", { "I.A": "not met", "I.B": "not met", "I.C": "not met" }], ["exactly 1 of the following is met", { "I.A": "met", "I.B": "not met", "I.C": "not met" }]] as const) {
      const explanation = decided(list(words), answers);
      assert.equal(explanation.outcomes["I"], "unknown");
      assert.equal(explanation.statements[0]!.criterion.leftOpen, true);
      assert.match(explanation.statements[0]!.criterion.why, /not all-inclusive: a clinician must decide/u);
      assert.match(explanation.reason, /not settled by what stands on it/u);
      assert.deepEqual(explanation.missing, []);
    }
  });
  test("the negation of an open list is open too", () => {
    const policy = sound(policyText({ criteria: "I. It is medically necessary\n   when not criterion II\nII. It is investigational in none of the following (not all-inclusive):\n   A. One\n   B. Two" }));
    assert.equal(decided(policy, { "II.A": "not met", "II.B": "not met" }).determination, "refer");
    assert.equal(decided(policy, { "II.A": "not met", "II.B": "not met" }).outcomes["I"], "unknown");
  });
});

describe("code systems", () => {
  const scoped = (codes: string): Policy => sound(policyText({ criteria: `I. It is medically necessary\n   applies to codes ${codes}\n   A. Item`.replace("necessary", "necessary when all of the following are met:") }));
  const asked = (codes: string, requested: string): string => decided(scoped(codes), { "I.A": "met" }, {}, { codes: [requested] }).determination;
  test("a code belongs to no set of another system", () => {
    for (const [codes, requested, determination] of [
      ["ICD-10-CM J90", "HCPCS J9035", "no statement applies"], ["ICD-10-CM J90", "J9035", "no statement applies"], ["ICD-10-CM J90", "ICD-10-CM J90.35", "approve"], ["ICD-10-CM J90", "J90.35", "approve"], ["HCPCS J9035", "J9035", "approve"], ["HCPCS J9035", "ICD-10-CM J90.35", "no statement applies"],
      ["CPT 77301", "77301", "approve"], ["CPT 77301", "CPT 77301", "approve"], ["CPT 77301", "cpt", "no statement applies"], ["CPT 00100-01999", "0016T", "no statement applies"], ["CPT 00100-01999", "00160", "approve"], ["CPT 0001F-0010F", "0005T", "no statement applies"], ["CPT 0001F-0010F", "0005F", "approve"],
    ] as const) assert.equal(asked(codes, requested), determination, `${requested} of ${codes}`);
  });
  test("cases keep the system of a requested code", () => {
    const text = policyText({ criteria: "I. It is medically necessary when all of the following are met:\n   applies to codes ICD-10-CM J90.-\n   A. Item", rest: "cases\n  case \"a\"\n    on 2025-07-01\n    codes HCPCS J9035, 77301, C69.0, ICD-10-CM J90\n    expect refer\n  case \"b\"\n    on 2025-07-01\n    codes MS-DRG 849\n    expect refer\n  case \"c\"\n    on 2025-07-01\n    codes J9035\n    I.A = met\n    expect no statement applies\n" });
    const { cases, policy, diagnostics } = analyze(text, "test.policy");
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(cases.map((each) => each.codes), [["HCPCS J9035", "CPT 77301", "ICD-10-CM C690", "ICD-10-CM J90"], ["MS-DRG 849"], ["HCPCS J9035"]]);
    assert.equal(runCase(policy!, cases[2]!).status, "passed");
    const file = readCaseFile("- name: d\n  on: 2025-07-01\n  codes: [HCPCS J9035, J90.1]\n  expect: refer\n", "test.case.yaml", analyze(text, "test.policy"));
    assert.deepEqual(file.cases[0]!.codes, ["HCPCS J9035", "ICD-10-CM J901"]);
  });
  test("codes of facts", () => {
    const facts = ["one  list of HCPCS", "two  list of CPT or HCPCS", "three  list of ICD-10-CM or CPT or HCPCS"];
    for (const [condition, given, outcome] of [
      ["two include 00100-01999", { two: ["0016T"] }, "not met"], ["two include G6015", { two: ["HCPCS G6015"] }, "met"], ["one include G6015", { one: ["g6015"] }, "met"], ["three include ICD-10-CM G60", { three: ["G6015"] }, "not met"], ["three include ICD-10-CM G60", { three: ["G60.15"] }, "met"],
      ["three include ICD-10-CM G60", { three: ["ICD-10-CM G6015"] }, "met"], ["three include G6015", { three: ["G6015"] }, "met"], ["three include G6015", { three: ["ICD-10-CM G6015"] }, "not met"], ["three include G60.-", { three: ["G60.9"] }, "met"],
    ] as const) assert.equal(outcomeOfCondition(conditionPolicy(facts, condition), given), outcome, `${condition} of ${JSON.stringify(given)}`);
  });
  test("a range stays in one series of codes", () => {
    assert.deepEqual(codesIn(["p  list of CPT"], "p include 0100T-01999"), ["empty-code-range"]);
    assert.deepEqual(codesIn(["p  list of CPT"], "p include 0100T-0199T"), []);
    const range = codeSet({ kind: "code", from: "00100", to: "01999", category: false, start: 0, end: 0 }, "CPT");
    assert.deepEqual([inSet(caseCode("0016T"), range), inSet(caseCode("00160"), range), inSet("00160", range), inSet("HCPCS 00160", range)], [false, true, true, false]);
  });
  test("a long table is searched by code, category and range", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `  CPT  ${String(10_000 + i * 3)}-${String(10_001 + i * 3)}  x`).join("\n");
    const { codes } = analyze(policyText({ criteria: "I. It is medically necessary", rest: `codes\n${rows}\n  ICD-10-CM  J90.-  x\n  ICD-10-CM  C70.0-C72.9  x\n  HCPCS  J9035  x\n` }), "test.policy");
    const start = performance.now();
    for (let i = 0; i < 20_000; i++) assert.equal(entriesFor(codes, String(10_001 + i * 3)).length, 1);
    assert.ok(performance.now() - start < 1000);
    const under = (code: string, system?: "HCPCS" | "ICD-10-CM"): readonly string[] => entriesFor(codes, code, system).map((entry) => `${entry.system} ${entry.set.text}`);
    assert.deepEqual([under("J9035"), under("J9035", "ICD-10-CM"), under("C71.5"), under("C72.91"), under("C73"), under("10002")], [["HCPCS J9035"], ["ICD-10-CM J90.-"], ["ICD-10-CM C70.0-C72.9"], ["ICD-10-CM C70.0-C72.9"], [], []]);
  });
});

describe("the calendar", () => {
  const facts = ["birth  date", "d1  date", "d2  date", "stay  hours"];
  const define = ["age  date of service - birth", "grown  18 years", "old_enough  age >= grown"];
  const cases: readonly (readonly [condition: string, given: Readonly<Record<string, string>>, on: string, outcome: string])[] = [
    ["age >= 18 years", { birth: "2005-03-01" }, "2023-03-01", "met"], ["age >= 18 years", { birth: "2005-03-01" }, "2023-02-28", "not met"], ["18 years <= age", { birth: "2005-03-01" }, "2023-03-01", "met"], ["age >= grown", { birth: "2005-03-01" }, "2023-03-01", "met"], ["old_enough", { birth: "2005-03-01" }, "2023-03-01", "met"],
    ["age < 18 years", { birth: "2005-03-01" }, "2023-02-28", "met"], ["age between 18 years and 64 years", { birth: "2005-03-01" }, "2023-03-01", "met"], ["age between 18 and 64 years", { birth: "2005-03-01" }, "2023-02-28", "not met"], ["age between 18 years and 64 years", { birth: "1959-03-01" }, "2023-03-01", "met"], ["age between 18 years and 64 years", { birth: "1959-03-01" }, "2023-03-02", "not met"],
    ["age is not between 18 years and 64 years", { birth: "2005-03-01" }, "2023-02-28", "met"], ["d2 - d1 between 1 months and 2 months", { d1: "2025-02-01", d2: "2025-03-01" }, "2025-07-01", "met"], ["d2 - d1 between 1 months and 2 months", { d1: "2025-01-31", d2: "2025-03-31" }, "2025-07-01", "met"], ["d2 - d1 between 2 weeks and 1 month", { d1: "2025-02-01", d2: "2025-03-01" }, "2025-07-01", "met"],
    ["d2 - d1 between 2 weeks and 1 month", { d1: "2025-02-01", d2: "2025-03-02" }, "2025-07-01", "not met"], ["age >= 18 years", { birth: "2004-02-29" }, "2022-02-28", "met"], ["age >= 18 years", {}, "2022-02-28", "unknown"],
  ];
  for (const [condition, given, on, outcome] of cases) test(`${condition} of ${JSON.stringify(given)} on ${on}`, () => assert.equal(outcomeOfCondition(conditionPolicy(facts, condition, define), given, on), outcome));

  test("explanations say the time in years, months and days", () => {
    assert.equal(why(conditionPolicy(facts, "age >= 18 years", define), { birth: "2005-03-01" }, "2023-02-28"), "age is 17 years, 364 days, which is not at least 18 years");
    assert.equal(why(conditionPolicy(facts, "age >= 18 years", define), { birth: "2005-03-01" }, "2023-03-01"), "age is 18 years, which is at least 18 years");
    assert.equal(why(conditionPolicy(facts, "date of service - birth < 18 years"), { birth: "2005-03-01" }, "2023-03-03"), "date of service - birth is 18 years, 2 days, which is not less than 18 years");
    assert.equal(why(conditionPolicy(facts, "age between 18 and 64 years", define), { birth: "2005-03-01" }, "2023-02-28"), "age is 17 years, 364 days, which is not between 18 years and 64 years");
    assert.equal(why(conditionPolicy(facts, "d2 - d1 between 1 months and 2 months"), { d1: "2025-02-01", d2: "2025-03-03" }), "d2 - d1 is 1 month, 2 days, which is between 1 month and 2 months");
    assert.equal(why(conditionPolicy(facts, "d2 - d1 >= 1 months"), { d1: "2025-03-03", d2: "2025-03-01" }), "d2 - d1 is -2 days, which is not at least 1 month");
    assert.equal(why(conditionPolicy(facts, "d2 - d1 >= 6 weeks"), { d1: "2025-01-01", d2: "2025-02-12" }), "d2 - d1 is 42 days (6 weeks), which is at least 6 weeks");
    assert.equal(why(conditionPolicy(facts, "age is known", define), { birth: "2025-06-01" }), "age is known (30 days)");
    assert.equal(why(conditionPolicy(facts, "d1 + 90 days <= date of service"), { d1: "2025-01-01" }), "d1 + 90 days is 2025-04-01, which is on or before the date of service (2025-07-01)");
    assert.equal(why(conditionPolicy(facts, "date of service >= d1"), { d1: "2025-01-01" }), "the date of service is 2025-07-01, which is on or after d1 (2025-01-01)");
  });

  test("dates are whole days", () => {
    for (const condition of ["d1 within 12 hours", "d1 within the past 90 minutes", "d2 - d1 >= 12 hours", "d2 - d1 between 12 hours and 3 days", "d1 + 12 hours <= d2", "d1 at least 0.5 days before d2", "d1 within stay of d2"]) {
      const [first] = foundIn(facts, condition);
      assert.equal(first?.code, "unit-mismatch", condition);
      assert.match(first.message, /dates are whole days/u);
    }
    for (const condition of ["d1 within 48 hours", "d2 - d1 >= 72 hours", "d1 within 2 weeks"]) assert.deepEqual(codesIn(facts, condition), [], condition);
  });
});

describe("filters and parentheses", () => {
  const facts = ["age  years", "smoker  yes/no", "x  yes/no", "d  date", "r  list of", "  kind  one of a, b", "  on_day  date", "  x  yes/no", "q  list of", "  y  yes/no"];
  test("a part of a filter that asks for no field", () => {
    for (const condition of ["no r where kind is a and age >= 18 years", "exists r where kind is a or smoker", "all of r where smoker", "count of (r where kind is a and not smoker) >= 1", "exists r where kind is a and exists q where y"]) assert.deepEqual(codesIn(facts, condition), ["filter-without-field"], condition);
    for (const condition of ["(no r where kind is a) and age >= 18 years", "exists r where kind is a and on_day after d", "exists r where kind is a and on_day within 30 days of d", "exists r where kind is a and (on_day after d or smoker)", "exists r where kind is a within the past 6 months"]) assert.deepEqual(codesIn(facts, condition), [], condition);
    assert.equal(foundIn(facts, "no r where kind is a and age >= 18 years")[0]!.help, "Close the filter with parentheses: `(r where kind is a) and …`.");
    assert.equal(foundIn(facts, "count of (r where kind is a and smoker) >= 1")[0]!.help, "Write it outside of the parentheses of the filter.");
  });
  test("a field that hides a fact", () => {
    assert.deepEqual(codesIn(facts, "exists r where x"), ["shadowed-name"]);
    assert.deepEqual(codesIn(facts, "x and exists r where kind is a"), []);
  });
  test("`and` and `or` without parentheses", () => {
    for (const condition of ["age >= 18 years and smoker or x", "smoker or x and age >= 18 years", "not smoker and x or age < 3 years", "(smoker or x) and age >= 18 years or smoker", "exists q where y and not y or y"]) assert.deepEqual(codesIn(facts, condition), ["mixed-and-or"], condition);
    for (const condition of ["(age >= 18 years and smoker) or x", "age >= 18 years and (smoker or x)", "smoker or x or age < 3 years", "((smoker) and x) or age < 3 years", "(smoker) and x"]) assert.deepEqual(codesIn(facts, condition), [], condition);
    assert.deepEqual(found({ facts, define: ["n  smoker and x or age < 3 years"], criteria: "I. It is medically necessary\n   when n" }).map((each) => each.code), ["mixed-and-or"]);
  });
  test("all of nothing is not met", () => {
    const policy = conditionPolicy(facts, "all of r where kind is a");
    assert.deepEqual([outcomeOfCondition(policy, { r: [] }), outcomeOfCondition(policy, {}), outcomeOfCondition(policy, { r: [{ kind: "a" }] }), outcomeOfCondition(policy, { r: [{ kind: "b" }] })], ["not met", "unknown", "met", "not met"]);
    assert.equal(explained(policy, { r: [] }).determination, "refer");
  });
});

describe("in force", () => {
  const inForce = (header: string): Policy => {
    const { policy } = analyze(policyText({ criteria: "I. It is medically necessary", rest: "codes\n  CPT  77385  Old  ended 2025-12, see 77402, 77407\n  CPT  77402  New  effective 2026-01-01\n  CPT  77301  Plan\n  CPT  77400-77401  Range\n" }).replace("\n", `\n${header}`), "test.policy");
    return policy!;
  };
  const policy = inForce("  line of business  Medicaid, CHIP\n  effective  2025-06\n  ends  2026-02\n");
  const on = (date: string, request: Readonly<Record<string, unknown>> = {}): Explanation => explain(compile(policy).decide({}, { on: date, criteria: { I: "met" }, ...request }), "test");
  test("before the policy is in force, and after, a clinician looks", () => {
    assert.deepEqual(["2025-05-31", "2025-06-01", "2026-02-28", "2026-03-01"].map((date) => on(date).determination), ["refer", "approve", "approve", "refer"]);
    assert.equal(on("2025-05-31").reason, "The policy is in force from 2025-06-01; the date of service, 2025-05-31, lies before that; a clinician must look.");
    assert.equal(on("2026-03-01").reason, "The policy was in force until 2026-02-28; the date of service, 2026-03-01, lies after that; a clinician must look.");
    assert.deepEqual([on("2025-05-31").decidedBy, on("2025-05-31").path, on("2025-05-31").missing], [undefined, [], []]);
    assert.equal(explain(compile(policy).decide({}, { on: "2024-01-01" }), "nothing is asked").determination, "refer");
  });
  test("remarks on the request", () => {
    const remarks = (date: string, request: Readonly<Record<string, unknown>>): readonly string[] => on(date, request).remarks;
    assert.deepEqual(remarks("2026-01-01", { codes: ["77385"] }), ["CPT 77385 ended on 2025-12-31, before the date of service; replaced by 77402, 77407."]);
    assert.deepEqual(remarks("2025-12-31", { codes: ["77385", "CPT 77402"] }), ["CPT 77402 is effective from 2026-01-01, after the date of service."]);
    assert.deepEqual(remarks("2025-12-31", { codes: ["77302", "77401", "G6015"] }), ["CPT 77302 is not among the codes of the policy."]);
    assert.deepEqual(remarks("2025-12-31", { lineOfBusiness: "Commercial" }), ["The policy is for Medicaid and CHIP, and the request is for Commercial."]);
    assert.deepEqual(remarks("2025-12-31", { lineOfBusiness: "CHIP", codes: ["77301"] }), []);
    assert.deepEqual(remarks("2025-12-31", {}), []);
  });
  test("remarks are shown", () => {
    const explanation = on("2026-01-01", { codes: ["77385"] });
    assert.match(explanationText(explanation, { colours: plain, width: 120 }), /\n {2}CPT 77385 ended on 2025-12-31/u);
    assert.match(explanationMarkdown(explanation), /\n- CPT 77385 ended on 2025-12-31, before the date of service/u);
  });
});

describe("criteria that do not apply", () => {
  const facts = ["age  years", "score  number"];
  const policy = (condition: string, define: readonly string[] = []): Policy => sound(policyText({ facts, define, criteria: `I. It is medically necessary when all of the following are met:\n   A. For children\n      if age < 11 years\n      when score >= 50\n   B. Other\n      when score >= 1\nII. It is medically necessary\n   when ${condition}` }));
  const cases: readonly (readonly [condition: string, given: Readonly<Record<string, number>>, outcome: string])[] = [
    ["criterion I.A is not met", { age: 20, score: 1 }, "not met"], ["criterion I.A is met", { age: 20, score: 99 }, "not met"], ["not criterion I.A", { age: 20, score: 1 }, "not met"], ["criterion I.A is not met", { age: 5, score: 1 }, "met"], ["criterion I.A is not met", { age: 5, score: 60 }, "not met"], ["criterion I.A is not met", { score: 60 }, "not met"],
    ["criterion I.A is not met", { score: 1 }, "unknown"], ["criterion I.A is not met", { age: 20 }, "not met"], ["not (criterion I.A or criterion I.B is not met)", { age: 20, score: 9 }, "not met"], ["not (criterion I.A and criterion I.B)", { age: 20, score: 9 }, "not met"], ["not unfit", { age: 20, score: 9 }, "not met"], ["not not criterion I.A", { age: 20, score: 99 }, "not met"],
    ["not (criterion I.A is not met)", { age: 5, score: 60 }, "met"],
  ];
  for (const [condition, given, outcome] of cases) test(`${condition} of ${JSON.stringify(given)}`, () => assert.equal(explained(policy(condition, ["unfit  criterion I.A"]), given).outcomes["II"], outcome));
  test("what is missing is asked for", () => {
    assert.deepEqual(explained(policy("criterion I.A is not met"), { score: 1 }).missing.map((item) => item.name), ["age"]);
    assert.match(why(sound(policyText({ facts, criteria: "I. It is medically necessary\n   when criterion II is not met\nII. It is medically necessary when all of the following are met:\n   if age < 11 years\n   A. Item" })), { age: 20 }), /II is not applicable/u);
  });
});

describe("temperatures", () => {
  const facts = ["t1  Cel", "t2  Cel", "t3  [degF]", "k  K"];
  for (const [condition, given, outcome] of [
    ["t1 - t2 >= 1.8 [degF]", { t1: 37, t2: 37 }, "not met"], ["t1 - t2 >= 1.8 [degF]", { t1: 38, t2: 37 }, "met"], ["t1 - t2 >= 1 Cel", { t1: 38, t2: 37 }, "met"], ["t1 - t3 >= 1 Cel", { t1: 38, t3: 98.6 }, "met"], ["t1 - t3 >= 1 Cel", { t1: 37.9, t3: 98.6 }, "not met"], ["t1 - t2 between 1.8 [degF] and 3.6 [degF]", { t1: 38.5, t2: 37 }, "met"],
    ["t1 - t2 between 1.8 [degF] and 3.6 [degF]", { t1: 37, t2: 37 }, "not met"], ["t1 >= 100.4 [degF]", { t1: 38 }, "met"], ["t1 + (t1 - t2) >= 39 Cel", { t1: 38, t2: 37 }, "met"], ["rise >= 1.8 [degF]", { t1: 38, t2: 37 }, "met"], ["t1 - t2 >= 1 K", { t1: 38, t2: 37 }, "met"], ["(t1 - t2) * 2 >= 3.6 [degF]", { t1: 38, t2: 37 }, "met"],
  ] as const) test(`${condition} of ${JSON.stringify(given)}`, () => assert.equal(outcomeOfCondition(conditionPolicy(facts, condition, ["rise  t1 - t2"]), given), outcome));
  for (const condition of ["t1 + t2 >= 70 Cel", "t1 * 2 >= 70 Cel", "t1 / t2 > 1", "(t1 - t2) - t1 >= 1 Cel", "t1 - t2 >= t1", "t1 + 1 Cel >= 38 Cel"]) test(`${condition} means nothing`, () => assert.deepEqual(codesIn(facts, condition), ["unit-mismatch"]));
});

describe("units that begin with a slash", () => {
  const facts = ["hr  /min", "wbc  /uL", "a  number", "b  number"];
  for (const [condition, given, outcome] of [["hr > 100 /min", { hr: 101 }, "met"], ["hr > 100/min and wbc < 4000 /uL", { hr: 101, wbc: 3999 }, "met"], ["hr > 100 /min", { hr: 100 }, "not met"], ["a / b > 2", { a: 5, b: 2 }, "met"], ["10 / b > 2", { b: 4 }, "met"]] as const) test(condition, () => assert.equal(outcomeOfCondition(conditionPolicy(facts, condition), given), outcome));
  test("in a case", () => {
    const { cases, policy, diagnostics } = analyze(policyText({ facts, criteria: "I. It is medically necessary\n   when hr > 100 /min", rest: "cases\n  case \"a\"\n    on 2025-07-01\n    hr = 110 /min\n    expect approve by I\n" }), "test.policy");
    assert.deepEqual(diagnostics, []);
    assert.equal(runCase(policy!, cases[0]!).status, "passed");
  });
});

describe("messages", () => {
  const facts = ["ef  %", "hr  /min", "n  number", "tx  list of", "  kind  one of a1, b1", "req  list of CPT"];
  test("a figure below 1 beside per cent is read in neither way", () => {
    const [first] = foundIn(facts, "ef <= 0.35");
    assert.deepEqual([first!.code, first!.replacement, first!.help], ["missing-unit", undefined, "Write `35 %` if it is a fraction of 1, or `0.35 %` if that is what it says."]);
    assert.equal(foundIn(facts, "ef <= 35")[0]!.replacement, "35 %");
  });
  test("a comma between thousands", () => {
    for (const condition of ["hr > 1,000 /min", "n > 1,000", "n between 1,000 and 2,000", "n in 1,000, 2"]) {
      const [first] = foundIn(facts, condition);
      assert.deepEqual([first!.code, first!.replacement], ["unexpected-text", "1000"], condition);
      assert.match(first!.message, /commas between thousands/u);
    }
    assert.deepEqual(codesIn(facts, "n in 1, 3, 5"), []);
    const [wrong] = found({ facts, criteria: "I. It is medically necessary\n   when n > 1", rest: "cases\n  case \"a\"\n    on 2025-07-01\n    n = 1,000\n    expect pend\n" });
    assert.deepEqual([wrong!.code, wrong!.replacement], ["wrong-value", "1000"]);
  });
  test("a choice begins with a letter", () => assert.match(found({ facts: ["grade  one of 1, 2, 3"], criteria: "I. It is medically necessary" })[0]!.help!, /begins with a letter, such as `grade_1`/u));
  test("records are asked for by their fields", () => {
    const [first] = foundIn(facts, "tx include a1");
    assert.deepEqual([first!.code, first!.message, first!.help], ["not-a-list", "`tx` is a list of records (kind), and records are asked for by their fields.", "Ask `exists tx where …`."]);
  });
  test("what is wanted together is joined by `and`", () => {
    assert.equal(why(conditionPolicy(facts, "req include all of 77301, 77338"), { req: ["77301"] }), "req are 77301, which do not include 77301 and 77338");
    assert.equal(why(conditionPolicy(facts, "req include 77301, 77338"), { req: [] }), "req are none, which do not include 77301 or 77338");
  });
  test("a count names its filter", () => assert.match(why(conditionPolicy(facts, "count of (tx where kind is a1) + n >= 2"), { tx: [], n: 1 }), /^the number of tx where kind is a1 \+ n is 1/u));
});

test("what a request does not say keeps no statement from it", () => {
  const policy = sound(policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   applies to codes HCPCS J0717\n   applies to pathway initial\n   when a" }));
  const text = explanationText(explained(policy, { a: true }, "2025-07-01", { pathway: "repeat" }), { colours: plainColours, width: 200 });
  assert.match(text, /does not apply to this request: the request is for pathway repeat\n/u);
});

test("an expectation with a capital is none of the words before it", () => {
  const text = `${policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   when a" })}\ncases\n  case "One"\n    on 2025-07-01\n    a = yes\n      evidence chart\n    note Seen.\n    Expect pend\n`;
  const { policy } = analyze(text, "test.policy");
  assert.deepEqual(runCase(policy!, policy!.analysis.cases[0]!).failures.map(({ message }) => message), ["Expected pend, came to approve."]);
});

describe("a condition behind the prose", () => {
  const written = (words: string): string => policyText({ facts: ["a  yes/no", "b  yes/no"], criteria: `I. It is medically necessary${words}\n   when a\nII. It is medically necessary for bleeding\n   when b` });
  const first = (words: string, b: boolean): string => explained(sound(written(words)), { a: true, b }).outcomes["I"]!;
  test("an exception is none the less one for its capitals or its words", () => {
    for (const words of [", unless criterion II is met.", ". Unless criterion II is met.", " unless Criterion II is met", ", except when criterion II is met.", ". Except  When criterion II is met.", ", except if criterion II is met."])
      assert.deepEqual([first(words, true), first(words, false)], ["not met", "met"], words);
    for (const words of [" when criterion II is met.", " WHEN criterion II is met.", ", but only when Criterion II is met."]) assert.deepEqual([first(words, true), first(words, false)], ["met", "not met"], words);
  });
  test("what turns it round is an error", () => {
    for (const words of [", but not when criterion II is met.", " even when criterion II is met.", " regardless of when criterion II is met.", ", waived when criterion II is met.", ", even if criterion II is not met."])
      assert.deepEqual(analyze(written(words), "test.policy").diagnostics.map(({ code }) => code), ["unclear-determination"], words);
  });
});

describe("words that begin a clause", () => {
  const outcome = (line: string): string => {
    const criteria = `I. It is medically necessary when all of the following are met:\n   ${line}\n   A. First\n      when a\n   B. Second\n      when a`;
    return explained(sound(policyText({ facts: ["a  yes/no", "b  yes/no"], criteria })), { a: true, b: true }).determination;
  };
  test("they are no prose, whatever their capitals and the space between them", () => {
    for (const words of ["applies to", "applies  to", "Applies To", "APPLIES TO"]) assert.equal(outcome(`${words} pathway initial`), "pend", words);
    for (const words of ["unless", "UNLESS", "except when", "except  when", "Except When", "EXCEPT   WHEN"]) assert.equal(outcome(`${words} b`), "refer", words);
    for (const words of ["when", "WHEN", "if", "IF"]) assert.equal(outcome(`${words} not b`), "refer", words);
    for (const words of ["Iffy", "Whenever", "applied to", "note-taking for"]) assert.equal(outcome(`${words} some patients`), "approve", words);
  });
  test("what an approval is for is not lost", () => {
    for (const [line, text] of [["Approval Duration: 6 months", "6 months"], ["approval  duration 6 months", "6 months"], ["APPROVAL DURATION 6 months", "6 months"]] as const) {
      const policy = sound(policyText({ criteria: `I. It is medically necessary when all of the following are met:\n   ${line}\n   Quantity  Limit: 2 syringes per 28 days\n   A. First\n   B. Second` }));
      const { approval } = explained(policy, {}, "2025-07-01", { criteria: { "I.A": "met", "I.B": "met" } });
      assert.deepEqual([approval?.duration?.text, approval?.quantities.map((limit) => limit.text)], [text, ["2 syringes per 28 days"]], line);
    }
  });
});

describe("speed", () => {
  test("many wrong choices of a long list", () => {
    const choices = Array.from({ length: 5000 }, (_, i) => `choice_${i}`).join(", ");
    const wrong = Array.from({ length: 5000 }, (_, i) => `choise_${i}`).join(", ");
    const start = performance.now();
    assert.ok(found({ facts: [`k  one of ${choices}`], criteria: `I. It is medically necessary\n   when k in ${wrong}` }).length > 900);
    assert.ok(performance.now() - start < 3000);
  });
  test("60,000 findings on one line are shown quickly", () => {
    const text = policyText({ criteria: `I. It is medically necessary.${" [1]".repeat(60_000)}` });
    const start = performance.now();
    const { diagnostics, lines } = analyze(text, "test.policy");
    for (const each of diagnostics) diagnosticText({ path: "test.policy", text, lines }, each, { colours: plain, width: 100 });
    assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
    assert.ok(diagnostics.length >= 1000);
  });
});
