#!/usr/bin/env node
// The stand-in for the desktop editor: takes VS Code's test arguments, runs the suite in a headless VS Code, exits with its verdict.
//
// Use it as `vscodeExecutablePath` of @vscode/test-electron's `runTests`, or by hand:
//   code-host.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [--user-data-dir=DIR] [WORKSPACE]
// Of the user data only User/settings.json is read. Other options of VS Code are accepted and ignored.
//
// Environment, all optional:
//   POLICY_EDITOR_CACHE        where the editor is installed (see host.mjs)
//   POLICY_EDITOR_TIMEOUT_MS   limit of the whole run without the install, 240000 if unset; the exit code is then 124
//   POLICY_EDITOR_SCREENSHOTS  folder for the suite's screenshots and, after a failure, failure.png
//   POLICY_EDITOR_SIZE         size of the window in CSS pixels, 1400x900 if unset
//   POLICY_EDITOR_SCALE        device pixels per CSS pixel, 1 if unset
//   POLICY_EDITOR_BROWSER      another Chromium to use
//   POLICY_EDITOR_VERBOSE      1: nothing is filtered from the console
// Every variable of this process reaches the extension host and the suite, except VSCODE_* and ELECTRON_*, which would
// tell of the editor in whose terminal this was started. The suite also gets POLICY_EDITOR_REQUESTS: the folder through
// which it asks for keys, mouse and pictures, by the protocol at the head of page-requests.mjs.
import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installHost } from './host.mjs';
import { serveRequests } from './page-requests.mjs';

export const TIMED_OUT = 124;
export const INTERRUPTED = 130;
export const START_LIMIT_MS = 60_000;

// What the editor itself logs about modules that were not built, hosts that are not asked and features that are not under test.
// Each pattern is bound to the start of the text, so that no line of a suite is lost because it mentions one of these.
const NOISE = new RegExp(`^(${[
  String.raw`\[(AgentHost|ChatModelSelection|AccountPolicyGate|RemoteAgentHostProtocol|reconnection-grace-time|Service Worker|driver)\b`,
  'Error: Could not locate the bindings file', "(Error: )?Cannot find module '[^']*(watchdog|vscode-sqlite3|spdlog)",
  'Creating a socket', 'No search provider registered for scheme: vscode-remote', 'Canceled: Canceled: Canceled', 'Creation of workbench contribution', 'Resolv(ing|ed) connection token', 'Ignoring fetching additional builtin', 'Updating additional builtin',
].join('|')})`);

/**
 * What to run, from VS Code's command line.
 * @typedef {{ extensions: string[], tests: string, userData?: string, workspace?: string }} Run
 */

/**
 * Reads the part of VS Code's command line that matters here.
 * @param {string[]} args arguments without the program
 * @returns {Run} absolute paths
 * @throws {Error} if the extension or the suite is not named
 */
export function parseArguments(args) {
  /** @param {string} name */
  const values = (name) => args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => toPath(arg.slice(name.length + 3)));
  const [tests] = values('extensionTestsPath');
  const extensions = values('extensionDevelopmentPath');
  if (!tests || extensions.length === 0) throw new Error('needs --extensionDevelopmentPath=DIR and --extensionTestsPath=FILE');
  const workspace = args.find((arg) => !arg.startsWith('-'));
  return { extensions, tests, userData: values('user-data-dir')[0], workspace: workspace && toPath(workspace) };
}

/** @param {string} value a path or a file: address, as VS Code takes both */
function toPath(value) {
  return value.startsWith('file:') ? fileURLToPath(value) : resolve(value);
}

/**
 * Runs a suite in the headless editor, and leaves no process and no temporary file behind.
 * @param {Run} run
 * @param {AbortSignal} stop ends the run early, its reason being the exit code
 * @returns {Promise<number>} the suite's exit code; 124 after the time limit
 * @throws {Error} if the editor cannot be installed or started
 */
export async function runSuite(run, stop) {
  const host = await installHost();
  stop.throwIfAborted();
  const scratch = await mkdtemp(join(tmpdir(), 'policy-editor-'));
  /** @type {(() => unknown)[]} */
  const cleanups = [() => rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })];
  try {
    return await runIn(scratch, host, run, stop, cleanups);
  } finally {
    for (const cleanup of cleanups.reverse()) await Promise.resolve().then(cleanup).catch(() => {});
  }
}

