// From the paths of a command to policies and the case files that belong to them: files, folders, globs, standard input.
import { readdirSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { UsageError } from "./exit.js";
import { readStandardInput, readText, unreadable, type FileText } from "./files.js";

const POLICY_FILE = /\.policy$/iu;
const CASE_FILE = /\.case\.(?:ya?ml|json)$/iu;
const GLOB = /[*?[\]{}!()]/u;

export interface InputOptions {
  /** Globs of paths to leave out. */
  readonly ignore: readonly string[];
  /** The name that standard input goes by. */
  readonly stdinFilename: string;
}

/** A text to look at, under the path it is shown with. */
export interface Input {
  readonly path: string;
  /** Undefined until it is read. */
  readonly content?: FileText | undefined;
  /** Of a case file that names its policy by number: all versions of it. The one in force decides each case. */
  readonly versions?: readonly Input[] | undefined;
}

/** A policy with the case files that belong to it. */
export interface Unit {
  readonly policy: Input;
  /** False where only its case files were asked for. */
  readonly listed: boolean;
  readonly caseFiles: readonly Input[];
}

/** Finds what the paths name. `problems` are paths that could not be read: the others are still looked at. */
export async function findUnits(paths: readonly string[], options: InputOptions): Promise<{ units: Unit[]; problems: UsageError[] }> {
  const problems: UsageError[] = [];
  const policies = new Map<string, Input>();
  const caseFiles = new Map<string, Input>();
  /** Policies named one by one or by a glob: their own case files come with them. */
  const named = new Set<string>();

  const add = (path: string, content?: FileText): void => {
    const shown = displayed(path);
    if (POLICY_FILE.test(path)) policies.set(shown, { path: shown, content });
    else if (CASE_FILE.test(path)) caseFiles.set(shown, { path: shown, content });
  };
  const nothingIn = (what: string): UsageError => new UsageError(`there is no policy and no case file in ${what}${options.ignore.length > 0 ? " that is not ignored" : ""}`, "A policy's name ends in .policy, a case file's in .case.yaml, .case.yml or .case.json.");

  const onDisk = paths.filter((path) => path !== "-");
  if (onDisk.length < paths.length) {
    requireKnownName(options.stdinFilename);
    add(options.stdinFilename, await readStandardInput());
  }
  const globs: string[] = [];
  for (const path of onDisk) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      if (GLOB.test(path)) globs.push(path);
      else problems.push(new UsageError(`cannot read ${path}: there is no such file or folder`));
    } else if (found.isDirectory()) {
      if (options.ignore.length > 0) {
        globs.push(path);
        continue;
      }
      const before = policies.size + caseFiles.size;
      try {
        walk(path, add);
      } catch (error) {
        problems.push(unreadable(path, error));
        continue;
      }
      // What stands there may have been named before; only a folder with nothing at all is a mistake.
      if (policies.size + caseFiles.size === before && !holdsAny(path, policies, caseFiles)) problems.push(nothingIn(displayed(path)));
    } else {
      requireKnownName(path);
      if (options.ignore.length > 0) globs.push(path);
      else add(path);
      named.add(displayed(path));
    }
  }
  for (const glob of globs) {
    const matches = matching(glob, options.ignore);
    const found = statSync(glob, { throwIfNoEntry: false });
    const folder = found?.isDirectory() === true;
    // A file that is named and ignored is left out quietly, as a pre-commit hook needs it.
    if (matches.length === 0 && found === undefined) problems.push(new UsageError(`no policy and no case file matches ${glob}`));
    else if (matches.length === 0 && folder) problems.push(nothingIn(displayed(glob)));
    for (const match of matches) {
      add(match);
      if (!folder) named.add(displayed(match));
    }
  }
  const beside = caseFilesBeside([...named].filter((path) => policies.has(path) && policies.get(path)!.content === undefined), options.ignore)
    .filter((path) => !caseFiles.has(path))
    .map((path) => ({ path }));
  return { units: await paired(policies, caseFiles, beside, problems), problems };
}

/** Refuses a file that is named but is neither a policy nor a case file, rather than find fault with each of its lines. */
function requireKnownName(path: string): void {
  if (POLICY_FILE.test(path) || CASE_FILE.test(path)) return;
  throw new UsageError(`${path} is neither a policy nor a case file`, "A policy's name ends in .policy, a case file's in .case.yaml, .case.yml or .case.json.");
}

/** Whether a path names a case file. */
export const isCaseFile = (path: string): boolean => CASE_FILE.test(path);

/** The path as it is shown: from the current folder with forward slashes, or absolute where it lies elsewhere. */
export function displayed(path: string): string {
  const plainPath = isAbsolute(path) ? within(relative(process.cwd(), path), path) : normalize(path);
  const trimmed = plainPath.length > 1 && plainPath.endsWith(sep) ? plainPath.slice(0, -1) : plainPath;
  return sep === "\\" ? trimmed.replaceAll("\\", "/") : trimmed;
}

