// Renaming facts, definitions, choices, labels and references, in a policy, its case files and policies that speak of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CaseText, FileEdits, Neighbours } from "../server/src/features/files.js";
import { withEdits as applied } from "../server/src/diagnostic.js";
import { NO_NEIGHBOURS } from "../server/src/features/files.js";
import { isRefusal, prepareRename, prepareRenameInCases, type Refusal, rename, renameInCases } from "../server/src/features/rename.js";
import { nameUses } from "../server/src/features/rename/names.js";
import { caseFileAddressEdits, labelledLists, relabelling, renumberEdits, renumbering } from "../server/src/semantics/addresses.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { criterionMentions } from "../server/src/semantics/proseaddresses.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { CURSOR, example, EXAMPLE } from "./support/fixture.js";

const URI = "file:///policies/example.policy";
const CASES_URI = "file:///policies/example.case.yaml";
const OTHER_URI = "file:///policies/other.policy";

const CASES = `policy: example.policy
cases:
  - name: In a file
    on: 2026-03-01
    facts:
      age: 64 years
      "stage": late # late stage
      therapies:
        - { kind: drug, ended: 2026-01-05 }
        - kind: exercise
    criteria: { I.C: met, "I.B.1": met }
    expect:
      determination: approve
      by: 'I.B.2'
      missing: [saturation, I.C]
      criteria:
        I.B: met
`;
const OTHER = `policy CP.EX.7 "Oxygen in hospital"
criteria
I. Oxygen is medically necessary when criterion I.B of CP.EX.1 is met, or criterion I.B is.
   note See CP.EX.1, criterion I.B.2, and criteria I.A-C of CP.EX.1.
`;

function around(text: string, cases = CASES, other = OTHER): { policy: ReturnType<typeof analyze>; neighbours: Neighbours } {
  const policy = analyze(text, URI);
  const caseText: CaseText = { uri: CASES_URI, text: cases, file: readCaseFile(cases, CASES_URI, policy) };
  return { policy, neighbours: { cases: [caseText], policies: [analyze(other, OTHER_URI)] } };
}

/** Renames at the mark in `words` of the example; gives the new texts by file, or the refusal. */
function renamed(words: string, name: string, text = EXAMPLE): { policy: string; cases: string; other: string } | string {
  const marked = text.includes(words.replace(CURSOR, "")) ? text.replace(words.replace(CURSOR, ""), () => words) : assert.fail(`no ${words}`);
  const offset = marked.indexOf(CURSOR);
  const { policy, neighbours } = around(text);
  const result = rename(policy, offset, name, neighbours);
  if (isRefusal(result)) return result.refused;
  return texts(result, text);
}

function texts(files: readonly FileEdits[], text: string): { policy: string; cases: string; other: string } {
  const of = (uri: string, before: string): string => applied(before, files.find((file) => file.uri === uri)?.edits ?? []);
  return { policy: of(URI, text), cases: of(CASES_URI, CASES), other: of(OTHER_URI, OTHER) };
}

function done(result: ReturnType<typeof renamed>): { policy: string; cases: string; other: string } {
  if (typeof result === "string") assert.fail(result);
  const errors = (text: string): string[] => analyze(text, URI).diagnostics.filter((found) => found.severity === "error").map((found) => found.message);
  assert.deepEqual(errors(result.policy), []);
  assert.deepEqual(readCaseFile(result.cases, CASES_URI, analyze(result.policy, URI)).diagnostics.filter((found) => found.code === "unknown-label" || found.code === "unknown-fact"), []);
  return result;
}

/** The lines that differ, from and to. */
function changed(before: string, then: string): readonly string[] {
  const old = before.split("\n");
  const now = then.split("\n");
  assert.equal(now.length, old.length);
  return now.flatMap((line, i) => (line === old[i] ? [] : [line.trim()]));
}

