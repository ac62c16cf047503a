// Explains a decision: the tree of criteria with outcomes and reasons, the facts read, what is missing, what is cited.
import { questionOf } from "../semantics/cases.js";
import { inSet, shownCode, systemsOfType } from "../semantics/codes.js";
import type { Analysis, CodeSet, Condition, CriterionSymbol, Evidence, FactSymbol, Policy, PolicyCase, RecordSet, RecordValue, Scope, Span, StatementSymbol, Value } from "../semantics/model.js";
import { plainProse, proseText, type ReadableText } from "../semantics/prosetext.js";
import { findUnit, NO_UNIT, quantityText, type Unit } from "../semantics/units.js";
import { addMonths, dateText } from "../syntax/dates.js";
import { assertNever, counted, folded, sentenceList } from "../text.js";
import type { CodeSystem } from "../vocabulary.js";
import { periodOf } from "../semantics/period.js";
import { approvalOf } from "./approval.js";
import { type Decision, groundOf, outcomeName, outcomeOf } from "./compile.js";
import { count, falsityOf, type Ground, isGiven, numberOf, otherOf, truthOf } from "./conditions.js";
import { MET, NOT_MET, OPEN, type Truth, UNKNOWN } from "./kleene.js";
import type { ConditionTrace, CriterionTrace, EvidenceRead, Explanation, FactRead, MissingItem, Outcome, PolicyVersion, StatementTrace } from "./model.js";
import { remarksOn } from "./remarks.js";

const DAYS = findUnit("days")!;

interface Explaining {
  readonly decision: Decision;
  readonly policy: Policy;
  readonly text: ReadableText;
  readonly ground: Ground;
  readonly read: Map<string, FactRead>;
  readonly grounds: Grounds;
}

/** What a case says of its answers beside them. */
export type Grounds = Pick<PolicyCase, "evidence" | "unobtainable">;

/** The explanation of the evaluator's latest decision. Plain data, independent of the decision that follows. */
export function explain(decision: Decision, caseName: string, grounds: Grounds = {}): Explanation {
  const { policy, program } = decision.evaluator;
  const { analysis } = policy;
  const explaining: Explaining = {
    decision,
    policy,
    text: { text: analysis.text, comments: analysis.document.comments },
    ground: groundOf(program, decision.facts, decision.truths),
    read: new Map(),
    grounds,
  };
  const statements = policy.statements.map((statement, i) => explainStatement(explaining, statement, i));
  const missing = missingItems(explaining);
  const path = decidingPath(explaining);
  const outcomes: Record<string, Outcome> = {};
  for (const symbol of policy.criteria) if (symbol.role === "criterion") outcomes[symbol.address] = outcomeOf(decision, symbol.index);
  const decided = policy.statements[decision.statement];
  return {
    policy: policyVersion(analysis),
    case: caseName,
    on: dateText(decision.facts.on),
    determination: decision.determination,
    reason: reasonFor(explaining, missing, path, statements),
    remarks: remarksOn(analysis, decision.request, decision.facts.on),
    decidedBy: decided && { address: decided.address, kind: decided.statement },
    approval: approvalOf(decision),
    path,
    statements,
    outcomes,
    factsRead: [...explaining.read.values()],
    missing,
    citations: citedAlong(explaining, path),
  };
}

/** The policy as its header names it, with the dates that could be read. */
function policyVersion({ header: { number, title, fields } }: Analysis): PolicyVersion {
  const dated = (key: "effective" | "ends"): string | undefined => (fields.get(key)?.date?.day === undefined ? undefined : fields.get(key)!.date!.text);
  return { number, title, effective: dated("effective"), ends: dated("ends") };
}

const truthAt = (explaining: Explaining, index: number): Truth => explaining.ground.criterion(index);

// ── Statements and criteria ───────────────────────────────────────────────────────────────────────────────────────────
function explainStatement(explaining: Explaining, statement: StatementSymbol, index: number): StatementTrace {
  const { program } = explaining.decision.evaluator;
  const { truths } = explaining.decision;
  return {
    address: statement.address,
    kind: statement.statement,
    applies: outcomeName(truths[program.scopeNodes[index]!]!),
    scopes: statement.scopes.map((scope, i) => explainScope(explaining, scope, truths[program.scopeParts[index]![i]!]!)),
    outcome: outcomeName(truths[program.statementNodes[index]!]!),
    criterion: explainCriterion(explaining, explaining.policy.criteria[statement.index]!),
  };
}

function explainScope(explaining: Explaining, scope: Scope, value: Truth): ConditionTrace {
  if (scope.kind === "condition") return explainCondition(explaining, scope.condition);
  const { request } = explaining.decision;
  const wanted = scope.kind === "codes" ? `codes ${scope.codes.map((code) => code.text).join(", ")}` : `${scope.kind} ${scope.values.join(", ")}`;
  const given = scope.kind === "codes" ? request.codes?.map((code) => shownCode(code)).join(", ") : scope.kind === "pathway" ? request.pathway : request.lineOfBusiness;
  const why = given === undefined ? `the request does not say its ${scope.kind}` : `the request is for ${scope.kind} ${given || "none"}`;
  return { outcome: outcomeName(value), text: `applies to ${wanted}`, why, range: { start: scope.node.start, end: scope.node.end }, parts: [] };
}

