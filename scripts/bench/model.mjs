// Reads the neutral policy model and derives what all engines share: criteria in order, cases, and the conditions' shape.

import { readFileSync } from 'node:fs';
import { seededRandom } from './lib.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const facts = read('./imrt-facts.json').facts;
export const tree = read('./imrt-model.json').tree;

/** All criteria in document order, each with its full address: `I.E.2.b`. */
export function criteria(node = tree, parent = '') {
  const address = parent ? `${parent}.${node.label}` : node.label;
  return [{ address, node }, ...(node.any ?? []).flatMap((child) => criteria(child, address))];
}

export const leaves = () => criteria().filter(({ node }) => node.when);

/** `{ op: 'eq', args: ['age', 18] }` from `{ "eq": ["age", 18] }`; `not` gets its one operand as a list. */
export function split(condition) {
  const [op, value] = Object.entries(condition)[0];
  return { op, args: Array.isArray(value) ? value : [value] };
}

const COUNT = 10_000;
const SHAPES = 100;

/**
 * 10,000 cases, the same in every process.
 * dense: every fact, one key order. sparse: five to eight facts, any of them in any order.
 * mixed: a hundred forms, each with a subset of at least 20 facts in a key order of its own, in random turns.
 * Another seed draws others.
 * Each goes through JSON, as a caller's would: objects filled key by key turn into slow dictionaries and would measure that.
 */
export function cases(kind, count = COUNT, seed = { dense: 11, sparse: 22, mixed: 33 }[kind]) {
  const random = seededRandom(seed);
  const shapes = Array.from({ length: SHAPES }, () => subset(20, facts.length, random));
  const shapeOf = {
    dense: () => facts,
    sparse: () => subset(5, 8, random),
    mixed: () => shapes[Math.floor(random() * SHAPES)],
  }[kind];
  const positive = kind === 'sparse' ? 0.4 : 0.06;
  return Array.from({ length: count }, () => throughJson(fill(shapeOf(), random, positive)));
}

const throughJson = (values) => JSON.parse(JSON.stringify(values));

function subset(least, most, random) {
  return shuffled(facts, random).slice(0, least + Math.floor(random() * (most - least + 1)));
}

/** `positive` is the share of yes answers and of named sites: low where all facts are given, so that not all cases approve. */
function fill(chosen, random, positive) {
  const values = {};
  for (const fact of chosen) values[fact.name] = draw(fact, random, positive);
  return values;
}

function draw(fact, random, positive) {
  if (fact.type === 'yes/no') return random() < positive;
  if (fact.type === 'number') return fact.from + Math.floor(random() * (fact.to - fact.from + 1));
  if (fact.values[0] === 'none' && random() >= positive) return 'none';
  return fact.values[Math.floor(random() * fact.values.length)];
}

function shuffled(items, random) {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}
