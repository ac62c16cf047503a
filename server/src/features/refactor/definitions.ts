// Refactorings of definitions: a condition gets a name, and a name is replaced by its condition.
import type { Analysis, DefinitionSymbol } from "../../semantics/model.js";
import { proseText } from "../../semantics/prosetext.js";
import { children, type ConditionClause, type Criterion, type Expr, type Node } from "../../syntax/ast.js";
import { withoutComments } from "../../syntax/prose.js";
import { folded, type Range } from "../../text.js";
import { newError } from "../files.js";
import type { Edit } from "../model.js";
import { nodePath, usesAt } from "../places.js";
import { conditionOf, nameUses } from "../rename/names.js";
import { readable } from "../wording.js";
import { columnOf, intoSection, lineBreak, nameFrom, own, type Refactoring, wholeLines } from "./model.js";

const CLAUSES: ReadonlySet<Node["kind"]> = new Set(["when", "unless", "waived", "if"]);

/** Gives the condition at a place, or the part of it that is selected, a name under `define`. */
export function extractDefinition(analysis: Analysis, range: Range): readonly Refactoring[] {
  const path = nodePath(analysis.document, range.start);
  const clause = path.findLast((node): node is ConditionClause => CLAUSES.has(node.kind));
  const whole = clause?.condition;
  if (clause === undefined || whole === undefined || clause.inline === true || range.start > whole.end) return [];
  const part = range.start === range.end ? { start: whole.start, end: whole.end } : partOf(analysis.text, whole, range);
  if (part === undefined || /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(analysis.text.slice(part.start, part.end))) return [];
  const criterion = path.findLast((node): node is Criterion => node.kind === "criterion");
  return [{
    id: "extract-definition",
    title: "Give this condition a name under `define`",
    kind: "refactor.extract",
    make() {
      const name = nameFrom(analysis, proseText(readable(analysis), criterion?.prose), "condition");
      const define = analysis.document.sections.find((section) => section.kind === "define");
      const last = define?.definitions.at(-1);
      const indent = last === undefined ? 2 : columnOf(analysis.text, last.name.start);
      const gap = last?.value === undefined || analysis.text.slice(last.name.end, last.value.start).includes("\n") ? 2 : last.value.start - last.name.start;
      const start = `${" ".repeat(indent)}${name.padEnd(gap - 2)}  `;
      const [first = "", ...rest] = analysis.text.slice(part.start, part.end).split(/\r?\n/u);
      const insertion = intoSection(analysis, "define", [`${start}${first.trimEnd()}`, ...rest.filter((line) => line.trim() !== "").map((line) => `${" ".repeat(start.length)}${line.trim()}`)]);
      const edits: readonly Edit[] = [insertion, { ...part, text: name }];
      const at = (insertion.start < part.start ? part.start + insertion.text.length : part.start);
      return newError(analysis, edits) === undefined ? own(analysis, edits, { name: at }) : undefined;
    },
  }];
}

/** The part of a condition that a selection covers: an expression, or neighbours joined by the same `and` or `or`. Not within a filter, whose fields mean nothing outside. */
function partOf(text: string, whole: Expr, selection: Range): Range | undefined {
  const words = text.slice(selection.start, selection.end);
  const start = selection.start + words.length - words.trimStart().length;
  const end = selection.end - (words.length - words.trimEnd().length);
  for (let expr: Expr = whole; ;) {
    // Parentheses around an expression do not belong to it.
    if (expr.start === start && expr.end === end) return { start, end };
    if (expr.kind === "and" || expr.kind === "or") {
      const from = expr.operands.findIndex((operand) => operand.start === start);
      const to = expr.operands.findIndex((operand) => operand.end === end);
      if (from >= 0 && to > from) return { start, end };
    }
    if (expr.kind === "quantified" || expr.kind === "count") return undefined;
    const inner = (children(expr) as readonly Expr[]).find((child) => child.start <= start && end <= child.end);
    if (inner === undefined || !CONDITIONS.has(inner.kind)) return undefined;
    expr = inner;
  }
}
const CONDITIONS: ReadonlySet<Node["kind"]> = new Set(["and", "or", "not", "compare", "between", "is", "isKnown", "in", "include", "within", "distance", "quantified", "criterionRef"]);

