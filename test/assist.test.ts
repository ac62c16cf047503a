// Help while writing: proposals in case files, forms of conditions, growing selections, worked meaning in hovers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { caseFileCompletion } from "../server/src/features/casefile/completion.js";
import { caseFilePlace } from "../server/src/features/casefile/place.js";
import { completion } from "../server/src/features/completion.js";
import { hover } from "../server/src/features/hover.js";
import { conditionWords } from "../server/src/features/hover/conditions.js";
import type { Completion } from "../server/src/features/model.js";
import { selectionRanges } from "../server/src/features/selection.js";
import { signature } from "../server/src/features/signature.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { dayNumber } from "../server/src/syntax/dates.js";
import { CURSOR, example, EXAMPLE, fixture } from "./support/fixture.js";

const TODAY = dayNumber(2026, 3, 15)!;
const POLICY = analyze(EXAMPLE, "file:///policies/example.policy");

// ── Case files ────────────────────────────────────────────────────────────────────────────────────────────────────────
function at(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf(CURSOR);
  assert.ok(offset >= 0, "no cursor");
  return { text: marked.replace(CURSOR, ""), offset };
}
const place = (marked: string): string => {
  const { text, offset } = at(marked);
  const found = caseFilePlace(text, offset);
  return found === undefined ? "(nowhere)" : `${found.path.join("/")} ${found.at} ${JSON.stringify(text.slice(found.word.start, found.word.end))}`;
};
const proposals = (marked: string, json = marked.trimStart().startsWith("{")): readonly Completion[] => {
  const { text, offset } = at(marked);
  return [...caseFileCompletion(text, offset, { policy: POLICY, policies: ["example.policy"], json, today: TODAY })].sort((a, b) => (a.rank ?? 5) - (b.rank ?? 5));
};
const labels = (marked: string): readonly string[] => proposals(marked).map((each) => each.label);
/** The text after a proposal is taken, tab stops left out. */
const taken = (marked: string, label: string): string => {
  const { text } = at(marked);
  const found = proposals(marked).find((each) => each.label === label);
  assert.ok(found, `${label} among ${labels(marked).join(" | ")}`);
  const insert = (found.insert ?? found.label).replace(/\$(?:\d|\{\d+(?:[:|]([^}|,]*)[^}]*)?\})/gu, "$1");
  return text.slice(0, found.start) + insert + text.slice(found.end);
};
function offers(actual: readonly string[], expected: readonly string[], not: readonly string[] = []): void {
  for (const each of expected) assert.ok(actual.includes(each), `${each} among ${actual.join(" | ")}`);
  for (const each of not) assert.ok(!actual.includes(each), `${each} not among ${actual.join(" | ")}`);
}

const YAML = "policy: example.policy\ncases:\n  - name: First\n    on: 2026-03-01\n    facts:\n      age: 64 years\n      therapies:\n        - { kind: drug, ended: 2025-12-01 }\n        - kind: exercise\n          ended: 2025-11-01\n    expect: pend\n";

test("a place in a YAML case file is told from the words before it", () => {
  assert.equal(place("‸"), " key \"\"");
  assert.equal(place("pol‸"), " key \"pol\"");
  assert.equal(place("policy: ex‸"), "policy value \"ex\"");
  assert.equal(place("cases:\n  - na‸"), "cases/- entry \"na\"");
  assert.equal(place("cases:\n  - name: x\n    o‸"), "cases/- key \"o\"");
  assert.equal(place("cases:\n- name: x\n  o‸"), "cases/- key \"o\"");
  assert.equal(place("cases:\n- name: x\n  facts:\n    age: 64 ye‸"), "cases/-/facts/age value \"64 ye\"");
  assert.equal(place("cases:\n- name: x\n  facts:\n    ‸"), "cases/-/facts key \"\"");
  assert.equal(place("cases:\n- name: x\n  facts:\n    ‸\n  expect: pend\n"), "cases/-/facts key \"\"");
  assert.equal(place("- name: x\n  facts:\n    diagnoses: [J44.1, ‸]"), "-/facts/diagnoses/- entry \"\"");
  assert.equal(place("- name: x\n  facts:\n    diagnoses:\n      - J44.1\n      - ‸"), "-/facts/diagnoses/- entry \"\"");
  assert.equal(place("facts:\n  therapies:\n    - { kind: ‸ }"), "facts/therapies/-/kind value \"\"");
  assert.equal(place("facts:\n  therapies:\n    - kind: drug\n      en‸"), "facts/therapies/- key \"en\"");
  assert.equal(place("facts:\n  therapies:\n    - kind: drug\n    - kin‸"), "facts/therapies/- entry \"kin\"");
  assert.equal(place("facts:\n  therapies: [\n    { kind: drug,\n      ‸"), "facts/therapies/- key \"\"");
  assert.equal(place("name: x # a rem‸"), "(nowhere)");
  assert.equal(place("# a rem‸"), "(nowhere)");
  assert.equal(place("name: \"done\" ‸"), "(nowhere)");
  assert.equal(place("name: x\r\nfacts:\r\n  ag‸e: 1\r\n"), "facts key \"ag\"");
});

