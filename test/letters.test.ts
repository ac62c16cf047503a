// Letters and worksheets: golden letters, no codes, no unexplained abbreviation, templates (documented, wrong, hostile), hostile prose. UPDATE_GOLDEN=1 writes the golden files anew.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { runCase } from "../server/src/evaluate/run.js";
import { fill, TemplateProblem } from "../server/src/render/letters/engine.js";
import { expandAbbreviations, glossaryOf } from "../server/src/render/letters/abbreviations.js";
import { type Audience, LETTER_KINDS, type Letter, TEMPLATES, VARIABLES, type Worksheet, writeLetter, writeWorksheet, writtenPage, type Written } from "../server/src/render/letters/index.js";
import { plainFor, signsInWords, withoutCodes } from "../server/src/render/letters/plain.js";
import { quantityInWords, unitInWords, unitsInWords } from "../server/src/render/letters/units.js";
import { KNOWN, shortForms } from "../server/src/semantics/abbreviations.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { PolicyCase } from "../server/src/semantics/model.js";
import { findUnit } from "../server/src/semantics/units.js";
import { LETTER, type LetterResult } from "../server/src/lsp/protocol.js";
import { workplace, type Workplace } from "./support/cli.js";
import { startClient } from "./support/client.js";
import { ROOT, SAMPLES, samplesIn } from "./support/core-fixtures.js";

const AUDIENCES: readonly Audience[] = ["member", "provider"];
const GOLDEN = join(ROOT, "test", "golden", "letters");

/** The letter for a case of a policy's text, by the name of the case. */
function letterFor(text: string, name: string, audience: Audience = "member", more: Partial<PolicyCase> = {}): Written<Letter> {
  const { policy, cases, diagnostics } = analyze(text, "letter.policy");
  assert.ok(policy, diagnostics.map(({ message }) => message).join("\n"));
  const found = cases.find((each) => each.name === name);
  assert.ok(found?.sound, `${name}: ${diagnostics.map(({ message }) => message).join("\n")}`);
  const policyCase = { ...found, ...more };
  return writeLetter(policy, policyCase, runCase(policy, policyCase).explanation!, { audience });
}

interface SampleLetter {
  readonly where: string;
  readonly policyCase: PolicyCase;
  readonly written: Written<Letter>;
  readonly sample: ReturnType<typeof samplesIn>[number];
}

let letters: readonly SampleLetter[] | undefined;
/** The letters of all cases of all samples, for both readers. */
function sampleLetters(): readonly SampleLetter[] {
  letters ??= samplesIn(SAMPLES).flatMap((sample) => {
    const { policy } = sample.analysis;
    assert.ok(policy);
    return [...sample.analysis.cases, ...sample.caseFiles.flatMap(({ file }) => file.cases)].filter(({ sound }) => sound).flatMap((policyCase) => {
      const { explanation } = runCase(policy, policyCase);
      return AUDIENCES.map((audience) => ({ where: `${sample.name}, “${policyCase.name}”, ${audience}`, policyCase, sample, written: writeLetter(policy, policyCase, explanation!, { audience }) }));
    });
  });
  return letters;
}

/** A letter without its sources, which are titles of other works. */
const withoutSources = ({ written: { markdown } }: SampleLetter): string => markdown.replace(/^- The policy cites: .*$/gmu, "");

