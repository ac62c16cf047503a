// Evidence and `unable to obtain`: every format comes to the same case, mistakes stand at their places, and nothing of it ever changes an outcome.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { runCase } from "../server/src/evaluate/run.js";
import { changedCase } from "../server/src/evaluate/whatif.js";
import { whatIsMissing } from "../server/src/evaluate/missing.js";
import type { Explanation } from "../server/src/evaluate/model.js";
import { caseFileCompletion } from "../server/src/features/casefile/completion.js";
import { completion } from "../server/src/features/completion.js";
import { hover } from "../server/src/features/hover.js";
import { caseLines, newCaseInFile, newCaseInPolicy } from "../server/src/features/newcase.js";
import { attestedToFact } from "../server/src/features/refactor/facts.js";
import { semanticTokens } from "../server/src/features/semantictokens.js";
import { carriedCase } from "../server/src/compare/carry.js";
import { adviceText } from "../server/src/render/advice.js";
import { explanationModel } from "../server/src/render/explanationview.js";
import { explanationMarkdown } from "../server/src/render/markdown.js";
import { explanationText } from "../server/src/render/text.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { checkCases } from "../server/src/semantics/cases.js";
import { cellsOf, rawRow, readColumns } from "../server/src/semantics/casetable.js";
import { writtenEvidence } from "../server/src/semantics/casetext.js";
import type { Analysis, Evidence, Policy, PolicyCase } from "../server/src/semantics/model.js";
import { dateText } from "../server/src/syntax/dates.js";
import { readEvidence } from "../server/src/syntax/evidence.js";
import type { Diagnostic } from "../server/src/diagnostic.js";
import { withEdits } from "../server/src/diagnostic.js";
import { formatted as formatText } from "../server/src/format/format.js";
import { parse } from "../server/src/syntax/parse.js";
import { children, type Node } from "../server/src/syntax/ast.js";
import { policyGrammar } from "./support/grammar.js";
import { inWords, SAMPLES, samplesIn, sound } from "./support/core-fixtures.js";

const SEED = 20_261_123;
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;

const HEAD = `policy EX.EV.1 "Evidence"
  effective  2025-01-01

facts
  age         years                  "Age on the date of service"
    from fhir "Patient.birthDate"
  heart_dose  Gy                     "Mean heart dose"
  mri_date    date                   "Date of the MRI"
  sites       list of one of breast, lung  "Treated sites"
  remark      text                   "Anything else"
  therapies   list of                "Earlier treatments"
    from fhir "MedicationRequest"
    kind      one of drug, surgery   "Kind of treatment"
      from fhir "medication.text"
      from fhir "reason.text"
    started   date                   "First day"

criteria
I. The service is medically necessary when all of the following are met:
   A. Adult
      when age >= 18 years
   B. Dose above the limit
      when heart_dose > 4 Gy
   C. The plan is documented
   D. A recent MRI
      when mri_date within the past 6 months
   E. A drug was tried
      when exists therapies where kind is drug
`;
const INLINE = `
cases
  case "One"
    on 2025-07-01
    age = 54 years
      evidence claims 2025-04-02
      evidence Face sheet, p. 1
    heart_dose = 26 Gy
      evidence "RT plan, comparison", page 3, 2025-04-02, note "mean dose of the 3D plan"
    sites = breast,
      lung  # both sides
      evidence Progress note, pp. 2-4, note seen together with
        a colleague, on the ward  # a comment
    mri_date = unable to obtain, "the outside hospital did not answer"
    therapies =
      evidence pharmacy claims
      - kind = drug, started = 2025-01-03
        evidence MAR 2025-01-03
      - kind = surgery
    I.C = met
      evidence "Operative report" 2025-03-01
    expect pend missing mri_date
`;
const EVIDENCE: Readonly<Record<string, readonly Evidence[]>> = {
  age: [{ source: "claims", date: day("2025-04-02") }, { source: "Face sheet", page: "1" }],
  heart_dose: [{ source: "RT plan, comparison", page: "3", date: day("2025-04-02"), note: "mean dose of the 3D plan" }],
  sites: [{ source: "Progress note", page: "2-4", note: "seen together with a colleague, on the ward" }],
  therapies: [{ source: "pharmacy claims" }, { source: "MAR", date: day("2025-01-03"), record: 1 }],
  "I.C": [{ source: "Operative report", date: day("2025-03-01") }],
};
const YAML = `- name: One
  on: 2025-07-01
  facts:
    age:
      value: 54 years
      evidence:
        - claims 2025-04-02
        - source: Face sheet
          page: 1
    heart_dose: { value: 26, evidence: { source: "RT plan, comparison", page: 3, date: 2025-04-02, note: mean dose of the 3D plan } }
    sites:
      value: [breast, lung]
      evidence: { source: Progress note, page: 2-4, note: "seen together with a colleague, on the ward" }
    mri_date:
      unable to obtain: the outside hospital did not answer
    therapies:
      value:
        - kind: drug
          started: 2025-01-03
          evidence: MAR 2025-01-03
        - kind: surgery
      evidence: pharmacy claims
  criteria:
    I.C:
      outcome: met
      evidence: Operative report, 2025-03-01
  expect:
    determination: pend
    missing: mri_date
`;
const JSON_TEXT = JSON.stringify([{
  name: "One", on: "2025-07-01",
  facts: {
    age: { value: 54, evidence: ["claims 2025-04-02", { source: "Face sheet", page: "1" }] },
    heart_dose: { value: "26 Gy", evidence: { source: "RT plan, comparison", page: 3, date: "2025-04-02", note: "mean dose of the 3D plan" } },
    sites: { value: ["breast", "lung"], evidence: [{ source: "Progress note", page: "2-4", note: "seen together with a colleague, on the ward" }] },
    mri_date: "unable to obtain, the outside hospital did not answer",
    therapies: { value: [{ kind: "drug", started: "2025-01-03", evidence: { source: "MAR", date: "2025-01-03" } }, { kind: "surgery" }], evidence: "pharmacy claims" },
  },
  criteria: { "I.C": { outcome: "met", evidence: { source: "Operative report", date: "2025-03-01" } } },
  expect: { determination: "pend", missing: ["mri_date"] },
}], undefined, 1);

