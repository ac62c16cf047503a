// Refactorings of facts: an attested criterion becomes a question, a name that is not declared becomes a fact.
import type { Diagnostic } from "../../diagnostic.js";
import { systemByForm } from "../../semantics/codes.js";
import type { Analysis, CriterionSymbol, FactSymbol } from "../../semantics/model.js";
import { plainProse } from "../../semantics/prosetext.js";
import { type CaseAttestation, children, type Expr, type FactDeclaration, type Name, type Node } from "../../syntax/ast.js";
import { walk } from "../../syntax/walk.js";
import type { Range } from "../../text.js";
import { edited, newError } from "../files.js";
import type { Edit } from "../model.js";
import { criterionAt, lineAt } from "../places.js";
import { conditionOf, fieldsOf } from "../rename/names.js";
import { readable } from "../wording.js";
import { attestationsToFact } from "./casefiles.js";
import { columnOf, intoSection, lineBreak, lineEnd, nameFrom, own, questionText, type Refactoring, wholeLines } from "./model.js";

// ── A row of the facts ────────────────────────────────────────────────────────────────────────────────────────────────
/** A declaration in the columns of those above it. */
function factRow(above: FactDeclaration | undefined, analysis: Analysis, name: string, type: string, question: string, deeper = 0): string {
  const { text } = analysis;
  const start = above === undefined ? 2 : columnOf(text, above.name.start);
  const column = (node: Range | undefined, least: number): number => {
    // What stands on a line of its own has no column here.
    if (node === undefined || above === undefined || lineAt(text, node.start).start !== lineAt(text, above.name.start).start) return least;
    return Math.max(least, columnOf(text, node.start));
  };
  let row = `${" ".repeat(start + deeper)}${name}`;
  row = `${row.padEnd(column(above?.type, row.length + 2))}${type}`;
  return question === "" ? row : `${row.padEnd(column(above?.question, row.length + 2))}"${question}"`;
}

const lastFact = (analysis: Analysis): FactDeclaration | undefined => analysis.document.sections.findLast((section) => section.kind === "facts")?.facts.at(-1);

// ── An attested criterion becomes a fact ──────────────────────────────────────────────────────────────────────────────
/** Makes a question of a criterion that the reviewer attests: a fact, and a `when` that asks for it. */
export function attestedToFact(analysis: Analysis, range: Range): readonly Refactoring[] {
  const symbol = criterionAt(analysis, range.start);
  if (symbol === undefined || !symbol.attested || symbol.node.kind !== "criterion" || symbol.node.prose === undefined) return [];
  const { prose } = symbol.node;
  if (range.start > lineEnd(analysis.text, prose.end)) return [];
  return [{
    id: "attested-to-fact",
    title: `Make ${symbol.address} a question of its own (a fact with \`when\`)`,
    kind: "refactor.rewrite",
    reaches: true,
    make(around) {
      const words = plainProse(readable(analysis), prose);
      const name = nameFrom(analysis, words, "criterion_met");
      const question = `${questionText(words).replace(/[.?!]+$/u, "")}?`;
      const row = factRow(lastFact(analysis), analysis, name, "yes/no", question);
      const edits: Edit[] = [intoSection(analysis, "facts", [row]), whenBelow(analysis, symbol, name), ...inCases(analysis, symbol.address, name)];
      const files = around.cases.map((each) => ({ uri: each.uri, edits: attestationsToFact(each, symbol.address, name) }));
      if (files.some((file) => file.edits === undefined) || newError(analysis, edits) !== undefined) return undefined;
      return { files: edited([{ uri: analysis.uri, edits: edits.sort((a, b) => a.start - b.start) }, ...files.map(({ uri, edits: changed }) => ({ uri, edits: changed! }))]) };
    },
  }];
}

