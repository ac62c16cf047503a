// Several versions of a policy, as files or revisions of git: each case is decided by the one in force on its date of service, or on the day asked for.
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Diagnostic } from "../diagnostic.js";
import type { Explanation } from "../evaluate/model.js";
import { runCase } from "../evaluate/run.js";
import type { Source } from "../render/codeframe.js";
import { analyze } from "../semantics/analyze.js";
import { readCaseFile } from "../semantics/casefile.js";
import { casesUnder, type ReadCases, versionFor } from "../semantics/caseversions.js";
import type { Analysis, Policy, PolicyCase } from "../semantics/model.js";
import { familyOf, inForce, type InForce, inForceWords, timeless, type Version, versionOf } from "../semantics/versions.js";
import { dateText, readDate } from "../syntax/dates.js";
import { counted, lineIndex } from "../text.js";
import type { Broken, CaseRun, PolicyRun } from "./cases.js";
import { UsageError } from "./exit.js";
import { LARGEST_FILE, readText } from "./files.js";
import { numberOf, policiesIn } from "./headers.js";
import { displayed, findUnits, type Input, type Unit } from "./inputs.js";
import { load, type Checked } from "./load.js";
import { complain, errorColours } from "./terminal.js";

export interface VersionOptions {
  readonly stdinFilename: string;
  /** The day that picks the version in place of the date of service, `2025-03-01`. */
  readonly asOf?: string | undefined;
  /** The versions of one file are read out of the history of git. */
  readonly revisions?: boolean | undefined;
}

/** Whether what is asked for takes more than one policy file. */
export function needsVersions(paths: readonly string[], { asOf, revisions }: VersionOptions): boolean {
  return paths.length > 1 || asOf !== undefined || revisions === true || paths.some((path) => !/\.policy$|\.case\.(?:ya?ml|json)$|^-$/iu.test(path) || isRevision(path));
}

/** `REVISION:PATH`, as git has it; a file that is there is a file. */
const isRevision = (path: string): boolean => /^[^:]{2,}:.+\.policy$/iu.test(path) && !existsSync(path);

/** A version with its text, checked. */
interface Known {
  readonly version: Version;
  readonly checked: Checked & { readonly analysis: Analysis };
}

/** A text that holds cases, which can be read by the names of any version. */
interface CaseText {
  readonly source: Source;
  /** The policy that it belongs to; none where it names a number, or where the policy is not there. */
  readonly home: Known | undefined;
  readonly versions: readonly Known[];
  under(analysis: Analysis): ReadCases;
}

/** What there is to decide cases with. */
export interface VersionedRun {
  readonly all: PolicyRun;
  readonly versions: readonly Version[];
  readonly problems: readonly UsageError[];
}

/** Decides every case under its version. */
export async function runVersions(paths: readonly string[], options: VersionOptions): Promise<VersionedRun> {
  const asOf = options.asOf === undefined ? undefined : dayOf(options.asOf);
  const { policies, texts, broken, problems } = options.revisions === true ? await revisionsOf(paths) : await filesOf(paths, options);
  const wanted = new Set<Known>();
  const runs: CaseRun[] = [];
  for (const text of texts) {
    const first = text.home ?? text.versions[0];
    if (first === undefined) continue;
    // Every reading has the cases in one order; their dates and names do not depend on the version.
    for (const [i, read] of text.under(first.checked.analysis).cases.entries()) {
      const day = asOf ?? read.on;
      const found = inForce(text.versions.map(({ version }) => version), day, read.lineOfBusiness);
      const version = versionFor(found);
      const known = text.versions.find((each) => each.version === version) ?? first;
      wanted.add(known);
      runs.push(decided(text, i, known, found, { day, asOf: options.asOf, several: policies.length > 1 }));
    }
  }
  const unread = policies.filter((known) => known.version.unread);
  for (const known of new Set([...wanted, ...unread])) {
    const { source, diagnostics, analysis } = known.checked;
    const inCase = ({ start }: Diagnostic): boolean => analysis.cases.some(({ range }) => start >= range.start && start <= range.end);
    const errors = analysis.policy !== undefined ? [] : diagnostics.filter((each) => each.severity === "error" && !inCase(each));
    if (errors.length > 0) broken.push({ source, errors });
  }
  const path = paths.length === 1 ? displayed(paths[0]!) : paths.map(displayed).join(", ");
  return { all: { path, runs, broken }, versions: policies.map(({ version }) => version), problems };
}

interface How {
  readonly day: number;
  readonly asOf: string | undefined;
  readonly several: boolean;
}