test("a place in a JSON case file is told from the brackets before it", () => {
  assert.equal(place("{‸"), " key \"\"");
  assert.equal(place("{ \"po‸"), " key \"\\\"po\"");
  assert.equal(place("{ \"cases\": [ { \"name\": \"a: {b\", ‸"), "cases/- key \"\"");
  assert.equal(place("{ \"cases\": [ { \"facts\": { \"age\": 6, \"stage\": \"‸\" } } ] }"), "cases/-/facts/stage value \"\\\"\"");
  assert.equal(place("{ \"cases\": [\n  { \"codes\": [\"CPT 77301\", \"‸\"] } ] }"), "cases/-/codes/- entry \"\\\"\"");
  assert.equal(place("{ \"name\": \"x\" ‸"), "(nowhere)");
});

test("case files: keys that are not there yet", () => {
  offers(labels("‸"), ["policy", "cases", "name", "facts"]);
  offers(labels("policy: example.policy\n‸"), ["cases"], ["policy"]);
  offers(labels("cases:\n  - name: x\n    ‸\n    on: 2026-03-01\n"), ["facts", "expect", "codes"], ["name", "on", "cases", "policy"]);
  offers(labels("cases:\n  - ‸"), ["case", "name"]);
  assert.deepEqual(labels("policy: ‸"), ["example.policy"]);
  assert.equal(taken("cases:\n  - name: x\n    fa‸", "facts"), "cases:\n  - name: x\n    facts:\n      ");
  assert.equal(taken("cases:\n  - ‸", "case"), "cases:\n  - name: What is special about it\n    on: 2026-02-01\n    facts:\n      \n    expect:\n      determination: approve");
  offers(labels("{ ‸ }"), ["policy", "cases", "name"]);
  assert.equal(taken("{ \"na‸\" }", "name"), "{ \"name\":  }");
  assert.equal(taken("{ \"na‸\": \"x\" }", "name"), "{ \"name\": \"x\" }");
  assert.equal(taken("{ fa‸ }", "facts"), "{ \"facts\": {  } }");
});

test("case files: facts with type and question, and values by their type", () => {
  const facts = proposals(YAML.replace("      therapies:", "      ‸\n      therapies:"));
  offers(facts.map((each) => each.label), ["stage", "saturation", "cor_pulmonale"], ["age", "therapies", "hypoxemic"]);
  const stage = facts.find((each) => each.label === "stage")!;
  assert.equal(stage.detail, "one of early, late");
  assert.match(stage.documentation!, /Stage of the disease/u);
  assert.equal(stage.insert, "stage: ");
  const value = (words: string): readonly string[] => labels(`facts:\n  ${words}`);
  assert.deepEqual(value("stage: ‸"), ["early", "late", "unable to obtain"]);
  assert.deepEqual(value("cor_pulmonale: ‸"), ["yes", "no", "unable to obtain"]);
  assert.deepEqual(value("seen: ‸"), ["2026-02-01", "2026-03-15", "unable to obtain"]);
  assert.deepEqual(value("age: ‸"), ["unable to obtain"]);
  assert.equal(value("age: 64 ‸")[0], "years");
  offers(value("age: 64 ‸"), ["months"], ["kg", "%"]);
  assert.equal(taken("facts:\n  age: 64‸", "years"), "facts:\n  age: 64 years");
  offers(value("diagnoses: [‸]"), ["J44.-"], ["E1390"]);
  assert.equal(taken("facts:\n  diagnoses: ‸", "J44.-"), "facts:\n  diagnoses: [J44.-]");
  offers(value("therapies:\n    - { ‸ }"), ["kind", "ended"], ["age"]);
  offers(value("therapies:\n    - { kind: drug, ‸ }"), ["ended"], ["kind"]);
  assert.deepEqual(value("therapies:\n    - kind: ‸"), ["drug", "exercise"]);
  offers(value("therapies:\n    - kind: drug\n      ‸"), ["ended"], ["kind"]);
  assert.deepEqual(value("unheard_of: ‸"), []);
});

