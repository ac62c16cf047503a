// Names, types, units, codes, labels, definitions and references: what is resolved, and what is said where it is not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyze } from "../server/src/semantics/analyze.js";
import { codeSet, inSet, likelySystems, normalCode, wellFormed } from "../server/src/semantics/codes.js";
import { nearest } from "../server/src/semantics/context.js";
import { ordinal, roman, schemeOf, segmentAt } from "../server/src/semantics/labels.js";
import type { Analysis } from "../server/src/semantics/model.js";
import { type Parts, policyText, SAMPLES, samplesIn } from "./support/core-fixtures.js";

const analyzed = (parts: Parts): Analysis => analyze(policyText(parts), "s.policy");
const codesOf = (parts: Parts): readonly string[] => analyzed(parts).diagnostics.map((found) => found.code);
const FACTS = [
  "age  years from 0 to 120", "weight  kg", "height  cm", "score  number from 0 to 27", "smoker  yes/no", "seen  date", "ended  date", "remark  text", "stage  one of early, late", "diagnosis  ICD-10-CM",
  "diagnoses  list of ICD-10-CM", "requested  list of CPT or HCPCS", "sites  list of one of breast, lung", "therapies  list of", "  kind  one of nsaid, injection", "  started  date", "  age  days",
];
/** The codes of the findings of one condition. */
const said = (condition: string, define: readonly string[] = []): readonly string[] => codesOf({ facts: FACTS, define, criteria: `I. It is medically necessary\n   when ${condition}` });

describe("conditions", () => {
  const conditions: Readonly<Record<string, readonly string[]>> = {
    "age >= 18 years": [], "age >= 18": ["missing-unit"], "18 <= age": ["missing-unit"], "age >= 18 kg": ["unit-mismatch"], "age >= 18 yeras": ["unknown-unit"], "age >= 130 years": ["out-of-limits"], "age >= 1440 months": [], "age >= 1441 months": ["out-of-limits"], "agee >= 18 years": ["unknown-name"],
    "age = smoker": ["type-mismatch"], "age and smoker": ["not-a-condition"], "score >= 5": [], "score >= 5 points": ["unknown-unit"], "score >= 5 kg": ["unit-mismatch"], "score between 5 and 3": ["empty-range"], "score between 5 and 28": ["out-of-limits"], "age between 2 and 5 years": [], "age between 2 years and 5": ["missing-unit"],
    "weight / (height * height) >= 30 kg/m2": [], "weight / height >= 30 kg/m2": ["unit-mismatch"], "weight + height >= 3 kg": ["unit-mismatch"], "weight + 1 >= 3 kg": ["missing-unit"], "weight * 2 >= 3 kg": [], "smoker + 1 >= 2": ["type-mismatch"], "smoker >= 1": ["type-mismatch"],
    "smoker is yes": [], "smoker = no": [], "smoker is maybe": ["unknown-choice"], "stage is early": [], "stage is Early": ["unknown-choice"], "stage in early, later": ["unknown-choice"], "stage >= early": ["type-mismatch"], stage: ["not-a-condition"], "stage is \"early\"": [],
    "seen within the past 6 months": [], "seen within the past 6": ["missing-unit"], "seen within the past 6 kg": ["type-mismatch"], "seen within 6 months after ended": [], "seen within 6 months after age": ["type-mismatch"], "age within the past 6 months": ["type-mismatch"], "seen >= 6 months": ["type-mismatch"], "seen >= 2025-02-30": ["invalid-date"],
    "seen >= 2025-02": ["invalid-date"], "seen - ended >= 6 weeks": [], "seen + 6 weeks <= date of service": [], "seen + ended >= 6 weeks": ["type-mismatch"], "seen - ended >= 6": ["missing-unit"], "seen at least 6 weeks before ended": [], "within the past 6 months": ["ambiguous-window"],
    "exists therapies where kind is nsaid within the past 6 months": [], "exists therapies where kind is nsiad": ["unknown-choice"], "exists therapies where knd is nsaid": ["unknown-name"], "exists diagnoses where kind is nsaid": ["not-a-list"], "exists age": ["not-a-list"], "exists therapies where age >= 30 days": ["shadowed-name"], "exists therapies where age >= 30 kg": ["shadowed-name", "unit-mismatch"],
    "exists therapies where started within 6 weeks after seen": [], "at least 2 of therapies": [], "at least many of therapies": ["unexpected-text"], "count of therapies >= 2": [], "count of (therapies where kind is nsaid) >= 2 weeks": ["unit-mismatch"], "count of therapies": ["not-a-condition"],
    "diagnosis in C69.-, C70.0-C72.9": [], "diagnosis in 77301": ["malformed-code"], "diagnosis in C72.9-C70.0": ["empty-code-range"], "diagnosis include C69.-": ["not-a-list"], "diagnoses include C69.-": [], "diagnoses in C69.-": ["type-mismatch"], "diagnoses is C69.0": ["type-mismatch"], "diagnoses include lung": ["code-as-text"], "diagnoses include CPT 77301": ["malformed-code"],
    "requested include all of 77301, G6015": [], "requested include C69.0": ["malformed-code"], "C69.0": ["code-as-text"], "sites include breast": [], "sites include brain": ["unknown-choice"], "remark is \"x\"": [], "remark is x": ["type-mismatch"], "remark >= \"x\"": ["type-mismatch"],
    "age is known": [], "smoker is unknown": [], "5 is known": ["type-mismatch"], "agee is known": ["unknown-name"], "criterion I.A": ["unknown-label"], "criterion I is met": ["definition-cycle"], "\"text\"": ["not-a-condition"], "2025-01-01": ["not-a-condition"], "18 years": ["not-a-condition"],
  };
  for (const [condition, expected] of Object.entries(conditions)) test(condition, () => assert.deepEqual(said(condition), expected));

  test("in a filter, the fields of the record come first", () => {
    const { uses, text } = analyzed({ facts: FACTS, criteria: "I. It is medically necessary\n   when exists therapies where age >= 30 days and weight >= 3 kg" });
    const symbols = uses.filter((use) => !use.declaration && use.symbol.kind === "fact").map((use) => [text.slice(use.start, use.end), (use.symbol as { owner?: string }).owner]);
    assert.deepEqual(symbols, [["therapies", undefined], ["age", "therapies"], ["weight", undefined]]);
  });
});

