// Lint rule: words that point to a criterion that is not there.
import { ordinal } from "../../../semantics/labels.js";
import { ANNOUNCED, isElsewhere } from "../../../semantics/proseaddresses.js";
import type { Report } from "../../model.js";
import type { LintedPolicy, ProseRole, Stretch } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { scanWords } from "../wording/scan.js";
import { addressAt, hasRomanStatements, whatThereIs } from "./addresses.js";

export default lintRule({
  id: "unknown-label-in-prose",
  category: "labels",
  summary: "Words point to a criterion by a label that no criterion has.",
  why: `Notes and criteria that speak of others by their labels are not renumbered with them. After an edit the words point to nothing, or to
a criterion that means something else, and the reader of a notice cannot find what it cites. Only plain addresses are looked at
("criterion I.B", "I.E.9"), not phases, stages or classes, and not those of another policy.`,
  recommended: "warning",
  strict: "warning",
  related: ["unknown-label", "unknown-label-in-revision"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
   note For a hematocrit above 55 %, see criterion I.C.

notes
  Patients of phase I.B trials are looked at under I.A. or I.B.
`,
    finds: ["I.C"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Saturation of 89 % with cor pulmonale
   C. Hematocrit > 55 %
   note For a hematocrit above 55 %, see criterion I.C.
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Any of the following:
      1. Cor pulmonale
      2. Hematocrit > 55 %

background
  Criterion III is new. The measurements of I.B.1-3 are those of the society.
`,
    finds: ["III", "I.B.1-3"],
    prefer: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 %
   B. Any of the following:
      1. Cor pulmonale
      2. Hematocrit > 55 %

background
  Criterion I.B is new. The measurements of I.B.1-2 are those of the society.
`,
  }],
  check(policy, report) {
    if (policy.analysis.statements.length === 0 || !hasRomanStatements(policy)) return;
    const { text } = policy;
    const { numerals, criteria } = policy.once(scanWords);
    for (const at of numerals) {
      let end = at + 1;
      while (isRoman(text.charCodeAt(end))) end++;
      // A label with a full stop, and the next one behind it.
      if (text.charCodeAt(end) === 46 && /[A-Za-z0-9]/u.test(text.charAt(end + 1)) && !/[\p{L}\p{N}_.]/u.test(text.charAt(at - 1))) lookAtAddress(policy, at, report);
    }
    for (const at of criteria) lookAtNumeral(policy, at, report);
  },
});

const isRoman = (unit: number): boolean => unit === 73 || unit === 86 || unit === 88;
const ROLES: ReadonlySet<ProseRole> = new Set(["criterion", "note", "paragraph", "footnote", "code description", "code group", "question"]);

/** The stretch of an offset, if its words may speak of criteria of this policy. */
function proseAt(policy: LintedPolicy, at: number): Stretch | undefined {
  const stretch = policy.stretchAt(at);
  return stretch === undefined || !ROLES.has(stretch.role) || stretch.text[at - stretch.start] === " " ? undefined : stretch;
}

function lookAtAddress(policy: LintedPolicy, start: number, report: Report): void {
  const { text, analysis: { byAddress } } = policy;
  const mention = addressAt(text, start, false);
  if (mention === undefined) return;
  const missing = mention.addresses.find((address) => !byAddress.has(address));
  if (missing === undefined) return;
  const stretch = proseAt(policy, start);
  if (stretch === undefined) return;
  const before = stretch.text.slice(Math.max(0, start - stretch.start - 90), start - stretch.start);
  const behind = stretch.text.slice(mention.end - stretch.start, mention.end - stretch.start + 60);
  // Two parts may be an abbreviation; three with a number in the third place are an address.
  if (!/^[IVX]+\.[A-Z]\.\d/u.test(mention.addresses[0]!) && !ANNOUNCED.test(before)) return;
  if (isElsewhere(before, behind)) return;
  const known = sameButForCase(policy, missing);
  report(mention, {
    message: `No criterion has the address ${missing}, so a reader who looks it up finds nothing.`,
    help: known === undefined ? `Look for the criterion that is meant: ${whatThereIs(policy, missing)}.` : `Write \`${known}\`.`,
    fix: known === undefined || mention.addresses.length > 1 ? undefined : { title: `Change to \`${known}\``, edits: [{ start: mention.start, end: mention.end, text: known }], safe: true },
  });
}

const sameButForCase = (policy: LintedPolicy, address: string): string | undefined => policy.once(addressesInLowerCase).get(address.toLowerCase());
const addressesInLowerCase = ({ analysis }: LintedPolicy): ReadonlyMap<string, string> => new Map([...analysis.byAddress.keys()].map((address) => [address.toLowerCase(), address]));

const NUMERAL = /([Cc]riteri(?:on|a)\s+)([IVX]{1,7})(?![\w]|\.[A-Za-z0-9]|\s*[-–/]\s*[IVX])/uy;

/** "criterion III": a statement by its numeral alone. */
function lookAtNumeral(policy: LintedPolicy, at: number, report: Report): void {
  const { text, analysis: { byAddress } } = policy;
  NUMERAL.lastIndex = at;
  const match = NUMERAL.exec(text);
  if (match === null || byAddress.has(match[2]!) || ordinal(match[2]!, "ROMAN") === undefined) return;
  const stretch = proseAt(policy, at);
  if (stretch === undefined) return;
  const before = stretch.text.slice(Math.max(0, at - stretch.start - 60), at - stretch.start);
  // "the Amsterdam criteria II" are those of a place or a society.
  const name = /(\p{Lu}[\p{L}\p{N}-]*)\s+$/u.exec(before)?.[1];
  if (name !== undefined && !/^(?:The|These|This|Both|See|Under|Per|Meets?|All|Any|When|If|In|For|And|Or|Not|Of)$/u.test(name)) return;
  const start = at + match[1]!.length;
  const end = start + match[2]!.length;
  if (isElsewhere(before, stretch.text.slice(end - stretch.start, end - stretch.start + 60))) return;
  report({ start, end }, {
    message: `No statement has the label ${match[2]}, so a reader who looks it up finds nothing.`,
    help: `Look for the statement that is meant: they are ${policy.analysis.statements.slice(0, 12).map(({ address }) => address).join(", ")}.`,
  });
}