test("case files: JSON writes words in quotation marks, and answers without", () => {
  assert.equal(taken("{ \"facts\": { \"stage\": ‸ } }", "late"), "{ \"facts\": { \"stage\": \"late\" } }");
  assert.equal(taken("{ \"facts\": { \"stage\": \"l‸\" } }", "late"), "{ \"facts\": { \"stage\": \"late\" } }");
  assert.equal(taken("{ \"facts\": { \"stage\": \"l‸ } }", "late"), "{ \"facts\": { \"stage\": \"late\" } }");
  assert.deepEqual(labels("{ \"facts\": { \"cor_pulmonale\": ‸ } }"), ["true", "false", "unable to obtain"]);
  assert.equal(taken("{ \"facts\": { \"age\": \"64 ‸\" } }", "years"), "{ \"facts\": { \"age\": \"64 years\" } }");
  assert.deepEqual(labels("{ \"facts\": { \"age\": 64 ‸ } }"), []);
  assert.equal(taken("{ \"facts\": { ‸ } }", "stage"), "{ \"facts\": { \"stage\":  } }");
  assert.equal(taken("{ \"facts\": { \"diagnoses\": ‸ } }", "J44.-"), "{ \"facts\": { \"diagnoses\": [\"J44.-\"] } }");
});

test("case files: requests, attestations and expectations", () => {
  assert.deepEqual(labels("pathway: ‸"), ["initial", "continuation", "repeat", "retrospective", "discharge"]);
  offers(labels("line of business: ‸"), ["Medicaid", "CHIP"]);
  offers(labels("codes: [‸]"), ["CPT 77301", "HCPCS E1390"], ["ICD-10-CM J44.-"]);
  offers(labels("codes: [CPT 77301, ‸]"), ["HCPCS E1390"], ["CPT 77301"]);
  assert.deepEqual(labels("criteria:\n  ‸"), ["I.C"]);
  assert.match(proposals("criteria:\n  ‸")[0]!.detail!, /prescriber has seen/u);
  assert.deepEqual(labels("criteria:\n  I.C: ‸"), ["met", "not met", "unknown", "unable to obtain"]);
  assert.deepEqual(labels("expect: ‸"), ["approve", "pend", "refer", "no statement applies"]);
  assert.deepEqual(labels("expect:\n  ‸"), ["determination", "by", "missing", "criteria"]);
  assert.deepEqual(labels("expect:\n  determination: ‸"), ["approve", "pend", "refer", "no statement applies"]);
  offers(labels("expect:\n  by: ‸"), ["I.B.1", "II"]);
  offers(labels("expect:\n  missing: [‸]"), ["saturation", "I.C", "pathway"], ["I.A"]);
  offers(labels("expect:\n  criteria:\n    ‸"), ["I.A", "I.B.2", "II"]);
});

test("case files: proposals never throw and hold the cursor, wherever it stands and however the text is cut", () => {
  for (const text of [YAML, "{ \"cases\": [ { \"name\": \"x\", \"facts\": { \"age\": 64, \"therapies\": [ { \"kind\": \"drug\" } ] }, \"expect\": { \"missing\": [\"age\"] } } ] }"]) {
    for (let offset = 0; offset <= text.length; offset++) {
      for (const shown of [text, text.slice(0, offset)]) {
        for (const each of caseFileCompletion(shown, offset, { policy: POLICY, policies: [], json: text.startsWith("{"), today: TODAY })) {
          assert.ok(each.start <= offset && offset <= each.end && each.end <= shown.length && !shown.slice(each.start, each.end).includes("\n"), `${offset} ${each.label}`);
        }
      }
    }
  }
});

