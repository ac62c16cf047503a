// Cases under other versions of their policy: read again by the names and labels of the version that decides each of them.
import { type Diagnostic, diagnostic } from "../diagnostic.js";
import { readCaseFile } from "./casefile.js";
import { checkCases, rawCases } from "./cases.js";
import { type Checking, MOST_ADVICE } from "./context.js";
import type { Analysis, PolicyCase, SymbolUse } from "./model.js";
import { inForce, type InForce, inForceWords, type Version, versionName, versionOf } from "./versions.js";

/** Cases with what is wrong with them. */
export interface ReadCases {
  readonly cases: readonly PolicyCase[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The cases of a policy's own `cases` section by the names and labels of another version; places stay those of the first. */
export function casesUnder(of: Analysis, other: Analysis): ReadCases {
  if (of === other) return of;
  const checking: Checking = {
    text: { text: of.text, comments: of.document.comments }, found: [], uses: [], facts: new Map(other.facts), definitions: new Map(),
    byAddress: new Map(other.byAddress), criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE },
  };
  const unread = of.parsed.diagnostics.filter((found) => found.severity === "error");
  const cases = checkCases(checking, rawCases(checking, of.document), { facts: other.facts, byAddress: other.byAddress, bareNumbers: false }, of.uri)
    .map((each) => (unread.some((found) => isIn(found, each)) ? { ...each, sound: false } : each));
  return { cases, diagnostics: [...unread.filter((found) => cases.some((each) => isIn(found, each))), ...checking.found] };
}

const isIn = (found: Diagnostic, { range }: PolicyCase): boolean => found.start >= range.start && found.start <= range.end;

/** A case of a file that names its policy by number, read by the version that decides it. */
export interface VersionedCase {
  readonly policyCase: PolicyCase;
  /** The version in force on its date of service; the nearest one where none is, which refers it. */
  readonly policy: Analysis;
  readonly found: InForce;
  readonly diagnostics: readonly Diagnostic[];
}

export interface VersionedCaseFile {
  readonly cases: readonly VersionedCase[];
  /** All findings, those of the cases among them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Those that are in no case. */
  readonly outside: readonly Diagnostic[];
  /** Facts and criteria, each as the version of its case has them. */
  readonly uses: readonly SymbolUse[];
}

/** Reads a case file whose cases are decided by the version in force on each date of service. There is at least one policy. */
export function readCaseFileByVersion(text: string, uri: string, policies: readonly Analysis[]): VersionedCaseFile {
  const versions = new Map<Version, Analysis>();
  for (const policy of policies) {
    const version = versionOf(policy);
    if (version !== undefined) versions.set(version, policy);
  }
  const readings = new Map<Analysis, ReturnType<typeof readCaseFile>>();
  const under = (policy: Analysis): ReturnType<typeof readCaseFile> => {
    const known = readings.get(policy) ?? readCaseFile(text, uri, policy);
    readings.set(policy, known);
    return known;
  };
  const first = under(policies[0]!);
  const all = [...versions.keys()];
  const cases = first.cases.map((each, i): VersionedCase => {
    const found = inForce(all, each.on, each.lineOfBusiness);
    const version = versionFor(found);
    const policy = (version && versions.get(version)) ?? policies[0]!;
    const reading = under(policy);
    const policyCase = reading.cases[i] ?? each;
    const diagnostics = reading.diagnostics.filter((finding) => isIn(finding, policyCase));
    if (found.kind !== "several" && found.kind !== "unread") return { policyCase, policy, found, diagnostics };
    const unclear = diagnostic("unclear-version", policyCase.nameRange, inForceWords(found, each.on, (version) => `\`${versionName(version)}\``)!, {
      help: found.kind === "unread" ? "Mend the header, or name the file of the policy with `policy:`." : "Tell the versions apart in their headers, or name the file of the policy with `policy:`.",
    });
    return { policyCase: { ...policyCase, sound: false }, policy, found, diagnostics: [unclear, ...diagnostics] };
  });
  const outside = first.diagnostics.filter((finding) => !first.cases.some((each) => isIn(finding, each)));
  const diagnostics = [...outside, ...cases.flatMap((each) => each.diagnostics)].sort((a, b) => a.start - b.start || a.end - b.end);
  const uses = cases.flatMap(({ policy, policyCase: { range } }) => under(policy).uses.filter((use) => use.start >= range.start && use.end <= range.end));
  return { cases, diagnostics, outside, uses };
}

/** The version under which a case is looked at: the one in force, or the nearest, under which a case of that day is referred. */
export function versionFor(found: InForce): Version | undefined {
  switch (found.kind) {
    case "one": return found.version;
    case "none": return found.before ?? found.after;
    case "several": case "unread": return found.versions[0];
  }
}
