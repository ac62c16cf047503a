// The JSON Schema of a policy's cases: it takes the project's own case files and finds what is wrong in changed ones.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile, policyNameFor } from "../server/src/semantics/casefile.js";
import { caseSchema } from "../server/src/semantics/caseschema.js";

const SAMPLES = join(process.cwd(), "samples");
const files = readdirSync(SAMPLES).filter((name) => /\.case\.(?:ya?ml|json)$/u.test(name));
const read = (name: string): string => readFileSync(join(SAMPLES, name), "utf8");
const validatorOf = (policy: string) => new Ajv2020({ strict: true, strictTypes: false, allErrors: true, allowUnionTypes: true }).compile(caseSchema(analyze(policy, "a.policy")));

const POLICY = `policy EX.1 "Example"
  effective 2025-01-01

facts
  age        years from 0 to 120        "Age on the date of service"
  dose       Gy                         "Dose"
  score      number                     "Score"
  tumor      yes/no                     "Is there a tumor?"
  seen       date                       "Last seen"
  intent     one of cure, relief        "Intent"
  sites      list of one of lung, brain "Sites"
  therapies  list of                    "Treatments"
    kind     one of drug, surgery       "Kind"
    length   weeks                      "Length"

criteria
I. The service is medically necessary when all of the following are met:
   A. Age < 18 years
      when age < 18 years and tumor
   B. The patient has been examined
`;
const SOUND = {
  name: "A child", on: "2025-07-01", codes: ["CPT 77301"], "line of business": "Medicaid", pathway: "initial",
  facts: { age: "9 years", dose: 50, score: 3, tumor: true, seen: "2025-06-30", intent: "cure", sites: ["lung"], therapies: [{ kind: "drug", length: "6 weeks" }] },
  criteria: { "I.B": "met" },
  expect: { determination: "approve", by: "I.A", missing: [], criteria: { "I.A": "met" } },
};

describe("the schema", () => {
  test("takes every sample case file", () => {
    assert.ok(files.length >= 4);
    for (const name of files) {
      const validate = validatorOf(read(policyNameFor(name, read(name))));
      assert.ok(validate(parse(read(name))), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
  });

  test("agrees with the checker on values as they may be written", () => {
    const analysis = analyze(POLICY, "a.policy");
    const validate = validatorOf(POLICY);
    const values: readonly (readonly [string, unknown])[] = [
      ["age", "9"], ["age", 9], ["age", "108 months"], ["age", "1 year"], ["age", "9 kg"], ["age", "old"], ["age", 130], ["age", "9 yr"],
      ["dose", "50 Gy"], ["dose", "5000 cGy"], ["score", "3"], ["score", "3 kg"], ["tumor", "yes"], ["tumor", false], ["tumor", "maybe"], ["tumor", 1],
      ["seen", "2025-06-30"], ["seen", "30.6.2025"], ["seen", "2025-13-01"], ["intent", "relief"], ["intent", "Cure"], ["sites", []], ["sites", "lung"],
      ["sites", ["lung", "brain"]], ["sites", ["liver"]], ["therapies", [{ kind: "drug" }]], ["therapies", [{ kind: "prayer" }]], ["therapies", [{ kin: "drug" }]], ["therapies", "drug"],
      ["dose", null], ["agee", 9],
    ];
    for (const [name, value] of values) {
      const each = { name: "x", on: "2025-07-01", facts: { [name]: value }, expect: "approve" };
      const checked = readCaseFile(JSON.stringify(each), "a.case.json", analysis).diagnostics.filter(({ severity }) => severity === "error");
      assert.equal(validate(each), checked.length === 0, `${name} = ${JSON.stringify(value)}: ${JSON.stringify(validate.errors)} ${JSON.stringify(checked)}`);
    }
  });

  test("takes `none`, which only YAML writes without quotation marks", () => {
    const validate = validatorOf(POLICY);
    assert.ok(validate(parse("on: 2025-07-01\nfacts:\n  sites: none\n  therapies: none\n")), JSON.stringify(validate.errors));
  });

  test("finds what is wrong in a case", () => {
    const validate = validatorOf(POLICY);
    assert.ok(validate(SOUND), JSON.stringify(validate.errors));
    assert.ok(validate([SOUND]));
    assert.ok(validate({ policy: "a.policy", cases: [SOUND, SOUND] }));
    const wrong: readonly object[] = [
      { ...SOUND, on: undefined }, { ...SOUND, on: "July" }, { ...SOUND, nam: "x" }, { ...SOUND, facts: { ...SOUND.facts, agee: 9 } }, { ...SOUND, criteria: { "I.Z": "met" } },
      { ...SOUND, criteria: { "I.A": "met" } }, { ...SOUND, criteria: { "I.B": "perhaps" } }, { ...SOUND, expect: "deny" }, { ...SOUND, expect: { by: "II" } }, { ...SOUND, expect: { missing: ["agee"] } },
      { ...SOUND, pathway: "first" }, { ...SOUND, facts: [] }, { ...SOUND, expect: { criteria: { "I.A": "so-so" } } },
    ];
    for (const each of wrong) {
      const plain: unknown = JSON.parse(JSON.stringify(each));
      assert.ok(!validate(plain), JSON.stringify(plain));
      assert.ok(!validate({ cases: [plain] }), JSON.stringify(plain));
    }
  });

  test("says what a fact asks", () => {
    const schema = JSON.stringify(caseSchema(analyze(POLICY, "a.policy")));
    assert.match(schema, /Age on the date of service — a number in years/u);
  });
});
