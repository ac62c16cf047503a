// Generated cases: what they claim to reach is what `policy test --coverage` counts, they are few, and what is called impossible is.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { newCases, withCasesInPolicy } from "../server/src/cli/generate-cases.js";
import { coverable, coverageOf, seenBy } from "../server/src/evaluate/coverage.js";
import { type Figures, generateCases, type Generation } from "../server/src/evaluate/generate/generate.js";
import { aimsOf, reaches, type Trace, traceOf } from "../server/src/evaluate/generate/targets.js";
import { conditionCoverage, decisionPoints, shownBy } from "../server/src/evaluate/mcdc.js";
import { runCase } from "../server/src/evaluate/run.js";
import { blankCase } from "../server/src/evaluate/whatif.js";
import { GENERATE_CASES, type GenerateCasesResult } from "../server/src/lsp/protocol.js";
import { withEdits } from "../server/src/diagnostic.js";
import { offsetAt } from "../server/src/text.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type { Policy, PolicyCase } from "../server/src/semantics/model.js";
import { caseOf, policies, valuesOf } from "./support/advice.js";
import { type Workplace, workplace } from "./support/cli.js";
import { startClient } from "./support/client.js";
import { ROOT } from "./support/core-fixtures.js";

const SAMPLES = ["imrt", "sleep-study", "spinal-injection", "tnf-inhibitor"] as const;

function policyOf(text: string, uri = "x.policy"): Policy {
  const { policy, diagnostics } = analyze(text, uri);
  assert.ok(policy, diagnostics.map(({ message }) => message).join("\n"));
  return policy;
}
const sample = (name: string): Policy => policyOf(readFileSync(join(ROOT, `samples/${name}.policy`), "utf8"), `${name}.policy`);

/** The figures of cases by the functions that `policy test --coverage` calls, nothing of the generator in between. */
function counted(policy: Policy, cases: readonly PolicyCase[]): Omit<Figures, "boundaries"> {
  const points = decisionPoints(policy);
  const { criteriaSeen, branchesSeen } = coverageOf(coverable(policy), cases.map((each) => seenBy(policy, runCase(policy, each).explanation!)));
  return { criteria: criteriaSeen, outcomes: branchesSeen, conditions: conditionCoverage(points, cases.map((each) => shownBy(policy, points, each))).atomsShown };
}

/** A policy with the generated cases written into it and read again. */
function written(policy: Policy, found: Generation, accept = false): Policy {
  if (found.cases.length === 0) return policy;
  const read = policyOf(withCasesInPolicy(policy.analysis, newCases(found, accept)), policy.analysis.uri);
  for (const each of read.analysis.cases) assert.ok(each.sound, `${each.name}: ${read.analysis.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message).join("; ")}`);
  return read;
}

const without = (policy: Policy): Policy => {
  const at = policy.analysis.document.sections.find(({ kind }) => kind === "cases")?.start;
  return at === undefined ? policy : policyOf(`${policy.analysis.text.slice(0, at).trimEnd()}\n`, policy.analysis.uri);
};
const figuresOf = ({ criteria, outcomes, conditions }: Figures): Omit<Figures, "boundaries"> => ({ criteria, outcomes, conditions });
const short = ({ criteria, outcomes, conditions, boundaries }: Figures): string => [criteria, outcomes, conditions, boundaries].map(({ covered, total }) => `${covered}/${total}`).join(" ");