/** @param {string} scratch @param {import('./host.mjs').Host} host @param {Run} run @param {AbortSignal} stop @param {(() => unknown)[]} cleanups */
async function runIn(scratch, host, run, stop, cleanups) {
  const requests = join(scratch, 'requests');
  const workspace = run.workspace ?? join(scratch, 'workspace');
  await Promise.all([requests, workspace, join(scratch, 'server/data/User')].map((path) => mkdir(path, { recursive: true })));
  await writeSettings(run, join(scratch, 'server/data/User/settings.json'));

  const limit = Number(process.env.POLICY_EDITOR_TIMEOUT_MS || 240_000);
  const verdict = raceOf(stop, limit);
  const server = startServer(host, await freePort(), scratch, requests);
  cleanups.push(server.kill);
  await verdict.or(server.listening);

  const browser = await verdict.or(startBrowser(host, scratch));
  cleanups.push(() => browser.close());
  const page = await browser.newPage({ viewport: windowSize(), deviceScaleFactor: Number(process.env.POLICY_EDITOR_SCALE || 1), reducedMotion: 'reduce' });
  page.on('crash', () => verdict.fail(new Error('the editor window crashed')));
  server.ended.then((how) => verdict.fail(new Error(`the editor's server ended (${how})\n${server.log()}`)));
  await page.exposeFunction('codeAutomationLog', printLog);
  await page.exposeFunction('codeAutomationExit', verdict.settle);
  cleanups.push(serveRequests(page, requests, resolve(process.env.POLICY_EDITOR_SCREENSHOTS || join(scratch, 'pictures'))));

  await verdict.or(page.goto(address(server.authority, run, workspace), { timeout: START_LIMIT_MS }));
  const code = await verdict.promise;
  if (code === TIMED_OUT) console.error(`The suite did not end within ${limit / 1000} s. The server's last words:\n${eventsOf(server.log())}`);
  if (code !== 0 && code !== INTERRUPTED) await pictureOfFailure(page);
  return code;
}

/**
 * The one result of the run: first of the suite's verdict, a failure of the editor, the time limit, or a wish to stop.
 * @param {AbortSignal} stop @param {number} limit in milliseconds
 */
export function raceOf(stop, limit) {
  /** @type {(code: number) => void} */ let settle = () => {};
  /** @type {(error: Error) => void} */ let fail = () => {};
  const promise = new Promise((done, broken) => { settle = done; fail = broken; });
  promise.catch(() => {}); // it may fail while nobody waits for it yet
  setTimeout(() => settle(TIMED_OUT), limit).unref();
  stop.addEventListener('abort', () => settle(stop.reason), { once: true });
  /**
   * Waits for a step of the start, or throws when the run is over before it.
   * @template T @param {Promise<T>} step @returns {Promise<T>}
   */
  const or = (step) => Promise.race([step, promise.then((code) => { throw new EndedEarly(code); })]);
  return { promise, or, settle: (/** @type {number} */ code) => settle(Number(code)), fail };
}

/** The run was stopped, or its time was over, before the editor had started. */
export class EndedEarly extends Error {
  /** @param {number} code */
  constructor(code) {
    super(code === TIMED_OUT ? 'the editor did not start within the time limit' : 'stopped before the editor had started');
    this.code = code;
  }
}

/**
 * Settings come from the desktop's place for them, so that a launcher writes them once for either editor.
 * @param {Run} run @param {string} target
 */
async function writeSettings(run, target) {
  const given = run.userData && join(run.userData, 'User/settings.json');
  if (given && existsSync(given)) await copyFile(given, target);
}

/** @param {import('./host.mjs').Host} host @param {number} port @param {string} scratch @param {string} requests */
function startServer(host, port, scratch, requests) {
  const authority = `127.0.0.1:${port}`;
  const child = spawn(host.node, [
    host.serverMain, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms',
    '--enable-smoke-test-driver', // makes a built workbench accept the suite in its address
    '--disable-workspace-trust', '--telemetry-level', 'off', '--force-disable-user-env',
    '--server-data-dir', join(scratch, 'server'),
  ], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: serverEnvironment(scratch, requests) });
  let log = '';
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.on('error', (error) => done(error.message));
    child.on('exit', (code, signal) => done(String(code ?? signal)));
  });
  const listening = new Promise((done, fail) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => {
      log = (log + text).slice(-8000);
      if (String(text).includes('listening on')) done(undefined);
    });
    ended.then((how) => fail(new Error(`the editor's server ended (${how})\n${log}`)));
  });
  // The server leads a process group: the extension host and language servers end with it.
  const kill = async () => {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, new Promise((done) => setTimeout(done, 1000).unref())]);
    signalGroup(child.pid, 'SIGKILL');
  };
  return { authority, listening, ended, kill, log: () => log };
}

/**
 * The server's events without the traces of modules that were not built.
 * @param {string} log
 */
