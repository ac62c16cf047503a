// The versions of a policy: files or revisions of one number, the one that is in force on a day, and what their dates leave open or claim twice.
import { type Diagnostic, diagnostic, type RelatedPlace } from "../diagnostic.js";
import { dateText } from "../syntax/dates.js";
import { type LineIndex, type Range, sentenceList } from "../text.js";
import type { Analysis, Policy } from "./model.js";
import { periodOf } from "./period.js";

/** What the header of a file or revision says of the time and the people it is for. Its own data: it stays true when the analysis moves on. */
export interface Version {
  /** The file, or the revision: what it is shown as. */
  readonly source: string;
  /** Tells copies of one version, which are no second version. */
  readonly text: string;
  readonly lines: LineIndex;
  readonly number: string;
  readonly plan: string | undefined;
  readonly jurisdiction: string | undefined;
  readonly linesOfBusiness: readonly string[];
  /** As written. */
  readonly effective: string | undefined;
  readonly ends: string | undefined;
  /** First and last day, as the header states them; infinite where it does not. */
  readonly from: number;
  readonly until: number;
  /** The header has an error, so that it is not known when the version is in force. */
  readonly unread: boolean;
  /** Where findings about it are shown: the values of the two dates, or else the number. */
  readonly places: { readonly effective: Range; readonly ends: Range; readonly number: Range };
}

