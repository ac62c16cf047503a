// Coverage for the terminal: the figures of each policy, and what its cases do not show yet.
import { counted } from "../../text.js";
import type { Colours } from "../colours.js";
import { wrapped } from "../width.js";
import { atomText, decisionText, FIGURE_WORDS, figuresOf, lacking, lineOf, percentText, type CoverageReport, type Figures, type PolicyCoverage, totalOf, unseenOf, wordsOf } from "./model.js";

export interface CoverageTextOptions {
  readonly colours: Colours;
  readonly width: number;
  /** Everything that is not covered; else the first of each. */
  readonly verbose: boolean;
}

const SHOWN = 10;

/** The report as text. */
export function coverageText({ policies }: CoverageReport, options: CoverageTextOptions): string {
  const blocks = policies.map((policy) => policyText(policy, options));
  if (policies.length > 1) blocks.push([options.colours.bold("All policies"), ...figureLines(totalOf(policies))].join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

/** `  criteria decided               9 of 10   90.0 %` */
function figureLines(figures: Figures): readonly string[] {
  const rows = FIGURE_WORDS.map(([key, words]) => [words, `${figures[key].covered} of ${figures[key].total}`, percentText(figures[key])] as const);
  const [first, second, third] = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length))) as [number, number, number];
  return rows.map(([words, tally, share]) => `  ${words.padEnd(first)}  ${tally.padStart(second)}  ${share.padStart(third)}`);
}

function policyText(policy: PolicyCoverage, { colours, width, verbose }: CoverageTextOptions): string {
  const lines = [`${colours.bold(`Coverage of ${policy.source.path}`)}  ${colours.dim(`by ${counted(policy.cases, "case")}`)}`, ...figureLines(figuresOf(policy))];
  const list = (title: string, entries: readonly (readonly [string, string])[]): void => {
    if (entries.length === 0) return;
    lines.push("", `  ${title}`);
    for (const [place, words] of verbose ? entries : entries.slice(0, SHOWN)) {
      const [first = "", ...rest] = wrapped(words, width - 6);
      lines.push(`    ${first}  ${colours.dim(place)}`, ...rest.map((line) => `      ${line}`));
    }
    if (!verbose && entries.length > SHOWN) lines.push(`    ${colours.dim(`… and ${entries.length - SHOWN} more: --verbose shows all`)}`);
  };
  const { criteria } = policy.coverage;
  const at = (offset: number): string => `line ${lineOf(policy.source, offset)}`;
  list("Decided by no case", criteria.filter(({ decided }) => decided === 0).map((each) => [at(each.criterion.start), short(wordsOf(policy, each), width - 20)]));
  list("Outcomes that no case shows", criteria.filter((each) => each.decided > 0 && unseenOf(each).length > 0).map((each) => [at(each.criterion.start), `${each.criterion.address}: ${unseenOf(each).join(", ")}`]));
  list("Conditions that no cases show to decide", policy.conditions.atoms.filter(({ covered }) => !covered).map((each) => [at(each.atom.start), `${decisionText(each)}: ${short(atomText(policy, each), 60)}: ${lacking(each)}`]));
  return lines.join("\n");
}

const short = (text: string, length: number): string => ([...text].length <= length ? text : `${[...text].slice(0, length - 1).join("").trimEnd()}…`);