function eventsOf(log) {
  return log.split('\n').filter((line) => /^\[\d\d:\d\d:\d\d\]/.test(line)).slice(-10).join('\n');
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** @param {string} scratch @param {string} requests @returns {NodeJS.ProcessEnv} */
function serverEnvironment(scratch, requests) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name)));
  return {
    ...own,
    POLICY_EDITOR_REQUESTS: requests,
    // No marketplace: nothing outside this machine is asked for extensions.
    EXTENSIONS_GALLERY: '{}',
    TMPDIR: scratch,
  };
}

/**
 * The packaged browser is the pinned one, so it comes first; its libraries are used only where the machine lacks them.
 * @param {import('./host.mjs').Host} host @param {string} scratch
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function startBrowser(host, scratch) {
  const { chromium } = createRequire(join(host.dir, 'package.json'))('playwright-core');
  const executablePath = process.env.POLICY_EDITOR_BROWSER || join(host.browser, 'chromium');
  return chromium.launch({
    executablePath,
    env: await browserEnvironment(host, scratch, executablePath),
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, // this program ends the browser itself
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--font-render-hinting=none', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** @param {import('./host.mjs').Host} host @param {string} scratch @param {string} executable @returns {Promise<Record<string, string>>} */
async function browserEnvironment(host, scratch, executable) {
  const fonts = join(scratch, 'fonts.conf');
  await writeFile(fonts, fontConfiguration([host.fonts, join(host.browser, 'fonts/fonts')], join(scratch, 'font-cache')));
  /** @type {Record<string, any>} */
  const env = { ...process.env, FONTCONFIG_FILE: fonts, HOME: scratch, TMPDIR: scratch };
  const starts = spawnSync(executable, ['--version'], { env }).status === 0;
  if (!starts) env.LD_LIBRARY_PATH = [join(host.browser, 'al2023/lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return env;
}

/**
 * Only the packaged fonts, so that a picture does not depend on the machine.
 * @param {string[]} folders @param {string} cache
 */
function fontConfiguration(folders, cache) {
  /** @param {string} family @param {string} preferred */
  const alias = (family, preferred) => `<alias binding="same"><family>${family}</family><prefer><family>${preferred}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `<dir>${folder}</dir>`).join('\n')}
<cachedir>${cache}</cachedir>
${alias('monospace', 'DejaVu Sans Mono')}
${alias('sans-serif', 'Open Sans')}
${alias('system-ui', 'Open Sans')}
</fontconfig>
`;
}

/**
 * The address that opens the workspace and runs the suite. Server and resources must be named by the same text.
 * @param {string} authority @param {Run} run @param {string} workspace
 */
function address(authority, run, workspace) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${authority}${encodeURI(path)}`;
  const payload = [
    ...run.extensions.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(run.tests)],
    ['skipWelcome', 'true'],
  ];
  const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `http://${authority}/?${kind}=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

export function windowSize() {
  const [width, height] = (process.env.POLICY_EDITOR_SIZE || '1400x900').split('x').map(Number);
  return { width, height };
}

/**
 * Prints what the extension host wrote to its console.
 * @param {string} type the level: log, info, warn, error… @param {unknown[]} args as for console.log
 */
export function printLog(type, args) {
  const text = plainText(args);
  if (process.env.POLICY_EDITOR_VERBOSE !== '1' && NOISE.test(text)) return;
  if (type === 'error' || type === 'warn') console.error(text);
  else console.log(text);
}

/**
 * The editor styles its console as browsers do (%c and a style for each): the styles are dropped.
 * @param {unknown[]} args
 */
function plainText(args) {
  const [first, ...rest] = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
  const styles = (first?.match(/%c/g) ?? []).length;
  return [first?.replaceAll('%c', ''), ...rest.slice(styles)].join(' ');
}

/** @param {import('playwright-core').Page} page */
export async function pictureOfFailure(page) {
  const folder = process.env.POLICY_EDITOR_SCREENSHOTS;
  if (!folder) return;
  const path = resolve(folder, 'failure.png');
  const taken = await page.screenshot({ path, timeout: 5000 }).then(() => true, () => false);
  if (taken) console.error(`The window at the end: ${path}`);
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().on('error', fail).listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => done(typeof bound === 'object' && bound ? bound.port : 0));
    });
  });
}

/** Aborts, with an exit code as the reason, on a signal or when the program that started this one is gone. */
export function stopSignal() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort(INTERRUPTED));
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) stop.abort(INTERRUPTED); }, 500).unref();
  return stop.signal;
}

async function main() {
  const stop = stopSignal();
  try {
    return await runSuite(parseArguments(process.argv.slice(2)), stop);
  } catch (error) {
    if (stop.aborted) return INTERRUPTED;
    console.error(`The headless editor failed: ${error instanceof Error ? error.message : error}`);
    return error instanceof EndedEarly ? error.code : 1;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) process.exit(await main());