/** A case under the version that was picked for it. */
function decided(text: CaseText, i: number, known: Known, found: InForce, how: How): CaseRun {
  const { source } = text;
  const { analysis } = known.checked;
  const { cases, diagnostics } = text.under(analysis);
  const policyCase = cases[i]!;
  const mistakes = policyCase.sound ? [] : diagnostics.filter((each) => each.severity === "error" && each.start >= policyCase.range.start && each.start <= policyCase.range.end);
  const skipped = (reason: string): CaseRun => ({ source, policyCase, mistakes: [], result: { name: policyCase.name, uri: policyCase.uri, range: policyCase.range, status: "not evaluated", failures: [], reason } });
  const words = inForceWords(found, how.day, shown);
  // On a date of service without a version the nearest one refers the case; a day that was asked for says nothing of that date.
  if (found.kind === "several" || found.kind === "unread" || (found.kind === "none" && how.asOf !== undefined)) return skipped(unended(words!));
  if (analysis.policy === undefined) return skipped(`the version that decides it, ${shown(known.version)}, has errors`);
  if (!policyCase.sound) {
    const under = text.versions.length > 1 ? ` under the version that decides it, ${shown(known.version)}` : "";
    const elsewhere = text.home !== undefined && text.home !== known && text.under(text.home.checked.analysis).cases[i]?.sound === true ? `; it has none under ${shown(text.home.version)}, its own` : "";
    const run = skipped(`the case has ${counted(Math.max(1, mistakes.length), "mistake")}${under}${elsewhere}`);
    return { ...run, mistakes };
  }
  // The day asked for has picked the version: its dates are not held against the date of service once more.
  const policy = how.asOf !== undefined ? timelessOnce(analysis.policy) : analysis.policy;
  const result = runCase(policy, policyCase);
  const explanation = result.explanation && versioned(result.explanation, known.version, words, how);
  return { source, policyCase, mistakes, result: { ...result, explanation }, policy };
}

const timelessPolicies = new WeakMap<Policy, Policy>();
function timelessOnce(policy: Policy): Policy {
  const known = timelessPolicies.get(policy) ?? timeless(policy);
  timelessPolicies.set(policy, known);
  return known;
}

/** The explanation with the version that decided, and what is to be said of how it was found. */
function versioned(explanation: Explanation, version: Version, words: string | undefined, { asOf, several }: How): Explanation {
  const { number, title } = explanation.policy;
  const remarks = words === undefined ? explanation.remarks : [...explanation.remarks, words];
  return { ...explanation, remarks, policy: { number, title, effective: version.effective, ends: version.ends, source: several || asOf !== undefined ? version.source : undefined, asOf } };
}

const unended = (sentence: string): string => sentence.replace(/\.$/u, "");
const shown = ({ source }: Version): string => source;

// ── Where versions and cases come from ────────────────────────────────────────────────────────────────────────────────
interface Found {
  readonly policies: readonly Known[];
  readonly texts: readonly CaseText[];
  /** Policies without a number of their own. */
  readonly broken: Broken[];
  readonly problems: readonly UsageError[];
}

/** Files, folders and globs, and revisions of git beside them, whose own cases are left out: those of the files are asked about. */
async function filesOf(paths: readonly string[], { stdinFilename }: VersionOptions): Promise<Found> {
  const revisions = paths.filter(isRevision);
  const files = paths.filter((path) => !isRevision(path));
  const { units, problems } = files.length === 0 ? { units: [], problems: [] } : await findUnits(files, { ignore: [], stdinFilename });
  const broken: Broken[] = [];
  const said = [...problems];
  const loaded: { readonly unit: Unit; readonly known: Known | undefined }[] = [];
  for (const unit of units) {
    const { policy, problems: more } = await load({ ...unit, caseFiles: [] });
    said.push(...more);
    const version = policy && versionOf(policy.analysis);
    if (policy !== undefined && version === undefined) broken.push({ source: policy.source, errors: policy.diagnostics.filter(({ severity }) => severity === "error") });
    loaded.push({ unit, known: policy === undefined || version === undefined ? undefined : { version, checked: policy } });
  }
  const fromGit = await Promise.all(revisions.map(revisionAt));
  for (const known of fromGit) if (typeof known !== "object" || !("version" in known)) broken.push(known);
  const added = fromGit.filter((known): known is Known => "version" in known);
  const policies = [...loaded.flatMap(({ known }) => (known === undefined ? [] : [known])), ...added];
  const texts: CaseText[] = [];
  const numbered = new Set<string>();
  for (const { unit, known } of loaded) {
    if (unit.listed && known !== undefined) texts.push(inline(known, policies));
    for (const file of unit.caseFiles) {
      if (file.versions === undefined) {
        if (known !== undefined) texts.push(caseFile(file, known, related(known, policies)));
        else if (!broken.some(({ source }) => source.path === unit.policy.path)) broken.push(orphaned(file));
      } else if (!numbered.has(file.path)) {
        numbered.add(file.path);
        const number = numberOf(file.versions[0]!);
        texts.push(caseFile(file, undefined, policies.filter(({ version }) => version.number === number)));
      }
    }
  }
  // Revisions alone: the newest has the cases.
  if (files.length === 0 && added.length > 0) texts.push(inline([...added].sort((a, b) => b.version.from - a.version.from)[0]!, policies));
  return { policies, texts, broken, problems: said };
}

async function revisionAt(path: string): Promise<Known | Broken> {
  const at = path.indexOf(":");
  const { readRevision } = await import("./revision.js");
  const { name, text } = await readRevision(path.slice(0, at), path.slice(at + 1), true);
  return knownIn(name, text);
}

