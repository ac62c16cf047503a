// Batches: a stream of cases comes to the same as the cases one by one, in order, past bad rows, in one thread and in several.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { binderOf } from "../server/src/cli/batch/bind.js";
import { endOfRows } from "../server/src/cli/batch/pieces.js";
import { compile } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import { summarizer } from "../server/src/evaluate/summary.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type { PolicyCase } from "../server/src/semantics/model.js";
import { workplace, type Workplace } from "./support/cli.js";

const POLICY = `policy EX.1 "Example"
  effective 2025-01-01

facts
  age        years from 0 to 120        "Age on the date of service"
  tumor      yes/no                     "Is there a tumor?"
  sites      list of one of lung, brain "Sites"
  diagnosis  ICD-10-CM                  "Diagnosis"
  seen       date                       "Last seen"
  comment    text                       "Comment"
  therapies  list of                    "Treatments"
    kind     one of drug, surgery       "Kind"
    weeks_given  weeks                  "Length"

criteria
I. The service is medically necessary when all of the following are met: [1]
   A. Age < 18 years [2]
      when age < 18 years
   B. Any of the following:
      1. There is a tumor
         when tumor and (sites include lung or diagnosis in C69.-)
         unless seen < 2025-01-01
      2. A drug was given
         when exists therapies where kind is drug and weeks_given >= 6 weeks
      3. The patient has been examined
II. The service is investigational when all of the following are met:
   applies to pathway repeat
   A. Age > 100 years
      when age > 100 years

references
  1. Example A. Planning in steps. 2020.
  2. Example B. Dose and time. 2021.
`;
const analysis = analyze(POLICY, "a.policy");
const binder = binderOf(analysis);
const quotes = (text: string): number => text.split('"').length - 1;

let place: Workplace;
before(() => {
  place = workplace();
  place.write("a.policy", POLICY);
});
after(() => place.remove());

const CASES = [
  { name: "child", on: "2025-07-01", facts: { age: 9, tumor: true, sites: ["lung"], seen: "2025-06-01" }, criteria: { "I.B.3": "not met" }, pathway: "initial", expect: "approve" },
  { name: "adult", on: "2025-07-01", facts: { age: "40 years", tumor: "yes" }, pathway: "initial", expect: "approve" },
  { name: "open", on: "2025-07-01", facts: { age: 9 }, pathway: "initial" },
  { name: "records", on: "2025-07-01", facts: { age: 9, therapies: [{ kind: "drug", weeks_given: 8 }] }, pathway: "initial" },
];
const NDJSON = `${CASES.map((each) => JSON.stringify(each)).join("\n")}\n`;
const rowsOf = (out: string): Record<string, unknown>[] => out.trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);

