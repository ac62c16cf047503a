// The coverage of a run of `policy test`: counted from the cases that were evaluated, put out in one of the formats.
import { coverable, coverageOf, seenBy } from "../../evaluate/coverage.js";
import { conditionCoverage, decisionPoints, shownBy } from "../../evaluate/mcdc.js";
import type { Colours } from "../../render/colours.js";
import { type CoverageReport, percentText, type PolicyCoverage, totalOf } from "../../render/coverage/model.js";
import type { PolicyRun } from "../cases.js";
import type { Loaded } from "../load.js";
import { json } from "../output.js";
import type { CoverageFormat } from "./model.js";

/** The coverage of a policy by the cases that ran; undefined for a policy that could not be evaluated. */
export function coverageOfRun({ policy }: Loaded, { runs }: PolicyRun): PolicyCoverage | undefined {
  const strict = policy?.analysis.policy;
  if (policy === undefined || strict === undefined) return undefined;
  const points = decisionPoints(strict);
  const evaluated = runs.filter(({ result }) => result.status !== "not evaluated");
  const { number, title } = policy.analysis.header;
  return {
    source: policy.source,
    title: [number, title].filter((word) => word !== undefined && word !== "").join(" "),
    cases: evaluated.length,
    coverage: coverageOf(coverable(strict), evaluated.map(({ result }) => seenBy(strict, result.explanation!))),
    conditions: conditionCoverage(points, evaluated.map(({ policyCase }) => shownBy(strict, points, policyCase))),
  };
}

export interface CoverageOutput {
  readonly colours: Colours;
  readonly width: number;
  readonly verbose: boolean;
}

/** The report in a format. */
export async function coverageReportText(report: CoverageReport, format: CoverageFormat, output: CoverageOutput): Promise<string> {
  switch (format) {
    case "text": return (await import("../../render/coverage/text.js")).coverageText(report, output);
    case "json": return `${json((await import("../../render/coverage/json.js")).coverageData(report))}\n`;
    case "lcov": return (await import("../../render/coverage/lcov.js")).lcovReport(report);
    case "cobertura": return (await import("../../render/coverage/cobertura.js")).coberturaReport(report);
    case "html": return (await import("../../render/coverage/html.js")).coveragePage(report);
  }
}

/** Why the coverage is too low, or undefined. Compared as a fraction: what is shown is rounded. */
export function tooLittle(report: CoverageReport, wanted: number): string | undefined {
  const { criteria } = totalOf(report.policies);
  if (criteria.covered * 100 >= wanted * criteria.total) return undefined;
  return `${criteria.covered} of ${criteria.total} criteria are decided (${percentText(criteria)}); --min-coverage wants ${wanted} %.`;
}
