// Small helpers every area of the bench shares: seeded random numbers, medians, child processes and Markdown tables.

import { spawn } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** A seeded generator (mulberry32), so that every process draws the same cases. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function percentile(values, share) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

export const median = (values) => percentile(values, 0.5);

/** Runs a measuring script in a process of its own and reads the one JSON line it prints. */
export function measureInProcess(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const line = out.trim().split('\n').at(-1);
      if (code === 0 && line) resolve(JSON.parse(line));
      else reject(new Error(`${args.join(' ')}: exit ${code}\n${errors.slice(-1500)}`));
    });
  });
}

/**
 * Measures every job `rounds` times, taking turns so that a slow minute of the machine falls on all of them alike.
 * A job is `{ key, script, args }`, with `once` for one too slow to repeat; the answer maps each key to its results or an Error.
 */
export async function measureInTurns(jobs, rounds) {
  const results = new Map(jobs.map((job) => [job.key, []]));
  for (let round = 0; round < rounds; round++) {
    for (const job of jobs) {
      const sofar = results.get(job.key);
      if (sofar instanceof Error || (job.once && round > 0)) continue;
      try {
        progress(`round ${round + 1}/${rounds}  ${job.key}`);
        sofar.push(await measureInProcess(job.script, job.args));
      } catch (error) {
        results.set(job.key, error);
      }
    }
  }
  progress('');
  return results;
}

/** The median of one figure over the rounds of a job; undefined where the job failed or never had it. */
export function medianOf(results, key, pick) {
  const rounds = results.get(key);
  if (!rounds || rounds instanceof Error) return undefined;
  const values = rounds.map(pick).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
}

/** One note a failed job, so that no peer vanishes from a table in silence. */
export function failures(results) {
  return [...results]
    .filter(([, rounds]) => rounds instanceof Error)
    .map(([key, error]) => `**${key} failed**: ${error.message.replace(/\s+/g, ' ').slice(0, 300)}`);
}

/** Shown while waiting at a terminal; a log gets the tables alone. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

export function argument(name, fallback) {
  const prefix = `--${name}=`;
  const found = process.argv.find((arg) => arg.startsWith(prefix));
  return found ? found.slice(prefix.length) : fallback;
}

export function machineFacts() {
  const processors = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
  };
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export function figure(value, unit = '') {
  if (value === undefined || Number.isNaN(value)) return '–';
  return unit ? `${NUMBER.format(value)} ${unit}` : NUMBER.format(value);
}

/** `best` is `high` where more is better; the ratio is always ours ÷ theirs. */
export function ratio(ours, theirs) {
  return ours === undefined || theirs === undefined || theirs === 0 ? undefined : ours / theirs;
}

/** A goal over a ratio; `holds` is undefined as long as one side is missing. */
export function goal(text, value, test) {
  return { text, value, holds: value === undefined ? undefined : test(value) };
}

/**
 * One Markdown table. `area` is { title, columns, rows, notes }; a row is { name, unit, values, goals },
 * where `values` has a figure (or a ready text) for each column and `goals` come from `goal()`.
 */
export function areaTable(area) {
  const lines = [`## ${area.title}`, ''];
  lines.push(`| | ${area.columns.join(' | ')} | ratio | goal | |`);
  lines.push(`|---|${area.columns.map(() => '---:').join('|')}|---:|---|---|`);
  for (const row of area.rows) {
    const cells = area.columns.map((column) => cell(row.values[column], row.unit));
    const goals = row.goals ?? [];
    const ratios = goals.map((each) => (each.value === undefined ? '–' : `${figure(each.value)}×`)).join('<br>');
    const texts = goals.map((each) => each.text).join('<br>');
    const marks = goals.map(mark).join('<br>');
    lines.push(`| ${row.name} | ${cells.join(' | ')} | ${ratios} | ${texts} | ${marks} |`);
  }
  if (area.notes?.length) lines.push('', ...area.notes.map((note) => `- ${note}`));
  return lines.join('\n');
}

function cell(value, unit) {
  return typeof value === 'string' ? value : figure(value, unit);
}

function mark(each) {
  if (each.reportOnly) return '';
  if (each.holds === undefined) return 'no figure';
  return each.holds ? '✓ pass' : '✗ **miss**';
}
