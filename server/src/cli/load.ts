// Reads and analyses one policy with its case files: what every command starts from.
import { existsSync } from "node:fs";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import type { Source } from "../render/codeframe.js";
import { analyze } from "../semantics/analyze.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import { lineIndex } from "../text.js";
import { UsageError } from "./exit.js";
import { LARGEST_FILE, readText, type FileText } from "./files.js";
import type { Input, Unit } from "./inputs.js";

/** A text with everything found in it. */
export interface Checked {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckedCases extends Checked {
  readonly cases: readonly PolicyCase[];
  /**
   * Of a file that names its policy by number, `cases` are those that this version decides, and `diagnostics` what is wrong with them. With
   * the first of the versions goes what finds fault with the whole file.
   */
  readonly byNumber?: { readonly look: ((text: string) => readonly Diagnostic[]) | undefined } | undefined;
}

export interface Loaded {
  readonly unit: Unit;
  /** Undefined where the policy could not be read; then `problems` says why, or the case files' diagnostics do. */
  readonly policy?: (Checked & { readonly analysis: Analysis }) | undefined;
  readonly caseFiles: readonly CheckedCases[];
  readonly problems: readonly UsageError[];
}

/** Reads and analyses a policy and its case files. Files that cannot be read are problems; nothing else stops it. */
export async function load(unit: Unit): Promise<Loaded> {
  const problems: UsageError[] = [];
  let policy: Loaded["policy"];
  // Case files whose policy is not there say so themselves.
  if (unit.listed || existsSync(unit.policy.path)) policy = policyIn(unit.policy, problems);
  const caseFiles: CheckedCases[] = [];
  if (unit.caseFiles.length > 0) {
    const { readCaseFile } = await import("../semantics/casefile.js");
    for (const input of unit.caseFiles) {
      const content = contentOf(input, problems);
      if (content === undefined) continue;
      if ("tooLarge" in content) {
        caseFiles.push({ ...tooLarge(input.path, content.tooLarge), cases: [] });
        continue;
      }
      if (input.versions !== undefined && policy !== undefined) {
        caseFiles.push(await casesOfVersion(input, content.text, unit.policy, policy));
        continue;
      }
      const { cases, diagnostics } = during(input.path, () => readCaseFile(content.text, input.path, policy?.analysis));
      caseFiles.push({ source: { path: input.path, text: content.text, lines: lineIndex(content.text) }, diagnostics: inOrder(diagnostics), cases });
    }
  }
  return { unit, policy, caseFiles, problems };
}

/** Policies that are needed again, because a case file speaks of several versions. */
const versions = new WeakMap<Input, Loaded["policy"]>();

function policyIn(input: Input, problems: UsageError[]): Loaded["policy"] {
  const known = versions.get(input);
  if (known !== undefined) return known;
  const content = contentOf(input, problems);
  return content === undefined ? undefined : checkedPolicy(input.path, content);
}

/** The cases of a file by number that one version decides, with what is wrong with them. */
async function casesOfVersion(input: Input, text: string, of: Input, policy: NonNullable<Loaded["policy"]>): Promise<CheckedCases> {
  const { readCaseFileByVersion } = await import("../semantics/caseversions.js");
  const { analysis } = policy;
  versions.set(of, policy);
  // A version that cannot be read is told of where it is looked at itself.
  const analyses = input.versions!.flatMap((each) => {
    const read = policyIn(each, []);
    if (read !== undefined) versions.set(each, read);
    return read === undefined ? [] : [read.analysis];
  });
  const file = during(input.path, () => readCaseFileByVersion(text, input.path, analyses));
  const mine = file.cases.filter((each) => each.policy === analysis);
  const first = analyses[0] === analysis;
  return {
    source: { path: input.path, text, lines: lineIndex(text) }, cases: mine.map(({ policyCase }) => policyCase),
    diagnostics: inOrder([...(first ? file.outside : []), ...mine.flatMap(({ diagnostics }) => diagnostics)]), byNumber: { look: first ? (now) => (now === text ? file : readCaseFileByVersion(now, input.path, analyses)).diagnostics : undefined },
  };
}

function contentOf(input: Input, problems: UsageError[]): FileText | undefined {
  try {
    return input.content ?? readText(input.path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(error);
    return undefined;
  }
}

function checkedPolicy(path: string, content: FileText): NonNullable<Loaded["policy"]> {
  const text = "text" in content ? content.text : "";
  const analysis = during(path, () => analyze(text, path));
  const source = { path, text, lines: analysis.lines };
  if ("tooLarge" in content) {
    const { diagnostics } = tooLarge(path, content.tooLarge);
    return { source, diagnostics, analysis: Object.assign(analysis, { diagnostics, policy: undefined }) };
  }
  return { source, diagnostics: inOrder(analysis.diagnostics), analysis };
}

function tooLarge(path: string, bytes: number): Checked {
  const found = diagnostic("file-too-large", { start: 0, end: 0 }, `The file holds ${(bytes / 1024 / 1024).toFixed(1)} MB; more than ${LARGEST_FILE / 1024 / 1024} MB are not read.`, {
    help: "Split it into smaller files.",
  });
  return { source: { path, text: "", lines: lineIndex("") }, diagnostics: [found] };
}

const inOrder = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => (diagnostics.length < 2 ? diagnostics : [...diagnostics].sort((a, b) => a.start - b.start || a.end - b.end));

/** Runs a piece of work on a file; should it fail, which would be a bug, the error says which file it was. */
function during<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
