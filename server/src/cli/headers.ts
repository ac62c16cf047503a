// Finds the policies of one number by the heads of their files, without reading the rest.
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { policyNumberIn } from "../semantics/versions.js";
import { decoded } from "./files.js";
import { displayed, type Input } from "./inputs.js";

/** A header stands at the top of its file, behind comments at most. */
const HEAD = 16 * 1024;
/** More files of a folder are not looked at. */
const MOST_FILES = 2000;

/** The number in the header of a policy; undefined where it cannot be read, which is told when the policy itself is. */
export function numberOf(input: Input): string | undefined {
  if (!numbers.has(input)) numbers.set(input, read(input));
  return numbers.get(input);
}
const numbers = new WeakMap<Input, string | undefined>();

function read({ path, content }: Input): string | undefined {
  if (content !== undefined) return "text" in content ? policyNumberIn(content.text) : undefined;
  const bytes = Buffer.allocUnsafe(HEAD);
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return policyNumberIn(decoded(bytes.subarray(0, readSync(file, bytes, 0, HEAD, 0))));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The policies of a number among those that are looked at and those of a folder, which are kept in `found`. */
export function numberedIn(number: string, folder: string, policies: ReadonlyMap<string, Input>, found: Map<string, Input>): readonly Input[] {
  const all = new Map(policies);
  for (const path of policiesIn(folder)) {
    if (all.has(path)) continue;
    const input = found.get(path) ?? { path };
    found.set(path, input);
    all.set(path, input);
  }
  return [...all.values()].filter((input) => isBelow(input, policies, folder) && numberOf(input) === number);
}

/** A case file speaks of the policies that are looked at with it, and of those in its own folder. */
const isBelow = ({ path }: Input, policies: ReadonlyMap<string, Input>, folder: string): boolean => policies.has(path) || dirname(path) === displayed(folder);

/** The policies in a folder, in order of name. */
export function policiesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /\.policy$/iu.test(name) && !name.startsWith(".")).sort().slice(0, MOST_FILES).map((name) => displayed(join(folder, name)));
  } catch {
    // The folder may be closed to listing while its files can be read.
    return [];
  }
}
