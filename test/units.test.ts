// Units: everyday words and UCUM codes, conversion, and the generated table.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { combineUnits, convert, findUnit, isPlain, isTime, NO_UNIT, quantityText, sameDimension, unitName, unitWords, wholeMonths } from "../server/src/semantics/units.js";
import { COMMON_UNITS } from "../server/src/semantics/units.generated.js";
import { UNIT_SLIPS } from "../server/src/vocabulary.js";
import { conditionPolicy, outcomeOfCondition, ROOT } from "./support/core-fixtures.js";

const unit = (text: string) => findUnit(text) ?? assert.fail(`${text} is no unit`);

describe("conversion", () => {
  // value, from, to, result; figures of the International System (BIPM), NIST SP 811 for the customary units, and the definitions of UCUM.
  const conversions: readonly (readonly [number, string, string, number])[] = [
    [18, "years", "months", 216], [216, "months", "years", 18], [6, "weeks", "days", 42], [1, "years", "days", 365.25], [36, "hours", "days", 1.5], [90, "minutes", "hours", 1.5],
    [1.5, "Gy", "cGy", 150], [70, "kg", "g", 70_000], [170, "cm", "m", 1.7], [1, "mg", "mcg", 1000], [1, "L", "mL", 1000], [1, "g/dL", "mg/dL", 1000], [50, "%", "1", 0.5],
    [98.6, "[degF]", "Cel", 37], [37, "Cel", "[degF]", 98.6], [0, "Cel", "K", 273.15], [154, "[lb_av]", "kg", 69.85322498], [1, "[ft_i]", "[in_i]", 12], [1, "[in_i]", "cm", 2.54],
    [30, "kg/m2", "g/m2", 30_000], [100, "kPa", "mm[Hg]", 750.063755419], [5, "10*3/uL", "10*9/L", 5], [1, "mg/kg", "ug/kg", 1000], [180, "deg", "rad", Math.PI],
  ];
  for (const [value, from, to, expected] of conversions) {
    test(`${value} ${from} is ${expected} ${to}`, () => {
      assert.ok(sameDimension(unit(from), unit(to)));
      assert.ok(Math.abs(convert(value, unit(from), unit(to)) - expected) <= Math.abs(expected) * 1e-9, String(convert(value, unit(from), unit(to))));
    });
  }
  test("there and back is the same, to twelve figures", () => {
    const pairs = conversions.map(([, from, to]) => [unit(from), unit(to)] as const);
    fc.assert(fc.property(fc.constantFrom(...pairs), fc.double({ min: 0.001, max: 1e6, noNaN: true }), ([from, to], value) => {
      const back = convert(convert(value, from, to), to, from);
      assert.ok(Math.abs(back - value) <= Math.max(1e-9, Math.abs(value) * 1e-9), `${value} ${from.text} ${to.text} ${back}`);
    }), { seed: 7, numRuns: 300 });
  });
  test("different things do not convert", () => {
    for (const [a, b] of [["kg", "m"], ["years", "kg"], ["%", "years"], ["mm[Hg]", "mm"], ["Gy", "g"], ["mmol/L", "mg/dL"], ["[iU]", "mg"]] as const) assert.ok(!sameDimension(unit(a), unit(b)), `${a} ${b}`);
  });
  test("arbitrary units convert to themselves only", () => {
    assert.ok(sameDimension(unit("[iU]"), unit("[iU]")));
    assert.ok(!sameDimension(unit("[iU]"), NO_UNIT));
  });
});