describe("the samples", () => {
  const expected: Readonly<Record<(typeof SAMPLES)[number], { readonly after: string; readonly unreached: readonly string[]; readonly most: number }>> = {
    imrt: { after: "51/51 152/153 102/102 8/8", unreached: ["I is not met: impossible"], most: 33 },
    "sleep-study": { after: "46/46 137/138 56/56 68/68", unreached: ["I.D.d.i is not known: impossible"], most: 16 },
    "spinal-injection": { after: "45/45 135/135 46/46 58/58", unreached: [], most: 17 },
    "tnf-inhibitor": { after: "48/48 144/144 59/59 78/78", unreached: [], most: 25 },
  };
  for (const name of SAMPLES) {
    test(`${name}: all that can be reached is reached, by the cases as they are written`, () => {
      const policy = sample(name);
      const found = generateCases(policy, { existing: policy.analysis.cases });
      assert.deepEqual(figuresOf(found.before), counted(policy, policy.analysis.cases));
      const read = written(policy, found);
      assert.deepEqual(counted(read, read.analysis.cases), figuresOf(found.after), "what is claimed");
      assert.equal(short(found.after), expected[name].after);
      assert.deepEqual(found.unreached.map(({ what, why }) => `${what}: ${why}`), expected[name].unreached);
      const scratch = generateCases(without(policy));
      assert.equal(short(scratch.after), expected[name].after);
      assert.ok(scratch.cases.length <= expected[name].most, `${scratch.cases.length} cases from scratch`);
      assert.ok(found.cases.length < scratch.cases.length, "what there is need not be done again");
    });

    test(`${name}: accepted, the cases pass, and nothing more is proposed`, () => {
      for (const policy of [sample(name), without(sample(name))]) {
        const found = generateCases(policy, { existing: policy.analysis.cases });
        const read = written(policy, found, true);
        for (const each of read.analysis.cases) assert.equal(runCase(read, each).status, "passed", each.name);
        const again = generateCases(read, { existing: read.analysis.cases });
        assert.deepEqual(again.cases.map(({ policyCase }) => policyCase.name), []);
        assert.deepEqual(again.unreached, found.unreached);
        assert.deepEqual(again.before, found.after);
      }
    });

    test(`${name}: names say what a case is for, and no two are the same`, () => {
      const policy = sample(name);
      const found = generateCases(policy, { existing: policy.analysis.cases });
      const names = [...policy.analysis.cases, ...found.cases.map(({ policyCase }) => policyCase)].map((each) => each.name);
      assert.equal(new Set(names).size, names.length);
      for (const { policyCase, reaches: own, determination } of found.cases) {
        assert.ok(policyCase.name.length <= 80, policyCase.name);
        assert.match(policyCase.name, /^(?:[A-Z0-9].*: )?[IVX]+(?:\.\S+)? (?:is|applies|does not apply|may apply)\b/u);
        assert.ok(own.length > 0);
        assert.ok(policyCase.note!.includes(`Derived: ${determination}`));
      }
      assert.deepEqual(generateCases(policy, { existing: policy.analysis.cases }), found, "the same every time");
    });
  }

  test("names that long addresses would fill are told apart by their number", () => {
    const levels = Array.from({ length: 14 }, (_, level) => `${"   ".repeat(level + 1)}xxxviii. Level ${level} with all of the following:\n`);
    const leaves = [["A", "bone"], ["B", "skin"]].map(([label, site]) => `${" ".repeat(45)}${label}. Leaf ${label}\n${" ".repeat(48)}if site is ${site}\n`);
    const head = 'policy X.1 "Deep"\n  effective 2025-01-01\n\nfacts\n  site  one of bone, skin\n\ncriteria\n';
    const policy = policyOf(`${head}I. Care is medically necessary when all of the following are met:\n${levels.join("")}${leaves.join("")}`);
    const names = generateCases(policy).cases.map(({ policyCase }) => policyCase.name);
    assert.ok(names.length > 3 && names.every((name) => name.length <= 80), names.join("\n"));
    assert.equal(new Set(names).size, names.length);
  });

  test("no case expects anything unless that is accepted", () => {
    const policy = without(sample("spinal-injection"));
    const read = written(policy, generateCases(policy));
    for (const each of read.analysis.cases) assert.equal(runCase(read, each).status, "no expectation");
  });

  test("every threshold on one fact has a case on each side, a step apart", () => {
    let looked = 0;
    for (const name of SAMPLES) {
      const policy = without(sample(name));
      const cases = generateCases(policy).cases.map(({ policyCase }) => policyCase);
      for (const { atoms } of decisionPoints(policy)) {
        for (const { condition } of atoms) {
          if (condition.kind !== "compare" || condition.left.kind !== "fact" || condition.right.kind !== "number" || condition.op === "=" || condition.op === "!=") continue;
          const limit = condition.right.value;
          const values = cases.flatMap(({ facts }) => (typeof facts.get(condition.left.kind === "fact" ? condition.left.fact.name : "") === "number" ? [facts.get(condition.left.kind === "fact" ? condition.left.fact.name : "") as number] : []));
          const upper = condition.op === "<" || condition.op === ">=";
          const low = Math.max(...values.filter((value) => (upper ? value < limit : value <= limit)));
          const high = Math.min(...values.filter((value) => (upper ? value >= limit : value > limit)));
          assert.ok(high - low <= 1 + 1e-9 && high > low, `${name}: ${JSON.stringify(condition.left.fact.name)} ${condition.op} ${limit}: ${low} and ${high}`);
          looked++;
        }
      }
    }
    assert.ok(looked >= 25, String(looked));
  });
});

