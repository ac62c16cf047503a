// A letter's content: why a case came to its determination, rule by rule, with what the record says and what it lacks.
import { whatIsMissing } from "../../evaluate/missing.js";
import type { Explanation, Outcome, StatementTrace } from "../../evaluate/model.js";
import type { CriterionSymbol, Policy, PolicyCase, StatementSymbol } from "../../semantics/model.js";
import { periodOf } from "../../semantics/period.js";
import { withoutComments } from "../../syntax/prose.js";
import { KIND_WORDS } from "../words.js";
import type { Answered, Audience, Cause, Lacking, Letter, LetterRule, LetterStatement } from "./model.js";
import { answerTo, approvalData, evidenceFor, lackingCriterion, lackingFact, missingOf, policyData, requestedServices, sourcesOf, type Writing, writingOf } from "./parts.js";
import { capitalized, dayInWords, visible } from "./plain.js";
import { asksOf, type Bearing, bearingOn, branchOf, citedAt, whenOf, wordsOf } from "./rules.js";

/** The content of the letter for a case; pure, and the same whatever template shows it. */
export function letterOf(policy: Policy, policyCase: PolicyCase, explanation: Explanation, audience: Audience): Letter {
  const writing = writingOf(policy, policyCase, explanation, audience);
  const cause = causeOf(writing);
  const chosen = statementsFor(writing, cause);
  const wanted = explanation.determination === "pend" ? "unknown" : "not met";
  const needed = explanation.determination === "pend" ? neededFor(writing) : undefined;
  const statements = chosen.map((trace): LetterStatement => {
    const top = branchOf(writing.analysis, trace);
    const rules: LetterRule[] = [];
    for (const bearing of bearingOn(writing.analysis, top, trace.outcome === "met" ? "met" : wanted)) addRules(writing, bearing, 0, rules, needed?.names);
    return {
      section: trace.address,
      words: sentence(writing.plain.words(wordsOf(writing.analysis, top.symbol, true))),
      says: KIND_WORDS[trace.kind],
      when: whenOf(top.symbol),
      outcome: trace.criterion.leftOpen ? "left to a clinician" : OUTCOMES[trace.outcome],
      rules,
    };
  });
  const first = chosen[0];
  const sources = new Map(statements.flatMap(({ rules }) => rules).flatMap((rule) => rule.sources.map((source) => [source.number, source] as const)));
  return {
    kind: explanation.determination === "no statement applies" ? "none" : explanation.determination,
    determination: explanation.determination,
    audience,
    cause,
    policy: policyData(writing),
    case: visible(policyCase.name),
    date: dayInWords(policyCase.on),
    service: serviceOf(writing, first),
    requested: requestedServices(writing).map(capitalized),
    statements,
    needed: needed?.items ?? [],
    approval: approvalData(writing),
    sources: [...sources.values()].sort((a, b) => a.number - b.number),
  };
}

const sentence = (text: string): string => capitalized(text.replace(/[\s.;,:]+$/u, ""));

/** Why a case is referred. */
function causeOf({ policy, policyCase, explanation }: Writing): Cause {
  if (explanation.determination !== "refer") return "";
  const { from, until } = periodOf(policy.analysis);
  // An explanation may be as of another day than that of the service.
  if (explanation.decidedBy === undefined && (policyCase.on < from || policyCase.on > until)) return "not in force";
  const decided = explanation.statements.find(({ address }) => address === explanation.decidedBy?.address);
  if (decided !== undefined && decided.kind !== "necessary" && decided.outcome === "met") return "limited";
  const necessary = explanation.statements.filter(({ kind, applies }) => kind === "necessary" && applies === "met");
  if (necessary.length === 0) return "not covered by the statements";
  return (decided === undefined ? necessary : [decided]).some(({ criterion }) => criterion.leftOpen) ? "open list" : "not met";
}

/** The statements that a letter speaks of, the one that decided first. */
function statementsFor({ analysis, explanation }: Writing, cause: Cause): readonly StatementTrace[] {
  const { determination, decidedBy, statements } = explanation;
  const decided = statements.filter(({ address }) => address === decidedBy?.address);
  if (determination === "no statement applies" || cause === "not in force" || cause === "not covered by the statements") return [];
  const symbolOf = ({ address }: StatementTrace): CriterionSymbol | undefined => analysis.byAddress.get(address);
  if (determination === "approve") return decided;
  if (determination === "pend") {
    const all = statements.filter(({ outcome, applies }) => outcome === "unknown" && applies !== "not met" && applies !== "not applicable");
    // "For all other indications" waits for the others.
    const others = all.filter((each) => symbolOf(each)?.allOthers !== true);
    const open = others.length > 0 ? others : all;
    return [...decided.filter((each) => open.includes(each)), ...open.filter((each) => !decided.includes(each))];
  }
  const unmet = statements.filter(({ kind, applies, address }) => kind === "necessary" && applies === "met" && address !== decidedBy?.address);
  // A limiting statement that holds because others are not met is told with those.
  const rests = decided.some((each) => symbolOf(each)?.allOthers === true || symbolOf(each)?.conditions.some((condition) => condition.kind === "criterion" || condition.kind === "not"));
  return cause === "limited" && !rests ? decided : [...decided, ...unmet];
}

