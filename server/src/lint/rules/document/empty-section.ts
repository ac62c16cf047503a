// Lint rule: a heading with nothing below it.
import type * as A from "../../../syntax/ast.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "empty-section",
  category: "document",
  summary: "A heading has nothing below it.",
  why: `A heading without text is left over from a template, or its text was lost when the document was put together. A reader cannot
tell which.`,
  recommended: "info",
  strict: "warning",
  related: ["no-criteria", "duplicate-paragraph", "sentence-as-heading"],
  examples: [{
    avoid: `description
  Home oxygen raises the oxygen level.

background

references
  1. Example A. Oxygen at home. Ex J Med. 2024;1(2):3-9.
`,
    finds: ["background"],
    prefer: `description
  Home oxygen raises the oxygen level.

references
  1. Example A. Oxygen at home. Ex J Med. 2024;1(2):3-9.
`,
  }],
  check(policy, report) {
    for (const section of policy.analysis.document.sections) {
      if (!isEmpty(section)) continue;
      // A sentence at column 0 was hardly meant as a heading.
      if (section.kind === "text" && /[.,;]$|^(?:\S+\s+){7}/u.test(section.heading.text)) continue;
      report(section.heading, { message: `Nothing stands below the heading “${section.heading.text}”, so a reader cannot tell whether something was lost.`, help: "Write the section, or remove the heading." });
    }
  },
});

function isEmpty(section: A.Section): boolean {
  switch (section.kind) {
    case "text": return section.paragraphs.length === 0;
    case "facts": return section.facts.length === 0;
    case "define": return section.definitions.length === 0;
    case "criteria": return section.body.length === 0;
    case "notes": return section.notes.length === 0;
    case "codes": return section.rows.length === 0;
    case "revisions": return section.revisions.length === 0;
    case "references": return section.references.length === 0;
    case "cases": return section.cases.length === 0;
  }
}
