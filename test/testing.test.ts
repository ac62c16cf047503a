// The Test Explorer without an editor: coverage against figures counted by hand, comparisons, the status bar's words, the server's answers.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { casesText, versionText } from "../client/src/statustext.js";
import { comparisons } from "../server/src/evaluate/comparison.js";
import { coverable, coverageOf, seenBy } from "../server/src/evaluate/coverage.js";
import { conditionCoverage, decisionPoints, shownBy } from "../server/src/evaluate/mcdc.js";
import { runCase } from "../server/src/evaluate/run.js";
import {
  COVERAGE, type CoverageDetails, type CoverageParams, RUN_TESTS, type RunTestsParams, type RunTestsResult, STATUS, type StatusResult, TEST_FILES, type TestFile, type TestList, TESTS,
} from "../server/src/lsp/protocol.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { ROOT, startClient, type TestClient } from "./support/client.js";

const POLICY = `policy CP.EX.1 "Home oxygen therapy"
  effective  2025-06-19

facts
  age         years   "Age on the date of service"
  saturation  %       "Oxygen saturation at rest"
  dyspnea     yes/no  "Is there dyspnea?"
  scan        date    "Date of the last scan"

criteria
I. Home oxygen is medically necessary when all of the following are met:
   applies to age >= 18 years
   A. Saturation at rest ≤ 88 %
      when saturation <= 88 %
   B. Indications may include any of the following:
      1. Dyspnea
         when dyspnea
   C. The prescriber has seen the patient
   D. Whether there was a scan is said
      when scan is known
II. Oxygen of a child is investigational when both of the following are met:
   applies to age < 18 years
   A. Dyspnea
      when dyspnea
   B. Not for a grown-up
      when criterion I.A is not met
III. Travel oxygen is not a covered benefit.
   applies to pathway repeat

cases
  case "Approved"
    on 2025-07-01
    age = 40 years
    saturation = 86 %
    dyspnea = yes
    scan = 2025-06-01
    pathway initial
    I.C = met
    expect approve by I.A
  case "Nothing on the list"
    on 2025-07-01
    age = 40 years
    saturation = 86 %
    dyspnea = no
    I.C = met
    expect refer
  case "A child"
    on 2025-07-01
    age = 4 years
    dyspnea = yes
    saturation = 97 %
    expect refer by II
  case "Before the policy"
    on 2020-07-01
    age = 40 years
    saturation = 97 %
    expect refer
`;

const cases = (): { coverage: ReturnType<typeof coverageOf>; each: readonly ReturnType<typeof coverageOf>[] } => {
  const { policy, diagnostics } = analyze(POLICY, "file:///x.policy");
  assert.deepEqual(diagnostics.filter((found) => found.severity === "error"), []);
  const criteria = coverable(policy!);
  const seen = policy!.analysis.cases.map((each) => seenBy(policy!, runCase(policy!, each).explanation!));
  return { coverage: coverageOf(criteria, seen), each: seen.map((one) => coverageOf(criteria, [one])) };
};
const words = (coverage: ReturnType<typeof coverageOf>): readonly string[] =>
  coverage.criteria.map(({ criterion, decided, branches }) => `${criterion.address} ${decided}: ${branches.map(({ branch, cases: count }) => `${branch} ${count}`).join(", ")}`);

