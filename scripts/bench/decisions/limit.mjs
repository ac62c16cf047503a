// The limit: one function generated for this very policy over bound slots, which no general evaluator can be expected to beat.

import { criteria, facts, split, tree } from '../model.mjs';

export const name = 'generated function';

/**
 * Outcomes are 0 not met, 1 unknown, 2 met, so that Kleene's and is the minimum, or the maximum, and not 2 - x.
 * A yes/no fact is its own outcome in its slot; a number is NaN while unknown; an enumeration is an index or NaN.
 */
export function create() {
  const all = criteria();
  const slotOf = new Map(facts.map((fact, slot) => [fact.name, slot]));
  const codes = facts.map((fact) => (fact.values ? new Map(fact.values.map((value, code) => [value, code])) : undefined));
  const blank = Float64Array.from(facts, (fact) => (fact.type === 'yes/no' ? 1 : NaN));
  const slots = new Float64Array(facts.length);
  const out = new Uint8Array(all.length);
  const evaluate = generate(all, slotOf, codes);

  function bind(values) {
    slots.set(blank);
    for (const key in values) {
      const slot = slotOf.get(key);
      if (slot === undefined) continue;
      const value = values[key];
      if (value === true) slots[slot] = 2;
      else if (value === false) slots[slot] = 0;
      else if (typeof value === 'number') slots[slot] = value;
      else slots[slot] = codes[slot].get(value);
    }
  }

  return {
    decide(values) {
      bind(values);
      return evaluate(slots, out);
    },
    outcomes: (addresses) => addresses.map((address) => out[all.findIndex((each) => each.address === address)]),
  };
}

function generate(all, slotOf, codes) {
  const position = new Map(all.map(({ node }, index) => [node, index]));
  const body = [];
  // Children come after their parent in document order, so the last criteria are computed first.
  for (const { node } of [...all].reverse()) {
    const value = node.when ? expression(node.when) : fold('>', node.any.map((child) => `c${position.get(child)}`));
    body.push(`const c${position.get(node)} = ${value}; out[${position.get(node)}] = c${position.get(node)};`);
  }
  return new Function('s', 'out', `"use strict";\n${body.join('\n')}\nreturn c${position.get(tree)};`);

  function expression(condition) {
    const { op, args } = split(condition);
    if (op === 'and') return fold('<', args.map(expression));
    if (op === 'or') return fold('>', args.map(expression));
    if (op === 'not') return `(2 - ${expression(args[0])})`;
    const slot = slotOf.get(args[0]);
    if (op === 'eq' && args[1] === true) return `s[${slot}]`;
    const right = op === 'eq' ? codes[slot].get(args[1]) : args[1];
    const sign = { eq: '===', lt: '<', gte: '>=' }[op];
    return `(s[${slot}] !== s[${slot}] ? 1 : s[${slot}] ${sign} ${right} ? 2 : 0)`;
  }
}

function fold(sign, parts) {
  return parts.reduce((left, right) => `${sign === '<' ? 'Math.min' : 'Math.max'}(${left}, ${right})`);
}
