// What prose is read as, and what it is not: wordings of real policies that must not be taken for their opposite.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyze, runCase } from "../server/src/index.js";

const policy = (criteria: string, cases = ""): string => `policy EX.1 "Reading"\n\ncriteria\n${criteria}\n${cases}`;
const codesOf = (text: string): readonly string[] => analyze(text, "a.policy").diagnostics.map((found) => found.code);

const LISTS: Readonly<Record<string, string>> = {
  "not all of the following": "unclear", "does not meet any of the following:": "unclear", "is not experiencing any of the following:": "unclear",
  "is present unless any of the following is documented:": "unclear", "except in any of the following circumstances:": "unclear", "excluding any of the following:": "unclear",
  "No contraindications, such as any of the following:": "unclear", "other than any of the following:": "unclear", "more than one of the following:": "unclear",
  "no more than one of the following:": "unclear", "at most two of the following:": "unclear", "fewer than two of the following:": "unclear", "up to two of the following:": "unclear",
  "all but one of the following:": "unclear", "one or both of the following:": "unclear", "any or all of the following:": "unclear", "two or three of the following:": "unclear",
  "any of the following are absent:": "unclear", "all of the following have been ruled out:": "unclear", "any of the following criteria are not met:": "unclear",
  "will not be used with any of the following:": "unclear", "does not exceed any of the following:": "unclear", "any of the following when all of the following has failed:": "unclear",
  "The patient must not have any of the following:": "none", "does not currently have any of the following:": "none", "has no history of any of the following:": "none", "free of any of the following:": "none",
  "lack of any of the following:": "none", "no signs of any of the following:": "none", "none of the following contraindications:": "none", "neither of the following:": "none",
  "2 out of 3 of the following:": "at-least 2", "2 of 3 of the following:": "at-least 2", "two (2) of the following:": "at-least 2", "a minimum of two of the following:": "at-least 2",
  "any 2 or more of the following:": "at-least 2", "at least two (2) of the following:": "at-least 2", "exactly one of the following:": "exactly 1", "ALL of the following criteria (1-3):": "all",
  "any one (1) of the following:": "any", "1 of the following:": "any", "contraindication to all of the following:": "all", "A home test did not settle it, either of the following:": "any",
  "meets the following criteria:": "all", "one of the following indications (list is not all-inclusive):": "any",
};

describe("lists", () => {
  for (const [words, expected] of Object.entries(LISTS)) {
    test(`${words} → ${expected}`, () => {
      const analysis = analyze(policy(`I. It is medically necessary when all of the following are met:\n   A. ${words}\n      1. Alpha\n      2. Beta\n      3. Gamma\n   B. Delta`), "a.policy");
      const codes = analysis.diagnostics.map((found) => found.code);
      const combination = analysis.byAddress.get("I.A")?.combination;
      if (expected === "unclear") {
        assert.ok(codes.includes("unclear-combinator"), codes.join());
        assert.equal(analysis.policy, undefined);
      } else {
        assert.deepEqual(codes, []);
        assert.equal(`${combination?.op}${combination?.count ? ` ${combination.count}` : ""}`, expected);
      }
    });
  }
});

const STATEMENTS: Readonly<Record<string, string>> = {
  "is medically necessary for adults": "necessary", "is considered medically necessary": "necessary", "meets medical necessity": "necessary", "may be considered medically necessary": "necessary",
  "is not medically necessary in smokers": "not-necessary", "has not been proven to be medically necessary": "not-necessary", "is not considered to be reasonable and medically necessary": "not-necessary",
  "isn't medically necessary": "not-necessary", "is never, under any circumstances, medically necessary": "not-necessary", "does not meet medical necessity": "not-necessary", "is not \"medically necessary\"": "not-necessary",
  "is deemed non-medically necessary": "not-necessary", "is unproven and will not be regarded as medically necessary": "not-necessary", "is cosmetic and not medically necessary": "not-necessary",
  "is investigational": "investigational", "is not a covered benefit": "excluded",
  "is an alternative to medically necessary surgery": "unclear", "is not investigational": "unclear", "is excluded from coverage even when medically necessary": "unclear",
  "has insufficient evidence to be medically necessary": "unclear", "is experimental; only services that are medically necessary are covered": "unclear", "It is not investigational, and is medically necessary": "unclear",
};

const PLAIN = [
  "Non-invasive ventilation is medically necessary", "Non-emergency ambulance transport is considered medically necessary", "MRI without contrast is medically necessary",
  "CT with or without contrast is medically necessary", "MRI without and with contrast is considered medically necessary", "Treatment of non-small cell lung cancer is medically necessary",
];

