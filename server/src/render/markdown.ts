// An explanation as Markdown (CommonMark with tables): for the editor's preview, for pull requests and for notes.
import type { CriterionTrace, Explanation, FactRead, StatementTrace } from "../evaluate/model.js";
import { approvalWords, citationMark, DETERMINATION_WORDS, evidenceWords, missingWords, policyTitle, questionWords, reasonsOf, SIGNS, statementRemark, versionWords } from "./words.js";
import { folding, type Detail } from "./folding.js";
import { labelOf } from "./text.js";

/** The explanation as Markdown with a final line end. `detail` says how much of the criteria is shown; all of it by default. */
export function explanationMarkdown(explanation: Explanation, detail: Detail = "all"): string {
  const { determination } = explanation;
  const version = versionWords(explanation);
  const parts = [
    `## ${determination[0]!.toUpperCase()}${determination.slice(1)}: ${DETERMINATION_WORDS[determination]}`,
    `**${escaped(policyTitle(explanation))}**\\\n${version === undefined ? "" : `${escaped(version)}\\\n`}Case “${escaped(explanation.case)}”, date of service ${explanation.on}`,
    escaped(explanation.reason),
    approvalWords(explanation).map(([name, words]) => `- **${name}:** ${escaped(words)}`).join("\n"),
    explanation.remarks.map((remark) => `- ${escaped(remark)}`).join("\n"),
    missing(explanation),
    `### Criteria\n\n${criteria(explanation, detail)}`,
    sources(explanation),
    facts(explanation),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Text as it is, in Markdown: nothing in it is markup, a mention or HTML. */
export function escaped(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~#$]/gu, "\\$&")
    .replace(/&/gu, "&amp;")
    .replace(/@(?=\w)/gu, "&#64;")
    .replace(/^([-+])(?=\s|$)/u, "\\$1")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/u, "$1\\$2");
}

/** Text for the cell of a table. */
const cell = (text: string | undefined): string => (text === undefined ? "" : escaped(text));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function missing(explanation: Explanation): string {
  if (explanation.missing.length === 0) return "";
  const title = explanation.determination === "pend" ? "To be found out" : "Not known";
  return `### ${title}\n\n${table(["What", "Question"], explanation.missing.map((item) => [cell(missingWords(item)), cell(questionWords(item))]))}`;
}

function criteria(explanation: Explanation, detail: Detail): string {
  const fold = folding(explanation, detail);
  const path = new Set(explanation.path);
  const lines: string[] = [];

  const walk = (trace: CriterionTrace, depth: number, statement?: StatementTrace): void => {
    const how = fold(trace, depth);
    if (how.show === "hidden") return;
    const indent = "  ".repeat(depth);
    const away = statement !== undefined && (statement.applies === "not applicable" || statement.applies === "not met");
    const remark = statement && statementRemark(statement);
    const label = labelOf(trace);
    const deciding = path.has(trace.address) && trace.role === "criterion";
    const words = escaped(`${trace.prose}${citationMark(trace)}`);
    const prose = deciding && words !== "" ? `**${words}**` : words;
    const outcome = away ? "not applicable" : trace.outcome;
    const name = label === "" || label === "-" ? "" : `**${escaped(label).replace(/\\(?=[.)])/gu, "")}** `;
    const folded = how.show === "folded" ? ` (${how.words})` : "";
    lines.push(`${indent}- ${SIGNS[outcome]} ${name}${prose}${folded}`.trimEnd());
    const because = (text: string): void => {
      lines[lines.length - 1] += "\\";
      lines.push(`${indent}  *${escaped(text)}*`);
    };
    if (remark !== undefined) because(remark);
    if (how.show === "folded" || (away && detail !== "all")) return;
    if (trace.leftOpen) because(trace.why || "the list is open: a clinician decides whether something else belongs to it");
    else for (const reason of reasonsOf(trace)) because(reason);
    for (const evidence of trace.evidence ?? []) because(`Evidence: ${evidenceWords(evidence)}`);
    for (const note of trace.notes) because(`Note: ${note}`);
    if (outcome !== "not applicable" || detail === "all") for (const item of trace.items) walk(item, depth + 1);
  };

  for (const statement of explanation.statements) walk(statement.criterion, 0, statement);
  return `${lines.join("\n")}\n\n${Object.entries(SIGNS).map(([outcome, sign]) => `${sign} ${outcome}`).join(" · ")}`;
}

function sources(explanation: Explanation): string {
  if (explanation.citations.length === 0) return "";
  return `### Sources\n\n${explanation.citations.map(({ number, text }) => `- \\[${number}\\] ${escaped(text)}`).join("\n")}`;
}

function facts(explanation: Explanation): string {
  const given = explanation.factsRead.filter((fact) => fact.value !== undefined);
  if (given.length === 0) return "";
  const evidenced = given.some((fact) => fact.evidence !== undefined);
  const evidence = (fact: FactRead): string[] => (evidenced ? [(fact.evidence ?? []).map((each) => cell(evidenceWords(each))).join("; ")] : []);
  return `### Facts read\n\n${table(["Fact", "Value", "Question", ...(evidenced ? ["Evidence"] : [])], given.map((fact) => [cell(fact.name), cell(fact.value), cell(fact.question), ...evidence(fact)]))}`;
}
