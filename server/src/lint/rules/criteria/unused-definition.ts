// Lint rule: a definition that nothing uses.
import type { Edit } from "../../../diagnostic.js";
import type { Definition } from "../../../syntax/ast.js";
import { positionAt } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { inUse } from "./usage.js";

export default lintRule({
  id: "unused-definition",
  category: "criteria",
  summary: "A definition decides nothing, because no criterion uses it.",
  why: `A reader takes a definition for part of the policy. One that no criterion uses is left over, or the criterion that should use it spells
the condition out and may by now say something else. Nothing is said while the policy has errors.`,
  recommended: "warning",
  strict: "warning",
  related: ["unused-fact", "duplicate-condition"],
  examples: [{
    avoid: `facts
  saturation   %  "Oxygen saturation at rest"

define
  low_oxygen   saturation <= 88 %
  very_low     saturation <= 85 %

criteria
I. Home oxygen is medically necessary when the saturation is low
   when low_oxygen
`,
    finds: ["very_low"],
    fixed: `facts
  saturation   %  "Oxygen saturation at rest"

define
  low_oxygen   saturation <= 88 %

criteria
I. Home oxygen is medically necessary when the saturation is low
   when low_oxygen
`,
    prefer: `facts
  saturation   %  "Oxygen saturation at rest"

define
  low_oxygen   saturation <= 88 %
  very_low     saturation <= 85 %

criteria
I. Home oxygen is medically necessary for any of the following:
   A. Low saturation with cor pulmonale
      when low_oxygen
   B. Very low saturation
      when very_low
`,
  }],
  check(policy, report) {
    const { definitions, policy: sound } = policy.analysis;
    if (definitions.size === 0 || sound === undefined) return;
    const used = policy.once(inUse);
    for (const definition of definitions.values()) {
      if (used.has(definition)) continue;
      const edit = withoutLines(policy, definition.node);
      report(definition.node.name, {
        message: `No criterion uses \`${definition.name}\`, so what it says decides nothing.`,
        help: "Use it where it belongs, or remove it.",
        fix: edit === undefined ? undefined : { title: `Remove the definition of \`${definition.name}\``, edits: [edit], safe: false },
      });
    }
  },
});

/** The edit that removes the lines of a definition, where no comment stands among them. */
function withoutLines({ text, analysis: { lines, document } }: LintedPolicy, node: Definition): Edit | undefined {
  const start = lines.starts[positionAt(lines, node.start).line]!;
  const end = lines.starts[positionAt(lines, node.end).line + 1] ?? text.length;
  return document.comments.some((comment) => comment.start < end && start < comment.end) ? undefined : { start, end, text: "" };
}
