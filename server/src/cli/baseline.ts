// The baseline: findings that were there when it was written, so that only new ones are shown.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../diagnostic.js";
import { fingerprints } from "../lint/fingerprint.js";
import type { Source } from "../render/codeframe.js";
import { UsageError } from "./exit.js";
import { readText, replaceFile, unwritable } from "./files.js";

const VERSION = 1;
const HASH_LENGTH = 32;

/** A short text that stands for a long one. */
export const hash = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex").slice(0, HASH_LENGTH);

/** The fingerprints of findings in a text. */
export const fingerprintsOf = (source: Source, found: readonly Diagnostic[]): readonly string[] => fingerprints(source.text, source.lines, found, hash);

interface Entry {
  readonly path: string;
  readonly code: string;
  readonly fingerprint: string;
}

export interface Baseline {
  /** It was there before this run. */
  readonly existed: boolean;
  /** The findings of a text that are not in the baseline. */
  unknown(source: Source, found: readonly Diagnostic[]): readonly Diagnostic[];
  /** Notes what was found in a text that was looked at, for `gone` and `write`. */
  note(source: Source, found: readonly Diagnostic[]): void;
  /** How many of its findings no longer occur in the texts that were looked at. */
  gone(shows: (code: string) => boolean): number;
  /** Writes it anew; what it says of texts that were not looked at stays. Gives how many findings it holds. */
  write(shows: (code: string) => boolean): number;
}

/** Opens a baseline, whose paths count from its own folder, so that it can be checked in. */
export function openBaseline(path: string): Baseline {
  const folder = dirname(resolve(path));
  const existed = existsSync(path);
  const entries = existed ? readBaseline(path) : [];
  const known = new Map<string, Set<string>>();
  for (const { path: of, fingerprint } of entries) known.set(of, (known.get(of) ?? new Set()).add(fingerprint));
  /** What is known of files that are gone: one that the baseline does not name may be one of them under a new name. */
  let moved: Set<string> | undefined;
  const ofMoved = (): Set<string> => (moved ??= new Set([...known].filter(([of]) => !existsSync(resolve(folder, of))).flatMap(([, prints]) => [...prints])));
  const looked = new Map<string, readonly Entry[]>();
  const placeOf = (source: Source): string => relative(folder, resolve(source.path)).split(sep).join("/");
  const stays = (entry: Entry, shows: (code: string) => boolean): boolean => (looked.has(entry.path) ? !shows(entry.code) : existsSync(resolve(folder, entry.path)));
  return {
    existed,
    unknown(source, found) {
      if (!existed || found.length === 0) return found;
      const of = known.get(placeOf(source)) ?? ofMoved();
      const prints = fingerprintsOf(source, found);
      return found.filter((_, i) => !of.has(prints[i]!));
    },
    note(source, found) {
      const place = placeOf(source);
      const prints = fingerprintsOf(source, found);
      looked.set(place, found.map(({ code }, i) => ({ path: place, code, fingerprint: prints[i]! })));
    },
    gone(shows) {
      return entries.filter((entry) => !stays(entry, shows) && !(looked.get(entry.path) ?? []).some(({ fingerprint }) => fingerprint === entry.fingerprint)).length;
    },
    write(shows) {
      const next = [...entries.filter((entry) => stays(entry, shows)), ...[...looked.values()].flat()].sort((a, b) => compare(a.path, b.path) || compare(a.code, b.code) || compare(a.fingerprint, b.fingerprint));
      // One finding a line, so that version control can merge it.
      const lines = next.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
      try {
        replaceFile(resolve(path), `{\n  "version": ${VERSION},\n  "findings": [${lines === "" ? "" : `\n${lines}\n  `}]\n}\n`);
      } catch (error) {
        throw unwritable(path, error);
      }
      return next.length;
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function readBaseline(path: string): readonly Entry[] {
  const content = readText(path);
  const wrong = (why: string): UsageError => new UsageError(`cannot use ${path} as a baseline: ${why}`, "Remove it to have it written anew.");
  if ("tooLarge" in content) throw wrong("it is too large");
  let value: unknown;
  try {
    value = JSON.parse(content.text);
  } catch {
    throw wrong("it is no JSON");
  }
  const { version, findings } = (value ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== VERSION || !Array.isArray(findings)) throw wrong(typeof version === "number" && version > VERSION ? "it is of a later version of this tool" : "it is not one that this tool has written");
  return findings.map((entry: Partial<Entry> | null) => {
    if (typeof entry?.path !== "string" || typeof entry.code !== "string" || typeof entry.fingerprint !== "string") throw wrong("it is not one that this tool has written");
    return entry as Entry;
  });
}