function knownIn(name: string, text: string): Known | Broken {
  const analysis = analyze(text, name);
  const source = { path: name, text, lines: analysis.lines };
  const version = versionOf(analysis);
  return version === undefined ? { source, errors: analysis.diagnostics.filter(({ severity }) => severity === "error") } : { version, checked: { source, diagnostics: analysis.diagnostics, analysis } };
}

/** The versions of one file in the history of git: of all texts with one effective date, the newest. A text without one is a draft. */
async function revisionsOf(paths: readonly string[]): Promise<Found> {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || !/\.policy$/iu.test(path)) throw new UsageError("--revisions reads the versions of one file", "Give one policy: `policy evaluate imrt.policy --revisions`.");
  const now = await filesOf([path], { stdinFilename: "stdin.policy" });
  const [home] = now.policies;
  if (home === undefined) return now;
  const { historyOf } = await import("./revision.js");
  const { files, cut } = await historyOf(path);
  if (cut) complain(`${errorColours().yellow("policy:")} the history of ${path} is not all there: versions before its first commit here are not known.`);
  const versions = new Map<string, Known>([[home.version.effective ?? "", home]]);
  for (const { name, text } of files) {
    const known = knownIn(name, text);
    if (!("version" in known) || known.version.number !== home.version.number || known.version.effective === undefined || known.version.unread) continue;
    const day = dateText(known.version.from);
    if (day !== dateOf(home) && !versions.has(day)) versions.set(day, known);
  }
  const policies = [...versions.values()];
  const texts = now.texts.map((text): CaseText => ({ ...text, versions: related(home, policies) }));
  return { ...now, policies, texts };
}

const dateOf = ({ version }: Known): string | undefined => (version.effective === undefined ? undefined : dateText(version.from));

const related = (known: Known, policies: readonly Known[]): readonly Known[] => {
  const family = new Set(familyOf(known.version, policies.map(({ version }) => version)));
  return policies.filter(({ version }) => family.has(version));
};

function inline(home: Known, policies: readonly Known[]): CaseText {
  const { analysis, source } = home.checked;
  return { source, home, versions: related(home, policies), under: remembered((other) => casesUnder(analysis, other)) };
}

function caseFile({ path, content }: Input, home: Known | undefined, versions: readonly Known[]): CaseText {
  const read = content ?? readText(path);
  if (!("text" in read)) throw new UsageError(`${path} holds more than ${LARGEST_FILE / 1024 / 1024} MB, which is more than is read`);
  return { source: { path, text: read.text, lines: lineIndex(read.text) }, home, versions, under: remembered((analysis) => readCaseFile(read.text, path, analysis)) };
}

/** A case file whose policy is not there; it says so itself. */
function orphaned({ path, content }: Input): Broken {
  const read = content ?? readText(path);
  const text = "text" in read ? read.text : "";
  return { source: { path, text, lines: lineIndex(text) }, errors: readCaseFile(text, path, undefined).diagnostics.filter(({ severity }) => severity === "error") };
}

function remembered(read: (analysis: Analysis) => ReadCases): (analysis: Analysis) => ReadCases {
  const known = new Map<Analysis, ReadCases>();
  return (analysis) => {
    const reading = known.get(analysis) ?? read(analysis);
    known.set(analysis, reading);
    return reading;
  };
}

/** A day of the command line. */
function dayOf(text: string): number {
  const { day, precision } = readDate(text, 0);
  if (day === undefined || precision !== "day") throw new UsageError(`\`${text}\` is no date`, "Write a date as 2025-03-01.");
  return day;
}

// ── One file with others beside it ────────────────────────────────────────────────────────────────────────────────────
/**
 * What to say where a single file decides cases for which another file of its folder has the version in force; undefined where there
 * is none.
 */
export async function versionsBeside(path: string, analysis: Analysis, cases: readonly PolicyCase[]): Promise<string | undefined> {
  const own = versionOf(analysis);
  if (own === undefined) return undefined;
  const beside = policiesIn(dirname(path)).filter((other) => basename(other) !== basename(path)).map((other): Input => ({ path: other })).filter((input) => numberOf(input) === own.number);
  if (beside.length === 0) return undefined;
  const versions = [own];
  for (const input of beside) {
    const { policy } = await load({ policy: input, listed: true, caseFiles: [] });
    const version = policy && versionOf(policy.analysis);
    if (version !== undefined) versions.push(version);
  }
  for (const { name, on, lineOfBusiness } of cases) {
    const found = inForce(familyOf(own, versions), on, lineOfBusiness);
    if (found.kind !== "one" || found.version.text === own.text) continue;
    const inPlace = `${found.version.source} is the version in force, and ${path} decides alone here.`;
    const help = "        Give both files, or their folder, and each case is decided by its version.";
    return `${errorColours().yellow("policy:")} on the date of service of case “${name}”, ${dateText(on)}, ${inPlace}\n${help}`;
  }
  return undefined;
}