describe("names", () => {
  test("a fact is renamed where it is declared, in conditions, definitions and cases, and in case files", () => {
    const { policy, cases, other } = done(renamed("‸saturation      %", "spo2"));
    assert.deepEqual(changed(EXAMPLE, policy), ["spo2      %            \"Oxygen saturation at rest\"", "hypoxemic   spo2 <= 88 %", "spo2 = 86 %", "expect pend missing spo2"]);
    assert.deepEqual(changed(CASES, cases), ["missing: [spo2, I.C]"]);
    assert.equal(other, OTHER);
    assert.deepEqual(changed(CASES, done(renamed("when ‸age >=", "years_old")).cases), ["years_old: 64 years"]);
    assert.deepEqual(changed(CASES, done(renamed("st‸age is late", "phase")).cases), ["\"phase\": late # late stage"]);
  });

  test("a field is renamed in its filters and in the records of cases", () => {
    const { policy, cases } = done(renamed("‸kind          one of", "sort"));
    assert.deepEqual(changed(EXAMPLE, policy), ["sort          one of drug, exercise  \"Kind\"", "unless exists therapies where sort is drug and ended within the past 6 months"]);
    assert.deepEqual(changed(CASES, cases), ["- { sort: drug, ended: 2026-01-05 }", "- sort: exercise"]);
  });

  test("a definition is renamed", () => {
    assert.deepEqual(changed(EXAMPLE, done(renamed("when hypo‸xemic", "low_oxygen")).policy), ["low_oxygen   saturation <= 88 %", "when low_oxygen"]);
  });

  test("a choice is renamed where it is declared, in conditions, and in cases; the same word elsewhere stays", () => {
    const text = example(["expect approve by I.B.1", "stage = late\n    comment = \"late\"\n    expect approve by I.B.1"], ["\ndefine", "  comment  text\n\ndefine"]);
    const { policy, cases } = done(renamed("early, la‸te", "advanced", text));
    assert.deepEqual(changed(text, policy), ["stage           one of early, advanced  \"Stage of the disease\"", "when stage is advanced and cor_pulmonale", "stage = advanced"]);
    assert.deepEqual(changed(CASES, cases), ["\"stage\": advanced # late stage"]);
    const drug = done(renamed("kind is dr‸ug", "medication"));
    assert.deepEqual(changed(CASES, drug.cases), ["- { kind: medication, ended: 2026-01-05 }"]);
    assert.ok(drug.policy.includes("one of medication, exercise"));
  });

  test("names in a condition with a mistake are renamed too", () => {
    const text = example(["when age >= 18 years", "when age >= 18 kg and age is purple and nothing_known"]);
    const result = renamed("‸age             years", "years_old", text);
    assert.ok(typeof result !== "string" && result.policy.includes("when years_old >= 18 kg and years_old is purple and nothing_known"), JSON.stringify(result));
  });

  test("a name that cannot be is refused in words", () => {
    const says = (words: string, name: string, expected: RegExp, text?: string): void => {
      const result = renamed(words, name, text);
      assert.ok(typeof result === "string", `${name} is not refused`);
      assert.match(result, expected);
    };
    says("‸age             years", "weight", /`weight` is already a fact \(line 12\)/u);
    says("‸age             years", "hypoxemic", /already a definition/u);
    says("‸age             years", "body mass", /one word of letters.*Write `body_mass`/u);
    says("‸age             years", "1age", /begins with a letter/u);
    says("‸age             years", "when", /word of the language/u);
    says("‸age             years", "J90", /form of a code/u);
    says("‸age             years", " ", /Write the new name/u);
    says("‸kind          one of", "ended", /already a field of `therapies`/u);
    says("early, la‸te", "early", /already a choice of `stage`/u);
    says("early, la‸te", "unknown", /word of the language/u);
    // In a filter, a fact with the name of a field would be read as the field.
    const filtered = example(["where kind is drug", "where kind is drug and cor_pulmonale"]);
    says("‸cor_pulmonale   yes/no", "ended", /Behind `therapies where`/u, filtered);
    says("‸ended         date", "cor_pulmonale", /asks for `cor_pulmonale`/u, filtered);
  });

  test("what cannot be renamed says why", () => {
    const why = (words: string): string => {
      const { policy } = around(EXAMPLE);
      const marked = EXAMPLE.replace(words.replace(CURSOR, ""), () => words);
      const found = prepareRename(policy, marked.indexOf(CURSOR));
      assert.ok(isRefusal(found), `${words}: ${JSON.stringify(found)}`);
      return found.refused;
    };
    assert.match(why("The pres‸criber has"), /clinical prose cannot be renamed/u);
    assert.match(why("E13‸90*"), /A code is what the code system calls it/u);
    assert.match(why("# Both st‸atements"), /comment/u);
    assert.match(why("fac‸ts\n"), /word of the language/u);
    assert.match(why("case \"Saturation of ‸86"), /name of a case/u);
  });

  test("from a case file, facts and labels are renamed everywhere", () => {
    const { policy, neighbours } = around(EXAMPLE);
    const [cases] = neighbours.cases;
    const at = (words: string): number => CASES.indexOf(words);
    assert.deepEqual(prepareRenameInCases(cases!, at("age: 64") + 1), { start: at("age: 64"), end: at("age: 64") + 3, placeholder: "age" });
    const result = renameInCases(policy, cases!, at("stage\"") + 1, "phase", neighbours);
    assert.ok(!isRefusal(result));
    assert.ok(texts(result, EXAMPLE).policy.includes("when phase is late"));
    assert.ok(isRefusal(prepareRenameInCases(cases!, at("In a file"))));
  });

  test("a case file that cannot be read holds a rename up", () => {
    const { policy, neighbours } = around(EXAMPLE, "cases: [\n  - name: {");
    const result = rename(policy, EXAMPLE.indexOf("age  "), "years_old", neighbours) as Refusal;
    assert.match(result.refused, /example\.case\.yaml cannot be read/u);
  });

  test("every name of the samples can be renamed and back, and nothing else changes", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const names = [...sample.analysis.facts.values(), ...sample.analysis.definitions.values()];
      for (const symbol of names) {
        const there = rename(sample.analysis, symbol.node.name.start, "a_new_name", NO_NEIGHBOURS);
        assert.ok(!isRefusal(there), `${sample.name} ${symbol.name}`);
        const then = analyze(applied(sample.text, there[0]!.edits), sample.name);
        assert.deepEqual(then.diagnostics.map((found) => found.code), sample.analysis.diagnostics.map((found) => found.code), `${sample.name} ${symbol.name}`);
        const back = rename(then, (then.facts.get("a_new_name") ?? then.definitions.get("a_new_name"))!.node.name.start, symbol.name, NO_NEIGHBOURS);
        assert.ok(!isRefusal(back));
        assert.equal(applied(then.text, back[0]!.edits), sample.text);
      }
    }
  });

  test("the walk through the tree finds what the checks find", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const names = new Set(nameUses(sample.analysis).filter((use) => use.choice === undefined && use.symbol !== undefined).map((use) => `${use.start} ${use.symbol!.name}`));
      for (const use of sample.analysis.uses) {
        if (use.declaration || (use.symbol.kind !== "fact" && use.symbol.kind !== "definition")) continue;
        assert.ok(names.has(`${use.start} ${use.symbol.name}`), `${sample.name} ${use.start} ${use.symbol.name}`);
      }
    }
  });
});

