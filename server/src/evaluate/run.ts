// Runs a case against its policy and holds the result against what the case expects.
import type { Policy, PolicyCase } from "../semantics/model.js";
import { compile, type Evaluator } from "./compile.js";
import { explain } from "./explain.js";
import type { CaseFailure, CaseResult, Explanation } from "./model.js";

const evaluators = new WeakMap<Policy, Evaluator>();

/** The evaluator of a policy, compiled once. */
export function evaluatorOf(policy: Policy): Evaluator {
  const there = evaluators.get(policy);
  if (there !== undefined) return there;
  const made = compile(policy);
  evaluators.set(policy, made);
  return made;
}

/** Evaluates one case. A case with mistakes of its own is not evaluated, and the result says so. */
export function runCase(policy: Policy, policyCase: PolicyCase): CaseResult {
  const base = { name: policyCase.name, uri: policyCase.uri, range: policyCase.range };
  if (!policyCase.sound) return { ...base, status: "not evaluated", failures: [], reason: "The case has mistakes of its own; mend them first." };
  const explanation = explain(evaluatorOf(policy).decideCase(policyCase), policyCase.name, policyCase);
  const failures = check(policyCase, explanation);
  const { expect } = policyCase;
  const expects = expect.determination !== undefined || expect.by !== undefined || expect.missing.length > 0 || expect.outcomes.length > 0;
  return { ...base, status: !expects ? "no expectation" : failures.length === 0 ? "passed" : "failed", failures, explanation };
}

/** The same for many cases: an explanation is made when it is asked for, and not kept, because it is many times as large as its case. */
export function runCaseBriefly(policy: Policy, policyCase: PolicyCase): CaseResult {
  const { expect } = policyCase;
  const brief = policyCase.sound && expect.by === undefined && expect.missing.length === 0 && expect.outcomes.length === 0;
  const { name, uri, range, status, failures, reason } = brief ? determined(policy, policyCase) : runCase(policy, policyCase);
  if (status === "not evaluated") return { name, uri, range, status, failures, reason };
  return {
    name, uri, range, status, failures,
    get explanation() {
      return runCase(policy, policyCase).explanation;
    },
  };
}

/** The result of a case that expects nothing but a determination. */
function determined(policy: Policy, policyCase: PolicyCase): CaseResult {
  const { name, uri, range, expect } = policyCase;
  const { determination } = evaluatorOf(policy).decideCase(policyCase);
  const failures = check(policyCase, { determination, decidedBy: undefined, outcomes: {}, missing: [] });
  return { name, uri, range, status: expect.determination === undefined ? "no expectation" : failures.length === 0 ? "passed" : "failed", failures };
}

/** What a case expects and did not come to. */
export function check({ expect }: Pick<PolicyCase, "expect">, explanation: Pick<Explanation, "determination" | "decidedBy" | "outcomes" | "missing">): readonly CaseFailure[] {
  const failures: CaseFailure[] = [];
  if (expect.determination !== undefined && expect.determination.value !== explanation.determination) {
    failures.push({ message: `Expected ${expect.determination.value}, came to ${explanation.determination}.`, range: expect.determination.range });
  }
  if (expect.by !== undefined) {
    const { address, range } = expect.by;
    const decider = explanation.decidedBy?.address;
    const inDecider = decider !== undefined && (address === decider || (address.startsWith(`${decider}.`) && explanation.outcomes[address] === "met"));
    if (!inDecider) failures.push({ message: `Expected ${address} to decide; ${decider === undefined ? "no statement decided" : `${decider} decided`}${address in explanation.outcomes ? `, and ${address} is ${explanation.outcomes[address]}` : ""}.`, range });
  }
  for (const { name, range } of expect.missing) {
    if (!explanation.missing.some((item) => item.name === name)) failures.push({ message: `Expected ${name} to be missing; ${explanation.missing.length === 0 ? "nothing is" : `missing are ${explanation.missing.map((item) => item.name).join(", ")}`}.`, range });
  }
  for (const { address, outcome, range } of expect.outcomes) {
    if (explanation.outcomes[address] !== outcome) failures.push({ message: `Expected ${address} to be ${outcome}; it is ${explanation.outcomes[address]}.`, range });
  }
  return failures;
}
