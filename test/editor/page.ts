// Asks the editor's page for keys, mouse and pictures; does without where there is no page (a desktop editor).
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pause } from "./suite.js";

export type Step = Readonly<Record<string, unknown>>;

const folder = process.env["POLICY_EDITOR_REQUESTS"];
const pictures = process.env["POLICY_EDITOR_SCREENSHOTS"];
const LIMIT_MS = 30_000;
let count = 0;

/** True where steps can be carried out on the editor's page. */
export const hasPage = folder !== undefined;
/** True where pictures are wanted. */
export const wantsPictures = folder !== undefined && pictures !== undefined;

export { pause };

/** Carries out steps; gives one result for each. */
export async function perform(...steps: readonly Step[]): Promise<readonly unknown[]> {
  if (folder === undefined) return [];
  const name = `suite-${++count}`;
  const request = join(folder, `${name}.request`);
  writeFileSync(`${request}.tmp`, JSON.stringify(steps));
  renameSync(`${request}.tmp`, request);
  const response = join(folder, `${name}.response`);
  for (const end = Date.now() + LIMIT_MS; !existsSync(response);) {
    if (Date.now() > end) throw new Error(`no answer to ${JSON.stringify(steps)}`);
    await pause(50);
  }
  const answer = JSON.parse(readFileSync(response, "utf8")) as { ok: boolean; results?: unknown[]; error?: string };
  rmSync(response);
  if (!answer.ok) throw new Error(answer.error);
  return answer.results ?? [];
}

/** Takes a picture of the window, where pictures are wanted. */
export async function picture(name: string): Promise<void> {
  if (wantsPictures) await perform({ wait: 400 }, { screenshot: `${name}.png` });
}