describe("definitions", () => {
  const define: readonly (readonly [define: readonly string[], condition: string, expected: readonly string[]])[] = [
    [["adult  age >= 18 years"], "adult", []], [["adult  age >= 18 years"], "adult is yes and not adult", []], [["adult  age >= 18 years"], "adult >= 2", ["type-mismatch"]], [["bmi  weight / (height * height)"], "bmi >= 30 kg/m2", []], [["bmi  weight / (height * height)"], "bmi", ["not-a-condition"]], [["bmi  weight / (height * height)"], "bmi >= 30", ["missing-unit"]],
    [["a  b", "b  smoker"], "a", []], [["a  b", "b  a"], "smoker", ["definition-cycle"]], [["a  a"], "smoker", ["definition-cycle"]], [["a  b and c", "b  c", "c  b or smoker"], "a", ["definition-cycle"]], [["a  criterion I"], "a", ["definition-cycle"]], [["age  smoker"], "smoker", ["duplicate-name"]], [["a  smoker", "a  smoker"], "a", ["duplicate-name"]],
    [["within  smoker"], "smoker", ["reserved-name"]], [["kind  exists therapies where kind is nsaid"], "kind", []], [["recent  count of (therapies where started within the past 1 year)"], "recent >= 2", []], [["recent  count of therapies"], "recent is known", []], [["adult  age >= 18 years"], "adult is known", ["type-mismatch"]],
    [["wrong  agee"], "wrong and not wrong", ["unknown-name"]], [["cut  18 years"], "age >= cut", []], [["cut  2025-01-01"], "seen >= cut", []], [["since  seen + 6 months"], "ended >= since", []],
  ];
  for (const [lines, condition, expected] of define) test(`${lines.join("; ")}: ${condition}`, () => assert.deepEqual(said(condition, lines), expected));
});