describe("values on both sides", () => {
  const facts = 'facts\n  age  years  "Age?"\n  inr  number from 0.5 to 10  "INR?"\n  lasted  weeks  "How long?"\n  seen  date  "When?"\n  visits  list of  "Visits?"\n    day  date  "Day?"\n';
  const of = (condition: string): readonly string[] => {
    const policy = policyOf(`policy X "X"\n  effective 2025-01-01\n${facts}\ncriteria\nI. It is medically necessary when all of the following are met:\n   A. One\n      when ${condition}\n`);
    return generateCases(policy).cases.map(({ policyCase }) => `${policyCase.name}`).filter((name) => !name.startsWith("Nothing"));
  };
  test("ages by years, figures by the step they are written in, other units by what can be written", () => {
    assert.deepEqual(of("age < 18 years"), ["Age 17 years, just below 18 years: I.A is met", "Age 18 years: I.A is not met"]);
    assert.deepEqual(of("age > 18 years"), ["Age 18 years: I.A is not met", "Age 19 years, just above 18 years: I.A is met"]);
    assert.deepEqual(of("inr > 1.5"), ["Inr 1.5: I.A is not met", "Inr 1.6, just above 1.5: I.A is met"]);
    assert.deepEqual(of("lasted >= 28 days"), ["Lasted 3 weeks, just below 28 days: I.A is not met", "Lasted 4 weeks, exactly 28 days: I.A is met"]);
    assert.deepEqual(of("lasted >= 30 days"), ["Lasted 4 weeks, just below 30 days: I.A is not met", "Lasted 5 weeks, just above 30 days: I.A is met"]);
    assert.deepEqual(of("age between 2 years and 12 years").length, 4);
  });
  test("what has no other side is said; a figure that is reckoned with is found", () => {
    const policy = policyOf(`policy X "X"\n  effective 2025-01-01\n${facts}\ncriteria\nI. It is medically necessary when all of the following are met:\n   A. One\n      when inr >= 0.5\n`);
    assert.ok(generateCases(policy).unreached.some(({ what, why }) => what === "inr >= 0.5: no value of inr from 0.5 to 10 on one side of it" && why === "not found"));
    assert.deepEqual(of("inr * inr > 4"), ["Inr 2: I.A is not met", "Inr 3: I.A is met"]);
  });
  test("a date on the calendar is not called impossible, since the date of service could be another", () => {
    const policy = policyOf(`policy X "X"\n  effective 2020-01-01\n${facts}\ncriteria\nI. It is medically necessary when all of the following are met:\n   A. One\n      when seen within the past 30 days and seen > 2024-01-01\n`);
    assert.deepEqual([...new Set(generateCases(policy).unreached.map(({ why }) => why))], ["not found"]);
  });
  test("dates by days, counts by one", () => {
    assert.deepEqual(of("seen within the past 6 months"), ["Seen a day too early: I.A is not met", "Seen on the first day that counts: I.A is met", "Seen on the last day that counts: I.A is met", "Seen a day too late: I.A is not met"]);
    assert.ok(of("at least 3 of visits where day within the past 1 year").includes("2 entries in visits: I.A is not met"));
    assert.ok(of("count of (visits where day within the past 1 year) <= 12").includes("13 entries in visits: I.A is not met"));
  });
});

