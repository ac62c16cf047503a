// Random cases of a policy: dense and sparse ones, figures around the thresholds, dates around the edges of windows, and the policy's own cases with changes.
import type { Analysis, Condition, FactSymbol, OutcomeName, Policy, PolicyCase, Value } from "../../server/src/semantics/model.js";
import { seeded } from "../support/random.js";

/** A case in plain words, as `Evaluator.decide` and the CQL parameters are both made from. */
export interface PlainCase {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly request: { readonly on: string; readonly codes?: readonly string[]; readonly lineOfBusiness?: string; readonly pathway?: string; readonly criteria: Readonly<Record<string, OutcomeName>> };
}

const iso = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
/** Months are moved roughly: what matters is that dates lie close to an edge on either side, not where the edge is. */
function moved(date: string, months: number, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months, at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** What a policy compares its facts with. */
interface Figures {
  readonly numbers: Map<string, Set<number>>;
  readonly lengths: { readonly months: number; readonly days: number }[];
}

const keyOf = (fact: FactSymbol): string => `${fact.owner ?? ""}.${fact.name}`;

function* factsIn(value: Value): Generator<FactSymbol> {
  switch (value.kind) {
    case "fact": case "field": yield value.fact; return;
    case "scaled": case "definition": yield* factsIn(value.value); return;
    case "arithmetic": case "days between": yield* factsIn(value.left); yield* factsIn(value.right); return;
    case "shift": yield* factsIn(value.date); return;
    default: return;
  }
}

function figuresOf(policy: Policy): Figures {
  const numbers = new Map<string, Set<number>>();
  const lengths: { months: number; days: number }[] = [];
  const note = (value: Value): void => {
    if (value.kind === "shift") {
      if (value.length.kind === "months") lengths.push({ months: value.length.months, days: 0 });
      else if (value.length.days.kind === "number") lengths.push({ months: 0, days: value.length.days.value });
      note(value.date);
    } else if (value.kind === "scaled" || value.kind === "definition") note(value.value);
    else if (value.kind === "arithmetic") { note(value.left); note(value.right); }
  };
  const beside = (value: Value, others: readonly Value[]): void => {
    note(value);
    for (const other of others) {
      note(other);
      if (other.kind !== "number") continue;
      const inner = value.kind === "scaled" ? value.value : value;
      if (inner.kind === "days between") lengths.push({ months: 0, days: Math.round(other.value * (other.unit.ucum === "wk" ? 7 : 1)) });
      else for (const fact of factsIn(value)) numbers.set(keyOf(fact), (numbers.get(keyOf(fact)) ?? new Set()).add(other.value));
    }
  };
  const visit = (condition: Condition): void => {
    switch (condition.kind) {
      case "and": case "or": condition.operands.forEach(visit); return;
      case "not": visit(condition.operand); return;
      case "definition": visit(condition.condition); return;
      case "compare": beside(condition.left, [condition.right]); beside(condition.right, []); return;
      case "between": beside(condition.value, [condition.low, condition.high]); return;
      case "quantified": case "count": if (condition.records.filter !== undefined) visit(condition.records.filter); return;
      default: return;
    }
  };
  for (const each of policy.criteria) for (const condition of [...each.conditions, ...each.exceptions, ...each.waivers, ...each.guards]) visit(condition);
  for (const { scopes } of policy.statements) for (const scope of scopes) if (scope.kind === "condition") visit(scope.condition);
  return { numbers, lengths };
}

/** A checked case in plain words. */
export function plain(policy: Policy, given: PolicyCase): PlainCase {
  const value = (fact: FactSymbol, held: unknown): unknown => {
    switch (fact.type.kind) {
      case "date": return iso(held as number);
      case "choice": return fact.type.choices[held as number];
      case "records": {
        const { fields } = fact.type;
        return (held as readonly Record<string, unknown>[]).map((record) => Object.fromEntries(Object.entries(record).map(([name, each]) => [name, value(fields.find((field) => field.name === name)!, each)])));
      }
      default: return held;
    }
  };
  return {
    facts: Object.fromEntries([...given.facts].map(([name, held]) => [name, value(policy.facts.find((fact) => fact.name === name)!, held)])),
    request: {
      on: iso(given.on), ...(given.codes && { codes: given.codes }), ...(given.lineOfBusiness !== undefined && { lineOfBusiness: given.lineOfBusiness }),
      ...(given.pathway !== undefined && { pathway: given.pathway }), criteria: Object.fromEntries(given.attested),
    },
  };
}

/** Codes that the policy names, their neighbours and some that it does not know, each behind its system. */
function codesOf({ text }: Analysis): { readonly diagnoses: readonly string[]; readonly procedures: readonly string[] } {
  const diagnoses = new Set<string>(["Z99.9", "A00.0"]);
  for (const [, stem, rest = ""] of text.matchAll(/\b([A-TV-Z]\d\d)(?:\.(\d{1,3}))?(?![\d)])/gu)) {
    for (const below of [rest, `${rest}0`, `${rest}9`, rest.slice(0, -1)]) diagnoses.add(below === "" ? stem! : `${stem}.${below}`);
    if (rest !== "" && /\d$/u.test(rest)) for (const step of [-1, 1]) if (Number(rest) + step >= 0) diagnoses.add(`${stem}.${String(Number(rest) + step).padStart(rest.length, "0")}`);
    if (rest === "") for (const step of [-1, 1]) { const next = Number(stem!.slice(1)) + step; if (next >= 0 && next < 100) diagnoses.add(`${stem![0]}${String(next).padStart(2, "0")}.1`); }
  }
  const procedures = new Set<string>(["CPT 99213", "HCPCS J0585", "CPT 0016T"]);
  for (const [, code] of text.matchAll(/\b([A-HJ-V]?\d{4}|\d{5})\b/gu)) {
    if (code!.length !== 5) continue;
    const system = /^\d/u.test(code!) ? "CPT" : "HCPCS";
    for (const step of [-1, 0, 1]) procedures.add(`${system} ${code!.replace(/\d+$/u, (figures) => String(Number(figures) + step).padStart(figures.length, "0"))}`);
  }
  return { diagnoses: [...diagnoses].filter((code) => /^[A-Z]\d\d(?:\.\d{1,4})?$/u.test(code)), procedures: [...procedures].filter((code) => /^(?:CPT \d{4}[\dT]|HCPCS [A-V]\d{4})$/u.test(code)) };
}

