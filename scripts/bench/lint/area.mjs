// The linter's area: a thousand files of 200 lines with every lint rule on, and the time of each lint rule.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePolicies } from '../cli/files.mjs';
import { goal, median, progress } from '../lib.mjs';
import { built, lintRules, lintWith } from '../ours.mjs';

const FILES = 1000;
const RUNS = 5;
const BUDGET_SECONDS = 1.5;

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'policy-bench-'));
  try {
    return measured(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(folder) {
  const title = `Linter (${FILES.toLocaleString('en-US')} files of 200 lines, wall time)`;
  const columns = ['no lint rule', 'recommended', 'strict', 'every lint rule'];
  if (!built()) return { title, columns, rows: [], notes: ['not built'] };
  writePolicies(folder, FILES);
  const rules = lintRules();
  const configs = new Map([
    ['no lint rule', settings(rules, 'off')], ['recommended', 'profile: recommended\n'], ['strict', 'profile: strict\n'], ['every lint rule', settings(rules, 'info')],
  ]);
  const seconds = new Map(columns.map((name) => [name, []]));
  for (let round = 0; round < RUNS; round++) {
    for (const [name, text] of configs) {
      progress(`run ${round + 1}/${RUNS}  ${name}`);
      seconds.get(name).push(timed(folder, text));
    }
  }
  progress('');
  const values = Object.fromEntries(columns.map((name) => [name, median(seconds.get(name)) * 1000]));
  const all = median(seconds.get('every lint rule'));
  return {
    title,
    columns,
    rows: [{ name: `${rules.length} lint rules`, unit: 'ms', values, goals: [goal(`≤ ${BUDGET_SECONDS} s with every lint rule`, all / BUDGET_SECONDS, (value) => value <= 1)] }],
    notes: [`Milliseconds of each lint rule over all files, what lint rules share charged to the first that asks for it: ${times(folder, configs.get('every lint rule'))}.`],
  };
}

const settings = (rules, level) => `profile: strict\nrules:\n${rules.map((id) => `  ${id}: ${level}\n`).join('')}`;

function timed(folder, config) {
  writeFileSync(join(folder, 'policy.config.yaml'), config);
  const start = performance.now();
  lint(folder, []);
  return (performance.now() - start) / 1000;
}

/** Findings are counted and not put out as text, so that the time is that of looking. */
function lint(folder, options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, lintWith([folder, '--quiet', ...options]), { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status === 2) throw new Error(`lint: ${stderr.slice(0, 500)}`);
  return stdout;
}

/** What `--timing` says, on one line. */
function times(folder, config) {
  writeFileSync(join(folder, 'policy.config.yaml'), config);
  const lines = [...lint(folder, ['--timing']).matchAll(/^\s*([\d.]+) ms\s+\d+ %\s+([\w-]+)/gmu)];
  return lines.map(([, ms, id]) => `${id} ${ms}`).join(', ');
}
