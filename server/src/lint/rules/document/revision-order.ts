// Lint rule: a row of the revision log that is out of its order in time.
import { lintRule } from "../../rule.js";
import { type KnownDate, known, surelyAfter } from "./dates.js";

export default lintRule({
  id: "revision-order",
  category: "document",
  summary: "The rows of the revision log are ordered by date neither upwards nor downwards.",
  why: `A log is read from one end: the newest row is the first or the last. A row out of order is overlooked, or it carries a slip of the
year, which is worse, because the newest date of the log is the date of the policy.`,
  recommended: "warning",
  strict: "warning",
  related: ["header-revision-mismatch", "missed-annual-review"],
  examples: [{
    avoid: `revisions
  2022-05
    New policy.
  2023-04
    Annual review. No change.
  2032-02
    Annual review. References updated.
  2025-03
    Annual review. Added I.C.
`,
    finds: ["2025-03"],
    prefer: `revisions
  2022-05
    New policy.
  2023-04
    Annual review. No change.
  2024-02
    Annual review. References updated.
  2025-03
    Annual review. Added I.C.
`,
  }, {
    avoid: `revisions
  2025-03-04
    Annual review. Added I.C.
  2024-02-05
    Annual review. References updated.
  2024-02-20
    A code added.
  2023-04-11
    New policy.
`,
    finds: ["2024-02-20"],
    prefer: `revisions
  2025-03-04
    Annual review. Added I.C.
  2024-02-20
    A code added.
  2024-02-05
    Annual review. References updated.
  2023-04-11
    New policy.
`,
    note: "A log whose newest row comes first.",
  }],
  check(policy, report) {
    if (policy.revisions.length < 3) return;
    let up = 0;
    let down = 0;
    let before: KnownDate | undefined;
    for (const row of policy.revisions) {
      const date = known(row.revised);
      if (date === undefined) continue;
      if (before !== undefined) {
        if (surelyAfter(date, before)) up++;
        else if (surelyAfter(before, date)) down++;
      }
      before = date;
    }
    if (up === 0 || down === 0) return;
    before = undefined;
    const upwards = up >= down;
    for (const row of policy.revisions) {
      const date = known(row.revised);
      if (date === undefined) continue;
      if (before !== undefined && (upwards ? surelyAfter(before, date) : surelyAfter(date, before))) {
        report(date, {
          message: `The revision of ${date.text} stands behind that of ${before.text}, although the log runs from the ${upwards ? "oldest to the newest" : "newest to the oldest"}; a reader takes the wrong row for the newest.`,
          help: "Correct the date that is wrong, or move the row.",
          related: [{ start: before.start, end: before.end, message: "The row before it." }],
        });
      }
      before = date;
    }
  },
});