describe("on random policies", () => {
  test("what is claimed is what is counted; accepted cases pass; nothing more is proposed", () => {
    let cases = 0;
    for (const policy of policies) {
      const found = generateCases(policy);
      const read = written(policy, found, true);
      assert.deepEqual(counted(read, read.analysis.cases), figuresOf(found.after));
      for (const each of read.analysis.cases) assert.equal(runCase(read, each).status, "passed");
      assert.deepEqual(generateCases(read, { existing: read.analysis.cases }).cases.map(({ policyCase }) => policyCase.name), []);
      cases += found.cases.length;
    }
    assert.ok(policies.length > 80 && cases > 500, `${policies.length} policies, ${cases} cases`);
  });

  test("of what is not reached, no other case reaches anything", (t) => {
    const why = { impossible: 0, "not found": 0, "not tried": 0 };
    let tried = 0;
    for (const policy of policies) {
      const found = generateCases(policy);
      const aims = aimsOf(policy, blankCase(policy.analysis.uri, found.on));
      const all = found.cases.map(({ policyCase }) => traceOf(aims, policyCase));
      const open = aims.targets.filter((target) => target.kind === "outcome" && !all.some((trace) => reaches(trace, target)));
      for (const each of found.unreached) why[each.why]++;
      const shown = aims.points.flatMap(({ atoms }) => atoms).map((_, i) => all.reduce((bits, trace) => bits | trace.shown[i]!, 0));
      const grid = fc.record(Object.fromEntries(Object.entries(valuesOf(policy)).map(([name, values]) => [name, fc.constantFrom(...values)])), { requiredKeys: [] });
      for (const values of fc.sample(grid, { seed: 3, numRuns: 150 })) {
        const trace = traceOf(aims, caseOf(values as Readonly<Record<string, unknown>>));
        for (const target of open) assert.ok(!reaches(trace, target), `${policy.analysis.text}\n${JSON.stringify(target.kind === "outcome" && [target.address, target.branch])} ${JSON.stringify(values)}`);
        shown.forEach((bits, i) => { shown[i] = bits | trace.shown[i]!; });
        tried++;
      }
      // Nor do they show a condition that the generated cases leave out.
      const claimed = conditionCoverage(aims.points, all.map((trace) => trace.shown)).atoms;
      shown.forEach((bits, i) => assert.ok(claimed[i]!.covered || !((bits & 9) === 9 || (bits & 6) === 6), `${policy.analysis.text}\n${claimed[i]!.decision.address}`));
    }
    assert.ok(tried > 10_000 && why["not tried"] === 0, JSON.stringify(why));
    t.diagnostic(`not reached: ${JSON.stringify(why)}`);
  });
});

// ── How few ───────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The size of the smallest cover of all bits by the sets, by branch and bound. */
function smallestCover(sets: readonly bigint[], all: bigint, most: number): number {
  const kept = [...new Set(sets)].filter((set) => set !== 0n && !sets.some((other) => other !== set && (set & other) === set));
  let best = most;
  const size = (set: bigint): number => [...set.toString(2)].filter((digit) => digit === "1").length;
  const largest = Math.max(...kept.map(size));
  const cover = (left: bigint, used: number): void => {
    if (left === 0n) {
      best = Math.min(best, used);
      return;
    }
    if (used + Math.ceil(size(left) / largest) >= best) return;
    // The bit that fewest sets hold has to be covered by one of them.
    let holders: bigint[] = kept;
    for (let rest = left; rest !== 0n; rest &= rest - 1n) {
      const bit = rest & -rest;
      const found = kept.filter((set) => (set & bit) !== 0n);
      if (found.length < holders.length) holders = found;
    }
    for (const set of [...holders].sort((x, y) => size(y & left) - size(x & left))) cover(left & ~set, used + 1);
  };
  cover(all, 0);
  return best;
}

