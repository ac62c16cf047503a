// Batches: a stream of cases comes to the same as the cases one by one, in order, past bad rows, in one thread and in several.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { binderOf } from "../server/src/cli/batch/bind.js";
import { cutter, endOfRows, newMemory, trimMemory, type Source } from "../server/src/cli/batch/pieces.js";
import { quickLines } from "../server/src/cli/batch/quicklines.js";
import { cellsText, type BatchFormat } from "../server/src/cli/batch/results.js";
import { pieceEvaluator, type BatchSetup, type Tally } from "../server/src/cli/batch/rows.js";
import { compile } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import { summarizer } from "../server/src/evaluate/summary.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { FactSymbol } from "../server/src/semantics/model.js";
import { workplace, type Workplace } from "./support/cli.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { seeded } from "./support/random.js";

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
      "line,name,determination,by,missing,citations,failures,error,approval",
      "2,child,approve,I.A; I.B.1,,1; 2,,,",
      "4,adult,refer,I,,1,,,",
      "6,bad,,,,,,\"`age` is a number in years, not `old`.\",",
      "",
    ].join("\n"));
    assert.match(err, /^cases\.csv:6:16 /u);
  });

  test("results take the place of neither the cases nor a policy", () => {
    place.write("kept.csv", "name,on\nchild,2025-07-01\n");
    for (const [output, why] of [["kept.csv", /did not write kept\.csv: it is what is read/u], ["a.policy", /did not write a\.policy: a policy would be lost/u]] as const) {
      const before = place.read(output);
      const { code, err } = place.policy(["evaluate", "a.policy", "--cases", "kept.csv", "--output-file", output]);
      assert.equal(code, 2, err);
      assert.match(err, why);
      assert.equal(place.read(output), before);
    }
    const before = place.read("a.policy");
    for (const call of [["test", "a.policy"], ["lint", "a.policy"], ["preview", "a.policy"], ["diff", "a.policy", "a.policy"]]) {
      const { code, err } = place.policy([...call, "--output-file", "a.policy"]);
      assert.equal(code, 2, `${call[0]}: ${err}`);
      assert.equal(place.read("a.policy"), before, call[0]);
    }
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

const evaluators = new Map<string, ReturnType<typeof pieceEvaluator>>();
/** What a piece comes to, read quickly or each row with its places. */
function evaluated(text: string | Buffer, quick: boolean, setup: Partial<BatchSetup> = {}): { readonly out: string; readonly rest: unknown } {
  const input = Buffer.from(text);
  const bytes = input.at(-1) === 10 ? input : Buffer.concat([input, Buffer.from("\n")]);
  const key = JSON.stringify([quick, setup]);
  const evaluate = evaluators.get(key) ?? pieceEvaluator({ policyText: POLICY, policyPath: "a.policy", input: "ndjson", output: "ndjson", explain: true, ...setup }, quick);
  evaluators.set(key, evaluate);
  const { bytes: out, length, tally, problems } = evaluate({ bytes, length: bytes.length, firstLine: 1, tooLong: false }, new Uint8Array(64));
  return { out: Buffer.from(out.buffer, out.byteOffset, length).toString("utf8"), rest: { tally, problems } };
}
/** Quickly and with places a text must come to the same, to the last byte; gives how many cases could be decided. */
function same(text: string | Buffer, setup: Partial<BatchSetup> = {}): number {
  const [quick, slow] = [evaluated(text, true, setup), evaluated(text, false, setup)];
  assert.equal(quick.out, slow.out, String(text));
  assert.deepEqual(quick.rest, slow.rest, String(text));
  return quick.out.split('"determination"').length - 1;
}
/** Whether all rows of a text are read quickly. */
const quickReader = quickLines(compile(analysis.policy!), binderOf(analysis, true), true);
const isQuick = (text: string): boolean => quickReader.read(Buffer.from(`${text}\n`), 0) === Buffer.byteLength(text) + 1;

describe("lines read quickly", () => {
  const scalars: fc.Arbitrary<unknown> = fc.oneof(
    fc.boolean(), fc.integer({ min: -5, max: 130 }), fc.double({ noNaN: true }), fc.double({ min: 0, max: 130, noNaN: true }),
    fc.constantFrom("yes", "no", "9 years", "108 months", "9 kg", "lung", "liver", "none", "C69.0", "C6", "2025-03-01", "2025-02-30", "", " ", "77301", "[]", "unable to obtain", "unable to obtain: refused", "Münch \ud83d\ude00", 'a "b" \\ c\n', "\u0000", "\u00a0x"), fc.constantFrom(null, "9", "yes"),
  );
  const records = fc.array(fc.dictionary(fc.constantFrom("kind", "weeks_given", "evidence", "dose"), fc.oneof(fc.constantFrom<unknown>("drug", "surgery", "8 weeks", "8 Gy", true, null, []), fc.double({ min: 0, max: 20, noNaN: true }), fc.integer({ min: 0, max: 20 })), { maxKeys: 3 }), { maxLength: 3 });
  const facts = fc.dictionary(fc.constantFrom("age", "tumor", "sites", "diagnosis", "seen", "comment", "agee", "therapies"), fc.oneof({ weight: 8, arbitrary: scalars }, { weight: 2, arbitrary: fc.array(scalars, { maxLength: 3 }) }, { weight: 2, arbitrary: records }, { weight: 3, arbitrary: fc.record({ value: scalars, evidence: fc.constantFrom<unknown>("MRI report, page 3", { source: "chart" }, [{ source: "claims", page: 3, date: "2025-04-02" }, "chart"], [], { page: 3 }, { date: "2025-02-30", source: "a" }, { sauce: "b" }, "", 3, null) }, { requiredKeys: ["value"] }) }), { maxKeys: 3 });
  const fit = fc.record({
    age: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.constantFrom("9 years", 17.5, 0.1, 17.999999)), tumor: fc.oneof(fc.boolean(), fc.constantFrom("yes", "no")), sites: fc.oneof(fc.subarray(["lung", "brain"]), fc.constant("lung")), diagnosis: fc.constantFrom("C69.0", "C61"),
    seen: fc.constantFrom("2024-01-01", "2025-06-01"), comment: fc.string({ unit: "binary", maxLength: 8 }), therapies: fc.array(fc.record({ kind: fc.constantFrom("drug", "surgery"), weeks_given: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant("8 weeks")) }, { requiredKeys: [] }), { maxLength: 2 }),
  }, { requiredKeys: [] });
  const usually = <T>(good: readonly T[], bad: readonly T[]): fc.Arbitrary<T> => fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
  const cases = fc.record({
    name: fc.oneof({ weight: 20, arbitrary: fc.constantFrom("a", " b ") }, fc.constantFrom<unknown>(7, "", "Jos\u00e9", 'O"Brien', "\u00a0c\u00a0", "=1+2"), fc.string({ unit: "binary", maxLength: 6 })), on: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("2025-07-01", "2024-02-29", "2025-12-31") }, { weight: 1, arbitrary: fc.constantFrom<unknown>("2025-07", "today", 20250701, " 2025-07-01") }),
    codes: usually<unknown>([["CPT 77301"], ["77301", "G6015"], []], [["what"], "CPT 77301", ["a]b"]]), note: usually<unknown>(["words", "two\nlines"], [3, null]),
    pathway: usually(["initial", "repeat"], ["first"]), "line of business": fc.constantFrom("Medicaid", "Other"), facts: fc.oneof({ weight: 4, arbitrary: fit as fc.Arbitrary<object> }, { weight: 1, arbitrary: facts as fc.Arbitrary<object> }),
    criteria: fc.dictionary(usually(["I.B.3"], ["I.A", "i.b.3", "IX"]), usually<unknown>(["met", "not met", "unknown", true, false], ["so-so", "unable to obtain", { outcome: "met", evidence: "chart" }]), { maxKeys: 1 }), expect: usually<unknown>(["approve", "refer", "no statement applies"], ["deny", { by: "I.A" }, { determination: "pend", missing: ["age"] }]),
  }, { requiredKeys: ["on"] });
  const spaced = (value: unknown, gap: string): string => JSON.stringify(value, undefined, 1).replace(/\n\s*/gu, gap);

  test("random cases come to the same as with their places", () => {
    let decided = 0;
    let quick = 0;
    fc.assert(fc.property(fc.array(cases, { minLength: 1, maxLength: 4 }), fc.constantFrom("", " ", "\t "), fc.constantFrom("\n", "\r\n", " \n", "\n\n"), fc.boolean(), (values, gap, end, explained) => {
      const lines = values.map((value) => spaced(value, gap));
      decided += same(lines.join(end), { explain: explained });
      quick += lines.filter(isQuick).length;
    }), { numRuns: 400, seed: 5 });
    assert.ok(decided > 300 && quick > 200, `${decided} decided, ${quick} of them quickly`);
  });

  test("bytes that were changed come to the same as with their places", () => {
    const bytes = fc.constantFrom(...Buffer.from('{}[]",:\\ \t\r0159-+.eEtfnul/#\u00e9'), 0, 0x7f, 0x80, 0xbf, 0xc3, 0xed, 0xff, 0xfe);
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), take: fc.integer({ min: 0, max: 2 }), put: fc.array(bytes, { maxLength: 2 }) });
    let decided = 0;
    fc.assert(fc.property(cases, fc.array(edit, { minLength: 1, maxLength: 3 }), (value, edits) => {
      let line = Buffer.from(JSON.stringify(value));
      for (const { at, take, put } of edits) {
        const from = Math.floor(at * line.length);
        line = Buffer.concat([line.subarray(0, from), Buffer.from(put), line.subarray(from + take)]);
      }
      decided += same(Buffer.concat([line, Buffer.from(`\n{"on":"2025-07-01","facts":{"age":{"value":9,"evidence":"chart"}}}`), Buffer.from('\n{"on":"2025-07-01","facts":{"age":9}}\n')]));
    }), { numRuns: 1500, seed: 6 });
    assert.ok(decided > 1500, `only ${decided} were decided`);
  });

  test("what is usual is read quickly", () => {
    for (const facts of ['"age":9', '"age":9.5', '"age":"9 years"', '"tumor":false', '"sites":["lung","brain"]', '"sites":[]', '"diagnosis":"C69.0"', '"seen":"2025-01-01"', '"comment":"Münch"', '"therapies":[{"kind":"drug","weeks_given":8}]', '"therapies":[]', ""]) {
      const answers = facts.replace(/^("[a-z]+"):(.+)$/u, '$1:{"value":$2,"evidence":[{"source":"claims","date":"2025-04-02","page":3},"chart"]}');
      if (facts !== "") assert.ok(isQuick(`{"on":"2025-07-01","facts":{${answers}},"criteria":{"I.B.3":{"outcome":"met","evidence":"chart, p. 3"}}}`), answers);
      assert.ok(isQuick(`{"name":"a","on":"2025-07-01","codes":["CPT 77301"],"pathway":"initial","line of business":"Medicaid","facts":{${facts}},"criteria":{"I.B.3":"met"},"expect":"approve","note":"a \\"b\\""}`), facts);
    }
    assert.ok(isQuick('{ "name" : "Jos\\u00e9", "on": "2025-07-01" }\r'));
  });

  test("what is not sound is never read quickly", () => {
    for (const text of [
      '{"on":"2025-07-01","facts":{"age":9,"age":10}}', '{"on":"2025-07-01","on":"2025-07-01"}', '{"on":"2025-07-01","facts":{"age":09}}', '{"on":"2025-07-01","facts":{"age":9.}}', '{"on":"2025-07-01","facts":{"age":.5}}', '{"on":"2025-07-01","facts":{"age":1e1}}',
      '{"on":"2025-07-01","facts":{"age":-}}', '{"on":"2025-07-01","facts":{"age":121}}', '{"on":"2025-07-01","facts":{"tumor":1}}', '{"on":"2025-07-01","facts":{"tumor":"maybe"}}', '{"on":"2025-07-01","facts":{"sites":"none"}}', '{"on":"2025-07-01","facts":{"sites":"[]"}}',
      '{"on":"2025-07-01","facts":{"comment":"unable to obtain"}}', '{"on":"2025-07-01","facts":{"comment":"a\\q"}}', '{"on":"2025-07-01","note":"a\\q"}', '{"name":"a\\q","on":"2025-07-01"}', '{"on":"2025-07-01",}', '{"on":"2025-07-01"}}', '{"on":"2025-07-01"} x', '{"facts":{"age":9}}', '{}', "", '{"on":"2025-07-01"', '{"on":"2025-07-01","criteria":{"I.A":"met"}}',
      '{"on":"2025-07-01","facts":{"therapies":[{"kind":"drug","kind":"surgery"}]}}', '{"on":"2025-07-01","facts":{"therapies":[{"weeks_given":1e1}]}}', '{"on":"2025-07-01","facts":{"therapies":[{"evidence":"chart"}]}}', '{"on":"2025-07-01","facts":{"sites":["lung"}}', '{"on":"2025-07-01","facts":{"sites":["lung","liver"]}}', '{"on":"2025-07-01","facts":{"therapies":[{}}}',
    ]) {
      assert.equal(isQuick(text), false, text);
      same(text);
    }
  });

  test("evidence decides nothing, and stands in the explanation; what could not be obtained is missing", () => {
    const facts = { age: 9, tumor: true, sites: ["lung"] };
    const withEvidence = { age: { value: 9, evidence: [{ source: "claims", date: "2025-04-02" }] }, tumor: { value: true, evidence: "MRI report, page 3" }, sites: ["lung"] };
    const line = (of: object): string => JSON.stringify({ name: "a", on: "2025-07-01", facts: of, criteria: { "I.B.3": "met" }, pathway: "initial" });
    const [plain, grounded] = [line(facts), line(withEvidence)].map((text) => evaluated(text, true, { explain: false }).out);
    assert.equal(grounded, plain);
    assert.equal(rowsOf(plain!)[0]!["determination"], "approve");
    assert.match(evaluated(line(withEvidence), true).out, /"evidence":\[\{"source":"MRI report","page":"3"\}\]/u);
    for (const written of ["unable to obtain: refused", { "unable to obtain": "refused" }]) {
      const row = rowsOf(evaluated(line({ ...facts, age: written }), true, { explain: false }).out)[0]!;
      assert.deepEqual([row["determination"], row["missing"]], ["pend", ["age"]]);
    }
    assert.match(String(rowsOf(evaluated(line({ age: { value: 9, evidence: [{ page: 3 }] } }), true).out)[0]!["error"]), /not of what/u);
  });

  test("more different values than are kept", () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `{"on":"2025-07-01","facts":{"age":"${i / 1000} years","seen":"${2000 + (i % 25)}-0${1 + (i % 9)}-${10 + (i % 19)}"}}`).join("\n");
    const { out, rest } = evaluated(lines, true, { explain: false });
    assert.deepEqual((rest as { tally: Tally }).tally, { approve: 0, pend: 18_000, refer: 22_000, "no statement applies": 0, wrong: 0, failed: 0 });
    assert.equal(rowsOf(out)[39_999]!["line"], 40_000);
  });
});

