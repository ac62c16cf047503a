// Lint rule: a revision without the dates that those before it have, or without words.
import { sentenceList } from "../../../text.js";
import type { Fix } from "../../../diagnostic.js";
import type { Revision } from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";
import type { LintedPolicy } from "../../policy.js";
import { known, mayBeSame } from "./dates.js";

const DATES = ["approved", "effective"] as const;

export default lintRule({
  id: "incomplete-revision",
  category: "document",
  summary: "A revision does not say what changed, or lacks a date that the revisions before it have.",
  why: `Providers and appeal reviewers read in the revision log what changed and from when on. A row without words hides a change. A
row without its approval or effective date looks as if the text had not been adopted. Older rows from a time when the log had fewer
columns are left alone.`,
  recommended: "info",
  strict: "warning",
  related: ["header-revision-mismatch", "missing-header-date", "missing-row-date"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2024-05, approved 2024-07-16, effective 2024-08-16
    New policy.
  2025-03, effective 2025-06-19
    Annual review. References updated.
`,
    finds: ["2025-03"],
    fixed: `policy EX.1 "Home oxygen therapy"
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2024-05, approved 2024-07-16, effective 2024-08-16
    New policy.
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    prefer: `revisions
  2023-05
    New policy.
  2024-05, approved 2024-07-16, effective 2024-08-16
    Annual review. Added I.C.
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    note: "The header tells the date that the log lacks.",
  }, {
    avoid: `revisions
  2024-05
    New policy.
  2025-03
`,
    finds: ["2025-03"],
    prefer: `revisions
  2024-05
    New policy.
  2025-03
    Annual review. No change to the criteria.
`,
  }],
  check(policy, report) {
    if (policy.revisions.length === 0) return;
    // The oldest revision that has each of the dates: from then on the log has a column for it.
    const oldestWith: { approved?: Revision; effective?: Revision } = {};
    for (const row of policy.revisions) {
      const { revised } = row;
      if (revised?.day === undefined) continue;
      for (const name of DATES) if (row[name] !== undefined && (oldestWith[name] === undefined || revised.day < oldestWith[name].revised!.day!)) oldestWith[name] = row;
    }
    for (const row of policy.revisions) {
      const { revised } = row;
      if (revised === undefined) continue;
      if (row.prose === undefined || policy.stretchAt(row.prose.start)?.text.trim() === "") {
        report(revised, {
          message: `The revision of ${revised.text} does not say what changed, so that nobody can tell whether criteria did.`,
          help: "Say what changed, by the addresses of the criteria, or that nothing did.",
        });
      }
      if (revised.day === undefined) continue;
      const lacking = DATES.filter((name) => row[name] === undefined && oldestWith[name] !== undefined && revised.day! > oldestWith[name].revised!.day!);
      if (lacking.length === 0) continue;
      const other = oldestWith[lacking[0]!]!;
      report(revised, {
        message: `The revision of ${revised.text} has no ${sentenceList(lacking)} date, although earlier revisions have one; it looks as if it had not been adopted.`,
        help: `Add the ${sentenceList(lacking)} date when it is known.`,
        related: [{ start: other.start, end: (other.effective ?? other.approved ?? other.revised!).end, message: "An earlier revision has it." }],
        fix: fromHeader(policy, row, lacking),
      });
    }
  },
});

/** The dates that a row lacks, where the header speaks of the same revision and has them. */
function fromHeader(policy: LintedPolicy, row: Revision, lacking: readonly ("approved" | "effective")[]): Fix | undefined {
  const { fields } = policy.analysis.header;
  const revised = known(fields.get("revised")?.date);
  const of = known(row.revised);
  if (revised === undefined || of === undefined || !mayBeSame(revised, of)) return undefined;
  const found = lacking.flatMap((name) => {
    const date = known(fields.get(name)?.date);
    return date === undefined || date.day < of.day ? [] : [{ name, text: `, ${name} ${date.text}` }];
  });
  if (found.length < lacking.length) return undefined;
  const at = lacking[0] === "effective" ? (row.approved ?? of).end : of.end;
  return { title: "Take the date over from the header", edits: [{ start: at, end: at, text: found.map((each) => each.text).join("") }], safe: false };
}
