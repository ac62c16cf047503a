// The reasoning of the lint rules of logic: sets against their members, and what is claimed of random conditions against trying them out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Facts, type Ground, truthOf } from "../server/src/evaluate/conditions.js";
import { MET, NOT_MET, UNKNOWN } from "../server/src/evaluate/kleene.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { Formulas, keyOf, negate } from "../server/src/lint/rules/logic/formula.js";
import { quantitiesOf } from "../server/src/lint/rules/logic/quantities.js";
import { areApart, both, comparing, either, EVERYTHING, holds, isWithin, isPartOf, type NumberSet, turned, wholeNumbers, without } from "../server/src/lint/rules/logic/sets.js";
import { Signatures } from "../server/src/lint/rules/logic/signatures.js";
import { alwaysMet, implies, mayBeAlways, mayConflict, neverMet } from "../server/src/lint/rules/logic/solve.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { codeSet, inSet } from "../server/src/semantics/codes.js";
import type { CodeSet, Condition, Policy } from "../server/src/semantics/model.js";
import { findUnit } from "../server/src/semantics/units.js";
import { dayOf, foundBy } from "./support/lint-fixtures.js";

const SEED = 20_260_105;

// ── Sets ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
const POINTS = [-3, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5];
const set: fc.Arbitrary<NumberSet> = fc.letrec<{ set: NumberSet }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom("<", "<=", ">", ">=", "=", "!="), fc.constantFrom(-1, 0, 1, 2, 3)).map(([op, value]) => comparing(op as "<", value)),
    fc.tuple(tie("set"), tie("set")).map(([a, b]) => both(a, b)), fc.tuple(tie("set"), tie("set")).map(([a, b]) => either(a, b)), tie("set").map((a) => without(EVERYTHING, a)), tie("set").map(turned),
  ),
})).set;

describe("sets of numbers", () => {
  test("hold what they should", () => {
    fc.assert(fc.property(set, set, (a, b) => {
      assert.equal(a.length % 4, 0);
      for (const point of POINTS) {
        assert.equal(holds(both(a, b), point), holds(a, point) && holds(b, point));
        assert.equal(holds(either(a, b), point), holds(a, point) || holds(b, point));
        assert.equal(holds(without(EVERYTHING, a), point), !holds(a, point));
        assert.equal(holds(turned(a), point), holds(a, -point));
        if (Number.isInteger(point)) assert.equal(holds(wholeNumbers(a), point), holds(a, point));
        if (isWithin(a, b) && holds(a, point)) assert.ok(holds(b, point));
      }
      if (!isWithin(a, b)) assert.ok(both(a, without(EVERYTHING, b)).length > 0, "something of a is not in b");
    }), { seed: SEED, numRuns: 1000 });
  });
});

const PATTERNS: readonly CodeSet[] = [
  ...["C69", "C69.0", "C69.01", "C70", "C7A"].map((from) => codeSet({ kind: "code", from, category: false, start: 0, end: 0 }, "ICD-10-CM")),
  ...[["C69", "C72.9"], ["C69.0", "C69.5"], ["C70", "C71"]].map(([from, to]) => codeSet({ kind: "code", from: from!, to, category: false, start: 0, end: 0 }, "ICD-10-CM")),
  ...["77301", "77338", "0016T", "J9035"].map((from) => codeSet({ kind: "code", from, category: false, start: 0, end: 0 }, /^J/u.test(from) ? "HCPCS" : "CPT")),
  ...[["77301", "77338"], ["00100", "01999"], ["77000", "78000"]].map(([from, to]) => codeSet({ kind: "code", from: from!, to, category: false, start: 0, end: 0 }, "CPT")),
];
const CODES = ["C69", "C690", "C6901", "C6902", "C694", "C695", "C6951", "C70", "C700", "C71", "C719", "C729", "C72", "C7A", "C7A0", "77301", "77310", "77338", "77500", "0016T", "00160", "0100T", "J9035", "J903"];

