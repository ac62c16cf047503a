// Runs the linter over one policy and its case files, and over their texts again where they are changed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostic.js";
import type { LintSettings } from "../lint/config.js";
import { mappingDiagnostics } from "../fhir/mappings.js";
import { lint, type LintRun } from "../lint/engine.js";
import { type Spelling, spellingFrom } from "../lint/spelling.js";
import type { Source } from "../render/codeframe.js";
import { analyze } from "../semantics/analyze.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import { lineIndex } from "../text.js";
import type { UsageError } from "./exit.js";
import type { Unit } from "./inputs.js";
import type { LintConfigs } from "./lintconfig.js";
import { load } from "./load.js";
import type { Selection } from "./selection.js";

/** What holds for all files of a run. */
export interface LintContext {
  readonly configs: LintConfigs;
  readonly selection: Selection;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly asOf?: number | undefined;
  readonly run: LintRun;
  /** What the dates of other files with the same number have to do with a policy; undefined where there is no other. */
  readonly versions?: ((analysis: Analysis) => readonly Diagnostic[] | undefined) | undefined;
  readonly spelling?: Spelling | undefined;
}

/** The dictionary, where it came with the product; without it words are not looked at. */
export function readSpelling(): Spelling | undefined {
  try {
    return spellingFrom(readFileSync(join(__dirname, "../data/spelling.bin")));
  } catch {
    return undefined;
  }
}

/** A text with what was found in it. */
export interface LintedText {
  readonly source: Source;
  readonly found: readonly Diagnostic[];
  /** Of a policy. */
  readonly analysis?: Analysis | undefined;
  /** Looks at another text of the same file. */
  readonly look: (text: string) => LintedText;
}

export interface LintedUnit {
  readonly policy?: LintedText | undefined;
  /** The policy, also where only its case files were asked for. */
  readonly analysis?: Analysis | undefined;
  /** The case files; given the policy's analysis, as it is after fixes, they are looked at. */
  readonly caseFiles: readonly ((policy: Analysis | undefined) => LintedText)[];
  readonly problems: readonly UsageError[];
}

/** Lints a policy with its case files, without those that a configuration leaves out. */
export async function lintUnit(unit: Unit, context: LintContext): Promise<LintedUnit> {
  const { configs, selection } = context;
  const listed = unit.listed && !configs.of(unit.policy.path).ignored;
  const shownFiles = new Set(unit.caseFiles.filter(({ path }) => !configs.of(path).ignored).map(({ path }) => path));
  if (!listed && shownFiles.size === 0) return { caseFiles: [], problems: [] };
  const { policy, caseFiles, problems } = await load(unit);
  const settingsOf = (path: string): LintSettings => selection.settings(configs.of(path).settings);

  const fromFiles = caseFiles.flatMap(({ cases }) => cases);
  const textOf = (path: string, text: string, found: readonly Diagnostic[], look: LintedText["look"], analysis?: Analysis): LintedText => ({
    source: { path, text, lines: analysis?.lines ?? lineIndex(text) }, found: selection.everything ? found : found.filter(selection.shows), analysis, look,
  });
  const lintPolicy = (analysis: Analysis): LintedText =>
    textOf(analysis.uri, analysis.text, lintAnalysis(analysis, fromFiles, settingsOf(analysis.uri), context), (text) => lintPolicy(analyze(text, analysis.uri)), analysis);

  const linted = caseFiles.filter(({ source, byNumber }) => shownFiles.has(source.path) && (byNumber === undefined || byNumber.look !== undefined)).map(({ source, diagnostics, byNumber }) => (now: Analysis | undefined): LintedText => {
    const { languageLevels } = settingsOf(source.path);
    if (byNumber !== undefined) {
      const lookAtAll = (text: string): LintedText => textOf(source.path, text, atLevels(byNumber.look!(text), languageLevels), lookAtAll);
      return lookAtAll(source.text);
    }
    const look = (text: string): LintedText => {
      const { readCaseFile } = require("../semantics/casefile.js") as typeof import("../semantics/casefile.js");
      return textOf(source.path, text, atLevels(readCaseFile(text, source.path, now).diagnostics, languageLevels), look);
    };
    return now === policy?.analysis ? textOf(source.path, source.text, atLevels(diagnostics, languageLevels), look) : look(source.text);
  });
  if (!listed || policy === undefined) return { analysis: policy?.analysis, caseFiles: linted, problems };
  // A text that was too large was not read: there is nothing for lint rules to look at.
  const unread = policy.diagnostics.find(({ code }) => code === "file-too-large");
  return { analysis: policy.analysis, policy: unread === undefined ? lintPolicy(policy.analysis) : textOf(policy.source.path, policy.source.text, [unread], () => lintPolicy(policy.analysis), policy.analysis), caseFiles: linted, problems };
}

function lintAnalysis(analysis: Analysis, fromFiles: readonly PolicyCase[], settings: LintSettings, { today, asOf, run, spelling, versions }: LintContext): readonly Diagnostic[] {
  try {
    return lint({ analysis, cases: fromFiles.length === 0 ? analysis.cases : [...analysis.cases, ...fromFiles], today, asOf, spelling, versions: versions?.(analysis), beside: mappingDiagnostics(analysis) }, settings, run);
  } catch (error) {
    throw new Error(`${analysis.uri}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Findings of the language at the levels that a configuration gives them. */
function atLevels(found: readonly Diagnostic[], levels: LintSettings["languageLevels"]): readonly Diagnostic[] {
  if (levels.size === 0) return found;
  return found.flatMap((each) => {
    const level = each.severity === "error" ? undefined : levels.get(each.code);
    return level === undefined ? [each] : level === "off" ? [] : [{ ...each, severity: level }];
  });
}