describe("names", () => {
  test("everyday words and UCUM codes", () => {
    for (const word of unitWords()) assert.ok(findUnit(word), word);
    for (const code of ["kg/m2", "mg/dL", "mm[Hg]", "10*3/uL", "mL/min/{1.73_m2}", "m/s2", "mol/m3", "[pH]"]) assert.ok(findUnit(code), code);
  });
  test("what is no unit", () => {
    for (const text of ["", " ", "yeras", "foo", "kg/", "kg m", "größe", "x".repeat(1000), "constructor", "__proto__", "toString", "hasOwnProperty", "(", "kg/(m2"]) assert.equal(findUnit(text), undefined, text);
  });
  test("every slip leads to a unit", () => { for (const meant of UNIT_SLIPS.values()) assert.ok(findUnit(meant), meant); });
  test("time, plain numbers, months", () => {
    assert.ok(isTime(unit("weeks")) && isTime(unit("a")) && !isTime(unit("/d")) && !isTime(NO_UNIT));
    assert.ok(isPlain(NO_UNIT) && isPlain(unit("1")) && !isPlain(unit("%")));
    assert.deepEqual([wholeMonths(1, unit("years")), wholeMonths(1.5, unit("years")), wholeMonths(0.3, unit("years")), wholeMonths(6, unit("mo")), wholeMonths(6, unit("weeks"))], [12, 18, undefined, 6, undefined]);
  });
  test("in sentences", () => {
    assert.deepEqual([quantityText(1, unit("years")), quantityText(17, unit("years")), quantityText(0.1 + 0.2, unit("kg")), quantityText(5, NO_UNIT), unitName(unit("month"))], ["1 year", "17 years", "0.3 kg", "5", "months"]);
  });
  test("products and quotients", () => {
    const bmi = combineUnits(unit("kg"), combineUnits(unit("m"), unit("m"), "*"), "/");
    assert.ok(sameDimension(bmi, unit("kg/m2")));
    assert.equal(convert(30, bmi, unit("kg/m2")), 30);
    const inches = combineUnits(unit("kg"), combineUnits(unit("cm"), unit("cm"), "*"), "/");
    assert.equal(convert(0.003, inches, unit("kg/m2")), 30);
  });
});

describe("in conditions", () => {
  const cases: readonly (readonly [fact: string, condition: string, value: number, outcome: string])[] = [
    ["age  years", "n < 216 months", 17.9, "met"], ["age  years", "n < 216 months", 18, "not met"], ["age  months", "n >= 18 years", 216, "met"], ["age  months", "n >= 18 years", 215, "not met"],
    ["dose  Gy", "n > 150 cGy", 1.5, "not met"], ["dose  Gy", "n > 150 cGy", 1.51, "met"], ["w  [lb_av]", "n >= 70 kg", 154, "not met"], ["w  [lb_av]", "n >= 70 kg", 155, "met"],
    ["t  Cel", "n >= 100.4 [degF]", 38, "met"], ["t  Cel", "n >= 100.4 [degF]", 37.9, "not met"], ["t  [degF]", "n >= 38 Cel", 100.4, "met"], ["s  %", "n <= 88 percent", 88, "met"],
    ["d  days", "n >= 6 weeks", 42, "met"], ["d  weeks", "n between 28 and 56 days", 4, "met"], ["d  weeks", "n between 28 and 56 days", 8.1, "not met"], ["b  kg/m2", "30 kg/m2 <= n", 30, "met"],
    ["h  hours", "n = 90 minutes", 1.5, "met"], ["h  hours", "n != 90 minutes", 1.5, "not met"], ["m  mg", "n + 1 g >= 1500 mg", 500, "met"], ["m  mg", "n * 2 >= 1 g", 500, "met"], ["m  mg", "2 * n - 1 mg < 1 g", 500, "met"],
  ];
  for (const [fact, condition, value, outcome] of cases) {
    test(`${fact} ${condition} for ${value}`, () => assert.equal(outcomeOfCondition(conditionPolicy([fact.replace(/^\w+/u, "n")], condition), { n: value }), outcome));
  }
});

test("the generated table is what its generator makes", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/generate-units.mjs", "--print"], { cwd: ROOT, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, readFileSync(join(ROOT, "server/src/semantics/units.generated.ts"), "utf8"));
  assert.ok(Object.keys(COMMON_UNITS).length > 60);
});
