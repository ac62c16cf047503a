// The built command line as tests call it: in a folder of its own, without the colours and CI variables of the surroundings.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./core-fixtures.js";

export const POLICY = join(ROOT, "server", "bin", "policy.js");

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder below the one of the test. */
  readonly in?: string;
}

/** A folder of its own in which commands run. */
export interface Workplace {
  readonly folder: string;
  write(path: string, text: string | Buffer): void;
  read(path: string): string;
  bytes(path: string): Buffer;
  /** Runs `policy` with arguments. */
  policy(args: readonly string[], options?: RunOptions): Run;
  /** Runs git; throws where it fails. */
  git(...args: readonly string[]): string;
  remove(): void;
}

const FOREIGN = ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "POLICY_DEBUG", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/** Makes a folder for tests. It holds a `.git`, so that no configuration above it is found. */
export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "policy-lint-"));
  mkdirSync(join(folder, ".git"));
  const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
    const env: NodeJS.ProcessEnv = { ...process.env, ...more };
    for (const name of FOREIGN) if (more[name] === undefined) delete env[name];
    for (const name of Object.keys(env)) if (name.startsWith("GIT_")) delete env[name];
    return env;
  };
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    bytes: (path) => readFileSync(join(folder, path)),
    policy(args, options = {}) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [POLICY, ...args], { cwd: join(folder, options.in ?? "."), env: environment(options.env), input: options.input ?? "", encoding: "utf8", maxBuffer: 1 << 28 });
      return { code: status, out: stdout, err: stderr };
    },
    git(...args) {
      const { status, stdout, stderr } = spawnSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main", "-c", "core.autocrlf=false", ...args], { cwd: folder, env: environment({ GIT_CONFIG_NOSYSTEM: "1" }), encoding: "utf8" });
      if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A policy in which `uncited-reference` finds reference 2 and, where asked for, `final-period` finds both references. */
export const LINTED = `policy EX.1 "Example"
  effective 2025-01-01
  next review 2099-01-01

facts
  age  years  "Age on the date of service"

criteria
I. The service is medically necessary when all of the following are met: [1]
   A. Age < 18 years
      when age < 18 years
   B. The patient has been examined

references
  1. Example A. Planning in steps. Ex J Med. 2020;1(2):3-9
  2. Example B. Dose and time. Ex J Med. 2021;2(1):1-4
`;

/** The options under which findings in `LINTED` stay the same whatever lint rules come. */
export const UNCITED = ["--rule", "uncited-reference"] as const;
export const PERIOD = ["--rule", "final-period"] as const;
