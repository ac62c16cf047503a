// Writes the files the command lines are measured on: policies, and JavaScript of the same lines and bytes for the peers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaves, split } from '../model.mjs';
import { policyOfLines } from '../policy-text.mjs';

const LINES = 200;

/** Fills `folder` with `count` files of 200 lines and answers their names. Each differs a little from the next. */
export function writePolicies(folder, count) {
  const text = policyOfLines(LINES);
  return writeAll(folder, count, 'policy', (index) => text.replace('BE.CP.1 ', `BE.CP.${index + 1} `));
}

export function writeScripts(folder, count) {
  const bytes = policyOfLines(LINES).length;
  return writeAll(folder, count, 'js', (index) => scriptText(index, bytes));
}

function writeAll(folder, count, extension, textOf) {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const name = `file-${String(index).padStart(4, '0')}.${extension}`;
    writeFileSync(join(folder, name), textOf(index));
    return name;
  });
}

/** One function a criterion, four lines each, with a comment that brings the file to the policies' size. */
function scriptText(index, bytes) {
  const each = (bytes / LINES) * 4;
  const lines = [];
  const all = leaves();
  for (let part = 0; lines.length + 4 <= LINES; part++) {
    const { address, node } = all[part % all.length];
    const name = `criterion_${address.replaceAll('.', '_')}_${index}_${part}`;
    const code = [`export function ${name}(facts) {`, `  return ${script(node.when)};`, '}'];
    const room = Math.max(0, Math.round(each - code.join('\n').length - node.prose.length - 7));
    lines.push(`// ${node.prose} ${'- '.repeat(room / 2)}`.trimEnd(), ...code);
  }
  return lines.join('\n') + '\n';
}

function script(condition) {
  const { op, args } = split(condition);
  if (op === 'and' || op === 'or') return `(${args.map(script).join(op === 'and' ? ' && ' : ' || ')})`;
  if (op === 'not') return `!(${script(args[0])})`;
  return `facts.${args[0]} ${{ eq: '===', lt: '<', gte: '>=' }[op]} ${JSON.stringify(args[1])}`;
}
