// Hover of what a policy declares: facts, definitions, criteria, references.
import type { Diagnostic } from "../../diagnostic.js";
import { writtenValues } from "../../semantics/casetext.js";
import type { Analysis, Condition, CriterionSymbol, DefinitionSymbol, FactSymbol, PolicyCase } from "../../semantics/model.js";
import { plainProse, proseText } from "../../semantics/prosetext.js";
import { children, type Citation, type ConditionClause, type Node } from "../../syntax/ast.js";
import { counted, folded, sentenceList } from "../../text.js";
import { criterionAt } from "../places.js";
import type { OutcomesByAddress } from "../model.js";
import { outcomeCounts, outcomeList } from "../inlayhints.js";
import { conditionWords } from "./conditions.js";
import { code, combinationText, escaped, readable, referenceMarkdown, shortened, statementText, typeText, unitMeaning, unitText } from "../wording.js";

const MOST_PLACES = 8;

/** What a hover may say besides what stands in the policy. All of it is left out where it is not known. */
export interface Known {
  /** How the criteria came out in the cases, those of case files among them. */
  readonly outcomes?: OutcomesByAddress | undefined;
  /** The cases of the policy and of its case files. */
  readonly cases?: readonly PolicyCase[] | undefined;
  readonly findings?: readonly Diagnostic[] | undefined;
}

/** A fact or a field of a record: its type, question and where it is used. */
export function factMarkdown(analysis: Analysis, fact: FactSymbol, known: Known = {}): string {
  const of = fact.owner === undefined ? "" : ` · field of ${code(fact.owner)}`;
  const parts = [`**${escaped(fact.name)}** · ${escaped(typeText(fact.type))}${of}`];
  if (fact.question !== undefined) parts.push(escaped(fact.question));
  if (fact.type.kind === "number" && fact.type.unit.text !== "" && fact.type.unit.text !== unitMeaning(fact.type.unit.text)) parts.push(`Unit: ${unitText(fact.type.unit.text, fact.type.unit.ucum)}`);
  if (fact.type.kind === "records") parts.push(fact.type.fields.map((field) => `- ${code(field.name)} ${escaped(typeText(field.type))}${field.question === undefined ? "" : ` — ${escaped(field.question)}`}`).join("\n"));
  parts.push(usedBy(analysis, fact));
  const given = fact.owner === undefined ? valuesGiven(fact, known.cases ?? analysis.cases) : "";
  if (given !== "") parts.push(given);
  return parts.join("\n\n");
}

const MOST_VALUES = 8;

/** "In cases: 64 years (3), 12 years." The values that cases give a fact, the most frequent first. */
function valuesGiven(fact: FactSymbol, cases: readonly PolicyCase[]): string {
  if (fact.type.kind === "records") return "";
  const counts = new Map<string, number>();
  for (const each of cases) {
    const value = each.facts.get(fact.name);
    if (value === undefined) continue;
    const text = shortened(writtenValues(fact, value).join(", "), 60);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ordered = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = ordered.slice(0, MOST_VALUES).map(([text, count]) => `${escaped(text)}${count === 1 ? "" : ` (${count} times)`}`);
  return shown.length === 0 ? "" : `In cases: ${shown.join("; ")}${ordered.length > MOST_VALUES ? `; and ${ordered.length - MOST_VALUES} more` : ""}.`;
}

/** A definition with what it stands for. */
export function definitionMarkdown(analysis: Analysis, definition: DefinitionSymbol): string {
  const kind = definition.meaning === undefined ? "definition" : definition.meaning.kind === "condition" ? "named condition" : `named value, ${typeText(definition.meaning.type)}`;
  const parts = [`**${escaped(definition.name)}** · ${escaped(kind)}`];
  const words = definition.meaning?.kind === "condition" ? conditionWords(analysis, definition.meaning.condition) : "";
  parts.push(definitionText(analysis, definition), words === "" ? "" : `In words: ${words}.`, usedBy(analysis, definition));
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
export function criterionMarkdown(analysis: Analysis, criterion: CriterionSymbol, known: Known = {}): string {
  const source = readable(analysis);
  const prose = criterion.node.kind === "criterion" ? plainProse(source, criterion.node.prose) : "";
  const parts = [`**${escaped(criterion.address)}** ${escaped(shortened(prose, 300))}`];
  if (criterion.depth === 0 || criterion.parent === undefined) parts.push(statementText(criterion.statement.statement));
  const decided = decidedBy(analysis, criterion);
  if (decided.length > 0) parts.push(decided.map((line) => `- ${line}`).join("\n"));
  const citations = citedNumbers(criterion.node);
  if (citations.length > 0) parts.push([`Cites ${citations.map((number) => `[${number}]`).map(escaped).join(", ")}.`, ...citedTitles(analysis, citations)].join("\n"));
  const outcomes = known.outcomes?.get(criterion.address) ?? [];
  if (outcomes.length > 0) parts.push(`In the cases: ${outcomeCounts(outcomes) || "it does not apply"}\n\n${outcomeList(outcomes)}`);
  else if (known.outcomes !== undefined && known.outcomes.size > 0) parts.push("No case comes to this criterion.");
  const findings = (known.findings ?? []).filter((each) => criterion.node.start <= each.start && each.start < criterion.node.end);
  if (findings.length > 0) parts.push(findingsText(findings));
  return parts.join("\n\n");
}

/** "Findings: 1 error, 2 warnings (`duplicate-criterion`)." */
function findingsText(findings: readonly Diagnostic[]): string {
  const counts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [counted(count, severity === "info" ? "remark" : severity)];
  });
  const ids = [...new Set(findings.map((each) => each.code))];
  return `Findings here: ${counts.join(", ") || counted(findings.length, "hint")} (${ids.slice(0, 4).map(code).join(", ")}${ids.length > 4 ? ", …" : ""}).`;
}

