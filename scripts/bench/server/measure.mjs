// Measures one language server on one document size, or with --start its start alone, in a process of its own.

import { argument, percentile, seededRandom } from '../lib.mjs';
import { OpenDocument, residentMegabytes, startServer, stopServer } from './client.mjs';
import { servers } from './servers.mjs';

const EDITS = { 2000: 200, 20000: 60 };
const HOVERS = 100;
const REQUESTS = 30;
/** A slow request is asked less often: milliseconds after which no further one is asked, and how many there are at least. */
const LONGEST = 3000;
const LEAST = 5;
const VISIBLE_LINES = 50;

const description = servers[argument('server')]();
const server = await startServer(description);
const report = process.argv.includes('--start') ? { initialize: server.milliseconds } : await session(Number(argument('lines')));
process.stdout.write(JSON.stringify(report) + '\n');
await stopServer(server);

async function session(lines) {
  const random = seededRandom(lines);
  const text = description.document(lines);
  const document = new OpenDocument(server, { uri: `file:///bench/document.${description.extension}`, languageId: description.languageId, text });
  const firstDiagnostics = await timed(() => answered(document, () => document.open()));
  const found = await keystrokes(document, random, EDITS[lines]);
  const hovers = await hoverTimes(document, random);
  return {
    firstDiagnostics,
    keystrokeP50: percentile(found.times, 0.5),
    keystrokeP95: percentile(found.times, 0.95),
    hoverP50: percentile(hovers, 0.5),
    hoverP95: percentile(hovers, 0.95),
    requests: await requestTimes(server, document, random),
    megabytes: residentMegabytes(server.child.pid),
    pulls: document.pulls,
    diagnosed: found.diagnosed,
  };
}

/** Types a letter at a random place and takes it back with the next keystroke; each waits for its diagnostics. */
async function keystrokes(document, random, count) {
  const times = [];
  let diagnosed = 0;
  let place;
  for (let edit = 0; edit < count; edit++) {
    const typing = edit % 2 === 0;
    if (typing) place = randomPlace(document, random);
    let diagnostics;
    times.push(
      await timed(async () => {
        diagnostics = await answered(document, () => document.edit(place.line, place.character, typing ? 'x' : ''));
      }),
    );
    if (diagnostics.length > 0) diagnosed++;
    // A person pauses between two keystrokes: late work of the server must not fall on the next one.
    await pause(5);
  }
  return { times, diagnosed };
}

async function hoverTimes(document, random) {
  const times = [];
  for (let hover = 0; hover < HOVERS; hover++) {
    const { line, character } = randomPlace(document, random);
    times.push(await timed(() => document.hover(line, character)));
  }
  return times;
}

/** The other requests of an editor, as far as the server answers them: half and 95 % of each, in milliseconds. */
async function requestTimes(server, document, random) {
  const textDocument = { uri: document.uri };
  const place = () => ({ textDocument, position: randomPlace(document, random) });
  const seen = () => {
    const { line } = randomPlace(document, random);
    return { textDocument, range: { start: { line, character: 0 }, end: { line: Math.min(line + VISIBLE_LINES, document.lines.length - 1), character: 0 } } };
  };
  const all = () => ({ textDocument });
  const options = { tabSize: 2, insertSpaces: true };
  const asked = {
    completion: ['completionProvider', 'completion', place],
    signatureHelp: ['signatureHelpProvider', 'signatureHelp', place],
    definition: ['definitionProvider', 'definition', place],
    references: ['referencesProvider', 'references', () => ({ ...namePlace(), context: { includeDeclaration: true } })],
    rename: ['renameProvider', 'rename', () => ({ ...namePlace(), newName: `renamed_${Math.floor(random() * 1e6)}` })],
    selectionRange: ['selectionRangeProvider', 'selectionRange', () => ({ textDocument, positions: [randomPlace(document, random)] })],
    documentHighlight: ['documentHighlightProvider', 'documentHighlight', place],
    documentSymbol: ['documentSymbolProvider', 'documentSymbol', all],
    foldingRange: ['foldingRangeProvider', 'foldingRange', all],
    semanticTokens: ['semanticTokensProvider', 'semanticTokens/full', all],
    semanticTokensRange: ['semanticTokensProvider', 'semanticTokens/range', seen],
    inlayHint: ['inlayHintProvider', 'inlayHint', seen],
    codeLens: ['codeLensProvider', 'codeLens', all],
    documentLink: ['documentLinkProvider', 'documentLink', all],
    codeAction: ['codeActionProvider', 'codeAction', () => { const at = randomPlace(document, random); return { textDocument, range: { start: at, end: at }, context: { diagnostics: [] } }; }],
    formatting: ['documentFormattingProvider', 'formatting', () => ({ textDocument, options })],
    rangeFormatting: ['documentRangeFormattingProvider', 'rangeFormatting', () => ({ ...seen(), options })],
  };
  const times = {};
  for (const [name, [capability, method, params]] of Object.entries(asked)) {
    if (!server.capabilities[capability]) continue;
    const each = [];
    const until = performance.now() + LONGEST;
    for (let i = 0; i < REQUESTS && (i < LEAST || performance.now() < until); i++) {
      const given = params();
      const answer = server.connection.sendRequest(`textDocument/${method}`, given);
      // What a server refuses (renaming what has no name) it has answered.
      each.push(await timed(() => Promise.race([answer.catch(() => null), server.died])));
    }
    times[name] = { p50: percentile(each, 0.5), p95: percentile(each, 0.95) };
  }
  // After one letter more, what has changed since: the usual question of an editor.
  if (server.capabilities.semanticTokensProvider?.full?.delta) times.semanticTokensDelta = await deltaTimes(server, document, random);
  return times;

  /** A place of a name that is used: a fact in a condition, where the document has such lines. */
  function namePlace() {
    for (let tries = 0; tries < 1000; tries++) {
      const { line } = randomPlace(document, random);
      const when = /^ +when (?=[a-z])/.exec(document.lines[line]);
      if (when) return { textDocument, position: { line, character: when[0].length + 1 } };
    }
    return place();
  }
}

async function deltaTimes(server, document, random) {
  const textDocument = { uri: document.uri };
  let { resultId } = await server.connection.sendRequest('textDocument/semanticTokens/full', { textDocument });
  const each = [];
  for (let edit = 0; edit < REQUESTS; edit++) {
    const { line, character } = randomPlace(document, random);
    await document.edit(line, character, 'x');
    await document.diagnostics();
    each.push(await timed(async () => ({ resultId } = await server.connection.sendRequest('textDocument/semanticTokens/full/delta', { textDocument, previousResultId: resultId }))));
    await document.edit(line, character, '');
    await document.diagnostics();
  }
  return { p50: percentile(each, 0.5), p95: percentile(each, 0.95) };
}

/** Pushed diagnostics may come at once, so waiting for them starts before the change; a pull can only follow it. */
async function answered(document, change) {
  if (!document.pulls) {
    const pushed = document.diagnostics();
    await change();
    return pushed;
  }
  await change();
  return document.diagnostics();
}

function randomPlace(document, random) {
  const line = Math.floor(random() * (document.lines.length - 1));
  return { line, character: Math.floor(random() * document.lines[line].length) };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
