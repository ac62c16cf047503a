// Abbreviations in a letter: written out where a reader first meets them, by the policy's own words; what cannot be is told to the writer.
import { KNOWN, shortForms } from "../../semantics/abbreviations.js";
import type { Analysis } from "../../semantics/model.js";
import { lintedPolicy } from "../../lint/policy.js";
import { LINES_OF_BUSINESS } from "../../vocabulary.js";
import { escaped } from "../markdown.js";
import { visible } from "./plain.js";

/** What a policy's abbreviations stand for. */
export interface Glossary {
  readonly long: ReadonlyMap<string, string>;
  /** Names in capitals that need no explanation here: of the plan, of lines of business. */
  readonly names: ReadonlySet<string>;
}

/** Abbreviations that few policies explain, because clinicians know them; members may not. */
const COMMON: ReadonlyMap<string, string> = new Map(Object.entries({
  CT: "computed tomography", MRI: "magnetic resonance imaging", PET: "positron emission tomography", ECG: "electrocardiogram", EKG: "electrocardiogram", ICU: "intensive care unit",
  ER: "emergency room", NP: "nurse practitioner", HIV: "human immunodeficiency virus", AIDS: "acquired immunodeficiency syndrome", DNA: "genetic material", RNA: "genetic messenger material",
  FDA: "Food and Drug Administration", CDC: "Centers for Disease Control and Prevention", CMS: "Centers for Medicare & Medicaid Services", NIH: "National Institutes of Health",
  WHO: "World Health Organization", AMA: "American Medical Association", HHS: "Department of Health and Human Services", CI: "confidence interval", SD: "standard deviation",
  EPSDT: "Early and Periodic Screening, Diagnostic, and Treatment", CHIP: "Children’s Health Insurance Program", CPT: "Current Procedural Terminology", HCPCS: "Healthcare Common Procedure Coding System",
  COPD: "chronic obstructive pulmonary disease", BMI: "body mass index", NSAID: "nonsteroidal anti-inflammatory drug",
}));

/** Gathers what the abbreviations of a policy stand for: from its prose, then its questions and code descriptions, then its references. */
export function glossaryOf(analysis: Analysis): Glossary {
  const { stretches } = lintedPolicy({ analysis, cases: [], today: 0, words: new Set(), active: new Set(), known: new Set() }, []);
  const found = new Map<string, { long: string; rank: number }>();
  for (const { role, text } of stretches) {
    if (!text.includes("(") && !text.includes("[")) continue;
    const rank = role === "reference" || role === "revision" || role === "case name" || role === "case note" ? 2 : role === "question" || role === "code description" || role === "code group" ? 1 : 0;
    const plain = visible(text);
    for (const { text: short, long } of shortForms(plain)) {
      if (long === undefined) continue;
      const there = found.get(short);
      if (there === undefined || rank < there.rank) found.set(short, { long: inSentence(long), rank });
    }
  }
  const names = new Set<string>(LINES_OF_BUSINESS.filter((name) => name !== "CHIP"));
  for (const key of ["plan", "jurisdiction"] as const) for (const [word] of (analysis.header.fields.get(key)?.value?.text ?? "").matchAll(/[A-Z]{2,}/gu)) names.add(word);
  // The labels of statements beyond XXXIX.
  for (const { address } of analysis.statements) names.add(address);
  return { long: new Map([...found].map(([short, { long }]) => [short, long])), names };
}

/** A long form as it stands inside a sentence: "Obstructive sleep apnea" began one, "Epworth Sleepiness Scale" is a name. */
function inSentence(long: string): string {
  const text = long.replace(/^(?:the|an?)\s+/iu, "");
  const rest = text.split(/[\s-]+/u).slice(1);
  return rest.some((word) => /^[A-Z]/u.test(word)) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** Looks like an abbreviation and is none: an emphasized word, a numeral, a stage. */
const NONE = /^(?:[IVX]+|[A-Z]\d|AND|OR|NOT|ALL|ANY|NO|YES|ONE|ONLY|MUST|NONE|BOTH)$/u;
/** Names that are no abbreviations to a reader, and signs: genes, states, units. What `COMMON` explains is not among them. */
const isName = (short: string): boolean => KNOWN.has(short) && !COMMON.has(short);

export interface Expanded {
  readonly text: string;
  /** Abbreviations that nothing explains, in the order of the text. */
  readonly unexplained: readonly string[];
}

/** Writes abbreviations out where they first stand in a text of Markdown. Passages in `left` stay as they are. */
export function expandAbbreviations(markdown: string, glossary: Glossary, left: readonly string[] = []): Expanded {
  const kept = placesOf(markdown, left);
  const explained = new Set<string>();
  const unexplained: string[] = [];
  let text = "";
  let at = 0;
  for (const { text: short, start, end, long } of shortForms(markdown)) {
    if (explained.has(short) || kept.some((place) => start >= place.start && start < place.end)) continue;
    if (NONE.test(short) || glossary.names.has(short)) continue;
    if (long !== undefined) {
      explained.add(short);
      continue;
    }
    const written = glossary.long.get(short) ?? COMMON.get(short);
    if (written === undefined) {
      if (isName(short) || short === "ID") continue;
      explained.add(short);
      unexplained.push(short);
      continue;
    }
    explained.add(short);
    const before = markdown.slice(at, start);
    const line = (text + before).slice((text + before).lastIndexOf("\n") + 1);
    const opens = /^[\s>#*|–-]*$/u.test(line.replace(/^\s*\d+\.\s/u, "")) || /[.!?]["”)*]*\s$/u.test(line) || /(?:\*\*|\|\s|: )$/u.test(line);
    const form = opens ? written.charAt(0).toUpperCase() + written.slice(1) : written;
    const plural = markdown.charAt(end) === "s" && !/[A-Za-z]/u.test(markdown.charAt(end + 1)) ? "s" : "";
    const nested = (line.split("(").length > line.split(")").length);
    text += fitted(before, form) + (nested ? `${short}${plural}, short for ${escaped(written)}${markdown.charAt(end) === ")" ? "" : ","}` : `${escaped(form)} (${short}${plural})`);
    at = end + plural.length;
  }
  return { text: text + markdown.slice(at), unexplained };
}

/** The words before a long form, with the article that fits it: "an HSAT" becomes "a home sleep apnea test". */
function fitted(before: string, long: string): string {
  return before.replace(/(^|[\s(“*])([Aa])n?\s$/u, (_, lead: string, a: string) => `${lead}${a}${/^(?:[aeio]|u(?!ni|se|su|ro))/iu.test(long) ? "n" : ""} `);
}

function placesOf(text: string, passages: readonly string[]): readonly { readonly start: number; readonly end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (const passage of passages) {
    if (passage === "") continue;
    for (let at = text.indexOf(passage); at >= 0; at = text.indexOf(passage, at + passage.length)) places.push({ start: at, end: at + passage.length });
  }
  return places;
}