function explainCriterion(explaining: Explaining, symbol: CriterionSymbol): CriterionTrace {
  const { node } = symbol;
  const conditions = symbol.conditions.map((condition) => explainCondition(explaining, condition));
  const guards = symbol.guards.map((condition) => explainCondition(explaining, condition));
  const exceptions = symbol.exceptions.map((condition) => explainCondition(explaining, condition));
  const waivers = symbol.waivers.map((condition) => explainCondition(explaining, condition));
  const items = [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]
    .sort((a, b) => a.index - b.index).map((item) => explainCriterion(explaining, item));
  const outcome = outcomeOf(explaining.decision, symbol.index);
  const prose = node.kind === "criterion" ? node.prose : undefined;
  return {
    role: symbol.role,
    address: symbol.address,
    label: node.kind === "criterion" ? (node.label?.text ?? "") : "",
    prose: node.kind === "criterion" ? plainProse(explaining.text, prose) : folded(explaining.text.text.slice(node.keyword.start, (node.combinator ?? node.keyword).end)),
    outcome,
    leftOpen: truthAt(explaining, symbol.index) === OPEN,
    why: whyCriterion(explaining, symbol, outcome),
    citations: citationsOf(symbol),
    range: node.kind === "criterion" ? { start: node.start, end: node.prose?.end ?? node.label?.end ?? node.end } : { start: node.keyword.start, end: (node.combinator ?? node.keyword).end },
    conditions,
    guards,
    exceptions,
    waivers,
    items,
    ...(symbol.attested ? groundsOf(explaining, symbol.address) : evidencedIn(explaining, symbol)),
    combination: symbol.combination && { op: symbol.combination.op, count: symbol.combination.count, open: symbol.combination.open },
    notes: symbol.notes.map((note) => proseText(explaining.text, note.prose)),
  };
}

/** Evidence of a fact or an attested criterion, and whether it could not be obtained. */
function groundsOf({ grounds }: Explaining, name: string): Pick<FactRead, "evidence" | "unobtainable"> {
  const evidence = grounds.evidence?.get(name);
  const reason = grounds.unobtainable?.get(name);
  return { ...(evidence === undefined ? {} : { evidence: evidence.map(evidenceRead) }), ...(reason === undefined ? {} : { unobtainable: { reason } }) };
}

function evidencedIn({ grounds: { evidence } }: Explaining, { conditions, guards, exceptions, waivers }: CriterionSymbol): Pick<CriterionTrace, "evidenced"> {
  if (evidence === undefined) return {};
  const names = new Set<string>();
  for (const condition of [...guards, ...conditions, ...exceptions, ...waivers]) for (const { owner, name } of factsOf(condition)) if (owner === undefined && evidence.has(name)) names.add(name);
  return names.size === 0 ? {} : { evidenced: [...names] };
}

const evidenceRead = ({ date, ...rest }: Evidence): EvidenceRead => (date === undefined ? rest : { ...rest, date: dateText(date) });

/** "the outside hospital did not answer", in parentheses. */
const because = (reason: string | undefined): string => (reason === undefined || reason === "" ? "" : ` (${reason})`);

/** "age is not known", or "mri_date could not be obtained". */
function unknownText(explaining: Explaining, value: Value, are = false): string {
  const reason = value.kind === "fact" ? explaining.grounds.unobtainable?.get(value.fact.name) : undefined;
  return reason === undefined ? `${nameOf(explaining, value)} ${are ? "are" : "is"} not known` : `${nameOf(explaining, value)} could not be obtained`;
}

/** Numbers of the references that a criterion cites. */
export function citationsOf({ node }: CriterionSymbol): readonly number[] {
  const numbers = new Set<number>();
  const own = node.kind === "criterion" ? [...(node.prose?.citations ?? []), ...node.body.flatMap((entry) => (entry.kind === "when" || entry.kind === "unless" || entry.kind === "if" ? entry.citations : []))] : [];
  for (const citation of own) for (const { from, to } of citation.numbers) for (let number = from; number <= to; number++) numbers.add(number);
  return [...numbers];
}

/** The conditions and groups of a clause that are met, each with its reason. */
function whatIsMet(explaining: Explaining, conditions: readonly Condition[], groups: readonly CriterionSymbol[]): readonly string[] {
  const isMet = (symbol: CriterionSymbol): boolean => truthAt(explaining, symbol.index) === MET;
  return [
    ...conditions.filter((condition) => truthOf(condition, explaining.ground) === MET).map((condition) => whyCondition(explaining, condition)),
    ...groups.filter(isMet).map((group) => itemNames(group.items.filter(isMet))),
  ];
}

function whyCriterion(explaining: Explaining, symbol: CriterionSymbol, outcome: Outcome): string {
  if (outcome === "not applicable") return `does not apply: ${reasons(explaining, symbol.guards, NOT_MET)}`;
  const exceptions = whatIsMet(explaining, symbol.exceptions, symbol.exceptionGroups);
  if (exceptions.length > 0) return `an exception is met: ${sentenceList(exceptions)}`;
  const waivers = whatIsMet(explaining, symbol.waivers, symbol.waiverGroups);
  if (waivers.length > 0 && outcome === "met") return `waived: ${sentenceList(waivers)}`;
  const doubtful = symbol.guards.filter((guard) => truthOf(guard, explaining.ground) === UNKNOWN);
  if (outcome === "unknown" && doubtful.length > 0) return `it is not known whether it applies: ${reasons(explaining, doubtful, UNKNOWN)}`;
  if (symbol.items.length > 0) return whyList(explaining, symbol);
  if (symbol.attested) return outcome === "unknown" ? whyUnanswered(explaining, symbol.address) : `the reviewer attests that it is ${outcome}`;
  if (symbol.allOthers) return outcome === "met" ? "no statement of medical necessity is met" : outcome === "not met" ? "a statement of medical necessity is met" : "it is not known whether a statement of medical necessity is met";
  if (symbol.scopeOnly) return "it holds for every request it applies to";
  const unsettled = symbol.exceptions.filter((condition) => truthOf(condition, explaining.ground) === UNKNOWN);
  const wanted = outcome === "met" ? MET : outcome === "not met" ? NOT_MET : UNKNOWN;
  return reasons(explaining, outcome === "unknown" ? [...symbol.conditions, ...unsettled] : symbol.conditions, wanted) || (outcome === "met" ? "its conditions are met" : outcome === "not met" ? "its conditions are not met" : "it is not known whether its conditions are met");
}