describe("coverage", () => {
  test("each criterion is counted as one counts it by hand", () => {
    // Statement I speaks of the first two cases. The case of the child looks at I.A alone, because II.B refers to it; that before
    // the policy's time looks at nothing. III may speak of those whose pathway is not said.
    assert.deepEqual(words(cases().coverage), [
      "I 2: met 1, not met 1, unknown 0",
      "I.A 3: met 2, not met 1, unknown 0",
      "I.B 2: met 1, left to a clinician 1, unknown 0",
      "I.B.1 2: met 1, not met 1, unknown 0",
      "I.C 2: met 2, not met 0, unknown 0",
      "I.D 2: met 1, not met 1",
      "II 1: met 1, not met 0, unknown 0",
      "II.A 1: met 1, not met 0, unknown 0",
      "II.B 1: met 1, not met 0, unknown 0",
      "III 2: met 2",
    ]);
  });

  test("figures are those of the markings", () => {
    const { coverage, each } = cases();
    assert.deepEqual(coverage.criteriaSeen, { covered: 10, total: 10 });
    assert.deepEqual(coverage.branchesSeen, { covered: 2 + 2 + 2 + 2 + 1 + 2 + 1 + 1 + 1 + 1, total: 9 * 3 - 1 + 1 });
    for (const one of [coverage, ...each]) {
      assert.equal(one.criteriaSeen.covered, one.criteria.filter(({ decided }) => decided > 0).length);
      assert.equal(one.branchesSeen.covered, one.criteria.flatMap(({ branches }) => branches).filter((branch) => branch.cases > 0).length);
    }
  });

  test("one case sees what it decides, and all of them together what each sees", () => {
    const { coverage, each } = cases();
    assert.deepEqual(each.map((one) => one.criteriaSeen.covered), [6, 7, 5, 0]);
    coverage.criteria.forEach(({ decided }, i) => assert.equal(decided, each.reduce((sum, one) => sum + one.criteria[i]!.decided, 0)));
    assert.deepEqual(words(each[3]!).filter((line) => !/ 0: /u.test(line)), []);
  });

  test("a case that leaves a criterion unknown shows that way and decides nothing", () => {
    const { policy } = analyze(POLICY.replace("    saturation = 86 %\n    dyspnea = no\n    I.C = met\n    expect refer", "    expect pend"), "file:///x.policy");
    const seen = seenBy(policy!, runCase(policy!, policy!.analysis.cases[1]!).explanation!);
    assert.deepEqual(words(coverageOf(coverable(policy!), [seen])).slice(0, 3), ["I 1: met 0, not met 1, unknown 0", "I.A 0: met 0, not met 0, unknown 1", "I.B 0: met 0, left to a clinician 0, unknown 1"]);
  });

  test("every sample adds up, and its criteria stand at their words", () => {
    for (const name of ["imrt", "sleep-study", "spinal-injection", "tnf-inhibitor"]) {
      const text = readFileSync(join(ROOT, `samples/${name}.policy`), "utf8");
      const { policy } = analyze(text, `file:///${name}.policy`);
      const criteria = coverable(policy!);
      for (const { start, address } of criteria) assert.ok(/[*]\d+$/u.test(address) || text.slice(start, start + 8).replace(/[().\s]/gu, " ").trim().toLowerCase().startsWith(address.split(".").at(-1)!.toLowerCase()), `${name} ${address}`);
      const coverage = coverageOf(criteria, policy!.analysis.cases.map((each) => seenBy(policy!, runCase(policy!, each).explanation!)));
      assert.ok(coverage.criteriaSeen.covered > 0 && coverage.criteriaSeen.covered <= criteria.length, name);
      for (const { branches, criterion } of coverage.criteria) {
        const seen = branches.reduce((sum, branch) => sum + branch.cases, 0);
        assert.ok(seen <= policy!.analysis.cases.length, `${name} ${criterion.address}`);
      }
    }
  });

  test("no case comes out in a way that is said to be impossible", () => {
    for (const name of ["imrt", "sleep-study", "spinal-injection", "tnf-inhibitor"]) {
      const { policy } = analyze(readFileSync(join(ROOT, `samples/${name}.policy`), "utf8"), `file:///${name}.policy`);
      const criteria = coverable(policy!);
      for (const each of policy!.analysis.cases) {
        const seen = seenBy(policy!, runCase(policy!, each).explanation!);
        const coverage = coverageOf(criteria, [seen]);
        seen.forEach((way, i) => assert.equal(coverage.criteria[i]!.branches.reduce((sum, branch) => sum + branch.cases, 0), way === 0 ? 0 : 1, `${name}, ${each.name}, ${criteria[i]!.address}`));
      }
    }
  });
});

