// The explanation view: what it is told, what if a fact were another, and cases written from what was tried.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { runCase } from "../server/src/evaluate/run.js";
import { blankCase, type CaseChanges, changedCase } from "../server/src/evaluate/whatif.js";
import { newCaseInFile, newCaseInPolicy, type NewCase } from "../server/src/features/newcase.js";
import { type ExplanationModel, explanationModel, outcomeAsExpectation, type ViewNode } from "../server/src/render/explanationview.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type { Analysis, PolicyCase } from "../server/src/semantics/model.js";
import {
  ADVICE, type AdviceSection, EXPLANATION, EXPLANATION_MARKDOWN, type ExplanationNode, type ExplanationParams, type ExplanationResult, PREVIEW, PREVIEW_PAGE, type PreviewResult, DIAGRAM, type DiagramResult, SAVE_CASE, type SaveCaseResult,
} from "../server/src/lsp/protocol.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { EXAMPLE } from "./support/fixture.js";
import { startClient, type TestClient } from "./support/client.js";

const samples = samplesIn(SAMPLES);
const everyCase = samples.flatMap((sample) => [...sample.analysis.cases, ...sample.caseFiles.flatMap((each) => each.file.cases)].map((policyCase) => ({ sample, policyCase })));

function modelOf(analysis: Analysis, policyCase: PolicyCase): ExplanationModel {
  const result = runCase(analysis.policy!, policyCase);
  return explanationModel(analysis, policyCase, result.explanation!, result.failures);
}
const nodesOf = (nodes: readonly ViewNode[]): readonly ViewNode[] => nodes.flatMap((node) => [node, ...nodesOf(node.items)]);

describe("what the view is told", () => {
  test("every criterion of every sample with its outcome, at its place, under an id of its own", () => {
    for (const { sample, policyCase } of everyCase) {
      const { analysis } = sample;
      const { explanation } = runCase(analysis.policy!, policyCase);
      const nodes = nodesOf(modelOf(analysis, policyCase).statements);
      assert.equal(new Set(nodes.map((node) => node.id)).size, nodes.length);
      const applies = new Map(explanation!.statements.map((statement) => [statement.address, statement.applies]));
      for (const [address, outcome] of Object.entries(explanation!.outcomes)) {
        const node = nodes.find((each) => each.id === address);
        assert.ok(node, `${address} is not in the tree`);
        assert.equal(node.outcome, ["not met", "not applicable"].includes(applies.get(address) ?? "met") ? "not applicable" : outcome, address);
        assert.equal(node.range.start, analysis.byAddress.get(address)!.node.start);
        assert.ok(node.extent.end >= node.range.end);
      }
    }
  });

  test("the facts behind a step are those its conditions name, through definitions too", () => {
    const analysis = analyze(EXAMPLE, "a.policy");
    const nodes = nodesOf(modelOf(analysis, analysis.cases[0]!).statements);
    const facts = (id: string): readonly string[] => nodes.find((node) => node.id === id)!.facts;
    assert.deepEqual(facts("I.A"), ["age"]);
    assert.deepEqual(facts("I.B.1"), ["saturation"]);
    assert.deepEqual(facts("I.B.2"), ["stage", "cor_pulmonale", "therapies"]);
    assert.deepEqual(facts("I.C"), []);
  });

  test("each fact says where the policy declares it and where the case gives it", () => {
    const analysis = analyze(EXAMPLE, "a.policy");
    const { facts, answers, missing } = modelOf(analysis, analysis.cases[0]!);
    const age = facts.find((fact) => fact.name === "age")!;
    assert.match(EXAMPLE.slice(age.declared.start, age.declared.end), /^age {13}years {8}"Age on the date of service"$/u);
    assert.equal(EXAMPLE.slice(age.given!.start, age.given!.end), "age = 64 years");
    assert.equal(age.value, "64 years");
    assert.equal(facts.find((fact) => fact.name === "seen")!.given, undefined);
    assert.deepEqual(answers.map(({ address, outcome }) => [address, outcome]), [["I.C", "met"]]);
    assert.deepEqual(missing, []);
    assert.deepEqual(modelOf(analysis, analysis.cases[1]!).missing.map((item) => [item.name, item.question]).slice(0, 1), [["saturation", "Oxygen saturation at rest"]]);
  });

  test("every value shown is one that the checker reads as the same", () => {
    for (const { sample, policyCase } of everyCase) {
      const { facts } = modelOf(sample.analysis, policyCase);
      const changes = { facts: Object.fromEntries(facts.filter((fact) => fact.value !== undefined).map((fact) => [fact.name, fact.input.kind === "records" && fact.records!.length > 0 ? fact.records! : fact.value!])) };
      const { policyCase: again, problems } = changedCase(sample.analysis, blankCase("a", policyCase.on), changes);
      assert.deepEqual(problems, []);
      assert.deepEqual(new Map([...again.facts].sort()), new Map([...policyCase.facts].sort()), policyCase.name);
    }
  });
});

