// Lint rule: "and" and "or" inside an item that hide a list, or contradict the list it stands in.
import type { CriterionSymbol } from "../../../semantics/model.js";
import { folded } from "../../../text.js";
import type { Finding } from "../../model.js";
import type { LintedPolicy } from "../../policy.js";
import { lintRule } from "../../rule.js";
import { scanWords } from "../wording/scan.js";
import { isComputed, symbolOf } from "./lists.js";

export default lintRule({
  id: "connective-in-prose",
  category: "criteria",
  summary: "An \"and\" or \"or\" in an item contradicts its list, or joins two criteria in one item.",
  why: `How a list decides is said once, where it is announced. A word inside an item that says otherwise leaves two readings, and a reviewer and
an appeal may each take another. Two criteria in one item, joined by "AND" or by "; or", can be met one by one, but are answered, cited and
reported as one. An ordinary "and" between nouns is not meant, nor is an item whose \`when\` line says exactly what is asked.`,
  recommended: "warning",
  strict: "warning",
  related: ["contradicting-connector", "connector-of-parent", "dangling-connector"],
  examples: [{
    avoid: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %; or saturation of 89 % with cor pulmonale
   B. The prescriber has seen the patient
`,
    finds: ["; or"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Either of the following:
      1. Saturation at rest ≤ 88 %
      2. Saturation of 89 % with cor pulmonale
   B. The prescriber has seen the patient
`,
  }, {
    avoid: `criteria
I. Home oxygen is medically necessary for any of the following:
   A. Saturation at rest ≤ 88 % AND a visit within 30 days
   B. And the patient does not smoke
`,
    finds: ["AND", "And"],
    prefer: `criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Saturation at rest ≤ 88 %
   B. A visit within 30 days
   C. The patient and the family do not smoke
`,
  }, {
    avoid: `criteria
I. The injection is medically necessary when all of the following are met:
   A. Six weeks of exercise have failed
   B. Pain follows the nerve root
   C. Any of the above, with weakness that is getting worse
`,
    finds: ["Any of the above"],
    prefer: `criteria
I. The injection is medically necessary when all of the following are met:
   A. Six weeks of exercise have failed
   B. Pain follows the nerve root
   C. Weakness is getting worse
`,
  }],
  check(policy, report) {
    const { text } = policy;
    for (const symbol of policy.criteria) {
      const prose = symbol.node.kind === "criterion" ? symbol.node.prose : undefined;
      if (prose === undefined) continue;
      const first = text.charCodeAt(prose.start) | 32;
      if (first === 97 || first === 110 || first === 111 || first === 101 || first === 98) lookAtOpening(policy, symbol, prose.start, report);
    }
    const { semicolons, above, abbreviations } = policy.once(scanWords);
    for (const at of semicolons) look(policy, at, report);
    for (const at of above) look(policy, at, report);
    for (const at of abbreviations) if (text.startsWith("AND", at) || text.startsWith("OR", at)) look(policy, at, report);
  },
});

type Reporting = (range: { readonly start: number; readonly end: number }, finding: Finding) => void;

/** A connective within an item. */
const JOINING = /;\s+(?:and|or)\b|(?:AND|OR)\b/uy;
const OF_THE_ABOVE = /\b(?:or\s+(?:any|either|one)|and\s+(?:all|both|each)) of the above$/u;
const OPENING = /(?:(and|or)\b(?!\/)|(?:or\s+)?(?:any|either|one|none)\s+of\s+the\s+above\b|(?:and\s+)?(?:all|both|each)\s+of\s+the\s+above\b)/iy;

