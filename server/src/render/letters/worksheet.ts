// A reviewer's worksheet: every criterion of the statements that speak of a request, with outcome, reasons, answers and evidence.
import type { CriterionTrace, Explanation, StatementTrace } from "../../evaluate/model.js";
import { shownCode } from "../../semantics/codes.js";
import type { FactSymbol, Policy, PolicyCase } from "../../semantics/model.js";
import { KIND_WORDS, reasonsOf, statementRemark } from "../words.js";
import type { Answered, Lacking, Worksheet, WorksheetRow, WorksheetStatement } from "./model.js";
import { answerTo, approvalData, evidenceFor, lackingCriterion, lackingFact, missingOf, policyData, sourcesOf, type Writing, writingOf } from "./parts.js";
import { dayInWords, shownWithSystem, visible } from "./plain.js";
import { type Branch, branchOf, citedAt, gather, wordsOf } from "./rules.js";

/** The content of the worksheet for a case. Words and codes stand as in the policy: it is read by those who know them. */
export function worksheetOf(policy: Policy, policyCase: PolicyCase, explanation: Explanation): Worksheet {
  const writing: Sheet = { ...verbatim(writingOf(policy, policyCase, explanation, "provider")), elsewhere: new Set(policy.criteria.map(({ index }) => index)) };
  const statements = explanation.statements.map((trace) => statementOf(writing, trace));
  const cited = new Set<number>();
  for (const { rows } of statements) for (const { sources } of rows) for (const { number } of sources) cited.add(number);
  return {
    policy: policyData(writing), case: visible(policyCase.name), date: dayInWords(policyCase.on), determination: explanation.determination,
    reason: visible(explanation.reason), remarks: explanation.remarks.map(visible),
    request: { codes: (policyCase.codes ?? []).map((code) => shownWithSystem(code)), line: policyCase.lineOfBusiness ?? "", pathway: policyCase.pathway ?? "" },
    approval: approvalData(writing), statements, missing: missingOf(writing), sources: sourcesOf(writing, cited),
  };
}

interface Sheet extends Writing {
  /** All criteria: what a criterion reads by referring to another stands at that other one. */
  readonly elsewhere: Set<number>;
}

/** The same with the policy's words as they are, codes among them. */
function verbatim(writing: Writing): Writing {
  const { plain } = writing;
  const value: typeof plain.value = (type, given) => {
    if (type.kind === "code") return shownCode(given as string, type.systems);
    if (type.kind === "list" && type.of.kind === "code") {
      const { systems } = type.of;
      return (given as readonly string[]).map((each) => shownCode(each, systems)).join(", ") || "none";
    }
    if (type.kind === "text") return visible(String(given));
    return plain.value(type, given);
  };
  return { ...writing, plain: { ...plain, value, words: visible, question: (fact) => visible(fact.question ?? fact.name.replace(/_/gu, " ")) } };
}

const speaks = ({ applies }: StatementTrace): boolean => applies !== "not met" && applies !== "not applicable";

function statementOf(writing: Sheet, trace: StatementTrace): WorksheetStatement {
  const branch = branchOf(writing.analysis, trace);
  const rows: WorksheetRow[] = [];
  // A statement for other requests is named, with the reason, and not gone through.
  if (speaks(trace)) {
    for (const below of branch.branches) addRows(writing, below, 0, rows);
    if (branch.branches.length === 0 || hasOwn(branch)) rows.unshift(rowOf(writing, branch, 0));
  }
  return {
    section: trace.address, words: visible(wordsOf(writing.analysis, branch.symbol, false)), says: KIND_WORDS[trace.kind],
    outcome: speaks(trace) ? outcomeOf(branch.trace) : "does not apply", scope: speaks(trace) && trace.applies === "met" ? "" : visible(statementRemark(trace) ?? ""), rows,
  };
}

const hasOwn = ({ symbol }: Branch): boolean => symbol.conditions.length + symbol.exceptions.length + symbol.waivers.length + symbol.guards.length > 0;

const outcomeOf = ({ outcome, leftOpen }: CriterionTrace): WorksheetRow["outcome"] => (leftOpen ? "left to a clinician" : outcome === "unknown" ? "not known" : outcome === "not applicable" ? "does not apply" : outcome);

function addRows(writing: Sheet, branch: Branch, level: number, rows: WorksheetRow[]): void {
  rows.push(rowOf(writing, branch, level));
  if (branch.trace.outcome === "not applicable") return;
  for (const below of branch.branches) addRows(writing, below, level + 1, rows);
}

function rowOf(writing: Sheet, { symbol, trace }: Branch, level: number): WorksheetRow {
  const facts = new Map<string, FactSymbol>();
  for (const condition of [...symbol.guards, ...symbol.conditions, ...symbol.exceptions, ...symbol.waivers]) gather(writing.analysis, condition, facts, writing.elsewhere);
  const record: Answered[] = [];
  const lacking: Lacking[] = [];
  for (const fact of facts.values()) {
    const answer = answerTo(writing, fact);
    if (answer === undefined) lacking.push(lackingFact(writing, fact));
    else record.push(answer);
  }
  if (symbol.attested) {
    const found = writing.policyCase.attested.get(symbol.address);
    if (found === undefined || found === "unknown") lacking.push({ ...lackingCriterion(writing, symbol), question: "Reviewer’s finding" });
    else record.push({ question: "Reviewer’s finding", answer: found, text: `Reviewer’s finding: ${found}`, entries: [], evidence: evidenceFor(writing, symbol.address) });
  }
  const group = symbol.role !== "criterion";
  const label = symbol.node.kind === "criterion" ? (symbol.node.label?.text ?? "") : "";
  return {
    section: symbol.address, label, words: visible(wordsOf(writing.analysis, symbol, false)), outcome: outcomeOf(trace), group, level, indent: "  ".repeat(level),
    why: reasonsFor(trace).map(visible),
    record, lacking, notes: trace.notes.map(visible), sources: sourcesOf(writing, citedAt(symbol)),
  };
}

/** The reasons of a criterion; what its list or a group of its clauses comes to stands first. */
function reasonsFor(trace: CriterionTrace): readonly string[] {
  const reasons = reasonsOf(trace);
  if (trace.why === "" || (trace.items.length === 0 && !trace.leftOpen)) return reasons;
  return trace.leftOpen ? [trace.why] : [...new Set([trace.why, ...reasons])];
}