/**
 * An endless source of cases. Figures are multiples of a quarter, or stand in the policy: the CQL engine reckons in binary fractions, where
 * CQL has decimals, and these come out the same.
 */
export function casesOf(policy: Policy, own: readonly PlainCase[], extra: Readonly<Record<string, readonly number[]>>, seed: number): () => PlainCase {
  const random = seeded(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const chance = (p: number): boolean => random() < p;
  const { numbers, lengths } = figuresOf(policy);
  const { diagnoses, procedures } = codesOf(policy.analysis);
  const short = (figure: number): boolean => Number(figure.toFixed(4)) === figure;
  const seen = new Map<string, Set<number>>();
  for (const { facts } of own) for (const [name, value] of Object.entries(facts)) if (typeof value === "number" && short(value)) seen.set(`.${name}`, (seen.get(`.${name}`) ?? new Set()).add(value));
  const pools = new Map<string, readonly number[]>();
  const pool = (fact: FactSymbol): readonly number[] => {
    const key = keyOf(fact);
    let there = pools.get(key);
    if (there === undefined) {
      const figures = [...(numbers.get(key) ?? []), ...(seen.get(key) ?? []), ...(extra[fact.name] ?? [])];
      const around = figures.flatMap((figure) => (short(figure) ? [figure - 1, figure - 0.25, figure, figure, figure + 0.25, figure + 1] : [figure, Math.floor(figure), Math.floor(figure * 4) / 4, Math.ceil(figure * 4) / 4, Math.ceil(figure)]));
      const { from = 0, to = Infinity } = fact.type.kind === "number" ? fact.type : {};
      const within = [...new Set([...around, ...(around.length < 3 ? [0, 1, 2, 2.25, 5] : [])].filter((figure) => figure >= from && figure <= to))];
      pools.set(key, (there = within.length > 0 ? within : [from]));
    }
    return there;
  };
  const dateFrom = (anchors: readonly string[]): string => {
    const anchor = pick(anchors);
    if (chance(0.2) || lengths.length === 0) return moved(anchor, -below(30), below(60) - 30);
    const { months, days } = pick(lengths);
    const way = chance(0.85) ? -1 : 1;
    return moved(anchor, way * months, way * days + pick([-3, -2, -1, -1, 0, 0, 0, 1, 1, 2, 3]));
  };
  const valueOf = (fact: FactSymbol, dates: string[], keep: number): unknown => {
    const { type } = fact;
    switch (type.kind) {
      case "yes/no": return chance(0.5);
      case "number": return pick(pool(fact));
      case "date": {
        const made = dateFrom(dates);
        dates.push(made);
        return made;
      }
      case "text": case "unknown": return pick(["a", "b"]);
      case "choice": return pick(type.choices);
      case "code": return pick(diagnoses);
      case "list": {
        const of = type.of.kind === "choice" ? type.of.choices : diagnoses;
        return [...new Set(Array.from({ length: below(4) }, () => pick(of)))];
      }
      case "records": return Array.from({ length: below(6) }, () => {
        const around = [dates[0]!];
        // The last day first, so that the first day may lie a treatment's length before it.
        const fields = [...type.fields].reverse();
        const record = fields.flatMap((field) => {
          if (!chance(keep)) return [];
          const anchors = field.type.kind === "date" && around.length > 1 ? [around[1]!] : [...around];
          const value = valueOf(field, anchors, keep);
          if (field.type.kind === "date") around.push(value as string);
          return [[field.name, value] as const];
        });
        return Object.fromEntries(record);
      });
    }
  };
  const attested = policy.criteria.filter((symbol) => symbol.attested).map((symbol) => symbol.address);
  const dateOfService = (): string => {
    const { fields } = policy.analysis.header;
    const effective = iso(fields.get("effective")?.date?.day ?? 20_000);
    if (chance(0.05)) return moved(effective, 0, pick([-400, -1, 0, 0, 1]));
    const day = moved(effective, 1 + below(30), below(30));
    // Months of different lengths, and the leap day.
    return chance(0.5) ? pick([`${day.slice(0, 8)}01`, moved(`${day.slice(0, 8)}01`, 1, -1), moved(`${day.slice(0, 8)}01`, 1, -2), "2028-02-29", "2027-02-28", "2027-03-01", "2028-03-31"]) : day;
  };
  const outcome = (): OutcomeName => pick(["met", "met", "not met", "unknown"]);
  const fresh = (): PlainCase => {
    const keep = pick([1, 1, 0.9, 0.7, 0.4, 0.15]);
    const on = dateOfService();
    const dates = [on];
    const facts: Record<string, unknown> = {};
    for (const fact of policy.facts) if (chance(keep)) facts[fact.name] = valueOf(fact, dates, keep);
    return {
      facts,
      request: {
        on, ...(chance(keep) && { codes: Array.from({ length: 1 + below(2) }, () => pick(procedures)) }), ...(chance(keep) && { lineOfBusiness: pick(["Medicaid", "CHIP", "Commercial"]) }),
        ...(chance(keep) && { pathway: pick(["initial", "initial", "continuation", "repeat"]) }), criteria: Object.fromEntries(attested.filter(() => chance(keep)).map((address) => [address, outcome()])),
      },
    };
  };
  const changed = ({ facts, request }: PlainCase): PlainCase => {
    const next: Record<string, unknown> = { ...facts };
    const dates = [request.on];
    for (let i = below(5); i > 0; i--) {
      const fact = pick(policy.facts);
      if (chance(0.35)) delete next[fact.name];
      else next[fact.name] = valueOf(fact, dates, pick([1, 0.8]));
    }
    const criteria: Record<string, OutcomeName> = { ...request.criteria };
    if (attested.length > 0 && chance(0.3)) criteria[pick(attested)] = outcome();
    const { codes, lineOfBusiness, pathway } = request;
    return {
      facts: next,
      request: {
        on: chance(0.2) ? dateOfService() : request.on, ...(codes && chance(0.95) && { codes }), ...(lineOfBusiness !== undefined && { lineOfBusiness }),
        ...(pathway !== undefined && chance(0.95) && { pathway }), criteria,
      },
    };
  };
  return () => (own.length > 0 && chance(0.5) ? changed(pick(own)) : fresh());
}