describe("comparisons", () => {
  const compared = (expected: string): readonly (readonly [string, string, string])[] => {
    const { policy } = analyze(POLICY.replace("expect refer by II", expected), "file:///x.policy");
    const given = policy!.analysis.cases[2]!;
    const result = runCase(policy!, given);
    const pairs = comparisons(given, result);
    assert.equal(pairs.length, result.failures.length, expected);
    return pairs.map((pair, i) => [pair.expected, pair.actual, result.failures[i]!.message]);
  };

  test("each failure has what was expected and what came", () => {
    assert.deepEqual(compared("expect approve by I.A missing scan, age\n    expect I.A met\n    expect II.A met\n    expect II.B unknown"), [
      ["approve", "refer", "Expected approve, came to refer."],
      ["by I.A", "by II.B", "Expected I.A to decide; II decided, and I.A is not met."],
      ["missing scan", "missing nothing", "Expected scan to be missing; nothing is."],
      ["missing age", "missing nothing", "Expected age to be missing; nothing is."],
      ["I.A met", "I.A not met", "Expected I.A to be met; it is not met."],
      ["II.B unknown", "II.B met", "Expected II.B to be unknown; it is met."],
    ]);
  });

  test("of expectations that hold there is none, wherever they stand", () => {
    assert.deepEqual(compared("expect refer by II missing scan\n    expect II.A met").map(([wanted]) => wanted), ["missing scan"]);
    assert.deepEqual(compared("expect refer by I.A").map(([wanted]) => wanted), ["by I.A"]);
    assert.deepEqual(compared("expect refer by II\n    expect I.A not met\n    expect II.A not met").map(([wanted]) => wanted), ["II.A not met"]);
    assert.deepEqual(compared("expect refer"), []);
  });
});

describe("words of the status bar", () => {
  const STATUS_OF: StatusResult = {
    policyUri: "file:///x.policy", number: "LA.CP.MP.69", title: "IMRT", effective: "2025-06-19", inForce: "today", errors: 0,
    header: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, cases: { passed: 3, failed: 1, notEvaluated: 0, total: 4 },
  };
  test("the version and whether it is in force", () => {
    assert.equal(versionText(STATUS_OF).text, "LA.CP.MP.69 · effective 2025-06-19 · in force today");
    assert.equal(versionText({ ...STATUS_OF, inForce: "later", effective: "2027-01-01" }).text, "LA.CP.MP.69 · in force from 2027-01-01");
    assert.equal(versionText({ ...STATUS_OF, inForce: "no longer", ends: "2025-12-31" }).text, "LA.CP.MP.69 · effective 2025-06-19 · not in force since 2025-12-31");
    const { effective: _, inForce: __, number: ___, ...bare } = STATUS_OF;
    assert.equal(versionText(bare).text, "Policy without number · no effective date");
  });
  test("how many cases pass", () => {
    assert.equal(casesText(STATUS_OF).text, "$(testing-failed-icon) 3 of 4 cases pass");
    assert.equal(casesText(STATUS_OF).label, "3 of 4 cases pass; 1 does not come to what is expected");
    assert.equal(casesText({ ...STATUS_OF, cases: { passed: 1, failed: 0, notEvaluated: 0, total: 1 } }).text, "$(testing-passed-icon) 1 of 1 case passes");
    assert.equal(casesText({ ...STATUS_OF, cases: { passed: 1, failed: 0, notEvaluated: 0, total: 2 } }).label, "1 of 2 cases pass; 1 expects nothing");
    assert.equal(casesText({ ...STATUS_OF, cases: { passed: 0, failed: 0, notEvaluated: 0, total: 0 } }).text, "$(beaker) No cases");
    assert.equal(casesText({ ...STATUS_OF, errors: 1 }).text, "$(error) 1 error, cases not evaluated");
  });
});

