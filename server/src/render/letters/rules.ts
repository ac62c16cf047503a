// Which rules of a policy bear on a determination: those that are met, or those that keep it from being met, as a list to read.
import type { CriterionTrace, Outcome, StatementTrace } from "../../evaluate/model.js";
import { citationsOf, factsOf } from "../../evaluate/explain.js";
import type { Analysis, Condition, CriterionSymbol, FactSymbol } from "../../semantics/model.js";
import { plainProse } from "../../semantics/prosetext.js";
import { folded } from "../../text.js";

/** A criterion with its outcome, and below it what its items came to. */
export interface Branch {
  readonly symbol: CriterionSymbol;
  readonly trace: CriterionTrace;
  readonly branches: readonly Branch[];
}

/** A rule that bears on the determination. */
export interface Bearing {
  readonly branch: Branch;
  /** Headings between the statement and the rule. */
  readonly under: readonly string[];
  readonly because: "" | "exception" | "waiver" | "must not be";
  /** It is a list, whose parts are told below it. */
  readonly list: boolean;
  readonly parts: readonly Bearing[];
  /** Facts that decide it. */
  readonly facts: readonly FactSymbol[];
  /** Attested criteria that it waits for. */
  readonly attested: readonly CriterionSymbol[];
}

/** Items of longer lists are named by their headings only. */
const MOST_LEAVES = 10;

/** The criteria of a statement with their traces. */
export function branchOf(analysis: Analysis, statement: StatementTrace): Branch {
  const pair = (symbol: CriterionSymbol, trace: CriterionTrace): Branch => {
    // In the order in which `explain` tells them.
    const below = [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups].sort((a, b) => a.index - b.index);
    return { symbol, trace, branches: below.map((each, i) => pair(each, trace.items[i]!)) };
  };
  return pair(analysis.byAddress.get(statement.address)!, statement.criterion);
}

/** The words that announce a list, without what says how its items count: "Digestive system" of "Digestive system, any of the following:". */
export function headingOf(analysis: Analysis, { node }: CriterionSymbol): string {
  if (node.kind !== "criterion") return "";
  const source = { text: analysis.text, comments: analysis.document.comments };
  const { prose } = node;
  if (prose?.combinator === undefined) return plainProse(source, prose);
  const whole = { ...prose, citations: prose.citations.filter((citation) => citation.end <= prose.combinator!.start), end: prose.combinator.start };
  return plainProse(source, whole).replace(/,?\s*(?:and\s+)?(?:which\s+|that\s+)?(?:may\s+)?(?:also\s+)?includ(?:es?|ing)(?:,?\s+but\s+(?:is\s+|are\s+)?not\s+limited\s+to)?$/iu, "")
    .replace(/\s+(?:when|if|where|for|with|by|of|meets?|as)$/iu, "").replace(/[\s,;:]+$/u, "");
}

/** What a list asks of its items, as a reader would say it. */
export function asksOf({ combination, items }: CriterionSymbol): string {
  if (items.length === 0 || combination === undefined) return "";
  const { op, count } = combination;
  switch (op) {
    case "all": return items.length === 2 ? "both of these" : "all of these";
    case "any": return "at least one of these";
    case "at-least": return count === 1 ? "at least one of these" : `at least ${count} of these`;
    case "exactly": return count === 1 ? "exactly one of these" : `exactly ${count} of these`;
    case "none": return "none of these";
  }
}

/** When a statement holds, by its list: "at least one of these rules is met". */
export function whenOf(symbol: CriterionSymbol): string {
  const { combination, items } = symbol;
  if (items.length === 0 || combination === undefined) return "";
  if (items.length === 1 && combination.op !== "none") return "this rule is met";
  const { op, count } = combination;
  const one = op === "any" || op === "none" || ((op === "at-least" || op === "exactly") && count === 1);
  return `${asksOf(symbol)} rules ${one ? "is" : "are"} met`;
}

