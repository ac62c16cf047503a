// A second opinion on the logic: every sample is translated to CQL, run by the reference engine, and compared criterion by criterion on random cases.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Policy } from "../server/src/semantics/model.js";
import { casesOf, plain, type PlainCase } from "./cql/cases.js";
import { differences, differing, explained, type Outcomes, smallest, theirs } from "./cql/compare.js";
import { mutantsOf } from "./cql/mutants.js";
import { SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { naiveCases, naivePolicy } from "./support/naive.js";

const SEED = 20_261_123;
const CASES = Number(process.env["CQL_CASES"] ?? 5000);

/** Figures that meet on both sides of conditions on several facts: a body mass index of 30 and 40, a dose at its limit. */
const EXTRA: Readonly<Record<string, readonly number[]>> = {
  weight: [30, 40, 67.5, 72, 80, 90, 160], height: [100, 150, 200], weight_then: [30, 67.5, 80, 100], dose: [40, 80, 160, 400], interval: [7, 14, 28, 56],
  pain_duration: [4.3, 4.4], relief_duration: [11.9], symptom_duration: [3.9], cumulative_dose: [45, 50], tolerance_dose: [45, 50], conformal_dose: [45, 50], heart_dose: [4], heart_dose_limit: [4],
};

const plus = (days: number): string => new Date(Date.UTC(2025, 11, 1 + days)).toISOString().slice(0, 10);

/** Cases at edges that chance seldom finds, because several facts must fall together. They are changed at random too. */
const EDGES: Readonly<Record<string, readonly PlainCase[]>> = {
  "sleep-study.policy": [
    { facts: { age: 40, weight: 67.5, height: 150, bicarbonate: 27 }, request: { on: "2026-03-31", pathway: "initial", codes: ["CPT 95806"], criteria: {} } },
    { facts: { age: 40, weight: 90, height: 150, saturation: 92 }, request: { on: "2026-03-31", pathway: "initial", codes: ["CPT 95810"], criteria: {} } },
    { facts: { weight: 72, weight_then: 80 }, request: { on: "2026-03-31", pathway: "repeat", codes: ["CPT 95810"], criteria: {} } },
    { facts: { weight: 88, weight_then: 80 }, request: { on: "2026-03-31", pathway: "repeat", codes: ["CPT 95810"], criteria: {} } },
  ],
  "spinal-injection.policy": [{ facts: { age: 18 }, request: { on: "2026-03-31", pathway: "repeat", codes: ["CPT 64483"], criteria: {} } }, ...[42, 41, 38].map((days) => ({
    facts: {
      progressive_weakness: false, diagnoses: ["M54.16"],
      treatments: [
        { kind: "nsaid", started: "2025-12-01", ended: "2026-02-15", outcome: "failure" }, { kind: "neuropathic_drug", started: "2025-12-01", ended: "2026-02-15", outcome: "intolerance" },
        { kind: "home_exercise", started: "2025-12-01", ended: plus(days), outcome: "success" },
      ],
    },
    request: { on: "2026-03-31", pathway: "initial", codes: ["CPT 64483"], criteria: {} },
  }))],
  "tnf-inhibitor.policy": [27, 28, 29].map((days) => ({
    facts: { diagnoses: ["M45.6"], therapies: [days, 90].map((length) => ({ kind: "nsaid", started: "2025-12-01", ended: plus(length), outcome: "failure" })) },
    request: { on: "2026-03-31", pathway: "initial", criteria: {} },
  })),
};

/** What can come out in one way only, and why. */
const ONE_WAY: Readonly<Record<string, readonly string[]>> = {
  // An open list is never "not met", and so neither is what it alone would make so.
  "imrt.policy": ["I criterion 0", "I.E criterion 5", "statement I"],
};

/** Mutants that mean the same as the policy. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  // Of the two items one applies exactly where the other does not.
  "sleep-study.policy": ["I.D.d: (d) Hypoventilation awake, either of the following: [4] → (d) Hypoventilation awake, all of the following: [4]"],
  // Lists of one item.
  "tnf-inhibitor.policy": ["I.D: if ankylosing_spondylitis, all of the following: → if ankylosing_spondylitis, any of the following:", "I.G: if drug is adalimumab, all of the following: → if drug is adalimumab, any of the following:"],
};

const samples = samplesIn(SAMPLES).map(({ name, analysis, caseFiles }) => {
  const policy: Policy = analysis.policy!;
  return { name, policy, own: [...analysis.cases, ...caseFiles.flatMap((each) => each.file.cases)].filter((each) => each.sound).map((each) => plain(policy, each)) };
});

/** Small random policies for what the samples lack: open lists of all kinds, criteria that refer to them, and guards. Translating is what takes time. */
const RANDOM = Array.from({ length: 150 }, (_, i) => ({ seed: i, naive: naivePolicy(i) }))
  .filter(({ naive: { uses } }) => [...uses].some((use) => use.endsWith(", open")) && uses.has("criterion") && (uses.has("guard") || uses.has("guarded group")))
  .sort((a, b) => a.naive.text.length - b.naive.text.length).slice(0, 8);

function policyNamed(name: string): Policy {
  const random = RANDOM.find(({ seed }) => name === `random ${seed}`);
  return random === undefined ? samples.find((sample) => sample.name === name)!.policy : analyze(random.naive.text, "random.policy").policy!;
}

interface Asked {
  readonly name: string;
  readonly cases: readonly PlainCase[];
}
/** Names of what came out, and for each case how. */
interface Answered {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the CQL says of the cases of some policies. In a thread of its own: the engine awaits every node of an expression, and the test runner watches each await. */
async function ask(asked: readonly Asked[]): Promise<readonly (readonly Outcomes[])[]> {
  const worker = new Worker(__filename, { workerData: asked });
  const answered = await new Promise<readonly Answered[]>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  return answered.map(({ names, rows }) => rows.map((row) => new Map(row.map((outcome, i) => [names[i]!, outcome]))));
}

async function answer(asked: readonly Asked[]): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const { name, cases } of asked) {
    const cql = await theirs(policyNamed(name));
    const rows: (readonly string[])[] = [];
    let names: readonly string[] = [];
    for (const given of cases) {
      const outcomes = await cql(given);
      names = [...outcomes.keys()];
      rows.push([...outcomes.values()]);
    }
    answered.push({ names, rows });
  }
  return answered;
}

