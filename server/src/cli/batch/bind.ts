// Binds a row of a batch to its policy quickly: what the checker once said of a value is kept, so that a sound row needs no positions.
import { checkCases, type RawCase, type RawScalar } from "../../semantics/cases.js";
import { MOST_ADVICE, type Checking } from "../../semantics/context.js";
import type { Analysis, FactSymbol, FactValue, OutcomeName, PolicyCase } from "../../semantics/model.js";

/** Answers kept for each fact; beyond them a value is checked anew. */
const MOST_KEPT = 4096;
const NOWHERE = { start: 0, end: 0 };
const WRONG = Symbol("wrong");
type Checked = FactValue | typeof WRONG;


export interface Binder {
  /** The value of a fact that is written as one text; undefined where the checker finds fault with it. */
  text(fact: FactSymbol, text: string): FactValue | undefined;
  on(text: string): number | undefined;
  code(text: string): string | undefined;
  /** Whether a criterion may be answered with this. */
  answer(address: string, text: string): OutcomeName | undefined;
  /** A case in the form of a JSON case file; undefined where it has to be looked at with positions. */
  object(value: unknown, quotes: number): PolicyCase | undefined;
}

/** A checking state of its own, for one text. */
export function checkingOf(text: string, analysis: Analysis): Checking {
  return { text: { text, comments: [] }, found: [], uses: [], facts: new Map(), definitions: new Map(), byAddress: analysis.byAddress as Checking["byAddress"], criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE } };
}

const EMPTY: RawCase = { name: undefined, range: NOWHERE, on: undefined, codes: undefined, lineOfBusiness: undefined, pathway: undefined, facts: [], attested: [], expected: [], note: undefined };
const SOME_DAY: RawScalar = { text: "2025-01-01", quoted: false, ...NOWHERE };