describe("the command", () => {
  test("writes one result a case, in order", () => {
    place.write("good.ndjson", NDJSON);
    const { code, out, err } = place.policy(["evaluate", "a.policy", "--cases", "good.ndjson"]);
    assert.equal(code, 1);
    assert.deepEqual(rowsOf(out), [
      { line: 1, name: "child", determination: "approve", by: ["I.A", "I.B.1"], missing: [], citations: [1, 2], failures: [] },
      { line: 2, name: "adult", determination: "refer", by: ["I"], missing: [], citations: [1], failures: ["Expected approve, came to refer."] },
      { line: 3, name: "open", determination: "pend", by: ["I"], missing: ["tumor", "sites", "diagnosis", "seen", "therapies", "I.B.3"], citations: [1] },
      { line: 4, name: "records", determination: "approve", by: ["I.A", "I.B.2"], missing: [], citations: [1, 2] },
    ]);
    assert.equal(err, "4 cases: 2 approve, 1 pend, 1 refer; 1 case not as expected.\n");
  });

  test("goes on after a bad row and tells its line and column", () => {
    const lines = ['{"name":"a","on":"2025-07-01","facts":{"age":9}}', '{"name":"b","on":"2025-07-01","facts":{"agee":9}}', "not JSON", "", '{"name":"c","on":"2025-07-01","facts":{"age":9,"age":10}}', '{"name":"d","on":"2025-07-01","facts":{"age":9}}', "[]", '{"cases":[{"name":"e","on":"2025-07-01"}]}'];
    const { code, out, err } = place.policy(["evaluate", "a.policy", "--cases", "-"], { input: lines.join("\r\n") });
    assert.equal(code, 1);
    const rows = rowsOf(out);
    assert.deepEqual(rows.map((row) => [row["line"], row["determination"] ?? "error"]), [[1, "pend"], [2, "error"], [3, "error"], [5, "error"], [6, "pend"], [7, "error"], [8, "error"]]);
    assert.equal(rows[1]!["error"], "The policy has no fact `agee`.");
    assert.equal(rows[1]!["column"], lines[1]!.indexOf('"agee"') + 1);
    assert.match(err, /^standard input:2:40 The policy has no fact `agee`\. Did you mean `age`\?\nstandard input:3:1 The line is not valid JSON\./u);
    assert.match(err, /7 cases: 0 approve, 2 pend, 0 refer; 5 rows not evaluated\.\n$/u);
  });

  test("reads and writes tables", () => {
    place.write("cases.csv", '\ufeffname,on,age,tumor,sites,seen,pathway,comment,I.B.3,expect\r\nchild,2025-07-01,9 years,yes,lung;brain,2025-06-01,initial,"a, ""b""\r\nc",,approve\r\nadult,2025-07-01,40,yes,,,initial,,met,refer\r\n\r\nbad,2025-07-01,old,,,,,,,\r\n');
    const { code, out, err } = place.policy(["evaluate", "a.policy", "--cases", "cases.csv", "--output-file", "results.csv"]);
    assert.equal(out, "");
    assert.equal(code, 1);
    assert.equal(place.read("results.csv"), [
      "line,name,determination,by,missing,citations,failures,error",
      "2,child,approve,I.A; I.B.1,,1; 2,,",
      "4,adult,refer,I,,1,,",
      "6,bad,,,,,,\"`age` is a number in years, not `old`.\"",
      "",
    ].join("\n"));
    assert.match(err, /^cases\.csv:6:16 /u);
  });

  test("goes on behind a row with a stray quotation mark", () => {
    const { out, err } = place.policy(["evaluate", "a.policy", "--cases", "-", "--format", "ndjson"], { input: 'name,on,age\na,2025-07-01,9\nb"x,2025-07-01,9\nc,2025-07-01,9\n"d"x,2025-07-01,9\ne,2025-07-01,9\n' });
    assert.deepEqual(rowsOf(out).map((row) => [row["line"], row["name"] ?? "error"]), [[2, "a"], [3, "error"], [4, "c"], [5, "error"], [6, "e"]]);
    assert.match(err, /standard input:3:1 A quotation mark stands inside a cell/u);
  });

  test("refuses a table whose columns mean nothing, before any row", () => {
    const { code, out, err } = place.policy(["evaluate", "a.policy", "--cases", "-"], { input: "name,on,agee\na,2025-07-01,9\n" });
    assert.deepEqual([code, out], [1, ""]);
    assert.equal(err, "standard input:1:9 The policy has no fact and no criterion `agee`. Did you mean `age`?\n");
  });

  test("adds the explanation where it is asked for", () => {
    const { out } = place.policy(["evaluate", "a.policy", "--cases", "-", "--explain"], { input: NDJSON });
    const explanation = rowsOf(out)[0]!["explanation"] as { case: string; path: string[] };
    assert.equal(explanation.case, "child");
    assert.deepEqual(explanation.path, ["I", "I.A", "I.B", "I.B.1"]);
    assert.equal(place.policy(["evaluate", "a.policy", "--cases", "-", "--explain", "--format", "csv"], { input: NDJSON }).code, 2);
  });

  test("usage mistakes are told as such", () => {
    for (const [args, said] of [
      [["evaluate", "a.policy", "--format", "csv"], /--format csv goes with --cases/u],
      [["evaluate", "a.policy", "--explain"], /--explain goes with --cases/u],
      [["evaluate", "a.policy", "--cases", "none.csv"], /there is no such file/u],
      [["evaluate", "a.policy", "--cases", "-", "--case", "x"], /exclude each other/u],
      [["evaluate", "a.policy", "--cases", "-", "--format", "markdown"], /no results in the format markdown/u],
      [["evaluate", "a.csv", "--cases", "-"], /is no policy/u],
      [["batch-worker"], /unknown command/u],
    ] as const) {
      const { code, out, err } = place.policy(args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(err, said);
    }
    const utf16 = place.policy(["evaluate", "a.policy", "--cases", "-"], { input: Buffer.from("\ufeffname,on\n", "utf16le") });
    assert.match(utf16.err, /UTF-16.*\n.*UTF-8/u);
    place.write("broken.policy", POLICY.replace("when age < 18", "when agee < 18"));
    assert.equal(place.policy(["evaluate", "broken.policy", "--cases", "-"], { input: NDJSON }).code, 1);
  });

  test("a policy's samples in several threads come to the same as in one", () => {
    const many = Array.from({ length: 60_000 }, (_, i) => (i % 5000 === 77 ? '{"name":"bad","on":"2025-07-01","facts":{"age":900}}' : JSON.stringify({ ...CASES[i % CASES.length], name: `case ${i} with some words to fill its line` }))).join("\n");
    place.write("many.ndjson", many);
    assert.ok(many.length > 8 << 20);
    const one = place.policy(["evaluate", "a.policy", "--cases", "many.ndjson", "--threads", "1"]);
    const two = place.policy(["evaluate", "a.policy", "--cases", "many.ndjson", "--threads", "3"]);
    assert.equal(one.code, 1);
    assert.ok(one.out === two.out, "the results differ");
    assert.equal(one.err, two.err);
    assert.equal(rowsOf(one.out).length, 60_000);
    assert.deepEqual(rowsOf(one.out).map((row) => row["line"]), Array.from({ length: 60_000 }, (_, i) => i + 1));
  });
});

describe("binding", () => {
  const scalars: fc.Arbitrary<unknown> = fc.oneof(fc.boolean(), fc.integer({ min: -5, max: 130 }), fc.double({ noNaN: true }), fc.constantFrom("yes", "no", "9 years", "108 months", "9 kg", "lung", "liver", "none", "C69.0", "C6", "2025-03-01", "2025-02-30", "", " ", "77301"), fc.constantFrom(null, "9", "yes"));
  const facts = fc.dictionary(fc.constantFrom("age", "tumor", "sites", "diagnosis", "seen", "comment", "agee", "therapies"), fc.oneof({ weight: 4, arbitrary: scalars }, { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }) }), { maxKeys: 2 });
  const cases = fc.record({
    name: fc.constantFrom<unknown>("a", " b ", 7, ""), on: fc.constantFrom("2025-07-01", "2024-02-29", "2025-12-31", "2025-07", "today"), codes: fc.constantFrom<unknown>(["CPT 77301"], ["77301", "G6015"], ["what"], "CPT 77301"),
    pathway: fc.constantFrom("initial", "repeat", "first"), "line of business": fc.constantFrom("Medicaid", "Other"), facts,
    criteria: fc.dictionary(fc.constantFrom("I.B.3", "I.A", "i.b.3", "IX"), fc.constantFrom<unknown>("met", "not met", "unknown", true, "so-so"), { maxKeys: 1 }), expect: fc.constantFrom<unknown>("approve", "refer", "deny", { by: "I.A" }),
  }, { requiredKeys: ["on"] });
  const plain = ({ on, codes, lineOfBusiness, pathway, facts: given, attested, expect, name }: PolicyCase): object => ({ on, codes, lineOfBusiness, pathway, facts: [...given], attested: [...attested], expected: expect.determination?.value, name });

  test("takes only what the checker takes, and to the same values", () => {
    let bound = 0;
    fc.assert(fc.property(cases, (value) => {
      const text = JSON.stringify(value);
      const quick = binder.object(JSON.parse(text), quotes(text));
      if (quick === undefined || text.includes("\\")) return;
      bound++;
      const file = readCaseFile(text, "", analysis);
      assert.deepEqual(file.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message), [], text);
      assert.deepEqual({ ...plain(quick), name: quick.name || "unnamed case" }, plain(file.cases[0]!), text);
    }), { numRuns: 3000, seed: 5 });
    assert.ok(bound > 100, `only ${bound} were bound`);
  });

  test("a key that stands twice is not passed over", () => {
    const text = '{"on":"2025-07-01","facts":{"age":9,"age":10}}';
    assert.equal(binder.object(JSON.parse(text), quotes(text)), undefined);
    const once = '{"on":"2025-07-01","facts":{"age":9}}';
    assert.ok(binder.object(JSON.parse(once), quotes(once)));
  });
});

