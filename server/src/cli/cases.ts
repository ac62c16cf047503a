// Running the cases of one policy, inline and from case files, for `test` and `evaluate`.
import type { Diagnostic } from "../diagnostic.js";
import type { CaseResult } from "../evaluate/model.js";
import { runCaseBriefly } from "../evaluate/run.js";
import type { Source } from "../render/codeframe.js";
import type { Policy, PolicyCase } from "../semantics/model.js";
import { counted } from "../text.js";
import type { Checked, CheckedCases, Loaded } from "./load.js";

/** A case with what came of it. */
export interface CaseRun {
  /** The text the case stands in. */
  readonly source: Source;
  readonly policyCase: PolicyCase;
  readonly result: CaseResult;
  /** The mistakes that kept it from being evaluated. */
  readonly mistakes: readonly Diagnostic[];
  /** The version that decided it, where there are several. */
  readonly policy?: Policy | undefined;
}

/** An error that is in no case: nothing that depends on it is evaluated. */
export interface Broken {
  readonly source: Source;
  readonly errors: readonly Diagnostic[];
}

export interface PolicyRun {
  readonly path: string;
  readonly runs: readonly CaseRun[];
  readonly broken: readonly Broken[];
}

/** Evaluates the cases that `wanted` picks. A case with a mistake, or of a policy with errors, is not evaluated and says why. */
export function runCases({ unit, policy, caseFiles }: Loaded, wanted: (name: string) => boolean): PolicyRun {
  const broken: Broken[] = [];
  const texts: CheckedCases[] = policy !== undefined && unit.listed ? [{ ...policy, cases: policy.analysis.cases }, ...caseFiles] : [...caseFiles];
  const strict = policy?.analysis.policy;
  if (policy !== undefined && strict === undefined) broken.push({ source: policy.source, errors: errorsOutside(policy, policy.analysis.cases) });
  for (const text of caseFiles) {
    const errors = errorsOutside(text, text.cases);
    if (errors.length > 0) broken.push({ source: text.source, errors });
  }
  const runs = texts.flatMap(({ source, cases, diagnostics }) =>
    cases.filter((policyCase) => wanted(policyCase.name)).map((policyCase): CaseRun => {
      const mistakes = policyCase.sound ? [] : diagnostics.filter((found) => found.severity === "error" && inside(found, policyCase));
      const skipped = (reason: string): CaseResult => ({ name: policyCase.name, uri: policyCase.uri, range: policyCase.range, status: "not evaluated", failures: [], reason });
      if (policy === undefined) return { source, policyCase, mistakes, result: skipped("its policy cannot be read") };
      if (strict === undefined) return { source, policyCase, mistakes: [], result: skipped(`its policy has ${counted(countErrors(broken, policy), "error")}`) };
      if (!policyCase.sound) return { source, policyCase, mistakes, result: skipped(mistakes.length === 0 ? "the case has a mistake" : `the case has ${counted(mistakes.length, "mistake")}`) };
      return { source, policyCase, mistakes, result: runCaseBriefly(strict, policyCase) };
    }),
  );
  return { path: unit.policy.path, runs, broken: broken.filter(({ errors }) => errors.length > 0) };
}

const inside = (found: Diagnostic, { range }: PolicyCase): boolean => found.start >= range.start && found.start <= range.end;
const errorsOutside = ({ diagnostics }: Checked, cases: readonly PolicyCase[]): Diagnostic[] =>
  diagnostics.filter((found) => found.severity === "error" && !cases.some((policyCase) => inside(found, policyCase)));
const countErrors = (broken: readonly Broken[], { source }: Checked): number => broken.find((entry) => entry.source === source)?.errors.length ?? 0;
