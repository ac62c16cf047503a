// Reads a file as it stood at a revision of git, without a shell and without running anything that a repository's settings name.
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { UsageError } from "./exit.js";
import { decoded, LARGEST_FILE } from "./files.js";

/** Settings of the user that would change what git prints, or run programs. */
const PLAIN = ["-c", "core.quotePath=false", "-c", "core.fsmonitor=false"];
const NO_GIT = "a revision needs git, and there is no git on this machine";

interface Answer {
  readonly out: Buffer;
  readonly failed: boolean;
  readonly said: string;
}

function git(...args: readonly string[]): Promise<Answer> {
  return new Promise((done, fail) => {
    const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
    // A little more than is read of a file, so that a larger one is told from a failure.
    execFile("git", [...PLAIN, ...args], { encoding: "buffer", maxBuffer: LARGEST_FILE + 1024, windowsHide: true, env }, (error, out, err) => {
      if (error !== null && (error as NodeJS.ErrnoException).code === "ENOENT") fail(new UsageError(NO_GIT));
      else done({ out, failed: error !== null, said: err.toString("utf8").trim() || (error?.message ?? "") });
    });
  });
}

/** A file at a revision: where it is, under the name it is shown with, and what it held. */
export interface RevisionFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads `path` as it stood at `revision`. A path that was written behind the revision (`REV:path`) counts from the top of the
 * repository, as git has it, or else from the current folder; one that names a file on disk counts from there.
 */
export async function readRevision(revision: string, path: string, fromTop: boolean): Promise<RevisionFile> {
  const top = await git("rev-parse", "--show-toplevel");
  if (top.failed) throw new UsageError("a revision needs a git repository, and this folder is in none", top.said.includes("not a git repository") ? undefined : top.said.split("\n", 1)[0]);
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (commit.failed) throw new UsageError(`git knows no revision \`${revision}\`, and there is no file of that name`, "Give a file, a branch, a tag or a commit; in CI, see that the history is fetched.");
  const id = commit.out.toString("utf8").trim();
  const root = realpathSync(top.out.toString("utf8").replace(/\r?\n$/u, ""));
  const here = placeIn(root, path);
  const places = [...new Set(fromTop && !/^\.{1,2}[\\/]/u.test(path) ? [path.split("\\").join("/"), ...here] : here)];
  if (places.length === 0) throw new UsageError(`${path} is not in the git repository of this folder`);
  const name = `${revision}:${path}`;
  for (const place of places) {
    const type = await git("cat-file", "-t", `${id}:${place}`);
    if (type.failed) continue;
    if (type.out.toString("utf8").trim() !== "blob") throw new UsageError(`${name} is no file`);
    const blob = await git("cat-file", "blob", `${id}:${place}`);
    if (blob.failed) throw new UsageError(blob.out.length > LARGEST_FILE ? `${name} holds more than ${LARGEST_FILE / 1024 / 1024} MB, which is more than is read` : `git could not read ${name}`, blob.said.split("\n", 1)[0]);
    return { name, text: decoded(blob.out) };
  }
  throw new UsageError(`there was no ${path} at \`${revision}\``, "Where it had another name then, write REVISION:PATH.");
}

/** The path of a file counted from the top of its repository; nothing where it lies outside. */
function placeIn(root: string, path: string): readonly string[] {
  const full = resolve(path);
  // The file itself may be gone by now: its folder may be a link all the same.
  const parts = full.split(sep);
  let depth = parts.length;
  while (depth > 1 && !existsSync(parts.slice(0, depth).join(sep) || sep)) depth--;
  const place = relative(root, resolve(realpathSync(parts.slice(0, depth).join(sep) || sep), ...parts.slice(depth))).split(sep).join("/");
  return place === "" || place.startsWith("../") || place === ".." ? [] : [place];
}