describe("how few", () => {
  const expression = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof({ depthSize: "small" }, fc.constantFrom("a", "b", "c", "n >= 5", "n < 8"), tie("any").map((inner) => `not (${inner})`), fc.tuple(tie("any"), fc.constantFrom("and", "or"), tie("any")).map(([left, op, right]) => `(${left} ${op} ${right})`)),
  })).any;
  const texts = fc.array(fc.tuple(expression, fc.constantFrom("", "", "unless c", "waived when b", "if a")), { minLength: 1, maxLength: 3 }).map((items) =>
    `policy X "X"\n  effective 2025-01-01\n\nfacts\n  a  yes/no  "A?"\n  b  yes/no  "B?"\n  c  yes/no  "C?"\n  n  number  "N?"\n\ncriteria\nI. It is medically necessary when any of the following:\n${items.map(([condition, more], i) => `   ${"ABC"[i]!}. Item\n${more.startsWith("if") ? `      ${more}\n` : ""}      when ${condition}\n${more === "" || more.startsWith("if") ? "" : `      ${more}\n`}`).join("")}`);

  test("never more than a third above the fewest, by trying everything", (t) => {
    let [made, fewest, compared, worst] = [0, 0, 0, 1];
    for (const text of fc.sample(texts, { seed: 11, numRuns: 120 })) {
      const { policy } = analyze(text, "x.policy");
      if (policy === undefined) continue;
      const found = generateCases(policy);
      const aims = aimsOf(policy, blankCase("x.policy", found.on));
      const traces = found.cases.map(({ policyCase }) => traceOf(aims, policyCase));
      const [first, second, third, figures] = ["a", "b", "c", "n"].map((name) => aims.values.options[aims.network.items.findIndex((item) => item.name === name)]!);
      const grid: Trace[] = [];
      for (const a of first!) for (const b of second!) for (const c of third!) for (const n of figures!) {
        const values = Object.entries({ "fact a": a, "fact b": b, "fact c": c, "fact n": n }).filter(([, value]) => value !== undefined);
        grid.push(traceOf(aims, { ...caseOf(Object.fromEntries(values)), on: found.on }));
      }
      // Where a condition cannot decide at a threshold, that it is looked at is enough.
      for (const target of aims.targets) if (target.kind === "boundary" && !grid.some((trace) => reaches(trace, target))) target.weak = true;
      const needed = aims.targets.filter((target) => traces.some((trace) => reaches(trace, target)));
      const sets = grid.map((trace) => needed.reduce((bits, target, i) => (reaches(trace, target) ? bits | (1n << BigInt(i)) : bits), 0n));
      const least = smallestCover(sets, (1n << BigInt(needed.length)) - 1n, found.cases.length);
      made += found.cases.length;
      fewest += least;
      compared++;
      worst = Math.max(worst, found.cases.length / least);
    }
    t.diagnostic(`${compared} policies: ${made} cases, fewest ${fewest}, ${(made / fewest).toFixed(3)} on average, ${worst.toFixed(2)} at worst`);
    assert.ok(compared > 80);
    assert.ok(made / fewest < 1.1, String(made / fewest));
    assert.ok(worst <= 4 / 3 + 1e-9, String(worst));
  });
});

