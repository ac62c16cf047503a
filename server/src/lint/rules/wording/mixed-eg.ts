// Lint rule: "e.g.", "eg" and "ex:" side by side.
import { lintRule } from "../../rule.js";
import { FOREIGN, inProse, scanWords, type WordAt } from "./scan.js";

type Form = "e.g." | "eg" | "ex";

export default lintRule({
  id: "mixed-eg",
  category: "wording",
  summary: "“For example” is abbreviated in more than one way, or as “ex:”.",
  why: `"e.g.", "eg" and "ex:" beside one another show that parts of a policy were copied from different sources, and "ex:" can be read as
"excluding" or "except", which would turn a criterion round. A list of examples is only a list of examples where every reader sees that it is one.`,
  recommended: "warning",
  strict: "warning",
  related: [],
  examples: [{
    avoid: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Lung cancer with an unusual shape of the target (ex: disease on both sides)
   B. Breast cancer where the anatomy calls for it (e.g., a funnel chest)
`,
    finds: ["ex:"],
    fixed: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Lung cancer with an unusual shape of the target (e.g., disease on both sides)
   B. Breast cancer where the anatomy calls for it (e.g., a funnel chest)
`,
    prefer: `criteria
I. IMRT is medically necessary for any of the following indications:
   A. Lung cancer with an unusual shape of the target (e.g., disease on both sides)
   B. Breast cancer where the anatomy calls for it (e.g., a funnel chest)
`,
  }, {
    avoid: `description
  Tests (eg, a blood count) come first. Images (eg, a CT) come next, and other tests (e.g., a biopsy) last.
`,
    finds: ["e.g.,"],
    fixed: `description
  Tests (eg, a blood count) come first. Images (eg, a CT) come next, and other tests (eg, a biopsy) last.
`,
    prefer: `description
  Tests (eg, a blood count) come first. Images (eg, a CT) come next. Cells are grown ex vivo.
`,
  }],
  check(policy, report) {
    const { examples } = policy.once(scanWords);
    if (examples.length === 0) return;
    const found: (WordAt & { readonly form: Form })[] = [];
    for (const { start, end } of examples) {
      const match = /(?<![\w.-])(?:e\.g\.,?|eg(?![\w.-]),?|(?:for\s+)?ex(?::|\.(?=,|\s+\p{Ll}),?)|for\s+ex(?=\s))/iuy;
      const after = /for\s+$/i.exec(policy.text.slice(Math.max(0, start - 8), start));
      match.lastIndex = start - (after?.[0].length ?? 0);
      let found1 = match.exec(policy.text);
      if (found1 === null) {
        match.lastIndex = start;
        found1 = match.exec(policy.text);
      }
      if (found1 === null) continue;
      const stretch = policy.stretchAt(found1.index);
      if (stretch === undefined || FOREIGN.has(stretch.role) || inProse(policy, { start, end }) === undefined && /^ex|^for/i.test(found1[0])) continue;
      if (stretch.text.slice(found1.index - stretch.start, found1.index - stretch.start + found1[0].length) !== found1[0]) continue;
      found.push({ start: found1.index, end: found1.index + found1[0].length, form: /ex/i.test(found1[0]) ? "ex" : /^e\./i.test(found1[0]) ? "e.g." : "eg" });
    }
    const count = (form: Form): number => found.reduce((sum, each) => sum + Number(each.form === form), 0);
    const dotted = count("e.g.");
    const plain = count("eg");
    const kept = plain > dotted ? "eg" : "e.g.";
    for (const { start, end, form } of found) {
      if (form === kept) continue;
      const written = policy.text.slice(start, end);
      const first = found.find((each) => each.form === kept);
      report({ start, end }, {
        message: form === "ex" ? `“${written}” is read as “for example” by some and as “excluding” by others.` : `“${written}” and “${kept}” stand side by side in this policy for “for example”.`,
        help: `Write “${kept},” here too.`,
        related: first === undefined ? [] : [{ start: first.start, end: first.end, message: `“${kept}” stands here.` }],
        fix: { title: `Change to “${kept},”`, edits: [{ start, end, text: /^\p{Lu}/u.test(written) ? "For example," : `${kept},` }], safe: true },
      });
    }
  },
});
