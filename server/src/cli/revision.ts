// Reads a file as it stood at a revision of git, without a shell and without running anything that a repository's settings name.
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { isCaseFile, policyNamesFor } from "../semantics/casefile.js";
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

const git = (...args: readonly string[]): Promise<Answer> => gitWith("", LARGEST_FILE, ...args);

/** Runs git with something on its standard input. */
function gitWith(input: string, largest: number, ...args: readonly string[]): Promise<Answer> {
  return new Promise((done, fail) => {
    const env = { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
    // A little more than is read of a file, so that a larger one is told from a failure.
    const child = execFile("git", [...PLAIN, ...args], { encoding: "buffer", maxBuffer: largest + 1024, windowsHide: true, env }, (error, out, err) => {
      if (error !== null && (error as NodeJS.ErrnoException).code === "ENOENT") fail(new UsageError(NO_GIT));
      else done({ out, failed: error !== null, said: err.toString("utf8").trim() || (error?.message ?? "") });
    });
    // Git may have ended before it has read all.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** A file at a revision: where it is, under the name it is shown with, and what it held. */
export interface RevisionFile {
  readonly name: string;
  readonly text: string;
}

/** A policy at a revision, with the case files that stood beside it. */
export interface RevisionPolicy extends RevisionFile {
  readonly caseFiles: readonly RevisionFile[];
}

/**
 * Reads `path` as it stood at `revision`. A path that was written behind the revision (`REV:path`) counts from the top of the
 * repository, as git has it, or else from the current folder; one that names a file on disk counts from there.
 */
export async function readRevision(revision: string, path: string, fromTop: boolean): Promise<RevisionPolicy> {
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
    return { name, text: decoded(blob.out), caseFiles: await caseFilesBeside(id, place, revision) };
  }
  throw new UsageError(`there was no ${path} at \`${revision}\``, "Where it had another name then, write REVISION:PATH.");
}

/** More case files than this are not read. */
const MOST_CASE_FILES = 100;

/** The case files beside a policy at a commit. One that cannot be read is left out, as a file that is not there is. */
async function caseFilesBeside(id: string, place: string, revision: string): Promise<readonly RevisionFile[]> {
  const folder = place.slice(0, place.lastIndexOf("/") + 1);
  const listed = await git("ls-tree", "-z", "--name-only", "--full-tree", id, ...(folder === "" ? [] : [folder]));
  const names = listed.failed ? [] : listed.out.toString("utf8").split("\0").filter((each) => isCaseFile(each)).slice(0, MOST_CASE_FILES);
  const files: RevisionFile[] = [];
  for (const each of names) {
    const blob = await git("cat-file", "blob", `${id}:${each}`);
    if (blob.failed) continue;
    const text = decoded(blob.out);
    if (policyNamesFor(each, text).includes(place.slice(folder.length))) files.push({ name: `${revision}:${each}`, text });
  }
  return files;
}

/** So many commits of one file are looked at, and so much of their texts. */
const MOST_COMMITS = 1000;
const MOST_HISTORY = 128 * 1024 * 1024;

export interface History {
  /** The newest first; a text that a later commit has too is given once, for the later one. */
  readonly files: readonly RevisionFile[];
  /** Older commits were not looked at, or are not there. */
  readonly cut: boolean;
}

/** A file as it stood after each commit that changed it, under its earlier names too. */
export async function historyOf(path: string): Promise<History> {
  const top = await git("rev-parse", "--show-toplevel");
  if (top.failed) throw new UsageError("--revisions needs a git repository, and this folder is in none", top.said.includes("not a git repository") ? undefined : top.said.split("\n", 1)[0]);
  const [place] = placeIn(realpathSync(top.out.toString("utf8").replace(/\r?\n$/u, "")), path);
  if (place === undefined) throw new UsageError(`${path} is not in the git repository of this folder`);
  const log = await git("log", "--follow", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature", `--max-count=${MOST_COMMITS + 1}`, "--format=%x01%H", "--name-only", "-z", "--", `:(top,literal)${place}`);
  if (log.failed) throw new UsageError(`git could not say how ${path} has changed`, log.said.split("\n", 1)[0]);
  const commits = log.out.toString("utf8").split("\x01").slice(1).flatMap((entry) => {
    const [id, ...names] = entry.split("\0").map((part) => part.replace(/^\n+/u, "")).filter((part) => part !== "");
    const name = names.at(-1);
    return id === undefined || name === undefined || /[\n\r]/u.test(name) ? [] : [{ id, name }];
  });
  const shallow = await git("rev-parse", "--is-shallow-repository");
  const blobs = await gitWith(commits.slice(0, MOST_COMMITS).map(({ id, name }) => `${id}:${name}\n`).join(""), MOST_HISTORY, "cat-file", "--batch");
  const files: RevisionFile[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (const { id, name } of commits.slice(0, MOST_COMMITS)) {
    const end = blobs.out.indexOf(10, at);
    if (end < 0) break;
    const head = /^[\da-f]+ (\w+) (\d+)$/u.exec(blobs.out.toString("utf8", at, end));
    at = end + 1;
    // A commit that took the file away has none.
    if (head === null) continue;
    const size = Number(head[2]);
    if (at + size > blobs.out.length) break;
    if (head[1] === "blob" && size <= LARGEST_FILE) {
      const text = decoded(blobs.out.subarray(at, at + size));
      if (!seen.has(text)) files.push({ name: `${id.slice(0, 10)}:${name}`, text });
      seen.add(text);
    }
    at += size + 1;
  }
  return { files, cut: commits.length > MOST_COMMITS || blobs.failed || shallow.out.toString("utf8").trim() === "true" };
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