// ── Forms of conditions ───────────────────────────────────────────────────────────────────────────────────────────────
/** The form at the mark with its active part in ‹›, on a line under I.C. */
function form(words: string, keyword = "when "): string {
  const { analysis, offset } = fixture(example(["   note Sites", `      ${keyword}${words}${words.includes(CURSOR) ? "" : CURSOR}\n   note Sites`]));
  const found = signature(analysis, offset);
  if (found === undefined) return "(quiet)";
  const part = found.parts[found.active]!;
  return `${found.label.slice(0, part.start)}‹${found.label.slice(part.start, part.end)}›${found.label.slice(part.end)}`;
}

test("forms: which part comes next", () => {
  assert.equal(form("at least "), "at least ‹2› of list where condition");
  assert.equal(form("at least 2 of "), "at least 2 of ‹list› where condition");
  assert.equal(form("at least 2 of therapies "), "at least 2 of list where ‹condition›");
  assert.equal(form("at least 2 of therapies where kind is "), "at least 2 of list where ‹condition›");
  assert.equal(form("seen within the past "), "within the past ‹6› months");
  assert.equal(form("seen within the past 6 "), "within the past 6 ‹months›");
  assert.equal(form("seen within 30 "), "within 30 ‹days› before | after | of date");
  assert.equal(form("seen within 30 days after "), "within 30 days before | after | of ‹date›");
  assert.equal(form("age between "), "between ‹low› and high");
  assert.equal(form("age between 2 years and "), "between low and ‹high›");
  assert.equal(form("count of "), "count of (‹list› where condition) <= number");
  assert.equal(form("count of (therapies where kind is "), "count of (list where ‹condition›) <= number");
  assert.equal(form("count of (therapies where kind is drug) <= "), "count of (list where condition) <= ‹number›");
  assert.equal(form("diagnoses include any of J44.1, "), "include any of ‹value, value›");
  assert.equal(form("exists "), "exists ‹list› where condition");
  assert.equal(form("stage is late and no "), "no ‹list› where condition");
  assert.equal(form("criterion "), "criterion ‹address› is met | is not met");
  assert.equal(form("codes ", "applies to "), "applies to codes ‹code, code›");
  assert.equal(form("exists therapies where kind is drug and ended within the past ", "unless "), "within the past ‹6› months");
});

test("forms: quiet elsewhere", () => {
  for (const words of ["", "age ", "age >= 18 ", "age >= 18 years and ", "stage is late ", "seen within the past 6 months and ", "criterion I.B is ", "age >= at"]) assert.equal(form(words), "(quiet)", words);
  assert.equal(form("between ", "note "), "(quiet)");
  assert.equal(form("age between 2 # between ‸"), "(quiet)");
  const { analysis, offset } = fixture(example(["raises the oxygen level.", "is given within the past ‸"]));
  assert.equal(signature(analysis, offset), undefined, "not in prose");
});

// ── Selections ────────────────────────────────────────────────────────────────────────────────────────────────────────
test("a selection grows from the word to the document", () => {
  const { analysis, offset } = fixture(example(["when stage is late and", "when stage is la‸te and"]));
  const words = selectionRanges(analysis, offset).map((range) => analysis.text.slice(range.start, range.end));
  const starts = words.map((each) => (each.length > 40 ? `${each.slice(0, 20)}…${each.split("\n").length}` : each));
  assert.deepEqual(starts.slice(0, 4), ["late", "stage is late", "stage is late and cor_pulmonale", "when stage is late and cor_pulmonale"]);
  assert.deepEqual(starts.slice(4).map((each) => each.replace(/\n/gu, "⏎")), ["2. Late stage with c…3", "1. Hypoxemia⏎       …5", "B. One of the follow…6", "A. Age ≥ 18 years; a…9", "I. Home oxygen is me…11", "I. Home oxygen is me…13", "criteria⏎I. Home oxy…14", "policy CP.EX.1 \"Home…69"]);
});

test("a selection in prose grows by the sentence, in a string by what is quoted; each holds the one before", () => {
  const first = (from: string, to: string): readonly string[] => {
    const { analysis, offset } = fixture(example([from, to]));
    return selectionRanges(analysis, offset).map((range) => analysis.text.slice(range.start, range.end));
  };
  assert.deepEqual(first("raises the oxygen level.", "raises the oxy‸gen level.").slice(0, 2), ["oxygen", "Home oxygen raises the oxygen level."]);
  assert.deepEqual(first("\"Stage of the disease\"", "\"Stage of the dis‸ease\"").slice(0, 3), ["disease", "Stage of the disease", "\"Stage of the disease\""]);
  for (let offset = 0; offset <= EXAMPLE.length; offset++) {
    const ranges = selectionRanges(POLICY, offset);
    assert.ok(ranges.length > 0);
    ranges.forEach((range, i) => assert.ok(range.start <= offset && offset <= range.end && (i === 0 || (range.start <= ranges[i - 1]!.start && range.end >= ranges[i - 1]!.end)), `${offset}`));
  }
});

