// Hover of the language's own words: sections, header fields, clause keywords, combinator phrases, units, dates, outcomes.
import { findUnit, sameDimension, type Unit, unitName, unitWords } from "../../semantics/units.js";
import { readMentions, readStatementPhrase } from "../../syntax/prose.js";
import type { Combinator, DateValue, Node, Quantity } from "../../syntax/ast.js";
import { counted, folded, type Range, sentenceList } from "../../text.js";
import {
  ANSWER_WORDS, CASE_WORDS, CLAUSE_KEYWORDS, CODE_SYSTEMS, COMBINATORS, CONDITION_WORDS, DETERMINATIONS, HEADER_FIELDS, MAPPING_WORDS, PATHWAYS, SECTIONS, type Term, TYPE_WORDS,
} from "../../vocabulary.js";
import type { Analysis } from "../../semantics/model.js";
import { plainProse } from "../../semantics/prosetext.js";
import type { Hover } from "../model.js";
import { inUnitOf } from "../inlayhints.js";
import { criterionAt, lineAt, useOf, wordAt } from "../places.js";
import { code, escaped, readable, shortened, statementText, unitText } from "../wording.js";

const OUTCOMES: readonly Term[] = [
  { word: "met", meaning: "The criterion holds." },
  { word: "not met", meaning: "The criterion is known not to hold." },
  { word: "unknown", meaning: "Facts are missing: neither met nor not met. Nothing defaults to no." },
];

const explain = (range: Range, word: string, meaning: string): Hover => ({ start: range.start, end: range.end, markdown: `**${escaped(word)}** · ${meaning}` });
const ofTerm = (range: Range, term: Term | undefined): Hover | undefined => (term === undefined ? undefined : explain(range, term.word, term.meaning));
const lookUp = (terms: readonly Term[], word: string): Term | undefined => terms.find((term) => term.word === word.toLowerCase());

/** What the words of the language at an offset mean; `path` holds the nodes around it, the smallest last. */
export function wordHover(analysis: Analysis, path: readonly Node[], offset: number): Hover | undefined {
  for (let i = path.length - 1; i >= 0; i--) {
    const hover = ofNode(analysis, path[i]!, path[i - 1], offset);
    if (hover !== undefined) return hover;
  }
  return undefined;
}

function ofNode(analysis: Analysis, node: Node, parent: Node | undefined, offset: number): Hover | undefined {
  switch (node.kind) {
    case "combinator": return combinatorHover(analysis, node);
    case "connector": return explain(node, `; ${node.word}`, node.word === "or" ? "One item of the list is enough." : "Every item of the list is needed.");
    case "date": return dateHover(node);
    case "outcome": return ofTerm(node, lookUp(OUTCOMES, node.outcome));
    case "quantity": return quantityHover(analysis, node, parent, offset);
    case "headerField": return within(node.key, offset) ? ofTerm(node.key, lookUp(HEADER_FIELDS, node.key.text)) : undefined;
    case "facts": case "define": case "criteria": case "notes": case "codes": case "revisions": case "references": case "cases":
      return within(node.heading, offset) ? ofTerm(node.heading, lookUp(SECTIONS, node.kind)) : phraseHover(analysis, node, offset);
    case "type": return typeHover(analysis, node, offset);
    case "when": case "unless": case "waived": case "if": case "note": case "scope": case "approvalDuration": case "quantityLimit":
      return within(node.keyword, offset) ? ofTerm(node.keyword, lookUp(CLAUSE_KEYWORDS, folded(analysis.text.slice(node.keyword.start, node.keyword.end)).replace(/:$/u, ""))) : phraseHover(analysis, node, offset);
    case "codeRow": return within(node.system, offset) ? ofTerm(node.system, CODE_SYSTEMS.find((system) => system.word === node.system.text)) : undefined;
    case "prose": return proseHover(analysis, node, parent, offset);
    case "expect": return node.determination !== undefined && within(node.determination, offset) ? ofTerm(node.determination, lookUp(DETERMINATIONS, node.determination.text)) : caseHover(analysis, node, offset);
    case "pathway": return node.value !== undefined && within(node.value, offset) ? ofTerm(node.value, lookUp(PATHWAYS, node.value.text)) : caseHover(analysis, node, offset);
    case "evidence": return within(node.keyword, offset) ? ofTerm(node.keyword, lookUp(CASE_WORDS, "evidence")) : undefined;
    case "unobtainable": return phraseIn(analysis, ANSWER_WORDS, offset, node.start);
    case "mapping": return within(node.keyword, offset) ? ofTerm(node.keyword, lookUp(MAPPING_WORDS, "from fhir")) : undefined;
    case "case": case "on": case "caseCodes": case "lineOfBusiness": case "caseNote": return caseHover(analysis, node, offset);
    default: return undefined;
  }
}