/** What the deciding statement speaks of, else the title of the policy. */
function serviceOf(writing: Writing, trace: StatementTrace | undefined): string {
  const { analysis, plain } = writing;
  const title = plain.words(analysis.header.title ?? "");
  const symbol: StatementSymbol | undefined = analysis.statements.find(({ address }) => address === trace?.address);
  const node = symbol === undefined ? undefined : analysis.criteria[symbol.index]?.node;
  if (symbol?.phrase === undefined || node?.kind !== "criterion" || node.prose === undefined) return title;
  const before = withoutComments(analysis.text, { start: node.prose.start, end: symbol.phrase.start }, analysis.document.comments);
  const subject = /^([^.;:]{2,120}?)\s+(?:is|are)(?:\s+considered)?\s*$/u.exec(visible(before))?.[1];
  return subject === undefined ? title : capitalized(plain.words(subject));
}

const OUTCOMES: Readonly<Record<Outcome, LetterRule["outcome"]>> = { met: "met", "not met": "not met", unknown: "not known", "not applicable": "not met" };

function addRules(writing: Writing, bearing: Bearing, level: number, rules: LetterRule[], needed?: ReadonlySet<string>): void {
  const { analysis, plain } = writing;
  const { branch: { symbol, trace }, parts, list } = bearing;
  // What is told of a list is told once, for all of it.
  const told = level === 0;
  const record: Answered[] = [];
  const lacking: Lacking[] = [];
  if (told) {
    for (const fact of bearing.facts) {
      const answer = answerTo(writing, fact);
      if (answer !== undefined) record.push(answer);
      else if (needed === undefined || needed.has(fact.name)) lacking.push(lackingFact(writing, fact));
    }
    for (const attested of bearing.attested) {
      const outcome = writing.policyCase.attested.get(attested.address);
      if (outcome === undefined || outcome === "unknown") {
        if (needed === undefined || needed.has(attested.address)) lacking.push(attested === symbol ? { ...lackingCriterion(writing, attested), question: "A finding on this" } : lackingCriterion(writing, attested));
      } else if (attested === symbol) {
        const evidence = evidenceFor(writing, attested.address);
        record.push({ question: "The reviewer looked at the record and found this", answer: outcome, text: `The reviewer looked at the record and found this ${outcome}`, entries: [], evidence });
      }
    }
  }
  const heading = list || parts.length > 0;
  const written = symbol.role === "criterion" ? plain.words(wordsOf(analysis, symbol, heading && bearing.because !== "exception" && bearing.because !== "waiver")) : "";
  // A list that is announced by nothing but its count goes by that.
  const words = written !== "" ? written : symbol.combination?.op === "none" ? "none of these applies" : asksOf(symbol);
  rules.push({
    section: symbol.address,
    under: bearing.under.map((each) => capitalized(plain.words(each))),
    words: sentence(words),
    outcome: trace.leftOpen ? "left to a clinician" : OUTCOMES[trace.outcome],
    asks: list ? asksOf(symbol) : "",
    items: symbol.items.length,
    because: bearing.because,
    level,
    indent: "  ".repeat(level),
    record,
    lacking: trace.outcome === "unknown" && !trace.leftOpen ? lacking : trace.outcome === "met" ? [] : lacking.filter((each) => each.unobtainable),
    sources: sourcesOf(writing, citedAt(symbol)),
  });
  for (const part of parts) addRules(writing, part, level + 1, rules, needed);
}

/** What is needed to go on: without what cannot make a difference any more. First comes what could bring the case to approval soonest. */
function neededFor(writing: Writing): { readonly items: readonly Lacking[]; readonly names: ReadonlySet<string> } {
  const { policy, policyCase, explanation } = writing;
  const key = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind} ${name}`;
  const advice = whatIsMissing(policy, policyCase, explanation);
  const settled = new Set(advice?.settled.map(key) ?? []);
  const missing = explanation.missing.filter((item) => !settled.has(key(item)));
  const { sets, total } = advice?.approving ?? { sets: [], total: 0 };
  const soonest = total > sets.length ? new Set<string>() : new Set(sets.flatMap(({ items }) => items.map(key)));
  const some = missing.some((item) => soonest.has(key(item)));
  const items = missingOf({ ...writing, explanation: { ...explanation, missing } }).map((item, i) => ({ ...item, first: !some || soonest.has(key(missing[i]!)) }));
  return { items: [...items.filter(({ first }) => first), ...items.filter(({ first }) => !first)], names: new Set(missing.map(({ name }) => name)) };
}
