// Measures one engine on a file of cases, in a process of its own: the time from start to the last byte written, and peak memory.

import { createReadStream, createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { argument } from '../lib.mjs';
import { batchCommand } from '../ours.mjs';

const folder = argument('folder');
const engine = argument('engine');
const count = Number(argument('count'));
const input = join(folder, 'cases.ndjson');
const output = join(folder, `${engine}.ndjson`);
const start = performance.now();

if (engine === 'ours') {
  // The command line as users start it, in this process, so that its memory with that of its threads can be asked for.
  const [program, ...args] = batchCommand(join(folder, 'imrt.policy'), input, output);
  process.argv = [process.execPath, program, ...args];
  process.on('exit', report);
  createRequire(import.meta.url)(program);
} else {
  const { create } = await import(`../decisions/${engine}.mjs`);
  await peer(create());
  report();
}

async function peer({ decide, inFlight = 1 }) {
  const out = createWriteStream(output);
  let batch = [];
  let done = 0;
  const flush = async () => {
    const decisions = await Promise.all(batch.map(({ facts }) => decide(facts)));
    out.write(batch.map(({ name }, index) => JSON.stringify({ name, approve: decisions[index] === 2 })).join('\n') + '\n');
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(input) })) {
    if (done++ >= count) break;
    batch.push(JSON.parse(line));
    if (batch.length >= inFlight) await flush();
  }
  if (batch.length > 0) await flush();
  out.end();
  await finished(out);
}

function report() {
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ perSecond: count / seconds, microseconds: (user + system) / count, megabytes: process.resourceUsage().maxRSS / 1024 }) + '\n');
}
