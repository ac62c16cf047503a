// Lint rule: the words of a criterion and its condition have different figures or comparisons.
import type { Condition, CriterionSymbol } from "../../../semantics/model.js";
import type { Criterion, Prose } from "../../../syntax/ast.js";
import { isTime, NO_UNIT, quantityText, unitName } from "../../../semantics/units.js";
import { lintRule } from "../../rule.js";
import { baseValue, comparable, literalsOf, type Quantity, quantitiesOf, sameValue } from "./quantities.js";
import { FIGURES, FLAGS, signatures, WIDTH } from "./signatures.js";

const WORDS: Readonly<Record<string, string>> = { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "=": "exactly", "!=": "not" };
const said = ({ op, value, unit }: Quantity): string => `${WORDS[op!]} ${quantityText(value, unit.text === "" ? unit : { ...unit, text: unitName(unit) })}`;

const isLower = (op: Quantity["op"]): boolean => op === ">" || op === ">=";
const isUpper = (op: Quantity["op"]): boolean => op === "<" || op === "<=";
const sameDirection = (a: Quantity, b: Quantity): boolean => (isLower(a.op) && isLower(b.op)) || (isUpper(a.op) && isUpper(b.op));

/** True if the comparison of the condition says what that of the prose says. */
const agrees = (prose: Quantity, literal: Quantity): boolean => prose.op === literal.op || (prose.loose === true && sameDirection(prose, literal)) || literal.op === "=" || literal.op === "!=" || prose.op === "=";

/** Months and years are no fixed number of days. */
const ofCalendar = ({ unit }: Quantity): boolean => unit.ucum === "mo" || unit.ucum === "a";

/** "More than 2 levels" is at least 3, "35 to 39.9" ends below 40, and six months are about 180 days. */
function meansTheSame(prose: Quantity, literal: Quantity): boolean {
  if (prose.unit.ucum !== literal.unit.ucum && (!isTime(prose.unit) || ofCalendar(prose) !== ofCalendar(literal))) return Math.abs(baseValue(prose) / baseValue(literal) - 1) < 0.025;
  // Steps of the last decimal place that the words give.
  const places = String(prose.value).split(".")[1]?.length ?? 0;
  const step = Number(((literal.value - prose.value) * 10 ** places).toFixed(6));
  return (prose.op === ">" && literal.op === ">=" && step === 1) || (prose.op === ">=" && literal.op === ">" && step === -1)
    || (prose.op === "<" && literal.op === "<=" && step === -1) || (prose.op === "<=" && literal.op === "<" && step === 1);
}

function literals(conditions: readonly Condition[]): Quantity[] {
  const found: Quantity[] = [];
  for (const condition of conditions) literalsOf(condition, found);
  return found;
}