describe("the server", () => {
  let client: TestClient;
  let folder: string;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).toString();
  const ask = <R>(method: string, params: unknown): Promise<R> => client.connection.sendRequest<R>(method, params);
  const run = (params: Partial<RunTestsParams> & Pick<RunTestsParams, "texts">): Promise<RunTestsResult> => ask(RUN_TESTS, { policyUri: uriOf("oxygen.policy"), coverage: false, ...params });
  const CASES = "policy: ../oxygen.policy\ncases:\n  - name: From a folder below\n    on: 2025-07-01\n    facts: { age: 40 years, saturation: 95 % }\n    expect: { determination: approve }\n";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "policy-tests-"));
    mkdirSync(join(folder, "below"));
    writeFileSync(join(folder, "oxygen.policy"), POLICY);
    writeFileSync(join(folder, "empty.policy"), "policy CP.EX.2 \"Nothing yet\"\n");
    writeFileSync(join(folder, "below/more.case.yaml"), CASES);
    writeFileSync(join(folder, "lost.case.yaml"), "cases: []\n");
    client = await startClient({ folder });
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });

  test("files are told by their text, open or not", async () => {
    const uris = ["oxygen.policy", "empty.policy", "below/more.case.yaml", "lost.case.yaml", "missing.policy"].map(uriOf);
    assert.deepEqual(await ask<TestFile[]>(TEST_FILES, { uris }), [
      { uri: uris[0], kind: "policy", hasCases: true, title: "CP.EX.1 Home oxygen therapy" },
      { uri: uris[1], kind: "policy", hasCases: false, title: "CP.EX.2 Nothing yet" },
      { uri: uris[2], kind: "cases", hasCases: true, policyUri: uris[0] },
      { uri: uris[3], kind: "cases", hasCases: true },
    ]);
  });

  test("cases are listed with their places; a name that stands twice gets a number", async () => {
    const list = await ask<TestList>(TESTS, { uri: uriOf("oxygen.policy") });
    assert.deepEqual([list.title, list.problem, list.cases.map(({ id, on }) => [id, on])], ["CP.EX.1 Home oxygen therapy", undefined, [["Approved", "2025-07-01"], ["Nothing on the list", "2025-07-01"], ["A child", "2025-07-01"], ["Before the policy", "2020-07-01"]]]);
    const line = POLICY.split("\n").findIndex((each) => each.includes("case \"Approved\""));
    assert.deepEqual([list.cases[0]!.span.start.line, list.cases[0]!.nameSpan.start.line], [line, line]);
    const uri = uriOf("twice.policy");
    client.open(uri, POLICY.replace("\"Approved\"", "\"A child\""));
    assert.deepEqual((await ask<TestList>(TESTS, { uri })).cases.map(({ id }) => id), ["A child", "Nothing on the list", "A child (2)", "Before the policy"]);
    assert.equal((await ask<TestList>(TESTS, { uri: uriOf("lost.case.yaml") })).problem?.message, "The policy of these cases was not found.");
    assert.equal(await ask(TESTS, { uri: uriOf("missing.policy") }), null);
  });

  test("cases of texts that are not open are run, all of them or some", async () => {
    const { cases: ran, problem } = await run({ texts: [{ uri: uriOf("oxygen.policy"), ids: ["Approved", "A child"] }, { uri: uriOf("below/more.case.yaml") }] });
    assert.deepEqual([problem, ran.map(({ id, status }) => [id, status])], [undefined, [["Approved", "passed"], ["A child", "passed"], ["From a folder below", "failed"]]]);
    assert.deepEqual(ran.map(({ summary }) => summary), ["✓ approve by I.D", "✓ refer, by statement II", "✗ refer, criteria not met"]);
    const failed = ran[2]!;
    assert.deepEqual(failed.failures.map(({ message, span }) => [message, span.start.line]), [["Expected approve, came to refer.", 5]]);
    assert.deepEqual(failed.failures.map(({ expected, actual }) => [expected, actual]), [["approve", "refer"]]);
    assert.match(failed.explanation, /^## Refer: a clinician must look/u);
    assert.ok(failed.milliseconds >= 0 && failed.milliseconds < 5000);
  });

  test("what is typed counts, not what is saved", async () => {
    const uri = uriOf("oxygen.policy");
    client.open(uri, POLICY.replace("    saturation = 86 %\n    dyspnea = yes", "    saturation = 96 %\n    dyspnea = yes"));
    const { cases: [ran] } = await run({ texts: [{ uri, ids: ["Approved"] }] });
    assert.deepEqual([ran?.status, ran?.failures.map(({ expected, actual }) => `${expected} | ${actual}`)], ["failed", ["approve | refer", "by I.A | by I"]]);
    void client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    assert.equal((await run({ texts: [{ uri, ids: ["Approved"] }] })).cases[0]?.status, "passed");
  });

  test("a policy with errors evaluates nothing and says which is the first", async () => {
    const uri = uriOf("broken.policy");
    client.open(uri, POLICY.replace("when saturation <= 88 %", "when saturaton <= 88 %"));
    const { cases: ran, problem } = await run({ policyUri: uri, texts: [{ uri }], coverage: true });
    assert.match(problem?.message ?? "", /not evaluated until this is mended: .*saturaton/u);
    assert.deepEqual(ran.map(({ status, problem: why }) => [status, why?.span.start.line]), ran.map(() => ["not evaluated", problem?.span.start.line]));
    assert.equal((await ask<TestList>(TESTS, { uri })).problem?.message, problem?.message);
  });

  test("a case with a mistake of its own says which, and the others run", async () => {
    const uri = uriOf("mistake.policy");
    client.open(uri, POLICY.replace("    age = 4 years\n", "    age = 4 kg\n"));
    const { cases: ran } = await run({ policyUri: uri, texts: [{ uri }] });
    assert.deepEqual(ran.map(({ status }) => status), ["passed", "passed", "not evaluated", "passed"]);
    assert.match(ran[2]!.problem?.message ?? "", /kg/u);
  });

  test("the details of a coverage are those of its figures, also after an edit", async () => {
    const uri = uriOf("covered.policy");
    client.open(uri, POLICY);
    const { coverage } = await run({ policyUri: uri, texts: [{ uri }], coverage: true });
    assert.deepEqual(coverage, { id: coverage!.id, criteria: { covered: 10, total: 10 }, branches: { covered: 15, total: 27 }, conditions: coverage!.conditions });
    const strict = analyze(POLICY, uri).policy!;
    const points = decisionPoints(strict);
    const counted = conditionCoverage(points, strict.analysis.cases.map((each) => shownBy(strict, points, each)));
    assert.deepEqual(coverage!.conditions, counted.atomsShown);
    assert.ok(counted.atomsShown.covered > 0 && counted.atomsShown.covered < counted.atomsShown.total, JSON.stringify(counted.atomsShown));
    client.change(uri, 2, `# A line more\n${POLICY}`);
    const details = (params: Omit<CoverageParams, "id">): Promise<CoverageDetails> => ask(COVERAGE, { id: coverage!.id, ...params });
    const { criteria: all, conditions } = await details({});
    assert.deepEqual([all.filter(({ decided }) => decided > 0).length, all.flatMap(({ branches }) => branches).filter((branch) => branch.cases > 0).length], [10, 15]);
    const line = POLICY.split("\n").findIndex((each) => each.includes("A. Saturation at rest"));
    assert.deepEqual([all[1]!.address, all[1]!.span.start], ["I.A", { line, character: 3 }]);
    assert.deepEqual(conditions.map(({ met, notMet, covered }) => [met, notMet, covered]), counted.atoms.map(({ met, notMet, covered }) => [met, notMet, covered]));
    assert.ok(conditions.every(({ text, span }) => text === POLICY.split("\n")[span.start.line]!.slice(span.start.character, span.end.character)), "places of the text that was run");
    assert.ok(conditions.every(({ covered, lacking }) => covered === (lacking === "")));
    const { criteria: one, conditions: ofOne } = await details({ case: { uri, id: "A child" } });
    assert.ok(ofOne.every(({ met, notMet }) => met + notMet <= 1) && ofOne.some(({ met, notMet }) => met + notMet === 1));
    assert.deepEqual(one.filter(({ decided }) => decided > 0).map(({ address }) => address), ["I.A", "II", "II.A", "II.B", "III"]);
    assert.equal(await ask(COVERAGE, { id: 9999 }), null);
  });

  test("the status says what is in force and how the cases come out", async () => {
    const uri = uriOf("status.policy");
    client.open(uri, POLICY.replace("expect refer by II", "expect approve"));
    const status = await ask<StatusResult>(STATUS, { uri });
    assert.deepEqual([status.number, status.effective, status.inForce, status.errors, status.cases], ["CP.EX.1", "2025-06-19", "today", 0, { passed: 3, failed: 1, notEvaluated: 0, total: 4 }]);
    client.open(uriOf("later.policy"), POLICY.replace("2025-06-19", "2999-01-01"));
    assert.equal((await ask<StatusResult>(STATUS, { uri: uriOf("later.policy") })).inForce, "later");
    client.open(uriOf("ended.policy"), POLICY.replace("effective  2025-06-19", "effective  2024-06-19\n  ends       2024-12"));
    const ended = await ask<StatusResult>(STATUS, { uri: uriOf("ended.policy") });
    assert.deepEqual([ended.inForce, ended.ends], ["no longer", "2024-12"]);
    assert.equal((await ask<StatusResult>(STATUS, { uri: uriOf("below/more.case.yaml") })).number, "CP.EX.1");
    assert.equal(await ask(STATUS, { uri: uriOf("lost.case.yaml") }), null);
  });
});
