// Lint rule: a header that does not say from when on the policy applies, or lacks a date that the log has.
import type { Fix } from "../../../diagnostic.js";
import type * as A from "../../../syntax/ast.js";
import { sentenceList } from "../../../text.js";
import { lintRule } from "../../rule.js";
import type { LintedPolicy } from "../../policy.js";
import { known, newestRevision } from "./dates.js";

const FIELDS = ["revised", "approved", "effective"] as const;

export default lintRule({
  id: "missing-header-date",
  category: "document",
  summary: "The header lacks its effective date, or a date that the newest revision has.",
  why: `A request is judged by the version that was in force on its date of service. Without an effective date nobody can tell whether the
policy speaks of a request, and the tool takes it to apply to all of them. What the revision log says of its newest row, the header
says too: readers look there first.`,
  recommended: "info",
  strict: "warning",
  options: { required: { default: ["effective"], description: "Dates that every header has: `revised`, `approved`, `effective`, `next review`." } },
  related: ["header-revision-mismatch", "incomplete-revision"],
  examples: [{
    avoid: `policy EX.1 "Home oxygen therapy"
  plan     Example Health Plan
  revised  2025-03
`,
    finds: ["EX.1"],
    prefer: `policy EX.1 "Home oxygen therapy"
  plan       Example Health Plan
  revised    2025-03
  effective  2025-06-19
`,
  }, {
    avoid: `policy EX.1 "Home oxygen therapy"
  plan       Example Health Plan
  revised    2025-03
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    New policy.
`,
    finds: ["EX.1"],
    fixed: `policy EX.1 "Home oxygen therapy"
  plan       Example Health Plan
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    New policy.
`,
    prefer: `policy EX.1 "Home oxygen therapy"
  plan       Example Health Plan
  revised    2025-03
  approved   2025-05-20
  effective  2025-06-19

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    New policy.
`,
    note: "The date is taken over from the log.",
  }],
  check(policy, report, { required }) {
    const { header } = policy.analysis.document;
    const place = header?.number ?? header?.title;
    if (header === undefined || place === undefined) return;
    const { fields } = policy.analysis.header;
    // A sketch that has no date at all is not judged.
    if (policy.revisions.length === 0 && policy.references.length === 0 && !header.fields.some((field) => field.date !== undefined)) return;
    const newest = policy.revisions.length === 0 ? undefined : newestRevision(policy);
    const lacking = FIELDS.filter((name) => !fields.has(name) && (required.includes(name) || known(newest?.[name]) !== undefined));
    if (required.includes("next review") && !fields.has("next review")) {
      report(place, { message: "The header does not say by when the policy is to be reviewed again.", help: "Add `next review` and its date to the header." });
    }
    if (lacking.length === 0) return;
    const logged = lacking.flatMap((name) => known(newest?.[name]) ?? []);
    const names = lacking.map((name) => `\`${name}\``);
    report(place, {
      message: lacking.includes("effective")
        ? `The header has no ${sentenceList(names, "and no")} date, so a reader cannot tell for which dates of service the policy decides.`
        : `The header has no ${sentenceList(names, "and no")} date, although readers look for it there first.`,
      help: logged.length === lacking.length ? `Take ${logged.length === 1 ? "it" : "them"} over from the revision log.` : `Add ${sentenceList(names)} to the header.`,
      related: logged.map(({ start, end }) => ({ start, end, message: "The revision log has it." })),
      fix: logged.length < lacking.length ? undefined : insertions(policy, header, lacking.map((name, i) => [name, logged[i]!.text])),
    });
  },
});

/** New lines of the header, in the usual order of its dates and in line with its neighbours. */
function insertions({ text }: LintedPolicy, { fields }: A.Header, added: readonly (readonly [name: (typeof FIELDS)[number], date: string])[]): Fix | undefined {
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  const edits = new Map<number, string>();
  for (const [name, date] of added) {
    const later = fields.find((field) => field.name !== undefined && (FIELDS as readonly string[]).indexOf(field.name) > FIELDS.indexOf(name));
    const model = later ?? fields[fields.length - 1];
    const value = model?.date ?? model?.value;
    if (model === undefined || value === undefined) return undefined;
    const line = text.lastIndexOf("\n", model.start - 1) + 1;
    const indent = text.slice(line, model.start);
    if (indent.trim() !== "") return undefined;
    const words = `${indent}${name.padEnd(Math.max(name.length + 2, value.start - model.start))}${date}`;
    if (later === undefined) {
      const rest = text.slice(model.start).search(/[\r\n]/u);
      const at = rest < 0 ? text.length : model.start + rest;
      edits.set(at, `${edits.get(at) ?? ""}${ending}${words}`);
    } else edits.set(line, `${edits.get(line) ?? ""}${words}${ending}`);
  }
  return { title: `Add ${sentenceList(added.map(([name, date]) => `\`${name} ${date}\``))} from the revision log`, edits: [...edits].map(([at, words]) => ({ start: at, end: at, text: words })), safe: false };
}
