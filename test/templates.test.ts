// What "New Policy" and "New Case" write: no findings, cases that pass, and nothing that an answer could break.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Diagnostic } from "vscode-languageserver-protocol/node";
import { runCase } from "../server/src/evaluate/run.js";
import { caseAnswerProblem, caseInFile, caseInPolicy, policyAnswerProblem, policyFileName, policyTemplate, proposedDate } from "../server/src/features/templates.js";
import { NEW_CASE, NEW_POLICY, type NewCaseResult, type NewPolicyResult } from "../server/src/lsp/protocol.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { readDate } from "../server/src/syntax/dates.js";
import { ROOT, startClient, type TestClient } from "./support/client.js";
import { EXAMPLE } from "./support/fixture.js";

const URI = "file:///policies/example.policy";
const GIVEN = { number: "CP.EX.9", title: "Home ventilation", plan: "Example Health Plan", lineOfBusiness: "Medicaid, CHIP", effective: "2026-02-01" };

/** A snippet as it stands once it is put in: of each stop the first choice. */
const filled = (snippet: string): string => snippet.replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/gu, "$1").replace(/\\([\\$}])/gu, "$1");
const put = (text: string, edit: { start: number; end: number; text: string }): string => text.slice(0, edit.start) + filled(edit.text) + text.slice(edit.end);

describe("a new policy", () => {
  test("has no findings, and its cases pass", () => {
    for (const given of [GIVEN, { number: "X1", title: "T", effective: "2026-02-28" }]) {
      const analysis = analyze(policyTemplate(given), URI);
      assert.deepEqual(analysis.diagnostics, []);
      assert.deepEqual(analysis.cases.map((each) => runCase(analysis.policy!, each).status), ["passed", "passed", "passed"]);
      assert.deepEqual([analysis.header.number, analysis.header.title], [given.number, given.title]);
    }
  });

  test("whatever answers are let through, there is no error in it", () => {
    const answer = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom("CP.MP.69", "Oxygen # 2", "A  b", "éß"));
    fc.assert(fc.property(answer, answer, answer, (number, title, plan) => {
      fc.pre(policyAnswerProblem("number", number) === undefined && policyAnswerProblem("title", title) === undefined && policyAnswerProblem("plan", plan) === undefined);
      const analysis = analyze(policyTemplate({ number, title, plan, effective: "2026-02-01" }), URI);
      assert.deepEqual(analysis.diagnostics.filter((found) => found.severity === "error"), []);
      assert.deepEqual([analysis.header.number, analysis.header.title], [number.trim(), title.trim()]);
    }), { numRuns: 2000 });
  });

  test("answers that cannot be used are refused in words", () => {
    assert.equal(policyAnswerProblem("number", "CP.MP.69"), undefined);
    for (const [field, answer] of [["number", ""], ["number", "CP 69"], ["number", "\"x\""], ["title", " "], ["title", "The \"best\""], ["title", "a\nb"], ["plan", "# 1"], ["effective", "2026-02"], ["effective", "2026-02-30"], ["effective", "soon"], ["lineOfBusiness", "Medicaid, Dental"]] as const) {
      assert.match(policyAnswerProblem(field, answer) ?? "", /\.$/u, `${field} ${answer}`);
    }
  });

  test("its file is named like it", () => {
    assert.equal(policyFileName({ number: "CP.MP.69", title: "Intensity-Modulated Radiotherapy (IMRT)" }), "intensity-modulated-radiotherapy-imrt.policy");
    assert.equal(policyFileName({ number: "CP.MP.69", title: "???" }), "cp.mp.69.policy");
    assert.equal(policyFileName({ number: "1", title: "Œdème à répétition" }), "œdeme-a-repetition.policy");
  });
});

