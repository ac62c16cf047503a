// Lint rule: a comment that suppresses nothing.
import { DIAGNOSTICS, isDiagnosticCode } from "../../../diagnostic.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import type { Suppression } from "../../suppressions.js";
import { byComment, withoutComment, withoutId } from "./comments.js";

export default lintRule({
  id: "unused-suppression",
  category: "suppressions",
  summary: "A comment suppresses a finding that is not there.",
  why: `A suppression records that someone looked at a finding and decided to leave it. When the words have been mended since, the comment
tells the next reader of a problem that is gone, and would hide it if it came back. Only lint rules that run are judged: one that is
off in this run might find something.`,
  recommended: "warning",
  strict: "warning",
  related: ["unknown-suppression", "suppression-without-reason"],
  examples: [{
    avoid: `criteria
# lint-ignore label-order: B was withdrawn in 2024, and the labels stay
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   B. The prescriber has seen the patient
`,
    finds: ["label-order"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   B. The prescriber has seen the patient
`,
    prefer: `criteria
# lint-ignore label-order: B was withdrawn in 2024, and the labels stay
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient  # lint-ignore label-scheme, label-order: B was withdrawn in 2024
`,
    finds: ["label-scheme"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient  # lint-ignore label-order: B was withdrawn in 2024
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   C. The prescriber has seen the patient  # lint-ignore label-order: B was withdrawn in 2024
`,
  }],
  check(policy, report) {
    if (policy.suppressions.length === 0) return;
    for (const group of byComment(policy)) {
      const unused = new Set(group.filter((each) => isUnused(policy, each)));
      if (unused.size === 0) continue;
      const whole = unused.size === group.length;
      group.forEach((each, i) => {
        if (!unused.has(each)) return;
        report(each.rule, {
          message: each.target === undefined ? `Nothing follows this comment, so it keeps no \`${each.id}\` quiet.` : `There is no \`${each.id}\` here to be kept quiet, so the comment tells of a problem that is not there.`,
          help: whole ? "Remove the comment." : `Remove \`${each.id}\` from the comment.`,
          fix: whole
            ? { title: "Remove the comment", edits: [withoutComment(policy, each)], safe: true }
            : { title: `Remove \`${each.id}\` from the comment`, edits: [withoutId(group, i, (other) => !unused.has(other))], safe: true },
        });
      });
    }
  },
});

// Without a reason a suppression has no effect, an error is never suppressed, and what is said of suppressions is not complete
// before this has run: the first two are findings of their own.
function isUnused({ active }: LintedPolicy, { id, used, reason }: Suppression): boolean {
  return !used && reason !== undefined && active.has(id) && !ABOUT_SUPPRESSIONS.has(id) && !(isDiagnosticCode(id) && DIAGNOSTICS[id][0] === "error");
}
const ABOUT_SUPPRESSIONS: ReadonlySet<string> = new Set(["unused-suppression", "suppression-without-reason", "unknown-suppression"]);
