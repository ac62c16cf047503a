#!/usr/bin/env node
// VS Code for the Web, with no server behind it: the extension runs in the web worker extension host, as on vscode.dev.
//
//   web-host.mjs --extension=DIR --tests=DIR --workspace=DIR
//
// The workbench and the browser are those of the headless editor (host.mjs). The page is told to run without a remote
// server, to load the extension from its folder (of which nothing is served but what goes into the package) and the suite
// from DIR/index.js. DIR holds a second extension beside it, package.json and files.js, which gives the workspace as files
// of a scheme of its own: the suite sees no file of this machine. Environment: as for code-host.mjs.
// Exit codes: 0 passed, 124 time limit, 130 interrupted, 3 no editor to be had, 2 wrong usage, else the suite's failure.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EndedEarly, INTERRUPTED, pictureOfFailure, printLog, raceOf, START_LIMIT_MS, startBrowser, stopSignal, TIMED_OUT, windowSize } from './code-host.mjs';
import { installHost } from './host.mjs';
import { performAll } from './page-requests.mjs';

const NO_EDITOR = 3;
/** The scheme of the workspace's files; test/editor/web/package.json names it too. */
const SCHEME = 'policy-files';
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.ttf': 'font/ttf', '.wasm': 'application/wasm' };
const SETTINGS = {
  'extensions.ignoreRecommendations': true, 'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off', 'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.startupEditor': 'none', 'workbench.tips.enabled': false, 'chat.disableAIFeatures': true,
};

/** What the editor itself logs about parts of it that are not there, or not asked for. Bound to the start of the text, so that no line of a suite is lost. */
const NOISE = new RegExp(`^(${[
  'Ignoring the error while validating workspace folder', "Request to '[^']*/package\\.nls\\.json' failed", 'Loading development extension at', 'Unable to load and parse grammar for scope',
  String.raw`No search provider registered for scheme: ${SCHEME}`, String.raw`\[chat-stt\]`,
].join('|')})`);