function golden(name: string, text: string): void {
  const path = join(GOLDEN, name);
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `${name} is not there; run with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(path, "utf8").replace(/\r\n/gu, "\n"), `${name} differs; look at it, then run with UPDATE_GOLDEN=1`);
}

const HOME_OXYGEN = `policy CP.EX.1 "Home oxygen therapy"
  plan       Example Health Plan
  effective  2025-06-19

facts
  age         years   "Age on the date of service"
  saturation  %       "Oxygen saturation at rest, on room air"
  diagnoses   list of ICD-10-CM  "Diagnoses"

criteria
I. Home oxygen is medically necessary when all of the following are met: [1]
   applies to pathway initial
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. One of the following:
      1. Saturation ≤ 88 %
         when saturation <= 88 %
      2. Chronic obstructive pulmonary disease (COPD), ICD-10-CM J44.9, billed with HCPCS E1390
         when diagnoses include J44.-
   C. The prescriber has seen the patient within the past 30 days

codes
  HCPCS  E1390  Oxygen concentrator, one outlet
  ICD-10-CM  J44.-  Long-lasting narrowing of the airways

references
  1. Example Thoracic Society. Home oxygen in adults. 2024.

cases
  case "Low saturation"
    on 2025-07-01
    pathway initial
    codes HCPCS E1390
    age = 64 years
    saturation = 86 %
    I.C = met
  case "Not measured"
    on 2025-07-01
    pathway initial
    age = 64 years
    diagnoses = M54.5
    I.C = met
  case "Good saturation"
    on 2025-07-01
    pathway initial
    age = 64 years
    saturation = 95 %
    diagnoses = M54.5
    I.C = not met
  case "Another pathway"
    on 2025-07-01
    pathway continuation
    age = 64 years
  case "Too early"
    on 2025-01-01
    pathway initial
    age = 64 years
`;

describe("letters", () => {
  test("of the samples are as they were looked at", () => {
    const chosen: readonly (readonly [string, string, Audience])[] = [
      ["imrt", "Ewing sarcoma of the pelvis", "member"], ["imrt", "Solid tumor at eighteen, at a site that is not listed", "member"], ["imrt", "Glioma whose doses are not recorded", "provider"],
      ["sleep-study", "Heart failure: a home test does not fit", "member"], ["spinal-injection", "Local infection", "provider"], ["spinal-injection", "Facet joint injection", "member"],
      ["tnf-inhibitor", "Pathway not stated", "provider"], ["tnf-inhibitor", "Methotrexate failed, but longer ago than a year", "member"],
    ];
    for (const [policy, name, audience] of chosen) {
      const found = sampleLetters().find(({ sample, policyCase, written: { data } }) => sample.name === `${policy}.policy` && policyCase.name === name && data.audience === audience);
      assert.ok(found, name);
      golden(`${policy}-${found.written.data.kind}-${name.toLowerCase().replace(/\W+/gu, "-").replace(/-$/u, "")}.${audience}.md`, found.written.markdown);
    }
    for (const name of ["Low saturation", "Not measured", "Good saturation", "Another pathway", "Too early"]) {
      golden(`home-oxygen-${name.toLowerCase().replace(/ /gu, "-")}.member.md`, letterFor(HOME_OXYGEN, name).markdown);
    }
  });

  test("each determination has its letter", () => {
    assert.deepEqual(["Low saturation", "Not measured", "Good saturation", "Another pathway"].map((name) => letterFor(HOME_OXYGEN, name).data.kind), ["approve", "pend", "refer", "none"]);
    assert.deepEqual(new Set(sampleLetters().map(({ written: { data } }) => data.kind)).size >= 3, true);
  });

  test("name the criterion that decided, with its source and what the record says", () => {
    const { data } = letterFor(HOME_OXYGEN, "Good saturation");
    assert.equal(data.cause, "not met");
    const [statement] = data.statements;
    assert.deepEqual([statement!.section, statement!.words, statement!.when], ["I", "Home oxygen is medically necessary", "all of these rules are met"]);
    assert.deepEqual(statement!.rules.map(({ section, words, level }) => [section, words, level]), [
      ["I.B", "At least one of these", 0], ["I.B.1", "Saturation of at most 88 percent", 1],
      ["I.B.2", "Chronic obstructive pulmonary disease (COPD), “Long-lasting narrowing of the airways”, billed with “Oxygen concentrator, one outlet”", 1],
      ["I.C", "The prescriber has seen the patient within the past 30 days", 0],
    ]);
    assert.deepEqual(statement!.rules[0]!.record.map(({ text }) => text), ["Oxygen saturation at rest, on room air: 95 percent", "Diagnoses: 1 diagnosis, named by its code"]);
    assert.deepEqual(statement!.rules[3]!.record.map(({ text }) => text), ["The reviewer looked at the record and found this not met"]);
    assert.deepEqual(data.sources, [{ number: 1, text: "Example Thoracic Society. Home oxygen in adults. 2024." }]);
  });

  test("say exactly what is needed, what to ask first, and what could not be obtained", () => {
    const pend = letterFor(HOME_OXYGEN, "Not measured", "provider", { unobtainable: new Map([["saturation", "the oximeter of the practice is broken"]]) });
    assert.deepEqual(pend.data.needed, [{
      question: "Oxygen saturation at rest, on room air", answers: [], sections: ["I.B.1"], first: true, unobtainable: true, reason: "the oximeter of the practice is broken",
    }]);
    assert.match(pend.markdown, /could not be obtained: the oximeter of the practice is broken/u);
    const only = sampleLetters().find(({ policyCase, written: { data } }) => policyCase.name === "Adolescent without an Epworth score" && data.audience === "member")!;
    assert.deepEqual(only.written.data.needed.filter(({ first }) => first).map(({ question }) => question), ["Epworth Sleepiness Scale"]);
    assert.match(only.written.markdown, /1\. Epworth Sleepiness Scale\n\nIf those answers are not enough/u);
  });

  test("the missing answers of a letter are those of the explanation that can still matter", () => {
    for (const { where, written: { data }, policyCase, sample } of sampleLetters()) {
      const { missing } = runCase(sample.analysis.policy!, policyCase).explanation!;
      assert.ok(data.needed.length <= missing.length, where);
      assert.equal(data.needed.length > 0, data.kind === "pend", where);
    }
  });

  test("where nothing that is needed can be had, a clinician looks without it", () => {
    const { markdown } = letterFor(HOME_OXYGEN, "Not measured", "member", { unobtainable: new Map([["saturation", ""]]) });
    assert.match(markdown, /a clinician will look at the request without them/u);
    assert.doesNotMatch(letterFor(HOME_OXYGEN, "Not measured").markdown, /without them/u);
  });

  test("evidence is named to providers and not to members", () => {
    const evidence = new Map([["saturation", [{ source: "Chart", page: "3-4", date: 20_270, note: "after rest" }]]]);
    assert.match(letterFor(HOME_OXYGEN, "Low saturation", "provider", { evidence }).markdown, /86 %.* \(found in: Chart, pages 3-4, July 1, 2025, after rest\)/u);
    assert.doesNotMatch(letterFor(HOME_OXYGEN, "Low saturation", "member", { evidence }).markdown, /Chart/u);
  });

  test("approvals carry duration and quantity where the policy states them", () => {
    const text = HOME_OXYGEN.replace("   applies to pathway initial\n", "   applies to pathway initial\n   approval duration 6 months\n   quantity limit 1 concentrator of HCPCS E1390 per month\n");
    const { data, markdown } = letterFor(text, "Low saturation");
    assert.deepEqual([data.approval?.duration, data.approval?.until], ["6 months", "December 31, 2025"]);
    assert.match(markdown, /The approval lasts 6 months, through December 31, 2025\./u);
    assert.match(markdown, /1 concentrator/u);
    assert.doesNotMatch(data.approval!.quantities.join(), /\(/u, "what the limit is of, once");
    assert.doesNotMatch(markdown, /E1390|HCPCS/u);
    assert.equal(letterFor(HOME_OXYGEN, "Low saturation").data.approval, null);
  });

  test("never speak of a denial", () => {
    for (const letter of sampleLetters()) assert.doesNotMatch(letter.written.markdown, /\bden(?:y|ied|ial|ies)\b|\breject/iu, letter.where);
    for (const [name, text] of Object.entries(TEMPLATES)) assert.doesNotMatch(text, /\bden(?:y|ied|ial|ies)\b|\breject/iu, name);
  });

  test("are easy to read where their words are ours", () => {
    for (const kind of LETTER_KINDS) {
      const text = TEMPLATES[kind]!.replace(/\{%.*?%\}/gsu, "").replace(/\{\{.*?\}\}/gu, "thing");
      for (const sentence of text.split(/[.:?]\s/u)) assert.ok(sentence.trim().split(/\s+/u).length <= 26, sentence);
    }
  });
});

describe("codes in letters", () => {
  test("no letter of a sample holds one", () => {
    for (const letter of sampleLetters()) {
      const text = withoutSources(letter);
      const { codes } = letter.sample.analysis;
      for (const [code, entries] of codes) {
        for (const shown of new Set([code, ...entries.map((entry) => entry.code)])) assert.ok(!new RegExp(`(?<![\\w.])${shown.replace(/[.*+?^\${}()|[\]\\]/gu, "\\$&")}(?![\\w])`, "u").test(text), `${letter.where}: ${shown}`);
      }
      assert.doesNotMatch(text, /(?<![\w.-])(?:\d{5}|\d{4}[FTUM]|[A-CEGHJ-MP-V]\d{4}|[A-TV-Z]\d\d\.[0-9A-Z-]+)(?![\w-])/u, letter.where);
      assert.doesNotMatch(text, /\b(?:CPT|HCPCS|ICD-10(?:-CM)?)\s*\d/u, letter.where);
    }
  });

  test("sentences stay whole without them", () => {
    const { analysis } = samplesIn(SAMPLES).find(({ name }) => name === "imrt.policy")!;
    const { words } = plainFor(analysis, undefined, "provider");
    const plain: readonly (readonly [string, string])[] = [
      ["The plan is billed with CPT 77301. [47]", "The plan is billed with “Treatment plan with dose-volume limits for target and organs at risk”."],
      ["Planning (CPT 77301, 77338) is done once.", "Planning is done once."],
      ["Tumors of the eye (ICD-10-CM C69.-) count.", "Tumors of the eye count."],
      ["Codes 99213-99215 are not used.", "billing codes that the policy names are not used."],
      ["For ICD-10-CM C69.0 or C70.1", "For diagnosis codes that the policy names"],
      ["Diagnosis of C69.2 is needed", "Diagnosis of a diagnosis code that the policy names is needed"],
      ["with HCPCS J9999", "with a billing code that the policy names"],
      ["A dose of 10000 mg in 2025, within 12 months, stage III, T2N0 (I or II)", "A dose of 10000 mg in 2025, within 12 months, stage III, T2N0 (I or II)"],
      ["see LA.CP.MP.69 and criterion I.E.4.b", "see LA.CP.MP.69 and criterion I.E.4.b"],
    ];
    for (const [written, wanted] of plain) assert.equal(words(written), wanted);
    assert.equal(withoutCodes("nothing here", new Set(), () => undefined), "nothing here");
  });

  test("text that a case brings along is cleaned of them too", () => {
    const text = HOME_OXYGEN.replace('  saturation  %', '  remark  text  "Anything else"\n  saturation  %').replace("      when age >= 18 years", '      when age >= 18 years and remark is not "x"')
      .replace('    age = 64 years\n    saturation = 86 %', '    remark = "Billed as E1390 and 99213, see J44.9"\n    age = 64 years\n    saturation = 86 %').replaceAll("    age = 64 years\n", '    age = 64 years\n');
    const { markdown } = letterFor(text, "Low saturation");
    assert.match(markdown, /Anything else: Billed as/u);
    assert.doesNotMatch(markdown, /E1390|J44\.9/u);
  });
});

describe("abbreviations in letters", () => {
  test("those of the samples are written out at their first place", () => {
    for (const letter of sampleLetters()) {
      assert.deepEqual(letter.written.problems, [], letter.where);
      const names = glossaryOf(letter.sample.analysis);
      const seen = new Set<string>();
      for (const { text, long, start } of shortForms(withoutSources(letter))) {
        if (seen.has(text) || /^[IVX]+$|^[A-Z]\d$/u.test(text) || names.names.has(text)) continue;
        seen.add(text);
        if (names.long.has(text)) assert.ok(long !== undefined || / short for /u.test(withoutSources(letter).slice(start, start + 30)), `${letter.where}: ${text}`);
        else assert.ok(KNOWN.has(text) || long !== undefined, `${letter.where}: ${text}`);
      }
    }
  });

  test("by the policy's words, with the article that fits", () => {
    const glossary = { long: new Map([["HSAT", "home sleep apnea test"], ["ESS", "Epworth Sleepiness Scale"], ["IMRT", "intensity-modulated radiotherapy"]]), names: new Set(["LHC", "XL"]) };
    const plain: readonly (readonly [string, string])[] = [
      ["An HSAT is done. The HSAT is read.", "A home sleep apnea test (HSAT) is done. The HSAT is read."],
      ["- **IMRT is used**", "- **Intensity-modulated radiotherapy (IMRT) is used**"],
      ["a IMRT plan", "an intensity-modulated radiotherapy (IMRT) plan"],
      ["two HSATs", "two home sleep apnea test (HSATs)"],
      ["sleepy (ESS \\> 10)", "sleepy (ESS, short for Epworth Sleepiness Scale, \\> 10)"],
      ["Epworth Sleepiness Scale (ESS) and ESS", "Epworth Sleepiness Scale (ESS) and ESS"],
      ["section XL and LHC", "section XL and LHC"],
      ["LHC, section III, LA.CP.MP.69", "LHC, section III, LA.CP.MP.69"],
      ["A CT of the chest", "A computed tomography (CT) of the chest"],
    ];
    for (const [written, wanted] of plain) assert.deepEqual(expandAbbreviations(written, glossary), { text: wanted, unexplained: [] }, written);
    assert.deepEqual(expandAbbreviations("XQZ and XQZ", glossary), { text: "XQZ and XQZ", unexplained: ["XQZ"] });
    assert.equal(expandAbbreviations("cites: ASTRO and HSAT.\nHSAT", glossary, ["ASTRO and HSAT."]).text, "cites: ASTRO and HSAT.\nHome sleep apnea test (HSAT)");
  });

  test("one that nothing explains is told to the writer", () => {
    const { problems } = letterFor(HOME_OXYGEN.replace("Saturation ≤ 88 %", "Saturation by QXZ ≤ 88 %"), "Good saturation");
    assert.deepEqual(problems, ["Nothing in the policy says what QXZ stands for; write it out there once: “long form (QXZ)”."]);
  });
});

describe("signs and units in words", () => {
  test("units", () => {
    const named: readonly (readonly [string, string])[] = [
      ["Gy", "gray"], ["kg/m2", "kilograms per square meter"], ["mm[Hg]", "millimeters of mercury"], ["mg/dL", "milligrams per deciliter"], ["10*3/uL", "thousand per microliter"], ["%", "percent"],
      ["mL/min/{1.73_m2}", "milliliters per minute per 1.73 square meters"], ["[degF]", "degrees Fahrenheit"], ["mg/kg", "milligrams per kilogram"], ["/min", "per minute"], ["m[iU]/mL", "milliinternational units per milliliter"],
    ];
    for (const [sign, words] of named) assert.equal(unitInWords(sign)?.[1], words);
    assert.equal(unitInWords("furlong"), undefined);
    assert.deepEqual([quantityInWords(26, findUnit("Gy")!), quantityInWords(1, findUnit("years")!), quantityInWords(1.5, findUnit("kg/m2")!)], ["26 gray", "1 year", "1.5 kilograms per square meter"]);
  });

  test("in prose", () => {
    const prose: readonly (readonly [string, string])[] = [
      ["Age < 18 years with a tumor", "Age under 18 years with a tumor"], ["Score ≥ 5", "Score of at least 5"], ["on ≥ 3 nights", "on at least 3 nights"], ["≤ 80 mg in 4 weeks", "At most 80 milligrams in 4 weeks"],
      ["BMI > 40 kg/m² awake", "BMI of more than 40 kilograms per square meter awake"], ["a fall by ≥ 6 points", "a fall by at least 6 points"], ["89 %, grade 3 or 4", "89 percent, grade 3 or 4"],
      ["criterion 2 a applies, at 4 m in 1 g", "criterion 2 a applies, at 4 meters in 1 gram"], ["(ESS) > 10", "(ESS) of more than 10"], ["type 2 diabetes, 3-D plan", "type 2 diabetes, 3-D plan"],
    ];
    for (const [written, wanted] of prose) assert.equal(unitsInWords(signsInWords(written)), wanted);
  });
});

describe("templates", () => {
  const leaves = (data: unknown, path: string, found: Set<string>): void => {
    if (Array.isArray(data)) {
      if (path !== "") found.add(path);
      for (const each of data) if (typeof each === "object" && each !== null) leaves(each, `${path}[]`, found);
    } else if (typeof data === "object" && data !== null) {
      if (path !== "" && !path.endsWith("[]")) found.add(path);
      for (const [key, value] of Object.entries(data)) leaves(value, path === "" ? key : `${path}.${key}`, found);
    } else {
      found.add(path);
    }
  };

  test("every variable is documented, and every documented one is there", () => {
    const text = readFileSync(join(ROOT, "docs", "letters.md"), "utf8");
    const made = { letter: new Set<string>(), worksheet: new Set<string>() };
    for (const { written, policyCase, sample: { analysis } } of sampleLetters()) {
      leaves(written.data, "", made.letter);
      if (written.data.audience === "member") continue;
      leaves(writeWorksheet(analysis.policy!, policyCase, runCase(analysis.policy!, policyCase).explanation!).data, "", made.worksheet);
    }
    const more: Partial<PolicyCase> = { evidence: new Map([["saturation", [{ source: "Chart" }]]]), unobtainable: new Map([["saturation", ""]]) };
    const withApproval = HOME_OXYGEN.replace("   applies to pathway initial\n", "   applies to pathway initial\n   approval duration 6 months\n");
    leaves(letterFor(withApproval, "Low saturation", "provider", more).data, "", made.letter);
    leaves(letterFor(withApproval, "Not measured", "provider", more).data, "", made.letter);
    const { policy, cases } = analyze(withApproval, "a.policy");
    for (const each of cases) leaves(writeWorksheet(policy!, { ...each, ...more }, runCase(policy!, each).explanation!).data, "", made.worksheet);
    for (const which of ["letter", "worksheet"] as const) {
      const documented = new Set(VARIABLES[which].map(({ name }) => name));
      assert.deepEqual([...made[which]].filter((name) => !documented.has(name)), [], `not documented: ${which}`);
      assert.deepEqual([...documented].filter((name) => !made[which].has(name)), [], `not there: ${which}`);
      for (const { name, words } of VARIABLES[which]) assert.ok(text.includes(`| \`${name}\` | ${words} |`), `docs/letters.md: | \`${name}\` | ${words} |`);
    }
  });

  const sample = (): Letter => letterFor(HOME_OXYGEN, "Low saturation").data;
  const problem = (template: string, own: Readonly<Record<string, string>> = {}): TemplateProblem => {
    try {
      fill("mine", sample(), { ...own, mine: template });
    } catch (error) {
      assert.ok(error instanceof TemplateProblem, String(error));
      return error;
    }
    return assert.fail(`nothing is wrong with ${template}`);
  };

  test("what is wrong is told with its place", () => {
    const wrong: readonly (readonly [string, number, number, RegExp])[] = [
      ["a\n\n  {{ polcy.title }}", 3, 6, /There is no variable “polcy”/u],
      ["{{ policy.titel }}", 1, 4, /There is no variable “policy.titel”/u],
      ["{{ case | shout }}", 1, 1, /There is no filter “shout”/u],
      ["one\n{% frobnicate %}", 2, 1, /There is no tag “frobnicate”/u],
      ["x\n{% if case %}", 2, 1, /cannot be read/u],
      ["{% include 'nowhere' %}", 1, 1, /There is no template “nowhere”/u],
      ["{{ 'now' | date: '%Y' }}", 1, 1, /There is no filter “date”/u],
    ];
    for (const [template, line, column, message] of wrong) {
      const found = problem(template);
      assert.match(found.message, message, template);
      assert.deepEqual([found.template, found.line, found.column], ["mine", line, column], template);
      assert.ok(found.hint.length > 10);
      assert.doesNotMatch(`${found.message}${found.hint}`, /liquidjs|node_modules|\bat /u);
    }
  });

  test("what is wrong in a part is told with its own place", () => {
    const { template, line } = problem("{% include 'about' %}{% include 'part' %}", { part: "x\n{{ nothing }}" });
    assert.deepEqual([template, line], ["part", 2]);
    assert.equal(problem("{% include 'rules' %}").template, "rules");
  });

  test("what runs on and on, grows, or looks elsewhere is stopped", () => {
    const started = Date.now();
    assert.match(problem("{% for i in (1..100000) %}{% for j in (1..100000) %}{% assign x = i | plus: j %}{% endfor %}{% endfor %}").message, /too long|too much memory/u);
    assert.match(problem("{% for i in (1..1000000000) %}x{% endfor %}").message, /too much memory/u);
    assert.match(problem("{% assign a = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}").message, /too much memory|too long/u);
    assert.match(problem("{% include 'mine' %}").message, /without end|too long|too much memory/u);
    for (const name of ["../../package.json", "/etc/passwd", "./package.json", "file:///etc/passwd"]) assert.match(problem(`{% include '${name}' %}`).message, /There is no template/u);
    assert.match(problem("x".repeat(300_000)).message, /characters/u);
    assert.ok(Date.now() - started < 30_000);
    for (const name of ["constructor", "__proto__", "toString", "policy.constructor", "case.constructor"]) assert.match(problem(`{{ ${name} }}`).message, /There is no variable/u);
  });

  test("those of the plan come before ours, and ours fill what they leave out", () => {
    assert.match(fill("approve", sample(), { about: "About {{ case }}." }), /# Notice of approval\n\nAbout Low saturation\./u);
    assert.equal(fill("mine", sample(), { mine: "{{ policy.title }}{{ approval }}" }), "Home oxygen therapy\n");
  });

  test("no value is markup, whatever the template", () => {
    const data = { ...sample(), case: "*a* _b_ [x](javascript:alert(1)) <script>alert(1)</script> `c` {{ policy.title }} {% if %} | # h\n---\n1. y &lt; ![i](http://e.example/x.png)" };
    for (const template of ["{{ case }}", "- {{ case }}", "{{ case | upcase | downcase }}", "{{ case | split: ' ' | join: ' ' }}", "{% echo case %}", "{% assign a = case %}{{ a }}"]) {
      const page = writtenPage({ data, markdown: fill("mine", data, { mine: template }), problems: [] }).replace(/^[\s\S]*<main/u, "");
      assert.doesNotMatch(page, /<(?:script|img|a|em|code|strong|hr|h1)\b/u, template);
    }
    assert.match(problem("{{ case | raw }}").message, /There is no filter “raw”/u);
    for (const value of ["---", "===", "- x", "1. x", "+ x", "# x", "> x", "    x", "~~~", "***", "\u202eabc"]) {
      const page = writtenPage({ data, markdown: fill("mine", { ...data, case: value }, { mine: "word\n\n{{ case }}\n\nword\n{{ case }}" }), problems: [] });
      assert.match(page.replace(/^[\s\S]*<main[^>]*>\s*/u, "").replace(/\s*<\/main>[\s\S]*$/u, ""), /^<p>word<\/p>\n<p>[^<]*<\/p>\n<p>word\n[^<]*<\/p>$/u, value);
      assert.ok(!page.includes("\u202e"));
    }
  });

  test("prose of a policy and a case is inert", () => {
    const evil = "<img src=x onerror=alert(1)> [a](javascript:x) {{ policy }} {% include 'x' %} **b** `c`";
    const text = HOME_OXYGEN.replace("Saturation ≤ 88 %", `Saturation ≤ 88 % ${evil}`).replace('"Low saturation"', `"${evil}"`).replace('"Home oxygen therapy"', `"${evil}"`).replace("Oxygen saturation at rest, on room air", `${evil}`)
      .replace("Example Thoracic Society.", `${evil}`);
    for (const audience of AUDIENCES) {
      const { policy, cases } = analyze(text, "evil.policy");
      assert.ok(policy);
      const found = cases.find(({ name }) => name.startsWith("<img"))!;
      const { explanation } = runCase(policy, found);
      for (const written of [writeLetter(policy, found, explanation!, { audience }), writeWorksheet(policy, found, explanation!)]) {
        const page = writtenPage(written);
        assert.doesNotMatch(page, /<img|<script|<a\b|<code|href=/u);
        assert.match(page, /&lt;img src=x onerror=alert\(1\)&gt;/u);
        assert.match(page, /\{\{ policy \}\}/u);
        assert.match(page, /default-src 'none'/u);
      }
    }
  });
});

