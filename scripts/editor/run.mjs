#!/usr/bin/env node
// The one launcher of tests in a real editor: chooses the desktop VS Code or the headless one, says which, runs the suite.
//
//   node scripts/editor/run.mjs --extension=DIR --tests=FILE [--workspace=DIR] [--screenshots=DIR]
//                               [--settings=JSON] [--size=1400x900] [--scale=2]
//   node scripts/editor/run.mjs --install          only installs the headless editor
//
// Exit codes: 0 passed, 124 time limit, 130 interrupted, 3 no editor to be had, 2 wrong usage, else the suite's failure.
//
// Environment, all optional, besides what code-host.mjs reads:
//   POLICY_EDITOR       desktop: only the desktop editor will do; headless: do not look for a desktop editor
//   VSCODE_EXECUTABLE   an installed desktop VS Code (the program itself, not the `code` shell script)
//   VSCODE_VERSION      the version to download, `stable` if unset
import { runTests, downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Interrupted, cacheDir, installHost, whyNoHost } from './host.mjs';

const codeHost = join(dirname(fileURLToPath(import.meta.url)), 'code-host.mjs');
const ANSWER_LIMIT_MS = 8_000; // the download host says something within this time or is taken as out of reach
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const NO_EDITOR = 3;
const INTERRUPTED = 130;

/** Keeps the window the same from run to run, and away from what is not under test. */
const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * The names of the built-in themes to look at, for `settings: { 'workbench.colorTheme': THEMES.light }`.
 */
export const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
};

/** No editor can be had on this machine; the message says why for each. */
export class NoEditor extends Error {}

/**
 * A way to start an editor: a program, and the arguments that come before the editor's own.
 * @typedef {{ name: string, program: string, before: string[], desktop: boolean }} Editor
 */

/**
 * What to run and how the window looks.
 * @typedef {object} EditorRun
 * @property {string} extensionPath  folder with the extension's package.json
 * @property {string} testsPath      a CommonJS module that exports `run(): Promise<void>`; a rejection is a failure
 * @property {string} [workspace]    folder or .code-workspace file to open; an empty folder if not given
 * @property {string} [screenshots]  folder for the suite's pictures, and failure.png after a failure (headless editor only)
 * @property {Record<string, unknown>} [settings] user settings, over the quiet ones above
 * @property {string} [size]         WIDTHxHEIGHT of the window in CSS pixels (headless editor only)
 * @property {number} [scale]        device pixels per CSS pixel (headless editor only)
 * @property {Record<string, string>} [env] further environment of the extension host
 */

/**
 * Runs a suite inside a real editor and says on standard output in which.
 * @param {EditorRun} run
 * @returns {Promise<number>} 0 if the suite passed, 124 at the time limit, another number if it failed
 * @throws {NoEditor} if neither a desktop nor a headless editor can be had
 * @throws {Interrupted} if a signal ended the install of the headless editor
 */
export async function runInEditor(run) {
  const editor = await chooseEditor();
  console.log(`Editor: ${editor.name}`);
  const userData = await mkdtemp(join(tmpdir(), 'policy-editor-user-'));
  const limit = editor.desktop ? limitDesktop() : undefined;
  try {
    await writeSettings(userData, run.settings ?? {});
    return await runTests({
      vscodeExecutablePath: editor.program,
      extensionDevelopmentPath: resolve(run.extensionPath),
      extensionTestsPath: resolve(run.testsPath),
      extensionTestsEnv: environmentOf(run),
      launchArgs: [
        ...editor.before, ...(run.workspace ? [resolve(run.workspace)] : []),
        `--user-data-dir=${userData}`, `--extensions-dir=${join(userData, 'extensions')}`, '--disable-extensions',
      ],
    });
  } catch (error) {
    if (limit?.reached) return 124;
    const code = error && typeof error === 'object' && 'code' in error ? error.code : undefined;
    if (typeof code === 'number') return code;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    limit?.clear();
    await rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

/** @param {string} userData @param {Record<string, unknown>} settings */
async function writeSettings(userData, settings) {
  await mkdir(join(userData, 'User'));
  await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2));
}

/** @param {EditorRun} run @returns {Record<string, string>} */
function environmentOf(run) {
  return {
    ...run.env,
    ...(run.screenshots && { POLICY_EDITOR_SCREENSHOTS: resolve(run.screenshots) }),
    ...(run.size && { POLICY_EDITOR_SIZE: run.size }),
    ...(run.scale && { POLICY_EDITOR_SCALE: String(run.scale) }),
  };
}

/**
 * The desktop editor if it can be had and shown, else the headless one.
 * @returns {Promise<Editor>}
 * @throws {NoEditor}
 */