describe("labels", () => {
  const WITH_PROSE = example(
    ["It is billed", "See criterion I.B, items I.B.1 and I.B.2, and section II. It is billed"],
    ["* Reviewed case by case.", "* Reviewed under I.B.2. Phase I.B trials and I.V. drugs are others; so is criterion I.B of CP.EX.7."],
    ["    New policy.", "    Added criterion I.B.2."],
    ["Planning in our own words   for I.A", "Planning in our own words   for I.A, I.B"],
  );

  test("a label is renamed with conditions, rows, cases, case files, prose and other policies; the revision log stays", () => {
    const { policy, cases, other } = done(renamed("‸B. One of", "D", WITH_PROSE));
    assert.deepEqual(changed(WITH_PROSE, policy), [
      "Home oxygen raises the oxygen level. [1-2] See criterion I.D, items I.D.1 and I.D.2, and section II. It is billed with HCPCS E1390; see CP.EX.7.",
      "D. One of the following (not all-inclusive):", "II. Home oxygen is investigational when criterion I.D is not met.", "* Reviewed under I.D.2. Phase I.B trials and I.V. drugs are others; so is criterion I.B of CP.EX.7.",
      "CPT        77301   Planning in our own words   for I.A, I.D", "expect approve by I.D.1",
    ]);
    assert.deepEqual(changed(CASES, cases), ["criteria: { I.C: met, \"I.D.1\": met }", "by: 'I.D.2'", "I.D: met"]);
    assert.deepEqual(changed(OTHER, other), ["I. Oxygen is medically necessary when criterion I.D of CP.EX.1 is met, or criterion I.B is.", "note See CP.EX.1, criterion I.D.2, and criteria I.A, D, C of CP.EX.1."]);
  });

  test("the label under the cursor of an address is meant", () => {
    const at = (words: string): unknown => {
      const { policy } = around(EXAMPLE);
      const offset = EXAMPLE.replace(words.replace(CURSOR, ""), () => words).indexOf(CURSOR);
      const found = prepareRename(policy, offset);
      return isRefusal(found) ? found.refused : [EXAMPLE.slice(found.start, found.end), found.placeholder, found.start - EXAMPLE.indexOf(words.replace(CURSOR, ""))];
    };
    assert.deepEqual(at("by I‸.B.1"), ["I", "I", 3]);
    assert.deepEqual(at("by I.B‸.1"), ["B", "B", 5]);
    assert.deepEqual(at("by I.B.1‸"), ["1", "1", 7]);
    assert.deepEqual(at("B‸. One of"), ["B", "B", 0]);
  });

  test("a statement takes everything below it along", () => {
    const { policy, cases } = done(renamed("‸I. Home oxygen is medically", "III", WITH_PROSE));
    assert.match(policy, /when criterion III\.B is not met/u);
    assert.match(policy, /items III\.B\.1 and III\.B\.2/u);
    assert.match(policy, /III\.C = met/u);
    assert.match(policy, /Added criterion I\.B\.2\./u);
    assert.match(cases, /III\.C: met, "III\.B\.1": met/u);
  });

  test("a label that cannot be is refused in words", () => {
    assert.match(String(renamed("‸B. One of", "C")), /I\.C is another criterion \(line 36\).*Renumber/u);
    assert.match(String(renamed("‸B. One of", "7")), /labelled A, B and so on/u);
    assert.match(String(renamed("‸B. One of", "the second")), /cannot be a label/u);
    assert.match(String(renamed("‸B. One of", "E", example(["for I.A", "for I.E"]))), /names I\.E, which does not exist/u);
    assert.equal(done(renamed("‸B. One of", "I.E.")).policy, done(renamed("‸B. One of", "E")).policy);
  });

  test("addresses keep their parentheses", () => {
    const text = "policy X.1 \"X\"\ncriteria\nI. It is medically necessary when all of the following are met:\n   (a) One\n   (b) Two\ncases\n  case \"c\"\n    on 2026-01-01\n    I.(a) = met\n    expect I.b unknown\n";
    const policy = analyze(text, URI);
    const result = rename(policy, text.indexOf("a) One"), "c", NO_NEIGHBOURS);
    assert.ok(!isRefusal(result));
    assert.match(applied(text, result[0]!.edits), /\(c\) One[\s\S]*I\.\(c\) = met/u);
  });
});