function whyUnanswered({ grounds }: Explaining, address: string): string {
  const reason = grounds.unobtainable?.get(address);
  return reason === undefined ? `the reviewer has not answered ${address}` : `an answer to ${address} could not be obtained${because(reason)}`;
}

function reasons(explaining: Explaining, conditions: readonly Condition[], wanted: Truth): string {
  const chosen = conditions.filter((condition) => truthOf(condition, explaining.ground) === wanted);
  return [...new Set((chosen.length > 0 ? chosen : conditions).map((condition) => whyCondition(explaining, condition)))].join("; ");
}

const itemNames = (items: readonly CriterionSymbol[]): string => sentenceList(items.map((item) => (item.role === "criterion" ? item.address : "a group")));

function whyList(explaining: Explaining, symbol: CriterionSymbol): string {
  const { combination, items } = symbol;
  const applying = items.filter((item) => outcomeOf(explaining.decision, item.index) !== "not applicable");
  const outcome = (item: CriterionSymbol): Outcome => outcomeOf(explaining.decision, item.index);
  const met = applying.filter((item) => outcome(item) === "met");
  const unknown = applying.filter((item) => outcome(item) === "unknown" && truthAt(explaining, item.index) !== OPEN);
  const failed = applying.filter((item) => outcome(item) === "not met");
  const left = applying.length < items.length ? ` that ${applying.length === 1 ? "applies" : "apply"}` : "";
  if (applying.length === 0) return "none of its items applies";
  const named = (list: readonly CriterionSymbol[]): string => (list.length > 4 ? counted(list.length, "item") : itemNames(list));
  const is = (list: readonly CriterionSymbol[]): string => (list.length === 1 ? "is" : "are");
  switch (combination?.op) {
    case "any": {
      if (met.length > 0) return `${named(met)} ${is(met)} met`;
      if (unknown.length > 0) return `no item${left} is met, and ${named(unknown)} ${is(unknown)} unknown`;
      return combination.open ? "no item on the list matches, and the list is not all-inclusive: a clinician must decide" : `none of the ${counted(applying.length, "item")}${left} is met`;
    }
    case "none": {
      if (met.length > 0) return `${named(met)} ${is(met)} met, and none may be`;
      if (unknown.length > 0) return `${named(unknown)} ${is(unknown)} unknown, and none may be met`;
      return combination.open ? "no item on the list is met, and the list is not all-inclusive: a clinician must decide whether something else belongs to it" : "none of the items is met, as is wanted";
    }
    case "at-least": case "exactly": {
      const left = truthAt(explaining, symbol.index) === OPEN && combination.open ? ", and the list is not all-inclusive: a clinician must decide" : "";
      const wanted = `${combination.op === "exactly" ? "exactly" : "at least"} ${combination.count} wanted${left}`;
      return `${met.length} of ${counted(applying.length, "item")} ${met.length === 1 ? "is" : "are"} met${unknown.length > 0 ? ` and ${named(unknown)} ${is(unknown)} unknown` : ""}; ${wanted}`;
    }
    default: {
      if (failed.length > 0) return `${named(failed)} ${is(failed)} not met`;
      if (unknown.length > 0) return `${named(unknown)} ${is(unknown)} unknown`;
      return met.length === applying.length ? `all ${counted(applying.length, "item")}${left} ${applying.length === 1 ? "is" : "are"} met` : "an item is left to a clinician";
    }
  }
}

// ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────
function explainCondition(explaining: Explaining, condition: Condition): ConditionTrace {
  const value = truthOf(condition, explaining.ground);
  const parts = condition.kind === "and" || condition.kind === "or" ? condition.operands : condition.kind === "not" && isCompound(condition.operand) ? [condition.operand] : condition.kind === "definition" && isCompound(condition.condition) ? [condition.condition] : [];
  noteFacts(explaining, condition);
  return {
    outcome: outcomeName(value),
    text: folded(explaining.text.text.slice(condition.source.start, condition.source.end)),
    why: whyCondition(explaining, condition),
    range: { start: condition.source.start, end: condition.source.end },
    parts: parts.map((part) => explainCondition(explaining, part)),
  };
}

const isCompound = (condition: Condition): boolean => condition.kind === "and" || condition.kind === "or" || condition.kind === "definition";

