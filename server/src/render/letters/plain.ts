// The words of a policy for readers outside of it: without citations and codes, and for members without signs.
import { entriesFor, shownCode } from "../../semantics/codes.js";
import type { Analysis, FactSymbol, FactType, FactValue, PolicyCase, RecordValue } from "../../semantics/model.js";
import { folded, sentenceList } from "../../text.js";
import { CODE_SYSTEMS, type CodeSystem } from "../../vocabulary.js";
import type { Audience } from "./model.js";
import { quantityInWords, unitsInWords } from "./units.js";

/** Puts words and values of one policy plainly. */
export interface Plain {
  /** Prose, a question, a name: without codes, and for members without signs. */
  words(text: string): string;
  /** The value of a fact in words. */
  value(type: FactType, value: FactValue | number | string | boolean): string;
  /** The entries of a list of records, each as "Kind of treatment: physical therapy; First day: March 5, 2025". */
  records(fact: FactSymbol, entries: readonly RecordValue[]): readonly string[];
  question(fact: FactSymbol): string;
  /** What the policy's own table says of a code, codes within left out. */
  description(held: string): string | undefined;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** "March 5, 2025" of a day number. */
export function dayInWords(day: number): string {
  const date = new Date(day * 86_400_000);
  return `${MONTHS[date.getUTCMonth()]!} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
}

/** "March 2025" of a day number. */
export const monthInWords = (day: number): string => dayInWords(day).replace(/ \d+,/u, "");

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Control characters and those that turn the direction of writing round. */
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Text of any origin on one line, without characters that nobody sees. */
export const visible = (text: string): string => folded(text.replace(UNSEEN, ""));

/** The words of a policy for an audience. `also` are codes that stand in a case and in no table. */
export function plainFor(analysis: Analysis, policyCase: PolicyCase | undefined, audience: Audience): Plain {
  const listed = codesOf(analysis, policyCase);
  const descriptions = new Map<string, string | undefined>();
  const description = (held: string): string | undefined => {
    const system = SYSTEMS.find((each) => held.startsWith(`${each} `)) as CodeSystem | undefined;
    const code = system === undefined ? held : held.slice(system.length + 1);
    const key = `${system ?? ""} ${code}`;
    if (!descriptions.has(key)) {
      const found = entriesFor(analysis.codes, code.replace(/[.-]/gu, ""), system).map((entry) => entry.description).find((text) => text !== "");
      descriptions.set(key, found === undefined ? undefined : withoutCodes(visible(found), listed, () => undefined));
    }
    return descriptions.get(key);
  };
  const words = (text: string): string => {
    const plain = withoutCodes(visible(text).replace(CITATIONS, ""), listed, description);
    return audience === "member" ? unitsInWords(signsInWords(plain)) : plain;
  };
  const choices = new Map<string, string>();
  const choice = (text: string): string => {
    let found = choices.get(text);
    if (found === undefined) {
      const capitals = text.toUpperCase();
      // A choice such as `nsaid` is an abbreviation where the policy writes it in capitals.
      const short = /^[a-z]{2,6}$/u.test(text) && new RegExp(`\\b${capitals}\\b`, "u").test(analysis.text);
      choices.set(text, (found = words(short ? capitals : text.replace(/_/gu, " "))));
    }
    return found;
  };

  const value = (type: FactType, given: FactValue | number | string | boolean): string => {
    switch (type.kind) {
      case "yes/no": return given === true || given === 1 ? "yes" : "no";
      case "number": return audience === "member" ? quantityInWords(given as number, type.unit) : words(quantityText(given as number, type.unit.text, quantityInWords(given as number, type.unit)));
      case "date": return dayInWords(given as number);
      case "choice": return choice(type.choices[given as number] ?? "");
      case "code": return description(given as string) ?? namedByCode([given as string], false);
      case "text": return words(String(given));
      case "list": {
        const list = given as readonly (string | number)[];
        if (list.length === 0) return "none";
        const { of } = type;
        if (of.kind !== "code") return sentenceList(list.map((each) => (typeof each === "string" ? choice(each) : value(of, each))));
        const known = [...new Set(list.map((each) => description(String(each))).filter((each) => each !== undefined))];
        const others = list.filter((each) => description(String(each)) === undefined);
        return sentenceList([...known, ...(others.length === 0 ? [] : [namedByCode(others.map(String), known.length > 0)])]);
      }
      case "records": {
        const { length } = given as readonly RecordValue[];
        return length === 0 ? "none" : length === 1 ? "1 entry" : `${length} entries`;
      }
      case "unknown": return "";
    }
  };

  const question = (fact: FactSymbol): string => capitalized(words(fact.question === undefined || fact.question.trim() === "" ? fact.name.replace(/_/gu, " ") : fact.question));

  return {
    words, value, question, description,
    records: (fact, entries) => entries.map((entry) => (fact.type.kind !== "records" ? "" : fact.type.fields
      .map((field) => said(question(field), entry[field.name] === undefined ? "not known" : value(field.type, entry[field.name]!))).join("; "))),
  };
}

/** A question and its answer in one line. */
export const said = (question: string, answer: string): string => (/[?:]$/u.test(question) ? `${question.replace(/:$/u, "")} ${capitalized(answer)}` : `${question}: ${answer}`);

const quantityText = (value: number, sign: string, inWords: string): string => (sign === "" || /^[a-z]+$/u.test(sign) ? inWords : `${Number(value.toPrecision(8))} ${sign}`);

/** What is said of codes that the policy's table does not put in words: "2 diagnoses, named by their codes". */
function namedByCode(held: readonly string[], more: boolean): string {
  const diagnosis = held.every((each) => each.startsWith("ICD") || !each.includes(" "));
  const one = held.length === 1;
  return `${held.length}${more ? " more" : ""} ${diagnosis ? (one ? "diagnosis" : "diagnoses") : one ? "service" : "services"}, named by ${one ? "its code" : "their codes"}`;
}

// ── Codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const CITATIONS = /\s*\[\s*\d{1,4}(?:\s*[-–,;]\s*\d{1,4})*\s*\]/gu;
const SYSTEMS: readonly string[] = CODE_SYSTEMS.map((system) => system.word);
const SYSTEM = String.raw`(?:CPT|HCPCS|ICD-?(?:9|10)(?:-(?:CM|PCS))?|MS-DRG|DRG|NDC|revenue|modifiers?)(?:®|\(R\))?(?:\s+Level\s+II)?`;
const CODE = String.raw`(?:\d{4}[0-9AFMTU]|[A-Z]\d{4}|[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?:\.?-(?![A-Za-z0-9]))?|\d{4,5}-\d{3,4}-\d{1,2})`;
/** Behind the name of a system, figures of any length are a code, and so are two signs of a modifier. */
const NAMED = String.raw`(?:${CODE}|\d{3,4}|[A-Z0-9]{2})(?![A-Za-z0-9])`;
const JOINT = String.raw`\s*(?:,\s*(?:and|or)?|;|/|-|–|—|\bto\b|\bthrough\b|\band\b|\bor\b)\s*`;
const LISTED = (code: string): string => String.raw`${code}(?![A-Za-z0-9])(?:${JOINT}(?:${SYSTEM}\s+(?:codes?\s+)?)?${code}(?![A-Za-z0-9]))*`;
const WITH_SYSTEM = new RegExp(String.raw`(?<![A-Za-z0-9])(${SYSTEM})\s+(?:codes?\s+)?(${LISTED(NAMED)})`, "gu");
const IN_BRACKETS = new RegExp(String.raw`\s*[([](?:e\.g\.,?\s*|i\.e\.,?\s*|such as\s+)?(?:${SYSTEM}\s+)?(?:codes?:?\s+)?${LISTED(NAMED)}[)\]]`, "gu");
const WITH_WORD = new RegExp(String.raw`\b[Cc]odes?\s+(${LISTED(CODE)})`, "gu");
const BARE = new RegExp(String.raw`(?<![A-Za-z0-9.])${LISTED(CODE)}`, "gu");
const EACH = new RegExp(`${CODE}|\\b\\d{3,4}\\b`, "gu");
const SURE = /^(?:[A-CEGHJ-MP-V]\d{4}|[A-Z]\d[0-9A-Z]\.(?:[0-9A-Z]{1,4}|-)|[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}\.?-|\d{4}[AFMTU])$/u;

/** The codes of the policy's table, its conditions and a case, without dots. */
function codesOf(analysis: Analysis, policyCase: PolicyCase | undefined): ReadonlySet<string> {
  const found = new Set<string>(analysis.codes.keys());
  const bare = (held: string): string => (SYSTEMS.some((system) => held.startsWith(`${system} `)) ? held.slice(held.indexOf(" ") + 1) : held).replace(/[.\s-]/gu, "").toUpperCase();
  for (const { symbol } of analysis.uses) {
    if (symbol.kind === "codeMention") found.add(bare(symbol.text));
    else if (symbol.kind === "code") found.add(bare(symbol.code));
  }
  for (const held of policyCase?.codes ?? []) found.add(bare(held));
  const note = (type: FactType, value: unknown): void => {
    if (type.kind === "code") found.add(bare(String(value)));
    else if (type.kind === "list" && type.of.kind === "code") for (const each of value as readonly string[]) found.add(bare(each));
    else if (type.kind === "records") for (const entry of value as readonly RecordValue[]) for (const field of type.fields) if (entry[field.name] !== undefined) note(field.type, entry[field.name]);
  };
  for (const [name, value] of policyCase?.facts ?? []) {
    const fact = analysis.facts.get(name);
    if (fact !== undefined) note(fact.type, value);
  }
  found.delete("");
  return found;
}

/** A text without codes: in their place what the policy's table says of them, or that there is one. */
export function withoutCodes(text: string, listed: ReadonlySet<string>, describe: (code: string) => string | undefined): string {
  const isCode = (code: string): boolean => SURE.test(code) || listed.has(code.replace(/[.-]/gu, ""));
  const inPlace = (codes: string, system: string | undefined): string => {
    const all = [...codes.matchAll(EACH)].map(([code]) => code);
    const known = [...new Set(all.map((code) => describe(code)).filter((each) => each !== undefined))];
    if (known.length > 0 && known.length <= 3) return sentenceList(known.map((each) => `“${each}”`));
    const diagnosis = system === undefined ? all.every((code) => /^[A-Z]\d[0-9A-Z](?:\.|$)/u.test(code) && !/^[A-Z]\d{4}$/u.test(code)) : system.startsWith("ICD");
    const range = /\d\s*(?:-|–|to|through)\s*[A-Z\d]/u.test(codes);
    const many = all.length > 1 || range;
    return `${many ? "" : "a "}${diagnosis ? "diagnosis" : "billing"} code${many ? "s" : ""} that the policy names`;
  };
  const mayHold = /\d/u.test(text) || /modifier|revenue/iu.test(text);
  if (!mayHold) return text;
  return text
    .replace(IN_BRACKETS, (found) => (new RegExp(SYSTEM, "u").test(found) || /codes?/iu.test(found) || [...found.matchAll(new RegExp(CODE, "gu"))].some(([code]) => isCode(code)) ? "" : found))
    .replace(WITH_SYSTEM, (_, system: string, codes: string) => inPlace(codes, system))
    .replace(WITH_WORD, (found, codes: string) => ([...codes.matchAll(EACH)].some(([code]) => isCode(code)) || /^\d{5}/u.test(codes) ? inPlace(codes, undefined) : found))
    .replace(BARE, (found) => ([...found.matchAll(EACH)].some(([code]) => isCode(code)) ? inPlace(found, undefined) : found))
    .replace(/\s+([.,;:])/gu, "$1").trim();
}

/** A code as a request has it, with its system: `CPT 77301`. */
export const shownWithSystem = (held: string): string => {
  const system = SYSTEMS.find((each) => held.startsWith(`${each} `)) as CodeSystem | undefined;
  return system === undefined ? shownCode(held) : `${system} ${shownCode(held, [system])}`;
};

// ── Signs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const SIGN_WORDS: Readonly<Record<string, string>> = { "<": "less than", "≤": "at most", "<=": "at most", ">": "more than", "≥": "at least", ">=": "at least", "=": "exactly" };
/** Behind these words a quantity needs no "of". */
const JOINS = /(?:^|[(:;,–—-]|\b(?:of|on|for|by|at|in|with|to|is|are|was|were|than|be|from|and|or|after|before|within|over|has|have|had|not|takes?|brings?|brought|gets?|cover|covers|last|lasts|lasted|least|most|receives?))\s*$/iu;

/** Signs of comparison in words: "a score ≥ 5" as "a score of at least 5". */
export function signsInWords(text: string): string {
  return text.replace(/\s*(<=|>=|[<>≤≥])\s*(?=[\d.])/gu, (found: string, sign: string, at: number) => {
    const before = text.slice(0, at);
    if (/\bage$/iu.test(before) && sign === "<") return " under ";
    const words = SIGN_WORDS[sign]!;
    if (JOINS.test(before + found.slice(0, found.search(/[<>≤≥]/u)))) return before === "" ? capitalized(`${words} `) : `${/\s$/u.test(before) || /[(]$/u.test(before) ? "" : " "}${words} `;
    return ` of ${words} `;
  }).replace(/±/gu, "plus or minus ").replace(/\s?×\s?(?=\d)/gu, " times ");
}
