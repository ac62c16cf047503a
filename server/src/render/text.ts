// An explanation for a terminal: determination and reason, what is missing, the criteria as a tree, sources and facts.
import type { CriterionTrace, Explanation, Outcome, StatementTrace } from "../evaluate/model.js";
import { counted } from "../text.js";
import type { Colours } from "./colours.js";
import { folding, type Detail, type Fold } from "./folding.js";
import { displayWidth, padded, visible, wrapped } from "./width.js";
import { approvalWords, citationMark, DETERMINATION_WORDS, evidenceWords, limits, missingWords, policyTitle, questionWords, reasonsOf, SIGNS, statementRemark, versionWords } from "./words.js";

export interface TextOptions {
  readonly colours: Colours;
  /** Columns of the terminal. */
  readonly width: number;
  /** How much of the criteria to show; `folded` where nothing is said. */
  readonly detail?: Detail | undefined;
  /** Addresses that are shown in any case: those a failed expectation speaks of. */
  readonly wanted?: readonly string[] | undefined;
  /** False leaves out the lines that name the policy and the case, where they stand above it already. */
  readonly heading?: boolean | undefined;
}

const NARROWEST = 60;
/** So many missing facts, and facts not needed, are named; of more only the number is given. */
const FEW = 6;

/** The explanation as lines of text, each section behind an empty line, without a line end after the last. */
export function explanationText(explanation: Explanation, options: TextOptions): string {
  const { colours } = options;
  const width = Math.max(NARROWEST, options.width);
  const detail = options.detail ?? "folded";
  const sections = [
    ...(options.heading === false ? [] : [heading(explanation, colours, width)]),
    determination(explanation, colours, width),
    missing(explanation, colours, width, detail === "path" ? FEW : Infinity),
    criteria(explanation, { colours, width, detail, wanted: options.wanted }),
    ...(detail === "path" ? [] : [citations(explanation, colours, width), facts(explanation, colours, width, detail === "all")]),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}

/** Paints a text in the colour of the determination. */
export function determinationColour(determination: Explanation["determination"], colours: Colours): (text: string) => string {
  switch (determination) {
    case "approve": return colours.green;
    case "pend": return colours.yellow;
    // Not red: a referral is no denial.
    case "refer": return colours.cyan;
    case "no statement applies": return colours.magenta;
  }
}

function heading(explanation: Explanation, colours: Colours, width: number): string[] {
  const version = versionWords(explanation);
  return [...wrapped(policyTitle(explanation), width).map(colours.bold), ...(version === undefined ? [] : wrapped(version, width)), ...wrapped(`Case “${explanation.case}”, date of service ${explanation.on}`, width)];
}

function determination(explanation: Explanation, colours: Colours, width: number): string[] {
  const { determination: name } = explanation;
  const paint = determinationColour(name, colours);
  return [
    `${paint(colours.bold(name.toUpperCase()))}  ${DETERMINATION_WORDS[name]}`,
    ...[explanation.reason, ...approvalWords(explanation).map(([name, words]) => `${name}: ${words}.`), ...explanation.remarks].flatMap((text) => wrapped(text, width - 2).map((line) => `  ${line}`)),
  ];
}

function missing(explanation: Explanation, colours: Colours, width: number, most: number): string[] {
  if (explanation.missing.length === 0) return [];
  const named = explanation.missing.slice(0, most);
  const more = explanation.missing.length - named.length;
  const title = explanation.determination === "pend" ? "To be found out" : "Not known";
  return [
    colours.bold(title),
    ...rows(named.map((item) => [missingWords(item), questionWords(item) ?? ""]), width, colours.yellow, "?"),
    ...(more > 0 ? [colours.dim(`  … ${counted(more, "other")}`)] : []),
  ];
}

/** Rows of a name and a text, the texts aligned and wrapped; names that are too long stand on a line of their own. */
function rows(entries: readonly (readonly [string, string])[], width: number, paint: (text: string) => string, sign?: string): string[] {
  const lead = sign === undefined ? "  " : `  ${paint(sign)} `;
  const indent = sign === undefined ? 2 : 4;
  const widest = Math.max(...entries.map(([name]) => displayWidth(visible(name))));
  const column = Math.min(widest, Math.floor(width / 3));
  return entries.flatMap(([name, text]) => {
    const shown = visible(name);
    if (text === "") return [`${lead}${paint(shown)}`];
    const room = width - indent - column - 2;
    const lines = wrapped(text, room).map((line) => " ".repeat(indent + column + 2) + line);
    if (displayWidth(shown) > column) return [`${lead}${paint(shown)}`, ...lines];
    return [`${lead}${paint(padded(shown, column))}  ${lines[0]!.trimStart()}`, ...lines.slice(1)];
  });
}

interface Tree {
  readonly colours: Colours;
  readonly width: number;
  readonly detail: Detail;
  readonly wanted: readonly string[] | undefined;
}

function criteria(explanation: Explanation, options: Tree): string[] {
  const { colours, width } = options;
  const fold = folding(explanation, options.detail, options.wanted);
  const path = new Set(explanation.path);
  const lines: string[] = [];
  const unshown = new Map(explanation.factsRead.flatMap(({ name, evidence }) => (evidence === undefined ? [] : [[name, evidence] as const])));
  let folded = false;

  const several = (traces: readonly CriterionTrace[], depth: number): void => {
    let hidden = 0;
    for (const trace of traces) {
      const how = fold(trace, depth);
      if (how.show === "hidden") hidden++;
      else one(trace, depth, how);
    }
    if (hidden > 0 && hidden < traces.length) {
      folded = true;
      lines.push(colours.dim(`${"  ".repeat(depth)}… ${counted(hidden, "other")}`));
    }
  };
  const one = (trace: CriterionTrace, depth: number, how: Fold, statement?: StatementTrace): void => {
    const remark = statement && statementRemark(statement);
    const silent = statement !== undefined && limits(statement) && statement.outcome !== "met";
    const away = statement !== undefined && (statement.applies === "not applicable" || statement.applies === "not met");
    const outcome = away ? "not applicable" : trace.outcome;
    lines.push(...item(trace, depth, outcome, silent, path.has(trace.address) && trace.role === "criterion", how.show === "folded" ? how.words : undefined));
    const indent = 2 * depth + 4;
    const because = (text: string): void => {
      lines.push(...wrapped(text, width - indent - 4).map((line, index) => `${" ".repeat(indent)}${colours.dim(`${index === 0 ? "→" : " "} ${line}`)}`));
    };
    if (remark !== undefined) because(remark);
    if (how.show !== "open" || (away && options.detail !== "all")) {
      folded ||= how.show === "folded";
      return;
    }
    if (trace.leftOpen) because(trace.why || "the list is open: a clinician decides whether something else belongs to it");
    else for (const reason of reasonsOf(trace)) because(reason);
    for (const evidence of trace.evidence ?? []) because(`evidence: ${evidenceWords(evidence)}`);
    // The evidence of a fact stands at the first criterion that reads it.
    for (const name of trace.evidenced ?? []) if (unshown.has(name)) for (const evidence of unshown.get(name)!) because(`evidence for ${name}: ${evidenceWords(evidence)}`);
    for (const name of trace.evidenced ?? []) unshown.delete(name);
    if (options.detail === "all") for (const note of trace.notes) because(`note: ${note}`);
    // What stands below something that does not apply would only mislead.
    if (outcome !== "not applicable" || options.detail === "all") several(trace.items, depth + 1);
  };
  const item = (trace: CriterionTrace, depth: number, outcome: Outcome, silent: boolean, deciding: boolean, words?: string): string[] => {
    const lead = "  ".repeat(depth);
    const label = labelOf(trace);
    const text = `${words === undefined ? trace.prose : trace.prose.replace(/:$/u, "")}${citationMark(trace)}${words === undefined ? "" : ` (${words})`}`;
    const hang = label === "" ? 2 : 3 + displayWidth(label);
    const paint = words !== undefined || silent ? colours.dim : (line: string) => line;
    const body = wrapped(text, Math.max(20, width - 2 - lead.length - hang));
    const sign = silent ? colours.dim(SIGNS[outcome]) : outcomeColour(outcome, colours)(SIGNS[outcome]);
    const name = label === "" ? "" : `${deciding ? colours.bold(label) : paint(label)} `;
    return body.map((line, index) => (index === 0 ? `${lead}${sign} ${name}${paint(line)}` : `${lead}${" ".repeat(hang)}${paint(line)}`));
  };

  for (const statement of explanation.statements) {
    const how = fold(statement.criterion, 0);
    if (how.show !== "hidden") one(statement.criterion, 0, how, statement);
  }
  if (lines.length === 0) return [];
  const legend = (Object.keys(SIGNS) as Outcome[]).map((outcome) => `${SIGNS[outcome]} ${outcome}`).join("   ");
  const hint = folded && options.detail === "folded" ? [colours.dim("Branches of which nothing is met are folded; --verbose shows every criterion.")] : [];
  return [`${colours.bold("Criteria")}   ${colours.dim(legend)}`, ...lines.map((line) => `  ${line}`), ...hint];
}

/** The label as the policy prints it; a group has the keyword of its clause. */
export function labelOf(trace: CriterionTrace): string {
  switch (trace.role) {
    case "exception group": return "unless";
    case "waiver group": return "waived when";
    case "condition group": return "when";
    default: return trace.label;
  }
}

function outcomeColour(outcome: Outcome, colours: Colours): (text: string) => string {
  switch (outcome) {
    case "met": return colours.green;
    case "not met": return colours.red;
    case "unknown": return colours.yellow;
    case "not applicable": return colours.dim;
  }
}

function citations(explanation: Explanation, colours: Colours, width: number): string[] {
  if (explanation.citations.length === 0) return [];
  return [colours.bold("Sources"), ...rows(explanation.citations.map(({ number, text }) => [`[${number}]`, text]), width, (text) => text)];
}

/** The facts given, with their values and questions, and in one sentence those that were not needed. */
function facts(explanation: Explanation, colours: Colours, width: number, all: boolean): string[] {
  const given = explanation.factsRead.filter((fact) => fact.value !== undefined);
  const asked = new Set(explanation.missing.map((item) => item.name));
  const absent = explanation.factsRead.filter((fact) => fact.value === undefined && !asked.has(fact.name)).map((fact) => fact.name);
  if (given.length + absent.length === 0) return [];
  const name = Math.max(0, ...given.map((fact) => displayWidth(fact.name)));
  const value = Math.max(0, ...given.map((fact) => displayWidth(fact.value!)).filter((room) => room <= width / 4));
  const indent = 2 + name + 2;
  const lines = given.flatMap((fact) => {
    const values = wrapped(fact.value!, width - indent);
    // A value that is too long for its column, such as a list, has its question below it.
    const below = values.length > 1 || displayWidth(values[0]!) > value;
    const column = below ? indent : indent + value + 2;
    const questions = fact.question === undefined ? [] : wrapped(fact.question, width - column).map(colours.dim);
    const first = `  ${padded(fact.name, name)}  ${values[0]!}`;
    if (below) return [first, ...[...values.slice(1), ...questions].map((line) => " ".repeat(indent) + line)];
    if (questions.length === 0) return [first];
    return questions.map((line, index) => (index === 0 ? `${padded(first, column)}${line}` : " ".repeat(column) + line));
  });
  const unread = all || absent.length <= FEW ? absent.join(", ") : counted(absent.length, "fact");
  const rest = absent.length === 0 ? [] : wrapped(`Not given, and not needed: ${unread}.`, width - 2).map((line) => colours.dim(`  ${line}`));
  return [colours.bold("Facts read"), ...lines, ...rest];
}
