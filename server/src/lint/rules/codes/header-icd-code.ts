// Lint rule: a diagnosis category in the table where codes that can be billed are meant.
import { lintRule } from "../../rule.js";
import { isHeader } from "./headers.js";

export default lintRule({
  id: "header-icd-code",
  category: "codes",
  summary: "An ICD-10-CM category stands in the table like a code, and no claim can carry it.",
  why: `A diagnosis is billed with all its characters; a code that is subdivided further is invalid on a claim (ICD-10-CM Official Guidelines,
section I.B.2). A category in the table leaves open whether all codes below it are meant: a reviewer reads it so, a claims system that
compares codes finds nothing. \`C50.-\` says that all are meant. Only codes that are certainly subdivided are found, since the tool ships no
code book.`,
  recommended: "warning",
  strict: "warning",
  related: ["malformed-code", "unlisted-code"],
  examples: [{
    avoid: `codes
  ICD-10-CM  C50    Cancer of the breast
  ICD-10-CM  M54.5  Low back pain
  ICD-10-CM  I10    High blood pressure
`,
    finds: ["C50", "M54.5"],
    fixed: `codes
  ICD-10-CM  C50.-    Cancer of the breast
  ICD-10-CM  M54.5-  Low back pain
  ICD-10-CM  I10    High blood pressure
`,
    prefer: `codes
  ICD-10-CM  C50.-   Cancer of the breast
  ICD-10-CM  M54.50  Low back pain, unspecified
  ICD-10-CM  I10     High blood pressure
  ICD-10-CM  C70.0-C72.9  Brain and spinal cord
`,
  }],
  check(policy, report) {
    for (const { system, code } of policy.rows) {
      if (code === undefined || code.category || code.to !== undefined || system.text !== "ICD-10-CM" || code.from.length > 6) continue;
      if (!isHeader(code.from, policy.date ?? policy.today)) continue;
      const written = `${code.from}${code.from.includes(".") ? "-" : ".-"}`;
      report(code, {
        message: `${code.from} is subdivided further, so no claim can carry it, and the table leaves open which codes below it are meant.`,
        help: `Write \`${written}\` for all codes below it, or list those that are meant.`,
        fix: { title: `Write \`${written}\``, safe: false, edits: [{ start: code.start, end: code.end, text: written }] },
      });
    }
  },
});