/** An item that begins with the connective of another list, or speaks of "the above" against its own. */
function lookAtOpening(policy: LintedPolicy, symbol: CriterionSymbol, at: number, report: Reporting): void {
  OPENING.lastIndex = at;
  const match = OPENING.exec(policy.text);
  if (match === null || symbol.parent?.combination === undefined) return;
  const range = { start: at, end: at + match[0].length };
  if (match[1] === undefined) {
    aboveAgainst(symbol, match[0], range, report);
  } else {
    const { op } = symbol.parent.combination;
    const word = match[1].toLowerCase();
    if ((op === "any" && word === "and") || (op === "all" && word === "or")) {
      report(range, { message: `"${match[0]}" joins this item to the one before it, and the list of ${symbol.parent.address} asks for ${op === "any" ? "any one" : "all"} of its items.`, help: `Make one item of the two, or take "${match[0]}" out.` });
    }
  }
}

/** "any of the above" in a list of which all are needed, "all of the above" in one of which any is enough. */
function aboveAgainst(symbol: CriterionSymbol, words: string, range: { readonly start: number; readonly end: number }, report: Reporting): void {
  const op = symbol.parent?.combination?.op;
  const all = /\b(?:all|both|each)\b/i.test(words);
  if (symbol.parent === undefined || !((op === "all" && !all) || (op === "any" && all)) || isComputed(symbol) || symbol.parent.items[0] === symbol) return;
  report(range, {
    message: `"${words}" speaks of the items before it, and the list of ${symbol.parent.address} asks for ${op === "all" ? "all" : "any one"} of its items, so it can be read in two ways.`,
    help: "Group the items it speaks of under an item of their own, and announce how many of them are needed.",
  });
}

function look(policy: LintedPolicy, at: number, report: Reporting): void {
  const { text } = policy;
  JOINING.lastIndex = at;
  const isAbove = text[at] === " ";
  const words = isAbove ? OF_THE_ABOVE.exec(text.slice(at - 12, at + 13))?.[0] : JOINING.exec(text)?.[0];
  if (words === undefined || (words.length < 4 && /\w/u.test(text[at - 1]!))) return;
  const start = isAbove ? at + 13 - words.length : at;
  const end = start + words.length;
  const stretch = policy.stretchAt(start);
  if (stretch?.role !== "criterion" || stretch.text[start - stretch.start] === " ") return;
  const symbol = symbolOf(policy, stretch.node);
  if (symbol === undefined) return;
  const before = stretch.text.slice(Math.max(0, start - 300 - stretch.start), start - stretch.start);
  const behind = stretch.text.slice(end - stretch.start, end - stretch.start + 300);
  // At the end it is the connector of the list, and at the beginning it has been looked at.
  if (/^\s*(?:\[[\d,\s–-]+\]\s*)*[.;,:]?\s*$/u.test(behind) || (start - stretch.start <= 300 && before.trim() === "")) return;
  if (isAbove) {
    aboveAgainst(symbol, words, { start, end }, report);
    return;
  }
  if (isComputed(symbol) || before.lastIndexOf("(") > before.lastIndexOf(")")) return;
  if (!words.startsWith(";") && !isEmphasized(words, before, behind)) return;
  report({ start, end }, {
    message: `"${folded(words)}" joins two criteria in one item, so they are answered and cited as one, and ${symbol.address} can be read in two ways.`,
    help: `Write each as an item of its own, below "${/and/i.test(words) ? "all" : "any"} of the following:".`,
  });
}

/** AND and OR in capitals for emphasis, not as part of a line in capitals, an operating room (OR), an odds ratio or a state. */
function isEmphasized(word: string, before: string, behind: string): boolean {
  if (!/[a-z]/u.test(before.slice(-40)) && !/[a-z]/u.test(behind.slice(0, 40))) return false;
  if (/\p{Lu}{3,}\s+$/u.test(before) && /^\s+\p{Lu}{3,}\b/u.test(behind)) return false;
  if (!/\s$/u.test(before) || !/^\s+\S/u.test(behind) || /["“]\s*$/u.test(before)) return false;
  return word === "AND" || !(/\b(?:the|an?|in|to|for|from|by|hybrid|adjusted|odds ratio|\p{Lu}\p{Ll}+,)\s+$/u.test(before) || /^\s+(?:\d|[=<>≤≥≈(]|(?:of|was|is|time|suite|staff|table|nurse|team)\b)/u.test(behind));
}
