// Coverage of criteria by cases, in VS Code's own terms: a criterion is a statement, the ways in which it came out are its branches.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { COVERAGE, type CoverageParams, type CoveredCriterion, type RunTestsResult } from "../../server/src/lsp/protocol.js";

type Figures = NonNullable<RunTestsResult["coverage"]>;

export interface CoverageView {
  /** Gives a run profile what it needs to load details. */
  attach(profile: vscode.TestRunProfile): void;
  /** Adds the figures of a policy to a run; details are asked for when they are looked at. */
  add(test: vscode.TestRun, policy: vscode.Uri, figures: Figures, cases: readonly { readonly key: string; readonly item: vscode.TestItem }[]): void;
}

/** Makes the view of coverage. */
export function registerCoverage(client: LanguageClient): CoverageView {
  const ids = new WeakMap<vscode.FileCoverage, number>();
  const load = async (file: vscode.FileCoverage, item?: vscode.TestItem): Promise<vscode.FileCoverageDetail[]> => {
    const id = ids.get(file);
    if (id === undefined) return [];
    const params: CoverageParams = { id, ...(item === undefined ? {} : { case: caseOf(item) }) };
    const criteria = await client.sendRequest<readonly CoveredCriterion[] | null>(COVERAGE, params).then(undefined, () => null);
    // Of a single case only what it decided is of interest, and the one way in which that came out.
    return (criteria ?? []).filter(({ decided }) => item === undefined || decided > 0).map((each) => statement(item === undefined ? each : { ...each, branches: each.branches.filter(({ cases }) => cases > 0) }));
  };
  return {
    attach(profile) {
      profile.loadDetailedCoverage = (_, file) => load(file);
      profile.loadDetailedCoverageForTest = (_, file, item) => load(file, item);
    },
    add(test, policy, { id, criteria, branches }, cases) {
      const count = ({ covered, total }: Figures["criteria"]): vscode.TestCoverageCount => new vscode.TestCoverageCount(covered, total);
      const file = new vscode.FileCoverage(policy, count(criteria), count(branches), undefined, cases.map(({ item }) => item));
      ids.set(file, id);
      test.addCoverage(file);
    },
  };
}

/** The id of an item is the uri of its text and the id of its case. */
function caseOf({ id, uri }: vscode.TestItem): { uri: string; id: string } {
  const text = uri?.toString() ?? "";
  return { uri: text, id: id.slice(text.length + 1) };
}

function statement({ address, span, decided, branches }: CoveredCriterion): vscode.StatementCoverage {
  const range = new vscode.Range(span.start.line, span.start.character, span.end.line, span.end.character);
  return new vscode.StatementCoverage(decided, range, branches.map(({ branch, cases }) => new vscode.BranchCoverage(cases, undefined, `“${address} ${branch}”`)));
}