/** The line `when name`, below the words of the criterion. */
function whenBelow({ text }: Analysis, { node }: CriterionSymbol, name: string): Edit {
  const { prose, label } = node as Extract<CriterionSymbol["node"], { kind: "criterion" }>;
  const at = lineEnd(text, prose!.end);
  const column = lineAt(text, prose!.start).start === lineAt(text, node.start).start ? columnOf(text, prose!.start) : columnOf(text, (label ?? node).start) + 3;
  return { start: at, end: at, text: `${lineBreak(text)}${" ".repeat(column)}when ${name}` };
}

/** `I.C = met` becomes `name = yes`; what is unknown is left out. */
function inCases(analysis: Analysis, address: string, name: string): readonly Edit[] {
  const { text, document } = analysis;
  const edits: Edit[] = [];
  const attested = (entry: CaseAttestation): void => {
    const outcome = entry.outcome?.outcome;
    // What is recorded beside the answer stays with it.
    if (entry.unobtainable !== undefined) edits.push({ start: entry.address.start, end: entry.address.end, text: name });
    else if (entry.evidence.length > 0 && entry.outcome !== undefined) {
      if (outcome === "unknown") edits.push({ start: entry.start, end: entry.end, text: text.slice(entry.start, entry.end).replace(/^([^\S\r\n]*)(?=\S)/gmu, "$1# ") });
      else edits.push({ start: entry.start, end: entry.outcome.end, text: `${name} = ${outcome === "met" ? "yes" : "no"}` });
    } else if (outcome === "unknown" || outcome === undefined) {
      const lines = wholeLines(text, entry);
      const remark = document.comments.some((comment) => comment.start >= lines.start && comment.end <= lines.end);
      edits.push(remark ? { start: entry.start, end: entry.end, text: "" } : { ...lines, text: "" });
    } else edits.push({ start: entry.start, end: entry.end, text: `${name} = ${outcome === "met" ? "yes" : "no"}` });
  };
  for (const section of document.sections) {
    if (section.kind !== "cases") continue;
    for (const each of section.cases) {
      for (const entry of each.entries) {
        if (entry.kind === "attestation" && entry.address.text === address) attested(entry);
        else if (entry.kind === "expect") for (const word of entry.missing) if (word.text.replace(/[()]/gu, "") === address) edits.push({ start: word.start, end: word.end, text: name });
      }
    }
  }
  return edits;
}

// ── A fact that is not declared ───────────────────────────────────────────────────────────────────────────────────────
/** How an undeclared name is used: what its type may be. */
interface Guess {
  readonly type: string;
  /** Choices, gathered from all its uses. */
  readonly choices?: readonly string[] | undefined;
  readonly list?: boolean | undefined;
  /** Names that a filter of its records asks for. */
  readonly fields?: ReadonlyMap<string, Guess> | undefined;
  readonly rank: number;
}

/** Declares the name that a finding says is not declared, as a fact, or as a field where a filter asks for it. */
export function declareName(analysis: Analysis, range: Range, found: readonly Diagnostic[]): readonly Refactoring[] {
  return found.filter((each) => each.code === "unknown-name" && each.start <= range.end && each.end >= range.start).flatMap((mends) => {
    const name = analysis.text.slice(mends.start, mends.end);
    const record = recordAround(analysis, mends);
    const offered: Refactoring[] = [];
    if (record !== undefined) {
      offered.push({
        id: `declare-field-${name}`, kind: "quickfix", mends, title: `Declare \`${name}\` as a field of \`${record.name}\``,
        make: () => {
          const guess = guesses(analysis, record).get(name) ?? YES_NO;
          const last = record.node.fields.at(-1);
          const at = lineEnd(analysis.text, last === undefined ? record.node.end : last.start + analysis.text.slice(last.start, last.end).trimEnd().length);
          const row = factRow(last ?? record.node, analysis, name, typeText(guess), questionFor(name), last === undefined ? 2 : 0);
          return own(analysis, [{ start: at, end: at, text: lineBreak(analysis.text) + row }]);
        },
      });
    }
    offered.push({
      id: `declare-fact-${name}`, kind: "quickfix", mends, title: `Declare \`${name}\` under \`facts\``,
      make: () => {
        const guess = guesses(analysis, undefined).get(name) ?? YES_NO;
        const asked = guess.type === "yes/no" ? criterionWords(analysis, mends) : "";
        const above = lastFact(analysis);
        const rows = [factRow(above, analysis, name, typeText(guess), asked || questionFor(name))];
        for (const [field, of] of guess.fields ?? []) rows.push(factRow(above, analysis, field, typeText(of), questionFor(field), 2));
        return own(analysis, [intoSection(analysis, "facts", rows)]);
      },
    });
    return offered;
  });
}

