// What a report of coverage is made from, and the figures and words that all formats share.
import type { Coverage, CriterionCoverage, Tally } from "../../evaluate/coverage.js";
import type { AtomCoverage, ConditionCoverage } from "../../evaluate/mcdc.js";
import { folded, positionAt } from "../../text.js";
import type { Source } from "../codeframe.js";

/** The coverage of one policy by the cases that ran. */
export interface PolicyCoverage {
  readonly source: Source;
  /** Number and title, where the policy has them. */
  readonly title: string;
  readonly cases: number;
  readonly coverage: Coverage;
  readonly conditions: ConditionCoverage;
}

export interface CoverageReport {
  readonly policies: readonly PolicyCoverage[];
  /** Milliseconds since 1970, for formats that want to know when. */
  readonly time: number;
}

/** The three figures of a policy, or of all. */
export interface Figures {
  /** Criteria that at least one case decides. */
  readonly criteria: Tally;
  /** Ways of coming out that at least one case shows. */
  readonly outcomes: Tally;
  /** Single conditions of which cases show that they decide. */
  readonly conditions: Tally;
}

export const figuresOf = ({ coverage, conditions }: PolicyCoverage): Figures => ({ criteria: coverage.criteriaSeen, outcomes: coverage.branchesSeen, conditions: conditions.atomsShown });

const sum = (tallies: readonly Tally[]): Tally => ({ covered: tallies.reduce((all, each) => all + each.covered, 0), total: tallies.reduce((all, each) => all + each.total, 0) });

/** The figures of all policies together. */
export function totalOf(policies: readonly PolicyCoverage[]): Figures {
  const each = policies.map(figuresOf);
  return { criteria: sum(each.map(({ criteria }) => criteria)), outcomes: sum(each.map(({ outcomes }) => outcomes)), conditions: sum(each.map(({ conditions }) => conditions)) };
}

export const FIGURE_WORDS: readonly (readonly [keyof Figures, string])[] = [["criteria", "criteria decided"], ["outcomes", "outcomes seen"], ["conditions", "conditions shown to decide"]];

/** A part of a hundred, rounded down to a tenth, so that 100 is said only of all. What has nothing to cover is covered. */
export const percent = ({ covered, total }: Tally): number => (total === 0 ? 100 : Math.floor((covered * 1000) / total) / 10);
/** `83.3 %` */
export const percentText = (tally: Tally): string => `${percent(tally).toFixed(1)} %`;

/** Line of a place, from 1. */
export const lineOf = ({ lines }: Source, offset: number): number => positionAt(lines, offset).line + 1;

/** The words of a criterion, in one line. */
export const wordsOf = ({ source }: PolicyCoverage, { criterion }: CriterionCoverage): string => folded(source.text.slice(criterion.start, criterion.end));
/** A single condition as it is written. */
export const atomText = ({ source }: PolicyCoverage, { atom }: AtomCoverage): string => folded(source.text.slice(atom.condition.source.start, atom.condition.source.end));
/** Where a single condition belongs. */
export const decisionText = ({ decision }: AtomCoverage): string => `${decision.address}${decision.kind === "guard" ? ", if it applies" : decision.kind === "scope" ? ", applies to" : ""}`;

/** What no case shows yet of a criterion. */
export const unseenOf = ({ branches }: CriterionCoverage): readonly string[] => branches.filter(({ cases }) => cases === 0).map(({ branch }) => branch);

/** What the cases do not show yet of a single condition. */
export function lacking({ met, notMet, covered }: AtomCoverage): string {
  if (covered) return "";
  if (met === 0 && notMet === 0) return "no case in which it decides";
  if (met === 0) return "no case in which it decides by being met";
  if (notMet === 0) return "no case in which it decides by not being met";
  return "no two cases in which it decides in opposite ways";
}