type Wanted = "met" | "not met" | "unknown";
const is = (trace: CriterionTrace, wanted: Wanted): boolean => (wanted === "unknown" ? trace.outcome === "unknown" && !trace.leftOpen : wanted === "not met" ? trace.outcome === "not met" || trace.leftOpen : trace.outcome === "met");

/** The rules below a statement that make its outcome what it is. The statement's own list is left out: its parts are told. */
export function bearingOn(analysis: Analysis, top: Branch, wanted: Wanted): readonly Bearing[] {
  const finding: Finding = { analysis, wanted };
  if (wanted === "met") return metRules(finding, top, [], true);
  const found = unmetRules(finding, top, [], true);
  return found.length === 1 && found[0]!.list && found[0]!.branch === top ? found[0]!.parts : found;
}

interface Finding {
  readonly analysis: Analysis;
  readonly wanted: Wanted;
}

const leaf = (finding: Finding, branch: Branch, under: readonly string[], conditions: readonly Condition[], because: Bearing["because"] = "", parts: readonly Bearing[] = []): Bearing => {
  const facts = new Map<string, FactSymbol>();
  for (const condition of conditions) gather(finding.analysis, condition, facts, new Set());
  return { branch, under, because, list: parts.length > 0, parts, facts: [...facts.values()], attested: branch.symbol.attested ? [branch.symbol] : [] };
};

/** The facts that a condition rests on, those of definitions and of criteria that it refers to among them. */
export function gather(analysis: Analysis, condition: Condition, facts: Map<string, FactSymbol>, visited: Set<number>): void {
  switch (condition.kind) {
    case "and": case "or": for (const operand of condition.operands) gather(analysis, operand, facts, visited); return;
    case "not": gather(analysis, condition.operand, facts, visited); return;
    case "definition": gather(analysis, condition.condition, facts, visited); return;
    case "criterion": gatherBelow(analysis, analysis.criteria[condition.index]!, facts, visited); return;
    default: for (const fact of factsOf(condition)) if (fact.owner === undefined) facts.set(fact.name, fact);
  }
}

function gatherBelow(analysis: Analysis, symbol: CriterionSymbol, facts: Map<string, FactSymbol>, visited: Set<number>): void {
  if (visited.has(symbol.index)) return;
  visited.add(symbol.index);
  for (const condition of [...symbol.guards, ...symbol.conditions, ...symbol.waivers, ...symbol.exceptions]) gather(analysis, condition, facts, visited);
  for (const below of [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]) gatherBelow(analysis, below, facts, visited);
}

const withOutcome = (conditions: readonly Condition[], traces: readonly { readonly outcome: Outcome }[], wanted: Outcome): readonly Condition[] => conditions.filter((_, i) => traces[i]?.outcome === wanted);
const groups = (branch: Branch, role: CriterionSymbol["role"]): readonly Branch[] => branch.branches.filter(({ symbol }) => symbol.role === role);
const itemsOf = (branch: Branch): readonly Branch[] => branch.branches.filter(({ symbol }) => symbol.role === "criterion" || symbol.role === "guarded group");

function below(finding: Finding, branch: Branch, under: readonly string[], top: boolean): readonly string[] {
  if (top) return under;
  const heading = headingOf(finding.analysis, branch.symbol);
  return heading === "" ? under : [...under, heading];
}

