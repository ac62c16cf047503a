// Measures how many megabytes a second one parser reads of a large policy, in a process of its own.

import { readFileSync } from 'node:fs';
import { argument, median } from '../lib.mjs';
import * as ours from '../ours.mjs';
import { policyOfBytes } from '../policy-text.mjs';

const WARM_UPS = 5;
const RUNS = 15;

const grammar = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Each gives `parse(text)` and `errors(result)`; what it sets up before that is not measured. */
const parsers = { ours: ours.createParser, langium, peggy };

async function langium() {
  // Its parser library checks grammars with Object.groupBy, which Node 20 does not have yet.
  Object.groupBy ??= groupBy;
  const { createServicesForGrammar } = await import('langium/grammar');
  const services = await createServicesForGrammar({ grammar: grammar('policy.langium') });
  const parser = services.parser.LangiumParser;
  return {
    parse: (text) => parser.parse(text),
    errors: (result) => result.lexerErrors.length + result.parserErrors.length,
    first: (result) => JSON.stringify(result.lexerErrors[0] ?? result.parserErrors[0]?.message),
  };
}

function groupBy(items, keyOf) {
  const groups = Object.create(null);
  for (const item of items) (groups[keyOf(item)] ??= []).push(item);
  return groups;
}

async function peggy() {
  const { default: compiler } = await import('peggy');
  // A thrown error is its only kind, so text that parses at all has none.
  return { parse: compiler.generate(grammar('policy.peggy')).parse, errors: () => 0 };
}

const text = policyOfBytes(1_000_000);
const parser = await parsers[argument('parser')]();
const first = parser.parse(text);
if (parser.errors(first) > 0) throw new Error(`${parser.errors(first)} errors, the first: ${parser.first?.(first) ?? ''}`);

const seconds = [];
for (let run = 0; run < WARM_UPS + RUNS; run++) {
  globalThis.gc?.();
  const start = performance.now();
  parser.parse(text);
  if (run >= WARM_UPS) seconds.push((performance.now() - start) / 1000);
}
process.stdout.write(JSON.stringify({ megabytesPerSecond: text.length / 1e6 / median(seconds), bytes: text.length }) + '\n');
