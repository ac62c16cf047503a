// How the cases of a policy come out, worked out once for each version of its text: for hovers, hints, lenses and the test explorer.
import type { CaseResult } from "../evaluate/model.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import type { LineIndex } from "../text.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";

/** A case with how it came out, at its place in the policy or in a case file. */
export interface Ran {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly source: PolicyCase;
  readonly result: CaseResult;
}

export interface Results {
  /** The cases of a policy and of its case files; none where it cannot be evaluated. */
  of(uri: string): Promise<readonly Ran[]>;
}

/** Runs cases, and remembers how they came out. */
export function caseResults(documents: Documents): Results {
  const own = new WeakMap<Analysis, readonly Ran[]>();
  const beside = new WeakMap<object, { readonly policy: Analysis; readonly ran: readonly Ran[] }>();
  const run = (policy: Analysis, uri: string, lines: LineIndex, cases: readonly PolicyCase[]): readonly Ran[] => {
    const strict = policy.policy;
    return strict === undefined ? [] : cases.map((source) => ({ uri, lines, source, result: core().runCase(strict, source) }));
  };
  return {
    async of(uri) {
      const files = await documents.casesBeside(uri);
      const policy = await documents.read(uri);
      if (policy === undefined) return [];
      const inPolicy = own.get(policy) ?? run(policy, uri, policy.lines, policy.cases);
      own.set(policy, inPolicy);
      return [...inPolicy, ...files.filter((file) => file.policy === policy).flatMap((file) => {
        const known = beside.get(file.file);
        if (known?.policy === policy) return known.ran;
        const ran = run(policy, file.uri, file.lines, file.file.cases);
        beside.set(file.file, { policy, ran });
        return ran;
      })];
    },
  };
}
