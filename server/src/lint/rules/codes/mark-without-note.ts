// Lint rule: a code with a mark that nothing explains.
import { lintRule } from "../../rule.js";
import { footNotes, inProse, singleMarks } from "./marks.js";

export default lintRule({
  id: "mark-without-note",
  category: "codes",
  summary: "A code carries a mark that no note explains.",
  why: `A mark such as \`*\` says that something else holds for this code: that it is not covered, or asks for another form. Without the note a
reviewer cannot tell what, and a provider who asks why a request was refused gets no answer.`,
  recommended: "warning",
  strict: "warning",
  related: ["note-without-mark"],
  examples: [{
    avoid: `notes
  * Not on the fee schedule.

codes
  CPT    77301   Treatment plan
  CPT    77338*  Collimator shapes
  CPT    77407†  Delivery of one treatment
`,
    finds: ["†"],
    prefer: `notes
  * Not on the fee schedule.
  † Only in a hospital.

codes
  CPT    77301   Treatment plan
  CPT    77338*  Collimator shapes
  CPT    77407†  Delivery of one treatment
`,
  }],
  check(policy, report) {
    let explained: Map<string, boolean> | undefined;
    for (const { mark, code, system } of policy.rows) {
      if (mark === undefined || code === undefined) continue;
      explained ??= new Map(policy.once(footNotes).flatMap((note) => (note.mark === undefined ? [] : [[note.mark.text, true] as const])));
      if (explained.get(mark.text) === true) continue;
      for (const each of singleMarks(mark)) {
        let known = explained.get(each.text);
        // Prose may explain it too: "codes with an asterisk (*) …".
        if (known === undefined) explained.set(each.text, (known = inProse(policy, each.text)));
        if (known) continue;
        report({ start: each.start, end: each.end }, {
          message: `No note explains the mark \`${each.text}\` of ${system.text} ${code.from}, so that nobody can tell what is different about this code.`,
          help: `Write what it means in the \`notes\` section, in a line that begins with \`${each.text}\`, or remove the mark.`,
        });
      }
    }
  },
});
