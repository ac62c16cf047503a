// What is missing: beside the answers got by trying everything, and what is asked next in the samples.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { evaluatorOf, runCase } from "../server/src/evaluate/run.js";
import { explain } from "../server/src/evaluate/explain.js";
import { whatIsMissing } from "../server/src/evaluate/missing.js";
import { assignments, caseOf, casesOf, policies, tried, valuesOf } from "./support/advice.js";
import { workplace } from "./support/cli.js";
import { SAMPLES, samplesIn, sound, policyText } from "./support/core-fixtures.js";

const keyOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;

describe("what is missing, beside trying everything", () => {
  test("the smallest sets that decide and those that approve, of random policies", () => {
    let compared = 0;
    let several = 0;
    let partly = 0;
    policies.forEach((policy, p) => {
      for (const given of casesOf(policy, p, 6)) {
        const policyCase = caseOf(given);
        const explanation = explain(evaluatorOf(policy).decideCase(policyCase), "random");
        const advice = whatIsMissing(policy, policyCase, explanation);
        assert.equal(advice !== undefined, explanation.determination === "pend");
        if (advice === undefined) continue;
        const keys = Object.keys(valuesOf(policy)).filter((key) => !(key in given));
        for (const [sets, wanted] of [[advice.deciding, (name: string) => name !== "pend"], [advice.approving, (name: string) => name === "approve"]] as const) {
          const said = `${policy.analysis.text}\n${JSON.stringify(given)}\n${JSON.stringify(sets)}`;
          const brute = tried(policy, given, keys, wanted, 2);
          if (!sets.exact) {
            // Lists of lists that are left open are searched in part: what is found holds, and nothing is claimed beyond it.
            assert.match(policy.analysis.text, /not all-inclusive/u);
            assert.ok(sets.size === undefined || brute === "too many" || (brute !== "none" && sets.size >= brute.size), said);
            partly++;
            continue;
          }
          if (brute === "too many") {
            assert.ok(sets.size === undefined || sets.size > 2, said);
            continue;
          }
          compared++;
          if (brute === "none") {
            assert.equal(sets.size, undefined, said);
            continue;
          }
          assert.equal(sets.size, brute.size, said);
          if (brute.size > 1) several++;
          assert.equal(sets.total, brute.sets.size, said);
          assert.deepEqual(new Set(sets.sets.map((set) => set.items.map(keyOf).sort().join(" + "))), new Set([...brute.sets.keys()].map((key) => key.split(" + ").sort().join(" + "))), said);
          for (const { items, could } of sets.sets) {
            const key: string = [...brute.sets.keys()].find((each: string) => each.split(" + ").sort().join() === items.map(keyOf).sort().join())!;
            assert.deepEqual(new Set(could), brute.sets.get(key), said);
          }
        }
      }
    });
    assert.ok(compared > 250 && several > 20 && partly < compared / 5, `${compared} compared, ${several} of several facts, ${partly} in part`);
  });

  test("what can no longer matter", () => {
    let compared = 0;
    let found = 0;
    policies.forEach((policy, p) => {
      const values = valuesOf(policy);
      for (const given of casesOf(policy, 500 + p, 6)) {
        const policyCase = caseOf(given);
        const advice = whatIsMissing(policy, policyCase, explain(evaluatorOf(policy).decideCase(policyCase), "random"));
        if (advice === undefined) continue;
        const keys = Object.keys(values).filter((key) => !(key in given));
        if (keys.reduce((product, key) => product * values[key]!.length, 1) > 2_500) continue;
        const conditions = policy.analysis.text.split("\n").filter((line) => /^ *(?:when|unless|if|waived|applies)\b/u.test(line)).join(" ").replaceAll("named", "a b c");
        // A fact that no criterion reads is not spoken of.
        const reads = (key: string): boolean => !key.startsWith("fact ") || new RegExp(`\\b${key.slice(5)}\\b`, "u").test(conditions);
        const matter = new Set<string>();
        const came = new Map<string, string>();
        for (const answer of assignments(keys, values)) {
          const { determination } = evaluatorOf(policy).decideCase(caseOf({ ...given, ...answer }));
          for (const key of keys) {
            const rest = JSON.stringify({ key, ...answer, [key]: null });
            const there = came.get(rest);
            if (there === undefined) came.set(rest, determination);
            else if (there !== determination) matter.add(key);
          }
        }
        const settled = advice.settled.map(keyOf);
        const said = `${policy.analysis.text}\n${JSON.stringify(given)}\n${settled.join()}`;
        for (const key of settled) assert.ok(!matter.has(key), `${key} matters: ${said}`);
        if (advice.settledExact) for (const key of keys) if (reads(key) && !matter.has(key)) assert.ok(settled.includes(key), `${key} does not matter: ${said}`);
        compared++;
        found += settled.length;
      }
    });
    assert.ok(compared > 20 && found > 15, `${compared} compared, ${found} found`);
  });
});

