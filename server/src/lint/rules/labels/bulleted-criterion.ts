// Lint rule: a list of criteria with bullets instead of labels.
import type { Edit, Fix } from "../../../diagnostic.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import { schemeBelow, segmentAt } from "../../../semantics/labels.js";
import type { Label } from "../../../syntax/ast.js";
import { counted } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "bulleted-criterion",
  category: "labels",
  summary: "Items of a list have bullets, so that none of them can be cited by a label.",
  why: `A reviewer's note, a notice and the revision log name a criterion by its label. An item behind a bullet has only its place in the list
(\`I.F.*2\`), which is another one as soon as an item is put before it, and which no published document shows.`,
  recommended: "off",
  strict: "warning",
  related: ["label-scheme", "missing-label"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      - Saturation at rest ≤ 88 %
      - Hematocrit > 55 %
   B. The prescriber has seen the patient
`,
    finds: ["-"],
    fixed: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %
   B. The prescriber has seen the patient
`,
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %
   B. The prescriber has seen the patient
`,
    note: "One finding stands for the whole list.",
  }],
  check(policy, report) {
    let list: CriterionSymbol | null | undefined;
    for (const symbol of policy.criteria) {
      const label = labelOf(symbol);
      if (label === undefined || label.segment !== "") continue;
      const parent = symbol.parent ?? null;
      if (list === parent) continue;
      list = parent;
      const siblings = parent === null ? policy.criteria.filter((each) => each.parent === undefined) : parent.items;
      if (siblings.find((each) => labelOf(each)?.segment === "") !== symbol) continue;
      const bullets = siblings.filter((each) => labelOf(each)?.segment === "");
      report(label, {
        message: `${counted(bullets.length, "item")} of ${parent === null ? "the criteria" : parent.address} ${bullets.length === 1 ? "has a bullet" : "have bullets"}, so no note, notice or log can cite ${bullets.length === 1 ? "it" : "them"} by a label.`,
        help: "Give each item a label.",
        fix: fixFor(policy, siblings, bullets),
      });
    }
  },
});

const labelOf = ({ node }: CriterionSymbol): Label | undefined => (node.kind === "criterion" ? node.label : undefined);

/** Labels for a list of bullets to which nothing refers; where something does, or some items have labels, the writer has to choose. */
function fixFor({ analysis, cases }: LintedPolicy, siblings: readonly CriterionSymbol[], bullets: readonly CriterionSymbol[]): Fix | undefined {
  const [first] = bullets;
  if (first === undefined || bullets.length !== siblings.length || (first.parent !== undefined && first.parent.role !== "criterion")) return undefined;
  const scheme = first.parent === undefined ? "ROMAN" : schemeBelow(first.parent.label, first.parent.parent === undefined);
  const path = first.parent === undefined ? "" : `${first.parent.address}.`;
  const speaks = (address: string): boolean => address.startsWith(`${path}*`);
  if (scheme === undefined || analysis.uses.some(({ symbol, declaration }) => !declaration && symbol.kind === "criterion" && speaks(symbol.address))) return undefined;
  if (cases.some((each) => [...each.attested.keys(), each.expect.by?.address ?? "", ...each.expect.outcomes.map(({ address }) => address)].some(speaks))) return undefined;
  const edits: Edit[] = [];
  for (const [i, bullet] of bullets.entries()) {
    const label = labelOf(bullet)!;
    const segment = segmentAt(i + 1, scheme);
    if (analysis.byAddress.has(path + segment)) return undefined;
    edits.push({ start: label.start, end: label.end, text: `${segment}.` });
  }
  return { title: "Give the items labels", edits, safe: false };
}
