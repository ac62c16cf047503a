// Coverage as Cobertura XML: a class for each policy, a method for each criterion, its outcomes as branches.
import type { CriterionCoverage, Tally } from "../../evaluate/coverage.js";
import { element, type Attributes, xmlDocument } from "../reports/xml.js";
import { criteriaByLine } from "./lcov.js";
import { figuresOf, lineOf, type CoverageReport, type PolicyCoverage, totalOf } from "./model.js";

const DTD = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">';

/** The report as Cobertura reads it: its line rate is that of criteria, its branch rate that of their outcomes. */
export function coberturaReport({ policies, time }: CoverageReport): string {
  const total = totalOf(policies);
  const folders = new Map<string, PolicyCoverage[]>();
  for (const policy of policies) {
    const folder = policy.source.path.includes("/") ? policy.source.path.slice(0, policy.source.path.lastIndexOf("/")) : ".";
    folders.set(folder, [...(folders.get(folder) ?? []), policy]);
  }
  const packages = [...folders].map(([name, inside]) => {
    const { criteria, outcomes } = totalOf(inside);
    return element("package", { name, ...rates(criteria, outcomes) }, [element("classes", {}, inside.map(classOf))]);
  });
  const root = element("coverage", {
    ...rates(total.criteria, total.outcomes), "lines-covered": total.criteria.covered, "lines-valid": total.criteria.total,
    "branches-covered": total.outcomes.covered, "branches-valid": total.outcomes.total, version: "1", timestamp: time,
  }, [`<sources>\n  <source>.</source>\n</sources>`, element("packages", {}, packages)]);
  return xmlDocument(`${DTD}\n${root}`);
}

const rate = ({ covered, total }: Tally): string => (total === 0 ? "1" : String(Math.floor((covered * 10000) / total) / 10000));
const rates = (criteria: Tally, outcomes: Tally): Attributes => ({ "line-rate": rate(criteria), "branch-rate": rate(outcomes), complexity: 0 });

function classOf(policy: PolicyCoverage): string {
  const { source, coverage } = policy;
  const figures = figuresOf(policy);
  const methods = coverage.criteria.map((each) => {
    const line = lineOf(source, each.criterion.start);
    return element("method", { name: each.criterion.address, signature: "", ...rates({ covered: Number(each.decided > 0), total: 1 }, outcomesOf([each])) }, [element("lines", {}, [lineElement(line, each.decided, [each])])]);
  });
  const byLine = new Map<number, CriterionCoverage[]>();
  for (const each of coverage.criteria) {
    const line = lineOf(source, each.criterion.start);
    byLine.set(line, [...(byLine.get(line) ?? []), each]);
  }
  const lines = [...criteriaByLine(policy)].map(([line, decided]) => lineElement(line, decided, byLine.get(line)!));
  return element("class", { name: source.path.slice(source.path.lastIndexOf("/") + 1), filename: source.path, ...rates(figures.criteria, figures.outcomes) }, [element("methods", {}, methods), element("lines", {}, lines)]);
}

function outcomesOf(criteria: readonly CriterionCoverage[]): Tally {
  const branches = criteria.flatMap((each) => each.branches);
  return { covered: branches.filter(({ cases }) => cases > 0).length, total: branches.length };
}

function lineElement(number: number, hits: number, criteria: readonly CriterionCoverage[]): string {
  const { covered, total } = outcomesOf(criteria);
  return element("line", { number, hits, branch: "true", "condition-coverage": `${total === 0 ? 100 : Math.floor((covered * 100) / total)}% (${covered}/${total})` });
}
