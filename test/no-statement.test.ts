// "No statement applies": when a case comes to it, that it stays so, how it is written, expected, explained and told from a referral.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { compile, outcomeOf } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import { whatIsMissing } from "../server/src/evaluate/missing.js";
import { evaluatorOf, runCase } from "../server/src/evaluate/run.js";
import { summarizer } from "../server/src/evaluate/summary.js";
import { whyNot } from "../server/src/evaluate/whynot.js";
import { newCaseInPolicy } from "../server/src/features/newcase.js";
import { plain } from "../server/src/render/colours.js";
import { explanationModel, outcomeAsExpectation } from "../server/src/render/explanationview.js";
import { explanationMarkdown } from "../server/src/render/markdown.js";
import { explanationText } from "../server/src/render/text.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { caseSchema } from "../server/src/semantics/caseschema.js";
import type { Policy } from "../server/src/semantics/model.js";
import { EVALUATE, type EvaluateResult } from "../server/src/lsp/protocol.js";
import { startClient, type TestClient } from "./support/client.js";
import { type Workplace, workplace } from "./support/cli.js";
import { explained, policyText, sound } from "./support/core-fixtures.js";

const NONE = "no statement applies";
type Three = "met" | "not met" | "unknown";
const THREE: readonly Three[] = ["met", "not met", "unknown"];
const NECESSARY = "It is medically necessary";
const LIMITING = "It is investigational";
const NUMERALS = ["I", "II", "III"];

/** Statements of these kinds, each with a scope and a condition of its own: `s1` and `c1`, `s2` and `c2`, … */
const scopedPolicy = (...kinds: readonly string[]): Policy => sound(policyText({
  facts: kinds.flatMap((_, i) => [`s${i + 1}  yes/no`, `c${i + 1}  yes/no`]),
  criteria: kinds.map((kind, i) => `${NUMERALS[i]}. ${kind}\n   applies to s${i + 1}\n   when c${i + 1}`).join("\n"),
}));
const factsOf = (values: Readonly<Record<string, Three>>): Record<string, boolean> => Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === "unknown" ? [] : [[name, value === "met"]])));
/** Every way to fill so many places. */
const every = (places: number): Three[][] => (places === 0 ? [[]] : every(places - 1).flatMap((rest) => THREE.map((each) => [...rest, each])));

const all = (...parts: readonly Three[]): Three => (parts.includes("not met") ? "not met" : parts.includes("unknown") ? "unknown" : "met");

