// Runs the cases of a policy or a case file on the text as it stands in the editor, and puts the results into places of it.
import type { CaseResult, CriterionTrace, Explanation } from "../evaluate/model.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import { offsetAt, positionAt, type LineIndex } from "../text.js";
import { whyNotEvaluated } from "./cases.js";
import { toRange } from "./convert.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { CaseItem, CriterionOutcome, EvaluatedCase, EvaluateParams, EvaluateResult } from "./protocol.js";

interface CaseSource {
  readonly cases: readonly PolicyCase[];
  readonly lines: LineIndex;
  readonly policy: Analysis | undefined;
  /** The version that decides each case, where there are several. */
  readonly versions?: readonly Analysis[] | undefined;
}

async function sourceOf(documents: Documents, uri: string): Promise<CaseSource | undefined> {
  const analysis = documents.analysis(uri);
  if (analysis !== undefined) return { cases: analysis.cases, lines: analysis.lines, policy: analysis };
  const read = await documents.cases(uri);
  return read && { cases: read.file.cases, lines: read.lines, policy: read.policy, versions: read.versions };
}

/** The cases of a document, in the order of the text. */
export async function listCases(documents: Documents, uri: string): Promise<readonly CaseItem[]> {
  const source = await sourceOf(documents, uri);
  return source === undefined ? [] : source.cases.map((each) => ({ name: each.name, span: toRange(source.lines, each.range), nameSpan: toRange(source.lines, each.nameRange) }));
}

/** Evaluates all cases of a document, or the one at a place. */
export async function evaluate(documents: Documents, { uri, at }: EvaluateParams): Promise<EvaluateResult> {
  const version = documents.get(uri)?.document.version ?? -1;
  const source = await sourceOf(documents, uri);
  if (source === undefined) return { uri, version, cases: [], problem: "This document is neither a policy nor a case file." };
  const { lines } = source;
  const wanted = at === undefined ? source.cases : casesAt(source, offsetAt(lines, at));
  const versionOf = (policyCase: PolicyCase): Analysis | undefined => source.versions?.[source.cases.indexOf(policyCase)] ?? source.policy;
  const policy = wanted[0] === undefined ? source.policy : versionOf(wanted[0]);
  if (policy === undefined) return { uri, version, cases: [], problem: "The policy of these cases was not found. Put the case file beside its policy, or name it with `policy:`." };
  if (policy.policy === undefined) return { uri, version, policyUri: policy.uri, cases: [], problem: whyNotEvaluated(policy) };
  if (wanted.length === 0) return { uri, version, policyUri: policy.uri, cases: [], problem: at === undefined ? "There are no cases to evaluate." : "No case stands here." };
  return {
    uri, version, policyUri: policy.uri,
    cases: wanted.map((each) => {
      const by = versionOf(each)!;
      const result: CaseResult = by.policy === undefined ? { name: each.name, uri, range: each.range, status: "not evaluated", failures: [], reason: whyNotEvaluated(by) } : core().runCase(by.policy, each);
      const shown = evaluated(result, each, lines, by);
      // The marks stand in the policy of the first; a criterion of another version stands on another line.
      return by === policy ? shown : { ...shown, criteria: [] };
    }),
  };
}

function casesAt({ cases }: CaseSource, offset: number): readonly PolicyCase[] {
  const found = cases.filter((each) => each.range.start <= offset && offset <= each.range.end);
  return found.slice(0, 1);
}

function evaluated(result: CaseResult, source: PolicyCase, lines: LineIndex, policy: Analysis): EvaluatedCase {
  const { explanation } = result;
  return {
    name: result.name,
    span: toRange(lines, source.range),
    nameSpan: toRange(lines, source.nameRange),
    status: result.status,
    determination: explanation?.determination,
    summary: summary(result),
    failures: result.failures.map((failure) => ({ message: failure.message, span: toRange(lines, failure.range) })),
    explanation: explanation === undefined ? `# ${result.name}\n\n${result.reason ?? "The case was not evaluated."}` : failureText(result) + core().explanationMarkdown(explanation),
    criteria: explanation === undefined ? [] : outcomes(explanation, policy.lines),
  };
}

const failureText = (result: CaseResult): string => (result.failures.length === 0 ? "" : `> **This case does not come to what it expects.**\n${result.failures.map((failure) => `>\n> ${failure.message}\n`).join("")}\n`);

const SIGNS: Readonly<Record<CaseResult["status"], string>> = { passed: "✓", failed: "✗", "not evaluated": "–", "no expectation": "○" };

/** "✓ approve by I.A", "✗ pend, missing age", "✓ refer, by statement II". */
export function summary({ status, explanation, reason }: CaseResult): string {
  const sign = SIGNS[status];
  return explanation === undefined ? `${sign} not evaluated: ${reason ?? "the case has a mistake"}` : `${sign} ${explanation.determination}${ending(explanation)}`;
}

const MOST_MISSING = 3;

function ending({ determination, path, decidedBy, missing, statements }: Explanation): string {
  switch (determination) {
    case "pend": {
      const names = missing.map((item) => item.name);
      const shown = names.length > MOST_MISSING ? [...names.slice(0, MOST_MISSING), `${names.length - MOST_MISSING} more`] : names;
      return shown.length === 0 ? "" : `, missing ${shown.join(", ")}`;
    }
    case "approve": {
      const by = path[path.length - 1] ?? decidedBy?.address;
      return by === undefined ? "" : ` by ${by}`;
    }
    case "no statement applies": return "";
    case "refer": {
      const decided = statements.find((statement) => statement.address === decidedBy?.address);
      if (decided === undefined) return ", criteria not met";
      if (decided.kind !== "necessary") return `, by statement ${decided.address}`;
      return decided.criterion.leftOpen ? ", the list is open" : ", criteria not met";
    }
  }
}

/** The outcome of every labelled criterion at the line it begins on. */
function outcomes(explanation: Explanation, lines: LineIndex): readonly CriterionOutcome[] {
  const found: CriterionOutcome[] = [];
  const visit = (trace: CriterionTrace): void => {
    if (trace.role === "criterion") found.push({ line: positionAt(lines, trace.range.start).line, address: trace.address, outcome: trace.outcome, why: trace.why });
    for (const item of trace.items) visit(item);
  };
  for (const statement of explanation.statements) visit(statement.criterion);
  return found;
}
