// Lint rule: a suppression that names no lint rule.
import { DIAGNOSTICS, isDiagnosticCode } from "../../../diagnostic.js";
import { nearest } from "../../../semantics/context.js";
import type { Report } from "../../model.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "unknown-suppression",
  category: "suppressions",
  summary: "A comment suppresses something that is no lint rule, or is nearly a suppression.",
  why: `A misspelt name suppresses nothing, so that the finding stays while the comment says that somebody has dealt with it. Errors of the
language are never suppressed: a policy that has one is not evaluated, whatever a comment says.`,
  recommended: "warning",
  strict: "warning",
  related: ["unused-suppression", "suppression-without-reason"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore lable-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    finds: ["lable-order"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-disable label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    finds: ["lint-disable"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore label-order: B was withdrawn in 2024
   C. The prescriber has seen the patient
`,
    note: "The word is `lint-ignore`, or `lint-ignore-file` for the whole file.",
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # lint-ignore: the society's words
   B. The prescriber has seen the patient
`,
    finds: ["# lint-ignore: the society's words"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   # The society's words
   B. The prescriber has seen the patient
`,
  }],
  check(policy, report) {
    lookForSlips(policy, report);
    let advice = MOST_ADVICE;
    for (const { id, rule, start, end } of policy.suppressions) {
      if (id === "") {
        report({ start, end: start + policy.text.slice(start, end).trimEnd().length }, { message: "This comment names no lint rule, so it suppresses nothing.", help: "Name the lint rule, as in `# lint-ignore rule-id: why it is right here`." });
      } else if (isDiagnosticCode(id)) {
        if (DIAGNOSTICS[id][0] === "error") report(rule, { message: `\`${id}\` is an error, and an error is never suppressed: the policy is not evaluated while it has one.`, help: "Mend what the error tells of, and remove it from the comment." });
      } else if (!policy.known.has(id)) {
        const meant = advice-- > 0 ? nearest(id, suppressible(policy)) : undefined;
        report(rule, {
          message: `There is no lint rule \`${id}\`, so the comment suppresses nothing.`,
          help: meant === undefined ? "Write the id that stands behind the finding." : `Did you mean \`${meant}\`?`,
          fix: meant === undefined ? undefined : { title: `Change to \`${meant}\``, edits: [{ ...rule, text: meant }], safe: false },
        });
      }
    }
  },
});

/** So many ids are compared with all others; more are not worth the time. */
const MOST_ADVICE = 50;

function* suppressible({ known }: LintedPolicy): Generator<string> {
  yield* known;
  for (const [code, [severity]] of Object.entries(DIAGNOSTICS)) if (severity !== "error") yield code;
}

const SLIP = /^#\s*((?:(?:eslint|tslint|policy|stylelint|markdownlint|lint|linter)[\s:_-]?(?:disable|ignore|ignor|supress|suppress|allow|off|skip)(?:[\s_-]?(?:next[\s_-]?line|lines?|files?|all))?|no[\s_-]?lint|no[\s_-]?qa|lnt-ignore|lint-?i[a-z]{4,7})(?![\w-]))(.*)/i;

/** Comments that mean to suppress something in other words than `lint-ignore`. */
function lookForSlips({ text, analysis: { document } }: LintedPolicy, report: Report): void {
  for (const comment of document.comments) {
    let at = comment.start + 1;
    while (text.charCodeAt(at) === 32) at++;
    if (!OPENS.includes(text.charAt(at))) continue;
    const match = SLIP.exec(text.slice(comment.start, comment.end));
    if (match === null) continue;
    const [whole, word, rest] = match;
    if (word === "lint-ignore" || word === "lint-ignore-file") continue;
    // "Ignore" in a sentence of its own is not meant.
    if (/\s/u.test(word!) && !/^\s*[a-z]+(?:-[a-z]+)+\b/u.test(rest!)) continue;
    const start = comment.start + whole.indexOf(word!);
    const right = /files?$/i.test(word!) ? "lint-ignore-file" : "lint-ignore";
    report({ start, end: start + word!.length }, {
      message: `\`${word}\` suppresses nothing; the word is \`${right}\`.`,
      help: "Write `# lint-ignore rule-id: why it is right here`.",
      fix: { title: `Change to \`${right}\``, edits: [{ start, end: start + word!.length, text: right }], safe: false },
    });
  }
}
const OPENS = "elmnpstELMNPST";
