// Holds what the evaluator says of a case against what the CQL says, criterion by criterion.
import { compile, outcomeName, outcomeOf } from "../../server/src/evaluate/compile.js";
import { explain } from "../../server/src/evaluate/explain.js";
import type { CriterionSymbol, FactSymbol, FactType, Policy } from "../../server/src/semantics/model.js";
import type { PlainCase } from "./cases.js";
import { date, library, quantity } from "./engine.js";
import { toCql } from "./translate.js";

const code = (given: string, systems: readonly string[]): object => {
  const [, named, bare] = /^(?:(\S+) )?(\S+)$/u.exec(given)!;
  const system = named ?? (systems.length === 1 ? systems[0]! : undefined);
  if (system === undefined) throw new Error(`Of which system is ${given}?`);
  return { system, code: bare!.replace(".", "") };
};

/** A value as CQL has it, decimals with eight places; what is not given is null, because an omitted parameter would be the parameter itself. */
function argument(type: FactType, value: unknown): unknown {
  if (value === undefined) return null;
  switch (type.kind) {
    case "number": return quantity(Number((value as number).toFixed(8)), type.unit.ucum);
    case "date": return date(value as string);
    case "code": return code(value as string, type.systems);
    case "list": return (value as readonly unknown[]).map((each) => argument(type.of, each));
    case "records": return (value as readonly Record<string, unknown>[]).map((record) => Object.fromEntries(type.fields.map((field) => [field.name, argument(field.type, record[field.name])])));
    default: return value;
  }
}

function parameters(policy: Policy, { facts, request }: PlainCase): Record<string, unknown> {
  const given: Record<string, unknown> = {
    "date of service": date(request.on), codes: request.codes?.map((each) => code(each, [])) ?? null, "line of business": request.lineOfBusiness ?? null, pathway: request.pathway ?? null,
  };
  policy.facts.forEach((fact: FactSymbol) => { given[fact.name] = argument(fact.type, facts[fact.name]); });
  for (const symbol of policy.criteria) if (symbol.attested) given[`attested ${symbol.address}`] = { met: true, "not met": false, unknown: null }[request.criteria[symbol.address] ?? "unknown"];
  return given;
}

/** Outcomes by the name of what came out: criteria, groups, statements, their scopes, and the determination. */
export type Outcomes = ReadonlyMap<string, string>;

const nameOf = ({ address, role }: CriterionSymbol, i: number): string => `${address} ${role} ${i}`;

/** Whether the evaluator of a policy says of any criterion, scope or determination something else than `outcomes`. It stops at the first difference. */
export function differing(policy: Policy): (given: PlainCase, outcomes: Outcomes) => boolean {
  const evaluator = compile(policy);
  const { scopeNodes } = evaluator.program;
  const criteria = policy.criteria.map(nameOf);
  const scopes = policy.statements.map(({ address }) => `scope of ${address}`);
  return ({ facts, request }, outcomes) => {
    const decision = evaluator.decide(facts, request);
    return decision.determination !== outcomes.get("determination") || criteria.some((name, i) => outcomeOf(decision, i) !== outcomes.get(name)) || scopes.some((name, i) => outcomeName(decision.truths[scopeNodes[i]!]!) !== outcomes.get(name));
  };
}

/** What our evaluator and its explanation say. */
export function explained(policy: Policy): (given: PlainCase) => Outcomes {
  const evaluator = compile(policy);
  return ({ facts, request }) => {
    const decision = evaluator.decide(facts, request);
    const explanation = explain(decision, "random");
    // Groups have no address of their own, and stand in the explanation under their criterion.
    const outcomes = new Map<string, string>(policy.criteria.map((symbol, i) => [nameOf(symbol, i), symbol.role === "criterion" ? explanation.outcomes[symbol.address]! : outcomeOf(decision, i)]));
    explanation.statements.forEach((statement) => {
      outcomes.set(`statement ${statement.address}`, statement.outcome);
      outcomes.set(`scope of ${statement.address}`, statement.applies);
    });
    return outcomes.set("determination", explanation.determination);
  };
}

/** What the CQL says. */
export async function theirs(policy: Policy): Promise<(given: PlainCase) => Promise<Outcomes>> {
  const translation = toCql(policy);
  const run = await library(translation.text);
  return async (given) => {
    const results = await run(parameters(policy, given));
    const read = (name: string): string => {
      const value = results[name];
      if (typeof value === "string") return value;
      if (value !== true && value !== false && value !== null) throw new Error(`CQL says ${String(value)} of ${name}`);
      return value === null ? "unknown" : value ? "met" : "not met";
    };
    const outcomes = new Map<string, string>();
    policy.criteria.forEach((symbol, i) => outcomes.set(nameOf(symbol, i), read(translation.criteria[i]!)));
    policy.statements.forEach(({ address }, i) => outcomes.set(`statement ${address}`, read(translation.statements[i]!)).set(`scope of ${address}`, read(translation.scopes[i]!)));
    return outcomes.set("determination", read(translation.determination));
  };
}

/** Where the evaluator differs from the CQL, in words. */
export function differences(evaluator: Outcomes, cql: Outcomes): readonly string[] {
  return [...evaluator].filter(([name, outcome]) => outcome !== cql.get(name)).map(([name, outcome]) => `${name}: evaluator ${outcome}, CQL ${cql.get(name)}`);
}

/** The same case with as little in it as still differs, for the report. */
export async function smallest(given: PlainCase, differs: (given: PlainCase) => Promise<boolean>): Promise<PlainCase> {
  let least = given;
  const without = <T extends object>(of: T, name: string): T => Object.fromEntries(Object.entries(of).filter(([key]) => key !== name)) as T;
  for (const name of Object.keys(given.facts)) {
    const next = { ...least, facts: without(least.facts, name) };
    if (await differs(next)) least = next;
  }
  for (const [name, value] of Object.entries(least.facts)) {
    if (!Array.isArray(value)) continue;
    for (let i = value.length - 1; i >= 0; i--) {
      const next: PlainCase = { ...least, facts: { ...least.facts, [name]: (least.facts[name] as unknown[]).toSpliced(i, 1) } };
      if (await differs(next)) least = next;
    }
  }
  for (const name of ["codes", "lineOfBusiness", "pathway"]) {
    const next = { ...least, request: without(least.request, name) };
    if (await differs(next)) least = next;
  }
  return least;
}
