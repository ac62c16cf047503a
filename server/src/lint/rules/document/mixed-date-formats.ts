// Lint rule: dates in prose that are written in more than one way.
import { dayNumber } from "../../../syntax/dates.js";
import type { Range } from "../../../text.js";
import { lintRule } from "../../rule.js";
import type { LintedPolicy, ProseRole } from "../../policy.js";
import { scanWords } from "../wording/scan.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/** Prose whose dates are looked at; references have a style of their own. */
const ROLES: ReadonlySet<ProseRole> = new Set<ProseRole>(["paragraph", "criterion", "note", "footnote", "revision"]);

/** `2025-03-05`, `3/25/2025`, `3/25/25`, `March 25, 2025`, `25 March 2025`. */
type Form = "iso" | "slashes" | "short slashes" | "words" | "day first";
interface WrittenDate extends Range {
  readonly form: Form;
  readonly year: number;
  readonly month: number;
  readonly day?: number | undefined;
}

export default lintRule({
  id: "mixed-date-formats",
  category: "document",
  summary: "Dates in the text are written in more than one way.",
  why: `Beside 03/25 for a month, 3/25/25 is a day, and 4/5/25 is a day in April or in May, depending on where the reader learned to read
dates. A document that writes all its dates in one way cannot be misread, and a search finds them. Words (March 5, 2025) are the style of
the AMA Manual of Style (11th ed.); the dates that the language itself asks for are written as in ISO 8601 (2025-03-05). References are left out.`,
  recommended: "warning",
  strict: "warning",
  related: ["month-in-reference"],
  examples: [{
    avoid: `background
  Coverage began on January 15, 2023. New evidence was reviewed on 3/25/2025, and the committee met on April 2, 2025.
`,
    finds: ["3/25/2025"],
    fixed: `background
  Coverage began on January 15, 2023. New evidence was reviewed on March 25, 2025, and the committee met on April 2, 2025.
`,
    prefer: `background
  Coverage began on January 15, 2023. Of the 24/7 service 1/2 was used in March 2025.
`,
    note: "Fractions and ratios are no dates.",
  }, {
    avoid: `revisions
  2024-05
    Annual review. Codes that ended on 12/31/23 removed.
  2025-03
    Annual review. The date in the header, 03/25/2025, and that of the note (effective 06/19/2025) corrected.
`,
    finds: ["12/31/23"],
    fixed: `revisions
  2024-05
    Annual review. Codes that ended on 12/31/2023 removed.
  2025-03
    Annual review. The date in the header, 03/25/2025, and that of the note (effective 06/19/2025) corrected.
`,
    prefer: `revisions
  2024-05
    Annual review. Codes that ended on 2023-12-31 removed.
  2025-03
    Annual review. The note (effective 2025-06-19) corrected.
`,
  }],
  check(policy, report) {
    const dates = datesIn(policy);
    if (dates.length < 2 || dates.every((date) => date.form === dates[0]!.form)) return;
    const byForm = new Map<Form, WrittenDate[]>();
    for (const date of dates) {
      const same = byForm.get(date.form);
      if (same === undefined) byForm.set(date.form, [date]);
      else same.push(date);
    }
    // The way that is used most; of two, the one that comes first.
    let usual = dates[0]!;
    for (const [, [first, ...rest]] of byForm) if (rest.length + 1 > byForm.get(usual.form)!.length) usual = first!;
    const shown = policy.source(usual).replace(/\s+/gu, " ");
    for (const date of dates) {
      if (date.form === usual.form) continue;
      const better = written(date, usual.form, /^0/u.test(policy.source(usual)));
      // Neither from nor to figures in which a day could be a month.
      const plain = date.day === undefined || date.day > 12;
      const certain = date.form !== "short slashes" && (plain || (date.form !== "slashes" && !usual.form.endsWith("slashes")));
      report(date, {
        message: `The date ${policy.source(date).replace(/\s+/gu, " ")} is written in another way than ${shown}, so that ${date.form.endsWith("slashes") || usual.form.endsWith("slashes") ? "a reader may take a day for a month" : "a search for dates finds only some of them"}.`,
        help: better === undefined ? "Write all dates of the document in one way." : `Write ${better}, as the other dates are.`,
        related: [{ start: usual.start, end: usual.end, message: "This is the way used most." }],
        fix: better === undefined ? undefined : { title: `Change to ${better}`, edits: [{ start: date.start, end: date.end, text: better }], safe: certain },
      });
    }
  },
});

/** A date in another form; undefined for one that would be ambiguous. */
function written({ year, month, day }: WrittenDate, form: Form, padded: boolean): string | undefined {
  const two = (figure: number): string => String(figure).padStart(2, "0");
  switch (form) {
    case "iso": return `${year}-${two(month)}${day === undefined ? "" : `-${two(day)}`}`;
    case "slashes": return day === undefined ? `${two(month)}/${year}` : padded ? `${two(month)}/${two(day)}/${year}` : `${month}/${day}/${year}`;
    case "words": return `${MONTHS[month - 1]!} ${day === undefined ? "" : `${day}, `}${year}`;
    case "day first": return `${day === undefined ? "" : `${day} `}${MONTHS[month - 1]!} ${year}`;
    case "short slashes": return undefined;
  }
}

