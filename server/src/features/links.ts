// What can be opened from a text: DOIs and addresses of the web, policies by their numbers, policies and case files by their names.
import type { Analysis } from "../semantics/model.js";
import { policyNumberFor } from "../semantics/casefile.js";
import type { Range } from "../text.js";
import { referenceLink } from "./wording.js";

/** Where a link leads. A policy and a file still have to be found. */
export type LinkTarget =
  | { readonly kind: "web"; readonly url: string }
  | { readonly kind: "policy"; readonly number: string }
  /** Relative to the folder of the text. */
  | { readonly kind: "file"; readonly path: string }
  /** The case files beside the policy. */
  | { readonly kind: "cases" };

/** Words that lead somewhere. */
export interface TextLink extends Range {
  readonly target: LinkTarget;
}

// Capitals are written out: the flags `i` and `u` together take V8 fifty times as long.
const DOI = /\b[Dd][Oo][Ii]:?\s*(?:[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:dx\.|DX\.)?(?:doi\.org|DOI\.ORG)\/)?10\.\d{4,9}\/[^\s"<>]+/gu;
const WEB = /\b[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s"<>]+/gu;
const POLICY_NUMBER = /(?<![\p{L}\p{N}_.\/-])[A-Z]{2}[A-Z0-9]*(?:\.[A-Z0-9]+)*\.\d+(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/gu;
const FILE = /(?<![\p{L}\p{N}_.\/\\:-])(?:[\p{L}\p{N}_-][\p{L}\p{N}_.-]*\/)*[\p{L}\p{N}_-][\p{L}\p{N}_.-]*\.(?:policy|case\.(?:ya?ml|json))(?![\p{L}\p{N}_])/gu;

/** The links of a policy, in the order of the text. A policy's own number is none. */
export function policyLinks(analysis: Analysis): readonly TextLink[] {
  const { document, header } = analysis;
  const found = textLinks(analysis.text).filter(({ target }) => target.kind !== "policy" || target.number !== header.number);
  const cases = document.sections.find((section) => section.kind === "cases");
  if (cases === undefined) return found;
  return [...found, { start: cases.heading.start, end: cases.heading.end, target: { kind: "cases" } as const }].sort((a, b) => a.start - b.start);
}

const POLICY_KEY = /^[ \t]*["']?policy["']?[ \t]*:[ \t]*["']?([^"'\r\n,#]+?)["']?[ \t]*,?[ \t]*(?:#.*)?$/mu;

/** The name of its policy that a case file gives, where it stands. */
export function policyKey(text: string): (Range & { readonly name: string }) | undefined {
  const match = POLICY_KEY.exec(text);
  if (match === null) return undefined;
  const start = match.index + match[0].indexOf(match[1]!, match[0].indexOf(":") + 1);
  return { start, end: start + match[1]!.length, name: match[1]! };
}

/** A policy that is named by its number, or its file. */
const targetOf = (text: string, name: string): LinkTarget => (policyNumberFor(text) === undefined ? { kind: "file", path: name } : { kind: "policy", number: name });

/** The links of a case file. */
export function caseFileLinks(text: string): readonly TextLink[] {
  const key = policyKey(text);
  const found = textLinks(text).filter((link) => key === undefined || link.end <= key.start || link.start >= key.end);
  return key === undefined ? found : [{ start: key.start, end: key.end, target: targetOf(text, key.name) }, ...found].sort((a, b) => a.start - b.start);
}

/** Links of any text. Of two that overlap, the first. */
function textLinks(text: string): readonly TextLink[] {
  const found: TextLink[] = [];
  for (const pattern of [DOI, WEB]) {
    for (const match of text.matchAll(pattern)) {
      const url = referenceLink(match[0]);
      if (url === undefined) continue;
      // Punctuation behind it is not part of it.
      const length = match[0].length - (/[.,;:]+$/u.exec(match[0])?.[0].length ?? 0);
      const shorter = match[0].slice(0, length).endsWith(")") && !match[0].slice(0, length - 1).includes("(") ? length - 1 : length;
      found.push({ start: match.index, end: match.index + shorter, target: { kind: "web", url } });
    }
  }
  for (const match of text.matchAll(POLICY_NUMBER)) found.push({ start: match.index, end: match.index + match[0].length, target: { kind: "policy", number: match[0] } });
  if (text.includes(".policy") || text.includes(".case.")) {
    for (const match of text.matchAll(FILE)) found.push({ start: match.index, end: match.index + match[0].length, target: { kind: "file", path: match[0] } });
  }
  let end = -1;
  return found.sort((a, b) => a.start - b.start || b.end - a.end).filter((link) => {
    if (link.start < end) return false;
    end = link.end;
    return true;
  });
}

/** The policy number at an offset. */
export function policyNumberAt(text: string, offset: number): (Range & { readonly number: string }) | undefined {
  const from = Math.max(0, text.lastIndexOf("\n", offset - 1) + 1);
  const to = text.indexOf("\n", offset);
  for (const match of text.slice(from, to < 0 ? text.length : to).matchAll(POLICY_NUMBER)) {
    const start = from + match.index;
    if (start <= offset && offset <= start + match[0].length) return { start, end: start + match[0].length, number: match[0] };
  }
  return undefined;
}

/** Every place where a text names a policy by its number. */
export function placesOfNumber(text: string, number: string): readonly Range[] {
  const places: Range[] = [];
  if (!text.includes(number)) return places;
  for (const match of text.matchAll(POLICY_NUMBER)) if (match[0] === number) places.push({ start: match.index, end: match.index + number.length });
  return places;
}
