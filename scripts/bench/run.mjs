// `npm run bench`: measures the product beside its peers and prints the ratios as Markdown.
//
//   node scripts/bench/run.mjs [--only decisions,parse,server,cli,lint,batch] [--json out.json]
//
// The peers are packages of the bench alone and are installed here on the first run. Nothing fails because of a figure:
// a missed goal is a mark in the table.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { areaTable, machineFacts, progress } from './lib.mjs';
import { built } from './ours.mjs';

const AREAS = ['decisions', 'parse', 'server', 'cli', 'lint', 'batch'];

const { only, json } = options(process.argv.slice(2));
installPeers();

const machine = machineFacts();
console.log('# Bench\n');
console.log(`Node ${machine.node}, ${machine.platform}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB. Ratios are ours ÷ theirs.\n`);
if (!built()) console.log('**ours: not built** (no server/dist/index.js: run `npm run build` first). Peers only.\n');

const areas = {};
for (const name of only) {
  const { run } = await import(`./${name}/area.mjs`);
  areas[name] = await run();
  console.log(areaTable(areas[name]) + '\n');
}
console.log(verdict(Object.values(areas)));
if (json) writeFileSync(json, JSON.stringify({ machine, areas }, null, 2) + '\n');

function options(args) {
  const chosen = { only: AREAS, json: undefined };
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = args[index].split('=', 2);
    const value = inline ?? args[++index];
    if (name === '--only' && value) chosen.only = value.split(',');
    else if (name === '--json' && value) chosen.json = value;
    else usage(`unknown or incomplete option ${name}`);
  }
  const unknown = chosen.only.find((name) => !AREAS.includes(name));
  if (unknown) usage(`no area is called ${unknown}`);
  return chosen;
}

function usage(problem) {
  console.error(`bench: ${problem}\nusage: run.mjs [--only ${AREAS.join(',')}] [--json FILE]`);
  process.exit(2);
}

function installPeers() {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (peersAreCurrent()) return;
  progress('installing the peers (first run only)');
  // No peer needs an install script, so none is run.
  const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error('bench: the peers could not be installed');
    process.exit(2);
  }
}

// npm leaves a lock file of its own behind when an installation is complete.
function peersAreCurrent() {
  const installed = new URL('node_modules/.package-lock.json', import.meta.url);
  const wanted = new URL('package-lock.json', import.meta.url);
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

function verdict(all) {
  const goals = all.flatMap((area) => area.rows.flatMap((row) => row.goals ?? [])).filter((each) => !each.reportOnly);
  const held = goals.filter((each) => each.holds === true).length;
  const missed = goals.filter((each) => each.holds === false).length;
  return `Goals: ${held} passed, ${missed} missed, ${goals.length - held - missed} without a figure.`;
}