// ── Meaning ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const words = (condition: string): string => {
  const analysis = analyze(example(["when hypoxemic", `when ${condition}`]), "");
  assert.deepEqual(analysis.diagnostics.filter((each) => each.severity === "error"), [], condition);
  return conditionWords(analysis, analysis.byAddress.get("I.B.1")!.conditions[0]!);
};

test("a condition in words", () => {
  assert.equal(words("age >= 18 years and stage is late"), "`age` is at least 18 years and `stage` is late");
  assert.equal(words("age < 216 months or not cor_pulmonale"), "`age` is less than 216 months or `cor_pulmonale` is no");
  assert.equal(words("age between 2 years and 18 years"), "`age` is from 2 years to 18 years");
  assert.equal(words("stage in early, late"), "`stage` is one of early or late");
  assert.equal(words("diagnoses include any of J44.-, C69.0"), "`diagnoses` include at least one of J44.- or C69.0");
  assert.equal(words("seen within the past 6 months"), "`seen` is from 6 months before the date of service to the date of service");
  assert.equal(words("exists therapies where kind is drug"), "there is at least one of `therapies` where `kind` is drug");
  assert.equal(words("no therapies where kind is drug"), "there are none of `therapies` where `kind` is drug");
  assert.equal(words("all of therapies where ended is known"), "for every one of `therapies`, `ended` is given in the case");
  assert.equal(words("count of (therapies where kind is drug) <= 12"), "there are at most 12 of `therapies` where `kind` is drug");
  assert.equal(words("criterion I.C is met"), "criterion I.C is met (“The prescriber has seen the patient”)");
  assert.equal(words("hypoxemic"), "`hypoxemic` holds (`saturation` is at most 88 %)");
});

const hoverOf = (from: string, to: string): string => {
  const { analysis, offset } = fixture(example([from, to]));
  return hover(analysis, offset, { today: TODAY })?.markdown ?? "(nothing)";
};

test("hovers say what is worked out", () => {
  assert.match(hoverOf("   A. Age", "   A‸. Age"), /Met `when age >= 18 years` {2}\n {2}that is, `age` is at least 18 years/u);
  assert.match(hoverOf("I. Home oxygen is medically", "I‸. Home oxygen is medically"), /Cites \\\[1\\\]\.\n- \\\[1\\\] Example Thoracic Society/u);
  assert.match(hoverOf("One of the following", "One of the fol‸lowing"), /- I\.B\.1 Hypoxemia\n- I\.B\.2 Late stage/u);
  assert.match(hoverOf("when age >= 18 years", "when age >= 216 mon‸ths"), /18 years, the unit in which `age` is asked for[^]*a unit of time[^]*compared with quantities in years/u);
  assert.match(hoverOf("when age >= 18", "when a‸ge >= 18"), /In cases: 64 years \(2 times\)\./u);
  assert.match(hoverOf("when hypoxemic", "when hypox‸emic"), /In words: `saturation` is at most 88 %\./u);
});

test("in the policy: likely dates, and addresses where prose names a criterion", () => {
  const labelsIn = (from: string, to: string): readonly string[] => {
    const { analysis, offset } = fixture(example([from, to]));
    return completion(analysis, offset, TODAY).map((each) => each.label);
  };
  assert.deepEqual(labelsIn("    on 2026-03-01\n    age = 64 years\n    saturation", "    on ‸\n    age = 64 years\n    saturation"), ["2026-02-01", "2026-03-15"]);
  assert.deepEqual(labelsIn("effective         2026-02-01", "effective         ‸"), ["2026-03-15"]);
  assert.ok(labelsIn("note Sites are listed elsewhere.", "note See criterion ‸").includes("I.B.2"));
  assert.deepEqual(labelsIn("note Sites are listed elsewhere.", "note See the ‸"), []);
});