/** code-server's workbench always speaks to its server and keeps the settings there: what stands in it, and what VS Code has instead. */
const OF_CODE_SERVER = /** @type {const} */ ([
  [/\bremoteAuthority:location\.host\b/g, 'remoteAuthority:void 0'],
  [/(?<=this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote\b/g, 'vscodeUserData'],
]);

/**
 * Runs a suite in the web worker extension host, and leaves no process and no temporary file behind.
 * @param {{ extension: string, tests: string, workspace: string }} run absolute paths
 * @param {AbortSignal} stop ends the run early, its reason being the exit code
 * @returns {Promise<number>} the suite's exit code; 124 after the time limit
 */
async function runSuite(run, stop) {
  const host = await installHost().catch((error) => { throw new NoEditor(error.message); });
  stop.throwIfAborted();
  const scratch = await mkdtemp(join(tmpdir(), 'policy-web-'));
  /** @type {(() => unknown)[]} */
  const cleanups = [() => rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })];
  try {
    const limit = Number(process.env.POLICY_EDITOR_TIMEOUT_MS || 240_000);
    const verdict = raceOf(stop, limit);
    const browser = await verdict.or(startBrowser(host, scratch));
    cleanups.push(() => browser.close());
    const page = await browser.newPage({ viewport: windowSize(), deviceScaleFactor: Number(process.env.POLICY_EDITOR_SCALE || 1), reducedMotion: 'reduce' });
    page.on('crash', () => verdict.fail(new Error('the editor window crashed')));
    if (process.env.POLICY_EDITOR_VERBOSE === '1') {
      page.on('console', (message) => console.log(`[page] ${message.text()}`));
      page.on('requestfailed', (request) => console.log(`[page] ${request.url()}: ${request.failure()?.errorText}`));
      page.on('pageerror', (error) => console.log(`[page] ${error.stack}`));
      page.on('response', (response) => { if (response.status() >= 400) console.log(`[page] ${response.url()}: ${response.status()}`); });
    }
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
      if (process.env.POLICY_EDITOR_VERBOSE === '1' || !NOISE.test(args.filter((arg) => typeof arg === 'string').join(' ').replace(/^(%c *)*(INFO|WARN|ERR)? *(color:[^ ]* *#\w+ *)?/, ''))) printLog(type, args);
    });
    await page.exposeFunction('codeAutomationExit', verdict.settle);
    const pictures = resolve(process.env.POLICY_EDITOR_SCREENSHOTS || join(scratch, 'pictures'));
    const server = await serve(host, run, (steps) => performAll(page, steps, pictures));
    cleanups.push(server.close);

    await verdict.or(page.goto(`http://${server.authority}/`, { timeout: START_LIMIT_MS }));
    const code = await verdict.promise;
    if (code === TIMED_OUT) console.error(`The suite did not end within ${limit / 1000} s.`);
    if (code !== 0 && code !== INTERRUPTED) await pictureOfFailure(page);
    return code;
  } finally {
    for (const cleanup of cleanups.reverse()) await Promise.resolve().then(cleanup).catch(() => {});
  }
}

/** No editor can be had on this machine. */
class NoEditor extends Error {}

/**
 * Serves the page, the workbench, the extension and the suite, and carries out the suite's steps on the page.
 * @param {import('./host.mjs').Host} host @param {{ extension: string, tests: string, workspace: string }} run
 * @param {(steps: Record<string, any>[]) => Promise<object>} perform
 */
async function serve(host, run, perform) {
  const workbench = resolve(host.serverMain, '..');
  const manifest = JSON.parse(await readFile(join(run.extension, 'package.json'), 'utf8'));
  const packaged = new Set(['package.json', ...manifest.files]);
  const samples = await filesOf(run.workspace);
  let authority = '';

  /** @param {string} path @returns {Promise<[type: string, body: string | Buffer] | undefined>} */
  const answer = async (path) => {
    if (path === '/') return ['text/html', htmlPage(authority, await readFile(join(workbench, 'vs/code/browser/workbench/workbench.html'), 'utf8'))];
    if (path === '/workspace.json') return ['application/json', JSON.stringify(samples)];
    if (path === '/out/vs/code/browser/workbench/workbench.js') return ['text/javascript', withoutServer(await readFile(join(workbench, path.slice(5)), 'utf8'))];
    const [, top = '', rest = ''] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
    // What is not in the package is not there for the extension either.
    const folder = { out: workbench, extensions: join(workbench, '../extensions'), node_modules: join(workbench, '../node_modules'), tests: run.tests, extension: packaged.has(rest) ? run.extension : undefined }[top];
    const file = folder && normalize(join(folder, rest));
    if (!file?.startsWith(folder + sep)) return undefined;
    return [TYPES[extname(file)] ?? 'application/octet-stream', await readFile(file)];
  };

  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (request.method === 'POST' && path === '/requests') {
        let body = '';
        for await (const part of request) body += part;
        return void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(await perform(JSON.parse(body))));
      }
      const found = await answer(path);
      if (found === undefined) return void response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': found[0], 'Cache-Control': 'no-store' }).end(found[1]);
    } catch (error) {
      const absent = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
      if (!absent) console.error(`${request.url}: ${error}`);
      response.writeHead(absent ? 404 : 500).end();
    }
  });
  await new Promise((done, fail) => server.on('error', fail).listen(0, '127.0.0.1', () => done(undefined)));
  authority = `127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  return { authority, close: () => { server.closeAllConnections(); server.close(); } };
}

/** @param {string} authority @param {string} template code-server's page, with places to be filled in */
function htmlPage(authority, template) {
  /** @param {string} path */
  const here = (path) => ({ scheme: 'http', authority, path });
  const configuration = {
    folderUri: { scheme: SCHEME, authority: 'samples', path: '/policies' },
    developmentOptions: { enableSmokeTestDriver: true, extensions: [here('/extension'), here('/tests')], extensionTestsPath: here('/tests/index.js') },
    webviewEndpoint: `http://${authority}/out/vs/workbench/contrib/webview/browser/pre`,
    // What code-server's workbench asks for.
    userDataPath: '/user', isEnabledFileDownloads: true, isEnabledFileUploads: true, isEnabledCoderGettingStarted: false,
    configurationDefaults: SETTINGS,
    productConfiguration: { extensionsGallery: undefined },
  };
  /** @type {Record<string, string>} */
  const values = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    WORKBENCH_WEB_BASE_URL: '', WORKBENCH_NLS_FALLBACK_URL: '/out/nls.messages.js', WORKBENCH_NLS_URL: '/out/nls.messages.js',
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? '');
}

/** @param {string} script the workbench's */
function withoutServer(script) {
  return OF_CODE_SERVER.reduce((text, [found, instead]) => {
    const times = text.match(found)?.length ?? 0;
    if (times !== 1) throw new Error(`${found} stands in the workbench ${times} times, not once: it has changed, look for another way to run it without a server`);
    return text.replace(found, instead);
  }, script);
}

/**
 * The files of a folder and their contents, in base64.
 * @param {string} folder @returns {Promise<Record<string, string>>}
 */
async function filesOf(folder) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1).replaceAll(sep, '/')] = (await readFile(path)).toString('base64');
  }
  return found;
}

async function main() {
  const text = { type: /** @type {const} */ ('string') };
  const { values } = parseArgs({ options: { extension: text, tests: text, workspace: text } });
  if (!values.extension || !values.tests || !values.workspace) throw new TypeError('needs --extension=DIR, --tests=DIR and --workspace=DIR');
  const stop = stopSignal();
  try {
    return await runSuite({ extension: resolve(values.extension), tests: resolve(values.tests), workspace: resolve(values.workspace) }, stop);
  } catch (error) {
    if (stop.aborted) return INTERRUPTED;
    console.error(`VS Code for the Web failed: ${error instanceof Error ? error.message : error}`);
    return error instanceof EndedEarly ? error.code : error instanceof NoEditor ? NO_EDITOR : 1;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exit(await main().catch((error) => { console.error(`ERROR: ${error.message}`); return 2; }));
}
