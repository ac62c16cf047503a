// Carries a case over to another version of its policy: the same facts, answers and request under the names of that version.
import type { Analysis, FactSymbol, FactValue, OutcomeName, PolicyCase, RecordValue, ScalarType } from "../semantics/model.js";
import { convert, sameDimension } from "../semantics/units.js";

/** A case as another version sees it. */
export interface CarriedCase {
  readonly policyCase: PolicyCase;
  /** Facts and answers that the other version does not ask for, or not in a way that these can be carried over to. */
  readonly left: readonly string[];
}

/** The case under the names of `to`. What has no place there is left out and named; nothing is guessed. */
export function carriedCase(policyCase: PolicyCase, from: Analysis, to: Analysis, facts: ReadonlyMap<string, string>, addresses: ReadonlyMap<string, string>): CarriedCase {
  const left: string[] = [];
  const given = new Map<string, FactValue>();
  const ranges = new Map<string, { start: number; end: number }>();
  for (const [name, value] of policyCase.facts) {
    const [before, after] = [from.facts.get(name), to.facts.get(facts.get(name) ?? "")];
    const carried = before === undefined || after === undefined ? undefined : factValue(value, before, after);
    if (carried === undefined || after === undefined) {
      left.push(name);
      continue;
    }
    given.set(after.name, carried);
    const range = policyCase.factRanges.get(name);
    if (range !== undefined) ranges.set(after.name, range);
  }
  const attested = new Map<string, OutcomeName>();
  for (const [address, outcome] of policyCase.attested) {
    const now = addresses.get(address);
    const symbol = now === undefined ? undefined : to.byAddress.get(now);
    if (now === undefined || symbol === undefined || !symbol.attested) left.push(address);
    else attested.set(now, outcome);
  }
  // Evidence and what could not be obtained go with the answers, under their names.
  const renamed = <T>(kept: ReadonlyMap<string, T> | undefined): ReadonlyMap<string, T> | undefined => kept && new Map([...kept].flatMap(([name, value]) => {
    const now = facts.get(name) ?? addresses.get(name);
    return now === undefined ? [] : [[now, value] as const];
  }));
  const [evidence, unobtainable] = [renamed(policyCase.evidence), renamed(policyCase.unobtainable)];
  return { policyCase: { ...policyCase, facts: given, factRanges: ranges, attested, ...(evidence === undefined ? {} : { evidence }), ...(unobtainable === undefined ? {} : { unobtainable }) }, left };
}

function factValue(value: FactValue, { type: from }: FactSymbol, { type: to }: FactSymbol): FactValue | undefined {
  if (from.kind === "records") {
    if (to.kind !== "records" || !Array.isArray(value)) return undefined;
    return (value as readonly RecordValue[]).map((record) => Object.fromEntries(Object.entries(record).flatMap(([name, each]) => {
      const [before, after] = [from, to].map((records) => records.fields.find((field) => field.name === name)?.type);
      const carried = before === undefined || after === undefined ? undefined : scalar(each, before as ScalarType, after as ScalarType);
      return carried === undefined ? [] : [[name, carried]];
    })));
  }
  if (from.kind === "list") {
    if (to.kind !== "list" || !Array.isArray(value)) return undefined;
    const carried = (value as readonly (number | string)[]).map((each) => scalar(each, from.of, to.of));
    // A list that is given is complete: with an entry that does not exist any more it would not be.
    return carried.includes(undefined) ? undefined : (carried as (number | string)[]);
  }
  return to.kind === "records" || to.kind === "list" ? undefined : scalar(value as number | string | boolean, from, to);
}

function scalar(value: number | string | boolean, from: ScalarType, to: ScalarType): number | string | boolean | undefined {
  if (from.kind === "number" && to.kind === "number") {
    if (from.unit.ucum === to.unit.ucum) return value;
    return sameDimension(from.unit, to.unit) ? convert(Number(value), from.unit, to.unit) : undefined;
  }
  if (from.kind === "choice" && to.kind === "choice") {
    if (typeof value !== "number") return to.choices.includes(String(value)) ? value : undefined;
    const index = to.choices.indexOf(from.choices[value] ?? "");
    return index < 0 ? undefined : index;
  }
  return from.kind === to.kind ? value : undefined;
}
