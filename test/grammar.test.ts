// The colours of the language: the generated grammar is up to date, and tokens get the scopes that themes know.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import type { IGrammar } from "vscode-textmate";
import { ROOT } from "./support/client.js";
import { policyGrammar } from "./support/grammar.js";

let grammar: IGrammar;

before(async () => {
  const made = await policyGrammar();
  assert.ok(made);
  grammar = made;
});

/** The innermost scope of every token of a text, by its words; the last of equal words counts. */
function scopes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let stack = null as Parameters<IGrammar["tokenizeLine"]>[1];
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    for (const token of result.tokens) {
      const words = line.slice(token.startIndex, token.endIndex).trim();
      if (words !== "") found.set(words, token.scopes[token.scopes.length - 1]!);
    }
  }
  return found;
}

test("the grammar is what the generator writes", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/generate-grammar.mjs", "--check"], { cwd: ROOT, encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

const POLICY = `policy CP.EX.1 "Oxygen"
  line of business  Medicaid
  effective         2025-06-19
# a remark
Description
  See CP.MP.70 and CPT 77301. [47]
facts
  age   years from 0 to 120  "Age"
  site  one of brain, lung
define
  grown  age >= 18 years
criteria
I. Oxygen is medically necessary for any of the following: [1-2]
   A. Adult, both kinds; or
      when grown and age < 65 years
           or site is brain # why
      unless criterion I.B.2 is met
   B. Two of the following (not all-inclusive):
      1. Diagnosis
         when diagnoses include any of C69.-, C70.0-C72.9
      note As agreed [3].
II. All else is investigational.
   applies to codes CPT 64483
codes
  CPT    77385*  Delivery  ended 2025-12-31, see 77402
revisions
  2025-03, approved 2025-05-20
    New.
references
  1. Example. doi:10.1000/x
cases
  case "One"
    on 2025-07-01
    height = 64 cm
    I.B = not met
    expect approve by I.A`;

test("tokens have scopes that themes colour", () => {
  const found = scopes(POLICY);
  const expected: Record<string, string> = {
    policy: "keyword.control.policy", "CP.EX.1": "entity.name.type.policy-number.policy", "\"Oxygen\"": "string.quoted.double.policy",
    "line of business": "support.type.field.policy", "2025-06-19": "constant.numeric.date.policy", "# a remark": "comment.line.number-sign.policy",
    Description: "entity.name.section.policy", "CP.MP.70": "entity.name.type.policy-number.policy", "77301": "entity.name.type.code.policy", "[47]": "constant.numeric.citation.policy",
    facts: "entity.name.section.policy", "one of": "storage.type.policy", grown: "variable.other.fact.policy",
    criteria: "entity.name.section.policy", "I.": "entity.name.tag.label.policy", "medically necessary": "markup.bold.statement.policy", "any of the following": "keyword.control.combinator.policy",
    "[1-2]": "constant.numeric.citation.policy", "A.": "entity.name.tag.label.policy", or: "keyword.operator.word.policy", when: "keyword.control.clause.policy", and: "keyword.operator.word.policy",
    "<": "keyword.operator.comparison.policy", "65": "constant.numeric.policy", years: "keyword.other.unit.policy", "# why": "comment.line.number-sign.policy", unless: "keyword.control.clause.policy",
    "I.B.2": "entity.name.tag.address.policy", "(not all-inclusive)": "keyword.control.open-list.policy", "C69.-": "entity.name.type.code.policy", "C70.0-C72.9": "entity.name.type.code.policy",
    note: "keyword.control.note.policy", "[3]": "constant.numeric.citation.policy", investigational: "markup.bold.statement.policy", "applies to": "keyword.control.clause.policy", "64483": "entity.name.type.code.policy",
    CPT: "storage.type.code-system.policy", "77385": "entity.name.type.code.policy", "*": "keyword.other.mark.policy", ended: "keyword.other.status.policy", "77402": "entity.name.type.code.policy",
    approved: "keyword.other.status.policy", "1.": "entity.name.tag.label.policy", "doi:10.1000/x": "markup.underline.link.policy",
    case: "keyword.control.case.policy", on: "support.type.field.policy", "2025-07-01": "constant.numeric.date.policy", height: "variable.other.fact.policy",
    "I.B": "entity.name.tag.address.policy", "not met": "constant.language.policy", expect: "keyword.control.expect.policy", approve: "constant.language.policy", by: "keyword.other.policy", "I.A": "entity.name.tag.address.policy",
  };
  const actual = Object.fromEntries(Object.keys(expected).map((words) => [words, found.get(words) ?? "(no such token)"]));
  assert.deepEqual(actual, expected);
});

test("prose between labels stays prose, and sections end where the next begins", () => {
  const found = scopes("criteria\nI. All care when given is medically necessary.\n  continued here\nbackground\n  when and where 5 mg\n");
  assert.equal(found.get("continued here"), "meta.statement.policy");
  assert.equal(found.get("when and where 5 mg"), "meta.section.text.policy");
});

test("every line of the samples is read", () => {
  for (const name of readdirSync(join(ROOT, "samples")).filter((each) => each.endsWith(".policy"))) {
    const found = scopes(readFileSync(join(ROOT, "samples", name), "utf8"));
    assert.equal(found.get("criteria"), "entity.name.section.policy", name);
    assert.equal(found.get("cases"), "entity.name.section.policy", name);
  }
});
