// The decisions area: the same policy and the same cases through every engine, with every criterion's outcome.

import { fileURLToPath } from 'node:url';
import { failures, figure, goal, measureInProcess, measureInTurns, medianOf, progress, ratio } from '../lib.mjs';
import { built } from '../ours.mjs';

const SETS = { dense: 'dense: all 44 facts', sparse: 'sparse: 5–8 facts', mixed: 'mixed: 100 shapes of 20–44 facts' };
const PEERS = ['json-rules-engine', 'zen-engine', 'cedar-wasm'];
const ROUNDS = 3;

export async function run() {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  progress('decisions: do all engines agree?');
  const differences = await measureInProcess(script, ['--agree']);
  const engines = [...(built() ? ['ours'] : []), 'limit', ...PEERS];
  const jobs = Object.keys(SETS).flatMap((set) =>
    engines.map((engine) => ({ key: `${engine} ${set}`, script, args: [`--engine=${engine}`, `--set=${set}`] })),
  );
  const results = await measureInTurns(jobs, ROUNDS);
  return {
    title: 'Decisions (IMRT policy, 41 leaf criteria, trace on)',
    columns: ['ours', 'generated function', ...PEERS],
    rows: Object.keys(SETS).map((set) => rowOf(set, results)),
    notes: [...agreementNotes(differences), ...approvalNotes(results), ...failures(results)],
  };
}

function rowOf(set, results) {
  const rate = (engine) => medianOf(results, `${engine} ${set}`, (round) => round.perSecond);
  const peers = Object.fromEntries(PEERS.map((peer) => [peer, rate(peer)]));
  const best = Math.max(...Object.values(peers).filter((value) => value !== undefined));
  return {
    name: SETS[set],
    unit: '/s',
    values: { ours: built() ? rate('ours') : 'not built', 'generated function': rate('limit'), ...peers },
    goals: [
      goal('≥ 100 × best peer', ratio(rate('ours'), best), (value) => value >= 100),
      goal('≥ 0.5 of the generated function', ratio(rate('ours'), rate('limit')), (value) => value >= 0.5),
    ],
  };
}

function agreementNotes(differences) {
  return Object.entries(differences).map(([engine, count]) =>
    count === 0
      ? `${engine} and the generated function agree on every ${engine === 'ours' ? 'case of all three sets' : 'dense case'}, criterion by criterion.`
      : `**${engine} differs from the generated function on ${count} cases: its figures do not count.**`,
  );
}

/** What an engine does with a missing fact shows in how many incomplete cases it approves. */
function approvalNotes(results) {
  return ['sparse', 'mixed'].map((set) => {
    const approved = (engine) => medianOf(results, `${engine} ${set}`, (round) => round.approved);
    const right = approved('limit');
    const over = PEERS.map((peer) => `${peer} ${difference(approved(peer), right)}`).join(', ');
    return `Of 10,000 ${set} cases ${right} are to be approved; approved beyond that on facts nobody gave: ${over}.`;
  });
}

const difference = (count, right) => (count === undefined ? '–' : String(count - right));
