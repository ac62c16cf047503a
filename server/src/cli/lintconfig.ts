// Which settings hold for a file: the configuration nearest to it, what the command line says otherwise, and both only once for each folder.
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostic.js";
import { ignores, type LintConfig, type LintSettings, NO_CONFIG, settingsFor } from "../lint/config.js";
import { CONFIG_NAMES } from "../lint/confignames.js";
import type { Profile } from "../lint/model.js";
import { LINT_RULES } from "../lint/rules/index.js";
import type { Source } from "../render/codeframe.js";
import { lineIndex } from "../text.js";
import { UsageError } from "./exit.js";
import { readText } from "./files.js";
import { displayed } from "./inputs.js";

/** What the command line says of configurations. */
export interface ConfigOptions {
  /** A path; false where none is to be read; true or undefined where each file's own is looked for. */
  readonly config?: string | boolean | undefined;
  readonly profile?: Profile | undefined;
}

/** What holds for one file. */
export interface FileSettings {
  readonly settings: LintSettings;
  /** The configuration leaves the file out. */
  readonly ignored: boolean;
  /** Path of the configuration. */
  readonly config?: string | undefined;
}

/** A configuration that was read. */
export interface ConfigText {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LintConfigs {
  /** The settings of a file. */
  of(path: string): FileSettings;
  /** The configurations that were read so far. */
  readonly read: readonly ConfigText[];
}

/** A configuration as it is applied to paths. */
interface Bound {
  /** The folder from which its globs count. */
  readonly base: string;
  readonly path?: string | undefined;
  readonly settings: (path: string) => LintSettings;
  readonly ignored: (path: string) => boolean;
}

/** Finds the settings of files. With `config`, that file holds for all of them, its globs counted from the current folder. */
export async function lintConfigs(options: ConfigOptions): Promise<LintConfigs> {
  const read: ConfigText[] = [];
  const here = process.cwd();
  const bound = (config: LintConfig, base: string, path?: string): Bound => {
    const { profile } = options;
    const applied = profile === undefined ? config : { ...config, profile, overrides: config.overrides.map((override) => ({ ...override, profile: undefined })) };
    return { base, path, settings: settingsFor(applied, LINT_RULES), ignored: ignores(applied) };
  };
  const none = bound(NO_CONFIG, here);
  const load = (path: string, base: string): Bound => {
    const content = readText(path);
    if ("tooLarge" in content) throw new UsageError(`cannot read ${displayed(path)}: it is too large for a configuration`);
    // Required, not imported: the search goes on synchronously, and only a run with a configuration needs the YAML reader.
    const { readConfig } = require("../lint/configfile.js") as typeof import("../lint/configfile.js");
    const { config, diagnostics } = readConfig(content.text, LINT_RULES);
    const shown = displayed(path);
    read.push({ source: { path: shown, text: content.text, lines: lineIndex(content.text) }, diagnostics });
    return bound(config, base, shown);
  };

  let nearest: (folder: string) => Bound;
  if (typeof options.config === "string") {
    const given = load(options.config, here);
    nearest = () => given;
  } else if (options.config === false) {
    nearest = () => none;
  } else {
    const known = new Map<string, Bound>();
    nearest = (folder) => {
      const found = known.get(folder);
      if (found !== undefined) return found;
      const name = CONFIG_NAMES.find((each) => isThere(join(folder, each)));
      const above = dirname(folder);
      const settings = name !== undefined ? load(join(folder, name), folder) : above === folder || isThere(join(folder, ".git")) ? none : nearest(above);
      known.set(folder, settings);
      return settings;
    };
  }

  const known = new Map<string, FileSettings>();
  return {
    read,
    of(path) {
      const before = known.get(path);
      if (before !== undefined) return before;
      const absolute = resolve(path);
      const { base, path: config, settings, ignored } = nearest(dirname(absolute));
      const from = fromBase(base, absolute);
      const found = { settings: settings(from), ignored: ignored(from), config };
      known.set(path, found);
      return found;
    },
  };
}

/** A path from a folder with forward slashes; one that lies elsewhere is counted from the root. */
function fromBase(base: string, absolute: string): string {
  const path = relative(base, absolute);
  const outside = path.startsWith("..") || isAbsolute(path);
  const slashed = (outside ? absolute : path).replaceAll(sep, "/");
  return outside ? slashed.replace(/^(?:[a-z]:)?\/+/iu, "") : slashed;
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder that may not be looked into holds no configuration for us.
    return false;
  }
}
