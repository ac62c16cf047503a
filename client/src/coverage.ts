// Coverage of criteria by cases, in VS Code's own terms: a criterion is a statement, the ways in which it came out are its branches, a
// single condition that cases show to decide is a declaration.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { COVERAGE, type CoverageDetails, type CoverageParams, type CoveredCondition, type CoveredCriterion, type RunTestsResult } from "../../server/src/lsp/protocol.js";

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
    const { criteria, conditions } = await client.sendRequest<CoverageDetails | null>(COVERAGE, params).then((details) => details ?? NOTHING, () => NOTHING);
    // Of a single case only what it decided is of interest, and the one way in which that came out.
    const statements = criteria.filter(({ decided }) => item === undefined || decided > 0).map((each) => statement(item === undefined ? each : { ...each, branches: each.branches.filter(({ cases }) => cases > 0) }));
    return [...statements, ...conditions.filter(({ met, notMet }) => item === undefined || met + notMet > 0).map((each) => declaration(each, item !== undefined))];
  };
  return {
    attach(profile) {
      profile.loadDetailedCoverage = (_, file) => load(file);
      profile.loadDetailedCoverageForTest = (_, file, item) => load(file, item);
    },
    add(test, policy, { id, criteria, branches, conditions }, cases) {
      const count = ({ covered, total }: Figures["criteria"]): vscode.TestCoverageCount => new vscode.TestCoverageCount(covered, total);
      const file = new vscode.FileCoverage(policy, count(criteria), count(branches), count(conditions), cases.map(({ item }) => item));
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

const NOTHING: CoverageDetails = { criteria: [], conditions: [] };

const rangeOf = ({ start, end }: CoveredCriterion["span"]): vscode.Range => new vscode.Range(start.line, start.character, end.line, end.character);

/** A condition counts as run when cases show that it decides; of one case, when it decides there. */
function declaration({ address, text, span, met, notMet, covered, lacking }: CoveredCondition, ofOneCase: boolean): vscode.DeclarationCoverage {
  const name = ofOneCase ? `“${text}” decides ${address} by being ${met > 0 ? "met" : "not met"}` : `“${text}” ${covered ? `is shown to decide ${address}` : `(${address}): ${lacking}`}`;
  return new vscode.DeclarationCoverage(name, ofOneCase || covered ? met + notMet : 0, rangeOf(span));
}

function statement({ address, span, decided, branches }: CoveredCriterion): vscode.StatementCoverage {
  return new vscode.StatementCoverage(decided, rangeOf(span), branches.map(({ branch, cases }) => new vscode.BranchCoverage(cases, undefined, `“${address} ${branch}”`)));
}
