// The text that a new policy begins with, and the skeleton of a new case: what "New Policy" and "New Case" write.
import type { Edit } from "../diagnostic.js";
import { oneLine } from "../semantics/casetext.js";
import type { Analysis, FactType } from "../semantics/model.js";
import { dateText, readDate } from "../syntax/dates.js";
import { type DeterminationName, LINES_OF_BUSINESS } from "../vocabulary.js";
import { newCaseInFile, newCaseInPolicy } from "./newcase.js";

/** What is asked for a new policy. Only number and title are needed. */
export interface NewPolicy {
  readonly number: string;
  readonly title: string;
  readonly plan?: string | undefined;
  readonly lineOfBusiness?: string | undefined;
  /** First date of service, `2026-01-01`. */
  readonly effective: string;
}

/** What is wrong with an answer, in words for the person who gave it; undefined where it can be used. */
export function policyAnswerProblem(field: keyof NewPolicy, answer: string): string | undefined {
  const text = answer.trim();
  switch (field) {
    case "number":
      if (text === "") return "A policy needs a number.";
      return /^[\p{L}\p{N}][\p{L}\p{N}._/-]*$/u.test(text) ? undefined : "A number is made of letters, figures, dots and hyphens, without spaces: CP.MP.69.";
    case "title":
      if (text === "") return "A policy needs a title.";
      return text.includes('"') ? "The title stands between quotation marks and cannot have any of its own." : controls(text);
    case "plan": return text.includes("#") ? "A `#` begins a comment; write the plan's name without it." : controls(text);
    case "lineOfBusiness":
      return text.split(",").every((each) => (LINES_OF_BUSINESS as readonly string[]).includes(each.trim())) ? undefined : `Known are ${LINES_OF_BUSINESS.join(", ")}.`;
    case "effective": return dayProblem(text);
  }
}

const controls = (text: string): string | undefined => (/[\p{Cc}\u2028\u2029]/u.test(text) ? "Write it on one line." : undefined);

function dayProblem(text: string): string | undefined {
  const { day, precision } = readDate(text, 0);
  return day !== undefined && precision === "day" ? undefined : "Write a day of the calendar as 2026-01-31.";
}

/** The text of a new policy: every section in its place, complete enough to have no findings and one case that passes. */
export function policyTemplate(given: NewPolicy): string {
  const title = given.title.trim();
  const effective = given.effective.trim();
  const plan = given.plan?.trim() ?? "";
  const lines = given.lineOfBusiness?.trim() ?? "";
  const header = [
    `policy ${given.number.trim()} "${title}"`,
    ...(plan === "" ? [] : [`  plan              ${plan}`]),
    ...(lines === "" ? [] : [`  line of business  ${lines}`]),
    `  revised           ${effective}`,
    `  effective         ${effective}`,
  ];
  return `${header.join("\n")}

description
  What the treatment is and whom the policy is for.

# What has to be known of a case: a name, a type, and the question for the person who enters the case.
facts
  age  years  "Age on the date of service"

# The criteria, in the words of the policy. A \`when\` line decides a criterion; without one a reviewer answers it.
criteria
I. The request is medically necessary when all of the following are met:
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. The treating clinician has documented the need

revisions
  ${effective}, effective ${effective}
    New policy.

# Examples of requests with what they must come to. They run from the margin and in the Test Explorer.
cases
  case "Adult with a documented need"
    on ${effective}
    age = 40 years
    I.B = met
    expect approve by I

  case "Nobody has said whether the need is documented"
    on ${effective}
    age = 40 years
    expect pend missing I.B

  case "Child"
    on ${effective}
    age = 12 years
    I.B = met
    expect refer
    expect I.A not met
`;
}

/** The name of a file for a policy: `home-oxygen-therapy.policy`. */
export function policyFileName({ title, number }: Pick<NewPolicy, "title" | "number">): string {
  const words = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/gu, "");
  return `${words || number.toLowerCase()}.policy`;
}

// ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** What is asked for a new case. */
export interface NewCaseAnswers {
  readonly name: string;
  /** Date of service, `2026-01-31`. */
  readonly on: string;
}

/** What is wrong with an answer, in words for the person who gave it; undefined where it can be used. */
export function caseAnswerProblem(field: keyof NewCaseAnswers, answer: string, taken: readonly string[]): string | undefined {
  if (field === "on") return dayProblem(answer.trim());
  const name = oneLine(answer);
  if (name === "") return "A case needs a name: what is special about it?";
  return taken.includes(name) ? "There is a case of this name already." : undefined;
}

/** The date of service to propose: today where the policy is in force then, else its first or last day. */
export function proposedDate(from: number, until: number, today: number): string {
  return dateText(Math.min(Math.max(today, from), Math.max(from, until)));
}

/** What a case may expect, the likeliest of a form that is not filled in first. */
const DETERMINATION_STOPS: readonly DeterminationName[] = ["pend", "approve", "refer", "no statement applies"];

