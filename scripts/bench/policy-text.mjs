// Writes the neutral model as text in the policy language: one policy, or one of any number of lines for the large documents.

import { facts, split, tree } from './model.mjs';

/**
 * A valid policy with `statements` copies of the whole criteria tree (I, II, III, …), each over facts of its own.
 * With `lines`, background prose pads it to exactly that many lines.
 */
export function policyText({ statements = 1, lines } = {}) {
  const before = ['policy BE.CP.1 "Conformal treatment of tumors"', ...header(), '', 'facts', ...factLines(statements), ''];
  const middle = ['criteria', ...statementLines(statements), '', 'codes', ...codeLines(statements), ''];
  const after = ['revisions', ...revisionLines(), '', 'references', ...referenceLines()];
  const used = before.length + middle.length + after.length;
  if (lines === undefined) return join([...before, ...middle, ...after]);
  // The background section costs its heading and the empty line after it.
  const padding = lines - used - 2;
  if (padding < 1) throw new Error(`${statements} statements need more than ${lines} lines`);
  return join([...before, ...middle, 'background', ...proseLines(padding), '', ...after]);
}

/** The largest policy of whole statements that fits, padded to exactly `lines` lines. */
export function policyOfLines(lines) {
  const one = policyText({ statements: 1 }).split('\n').length;
  const two = policyText({ statements: 2 }).split('\n').length;
  const statements = Math.max(1, Math.floor((lines - one - 4) / (two - one)) + 1);
  return policyText({ statements, lines });
}

/** A policy of at least `bytes` bytes. */
export function policyOfBytes(bytes) {
  const one = policyText({ statements: 1 }).length;
  const two = policyText({ statements: 2 }).length;
  return policyText({ statements: Math.ceil((bytes - one) / (two - one)) + 1 });
}

const join = (lines) => lines.join('\n') + '\n';

// The first statement keeps the model's names; a copy's facts carry its number.
const suffixed = (name, copy) => (copy === 0 ? name : `${name}_${copy + 1}`);

function header() {
  return ['  plan       Example Health Plan', '  revised    2025-03', '  approved   2025-05-20', '  effective  2025-06-19'];
}

function factLines(statements) {
  return copies(statements, (copy) =>
    facts.map((fact) => `  ${suffixed(fact.name, copy).padEnd(26)}  ${typeOf(fact).padEnd(12)}  "${fact.question}"`),
  );
}

function typeOf(fact) {
  if (fact.type === 'number') return fact.unit || 'number';
  return fact.type === 'yes/no' ? 'yes/no' : `one of ${[...fact.values, 'unstated'].join(', ')}`;
}

function statementLines(statements) {
  return copies(statements, (copy) => criterionLines({ ...tree, label: roman(copy + 1) }, copy, 0));
}

function criterionLines(node, copy, depth) {
  const indent = '   '.repeat(depth);
  const citation = depth === 1 && !node.any ? ` [${1 + ((node.label.charCodeAt(0) + copy) % REFERENCES.length)}]` : '';
  const own = [`${indent}${node.label}. ${node.prose}${citation}`];
  if (node.when) return [...own, `${indent}   when ${conditionText(node.when, copy)}`];
  return [...own, ...node.any.flatMap((child) => criterionLines(child, copy, depth + 1))];
}

function conditionText(condition, copy, inner = false) {
  const { op, args } = split(condition);
  if (op === 'and' || op === 'or') {
    const text = args.map((arg) => conditionText(arg, copy, true)).join(` ${op} `);
    return inner ? `(${text})` : text;
  }
  if (op === 'not') return notText(args[0], copy);
  return comparisonText(op, args, copy);
}

function notText(operand, copy) {
  const { op, args } = split(operand);
  if (op === 'eq' && args[1] !== true) return `${suffixed(args[0], copy)} is not ${args[1]}`;
  return `not ${conditionText(operand, copy, true)}`;
}

function comparisonText(op, [name, value], copy) {
  const fact = suffixed(name, copy);
  if (op === 'eq') return value === true ? fact : `${fact} is ${value}`;
  const unit = facts.find((each) => each.name === name).unit;
  return `${fact} ${op === 'lt' ? '<' : '>='} ${value}${unit ? ` ${unit}` : ''}`;
}

const CODES = [
  ['CPT', '77301', 'Planning of the treatment', ''],
  ['CPT', '77338', 'Leaf collimator for the plan', ''],
  ['CPT', '77402', 'Delivery, simple'],
  ['CPT', '77407', 'Delivery, complex'],
  ['HCPCS', 'A4648', 'Marker in the tissue'],
  ['HCPCS', 'A4650', 'Dosimeter in the tissue'],
];

// A longer policy has more rows, each with a code of its own so that none is listed twice.
function codeLines(statements) {
  return copies(statements, (copy) =>
    CODES.map(([system, code, label, note], row) => {
      const own = copy === 0 ? code : `${code[0]}${String(copy * CODES.length + row).padStart(4, '0')}`;
      return `  ${system.padEnd(6)} ${own}   ${note ? `${label.padEnd(34)}${note}` : label}`;
    }),
  );
}

function revisionLines() {
  return [
    '  2025-03, approved 2025-05-20, effective 2025-06-19',
    '    Annual review. Sites are listed by region of the body.',
    '  2024-05, approved 2024-07-16, effective 2024-08-16',
    '    Annual review. Bibliography brought up to date.',
  ];
}

const REFERENCES = [
  'Example A. Conformal treatment of tumors of the chest. J Ex Oncol. 2021;12(3):101-110.',
  'Example B, Sample C. Doses to the heart under three techniques. Ex Radiol. 2019;7(1):15-22.',
  'Example Society. Model policy on conformal treatment. https://example.org/model-policy. Accessed January 22, 2025.',
  'Sample D. Sparing of the hippocampus in practice. J Ex Neurol. 2020;31(4):254-264.',
  'Example E, Sample F, Test G. Treatment of the neck, a review. Ex Surg. 2022;18(2):77-89.',
  'Test H. Late effects on the lung after treatment. J Ex Chest. 2018;9(6):612-620.',
];

const referenceLines = () => REFERENCES.map((text, index) => `  ${index + 1}. ${text}`);

const PROSE = [
  'The dose is shaped to the target so that the organs around it receive less of it. [1]',
  'Planning takes several steps, of which drawing the outline of the target is one. [2-3]',
  'Reports differ in how they count late effects, which makes comparison harder. [4]',
  'The plan is checked against the tolerance of each organ before the first session. [5,6]',
];

const proseLines = (count) => Array.from({ length: count }, (_, line) => `  ${PROSE[line % PROSE.length]}`);

const copies = (count, lines) => Array.from({ length: count }, (_, copy) => lines(copy)).flat();

function roman(number) {
  const numerals = [[100, 'C'], [90, 'XC'], [50, 'L'], [40, 'XL'], [10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I']];
  let rest = number;
  let text = '';
  for (const [value, numeral] of numerals) {
    while (rest >= value) {
      text += numeral;
      rest -= value;
    }
  }
  return text;
}