describe("what if", () => {
  const analysis = analyze(EXAMPLE, "a.policy");
  const [first, second] = analysis.cases as [PolicyCase, PolicyCase];
  const decided = (base: PolicyCase, changes: CaseChanges): string => runCase(analysis.policy!, changedCase(analysis, base, changes).policyCase).explanation!.determination;

  test("an answer changes the determination; without it all is as before", () => {
    assert.equal(decided(second, {}), "pend");
    const answered = { codes: "E1390", facts: { saturation: "86 %" }, criteria: { "I.C": "met" as const } };
    assert.equal(decided(second, answered), "approve");
    assert.equal(decided(second, { ...answered, facts: { saturation: "91", stage: "early" } }), "refer");
    assert.equal(decided(first, { codes: "E1390" }), "approve");
    assert.equal(decided(first, { codes: "E1390", criteria: { "I.C": null } }), "pend");
    assert.equal(decided(first, { codes: "E1390", facts: { age: null } }), "pend");
    assert.equal(decided(first, { codes: "E1390", on: "2020-01-01" }), "refer");
  });

  test("a wrong value gets the checker's message and changes nothing", () => {
    const wrong: readonly [CaseChanges, string, RegExp][] = [
      [{ facts: { age: "64 kg" } }, "age", /a number in years, and kg measures something else/u],
      [{ facts: { age: "1,000" } }, "age", /no commas between thousands/u],
      [{ facts: { saturation: "many" } }, "saturation", /not `many`/u],
      [{ facts: { stage: "laate" } }, "stage", /cannot be `laate`/u],
      [{ facts: { seen: "2025-02-30" } }, "seen", /no day of the calendar/u],
      [{ facts: { diagnoses: "J44.1, 99999" } }, "diagnoses", /no code of ICD-10-CM/u],
      [{ facts: { therapies: [{ kind: "drug", ended: "soon" }] } }, "therapies", /`soon` is no day/u],
      [{ facts: { nothing: "1" } }, "nothing", /no fact `nothing`/u],
      [{ criteria: { "I.A": "met" } }, "I.A", /cannot be attested/u],
      [{ codes: "??" }, "codes", /form of a code/u],
      [{ on: "tomorrow" }, "on", /no day of the calendar/u],
    ];
    for (const [changes, name, message] of wrong) {
      const { policyCase, problems } = changedCase(analysis, first, changes);
      assert.deepEqual(problems.map((problem) => problem.name), [name], JSON.stringify(changes));
      assert.match(problems[0]!.message, message);
      assert.deepEqual([policyCase.on, policyCase.codes, policyCase.facts, policyCase.attested], [first.on, first.codes, first.facts, first.attested], name);
    }
  });

  test("a bare figure is in the fact's unit, another unit is converted, lists and records are read", () => {
    const { policyCase, problems } = changedCase(analysis, second, { facts: { age: "24 months", saturation: "88", diagnoses: "J44.1,J44.9", therapies: [{ kind: "drug" }, {}], stage: "" } });
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.fromEntries(policyCase.facts), { age: 2, saturation: 88, diagnoses: ["J441", "J449"], therapies: [{ kind: 0 }, {}] });
    assert.deepEqual(changedCase(analysis, second, { facts: { diagnoses: "none", therapies: [] } }).policyCase.facts.get("therapies"), []);
    const named = changedCase(analysis, second, { codes: "CPT 77301, E1390", lineOfBusiness: "Medicaid", pathway: "initial" }).policyCase;
    assert.deepEqual([named.codes, named.lineOfBusiness, named.pathway], [["CPT 77301", "HCPCS E1390"], "Medicaid", "initial"]);
  });

  test("whatever is typed, nothing throws", () => {
    fc.assert(fc.property(fc.constantFrom("age", "saturation", "stage", "seen", "diagnoses", "therapies", "cor_pulmonale"), fc.string({ maxLength: 30 }), (name, text) => {
      const { policyCase } = changedCase(analysis, first, { facts: { [name]: text }, codes: text, pathway: text, on: text });
      assert.ok(runCase(analysis.policy!, policyCase).explanation);
    }), { numRuns: 300 });
  });
});

