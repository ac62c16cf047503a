// The command line area: wall time of linting one file and a thousand, each run a process started from nothing.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goal, median, progress, ratio } from '../lib.mjs';
import { built, lintArguments } from '../ours.mjs';
import { writePolicies, writeScripts } from './files.mjs';

const require = createRequire(import.meta.url);
const inPackage = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);

const RUNS = { 1: 10, 1000: 3 };

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'policy-bench-'));
  try {
    return measured(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(folder) {
  const policies = join(folder, 'policies');
  const scripts = join(folder, 'scripts');
  const names = { policies: writePolicies(policies, 1000), scripts: writeScripts(scripts, 1000) };
  writeConfigs(scripts);
  const commands = commandsFor({ policies, scripts, names });
  const times = { 1: timesOf(commands, 1), 1000: timesOf(commands, 1000) };
  const of = (count, name) => times[count].get(name)?.seconds;
  const columns = ['ours', 'empty Node', 'biome', 'biome without Node', 'eslint'];
  return {
    title: 'Command line (lint files of 200 lines, wall time)',
    columns,
    rows: [
      row(1, '1 file', [goal('≤ 2 × empty Node', ratio(of(1, 'ours'), of(1, 'empty Node')), (value) => value <= 2)]),
      row(1000, '1,000 files', [
        goal('≤ 0.8 × biome', ratio(of(1000, 'ours'), of(1000, 'biome')), (value) => value <= 0.8),
        { text: 'against biome without Node', value: ratio(of(1000, 'ours'), of(1000, 'biome without Node')), reportOnly: true },
      ]),
    ],
    notes: [
      '`biome` is the command as npm installs it, a Node script that starts the native program; the next column starts that program directly.',
      ...exitNotes(times),
    ],
  };

  function row(count, name, goals) {
    const values = Object.fromEntries(columns.map((column) => [column, milliseconds(of(count, column))]));
    if (!built()) values.ours = 'not built';
    return { name, unit: 'ms', values, goals };
  }
}

/** Each command takes how many of the files it is to lint, and gets their names: a folder is no faster to any of them. */
function commandsFor({ policies, scripts, names }) {
  const node = (args, cwd) => ({ program: process.execPath, args, cwd });
  const biome = inPackage('@biomejs/biome', 'bin/biome');
  const native = nativeBiome();
  const eslint = inPackage('eslint', 'bin/eslint.js');
  const biomeArgs = (count) => ['lint', ...names.scripts.slice(0, count)];
  const commands = new Map();
  if (built()) commands.set('ours', (count) => node(lintArguments(names.policies.slice(0, count)), policies));
  commands.set('empty Node', () => node(['-e', '0'], scripts));
  commands.set('biome', (count) => node([biome, ...biomeArgs(count)], scripts));
  if (native) commands.set('biome without Node', (count) => ({ program: native, args: biomeArgs(count), cwd: scripts }));
  commands.set('eslint', (count) => node([eslint, ...names.scripts.slice(0, count)], scripts));
  return commands;
}

function nativeBiome() {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  try {
    const path = inPackage(`@biomejs/cli-${process.platform}-${process.arch}`, `biome${suffix}`);
    return existsSync(path) ? path : undefined;
  } catch {
    // Some platforms' packages have longer names; the column is left empty there.
    return undefined;
  }
}

/** Both peers with the rules they recommend. */
function writeConfigs(folder) {
  const recommended = pathToFileURL(require.resolve('@eslint/js')).href;
  writeFileSync(join(folder, 'eslint.config.mjs'), `import js from ${JSON.stringify(recommended)};\nexport default [js.configs.recommended];\n`);
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, linter: { enabled: true } }) + '\n');
}

/** The commands take turns, so that a slow minute of the machine falls on all of them alike. */
function timesOf(commands, count) {
  const runs = new Map([...commands.keys()].map((name) => [name, { all: [], status: undefined, output: '' }]));
  for (let round = 0; round < RUNS[count]; round++) {
    for (const [name, commandOf] of commands) {
      progress(`${count} file(s), run ${round + 1}/${RUNS[count]}  ${name}`);
      const { program, args, cwd } = commandOf(count);
      const start = performance.now();
      const result = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
      const run = runs.get(name);
      run.all.push((performance.now() - start) / 1000);
      run.status = result.status;
      run.output = result.stdout + result.stderr;
    }
  }
  progress('');
  for (const run of runs.values()) run.seconds = median(run.all);
  return runs;
}

const milliseconds = (seconds) => (seconds === undefined ? undefined : seconds * 1000);

/** Exit code 1 only says that there were findings; anything above says that the figure means nothing. */
function exitNotes(times) {
  return Object.entries(times).flatMap(([count, runs]) =>
    [...runs].filter(([, run]) => run.status !== 0).map(([name, run]) => {
      const said = run.output.trim().replace(/\s+/g, ' ').slice(0, 200);
      return run.status === 1 ? `${name}, ${count} file(s): findings (exit 1).` : `**${name}, ${count} file(s): exit ${run.status}**: ${said}`;
    }),
  );
}
