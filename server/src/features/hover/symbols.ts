// Hover of what a policy declares: facts, definitions, criteria, references.
import type { Analysis, CriterionSymbol, DefinitionSymbol, FactSymbol } from "../../semantics/model.js";
import { plainProse } from "../../semantics/prosetext.js";
import { children, type Citation, type ConditionClause, type Node } from "../../syntax/ast.js";
import { counted, folded, sentenceList } from "../../text.js";
import { criterionAt } from "../places.js";
import { code, combinationText, escaped, readable, referenceMarkdown, shortened, statementText, typeText, unitMeaning, unitText } from "../wording.js";

const MOST_PLACES = 8;

/** A fact or a field of a record: its type, question and where it is used. */
export function factMarkdown(analysis: Analysis, fact: FactSymbol): string {
  const of = fact.owner === undefined ? "" : ` · field of ${code(fact.owner)}`;
  const parts = [`**${escaped(fact.name)}** · ${escaped(typeText(fact.type))}${of}`];
  if (fact.question !== undefined) parts.push(escaped(fact.question));
  if (fact.type.kind === "number" && fact.type.unit.text !== "" && fact.type.unit.text !== unitMeaning(fact.type.unit.text)) parts.push(`Unit: ${unitText(fact.type.unit.text, fact.type.unit.ucum)}`);
  if (fact.type.kind === "records") parts.push(fact.type.fields.map((field) => `- ${code(field.name)} ${escaped(typeText(field.type))}${field.question === undefined ? "" : ` — ${escaped(field.question)}`}`).join("\n"));
  parts.push(usedBy(analysis, fact));
  return parts.join("\n\n");
}

/** A definition with what it stands for. */
export function definitionMarkdown(analysis: Analysis, definition: DefinitionSymbol): string {
  const kind = definition.meaning === undefined ? "definition" : definition.meaning.kind === "condition" ? "named condition" : `named value, ${typeText(definition.meaning.type)}`;
  const parts = [`**${escaped(definition.name)}** · ${escaped(kind)}`];
  parts.push(definitionText(analysis, definition), usedBy(analysis, definition));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What a definition stands for, as written. */
export function definitionText(analysis: Analysis, { node: { value } }: DefinitionSymbol): string {
  return value === undefined ? "" : code(folded(analysis.text.slice(value.start, value.end)));
}

/** "Used by I.A, I.E.2 and the definition cancer." */
function usedBy(analysis: Analysis, symbol: FactSymbol | DefinitionSymbol): string {
  const uses = analysis.uses.filter((use) => use.symbol === symbol && !use.declaration);
  const places = new Set<string>();
  let cases = 0;
  for (const use of uses) {
    const section = analysis.document.sections.find((each) => each.start <= use.start && use.start < each.end);
    if (section?.kind === "cases") cases++;
    else if (section?.kind === "define") places.add(code(section.definitions.find((each) => each.start <= use.start && use.start <= each.end)?.name.text ?? "define"));
    else places.add(criterionAt(analysis, use.start)?.address ?? "criteria");
  }
  const named = [...places];
  const shown = named.length > MOST_PLACES ? [...named.slice(0, MOST_PLACES - 1), `${named.length - MOST_PLACES + 1} more`] : named;
  const given = cases === 0 ? "" : ` Given in ${counted(cases, "case")}.`;
  return `${shown.length === 0 ? "Used by no criterion." : `Used by ${sentenceList(shown)}.`}${given}`;
}

/** A criterion: address, words, how it is decided, and what it cites. */
export function criterionMarkdown(analysis: Analysis, criterion: CriterionSymbol): string {
  const source = readable(analysis);
  const prose = criterion.node.kind === "criterion" ? plainProse(source, criterion.node.prose) : "";
  const parts = [`**${escaped(criterion.address)}** ${escaped(shortened(prose, 300))}`];
  if (criterion.depth === 0 || criterion.parent === undefined) parts.push(statementText(criterion.statement.statement));
  const decided = decidedBy(analysis, criterion);
  if (decided.length > 0) parts.push(decided.map((line) => `- ${line}`).join("\n"));
  const citations = citedNumbers(criterion.node);
  if (citations.length > 0) parts.push(`Cites ${citations.map((number) => `[${number}]`).map(escaped).join(", ")}.`);
  return parts.join("\n\n");
}

function decidedBy(analysis: Analysis, criterion: CriterionSymbol): string[] {
  const lines: string[] = [];
  const { body } = criterion.node;
  const text = (clause: ConditionClause): string => code(shortened(folded(analysis.text.slice(clause.start, clause.condition?.end ?? clause.combinator?.end ?? clause.keyword.end)), 240));
  for (const clause of body) if (clause.kind === "if" && clause.condition !== undefined && clause.combinator === undefined) lines.push(`Applies only ${text(clause)}`);
  for (const clause of body) if (clause.kind === "when") lines.push(`Met ${text(clause)}`);
  for (const clause of body) if (clause.kind === "unless") lines.push(`Not met ${text(clause).replace(/^(`+)unless/u, "$1when")}`);
  for (const clause of body) if (clause.kind === "waived") lines.push(`Waived ${text(clause).replace(/^(`+)waived /u, "$1")}`);
  if (criterion.combination !== undefined && criterion.items.length > 0) lines.unshift(combinationText(criterion.combination, criterion.items.length));
  if (criterion.attested) lines.push(`Answered by the reviewer: write ${code(`${criterion.address} = met`)} in the case.`);
  if (criterion.allOthers) lines.push("Met when no statement of medical necessity is met.");
  return lines;
}

/** The reference numbers cited in a criterion's own words, its items left out. */
function citedNumbers(node: CriterionSymbol["node"]): readonly number[] {
  if (node.kind !== "criterion" || node.prose === undefined) return [];
  return node.prose.citations.flatMap(citationNumbers);
}

/** Every number that a citation names; a range names all in it. */
export function citationNumbers(citation: Citation): readonly number[] {
  return citation.numbers.flatMap(({ from, to }) => Array.from({ length: Math.min(Math.max(to - from + 1, 1), 200) }, (_, i) => from + i));
}

const MOST_REFERENCES = 12;

/** The references of a citation, in full, with their links. */
export function citationMarkdown(analysis: Analysis, numbers: readonly number[]): string {
  const parts = numbers.slice(0, MOST_REFERENCES).map((number) => {
    const reference = analysis.references.get(number);
    return reference === undefined ? `**${number}.** *There is no such reference.*` : referenceMarkdown(analysis, reference.node);
  });
  if (numbers.length > MOST_REFERENCES) parts.push(`… and ${numbers.length - MOST_REFERENCES} more`);
  return parts.join("\n\n---\n\n");
}

/** A reference in the list, with where it is cited. */
export function referenceEntryMarkdown(analysis: Analysis, number: number): string {
  let cited = 0;
  const places = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === "citation" && citationNumbers(node).includes(number)) {
      cited++;
      const criterion = criterionAt(analysis, node.start);
      const section = analysis.document.sections.find((each) => each.start <= node.start && node.start < each.end);
      places.add(criterion?.address ?? section?.heading.text.replace(/:$/u, "") ?? "");
    }
    for (const child of children(node)) visit(child);
  };
  visit(analysis.document);
  const words = citationMarkdown(analysis, [number]);
  return `${words}\n\n${cited === 0 ? "Not cited." : `Cited in ${sentenceList([...places].slice(0, MOST_PLACES).map(escaped))}.`}`;
}