describe("worksheet", () => {
  test("has every criterion of the statements that speak of the request, in order, with outcome, reason and answers", () => {
    for (const sample of samplesIn(SAMPLES)) {
      const policy = sample.analysis.policy!;
      for (const policyCase of sample.analysis.cases) {
        const explanation = runCase(policy, policyCase).explanation!;
        const { data, markdown } = writeWorksheet(policy, policyCase, explanation);
        for (const statement of data.statements) {
          const all = policy.criteria.filter(({ role, statement: of, index }) => role === "criterion" && of.address === statement.section && index !== of.index).map(({ address }) => address);
          const hidden = all.filter((address) => all.some((above) => address.startsWith(`${above}.`) && explanation.outcomes[above] === "not applicable"));
          const rows = statement.rows.filter(({ group, section }) => !group && section !== statement.section).map(({ section }) => section);
          if (statement.outcome === "does not apply") assert.deepEqual(rows, []);
          else assert.deepEqual(rows.filter((row) => !hidden.includes(row)), all.filter((address) => rows.includes(address) && !hidden.includes(address)), `${sample.name} ${policyCase.name} ${statement.section}`);
          for (const row of statement.rows) {
            if (row.group) continue;
            const outcome = explanation.outcomes[row.section];
            assert.ok(row.outcome === (outcome === "unknown" ? "not known" : outcome === "not applicable" ? "does not apply" : outcome) || row.outcome === "left to a clinician", `${row.section}: ${row.outcome}, ${outcome}`);
            assert.ok(row.why.length > 0, `${sample.name} ${policyCase.name} ${row.section}`);
          }
        }
        assert.match(markdown, /\| Decision \| Reviewer \| Signature \| Date \|/u);
      }
    }
  });

  test("shows evidence, what is not given and what could not be obtained", () => {
    const { policy, cases } = analyze(HOME_OXYGEN, "a.policy");
    const found: PolicyCase = { ...cases[0]!, evidence: new Map([["age", [{ source: "claims", date: 20_270 }]], ["I.C", [{ source: "Visit note", page: "2" }]]]), unobtainable: new Map([["diagnoses", "no answer from the practice"]]) };
    const { markdown, data } = writeWorksheet(policy!, found, runCase(policy!, found).explanation!);
    assert.match(markdown, /\| I\.A \|.*✓ met.*Age on the date of service: 64 years \[claims, July 1, 2025\]/u);
    assert.match(markdown, /Reviewer’s finding: met \[Visit note, page 2\]/u);
    assert.match(markdown, /could not be obtained \(no answer from the practice\): Diagnoses/u);
    assert.deepEqual(data.request, { codes: ["HCPCS E1390"], line: "", pathway: "initial" });
  });
});

