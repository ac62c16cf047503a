// `policy test --watch`: runs again when a policy or a case file changes, until Ctrl+C.
import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const DEBOUNCE = 150;
const WATCHED = /\.(?:policy|case\.(?:ya?ml|json))$/iu;

export interface Watching {
  /** The paths of the command. */
  readonly paths: readonly string[];
  /** Runs everything; told which files have changed, none at first. */
  run(changed: readonly string[]): Promise<void>;
}

/** Runs at once and after each change. Resolves on Ctrl+C. */
export async function watchAndRun({ paths, run }: Watching): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  const follow = (): void => {
    const wanted = new Set(paths.flatMap(foldersOf));
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_, name) => { if (name !== null) notice(join(folder, name)); });
        // The folder has gone: the one above it says so too.
        watcher.on("error", () => { watcher.close(); watchers.delete(folder); });
        watchers.set(folder, watcher);
      } catch {
        // Gone, or closed to us: what can be watched is.
      }
    }
  };
  const notice = (path: string): void => {
    const name = basename(path);
    // A new folder may hold policies; our own temporary files begin with a dot, as those of editors do.
    if (name.startsWith(".") || (!WATCHED.test(name) && !isFolder(path))) return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => void again(), DEBOUNCE);
  };
  const again = async (): Promise<void> => {
    if (running) return;
    running = true;
    const files = [...changed].filter((path) => WATCHED.test(path)).sort();
    changed.clear();
    try {
      follow();
      await run(files);
    } finally {
      running = false;
    }
    // What changed while it ran.
    if (changed.size > 0) timer = setTimeout(() => void again(), DEBOUNCE);
  };

  // Watched from before the first run on, so that no change is missed.
  follow();
  const ended = new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  await again();
  await ended;
  clearTimeout(timer);
  for (const watcher of watchers.values()) watcher.close();
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The folders in which changes can matter: of a file its own, of a folder all in it, of a glob what stands before the first pattern. */
function foldersOf(path: string): readonly string[] {
  const glob = /[*?[\]{}!()]/u.exec(path);
  if (isFolder(path)) return below(path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined && glob !== null) return below(dirname(`${path.slice(0, glob.index)}x`));
  return [dirname(path)];
}

function below(folder: string): readonly string[] {
  try {
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules");
    return [folder, ...inside.flatMap((entry) => below(join(folder, entry.name)))];
  } catch {
    return [];
  }
}
