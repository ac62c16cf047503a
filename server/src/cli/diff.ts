// `policy diff`: what has changed between two versions of a policy, and what that means for cases.
import { existsSync, statSync } from "node:fs";
import { comparePolicies } from "../compare/compare.js";
import type { Change, Comparison } from "../compare/model.js";
import { comparisonText } from "../render/comparison.js";
import { cameTo, type Impact } from "../render/comparisonimpact.js";
import { comparisonMarkdown } from "../render/comparisonmarkdown.js";
import { providerNotice, revisionRow } from "../render/comparisonnotice.js";
import { changeWords } from "../render/comparisonwords.js";
import { analyze } from "../semantics/analyze.js";
import { readCaseFile } from "../semantics/casefile.js";
import type { Analysis } from "../semantics/model.js";
import { plain } from "../render/colours.js";
import { lineIndex, positionAt, type Range } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { LARGEST_FILE, readText, writeOut } from "./files.js";
import { findUnits } from "./inputs.js";
import { impactOf, type FoundCase } from "./impact.js";
import { json } from "./output.js";
import { complain, ended, errorColours, outputColours, outputWidth, print } from "./terminal.js";

export interface DiffOptions {
  readonly format: "text" | "json" | "markdown";
  /** Case files beside those of the policies. */
  readonly cases: readonly string[];
  readonly revisionRow?: boolean | undefined;
  readonly notice?: boolean | undefined;
  readonly failOn: "flips" | "meaning" | "changes" | "nothing";
  readonly verbose?: boolean | undefined;
  readonly outputFile?: string | undefined;
}

/** One version: the name it goes by, its text, and its file where it is one on disk. */
interface Side {
  readonly name: string;
  readonly text: string;
  readonly path?: string | undefined;
  /** Of a revision: the case files that stood beside it. */
  readonly caseFiles?: readonly { readonly name: string; readonly text: string }[] | undefined;
}

/** Compares two versions; gives the exit code. */
export async function diff(args: readonly string[], options: DiffOptions): Promise<ExitCode> {
  if (options.revisionRow === true && options.notice === true) throw new UsageError("--revision-row and --notice are two different texts", "Ask for one of them at a time.");
  const [before, after] = await sides(args);
  const [old, now] = [analyze(before.text, before.name), analyze(after.text, after.name)];
  for (const [{ name }, analysis] of [[before, old], [after, now]] as const) {
    if (analysis.document.header === undefined) throw new UsageError(`${name} is no policy: it does not begin with the line \`policy NUMBER "Title"\``);
  }
  const comparison = comparePolicies(old, now);
  const impact = impactOf(old, now, comparison, await casesOf(before, old, after, now, options.cases));
  const names = [before.name, after.name] as const;
  const put = (text: string): void => (options.outputFile === undefined ? print(text) : writeOut(ended(text), options.outputFile));
  if (options.revisionRow === true) {
    put(revisionRow(comparison));
    const { revised, approved, effective } = comparison.after;
    if (comparison.changes.length > 0 && revised === comparison.before.revised && approved === comparison.before.approved && effective === comparison.before.effective) {
      complain(`${errorColours().yellow("policy:")} the header has the same dates in both versions: see to the dates of this row.`);
    }
  } else if (options.notice === true) put(providerNotice(comparison));
  else if (options.format === "json") put(asJson(comparison, impact, old, now, names));
  else if (options.format === "markdown") put(comparisonMarkdown(comparison, impact, names));
  else put(comparisonText(comparison, impact, { colours: options.outputFile === undefined ? outputColours() : plain, width: outputWidth(), names, verbose: options.verbose === true }));
  return exitOf(comparison, impact, options.failOn);
}

/** Without an answer about cases, because a version has errors, nobody may take it for "no change". */
function exitOf({ changes }: Comparison, impact: Impact, failOn: DiffOptions["failOn"]): ExitCode {
  const flips = impact.broken.length > 0 || impact.cases.some(({ change }) => change === "flips" || change === "not evaluated");
  const meaning = flips || changes.some(({ bears }) => bears);
  switch (failOn) {
    case "flips": return flips ? EXIT.findings : EXIT.ok;
    case "meaning": return meaning ? EXIT.findings : EXIT.ok;
    case "changes": return meaning || changes.length > 0 ? EXIT.findings : EXIT.ok;
    case "nothing": return EXIT.ok;
  }
}

// ── Versions ──────────────────────────────────────────────────────────────────────────────────────────────────────────
type Named = { readonly kind: "file"; readonly path: string } | { readonly kind: "revision"; readonly revision: string; readonly path?: string | undefined };

async function sides(args: readonly string[]): Promise<readonly [Side, Side]> {
  if (args.length > 2) throw new UsageError("diff compares two versions", "Give two files, a revision and a file, or REVISION:PATH.");
  const [first, second] = (args.length === 1 ? ["HEAD", args[0]!] : args).map(named) as [Named, Named];
  const path = [first, second].map((each) => each.path).find((each) => each !== undefined);
  if (path === undefined) {
    const [only] = args;
    throw new UsageError(args.length === 1 ? `cannot read ${only}: there is no such file` : "two revisions do not say which policy", "Write the policy too: `policy diff HEAD~1 imrt.policy`, or `policy diff HEAD~1 HEAD:imrt.policy`.");
  }
  return [await read(first, path), await read(second, path)];
}

