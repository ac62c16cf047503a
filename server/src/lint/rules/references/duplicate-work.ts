// Lint rule: the same work twice in the reference list.
import { folded, type Range } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { type Work, type WorkList, worksOf, yearOf } from "./works.js";

/** Titles of fewer words ("Standards of care") may be those of two works. */
const FEWEST_WORDS = 4;
/** What tells two parts of one document apart. */
const PART = /§|\b(?:section|chapter|part|appendix|table|version|volume|edition|supplement|LCD|NCD|L\d{5}|A\d{5})\b/iu;

export default lintRule({
  id: "duplicate-work",
  category: "references",
  summary: "The same work stands in the reference list twice.",
  why: `Two numbers for one work make the evidence look broader than it is, and one of the two is forgotten when the other is brought up to date.
Works are the same if they share a DOI, a PubMed number or the file they link to, or first author, title and year.`,
  recommended: "warning",
  strict: "warning",
  related: ["duplicate-reference", "uncited-reference"],
  examples: [{
    avoid: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A, Example B. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
  2. Example A, et al. Planning in steps. Example Journal of Medicine. 2020;1:3-9. doi: 10.1000/EXJM.2020.12
`,
    finds: ["2."],
    prefer: `description
  Planning takes several steps [1] and much time. [1]

references
  1. Example A, Example B. Planning in steps. Ex J Med. 2020;1(2):3-9. doi:10.1000/exjm.2020.12
`,
  }, {
    avoid: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Dose and time of planning in steps. Ex J Med. 2020;1(2):3-9.
  2. Example A. Dose and Time of
     Planning in Steps. Ex J Med. 2020;1:3-9.
`,
    finds: ["2."],
    prefer: `description
  Planning takes several steps [1] and much time. [2]

references
  1. Example A. Dose and time of planning in steps, part 1. Ex J Med. 2020;1(2):3-9.
  2. Example A. Dose and time of planning in steps, part 2. Ex J Med. 2020;1(3):1-9.
`,
    note: "The numbers differ, and author, title and year are the same.",
  }],
  check(policy, report) {
    if (policy.references.length < 2) return;
    const list = policy.once(worksOf);
    const seen = new Map<string | number, Work>();
    for (const work of list.works) {
      const twin = twinOf(list, work, seen);
      if (twin === undefined) continue;
      const { label, number } = twin.work.reference;
      report(work.reference.label, {
        message: `Reference ${work.reference.number} is the same work as reference ${number}: ${twin.why}. One of the two is forgotten when the other is brought up to date.`,
        help: `Cite reference ${number} in both places, and remove this one.`,
        related: [{ start: label.start, end: label.end, message: "The work stands here first." }],
      });
    }
  },
});

/** The earlier reference to the same work, if there is one. The work is kept for those that follow. */
function twinOf(list: WorkList, work: Work, seen: Map<string | number, Work>): { readonly work: Work; readonly why: string } | undefined {
  let found: { readonly work: Work; readonly why: string } | undefined;
  const look = (key: string | number, why: string, same: (other: Work) => boolean): void => {
    const other = seen.get(key);
    if (other === undefined) seen.set(key, work);
    else if (found === undefined && other.reference.number !== work.reference.number && same(other)) found = { work: other, why };
  };
  for (const { value, malformed } of work.dois) {
    if (malformed === undefined) look(`doi ${sourceOf(list, value).toLowerCase()}`, "it has the same DOI", () => true);
  }
  if (work.pmid !== undefined) look(`pmid ${work.pmid}`, "it has the same PubMed number", () => true);
  for (const { url } of work.links) {
    const key = documentKey(url);
    if (key !== undefined) look(key, "it links to the same document", (other) => !PART.test(sourceOf(list, work)) && !PART.test(sourceOf(list, other)));
  }
  const key = titleKey(list, work);
  if (key !== undefined) look(key, "first author, title and year are the same", (other) => sameTitle(list, work, other));
  return found;
}

const sourceOf = ({ text, base }: WorkList, { start, end }: Range): string => text.slice(start - base, end - base);

/** What a link to one document and no other is compared by: a file, or a page of PubMed. */
function documentKey(url: string): string | undefined {
  const lower = url.toLowerCase();
  if (!lower.endsWith(".pdf") && !/ncbi\.nlm\.nih\.gov\/(?:\d+|(?:pmc\/)?articles\/pmc\d+)\/?$/u.test(lower)) return undefined;
  const from = lower.indexOf("//") + (lower.indexOf("//") < 0 ? 1 : 2);
  return lower.slice(lower.startsWith("www.", from) ? from + 4 : from, lower.endsWith("/") ? -1 : undefined);
}

/** So many characters of a title tell it from others; what has the same key is compared in full. */
const LONGEST_TITLE = 60;

/** A number that two references share whose first word and title have the same letters; read without making strings of them. */
function titleKey({ text, base }: WorkList, work: Work): number | undefined {
  const end = Math.min(work.end - base, work.start - base + 600);
  let at = work.start - base;
  let key = 7;
  for (; at < end && letter(text.charCodeAt(at)) >= 0; at++) key = (Math.imul(key, 31) + letter(text.charCodeAt(at))) | 0;
  at = sentenceEnd(text, at, end);
  const title = at;
  at = sentenceEnd(text, at, end);
  if (title >= end || at >= end) return undefined;
  for (let i = title; i < at && i < title + LONGEST_TITLE; i++) {
    const unit = letter(text.charCodeAt(i));
    if (unit >= 0) key = (Math.imul(key, 31) + unit) | 0;
  }
  return key;
}

/** The small letter or figure that a character stands for; -1 for what does not count. */
function letter(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit + 32;
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit >= 192 && unit < 8192 ? unit : -1;
}

/** Behind the period or question mark that ends the sentence at `from`. */
function sentenceEnd(text: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const unit = text.charCodeAt(at);
    if ((unit === 46 || unit === 63) && text.charCodeAt(at + 1) <= 32) return at + 1;
  }
  return end;
}

/** Whether two references whose keys are the same are of one work: nothing in them speaks against it. */
function sameTitle(list: WorkList, one: Work, other: Work): boolean {
  const { text, base } = list;
  const title = (work: Work): string => {
    const end = work.end - base;
    const from = sentenceEnd(text, work.start - base, end);
    return folded(text.slice(from, sentenceEnd(text, from, end)).replace(/[^\p{L}\p{N}\s]/gu, "").toLowerCase());
  };
  const words = title(one);
  if (words !== title(other) || words.split(" ").length < FEWEST_WORDS) return false;
  const differ = <T>(a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && a !== b;
  if (differ(yearOf(list, one)?.year, yearOf(list, other)?.year) || differ(one.pmid, other.pmid)) return false;
  if (differ(one.dois[0] && sourceOf(list, one.dois[0].value).toLowerCase(), other.dois[0] && sourceOf(list, other.dois[0].value).toLowerCase())) return false;
  if (one.links[0]?.home !== true && differ(one.links[0]?.url, other.links[0]?.url)) return false;
  // Without a year on both sides they may be two editions, unless all else is the same too.
  return one.journal !== undefined && other.journal !== undefined ? true : withoutDates(sourceOf(list, one)) === withoutDates(sourceOf(list, other));
}

const withoutDates = (text: string): string => folded(text.replace(/\b(?:Accessed|Updated)\s[^.]*\./gu, "")).toLowerCase();
