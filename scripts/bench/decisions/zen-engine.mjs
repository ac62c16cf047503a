// Peer: GoRules ZEN, a decision graph with one expression a criterion, evaluated with its trace on.

import { ZenEngine } from '@gorules/zen-engine';
import { criteria, leaves, split } from '../model.mjs';

export const name = 'zen-engine';

export function create() {
  const decision = new ZenEngine().createDecision(graph());
  let last;
  return {
    async decide(values) {
      last = await decision.evaluate(values, { trace: true });
      return last.result[keyOf('I')] === true ? 2 : 0;
    },
    outcomes: (addresses) => addresses.map((address) => (last.result[keyOf(address)] === true ? 2 : 0)),
    addresses: leaves().map(({ address }) => address),
    // Evaluation runs on the engine's own threads: several cases in flight may be faster than one at a time.
    inFlight: 64,
  };
}

const keyOf = (address) => `c_${address.replaceAll('.', '_')}`;

// Children precede their parents, whose expressions read the outcomes computed so far through `$`.
function graph() {
  const expressions = [...criteria()].reverse().map(({ address, node }, id) => ({
    id: `e${id}`,
    key: keyOf(address),
    value: node.when ? text(node.when) : node.any.map((child) => `$.${keyOf(`${address}.${child.label}`)}`).join(' or '),
  }));
  const node = (id, type, content = {}) => ({ id, name: id, type, position: { x: 0, y: 0 }, content });
  return {
    contentType: 'application/vnd.gorules.decision',
    nodes: [node('in', 'inputNode'), node('criteria', 'expressionNode', { expressions }), node('out', 'outputNode')],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'criteria' },
      { id: 'b', type: 'edge', sourceId: 'criteria', targetId: 'out' },
    ],
  };
}

// A comparison with a missing number is an error to this engine, so each number is asked for first.
function text(condition) {
  const { op, args } = split(condition);
  if (op === 'and' || op === 'or') return `(${args.map(text).join(` ${op} `)})`;
  if (op === 'not') return `(not ${text(args[0])})`;
  if (op === 'eq') return `(${args[0]} == ${typeof args[1] === 'string' ? `"${args[1]}"` : args[1]})`;
  return `(${args[0]} != null and ${args[0]} ${op === 'lt' ? '<' : '>='} ${args[1]})`;
}