const HEADER_LINE = /^policy[ \t]+([^\s"“]+)/u;
const BEFORE_HEADER = /^(?:\s*(?:#[^\n]*)?\n)*/u;

/** The number of a policy from the head of its text, without reading the rest. */
export function policyNumberIn(text: string): string | undefined {
  const bare = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return HEADER_LINE.exec(bare.startsWith("policy") ? bare.slice(0, 300) : bare.replace(BEFORE_HEADER, "").slice(0, 300))?.[1];
}

/** The version that a policy is, by its header; undefined where it has no number. */
export function versionOf(analysis: Analysis, source = analysis.uri): Version | undefined {
  const { header, text, lines, document } = analysis;
  const node = document.header?.number;
  if (header.number === undefined || node === undefined) return undefined;
  const field = (key: "effective" | "ends" | "plan" | "jurisdiction" | "line of business") => header.fields.get(key);
  const words = (key: "plan" | "jurisdiction"): string | undefined => spaced(field(key)?.value?.text ?? "") || undefined;
  const dated = (key: "effective" | "ends") => (field(key)?.date?.day === undefined ? undefined : field(key)!.date!);
  const [effective, ends] = [dated("effective"), dated("ends")];
  const { from, until } = periodOf(analysis);
  const number = { start: node.start, end: node.end };
  const place = (date: Range | undefined): Range => (date === undefined ? number : { start: date.start, end: date.end });
  return {
    source, text, lines, number: header.number, plan: words("plan"), jurisdiction: words("jurisdiction"),
    linesOfBusiness: (field("line of business")?.value?.text ?? "").split(",").map(spaced).filter((each) => each !== ""),
    effective: effective?.text, ends: ends?.text, from, until,
    unread: analysis.diagnostics.some((found) => found.severity === "error" && found.start >= document.header!.start && found.start < document.header!.end),
    places: { effective: place(effective), ends: place(ends), number },
  };
}

const spaced = (text: string): string => text.trim().replace(/\s+/gu, " ").toLowerCase();

/**
 * Whether two policies of one number can be versions of each other: they are for the same plan and jurisdiction and have a line of
 * business in common. What one of them does not state sets nothing apart.
 */
export function areKin(a: Version, b: Version): boolean {
  const same = (one: string | undefined, other: string | undefined): boolean => one === undefined || other === undefined || one === other;
  return a.number === b.number && same(a.plan, b.plan) && same(a.jurisdiction, b.jurisdiction)
    && (a.linesOfBusiness.length === 0 || b.linesOfBusiness.length === 0 || a.linesOfBusiness.some((line) => b.linesOfBusiness.includes(line)));
}

/** A version whose header ends before it begins is never in force; a lint rule says so. */
const isDated = ({ effective, from, until, unread }: Version): boolean => !unread && effective !== undefined && from <= until;

// ── In force on a day ─────────────────────────────────────────────────────────────────────────────────────────────────
export type InForce =
  /** `claims`: older versions that say of themselves that they are in force on that day too. */
  | { readonly kind: "one"; readonly version: Version; readonly claims: readonly Version[] }
  /** The headers of these have errors, so that it is not known which is. */
  | { readonly kind: "unread"; readonly versions: readonly Version[] }
  /** Nothing tells which of them it is. */
  | { readonly kind: "several"; readonly versions: readonly Version[] }
  /** The last that was in force before that day, and the first that is after it. */
  | { readonly kind: "none"; readonly before: Version | undefined; readonly after: Version | undefined };

/**
 * The version in force on a day: the newest that is effective on or before it, unless that has ended. One without an effective date
 * beside one with it is a draft. `lineOfBusiness` tells policies for different people apart.
 */
export function inForce(versions: readonly Version[], day: number, lineOfBusiness?: string): InForce {
  const unread = versions.filter((version) => version.unread);
  if (unread.length > 0) return { kind: "unread", versions: unread };
  const known = versions.filter((version, i) => version.from <= version.until && versions.findIndex((other) => other.text === version.text) === i);
  const stands = known.filter((version) => version.effective !== undefined || !known.some((other) => isDated(other) && areKin(version, other)));
  const begun = stands.filter(({ from }) => from <= day);
  const newest = begun.filter((version) => !begun.some((other) => other.from > version.from && areKin(version, other)));
  const forPeople = newest.filter(({ linesOfBusiness }) => lineOfBusiness === undefined || linesOfBusiness.length === 0 || linesOfBusiness.includes(lineOfBusiness.toLowerCase()));
  const meant = forPeople.length > 0 ? forPeople : newest;
  const found = meant.filter(({ until }) => day <= until);
  const [version] = found;
  if (version === undefined) {
    const later = stands.filter(({ from }) => from > day).sort((a, b) => a.from - b.from);
    return { kind: "none", before: [...meant].sort((a, b) => b.until - a.until)[0], after: later[0] };
  }
  // Where people are told apart by their line of business and the case does not say it, one that has not ended is no better than one that has.
  if (found.length > 1 || meant.some((other) => !areKin(other, version))) return { kind: "several", versions: meant };
  return { kind: "one", version, claims: begun.filter((other) => other !== version && other.ends !== undefined && day <= other.until && areKin(other, version)) };
}

/** The versions that a version belongs with: its kin, and theirs. */
export function familyOf(version: Version, versions: readonly Version[]): readonly Version[] {
  const family = new Set([version]);
  for (const each of family) for (const other of versions) if (areKin(each, other)) family.add(other);
  return versions.filter((each) => family.has(each));
}

/** A policy without the dates between which it is in force, to decide cases of another time under it. */
export function timeless(policy: Policy): Policy {
  const { analysis } = policy;
  const fields = new Map([...analysis.header.fields].filter(([key]) => key !== "effective" && key !== "ends"));
  return { ...policy, analysis: { ...analysis, uses: [], header: { ...analysis.header, fields } } };
}

/** Why no version decides by itself, or what else claims the day, in one sentence; `named` shows the source of a version. */
export function inForceWords(found: InForce, day: number, named: (version: Version) => string): string | undefined {
  const date = dateText(day);
  if (found.kind === "one") {
    if (found.claims.length === 0) return undefined;
    const say = found.claims.length === 1 ? "says of itself" : "say of themselves";
    return `${sentenceList(found.claims.map((other) => `The version of ${named(other)}`))} ${say} to be in force on ${date} too; the newer version decides.`;
  }
  if (found.kind === "several") {
    const names = sentenceList(found.versions.map(named));
    const apart = found.versions.some((version) => found.versions.some((other) => !areKin(version, other)));
    return apart ? `${names} are policies of one number for different people, and the case does not say which: give its line of business.`
      : `${names} are effective from the same day, and nothing tells which of them decides on ${date}.`;
  }
  if (found.kind === "unread") return `It is not known which version is in force on ${date}, because the header of ${sentenceList(found.versions.map(named))} has errors.`;
  const { before, after } = found;
  const ended = before && `${named(before)} ended on ${dateText(before.until)}`;
  const begins = after && `${named(after)} begins on ${dateText(after.from)}`;
  return `No version is in force on ${date}: ${[ended, begins].filter((words) => words !== undefined).join(", and ") || "there is none"}.`;
}

// ── Findings ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The codes of what this file finds: they need the other files. */
export const VERSION_CODES: readonly string[] = ["duplicate-version", "version-overlap", "version-gap", "undated-version"];

/** So many other files are named at one finding. */
const MOST_RELATED = 5;

/**
 * What is wrong with the dates of versions of one number, at each of them: two that begin on one day, one that says it ends after the
 * next has begun, days between two on which none is in force, and one without an effective date. A copy of a file is no version.
 */
export function versionFindings(versions: readonly Version[]): ReadonlyMap<Version, readonly Diagnostic[]> {
  const found = new Map<Version, readonly Diagnostic[]>();
  if (versions.length < 2) return found;
  const dated = versions.filter(isDated).sort((a, b) => a.from - b.from);
  const scopes = scopesOf(versions);
  // The kin of a scope, in the order of their dates.
  const kin = scopes.map(({ of }) => dated.filter((other) => areKin(of, other)));
  const add = (version: Version, ...more: readonly Diagnostic[]): void => void found.set(version, [...(found.get(version) ?? []), ...more]);
  for (const [i, { members }] of scopes.entries()) {
    const line = kin[i]!;
    for (const version of members) {
      if (version.unread) continue;
      if (version.effective === undefined) {
        const other = line.at(-1);
        if (other !== undefined) add(version, undated(version, other));
        continue;
      }
      if (!isDated(version)) continue;
      const at = firstFrom(line, version.from);
      const next = firstFrom(line, version.from + 1);
      const twins = line.slice(at, next).filter((other) => other !== version && other.text !== version.text);
      if (twins.length > 0) add(version, sameDay(version, twins));
      const after = line[next];
      if (after === undefined || version.ends === undefined) continue;
      const make = version.until >= after.from ? overlap : version.until + 1 < after.from ? gap : undefined;
      if (make === undefined) continue;
      const [here, there] = make(version, after);
      add(version, here);
      add(after, there);
    }
  }
  return found;
}

/** Versions that are for the same people, by what sets them apart. */
function scopesOf(versions: readonly Version[]): readonly { readonly of: Version; readonly members: readonly Version[] }[] {
  const scopes = new Map<string, Version[]>();
  for (const version of versions) {
    const key = JSON.stringify([version.number, version.plan, version.jurisdiction, [...version.linesOfBusiness].sort()]);
    const members = scopes.get(key);
    if (members === undefined) scopes.set(key, [version]);
    else members.push(version);
  }
  return [...scopes.values()].map((members) => ({ of: members[0]!, members }));
}

/** Where, in the order of their dates, the first version stands that begins on a day or later. */
function firstFrom(line: readonly Version[], day: number): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line[middle]!.from < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

const fileOf = (version: Version): string => version.source.slice(version.source.lastIndexOf("/") + 1);
/** The name of a file as it is read, also where a uri has signs for its letters. */
export function versionName(version: Version): string {
  try {
    return decodeURIComponent(fileOf(version));
  } catch {
    return fileOf(version);
  }
}
const quoted = (version: Version): string => `\`${versionName(version)}\``;
const elsewhere = (version: Version, place: Range, message: string): RelatedPlace => ({ ...place, message, file: { uri: version.source, lines: version.lines } });

function undated(version: Version, other: Version): Diagnostic {
  return diagnostic("undated-version", version.places.number, `This version of ${version.number} says no effective date, so it is a draft: ${quoted(other)} decides.`, {
    help: "Write `effective` and a date into the header when it is known from when on it is in force.",
    related: [elsewhere(other, other.places.effective, `This version is effective from ${other.effective}.`)],
  });
}

function sameDay(version: Version, twins: readonly Version[]): Diagnostic {
  const names = twins.slice(0, MOST_RELATED).map(quoted);
  const more = twins.length - names.length;
  const others = `${more > 0 ? `${names.join(", ")} and ${more} more` : sentenceList(names)} ${twins.length === 1 ? "is" : "are"}`;
  return diagnostic("duplicate-version", version.places.effective, `${others} effective from the same day for ${version.number}, so nothing tells which of them decides.`, {
    help: "Give the newer one its own `effective` date, or take out the file that is not used. Policies for different people state their `plan`, `line of business` or `jurisdiction`.",
    related: twins.slice(0, MOST_RELATED).map((other) => elsewhere(other, other.places.effective, "The other version is effective from this day.")),
  });
}

function overlap(version: Version, after: Version): readonly [Diagnostic, Diagnostic] {
  const help = `Write \`ends ${dateText(after.from - 1)}\` into the older one, or leave \`ends\` out. Until then the newer one decides.`;
  return [
    diagnostic("version-overlap", version.places.ends, `This version of ${version.number} ends on ${dateText(version.until)}, and ${quoted(after)} is in force from ${dateText(after.from)}.`, {
      help, related: [elsewhere(after, after.places.effective, "The newer version begins here.")],
    }),
    diagnostic("version-overlap", after.places.effective, `This version of ${after.number} begins on ${dateText(after.from)}, and ${quoted(version)} ends on ${dateText(version.until)} only.`, {
      help, related: [elsewhere(version, version.places.ends, "The older version ends here.")],
    }),
  ];
}

function gap(version: Version, after: Version): readonly [Diagnostic, Diagnostic] {
  const [first, last] = [dateText(version.until + 1), dateText(after.from - 1)];
  const days = first === last ? `on ${first}` : `from ${first} to ${last}`;
  const help = `Let the older one end on ${last}, or the newer one begin on ${first}. A case of a day in between is referred.`;
  return [
    diagnostic("version-gap", version.places.ends, `No version of ${version.number} is in force ${days}: this one ends before ${quoted(after)} begins.`, {
      help, related: [elsewhere(after, after.places.effective, "The next version begins here.")],
    }),
    diagnostic("version-gap", after.places.effective, `No version of ${after.number} is in force ${days}: ${quoted(version)} ends before this one begins.`, {
      help, related: [elsewhere(version, version.places.ends, "The version before it ends here.")],
    }),
  ];
}