export function binderOf(analysis: Analysis): Binder {
  const ground = { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true };
  const kept = new Map<string, Map<string, Checked>>();
  const days = new Map<string, number | undefined>();
  const codes = new Map<string, string | undefined>();
  const words = new Map<string, boolean>();
  const answers = new Map<string, OutcomeName | undefined>();

  function alone(more: Partial<RawCase>): PolicyCase | undefined {
    const [checked] = checkCases(checkingOf("", analysis), [{ ...EMPTY, on: SOME_DAY, ...more }], ground, "");
    return checked!.sound ? checked : undefined;
  }
  function keep<T>(map: Map<string, T>, key: string, value: T): T {
    if (map.size >= MOST_KEPT) map.clear();
    map.set(key, value);
    return value;
  }

  function text(fact: FactSymbol, given: string): FactValue | undefined {
    if (fact.type.kind === "text") return given;
    if (fact.type.kind === "records") return undefined;
    let known = kept.get(fact.name);
    if (known === undefined) kept.set(fact.name, (known = new Map()));
    const there = known.get(given);
    if (there !== undefined) return there === WRONG ? undefined : there;
    const scalar: RawScalar = { text: given, quoted: false, ...NOWHERE };
    const value = alone({ facts: [{ name: { kind: "word", text: fact.name, ...NOWHERE }, values: [scalar], records: [], range: NOWHERE }] })?.facts.get(fact.name);
    keep(known, given, value ?? WRONG);
    return value;
  }

  function list(fact: FactSymbol, given: readonly unknown[]): FactValue | undefined {
    if (fact.type.kind !== "list") return undefined;
    const all: (number | string)[] = [];
    for (const each of given) {
      // `none` among others is no entry, and the checker says so.
      if (typeof each !== "string" || each === "none") return undefined;
      const value = text(fact, each);
      if (!Array.isArray(value)) return undefined;
      all.push(...(value as (number | string)[]));
    }
    return all;
  }

  function number(fact: FactSymbol, given: number): number | undefined {
    const { type } = fact;
    if (type.kind !== "number" || (type.from !== undefined && given < type.from) || (type.to !== undefined && given > type.to)) return undefined;
    // What JavaScript writes with an exponent no case can hold.
    const size = Math.abs(given);
    return size < 1e21 && (size >= 1e-6 || given === 0) ? given : undefined;
  }

  const self: Binder = {
    text,
    on: (given) => (days.has(given) ? days.get(given) : keep(days, given, alone({ on: { text: given, quoted: false, ...NOWHERE } })?.on)),
    code: (given) => (codes.has(given) ? codes.get(given) : keep(codes, given, alone({ codes: [{ text: given, quoted: false, ...NOWHERE }] })?.codes?.[0])),
    answer(address, given) {
      const key = `${address} ${given}`;
      if (answers.has(key)) return answers.get(key);
      const outcome: OutcomeName | undefined = given === "met" || given === "not met" || given === "unknown" ? given : undefined;
      const raw = { address: { text: address, ...NOWHERE }, outcome, range: NOWHERE };
      // Only the address as the policy has it: another way of writing it could name a criterion twice.
      const sound = outcome !== undefined && analysis.byAddress.has(address) && alone({ attested: [raw] }) !== undefined;
      return keep(answers, key, sound ? outcome : undefined);
    },
    object(value, quotes) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      const given = value as Readonly<Record<string, unknown>>;
      // Every text and key has two quotation marks: what is left over is a key that JSON.parse dropped because it stands twice.
      let strings = 0;
      let name: string | undefined;
      let on: number | undefined;
      let requested: string[] | undefined;
      let lineOfBusiness: string | undefined;
      let pathway: string | undefined;
      let note: string | undefined;
      let expect: PolicyCase["expect"] = NOTHING;
      const facts = new Map<string, FactValue>();
      const attested = new Map<string, OutcomeName>();
      for (const key in given) {
        const entry = given[key];
        strings += typeof entry === "string" ? 2 : 1;
        switch (key) {
          case "name":
            if (typeof entry !== "string") return undefined;
            name = entry.trim();
            break;
          case "on":
            if (typeof entry !== "string" || (on = self.on(entry)) === undefined) return undefined;
            break;
          case "codes":
            if (!Array.isArray(entry)) return undefined;
            requested = [];
            for (const each of entry) {
              const code = typeof each === "string" ? self.code(each) : undefined;
              if (code === undefined) return undefined;
              requested.push(code);
            }
            strings += entry.length;
            break;
          case "line of business": case "pathway": {
            if (typeof entry !== "string") return undefined;
            const word = { kind: "word" as const, text: entry, ...NOWHERE };
            const asked = `${key} ${entry}`;
            if (!(words.get(asked) ?? keep(words, asked, alone(key === "pathway" ? { pathway: word } : { lineOfBusiness: word }) !== undefined))) return undefined;
            if (key === "pathway") pathway = entry;
            else lineOfBusiness = entry;
            break;
          }
          case "note":
            if (typeof entry !== "string") return undefined;
            note = entry;
            break;
          case "expect":
            if (entry !== "approve" && entry !== "pend" && entry !== "refer") return undefined;
            expect = EXPECTED[entry];
            break;
          case "criteria": {
            if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return undefined;
            for (const address in entry) {
              const answer = (entry as Record<string, unknown>)[address];
              const outcome = typeof answer === "string" ? self.answer(address, answer) : undefined;
              if (outcome === undefined) return undefined;
              attested.set(address, outcome);
              strings += 2;
            }
            break;
          }
          case "facts": {
            if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return undefined;
            for (const factName in entry) {
              const fact = analysis.facts.get(factName);
              if (fact === undefined) return undefined;
              const it = (entry as Record<string, unknown>)[factName];
              let bound: FactValue | undefined;
              // In quotation marks `none` is no empty list; whether it is an entry the checker tells.
              switch (typeof it) {
                case "boolean": bound = fact.type.kind === "yes/no" ? it : undefined; strings++; break;
                case "number": bound = number(fact, it); strings++; break;
                case "string": bound = it === "none" && fact.type.kind === "list" ? undefined : text(fact, it); strings += 2; break;
                default:
                  if (!Array.isArray(it)) return undefined;
                  bound = list(fact, it);
                  strings += 1 + it.length;
              }
              if (bound === undefined) return undefined;
              facts.set(factName, bound);
            }
            break;
          }
          default: return undefined;
        }
      }
      if (on === undefined || strings * 2 !== quotes) return undefined;
      return { name: name ?? "", range: NOWHERE, nameRange: NOWHERE, uri: "", on, codes: requested, lineOfBusiness, pathway, facts, factRanges: NO_RANGES, attested, expect, note, sound: true };
    },
  };
  return self;
}

const NO_RANGES: PolicyCase["factRanges"] = new Map();
const NOTHING: PolicyCase["expect"] = { missing: [], outcomes: [] };
const expected = (value: "approve" | "pend" | "refer"): PolicyCase["expect"] => ({ determination: { value, range: NOWHERE }, missing: [], outcomes: [] });
const EXPECTED = { approve: expected("approve"), pend: expected("pend"), refer: expected("refer") };
