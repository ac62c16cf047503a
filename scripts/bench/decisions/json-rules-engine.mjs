// Peer: json-rules-engine, the whole policy as one rule of nested any/all conditions; its result carries each condition's outcome.

import { Engine } from 'json-rules-engine';
import { criteria, leaves, split, tree } from '../model.mjs';

export const name = 'json-rules-engine';

export function create() {
  // A missing fact throws unless it is allowed to be undefined: sparse cases need that.
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addRule({ name: 'policy', conditions: conditionOf(tree), event: { type: 'approve' } });
  let last;
  return {
    async decide(values) {
      const { results, failureResults } = await engine.run(values);
      last = results[0] ?? failureResults[0];
      return results.length > 0 ? 2 : 0;
    },
    outcomes: (addresses) => {
      const byAddress = new Map(criteria().map(({ address, node }) => [address, resultOf(node, last.conditions)]));
      return addresses.map((address) => byAddress.get(address));
    },
    addresses: leaves().map(({ address }) => address),
  };
}

// The root must be a Boolean condition, which an `any` always is.
function conditionOf(node) {
  if (node.any) return { name: node.prose, any: node.any.map(conditionOf) };
  const condition = operators(node.when);
  return condition.fact ? { all: [condition] } : condition;
}

function operators(condition) {
  const { op, args } = split(condition);
  if (op === 'and') return { all: args.map(operators) };
  if (op === 'or') return { any: args.map(operators) };
  if (op === 'not') return { not: operators(args[0]) };
  const operator = { eq: 'equal', lt: 'lessThan', gte: 'greaterThanInclusive' }[op];
  return { fact: args[0], operator, value: args[1] };
}

// The result has the shape of the rule, so a criterion is found by walking both at once.
function resultOf(wanted, result, node = tree) {
  if (node === wanted) return result.result ? 2 : 0;
  for (const [index, child] of (node.any ?? []).entries()) {
    const found = resultOf(wanted, result.any[index], child);
    if (found !== undefined) return found;
  }
  return undefined;
}
