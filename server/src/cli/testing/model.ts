// What the parts of `policy test` share: its options, the results of a run and their counts.
import type { CoverageReport } from "../../render/coverage/model.js";
import type { CaseRun, PolicyRun } from "../cases.js";
import type { UsageError } from "../exit.js";
import type { Loaded } from "../load.js";

export type CoverageFormat = "text" | "json" | "lcov" | "cobertura" | "html";

export interface TestOptions {
  readonly format: "pretty" | "json" | "junit" | "tap";
  readonly outputFile?: string | undefined;
  readonly ignore: readonly string[];
  readonly stdinFilename: string;
  /** Every case by name, and of failing ones the whole explanation. */
  readonly verbose?: boolean | undefined;
  /** Only cases whose name holds this. */
  readonly case?: string | undefined;
  /** Only cases that decide one of these criteria, or expect something of it. */
  readonly criterion: readonly string[];
  /** Stop at the first case that is not as expected. */
  readonly bail?: boolean | undefined;
  readonly coverage?: CoverageFormat | undefined;
  readonly coverageFile?: string | undefined;
  /** Fail where fewer criteria than this are decided, in percent. */
  readonly minCoverage?: number | undefined;
  /** Rewrite the expectations of failing cases. */
  readonly update?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly watch?: boolean | undefined;
}

export interface Summary {
  readonly policies: number;
  readonly passed: number;
  readonly failed: number;
  readonly notEvaluated: number;
  readonly withoutExpectation: number;
  /** Files whose errors lie in no case, so that it is not known how many cases are lost. */
  readonly broken: number;
  /** A failure kept the rest from being run. */
  readonly stopped?: true | undefined;
}

/** What a run of the tests gave. */
export interface TestRun {
  readonly policies: readonly PolicyRun[];
  /** The policy of each entry of `policies` with its case files, as they were read. */
  readonly loaded: readonly Loaded[];
  readonly summary: Summary;
  readonly problems: readonly UsageError[];
  readonly coverage?: CoverageReport | undefined;
}

export const isBad = ({ result }: CaseRun): boolean => result.status === "failed" || result.status === "not evaluated";

/** Whether everything came out as expected. */
export const isGood = ({ failed, notEvaluated, broken }: Summary): boolean => failed + notEvaluated + broken === 0;

/** Counts the results. */
export function summarize(policies: readonly PolicyRun[], stopped: boolean): Summary {
  const runs = policies.flatMap((policy) => policy.runs);
  const count = (status: CaseRun["result"]["status"]): number => runs.filter(({ result }) => result.status === status).length;
  return {
    policies: policies.length,
    passed: count("passed"),
    failed: count("failed"),
    notEvaluated: count("not evaluated"),
    withoutExpectation: count("no expectation"),
    broken: policies.reduce((sum, policy) => sum + policy.broken.length, 0),
    ...(stopped ? { stopped } : {}),
  };
}