const within = (fromHere: string, absolute: string): string => (fromHere.startsWith("..") || isAbsolute(fromHere) ? absolute : fromHere || ".");

/** Everything under a folder, in order of name. Hidden folders, `node_modules` and linked folders are passed over. */
function walk(folder: string, add: (path: string) => void): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort(byName);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && entry.name !== "node_modules") walk(path, add);
    } else if (!entry.name.startsWith(".")) {
      add(path);
    }
  }
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function holdsAny(folder: string, ...found: readonly ReadonlyMap<string, Input>[]): boolean {
  const prefix = displayed(folder) === "." ? "" : `${displayed(folder)}/`;
  return found.some((inputs) => [...inputs.keys()].some((path) => path.startsWith(prefix)));
}

/** What a glob, folder or file names without what is ignored. */
function matching(pattern: string, ignore: readonly string[]): string[] {
  // Required, not imported: the module form of its walker asks for `import.meta.url`, which a bundle does not have.
  const { escapePath, globSync } = require("tinyglobby") as typeof import("tinyglobby");
  const slashed = (path: string): string => (sep === "\\" ? path.replaceAll("\\", "/") : path);
  const found = statSync(pattern, { throwIfNoEntry: false });
  const folderPattern = found?.isDirectory() ? `${escapePath(slashed(displayed(pattern)))}/**/*` : undefined;
  const patterns = [folderPattern ?? (found === undefined ? slashed(pattern) : escapePath(slashed(pattern)))];
  // What is ignored may name a folder: then everything below it is.
  const ignored = ["**/node_modules/**", ...ignore.flatMap((path) => { const bare = slashed(path).replace(/\/+$/u, ""); return [bare, `${bare}/**`]; })];
  return globSync(patterns, { ignore: ignored, expandDirectories: false, followSymbolicLinks: false, onlyFiles: true })
    .filter((path) => POLICY_FILE.test(path) || CASE_FILE.test(path))
    .sort();
}

/** Case files in the folders of policies, in order of name. */
function caseFilesBeside(policies: readonly string[], ignore: readonly string[]): string[] {
  const folders = [...new Set(policies.map((path) => dirname(path)))];
  return folders.flatMap((folder) => {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      // The folder may be closed to listing while its files can be read.
      return [];
    }
    const found = names.filter((name) => CASE_FILE.test(name)).map((name) => displayed(join(folder, name)));
    return (ignore.length === 0 ? found : found.filter((path) => matching(path, ignore).length > 0)).sort();
  });
}

/** Brings each case file to its policy. Those of `beside` count only where their policy was named. */
async function paired(policies: ReadonlyMap<string, Input>, caseFiles: ReadonlyMap<string, Input>, beside: readonly Input[], problems: UsageError[]): Promise<Unit[]> {
  const owned = new Map<string, Input[]>();
  const give = (owner: string, input: Input): void => {
    const files = owned.get(owner);
    if (files === undefined) owned.set(owner, [input]);
    else files.push(input);
  };
  /** Policies that only a case file by number has brought in. */
  const found = new Map<string, Input>();
  if (caseFiles.size + beside.length > 0) {
    const { policyNamesFor, policyNumberFor } = await import("../semantics/casefile.js");
    const { numberedIn } = await import("./headers.js");
    const bring = (input: Input, always: boolean): void => {
      let content: FileText;
      try {
        content = input.content ?? readText(input.path);
      } catch (error) {
        if (error instanceof UsageError) {
          problems.push(error);
          return;
        }
        throw error;
      }
      const text = "text" in content ? content.text : "";
      const number = policyNumberFor(text);
      const versions = number === undefined ? [] : numberedIn(number, dirname(input.path), policies, found);
      if (versions.length > 0) {
        const file: Input = { path: input.path, content, versions };
        for (const version of versions) if (always || policies.has(version.path)) give(version.path, file);
        return;
      }
      // `imrt.more.case.yaml` belongs to `imrt.more.policy`, else to `imrt.policy`: the first that there is.
      const owners = policyNamesFor(basename(input.path), text).map((name) => displayed(resolve(dirname(input.path), name)));
      const owner = owners.find((path) => policies.has(path) || statSync(path, { throwIfNoEntry: false }) !== undefined) ?? owners[0]!;
      if (always || policies.has(owner)) give(owner, { path: input.path, content });
    };
    for (const input of caseFiles.values()) bring(input, true);
    for (const input of beside) bring(input, false);
  }
  const units: Unit[] = [...policies.values()].map((policy) => ({ policy, listed: true, caseFiles: owned.get(policy.path) ?? [] }));
  for (const [path, files] of owned) {
    if (!policies.has(path)) units.push({ policy: found.get(path) ?? { path }, listed: false, caseFiles: files });
  }
  return units;
}
