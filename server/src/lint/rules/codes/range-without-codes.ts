// Lint rule: a range in a condition that holds no code of the table.
import { entriesFor, inSet, normalCode } from "../../../semantics/codes.js";
import type { CodeSet } from "../../../semantics/model.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";

const RANGE = /([A-Z0-9]{5})-([A-Z0-9]{5})$/u;

export default lintRule({
  id: "range-without-codes",
  category: "codes",
  summary: "A condition names a range of codes and the table lists none of them.",
  why: `A range of requested codes that holds no code of the table is mostly a slip in one of its ends, and the condition then never holds for a
request that the policy speaks of. It may also ask for earlier services, which need not be in the table; so only the profile strict asks.`,
  recommended: "off",
  strict: "info",
  related: ["unlisted-code", "unscoped-code"],
  examples: [{
    avoid: `facts
  requested  list of CPT  "Requested codes"

criteria
I. Home testing is medically necessary when all of the following are met:
   A. A home test is requested
      when requested include any of CPT 95880-95886
   B. Age ≥ 18 years

codes
  CPT  95800  Home test with sleep time
  CPT  95806  Home test with effort
`,
    finds: ["CPT 95880-95886"],
    prefer: `facts
  requested  list of CPT  "Requested codes"

criteria
I. Home testing is medically necessary when all of the following are met:
   A. A home test is requested
      when requested include any of CPT 95800-95806
   B. Age ≥ 18 years

codes
  CPT  95800  Home test with sleep time
  CPT  95806  Home test with effort
`,
  }],
  check(policy, report) {
    if (policy.rows.length === 0) return;
    const { analysis } = policy;
    for (const { start, end, symbol } of analysis.uses) {
      if (symbol.kind !== "codeMention" || end - start < 11 || (symbol.system !== "CPT" && symbol.system !== "HCPCS")) continue;
      const match = RANGE.exec(policy.text.slice(start, end));
      if (match === null || !policy.once(conditionPlaces)(start)) continue;
      const codes = policy.once(sortedCodes).get(symbol.system);
      if (codes === undefined || holdsOne(codes, { from: match[1]!, to: match[2]!, descends: false, text: "" }) || entriesFor(analysis.codes, match[1]!, symbol.system).length > 0) continue;
      report({ start, end }, {
        message: "The table lists no code of this range, so that the condition may never hold for a request that the policy speaks of.",
        help: "Compare both ends of the range with the table.",
      });
    }
  },
});

/** Whether an offset is in a condition. The language speaks of the codes of `applies to` itself. */
function conditionPlaces({ analysis }: LintedPolicy): (offset: number) => boolean {
  const sections = analysis.document.sections.filter((section) => section.kind === "criteria" || section.kind === "define");
  const scoped = new Set(analysis.statements.flatMap(({ scopes }) => scopes.flatMap(({ node }) => node.codes.map((code) => code.start))));
  return (offset) => !scoped.has(offset) && sections.some((section) => section.start <= offset && offset < section.end);
}

/** The codes that rows begin with, by system, sorted. */
function sortedCodes({ rows }: LintedPolicy): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { code, system } of rows) {
    if (code === undefined) continue;
    const there = found.get(system.text);
    if (there === undefined) found.set(system.text, [normalCode(code.from)]);
    else there.push(normalCode(code.from));
  }
  for (const codes of found.values()) codes.sort();
  return found;
}

function holdsOne(codes: readonly string[], set: CodeSet): boolean {
  let low = 0;
  for (let high = codes.length; low < high;) {
    const middle = (low + high) >> 1;
    if (codes[middle]! < set.from) low = middle + 1;
    else high = middle;
  }
  for (; low < codes.length && codes[low]! <= set.to; low++) if (inSet(codes[low]!, set)) return true;
  return false;
}
