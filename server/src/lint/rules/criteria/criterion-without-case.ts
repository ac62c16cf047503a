// Lint rule: a criterion that no case tries.
import type { PolicyCase } from "../../../semantics/model.js";
import { lintRule } from "../../rule.js";
import { factsOf, reaches } from "./tried.js";
import { headOf } from "./lists.js";

export default lintRule({
  id: "criterion-without-case",
  category: "criteria",
  summary: "No case tries a criterion, so a mistake in it would not be noticed.",
  why: `Cases show a committee what the policy decides, and keep showing it after each revision. A criterion that no case comes near can be
wrong in its condition, or may stop working with the next edit, and all cases still pass. An attested criterion is tried where a case
answers it, a computed one where a case gives a fact of its condition and the condition could still be met. Case files count.`,
  recommended: "off",
  strict: "info",
  related: ["case-without-expectation"],
  usesCases: true,
  examples: [{
    avoid: `facts
  saturation   %  "Oxygen saturation at rest"
  hematocrit   %  "Hematocrit"

criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
      when saturation <= 88 %
   B. Hematocrit > 55 %
      when hematocrit > 55 %

cases
  case "Low saturation"
    on 2026-02-01
    saturation = 86 %
    expect approve by I.A
`,
    finds: ["B."],
    prefer: `facts
  saturation   %  "Oxygen saturation at rest"
  hematocrit   %  "Hematocrit"

criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
      when saturation <= 88 %
   B. Hematocrit > 55 %
      when hematocrit > 55 %

cases
  case "Low saturation"
    on 2026-02-01
    saturation = 86 %
    expect approve by I.A
  case "High hematocrit"
    on 2026-02-01
    saturation = 91 %
    hematocrit = 57 %
    expect approve by I.B
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when the prescriber has seen the patient
`,
    finds: ["criteria"],
    prefer: `criteria
I. Home oxygen is medically necessary when the prescriber has seen the patient

cases
  case "Seen last week"
    on 2026-02-01
    I = met
    expect approve
`,
    note: "Where there are no cases at all, that is said once.",
  }],
  check(policy, report) {
    const { criteria, cases, analysis } = policy;
    if (criteria.length === 0) return;
    if (cases.length === 0) {
      const section = analysis.document.sections.find((each) => each.kind === "criteria");
      if (section !== undefined) report(section.heading, { message: "The policy has no cases, so nothing shows what it decides, nor that a revision leaves the rest as it was.", help: "Add a `cases` section, or a case file beside the policy, with a case for each criterion." });
      return;
    }
    const attested = new Set<string>();
    for (const each of cases) for (const address of each.attested.keys()) attested.add(address);
    const giving = casesByFact(cases);
    let left = MOST_COMPARISONS;
    for (const symbol of criteria) {
      if (symbol.items.length > 0 || symbol.conditionGroups.length > 0) continue;
      if (symbol.attested) {
        if (!attested.has(symbol.address)) report(headOf(symbol), { message: `No case answers ${symbol.address}, so what follows from it is never tried.`, help: `Write a case in which it decides, with \`${symbol.address} = met\`.` });
      } else if (symbol.conditions.length > 0) {
        const facts = factsOf(symbol.conditions);
        if (facts.length === 0 || (left -= triesFor(facts, giving)) < 0) continue;
        const names = facts.map(({ name }) => name);
        if (!names.some((name) => giving.get(name)?.some((each) => reaches(symbol.conditions, each.facts)))) {
          report(headOf(symbol), { message: `No case comes near ${symbol.address}, so a mistake in its condition would not be noticed.`, help: `Write a case that gives ${names.slice(0, 3).map((name) => `\`${name}\``).join(" or ")} and meets it.` });
        }
      }
    }
  },
});

/** So many conditions are held against cases in one policy; what is beyond is taken as tried. */
const MOST_COMPARISONS = 20_000;

const triesFor = (facts: readonly { readonly name: string }[], giving: ReadonlyMap<string, readonly PolicyCase[]>): number => facts.reduce((sum, { name }) => sum + (giving.get(name)?.length ?? 0), 0);

function casesByFact(cases: readonly PolicyCase[]): ReadonlyMap<string, readonly PolicyCase[]> {
  const giving = new Map<string, PolicyCase[]>();
  for (const each of cases) {
    for (const name of each.facts.keys()) {
      const same = giving.get(name);
      if (same === undefined) giving.set(name, [each]);
      else same.push(each);
    }
  }
  return giving;
}
