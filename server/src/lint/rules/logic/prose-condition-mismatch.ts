// Lint rule: the words of a criterion and its condition have different figures or comparisons.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Criterion, Prose } from "../../../syntax/ast.js";
import { quantityText, unitName } from "../../../semantics/units.js";
import { lintRule } from "../../rule.js";
import { baseValue, comparable, hasLiteral, literalsOf, type Quantity, quantitiesOf, sameValue } from "./quantities.js";

const WORDS: Readonly<Record<string, string>> = { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "=": "exactly", "!=": "not" };
const said = ({ op, value, unit }: Quantity): string => `${WORDS[op!]} ${quantityText(value, unit.text === "" ? unit : { ...unit, text: unitName(unit) })}`;

const isLower = (op: Quantity["op"]): boolean => op === ">" || op === ">=";
const isUpper = (op: Quantity["op"]): boolean => op === "<" || op === "<=";
const sameDirection = (a: Quantity, b: Quantity): boolean => (isLower(a.op) && isLower(b.op)) || (isUpper(a.op) && isUpper(b.op));

/** True if the comparison of the condition says what that of the prose says. */
const agrees = (prose: Quantity, literal: Quantity): boolean => prose.op === literal.op || (prose.loose === true && sameDirection(prose, literal)) || literal.op === "=" || literal.op === "!=" || prose.op === "=";

/** "More than 2 levels" is at least 3, and six months are about 180 days. */
function meansTheSame(prose: Quantity, literal: Quantity): boolean {
  if (prose.unit.ucum !== literal.unit.ucum) return Math.abs(baseValue(prose) / baseValue(literal) - 1) < 0.025;
  const step = literal.value - prose.value;
  return Number.isInteger(prose.value) && ((prose.op === ">" && literal.op === ">=" && step === 1) || (prose.op === ">=" && literal.op === ">" && step === -1)
    || (prose.op === "<" && literal.op === "<=" && step === -1) || (prose.op === "<=" && literal.op === "<" && step === 1));
}

function literals(conditions: readonly Condition[]): Quantity[] {
  const found: Quantity[] = [];
  for (const condition of conditions) literalsOf(condition, found);
  return found;
}

const NUMBERED = /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/i;

/** True for a number of a citation, or of the announcement of the list: "at least 2 of the following". */
const isOther = ({ citations, combinator }: Prose, { start }: Quantity): boolean =>
  (combinator !== undefined && combinator.start <= start && start < combinator.end) || citations.some((citation) => citation.start <= start && start < citation.end);

/** What the prose says against its condition, and the place in the condition. */
function mismatches(prose: readonly Quantity[], own: readonly Quantity[], others: readonly Quantity[], symbol: CriterionSymbol): readonly (readonly [Quantity, Quantity])[] {
  const found: (readonly [Quantity, Quantity])[] = [];
  for (const quantity of prose) {
    if (quantity.op === undefined) continue;
    const alike = own.filter((literal) => comparable(literal.unit, quantity.unit));
    const equal = alike.filter((literal) => sameValue(literal, quantity));
    const elsewhere = others.filter((literal) => comparable(literal.unit, quantity.unit));
    if (equal.length > 0) {
      // The number is the same: the comparison must be too, unless the figure is meant for another clause or stands twice.
      if (equal.some((literal) => agrees(quantity, literal)) || elsewhere.some((literal) => sameValue(literal, quantity))) continue;
      if (prose.some((other) => other !== quantity && comparable(other.unit, quantity.unit) && sameValue(other, quantity))) continue;
      found.push([quantity, equal[0]!]);
    } else if (alike.length === 1 && elsewhere.length === 0 && symbol.items.length === 0 && symbol.conditionGroups.length === 0 && sameDirection(quantity, alike[0]!) && !meansTheSame(quantity, alike[0]!)) {
      // Another number, and no doubt which figure it is.
      if (prose.filter((other) => comparable(other.unit, quantity.unit)).length === 1) found.push([quantity, alike[0]!]);
    }
  }
  return found;
}