function named(argument: string): Named {
  if (existsSync(argument)) return { kind: "file", path: argument };
  // The path behind the last colon that leaves a revision; `C:\…` is no revision.
  const at = argument.indexOf(":");
  if (at > 1 && at < argument.length - 1) return { kind: "revision", revision: argument.slice(0, at), path: argument.slice(at + 1) };
  if (/\.policy$/iu.test(argument)) throw new UsageError(`cannot read ${argument}: there is no such file`, "For a file of another revision, write REVISION:PATH.");
  return { kind: "revision", revision: argument };
}

async function read(side: Named, path: string): Promise<Side> {
  if (side.kind === "revision") return (await import("./revision.js")).readRevision(side.revision, side.path ?? path, side.path !== undefined);
  if (statSync(side.path).isDirectory()) throw new UsageError(`${side.path} is a folder`, "Give one policy.");
  const content = readText(side.path);
  if ("tooLarge" in content) throw new UsageError(`${side.path} holds more than ${LARGEST_FILE / 1024 / 1024} MB, which is more than is read`);
  return { name: side.path, text: content.text, path: side.path };
}

// ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The cases of both versions, of the case files beside them and of those that were named. A case of the same name counts as the new version has it. */
async function casesOf(before: Side, old: Analysis, after: Side, now: Analysis, named: readonly string[]): Promise<readonly FoundCase[]> {
  const found: FoundCase[] = [];
  const files = new Set<string>();
  const names = new Set<string>();
  const inline = ({ name }: Side, analysis: Analysis, of: FoundCase["of"]): void => {
    for (const policyCase of analysis.cases) if (of === "new" || !names.has(policyCase.name)) found.push({ policyCase, path: name, lines: analysis.lines, of });
    if (of === "new") for (const { name: each } of analysis.cases) names.add(each);
  };
  const inFile = (path: string, text: string, preferred: FoundCase["of"]): void => {
    if (files.has(path)) return;
    files.add(path);
    const lines = lineIndex(text);
    const readings = { new: readCaseFile(text, path, now).cases, old: readCaseFile(text, path, old).cases };
    const [first, second] = preferred === "new" ? (["new", "old"] as const) : (["old", "new"] as const);
    // A case that only one of the versions can read is carried over to the other.
    for (const [i, policyCase] of readings[first].entries()) {
      const other = readings[second][i];
      if (preferred === "old" && names.has(policyCase.name)) continue;
      if (!policyCase.sound && other?.sound === true) found.push({ policyCase: other, path, lines, of: second });
      else found.push({ policyCase, path, lines, of: first });
      if (preferred === "new") names.add(policyCase.name);
    }
  };
  const beside = async ({ path, caseFiles }: Side, of: FoundCase["of"]): Promise<void> => {
    for (const file of caseFiles ?? []) inFile(file.name, file.text, of);
    if (path === undefined || !/\.policy$/iu.test(path)) return;
    const { units } = await findUnits([path], { ignore: [], stdinFilename: "stdin.policy" });
    for (const { caseFiles } of units) for (const file of caseFiles) inFile(file.path, textOf(file.path), of);
  };
  inline(after, now, "new");
  await beside(after, "new");
  for (const path of named) inFile(path, textOf(path), "new");
  inline(before, old, "old");
  await beside(before, "old");
  return found;
}

function textOf(path: string): string {
  const content = readText(path);
  if ("tooLarge" in content) throw new UsageError(`${path} holds more than ${LARGEST_FILE / 1024 / 1024} MB, which is more than is read`);
  return content.text;
}

// ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
function asJson({ before, after, changes }: Comparison, impact: Impact, old: Analysis, now: Analysis, [from, to]: readonly [string, string]): string {
  const place = (analysis: Analysis, range: Range | undefined) => range && { line: positionAt(analysis.lines, range.start).line + 1, endLine: positionAt(analysis.lines, Math.max(range.start, range.end - 1)).line + 1 };
  const change = ({ oldRange, newRange, ...rest }: Change): object => ({ ...rest, words: changeWords({ ...rest }).what, oldPlace: place(old, oldRange), newPlace: place(now, newRange) });
  const count = (what: string): number => impact.cases.filter((each) => each.change === what).length;
  return json({
    old: { name: from, ...before },
    new: { name: to, ...after },
    summary: { changes: changes.length, bearing: changes.filter(({ bears }) => bears).length, cases: impact.cases.length, flips: count("flips"), otherwise: count("otherwise"), same: count("same"), notEvaluated: count("not evaluated") },
    changes: changes.map(change),
    notEvaluatedBecauseOfErrors: impact.broken,
    cases: impact.cases.map(({ before: was, after: is, ...rest }) => ({ ...rest, from: was && cameTo(was), to: is && cameTo(is), ...(rest.change === "same" ? {} : { before: was, after: is }) })),
  });
}