async function chooseEditor() {
  const wish = process.env.POLICY_EDITOR ?? '';
  if (!['', 'desktop', 'headless'].includes(wish)) throw new NoEditor(`POLICY_EDITOR is "${wish}"; it can be "desktop" or "headless"`);
  const desktop = wish === 'headless' ? 'not wanted (POLICY_EDITOR=headless)' : await findDesktop();
  if (typeof desktop !== 'string') return desktop;
  const headless = wish === 'desktop' ? 'not wanted (POLICY_EDITOR=desktop)' : await findHeadless(desktop);
  if (typeof headless !== 'string') return headless;
  throw new NoEditor(`no editor to run the tests in\n  desktop VS Code: ${desktop}\n  headless VS Code: ${headless}`);
}

/** @returns {Promise<Editor | string>} the editor, or why there is none */
async function findDesktop() {
  const display = findDisplay();
  if (!display) return 'no display and no xvfb-run';
  const installed = process.env.VSCODE_EXECUTABLE;
  if (installed && !existsSync(installed)) throw new NoEditor(`VSCODE_EXECUTABLE does not exist: ${installed}`);
  try {
    const executable = installed ?? (await downloadDesktop());
    const [program, ...before] = [...display, executable];
    return { name: `desktop VS Code (${executable})`, program, before, desktop: true };
  } catch (error) {
    return `not downloaded: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * How a window can be shown here.
 * @returns {string[] | undefined} what to put before a program's name; nothing if no window can be shown
 */
function findDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  const found = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'xvfb-run')).find(existsSync);
  return found ? [found, '-a'] : undefined;
}

/**
 * Downloads the desktop editor, or finds an earlier download.
 * @returns {Promise<string>} its program
 * @throws {Error} if the host does not answer in time or the download takes too long
 */
async function downloadDesktop() {
  const download = downloadAndUnzipVSCode({
    version: process.env.VSCODE_VERSION ?? 'stable',
    cachePath: join(cacheDir(), 'desktop'),
    timeout: ANSWER_LIMIT_MS,
    reporter: new SilentReporter(),
  });
  download.catch(() => {}); // it may fail after the time limit, when nobody listens
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${DOWNLOAD_LIMIT_MS / 1000} s`)), DOWNLOAD_LIMIT_MS);
  });
  return Promise.race([download, late]).finally(() => clearTimeout(timer));
}

/** @param {string} whyNotDesktop @returns {Promise<Editor | string>} the editor, or why there is none */
async function findHeadless(whyNotDesktop) {
  const reason = whyNoHost();
  if (reason) return reason;
  try {
    await installHost();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return `not installed: ${error instanceof Error ? error.message : error}`;
  }
  // Started through Node, so that it does not depend on the file's executable bit.
  const name = `headless VS Code server with Chromium (desktop VS Code: ${whyNotDesktop})`;
  return { name, program: process.execPath, before: [codeHost], desktop: false };
}

/**
 * Ends a desktop editor after the time limit. `runTests` keeps the process to itself, but ends it at an interrupt.
 */
function limitDesktop() {
  const ms = Number(process.env.POLICY_EDITOR_TIMEOUT_MS || 240_000);
  const limit = { reached: false, clear: () => { clearTimeout(soft); clearTimeout(hard); process.off('SIGINT', ignore); } };
  const ignore = () => {}; // a listener of our own keeps `runTests` from ending this process
  const soft = setTimeout(() => {
    limit.reached = true;
    console.error(`The suite did not end within ${ms / 1000} s.`);
    process.on('SIGINT', ignore);
    process.emit('SIGINT');
  }, ms);
  const hard = setTimeout(() => process.emit('SIGINT'), ms + 10_000);
  return limit;
}

/**
 * @param {string[]} args the command line without the program
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  const text = { type: /** @type {const} */ ('string') };
  const { values } = parseArgs({
    args,
    options: { extension: text, tests: text, workspace: text, screenshots: text, settings: text, size: text, scale: text, install: { type: 'boolean' } },
  });
  if (values.install) {
    await installHost();
    return 0;
  }
  if (!values.extension || !values.tests) throw new TypeError('needs --extension=DIR and --tests=FILE');
  // An interrupt from outside that is not Ctrl+C must end the editor too.
  process.once('SIGTERM', () => process.emit('SIGINT'));
  return runInEditor({
    extensionPath: values.extension,
    testsPath: values.tests,
    workspace: values.workspace,
    screenshots: values.screenshots,
    settings: values.settings && JSON.parse(values.settings),
    size: values.size,
    scale: values.scale ? Number(values.scale) : undefined,
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const code = await main(process.argv.slice(2)).catch((error) => {
    console.error(`ERROR: ${error.message}`);
    if (error instanceof NoEditor) return NO_EDITOR;
    if (error instanceof Interrupted) return INTERRUPTED;
    return error instanceof TypeError || error instanceof SyntaxError ? 2 : 1;
  });
  process.exit(code);
}
