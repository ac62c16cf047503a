// Runs the tests of a suite inside the editor, where there is no test runner; it knows nothing of Node.

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export interface Suite {
  readonly test: (name: string, run: () => Promise<void>) => void;
  /** Runs every test; rejects if one failed. */
  readonly run: () => Promise<void>;
  /** Waits until `ask` gives something. */
  readonly eventually: <T>(what: string, ask: () => T | undefined | Promise<T | undefined>) => Promise<T>;
}

/** A suite whose `eventually` waits no longer than so many milliseconds. */
export function suiteOf(limit: number): Suite {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  return {
    test: (name, run) => void tests.push({ name, run }),
    async run() {
      let failed = 0;
      for (const each of tests) {
        try {
          await each.run();
          console.log(`ok   ${each.name}`);
        } catch (error) {
          failed++;
          console.log(`FAIL ${each.name}\n     ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
        }
      }
      console.log(`${tests.length - failed} passed, ${failed} failed`);
      if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed`);
    },
    async eventually(what, ask) {
      for (const end = Date.now() + limit; Date.now() < end; await pause(50)) {
        const found = await ask();
        if (found !== undefined) return found;
      }
      throw new Error(`${what}: not within ${limit} ms`);
    },
  };
}