const POLICY: Policy = sound(HEAD);
const { analysis: ANALYSIS } = POLICY;

const grounds = ({ evidence, unobtainable }: PolicyCase): unknown => ({
  evidence: Object.fromEntries([...evidence ?? []].map(([name, list]) => [name, [...list].sort((a, b) => (a.record ?? 0) - (b.record ?? 0))])), unobtainable: Object.fromEntries(unobtainable ?? []),
});
const inlineCase = (text: string): PolicyCase => analyze(HEAD + text, "a.policy").cases[0]!;
const fileCase = (text: string, analysis: Analysis = ANALYSIS): PolicyCase => {
  const { cases, diagnostics } = readCaseFile(text, "a.case.yaml", analysis);
  assert.deepEqual(inWords(text, diagnostics.filter((found) => found.severity === "error")), [], text);
  return cases[0]!;
};
function table(header: string, line: string): { read: PolicyCase; found: readonly Diagnostic[] } {
  const { columns, diagnostics } = readColumns(cellsOf(header, header.split(",")), ANALYSIS);
  const found: Diagnostic[] = [...diagnostics];
  const checking = { text: { text: line, comments: [] }, found, uses: [], facts: new Map(), definitions: new Map(), byAddress: new Map(ANALYSIS.byAddress), criterionReferences: { count: 0 }, advice: { left: 1000 } };
  const [read] = checkCases(checking, [rawRow(columns, cellsOf(line, line.split(",")), found)], { facts: ANALYSIS.facts, byAddress: ANALYSIS.byAddress, bareNumbers: true }, "");
  return { read: read!, found };
}
const outcome = ({ determination, outcomes, path, missing }: Explanation): unknown => ({ determination, outcomes, path, missing: missing.map(({ kind, name }) => `${kind} ${name}`) });

describe("one case in every format", () => {
  const wanted = { evidence: EVIDENCE, unobtainable: { mri_date: "the outside hospital did not answer" } };
  for (const [format, read] of [["inline", () => inlineCase(INLINE)], ["YAML", () => fileCase(YAML)], ["JSON", () => fileCase(JSON_TEXT)], ["NDJSON", () => fileCase(JSON.stringify((JSON.parse(JSON_TEXT) as unknown[])[0]))]] as const) {
    test(format, () => {
      const policyCase = read();
      assert.ok(policyCase.sound);
      assert.deepEqual(grounds(policyCase), wanted);
      assert.equal(policyCase.facts.get("age"), 54);
      assert.ok(!policyCase.facts.has("mri_date"), "what could not be obtained is not given");
      assert.equal(policyCase.attested.get("I.C"), "met");
      assert.equal(runCase(POLICY, policyCase).status, "passed");
    });
  }

  test("a table: columns of evidence, and `unable to obtain` in a cell", () => {
    const { read, found } = table("on,age,age evidence,mri_date,sites,facts.sites evidence,I.C,I.C evidence,expect", "2025-07-01,54,claims 2025-04-02; Face sheet p. 1,unable to obtain: no answer,breast;lung,Progress note,met,Operative report 2025-03-01,pend");
    assert.deepEqual(found, []);
    assert.deepEqual(grounds(read), { evidence: { age: EVIDENCE["age"], sites: [{ source: "Progress note" }], "I.C": EVIDENCE["I.C"] }, unobtainable: { mri_date: "no answer" } });
    assert.ok(read.sound);
    const reviewer = table("on,I.C,expect", "2025-07-01,Unable to obtain,pend");
    assert.deepEqual([...reviewer.read.unobtainable!], [["I.C", ""]]);
    assert.equal(reviewer.read.attested.size, 0);
  });

  test("a criterion without its address, `unable to obtain` with and without reason", () => {
    const read = inlineCase(`\ncases\n  case "Two"\n    on 2025-07-01\n    I.C = unable to obtain\n    age = unable  to obtain – no records before\n      1990, they were lost\n    remark = "unable to obtain"\n    expect pend\n`);
    assert.deepEqual(grounds(read), { evidence: {}, unobtainable: { "I.C": "", age: "no records before 1990, they were lost" } });
    assert.equal(read.facts.get("remark"), "unable to obtain", "words in quotation marks are a text");
    assert.ok(read.sound);
    const file = fileCase("- on: 2025-07-01\n  facts:\n    age: unable to obtain\n    heart_dose: { value: unable to obtain }\n    mri_date: { unable to obtain: yes, evidence: letter to the hospital }\n  criteria:\n    I.C: { unable to obtain: 'no answer' }\n");
    assert.deepEqual(grounds(file), { evidence: { mri_date: [{ source: "letter to the hospital" }] }, unobtainable: { age: "", heart_dose: "", mri_date: "", "I.C": "no answer" } });
  });

  test("a record with a field called evidence keeps it", () => {
    const policy = sound(`policy EX.1 "T"\nfacts\n  labs  list of  "Labs"\n    evidence  text  "What was seen"\ncriteria\nI. It is medically necessary\n   when exists labs where evidence is "x"\n`);
    const read = fileCase("- on: 2025-07-01\n  facts:\n    labs:\n      - evidence: x\n", policy.analysis);
    assert.deepEqual(read.facts.get("labs"), [{ evidence: "x" }]);
    assert.equal(read.evidence, undefined);
  });
});