/** The rules that are met and make their list so. */
function metRules(finding: Finding, branch: Branch, under: readonly string[], top = false): readonly Bearing[] {
  const { symbol, trace } = branch;
  if (trace.outcome !== "met") return [];
  const waivers = withOutcome(symbol.waivers, trace.waivers, "met");
  const waived = groups(branch, "waiver group").filter((group) => group.trace.outcome === "met");
  if (waivers.length > 0 || waived.length > 0) return [leaf(finding, branch, under, waivers, "waiver", waived.flatMap((group) => itemsOf(group).flatMap((item) => metRules(finding, item, [])))) ];
  const inside = below(finding, branch, under, top);
  const own = symbol.conditions.length > 0 || symbol.attested || symbol.allOthers || symbol.scopeOnly;
  const found: Bearing[] = [];
  if (symbol.combination?.op === "none" && symbol.items.length > 0) return [noneOf(finding, branch, under)];
  for (const part of branch.branches) {
    if (part.symbol.role === "exception group" || part.symbol.role === "waiver group") continue;
    found.push(...metRules(finding, part, inside));
  }
  // A list with a condition of its own is told by its items where it has any that are met.
  if (own && found.length === 0) found.push(leaf(finding, branch, under, [...symbol.guards, ...symbol.conditions]));
  return found;
}

/** A list of which nothing may be met, and nothing is. */
function noneOf(finding: Finding, branch: Branch, under: readonly string[]): Bearing {
  const parts = itemsOf(branch).filter(({ trace }) => trace.outcome !== "not applicable").map((item) => brief(finding, item));
  return { branch, under, because: "", list: true, parts, facts: factsIn(parts), attested: [] };
}

/** The rules that keep a criterion from being met, or that are not known. */
function unmetRules(finding: Finding, branch: Branch, under: readonly string[], top = false): readonly Bearing[] {
  const { wanted } = finding;
  const { symbol, trace } = branch;
  if (!is(trace, wanted)) return [];
  const exceptional: Outcome = wanted === "unknown" ? "unknown" : "met";
  const exceptions = withOutcome(symbol.exceptions, trace.exceptions, exceptional);
  const exceptionGroups = groups(branch, "exception group").filter((group) => group.trace.outcome === exceptional);
  if (exceptions.length > 0 || exceptionGroups.length > 0) {
    const parts = exceptionGroups.flatMap((group) => itemsOf(group).filter((item) => item.trace.outcome === exceptional).map((item) => brief(finding, item)));
    const own = leaf(finding, branch, under, exceptions, "exception", parts);
    const found = { ...own, facts: [...new Set([...own.facts, ...factsIn(parts)])] };
    if (wanted !== "unknown") return [found];
    if (withOutcome(symbol.conditions, trace.conditions, "unknown").length === 0 && !itemsOf(branch).some((item) => is(item.trace, "unknown"))) return [found];
  }
  const guards = wanted === "unknown" ? withOutcome(symbol.guards, trace.guards, "unknown") : [];
  const own = withOutcome(symbol.conditions, trace.conditions, wanted === "unknown" ? "unknown" : "not met");
  if (own.length > 0 || guards.length > 0 || (symbol.attested && symbol.items.length === 0)) {
    const rest = wanted === "unknown" ? withOutcome(symbol.exceptions, trace.exceptions, "unknown") : [];
    // What is known of an open rule is told with it.
    const found = leaf(finding, branch, under, wanted === "unknown" ? [...symbol.guards, ...symbol.conditions, ...rest] : own);
    if (wanted !== "unknown" || branch.branches.length === 0) return [found];
    return [found, ...listRules(finding, branch, under, top)];
  }
  const found = listRules(finding, branch, under, top);
  return found.length > 0 ? found : [leaf(finding, branch, under, symbol.conditions)];
}

function listRules(finding: Finding, branch: Branch, under: readonly string[], top: boolean): readonly Bearing[] {
  const { symbol } = branch;
  const found: Bearing[] = [];
  for (const group of groups(branch, "condition group")) found.push(...unmetRules(finding, group, below(finding, branch, under, top)));
  const items = itemsOf(branch);
  const op = symbol.combination?.op ?? "all";
  if (op === "all") {
    const inside = below(finding, branch, under, top);
    for (const item of items) found.push(...unmetRules(finding, item, inside));
    return found;
  }
  const forbidden = op === "none" && finding.wanted === "not met";
  const outcome: Wanted = forbidden ? "met" : finding.wanted;
  const matching = items.filter(({ trace }) => is(trace, outcome) || (op === "exactly" && trace.outcome === "met"));
  // Where one item alone is open, it is what counts.
  if (finding.wanted === "unknown" && matching.length === 1) return [...found, ...unmetRules(finding, matching[0]!, below(finding, branch, under, top))];
  const inner: Finding = { ...finding, wanted: outcome };
  const short = !top && matching.reduce((sum, item) => sum + leavesBelow(inner, item), 0) > MOST_LEAVES;
  const parts = matching.map((item) => brief(inner, item, short));
  if (parts.length === 0) return found;
  found.push({ branch, under, because: forbidden ? "must not be" : "", list: true, parts, facts: factsIn(parts), attested: parts.flatMap((part) => part.attested) });
  return found;
}