describe("when a case comes to it", () => {
  test("the table of scopes and outcomes, of a necessary and a limiting statement", () => {
    const policy = scopedPolicy(NECESSARY, LIMITING);
    const evaluator = compile(policy);
    const summarize = summarizer(evaluator);
    const seen = new Map<string, number>();
    for (const [s1, c1, s2, c2] of every(4) as [Three, Three, Three, Three][]) {
      const [necessary, limiting] = [all(s1, c1), all(s2, c2)];
      const wanted = s1 === "not met" && s2 === "not met" ? NONE
        : s1 !== "met" && s2 !== "met" ? "pend"
          : limiting === "met" ? "refer"
            : necessary === "not met" ? "refer"
              : necessary === "met" && limiting === "not met" ? "approve" : "pend";
      const decision = evaluator.decide(factsOf({ s1, c1, s2, c2 }), { on: "2025-07-01" });
      const said = `${s1} ${c1} ${s2} ${c2}`;
      assert.equal(decision.determination, wanted, said);
      const { missing, decidedBy, reason } = explain(decision, "x");
      if (wanted === "pend") assert.ok(missing.length > 0, `${said} pends for want of nothing`);
      else assert.deepEqual(missing, [], said);
      if (wanted === NONE) assert.deepEqual([decidedBy, /^Every statement is for other requests: I is for s1; II is for s2\. Here, s1 is no and s2 is no\./u.test(reason)], [undefined, true], reason);
      assert.deepEqual(summarize(decision).missing, missing.map((each) => each.name), said);
      seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
    }
    assert.deepEqual([...seen.keys()].sort(), ["approve", NONE, "pend", "refer"]);
    assert.equal(seen.get(NONE), 9);
  });

  test("what is decided stays so, whatever more becomes known: of every three statements, in every state", () => {
    for (const kinds of [[NECESSARY, NECESSARY, LIMITING], [NECESSARY, LIMITING, LIMITING], [LIMITING, LIMITING, LIMITING], [NECESSARY, NECESSARY, NECESSARY]]) {
      const evaluator = compile(scopedPolicy(...kinds));
      const names = ["s1", "c1", "s2", "c2", "s3", "c3"];
      const decided = new Map<string, string>();
      for (const state of every(6)) decided.set(state.join(), evaluator.decide(factsOf(Object.fromEntries(names.map((name, i) => [name, state[i]!]))), { on: "2025-07-01" }).determination);
      for (const state of every(6)) {
        const before = decided.get(state.join())!;
        const unknown = state.flatMap((each, i) => (each === "unknown" ? [i] : []));
        if (before === "pend") {
          // It waits for something: the answers can still make a difference.
          const whole = every(unknown.length).filter((answers) => !answers.includes("unknown")).map((answers) => decided.get(state.map((each, i) => (each === "unknown" ? answers[unknown.indexOf(i)]! : each)).join())!);
          assert.ok(whole.every((each) => each !== "pend"));
          continue;
        }
        for (const at of unknown) for (const value of ["met", "not met"] as const) assert.equal(decided.get(state.map((each, i) => (i === at ? value : each)).join()), before, `${kinds.join("; ")}: ${state.join()} and then ${names[at]} ${value}`);
      }
    }
  });

  test("a statement without scope speaks of every request", () => {
    const policy = sound(policyText({ facts: ["s  yes/no", "c  yes/no"], criteria: `I. ${NECESSARY}\n   applies to s\n   when c\nII. ${LIMITING} for all other indications` }));
    for (const [s, c] of every(2) as [Three, Three][]) assert.notEqual(explained(policy, factsOf({ s, c })).determination, NONE, `${s} ${c}`);
  });
  test("a policy that is not in force is referred, whatever it is for; an empty policy too", () => {
    const text = policyText({ criteria: `I. ${NECESSARY}\n   applies to pathway initial` }).replace("\ncriteria", "\n  effective 2025-01-01\n  ends 2025-12-31\ncriteria");
    const on = (date: string): string => explained(sound(text), {}, date, { pathway: "repeat" }).determination;
    assert.deepEqual(["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"].map(on), ["refer", NONE, NONE, "refer"]);
    assert.equal(explained(sound("policy EX.1 \"T\"\ncriteria\n"), {}).determination, "refer");
  });
  test("a scope that is left to a clinician excludes nothing", () => {
    const policy = sound(policyText({ criteria: `I. ${NECESSARY}\n   applies to criterion II.A\n   A. One\n   B. Two`.replace("necessary\n", "necessary when all of the following are met:\n") + `\nII. ${LIMITING} for all of the following:\n   applies to pathway initial\n   A. Any of the following (not all-inclusive):\n      1. Deep\n      2. Deeper\n   B. More` }));
    const answers = { "I.A": "not met", "I.B": "not met", "II.B": "not met" };
    const decide = (criteria: object): string => explained(policy, {}, "2025-07-01", { pathway: "repeat", criteria }).determination;
    assert.equal(decide({ ...answers, "II.A.1": "not met", "II.A.2": "not met" }), "refer");
    assert.equal(decide({ ...answers, "II.A.1": "not met" }), "pend");
  });
  test("criteria are evaluated for those that refer to them, and are told", () => {
    const evaluator = compile(scopedPolicy(NECESSARY));
    const decision = evaluator.decide({ s1: false, c1: true }, { on: "2025-07-01" });
    assert.deepEqual([decision.determination, decision.statement, outcomeOf(decision, 0)], [NONE, -1, "met"]);
  });
});

const POLICY = `policy EX.1 "Example"
facts
  age  years  "Age on the date of service"
criteria
I. A first course is medically necessary when all of the following are met:
   applies to pathway initial
   applies to codes HCPCS J0717
   A. Adults
      when age >= 18 years
   B. The prescriber has seen the patient
II. Continued treatment is medically necessary when all of the following are met:
   applies to pathway continuation
   A. Adults
      when age >= 18 years
   B. There is a response
III. For other drugs see EX.PHAR.1
   applies to codes HCPCS J9999
`;