describe("words of an evidence line", () => {
  const said = (words: string): string => {
    const found: Diagnostic[] = [];
    const { source, page, date, note } = readEvidence(words, 0, found);
    for (const part of [source, page, date, note]) if (part !== undefined) assert.ok(part.start >= 0 && part.end <= words.length && part.start < part.end, words);
    return [`${source?.text}`, page && `p ${page.text}`, date && `d ${date.text}`, note && `n ${note.text}`, ...found.map(({ code, start, end }) => `! ${code} ${words.slice(start, end)}`)].filter((part) => part !== undefined).join(" | ");
  };
  const table: readonly (readonly [words: string, wanted: string])[] = [
    ["claims 2025-04-02", "claims | d 2025-04-02"],
    ["MRI report p. 3", "MRI report | p 3"],
    ["MRI report, page 3, 2025-03-01", "MRI report | p 3 | d 2025-03-01"],
    ["Progress note 2025-03-01", "Progress note | d 2025-03-01"],
    ["Consult note, pp. 2-4, note as dictated, page 9", "Consult note | p 2-4 | n as dictated, page 9"],
    ["\"Operative report\" 2025-03-01 p 7", "Operative report | p 7 | d 2025-03-01"],
    ["“Report, final”; pages 3 and 5", "Report, final | p 3 and 5"],
    ["CT of the chest: page iv.", "CT of the chest | p iv"],
    ["Peer-to-peer call, note \"said “yes”\"", "Peer-to-peer call | n said “yes”"],
    ["Phase 3 trial enrollment form", "Phase 3 trial enrollment form"],
    ["homepage 3", "homepage 3"],
    ["note of the surgeon, 2025-03-01", "note of the surgeon | d 2025-03-01"],
    ["MRI report, note \"seen twice, on p. 4\", page 3 2025-04-02", "MRI report | p 3 | d 2025-04-02 | n seen twice, on p. 4"], ["MRI report, note \"seen\" page 3 of it", "MRI report | n \"seen\" page 3 of it"],
    ["note \"only a note\"", "undefined | n only a note"],
    ["page 3", "undefined | p 3"],
    ["", "undefined"],
    [",", "undefined"],
    ["\"\"", "undefined"],
    ["x, y", "x | ! unclear-evidence y"],
    ["CT 2025-03-01 of the chest", "CT | d 2025-03-01 | ! unclear-evidence of the chest"],
    ["\"open, page 3", "open, page 3 | ! unclosed-text \"open, page 3"],
    ["x, note", "x | ! unclear-evidence note"],
    ["x, 2025-03-01, 2025-03-02", "x | d 2025-03-01 | ! unclear-evidence 2025-03-02"],
    ["x, 3/5/2025", "x | d 3/5/2025"],
  ];
  for (const [words, wanted] of table) test(words, () => assert.equal(said(words), wanted));

  test("whatever is written is read in time, and no word of it is passed over", () => {
    const piece = fc.constantFrom("MRI", "report", ",", ";", " ", "  ", "page", "p.", "3", "2-4", "2025-03-01", "2025-3", "note", "note:", "\"", "“", "”", "and", "–", "é", "\n", ".", ":", "I.C", "#");
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const words = pieces.join(" ");
      const found: Diagnostic[] = [];
      const parts = Object.values(readEvidence(words, 0, found)) as (undefined | { readonly start: number; readonly end: number })[];
      const covered = [...parts.filter((part) => part !== undefined), ...found].sort((a, b) => a.start - b.start);
      let at = 0;
      for (const { start, end } of covered) {
        assert.ok(start >= 0 && end <= Math.max(words.length, 1), words);
        // Between the parts stand signs and the words `page` and `note` alone.
        assert.match(words.slice(at, Math.max(at, start)), /^(?:[\s,;:."“”–—-]|pages?|pp?\.?|note:?|\d)*$/iu, words);
        at = Math.max(at, end);
      }
      assert.match(words.slice(at), /^[\s,;:."“”–—-]*$/u, words);
    }), { seed: SEED, numRuns: 3000 });
    const long = `${"a ".repeat(200_000)}, ${"p ".repeat(100_000)}`;
    const from = performance.now();
    readEvidence(long, 0, []);
    assert.ok(performance.now() - from < 2000);
  });
});

describe("mistakes in tables", () => {
  test("columns of evidence without their answers, and misspelt ones", () => {
    const found = (header: string): readonly string[] => readColumns(cellsOf(header, header.split(",")), ANALYSIS).diagnostics.map(({ start, code, help }) => `${start} ${code} ${help}`);
    assert.deepEqual(found("on,age evidence"), ["3 misplaced-evidence Add the column with the answers."]);
    assert.deepEqual(found("on,age,age evidnce"), ["7 unknown-case-key Did you mean `age evidence`?"]);
    assert.match(found("on,age,age evidence,age evidence")[0]!, /^20 duplicate-fact/u);
    assert.match(found("on,name evidence")[0]!, /^3 unknown-case-key/u);
  });
  test("evidence beside an empty cell, and what cannot be read", () => {
    const said = ({ found }: { found: readonly Diagnostic[] }): readonly string[] => found.filter((each) => each.severity !== "info").map(({ start, end, code }) => `${start}-${end} ${code}`);
    assert.deepEqual(said(table("on,age,age evidence,expect", "2025-07-01,,claims,pend")), ["12-18 misplaced-evidence"]);
    assert.deepEqual(said(table("on,age,age evidence,expect", "2025-07-01,54,2025-03-01,pend")), ["14-24 missing-source"]);
    assert.deepEqual(said(table("on,age,age evidence,expect", "2025-07-01,54,claims 2026-03-01,pend")), ["14-31 late-evidence"]);
  });
});

describe("unable to obtain", () => {
  const explained = (lines: readonly string[]): { explanation: Explanation; policyCase: PolicyCase; policy: Policy } => {
    const policy = sound(`${HEAD}\ncases\n  case "X"\n    on 2025-07-01\n${lines.map((line) => `    ${line}\n`).join("")}    expect pend\n`);
    const policyCase = policy.analysis.cases[0]!;
    return { policy, policyCase, explanation: runCase(policy, policyCase).explanation! };
  };
  const given = ["age = 54 years", "heart_dose = 26 Gy", "therapies =", "  - kind = drug"];

  test("the reason says that a clinician must decide without it", () => {
    const { explanation } = explained([...given, "I.C = met", "mri_date = unable to obtain, no answer"]);
    assert.equal(explanation.determination, "pend");
    assert.equal(explanation.reason, "mri_date could not be obtained (no answer): a clinician must decide without it.");
    assert.deepEqual(explanation.missing, [{ kind: "fact", name: "mri_date", question: "Date of the MRI", unobtainable: true, reason: "no answer" }]);
    assert.equal(explanation.factsRead.find(({ name }) => name === "mri_date")!.unobtainable?.reason, "no answer");
    const d = explanation.statements[0]!.criterion.items.find(({ address }) => address === "I.D")!;
    assert.equal(d.why, "mri_date could not be obtained");
  });

  test("of several, those that can be had are still asked for", () => {
    const { explanation } = explained([...given, "I.C = unable to obtain"]);
    assert.equal(explanation.reason, "2 answers that could decide the case are missing: I.C and mri_date. Of these, I.C could not be obtained: if the other one does not decide the case, a clinician must decide without it.");
    assert.equal(explanation.statements[0]!.criterion.items.find(({ address }) => address === "I.C")!.why, "an answer to I.C could not be obtained");
  });

  test("it is neither the next question nor in the sets to ask for, where there is another", () => {
    const { policy, policyCase, explanation } = explained(["age = unable to obtain", "heart_dose = 26 Gy", "I.C = met"]);
    const advice = whatIsMissing(policy, policyCase, explanation)!;
    assert.ok(advice.deciding.sets.length > 0 && advice.deciding.sets.every(({ items }) => items.every(({ name }) => name !== "age")));
    assert.deepEqual(advice.deciding.unobtainable, []);
    assert.notEqual(advice.ask?.name, "age");
    // Approval needs the age.
    assert.deepEqual(advice.approving.unobtainable.map(({ name }) => name), ["age"]);
    const words = adviceText({ missing: advice }, { colours: plainColours, width: 200 });
    assert.match(words, /Approval needs what could not be obtained: age\./u);
  });

  test("where every way needs it, that is said and nothing is asked", () => {
    const { policy, policyCase, explanation } = explained([...given, "I.C = unable to obtain", "mri_date = 2025-06-01"]);
    const advice = whatIsMissing(policy, policyCase, explanation)!;
    assert.equal(advice.ask, undefined);
    assert.deepEqual(advice.deciding.unobtainable.map(({ name }) => name), ["I.C"]);
    assert.match(adviceText({ missing: advice }, { colours: plainColours, width: 200 }), /very way to a decision needs what could not be obtained: I\.C\. A clinician must decide without it\./u);
  });

  test("of several, each way may need another one", () => {
    const policy = sound(`policy EX.EV.2 "Two ways"\n\nfacts\n  a  yes/no\n  b  yes/no\n\ncriteria\nI. It is medically necessary\n   when a or b\n\ncases\n  case "One"\n    on 2025-07-01\n    a = unable to obtain\n    b = unable to obtain\n    expect pend\n`);
    const policyCase = policy.analysis.cases[0]!;
    const words = adviceText({ missing: whatIsMissing(policy, policyCase, runCase(policy, policyCase).explanation!)! }, { colours: plainColours, width: 200 });
    assert.match(words, /very way to a decision needs at least one answer that could not be obtained: a and b\./u);
  });

  test("a changed answer takes its place", () => {
    const { policy, policyCase } = explained([...given, "  evidence claims", "I.C = met", "mri_date = unable to obtain"]);
    const { policyCase: changed } = changedCase(policy.analysis, policyCase, { facts: { mri_date: "2025-06-01", therapies: null } });
    assert.deepEqual(grounds(changed), { evidence: {}, unobtainable: {} });
    assert.deepEqual([...carriedCase(policyCase, policy.analysis, policy.analysis, new Map([["mri_date", "mri_date"]]), new Map()).policyCase.unobtainable!], [["mri_date", ""]]);
  });
});

const plainColours = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof adviceText>[1]["colours"];

describe("shown", () => {
  const policyCase = inlineCase(INLINE);
  const explanation = runCase(analyze(HEAD + INLINE, "a.policy").policy!, policyCase).explanation!;

  test("in a terminal, beside the criterion that reads it first", () => {
    const lines = explanationText(explanation, { colours: plainColours, width: 200 }).split("\n").map((line) => line.trim());
    for (const line of ["→ evidence for age: claims, 2025-04-02", "→ evidence for heart_dose: RT plan, comparison, p. 3, 2025-04-02 – mean dose of the 3D plan", "→ evidence: Operative report, 2025-03-01", "→ evidence for therapies: entry 1: MAR, 2025-01-03"]) {
      assert.equal(lines.filter((each) => each === line).length, 1, line);
    }
    assert.ok(lines.includes("? mri_date  Date of the MRI – could not be obtained (the outside hospital did not answer)"));
  });

  test("in Markdown and JSON", () => {
    const markdown = explanationMarkdown(explanation);
    assert.match(markdown, /\*Evidence: Operative report, 2025-03-01\*/u);
    assert.match(markdown, /\| Fact \| Value \| Question \| Evidence \|/u);
    assert.match(markdown, /claims, 2025-04-02; Face sheet, p\. 1/u);
    const json = JSON.parse(JSON.stringify(explanation)) as Explanation;
    assert.deepEqual(json.factsRead.find(({ name }) => name === "age")!.evidence, [{ source: "claims", date: "2025-04-02" }, { source: "Face sheet", page: "1" }]);
    assert.deepEqual(json.statements[0]!.criterion.items.find(({ address }) => address === "I.C")!.evidence, [{ source: "Operative report", date: "2025-03-01" }]);
  });

  test("in the explanation view", () => {
    const model = explanationModel(ANALYSIS, policyCase, explanation);
    assert.deepEqual(model.facts.find(({ name }) => name === "age")!.evidence, ["claims, 2025-04-02", "Face sheet, p. 1"]);
    assert.equal(model.facts.find(({ name }) => name === "mri_date")!.unobtainable, "the outside hospital did not answer");
    assert.deepEqual(model.statements[0]!.items.find(({ address }) => address === "I.C")!.evidence, ["Operative report, 2025-03-01"]);
    assert.deepEqual(model.missing.map(({ name, unobtainable, reason }) => [name, unobtainable, reason]), [["mri_date", true, "the outside hospital did not answer"]]);
  });

  test("a case without any of it is explained as before", () => {
    const bare = inlineCase(`\ncases\n  case "One"\n    on 2025-07-01\n    age = 54 years\n    expect pend\n`);
    const keys = new Set(JSON.stringify(runCase(POLICY, bare).explanation).match(/"\w+":/gu));
    for (const key of ["evidence", "evidenced", "unobtainable"]) assert.ok(!keys.has(`"${key}":`), key);
  });
});

// ── Properties ────────────────────────────────────────────────────────────────────────────────────────────────────────
const SOURCES = ["claims", "MRI report", "Progress note", "CT 2025-03-01, chest", "p. 3", "page 4 of the chart", "note", "a, b", "note \"x\"", "Dr. Example's letter", "evidence", "1", "I.C = met", "x # y", "expect approve", "{ a: b }", "- y"];
const evidenceOf = fc.record({
  source: fc.constantFrom(...SOURCES), page: fc.option(fc.constantFrom("1", "2-4", "3 and 5", "iv", "A, B", "last"), { nil: undefined }),
  date: fc.option(fc.integer({ min: day("2020-01-01"), max: day("2024-12-31") }), { nil: undefined }), note: fc.option(fc.constantFrom("as dictated", "page 3, see 2025-01-01", "", "said “no”", "a # b", "# c"), { nil: undefined }),
}).map(({ source, page, date, note }): Evidence => ({ source, ...(page === undefined ? {} : { page }), ...(date === undefined ? {} : { date }), ...(note === undefined || note === "" ? {} : { note }) }));
/** As it is read again: quotation marks within become others, and a page that is no page goes with its source. */
const asWritten = ({ source, page, note, ...rest }: Evidence, inline: boolean): Evidence => {
  const plain = (text: string): string => (inline ? text.replace(/"/gu, "'").replace(/ # /gu, " #") : text);
  const isPage = page === undefined || !inline || !["A, B", "last"].includes(page);
  return { source: plain(isPage ? source : `${source}, page ${page}`), ...(page === undefined || !isPage ? {} : { page }), ...rest, ...(note === undefined ? {} : { note: plain(note) }) };
};

const samples = samplesIn(SAMPLES);
const everyCase = samples.flatMap((sample) => [...sample.analysis.cases, ...sample.caseFiles.flatMap(({ file }) => file.cases)].map((policyCase) => ({ policy: sample.analysis.policy!, policyCase })));
const withoutGrounds = ({ evidence: _, unobtainable: __, ...rest }: PolicyCase): PolicyCase => rest;

/** A policy with one case, written by the tool. */
const written = ({ analysis }: Policy, policyCase: PolicyCase): Policy => {
  const text = analysis.text.slice(0, analysis.document.sections.find((section) => section.kind === "cases")?.start ?? analysis.text.length);
  const lines = caseLines(analysis.facts, { ...policyCase, note: undefined, expect: { determination: "pend" } });
  return sound(`${text.trimEnd()}\n\ncases\n${lines.join("\n")}\n`);
};

describe("whatever is recorded beside the answers", () => {
  test("evidence never changes an outcome, and is read again as it was written, in every format", () => {
    fc.assert(fc.property(fc.nat(), fc.array(fc.tuple(fc.nat(), evidenceOf), { minLength: 1, maxLength: 6 }), (which, given) => {
      const { policy, policyCase: whole } = everyCase[which % everyCase.length]!;
      const policyCase = withoutGrounds(whole);
      const names = [...policyCase.facts.keys(), ...policyCase.attested.keys()];
      if (names.length === 0) return;
      const evidence = new Map<string, Evidence[]>();
      for (const [at, each] of given) {
        const name = names[at % names.length]!;
        const value = policyCase.facts.get(name);
        const isRecords = policy.analysis.facts.get(name)?.type.kind === "records" && Array.isArray(value) && value.length > 0;
        const placed = isRecords && at % 2 === 0 ? { ...each, record: 1 + (at % value.length) } : each;
        evidence.set(name, [...evidence.get(name) ?? [], placed]);
      }
      const evidenced = { ...policyCase, evidence };
      const before = runCase(policy, policyCase).explanation!;
      assert.deepEqual(outcome(runCase(policy, evidenced).explanation!), outcome(before));
      const wanted = (inline: boolean): unknown => grounds({ ...policyCase, evidence: new Map([...evidence].map(([name, list]) => [name, list.map((each) => asWritten(each, inline))])) });
      // Inline, in YAML and in JSON.
      const again = written(policy, evidenced);
      const [reread] = again.analysis.cases;
      assert.ok(reread!.sound);
      assert.deepEqual(grounds(reread!), wanted(true));
      assert.deepEqual(outcome(runCase(again, reread!).explanation!), outcome(before));
      for (const start of ["cases:\n", "[\n]\n"]) {
        const edit = newCaseInFile(start, policy.analysis.facts, { ...evidenced, note: undefined, expect: undefined })!;
        const file = withEdits(start, [edit]);
        const read = fileCase(file, policy.analysis);
        assert.deepEqual(grounds(read), wanted(false), file);
        assert.deepEqual(outcome(runCase(policy, read).explanation!), outcome(before));
      }
      // The formatter keeps every word.
      const text = again.analysis.text.replace(/^ {6,8}(?=evidence)/gmu, (indent) => indent.slice(which % 5));
      const edits = formatText(text, { wrap: which % 2 === 0, lineWidth: 60 + (which % 60) });
      const afterwards = analyze(edits, "f.policy");
      assert.deepEqual(grounds(afterwards.cases[0]!), wanted(true), edits);
      assert.equal(formatText(edits, { wrap: which % 2 === 0, lineWidth: 60 + (which % 60) }), edits);
    }), { seed: SEED, numRuns: 60 });
  });

  test("unable to obtain is the same as leaving out", () => {
    fc.assert(fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), fc.constantFrom("", "no answer", "lost, “burnt”", "room #5"), (which, taken, reason) => {
      const { policy, policyCase: whole } = everyCase[which % everyCase.length]!;
      const policyCase = withoutGrounds(whole);
      const names = [...policyCase.facts.keys(), ...policyCase.attested.keys()];
      if (names.length === 0) return;
      const gone = new Set(taken.map((each) => names[each % names.length]!));
      const keep = <T>(map: ReadonlyMap<string, T>): Map<string, T> => new Map([...map].filter(([name]) => !gone.has(name)));
      const left: PolicyCase = { ...policyCase, facts: keep(policyCase.facts), attested: keep(policyCase.attested) };
      const unobtainable = new Map([...gone].map((name) => [name, reason]));
      const without = runCase(policy, left).explanation!;
      const again = written(policy, { ...left, unobtainable });
      const [reread] = again.analysis.cases;
      assert.deepEqual([...reread!.unobtainable!], [...unobtainable]);
      const explanation = runCase(again, reread!).explanation!;
      assert.deepEqual(outcome(explanation), outcome(without));
      for (const item of explanation.missing) assert.equal(item.unobtainable === true, gone.has(item.name), item.name);
      for (const start of ["cases:\n", "[\n]\n"]) {
        const file = withEdits(start, [newCaseInFile(start, policy.analysis.facts, { ...left, unobtainable, note: undefined, expect: undefined })!]);
        const read = fileCase(file, policy.analysis);
        assert.deepEqual([...read.unobtainable!].sort(), [...unobtainable].sort(), file);
        assert.deepEqual(outcome(runCase(policy, read).explanation!), outcome(without));
      }
    }), { seed: SEED, numRuns: 90 });
  });

  test("a new case keeps them", () => {
    const analysis = analyze(HEAD + INLINE, "a.policy");
    const given = analysis.cases[0]!;
    const text = withEdits(analysis.text, [newCaseInPolicy(analysis, { ...given, name: "Two", expect: undefined })]);
    const [, second] = analyze(text, "a.policy").cases;
    assert.deepEqual(grounds(second!), grounds(given));
    assert.equal(writtenEvidence({ source: "RT plan", page: "3", date: day("2025-04-02") }), "evidence RT plan, page 3, 2025-04-02");
  });
});

// ── Places and editing ────────────────────────────────────────────────────────────────────────────────────────────────
describe("in the tree and in the editor", () => {
  test("every node stands in its parent, after the one before it", () => {
    const { document } = parse(HEAD + INLINE);
    const check = (node: Node): void => {
      let at = node.start;
      for (const child of children(node)) {
        assert.ok(child.start >= at && child.end <= node.end, `${child.kind} in ${node.kind}`);
        at = child.kind === "word" || child.kind === "fact" || child.kind === "mapping" || child.kind === "evidence" ? child.end : child.start;
        check(child);
      }
    };
    check(document);
  });

  test("mappings belong to their facts and fields", () => {
    const said = (name: string): readonly string[] => ANALYSIS.facts.get(name)!.mappings.map(({ text }) => text);
    assert.deepEqual(said("age"), ["Patient.birthDate"]);
    assert.deepEqual(said("therapies"), ["MedicationRequest"]);
    assert.deepEqual(said("heart_dose"), []);
    const { type } = ANALYSIS.facts.get("therapies")!;
    assert.ok(type.kind === "records");
    assert.deepEqual(type.fields.map((field) => field.mappings.map(({ text }) => text)), [["medication.text", "reason.text"], []]);
    for (const { text, range, textRange } of ANALYSIS.facts.get("age")!.mappings) {
      assert.equal(ANALYSIS.text.slice(textRange.start, textRange.end), text);
      assert.match(ANALYSIS.text.slice(range.start, range.end), /^from fhir ".*"$/u);
    }
  });

  test("a mapping moves with its fact when the text before it changes", () => {
    const before = analyze(HEAD, "a.policy");
    const text = HEAD.replace("effective  2025-01-01", "effective  2025-01-01\n  plan  Example Health Plan").replace("\"Mean heart dose\"", "\"Mean heart dose\"\n    from fhir \"Observation.value\"");
    const after = analyze(text, "a.policy", before);
    for (const name of ["age", "heart_dose", "therapies"]) for (const each of after.facts.get(name)!.mappings) assert.equal(text.slice(each.textRange.start, each.textRange.end), each.text, name);
    assert.equal(after.facts.get("heart_dose")!.mappings.length, 1);
  });

  test("proposals", () => {
    const at = (text: string): readonly string[] => completion(analyze(text.replace("‸", ""), "a.policy"), text.indexOf("‸"), 20_000).map(({ label }) => label);
    const inCase = (line: string): readonly string[] => at(`${HEAD}\ncases\n  case "One"\n    on 2025-07-01\n    age = 54 years\n${line}\n    expect pend\n`);
    assert.ok(inCase("      ‸").includes("evidence"));
    assert.ok(inCase("    heart_dose = ‸").includes("unable to obtain"));
    assert.ok(inCase("    I.C = una‸").includes("unable to obtain"));
    assert.ok(!inCase("    heart_dose = 5 ‸").includes("unable to obtain"));
    assert.deepEqual(inCase("      evidence claims, ‸"), ["page", "note"]);
    assert.ok(at(HEAD.replace("    from fhir \"Patient.birthDate\"", "    ‸")).includes("from fhir"));
    assert.ok(at(HEAD.replace("    from fhir \"Patient.birthDate\"", "    from ‸")).includes("from fhir"));
    const inFile = (text: string): readonly string[] => caseFileCompletion(text.replace("‸", ""), text.indexOf("‸"), { policy: ANALYSIS, policies: [], json: text.startsWith("["), today: 20_000 }).map(({ label }) => label);
    assert.deepEqual(inFile("- on: 2025-07-01\n  facts:\n    age:\n      ‸\n"), ["value", "evidence", "unable to obtain"]);
    assert.deepEqual(inFile("- on: 2025-07-01\n  facts:\n    age:\n      value: 5\n      evidence:\n        ‸\n"), ["source", "page", "date", "note"]);
    assert.deepEqual(inFile("- on: 2025-07-01\n  facts:\n    age:\n      value: 5\n      evidence:\n        - source: x\n          ‸\n"), ["page", "date", "note"]);
    assert.deepEqual(inFile("- on: 2025-07-01\n  criteria:\n    I.C:\n      ‸\n"), ["outcome", "evidence", "unable to obtain"]);
    assert.ok(inFile("- on: 2025-07-01\n  criteria:\n    I.C: ‸\n").includes("unable to obtain"));
    assert.deepEqual(inFile("- on: 2025-07-01\n  criteria:\n    I.C:\n      outcome: ‸\n").slice(0, 2), ["met", "not met"]);
  });

  test("hovers and colours", () => {
    const analysis = analyze(HEAD + INLINE, "a.policy");
    const over = (words: string): string => hover(analysis, analysis.text.indexOf(words) + 2, { today: 20_000, known: undefined } as never)?.markdown ?? "";
    assert.match(over("evidence claims"), /Where the answer on the line above comes from/u);
    assert.match(over("unable to obtain"), /counts as unknown/u);
    assert.match(over("from fhir"), /FHIRPath/u);
    assert.match(over("2025-04-02"), /Wednesday, April 2, 2025/u);
    const tokens = semanticTokens(analysis, 20_000).map(({ start, end, type }) => `${analysis.text.slice(start, end)}: ${type}`);
    for (const token of ["from fhir: word", "\"Patient.birthDate\": string", "evidence: clause", "claims: string", "2025-04-02: date", "unable to obtain: outcome"]) assert.ok(tokens.includes(token), token);
  });

  test("the grammar colours them", async () => {
    const grammar = (await policyGrammar())!;
    let stack = null as Parameters<typeof grammar.tokenizeLine>[1];
    const scopes = new Map<string, string>();
    for (const line of (HEAD + INLINE).split("\n")) {
      const result = grammar.tokenizeLine(line, stack);
      stack = result.ruleStack;
      for (const token of result.tokens) if (!scopes.has(line.slice(token.startIndex, token.endIndex).trim())) scopes.set(line.slice(token.startIndex, token.endIndex).trim(), token.scopes.at(-1)!);
    }
    assert.equal(scopes.get("from fhir"), "keyword.other.mapping.policy");
    assert.equal(scopes.get("evidence"), "keyword.control.evidence.policy");
    assert.equal(scopes.get("2025-04-02"), "constant.numeric.date.policy");
    assert.equal(scopes.get("unable to obtain"), "constant.language.policy");
  });

  test("making a question of an attested criterion keeps its evidence", () => {
    const analysis = analyze(`${HEAD}${INLINE}\n  case "Two"\n    on 2025-07-01\n    I.C = unable to obtain, no answer\n      evidence letter to the hospital\n    expect pend\n  case "Three"\n    on 2025-07-01\n    I.C = unknown\n      evidence draft of the plan\n    expect pend\n`, "a.policy");
    const place = analysis.byAddress.get("I.C")!.node;
    const [refactoring] = attestedToFact(analysis, { start: place.start, end: place.start });
    const files = (text: string): { uri: string; text: string; file: ReturnType<typeof readCaseFile> } => ({ uri: "x.case.yaml", text, file: readCaseFile(text, "x.case.yaml", analysis) });
    const yaml = `cases:\n${YAML.replace(/^/gmu, "  ").trimEnd()}\n`;
    const made = refactoring!.make({ policies: [], cases: [files(yaml)] } as never)!;
    const [own, file] = made.files;
    const text = withEdits(analysis.text, own!.edits);
    const after = analyze(text, "a.policy");
    assert.deepEqual(after.diagnostics.filter(({ severity }) => severity === "error"), []);
    const name = [...after.facts.keys()].find((each) => !analysis.facts.has(each))!;
    assert.deepEqual(after.cases[0]!.evidence!.get(name), EVIDENCE["I.C"]);
    assert.equal(after.cases[0]!.facts.get(name), true);
    assert.equal(after.cases[1]!.unobtainable!.get(name), "no answer");
    assert.deepEqual(after.cases[1]!.evidence!.get(name), [{ source: "letter to the hospital" }]);
    assert.match(text, /# I\.C = unknown\n +# evidence draft of the plan/u);
    const changed = withEdits(yaml, file!.edits);
    const read = fileCase(changed, after);
    assert.deepEqual(read.evidence!.get(name), EVIDENCE["I.C"], changed);
    assert.equal(read.facts.get(name), true);
  });
});

test("dates of an explanation are dates of the calendar", () => assert.equal(dateText(day("2025-04-02")), "2025-04-02"));
