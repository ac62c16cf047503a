// Peer: Cedar in WebAssembly, one permit policy a leaf criterion over the request's context; the satisfied ones are the trace.

import { createRequire } from 'node:module';
import { leaves, split } from '../model.mjs';

// The package's ES module build loads its .wasm as a module, which this Node does not do by itself.
const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');

export const name = 'cedar-wasm';

export function create() {
  const all = leaves();
  const staticPolicies = Object.fromEntries(
    all.map(({ address, node }) => [address, `permit(principal, action, resource) when { ${text(node.when)} };`]),
  );
  const parsed = cedar.preparsePolicySet('bench', { staticPolicies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  const request = {
    principal: { type: 'Reviewer', id: 'r' },
    action: { type: 'Action', id: 'approve' },
    resource: { type: 'Request', id: 'c' },
    preparsedPolicySetId: 'bench',
    entities: [],
    context: {},
  };
  let last;
  return {
    decide(values) {
      request.context = values;
      last = cedar.statefulIsAuthorized(request);
      return last.response.decision === 'allow' ? 2 : 0;
    },
    outcomes: (addresses) => addresses.map((address) => (last.response.diagnostics.reason.includes(address) ? 2 : 0)),
    addresses: all.map(({ address }) => address),
  };
}

// An attribute that is absent is an error to Cedar unless `has` guards it; a guarded negation stays false when absent.
function text(condition, negated = false) {
  const { op, args } = split(condition);
  if (op === 'not') return text(args[0], !negated);
  if (op === 'and' || op === 'or') return `(${args.map((arg) => text(arg, negated)).join((op === 'and') !== negated ? ' && ' : ' || ')})`;
  const right = typeof args[1] === 'string' ? `"${args[1]}"` : args[1];
  const comparison = `context.${args[0]} ${{ eq: '==', lt: '<', gte: '>=' }[op]} ${right}`;
  return `(context has ${args[0]} && ${negated ? `!(${comparison})` : comparison})`;
}