describe("how it is written and expected", () => {
  const withCase = (...lines: readonly string[]): string => `${POLICY}cases\n  case "A repeat"\n    on 2025-07-01\n    pathway repeat\n    codes HCPCS J0717\n${lines.map((line) => `    ${line}\n`).join("")}`;
  const result = (...lines: readonly string[]) => {
    const { policy, cases, diagnostics } = analyze(withCase(...lines), "a.policy");
    assert.deepEqual(diagnostics, []);
    return runCase(policy!, cases[0]!);
  };
  test("in a policy", () => {
    assert.equal(result("expect no statement applies").status, "passed");
    assert.equal(result("expect  no  statement   applies   # as it should").status, "passed");
    assert.deepEqual(result("expect refer").failures.map((each) => each.message), ["Expected refer, came to no statement applies."]);
    assert.deepEqual(result("expect no statement applies", "pathway initial".replace("pathway initial", "expect I.B unknown")).failures, []);
  });
  test("an expectation of it fails for any other determination", () => {
    const { policy, cases } = analyze(withCase("expect no statement applies").replace("pathway repeat", "pathway continuation"), "a.policy");
    assert.deepEqual(runCase(policy!, cases[0]!).failures.map((each) => each.message), ["Expected no statement applies, came to pend."]);
  });
  test("what is nearly it is told", () => {
    for (const [line, message, replacement] of [
      ["expect no statement", "A case comes to approve, pend, refer or no statement applies, not to `no statement`.", "no statement applies"],
      ["expect no statment applies", "A case comes to approve, pend, refer or no statement applies, not to `no statment applies`.", "no statement applies"],
      ["expect denied", "A case comes to approve, pend, refer or no statement applies, not to `denied`.", "refer"],
    ] as const) {
      const { diagnostics } = analyze(withCase(line), "a.policy");
      assert.deepEqual(diagnostics.map((each) => [each.code, each.message, each.replacement]), [["unknown-expectation", message, replacement]], line);
    }
  });
  test("in case files, both ways", () => {
    const analysis = analyze(POLICY, "a.policy");
    for (const expect of ["no statement applies", "{ determination: no statement applies }"]) {
      const { cases, diagnostics } = readCaseFile(`cases:\n  - name: A\n    on: 2025-07-01\n    pathway: repeat\n    codes: [J0717]\n    expect: ${expect}\n`, "a.case.yaml", analysis);
      assert.deepEqual(diagnostics, []);
      assert.equal(runCase(analysis.policy!, cases[0]!).status, "passed", expect);
    }
  });
  test("in the schema of case files", () => {
    const valid = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, allowUnionTypes: true }).compile(caseSchema(analyze(POLICY, "a.policy")));
    const file = (determination: string): unknown => ({ cases: [{ name: "A", on: "2025-07-01", expect: { determination } }] });
    assert.deepEqual([valid(file(NONE)), valid(file("nothing applies"))], [true, false]);
  });
  test("what a case came to becomes its expectation", () => {
    const { explanation } = result("expect refer");
    const expect = outcomeAsExpectation(explanation!);
    assert.deepEqual(expect, { determination: NONE });
    const analysis = analyze(POLICY, "a.policy");
    const edit = newCaseInPolicy(analysis, { name: "New", on: 20_270, pathway: "repeat", facts: new Map(), attested: new Map(), expect });
    const text = analysis.text.slice(0, edit.start) + edit.text + analysis.text.slice(edit.end);
    assert.match(text, /\n {4}expect no statement applies\n/u);
    assert.deepEqual(analyze(text, "a.policy").diagnostics, []);
  });
});

describe("how it is explained", () => {
  const policy = sound(POLICY);
  const request = { pathway: "repeat", codes: ["HCPCS J0717"] };
  const explanation = explained(policy, {}, "2025-07-01", request);
  const policyCase = { name: "x", range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 }, uri: "", on: 20_270, pathway: "repeat", codes: ["HCPCS J0717"], facts: new Map(), factRanges: new Map(), attested: new Map(), expect: { missing: [], outcomes: [] }, sound: true } as const;

  test("the scope that keeps each statement from the request, and what the request is", () => {
    assert.equal(explanation.reason, "Every statement is for other requests: I is for pathway initial; II is for pathway continuation; III is for codes J9999. Here, the request is for pathway repeat and the request is for codes HCPCS J0717. This is no denial; another policy may cover the request.");
    assert.deepEqual(explanation.statements.map((each) => each.applies), ["not met", "not met", "not met"]);
    assert.deepEqual([explanation.decidedBy, explanation.path, explanation.missing], [undefined, [], []]);
  });
  test("statements of one scope are told together, many are counted", () => {
    const many = sound(policyText({ criteria: Array.from({ length: 9 }, (_, i) => `${["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][i]}. It is medically necessary\n   applies to ${i < 2 ? "pathway initial" : `codes CPT 7730${i}`}`).join("\n") }));
    assert.equal(explained(many, {}, "2025-07-01", { pathway: "repeat", codes: ["99999"] }).reason, "Every statement is for other requests: I and II are for pathway initial; III is for codes 77302; IV is for codes 77303; V is for codes 77304; VI is for codes 77305; and so on for 3 other statements. Here, the request is for pathway repeat and the request is for codes 99999. This is no denial; another policy may cover the request.");
  });
  test("in a terminal and in Markdown, never as a denial", () => {
    const text = explanationText(explanation, { colours: plain, width: 100 });
    const markdown = explanationMarkdown(explanation);
    assert.match(text, /^NO STATEMENT APPLIES {2}the policy says nothing about this request$/mu);
    assert.match(markdown, /^## No statement applies: the policy says nothing about this request$/mu);
    for (const each of [text, markdown]) assert.doesNotMatch(each.replace(/This is no denial/u, "").replace(/\s+/gu, " "), /\bden(?:y|ied|ial)\b|clinician must/iu);
  });
  test("in the explanation view", () => {
    const model = explanationModel(policy.analysis, policyCase, explanation);
    assert.deepEqual([model.determination, model.meaning, model.missing], [NONE, "the policy says nothing about this request", []]);
  });
  test("nothing is missing, and what would be approved is another request", () => {
    assert.equal(whatIsMissing(policy, policyCase, explanation), undefined);
    const why = whyNot(policy, policyCase, explanation)!;
    assert.deepEqual(why.ways, []);
    assert.equal(why.note, "The policy speaks of other requests than this one: I is for pathway initial and codes J0717; II is for pathway continuation. Only another request could be approved under it; for this one, look for the policy that covers it.");
  });
  test("it is among what a pended case could come to", () => {
    const open = { ...policyCase, pathway: undefined, facts: new Map([["age", 12]]) };
    const pended = explain(evaluatorOf(policy).decideCase(open), "open");
    assert.equal(pended.determination, "pend");
    assert.deepEqual(pended.missing.map((each) => each.name), ["pathway"]);
    const advice = whatIsMissing(policy, open, pended)!;
    assert.deepEqual(advice.deciding.sets.map((set) => [set.items.map((each) => each.name), set.could]), [[["pathway"], ["refer", NONE]]]);
    assert.equal(advice.approving.size, undefined);
  });
});