describe("a new case", () => {
  const ANSWERS = { name: "Saturation of 84 percent", on: "2026-03-05" };

  test("stands behind the last one, names every fact, and has no findings of its own", () => {
    const before = analyze(EXAMPLE, URI);
    const after = analyze(put(EXAMPLE, caseInPolicy(before, ANSWERS)), URI);
    assert.deepEqual(after.diagnostics.map(({ code }) => code), before.diagnostics.map(({ code }) => code));
    const made = after.cases.at(-1)!;
    assert.deepEqual([made.name, made.on, made.facts.size, made.expect.determination?.value], [ANSWERS.name, readDate(ANSWERS.on, 0).day, 0, "pend"]);
    const written = after.text.slice(made.range.start);
    for (const { name, question } of before.facts.values()) {
      assert.match(written, new RegExp(`^    # ${name} =`, "mu"));
      if (question !== undefined) assert.ok(written.includes(`# ${question}`), question);
    }
    assert.match(written, /# age = … years/u);
    assert.match(written, /# cor_pulmonale = yes or no/u);
    assert.match(written, /# stage = early or late/u);
    assert.match(written, /#   - kind = drug or exercise, ended = …-…-…/u);
  });

  test("a line without its first sign, and with its value, is a fact", () => {
    const text = put(EXAMPLE, caseInPolicy(analyze(EXAMPLE, URI), ANSWERS)).replace(/# age = …/gu, "age = 44").replace(/# cor_pulmonale = yes or no/gu, "cor_pulmonale = yes").replace(/# stage = early or late/gu, "stage = late");
    const analysis = analyze(text, URI);
    assert.deepEqual(analysis.diagnostics.filter((found) => found.severity === "error"), []);
    assert.deepEqual([...analysis.cases.at(-1)!.facts.keys()].sort(), ["age", "cor_pulmonale", "stage"]);
  });

  test("opens the section of cases where there is none, in either kind of line end", () => {
    for (const eol of ["\n", "\r\n"]) {
      const text = `${policyTemplate(GIVEN).replace(/\n# Examples of requests[^]*$/u, "")}`.replace(/\n/gu, eol);
      const made = put(text, caseInPolicy(analyze(text, URI), ANSWERS));
      assert.equal(/(?<!\r)\n/u.test(made), eol === "\n");
      const { cases, diagnostics } = analyze(made, URI);
      assert.deepEqual([cases.map(({ name }) => name), diagnostics.map(({ code }) => code)], [[ANSWERS.name], []]);
      assert.equal(cases[0]!.attested.get("I.B"), "unknown");
    }
  });

  test("of every sample it is sound, and comes to a determination", () => {
    for (const name of ["imrt", "sleep-study", "spinal-injection", "tnf-inhibitor"]) {
      const text = readFileSync(join(ROOT, `samples/${name}.policy`), "utf8");
      const analysis = analyze(put(text, caseInPolicy(analyze(text, URI), ANSWERS)), URI);
      const made = analysis.cases.find((each) => each.name === ANSWERS.name)!;
      assert.ok(made.sound, name);
      assert.notEqual(runCase(analysis.policy!, made).status, "not evaluated");
    }
  });

  test("in a case file it is YAML, and in JSON it is not offered", () => {
    const policy = analyze(EXAMPLE, URI);
    for (const text of ["cases:\n  - name: First\n    on: 2026-03-01\n    expect: { determination: pend }\n", "policy: example.policy\ncases:\n"]) {
      const made = put(text, caseInFile(text, policy, ANSWERS)!);
      const { cases, diagnostics } = readCaseFile(made, "file:///policies/example.case.yaml", policy);
      assert.deepEqual([cases.at(-1)?.name, diagnostics.filter(({ severity }) => severity === "error")], [ANSWERS.name, []]);
      const uncommented = made.replace("# facts:", "facts:").replace(/# age: …/u, "age: 44");
      assert.deepEqual([...readCaseFile(uncommented, "file:///policies/example.case.yaml", policy).cases.at(-1)!.facts.keys()], ["age"]);
    }
    assert.equal(caseInFile("{ \"cases\": [] }", policy, ANSWERS), undefined);
  });

  test("names that cannot be used are refused; the date that is proposed lies in the policy's time", () => {
    assert.equal(caseAnswerProblem("name", "New", ["Old"]), undefined);
    assert.match(caseAnswerProblem("name", "Old", ["Old"])!, /already/u);
    assert.match(caseAnswerProblem("name", "  ", [])!, /needs a name/u);
    assert.match(caseAnswerProblem("on", "2026-13-01", [])!, /day/u);
    const day = (text: string): number => readDate(text, 0).day!;
    assert.equal(proposedDate(day("2026-02-01"), Infinity, day("2026-01-15")), "2026-02-01");
    assert.equal(proposedDate(-Infinity, day("2025-12-31"), day("2026-01-15")), "2025-12-31");
    assert.equal(proposedDate(-Infinity, Infinity, day("2026-01-15")), "2026-01-15");
  });
});

describe("the sample of the walkthrough", () => {
  test("has no findings, and its cases pass", () => {
    const analysis = analyze(readFileSync(join(ROOT, "client/walkthrough/sample.policy"), "utf8"), URI);
    assert.deepEqual(analysis.diagnostics, []);
    assert.deepEqual(analysis.cases.map((each) => runCase(analysis.policy!, each).status), analysis.cases.map(() => "passed"));
  });

  test("holds the words that the steps look for, and is packed", () => {
    const text = readFileSync(join(ROOT, "client/walkthrough/sample.policy"), "utf8");
    const steps = readFileSync(join(ROOT, "client/src/walkthrough.ts"), "utf8");
    for (const [, words] of steps.matchAll(/^const (?:HEADER|CRITERION|CASE|FACT) = ["'](.*)["'];$/gmu)) assert.ok(text.includes(words!), words);
    const { files, contributes } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { files: string[]; contributes: { walkthroughs: { steps: { id: string; media: { image?: string | Record<string, string>; markdown?: string } }[] }[]; snippets: { path: string }[]; commands: { command: string }[] } };
    const named = contributes.walkthroughs[0]!.steps.flatMap(({ media }) => (typeof media.image === "object" ? Object.values(media.image) : [media.image ?? media.markdown!])).concat(contributes.snippets.map(({ path }) => path.replace("./", "")));
    for (const file of ["client/walkthrough/sample.policy", ...named]) {
      assert.ok(files.includes(file), `${file} is packed`);
      readFileSync(join(ROOT, file));
    }
    const all = JSON.stringify(contributes.walkthroughs);
    const commands = new Set(contributes.commands.map(({ command }) => command));
    for (const [, command] of all.matchAll(/(?:command:|onCommand:)(policy\.[\w.]+)/gu)) assert.ok(commands.has(command!), command);
  });
});

describe("snippets", () => {
  test("make criteria, facts, references and revisions without findings, in their places", () => {
    const snippets = JSON.parse(readFileSync(join(ROOT, "client/snippets/policy.code-snippets"), "utf8")) as Record<string, { prefix: string; body: string[] }>;
    const plain = (name: string, indent: string): string => snippets[name]!.body.map((line) => indent + line
      .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/gu, "$1").replace(/\$\{\d+:\$CURRENT_YEAR-\$CURRENT_MONTH(-\$CURRENT_DATE)?\}/gu, (_, day?: string) => (day === undefined ? "2026-02" : "2026-02-01")).replace(/\$\{\d+:([^}]*)\}/gu, "$1")).join("\n");
    const text = `policy CP.EX.1 "T"\n  effective  2026-02-01\n\nfacts\n  age  years  "Age"\n${plain("New fact", "  ")}\n${plain("New fact with choices", "  ").replace("name", "other")}\n\ncriteria\n${plain("New statement", "")}\n${plain("New criterion", "   ").replace("A.", "C.").replace("condition", "age >= 1 years")}\n${plain("New list of criteria", "   ").replace("B.", "D.")}\n\nrevisions\n${plain("New revision", "  ")}\n\nreferences\n${plain("New reference", "  ")}\n`;
    const analysis = analyze(text, URI);
    assert.deepEqual(analysis.diagnostics.map(({ code, message }) => `${code}: ${message}`), []);
    assert.deepEqual([analysis.facts.size, analysis.criteria.length, analysis.references.size], [3, 7, 1]);
  });
});

describe("the server", () => {
  let client: TestClient;
  let folder: string;
  const ask = <R>(method: string, params: unknown): Promise<R> => client.connection.sendRequest<R>(method, params);
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "policy-new-"));
    client = await startClient({ folder });
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });

  test("checks answers one by one, and gives the text once all are there; no lint rule finds fault with it", async () => {
    assert.deepEqual(await ask<NewPolicyResult>(NEW_POLICY, { number: "CP 1" }), { problems: { number: policyAnswerProblem("number", "CP 1") } });
    assert.deepEqual(await ask<NewPolicyResult>(NEW_POLICY, { number: "CP.1", plan: "" }), { problems: {} });
    const made = await ask<NewPolicyResult>(NEW_POLICY, GIVEN);
    assert.deepEqual([made.problems, made.text, made.fileName], [{}, policyTemplate(GIVEN), "home-ventilation.policy"]);
    const uri = pathToFileURL(join(folder, "made.policy")).toString();
    client.open(uri, made.text!);
    assert.deepEqual((await client.pull(uri)).map(({ code, message }: Diagnostic) => `${code}: ${message}`), []);
    const sample = pathToFileURL(join(folder, "sample.policy")).toString();
    client.open(sample, readFileSync(join(ROOT, "client/walkthrough/sample.policy"), "utf8"));
    assert.deepEqual((await client.pull(sample)).map(({ code, message }: Diagnostic) => `${code}: ${message}`), []);
  });

  test("writes a case into an open policy", async () => {
    const uri = pathToFileURL(join(folder, "cases.policy")).toString();
    client.open(uri, policyTemplate(GIVEN));
    const first = await ask<NewCaseResult>(NEW_CASE, { uri });
    assert.match(first.proposed, /^\d{4}-\d{2}-\d{2}$/u);
    assert.match((await ask<NewCaseResult>(NEW_CASE, { uri, name: "Child" })).problems["name"]!, /already/u);
    const { edit } = await ask<NewCaseResult>(NEW_CASE, { uri, name: "Another", on: "2026-03-01" });
    const last = policyTemplate(GIVEN).trimEnd().split("\n");
    assert.deepEqual(edit?.span.start, { line: last.length - 1, character: last.at(-1)!.length });
    assert.match(edit?.snippet ?? "", /^\n\n {2}case "Another"\n {4}on 2026-03-01\n/u);
    assert.equal(await ask(NEW_CASE, { uri: pathToFileURL(join(folder, "none.policy")).toString() }), null);
  });
});
