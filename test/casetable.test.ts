// Cases in tables: what columns mean, how rows become cases, and that every mistake is told at its cell.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hasErrors, type Diagnostic } from "../server/src/diagnostic.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { checkCases } from "../server/src/semantics/cases.js";
import { cellsOf, columnOf, rawRow, readColumns } from "../server/src/semantics/casetable.js";
import { checkingOf } from "../server/src/cli/batch/bind.js";

const POLICY = `policy EX.1 "Example"
  effective 2025-01-01

facts
  age        years                      "Age on the date of service"
  dose       Gy from 0 to 100           "Dose"
  tumor      yes/no                     "Is there a tumor?"
  sites      list of one of lung, brain "Sites"
  diagnosis  ICD-10-CM                  "Diagnosis"
  codes      text                       "A fact with the name of a column"
  therapies  list of                    "Treatments"
    kind     one of drug, surgery       "Kind"

criteria
I. The service is medically necessary when all of the following are met:
   A. Age < 18 years
      when age < 18 years and tumor
   B. The patient has been examined
`;
const analysis = analyze(POLICY, "a.policy");
const ground = { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true };
const titles = (text: string) => readColumns(cellsOf(text, text.split(",")), analysis);

function row(header: string, text: string, values = text.split(",")): { found: readonly Diagnostic[]; read: ReturnType<typeof checkCases>[number] } {
  const { columns, diagnostics } = titles(header);
  assert.deepEqual(diagnostics.map(({ message }) => message), []);
  const found: Diagnostic[] = [];
  const checking = checkingOf(text, analysis);
  const [read] = checkCases(checking, [rawRow(columns, cellsOf(text, values), found)], ground, "");
  return { found: [...found, ...checking.found].filter(({ severity }) => severity === "error"), read: read! };
}

test("the policy of these tests is sound", () => assert.ok(!hasErrors(analysis.diagnostics)));

describe("columns", () => {
  test("are facts, addresses, what is requested and what is expected", () => {
    const { columns, diagnostics } = titles("name,on,codes,line of business,pathway,age,I.B,expect,by,missing,expect I.A,note,facts.codes");
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(columns.map((column) => (column.kind === "fact" ? `fact ${column.fact.name}` : column.kind)), ["name", "on", "codes", "line of business", "pathway", "fact age", "criterion", "expect", "by", "missing", "expected outcome", "note", "fact codes"]);
    assert.equal(columnOf(analysis.facts.get("codes")!), "facts.codes");
  });
  test("that mean nothing, stand twice or hold records are errors at their titles", () => {
    const found = (header: string) => titles(header).diagnostics.map(({ start, message, help }) => `${start}: ${message} ${help ?? ""}`);
    assert.deepEqual(found("on,agee"), ["3: The policy has no fact and no criterion `agee`. Did you mean `age`?"]);
    assert.match(found("on,age,age")[0]!, /^7: The table has the column `age` twice\./u);
    assert.match(found("on,age,facts.age")[0]!, /twice/u);
    assert.match(found("on,therapies")[0]!, /^3: `therapies` is a list of records, which a table cannot hold\..*NDJSON/u);
    assert.match(found("on,I.Z")[0]!, /no criterion `I\.Z`/u);
    assert.match(found("on,age,")[0]!, /no title/u);
    assert.match(found("name,age")[0]!, /no column `on`/u);
    assert.match(found("on;age;tumor")[0]!, /separated by semicolons/u);
    assert.match(found("on\tage")[0]!, /separated by tabs/u);
  });
});

describe("rows", () => {
  test("become cases like any other", () => {
    const { found, read } = row("name,on,age,dose,tumor,sites,diagnosis,codes,I.B,expect,missing", 'A child,2025-07-01,108 months,50.4,yes,lung; brain,C69.0,CPT 77301;HCPCS G6015,met,pend,age; I.B');
    assert.deepEqual(found, []);
    assert.deepEqual(Object.fromEntries(read.facts), { age: 9, dose: 50.4, tumor: true, sites: ["lung", "brain"], diagnosis: "C690" });
    assert.deepEqual(read.codes, ["CPT 77301", "HCPCS G6015"]);
    assert.deepEqual([...read.attested], [["I.B", "met"]]);
    assert.equal(read.expect.determination?.value, "pend");
    assert.deepEqual(read.expect.missing.map(({ name }) => name), ["age", "I.B"]);
  });
  test("an empty cell says nothing, and none is a list without entries", () => {
    const { found, read } = row("on,age,tumor,sites", "2025-07-01,,,none");
    assert.deepEqual(found, []);
    assert.deepEqual([...read.facts], [["sites", []]]);
  });
  test("mistakes are told at their cells", () => {
    const at = (header: string, text: string, values?: string[]) => row(header, text, values).found.map(({ start, end, code }) => [start, text.slice(start, end), code]);
    assert.deepEqual(at("on,age,dose", "2025-07-01,9 kg,120"), [[11, "9 kg", "wrong-value"], [16, "120", "wrong-value"]]);
    assert.deepEqual(at("on,tumor", "2025-02-30,perhaps"), [[11, "perhaps", "wrong-value"], [0, "2025-02-30", "invalid-date"]]);
    assert.deepEqual(at("on,I.B", "2025-07-01,fine"), [[11, "fine", "invalid-case-file"]]);
    assert.deepEqual(at("on,I.A", "2025-07-01,met"), [[11, "met", "computed-criterion"]]);
    assert.deepEqual(at("on,age", "2025-07-01,9,10"), [[13, "10", "invalid-case-file"]]);
    // A comma and a line break inside of quotation marks are of the cell.
    assert.deepEqual(at("name,on,age", '"a, ""b""\nc",2025-07-01,old', ['a, "b"\nc', "2025-07-01", "old"]), [[24, "old", "wrong-value"]]);
  });
});
