// The words and signs in which explanations speak of outcomes, determinations and statements.
import type { ConditionTrace, CriterionTrace, DeterminationName, EvidenceRead, Explanation, MissingItem, Outcome, StatementTrace } from "../evaluate/model.js";
import { counted } from "../text.js";
import type { StatementKind } from "../vocabulary.js";

export const SIGNS: Readonly<Record<Outcome, string>> = { met: "✓", "not met": "✗", unknown: "?", "not applicable": "–" };

/** The determination as a reviewer would say it. */
export const DETERMINATION_WORDS: Readonly<Record<DeterminationName, string>> = {
  approve: "the criteria of medical necessity are met",
  pend: "information is missing",
  refer: "a clinician must look at this request",
  "no statement applies": "the policy says nothing about this request",
};

export const KIND_WORDS: Readonly<Record<StatementKind, string>> = {
  necessary: "medically necessary",
  "not-necessary": "not medically necessary",
  investigational: "investigational",
  excluded: "excluded from coverage",
  "see-policy": "left to another policy",
};

/** `LA.CP.MP.69  Intensity-Modulated Radiotherapy` */
export function policyTitle({ policy }: Explanation): string {
  const parts = [policy.number, policy.title].filter((part): part is string => part !== undefined && part !== "");
  return parts.length === 0 ? "Policy without number and title" : parts.join("  ");
}

/** Which version of the policy decided; undefined where the policy says no dates and is the only one. */
export function versionWords({ policy: { effective, ends, source, asOf } }: Explanation): string | undefined {
  if (effective === undefined && ends === undefined && source === undefined && asOf === undefined) return undefined;
  const dates = [effective === undefined ? "without an effective date" : `effective ${effective}`, ...(ends === undefined ? [] : [`ends ${ends}`])].join(", ");
  const version = `${dates}${source === undefined ? "" : ` (${source})`}`;
  return asOf === undefined ? `Version ${version}` : `Version in force on ${asOf}, as asked for: ${version}. Ages, windows and codes are as of the date of service.`;
}

/** What an approval comes with, each with its name; empty where nothing is stated. */
export function approvalWords({ approval }: Explanation): readonly (readonly [name: string, words: string])[] {
  if (approval === undefined) return [];
  const { duration, quantities } = approval;
  return [
    ...(duration === undefined ? [] : [["Approved for", `${duration.text}, through ${duration.until}`] as const]),
    ...quantities.map(({ text }) => ["Quantity limit", text] as const),
  ];
}

/** What has to be found out, in words. */
export function missingWords(item: MissingItem): string {
  return item.kind === "request" ? `the request's ${item.name}` : item.name;
}

/** The question for what is missing; where it could not be obtained, that instead, with the reason. */
export function questionWords(item: MissingItem): string | undefined {
  if (item.unobtainable !== true) return item.question;
  return `${item.question === undefined ? "" : `${item.question} – `}could not be obtained${item.reason === undefined ? "" : ` (${item.reason})`}`;
}

/** `RT plan comparison, p. 3, 2025-04-02 – mean dose of the 3D plan` */
export function evidenceWords({ source, page, date, note, record }: EvidenceRead): string {
  const place = [source, ...(page === undefined ? [] : [`${/[-–&,]|and/u.test(page) ? "pp." : "p."} ${page}`]), ...(date === undefined ? [] : [date])].join(", ");
  return `${record === undefined ? "" : `entry ${record}: `}${place}${note === undefined ? "" : ` – ${note}`}`;
}

/** Why something is as it is, for a reader: the reasons of the conditions, or what was attested or counted. */
export function reasonsOf(trace: CriterionTrace): string[] {
  const reasons: string[] = [];
  for (const guard of trace.guards) {
    if (guard.outcome === "met") reasons.push(`applies, since ${reasonOf(guard)}`);
    else if (guard.outcome === "unknown") reasons.push(`may not apply: ${reasonOf(guard)}`);
    else reasons.push(`does not apply: ${reasonOf(guard)}`);
  }
  if (trace.outcome === "not applicable") return reasons.length > 0 ? reasons : present(trace.why);
  for (const condition of trace.conditions) reasons.push(reasonOf(condition));
  for (const exception of trace.exceptions) {
    if (exception.outcome === "met") reasons.push(`an exception is met: ${reasonOf(exception)}`);
    else if (exception.outcome === "unknown") reasons.push(`an exception is unknown: ${reasonOf(exception)}`);
    else reasons.push(`no exception: ${reasonOf(exception)}`);
  }
  for (const waiver of trace.waivers) {
    if (waiver.outcome === "met") reasons.push(`waived: ${reasonOf(waiver)}`);
    else if (waiver.outcome === "unknown") reasons.push(`may be waived: ${reasonOf(waiver)}`);
    else reasons.push(`not waived: ${reasonOf(waiver)}`);
  }
  if (trace.items.length === 0 && reasons.length === 0) reasons.push(...present(trace.why));
  return reasons;
}

const present = (text: string): string[] => (text === "" ? [] : [text]);
const reasonOf = (condition: ConditionTrace): string => condition.why || condition.text;

/** Whether a statement says what is not covered; it is good news when it is not met. */
export const limits = (statement: StatementTrace): boolean => statement.kind !== "necessary";

/** What a statement means for the request, where its outcome alone would be read wrongly. */
export function statementRemark(statement: StatementTrace): string | undefined {
  if (statement.applies === "not applicable" || statement.applies === "not met") {
    // What the request does not say keeps no statement from it.
    const why = statement.scopes.filter((scope) => scope.outcome === "not met").map((scope) => scope.why);
    return `does not apply to this request${why.length > 0 ? `: ${why.join("; ")}` : ""}`;
  }
  const open = statement.scopes.filter((scope) => scope.outcome === "unknown").map((scope) => scope.why);
  if (statement.applies === "unknown") return `may not apply to this request${open.length > 0 ? `: ${open.join("; ")}` : ""}`;
  if (!limits(statement)) return undefined;
  if (statement.outcome === "met") return `${KIND_WORDS[statement.kind]}: a clinician must look`;
  if (statement.outcome === "unknown") return `could make the request ${KIND_WORDS[statement.kind]}`;
  return "does not limit this request";
}

/** The citations of a criterion as they follow its prose, ` [1-3, 47]`; empty where there are none. */
export function citationMark({ citations, prose }: CriterionTrace): string {
  if (citations.length === 0 || /\[\d[\d,\s–-]*\]\W*$/u.test(prose)) return "";
  const runs: [number, number][] = [];
  for (const number of [...new Set(citations)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return ` [${runs.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(", ")}]`;
}

/** Criteria without items below and at a node: what a reviewer would answer one by one. */
export function leavesOf(trace: CriterionTrace): CriterionTrace[] {
  return trace.items.length === 0 ? [trace] : trace.items.flatMap(leavesOf);
}

/** What stands in place of a folded branch: `6 criteria, none met`. */
export function branchWords(trace: CriterionTrace): string {
  const leaves = leavesOf(trace);
  const count = (outcome: Outcome): number => leaves.filter((leaf) => leaf.outcome === outcome).length;
  const [met, unknown, out] = [count("met"), count("unknown"), count("not applicable")];
  const all = counted(leaves.length, "criterion", "criteria");
  if (unknown === leaves.length) return `${all}, ${leaves.length === 1 ? "" : "all "}unknown`;
  if (out === leaves.length) return `${all}, ${leaves.length === 1 ? "not applicable" : "none applies"}`;
  return [all, met === 0 ? "none met" : `${met} met`, ...(unknown > 0 ? [`${unknown} unknown`] : [])].join(", ");
}
