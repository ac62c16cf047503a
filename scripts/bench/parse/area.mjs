// The parse area: one large policy through our parser and through two parser tools with a grammar for the same text.

import { fileURLToPath } from 'node:url';
import { failures, measureInTurns, medianOf, ratio } from '../lib.mjs';
import { built } from '../ours.mjs';

const PEERS = ['langium', 'peggy'];
const ROUNDS = 3;

export async function run() {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const parsers = [...(built() ? ['ours'] : []), ...PEERS];
  const results = await measureInTurns(parsers.map((parser) => ({ key: parser, script, args: [`--parser=${parser}`] })), ROUNDS);
  const rate = (parser) => medianOf(results, parser, (round) => round.megabytesPerSecond);
  return {
    title: 'Parsing (one policy of 1 MB, text to tree)',
    columns: ['ours', ...PEERS],
    rows: [
      {
        name: 'throughput',
        unit: 'MB/s',
        values: { ours: built() ? rate('ours') : 'not built', ...Object.fromEntries(PEERS.map((peer) => [peer, rate(peer)])) },
        goals: PEERS.map((peer) => ({ text: `against ${peer}`, value: ratio(rate('ours'), rate(peer)), reportOnly: true })),
      },
    ],
    notes: [
      'The peers build a flat list of criteria; langium leaves out its linking and validation, and keeps a label and its prose in one token.',
      ...failures(results),
    ],
  };
}
