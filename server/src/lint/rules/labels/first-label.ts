// Lint rule: a list that does not begin with its first label.
import { hasErrors } from "../../../diagnostic.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import { ordinal, type Scheme, schemeOf, segmentAt } from "../../../semantics/labels.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";

export default lintRule({
  id: "first-label",
  category: "labels",
  summary: "A list does not begin with its first label.",
  why: `A list that begins at 3 has lost its first items, or belongs to the list before it: at a page break of the document it was copied from,
the indentation was lost and the rest of a list now stands under another criterion. Both change what the policy decides. A list that goes
on with the numbers of the one before it is not meant.`,
  recommended: "warning",
  strict: "warning",
  related: ["label-order", "label-scheme", "duplicate-label"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %
   B. A visit within 30 days, with both of the following:
      4. A measurement on room air
      5. A plan of care
`,
    finds: ["4."],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. One of the following:
      1. Saturation at rest ≤ 88 %
      2. Hematocrit > 55 %
   B. A visit within 30 days, with both of the following:
      3. A measurement on room air
      4. A plan of care
`,
  }, {
    avoid: `criteria
II. Home oxygen is medically necessary when the prescriber has seen the patient
`,
    finds: ["II."],
    prefer: `criteria
I. Home oxygen is medically necessary when the prescriber has seen the patient
`,
  }],
  check(policy, report) {
    // In a broken text the first items may just not have been read.
    if (hasErrors(policy.analysis.parsed.diagnostics)) return;
    const { criteria } = policy;
    // The label before, of each depth: items of groups and of continued lists go on with it.
    const before: (CriterionSymbol | undefined)[] = [];
    let list: CriterionSymbol | undefined;
    for (const symbol of criteria) {
      const { parent, label, depth, node } = symbol;
      const { segment = "" } = (node.kind === "criterion" ? node.label : undefined) ?? {};
      const last = before[depth];
      before[depth] = symbol;
      if (segment === "") continue;
      const isFirst = parent === undefined ? list === undefined : parent.items[0] === symbol;
      if (parent === undefined) list = symbol;
      if (!isFirst || FIRST.has(segment)) continue;
      const expected = expectedFor(policy, symbol);
      if (expected === undefined || goesOn(last, label, expected.scheme)) continue;
      const at = node.kind === "criterion" ? node.label! : node;
      report(at, {
        message: `${parent === undefined ? "The list of the statements" : `The list of ${parent.address}`} begins with ${label}, so that a reader looks for what comes before it.`,
        help: `Begin with ${segmentAt(1, expected.scheme)}, or look whether the indentation of these lines was lost and they belong to another list.`,
        related: last === undefined || last.node.kind !== "criterion" || last.node.label === undefined ? undefined : [{ start: last.node.label.start, end: last.node.label.end, message: `${last.address} is the last item at this depth before it.` }],
      });
    }
  },
});

const FIRST: ReadonlySet<string> = new Set(["1", "A", "a", "I", "i"]);

function expectedFor({ analysis }: LintedPolicy, symbol: CriterionSymbol): { readonly scheme: Scheme } | undefined {
  const siblings = symbol.parent === undefined ? analysis.statements.map(({ address }) => address) : symbol.parent.items.map(({ label }) => label);
  const scheme = schemeOf(siblings.filter((label) => label !== "" && !label.startsWith("*")));
  if (scheme === undefined || ordinal(symbol.label, scheme) === 1 || ordinal(symbol.label, scheme) === undefined) return undefined;
  return { scheme };
}

const goesOn = (last: CriterionSymbol | undefined, label: string, scheme: Scheme): boolean => {
  const place = last && ordinal(last.label, scheme);
  return place !== undefined && place + 1 === ordinal(label, scheme);
};