describe("the next best question", () => {
  const policy = sound(policyText({
    facts: ["age  years  \"Age\"", "smoker  yes/no  \"Does the person smoke?\"", "stage  one of early, late  \"Stage\"", "unused  yes/no"],
    criteria: "I. It is medically necessary when all of the following are met:\n   A. Adult\n      when age >= 18 years\n   B. One of the following:\n      1. Late\n         when stage is late\n      2. No smoker\n         when not smoker",
  }));
  const ask = (given: Readonly<Record<string, unknown>>): ReturnType<typeof whatIsMissing> => whatIsMissing(policy, caseOf(given), explain(evaluatorOf(policy).decideCase(caseOf(given)), "one"));
  test("what stands in most of the sets, in the order of the policy", () => {
    const nothing = ask({})!;
    // The age alone can refer the case.
    assert.deepEqual(nothing.deciding.sets, [{ items: [{ kind: "fact", name: "age", question: "Age" }], could: ["refer"] }]);
    assert.deepEqual(nothing.approving.sets.map((set) => set.items.map((each) => each.name)), [["age", "smoker"], ["age", "stage"]]);
    assert.equal(nothing.ask?.name, "age");
    const adult = ask({ "fact age": 40 })!;
    assert.deepEqual(adult.deciding.sets.map((set) => [set.items.map((each) => each.name), set.could]), [[["smoker"], ["approve"]], [["stage"], ["approve"]]]);
    assert.equal(adult.ask?.question, "Does the person smoke?");
  });
  test("a decided case asks nothing", () => assert.equal(ask({ "fact age": 12 }), undefined));
});

test("in every pended sample the sets decide, and the question is one of what is missing", () => {
  let pended = 0;
  for (const { analysis, caseFiles } of samplesIn(SAMPLES)) {
    for (const policyCase of [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)]) {
      const { explanation } = runCase(analysis.policy!, policyCase);
      const advice = whatIsMissing(analysis.policy!, policyCase, explanation!);
      if (advice === undefined) continue;
      pended++;
      assert.ok(advice.deciding.size !== undefined, policyCase.name);
      const lacking = explanation!.missing.map(keyOf);
      for (const set of advice.deciding.sets) for (const each of set.items) assert.ok(lacking.includes(keyOf(each)), `${policyCase.name}: ${each.name}`);
      for (const each of advice.settled) assert.ok(!lacking.includes(keyOf(each)) || advice.settledExact, each.name);
      // Nothing is asked where every set holds what could not be obtained.
      if (advice.deciding.unobtainable.length === 0) assert.ok(lacking.includes(keyOf(advice.ask!)));
      else assert.equal(advice.ask, undefined);
      assert.doesNotMatch(JSON.stringify(advice), /null|undefined|NaN/u);
    }
  }
  assert.ok(pended > 5);
});

describe("policy evaluate --missing --why-not", () => {
  const place = workplace();
  after(() => place.remove());
  place.write("a.policy", `policy EX.1 "Example"

facts
  age     years   "Age"
  smoker  yes/no  "Does the person *smoke*?"
  unread  yes/no

criteria
I. It is medically necessary when all of the following are met:
   A. Adult
      when age >= 18 years
   B. No smoker
      when not smoker
II. It is not medically necessary when unread
   when unread
   applies to age >= 65 years

cases
  case "Nothing asked yet"
    on 2025-07-01
    age = 40 years
    expect pend
  case "A child"
    on 2025-07-01
    age = 12 years
    expect refer
`);
  const run = (...args: readonly string[]): { code: number | null; out: string; err: string } => place.policy(["evaluate", "a.policy", "--case", "Nothing asked yet", "--case", "A child", ...args]);
  test("text", () => {
    const { code, out } = run("--missing", "--why-not");
    assert.equal(code, 0);
    assert.ok(out.includes(`What is missing
  Next question: Does the person *smoke*? (smoker).
  One answer could decide the case:
  - smoker (could approve or refer)
  Can no longer matter: unread.

Why not approved
  Nearest to approval, the record and the criteria are 1 point apart. This compares them; what the
  record says stands as it is.
  1. I.B: the criterion asks for smoker: no; the record does not say. (Does the person *smoke*?)`), out);
    assert.ok(out.includes(`  1. I.A: the criterion asks for age: at least 18 years and less than 65 years; the record shows 12
     years. (Age)
     I.B: the criterion asks for smoker: no; the record does not say. (Does the person *smoke*?)`), out);
    assert.doesNotMatch(out.split("A child")[1]!, /What is missing/u);
  });
  test("Markdown, escaped", () => {
    const { out } = run("--missing", "--why-not", "--format", "markdown");
    assert.ok(out.includes("### What is missing\n\nNext question: Does the person \\*smoke\\*? (smoker).\n\nOne answer could decide the case:\n\n- smoker (could approve or refer)\n"), out);
    assert.ok(out.includes("\n### Why not approved\n\n"), out);
  });
  test("JSON has them beside the explanation, and only where asked for", () => {
    const [pended, referred] = (JSON.parse(run("--missing", "--why-not", "--format", "json").out) as { results: { missing?: { ask: { name: string } }; whyNot?: { size: number } }[] }).results;
    assert.deepEqual([pended!.missing!.ask.name, pended!.whyNot!.size, referred!.missing, referred!.whyNot!.size], ["smoker", 1, undefined, 2]);
    const plain = run("--format", "json").out;
    assert.ok(!plain.includes('"whyNot"') && !plain.includes('"deciding"'));
    assert.ok(!run().out.includes("Why not approved"));
  });
  test("not with --cases", () => assert.equal(place.policy(["evaluate", "a.policy", "--cases", "x.csv", "--why-not"]).code, 2));
});