if (!isMainThread) void answer(workerData as readonly Asked[]).then((answered) => parentPort!.postMessage(answered));
else {
  for (const { name, policy, own } of samples) describe(name, { concurrency: true }, () => tests(name, policy, own));
  const asked = RANDOM.map(({ seed, naive }) => ({ name: `random ${seed}`, cases: naiveCases(naive, seed, CASES / 40) }));
  const said = ask(asked);
  test("small random policies: no difference in any criterion, statement, scope or determination", async (t) => {
    const determinations = new Map<string, number>();
    assert.equal(RANDOM.length, 8);
    for (const [r, outcomes] of (await said).entries()) {
      const { name, cases } = asked[r]!;
      const evaluator = explained(policyNamed(name));
      for (const [i, other] of outcomes.entries()) {
        const ours = evaluator(cases[i]!);
        assert.deepEqual(differences(ours, other), [], `${RANDOM[r]!.naive.text}\n${JSON.stringify(cases[i])}`);
        determinations.set(ours.get("determination")!, (determinations.get(ours.get("determination")!) ?? 0) + 1);
      }
    }
    t.diagnostic([...determinations].map(([name, count]) => `${count} ${name}`).join(", "));
    assert.ok(["approve", "pend", "refer"].every((name) => determinations.has(name)));
  });
}

function tests(name: string, policy: Policy, own: readonly PlainCase[]): void {
  const next = casesOf(policy, [...own, ...(EDGES[name] ?? [])], EXTRA, SEED);
  const cases = [...own, ...Array.from({ length: CASES }, next)];
  const said = ask([{ name, cases }]).then(([outcomes]) => outcomes!);

  test(`${own.length} cases of its own and ${CASES} at random: no difference in any criterion, statement, scope or determination`, async (t) => {
    const evaluator = explained(policy);
    const seen = new Map<string, Set<string>>();
    let compared = 0;
    for (const [i, other] of (await said).entries()) {
      const ours = evaluator(cases[i]!);
      const found = differences(ours, other);
      if (found.length > 0) {
        const cql = await theirs(policy);
        const least = await smallest(cases[i]!, async (less) => differences(evaluator(less), await cql(less)).includes(found[0]!));
        assert.fail(`${found.join("\n")}\n${JSON.stringify(least)}`);
      }
      compared += ours.size;
      for (const [what, outcome] of ours) seen.set(what, (seen.get(what) ?? new Set()).add(outcome));
    }
    t.diagnostic(`${compared} outcomes of ${policy.criteria.length} criteria, ${policy.statements.length} statements and their scopes`);
    // The cases must reach both sides of every criterion, or the comparison says little.
    const oneWay = [...seen].filter(([what, outcomes]) => what !== "determination" && !(outcomes.has("met") && outcomes.has("not met"))).map(([what]) => what);
    const forAll = policy.statements.filter(({ scopes }) => scopes.length === 0).map(({ address }) => `scope of ${address}`);
    assert.deepEqual(oneWay.sort(), [...(ONE_WAY[name] ?? []), ...forAll].sort());
    const determinations = seen.get("determination")!;
    for (const each of ["approve", "pend", "refer"]) assert.ok(determinations.has(each), each);
  });

  test("a policy with one small mistake is found out, whatever the mistake", async (t) => {
    const mutants = mutantsOf(policy);
    const outcomes = await said;
    const survived = mutants.filter((mutant) => {
      const differs = differing(mutant.policy);
      return !outcomes.some((each, i) => differs(cases[i]!, each));
    });
    const kinds = new Map<string, number>();
    for (const { kind } of mutants) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    t.diagnostic(`${mutants.length} mutants: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
    assert.ok(mutants.length >= 20);
    assert.deepEqual(survived.map((mutant) => mutant.name), SAME[name] ?? []);
  });
}
