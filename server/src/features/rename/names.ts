// Where the names of facts, fields, definitions and choices stand in a policy and its case files.
import type { Analysis, DefinitionSymbol, FactSymbol } from "../../semantics/model.js";
import { unquoted } from "../../semantics/addresses.js";
import { type CaseFact, children, type Expr, type Node } from "../../syntax/ast.js";
import { walk } from "../../syntax/walk.js";
import type { Range } from "../../text.js";
import type { CaseText } from "../files.js";

/** A name in a condition or a case. */
export interface NameUse extends Range {
  /** The fact, field or definition it names; undefined where nothing has this name. */
  readonly symbol: FactSymbol | DefinitionSymbol | undefined;
  /** For a choice, the choice; `symbol` is then the fact or field whose it is. */
  readonly choice?: string | undefined;
  readonly text: string;
  /** The list whose records the filter around it looks at. */
  readonly record?: FactSymbol | undefined;
}

/**
 * Every name in the conditions and cases of a policy. It looks at the tree rather than at what was checked, so that a mistake
 * in a condition does not hide the names beside it.
 */
export function nameUses(analysis: Analysis): readonly NameUse[] {
  const found: NameUse[] = [];
  const visit = (expr: Expr, record: FactSymbol | undefined): void => {
    switch (expr.kind) {
      case "name":
        found.push({ start: expr.start, end: expr.end, text: expr.text, symbol: named(analysis, expr.text, record), record });
        return;
      case "is": return valued(expr.operand, [expr.value], record);
      case "in": case "include": return valued(expr.operand, expr.values, record);
      case "compare":
        if (expr.op === "=" || expr.op === "!=") return valued(expr.left, [expr.right], record);
        break;
      case "quantified": case "count": {
        visit(expr.list, record);
        if (expr.filter !== undefined) visit(expr.filter, factOf(named(analysis, expr.list.text, record)) ?? record);
        return;
      }
      default: break;
    }
    for (const child of children(expr)) if (isExpr(child)) visit(child, record);
  };
  const valued = (operand: Expr, values: readonly Expr[], record: FactSymbol | undefined): void => {
    visit(operand, record);
    const fact = choiceFact(analysis, operand, record);
    const choices = fact === undefined ? [] : choicesOf(fact);
    for (const value of values) {
      const text = value.kind === "name" || value.kind === "textLiteral" || (value.kind === "quantity" && value.unit === undefined) ? value.text : undefined;
      if (fact !== undefined && text !== undefined && choices.includes(text)) found.push({ ...unquoted(analysis.text, value), text, symbol: fact, choice: text, record });
      else visit(value, record);
    }
  };
  const inCase = (entry: CaseFact, fact: FactSymbol | undefined): void => {
    found.push({ start: entry.name.start, end: entry.name.end, text: entry.name.text, symbol: fact });
    const choices = fact === undefined ? [] : choicesOf(fact);
    for (const value of entry.values) {
      const inner = unquoted(analysis.text, value);
      const text = analysis.text.slice(inner.start, inner.end);
      if (choices.includes(text)) found.push({ ...inner, text, symbol: fact, choice: text });
    }
    for (const record of entry.records) for (const field of record.fields) inCase(field, fieldsOf(fact).find((each) => each.name === field.name.text));
  };
  for (const section of analysis.document.sections) {
    if (section.kind === "define" || section.kind === "criteria") {
      walk(section, (node) => {
        const condition = conditionOf(node);
        if (condition !== undefined) visit(condition, undefined);
      });
    } else if (section.kind === "cases") {
      for (const each of section.cases) {
        for (const entry of each.entries) {
          if (entry.kind === "caseFact") inCase(entry, analysis.facts.get(entry.name.text));
          else if (entry.kind === "expect") for (const word of entry.missing) found.push({ start: word.start, end: word.end, text: word.text, symbol: analysis.facts.get(word.text) });
        }
      }
    }
  }
  return found;
}