test("a summary says what the explanation says", () => {
  const evaluator = compile(analysis.policy!);
  const summarize = summarizer(evaluator);
  const outcome = fc.constantFrom("met", "not met", "unknown");
  const facts = fc.record({ age: fc.integer({ min: 0, max: 120 }), tumor: fc.boolean(), sites: fc.subarray(["lung", "brain"]), diagnosis: fc.constantFrom("C69.0", "C61"), seen: fc.constantFrom("2024-01-01", "2025-06-01"), therapies: fc.array(fc.record({ kind: fc.constantFrom("drug", "surgery"), weeks_given: fc.integer({ min: 1, max: 10 }) }, { requiredKeys: [] }), { maxLength: 2 }) }, { requiredKeys: [] });
  const seen = new Set<string>();
  fc.assert(fc.property(facts, fc.option(outcome, { nil: undefined }), fc.option(fc.constantFrom("initial", "repeat"), { nil: undefined }), (given, answer, pathway) => {
    const decision = evaluator.decide(given, { on: "2025-07-01", pathway, criteria: answer === undefined ? undefined : { "I.B.3": answer as "met" } });
    const { by, missing, citations } = summarize(decision);
    const explanation = explain(decision, "");
    seen.add(explanation.determination);
    assert.deepEqual(missing, explanation.missing.map(({ name }) => name));
    assert.deepEqual(citations, explanation.citations.map(({ number }) => number));
    assert.deepEqual(by, explanation.path.filter((address) => !explanation.path.some((other) => other.startsWith(`${address}.`))));
  }), { numRuns: 2000, seed: 9 });
  assert.deepEqual([...seen].sort(), ["approve", "pend", "refer"]);
});