describe("renumbering", () => {
  const OUT = example(["   C. The prescriber has seen the patient", "   D. The prescriber has seen the patient"], ["    I.C = met", "    I.D = met"], ["* Reviewed case by case.", "* See criteria I.A-D, and I.B.1-2."]);

  test("a list is put in order with all references; ranges are written anew", () => {
    const text = OUT.replace("criteria I.A-D", "criteria I.A, B and D");
    const policy = analyze(text, URI);
    const then = applied(text, renumberEdits(policy));
    assert.deepEqual(changed(text, then), ["C. The prescriber has seen the patient", "* See criteria I.A, B and C, and I.B.1-2.", "I.C = met"]);
    assert.deepEqual(renumberEdits(analyze(then, URI)), []);
  });

  test("what names a criterion that is not there is not made to name another", () => {
    const text = OUT.replace("for I.A", "for I.C");
    assert.deepEqual(renumbering(analyze(text, URI)), { edits: [], moved: new Map(), inTheWay: ["I.C"] });
  });

  test("labels may change places", () => {
    const policy = analyze(EXAMPLE, URI);
    const [a, b] = ["I.A", "I.B"].map((address) => policy.byAddress.get(address)!);
    const { edits, moved } = relabelling(policy, new Map([[a!, "B"], [b!, "A"]]));
    const then = applied(EXAMPLE, edits);
    assert.deepEqual([...moved], [["I.A", "I.B"], ["I.B", "I.A"], ["I.B.1", "I.A.1"], ["I.B.2", "I.A.2"]]);
    assert.match(then, /when criterion I\.A is not met/u);
    assert.match(then, /for I\.B\n/u);
    assert.match(then, /expect approve by I\.A\.1/u);
  });

  test("the samples are in order, and shifting all labels and renumbering brings them back", () => {
    for (const sample of samplesIn(SAMPLES)) {
      assert.deepEqual(renumberEdits(sample.analysis), [], sample.name);
      // The last label of every list moves one further.
      const last = new Map(labelledLists(sample.analysis).flatMap(({ items }) => (items.length > 1 && /^[A-G1-7]$/u.test(items.at(-1)!.label) ? [[items.at(-1)!, /\d/u.test(items.at(-1)!.label) ? "9" : "H"] as const] : [])));
      const { edits, moved } = relabelling(sample.analysis, last);
      const shifted = analyze(applied(sample.text, edits), sample.name);
      assert.deepEqual(shifted.diagnostics.filter((found) => found.severity === "error"), [], sample.name);
      for (const { text, name, file } of sample.caseFiles) {
        const read = readCaseFile(applied(text, caseFileAddressEdits(text, file, moved)), name, shifted);
        assert.deepEqual(read.diagnostics.map((found) => found.code), file.diagnostics.map((found) => found.code));
      }
      assert.equal(applied(shifted.text, renumberEdits(shifted)), sample.text, sample.name);
    }
  });
});