test("sets of codes: part of and apart are never claimed wrongly", () => {
  for (const a of PATTERNS) {
    for (const b of PATTERNS) {
      for (const code of CODES) {
        for (const held of [code, `ICD-10-CM ${code}`, `CPT ${code}`, `HCPCS ${code}`]) {
          if (isPartOf(a, b) && inSet(held, a)) assert.ok(inSet(held, b), `${held} of ${a.text} in ${b.text}`);
          if (areApart(a, b)) assert.ok(!(inSet(held, a) && inSet(held, b)), `${held} in ${a.text} and ${b.text}`);
        }
      }
    }
  }
  assert.ok(isPartOf(PATTERNS[1]!, PATTERNS[0]!) && isPartOf(PATTERNS[0]!, PATTERNS[5]!) && areApart(PATTERNS[0]!, PATTERNS[3]!), "and are claimed where they should be");
});

// ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────
const FACTS = `policy EX.1 "Example"
  effective  2026-01-01
facts
  age        years
  score      number from 0 to 4
  other      number from 0 to 4
  smoker     yes/no
  stage      one of early, late, unclear
  started    date
  ended      date
  diagnoses  list of ICD-10-CM
  diagnosis  ICD-10-CM
  sites      list of one of left, right
  visits     list of
    kind     one of home, office
    pain     number
  remark     text
define
  grown      age >= 2 years
criteria
I. It is medically necessary when all of the following are met:
`;

const number = fc.constantFrom(1, 2, 3);
const op = fc.constantFrom("<", "<=", ">", ">=", "=", "!=");
const atom = fc.oneof(
  fc.tuple(op, number).map(([sign, n]) => `age ${sign} ${n} years`),
  fc.tuple(op, number).map(([sign, n]) => `age ${sign} ${n * 12} months`),
  fc.tuple(op, fc.constantFrom(0, 2, 4)).map(([sign, n]) => `score ${sign} ${n}`),
  fc.constantFrom("score between 1 and 2", "age between 1 and 2 years", "score > other", "score <= other", "other < score", "other - score >= 1"),
  fc.constantFrom("smoker", "smoker is no", "grown", "criterion I.B", "criterion I.B is not met"),
  fc.constantFrom("stage is early", "stage is not late", "stage in early, late", "stage in early, unclear"),
  fc.constantFrom("started within the past 6 months", "started within the past 12 months", "started <= date of service", "started at least 2 weeks before date of service", "started within 10 days of date of service"),
  fc.constantFrom("ended - started >= 6 weeks", "ended - started < 42 days", "ended - started > 0 days", "ended >= started", "ended <= started + 1 month", "ended > started + 2 months", "started + 6 weeks <= ended", "started < ended", "ended - started >= 1 months"),
  fc.constantFrom("started >= 2026-01-01", "started < 2026-01-01", "ended = 2026-02-01"),
  fc.constantFrom("diagnoses include C69.-", "diagnoses include any of C69.0, C70.-", "diagnoses do not include C69.-", "diagnoses include all of C69.0, C70.0", "diagnoses include C69.0-C70.9"),
  fc.constantFrom("diagnosis in C69.-", "diagnosis in C69.0, C70.-", "diagnosis not in C70.-", "diagnosis in C71.-"),
  fc.constantFrom("sites include left", "sites include any of left, right", "sites include all of left, right", "sites do not include right"),
  fc.constantFrom("exists visits", "no visits", "exists visits where kind is home", "at least 2 of visits where kind is home", "at least 1 of visits where kind is home and pain > 3", "count of (visits where pain > 3) <= 1", "all of visits where kind is home", "count of visits > 1"),
  fc.constantFrom('remark is "a"', 'remark is not "a"', 'remark is "b"'),
  fc.constantFrom("age is known", "age is unknown", "diagnoses is known", "visits is unknown", "smoker is unknown"),
);
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true }, atom,
    fc.array(tie("condition"), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(" and ")})`),
    fc.array(tie("condition"), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(" or ")})`),
    tie("condition").map((part) => `not (${part})`),
  ),
})).condition;

