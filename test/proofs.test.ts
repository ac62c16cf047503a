// What must hold of evaluation and comparison, on random policies that carry their own meaning (see support/naive.ts).
// The other proofs stand where their subject is tested: logic.test.ts (truth tables, the compiled program), missing.test.ts and whynot.test.ts
// (beside trying everything), compare.test.ts (scripts of edits), cql.test.ts (a second engine).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { comparePolicies } from "../server/src/compare/compare.js";
import { compile, type PlainRequest } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import { formatted } from "../server/src/format/format.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Analysis, Policy } from "../server/src/semantics/model.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { lessOf, type NaiveCase, naiveCases, type NaivePolicy, naivePolicy } from "./support/naive.js";

const SEED = 20_261_123;
const POLICIES = 160;
const CASES = 20;

/** A policy for the product, from its text alone. */
function read({ text }: NaivePolicy): { readonly analysis: Analysis; readonly policy: Policy } {
  const analysis = analyze(text, "random.policy");
  assert.deepEqual(analysis.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message), [], text);
  return { analysis, policy: analysis.policy! };
}

interface Said {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly determination: string;
}
function saysOf(policy: Policy): (given: NaiveCase) => Said {
  const evaluator = compile(policy);
  return ({ facts, request }) => {
    const { outcomes, determination } = explain(evaluator.decide(facts, request as PlainRequest), "random");
    return { outcomes, determination };
  };
}
const same = (a: Said, b: Said): boolean => a.determination === b.determination && Object.keys(a.outcomes).length === Object.keys(b.outcomes).length && Object.entries(a.outcomes).every(([address, outcome]) => b.outcomes[address] === outcome);

const seeds = Array.from({ length: POLICIES }, (_, i) => SEED + i);
const made = seeds.map((seed) => { const naive = naivePolicy(seed); return { seed, naive, ...read(naive) }; });