describe("at the command line", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    place.write("a.policy", `${POLICY}cases\n  case "A repeat"\n    on 2025-07-01\n    pathway repeat\n    codes HCPCS J0717\n    expect no statement applies\n`);
  });
  after(() => place.remove());

  test("evaluate, test, and their JSON", () => {
    const shown = place.policy(["evaluate", "a.policy"]);
    assert.equal(shown.code, 0);
    assert.match(shown.out, /^NO STATEMENT APPLIES/mu);
    assert.equal(JSON.parse(place.policy(["evaluate", "a.policy", "--format", "json"]).out).results[0].explanation.determination, NONE);
    assert.equal(place.policy(["test", "a.policy"]).code, 0);
  });
  test("a batch counts it by itself", () => {
    place.write("cases.ndjson", `${JSON.stringify({ name: "none", on: "2025-07-01", pathway: "repeat", codes: ["J0717"], expect: NONE })}\n${JSON.stringify({ name: "open", on: "2025-07-01", facts: { age: 40 } })}\n`);
    const { out, err, code } = place.policy(["evaluate", "a.policy", "--cases", "cases.ndjson"]);
    assert.equal(code, 0, err);
    assert.deepEqual(out.trim().split("\n").map((line) => JSON.parse(line).determination), [NONE, "pend"]);
    assert.match(err, /2 cases: 0 approve, 1 pend, 0 refer, 1 no statement applies\./u);
    place.write("cases.csv", "name,on,pathway,codes,expect\nnone,2025-07-01,repeat,J0717,no statement applies\nwrong,2025-07-01,repeat,J0717,refer\n");
    const table = place.policy(["evaluate", "a.policy", "--cases", "cases.csv", "--format", "csv"]);
    assert.match(table.out + table.err, /none,no statement applies,/u);
    assert.match(table.out, /Expected refer, came to no statement applies\./u);
  });
  test("an update writes it", () => {
    place.write("b.policy", place.read("a.policy").replace("expect no statement applies", "expect refer"));
    assert.equal(place.policy(["test", "b.policy"]).code, 1);
    place.policy(["test", "b.policy", "--update", "--yes"]);
    assert.match(place.read("b.policy"), /\n {4}expect no statement applies\n/u);
  });
  test("a version that no longer speaks of a request flips its cases", () => {
    place.write("old.policy", place.read("a.policy").replace("applies to pathway initial", "applies to pathway initial, repeat").replace("expect no statement applies", "expect pend"));
    const { out } = place.policy(["diff", "old.policy", "a.policy"]);
    assert.match(out.replace(/\s+/gu, " "), /1 of 1 case comes to another determination\. .* before pend .* now no statement applies Every statement is for other requests/u);
  });
});

describe("in the editor", () => {
  let client: TestClient;
  before(async () => { client = await startClient(); });
  after(() => client.stop());
  test("a case is evaluated and told in one line", async () => {
    const uri = "untitled:Untitled-1";
    client.open(uri, `${POLICY}cases\n  case "A repeat"\n    on 2025-07-01\n    pathway repeat\n    codes HCPCS J0717\n    expect no statement applies\n`);
    const result = await client.connection.sendRequest<EvaluateResult>(EVALUATE, { uri });
    assert.deepEqual(result.cases.map((each) => [each.status, each.determination, each.summary]), [["passed", NONE, "✓ no statement applies"]]);
  });
});