function read(conditions: readonly string[]): { readonly policy: Policy; readonly read: readonly Condition[] } {
  const text = `${FACTS}   B. It was explained\n${conditions.map((each, i) => `   ${"CDE"[i]}. Item ${i}\n      when ${each}\n`).join("")}`;
  const analysis = analyze(text, "a.policy");
  assert.ok(analysis.policy, JSON.stringify(analysis.diagnostics.filter((each) => each.severity === "error").map((each) => [each.message, text.slice(each.start, each.end)])));
  return { policy: analysis.policy, read: conditions.map((_, i) => analysis.byAddress.get(`I.${"CDE"[i]}`)!.conditions[0]!) };
}

const ON = dayOf("2026-01-31");
// Each fact with values on both sides of every figure above, and none.
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  age: [undefined, 0.5, 1, 1.5, 2, 2.5, 3, 4], score: [undefined, 0, 0.5, 1, 1.5, 2, 3, 4], other: [undefined, 0, 1, 1.5, 2, 4], smoker: [undefined, 0, 1], stage: [undefined, 0, 1, 2],
  started: [undefined, ...["2025-01-20", "2025-01-31", "2025-07-31", "2025-08-01", "2025-12-20", "2025-12-31", "2026-01-01", "2026-01-25", "2026-01-31", "2026-02-01", "2026-02-08"].map(dayOf)],
  ended: [undefined, ...["2025-01-31", "2025-02-28", "2025-03-03", "2025-12-20", "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01", "2026-02-11", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-02"].map(dayOf)],
  diagnoses: [undefined, [], ["C690"], ["C700"], ["C690", "C700"], ["C695"], ["C719"], ["C695", "C719"]], diagnosis: [undefined, "C690", "C695", "C700", "C719", "D10"],
  sites: [undefined, [], ["left"], ["right"], ["left", "right"]],
  visits: [undefined, [], [{ kind: 0, pain: 4 }], [{ kind: 0, pain: 1 }, { kind: 0, pain: 4 }], [{ kind: 1, pain: 5 }, { pain: 5 }], [{ kind: 0 }, { kind: 0 }, { kind: 1, pain: 3 }]],
  remark: [undefined, "a", "b", "c"],
};

function* grounds(policy: Policy, used: ReadonlySet<string>, random: () => number): Generator<Ground> {
  const names = policy.facts.map((fact) => fact.name);
  const facts: Facts = { numbers: new Float64Array(names.length), others: new Array(names.length).fill(undefined), on: ON };
  let attested: number = UNKNOWN;
  const ground: Ground = { facts, criterion: () => attested, unmet: () => (attested === MET ? NOT_MET : attested === NOT_MET ? MET : UNKNOWN) };
  for (let run = 0; run < 300; run++) {
    // Mostly everything is given, so that conditions are decided.
    const sparse = random() < 0.3;
    attested = [MET, NOT_MET, UNKNOWN][Math.floor(random() * 3)]!;
    for (const fact of policy.facts) {
      const values = VALUES[fact.name]!;
      const value = used.has(fact.name) ? values[sparse ? Math.floor(random() * values.length) : 1 + Math.floor(random() * (values.length - 1))] : undefined;
      facts.numbers[fact.slot] = typeof value === "number" ? value : Number.NaN;
      facts.others[fact.slot] = typeof value === "number" ? undefined : (value as Facts["others"][number]);
    }
    yield ground;
  }
}

function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const namesIn = (texts: readonly string[]): ReadonlySet<string> => new Set([...texts.join(" ").matchAll(/[a-z]+/gu)].map((match) => match[0]).concat(texts.some((text) => text.includes("grown")) ? ["age"] : []));

describe("what is claimed of conditions", () => {
  const tally = { never: 0, always: 0, implied: 0, equal: 0 };

  test("never holds, always holds", () => {
    fc.assert(fc.property(condition, fc.integer(), (text, seed) => {
      const { policy, read: [one] } = read([text]);
      const formula = new Formulas().of(one!);
      const never = neverMet(formula) !== undefined;
      const always = alwaysMet(formula);
      if (never) assert.ok(mayConflict(formula), `the quick look misses that it never holds: ${text}`);
      if (always) assert.ok(mayBeAlways(formula), `the quick look misses that it always holds: ${text}`);
      if (!never && !always) return;
      const signs = new Signatures([]);
      signs.of(one!);
      assert.ok(signs.suspect, `the first look misses that it never or always holds: ${text}`);
      if (never) tally.never++;
      if (always) tally.always++;
      for (const ground of grounds(policy, namesIn([text]), randomOf(seed))) {
        const value = truthOf(one!, ground);
        if (never) assert.notEqual(value, MET, `never: ${text}`);
        if (always) assert.notEqual(value, NOT_MET, `always: ${text}`);
      }
    }), { seed: SEED, numRuns: 2500 });
    assert.ok(tally.never > 40 && tally.always > 40, JSON.stringify(tally));
  });

  test("the negation holds where the condition does not", () => {
    fc.assert(fc.property(condition, (text) => {
      const { read: [one] } = read([text]);
      const made = new Formulas();
      assert.equal(keyOf(negate(negate(made.of(one!)))), keyOf(made.of(one!)), text);
      assert.notEqual(neverMet(made.of(one!), negate(made.of(one!))), undefined, `a condition and its negation: ${text}`);
    }), { seed: SEED, numRuns: 400 });
  });

  test("implies, and is the same", () => {
    fc.assert(fc.property(condition, condition, fc.integer(), (first, second, seed) => {
      const { policy, read: [one, two] } = read([first, second]);
      const made = new Formulas();
      const [a, b] = [made.of(one!), made.of(two!)];
      const implied = implies(a, b);
      const equal = keyOf(a) === keyOf(b);
      if (!implied && !equal) return;
      if (implied) tally.implied++;
      const signs = new Signatures([]);
      const mask = signs.of(one!);
      const { pairs, hash } = signs;
      const unsure = signs.unsure;
      signs.of(two!);
      if (implied) assert.equal(signs.need & ~mask, 0, `the first look misses that one implies the other: ${first} => ${second}`);
      if (implied) assert.ok(signs.key === -1 || (signs.key & pairs) !== 0, `the look at values misses that one implies the other: ${first} => ${second}`);
      if (equal && !unsure && !signs.unsure) assert.equal(signs.hash, hash, `the hash misses that the two are the same: ${first} == ${second}`);
      if (equal) tally.equal++;
      for (const ground of grounds(policy, namesIn([first, second]), randomOf(seed))) {
        const [x, y] = [truthOf(one!, ground), truthOf(two!, ground)];
        if (implied && x === MET) assert.equal(y, MET, `${first} => ${second}`);
        if (equal && (x === MET || y === MET)) assert.ok(x !== NOT_MET && y !== NOT_MET, `${first} == ${second}`);
      }
    }), { seed: SEED, numRuns: 5000 });
    assert.ok(tally.implied > 40 && tally.equal > 4, JSON.stringify(tally));
  });

  const knows = (narrower: string, wider: string): boolean => {
    const { read: [one, two] } = read([narrower, wider]);
    const made = new Formulas();
    return implies(made.of(one!), made.of(two!));
  };
  for (const [narrower, wider] of [
    ["age < 2 years", "age < 3 years"], ["age = 24 months", "grown"], ["score between 1 and 2", "score < 3"], ["stage is early", "stage is not late"],
    ["started within the past 6 months", "started within the past 12 months"], ["started within the past 6 months", "started <= date of service"], ["ended > started + 2 months", "ended > started"],
    ["ended - started >= 6 weeks", "started + 2 weeks <= ended"], ["diagnoses include C69.01", "diagnoses include any of C61, C69.-"], ["diagnosis in C69.-", "diagnosis not in C70.-"],
    ["at least 2 of visits where kind is home and pain > 3", "exists visits where kind is home"], ["exists visits where kind is home", "exists visits"], ["smoker and age > 3 years", "smoker or score > 2"], ["age > 1 years", "age is known"],
    ["diagnoses include all of C69.0, C70.0", "diagnoses include C70.-"], ["criterion I.B and smoker", "criterion I.B"], ["score > other", "other <= score"],
  ] as const) {
    test(`${narrower} implies ${wider}`, () => {
      assert.ok(knows(narrower, wider));
      assert.ok(!knows(wider, narrower));
    });
  }
});

test("long conditions are given up, not followed for ever", () => {
  const text = Array.from({ length: 24 }, (_, i) => `(score = ${i % 5} or other > ${i % 3} or smoker)`).join(" and ");
  const { read: [one, two] } = read([text, text.replaceAll("smoker", "smoker is no")]);
  const made = new Formulas();
  const before = performance.now();
  implies(made.of(one!), made.of(two!));
  alwaysMet(made.of(one!));
  assert.ok(performance.now() - before < 500);
});

// ── Prose ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
describe("quantities of prose", () => {
  for (const [text, ...wanted] of [
    ["Age ≤ 18 years", "<= 18 years"], ["age <18 years", "< 18 years"], ["younger than two years", "< 2 years"], ["under the age of 18", "< 18"], ["18 years of age or older", ">= 18 years"], ["12 years and older", ">= 12 years"],
    ["at least six weeks", ">= 6 weeks"], ["a minimum of 3 visits", ">= 3"], ["no more than 12 visits", "<= 12"], ["not less than 4 hours", ">= 4 hours"], ["up to 30 days", "<= 30 days"], ["more than 2 levels", "> 2"],
    ["between 5 and 12 years", ">= 5 years", "<= 12 years"], ["5 to 12 years", ">= 5 years", "<= 12 years"], ["BMI ≥ 30 kg/m²", ">= 30 kg/m2"], ["≥ 50 % relief", ">= 50 %"], ["30% or less", "<= 30%"],
    ["must not exceed 1.5", "<= 1.5"], ["less than or equal to 88 percent", "<= 88 percent"], ["is not at least 18 years", "? 18 years"], ["type 2 diabetes", "? 2"], ["L4-L5, COVID-19 and N3 disease"], ["within the past 6 months", "<= 6 months"],
    ["within 5 cm of it", "? 5 cm"], ["4 or more", ">= 4"], ["older than 65 years", "> 65 years"], ["one or more", ">= 1"], ["at least 2.5 mg/dL", ">= 2.5 mg/dL"], ["pain of 6 on a scale of 0 to 10", "? 6", ">= 0", "<= 10"],
    ["at least two sites [1,3-4] and L4", ">= 2"], ["10.5.2 and 1234567890 and none, ten-fold", "? 10"],
  ] as const) {
    test(text, () => assert.deepEqual(quantitiesOf(text, 0).map(({ op: sign, value, unit }) => `${sign ?? "?"} ${value}${unit.text === "" ? "" : unit.text === "%" && text.includes(`${value}%`) ? "%" : ` ${unit.text}`}`), wanted));
  }
});

test("units of the condition are known in prose", () => {
  assert.deepEqual(quantitiesOf("Flow < 6 L/min, or 4 L/minute", 0, [findUnit("L/min")!]).map(({ op: sign, value, unit }) => `${sign ?? "?"} ${value} ${unit.text}`), ["< 6 L/min", "? 4 "]);
});

// ── Whole policies ────────────────────────────────────────────────────────────────────────────────────────────────────
const rule = (id: string): (typeof LINT_RULES)[number] => LINT_RULES.find((each) => each.id === id)!;
const marked = (id: string, text: string): readonly string[] => {
  const { text: whole, found } = foundBy(rule(id), text);
  return found.map((each) => whole.slice(each.start, each.end));
};

const list = (...lines: readonly string[]): string => `facts
  age        years   "Age?"
  score      number from 0 to 20  "Score?"
  sessions   number from 0 to 60  "Sessions?"
  smoker     yes/no  "Smoker?"
criteria
${lines.join("\n")}
`;
const ANY = "I. It is medically necessary for any of the following:";
const ALL = "I. It is medically necessary when all of the following are met:";

describe("silent where there is a reason", () => {
  for (const [id, why, text] of [
    ["duplicate-criterion", "the two sides", list(ANY, "   A. Left knee, any of the following:", "      1. Joint effusion", "   B. Right knee, any of the following:", "      1. Joint effusion", "      2. Instability")],
    ["duplicate-criterion", "lists that share their items", list(ANY, "   A. Psoriasis, any of the following:", "      1. Treatment failed", "      2. Treatment not tolerated", "   B. Arthritis, any of the following:", "      1. Treatment failed", "      2. Treatment not tolerated")],
    ["duplicate-criterion", "an all list of its own", list(ANY, "   A. Psoriasis, all of the following:", "      1. Methotrexate has failed", "      2. Plaques on the face", "   B. Arthritis, all of the following:", "      1. Methotrexate has failed")],
    ["duplicate-criterion", "another statement", list(ANY, "   A. Cancer of the kidney", "II. Protons are medically necessary for any of the following:", "   A. Cancer of the kidney")],
    ["duplicate-criterion", "a group by age", list(ALL, "   A. Signs, all of the following:", "      if age < 2 years, any of the following:", "         1. Witnessed pauses of breathing", "      if age >= 2 years, any of the following:", "         2. Witnessed pauses of breathing")],
    ["duplicate-criterion", "another comparison", list(ANY, "   A. Score < 5", "   B. Score > 5", "   C. Score 1.5", "   D. Score 15")],
    ["duplicate-criterion", "generic items", list(ANY, "   A. Other", "   B. Other")],
    ["condition-never-holds", "an exception outside of the condition", list(ALL, "   A. Adult", "      when age >= 18 years", "      unless score > 5", "   B. Score", "      when score <= 5")],
    ["condition-never-holds", "a criterion that is referred to is asked by itself", list(ANY, "   applies to age >= 18 years", "   A. Child", "      when age < 18 years", "II. It is not medically necessary for any of the following:", "   A. As before", "      when criterion I.A")],
    ["condition-never-holds", "waivers", list(ALL, "   A. Adult", "      when age >= 18 years", "      waived when age < 18 years and smoker", "   B. Score", "      when score <= 5")],
    ["condition-always-holds", "known or not", list(ALL, "   A. Age", "      when age is known or age >= 18 years or smoker")],
    ["subsumed-criterion", "a choice that overlaps", list(ANY, "   A. Adult", "      when age >= 18 years and smoker", "   B. Old", "      when age >= 65 years")],
    ["subsumed-criterion", "groups by age", list(ALL, "   A. By age, all of the following:", "      if age >= 18 years, all of the following:", "         1. Score", "            when score >= 5", "      if age >= 65 years, all of the following:", "         2. Score", "            when score >= 3")],
    ["band-gap", "a third band holds it", list(ANY, "   A. Young", "      when age < 18 years", "   B. Old", "      when age > 18 years", "   C. Eighteen", "      when age = 18 years and smoker")],
    ["band-gap", "bands that are far apart", list(ANY, "   A. Young", "      when age < 2 years", "   B. Old", "      when age > 65 years")],
    ["duplicate-criterion", "the two sides, two levels above", list(ANY, "   A. Left knee, any of the following:", "      1. Signs, any of the following:", "         a. Joint effusion", "   B. Right knee, any of the following:", "      1. Findings, any of the following:", "         a. Joint effusion", "         b. Instability")],
    ["duplicate-criterion", "other exceptions", list(ANY, "   A. Severe pain", "      when score > 5", "      unless any of the following:", "         1. Infection", "   B. Severe pain", "      when score > 5", "      unless any of the following:", "         1. Bleeding disorder")],
    ["band-gap", "`if` for children and for the old, in an any list", list(ANY, "   A. Score", "      if age < 2 years", "      when score > 5", "   B. Score", "      if age >= 65 years", "      when score > 7")],
    ["band-gap", "completed years", list(ALL, "   A. By age, all of the following:", "      if age <= 11 years, all of the following:", "         1. Score", "            when score > 5", "      if age >= 12 years, all of the following:", "         2. Score", "            when score > 7")],
    ["band-overlap", "one group within the other", list(ALL, "   A. By age, all of the following:", "      if age >= 18 years, all of the following:", "         1. Score", "            when score > 5", "      if age >= 65 years, all of the following:", "         2. Sessions", "            when sessions > 7")],
    ["prose-condition-mismatch", "the figures of items", list(ALL, "   A. At least 3 sessions and a score above 5, all of the following:", "      when score > 5", "      1. Sessions", "         when sessions >= 3")],
    ["prose-condition-mismatch", "two figures that are left", list(ALL, "   A. At least 3 visits, at least 2 sites and some pain", "      when score >= 5")],
    ["prose-condition-mismatch", "a scale", list(ALL, "   A. A score ≥ 5 on a scale of 0 to 10", "      when score >= 5")],
    ["band-gap", "fractions", list(ANY, "   A. Low", "      when score between 1 and 4", "   B. High", "      when score between 5 and 9")],
    ["band-overlap", "the same either way", list(ANY, "   A. Low", "      when score <= 5", "   B. High", "      when score >= 5")],
    ["prose-condition-mismatch", "another figure of the same dimension", list(ALL, "   A. At least 3 visits, with a score above 5", "      when score > 5")],
    ["prose-condition-mismatch", "an exception says the rest", list(ALL, "   A. Adults, at least 18 years old", "      when score > 5", "      unless age < 18 years")],
    ["prose-condition-mismatch", "more than 2 is at least 3", list(ALL, "   A. More than 2 sessions", "      when sessions >= 3")],
    ["prose-condition-mismatch", "about the same time", list(ALL, "   A. Younger than 52 weeks", "      when age < 1 year")],
    ["prose-condition-mismatch", "turned round", list(ALL, "   A. The score is not at least 5", "      when score < 5")],
    ["prose-condition-mismatch", "not in the condition", list(ALL, "   A. Score of at least 5", "      when not (score < 5)")],
  ] as const) {
    test(`${id}: ${why}`, () => assert.deepEqual(marked(id, text), []));
  }
});

describe("found in other shapes", () => {
  for (const [id, why, text, wanted] of [
    ["duplicate-criterion", "in one list, with citations, dashes and connectors", list(ANY, "   A. Re–irradiation, of the same site; or [1]", "   B. re-irradiation of the same site [2]"), ["re-irradiation of the same site"]],
    ["duplicate-criterion", "an item and a deeper one", list(ALL, "   A. Consent was given", "   B. Either of the following:", "      1. Consent was given", "      2. Emergency"), ["Consent was given"]],
    ["duplicate-condition", "exceptions are part of it", list(ANY, "   A. Adults", "      when age >= 18 years", "      unless smoker", "   B. Grown-ups who do not smoke", "      when age >= 18 years and not smoker"), ["age >= 18 years and not smoker"]],
    ["condition-never-holds", "two when lines", list(ALL, "   A. Age", "      when age < 2 years", "      when age > 5 years"), ["age > 5 years"]],
    ["condition-never-holds", "below a condition", list(ALL, "   A. Children, any of the following:", "      when age < 18 years", "      1. Old ones", "         when age > 65 years", "      2. Smokers", "         when smoker"), ["age > 65 years"]],
    ["condition-never-holds", "an exception that swallows all", list(ALL, "   A. Adults", "      when age >= 18 years", "      unless age >= 16 years"), ["age >= 16 years"]],
    ["condition-never-holds", "one branch of an or", list(ALL, "   A. Either", "      when smoker or (age < 2 years and age > 5 years)"), ["(age < 2 years and age > 5 years)"]],
    ["condition-never-holds", "a guard", list(ALL, "   applies to age >= 18 years", "   A. By age, all of the following:", "      if age < 12 years, all of the following:", "         1. Score", "            when score > 5", "      if age >= 12 years, all of the following:", "         2. Score", "            when score > 7"), ["age < 12 years"]],
    ["subsumed-criterion", "of criteria with items", list(ANY, "   A. Old smokers, all of the following:", "      1. Old", "         when age > 65 years", "      2. Smoker", "         when smoker", "   B. Adults", "      when age >= 18 years"), ["A."]],
    ["subsumed-criterion", "of exceptions", list(ALL, "   A. Adults", "      when age >= 18 years", "      unless any of the following:", "         1. Score", "            when score > 5", "         2. High score", "            when score > 9"), ["score > 9"]],
    ["band-gap", "between groups by age", list(ALL, "   A. By age, all of the following:", "      if age < 12 years, all of the following:", "         1. Score", "            when score > 5", "      if age > 12 years, all of the following:", "         2. Score", "            when score > 7"), ["age > 12 years"]],
    ["duplicate-criterion", "with the same exceptions", list(ANY, "   A. Severe pain", "      when score > 5", "      unless any of the following:", "         1. Infection", "   B. Severe pain", "      when score > 5", "      unless any of the following:", "         1. Infection"), ["Severe pain"]],
    ["duplicate-condition", "with the same exceptions", list(ANY, "   A. Severe pain", "      when score > 5", "      unless any of the following:", "         1. Infection", "   B. Grave pain", "      when score > 5", "      unless any of the following:", "         1. Infection"), ["score > 5"]],
    ["duplicate-criterion", "the word first above both", list("I. A first treatment is medically necessary for any of the following:", "   A. Re-irradiation of the same site", "   B. Any of the following:", "      1. Re-irradiation of the same site", "      2. Large field"), ["Re-irradiation of the same site"]],
    ["band-gap", "ages between groups", list(ALL, "   A. By age, all of the following:", "      if age < 2 years, all of the following:", "         1. Score", "            when score > 5", "      if age >= 3 years, all of the following:", "         2. Score", "            when score > 7"), ["age >= 3 years"]],
    ["band-overlap", "ages in two groups", list(ALL, "   A. By age, all of the following:", "      if age < 4 years, all of the following:", "         1. Score", "            when score > 5", "      if age >= 2 years, all of the following:", "         2. Score", "            when score > 7"), ["age >= 2 years"]],
    ["prose-condition-mismatch", "against an `if`", list(ANY, "   A. After a score < 9, at least 3 sessions", "      if score > 9", "      when sessions >= 3"), ["< 9"]],
    ["prose-condition-mismatch", "one figure of several", list(ALL, "   A. At least 14 sessions, with a score of at least 5", "      when sessions >= 12 and score >= 5"), ["At least 14"]],
    ["prose-condition-mismatch", "of a criterion with items", list(ALL, "   A. A score of at least 7, either of the following:", "      when score >= 5", "      1. Smoker", "         when smoker", "      2. Pain"), ["at least 7"]],
    ["prose-condition-mismatch", "in another unit", list(ALL, "   A. Younger than 24 months", "      when age < 3 years"), ["Younger than 24 months"]],
    ["prose-condition-mismatch", "on a continuation line", list(ALL, "   A. A score of", "      10 or more", "      when score > 10"), ["10 or more"]],
  ] as const) {
    test(`${id}: ${why}`, () => assert.deepEqual(marked(id, text), wanted));
  }
});
