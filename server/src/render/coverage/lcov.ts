// Coverage as an LCOV trace: lines and functions are criteria, branches are their outcomes, MC/DC records their single conditions.
import type { AtomCoverage } from "../../evaluate/mcdc.js";
import { atomText, figuresOf, lineOf, type CoverageReport, type PolicyCoverage } from "./model.js";

/** The report as an LCOV trace (geninfo(1); the MCDC records are those of LCOV 2). */
export const lcovReport = ({ policies }: CoverageReport): string => policies.map(record).join("");

const tally = (found: string, hit: string, { covered, total }: { readonly covered: number; readonly total: number }): readonly string[] => [`${found}:${total}`, `${hit}:${covered}`];

function record(policy: PolicyCoverage): string {
  const { source, coverage, conditions } = policy;
  const figures = figuresOf(policy);
  const at = coverage.criteria.map(({ criterion }) => lineOf(source, criterion.start));
  const lines = criteriaByLine(policy);
  const out = ["TN:", `SF:${source.path}`];
  coverage.criteria.forEach(({ criterion }, i) => out.push(`FN:${at[i]},${criterion.address}`));
  coverage.criteria.forEach(({ criterion, decided }) => out.push(`FNDA:${decided},${criterion.address}`));
  out.push(...tally("FNF", "FNH", figures.criteria));
  const blocks = new Map<number, number>();
  coverage.criteria.forEach(({ branches }, i) => {
    const block = blocks.get(at[i]!) ?? 0;
    blocks.set(at[i]!, block + 1);
    branches.forEach(({ cases }, branch) => out.push(`BRDA:${at[i]},${block},${branch},${cases}`));
  });
  out.push(...tally("BRF", "BRH", figures.outcomes));
  for (const [line, atoms] of atomsByLine(policy)) {
    atoms.forEach((each, index) => {
      const words = atomText(policy, each);
      // Shown both ways, but never in opposite ways: it must not look covered.
      const notMet = !each.covered && each.met > 0 ? 0 : each.notMet;
      out.push(`MCDC:${line},${atoms.length},t,${each.met},${index},${words}`, `MCDC:${line},${atoms.length},f,${notMet},${index},${words}`);
    });
  }
  if (conditions.atoms.length > 0) out.push(...tally("MCF", "MCH", figures.conditions));
  for (const [line, decided] of lines) out.push(`DA:${line},${decided}`);
  out.push(`LF:${lines.size}`, `LH:${[...lines.values()].filter((decided) => decided > 0).length}`, "end_of_record", "");
  return out.join("\n");
}

/** How many cases decide the criteria of a line: of several, the one decided least. */
export function criteriaByLine({ source, coverage }: PolicyCoverage): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  for (const { criterion, decided } of coverage.criteria) {
    const line = lineOf(source, criterion.start);
    lines.set(line, Math.min(lines.get(line) ?? decided, decided));
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
}

function atomsByLine({ source, conditions }: PolicyCoverage): ReadonlyMap<number, readonly AtomCoverage[]> {
  const lines = new Map<number, AtomCoverage[]>();
  for (const each of conditions.atoms) {
    const line = lineOf(source, each.atom.start);
    const there = lines.get(line);
    if (there === undefined) lines.set(line, [each]);
    else there.push(each);
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
}
