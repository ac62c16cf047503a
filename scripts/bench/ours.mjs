// The product's side of the bench: every name the bench takes from the built product stands here and nowhere else.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const bundle = fileURLToPath(new URL('../../server/dist/index.js', import.meta.url));
const cli = fileURLToPath(new URL('../../server/bin/policy.js', import.meta.url));

export const name = 'policy';

/** Whether the library, the server and the command line have been built. */
export const built = () => existsSync(bundle);

// ---- ADAPTER 1: decisions ---------------------------------------------------------------------------------------------

/**
 * From the policy's text to an evaluator, as the other engines' modules give one:
 *   decide(facts)              one decision with the outcome of every criterion; facts are plain values
 *                              (yes/no as booleans, numbers in the declared unit, enumerations as strings).
 *                              Returns 0 not met (refer, no statement applies), 1 unknown (pend), 2 met (approve).
 *   outcomes(addresses)        the last decision's outcome of each addressed criterion (`I.E.2.b`), as 0, 1 or 2.
 * Nothing here may be slower than what a caller of the product would write.
 */
export function create(policyText) {
  const { analyze, compile, outcomeOf } = require(bundle);
  const { policy, diagnostics } = analyze(policyText, 'bench:///imrt.policy');
  if (!policy) throw new Error(`the bench's policy has errors: ${JSON.stringify(diagnostics.slice(0, 3))}`);
  const evaluator = compile(policy);
  const day = { on: '2025-07-01' };
  let last;
  return {
    decide(facts) {
      last = evaluator.decide(facts, day);
      return DETERMINATION[last.determination];
    },
    outcomes: (addresses) => addresses.map((address) => OUTCOME[outcomeOf(last, policy.analysis.byAddress.get(address).index)]),
  };
}

const DETERMINATION = { refer: 0, 'no statement applies': 0, pend: 1, approve: 2 };
const OUTCOME = { 'not met': 0, unknown: 1, met: 2 };

// ---- ADAPTER 2: parsing -----------------------------------------------------------------------------------------------

/** parse(text) does the whole of the product's parsing; errors(result) counts the syntax errors it found. */
export function createParser() {
  const { parse } = require(bundle);
  return { parse: (text) => parse(text), errors: (result) => result.diagnostics.length };
}

// ---- ADAPTER 3: the server and the command line -----------------------------------------------------------------------

export const serverArguments = () => [cli, 'language-server', '--stdio'];
export const lintArguments = (paths) => lintWith(paths);
export const lintWith = (args) => [cli, 'lint', ...args];
/** The ids of all lint rules. */
export const lintRules = () => JSON.parse(execFileSync(process.execPath, [cli, 'rules', '--format', 'json'], { encoding: 'utf8' })).rules.map(({ id }) => id);
/** The command line's file with the arguments that stream a batch of cases through a policy. */
export const batchCommand = (policy, cases, results) => [cli, 'evaluate', policy, '--cases', cases, '--output-file', results];