describe("a case is written", () => {
  const written = (analysis: Analysis, given: NewCase): Analysis => {
    const { start, end, text } = newCaseInPolicy(analysis, given);
    return analyze(analysis.text.slice(0, start) + text + analysis.text.slice(end), analysis.uri);
  };

  test("into the policy as it was: every case of every sample, read back the same, with nothing else touched", () => {
    for (const { sample, policyCase } of everyCase) {
      const { explanation } = runCase(sample.analysis.policy!, policyCase);
      const after = written(sample.analysis, { ...policyCase, name: "Written anew", expect: outcomeAsExpectation(explanation!) });
      assert.ok(after.text.startsWith(sample.text.trimEnd()), "the policy before it is as it was");
      assert.deepEqual(after.diagnostics.filter((found) => found.severity === "error").map((found) => found.message), [], policyCase.name);
      const again = after.cases.at(-1)!;
      assert.deepEqual([again.name, again.on, again.codes ?? [], again.lineOfBusiness, again.pathway, [...again.facts].sort(), [...again.attested].sort()],
        ["Written anew", policyCase.on, policyCase.codes ?? [], policyCase.lineOfBusiness, policyCase.pathway, [...policyCase.facts].sort(), [...policyCase.attested].sort()], policyCase.name);
      assert.equal(runCase(after.policy!, again).status, "passed", `${policyCase.name} does not come to what was written`);
    }
  });

  test("into a case file, YAML or JSON, read back the same", () => {
    for (const sample of samples) {
      for (const { name, text } of sample.caseFiles) {
        for (const { policyCase } of everyCase.filter((each) => each.sample === sample)) {
          const { explanation } = runCase(sample.analysis.policy!, policyCase);
          const edit = newCaseInFile(text, sample.analysis.facts, { ...policyCase, name: "Written: anew # really", expect: outcomeAsExpectation(explanation!) });
          assert.ok(edit, `${name} has a list of cases`);
          const made = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
          const file = readCaseFile(made, name, sample.analysis);
          assert.deepEqual(file.diagnostics.filter((found) => found.severity === "error").map((found) => found.message), [], `${name}: ${policyCase.name}`);
          const again = file.cases.at(-1)!;
          assert.equal(again.name, "Written: anew # really");
          assert.deepEqual([...again.facts].sort(), [...policyCase.facts].sort(), policyCase.name);
          assert.equal(runCase(sample.analysis.policy!, again).status, "passed", policyCase.name);
          assert.match(made.slice(edit.select.start, edit.select.end), /expect/u);
        }
      }
    }
  });

  const bare: NewCase = { name: 'The "first"', on: 20270, facts: new Map([["age", 64]]), attested: new Map([["I.C", "met"]]), expect: { determination: "pend", missing: ["saturation"] } };

  test("a section is made where there is none, line ends stay, and what is expected is selected", () => {
    const none = EXAMPLE.slice(0, EXAMPLE.indexOf("\ncases"));
    for (const text of [none, `${none}\ncases\n`, EXAMPLE, EXAMPLE.replace(/\n/gu, "\r\n"), EXAMPLE.trimEnd()]) {
      const analysis = analyze(text, "a.policy");
      const { start, end, text: inserted, select } = newCaseInPolicy(analysis, bare);
      const made = text.slice(0, start) + inserted + text.slice(end);
      const after = analyze(made, "a.policy");
      assert.equal(after.cases.at(-1)!.name, "The 'first'");
      assert.equal(after.cases.length, analysis.cases.length + 1);
      assert.equal(made.slice(select.start, select.end), "expect pend missing saturation");
      assert.equal(/[^\r]\n/u.test(made), !text.includes("\r\n"));
    }
  });

  test("the first case of a file, an empty JSON list, and a file that holds no list", () => {
    const { facts } = analyze(EXAMPLE, "a.policy");
    for (const text of ["policy: a.policy\n", "policy: a.policy\ncases:\n", "", '{ "policy": "a.policy", "cases": [] }', "- name: A\n  on: 2025-07-01\n"]) {
      const edit = newCaseInFile(text, facts, bare);
      if (text === "") {
        assert.equal(edit, undefined);
        continue;
      }
      assert.ok(edit, text);
      const file = readCaseFile(text.slice(0, edit.start) + edit.text + text.slice(edit.end), "a.case.yaml", analyze(EXAMPLE, "a.policy"));
      assert.equal(file.cases.at(-1)!.name, "The 'first'", text);
    }
    assert.equal(newCaseInFile("name: A\non: 2025-07-01\n", facts, bare), undefined);
    assert.equal(newCaseInFile("cases: [", facts, bare), undefined);
  });
});