describe("circles of criteria", () => {
  const circles: Readonly<Record<string, readonly string[]>> = {
    "I. It is medically necessary when all of the following are met:\n   A. One\n      when criterion I.B\n   B. Two\n      when criterion I.A": ["definition-cycle"],
    "I. It is medically necessary when all of the following are met:\n   A. One\n      unless criterion I": ["definition-cycle"],
    "I. It is medically necessary\n   when criterion II\nII. It is investigational\n   when criterion I is not met": ["definition-cycle"],
    "I. It is medically necessary\n   when criterion II is not met\nII. It is investigational for all other indications": ["definition-cycle"],
    "I. It is medically necessary\n   applies to criterion II\n   when smoker\nII. It is investigational for all other indications": ["definition-cycle"],
    "I. It is medically necessary\n   when smoker\nII. It is investigational\n   when criterion I is not met": [],
  };
  for (const [criteria, expected] of Object.entries(circles)) test(criteria.replace(/\n\s*/gu, " / "), () => assert.deepEqual(codesOf({ facts: FACTS, criteria }), expected));
});

describe("did you mean", () => {
  const near: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ["agee", ["age", "weight"], "age"], ["AGE", ["age"], "age"], ["yeras", ["years", "days"], "years"], ["x", ["y", "z"], undefined], ["-", ["g"], undefined], ["solid_tumour", ["solid_tumor"], "solid_tumor"], ["something_else", ["age", "weight"], undefined], ["", ["age"], undefined], ["age", [], undefined], ["x".repeat(100), ["x"], undefined],
  ];
  for (const [word, among, meant] of near) test(`${word.slice(0, 20)} among ${among.join(", ")}`, () => assert.equal(nearest(word, among), meant));
  test("words that every object of the machine has are words like others", () => {
    assert.deepEqual(said("age >= 18 constructor"), ["unknown-unit"]);
    assert.deepEqual(said("constructor"), ["unknown-name"]);
    assert.deepEqual(codesOf({ facts: ["constructor  yes/no", "r  list of", "  toString  number", "  x  toString"], criteria: "I. It is medically necessary\n   when exists r" }), ["reserved-name", "reserved-name", "unknown-unit"]);
  });
  test("a replacement stands at the very word", () => {
    const { diagnostics: [found], text } = analyzed({ facts: FACTS, criteria: "I. It is medically necessary\n   when agee >= 18 years" });
    assert.deepEqual([text.slice(found!.start, found!.end), found!.replacement], ["agee", "age"]);
  });
  test("an address is not replaced by another one", () => {
    const { diagnostics: [found] } = analyzed({ facts: FACTS, criteria: "I. It is medically necessary when all of the following are met:\n   A. One\n   B. Two\n      when criterion I.C" });
    assert.deepEqual([found!.replacement, found!.help], [undefined, "The items of I are I.A and I.B."]);
  });
});

describe("codes", () => {
  const set = (from: string, to?: string, category = false) => codeSet({ kind: "code", from, to, category, start: 0, end: 0 }, undefined);
  const members: readonly (readonly [code: string, of: ReturnType<typeof set>, inside: boolean])[] = [
    ["C690", set("C69", undefined, true), true], ["C69", set("C69", undefined, true), true], ["C6901", set("C69.0"), true], ["C69", set("C69.0"), false], ["C700", set("C69", undefined, true), false], ["C709", set("C70.0", "C72.9"), true], ["C7299", set("C70.0", "C72.9"), true], ["C730", set("C70.0", "C72.9"), false], ["C729", set("C70", "C72"), true],
    ["77301", set("77301"), true], ["773012", set("77301"), false], ["77386", set("77385", "77386"), true], ["77387", set("77385", "77386"), false], ["E1390", set("E1390"), true], ["E13901", set("E1390"), false],
  ];
  for (const [code, of, inside] of members) test(`${code} in ${of.text}`, () => assert.equal(inSet(code, of), inside));
  test("forms", () => {
    for (const [code, system, fits] of [["77301", "CPT", true], ["0042T", "CPT", true], ["7730", "CPT", false], ["G6015", "HCPCS", true], ["D0120", "HCPCS", false], ["C69.0", "ICD-10-CM", true], ["C69", "ICD-10-CM", true], ["C6", "ICD-10-CM", false], ["S72.001A", "ICD-10-CM", true], ["0069-0242-01", "NDC", true], ["0333", "revenue", true], ["849", "MS-DRG", true], ["26", "modifier", true], ["D0Y0KZZ", "ICD-10-PCS", true]] as const) assert.equal(wellFormed(code, system), fits, `${system} ${code}`);
    assert.deepEqual(likelySystems("C69.0"), ["ICD-10-CM"]);
    assert.equal(normalCode("c69.0"), "C690");
  });
  test("the table is read with status, dates, group and replacement", () => {
    const { codes, diagnostics } = analyzed({ criteria: "I. It is medically necessary", rest: "codes\n  covered:\n  CPT        77385    Delivery, simple             ended 2025-12-31, see 77407, 77412\n  HCPCS      G6015*   Delivery, per session        effective 2015-01-01, for I\n  ICD-10-CM  C69.-    Eye and adnexa\n  ICD-10-CM  C70.0-C72.9  Brain\n" });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([...codes.keys()], ["77385", "G6015", "C69", "C700"]);
    const [simple] = codes.get("77385")!;
    assert.deepEqual([simple!.group, simple!.description, simple!.node.ended?.text, simple!.node.replacedBy.map((code) => code.from)], ["covered", "Delivery, simple", "2025-12-31", ["77407", "77412"]]);
    const [session] = codes.get("G6015")!;
    assert.deepEqual([session!.node.mark?.text, session!.node.effective?.text, session!.node.appliesTo.map((address) => address.text)], ["*", "2015-01-01", ["I"]]);
  });
});

