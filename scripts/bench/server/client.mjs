// A minimal language client over stdio: just what is needed to type, wait for diagnostics and hover.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import rpc from 'vscode-jsonrpc/node';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = rpc;

const CAPABILITIES = {
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { versionSupport: true },
    diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
  workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
};

// LSP's code for "ask again": a pull that the server gave up because the document changed.
const SERVER_CANCELLED = -32802;

/** Starts a server and answers once `initialize` is; `milliseconds` counts from the spawn. */
export async function startServer({ args, settings = {}, initializationOptions }) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const died = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`the server ended with ${code}`))));
  died.catch(() => {});
  answerServerRequests(connection, settings);
  connection.listen();
  const params = { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities: CAPABILITIES, initializationOptions };
  const { capabilities } = await Promise.race([connection.sendRequest('initialize', params), died]);
  const milliseconds = performance.now() - start;
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings });
  return { child, connection, capabilities, died, milliseconds };
}

function answerServerRequests(connection, settings) {
  connection.onRequest('workspace/configuration', ({ items }) => items.map(({ section }) => settings[section] ?? null));
  connection.onRequest('workspace/workspaceFolders', () => null);
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
}

/** One open document; `diagnostics()` waits for those of its present version, pulled where the server offers it. */
export class OpenDocument {
  constructor(server, { uri, languageId, text }) {
    this.server = server;
    this.uri = uri;
    this.languageId = languageId;
    this.lines = text.split('\n');
    this.version = 0;
    this.pulls = Boolean(server.capabilities.diagnosticProvider);
    const sync = server.capabilities.textDocumentSync;
    this.incremental = (typeof sync === 'object' ? sync.change : sync) === 2;
    server.connection.onNotification('textDocument/publishDiagnostics', (params) => this.received(params));
  }

  open() {
    this.version = 1;
    const textDocument = { uri: this.uri, languageId: this.languageId, version: 1, text: this.lines.join('\n') };
    return this.server.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Inserts `text` at a place, or with no text deletes the one character there. */
  edit(line, character, text) {
    const before = this.lines[line];
    const removed = text === '' ? 1 : 0;
    this.lines[line] = before.slice(0, character) + text + before.slice(character + removed);
    this.version++;
    const range = { start: { line, character }, end: { line, character: character + removed } };
    return this.server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri, version: this.version },
      contentChanges: [this.incremental ? { range, text } : { text: this.lines.join('\n') }],
    });
  }

  diagnostics() {
    return Promise.race([this.pulls ? this.pull() : this.push(), this.server.died]);
  }

  async pull() {
    for (;;) {
      try {
        return (await this.server.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: this.uri } })).items;
      } catch (error) {
        if (error.code !== SERVER_CANCELLED) throw error;
      }
    }
  }

  // Asked for before the change is sent, so that no answer is missed.
  push() {
    return new Promise((resolve) => (this.waiting = resolve));
  }

  // Diagnostics of an older version are late answers to an earlier edit; a server that gives no version is taken at its word.
  received(params) {
    if (params.uri !== this.uri || !this.waiting) return;
    if (params.version !== undefined && params.version !== null && params.version < this.version) return;
    const resolve = this.waiting;
    this.waiting = undefined;
    resolve(params.diagnostics);
  }

  hover(line, character) {
    const params = { textDocument: { uri: this.uri }, position: { line, character } };
    return Promise.race([this.server.connection.sendRequest('textDocument/hover', params), this.server.died]);
  }
}

export async function stopServer({ child, connection }) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const late = setTimeout(() => child.kill('SIGKILL'), 3000);
  await connection.sendRequest('shutdown').catch(() => {});
  await connection.sendNotification('exit').catch(() => {});
  await ended;
  clearTimeout(late);
  connection.dispose();
}

/** Resident memory in megabytes, or undefined where the system does not say. */
export function residentMegabytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    try {
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
    } catch {
      return undefined;
    }
  }
}
