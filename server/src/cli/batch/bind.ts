// What the checker of cases says of single values, so that a batch asks it once for each value and not once for each row.
import { hasErrors } from "../../diagnostic.js";
import { checkCases, type RawCase, type RawFact, type RawScalar } from "../../semantics/cases.js";
import { CELL_SEPARATOR } from "../../semantics/casetable.js";
import { MOST_ADVICE, type Checking } from "../../semantics/context.js";
import { checkEvidence, evidenceOfText, type RawEvidence, unobtainableText } from "../../semantics/evidence.js";
import type { Analysis, FactSymbol, FactValue, OutcomeName, PolicyCase, RecordValue } from "../../semantics/model.js";

const NOWHERE = { start: 0, end: 0 };
const EMPTY: RawCase = { name: undefined, range: NOWHERE, on: undefined, codes: undefined, lineOfBusiness: undefined, pathway: undefined, facts: [], attested: [], expected: [], note: undefined };
const SOME_DAY: RawScalar = { text: "2025-01-01", quoted: false, ...NOWHERE };

/** Each answer is undefined where the checker finds fault, or where more than the value has to be looked at. */
export interface Binder {
  /** A fact that is written as one text. */
  text(fact: FactSymbol, text: string): FactValue | undefined;
  /** A fact in a cell, where a list has its entries between semicolons. */
  cell(fact: FactSymbol, text: string): FactValue | undefined;
  /** A list of values or of records in JSON, as written. */
  list(fact: FactSymbol, json: string): FactValue | undefined;
  /** Whether evidence in JSON, as written, is sound. It decides nothing. */
  evidence(json: string): true | undefined;
  /** The day of a date of service. */
  on(text: string): number | undefined;
  codes(texts: readonly string[]): readonly string[] | undefined;
  word(key: "line of business" | "pathway", text: string): string | undefined;
  /** Whether the criterion is one that is answered. */
  attests(address: string): boolean;
  expect(text: string): PolicyCase["expect"] | undefined;
}

/** A checking state of its own, for one text. */
export function checkingOf(text: string, analysis: Analysis): Checking {
  return { text: { text, comments: [] }, found: [], uses: [], facts: new Map(), definitions: new Map(), byAddress: analysis.byAddress as Checking["byAddress"], criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE } };
}

