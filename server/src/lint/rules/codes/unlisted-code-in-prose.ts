// Lint rule: prose that names a code which the table does not list.
import { entriesFor, normalCode, wellFormed } from "../../../semantics/codes.js";
import { readMentions } from "../../../syntax/prose.js";
import type { CodeSystem } from "../../../vocabulary.js";
import type { LintedPolicy, ProseRole } from "../../policy.js";
import { lintRule } from "../../rule.js";

const SYSTEMS = ["CPT", "HCPCS", "ICD-10-CM"] as const satisfies readonly CodeSystem[];
/** Old codes are history in the revision log, and a part of a title in a reference. */
const ROLES: ReadonlySet<ProseRole> = new Set(["paragraph", "criterion", "note", "footnote"]);
const NEARBY = 200;
const POLICY_NUMBER = /\b[A-Z]{2,4}(?:\.[A-Z]{2,})+\.\d+\b/u;
/** "CPT 77301, 77338 and 77385" */
const NEXT = /(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)([A-Z]?\d[0-9A-Z.]{2,7}(?<!\.))(?![\w-])/uy;

export default lintRule({
  id: "unlisted-code-in-prose",
  category: "codes",
  summary: "The text names a code that the code table does not list.",
  why: `Readers look a code up in the table. If it is missing there, they cannot tell whether the policy covers it, and a request made with it gets
a remark that the policy does not list it. Mostly the table was brought up to date and the text was not. A code beside the number of
another policy is left alone, and so are the revision log and the references.`,
  recommended: "info",
  strict: "warning",
  related: ["unlisted-code", "unscoped-code"],
  examples: [{
    avoid: `description
  The plan is billed with CPT 77301 and 77338, its delivery with CPT 77418.

codes
  CPT  77301  Treatment plan
  CPT  77338  Collimator shapes
`,
    finds: ["77418"],
    prefer: `description
  The plan is billed with CPT 77301 and 77338. For protons (CPT 77520) see CP.MP.70.

codes
  CPT  77301  Treatment plan
  CPT  77338  Collimator shapes
`,
  }, {
    avoid: `notes
  CPT 77301, 77386 and 77338 are reviewed together.

codes
  CPT  77301  Treatment plan
  CPT  77338  Collimator shapes
`,
    finds: ["77386"],
    prefer: `notes
  CPT 77301 and 77338 are reviewed together.

codes
  CPT  77301  Treatment plan
  CPT  77338  Collimator shapes
`,
  }],
  check(policy, report) {
    if (policy.rows.length === 0) return;
    const { text } = policy;
    for (const system of SYSTEMS) {
      if (!policy.rows.some((row) => row.system.text === system)) continue;
      for (let at = text.indexOf(system); at >= 0; at = text.indexOf(system, at + system.length)) {
        const next = text.charCodeAt(at + system.length);
        // A row of the table has its code behind two spaces or more; what is prose is decided by the stretch.
        if ((next !== 32 && next !== 10 && next !== 13 && next !== 174) || (next === 32 && text.charCodeAt(at + system.length + 1) === 32)) continue;
        const stretch = policy.stretchAt(at);
        if (stretch === undefined || !ROLES.has(stretch.role)) continue;
        const from = at - stretch.start;
        const mention = readMentions(stretch.text.slice(from, from + 60), at)[0];
        if (mention?.kind !== "code" || mention.system !== system || text.slice(at, mention.start).includes(system, 1)) continue;
        const look = (start: number, end: number, code: string): void => {
          if (!wellFormed(code, system) || listed(policy, code, system)) return;
          // "For protons (CPT 77520) see CP.MP.70."
          if (POLICY_NUMBER.test(stretch.text.slice(Math.max(0, from - NEARBY), from + NEARBY))) return;
          report({ start, end }, {
            message: `The text names ${system} ${code}, which the code table does not list, so that nobody can tell whether the policy covers it.`,
            help: "Add a row for it, or bring the text up to date.",
          });
        };
        look(mention.start, mention.end, mention.text);
        NEXT.lastIndex = mention.end - stretch.start;
        for (let more = NEXT.exec(stretch.text); more !== null; more = NEXT.exec(stretch.text)) {
          const end = stretch.start + NEXT.lastIndex;
          look(end - more[1]!.length, end, more[1]!);
        }
      }
    }
  },
});

/** Whether the table speaks of a code: it lists it, what it falls under, a code below it, or names it as a successor. */
function listed(policy: LintedPolicy, code: string, system: CodeSystem): boolean {
  return entriesFor(policy.analysis.codes, code, system).length > 0 || policy.once(alsoNamed).has(system === "ICD-10-CM" ? normalCode(code) : code);
}

/** Codes that rows name as successors, and the beginnings of diagnoses. */
function alsoNamed({ rows }: LintedPolicy): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { replacedBy, system, code } of rows) {
    for (const { from } of replacedBy) names.add(from);
    if (system.text !== "ICD-10-CM" || code === undefined) continue;
    const normal = normalCode(code.from);
    for (let length = 3; length < normal.length; length++) names.add(normal.slice(0, length));
  }
  return names;
}
