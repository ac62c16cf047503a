// The batch area: one NDJSON file of a million cases from end to end (read, decide, write), and the memory it takes.

import { mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failures, goal, measureInTurns, medianOf, progress, ratio } from '../lib.mjs';
import { cases } from '../model.mjs';
import { built } from '../ours.mjs';
import { policyText } from '../policy-text.mjs';

const CASES = 1_000_000;
/** What a peer is given, because a million would take it hours or minutes: its rate is extrapolated from that. */
const PEERS = { 'json-rules-engine': 10_000, 'zen-engine': 50_000 };
const ROUNDS = 3;
const AT_ONCE = 10_000;
const CASES_A_SECOND = 200_000;
const MEGABYTES = 300;

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'policy-batch-'));
  try {
    progress('batch: writing a million cases');
    const file = join(folder, 'cases.ndjson');
    writeCases(file);
    writeFileSync(join(folder, 'imrt.policy'), policyText());
    const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
    const job = (key, count) => ({ key, script, args: [`--engine=${key}`, `--folder=${folder}`, `--count=${count}`] });
    const jobs = [...(built() ? [job('ours', CASES)] : []), ...Object.entries(PEERS).map(([key, count]) => job(key, count))];
    const results = await measureInTurns(jobs, ROUNDS);
    return areaOf(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function areaOf(results) {
  const names = ['ours', ...Object.keys(PEERS)];
  const of = (pick) => Object.fromEntries(names.map((name) => [name, medianOf(results, name, pick)]));
  const rate = of((round) => round.perSecond);
  const memory = of((round) => round.megabytes);
  const processor = of((round) => round.microseconds);
  const best = Math.max(...Object.keys(PEERS).map((peer) => rate[peer] ?? 0));
  return {
    title: 'Batch (1,000,000 IMRT cases of 5–8 facts, NDJSON in, NDJSON out)',
    columns: names,
    rows: [
      {
        name: 'cases from end to end', unit: '/s', values: rate,
        goals: [goal(`≥ ${CASES_A_SECOND.toLocaleString('en-US')}/s (ratio to that)`, ratio(rate.ours, CASES_A_SECOND), (value) => value >= 1), { ...goal('best peer', ratio(rate.ours, best), () => true), reportOnly: true }],
      },
      { name: 'processor time a case, all threads', unit: 'µs', values: processor },
      { name: 'peak memory, all threads', unit: 'MB', values: memory, goals: [goal(`≤ ${MEGABYTES} MB (ratio to that)`, ratio(memory.ours, MEGABYTES), (value) => value <= 1)] },
    ],
    notes: [
      `Peers are extrapolated: ${Object.entries(PEERS).map(([peer, count]) => `${peer} from its first ${count.toLocaleString('en-US')} cases`).join(', ')}. They write approve or not; ours writes the deciding criteria, what is missing and the citations, and checks every value.`,
      ...failures(results),
    ],
  };
}

/** A million cases, no two drawn alike, so that nothing gains by having seen a case before. */
function writeCases(file) {
  const handle = openSync(file, 'w');
  for (let done = 0; done < CASES; done += AT_ONCE) {
    const all = cases('sparse', AT_ONCE, 1000 + done);
    const lines = all.map((facts, index) => JSON.stringify({ name: `case ${done + index + 1}`, on: '2025-07-01', facts }));
    writeSync(handle, lines.join('\n') + '\n');
  }
  closeSync(handle);
}