describe("the requests of the views", () => {
  let client: TestClient;
  let folder: string;
  let uri: string;
  let caseUri: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "policy-views-"));
    writeFileSync(join(folder, "a.case.yaml"), "cases:\n  - name: In the file\n    on: 2026-03-01\n    facts:\n      age: 10\n");
    uri = pathToFileURL(join(folder, "a.policy")).toString();
    caseUri = pathToFileURL(join(folder, "a.case.yaml")).toString();
    client = await startClient({ folder });
    client.open(uri, EXAMPLE);
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });
  const explain = (params: Omit<ExplanationParams, "uri">): Promise<ExplanationResult> => client.connection.sendRequest<ExplanationResult>(EXPLANATION, { uri, ...params });
  const all = (nodes: readonly ExplanationNode[]): readonly ExplanationNode[] => nodes.flatMap((node) => [node, ...all(node.items)]);

  test("the first case is explained where none is named; all cases are offered, those of files too", async () => {
    const { explained, cases, shown } = await explain({});
    assert.deepEqual(cases.map((each) => [each.name, each.file]), [["Saturation of 86 percent", ""], ["Nothing measured", ""], ["In the file", "a.case.yaml"]]);
    assert.equal(shown?.name, "Saturation of 86 percent");
    assert.equal(explained?.case, "Saturation of 86 percent");
    const b1 = all(explained!.statements).find((node) => node.id === "I.B.1")!;
    const lines = EXAMPLE.split("\n");
    assert.match(lines[b1.span.start.line]!, /1\. Hypoxemia/u);
    assert.deepEqual(b1.lines, [b1.span.start.line, b1.span.start.line + 1]);
    const age = explained!.facts.find((fact) => fact.name === "age")!;
    assert.match(lines[age.given!.span.start.line]!, /age = 64 years/u);
    assert.match(lines[age.declared.span.start.line]!, /age {13}years/u);
  });

  test("changes tell what they changed", async () => {
    const { explained, problems } = await explain({ case: { uri, name: "Nothing measured" }, changes: { codes: "E1390", facts: { saturation: "86", age: "old" }, criteria: { "I.C": "met" } } });
    assert.equal(explained?.determination, "approve");
    assert.equal(explained?.before, "pend");
    assert.deepEqual(all(explained!.statements).filter((node) => node.before !== undefined).map((node) => [node.id, node.before, node.outcome]), [
      ["I", "unknown", "met"], ["I.B", "unknown", "met"], ["I.B.1", "unknown", "met"], ["I.C", "unknown", "met"], ["II", "unknown", "not met"],
    ]);
    assert.deepEqual(problems.map((problem) => problem.name), ["age"]);
    assert.deepEqual(explained!.failures, []);
    const markdown = await client.connection.sendRequest<string>(EXPLANATION_MARKDOWN, { uri, case: { uri, name: "Nothing measured" } });
    assert.match(markdown, /^## Pend: /u);
  });

  test("what is missing and why it is not approved are told on demand, with the changes", async () => {
    const advice = (params: Omit<ExplanationParams, "uri">): Promise<readonly AdviceSection[]> => client.connection.sendRequest<readonly AdviceSection[]>(ADVICE, { uri, ...params });
    const texts = (sections: readonly AdviceSection[]): readonly string[] => sections.flatMap(({ title, blocks }) => [title, ...blocks.flatMap((block) => (block.kind === "text" ? [block.text] : block.items.flat()))]);
    const pended = texts(await advice({ case: { uri, name: "Nothing measured" } }));
    assert.deepEqual(pended.filter((text) => /^(?:What is missing|Why not approved)$/u.test(text)), ["What is missing", "Why not approved"]);
    assert.ok(pended.some((text) => text.startsWith("Next question: ")), pended.join("\n"));
    assert.deepEqual(await advice({ case: { uri, name: "Nothing measured" }, changes: { codes: "E1390", facts: { saturation: "86" }, criteria: { "I.C": "met" } } }), [], "an approved case");
    const child = texts(await advice({ case: { uri: caseUri, name: "In the file" } }));
    assert.equal(child[0], "Why not approved");
    assert.ok(child.some((text) => /asks for.*18 years.*the record shows 10 years/u.test(text)), child.join("\n"));
  });

  test("a case can be begun anew, and a case of a file is explained with places in it", async () => {
    const anew = await explain({ case: { uri }, changes: { facts: { age: "10" } } });
    assert.equal(anew.explained?.case, "New case");
    assert.equal(anew.explained?.on, "2026-02-01");
    assert.equal(anew.explained?.facts.find((fact) => fact.name === "age")?.value, "10 years");
    const inFile = await explain({ case: { uri: caseUri, name: "In the file" } });
    assert.equal(inFile.explained?.facts.find((fact) => fact.name === "age")?.given?.uri, caseUri);
    assert.equal(inFile.explained?.caseSource?.uri, caseUri);
  });

  test("saving gives the edit: in the policy, or in the file the case comes from", async () => {
    const changes: CaseChanges = { codes: "E1390", facts: { saturation: "86" }, criteria: { "I.C": "met" } };
    const saved = await client.connection.sendRequest<SaveCaseResult>(SAVE_CASE, { uri, case: { uri, name: "Nothing measured" }, changes, name: "Measured" });
    assert.equal(saved.uri, uri);
    assert.equal(saved.newText.trim(), 'case "Measured"\n    on 2026-03-01\n    codes HCPCS E1390\n    age = 64 years\n    saturation = 86 %\n    I.C = met\n    expect approve by I');
    const inFile = await client.connection.sendRequest<SaveCaseResult>(SAVE_CASE, { uri, case: { uri: caseUri, name: "In the file" }, name: "Another" });
    assert.equal(inFile.uri, caseUri);
    assert.match(inFile.newText, /^\n {2}- name: Another\n {4}on: 2026-03-01\n {4}facts:\n {6}age: 10 years\n {4}expect:\n {6}determination: /u);
  });

  test("a policy with an error is not explained, and says why", async () => {
    client.change(uri, 2, EXAMPLE.replace("when age >= 18 years", "when agee >= 18 years"));
    const { explained, problem, cases } = await explain({});
    assert.equal(explained, undefined);
    assert.match(problem ?? "", /1 error and is not evaluated.*Line \d+/su);
    assert.equal(cases.length >= 2, true);
    const drawn = await client.connection.sendRequest<DiagramResult>(DIAGRAM, { uri, opened: [], case: { uri, name: "Nothing measured" } });
    assert.match(drawn.note ?? "", /not evaluated/u);
    assert.match(drawn.svg, /I\.B\.1/u);
    client.change(uri, 3, EXAMPLE);
  });

  test("preview and diagram follow the text as it is typed", async () => {
    const page = await client.connection.sendRequest<PreviewResult>(PREVIEW, { uri, conditions: false });
    assert.equal(page.title, "CP.EX.1 Home oxygen therapy");
    client.change(uri, 4, EXAMPLE.replace("Hypoxemia", "Low oxygen & more"));
    const next = await client.connection.sendRequest<PreviewResult>(PREVIEW, { uri, conditions: false });
    assert.match(next.blocks.map((block) => block.html).join(""), /Low oxygen &amp; more/u);
    assert.match((await client.connection.sendRequest<string>(PREVIEW_PAGE, { uri, conditions: true }))!, /^<!DOCTYPE html>[^]*when hypoxemic/u);
    const drawn = await client.connection.sendRequest<DiagramResult>(DIAGRAM, { uri, opened: [], case: { uri, name: "Nothing measured" }, statement: "I" });
    assert.match(drawn.svg, /Low oxygen &amp; more/u);
    assert.doesNotMatch(drawn.svg, /data-address="II"/u);
    assert.match(drawn.svg, /is-unknown/u);
    assert.equal(await client.connection.sendRequest(PREVIEW, { uri: caseUri, conditions: false }), null);
    client.change(uri, 5, EXAMPLE);
  });
});