test("rows of a table end outside of quotation marks", () => {
  assert.equal(endOfRows(Buffer.from('a,b\nc,"d\ne')), 4);
  assert.equal(endOfRows(Buffer.from('a,b\nc,"d\ne"\n')), 12);
  assert.equal(endOfRows(Buffer.from('a,"b\n')), 0);
  assert.equal(endOfRows(Buffer.from('a,"b""\n""",c\nd')), 13);
});

describe("templates", () => {
  test("a table's template is read as it stands, and filled in", () => {
    const { code, out, err } = place.policy(["template", "a.policy", "--format", "csv"]);
    assert.equal(code, 0);
    assert.match(err, /left out: therapies/u);
    assert.match(out, /^name,on,codes,line of business,pathway,age,tumor,sites,diagnosis,seen,comment,I\.B\.3,expect,by,missing,note\n# what/u);
    const filled = `${out}child,2025-07-01,,,initial,9,yes,lung,,2025-06-01,,,approve,,,\n`;
    const result = place.policy(["evaluate", "a.policy", "--cases", "-"], { input: filled });
    assert.equal(result.code, 0, result.err);
    assert.match(result.out, /\n3,child,approve,/u);
  });
  test("every line of the YAML template is sound once its mark is taken away", () => {
    const { out } = place.policy(["template", "a.policy"]);
    const filled = out.replace(/^(\s+)# (?!#)/gmu, "$1");
    place.write("a.case.yaml", filled);
    const linted = place.policy(["lint", "a.policy"]);
    assert.doesNotMatch(linted.out, /a\.case\.yaml/u, linted.out + filled);
    for (const name of analysis.facts.keys()) assert.match(filled, new RegExp(`^      ${name}:`, "mu"));
    place.write("a.case.yaml", "cases: []\n");
  });
  test("the JSON template has every fact", () => {
    const { out } = place.policy(["template", "a.policy", "--format", "json"]);
    assert.deepEqual(Object.keys((JSON.parse(out) as { cases: { facts: object }[] }).cases[0]!.facts), [...analysis.facts.keys()]);
  });
  test("the schema is written as JSON", () => {
    const { code, out } = place.policy(["schema", "a.policy"]);
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as { title: string }).title, "Cases of EX.1 Example");
  });
});