/** `quoted`: the texts come from quotation marks, as in JSON. */
export function binderOf(analysis: Analysis, quoted: boolean): Binder {
  const ground = { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true };
  const scalar = (text: string): RawScalar => ({ text, quoted, ...NOWHERE });
  const word = (text: string): { readonly kind: "word"; readonly text: string; readonly start: number; readonly end: number } => ({ kind: "word", text, ...NOWHERE });
  const raw = (name: string, more: Partial<RawFact>): RawFact => ({ name: word(name), values: [], records: [], range: NOWHERE, ...more });

  function alone(more: Partial<RawCase>): PolicyCase | undefined {
    const [checked] = checkCases(checkingOf("", analysis), [{ ...EMPTY, on: SOME_DAY, ...more }], ground, "");
    return checked!.sound ? checked : undefined;
  }
  const fact = (symbol: FactSymbol, more: Partial<RawFact>): FactValue | undefined => alone({ facts: [raw(symbol.name, more)] })?.facts.get(symbol.name);

  function text(symbol: FactSymbol, given: string): FactValue | undefined {
    // That it could not be obtained is no value of a fact, not even of one that is a text.
    if (unobtainableText(given) !== undefined || symbol.type.kind === "records") return undefined;
    return symbol.type.kind === "text" ? given : fact(symbol, { values: [scalar(given)] });
  }

  function records(symbol: FactSymbol, given: readonly unknown[], marks: number): readonly RecordValue[] | undefined {
    const fields = symbol.type.kind === "records" ? symbol.type.fields : [];
    let strings = 0;
    const all: RecordValue[] = [];
    for (const each of given) {
      if (typeof each !== "object" || each === null || Array.isArray(each)) return undefined;
      const record: Record<string, number | string | boolean> = {};
      for (const name in each) {
        const field = fields.find((candidate) => candidate.name === name);
        if (field === undefined) return undefined;
        const value = fieldValue(symbol, field, (each as Record<string, unknown>)[name]);
        if (value === undefined) return undefined;
        record[name] = value;
        strings += typeof (each as Record<string, unknown>)[name] === "string" ? 2 : 1;
      }
      all.push(record);
    }
    // Every text and key has two quotation marks: what is left over is a key that JSON.parse dropped because it stands twice.
    return strings * 2 === marks ? all : undefined;
  }

  const fieldsKept = new Map<FactSymbol, Map<string, number | string | boolean>>();
  function fieldValue(list: FactSymbol, field: FactSymbol, given: unknown): number | string | boolean | undefined {
    const { type } = field;
    if (typeof given === "boolean") return type.kind === "yes/no" ? given : undefined;
    if (typeof given === "number") return type.kind === "number" && !(given < (type.from ?? given)) && !(given > (type.to ?? given)) ? given : undefined;
    if (typeof given !== "string") return undefined;
    let kept = fieldsKept.get(field);
    if (kept === undefined || kept.size >= MOST_KEPT) fieldsKept.set(field, (kept = new Map()));
    const there = kept.get(given);
    if (there !== undefined) return there;
    const records = fact(list, { records: [{ fields: [raw(field.name, { values: [scalar(given)] })], ...NOWHERE }] }) as readonly RecordValue[] | undefined;
    const value = records?.[0]?.[field.name];
    if (value !== undefined) kept.set(given, value);
    return value;
  }

  return {
    text,
    cell(symbol, given) {
      if (symbol.type.kind !== "list" || unobtainableText(given) !== undefined) return text(symbol, given);
      return fact(symbol, { values: given.split(CELL_SEPARATOR).map((each) => each.trim()).filter((each) => each !== "").map(scalar) });
    },
    list(symbol, json) {
      // A number that JavaScript would write in another way is looked at as it is written.
      if (/\d(?:[eE]|\d{15})/u.test(json)) return undefined;
      let given: unknown;
      try {
        given = JSON.parse(json);
      } catch {
        return undefined;
      }
      if (!Array.isArray(given)) return undefined;
      if (given.length === 0) return symbol.type.kind === "list" || symbol.type.kind === "records" ? [] : undefined;
      if (symbol.type.kind === "records") return records(symbol, given, json.split('"').length - 1);
      return symbol.type.kind === "list" && given.every((each) => typeof each === "string") ? fact(symbol, { values: (given as string[]).map(scalar) }) : undefined;
    },
    evidence(json) {
      if (/\d(?:[eE]|\d{15})/u.test(json)) return undefined;
      const checking = checkingOf("", analysis);
      const raw: RawEvidence[] = [];
      let strings = 0;
      try {
        const given: unknown = JSON.parse(json);
        for (const each of Array.isArray(given) ? (given as readonly unknown[]) : [given]) {
          if (typeof each === "string") {
            raw.push(evidenceOfText(checking.found, { text: each, ...NOWHERE }));
            strings++;
            continue;
          }
          if (typeof each !== "object" || each === null || Array.isArray(each)) return undefined;
          const parts: Record<string, { readonly text: string; readonly start: number; readonly end: number }> = {};
          for (const [key, value] of Object.entries(each)) {
            if (!EVIDENCE_PARTS.has(key) || (typeof value !== "string" && typeof value !== "number")) return undefined;
            parts[key] = { text: String(value), ...NOWHERE };
            strings += typeof value === "string" ? 2 : 1;
          }
          raw.push({ source: parts["source"], page: parts["page"], date: parts["date"], note: parts["note"], ...NOWHERE });
        }
      } catch {
        return undefined;
      }
      checkEvidence(checking, raw, undefined);
      return strings * 2 === json.split('"').length - 1 && !hasErrors(checking.found) ? true : undefined;
    },
    on: (given) => alone({ on: scalar(given) })?.on,
    codes: (given) => alone({ codes: given.map(scalar) })?.codes,
    word: (key, given) => (alone(key === "pathway" ? { pathway: word(given) } : { lineOfBusiness: word(given) }) === undefined ? undefined : given),
    attests: (address) => analysis.byAddress.has(address) && alone({ attested: [{ address: { text: address, ...NOWHERE }, outcome: "met" satisfies OutcomeName, range: NOWHERE }] }) !== undefined,
    expect: (given) => alone({ expected: [{ range: NOWHERE, determination: word(given), missing: [] }] })?.expect,
  };
}

const EVIDENCE_PARTS: ReadonlySet<string> = new Set(["source", "page", "date", "note"]);
/** Answers kept for each field of a record. */
const MOST_KEPT = 4096;
