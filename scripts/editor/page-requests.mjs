// The hands and eyes of a test suite: carries out its requests (keys, mouse, pictures) on the editor's page.
//
// The suite runs in the extension host, a Node process without a window. It asks through files, in the folder named by
// the environment variable POLICY_EDITOR_REQUESTS (unset in a desktop editor: the suite then does without):
//
//   1. The suite writes NAME.request whole (write NAME.tmp, then rename). It holds one JSON step or an array of steps;
//      an empty file means {"screenshot": "NAME.png"}.
//   2. The host carries out the steps in order, removes NAME.request, then writes NAME.response:
//      {"ok": true, "results": [one per step]} or {"ok": false, "error": "…", "step": index}.
//   3. The suite waits for NAME.response and reads it. A name is used once.
//
// Steps (lengths in CSS pixels, times in milliseconds; SELECTOR is CSS or any Playwright selector and is looked up in the
// page, then in its frames, so that the inside of a webview can be reached):
//
//   {"press": "Control+Shift+P"}           press a key or chord
//   {"type": "text"}                       type the text into what has the focus
//   {"click": SELECTOR}  {"hover": SELECTOR}   also with "x" and "y", an offset inside the element
//   {"clickAt": [x, y]}  {"hoverAt": [x, y]}   the mouse in page coordinates
//   {"waitFor": SELECTOR}                  until it is visible; also "gone": true, until it is not
//   {"text": SELECTOR}                     result: the visible text of the first match
//   {"count": SELECTOR}                    result: the number of matches in the page and all frames
//   {"wait": 300}                          let an animation or a popup settle
//   {"resize": [1400, 900]}                size of the window
//   {"screenshot": "hover.png"}            also with "of": SELECTOR for one element, or "clip": [x, y, width, height];
//                                          result: the absolute path. A relative name is in POLICY_EDITOR_SCREENSHOTS.
//
// click, hover, waitFor and text wait at most 10 s for their element; "timeout": ms changes that.
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const POLL_MS = 50;
const ELEMENT_LIMIT_MS = 10_000;

/**
 * Answers the suite's requests until stopped.
 * @param {import('playwright-core').Page} page the editor's page
 * @param {string} requests existing folder in which requests appear and responses are written
 * @param {string} pictures folder for screenshots with a relative name; made when needed
 * @returns {() => void} stops; a request that is under way is still answered
 */
export function serveRequests(page, requests, pictures) {
  let stopped = false;
  const serve = async () => {
    while (!stopped) {
      for (const file of (await readdir(requests).catch(() => [])).sort()) {
        if (file.endsWith('.request') && !stopped) await answer(page, requests, file, pictures);
      }
      await pause(POLL_MS);
    }
  };
  serve().catch((error) => console.error(`page requests: ${error.message}`));
  return () => { stopped = true; };
}

/** @param {import('playwright-core').Page} page @param {string} requests @param {string} file @param {string} pictures */
async function answer(page, requests, file, pictures) {
  const name = file.slice(0, -'.request'.length);
  const response = await carryOut(page, name, join(requests, file), pictures);
  await rm(join(requests, file), { force: true });
  const draft = join(requests, `${name}.response.tmp`);
  await writeFile(draft, JSON.stringify(response));
  await rename(draft, join(requests, `${name}.response`));
}

/** @param {import('playwright-core').Page} page @param {string} name @param {string} path @param {string} pictures */
async function carryOut(page, name, path, pictures) {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return await performAll(page, text ? [JSON.parse(text)].flat() : [{ screenshot: `${name}.png` }], pictures);
  } catch (error) {
    return { ok: false, step: 0, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Carries out steps in order.
 * @param {import('playwright-core').Page} page @param {Record<string, any>[]} steps @param {string} pictures
 * @returns {Promise<{ ok: true, results: unknown[] } | { ok: false, step: number, error: string }>} the response of the protocol
 */
export async function performAll(page, steps, pictures) {
  const results = [];
  try {
    for (const step of steps) results.push((await perform(page, step, pictures)) ?? null);
    return { ok: true, results };
  } catch (error) {
    return { ok: false, step: results.length, error: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Carries out one step.
 * @param {import('playwright-core').Page} page @param {Record<string, any>} step @param {string} pictures
 * @returns {Promise<unknown>} the step's result
 * @throws {Error} if the step is unknown, or its element is not there in time
 */
async function perform(page, step, pictures) {
  const timeout = step.timeout ?? ELEMENT_LIMIT_MS;
  const position = 'x' in step && 'y' in step ? { x: step.x, y: step.y } : undefined;
  if ('press' in step) return page.keyboard.press(step.press);
  if ('type' in step) return page.keyboard.type(step.type);
  if ('click' in step) return (await find(page, step.click, timeout)).click({ timeout, position });
  if ('hover' in step) return (await find(page, step.hover, timeout)).hover({ timeout, position });
  if ('clickAt' in step) return page.mouse.click(step.clickAt[0], step.clickAt[1]);
  if ('hoverAt' in step) return page.mouse.move(step.hoverAt[0], step.hoverAt[1], { steps: 4 });
  if ('waitFor' in step) return void (step.gone ? await goneFrom(page, step.waitFor, timeout) : await find(page, step.waitFor, timeout));
  if ('text' in step) return (await find(page, step.text, timeout)).innerText({ timeout });
  if ('count' in step) return countOf(page, step.count);
  if ('wait' in step) return pause(step.wait);
  if ('resize' in step) return page.setViewportSize({ width: step.resize[0], height: step.resize[1] });
  if ('screenshot' in step) return shoot(page, step, resolve(pictures, step.screenshot), timeout);
  throw new Error(`unknown step ${JSON.stringify(step)}`);
}

/** @param {import('playwright-core').Page} page @param {Record<string, any>} step @param {string} path @param {number} timeout */
async function shoot(page, step, path, timeout) {
  await mkdir(dirname(path), { recursive: true });
  if (step.of) await (await find(page, step.of, timeout)).screenshot({ path });
  else await page.screenshot({ path, clip: step.clip && toClip(step.clip) });
  return path;
}

/** @param {number[]} clip */
function toClip([x, y, width, height]) {
  return { x, y, width, height };
}

/**
 * The first visible match in the page or one of its frames. Frames come and go, so it looks again until the time is up.
 * @param {import('playwright-core').Page} page @param {string} selector @param {number} timeout
 */
async function find(page, selector, timeout) {
  const end = Date.now() + timeout;
  do {
    for (const frame of page.frames()) {
      const visible = frame.locator(selector).filter({ visible: true }).first();
      if (await visible.count().catch(() => 0)) return visible;
    }
    await pause(POLL_MS);
  } while (Date.now() < end);
  throw new Error(`nothing visible matches ${selector} after ${timeout} ms`);
}

/** @param {import('playwright-core').Page} page @param {string} selector @param {number} timeout */
async function goneFrom(page, selector, timeout) {
  const end = Date.now() + timeout;
  do {
    const counts = await Promise.all(page.frames().map((frame) => frame.locator(selector).filter({ visible: true }).count().catch(() => 0)));
    if (counts.every((count) => count === 0)) return;
    await pause(POLL_MS);
  } while (Date.now() < end);
  throw new Error(`${selector} is still visible after ${timeout} ms`);
}

/** @param {import('playwright-core').Page} page @param {string} selector */
async function countOf(page, selector) {
  const counts = await Promise.all(page.frames().map((frame) => frame.locator(selector).count().catch(() => 0)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
