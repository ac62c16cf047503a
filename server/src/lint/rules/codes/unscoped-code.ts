// Lint rule: a code of the table that no statement speaks about.
import { entriesFor, inSet, normalCode } from "../../../semantics/codes.js";
import type { CodeSet } from "../../../semantics/model.js";
import type { CodeRow } from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";
import type { LintedPolicy } from "../../policy.js";

export default lintRule({
  id: "unscoped-code",
  category: "codes",
  summary: "A code stands in the table and no statement applies to it.",
  why: `Where every statement of medical necessity says which codes it applies to, a request for any other code is judged by none of them: it can
never be approved by the policy. That is mostly a row that was added without the statement, or a code that moved to another policy. Rows
that name a statement with \`for\` are left alone.`,
  recommended: "off",
  strict: "warning",
  related: ["unlisted-code", "range-without-codes"],
  examples: [{
    avoid: `criteria
I. Home testing is medically necessary when all of the following are met:
   applies to codes CPT 95800-95801
   A. Age ≥ 18 years
   B. No heart failure

codes
  CPT  95800  Home test with sleep time
  CPT  95801  Home test with fewer signals
  CPT  95806  Home test with effort
`,
    finds: ["95806"],
    prefer: `criteria
I. Home testing is medically necessary when all of the following are met:
   applies to codes CPT 95800-95801, CPT 95806
   A. Age ≥ 18 years
   B. No heart failure

codes
  CPT  95800  Home test with sleep time
  CPT  95801  Home test with fewer signals
  CPT  95806  Home test with effort
  ICD-10-CM  G47.33  Obstructive sleep apnea
`,
  }],
  check(policy, report) {
    if (policy.rows.length === 0) return;
    const { systems, single, sets } = policy.once(scopedCodes);
    if (systems.size === 0) return;
    for (const row of policy.rows) {
      const { code, system } = row;
      if (code === undefined || row.appliesTo.length > 0 || !systems.has(system.text) || single.has(`${system.text} ${code.from}`) || sets.some((set) => speaksOf(set, row))) continue;
      // A condition may ask for it.
      if (policy.once(askedFor).has(row)) continue;
      report(code, {
        message: `No statement applies to ${system.text} ${code.from}, so that no request for it can be approved.`,
        help: "Name it under `applies to codes` of its statement, write `for` and the statement behind the row, or remove the row.",
      });
    }
  },
});

interface ScopedCodes {
  /** Systems of which statements name codes; none where a statement of medical necessity applies to every code. */
  readonly systems: ReadonlySet<string>;
  /** Single codes, `CPT 95800`, apart, because there may be many. */
  readonly single: ReadonlySet<string>;
  /** All of them that rows of several codes, categories and ranges must be held against. */
  readonly sets: readonly CodeSet[];
}

function scopedCodes({ analysis, rows }: LintedPolicy): ScopedCodes {
  const single = new Set<string>();
  const sets = new Map<string, CodeSet>();
  const systems = new Set<string>();
  const several = rows.some(({ code }) => code?.to !== undefined);
  for (const { statement, scopes } of analysis.statements) {
    let scoped = false;
    for (const scope of scopes) {
      if (scope.kind !== "codes") continue;
      scoped = true;
      for (const set of scope.codes) {
        const name = `${set.system} ${set.text}`;
        if (set.system !== undefined) systems.add(set.system);
        if (set.from === set.to && !set.descends) single.add(name);
        if (several || set.from !== set.to || set.descends) sets.set(name, set);
      }
    }
    if (statement === "necessary" && !scoped) return { systems: new Set(), single, sets: [] };
  }
  return { systems, single, sets: [...sets.values()] };
}

function speaksOf(set: CodeSet, { code, system }: CodeRow): boolean {
  if (set.system !== undefined && set.system !== system.text) return false;
  const from = normalCode(code!.from);
  return inSet(from, set) || (code!.to !== undefined && (inSet(normalCode(code!.to), set) || (from < set.from && set.from <= normalCode(code!.to)))) || (system.text === "ICD-10-CM" && set.from.startsWith(from));
}

/** The rows whose codes conditions ask for. */
function askedFor({ analysis }: LintedPolicy): ReadonlySet<CodeRow> {
  const rows = new Set<CodeRow>();
  const sections = analysis.document.sections.filter((section) => section.kind === "criteria" || section.kind === "define");
  for (const { symbol, start } of analysis.uses) {
    if (symbol.kind !== "codeMention" || !sections.some((section) => section.start <= start && start < section.end)) continue;
    for (const { node } of entriesFor(analysis.codes, symbol.text, symbol.system)) rows.add(node);
  }
  return rows;
}
