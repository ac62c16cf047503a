// Proposals inside a condition: what may stand at its end, told from the words before the cursor.
import type { Analysis, FactSymbol, FactType } from "../../semantics/model.js";
import { findUnit, isTime, type Unit } from "../../semantics/units.js";
import type { Range } from "../../text.js";
import { CONDITION_WORDS, type Term } from "../../vocabulary.js";
import type { Completion } from "../model.js";
import { addresses, choices, codes, definitions, factItem, facts, item, terms, units } from "./items.js";

const NAME = String.raw`([\p{L}_](?:[\p{L}\p{N}_]|-(?=[\p{L}\p{N}_]))*)`;
const OPERATOR = String.raw`(?:[<>=≤≥≠]+|!=|at least|at most|more than|less than|fewer than|no more than|no less than|exactly)`;
const pattern = (source: string): RegExp => new RegExp(source, "u");
const CRITERION = pattern(String.raw`\bcriterion\s+$`);
const CRITERION_IS = pattern(String.raw`\bcriterion\s+\S+\s+is\s+(not\s+)?$`);
const IS = pattern(String.raw`${NAME}\s+is\s+(not\s+)?$`);
const IN = pattern(String.raw`${NAME}\s+(?:is\s+)?(?:not\s+)?in\s+(?:[^()\s]+\s*,\s*)*$`);
const INCLUDE = pattern(String.raw`${NAME}\s+(?:do(?:es)?\s+not\s+)?includes?\s+((?:any|all)\s+of\s+)?([^()\s]+\s*,\s*)*$`);
const WITHIN = pattern(String.raw`\bwithin\s+$`);
const WITHIN_LENGTH = pattern(String.raw`\bwithin\s+(?:the\s+)?(?:past\s+)?\d+(?:\.\d+)?\s+$`);
const COMPARED_NUMBER = pattern(String.raw`${NAME}(?:\s+is)?\s*(?:${OPERATOR}|is|between|between\s+[\d.]+\s*\S*\s+and)\s*-?\d+(?:\.\d+)?\s+$`);
const NUMBER = pattern(String.raw`(?:^|[\s(<>=≤≥])-?\d+(?:\.\d+)?\s+$`);
const DIFFERENCE = pattern(String.raw`\s-\s*${NAME}\s*${OPERATOR}\s*\d+(?:\.\d+)?\s+$`);
const ANCHOR = pattern(String.raw`\b(?:before|after|within\s+\d+\s+\w+\s+of)\s+$`);
const LISTS = pattern(String.raw`(?:\bexists|(?:^|\b(?:and|or|not)\s+|\()no|\bat (?:least|most) \d+ of|\bexactly \d+ of|(?:^|\b(?:and|or|not)\s+|\()all of|\bcount of\s*\(?)\s*$`);
const COMPARED = pattern(String.raw`${NAME}\s*${OPERATOR}\s*$`);
const FILTERED = pattern(String.raw`(?:exists|\bno|\bof)\s*\(?\s*${NAME}\s+where\s+(?![^]*\bwhere\b)`);
const OPEN_END = pattern(String.raw`(?:^|\b(?:and|or|not|where|when)|[(+*/,]|\s-)\s*$`);
const LAST_WORD = pattern(String.raw`([\p{L}\p{N}_.%)\]-]+)\s+$`);

const term = (word: string): Term => CONDITION_WORDS.find((each) => each.word === word) ?? { word, meaning: "" };

/** Proposals behind `before`, the words of the condition up to the word that is being typed at `range`. */
export function conditionItems(analysis: Analysis, before: string, range: Range, today: number): readonly Completion[] {
  const words = before.replace(/\s+/gu, " ");
  const record = recordOf(analysis, words);
  const type = (name: string | undefined): FactType | undefined => (name === undefined ? undefined : typeOf(analysis, record, name));
  if (CRITERION.test(words)) return addresses(analysis, range);
  const outcome = CRITERION_IS.exec(words);
  if (outcome !== null) return [item(range, "keyword", "met"), ...(outcome[1] === undefined ? [item(range, "keyword", "not met")] : [])];
  const is = IS.exec(words);
  if (is !== null) return afterIs(type(is[1]), range, is[2] !== undefined);
  const included = INCLUDE.exec(words);
  if (included !== null) return [...values(analysis, type(included[1]), range, today), ...(included[2] === undefined && included[3] === undefined ? terms(range, "keyword", [{ word: "any of", meaning: "At least one of the values." }, { word: "all of", meaning: "Every one of the values." }], 6, " ") : [])];
  const among = IN.exec(words);
  if (among !== null) return values(analysis, type(among[1]), range, today);
  if (WITHIN_LENGTH.test(words) || DIFFERENCE.test(words)) return units(range, findUnit("days"));
  if (WITHIN.test(words)) return [item(range, "keyword", "the past", { insert: "the past ", documentation: term("past").meaning }), ...facts(analysis, range, (fact) => fact.type.kind === "number" && isTime(fact.type.unit))];
  if (NUMBER.test(words)) return afterNumber(type(COMPARED_NUMBER.exec(words)?.[1]), range);
  if (ANCHOR.test(words)) return dates(analysis, record, range);
  if (LISTS.test(words)) return facts(analysis, range, (fact) => fact.type.kind === "records");
  const compared = COMPARED.exec(words);
  if (compared !== null) return comparable(analysis, record, type(compared[1]), range);
  if (OPEN_END.test(words)) return operands(analysis, record, range);
  return afterOperand(type(LAST_WORD.exec(words)?.[1]), LAST_WORD.exec(words)?.[1] ?? "", range);
}