const MOST_TITLES = 5;

function citedTitles(analysis: Analysis, numbers: readonly number[]): string[] {
  return numbers.slice(0, MOST_TITLES).flatMap((number) => {
    const reference = analysis.references.get(number);
    return reference === undefined ? [] : [`- ${escaped(`[${number}]`)} ${escaped(shortened(proseText(readable(analysis), reference.node.prose), 110))}`];
  });
}

function decidedBy(analysis: Analysis, criterion: CriterionSymbol): string[] {
  const lines: string[] = [];
  const { body } = criterion.node;
  const text = (clause: ConditionClause): string => code(shortened(folded(analysis.text.slice(clause.start, clause.condition?.end ?? clause.combinator?.end ?? clause.keyword.end)), 240));
  const words = (clause: ConditionClause, conditions: readonly Condition[]): string => inWords(analysis, clause, conditions);
  for (const clause of body) if (clause.kind === "if" && clause.condition !== undefined && clause.combinator === undefined) lines.push(`Applies only ${text(clause)}${words(clause, criterion.guards)}`);
  for (const clause of body) if (clause.kind === "when") lines.push(`Met ${text(clause)}${words(clause, criterion.conditions)}`);
  for (const clause of body) if (clause.kind === "unless") lines.push(`Not met ${text(clause).replace(/^(`+)unless/u, "$1when")}${words(clause, criterion.exceptions)}`);
  for (const clause of body) if (clause.kind === "waived") lines.push(`Waived ${text(clause).replace(/^(`+)waived /u, "$1")}${words(clause, criterion.waivers)}`);
  if (criterion.combination !== undefined && criterion.items.length > 0) lines.unshift(combinationText(criterion.combination, criterion.items.length));
  if (criterion.attested) lines.push(`Answered by the reviewer: write ${code(`${criterion.address} = met`)} in the case.`);
  if (criterion.allOthers) lines.push("Met when no statement of medical necessity is met.");
  if (criterion.parent === undefined) {
    const { approval } = criterion.statement;
    if (approval?.duration !== undefined) lines.push(`Approved for ${escaped(approval.duration.text)} from the date of service.`);
    for (const { text } of approval?.quantities ?? []) lines.push(`At most ${escaped(text)}.`);
  }
  return lines;
}

/** The condition of a clause in words, where it has one that could be read. */
function inWords(analysis: Analysis, clause: ConditionClause, conditions: readonly Condition[]): string {
  const condition = conditions.find(({ source }) => clause.start <= source.start && source.start < clause.end);
  return condition === undefined || clause.condition === undefined ? "" : `  \n  that is, ${shortened(conditionWords(analysis, condition), 500)}`;
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