describe("rows of a table read quickly", () => {
  const TITLES = ["name", "on", "age", "tumor", "sites", "diagnosis", "seen", "comment", "codes", "pathway", "line of business", "I.B.3", "expect", "by", "note"];
  const column = (values: readonly string[], odd: readonly string[]): fc.Arbitrary<string> => fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 8, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
  const cells = fc.tuple(
    fc.oneof(fc.constantFrom("a", " b ", "Jos\u00e9", '"x, y"', '"O""B"', '"two\nlines"', "=1", "# c", "\u00a0d\u00a0", 'q"r'), fc.string({ unit: "grapheme-ascii", maxLength: 4 }).map((text) => text.replace(/[",\n\r]/gu, ""))), fc.oneof({ weight: 9, arbitrary: fc.constantFrom("2025-07-01", "2024-02-29", '"2025-07-01"', " 2025-07-01 ") }, { weight: 1, arbitrary: fc.constantFrom("", "today") }),
    column(["9", "9 years", "007", "17.5", "-0", "+5", '"9"'], ["9 years 5", "\u00a09", "old", "121"]), column(["yes", "no", "true"], ["maybe"]), column(["lung", "lung;brain", '"lung; brain"', "none"], [";", "liver"]), column(["C69.0", "ICD-10-CM C69.0"], ["?"]), column(["2025-06-01"], ["2025-02-30"]), column(["text", '" a "', "Münch"], ["unable to obtain"]),
    column(["CPT 77301", "77301;G6015"], ["what"]), column(["initial"], ["first"]), column(["Medicaid", "Other"], ["?"]), column(["met", "not met", "unknown"], ["yes", "unable to obtain", "so-so"]), column(["approve", "pend"], ["deny"]), column([""], ["I.A"]), column(["n"], ["m"]),
  );

  test("random rows come to the same as with their places", () => {
    let decided = 0;
    fc.assert(fc.property(fc.array(cells, { minLength: 1, maxLength: 5 }), fc.constantFrom("\n", "\r\n"), fc.constantFrom<BatchFormat>("ndjson", "csv"), (rows, end, output) => {
      decided += same(rows.map((row) => row.join(",").replace(/,+$/u, "")).join(end), { input: "csv", output, explain: output === "ndjson", titles: TITLES });
    }), { numRuns: 700, seed: 7 });
    assert.ok(decided > 200, `only ${decided} were decided`);
  });

  test("results in a table are written as a library for tables would", () => {
    const names = ["a", "a,b", 'a"b', "=1", "-1", "@x", "\u00e9", " a", "a\nb", "x".repeat(3000), ""];
    const text = names.map((name) => JSON.stringify({ name, on: "2025-07-01", facts: { age: 9 }, expect: "approve" })).join("\n");
    const { out } = evaluated(text, true, { output: "csv", explain: false });
    const rows = names.map((name, i) => [String(i + 1), name.trim(), "pend", "I", "tumor; sites; diagnosis; seen; therapies; I.B.3", "1", "Expected approve, came to pend.", "", ""]);
    assert.equal(out, rows.map((row) => `${cellsText(row)}\n`).join(""));
    assert.match(out, /^1,a,pend[^]*\n2,"a,b",pend[^]*\n3,"a""b",pend[^]*\n4,'=1,pend/u);
  });
});

describe("pieces", () => {
  /** A source that gives a text in reads of the sizes named. */
  const sourceOf = (bytes: Buffer, sizes: readonly number[]): Source => {
    let at = 0;
    let turn = 0;
    return {
      async read(into, to) {
        const count = Math.min(sizes[turn++ % sizes.length]!, into.length - to, bytes.length - at);
        into.set(bytes.subarray(at, at + count), to);
        at += count;
        return count;
      },
      close: async () => undefined,
    };
  };
  const piecesOf = async (bytes: Buffer, sizes: readonly number[], format: BatchFormat = "ndjson"): Promise<{ text: string; firstLine: number; tooLong: boolean }[]> => {
    const next = cutter(sourceOf(bytes, sizes), format, Buffer.alloc(0), 1);
    const memory = newMemory();
    const all = [];
    for (let rows = await next(memory); rows !== undefined; rows = await next(memory)) {
      all.push({ text: Buffer.from(rows.bytes.subarray(0, rows.length)).toString("utf8"), firstLine: rows.firstLine, tooLong: rows.tooLong });
      trimMemory(memory);
    }
    return all;
  };

  test("together they are the text, and each begins on its line", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.string({ maxLength: 20 }), fc.constant("x".repeat(300_000))), { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 3 }), async (lines, sizes) => {
      const text = lines.map((line) => line.replace(/[\n"]/gu, "")).join("\n");
      const pieces = await piecesOf(Buffer.from(text), sizes);
      assert.equal(pieces.map((piece) => piece.text).join(""), text === "" || text.endsWith("\n") ? text : `${text}\n`);
      let line = 1;
      for (const piece of pieces) {
        assert.equal(piece.firstLine, line);
        assert.ok(piece.text.endsWith("\n"));
        line += piece.text.split("\n").length - 1;
      }
    }), { numRuns: 60, seed: 8 });
  });

  test("a line that is too long is left out, and the rest goes on", async () => {
    const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.alloc(9 << 20, "x"), Buffer.from("\nb\nc")]);
    assert.deepEqual(await piecesOf(bytes, [100_000]), [{ text: "a\n", firstLine: 1, tooLong: false }, { text: "", firstLine: 2, tooLong: true }, { text: "b\n", firstLine: 3, tooLong: false }, { text: "c\n", firstLine: 4, tooLong: false }]);
    assert.deepEqual((await piecesOf(Buffer.alloc(9 << 20, "x"), [1 << 20])).map(({ firstLine, tooLong }) => [firstLine, tooLong]), [[1, true]]);
    place.write("long.ndjson", Buffer.concat([Buffer.from('{"on":"2025-07-01","facts":{"age":40}}\n{"note":"'), Buffer.alloc(9 << 20, "x"), Buffer.from('"}\n{"name":"c","on":"2025-07-01","facts":{"age":40}}')]));
    const { out, err } = place.policy(["evaluate", "a.policy", "--cases", "long.ndjson"]);
    assert.deepEqual(rowsOf(out).map((row) => [row["line"], row["determination"] ?? row["error"]]), [[1, "refer"], [2, "The line is longer than 8 MB, so it is not read."], [3, "refer"]]);
    assert.match(err, /^long\.ndjson:2:1 The line is longer than 8 MB/u);
  });

  test("rows of a table are not cut inside of quotation marks", async () => {
    const text = 'a,"b\nc"\nd,e\n';
    for (const size of [1, 2, 3, 5, 8]) assert.deepEqual((await piecesOf(Buffer.from(text), [size], "csv")).map((piece) => piece.text).join("|").replaceAll("\n|", "\n").split("\n").length, 4);
    for (const piece of await piecesOf(Buffer.from(text), [4], "csv")) assert.equal(piece.text.split('"').length % 2, 1);
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

describe("a summary of random cases of a sample says what the explanation says", () => {
  for (const { name, analysis: { policy } } of samplesIn(SAMPLES)) {
    if (policy === undefined) continue;
    test(name, () => {
      const evaluator = compile(policy);
      const summarize = summarizer(evaluator);
      const random = seeded(17);
      const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
      const plain = (fact: FactSymbol): unknown => {
        switch (fact.type.kind) {
          case "yes/no": return random() < 0.5;
          case "number": return Math.round(random() * 100);
          case "date": return `2025-0${1 + Math.floor(random() * 9)}-11`;
          case "choice": return pick(fact.type.choices);
          case "code": return pick(["C69.0", "77301", "E66.01"]);
          case "list": return fact.type.of.kind === "choice" ? fact.type.of.choices.filter(() => random() < 0.3) : ["C69.0"];
          case "records": {
            const { fields } = fact.type;
            return Array.from({ length: Math.floor(random() * 3) }, () => Object.fromEntries(fields.filter(() => random() < 0.8).map((field) => [field.name, plain(field)])));
          }
          default: return "a word";
        }
      };
      const attested = policy.criteria.filter((symbol) => symbol.attested).map(({ address }) => address);
      for (let i = 0; i < 300; i++) {
        const share = pick([0.2, 0.6, 0.9, 1]);
        const facts = Object.fromEntries(policy.facts.filter(() => random() < share).map((fact) => [fact.name, plain(fact)]));
        const criteria = Object.fromEntries(attested.filter(() => random() < share).map((address) => [address, pick(["met", "not met", "unknown"] as const)]));
        const decision = evaluator.decide(facts, { on: pick(["2025-07-01", "2026-02-28"]), pathway: pick([undefined, "initial", "continuation"]), lineOfBusiness: pick([undefined, "Medicaid"]), codes: pick([undefined, ["77385"], ["J0135"]]), criteria });
        const explanation = explain(decision, "");
        const { by, missing, citations, approval } = summarize(decision);
        assert.deepEqual(missing, explanation.missing.map((item) => item.name));
        assert.deepEqual(citations, explanation.citations.map(({ number }) => number));
        assert.deepEqual(by, explanation.path.filter((address) => !explanation.path.some((other) => other.startsWith(`${address}.`))));
        assert.deepEqual(approval, explanation.approval);
      }
    });
  }
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
