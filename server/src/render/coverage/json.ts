// Coverage as JSON: every criterion and every single condition with its place and its counts.
import { positionAt, type Range } from "../../text.js";
import type { Tally } from "../../evaluate/coverage.js";
import { atomText, FIGURE_WORDS, figuresOf, percent, type CoverageReport, type Figures, type PolicyCoverage, totalOf } from "./model.js";

/** The report as plain data; lines and columns count from 1. */
export function coverageData({ policies }: CoverageReport): object {
  return { total: figures(totalOf(policies)), policies: policies.map(policyData) };
}

const figures = (given: Figures): Record<string, Tally & { readonly percent: number }> => Object.fromEntries(FIGURE_WORDS.map(([key]) => [key, { ...given[key], percent: percent(given[key]) }]));

function policyData(policy: PolicyCoverage): object {
  const { source } = policy;
  const place = ({ start, end }: Range): object => {
    const from = positionAt(source.lines, start);
    const to = positionAt(source.lines, end);
    return { line: from.line + 1, column: from.character + 1, endLine: to.line + 1, endColumn: to.character + 1 };
  };
  return {
    path: source.path,
    title: policy.title,
    cases: policy.cases,
    figures: figures(figuresOf(policy)),
    criteria: policy.coverage.criteria.map(({ criterion, decided, branches }) => ({
      address: criterion.address, ...place(criterion), decided, outcomes: Object.fromEntries(branches.map(({ branch, cases }) => [branch, cases])),
    })),
    conditions: policy.conditions.atoms.map((each) => ({
      address: each.decision.address, in: each.decision.kind, ...place(each.atom), text: atomText(policy, each), decidesMet: each.met, decidesNotMet: each.notMet, covered: each.covered,
    })),
  };
}
