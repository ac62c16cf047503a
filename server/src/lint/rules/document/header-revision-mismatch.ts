// Lint rule: a date of the header that is not that of the newest revision.
import type { Revision } from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";
import { known, mayBeSame, newestRevision, surelyAfter } from "./dates.js";

const FIELDS = ["revised", "approved", "effective"] as const;

export default lintRule({
  id: "header-revision-mismatch",
  category: "document",
  summary: "A date of the header differs from that of the newest row of the revision log.",
  why: `The header and the revision log say the same thing twice: when the text in force was revised, approved and put into effect.
Where they differ, one of them was forgotten at the last revision, and nobody can tell which version applies to a date of service. An
appeal may turn on that. A date that gives only the month is compared by its month.`,
  recommended: "warning",
  strict: "warning",
  related: ["revision-order", "incomplete-revision", "missing-header-date"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  revised    2024-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    finds: ["2024-03"],
    fixed: `policy EX.1 "Home oxygen therapy"
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    prefer: `policy EX.1 "Home oxygen therapy"
  revised    2025-03-11
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review. References updated.
`,
    note: "The log was brought up to date and the header was not.",
  }, {
    avoid: `policy EX.1 "Home oxygen therapy"
  revised    2026-02
  effective  2026-04-01

revisions
  2026-02, effective 2026-05-01
    Annual review. Added I.C.
  2025-03, effective 2025-06-19
    New policy.
`,
    finds: ["2026-04-01"],
    fixed: `policy EX.1 "Home oxygen therapy"
  revised    2026-02
  effective  2026-05-01

revisions
  2026-02, effective 2026-05-01
    Annual review. Added I.C.
  2025-03, effective 2025-06-19
    New policy.
`,
    prefer: `policy EX.1 "Home oxygen therapy"
  revised    2026-02
  effective  2026-05-01

revisions
  2026-02, effective 2026-05-01
    Annual review. Added I.C.
  2025-03, effective 2025-06-19
    New policy.
`,
    note: "The log may run either way; its newest row counts.",
  }],
  check(policy, report) {
    if (policy.revisions.length === 0) return;
    const newest: Revision | undefined = newestRevision(policy);
    if (newest === undefined) return;
    for (const name of FIELDS) {
      const header = known(policy.analysis.header.fields.get(name)?.date);
      const logged = known(newest[name]);
      if (header === undefined || logged === undefined || mayBeSame(header, logged)) continue;
      // A header that is ahead of the log lacks a row, which no edit can make up.
      const behind = surelyAfter(logged, header);
      report(header, {
        message: `The header says \`${name} ${header.text}\` and the newest row of the revision log says ${logged.text}, so a reader cannot tell which is right.`,
        help: behind ? `Bring the header up to date, or correct the log.` : `Log the revision that the header speaks of, or correct the header.`,
        related: [{ start: logged.start, end: logged.end, message: "The newest row of the log says this." }],
        fix: behind ? { title: `Change \`${name}\` to ${logged.text}`, edits: [{ start: header.start, end: header.end, text: logged.text }], safe: false } : undefined,
      });
    }
  },
});