const NO_EXPR: ReadonlySet<Node["kind"]> = new Set(["word", "address", "date", "label", "citation"]);
const isExpr = (node: Node): node is Expr => !NO_EXPR.has(node.kind);
const factOf = (symbol: FactSymbol | DefinitionSymbol | undefined): FactSymbol | undefined => (symbol?.kind === "fact" ? symbol : undefined);

/** The condition or value that a definition, clause or scope holds. */
export function conditionOf(node: Node): Expr | undefined {
  switch (node.kind) {
    case "definition": return node.value;
    case "when": case "unless": case "waived": case "if": case "scope": return node.condition;
    default: return undefined;
  }
}

/** The fields of a list of records; none of any other fact. */
export const fieldsOf = (fact: FactSymbol | undefined): readonly FactSymbol[] => (fact?.type.kind === "records" ? fact.type.fields : []);

/** What a name means: in a filter the fields of the record come first. */
function named(analysis: Analysis, name: string, record: FactSymbol | undefined): FactSymbol | DefinitionSymbol | undefined {
  return fieldsOf(record).find((each) => each.name === name) ?? analysis.facts.get(name) ?? analysis.definitions.get(name);
}

/** The choices of a fact; none where it has none. */
export function choicesOf({ type }: FactSymbol): readonly string[] {
  const of = type.kind === "list" ? type.of : type;
  return of.kind === "choice" ? of.choices : [];
}

/** The fact or field of choices that an operand stands for, by its name or by that of a definition. */
function choiceFact(analysis: Analysis, operand: Expr, record: FactSymbol | undefined, depth = 0): FactSymbol | undefined {
  if (operand.kind !== "name" || depth > 16) return undefined;
  const symbol = named(analysis, operand.text, record);
  if (symbol?.kind === "fact") return choicesOf(symbol).length > 0 ? symbol : undefined;
  return symbol?.node.value === undefined ? undefined : choiceFact(analysis, symbol.node.value, undefined, depth + 1);
}

/** Where a case file names a fact or field of its policy. */
export function factUsesInFile({ text, file }: CaseText, fact: FactSymbol): readonly Range[] {
  return file.uses.filter(({ symbol }) => isSame(symbol, fact)).map((use) => unquoted(text, use));
}

/** The fact of a reading may be that of an earlier analysis of the same text. */
const isSame = (symbol: { readonly kind: string }, fact: FactSymbol): boolean =>
  symbol.kind === "fact" && (symbol as FactSymbol).name === fact.name && (symbol as FactSymbol).owner === fact.owner;

/** Where a case file gives a choice of a fact or field. */
export function choiceUsesInFile({ text, file }: CaseText, fact: FactSymbol, choice: string): readonly Range[] {
  const found: Range[] = [];
  const whole = file.cases.flatMap((each) => [...each.factRanges.values()]);
  for (const use of file.uses) {
    if (!isSame(use.symbol, fact)) continue;
    const colon = /^\s*:/u.exec(text.slice(use.end));
    if (colon === null) continue;
    const from = use.end + colon[0].length;
    const line = text.slice(from).search(/[\r\n]/u);
    const lineEnd = line < 0 ? text.length : from + line;
    // A field ends with its entry; a fact may go on over lines, as a list does.
    const end = fact.owner === undefined ? Math.max(whole.find((range) => range.start <= use.start && use.start < range.end)?.end ?? lineEnd, from) : fieldEnd(text, from, lineEnd);
    for (const match of text.slice(from, end).matchAll(/(?<![\p{L}\p{N}_-])[\p{L}\p{N}_][\p{L}\p{N}_-]*|#(?=\s)[^\r\n]*/gu)) {
      if (match[0] === choice) found.push({ start: from + match.index, end: from + match.index + choice.length });
    }
  }
  return found;
}

function fieldEnd(text: string, from: number, lineEnd: number): number {
  const end = text.slice(from, lineEnd).search(/[,}\]]/u);
  return end < 0 ? lineEnd : from + end;
}