/** A skeleton as a snippet (with tab stops) that takes the place of a stretch of text. */
export type Skeleton = Edit;

/**
 * A case as a form to fill in: a comment for every fact of the policy, since what is not known is left out, and every criterion
 * that a reviewer answers as unknown.
 */
export function caseInPolicy(analysis: Analysis, answers: NewCaseAnswers): Skeleton {
  const edit = newCaseInPolicy(analysis, bare(answers));
  const stops = tabStops();
  const lines = [
    ...factLines(analysis, "    ", " ="),
    ...attestedOf(analysis).map((address) => `    ${address} = ${stops(["unknown", "met", "not met", "unable to obtain"])}`),
    `    expect ${stops(DETERMINATION_STOPS)}`,
  ];
  return { start: edit.start, end: edit.end, text: withLines(edit.text, /^ {4}on .*$/mu, lines, analysis.text) };
}

/** The same in a case file of YAML; undefined for any other text. */
export function caseInFile(text: string, analysis: Analysis, answers: NewCaseAnswers): Skeleton | undefined {
  if (/^\s*[[{]/u.test(text)) return undefined;
  const edit = newCaseInFile(text, analysis.facts, bare(answers));
  const indent = /^([^\S\r\n]*)on: .*$/mu.exec(edit?.text ?? "")?.[1];
  if (edit === undefined || indent === undefined) return undefined;
  const stops = tabStops();
  const facts = factLines(analysis, `${indent}  `, ":");
  const attested = attestedOf(analysis).map((address) => `${indent}  ${address.includes("*") ? `"${address}"` : address}: ${stops(["unknown", "met", "not met", "unable to obtain"])}`);
  const lines = [
    ...(facts.length === 0 ? [] : [`${indent}# facts:`, ...facts]),
    ...(attested.length === 0 ? [] : [`${indent}criteria:`, ...attested]),
    `${indent}expect:`,
    `${indent}  determination: ${stops(DETERMINATION_STOPS)}`,
  ];
  return { start: edit.start, end: edit.end, text: withLines(edit.text, /^[^\S\r\n]*on: .*$/mu, lines, text) };
}

/** A comment line for each fact, `# age = … years  # Age on the date of service`: without its first sign, a fact of the case. */
function factLines(analysis: Analysis, indent: string, sign: string): readonly string[] {
  const forms = [...analysis.facts.values()].map((fact) => ({ fact, form: `${indent}# ${fact.name}${sign}${formOf(fact.type)}` }));
  const column = Math.min(WIDEST_FORM, Math.max(0, ...forms.map(({ form }) => form.length)));
  return forms.flatMap(({ fact, form }) => {
    const line = escaped(fact.question === undefined ? form : `${form.padEnd(column)}  # ${oneLine(fact.question)}`);
    const record = fact.type.kind === "records" ? fact.type.fields.map((field) => `${field.name}${sign}${formOf(field.type)}`).join(", ") : "";
    return record === "" ? [line] : [line, escaped(`${indent}#   - ${sign === ":" ? `{ ${record} }` : record}`)];
  });
}

const WIDEST_FORM = 48;

/** What is to be written for a fact. */
function formOf(type: FactType): string {
  switch (type.kind) {
    case "yes/no": return " yes or no";
    case "number": return ` …${type.unit.text === "" ? "" : ` ${type.unit.text}`}`;
    case "date": return " …-…-…";
    case "choice": return ` ${type.choices.join(" or ")}`;
    case "code": return ` ${type.systems.join(" or ")} …`;
    case "list": return `${formOf(type.of)}, …`;
    case "records": return "";
    case "text": return " \"…\"";
    case "unknown": return " …";
  }
}

const bare = ({ name, on }: NewCaseAnswers): Parameters<typeof newCaseInPolicy>[1] => ({ name: oneLine(name), on: readDate(on.trim(), 0).day ?? 0, facts: new Map(), attested: new Map() });

const attestedOf = (analysis: Analysis): readonly string[] => analysis.criteria.filter((symbol) => symbol.attested && symbol.role === "criterion").map((symbol) => symbol.address);

/** Gives tab stops in turn. */
function tabStops(): (choices: readonly string[]) => string {
  let count = 0;
  return (choices) => {
    count++;
    return `\${${count}|${choices.join(",")}|}`;
  };
}

/** Text that a snippet takes as it is. */
const escaped = (text: string): string => text.replace(/[\\$}]/gu, "\\$&");

/** The text of an edit as a snippet, with lines put in behind the one that `after` finds. */
function withLines(text: string, after: RegExp, lines: readonly string[], whole: string): string {
  const eol = whole.includes("\r\n") ? "\r\n" : "\n";
  const found = after.exec(text)!;
  const end = found.index + found[0].trimEnd().length;
  return `${escaped(text.slice(0, end))}${eol}${lines.join(eol)}${escaped(text.slice(end))}`;
}
