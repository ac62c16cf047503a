// Lint rule: a footnote whose mark stands nowhere.
import { lintRule } from "../../rule.js";
import { footNotes, inProse, singleMarks } from "./marks.js";

export default lintRule({
  id: "note-without-mark",
  category: "codes",
  summary: "A note begins with a mark that nothing carries.",
  why: `Such a note speaks of codes that nobody can name: they lost their mark when the table was revised, or were removed and the note stayed. If
the note says that something is not covered, the codes it meant now seem to be covered without a limit.`,
  recommended: "warning",
  strict: "warning",
  related: ["mark-without-note"],
  examples: [{
    avoid: `notes
  * Not on the fee schedule.

codes
  CPT    77301   Treatment plan
  CPT    77338   Collimator shapes
`,
    finds: ["*"],
    prefer: `notes
  * Not on the fee schedule.

codes
  CPT    77301   Treatment plan
  CPT    77338*  Collimator shapes
`,
  }],
  check(policy, report) {
    let carried: Set<string> | undefined;
    let missing: Set<string> | undefined;
    for (const { mark } of policy.once(footNotes)) {
      if (mark === undefined) continue;
      carried ??= new Set(policy.rows.flatMap((row) => (row.mark === undefined ? [] : [row.mark.text, ...singleMarks(row.mark).map(({ text }) => text)])));
      if (carried.has(mark.text)) continue;
      missing ??= new Set();
      if (!missing.has(mark.text)) {
        if (inProse(policy, mark.text)) {
          carried.add(mark.text);
          continue;
        }
        missing.add(mark.text);
      }
      report(mark, {
        message: `Neither a code nor the text carries the mark \`${mark.text}\`, so that nobody can tell what this note is about.`,
        help: "Put the mark behind the codes that it is about, or write the note without a mark.",
      });
    }
  },
});