const YES_NO: Guess = { type: "yes/no", rank: 0 };

function typeText({ type, choices, list, fields }: Guess): string {
  if (fields !== undefined) return "list of";
  const one = choices === undefined ? type : `one of ${choices.join(", ")}`;
  return list === true ? `list of ${one}` : one;
}

/** `pain_score` → "Pain score". */
const questionFor = (name: string): string => {
  const words = name.replace(/[_-]+/gu, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};

function criterionWords(analysis: Analysis, at: Range): string {
  const symbol = criterionAt(analysis, at.start);
  const words = symbol?.node.kind === "criterion" ? questionText(plainProse(readable(analysis), symbol.node.prose)).replace(/[.?!]+$/u, "") : "";
  // A whole sentence with several conditions is no question about one of them.
  return words === "" || words.length > 90 ? "" : `${words}?`;
}

/** The declared list whose filter holds a place. */
function recordAround(analysis: Analysis, at: Range): FactSymbol | undefined {
  let record: FactSymbol | undefined;
  walk(analysis.document, (node) => {
    if ((node.kind !== "quantified" && node.kind !== "count") || node.filter === undefined || node.filter.start > at.start || node.filter.end < at.end) return;
    const list = analysis.facts.get(node.list.text);
    if (list?.type.kind === "records") record = list;
  });
  return record;
}

/** What every undeclared name is used as; `within` looks at the filters of one list. */
function guesses(analysis: Analysis, within: FactSymbol | undefined): ReadonlyMap<string, Guess> {
  const found = new Map<string, Guess>();
  const known = (name: string): boolean => analysis.facts.has(name) || analysis.definitions.has(name);
  walk(analysis.document, (node) => {
    const condition = conditionOf(node);
    if (condition === undefined) return;
    if (within === undefined) guessIn(analysis, condition, found, known);
    else {
      walk(condition, (inner) => {
        if ((inner.kind !== "quantified" && inner.kind !== "count") || inner.filter === undefined || inner.list.text !== within.name) return;
        guessIn(analysis, inner.filter, found, (name) => known(name) || fieldsOf(within).some((field) => field.name === name));
      });
    }
  });
  return found;
}

const DATE: Guess = { type: "date", rank: 3 };

/** Reads what the names of a condition may be. */
function guessIn(analysis: Analysis, root: Expr, found: Map<string, Guess>, known: (name: string) => boolean): void {
  const note = (name: Name, guess: Guess): void => {
    if (known(name.text)) return;
    const before = found.get(name.text);
    if (before?.choices !== undefined && guess.choices !== undefined) {
      found.set(name.text, { ...before, choices: [...new Set([...before.choices, ...guess.choices])], list: before.list === true || guess.list === true });
    } else if (before === undefined || guess.rank > before.rank) found.set(name.text, guess);
  };
  const visit = (expr: Expr): void => {
    switch (expr.kind) {
      case "name": return note(expr, YES_NO);
      case "isKnown": if (expr.operand.kind === "name") return note(expr.operand, { type: "yes/no", rank: -1 }); break;
      case "is": case "in": case "include": {
        const values = expr.kind === "is" ? [expr.value] : expr.values;
        if (expr.operand.kind === "name") note(expr.operand, ofValues(analysis, values, expr.kind === "include"));
        else visit(expr.operand);
        for (const value of values) if (value.kind !== "name" || known(value.text)) visit(value);
        return;
      }
      case "compare": {
        const { left, right } = expr;
        if (left.kind === "name") note(left, ofOther(analysis, right));
        else visit(left);
        if (right.kind === "name" && left.kind !== "name") note(right, ofOther(analysis, left));
        else if (right.kind !== "name" || known(right.text)) visit(right);
        return;
      }
      case "between":
        if (expr.operand.kind === "name") note(expr.operand, ofOther(analysis, expr.low));
        else visit(expr.operand);
        return;
      case "within": case "distance":
        for (const date of [expr.operand, expr.anchor]) {
          if (date?.kind === "name") note(date, DATE);
          else if (date !== undefined) visit(date);
        }
        return;
      case "arithmetic":
        for (const side of [expr.left, expr.right]) {
          if (side.kind === "name") note(side, expr.op === "-" ? DATE : { type: "number", rank: 1 });
          else visit(side);
        }
        return;
      case "quantified": case "count": {
        const fields = new Map<string, Guess>();
        if (expr.filter !== undefined && !known(expr.list.text)) guessIn(analysis, expr.filter, fields, known);
        if (!known(expr.list.text)) {
          const before = found.get(expr.list.text)?.fields ?? new Map<string, Guess>();
          // A list of records has at least one field.
          const all = new Map([...before, ...fields]);
          found.set(expr.list.text, { type: "list of", fields: all.size === 0 ? new Map([["date", DATE]]) : all, rank: 5 });
        } else if (expr.filter !== undefined) guessIn(analysis, expr.filter, found, (name) => known(name) || fieldsOf(analysis.facts.get(expr.list.text)).some((field) => field.name === name));
        return;
      }
      default:
        for (const child of children(expr)) if (isExpr(child)) visit(child);
    }
  };
  visit(root);
}

const isExpr = (node: Node): node is Expr => node.kind !== "word" && node.kind !== "address" && node.kind !== "date";

/** The type of what stands on the other side of a comparison. */
function ofOther(analysis: Analysis, other: Expr): Guess {
  switch (other.kind) {
    case "quantity": return { type: other.unit?.text ?? "number", rank: 2 };
    case "dateLiteral": case "dateOfService": return DATE;
    case "arithmetic": return other.left.kind === "dateOfService" || other.left.kind === "dateLiteral" ? DATE : ofOther(analysis, other.left);
    case "name": {
      const type = analysis.facts.get(other.text)?.type;
      if (type?.kind === "number") return { type: type.unit.text === "" ? "number" : type.unit.text, rank: 2 };
      if (type?.kind === "date") return DATE;
      return analysis.facts.has(other.text) ? YES_NO : ofValues(analysis, [other], false);
    }
    default: return ofValues(analysis, [other], false);
  }
}

function ofValues(analysis: Analysis, values: readonly Expr[], list: boolean): Guess {
  const codes = values.filter((value) => value.kind === "code");
  const first = values[0];
  if (codes.length > 0) {
    const systems = [...new Set(codes.map((code) => code.system?.text ?? systemByForm(code.from, []) ?? "ICD-10-CM"))];
    return { type: systems.join(" or "), list, rank: 4 };
  }
  if (first?.kind === "textLiteral") return { type: "text", list, rank: 2 };
  if (first?.kind === "quantity" || first?.kind === "dateLiteral" || first?.kind === "dateOfService") return ofOther(analysis, first);
  const names = values.flatMap((value) => (value.kind === "name" && value.text !== "yes" && value.text !== "no" ? [value.text] : []));
  return names.length === 0 ? YES_NO : { type: "one of", choices: names, list, rank: 4 };
}
