// Hints between the words: the address behind a nested label, a quantity in the unit of its fact, how the cases came out at a criterion.
import type { Analysis, CriterionSymbol, FactSymbol, FactType } from "../semantics/model.js";
import { convert, findUnit, isTemperature, quantityText, sameDimension, type Unit } from "../semantics/units.js";
import { children, type CaseFact, type Expr, type Node, type Quantity } from "../syntax/ast.js";
import type { Range } from "../text.js";
import type { CaseOutcome, Hint, OutcomesByAddress } from "./model.js";
import { firstCriterionFrom, lineAt, useOf } from "./places.js";
import { code, escaped, shortened } from "./wording.js";

/** Which hints are wanted. */
export interface HintWishes {
  readonly addresses: boolean;
  readonly conversions: boolean;
  /** How the cases came out; undefined where that is not wanted. */
  readonly outcomes?: OutcomesByAddress | undefined;
}

/** The hints of a stretch of a policy, in the order of the text. */
export function inlayHints(analysis: Analysis, within: Range, wishes: HintWishes): readonly Hint[] {
  const hints: Hint[] = [];
  if (wishes.conversions) addConversions(analysis, analysis.document, within, hints);
  if (wishes.addresses || wishes.outcomes !== undefined) {
    for (let i = firstCriterionFrom(analysis, within.start); i < analysis.criteria.length; i++) {
      const criterion = analysis.criteria[i]!;
      if (criterion.node.start > within.end) break;
      if (criterion.role !== "criterion" || criterion.node.kind !== "criterion" || criterion.node.start < within.start) continue;
      if (wishes.addresses) addAddress(criterion, hints);
      const outcomes = wishes.outcomes?.get(criterion.address);
      if (outcomes !== undefined) addOutcomes(analysis, criterion, outcomes, hints);
    }
  }
  return hints.sort((a, b) => a.offset - b.offset);
}

/** The address is worth showing where the label alone is not the address. */
function addAddress({ node, address, parent }: CriterionSymbol, hints: Hint[]): void {
  if (node.kind !== "criterion" || node.label === undefined || parent === undefined) return;
  hints.push({ kind: "address", offset: node.label.end, label: address, before: true, after: false, tooltip: `The address of this criterion. Write it as ${code(`criterion ${address}`)} in a condition, or ${code(`${address} = met`)} in a case.` });
}

// ── Outcomes ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const MOST_CASES = 12;

function addOutcomes({ text }: Analysis, { node }: CriterionSymbol, outcomes: readonly CaseOutcome[], hints: Hint[]): void {
  const label = outcomeCounts(outcomes);
  if (label === "") return;
  const line = lineAt(text, node.start);
  const end = line.start + text.slice(line.start, line.end).trimEnd().length;
  hints.push({ kind: "outcomes", offset: Math.max(node.start, end), label, before: true, after: false, tooltip: outcomeList(outcomes) });
}

/** `✓ 3 ✗ 1 ? 0`; empty where the criterion applies in no case. */
export function outcomeCounts(outcomes: readonly CaseOutcome[]): string {
  const count = (wanted: CaseOutcome["outcome"]): number => outcomes.filter((each) => each.outcome === wanted).length;
  const [met, notMet, unknown] = [count("met"), count("not met"), count("unknown")];
  return met + notMet + unknown === 0 ? "" : `✓ ${met} ✗ ${notMet} ? ${unknown}`;
}

const GROUPS: readonly (readonly [CaseOutcome["outcome"], string])[] = [["met", "✓ Met"], ["not met", "✗ Not met"], ["unknown", "? Unknown"], ["not applicable", "– Does not apply"]];

/** The cases by how the criterion came out in them, as Markdown. */
export function outcomeList(outcomes: readonly CaseOutcome[]): string {
  return GROUPS.flatMap(([outcome, words]) => {
    const cases = outcomes.filter((each) => each.outcome === outcome);
    if (cases.length === 0) return [];
    const names = cases.slice(0, MOST_CASES).map((each) => `“${escaped(shortened(each.case, 80))}”`);
    return [`- ${words} in ${cases.length}: ${names.join(", ")}${cases.length > MOST_CASES ? `, and ${cases.length - MOST_CASES} more` : ""}`];
  }).join("\n");
}

// ── Conversions ───────────────────────────────────────────────────────────────────────────────────────────────────────
function addConversions(analysis: Analysis, node: Node, within: Range, hints: Hint[]): void {
  if (node.end < within.start || node.start > within.end) return;
  switch (node.kind) {
    case "compare": compared(analysis, node.left, [node.right], hints); compared(analysis, node.right, [node.left], hints); break;
    case "between": compared(analysis, node.operand, [node.low, node.high], hints); break;
    case "is": compared(analysis, node.operand, [node.value], hints); break;
    case "in": compared(analysis, node.operand, node.values, hints); break;
    case "caseFact": given(analysis, node, hints); break;
    default:
  }
  for (const child of children(node)) addConversions(analysis, child, within, hints);
}

/** The quantities that a fact of another unit is compared with. */
function compared(analysis: Analysis, operand: Expr, others: readonly Expr[], hints: Hint[]): void {
  if (operand.kind !== "name") return;
  const symbol = useOf(analysis, operand)?.symbol;
  if (symbol?.kind !== "fact") return;
  for (const other of others) if (other.kind === "quantity") addConversion(symbol, other, hints);
}

function given(analysis: Analysis, { name, values }: CaseFact, hints: Hint[]): void {
  const symbol = useOf(analysis, name)?.symbol;
  if (symbol?.kind === "fact") for (const value of values) if (value.kind === "quantity") addConversion(symbol, value, hints);
}

function addConversion(fact: FactSymbol, { value, unit, end }: Quantity, hints: Hint[]): void {
  const converted = unit === undefined ? undefined : inUnitOf(fact.type, value, unit.text);
  if (converted !== undefined) hints.push({ kind: "conversion", offset: end, label: `= ${converted}`, before: true, after: false, tooltip: `${code(fact.name)} is asked for in ${escaped(numberUnit(fact.type)!.text)}; the quantity is converted.` });
}

const numberUnit = (type: FactType): Unit | undefined => (type.kind === "number" ? type.unit : type.kind === "list" && type.of.kind === "number" ? type.of.unit : undefined);

/** `216 months`: a quantity in the unit of a fact, where that is another; undefined where nothing is converted. */
export function inUnitOf(type: FactType, value: number, written: string): string | undefined {
  const own = numberUnit(type);
  const unit = findUnit(written);
  if (own === undefined || unit === undefined || own.text === "" || own.ucum === unit.ucum || !sameDimension(own, unit)) return undefined;
  // A figure with a hundred decimals helps nobody; two say that it is not exact.
  const exact = convert(value, unit, own);
  const rounded = Math.abs(exact) >= 1 || exact === 0 ? Number(exact.toFixed(2)) : Number(exact.toPrecision(2));
  return `${rounded === exact || isTemperature(own) && Math.abs(rounded - exact) < 1e-9 ? "" : "about "}${quantityText(rounded, own)}`;
}