/** The reason of a condition in words: "age is 17 years, which is less than 18 years". */
function whyCondition(explaining: Explaining, condition: Condition): string {
  const { ground } = explaining;
  const value = truthOf(condition, ground);
  switch (condition.kind) {
    case "and": case "or": {
      // The operands that make it what it is.
      const deciding = condition.operands.filter((operand) => truthOf(operand, ground) === value);
      return [...new Set((deciding.length > 0 ? deciding : condition.operands).map((operand) => whyCondition(explaining, operand)))].join("; ");
    }
    case "not": return whyCondition(explaining, condition.operand);
    case "definition": {
      const name = condition.definition.name;
      return `${name} is ${outcomeName(value)}: ${whyCondition(explaining, condition.condition)}`;
    }
    case "criterion": {
      const symbol = explaining.policy.criteria[condition.index]!;
      return `${symbol.address} is ${outcomeOf(explaining.decision, symbol.index)}`;
    }
    case "yes": return isGiven(condition.value, ground) ? `${nameOf(explaining, condition.value)} is ${numberOf(condition.value, ground) === 1 ? "yes" : "no"}` : unknownText(explaining, condition.value);
    case "known": return isGiven(condition.value, ground) ? `${nameOf(explaining, condition.value)} is known (${valueText(explaining, condition.value)})` : unknownText(explaining, condition.value);
    case "compare": {
      const unknown = unknownNames(explaining, condition.left, condition.right);
      if (unknown !== undefined) return unknown;
      if (condition.span !== undefined) return `${spanSaid(explaining, condition.span)}, which is ${value === MET ? "" : "not "}${RELATIONS[condition.op]} ${condition.span.lengths[0]}`;
      return `${said(explaining, condition.left, condition.unit)}, which is ${value === MET ? "" : "not "}${(condition.of === "day" ? DAY_RELATIONS : RELATIONS)[condition.op]} ${operandText(explaining, condition.right, condition.unit)}`;
    }
    case "between": {
      const unknown = unknownNames(explaining, condition.value, condition.low, condition.high);
      if (unknown !== undefined) return unknown;
      const inside = value === MET ? "is" : "is not";
      if (condition.span !== undefined) return `${spanSaid(explaining, condition.span)}, which ${inside} between ${condition.span.lengths.join(" and ")}`;
      const both = condition.of === "day" ? `between ${operandText(explaining, condition.low)} and ${operandText(explaining, condition.high)}` : `between ${operandText(explaining, condition.low, condition.unit)} and ${operandText(explaining, condition.high, condition.unit)}`;
      return `${said(explaining, condition.value, condition.unit)}, which ${inside} ${both}`;
    }
    case "choice": case "text": {
      if (!isGiven(condition.value, ground)) return unknownText(explaining, condition.value);
      const wanted = condition.kind === "choice" ? condition.wanted.map((index) => condition.choices[index]!) : condition.wanted;
      return value === MET ? `${nameOf(explaining, condition.value)} is ${valueText(explaining, condition.value)}` : `${nameOf(explaining, condition.value)} is ${valueText(explaining, condition.value)}, not ${sentenceList(wanted.slice(0, 6), "or")}`;
    }
    case "code": {
      const code = otherOf(condition.value, ground) as string | undefined;
      if (code === undefined) return unknownText(explaining, condition.value);
      return `${nameOf(explaining, condition.value)} is ${shownCode(code, systemsIn(condition.value))}, which is ${value === MET ? "" : "not "}in ${setsText(condition.wanted, "or")}`;
    }
    case "includes": return whyIncludes(explaining, condition, value);
    case "quantified": case "count": return whyCount(explaining, condition);
    default: return assertNever(condition);
  }
}

function whyIncludes(explaining: Explaining, condition: Extract<Condition, { kind: "includes" }>, value: Truth): string {
  const list = otherOf(condition.value, explaining.ground) as readonly string[] | undefined;
  const name = nameOf(explaining, condition.value);
  if (list === undefined) return unknownText(explaining, condition.value, true);
  const written = (entry: string): string => (condition.of === "code" ? shownCode(entry, systemsIn(condition.value)) : entry);
  const wanted = condition.of === "code" ? setsText(condition.wanted as readonly CodeSet[], condition.quantifier === "any" ? "or" : "and") : sentenceList((condition.wanted as readonly string[]).slice(0, 6), condition.quantifier === "any" ? "or" : "and");
  if (value === MET && condition.quantifier === "any") {
    const matching = list.filter((entry) => condition.wanted.some((each) => (typeof each === "string" ? each === entry : inSet(entry, each))));
    return `${name} include ${sentenceList(matching.slice(0, 8).map(written))}${condition.of === "code" && matching.some((entry) => !wanted.includes(written(entry))) ? `, which ${matching.length === 1 ? "is" : "are"} in ${wanted}` : ""}`;
  }
  const shown = list.length === 0 ? "none" : list.slice(0, 8).map(written).join(", ");
  return `${name} are ${shown}, which ${value === MET ? "include" : "do not include"} ${wanted}`;
}

function whyCount(explaining: Explaining, condition: Extract<Condition, { kind: "quantified" | "count" }>): string {
  const tally = count(condition.records, explaining.ground);
  const name = condition.records.list.name;
  if (tally === undefined) return unknownText(explaining, { kind: "fact", fact: condition.records.list }, true);
  const doubt = tally.unknown > 0 ? ` and ${tally.unknown} may` : "";
  const filtered = condition.records.filter !== undefined;
  const wanted = condition.op === "all" ? "all wanted" : `${WANTED[condition.op]} ${condition.count} wanted`;
  if (tally.total === 0) return `${name} holds nothing${condition.op === "all" ? ", and nothing shows nothing" : ""}; ${wanted}`;
  return filtered ? `${tally.met} of ${counted(tally.total, "entry", "entries")} of ${name} match${tally.met === 1 ? "es" : ""}${doubt}; ${wanted}` : `${name} has ${counted(tally.total, "entry", "entries")}; ${wanted}`;
}

const WANTED = { "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least", "=": "exactly", "!=": "not" } as const;