/** Replaces the uses of a definition by what it stands for. */
export function inlineDefinition(analysis: Analysis, range: Range): readonly Refactoring[] {
  const use = usesAt(analysis, range.start).find(({ symbol }) => symbol.kind === "definition");
  if (use?.symbol.kind !== "definition" || use.symbol.node.value === undefined) return [];
  const definition = use.symbol;
  const everywhere: Refactoring = {
    id: "inline-definition",
    title: `Replace \`${definition.name}\` by its condition everywhere`,
    kind: "refactor.inline",
    make: () => inlined(analysis, definition, undefined),
  };
  if (use.declaration) return [everywhere];
  return [{ id: "inline-here", title: `Replace \`${definition.name}\` by its condition here`, kind: "refactor.inline", make: () => inlined(analysis, definition, use) }, everywhere];
}

function inlined(analysis: Analysis, definition: DefinitionSymbol, only: Range | undefined): ReturnType<Refactoring["make"]> {
  const { value } = definition.node;
  if (value === undefined) return undefined;
  const all = nameUses(analysis);
  const uses = all.filter((use) => use.symbol === definition && use.choice === undefined && (only === undefined || use.start === only.start));
  const inside = all.filter((use) => use.start >= value.start && use.end <= value.end && use.choice === undefined && use.symbol?.kind === "fact" && use.symbol.owner === undefined);
  // In a filter the fields of the record come first: a fact of the definition would be read as one of them.
  if (uses.some(({ record }) => record?.type.kind === "records" && record.type.fields.some((field) => inside.some((name) => name.text === field.name)))) return undefined;
  const words = folded(withoutComments(analysis.text, value, analysis.document.comments));
  const alone = roots(analysis);
  const bare = value.kind === "name" || value.kind === "quantity";
  const edits: Edit[] = uses.map(({ start, end }) => ({ start, end, text: bare || alone.has(`${start}-${end}`) ? words : `(${words})` }));
  if (only === undefined) edits.push(removal(analysis, definition));
  return newError(analysis, edits) === undefined ? own(analysis, edits.sort((a, b) => a.start - b.start)) : undefined;
}

/** The places of names that are a whole condition by themselves. */
function roots(analysis: Analysis): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    const root = conditionOf(node);
    if (root?.kind === "name") found.add(`${root.start}-${root.end}`);
    for (const child of children(node)) visit(child);
  };
  for (const section of analysis.document.sections) if (section.kind === "define" || section.kind === "criteria") visit(section);
  return found;
}

/** Takes a definition out; comments among its lines stay. The section goes with its last definition. */
function removal(analysis: Analysis, { node }: DefinitionSymbol): Edit {
  const { text, document } = analysis;
  const section = document.sections.find((each) => each.kind === "define" && each.definitions.includes(node));
  const lines = wholeLines(text, node);
  const comments = document.comments.filter((comment) => comment.start >= lines.start && comment.end <= lines.end);
  const indent = " ".repeat(columnOf(text, node.name.start));
  if (comments.length > 0) return { ...lines, text: comments.map((comment) => indent + text.slice(comment.start, comment.end).trim() + lineBreak(text)).join("") };
  const alone = section?.kind === "define" && section.definitions.length === 1;
  if (!alone || document.comments.some((comment) => comment.start > section.start && comment.end <= section.end)) return { ...lines, text: "" };
  const whole = wholeLines(text, { start: section.heading.start, end: node.end });
  const blank = /^(?:[ \t]*\r?\n)+/u.exec(text.slice(whole.end));
  return { start: whole.start, end: whole.end + (blank?.[0].length ?? 0), text: "" };
}