// A figure that is no citation, or a number word.
const NUMBERED = /(?<![[\d,-])\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/i;

// `exists therapies` and `no therapies` have no figure of their own.
const EXISTS = /^(?:exists|no(?!\s+(?:more|less|fewer)))\b/u;

/** True for a number of a citation, or of the announcement of the list: "at least 2 of the following". */
const isOther = ({ citations, combinator }: Prose, { start }: Quantity): boolean =>
  (combinator !== undefined && combinator.start <= start && start < combinator.end) || citations.some((citation) => citation.start <= start && start < citation.end);

const isSame = (a: Quantity, b: Quantity): boolean => comparable(a.unit, b.unit) && sameValue(a, b);

/** Behind a figure without a unit: no noun, which would say what is counted. */
const NO_NOUN = /^\s*(?:$|[.,;:()[\]]|(?:and|or|with|without|at|on|in|who|whose|for|but)\b)/u;

/** "Age ≤ 18", "BMI of 40 or more": a figure without a unit has that of the condition, where that has but one unit and the same figure or word. */
function withUnits(text: string, offset: number, whole: string, found: readonly Quantity[], own: readonly Quantity[], others: readonly Quantity[]): readonly Quantity[] {
  const unit = own[0]?.unit;
  if (unit === undefined || unit === NO_UNIT || [...own, ...others].some((literal) => literal.unit.ucum !== unit.ucum)) return found;
  return found.map((quantity) => {
    if (quantity.unit !== NO_UNIT || quantity.op === undefined || !NO_NOUN.test(text.slice(quantity.end - offset))) return quantity;
    const word = /([a-z]{3,})(?:\s+of)?\s*$/i.exec(text.slice(0, quantity.start - offset))?.[1]?.toLowerCase();
    const meant = own.some((literal) => literal.value === quantity.value || (word !== undefined && whole.slice(literal.start, literal.end).split(/[^a-z]+/u).includes(word)));
    return meant ? { ...quantity, unit } : quantity;
  });
}

/** What the prose says against its condition, and the place in the condition. */
function mismatches(prose: readonly Quantity[], own: readonly Quantity[], others: readonly Quantity[], below: readonly Quantity[]): readonly (readonly [Quantity, Quantity])[] {
  const found: (readonly [Quantity, Quantity])[] = [];
  const left: Quantity[] = [];
  prose.forEach((quantity, i) => {
    if (quantity.op === undefined) return;
    const equal = own.filter((literal) => isSame(literal, quantity));
    if (equal.length === 0) {
      // One end of a range that is meant for something else ("on a scale of 0 to 10") is no figure of the criterion.
      const other = quantity.loose === true ? prose[i + (isLower(quantity.op) ? 1 : -1)] : undefined;
      if (quantity.loose !== true || (other !== undefined && own.some((literal) => isSame(literal, other)))) left.push(quantity);
      return;
    }
    // The number is the same: the comparison must be too, unless the figure is meant for another clause or stands twice.
    if (equal.some((literal) => agrees(quantity, literal)) || others.some((literal) => isSame(literal, quantity))) return;
    if (!prose.some((other) => other !== quantity && isSame(other, quantity))) found.push([quantity, equal[0]!]);
  });
  for (const quantity of left) {
    // Another number, and no doubt which figure it is: the only ones of their kind that are left on both sides.
    const alike = (literal: Quantity): boolean => comparable(literal.unit, quantity.unit);
    if (left.some((other) => other !== quantity && alike(other)) || others.some(alike) || below.some((literal) => isSame(literal, quantity))) continue;
    const open = own.filter((literal) => alike(literal) && !prose.some((other) => isSame(other, literal)));
    const [literal] = open;
    if (literal === undefined || open.some((other) => !isSame(other, literal))) continue;
    if (sameDirection(quantity, literal) && !meansTheSame(quantity, literal)) found.push([quantity, literal]);
  }
  return found;
}

/** Figures of the conditions of items and groups, which the words of their list may give in advance. */
function below({ items, conditionGroups }: CriterionSymbol, into: Quantity[] = []): readonly Quantity[] {
  for (const each of [...items, ...conditionGroups]) {
    for (const condition of each.conditions) literalsOf(condition, into);
    below(each, into);
  }
  return into;
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
  }, {
    avoid: `facts
  bmi        kg/m2  "Body mass index"
  bone_loss  %      "Loss of bone"

criteria
I. The operation is medically necessary when all of the following are met:
   A. Body mass index of 30 to 34.5 kg/m²
      when bmi >= 30 kg/m2 and bmi < 35 kg/m2
   B. Loss of bone of at least 50 %
      when bone_loss <= 50 %
   C. Body mass index ≥ 32
      when bmi > 32 kg/m2
`,
    finds: ["34.5 kg/m²", "at least 50 %", "≥ 32"],
    prefer: `facts
  bmi        kg/m2  "Body mass index"
  bone_loss  %      "Loss of bone"

criteria
I. The operation is medically necessary when all of the following are met:
   A. Body mass index of 30 to 34.9 kg/m²
      when bmi >= 30 kg/m2 and bmi < 35 kg/m2
   B. Loss of bone of at most 50 %
      when bone_loss <= 50 %
   C. Body mass index ≥ 32, at least 5 visits, and a score ≥ 4
      when bmi >= 32 kg/m2
`,
    note: "34.9 is the last value with one decimal place below 35.",
  }],
  check(policy, report) {
    const { bits } = policy.once(signatures);
    const { text: whole } = policy;
    for (const symbol of policy.criteria) {
      if ((bits[symbol.index * WIDTH + FLAGS]! & FIGURES) === 0) continue;
      const node = symbol.node as Criterion;
      if (node.prose === undefined) continue;
      const source = whole.slice(node.prose.start, node.prose.end);
      if (!NUMBERED.test(source)) continue;
      const text = source.includes("#") ? policy.stretchAt(node.prose.start)?.text ?? "" : source;
      const own = literals([...symbol.conditions, ...symbol.guards]).filter((literal) => literal.unit !== NO_UNIT || !EXISTS.test(whole.slice(literal.start, literal.start + 12)));
      if (own.length === 0) continue;
      const read = quantitiesOf(text, node.prose.start, own.map((literal) => literal.unit)).filter((quantity) => !isOther(node.prose!, quantity));
      if (!read.some((quantity) => quantity.op !== undefined)) continue;
      const others = literals([...symbol.exceptions, ...symbol.waivers]);
      const prose = withUnits(text, node.prose.start, whole, read, own, others);
      for (const [quantity, literal] of mismatches(prose, own, others, below(symbol))) {
        const number = Math.abs(baseValue(quantity) - baseValue(literal)) > 1e-9 * Math.max(1, Math.abs(baseValue(literal)));
        report(quantity, {
          message: number ? `The words say ${said(quantity)} and the condition asks for ${said(literal)}.`
            : !sameDirection(quantity, literal) ? `The words say ${said(quantity)} and the condition the reverse, ${said(literal)}.`
            : `The words say ${said(quantity)} and the condition ${said(literal)}, so ${quantityText(quantity.value, quantity.unit)} itself is decided otherwise than the words say.`,
          help: "Find out which of the two was approved, and correct the other.",
          related: [{ start: literal.start, end: literal.end, message: `The condition asks for ${said(literal)}.` }],
        });
      }
    }
  },
});