describe("evaluation beside a naive reading of the language reference", () => {
  test("the random policies hold everything that the reference knows", () => {
    const uses = new Map<string, number>();
    for (const { naive } of made) for (const use of naive.uses) uses.set(use, (uses.get(use) ?? 0) + 1);
    for (const use of [
      "yes/no", "is no", "figure", "between", "units", "arithmetic", "division", "two facts", "choice", "text", "code", "codes 0", "codes 1", "codes 2", "codes 3", "words", "procedures", "window", "span", "shift", "within after", "within of",
      "before", "day", "exists", "no", "at least N of", "at most N of", "exactly N of", "count of", "count of all", "all of", "exists without where", "known", "field", "field figure", "field window", "field span", "field choice", "field and fact",
      "field known", "criterion", "definition", "guard", "guarded group", "unless", "waived when", "when group", "unless group", "waived when group", "all others", "scope only",
      "all", "any", "none", "at least", "exactly", "any, open", "none, open", "at least, open", "exactly, open",
    ]) assert.ok((uses.get(use) ?? 0) >= 5, `${use}: ${uses.get(use) ?? 0}`);
  });

  test("every criterion and every determination comes out the same", () => {
    const determinations = new Map<string, number>();
    const outcomes = new Set<string>();
    for (const { seed, naive, policy } of made) {
      const says = saysOf(policy);
      for (const given of naiveCases(naive, seed, CASES)) {
        const said = says(given);
        assert.deepEqual(said, naive.decide(given), `${naive.text}\n${JSON.stringify(given)}`);
        determinations.set(said.determination, (determinations.get(said.determination) ?? 0) + 1);
        for (const outcome of Object.values(said.outcomes)) outcomes.add(outcome);
      }
    }
    for (const each of ["approve", "pend", "refer", "no statement applies"]) assert.ok((determinations.get(each) ?? 0) > 100, `${each}: ${determinations.get(each) ?? 0}`);
    assert.deepEqual([...outcomes].sort(), ["met", "not applicable", "not met", "unknown"]);
  });

  // If it found nothing in policies that mean something else, it would prove nothing.
  const changes: readonly (readonly [string, RegExp, string])[] = [
    ["any for all", /\ball of the following/u, "any of the following"], ["all for any", /\bany of the following(?! \()/u, "all of the following"], ["and for or", / or /u, " and "], ["or for and", / and /u, " or "], ["not left out", /(?<=when )not /u, ""],
    ["one more", /(?<=at least )[12](?= of the following)/u, "3"], ["an open list closed", / \(not all-inclusive\)/u, ""], ["an exception for a condition", /unless/u, "when"], ["a waiver left out", /waived when/u, "when"], ["met for not met", / is not met/u, " is met"],
    ["months for weeks", /(?<=\d )weeks/u, "months"], ["exists for no", /\(no r/u, "(exists r"], ["no length", /(?<=[<>]=? )(\d+)(?= days)/u, "0"], ["another kind of statement", /not medically necessary|investigational/u, "medically necessary"],
  ];
  for (const [name, find, put] of changes) {
    test(`a policy with ${name} is told apart`, () => {
      let tried = 0;
      let found = 0;
      for (const { seed, naive } of made) {
        const at = naive.text.indexOf("criteria\n");
        const text = naive.text.slice(0, at) + naive.text.slice(at).replace(find, put);
        if (text === naive.text || tried >= 25) continue;
        const { policy } = analyze(text, "changed.policy");
        if (policy === undefined) continue;
        tried++;
        const says = saysOf(policy);
        if (naiveCases(naive, seed, 60).some((given) => !same(says(given), naive.decide(given)))) found++;
      }
      // Some changes stand where no case of so few reaches them.
      assert.ok(tried >= 10 && found >= tried * 0.4, `${found} of ${tried}`);
    });
  }
});

describe("monotonicity", () => {
  test("a fact, a field of a record, an answer or a part of the request that is supplied never turns what is decided", () => {
    let decided = 0;
    let supplied = 0;
    const before = new Set<string>();
    for (const { seed, naive, policy } of made) {
      // Only a condition that asks whether something is known may turn.
      if (naive.asksKnown) continue;
      const says = saysOf(policy);
      fc.assert(fc.property(fc.nat(100_000), fc.nat(100_000), (one, two) => {
        const more = naiveCases(naive, seed + one, 1)[0]!;
        const less = lessOf(more, two);
        const [first, then] = [says(less), says(more)];
        const said = `${naive.text}\n${JSON.stringify(less)}\n${JSON.stringify(more)}`;
        if (first.determination !== "pend") {
          assert.equal(then.determination, first.determination, said);
          before.add(first.determination);
        } else if (then.determination !== "pend") supplied++;
        for (const [address, outcome] of Object.entries(first.outcomes)) {
          if (outcome === "unknown") continue;
          assert.equal(then.outcomes[address], outcome, `${address}\n${said}`);
          decided++;
        }
      }), { seed: SEED, numRuns: 30, includeErrorInReport: true });
    }
    assert.deepEqual([...before].sort(), ["approve", "no statement applies", "refer"]);
    assert.ok(decided > 5000 && supplied > 200, `${decided} decided criteria, ${supplied} cases that supplying decided`);
  });
});

describe("comparison", () => {
  const changes = (before: string, after: string): readonly string[] => comparePolicies(analyze(before, "old.policy"), analyze(after, "new.policy")).changes.map(({ area, kind, before: from, after: to }) => `${area} ${kind} ${from ?? "-"} → ${to ?? "-"}`);

  test("a random policy beside itself, and laid out otherwise, has not changed", () => {
    for (const { naive: { text } } of made.slice(0, 80)) {
      assert.deepEqual(changes(text, text), []);
      for (const lineWidth of [60, 120]) assert.deepEqual(changes(text, formatted(text, { lineWidth })), [], text);
    }
  });

  // Codes, references and revisions; criteria, conditions and lists are in compare.test.ts.
  const tables = `
codes
  CPT    77301  Planning of the dose
  CPT    77338  Device for the beams
  HCPCS  G6015  Delivery of one session
  HCPCS  G0398  Test at home
  ICD-10-CM  C69.-  Eye
  ICD-10-CM  C61  Prostate

references
  1. Alpha A. On doses in lungs and what they bring. Ex J Med. 2020;1(1):1-9.
  2. Beta B. A trial of planning in the clinic. Ex J Med. 2021;2(1):10-19.
  3. Gamma G. Outcomes of treatment after ten years. Ex J Med. 2022;3(1):20-29.
  4. Delta D. Guideline of the society for the eye. Ex J Med. 2023;4(1):30-39.
`;
  const CODES = [["CPT", "77301"], ["CPT", "77338"], ["HCPCS", "G6015"], ["HCPCS", "G0398"], ["ICD-10-CM", "C69"], ["ICD-10-CM", "C61"]] as const;
  type Step = readonly [what: string, edit: (text: string) => string, told: string];
  const row = (code: string): RegExp => new RegExp(`^ {2}\\S+ +${code} {2}.*\\n`, "mu");
  const codeSteps = (system: string, code: string): readonly Step[] => [
    [`${code}`, (text) => text.replace(row(code), ""), `codes removed ${system} ${code} → -`],
    [`${code}`, (text) => text.replace(row(code), (line) => line.replace("\n", "  ended 2025-12-31\n")), `codes ended ${system} ${code} → ${system} ${code}`],
    [`${code}`, (text) => text.replace(row(code), (line) => line.replace(/ (?:\S+)\n$/u, " of zebras\n")), `codes description ${system} ${code} → ${system} ${code}`],
  ];
  const steps: readonly Step[] = [
    ...CODES.filter(([, code]) => code !== "C69").flatMap(([system, code]) => codeSteps(system, code)),
    ["new code", (text) => text.replace("codes\n", "codes\n  CPT    77407  Treatment of one session\n"), "codes added - → CPT 77407"],
    ["new reference", (text) => `${text}  5. Zeta Z. Zebras in the clinic. Ex J Zool. 2024;1(1):1-2.\n`, "references added - → 5"],
    ["reference 4", (text) => text.replace(/ {2}4\. Delta.*\n/u, ""), "references removed 4 → -"],
    ["reference 2", (text) => text.replace("A trial of planning in the clinic", "A trial of planning in the ward"), "references reworded 2 → 2"],
    ["reference 3", (text) => text.replace("Outcomes of treatment after ten years", "Outcomes of treatment after twelve years"), "references reworded 3 → 3"],
  ];

  test("a script of edits to codes and references is reported as that script", () => {
    const seen = new Set<string>();
    fc.assert(fc.property(fc.nat(POLICIES - 1), fc.subarray([...steps.keys()], { minLength: 1, maxLength: 7 }), (which, picked) => {
      const before = made[which]!.naive.text + tables;
      const script = picked.map((i) => steps[i]!).filter(([what], i, all) => all.findIndex((other) => other[0] === what) === i);
      const after = script.reduce((text, [, edit]) => edit(text), before);
      assert.deepEqual([...changes(before, after)].sort(), script.map(([, , told]) => told).sort());
      for (const [, , told] of script) seen.add(told);
    }), { seed: SEED, numRuns: 120, includeErrorInReport: true });
    assert.equal(seen.size, steps.length);
  });

  test("every sample beside every other has changed", () => {
    const texts = samplesIn(SAMPLES).map(({ text }) => text);
    for (const one of texts) for (const other of texts) if (one !== other) assert.ok(changes(one, other).length > 50);
  });
});