/** The list of records whose filter the cursor stands in. */
function recordOf(analysis: Analysis, words: string): FactSymbol | undefined {
  const match = FILTERED.exec(words);
  if (match === null) return undefined;
  const inside = words.slice(match.index + match[0].length);
  if ((inside.match(/\)/gu)?.length ?? 0) > (inside.match(/\(/gu)?.length ?? 0)) return undefined;
  const fact = analysis.facts.get(match[1]!);
  return fact?.type.kind === "records" ? fact : undefined;
}

const fieldsOf = (record: FactSymbol | undefined): readonly FactSymbol[] => (record?.type.kind === "records" ? record.type.fields : []);

function typeOf(analysis: Analysis, record: FactSymbol | undefined, name: string): FactType | undefined {
  const known = fieldsOf(record).find((field) => field.name === name) ?? analysis.facts.get(name);
  if (known !== undefined) return known.type;
  const meaning = analysis.definitions.get(name)?.meaning;
  if (meaning === undefined) return undefined;
  return meaning.kind === "value" ? meaning.type : { kind: "yes/no" };
}

function afterIs(type: FactType | undefined, range: Range, negated: boolean): Completion[] {
  const answers = type === undefined ? [] : choices(type, range);
  const others = ["known", "unknown", "in", "between", "within"].map(term);
  return [...answers, ...terms(range, "keyword", others, 5), ...(negated ? [] : [item(range, "keyword", "not", { insert: "not ", rank: 4, goesOn: true })])];
}

function values(analysis: Analysis, type: FactType | undefined, range: Range, today: number): Completion[] {
  if (type === undefined) return [];
  const of = type.kind === "list" ? type.of : type;
  return of.kind === "code" ? codes(analysis, range, today, of.systems) : choices(of, range);
}

function afterNumber(type: FactType | undefined, range: Range): Completion[] {
  const unit: Unit | undefined = type?.kind === "number" ? type.unit : type?.kind === "date" ? findUnit("days") : undefined;
  if (unit !== undefined && unit.text === "") return joins(range);
  return [...units(range, unit), ...(unit === undefined ? joins(range) : [])];
}

function dates(analysis: Analysis, record: FactSymbol | undefined, range: Range): Completion[] {
  const isDate = (fact: FactSymbol): boolean => fact.type.kind === "date";
  return [...fieldsOf(record).filter(isDate).map((field) => factItem(range, field, 0)), ...facts(analysis, range, isDate), item(range, "keyword", "date of service", { documentation: term("date of service").meaning, rank: 2 })];
}

function comparable(analysis: Analysis, record: FactSymbol | undefined, type: FactType | undefined, range: Range): Completion[] {
  if (type?.kind === "date") return dates(analysis, record, range);
  const same = (fact: FactSymbol): boolean => fact.type.kind === "number";
  return [...fieldsOf(record).filter(same).map((field) => factItem(range, field, 0)), ...facts(analysis, range, same)];
}

const OPERAND_WORDS = ["not", "exists", "criterion", "count of", "at least", "date of service"];

function operands(analysis: Analysis, record: FactSymbol | undefined, range: Range): Completion[] {
  const fields = fieldsOf(record).map((field) => factItem(range, field, 0));
  const keywords = terms(range, "keyword", OPERAND_WORDS.map(term), 5);
  return [...fields, ...facts(analysis, range), ...definitions(analysis, range), ...keywords];
}

const joins = (range: Range): Completion[] => terms(range, "keyword", ["and", "or"].map(term), 3, " ");

function afterOperand(type: FactType | undefined, word: string, range: Range): Completion[] {
  if (type === undefined) return [...joins(range), ...(/^(?:known|unknown|met|yes|no|\))$/u.test(word) ? [] : terms(range, "keyword", ["is", "in", "between", "before", "after", "where", "within"].map(term), 5, " "))];
  return [...operators(type, range), ...joins(range)];
}

function operators(type: FactType, range: Range): Completion[] {
  const of = (...words: string[]): Completion[] => terms(range, "keyword", words.map(term), 1, " ").map((each) => ({ ...each, goesOn: true }));
  switch (type.kind) {
    case "yes/no": return of("is");
    case "number": return [...["<", "<=", ">", ">="].map((op) => item(range, "keyword", op, { insert: `${op} `, rank: 0 })), ...of("at least", "at most", "more than", "less than", "between", "is")];
    case "date": return of("within", "before", "after", "is");
    case "choice": case "code": return of("is", "in");
    case "list": return [item(range, "keyword", "include", { insert: "include ", rank: 0, documentation: term("include").meaning, goesOn: true }), item(range, "keyword", "do not include", { insert: "do not include ", rank: 1, goesOn: true }), ...of("is")];
    case "records": return of("where");
    case "text": case "unknown": return of("is");
  }
}