describe("policy letter and policy worksheet", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    place.write("oxygen.policy", HOME_OXYGEN);
  });
  after(() => place.remove());

  test("write Markdown, a page or JSON, to the terminal or a file", () => {
    const markdown = place.policy(["letter", "oxygen.policy", "--case", "Low saturation"]);
    assert.deepEqual([markdown.code, markdown.err], [0, ""]);
    assert.match(markdown.out, /^# Notice of approval\n/u);
    const page = place.policy(["letter", "oxygen.policy", "--case", "Low saturation", "--format", "html", "--for", "provider", "--output-file", "out/letter.html"]);
    assert.deepEqual([page.code, page.out, page.err], [0, "", ""]);
    assert.match(place.read("out/letter.html"), /^<!DOCTYPE html>[\s\S]*@media print[\s\S]*<h1>Notice of approval<\/h1>/u);
    const { letter, markdown: text, problems } = JSON.parse(place.policy(["letter", "oxygen.policy", "--case", "Not measured", "--format", "json"]).out) as { letter: Letter; markdown: string; problems: string[] };
    assert.deepEqual([letter.kind, problems], ["pend", []]);
    assert.match(text, /^# We need more information/u);
    const sheet = JSON.parse(place.policy(["worksheet", "oxygen.policy", "--case", "Not measured", "--format", "json"]).out) as { worksheet: Worksheet };
    assert.equal(sheet.worksheet.determination, "pend");
    assert.match(place.policy(["worksheet", "oxygen.policy", "--case", "Low saturation"]).out, /^# Reviewer’s worksheet\n/u);
    assert.match(place.policy(["worksheet", "oxygen.policy", "--case", "Low saturation", "--format", "html"]).out, /<td>✓ met<\/td>/u);
  });

  test("print a template, and take a file or a folder of the plan's own", () => {
    const printed = place.policy(["letter", "--print-template", "approve"]);
    assert.deepEqual([printed.code, printed.out], [0, TEMPLATES["approve"]]);
    place.write("plan/approve.liquid", "# From the plan\n{% include 'address' %}\n{% include 'rules', statement: statements[0] %}");
    place.write("plan/address.liquid", "1 Main Street, {{ case }}");
    const folder = place.policy(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "plan"]);
    assert.match(folder.out, /^# From the plan\n1 Main Street, Low saturation\n/u);
    assert.match(place.policy(["letter", "oxygen.policy", "--case", "Not measured", "--template", "plan"]).out, /^# We need more information/u);
    assert.match(place.policy(["letter", "oxygen.policy", "--case", "Not measured", "--template", "plan/approve.liquid"]).out, /^# From the plan\n1 Main Street, Not measured\n/u);
    place.write("plan/worksheet.liquid", "{{ statements | size }} statement: {{ statements[0].rows[0].words }}");
    assert.equal(place.policy(["worksheet", "oxygen.policy", "--case", "Low saturation", "--template", "plan"]).out, "1 statement: Age ≥ 18 years\n");
  });

  test("say what is wrong with the call, the case or the template", () => {
    const fails = (args: readonly string[], code: number, ...wanted: readonly RegExp[]): void => {
      const { code: got, err, out } = place.policy(args);
      assert.equal(got, code, `${args.join(" ")}\n${err}`);
      assert.equal(out, "");
      for (const each of wanted) assert.match(err, each);
      assert.doesNotMatch(err, /\n\s+at /u);
    };
    fails(["letter"], 2, /needs a policy or a case file/u);
    fails(["letter", "oxygen.policy"], 2, /A letter is for one case, and there are 5/u, /--case/u);
    fails(["letter", "oxygen.policy", "--case", "Low saturatoin"], 2, /Did you mean “Low saturation”/u);
    fails(["letter", "--print-template", "aprove"], 2, /Did you mean “approve”/u);
    fails(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "none-here"], 2, /cannot read none-here: there is no such file/u);
    place.write("bad/approve.liquid", "# x\n\n{{ policy.titel }}");
    fails(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "bad"], 2, /bad[/\\]approve\.liquid:3:4: There is no variable “policy\.titel”/u, /Did you mean “policy\.title”/u);
    place.write("empty/readme.txt", "");
    fails(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "empty"], 2, /holds no templates/u);
    place.write("secret.liquid", "secret");
    place.write("inside/approve.liquid", "{% include '../secret' %}");
    fails(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "inside"], 2, /There is no template “\.\.\/secret”/u);
    if (process.platform !== "win32") {
      place.write("inside/approve.liquid", "{% include 'link' %}");
      symlinkSync(join(place.folder, "secret.liquid"), join(place.folder, "inside/link.liquid"));
      fails(["letter", "oxygen.policy", "--case", "Low saturation", "--template", "inside"], 2, /There is no template “link”/u);
    }
    place.write("wrong.policy", HOME_OXYGEN.replace("when age >= 18 years", "when agee >= 18 years"));
    fails(["letter", "wrong.policy", "--case", "Low saturation"], 1, /agee/u);
  });

  test("the version that decides is the one that the letter names", () => {
    const version = (dates: string, age: number): string => `policy EX.9 "Example"\n${dates}\nfacts\n  age  years  "Age on the date of service"\n\ncriteria\nI. Treatment is medically necessary for any of the following:\n   A. Age ≥ ${age} years\n      when age >= ${age} years\n`;
    place.write("versions/a.policy", version("  effective  2024-01-01\n  ends       2024-12-31\n", 18));
    place.write("versions/b.policy", `${version("  effective  2025-01-01\n", 21)}\ncases\n  case "Young adult"\n    on 2024-05-01\n    age = 19 years\n`);
    const call = ["letter", "versions/a.policy", "versions/b.policy", "--case", "Young adult"];
    assert.match(place.policy(call).out, /^# Notice of approval\n[\s\S]*in effect from January 1, 2024 \|[\s\S]*Age of at least 18 years/u);
    assert.match(place.policy([...call, "--as-of", "2025-02-01"]).out, /^# A clinician[\s\S]*in effect from January 1, 2025 \|[\s\S]*Age of at least 21 years/u);
  });

  test("the libraries are a file of their own that makes no code from text and reads no files", () => {
    const libraries = readFileSync(join(ROOT, "server", "dist", "letters.js"), "utf8");
    assert.ok(libraries.length > 50_000);
    assert.doesNotMatch(libraries, /\bnew Function\b|\beval\(|require\(/u);
    for (const file of ["cli.js", "core.js"]) assert.match(readFileSync(join(ROOT, "server", "dist", file), "utf8"), /require\("\.\/letters\.js"\)/u, file);
  });

  test("what could not be written out is said on standard error", () => {
    place.write("short.policy", HOME_OXYGEN.replace("Saturation ≤ 88 %", "Saturation by QXZ ≤ 88 %"));
    const { code, err, out } = place.policy(["letter", "short.policy", "--case", "Good saturation"]);
    assert.equal(code, 0);
    assert.match(err, /what QXZ stands for/u);
    assert.match(out, /QXZ/u);
  });
});

describe("letters in the editor", () => {
  test("are written for the unsaved text, with the cases to choose from", async () => {
    const client = await startClient();
    const uri = "file:///letters/a.policy";
    client.open(uri, HOME_OXYGEN);
    const ask = (params: object): Promise<LetterResult> => client.connection.sendRequest<LetterResult>(LETTER, { uri, ...params });
    try {
      const listed = await ask({ text: "member" });
      assert.deepEqual([listed.cases.map((each) => each.name), listed.markdown], [["Low saturation", "Not measured", "Good saturation", "Another pathway", "Too early"], undefined]);
      const written = await ask({ text: "member", case: listed.cases[0] });
      assert.equal(written.markdown, letterFor(HOME_OXYGEN, "Low saturation").markdown);
      assert.match((await ask({ text: "provider", case: listed.cases[1] })).markdown!, /\(section I\.B\.1\)/u);
      assert.match((await ask({ text: "worksheet", case: listed.cases[0] })).markdown!, /^# Reviewer’s worksheet/u);
      client.change(uri, 2, HOME_OXYGEN.replace("when age >= 18 years", "when agee >= 18 years"));
      assert.match((await ask({ text: "member", case: listed.cases[0] })).problem!, /The policy has 1 error/u);
    } finally {
      await client.stop();
    }
  });
});