const RELATIONS = { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "=": "equal to", "!=": "other than" } as const;
const DAY_RELATIONS = { "<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "=": "the same day as", "!=": "another day than" } as const;

function unknownNames({ ground, grounds }: Explaining, ...values: readonly Value[]): string | undefined {
  const names = new Set<string>();
  for (const value of values) for (const fact of factsIn(value)) if (!isGiven({ kind: fact.owner === undefined ? "fact" : "field", fact }, ground)) names.add(fact.name);
  if (names.size === 0) return values.some((value) => Number.isNaN(numberOf(value, ground))) ? "it cannot be computed" : undefined;
  const plain = [...names].filter((name) => grounds.unobtainable?.has(name) !== true);
  const absent = [...names].filter((name) => !plain.includes(name));
  return [...(plain.length === 0 ? [] : [`${sentenceList(plain)} ${plain.length === 1 ? "is" : "are"} not known`]), ...(absent.length === 0 ? [] : [`${sentenceList(absent)} could not be obtained`])].join("; ");
}

function said(explaining: Explaining, value: Value, unit?: Unit): string {
  if (value.kind === "fact" || value.kind === "field") return `${nameOf(explaining, value)} is ${valueText(explaining, value)}${value.fact.type.kind === "number" && unit !== undefined && unit.ucum !== value.fact.type.unit.ucum ? ` (${quantityText(numberOf(value, explaining.ground), unit)})` : ""}`;
  if (value.kind === "date of service") return `the date of service is ${dateText(explaining.ground.facts.on)}`;
  if (value.kind === "definition") return `${value.definition.name} is ${comesTo(explaining, value.value, unit)}`;
  if (value.kind === "scaled") return `${nameOf(explaining, value)} is ${comesTo(explaining, value)}`;
  return `${nameOf(explaining, value)} is ${operandText(explaining, value, unit)}`;
}

/** "age is 17 years, 364 days": a length of time between two dates, by the calendar. */
function spanSaid(explaining: Explaining, span: Span): string {
  const { ground } = explaining;
  return `${nameOf(explaining, span.value)} is ${elapsed(numberOf(span.from, ground), numberOf(span.to, ground), span.lengths.some((length) => /year|^\S+ a$/u.test(length)))}`;
}

/** The time from one day to another in whole years or months and the days left. */
function elapsed(from: number, to: number, years: boolean): string {
  if (to < from) return `-${counted(from - to, "day")}`;
  const step = years ? 12 : 1;
  let units = Math.floor((to - from) / (years ? 366 : 31));
  while (addMonths(from, (units + 1) * step) <= to) units++;
  const days = to - addMonths(from, units * step);
  const whole = counted(units, years ? "year" : "month");
  return units === 0 ? counted(days, "day") : days === 0 ? whole : `${whole}, ${counted(days, "day")}`;
}

/** What a value comes to, without its name. */
function comesTo(explaining: Explaining, value: Value, unit?: Unit): string {
  switch (value.kind) {
    case "fact": case "field": return valueText(explaining, value);
    case "date of service": return dateText(explaining.ground.facts.on);
    case "definition": return comesTo(explaining, value.value, unit);
    case "scaled": {
      const converted = quantityText(numberOf(value, explaining.ground), value.unit);
      return isReckoned(value.value) ? converted : `${comesTo(explaining, value.value)} (${converted})`;
    }
    default: return operandText(explaining, value, unit);
  }
}

/** True for products and the like, whose own unit nobody writes. */
const isReckoned = (value: Value): boolean => value.kind === "arithmetic" || (value.kind === "definition" && isReckoned(value.value));

/** The unit of a figure that is computed. */
function unitOfValue(value: Value): Unit {
  switch (value.kind) {
    case "days between": return DAYS;
    case "arithmetic": case "scaled": case "number": return value.unit;
    case "definition": return unitOfValue(value.value);
    case "fact": case "field": return value.fact.type.kind === "number" ? value.fact.type.unit : NO_UNIT;
    default: return NO_UNIT;
  }
}

/** A value on the right of a comparison: its name where it has one, and what it comes to. */
function operandText(explaining: Explaining, value: Value, unit?: Unit): string {
  const { ground } = explaining;
  switch (value.kind) {
    case "number": return value.written ?? quantityText(value.value, value.unit.text === "" && unit !== undefined ? unit : value.unit);
    case "day": return dateText(value.day);
    case "fact": case "field": return `${value.fact.name} (${valueText(explaining, value)})`;
    case "date of service": return `the date of service (${dateText(ground.facts.on)})`;
    case "shift": return dateText(numberOf(value, ground));
    case "definition": return `${value.definition.name} (${comesTo(explaining, value.value, unit)})`;
    default: return quantityText(numberOf(value, ground), unit === undefined || unit.text === "" ? unitOfValue(value) : unit);
  }
}

/** What a value is called. */
function nameOf(explaining: Explaining, value: Value): string {
  const part = (of: Value): string => (of.kind === "date of service" ? "date of service" : of.kind === "arithmetic" ? `(${nameOf(explaining, of)})` : nameOf(explaining, of));
  switch (value.kind) {
    case "fact": case "field": return value.fact.name;
    case "definition": return value.definition.name;
    case "scaled": return nameOf(explaining, value.value);
    case "date of service": return "the date of service";
    case "days between": return `${part(value.left)} - ${part(value.right)}`;
    case "arithmetic": return `${part(value.left)} ${value.op} ${part(value.right)}`;
    case "shift": return `${part(value.date)} ${value.sign > 0 ? "+" : "-"} ${value.length.kind === "months" ? counted(value.length.months, "month") : value.length.days.kind === "number" ? counted(value.length.days.value, "day") : part(value.length.days)}`;
    case "number": return quantityText(value.value, value.unit);
    case "day": return dateText(value.day);
    case "choice": case "text": return value.text;
    case "count": return `the number of ${value.records.list.name}${value.records.filter === undefined ? "" : ` where ${folded(explaining.text.text.slice(value.records.filter.source.start, value.records.filter.source.end))}`}`;
    default: return assertNever(value);
  }
}

function systemsIn(value: Value): readonly CodeSystem[] {
  if (value.kind === "definition") return systemsIn(value.value);
  return value.kind === "fact" || value.kind === "field" ? systemsOfType(value.fact.type) : [];
}
const setsText = (sets: readonly CodeSet[], conjunction: "and" | "or"): string => (sets.length > 6 ? `${sets.slice(0, 6).map((set) => set.text).join(", ")}, …` : sentenceList(sets.map((set) => set.text), conjunction));

/** The value of a fact or field in words. */
function valueText(explaining: Explaining, value: Value): string {
  const { ground } = explaining;
  if (value.kind !== "fact" && value.kind !== "field") return comesTo(explaining, value);
  const { type } = value.fact;
  switch (type.kind) {
    case "yes/no": return numberOf(value, ground) === 1 ? "yes" : "no";
    case "number": return quantityText(numberOf(value, ground), type.unit);
    case "date": return dateText(numberOf(value, ground));
    case "choice": return type.choices[numberOf(value, ground)] ?? "";
    case "code": return shownCode(otherOf(value, ground) as string, type.systems);
    case "text": return `"${otherOf(value, ground) as string}"`;
    case "list": {
      const list = otherOf(value, ground) as readonly string[];
      return list.length === 0 ? "none" : list.map((each) => (type.of.kind === "code" ? shownCode(each, type.of.systems) : String(each))).join(", ");
    }
    case "records": {
      const list = otherOf(value, ground) as unknown as readonly RecordValue[];
      return list.length === 0 ? "none" : counted(list.length, "entry", "entries");
    }
    case "unknown": return "";
  }
}

// ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
function* factsIn(value: Value): Generator<FactSymbol> {
  switch (value.kind) {
    case "fact": case "field": yield value.fact; break;
    case "scaled": case "definition": yield* factsIn(value.value); break;
    case "arithmetic": case "days between": yield* factsIn(value.left); yield* factsIn(value.right); break;
    case "shift": yield* factsIn(value.date); if (value.length.kind === "days") yield* factsIn(value.length.days); break;
    case "count": yield value.records.list; break;
    default: break;
  }
}

/** The facts that a condition reads itself, not those of its parts. */
export function* factsOf(condition: Condition): Generator<FactSymbol> {
  switch (condition.kind) {
    case "yes": case "known": case "choice": case "text": case "code": case "includes": yield* factsIn(condition.value); break;
    case "compare": yield* factsIn(condition.left); yield* factsIn(condition.right); break;
    case "between": yield* factsIn(condition.value); yield* factsIn(condition.low); yield* factsIn(condition.high); break;
    case "quantified": case "count": yield condition.records.list; if (condition.records.filter !== undefined) yield* outerFacts(condition.records.filter); break;
    case "not": yield* factsOf(condition.operand); break;
    case "definition": yield* factsOf(condition.condition); break;
    case "and": case "or": for (const operand of condition.operands) yield* factsOf(operand); break;
    case "criterion": break;
  }
}

/** Facts of the case that a filter looks at beside the fields of its records. */
function* outerFacts(filter: Condition): Generator<FactSymbol> {
  for (const fact of factsOf(filter)) if (fact.owner === undefined) yield fact;
}

function noteFacts(explaining: Explaining, condition: Condition): void {
  for (const fact of factsOf(condition)) {
    if (explaining.read.has(fact.name) || fact.owner !== undefined) continue;
    const value: Value = { kind: "fact", fact };
    explaining.read.set(fact.name, { name: fact.name, value: isGiven(value, explaining.ground) ? valueText(explaining, value) : undefined, question: fact.question, ...groundsOf(explaining, fact.name) });
  }
}

// ── What is missing ───────────────────────────────────────────────────────────────────────────────────────────────────
/** What a pended case lacks, in the order of the text: facts and answers in the undecided parts of undecided statements. */
function missingItems(explaining: Explaining): readonly MissingItem[] {
  const { decision, policy } = explaining;
  if (decision.determination !== "pend") return [];
  const { program } = decision.evaluator;
  const missing = new Map<string, MissingItem>();
  const visited = new Set<number>();
  const anyApplies = program.scopeNodes.some((node) => decision.truths[node] === MET || decision.truths[node] === OPEN);
  policy.statements.forEach((statement, i) => {
    const open = decision.truths[program.statementNodes[i]!] === UNKNOWN;
    // Where no statement surely applies, it is asked of each whether it does, even if its criteria are not met.
    if (!open && (anyApplies || decision.truths[program.scopeNodes[i]!] !== UNKNOWN)) return;
    statement.scopes.forEach((scope, part) => {
      if (decision.truths[program.scopeParts[i]![part]!] !== UNKNOWN) return;
      if (scope.kind === "condition") missingInCondition(explaining, scope.condition, missing, visited);
      else missing.set(scope.kind, { kind: "request", name: scope.kind, question: `Which ${scope.kind === "codes" ? "codes are" : `${scope.kind} is`} requested?` });
    });
    if (open) missingIn(explaining, policy.criteria[statement.index]!, missing, visited);
  });
  const { unobtainable } = explaining.grounds;
  if (unobtainable === undefined) return [...missing.values()];
  return [...missing.values()].map((item) => {
    const reason = item.kind === "request" ? undefined : unobtainable.get(item.name);
    return reason === undefined ? item : { ...item, unobtainable: true, ...(reason === "" ? {} : { reason }) };
  });
}

function missingIn(explaining: Explaining, symbol: CriterionSymbol, missing: Map<string, MissingItem>, visited: Set<number>): void {
  if (visited.has(symbol.index)) return;
  visited.add(symbol.index);
  for (const guard of symbol.guards) missingInCondition(explaining, guard, missing, visited);
  if (outcomeOf(explaining.decision, symbol.index) === "not applicable") return;
  if (symbol.attested && truthAt(explaining, symbol.index) === UNKNOWN) {
    const prose = symbol.node.kind === "criterion" ? plainProse(explaining.text, symbol.node.prose) : "";
    missing.set(symbol.address, { kind: "criterion", name: symbol.address, question: `Is ${symbol.address} met: ${prose}?` });
  }
  for (const condition of [...symbol.conditions, ...symbol.waivers, ...symbol.exceptions]) missingInCondition(explaining, condition, missing, visited);
  for (const part of [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups, ...symbol.exceptionGroups]) {
    const guarded = part.guards.some((guard) => truthOf(guard, explaining.ground) === UNKNOWN);
    if (truthAt(explaining, part.index) === UNKNOWN || guarded) missingIn(explaining, part, missing, visited);
  }
  if (symbol.allOthers) {
    for (const statement of explaining.policy.statements) if (statement.statement === "necessary" && truthAt(explaining, statement.index) === UNKNOWN) missingIn(explaining, explaining.policy.criteria[statement.index]!, missing, visited);
  }
}

function missingInCondition(explaining: Explaining, condition: Condition, missing: Map<string, MissingItem>, visited: Set<number>, negated = false): void {
  if ((negated ? falsityOf : truthOf)(condition, explaining.ground) !== UNKNOWN) return;
  switch (condition.kind) {
    case "and": case "or": for (const operand of condition.operands) missingInCondition(explaining, operand, missing, visited, negated); return;
    case "not": missingInCondition(explaining, condition.operand, missing, visited, !negated); return;
    case "definition": missingInCondition(explaining, condition.condition, missing, visited, negated); return;
    case "criterion": missingIn(explaining, explaining.policy.criteria[condition.index]!, missing, visited); return;
    default: break;
  }
  for (const fact of factsOf(condition)) {
    const given = isGiven({ kind: "fact", fact }, explaining.ground);
    if (given && !lacksFieldsOf(explaining.ground, condition, fact)) continue;
    if (!missing.has(fact.name)) missing.set(fact.name, { kind: "fact", name: fact.name, question: given ? `${questionOf(fact)} (some entries are incomplete)` : fact.question });
  }
}

/** True if records of a list lack a field that a filter of the condition looks at. */
export function lacksFieldsOf(ground: Ground, condition: Condition, list: FactSymbol): boolean {
  const records = list.type.kind === "records" ? (otherOf({ kind: "fact", fact: list }, ground) as readonly RecordValue[]) : [];
  for (const { list: filtered, filter } of recordSetsIn(condition)) {
    if (filtered !== list || filter === undefined) continue;
    for (const { owner, name } of factsOf(filter)) if (owner === list.name && records.some((record) => record[name] === undefined)) return true;
  }
  return false;
}

function* recordSetsIn(condition: Condition): Generator<RecordSet> {
  switch (condition.kind) {
    case "quantified": case "count":
      yield condition.records;
      if (condition.records.filter !== undefined) yield* recordSetsIn(condition.records.filter);
      break;
    case "compare": yield* countsIn(condition.left); yield* countsIn(condition.right); break;
    case "between": yield* countsIn(condition.value); yield* countsIn(condition.low); yield* countsIn(condition.high); break;
    case "and": case "or": for (const operand of condition.operands) yield* recordSetsIn(operand); break;
    case "not": yield* recordSetsIn(condition.operand); break;
    case "definition": yield* recordSetsIn(condition.condition); break;
    default: break;
  }
}

function* countsIn(value: Value): Generator<RecordSet> {
  switch (value.kind) {
    case "count": yield value.records; break;
    case "scaled": case "definition": yield* countsIn(value.value); break;
    case "arithmetic": case "days between": yield* countsIn(value.left); yield* countsIn(value.right); break;
    case "shift": yield* countsIn(value.date); if (value.length.kind === "days") yield* countsIn(value.length.days); break;
    default: break;
  }
}

// ── The reason and the path ───────────────────────────────────────────────────────────────────────────────────────────
/** From the deciding statement down to the criteria that made it met; for an undecided or unmet one, the statement alone. */
function decidingPath(explaining: Explaining): readonly string[] {
  const { decision, policy } = explaining;
  const statement = policy.statements[decision.statement];
  if (statement === undefined) return [];
  const path = new Set<string>();
  walkMet(explaining, policy.criteria[statement.index]!, path);
  path.add(statement.address);
  return [...path];
}

function walkMet(explaining: Explaining, symbol: CriterionSymbol, path: Set<string>): void {
  if (truthAt(explaining, symbol.index) !== MET || path.has(symbol.address)) return;
  if (symbol.role === "criterion") path.add(symbol.address);
  if (symbol.combination?.op !== "none") for (const item of symbol.items) walkMet(explaining, item, path);
  for (const group of [...symbol.conditionGroups, ...symbol.waiverGroups]) for (const item of group.items) walkMet(explaining, item, path);
}

function citedAlong(explaining: Explaining, path: readonly string[]): Explanation["citations"] {
  const { analysis } = explaining.policy;
  const numbers = new Set<number>();
  for (const address of path) {
    const symbol = analysis.byAddress.get(address);
    if (symbol !== undefined) for (const number of citationsOf(symbol)) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b).map((number) => ({ number, text: proseText(explaining.text, analysis.references.get(number)?.node.prose) }));
}

const KIND_TEXT = {
  necessary: "medically necessary", "not-necessary": "not medically necessary", investigational: "investigational", excluded: "not a covered benefit", "see-policy": "a matter of another policy",
} as const;

function reasonFor(explaining: Explaining, missing: readonly MissingItem[], path: readonly string[], statements: readonly StatementTrace[]): string {
  const { decision, policy } = explaining;
  const statement = policy.statements[decision.statement];
  const leaves = path.filter((address) => !path.some((other) => other.startsWith(`${address}.`)));
  switch (decision.determination) {
    case "approve": {
      const by = leaves.filter((address) => address !== statement!.address);
      return `Statement ${statement!.address} of medical necessity is met${by.length === 0 ? "" : by.length > 6 ? `, by ${counted(by.length, "criterion", "criteria")}` : `, by ${sentenceList(by)}`}.`;
    }
    case "pend": {
      const names = missing.map((item) => item.name);
      const listed = names.length > 8 ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more` : sentenceList(names);
      const absent = missing.filter((item) => item.unobtainable === true);
      if (absent.length === 1 && missing.length === 1) return `${absent[0]!.name} could not be obtained${because(absent[0]!.reason)}: a clinician must decide without it.`;
      if (absent.length > 0 && absent.length === missing.length) return `${sentenceList(absent.map((item) => `${item.name}${because(item.reason)}`))} could not be obtained: a clinician must decide without them.`;
      const said = `${counted(missing.length, "answer")} that could decide the case ${missing.length === 1 ? "is" : "are"} missing: ${listed}.`;
      if (absent.length === 0) return said;
      return `${said} Of these, ${sentenceList(absent.map((item) => `${item.name}${because(item.reason)}`))} could not be obtained: if the other ${missing.length - absent.length === 1 ? "one does" : "ones do"} not decide the case, a clinician must decide without ${absent.length === 1 ? "it" : "them"}.`;
    }
    case "no statement applies": return `Every statement is for other requests: ${exclusions(statements)}. This is no denial; another policy may cover the request.`;
    case "refer": {
      const { from, until } = periodOf(policy.analysis);
      const { on } = decision.facts;
      if (on < from) return `The policy is in force from ${dateText(from)}; the date of service, ${dateText(on)}, lies before that; a clinician must look.`;
      if (on > until) return `The policy was in force until ${dateText(until)}; the date of service, ${dateText(on)}, lies after that; a clinician must look.`;
      if (statement === undefined) return "No statement of medical necessity is met; a clinician must look.";
      const value = decision.truths[decision.evaluator.program.statementNodes[decision.statement]!]!;
      if (value === OPEN && !matchesNothing(explaining, policy.criteria[statement.index]!)) return `An open list of statement ${statement.address} is not settled by what stands on it, because it is not all-inclusive; a clinician must decide.`;
      if (value === OPEN) return `Nothing on an open list of statement ${statement.address} matches, and the list is not all-inclusive; a clinician must decide.`;
      if (value === MET) return `Statement ${statement.address} is met: the service is ${KIND_TEXT[statement.statement]}; a clinician must look.`;
      const { scopeNodes } = decision.evaluator.program;
      if (decision.truths[scopeNodes[decision.statement]!] === NOT_MET) return "No statement of medical necessity applies to this request; a clinician must look.";
      return `The criteria of statement ${statement.address} are not met: ${whyCriterion(explaining, policy.criteria[statement.index]!, "not met")}; a clinician must look.`;
    }
  }
}

/** So many scopes that exclude the request are told. */
const MOST_EXCLUDED = 5;

/** What keeps each statement from speaking of the request: "I is for pathway initial. Here, the request is for pathway repeat". */
function exclusions(statements: readonly StatementTrace[]): string {
  const scopes = new Map<string, string[]>();
  const reasons = new Set<string>();
  for (const { address, scopes: own } of statements) {
    const out = own.find((scope) => scope.outcome === "not met");
    if (out === undefined) continue;
    const wanted = out.text.replace(/^applies to\s+/u, "");
    if (!scopes.has(wanted) && scopes.size === MOST_EXCLUDED) continue;
    scopes.set(wanted, [...(scopes.get(wanted) ?? []), address]);
    reasons.add(out.why);
  }
  const told = [...scopes].map(([wanted, addresses]) => `${sentenceList(addresses)} ${addresses.length === 1 ? "is" : "are"} for ${wanted}`);
  const more = statements.length - [...scopes.values()].flat().length;
  return `${told.join("; ")}${more > 0 ? `; and so on for ${counted(more, "other statement")}` : ""}. Here, ${sentenceList([...reasons])}`;
}

/** True if what leaves a criterion open is a list of which something should match and nothing does. */
function matchesNothing(explaining: Explaining, symbol: CriterionSymbol): boolean {
  const open = symbol.combination?.open === true && truthAt(explaining, symbol.index) === OPEN;
  if (open) return symbol.combination!.op === "any" || symbol.combination!.op === "at-least";
  return [...symbol.items, ...symbol.conditionGroups, ...symbol.waiverGroups].some((part) => truthAt(explaining, part.index) === OPEN && matchesNothing(explaining, part));
}