const factsIn = (parts: readonly Bearing[]): readonly FactSymbol[] => [...new Map(parts.flatMap((part) => part.facts.map((fact) => [fact.name, fact] as const))).values()];

/** How many criteria without items have the outcome in question below a criterion. */
const leavesBelow = (finding: Finding, branch: Branch): number => (branch.branches.length === 0 ? 1 : branch.branches.reduce((sum, each) => sum + (is(each.trace, finding.wanted) ? leavesBelow(finding, each) : 0), 0));

/** An item of a list, with what stands below it where that is little; else the headings below it, or with `short` nothing. */
function brief(finding: Finding, branch: Branch, short = false): Bearing {
  const { symbol } = branch;
  const facts = new Map<string, FactSymbol>();
  gatherMatching(finding, branch, facts);
  const attested = branch.trace.outcome === "unknown" ? attestedBelow(branch) : symbol.attested ? [symbol] : [];
  const deep = leavesBelow(finding, branch) <= MOST_LEAVES;
  const shown = short ? [] : itemsOf(branch).filter(({ trace }) => trace.outcome !== "not applicable" && (is(trace, finding.wanted) || symbol.combination?.op === "none"));
  return { branch, under: [], because: "", list: itemsOf(branch).length > 0, parts: shown.map((item) => brief(finding, item, !deep)), facts: [...facts.values()], attested };
}

/** The facts of a criterion and of what stands below it, as far as they have the outcome in question. */
function gatherMatching(finding: Finding, branch: Branch, facts: Map<string, FactSymbol>): void {
  const { symbol, trace } = branch;
  const take = (conditions: readonly Condition[], traces: readonly { readonly outcome: Outcome }[]): void => {
    conditions.forEach((condition, i) => {
      if (finding.wanted !== "unknown" || traces[i]?.outcome === "unknown") gather(finding.analysis, condition, facts, new Set());
    });
  };
  take(symbol.guards, trace.guards);
  take(symbol.conditions, trace.conditions);
  take(symbol.exceptions, trace.exceptions);
  take(symbol.waivers, trace.waivers);
  for (const each of branch.branches) if (is(each.trace, finding.wanted) || symbol.combination?.op === "none") gatherMatching(finding, each, facts);
}

const attestedBelow = (branch: Branch): readonly CriterionSymbol[] => (branch.symbol.attested && branch.trace.outcome === "unknown" ? [branch.symbol] : branch.branches.flatMap(attestedBelow));

/** The words of a criterion; of a group without label, those of its clause. */
export function wordsOf(analysis: Analysis, symbol: CriterionSymbol, list: boolean): string {
  const { node } = symbol;
  if (node.kind === "criterion") return list ? headingOf(analysis, symbol) : plainProse({ text: analysis.text, comments: analysis.document.comments }, node.prose);
  return folded(analysis.text.slice(node.keyword.start, (node.combinator ?? node.keyword).end));
}

/** Numbers of the references that a criterion and the headings above it cite. */
export function citedAt(symbol: CriterionSymbol): readonly number[] {
  const found = new Set<number>();
  for (let at: CriterionSymbol | undefined = symbol; at !== undefined; at = at.parent) for (const number of citationsOf(at)) found.add(number);
  return [...found].sort((a, b) => a - b);
}
