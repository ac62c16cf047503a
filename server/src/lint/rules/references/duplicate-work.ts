// Lint rule: the same work twice in the reference list.
import { folded, type Range } from "../../../text.js";
import { lintRule } from "../../rule.js";
import { type Work, type WorkList, worksOf, yearOf } from "./works.js";

/** Titles of fewer words ("Standards of care") may be those of two works. */
const FEWEST_WORDS = 4;
/** What tells two parts of one document apart. */
const PART = /§|\b(?:section|chapter|part|appendix|table|version|volume|edition|supplement|LCD|NCD|L\d{5}|A\d{5})\b/i;

export default lintRule({
  id: "duplicate-work",
  category: "references",
  summary: "The same work stands in the reference list twice.",
  why: `Two numbers for one work make the evidence look broader than it is, and one of the two is forgotten when the other is brought up to date.
Works are the same if they share a DOI, a PubMed number or the file they link to, or first author, title and year, or read the same throughout.`,
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

interface Twin {
  readonly work: Work;
  readonly why: string;
}

/** The earlier reference to the same work, if there is one. The work is kept for those that follow. */
function twinOf(list: WorkList, work: Work, seen: Map<string | number, Work>): Twin | undefined {
  let twin: Twin | undefined;
  const found = (other: Work | undefined, why: string): void => {
    if (other !== undefined && other.reference.number !== work.reference.number) twin ??= { work: other, why };
  };
  for (const { value, malformed } of work.dois) if (malformed === undefined) found(earlier(seen, `doi ${sourceOf(list, value).toLowerCase()}`, work), "it has the same DOI");
  if (work.pmid !== undefined) found(earlier(seen, `pmid ${work.pmid}`, work), "it has the same PubMed number");
  for (const link of work.links) {
    if (link.home) continue;
    const other = earlier(seen, addressKey(link.url), work);
    if (other !== undefined && sameDocument(list, work, other, link.url)) found(other, "it links to the same document");
  }
  const [title, whole] = letterKeys(list, work);
  const like = title === 0 ? undefined : earlier(seen, title, work);
  if (like !== undefined && sameTitle(list, work, like)) found(like, "first author, title and year are the same");
  const same = earlier(seen, whole, work);
  if (same !== undefined && twin === undefined && written(list, work) === written(list, same)) found(same, "it reads the same");
  return twin;
}

/** The work that a key was kept for; the work itself is kept where there is none. */
function earlier(seen: Map<string | number, Work>, key: string | number, work: Work): Work | undefined {
  const other = seen.get(key);
  if (other === undefined) seen.set(key, work);
  return other;
}

const sourceOf = ({ text, base }: WorkList, { start, end }: Range): string => text.slice(start - base, end - base);
const written = (list: WorkList, work: Work): string => folded(sourceOf(list, work)).toLowerCase();

/** What an address is compared by: without its scheme, `www.` and a slash at its end. */
function addressKey(url: string): string {
  const scheme = url.indexOf("//");
  const from = scheme < 0 ? 0 : scheme + 2;
  return url.slice(url.startsWith("www.", from) ? from + 4 : from, url.endsWith("/") ? -1 : undefined).toLowerCase();
}

/** Whether two references that link to one address are of one work: a file, a page of PubMed, or a page under one title. */
function sameDocument(list: WorkList, work: Work, other: Work, url: string): boolean {
  if (PART.test(sourceOf(list, work)) || PART.test(sourceOf(list, other))) return false;
  return /\.pdf$|ncbi\.nlm\.nih\.gov\/(?:\d+|(?:pmc\/)?articles\/pmc\d+)\/?$/i.test(url) || titleOf(list, work) === titleOf(list, other);
}

/** So many characters of a title tell it from others; what has the same key is compared in full. */
const LONGEST_TITLE = 60;

/** Numbers that two references share whose first word and title, and whose all, have the same letters; 0 for the first where there is no title. */
function letterKeys({ text, base }: WorkList, work: Work): readonly [number, number] {
  const end = Math.min(work.end - base, work.start - base + 600);
  let key = 7;
  let title = 0;
  // 0: in the first word; 1: in the rest of the first sentence; 2: in the title; 3: behind it.
  let part = 0;
  let whole = 11;
  let room = LONGEST_TITLE;
  for (let at = work.start - base; at < end; at++) {
    const unit = text.charCodeAt(at);
    const small = letter(unit);
    if (small >= 0) {
      whole = (Math.imul(whole, 31) + small) | 0;
      if (part === 0 || (part === 2 && room > 0)) key = (Math.imul(key, 31) + small) | 0;
    } else if (part === 0) part = 1;
    if (part === 2) room--;
    if ((unit === 46 || unit === 63) && part > 0 && part < 3 && text.charCodeAt(at + 1) <= 32 && ++part === 3) title = key;
  }
  return [title, whole ^ 0x2545f491];
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

/** The second sentence of a reference, without punctuation. */
function titleOf({ text, base }: WorkList, work: Work): string {
  const end = work.end - base;
  const from = sentenceEnd(text, work.start - base, end);
  return folded(text.slice(from, sentenceEnd(text, from, end)).replace(/[^\p{L}\p{N}\s]/gu, "").toLowerCase());
}

/** Whether two references whose keys are the same are of one work: nothing in them speaks against it. */
function sameTitle(list: WorkList, one: Work, other: Work): boolean {
  const words = titleOf(list, one);
  if (words !== titleOf(list, other) || words.split(" ").length < FEWEST_WORDS) return false;
  const differ = <T>(a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && a !== b;
  if (differ(yearOf(list, one)?.year, yearOf(list, other)?.year) || differ(one.pmid, other.pmid)) return false;
  if (differ(one.dois[0] && sourceOf(list, one.dois[0].value).toLowerCase(), other.dois[0] && sourceOf(list, other.dois[0].value).toLowerCase())) return false;
  if (one.links[0]?.home !== true && differ(one.links[0]?.url, other.links[0]?.url)) return false;
  // Without a year on both sides they may be two editions, unless all else is the same too.
  return one.journal !== undefined && other.journal !== undefined ? true : withoutDates(sourceOf(list, one)) === withoutDates(sourceOf(list, other));
}

const withoutDates = (text: string): string => folded(text.replace(/\b(?:Accessed|Updated)\s[^.]*\./gu, "")).toLowerCase();