export default lintRule({
  id: "prose-condition-mismatch",
  category: "logic",
  summary: "The words of a criterion and its condition give different figures or comparisons.",
  why: `The committee adopts the words and the condition decides the case: where they differ, members are decided upon by a criterion that
nobody approved, and a notice quotes a threshold that was not applied. "18 and younger" beside \`age < 18 years\` is the classic:
everyone who is 18 is lost. Figures are compared across units (six weeks are 42 days), and where the prose is not plain nothing is said.`,
  recommended: "warning",
  strict: "warning",
  related: ["duplicate-condition", "band-gap", "condition-never-holds"],
  examples: [{
    avoid: `facts
  age             years   "Age on the date of service"
  treatment_days  days    "For how long has conservative treatment lasted?"
  hba1c           %       "Glycated hemoglobin"

criteria
I. The pump is medically necessary when all of the following are met:
   A. Age ≤ 18 years
      when age < 18 years
   B. At least six weeks of treatment
      when treatment_days >= 28 days
   C. Glycated hemoglobin above 8 %
      when hba1c >= 8 %
`,
    finds: ["≤ 18 years", "At least six weeks", "above 8 %"],
    prefer: `facts
  age             years   "Age on the date of service"
  treatment_days  days    "For how long has conservative treatment lasted?"
  hba1c           %       "Glycated hemoglobin"

criteria
I. The pump is medically necessary when all of the following are met:
   A. Age ≤ 18 years
      when age <= 18 years
   B. At least six weeks of treatment
      when treatment_days >= 42 days
   C. Glycated hemoglobin above 8 %
      when hba1c > 8 %
`,
  }, {
    avoid: `facts
  age        years                              "Age on the date of service"
  therapies  list of                            "Earlier treatments"
    ended    date                               "Last day"
    outcome  one of success, failure            "Outcome"

criteria
I. The injection is medically necessary when all of the following are met:
   A. Patient is 12 years of age or older
      when age > 12 years
   B. Two or more treatments have failed within the past 12 months
      when at least 2 of therapies where outcome is failure and ended within the past 6 months
`,
    finds: ["12 years of age or older", "within the past 12 months"],
    prefer: `facts
  age        years                              "Age on the date of service"
  therapies  list of                            "Earlier treatments"
    ended    date                               "Last day"
    outcome  one of success, failure            "Outcome"

criteria
I. The injection is medically necessary when all of the following are met:
   A. Patient is 12 years of age or older
      when age >= 12 years
   B. Two or more treatments have failed within the past 12 months
      when at least 2 of therapies where outcome is failure and ended within the past 12 months
`,
  }],
  check(policy, report) {
    for (const symbol of policy.criteria) {
      if (symbol.conditions.length === 0 || !symbol.conditions.some(hasLiteral)) continue;
      const node = symbol.node as Criterion;
      if (node.prose === undefined) continue;
      const source = policy.text.slice(node.prose.start, node.prose.end);
      if (!NUMBERED.test(source)) continue;
      const text = source.includes("#") ? policy.stretchAt(node.prose.start)?.text ?? "" : source;
      const own = literals(symbol.conditions);
      if (own.length === 0) continue;
      const written = quantitiesOf(text, node.prose.start);
      const prose = written.some((quantity) => isOther(node.prose!, quantity)) ? written.filter((quantity) => !isOther(node.prose!, quantity)) : written;
      if (!prose.some((quantity) => quantity.op !== undefined)) continue;
      const others = literals([...symbol.guards, ...symbol.exceptions, ...symbol.waivers]);
      for (const [quantity, literal] of mismatches(prose, own, others, symbol)) {
        const number = Math.abs(baseValue(quantity) - baseValue(literal)) > 1e-9 * Math.max(1, Math.abs(baseValue(literal)));
        report(quantity, {
          message: number ? `The words say ${said(quantity)} and the condition asks for ${said(literal)}.`
            : `The words say ${said(quantity)} and the condition ${said(literal)}, so ${quantityText(quantity.value, quantity.unit)} itself is decided otherwise than the words say.`,
          help: "Find out which of the two was approved, and correct the other.",
          related: [{ start: literal.start, end: literal.end, message: `The condition asks for ${said(literal)}.` }],
        });
      }
    }
  },
});