describe("labels", () => {
  test("schemes and places", () => {
    assert.deepEqual([schemeOf(["I", "II", "III"]), schemeOf(["i", "ii"]), schemeOf(["A", "B"]), schemeOf(["a", "b"]), schemeOf(["1", "2"]), schemeOf(["H", "I", "J"]), schemeOf(["c", "d"])], ["ROMAN", "roman", "LETTER", "letter", "number", "LETTER", "letter"]);
    assert.deepEqual([ordinal("IX", "ROMAN"), ordinal("ix", "ROMAN"), ordinal("aa", "letter"), ordinal("ab", "letter"), ordinal("12", "number")], [9, undefined, 27, undefined, 12]);
    for (let place = 1; place < 120; place++) for (const scheme of ["number", "ROMAN", "roman", "letter", "LETTER"] as const) if (place <= 52 || !scheme.toLowerCase().startsWith("l")) assert.equal(ordinal(segmentAt(place, scheme), scheme), place);
    assert.equal(roman(388), "ccclxxxviii");
  });
  test("the ninth letter goes on as a letter", () => {
    const items = [..."ABCDEFGHIJK"].map((letter) => `   ${letter}. Item`).join("\n");
    assert.deepEqual(codesOf({ criteria: `I. It is medically necessary for any of the following:\n${items}` }), []);
  });
});

describe("citations", () => {
  const cited = (text: string): readonly string[] => codesOf({ criteria: `I. It is medically necessary when the prescriber agrees ${text}`, rest: "references\n  1. One. 2024. Art [99].\n  2. Two. 2024.\n" });
  test("are resolved wherever prose stands, but not in the references themselves", () => {
    assert.deepEqual([cited("[1]"), cited("[1-2]"), cited("[3]"), cited("[1,3]"), cited("[2-1]"), cited("[1-9]")], [[], [], ["unknown-citation"], ["unknown-citation"], ["empty-citation-range"], ["unknown-citation"]]);
  });
  test("one finding for a range", () => {
    const { diagnostics } = analyzed({ criteria: "I. It is medically necessary when the prescriber agrees [1-150]" });
    assert.deepEqual(diagnostics.map((found) => found.message), ["References 1 to 150 are cited and are not in the list of references."]);
  });
});

describe("every use of a name is known", () => {
  for (const { name, analysis } of samplesIn(SAMPLES)) {
    test(name, () => {
      const { text, uses, facts, definitions, byAddress, references } = analysis;
      for (const use of uses) {
        const written = text.slice(use.start, use.end);
        if (use.symbol.kind === "fact" || use.symbol.kind === "definition") assert.equal(written, use.symbol.name);
      }
      for (const symbol of [...facts.values(), ...definitions.values(), ...references.values()]) assert.equal(uses.filter((use) => use.declaration && use.symbol === symbol).length, 1);
      for (const symbol of byAddress.values()) assert.ok(uses.some((use) => use.declaration && use.symbol === symbol) || symbol.label.startsWith("*"), symbol.address);
      assert.ok(uses.every((use, i) => i === 0 || use.start >= uses[i - 1]!.start));
    });
  }
});
