// The server area: start, first diagnostics, keystroke to diagnostics, hover and memory, over stdio as an editor does it.

import { fileURLToPath } from 'node:url';
import { failures, goal, measureInTurns, medianOf, ratio } from '../lib.mjs';
import { available } from './servers.mjs';

const STARTS = 10;
const ROUNDS = 3;
const SIZES = [2000, 20000];

const REQUESTS = [
  ['completion', 'completion'],
  ['rename', 'rename'],
  ['semantic tokens of all', 'semanticTokens'],
  ['semantic tokens since the last edit', 'semanticTokensDelta'],
  ['semantic tokens of 50 lines', 'semanticTokensRange'],
  ['formatting', 'formatting'],
  ['formatting of 50 lines', 'rangeFormatting'],
  ['definition', 'definition'],
  ['references', 'references'],
  ['form of a condition', 'signatureHelp'],
  ['growing selection', 'selectionRange'],
  ['highlight', 'documentHighlight'],
  ['outline', 'documentSymbol'],
  ['folding', 'foldingRange'],
  ['links', 'documentLink'],
  ['inlay hints of 50 lines', 'inlayHint'],
  ['code lenses', 'codeLens'],
  ['code actions', 'codeAction'],
];

const WITH_P95 = new Set(['completion', 'rename', 'semanticTokens', 'semanticTokensDelta', 'formatting']);

/** A goal is `[text, most]`: a ratio to vscode-json, or `{ ms }` for ours alone. */
const MEASURES = [
  { name: 'first diagnostics after opening', pick: (round) => round.firstDiagnostics, unit: 'ms' },
  { name: 'keystroke → diagnostics, p50', pick: (round) => round.keystrokeP50, unit: 'ms' },
  { name: 'keystroke → diagnostics, p95', pick: (round) => round.keystrokeP95, unit: 'ms', goal: ['≤ vscode-json', 1] },
  { name: 'hover, p50', pick: (round) => round.hoverP50, unit: 'ms', at2000: { ms: 1 } },
  { name: 'hover, p95', pick: (round) => round.hoverP95, unit: 'ms' },
  ...REQUESTS.flatMap(([name, key]) => [
    { name: `${name}, p50`, pick: (round) => round.requests[key]?.p50, unit: 'ms', ...(key === 'completion' ? { at2000: { ms: 5 } } : {}) },
    ...(WITH_P95.has(key) ? [{ name: `${name}, p95`, pick: (round) => round.requests[key]?.p95, unit: 'ms' }] : []),
  ]),
  { name: 'memory at the end', pick: (round) => round.megabytes, unit: 'MB' },
];

export async function run() {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const names = available();
  const starts = await measureInTurns(
    names.map((name) => ({ key: name, script, args: [`--server=${name}`, '--start'] })),
    STARTS,
  );
  // The YAML server waits 200 ms before it looks at a keystroke: one round of it takes as long as all of the others'.
  const sessions = await measureInTurns(
    SIZES.flatMap((lines) =>
      names.map((name) => ({ key: `${name} ${lines}`, script, args: [`--server=${name}`, `--lines=${lines}`], once: name === 'yaml' })),
    ),
    ROUNDS,
  );
  return {
    title: 'Language server (stdio)',
    columns: ['ours', 'vscode-json', 'yaml'],
    rows: [
      row('start → initialize answered', 'ms', (name) => medianOf(starts, name, (round) => round.initialize), ['≤ 0.8 × vscode-json', 0.8]),
      ...SIZES.flatMap((lines) =>
        MEASURES.map((each) =>
          row(`${lines.toLocaleString('en-US')} lines: ${each.name}`, each.unit, (name) => medianOf(sessions, `${name} ${lines}`, each.pick), each.goal, lines === SIZES[0] ? each.at2000?.ms : undefined),
        ),
      ),
    ],
    notes: [...channelNotes(sessions, names), ...failures(starts), ...failures(sessions)],
  };

  function row(name, unit, of, [text, most] = ['against vscode-json'], milliseconds) {
    const against = ratio(of('ours'), of('vscode-json'));
    const own = milliseconds === undefined ? [] : [{ text: `≤ ${milliseconds} ms`, holds: of('ours') === undefined ? undefined : of('ours') <= milliseconds }];
    return {
      name,
      unit,
      values: { ours: names.includes('ours') ? of('ours') : 'not built', 'vscode-json': of('vscode-json'), yaml: of('yaml') },
      goals: [most === undefined ? { text, value: against, reportOnly: true } : goal(text, against, (value) => value <= most), ...own],
    };
  }
}

function channelNotes(sessions, names) {
  const channels = names.map((name) => {
    const rounds = sessions.get(`${name} ${SIZES[0]}`);
    if (rounds instanceof Error) return `${name} failed`;
    return `${name} ${rounds[0].pulls ? 'pulled' : 'pushed'} (${rounds[0].diagnosed} of 200 keystrokes left a finding)`;
  });
  return [
    'All documents have the same number of lines and bytes. The peers have no schema, so they check syntax alone; ours checks names, types and labels as well.',
    `Diagnostics: ${channels.join(', ')}.`,
  ];
}