const within = (range: Range, offset: number): boolean => range.start <= offset && offset <= range.end;

function combinatorHover(analysis: Analysis, node: Combinator): Hover {
  const words = analysis.text.slice(node.start, node.end).replace(/\s+/gu, " ");
  const meaning = node.op === "at-least" ? `Met when at least ${counted(node.count, "item")} of the list ${node.count === 1 ? "is" : "are"} met.`
    : node.op === "exactly" ? `Met when exactly ${counted(node.count, "item")} of the list ${node.count === 1 ? "is" : "are"} met.`
      : COMBINATORS.find((each) => each.op === node.op)!.meaning;
  const said = explain(node, words, `${meaning}${node.open ? " The list is open: when nothing on it matches, a clinician decides." : ""}`);
  const items = itemLines(analysis, node);
  return items.length === 0 ? said : { ...said, markdown: `${said.markdown}\n\n${items.join("\n")}` };
}

const MOST_ITEMS = 8;

/** The items of the list that a combinator announces, each with the beginning of its words. */
function itemLines(analysis: Analysis, node: Combinator): string[] {
  const criterion = criterionAt(analysis, node.start);
  if (criterion?.node.kind !== "criterion" || criterion.node.prose?.combinator !== node) return [];
  const named = criterion.items.flatMap((item) => (item.role === "criterion" && item.node.kind === "criterion" ? [`- ${escaped(item.address)} ${escaped(shortened(plainProse(readable(analysis), item.node.prose), 80))}`] : []));
  return named.length > MOST_ITEMS ? [...named.slice(0, MOST_ITEMS - 1), `- and ${named.length - MOST_ITEMS + 1} more`] : named;
}

function dateHover(date: DateValue): Hover | undefined {
  if (date.day === undefined) return undefined;
  const day = new Date(date.day * 86_400_000);
  const month = MONTHS[day.getUTCMonth()]!;
  return date.precision === "month"
    ? explain(date, date.text, `${month} ${day.getUTCFullYear()}`)
    : explain(date, date.text, `${WEEKDAYS[day.getUTCDay()]!}, ${month} ${day.getUTCDate()}, ${day.getUTCFullYear()}`);
}
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The unit, and where the quantity is held against a fact in another unit, what it is in that. */
function quantityHover(analysis: Analysis, node: Quantity, parent: Node | undefined, offset: number): Hover | undefined {
  const operand = parent?.kind === "compare" ? (parent.left === node ? parent.right : parent.left) : parent?.kind === "between" || parent?.kind === "is" || parent?.kind === "in" ? parent.operand : parent?.kind === "caseFact" ? parent.name : undefined;
  const symbol = operand === undefined || (operand.kind !== "name" && operand.kind !== "word") ? undefined : useOf(analysis, operand)?.symbol;
  const converted = node.unit === undefined || symbol?.kind !== "fact" ? undefined : inUnitOf(symbol.type, node.value, node.unit.text);
  const words = converted === undefined ? undefined : `${escaped(converted)}, the unit in which ${code(symbol!.kind === "fact" ? symbol!.name : "")} is asked for.`;
  const unit = node.unit === undefined || !within(node.unit, offset) ? undefined : unitHover(node.unit, node.unit.text);
  if (words === undefined) return unit;
  const own = explain(node, folded(analysis.text.slice(node.start, node.end)), words);
  return unit === undefined ? own : { ...own, markdown: `${own.markdown}\n\n${unit.markdown}` };
}

function unitHover(range: Range, text: string): Hover | undefined {
  const unit = findUnit(text);
  if (unit === undefined) return undefined;
  const dimension = dimensionName(unit);
  const others = [...new Set(unitWords().flatMap((word) => {
    const other = findUnit(word);
    return other === undefined || other.ucum === unit.ucum || !sameDimension(unit, other) ? [] : [unitName(other)];
  }))];
  const compared = others.length === 0 ? "" : ` It can be compared with quantities in ${sentenceList(others.slice(0, 8).map(escaped), "or")}${others.length > 8 ? ", …" : ""}; they are converted.`;
  return explain(range, text, `${unitText(text, unit.ucum)}${dimension === undefined ? "" : `, a unit of ${dimension}`}.${compared}`);
}