describe("statements", () => {
  for (const words of PLAIN) {
    test(`${words} → necessary, plainly`, () => {
      const analysis = analyze(policy(`I. ${words} when the patient is short of breath.`), "a.policy");
      assert.deepEqual([analysis.statements[0]?.statement, analysis.diagnostics.filter((found) => found.code === "unclear-determination")], ["necessary", []]);
    });
  }
  test("without, other than of contrast, leaves it open", () => assert.ok(codesOf(policy("I. The device, without which no care is medically necessary, is used.")).includes("unclear-determination")));

  for (const [words, expected] of Object.entries(STATEMENTS)) {
    test(`${words} → ${expected}`, () => {
      const analysis = analyze(policy(`I. The device ${words}.`), "a.policy");
      if (expected === "unclear") assert.ok(analysis.diagnostics.some((found) => found.code === "unclear-determination"), analysis.diagnostics.map((found) => found.code).join());
      else assert.equal(analysis.statements[0]?.statement, expected);
    });
  }
});

describe("nothing is lost without a word", () => {
  test("a sub-heading that ends the criteria is an error", () => {
    const base = "I. It is medically necessary when all of the following are met:\n   A. a\n   B. b\n";
    assert.ok(codesOf(policy(`${base}Limitations\nII. It is not medically necessary in bleeding.\n`)).includes("criteria-in-text"));
    assert.ok(codesOf(policy(`${base}Limitations\n   C. c\n`)).includes("criteria-in-text"));
    assert.deepEqual(codesOf(policy(`${base}background\n   1. First came one study.\n`)), []);
  });
  test("a note at column 0 stays a note, and what follows stays in the criteria", () => {
    const analysis = analyze(policy("I. It is medically necessary when all of the following are met:\n   A. a\nNote: photos are needed.\nII. It is not medically necessary in bleeding."), "a.policy");
    assert.deepEqual(analysis.diagnostics, []);
    assert.equal(analysis.statements.length, 2);
  });
  for (const label of ["1.1 Age eighteen", "A1. Age", "I.A. Age", "2.Age", "☐ Age", "✓ Age", "o Age"]) {
    test(`${label}: a label of another kind is not swallowed`, () => {
      assert.ok(codesOf(policy(`I. It is medically necessary when all of the following are met:\n   ${label}\n   B. b`)).includes("missing-label"));
    });
  }
  test("keywords may have a capital", () => {
    const analysis = analyze(policy("I. It is medically necessary when all of the following are met:\n   A. Six weeks of therapy\n      Unless any of the following:\n         1. Infection\n   B. b\n      Note: by any of the following professionals."), "a.policy");
    assert.deepEqual(analysis.diagnostics, []);
    assert.equal(analysis.byAddress.get("I.A")?.exceptionGroups.length, 1);
  });
  test("prose left of the item before it is no part of that item", () => {
    assert.ok(codesOf(policy("I. It is medically necessary when all of the following are met:\n   A. One of the following:\n      1. a\n      2. b\n   Approval is for one of the following periods")).includes("missing-label"));
  });
  test("an indication for others does not undo the items of a statement", () => {
    const text = policy("I. It is medically necessary for adults\nII. It is not medically necessary, regardless of any other indication, in any of the following:\n   A. Bleeding", "\ncases\n  case \"x\"\n    on 2025-07-01\n    I = met\n    II.A = met\n    expect refer by II.A\n");
    const analysis = analyze(text, "a.policy");
    assert.deepEqual(analysis.diagnostics, []);
    assert.equal(runCase(analysis.policy!, analysis.cases[0]!).status, "passed");
  });
  test("\"not necessary unless criterion I is met\" holds but for criterion I", () => {
    const cases = "\ncases\n  case \"first\"\n    on 2025-07-01\n    I = not met\n    expect refer by II\n  case \"second\"\n    on 2025-07-01\n    I = met\n    expect approve by I\n";
    const analysis = analyze(policy("I. It is medically necessary for adults\nII. Repeat use is not medically necessary unless criterion I is met.", cases), "a.policy");
    assert.deepEqual(analysis.diagnostics, []);
    for (const each of analysis.cases) assert.deepEqual(runCase(analysis.policy!, each).failures, []);
  });
  test("a reference in words is said to be words", () => {
    assert.ok(codesOf(policy("I. It is medically necessary for adults\nII. It is investigational when criteria I.A and I.B are not met.")).includes("unread-reference"));
  });
});
