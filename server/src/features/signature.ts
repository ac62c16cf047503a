// Help while a condition is typed: the form that is begun, and which part of it comes next. Quiet wherever no form is begun.
import type { Analysis } from "../semantics/model.js";
import { type ClauseStart, conditionStart } from "./conditionstart.js";

/** A form of the language with its parts, each at its place in the label. */
export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  readonly parts: readonly { readonly start: number; readonly end: number; readonly documentation: string }[];
  /** The part that the cursor stands in. */
  readonly active: number;
}

interface Form {
  /** The parts stand in ‹›. */
  readonly label: string;
  readonly documentation: string;
  readonly parts: readonly string[];
  /** The part that is being written behind these words; undefined where the form is not begun or is complete. */
  active(words: string): number | undefined;
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_-]*`;
const VALUE = String.raw`(?:"[^"]*"|[^\s(),"]+(?:\s+(?!and\b|or\b|before\b|after\b|of\b|where\b)[\p{L}%\[][^\s(),]*)?)`;
const pattern = (source: string): RegExp => new RegExp(source, "u");
/** Steps of a form: which part is written when the words end so. The first that matches counts. */
const steps = (...each: readonly (readonly [string, number])[]): ((words: string) => number | undefined) => {
  const patterns = each.map(([source, part]) => [pattern(`${source}$`), part] as const);
  return (words) => patterns.find(([step]) => step.test(words))?.[1];
};

// The record list and its filter, which reaches to the end of the words or to a parenthesis that closes it.
const FILTER = String.raw`${NAME}\s+where\s+[^()]*(?:\([^()]*\)[^()]*)*`;

/** The forms; those that are told by the words nearest to the cursor stand first. */
const FORMS: readonly Form[] = [
  {
    label: "within the past ‹6› ‹months›", parts: ["How many.", "Days, weeks, months or years. Hours and minutes are not dates."],
    documentation: "A window that ends on the date of service, which is included: `mri_date within the past 6 months`.",
    active: steps([String.raw`\bwithin\s+(?:the\s+)?past\s+\S*`, 0], [String.raw`\bwithin\s+the\s*`, 0], [String.raw`\bwithin\s+(?:the\s+)?past\s+\d[\d.]*\s+\p{L}*`, 1]),
  },
  {
    label: "within ‹30› ‹days› before | after | of ‹date›", parts: ["How many; or `the past` for a window that ends on the date of service.", "Days, weeks, months or years.", "Another date of the case, or `date of service`."],
    documentation: "A window around another date: `started within 30 days after surgery_date`.",
    active: steps([String.raw`\bwithin\s+\d*`, 0], [String.raw`\bwithin\s+\d[\d.]*\s+\p{L}*`, 1], [String.raw`\bwithin\s+\d[\d.]*\s+\p{L}+\s+(?:before|after|of)\s+[\p{L}\p{N}_-]*`, 2]),
  },
  {
    label: "between ‹low› and ‹high›", parts: ["The lower limit, which is included.", "The upper limit, which is included."],
    documentation: "Both limits belong to it: `score between 10 and 27`.",
    active: steps([String.raw`\bbetween\s+${VALUE}\s+and\s+(?:${VALUE}|\S*)`, 1], [String.raw`\bbetween\s+(?:${VALUE}\s*)?`, 0]),
  },
  {
    label: "count of (‹list› where ‹condition›) <= ‹number›", parts: ["A list of records.", "What a record must be to be counted; names are the record's fields first.", "How many there may be."],
    documentation: "How many records match, to be compared with a number: `count of (visits where date within the past 1 year) <= 12`.",
    active: steps([String.raw`\bcount of\s*\(?\s*(?:${NAME})?`, 0], [String.raw`\bcount of\s*\(\s*${NAME}\s+\p{L}*`, 1], [String.raw`\bcount of\s*\(\s*${FILTER}`, 1], [String.raw`\bcount of\s*(?:\((?:[^()]|\([^()]*\))*\)|${NAME})\s*(?:[<>=≤≥≠!]+|at least|at most|more than|less than|exactly)\s*\d*`, 2]),
  },
  {
    label: "at least ‹2› of ‹list› where ‹condition›", parts: ["How many records must match.", "A list of records.", "What a record must be; names are the record's fields first. It takes everything to its right, up to a closing parenthesis."],
    documentation: "Met when that many records match: `at least 2 of therapies where outcome is failure`. `at most` and `exactly` work alike.",
    active: steps(
      [String.raw`(?:^|[\s(])(?:at least|at most|exactly|more than|fewer than|less than)\s+\d+\s+of\s+(?:the\s+)?(?:${NAME})?`, 1],
      [String.raw`(?:^|[\s(])(?:at least|at most|exactly|more than|fewer than|less than)\s+\d+\s+of\s+(?:the\s+)?${NAME}\s+\p{L}*`, 2], [String.raw`(?:^|[\s(])(?:at least|at most|exactly|more than|fewer than|less than)\s+\d+\s+of\s+(?:the\s+)?${FILTER}`, 2],
      [String.raw`(?:^|[(]|\b(?:and|or|not|when|unless|if)\s)\s*(?:at least|at most|exactly)\s+\d*`, 0], [String.raw`(?:^|[(]|\b(?:and|or|not|when|unless|if)\s)\s*(?:at least|at most|exactly)\s+\d+\s+o?`, 0],
    ),
  },
  {
    label: "exists ‹list› where ‹condition›", parts: ["A list of records.", "What a record must be; names are the record's fields first."],
    documentation: "Met when at least one record matches: `exists therapies where outcome is failure`.",
    active: steps([String.raw`\bexists\s+(?:${NAME})?`, 0], [String.raw`\bexists\s+${NAME}\s+\p{L}*`, 1], [String.raw`\bexists\s+${FILTER}`, 1]),
  },
  {
    label: "no ‹list› where ‹condition›", parts: ["A list of records.", "What no record may be."],
    documentation: "Met when no record matches: `no therapies where outcome is success`.",
    active: steps([String.raw`(?:^|[(]|\b(?:and|or|not)\s)\s*no\s+(?:${NAME})?`, 0], [String.raw`(?:^|[(]|\b(?:and|or|not)\s)\s*no\s+${FILTER}`, 1]),
  },
  {
    label: "all of ‹list› where ‹condition›", parts: ["A list of records.", "What every record must be."],
    documentation: "Met when every record matches. An empty list does not: having nothing shows nothing.",
    active: steps([String.raw`(?:^|[(]|\b(?:and|or|not)\s)\s*all of\s+(?:${NAME})?`, 0], [String.raw`(?:^|[(]|\b(?:and|or|not)\s)\s*all of\s+${FILTER}`, 1]),
  },
  {
    label: "include any of ‹value, value›", parts: ["The values, joined by commas. At least one must be on the list; with `all of`, every one."],
    documentation: "The list holds the value: `diagnoses include any of C69.-, C70.-`, `requested include all of 77301, 77338`.",
    active: steps([String.raw`\binclude(?:s)?\s+(?:(?:any|all)\s+(?:of\s+)?)?[^()]*?`, 0]),
  },
  {
    label: "criterion ‹address› is met | is not met", parts: ["Its labels from the top: `I.E.2.b`."],
    documentation: "Another criterion of this policy.",
    active: steps([String.raw`\bcriterion\s+\S*`, 0]),
  },
];

const SCOPES: readonly Form[] = [
  { label: "applies to codes ‹code, code›", parts: ["Codes and ranges, joined by commas; the system stands before them."], documentation: "The statement speaks of requests for these codes: `applies to codes CPT 64483-64484, HCPCS J0585`.", active: steps([String.raw`^\s*codes\s[^]*`, 0]) },
  { label: "applies to line of business ‹name, name›", parts: ["Lines of business, joined by commas."], documentation: "The statement speaks of members of these lines of business.", active: steps([String.raw`^\s*line of business\s[^]*`, 0]) },
  { label: "applies to pathway ‹name, name›", parts: ["initial, continuation, repeat, retrospective or discharge."], documentation: "The statement speaks of such requests.", active: steps([String.raw`^\s*pathway\s[^]*`, 0]) },
  { label: "applies to ‹codes | line of business | pathway | a condition›", parts: ["`codes CPT 64483`, `line of business Medicaid`, `pathway initial`, or a condition such as `age >= 18 years`."], documentation: "Which requests the statement speaks about. Several `applies to` lines must all hold.", active: steps([String.raw`^\s*\p{L}*`, 0]) },
];

/** So many letters before the cursor are looked at: a form is shorter, and a condition may go on over many lines. */
const FARTHEST = 600;

/** The form that is begun at an offset. */
export function signature(analysis: Analysis, offset: number): Signature | undefined {
  if (analysis.document.comments.some((comment) => comment.start < offset && offset <= comment.end)) return undefined;
  const start: ClauseStart | undefined = conditionStart(analysis, offset);
  if (start === undefined || start.end > offset) return undefined;
  const from = Math.max(start.end, offset - FARTHEST);
  const words = blanked(analysis, from, offset).replace(/[^\S ]+/gu, " ");
  if ((words.match(/"/gu)?.length ?? 0) % 2 === 1) return undefined;
  const forms = start.keyword === "applies to" ? [...SCOPES, ...FORMS] : FORMS;
  for (const form of forms) {
    const active = form.active(words);
    if (active !== undefined) return shown(form, active);
  }
  return undefined;
}

function blanked({ text, document }: Analysis, from: number, to: number): string {
  let words = text.slice(from, to);
  if (!words.includes("#")) return words;
  for (const comment of document.comments) if (comment.start >= from && comment.end <= to) words = words.slice(0, comment.start - from) + " ".repeat(comment.end - comment.start) + words.slice(comment.end - from);
  return words;
}

function shown({ label, documentation, parts }: Form, active: number): Signature {
  const places: { start: number; end: number; documentation: string }[] = [];
  let written = "";
  let start = 0;
  for (const letter of label) {
    if (letter === "‹") start = written.length;
    else if (letter === "›") places.push({ start, end: written.length, documentation: parts[places.length]! });
    else written += letter;
  }
  return { label: written, documentation, parts: places, active };
}