describe("mentions in prose", () => {
  test("only what is surely an address of this policy is one", () => {
    const policy = analyze(example(["* Reviewed case by case.", "* Criterion I.B, I.V. drugs, Phase I.B, I.B.2, items I.A and I.C, the Amsterdam criteria II, criteria I and II, criterion I.A of CP.EX.7, CP.EX.7, criterion I.B"]), URI);
    assert.deepEqual(criterionMentions(policy).map((mention) => `${mention.addresses.join("+")}${mention.policy === undefined ? "" : ` of ${mention.policy}`}`), ["I.B", "I.B.2", "I.A", "I.C", "I+II", "I.A of CP.EX.7", "I.B of CP.EX.7"]);
  });
});

describe("references", () => {
  test("a number is renamed with its citations, ranges split", () => {
    assert.deepEqual(changed(EXAMPLE, done(renamed("  ‸1. Example Thoracic", "7")).policy), [
      "Home oxygen raises the oxygen level. [2,7] It is billed with HCPCS E1390; see CP.EX.7.", "I. Home oxygen is medically necessary when all of the following are met: [7]",
      "7. Example Thoracic Society. Home oxygen in adults. 2024. doi:10.1000/oxygen(2024)1.",
    ]);
    assert.equal(done(renamed("[1-‸2]", "3")).policy.match(/\[(?:1,3|3)\]/gu)?.length, 2);
  });

  test("a number that cannot be is refused in words", () => {
    assert.match(String(renamed("  ‸1. Example Thoracic", "2")), /Reference 2 is another source/u);
    assert.match(String(renamed("  ‸1. Example Thoracic", "one")), /no number of a reference/u);
    assert.match(String(renamed("  ‸1. Example Thoracic", "9", example(["[1-2]", "[9]"]))), /\[9\] is cited/u);
  });
});
