// Measures one engine on one set of cases, in a process of its own; or, with --agree, checks that all engines decide alike.

import { argument, median } from '../lib.mjs';
import { cases, criteria } from '../model.mjs';
import * as ours from '../ours.mjs';
import { policyText } from '../policy-text.mjs';
import * as cedar from './cedar.mjs';
import * as jsonRules from './json-rules-engine.mjs';
import * as limit from './limit.mjs';
import * as zen from './zen-engine.mjs';

const WARM_UP_MS = 700;
const WINDOW_MS = 300;
const WINDOWS = 5;

// The sum keeps the decisions from being optimized away.
let checksum = 0;

const engines = { ours, limit, 'json-rules-engine': jsonRules, 'zen-engine': zen, 'cedar-wasm': cedar };

async function speed() {
  const engine = engines[argument('engine')].create(policyText());
  const set = cases(argument('set'));
  const perSecond = await fastest(engine, set);
  const approved = await countApproved(engine, set);
  return { perSecond, approved };
}

async function fastest(engine, set) {
  const oneByOne = await windows(set, isAsync(engine, set) ? (from, count) => inTurn(engine, set, from, count) : syncRunner(engine, set));
  if (!engine.inFlight) return oneByOne;
  return Math.max(oneByOne, await windows(set, (from, count) => together(engine, set, from, count)));
}

function isAsync(engine, set) {
  return engine.decide(set[0]) instanceof Promise;
}

/** Decisions a second: the median of several windows of time, after a warm-up. */
async function windows(set, runner) {
  let position = 0;
  let step = 64;
  const runFor = async (milliseconds) => {
    const start = performance.now();
    let done = 0;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      const count = Math.min(step, set.length - position);
      const pending = runner(position, count);
      if (pending instanceof Promise) await pending;
      position = (position + count) % set.length;
      done += count;
      elapsed = performance.now() - start;
      // The clock must not cost a fast engine anything.
      if (elapsed < milliseconds / 20 && step < set.length) step *= 2;
    }
    return (done / elapsed) * 1000;
  };
  await runFor(WARM_UP_MS);
  const rates = [];
  for (let window = 0; window < WINDOWS; window++) rates.push(await runFor(WINDOW_MS));
  return median(rates);
}

function syncRunner(engine, set) {
  return (from, count) => {
    for (let index = from; index < from + count; index++) checksum += engine.decide(set[index]);
  };
}

async function inTurn(engine, set, from, count) {
  for (let index = from; index < from + count; index++) checksum += await engine.decide(set[index]);
}

async function together(engine, set, from, count) {
  for (let index = from; index < from + count; index += engine.inFlight) {
    const batch = set.slice(index, Math.min(index + engine.inFlight, from + count));
    for (const decision of await Promise.all(batch.map((values) => engine.decide(values)))) checksum += decision;
  }
}

async function countApproved(engine, set) {
  let approved = 0;
  for (const values of set) if ((await engine.decide(values)) === 2) approved++;
  return approved;
}

/**
 * Every engine against the generated function: approve or not on every dense case, and each criterion's outcome on the
 * criteria it reports. Ours is three-valued like the generated function, so it must agree on the other sets as well.
 */
async function agreement() {
  const differences = {};
  const reference = limit.create();
  const everyAddress = criteria().map(({ address }) => address);
  for (const [key, module] of Object.entries(engines)) {
    if (key === 'limit' || (key === 'ours' && !ours.built())) continue;
    differences[key] = await differencesOf(key, module.create(policyText()), reference, everyAddress);
  }
  return differences;
}

async function differencesOf(key, engine, reference, everyAddress) {
  const addresses = engine.addresses ?? everyAddress;
  let different = 0;
  for (const kind of key === 'ours' ? ['dense', 'sparse', 'mixed'] : ['dense']) {
    for (const values of cases(kind)) {
      const expected = reference.decide(values);
      const same = (await engine.decide(values)) === expected && sameOutcomes(engine, reference, addresses);
      if (!same) different++;
    }
  }
  return different;
}

function sameOutcomes(engine, reference, addresses) {
  const theirs = engine.outcomes(addresses);
  return reference.outcomes(addresses).every((outcome, index) => outcome === theirs[index]);
}

const report = process.argv.includes('--agree') ? await agreement() : await speed();
process.stdout.write(JSON.stringify(report) + '\n');
