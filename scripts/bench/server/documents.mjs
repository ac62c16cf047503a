// Writes JSON and YAML documents of as many lines, and about as many bytes a line, as the policy they stand beside.

import { leaves } from '../model.mjs';
import { policyOfLines } from '../policy-text.mjs';

const FILLER = 'The record shows the finding on a dated report that names its source. ';

export function jsonOfLines(lines) {
  const record = ({ label, prose, when }) => [`  "${label}": {`, `    "label": "${label}",`, `    "prose": "${prose}",`, `    "when": "${when}"`, '  },'];
  const body = records(lines - 3, 5, bytesPerLine(lines), record);
  return ['{', ...body, '  "end": true', '}', ''].join('\n');
}

export function yamlOfLines(lines) {
  const record = ({ label, prose, when }) => [`${label}:`, `  label: ${label}`, `  prose: "${prose}"`, `  when: "${when}"`];
  return [...records(lines - 1, 4, bytesPerLine(lines), record), 'end: true', ''].join('\n');
}

const bytesPerLine = (lines) => policyOfLines(lines).length / lines;

function records(lines, linesEach, bytesEach, record) {
  const all = leaves();
  const body = [];
  for (let index = 0; body.length + linesEach <= lines; index++) {
    const { address, node } = all[index % all.length];
    const fields = { label: `${address}-${index}`, prose: node.prose, when: JSON.stringify(node.when).replace(/["{}]/g, '') };
    body.push(...record(filled(fields, record, linesEach * bytesEach)));
  }
  // An empty line is valid in both and makes the count exact.
  while (body.length < lines) body.push('');
  return body;
}

function filled(fields, record, bytes) {
  const missing = Math.round(bytes - record(fields).join('\n').length - 1);
  if (missing <= 0) return fields;
  const text = ` ${FILLER}`.repeat(Math.ceil(missing / FILLER.length));
  return { ...fields, prose: fields.prose + text.slice(0, missing) };
}
