// `policy test --update`: rewrites what failing cases expect to what they come to. Nothing else in the file changes, and the result is run.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Explanation } from "../../evaluate/model.js";
import { runCase } from "../../evaluate/run.js";
import { type Edit, hasErrors, withEdits } from "../../diagnostic.js";
import { analyze } from "../../semantics/analyze.js";
import { readCaseFile } from "../../semantics/casefile.js";
import type { Analysis, PolicyCase } from "../../semantics/model.js";
import type { CaseRun } from "../cases.js";
import { isCaseFile } from "../inputs.js";
import type { Loaded } from "../load.js";
import { caseFileEdits } from "./caseedits.js";
import { policyEdits } from "./policyedits.js";
import type { TestRun } from "./model.js";

/** What is to be written where an expectation failed: undefined where the expectation holds and stays. */
export interface NewExpectations {
  readonly determination?: string | undefined;
  /** The address that decides, "" where none does any more. */
  readonly by?: string | undefined;
  /** What takes the place of a list of missing facts; empty where nothing is missing any more. */
  readonly missing?: readonly string[] | undefined;
  /** Outcomes by the start of their expectation. */
  readonly outcomes: ReadonlyMap<number, string>;
}

export interface UpdatedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly Edit[];
  readonly diff: string;
  readonly cases: readonly string[];
}

export interface UpdatePlan {
  readonly files: readonly UpdatedFile[];
  /** Failing cases that cannot be rewritten. */
  readonly left: readonly CaseRun[];
}

/** Works out what would be written. Nothing is written here. */
export function planUpdate({ policies, loaded }: TestRun): UpdatePlan {
  const files: UpdatedFile[] = [];
  const left: CaseRun[] = [];
  for (const [i, policy] of policies.entries()) {
    const failed = policy.runs.filter(({ result }) => result.status === "failed");
    for (const path of new Set(failed.map(({ source }) => source.path))) {
      const runs = failed.filter(({ source }) => source.path === path);
      const file = rewritten(loaded[i]!, path, runs);
      const other = files.findIndex((each) => each.path === path);
      // A case file by number has cases of several versions: what each of them changes is written together.
      if (file !== undefined && other >= 0) files[other] = updated(path, file.before, [...files[other]!.edits, ...file.edits], [...files[other]!.cases, ...file.cases]);
      else if (file !== undefined) files.push(file);
      left.push(...runs.filter(({ result }) => !file?.cases.includes(result.name)));
    }
  }
  return { files, left };
}

function rewritten({ policy }: Loaded, path: string, runs: readonly CaseRun[]): UpdatedFile | undefined {
  const analysis = policy!.analysis;
  const before = runs[0]!.source.text;
  const each = runs.flatMap((run) => {
    const wanted = newExpectations(run.policyCase, run);
    const edits = wanted && (isCaseFile(path) ? caseFileEdits(before, run.policyCase, wanted) : policyEdits(analysis, run.policyCase, wanted));
    return edits === undefined || edits.length === 0 ? [] : [{ run, edits }];
  });
  // Each alone first, so that one that does not work out keeps nobody else from being rewritten.
  const good = each.filter(({ run, edits }) => passes(withEdits(before, edits), path, analysis, [run]));
  const after = withEdits(before, good.flatMap(({ edits }) => edits));
  if (after === before || !passes(after, path, analysis, good.map(({ run }) => run))) return undefined;
  return updated(path, before, good.flatMap(({ edits }) => edits), good.map(({ run }) => run.result.name));
}

function updated(path: string, before: string, edits: readonly Edit[], cases: readonly string[]): UpdatedFile {
  const after = withEdits(before, edits);
  return { path, before, after, edits, diff: createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY }), cases };
}

/** Whether a rewritten text has the same cases, and those that were rewritten are as expected. */
function passes(text: string, path: string, analysis: Analysis, runs: readonly CaseRun[]): boolean {
  const inFile = isCaseFile(path);
  const policy = inFile ? analysis : analyze(text, path);
  if (policy.policy === undefined) return false;
  const { cases, diagnostics } = inFile ? readCaseFile(text, path, policy) : policy;
  const read = inFile ? readCaseFile(runs[0]!.source.text, path, analysis) : analysis;
  if (hasErrors(diagnostics) !== hasErrors(read.diagnostics) || cases.map(({ name }) => name).join("\n") !== read.cases.map(({ name }) => name).join("\n")) return false;
  return runs.every(({ result }) => {
    const found = cases.find(({ name }) => name === result.name);
    return found !== undefined && runCase(policy.policy!, found).status === "passed";
  });
}

function newExpectations({ expect }: PolicyCase, { result }: CaseRun): NewExpectations | undefined {
  const { explanation, failures } = result;
  if (explanation === undefined) return undefined;
  const fails = (range: object | undefined): boolean => range !== undefined && failures.some((failure) => failure.range === range);
  const outcomes = new Map<number, string>();
  for (const { address, range } of expect.outcomes) {
    if (!fails(range)) continue;
    const outcome = explanation.outcomes[address];
    // A criterion that does not apply has no outcome that could be expected.
    if (outcome === undefined || outcome === "not applicable") return undefined;
    outcomes.set(range.start, outcome);
  }
  return {
    determination: fails(expect.determination?.range) ? explanation.determination : undefined,
    by: fails(expect.by?.range) ? decider(explanation) : undefined,
    missing: expect.missing.some(({ range }) => fails(range)) ? stillMissing(expect.missing.map(({ name }) => name), explanation) : undefined,
    outcomes,
  };
}

/** The criterion at the end of the deciding path, as far as it can be expected to decide. */
function decider({ decidedBy, path, outcomes }: Explanation): string {
  if (decidedBy === undefined) return "";
  const last = path.at(-1);
  return last !== undefined && last.startsWith(`${decidedBy.address}.`) && outcomes[last] === "met" ? last : decidedBy.address;
}

/** Those named that are still missing; where none is, all that is missing now. */
function stillMissing(named: readonly string[], { missing }: Explanation): readonly string[] {
  const now = missing.map(({ name }) => name);
  const kept = named.filter((name) => now.includes(name));
  return kept.length > 0 ? kept : now;
}
