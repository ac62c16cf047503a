// The results of `policy test` for people: a line for each policy, and what differed in each failing case.
import { diagnosticText, placeText } from "../../render/codeframe.js";
import type { Colours } from "../../render/colours.js";
import { deepestOf } from "../../render/comparisonimpact.js";
import { determinationColour, explanationText } from "../../render/text.js";
import { wrapped } from "../../render/width.js";
import { counted, sentenceList } from "../../text.js";
import type { Broken, CaseRun, PolicyRun } from "../cases.js";
import { isBad, type Summary } from "./model.js";

export interface PrettyOptions {
  readonly colours: Colours;
  readonly width: number;
  readonly verbose: boolean;
  /** Only some cases were asked for: policies without one of them are passed over. */
  readonly filtered: boolean;
}

/** A policy with more errors than this shows the first of them: `policy lint` shows all. */
const ERRORS_SHOWN = 5;

/** The results as text, the summary at the end. */
export function prettyResults(policies: readonly PolicyRun[], summary: Summary, { colours, width, verbose, filtered }: PrettyOptions): string {
  const brokenText = ({ source, errors }: Broken): string => {
    const frames = errors.slice(0, ERRORS_SHOWN).map((found) => indented(diagnosticText(source, found, { colours, width: width - 2 }), 2));
    const more = errors.length > ERRORS_SHOWN ? [`  ${colours.dim(`… and ${counted(errors.length - ERRORS_SHOWN, "more error")}: policy lint ${source.path}`)}`] : [];
    return [...frames, ...more].join("\n\n");
  };
  const came = ({ result: { explanation } }: CaseRun): string => {
    if (explanation === undefined) return "";
    const deepest = deepestOf(explanation.path);
    const by = explanation.decidedBy === undefined ? "" : ` by ${deepest.length === 1 ? deepest[0]! : explanation.decidedBy.address}`;
    return `${determinationColour(explanation.determination, colours)(explanation.determination)}${colours.dim(by)}`;
  };
  const bad = (run: CaseRun): string => {
    const { source, policyCase, result, mistakes } = run;
    const lines = [`  ${colours.red("✗")} ${colours.bold(result.name)}  ${colours.dim(placeText(source, policyCase.nameRange.start))}`];
    if (result.status === "not evaluated") {
      lines.push(`    not evaluated: ${result.reason ?? "no reason is known"}`);
      for (const found of mistakes) lines.push(indented(diagnosticText(source, found, { colours, width: width - 4 }), 4));
      return lines.join("\n");
    }
    for (const failure of result.failures) {
      const message = wrapped(failure.message, width - 4).map((line) => `    ${colours.red(line)}`);
      lines.push(...message, `      ${colours.dim(`at ${placeText(source, failure.range.start)}`)}`);
    }
    if (result.explanation !== undefined) {
      const { by, outcomes } = policyCase.expect;
      const asked = [...(by ? [by.address] : []), ...outcomes.map(({ address }) => address)];
      lines.push("", indented(explanationText(result.explanation, { colours, width: width - 4, detail: verbose ? "all" : "path", wanted: asked, heading: false }), 4));
    }
    return lines.join("\n");
  };

  const blocks: string[] = [];
  let lines: string[] = [];
  for (const policy of policies) {
    const failed = policy.runs.filter(isBad);
    const good = failed.length === 0 && policy.broken.length === 0;
    const total = counted(policy.runs.length, "case");
    const lost = policy.runs.filter((run) => run.result.status === "not evaluated" && run.mistakes.length === 0).length;
    const what = failed.length === 0 ? "has errors" : lost === policy.runs.length ? `has errors: its ${total} are not evaluated` : `${failed.length} of ${total} not as expected`;
    const title = good ? `${colours.green("✓")} ${policy.path}  ${colours.dim(policy.runs.length === 0 ? "no cases" : total)}` : `${colours.red("✗")} ${colours.bold(policy.path)}  ${what}`;
    if (good && filtered && policy.runs.length === 0) continue;
    lines.push(title);
    if (verbose) {
      for (const run of policy.runs.filter((other) => !isBad(other))) {
        const sign = run.result.status === "passed" ? colours.green("✓") : colours.dim("–");
        lines.push(`  ${sign} ${run.result.name}  ${came(run)}${run.result.status === "no expectation" ? colours.dim("  expects nothing") : ""}`);
      }
    }
    if (good) continue;
    // A policy with errors evaluates none of its cases: saying so once is enough.
    const each = failed.filter((run) => run.result.status === "failed" || run.mistakes.length > 0 || policy.broken.length === 0);
    blocks.push(lines.join("\n"), ...policy.broken.map(brokenText), ...each.map(bad));
    lines = [];
  }
  if (lines.length > 0) blocks.push(lines.join("\n"));
  return `${[...blocks, summaryText(summary, colours)].join("\n\n")}\n`;
}

/** `2 passed and 1 failed.` */
export function summaryText(summary: Summary, colours: Colours): string {
  const bad = summary.failed + summary.notEvaluated + summary.broken > 0;
  if (!bad && summary.passed + summary.withoutExpectation === 0) return `${colours.yellow("!")} No cases in ${counted(summary.policies, "policy", "policies")}. Write them under \`cases\`, or in a .case.yaml file beside the policy.`;
  const words = [`${summary.passed} passed`, `${summary.failed} failed`];
  if (summary.notEvaluated > 0) words.push(`${summary.notEvaluated} not evaluated (counted as failures)`);
  if (summary.withoutExpectation > 0) words.push(`${summary.withoutExpectation} without expectation`);
  if (summary.broken > 0) words.push(`${counted(summary.broken, "file")} with errors`);
  if (summary.stopped) words.push("stopped at the first failure");
  return `${bad ? colours.red("✗") : colours.green("✓")} ${sentenceList(words)}.`;
}

function indented(text: string, by: number): string {
  const lead = " ".repeat(by);
  return text.split("\n").map((line) => (line === "" ? line : lead + line)).join("\n");
}
