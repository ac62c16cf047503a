// How the cases of a policy come out, worked out once for each version of its text: for hovers, hints, lenses and the test explorer.
import type { CaseResult } from "../evaluate/model.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import type { LineIndex } from "../text.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";

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

/** Milliseconds of running cases before other requests have their turn, and of their turn. */
const TURN = 8;
const REST = 2;

/** Runs cases, and remembers how they came out. What is asked several times at once is run once, and with the newest text. */
export function caseResults(documents: Documents, runtime: Runtime): Results {
  const known = new WeakMap<object, { readonly policy: Analysis; readonly ran: readonly Ran[] }>();
  const underway = new Map<string, Promise<readonly Ran[] | undefined>>();

  /** Another text whenever a document is edited, opened or closed. */
  const texts = (): string => [...documents.all()].map(({ uri, document }) => `${document.version} ${uri}`).join("\n");

  /** The cases of a policy as it is now; undefined where the text changed on the way. */
  const run = async (uri: string): Promise<readonly Ran[] | undefined> => {
    const before = texts();
    const files = await documents.casesBeside(uri);
    const policy = await documents.read(uri);
    if (texts() !== before) return undefined;
    const strict = policy?.policy;
    if (policy === undefined || strict === undefined) return [];
    const all: Ran[] = [];
    let since = performance.now();
    for (const { key, uri: of, lines, cases } of [{ key: policy, uri, lines: policy.lines, cases: policy.cases }, ...files.filter((file) => file.policy === policy).map((file) => ({ key: file.file, uri: file.uri, lines: file.lines, cases: file.file.cases }))]) {
      const last = known.get(key);
      const ran: Ran[] = last?.policy === policy ? [...last.ran] : [];
      if (last?.policy !== policy) {
        for (const source of cases) {
          if (performance.now() - since > TURN) {
            await new Promise<void>((resolve) => runtime.later(resolve, REST));
            if (texts() !== before) return undefined;
            since = performance.now();
          }
          ran.push({ uri: of, lines, source, result: core().runCase(strict, source) });
        }
        known.set(key, { policy, ran });
      }
      all.push(...ran);
    }
    return all;
  };

  return {
    async of(uri) {
      for (;;) {
        const running = underway.get(uri) ?? run(uri).finally(() => underway.delete(uri));
        underway.set(uri, running);
        const ran = await running;
        if (ran !== undefined) return ran;
      }
    },
  };
}
