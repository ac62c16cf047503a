// A comparison of two versions as text for the terminal.
import type { Comparison } from "../compare/model.js";
import type { Colours } from "./colours.js";
import { cameTo, impactWords, OTHER_DATES, worthSeeing, type CaseImpact, type Impact } from "./comparisonimpact.js";
import { comparedTitle, shownGroups, summaryWords, versionDates, type ShownChange } from "./comparisonwords.js";
import { determinationColour, explanationText } from "./text.js";
import { wrapped } from "./width.js";

export interface ComparisonTextOptions {
  readonly colours: Colours;
  readonly width: number;
  /** What the two versions were called on the command line. */
  readonly names: readonly [string, string];
  /** With both explanations in full. */
  readonly verbose: boolean;
}

/** The comparison as text with a final line end. */
export function comparisonText(comparison: Comparison, impact: Impact, options: ComparisonTextOptions): string {
  const { colours, width, names } = options;
  const version = (word: string, name: string, dates: string): string => `${word} ${name}${dates === "" ? "" : colours.dim(`  ${dates}`)}`;
  const blocks = [
    [colours.bold(comparedTitle(comparison)), version("from", names[0], versionDates(comparison.before)), version("to  ", names[1], versionDates(comparison.after)), "", ...wrapped(summaryWords(comparison), width)].join("\n"),
  ];
  for (const { heading, changes } of shownGroups(comparison)) blocks.push([colours.bold(heading), ...changes.flatMap((change) => changeLines(change, options))].join("\n"));
  if (comparison.changes.length > 0 || impact.cases.length > 0) {
    const lines = [colours.bold("Cases"), ...wrapped(impactWords(impact), width - 2).map((line) => `  ${line}`)];
    if (impact.otherDates && impact.cases.length > 0) lines.push(...wrapped(OTHER_DATES, width - 2).map((line) => `  ${colours.dim(line)}`));
    blocks.push(lines.join("\n"), ...worthSeeing(impact).map((each) => caseText(each, options)));
  }
  return `${blocks.join("\n\n")}\n`;
}

function changeLines({ sign, subject, what, was, now }: ShownChange, { colours, width }: ComparisonTextOptions): string[] {
  const paint = sign === "+" ? colours.green : sign === "−" ? colours.red : colours.yellow;
  const lines = wrapped(`${subject} ${what}`, width - 4).map((line, i) => `${i === 0 ? `  ${paint(sign)} ` : "    "}${line}`);
  const both = was !== undefined && now !== undefined;
  const quote = (word: string, text: string, tint: (text: string) => string): void => {
    const lead = both ? `${word} ` : "";
    lines.push(...wrapped(`${lead}${text === "" ? "(nothing)" : text}`, width - 6).map((line) => `      ${tint(line)}`));
  };
  if (was !== undefined) quote("was:", was, colours.red);
  if (now !== undefined) quote("now:", now, both || sign === "+" ? colours.green : colours.dim);
  return lines;
}

function caseText({ name, path, line, change, before, after, why, left, reason }: CaseImpact, { colours, width, verbose }: ComparisonTextOptions): string {
  const lines = [`  ${change === "flips" ? colours.red("✗") : colours.yellow("!")} ${colours.bold(name)}  ${colours.dim(`${path}:${line}`)}`];
  if (reason !== undefined) lines.push(...wrapped(reason, width - 4).map((each) => `    ${each}`));
  for (const [word, explanation, because] of [["before", before, why?.before], ["now   ", after, why?.after]] as const) {
    if (explanation === undefined) continue;
    lines.push(`    ${word}  ${determinationColour(explanation.determination, colours)(cameTo(explanation))}`);
    if (because !== undefined) lines.push(...wrapped(`${because}.`, width - 12).map((each) => `            ${each}`));
    if (verbose) lines.push("", indented(explanationText(explanation, { colours, width: width - 6, detail: "path", heading: false }), 6), "");
    else lines.push(...wrapped(explanation.reason, width - 12).map((each) => `            ${each}`));
  }
  for (const { version, names } of left) lines.push(...wrapped(`The ${version} version does not ask for ${names.join(", ")}.`, width - 4).map((each) => `    ${colours.dim(each)}`));
  return lines.join("\n");
}

const indented = (text: string, by: number): string => text.split("\n").map((line) => (line === "" ? line : " ".repeat(by) + line)).join("\n");
