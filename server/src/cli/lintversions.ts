// What `policy lint` knows of the versions of a policy: the headers of all files that share a number with another one.
import type { Diagnostic } from "../diagnostic.js";
import { analyze } from "../semantics/analyze.js";
import type { Analysis } from "../semantics/model.js";
import { type Version, versionFindings, versionOf } from "../semantics/versions.js";
import { lineIndex } from "../text.js";
import { readText } from "./files.js";
import { numberOf } from "./headers.js";
import type { Unit } from "./inputs.js";

/** Looks at the heads of the policies that are linted, and at the whole text only of those that share their number. */
export function versionsAmong(units: readonly Unit[]): ((analysis: Analysis) => readonly Diagnostic[] | undefined) | undefined {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const number = unit.listed ? numberOf(unit.policy) : undefined;
    if (number === undefined) continue;
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [unit]);
    else group.push(unit);
  }
  const known = new Map<string, { readonly version: Version; readonly group: readonly Version[]; readonly found: () => readonly Diagnostic[] }>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const versions = group.map(headed).filter((version) => version !== undefined);
    let findings: ReturnType<typeof versionFindings> | undefined;
    for (const version of versions) known.set(version.source, { version, group: versions, found: () => (findings ??= versionFindings(versions)).get(version) ?? [] });
  }
  if (known.size === 0) return undefined;
  return (analysis) => {
    const entry = known.get(analysis.uri);
    if (entry === undefined) return undefined;
    if (analysis.text === entry.version.text) return entry.found();
    // It has been mended.
    const now = versionOf(analysis);
    return now === undefined ? [] : versionFindings([now, ...entry.group.filter((each) => each !== entry.version)]).get(now) ?? [];
  };
}

/** The version that a file holds, from its header alone. */
function headed({ policy }: Unit): Version | undefined {
  try {
    const content = policy.content ?? readText(policy.path);
    if (!("text" in content)) return undefined;
    const { text } = content;
    const version = versionOf(analyze(headOf(text), policy.path));
    return version && { ...version, text, lines: lineIndex(text) };
  } catch {
    // A file that cannot be read is told of where it is linted.
    return undefined;
  }
}

/** The text up to the first section: the header, and what comments stand before it. */
function headOf(text: string): string {
  const header = /^\uFEFF?policy\b.*$/mu.exec(text);
  if (header === null) return "";
  const from = header.index + header[0].length;
  const next = /^[^\s#]/mu.exec(text.slice(from));
  return next === null ? text : text.slice(0, from + next.index);
}
