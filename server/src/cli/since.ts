// Which lines have changed since a commit, as git says, so that only what is new is looked at.
import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { promisify } from "node:util";
import { relative, resolve, sep } from "node:path";
import { parsePatch } from "diff";
import type { Range } from "../text.js";
import { UsageError } from "./exit.js";

/** Whether a stretch of a file's text lies on a line that has changed. */
export type Changed = (path: string, text: string, range: Range) => boolean;

const MOST_OUTPUT = 256 * 1024 * 1024;
/** Patterns of the files that are looked at, from the top of the repository, letters large or small. */
const FILES = ["policy", "case.yaml", "case.yml", "case.json"].map((ending) => `:(top,icase)*.${ending}`);
/** Settings of the user that would change what git prints, or run programs. */
const PLAIN = ["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"];

/** Runs git in the current folder, without a shell. */
async function git(...args: readonly string[]): Promise<{ readonly out: string; readonly failed: boolean; readonly said: string }> {
  try {
    const { stdout } = await promisify(execFile)("git", [...PLAIN, ...args], { encoding: "utf8", maxBuffer: MOST_OUTPUT, windowsHide: true, env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" } });
    return { out: stdout, failed: false, said: "" };
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") throw new UsageError("--since needs git, and there is no git on this machine");
    return { out: "", failed: true, said: (stderr ?? "").trim() || message };
  }
}

/**
 * The lines that have changed since a commit, and all lines of files that git does not follow yet. Where the histories have
 * parted, what has changed since they did.
 */
export async function changedSince(ref: string): Promise<Changed> {
  const top = await git("rev-parse", "--show-toplevel");
  if (top.failed) throw new UsageError("--since needs a git repository, and this folder is in none", top.said.includes("not a git repository") ? undefined : top.said.split("\n", 1)[0]);
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (commit.failed) throw new UsageError(`git knows no commit \`${ref}\``, "Give a branch, a tag or a commit; in CI, see that the history is fetched.");
  const id = commit.out.trim();
  const parted = await git("merge-base", id, "HEAD");
  const from = parted.failed ? id : parted.out.trim();
  const diff = await git("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--no-relative", "--ignore-submodules", "--src-prefix=a/", "--dst-prefix=b/", from, "--", ...FILES);
  const untracked = await git("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ...FILES);
  if (diff.failed || untracked.failed) throw new UsageError(`git could not say what has changed since \`${ref}\``, (diff.said || untracked.said).split("\n", 1)[0]);

  const root = realpathSync(top.out.replace(/\r?\n$/u, ""));
  /** Stretches of changed lines by path; undefined for whole files. */
  const changed = new Map<string, readonly (readonly [number, number])[] | undefined>();
  for (const { newFileName, hunks, isBinary } of parsePatch(diff.out)) {
    if (newFileName === undefined || newFileName === "/dev/null") continue;
    // Binary to git are texts in UTF-16.
    changed.set(newFileName.replace(/^b\//u, ""), isBinary === true ? undefined : hunks.map(({ newStart, newLines }) => [newStart, newStart + newLines - 1] as const));
  }
  for (const path of untracked.out.split("\0")) if (path !== "") changed.set(path, undefined);

  const places = new Map<string, string>();
  const placeOf = (path: string): string => {
    const known = places.get(path);
    if (known !== undefined) return known;
    const place = relative(root, realpathSync(resolve(path))).split(sep).join("/");
    places.set(path, place);
    return place;
  };
  return (path, text, range) => {
    const place = placeOf(path);
    if (!changed.has(place)) return false;
    const lines = changed.get(place);
    if (lines === undefined) return true;
    const first = lineOf(text, range.start);
    const last = Math.max(first, lineOf(text, range.end - 1));
    return lines.some(([start, end]) => start <= last && first <= end);
  };
}

/** The line of an offset as git counts them: from 1, ended by line feeds alone. */
function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