/** What quantities in a unit measure, by the exponents of length, time, mass, angle, temperature, charge, luminosity and mole. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  "1,0,0,0,0,0,0,0": "length", "0,1,0,0,0,0,0,0": "time", "0,0,1,0,0,0,0,0": "mass", "0,0,0,1,0,0,0,0": "angle", "0,0,0,0,1,0,0,0": "temperature", "3,0,0,0,0,0,0,0": "volume",
  "2,0,0,0,0,0,0,0": "area", "-2,0,1,0,0,0,0,0": "mass per area", "-3,0,1,0,0,0,0,0": "concentration", "-1,-2,1,0,0,0,0,0": "pressure", "0,-1,0,0,0,0,0,0": "rate", "2,-2,0,0,0,0,0,0": "absorbed dose",
  "3,-1,0,0,0,0,0,0": "flow",
};
const dimensionName = (unit: Unit): string | undefined => (unit.own ? undefined : DIMENSIONS[unit.dimensions.join(",")]);

function typeHover(analysis: Analysis, node: Node & { kind: "type" }, offset: number): Hover | undefined {
  if (node.listRange !== undefined && within(node.listRange, offset)) return ofTerm(node.listRange, lookUp(TYPE_WORDS, "list of"));
  if (node.unit !== undefined && within(node.unit, offset)) return unitHover(node.unit, node.unit.text);
  const system = node.systems.find((each) => within(each, offset));
  if (system !== undefined) return ofTerm(system, CODE_SYSTEMS.find((each) => each.word === system.text));
  if (node.choices.some((choice) => within(choice, offset))) return undefined;
  return phraseIn(analysis, TYPE_WORDS, offset);
}

function proseHover(analysis: Analysis, node: Node, parent: Node | undefined, offset: number): Hover | undefined {
  const text = analysis.text.slice(node.start, node.end);
  const policy = readMentions(text, node.start).find((mention) => mention.kind === "policy" && within(mention, offset));
  if (policy !== undefined) return explain(policy, policy.text, policy.text === analysis.header.number ? "This policy." : "Another clinical policy of the plan.");
  const isStatement = parent?.kind === "criterion" && analysis.criteria.some((criterion) => criterion.node === parent && criterion.parent === undefined);
  const phrase = isStatement ? readStatementPhrase(text, node.start) : undefined;
  return phrase !== undefined && within(phrase, offset) ? explain(phrase, text.slice(phrase.start - node.start, phrase.end - node.start), statementText(phrase.kind)) : undefined;
}

function phraseHover(analysis: Analysis, node: Node, offset: number): Hover | undefined {
  // Only conditions are made of the language's words; prose uses the same words freely.
  const conditional = node.kind === "when" || node.kind === "unless" || node.kind === "waived" || node.kind === "if" || node.kind === "scope";
  const condition = conditional ? node.condition : node.kind === "define" ? node.definitions.find((each) => within(each, offset))?.value : undefined;
  return condition !== undefined && within(condition, offset) ? phraseIn(analysis, [...CONDITION_WORDS, ...OUTCOMES], offset) : undefined;
}

function caseHover(analysis: Analysis, node: Node, offset: number): Hover | undefined {
  const first = lineAt(analysis.text, node.start);
  return offset <= first.end && offset >= node.start ? phraseIn(analysis, CASE_WORDS.filter((term) => analysis.text.startsWith(term.word, node.start)), offset, node.start) : undefined;
}

const FORMS: Readonly<Record<string, string>> = { includes: "include", does: "include", do: "include" };

/** The longest term of which the word at the offset is a part. */
function phraseIn(analysis: Analysis, terms: readonly Term[], offset: number, only?: number): Hover | undefined {
  const word = wordAt(analysis.text, offset, /[\p{L}\p{N}_/-]/u);
  const written = analysis.text.slice(word.start, word.end);
  if (written === "") return undefined;
  const line = lineAt(analysis.text, offset);
  const longestFirst = [...terms].sort((a, b) => b.word.length - a.word.length);
  for (const term of longestFirst) {
    for (let at = analysis.text.indexOf(term.word, line.start); at >= 0 && at <= word.start; at = analysis.text.indexOf(term.word, at + 1)) {
      const end = at + term.word.length;
      if (only !== undefined && at !== only) continue;
      if (word.end <= end && !/[\p{L}\p{N}_]/u.test(analysis.text[at - 1] ?? "") && !/[\p{L}\p{N}_]/u.test(analysis.text[end] ?? "")) return explain({ start: at, end }, term.word, term.meaning);
    }
  }
  return ofTerm(word, terms.find((term) => term.word === FORMS[written]));
}