// ── The command ───────────────────────────────────────────────────────────────────────────────────────────────────────
describe("policy generate-cases", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    for (const name of SAMPLES) copyFileSync(join(ROOT, `samples/${name}.policy`), join(place.folder, `${name}.policy`));
  });
  after(() => place.remove());
  const said = (figure: string, text: string): string => new RegExp(`${figure} +(.*)`, "u").exec(text)?.[1] ?? "";

  test("prints cases as a policy has them, and what they are for beside them; writes nothing", () => {
    const bytes = place.read("imrt.policy");
    const { code, out, err } = place.policy(["generate-cases", "imrt.policy"]);
    assert.equal(code, 0);
    assert.match(out, /^cases\n {2}case "[^"]+"\n {4}on \d{4}-\d\d-\d\d\n/u);
    assert.match(out, /\n {4}note For: I\.\S+: .+ Derived: (?:approve|pend|refer) by I; to be confirmed by a clinician\.\n/u);
    assert.doesNotMatch(out, /expect/u);
    assert.match(err, /^\d+ cases proposed for imrt\.policy beside those that there are, of \d{4}-\d\d-\d\d\. What they expect is for you to say\.\n/u);
    assert.match(said("Conditions shown to decide", err), /^\d+ of 102, with these 102$/u);
    assert.match(err, /\nNot reached\n {2}I is not met: cannot be, whatever a case says\n$/u);
    assert.equal(place.read("imrt.policy"), bytes);
  });

  test("--write puts them into a case file of their own, which `policy test` reads; what is there stays", () => {
    const written = place.policy(["generate-cases", "tnf-inhibitor.policy", "--write"]);
    assert.deepEqual([written.code, written.err], [0, ""]);
    const file = place.read("tnf-inhibitor.generated.case.yaml");
    const run = place.policy(["test", "tnf-inhibitor.policy", "--coverage"]);
    assert.equal(run.code, 0, run.out);
    assert.match(run.out, /criteria decided +48 of 48/u);
    assert.match(run.out, /outcomes seen +144 of 144/u);
    assert.match(run.out, /conditions shown to decide +59 of 59/u);
    const again = place.policy(["generate-cases", "tnf-inhibitor.policy", "--write"]);
    assert.match(again.out, /No case to propose for tnf-inhibitor\.policy: its cases reach everything\./u);
    assert.equal(place.read("tnf-inhibitor.generated.case.yaml"), file);
    // Without its last cases, just these are added again.
    const cut = file.slice(0, file.lastIndexOf("\n  - name:", file.lastIndexOf("\n  - name:") - 1) + 1);
    place.write("tnf-inhibitor.generated.case.yaml", cut);
    place.policy(["generate-cases", "tnf-inhibitor.policy", "--write"]);
    const more = place.read("tnf-inhibitor.generated.case.yaml");
    assert.ok(more.startsWith(cut.trimEnd()) && more.length > cut.length);
    assert.equal(place.policy(["test", "tnf-inhibitor.policy"]).code, 0);
    assert.match(place.policy(["generate-cases", "tnf-inhibitor.policy"]).err, /No case to propose/u);
  });

  test("--append --accept adds them to the policy with what they came to, after showing it; they pass", () => {
    const before = place.read("spinal-injection.policy");
    const { code, out } = place.policy(["generate-cases", "spinal-injection.policy", "--append", "--accept"]);
    assert.equal(code, 0);
    assert.match(out, /\n {2}Imaging date a day too early: I\.C is not met\n {4}expect refer by VI\n/u);
    assert.match(out, /\n14 cases written to spinal-injection\.policy beside those that there are, of 2025-11-17\.\n/u);
    const text = place.read("spinal-injection.policy");
    assert.ok(text.startsWith(before.trimEnd()));
    const run = place.policy(["test", "spinal-injection.policy", "--coverage"]);
    assert.equal(run.code, 0, run.out);
    assert.match(run.out, /outcomes seen +135 of 135/u);
    assert.doesNotMatch(run.out, /without expectation/u);
    assert.match(place.policy(["generate-cases", "spinal-injection.policy"]).err, /its cases reach everything/u);
    assert.equal(place.policy(["lint", "spinal-injection.policy"]).code, 0);
  });

  test("--format yaml, json and ndjson hold the same cases", () => {
    const policy = sample("sleep-study").analysis;
    const yaml = place.policy(["generate-cases", "sleep-study.policy", "--format", "yaml"]).out;
    const json = place.policy(["generate-cases", "sleep-study.policy", "--format", "json"]).out;
    const ndjson = place.policy(["generate-cases", "sleep-study.policy", "--format", "ndjson"]).out;
    const facts = (cases: readonly PolicyCase[]): unknown => cases.map((each) => [each.name, each.on, each.sound, [...each.facts], [...each.attested], each.codes, each.pathway]);
    const fromYaml = facts(readCaseFile(yaml, "sleep-study.case.yaml", policy).cases);
    assert.deepEqual(facts(readCaseFile(json, "sleep-study.case.json", policy).cases), fromYaml);
    assert.deepEqual(facts(readCaseFile(JSON.stringify({ policy: "sleep-study.policy", cases: ndjson.trim().split("\n").map((line): unknown => JSON.parse(line)) }), "sleep-study.case.json", policy).cases), fromYaml);
    assert.ok((fromYaml as unknown[]).length > 5);
  });

  test("a policy is never written over, not even with --force", () => {
    const before = place.read("imrt.policy");
    const refused = place.policy(["generate-cases", "imrt.policy", "--output-file", "imrt.policy", "--force"]);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /did not write imrt\.policy/u);
    assert.equal(place.read("imrt.policy"), before);
  });

  test("a file that is there is written over only with --force", () => {
    place.write("there.yaml", "kept\n");
    const refused = place.policy(["generate-cases", "imrt.policy", "--output-file", "there.yaml", "--format", "yaml"]);
    assert.deepEqual([refused.code, refused.err], [2, "policy: there.yaml is there already\n        `--force` writes over it.\n"]);
    assert.equal(place.read("there.yaml"), "kept\n");
    assert.equal(place.policy(["generate-cases", "imrt.policy", "--output-file", "there.yaml", "--format", "yaml", "--force"]).code, 0);
    assert.match(place.read("there.yaml"), /^# Proposed by .*\npolicy: "imrt\.policy"\ncases:\n {2}- name: /u);
  });

  test("--limit ends early and says so; --from-scratch asks for everything again", () => {
    const { out, err } = place.policy(["generate-cases", "imrt.policy", "--limit", "2"]);
    assert.equal(out.match(/^ {2}case /gmu)!.length, 2);
    assert.match(err, /Stopped at 2 cases, as --limit says\./u);
    assert.match(err, /: not tried\n/u);
    assert.match(place.policy(["generate-cases", "imrt.policy", "--from-scratch"]).err, /Criteria decided +0 of 51, with these 51/u);
  });

  test("mistakes are told", () => {
    const refused = (...args: string[]): readonly [number | null, string] => {
      const { code, err } = place.policy(["generate-cases", ...args]);
      return [code, err.split("\n")[0]!];
    };
    assert.deepEqual(refused("imrt.policy", "--write", "--append"), [2, "policy: `--append` and `--write` cannot go together"]);
    assert.deepEqual(refused("imrt.policy", "--force"), [2, "policy: `--force` needs `--output-file`"]);
    assert.deepEqual(refused("imrt.policy", "--limit", "0"), [2, "policy: `--limit` is a number of cases, from 1 on"]);
    assert.deepEqual(refused("gone.policy"), [2, "policy: cannot read gone.policy: there is no such file or folder"]);
    place.write("broken.policy", "policy X \"X\"\n  effective 2025-01-01\ncriteria\nI. It is medically necessary when all of the following are met:\n   A. One\n      when nowhere\n");
    assert.equal(refused("broken.policy")[0], 1);
  });
});