/** The dates in prose, in the order of the text. */
function datesIn(policy: LintedPolicy): readonly WrittenDate[] {
  const { text } = policy;
  const { years, slashes } = policy.once(scanWords);
  if (years.length + slashes.length < 2) return NO_DATES;
  const found: WrittenDate[] = [];
  const add = (date: WrittenDate | undefined): void => { if (date !== undefined && inProse(policy, date)) found.push(date); };
  for (const at of years) add(dateOfYear(text, at));
  for (const at of slashes) add(shortDate(text, at));
  return found.sort((a, b) => a.start - b.start);
}
const NO_DATES: readonly WrittenDate[] = [];

function inProse(policy: LintedPolicy, date: Range): boolean {
  const stretch = policy.stretchAt(date.start);
  return stretch !== undefined && ROLES.has(stretch.role) && date.end <= stretch.end && stretch.text.slice(date.start - stretch.start, date.end - stretch.start) === policy.source(date);
}

const digit = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 48 && unit <= 57;
};

const ISO_DAY = /^(\d{4})-(\d\d)-(\d\d)(?![\d-])/u;
const ISO_MONTH = /^(\d{4})-(\d\d)(?![\d-])/u;
const SLASHES_BEFORE = /(?<![\d/.])(\d{1,2})\/(?:(\d{1,2})\/)?$/u;
const WORDS_BEFORE = /(?:(?<![\d.,/])(\d{1,2})\s+)?\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]{0,6})\.?\s+(?:(\d{1,2}),?\s+)?$/u;
/** Words before figures such as 03/25 or 2025-03 that make a month of them. */
const DATE_WORD = /\b(?:dated?|since|as of|revised|revision|reviewed|approved|approval|effective|updated|published|posted)\s*(?:date|on|in)?\s*:?\s*["“(]?$/i;

/** The date whose year begins at an offset. */
function dateOfYear(text: string, at: number): WrittenDate | undefined {
  if (digit(text, at + 4) || digit(text, at - 1)) return undefined;
  const before = text.slice(Math.max(0, at - 48), at);
  const year = Number(text.slice(at, at + 4));
  if (text[at + 4] === "-") {
    const behind = text.slice(at, at + 12);
    const iso = ISO_DAY.exec(behind) ?? (DATE_WORD.test(before) ? ISO_MONTH.exec(behind) : null);
    return iso === null || /[\w/-]$/u.test(before) ? undefined : dated("iso", year, Number(iso[2]), iso[3] === undefined ? undefined : Number(iso[3]), at, at + iso[0].length);
  }
  if (/\w/u.test(text.charAt(at + 4))) return undefined;
  const slashes = before.endsWith("/") ? SLASHES_BEFORE.exec(before) : null;
  if (slashes !== null) return dated("slashes", year, Number(slashes[1]), slashes[2] === undefined ? undefined : Number(slashes[2]), at - slashes[0].length, at + 4);
  const words = WORDS_BEFORE.exec(before);
  if (words === null) return undefined;
  const month = MONTHS.findIndex((name) => name.startsWith(words[2]!)) + 1;
  const first = words[1] !== undefined && words[3] === undefined;
  const day = first ? words[1] : words[3];
  const start = at - words[0].length + (first || words[1] === undefined ? 0 : words[0].indexOf(words[2]!));
  return dated(first ? "day first" : "words", year, month, day === undefined ? undefined : Number(day), start, at + 4);
}

const SHORT_BEHIND = /^(\d{1,2})\/(\d\d)(?![\d/]|\s?(?:mg|mcg|mL|%))/u;
const SHORT_MONTH = /^(\d\d)(?![\d/]|\s?(?:mg|mcg|mL|%|of\b))/u;

/** The date with a year of two figures whose first slash stands at an offset. */
function shortDate(text: string, at: number): WrittenDate | undefined {
  const start = digit(text, at - 2) ? at - 2 : at - 1;
  if (/[\w/.-]/u.test(text.charAt(start - 1))) return undefined;
  const month = Number(text.slice(start, at));
  const behind = text.slice(at + 1, at + 12);
  const whole = SHORT_BEHIND.exec(behind);
  if (whole !== null) return dated("short slashes", century(whole[2]!), month, Number(whole[1]), start, at + 1 + whole[0].length);
  const bare = SHORT_MONTH.exec(behind);
  if (bare === null || !DATE_WORD.test(text.slice(Math.max(0, start - 40), start))) return undefined;
  // "in 3/25 patients" is a count; "in 03/25" is a month.
  if (text[start] !== "0" && /\bin\s*$/u.test(text.slice(start - 6, start))) return undefined;
  return dated("short slashes", century(bare[1]!), month, undefined, start, at + 1 + bare[0].length);
}

const century = (figures: string): number => 2000 + Number(figures) - (Number(figures) > 69 ? 100 : 0);

function dated(form: Form, year: number, month: number, day: number | undefined, start: number, end: number): WrittenDate | undefined {
  return dayNumber(year, month, day ?? 1) === undefined ? undefined : { form, year, month, day, start, end };
}
