// Lint rule: the revision log quotes a criterion in other words than it has.
import { folded, type Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import type { CriterionSymbol } from "../../../semantics/model.js";
import { lintRule } from "../../rule.js";
import { hasRomanStatements, logHasNumerals } from "./addresses.js";
import { quotedBehind, revisionLog, Since, stands } from "./log.js";

export default lintRule({
  id: "revision-quote-differs",
  category: "labels",
  summary: "The revision log quotes a criterion, and the criterion reads otherwise.",
  why: `The log is what the committee approved and what providers are told. Where it quotes "Age ≤ 18 years" and the criterion says "< 18", one
of them is not what was adopted, and a member of just that age is decided by chance. Words may be left out (…), and case, spaces and
punctuation do not matter; numbers and signs such as < and ≤ do.`,
  recommended: "warning",
  strict: "warning",
  related: ["unknown-label-in-revision"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest < 88 %, measured while awake
   B. Saturation of 89 % with cor pulmonale

revisions
  2025-03
    Annual review. Removed I.C, leaving I.A. "Saturation at rest ≤ 88 %" and I.B "Saturation.....cor pulmonale".
`,
    finds: ["Saturation at rest ≤ 88 %"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %, measured while awake
   B. Saturation of 89 % with cor pulmonale

revisions
  2025-03
    Annual review. Removed I.C, leaving I.A. "Saturation at rest ≤ 88 %" and I.B "Saturation.....cor pulmonale".
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. The prescriber has seen the patient within the past 30 days

revisions
  2025-03
    Changed I.A from “within the past 90 days” to “within the past 60 days”.
  2024-03
    I.A now says “The prescriber has seen the patient within the past 90 days”.
`,
    finds: ["within the past 60 days"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. The prescriber has seen the patient within the past 60 days

revisions
  2025-03
    Changed I.A from “within the past 90 days” to “within the past 60 days”.
  2024-03
    I.A now says “The prescriber has seen the patient within the past 90 days”.
`,
    note: "Only the newest row that speaks of a criterion has to agree with it.",
  }],
  check(policy, report) {
    if (policy.revisions.length === 0 || policy.analysis.statements.length === 0 || !logHasNumerals(policy) || !hasQuote(policy) || !hasRomanStatements(policy)) return;
    const { byAddress } = policy.analysis;
    const log = policy.once(revisionLog);
    const since = new Since(log);
    for (const mention of log.mentions) {
      const [address = "", ...others] = mention.addresses;
      const symbol = others.length > 0 ? undefined : byAddress.get(address);
      const prose = symbol?.node.kind === "criterion" ? symbol.node.prose : undefined;
      const quote = symbol === undefined || prose === undefined ? undefined : quotedBehind(mention);
      if (symbol === undefined || prose === undefined || quote === undefined || !stands(mention) || since.mayReadOtherwise(address, mention)) continue;
      if (agrees(policy, policy.source(quote), symbol, prose)) continue;
      report(quote, {
        message: `This row quotes ${address} in other words than it has: "${short(policy.source(prose))}". One of them is not what was adopted.`,
        help: "Hold both against what was approved, and put right the one that is wrong.",
        related: [{ start: prose.start, end: prose.end, message: `${address} reads so.` }],
      });
    }
  },
});

const hasQuote = ({ text, revisions }: LintedPolicy): boolean =>
  revisions.some(({ prose }) => prose !== undefined && /["“”]/u.test(text.slice(prose.start, prose.end)));

const ELIDED = /\.{2,}|(?:\.\s){2,}\.?|…|\[\s*(?:…|\.{2,})\s*\]/u;

/** Whether the pieces of a quotation stand in a criterion, or in what stands below it, in their order. */
function agrees(policy: LintedPolicy, quote: string, symbol: CriterionSymbol, prose: Range): boolean {
  const pieces = quote.split(ELIDED).map(squeezed).filter((piece) => piece !== "");
  if (inOrder(pieces, squeezed(policy.source(prose)))) return true;
  if (symbol.items.length === 0 && symbol.notes.length === 0) return false;
  const below = policy.stretches.filter((stretch) => stretch.start >= symbol.node.start && stretch.end <= symbol.node.end).map((stretch) => squeezed(stretch.text));
  return inOrder(pieces, below.join(""));
}

function inOrder(pieces: readonly string[], words: string): boolean {
  let from = 0;
  return pieces.every((piece) => {
    const at = words.indexOf(piece, from);
    from = at + piece.length;
    return at >= 0;
  });
}

const PARTS = /\d+(?:\.\d+)?|[<>≤≥=%±]|\p{L}+/gu;

/** Letters in lower case, numbers set apart, and the signs that compare; the rest goes. */
function squeezed(text: string): string {
  const plain = text.replace(/\[[\d,\s–-]+\]/gu, " ").replace(/<=|=</gu, "≤").replace(/>=|=>/gu, "≥");
  return (plain.match(PARTS) ?? []).map((part) => (/^\d/u.test(part) ? `|${part}|` : part.toLowerCase())).join("");
}

function short(text: string): string {
  const line = folded(text).replace(/[.;]$/u, "");
  return line.length <= 90 ? line : `${line.slice(0, line.lastIndexOf(" ", 90))} …`;
}