describe("in the editor", () => {
  test("the server proposes cases behind the last one of an open policy", async () => {
    const client = await startClient();
    try {
      const { text } = without(sample("spinal-injection")).analysis;
      const uri = "file:///policies/none/spinal.policy";
      client.open(uri, text);
      const found = await client.connection.sendRequest<GenerateCasesResult | null>(GENERATE_CASES, { uri });
      assert.ok(found?.edit);
      assert.match(found.message, /^\d+ cases added behind the last one\. Look at each, and write what it is to expect\.$/u);
      const { lines } = analyze(text, uri);
      const after = policyOf(withEdits(text, [{ start: offsetAt(lines, found.edit.span.start), end: offsetAt(lines, found.edit.span.end), text: found.edit.text }]));
      assert.equal(after.analysis.cases.length, found.count);
      assert.deepEqual(counted(after, after.analysis.cases).outcomes, { covered: 135, total: 135 });
      client.open("file:///policies/none/broken.policy", "policy X\n");
      const broken = await client.connection.sendRequest<GenerateCasesResult | null>(GENERATE_CASES, { uri: "file:///policies/none/broken.policy" });
      assert.equal(broken?.count, 0);
      assert.equal(broken.edit, undefined);
    } finally {
      await client.stop();
    }
  });
});

describe("bounds", () => {
  test("work is bounded: what was not done is said", () => {
    const policy = without(sample("imrt"));
    const found = generateCases(policy, { most: 60_000 });
    assert.equal(found.stopped, "work");
    assert.ok(found.unreached.some(({ why }) => why === "not tried"));
    const read = written(policy, found);
    assert.deepEqual(counted(read, read.analysis.cases), figuresOf(found.after));
    // With what was found, the rest is found in further runs.
    let next = read;
    for (let i = 0; i < 60; i++) {
      const more = generateCases(next, { existing: next.analysis.cases, most: 60_000 });
      if (more.cases.length === 0) break;
      next = written(next, more);
    }
    assert.ok(counted(next, next.analysis.cases).outcomes.covered > found.after.outcomes.covered);
  });
});
