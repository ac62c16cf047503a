// Three-valued logic: truth tables, agreement of the compiled program with a naive reading of the tree, and what must hold of all decisions.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compile, type Decision, outcomeName, outcomeOf } from "../server/src/evaluate/compile.js";
import { type Facts, type Ground, isNumeric, truthOf } from "../server/src/evaluate/conditions.js";
import { explain } from "../server/src/evaluate/explain.js";
import { ALL, ANY, atLeast, exactly, MET, NOT, NOT_MET, OPEN, type Truth, UNKNOWN } from "../server/src/evaluate/kleene.js";
import { inSet } from "../server/src/semantics/codes.js";
import type { Condition, CriterionSymbol, FactSymbol, Policy, StatementSymbol } from "../server/src/semantics/model.js";
import { type Parts, policyText, SAMPLES, samplesIn, sound } from "./support/core-fixtures.js";

const SEED = 20_260_105;
const VALUES = [MET, NOT_MET, UNKNOWN, OPEN] as const;
const samples = samplesIn(SAMPLES);

// ── Tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────
describe("truth tables", () => {
  // Rows and columns: met, not met, unknown, left open.
  const AND = ["M N U O", "N N N N", "U N U U", "O N U O"];
  const OR = ["M M M M", "M N U O", "M U U U", "M O U O"];
  const LETTER = new Map<Truth, string>([[MET, "M"], [NOT_MET, "N"], [UNKNOWN, "U"], [OPEN, "O"]]);
  const table = (of: (a: Truth, b: Truth) => Truth): readonly string[] => VALUES.map((a) => VALUES.map((b) => LETTER.get(of(a, b))).join(" "));
  test("and", () => assert.deepEqual(table((a, b) => ALL[a | b]!), AND));
  test("or", () => assert.deepEqual(table((a, b) => ANY[a | b]!), OR));
  test("not", () => assert.deepEqual(VALUES.map((a) => NOT[a]), [NOT_MET, MET, UNKNOWN, OPEN]));
  test("the empty list: all of nothing is met, any of nothing is not", () => assert.deepEqual([ALL[0], ANY[0]], [MET, NOT_MET]));
  test("and and or are each other's mirror", () => {
    for (const a of VALUES) for (const b of VALUES) assert.equal(NOT[ALL[a | b]!], ANY[NOT[a]! | NOT[b]!]);
  });

  const lists = (length: number): readonly (readonly Truth[])[] => (length === 0 ? [[]] : lists(length - 1).flatMap((list) => VALUES.map((value) => [...list, value])));
  const tally = (list: readonly Truth[]): [number, number, number] => [MET, UNKNOWN, OPEN].map((value) => list.filter((each) => each === value).length) as [number, number, number];
  /** What a count can come to when every unknown and open item is settled one way or the other. */
  const possible = (list: readonly Truth[], settle: readonly Truth[]): Set<number> => new Set(list.reduce<number[]>((counts, value) => counts.flatMap((count) => (value === MET ? [count + 1] : settle.includes(value) ? [count, count + 1] : [count])), [0]));

  for (const [name, of, holds] of [["at least", atLeast, (count: number, wanted: number) => count >= wanted], ["exactly", exactly, (count: number, wanted: number) => count === wanted]] as const) {
    test(`${name} N, for every list of up to five items`, () => {
      for (let length = 0; length <= 5; length++) {
        for (const list of lists(length)) {
          for (let wanted = 0; wanted <= length + 1; wanted++) {
            const value = of(wanted, ...tally(list));
            const outcomes = new Set([...possible(list, [UNKNOWN, OPEN])].map((count) => holds(count, wanted)));
            const said = `${name} ${wanted} of ${list.join(" ")} is ${value}`;
            // Decided exactly when every way of settling the rest gives the same.
            if (outcomes.size === 1) assert.equal(value, outcomes.has(true) ? MET : NOT_MET, said);
            else assert.ok(value === UNKNOWN || value === OPEN, said);
            if (value === OPEN) assert.ok(list.includes(OPEN), said);
            if (value === UNKNOWN) assert.ok(list.includes(UNKNOWN), said);
            // Without open items it is plain Kleene logic.
            if (!list.includes(OPEN)) assert.notEqual(value, OPEN, said);
          }
        }
      }
    });
  }

  test("all, any, at least and exactly agree where they say the same", () => {
    for (let length = 1; length <= 4; length++) {
      for (const list of lists(length)) {
        const bits = list.reduce((sum, value) => sum | value, 0);
        const open = list.includes(OPEN);
        if (open) continue;
        assert.equal(atLeast(1, ...tally(list)), ANY[bits]);
        assert.equal(atLeast(length, ...tally(list)), ALL[bits]);
        assert.equal(exactly(0, ...tally(list)), NOT[ANY[bits]!]);
        assert.equal(exactly(length, ...tally(list)), ALL[bits]);
      }
    }
  });
});

// ── A naive reading of the tree ───────────────────────────────────────────────────────────────────────────────────────
/** Evaluates criteria as the reference words it, by recursion, without sharing anything with the compiled program. */
class Naive {
  private readonly ground: Ground;
  private readonly known = new Map<number, Truth>();
  constructor(private readonly policy: Policy, facts: Facts, private readonly decision: Decision, private readonly attested: Readonly<Record<string, string>>) {
    this.ground = { facts, criterion: (index) => this.criterion(index), unmet: (index) => this.unmet(index) };
  }

  criterion(index: number): Truth {
    const there = this.known.get(index);
    if (there !== undefined) return there;
    const value = this.read(this.policy.criteria[index]!);
    this.known.set(index, value);
    return value;
  }

  /** Not met is what applies and does not hold; what does not apply is neither. */
  private unmet(index: number): Truth {
    const symbol = this.policy.criteria[index]!;
    return this.all([this.guard(symbol), this.not(this.body(symbol))]);
  }

  private all(values: readonly Truth[]): Truth { return values.includes(NOT_MET) ? NOT_MET : values.includes(UNKNOWN) ? UNKNOWN : values.includes(OPEN) ? OPEN : MET; }
  private any(values: readonly Truth[]): Truth { return values.includes(MET) ? MET : values.includes(UNKNOWN) ? UNKNOWN : values.includes(OPEN) ? OPEN : NOT_MET; }
  private not(value: Truth): Truth { return value === MET ? NOT_MET : value === NOT_MET ? MET : value; }
  private conditions(list: readonly Condition[], groups: readonly CriterionSymbol[]): Truth[] { return [...list.map((each) => truthOf(each, this.ground)), ...groups.map((group) => this.criterion(group.index))]; }
  private guard(symbol: CriterionSymbol): Truth { return this.all(symbol.guards.map((guard) => truthOf(guard, this.ground))); }

  private read(symbol: CriterionSymbol): Truth {
    return this.all([this.guard(symbol), this.body(symbol)]);
  }

  private body(symbol: CriterionSymbol): Truth {
    const parts = this.conditions(symbol.conditions, symbol.conditionGroups);
    if (symbol.items.length > 0) parts.push(this.list(symbol));
    if (symbol.allOthers) parts.push(this.not(this.any(this.policy.statements.filter((each) => each.statement === "necessary").map((each) => this.statement(each)))));
    if (symbol.attested) parts.push({ met: MET, "not met": NOT_MET }[this.attested[symbol.address] ?? ""] ?? UNKNOWN);
    const own = this.any([this.all(parts), ...this.conditions(symbol.waivers, symbol.waiverGroups)]);
    return this.all([own, ...this.conditions(symbol.exceptions, symbol.exceptionGroups).map((value) => this.not(value))]);
  }

  private list(symbol: CriterionSymbol): Truth {
    const { op, count, open } = symbol.combination!;
    const values = symbol.items.map((item) => this.criterion(item.index));
    const counts = [MET, UNKNOWN, OPEN].map((value) => values.filter((each) => each === value).length) as [number, number, number];
    switch (op) {
      case "any": return open && !values.includes(MET) && !values.includes(UNKNOWN) ? OPEN : this.any(values);
      // There may be another item on an open list: none of it is never certain, and exactly so many neither.
      case "none": return this.not(open && !values.includes(MET) && !values.includes(UNKNOWN) ? OPEN : this.any(values));
      case "at-least": return open && atLeast(count, ...counts) === NOT_MET ? OPEN : atLeast(count, ...counts);
      case "exactly": {
        if (!open) return exactly(count, ...counts);
        if (counts[0] > count) return NOT_MET;
        return counts[0] + counts[1] > count ? UNKNOWN : OPEN;
      }
      case "all": {
        const applying = symbol.items.map((item, i) => this.any([this.not(this.guard(item)), values[i]!]));
        const some = symbol.items.every((item) => item.guards.length > 0) ? [this.any(symbol.items.map((item) => this.guard(item)))] : [];
        return this.all([...applying, ...some]);
      }
    }
  }

  scope(statement: StatementSymbol): Truth {
    const { request } = this.decision;
    const holds = (given: unknown, test: () => boolean): Truth => (given === undefined ? UNKNOWN : test() ? MET : NOT_MET);
    return this.all(statement.scopes.map((scope) => {
      switch (scope.kind) {
        case "condition": return truthOf(scope.condition, this.ground);
        case "codes": return holds(request.codes, () => request.codes!.some((code) => scope.codes.some((set) => inSet(code, set))));
        case "line of business": return holds(request.lineOfBusiness, () => scope.values.includes(request.lineOfBusiness!));
        case "pathway": return holds(request.pathway, () => scope.values.includes(request.pathway!));
      }
    }));
  }

  statement(statement: StatementSymbol): Truth {
    return this.all([this.scope(statement), this.criterion(statement.index)]);
  }

  /** The table of the reference. */
  determination(): string {
    const of = (necessary: boolean): Truth => this.any(this.policy.statements.filter((each) => (each.statement === "necessary") === necessary).map((each) => this.statement(each)));
    const necessity = of(true);
    const limit = of(false);
    const { fields } = this.policy.analysis.header;
    const { on } = this.decision.facts;
    if (on < (fields.get("effective")?.date?.day ?? -Infinity) || on > (fields.get("ends")?.date?.day ?? Infinity)) return "refer";
    const applies = this.policy.statements.map((each) => this.scope(each));
    if (applies.length > 0 && applies.every((each) => each === NOT_MET)) return "no statement applies";
    if (applies.length > 0 && applies.every((each) => each === NOT_MET || each === UNKNOWN)) return "pend";
    if (limit === MET || limit === OPEN) return "refer";
    if (necessity === NOT_MET || necessity === OPEN) return "refer";
    return necessity === MET && limit === NOT_MET ? "approve" : "pend";
  }
}

// ── Facts and policies at random ──────────────────────────────────────────────────────────────────────────────────────
type Plain = Record<string, unknown>;
interface Request { on: string; codes?: string[]; lineOfBusiness?: string; pathway?: string; criteria: Record<string, "met" | "not met" | "unknown"> }

const DAYS = fc.integer({ min: 0, max: 1200 }).map((back) => new Date(Date.UTC(2026, 6, 1) - back * 86_400_000).toISOString().slice(0, 10));
const CODES = ["C69.0", "C70.1", "M05.79", "M54.16", "C61", "Z99.9"];

/** Figures around those that the policy compares with, so that both sides of each are met. */
function figures(policy: Policy): readonly number[] {
  const found = [...policy.analysis.text.matchAll(/[<>≤≥=]\s*(\d+(?:\.\d+)?)/gu)].map((match) => Number(match[1]));
  return [...new Set([0, 1, ...found.flatMap((figure) => [figure - 1, figure, figure + 1])])].filter((figure) => figure >= 0);
}

function valueOf(fact: FactSymbol, numbers: readonly number[], codes: readonly string[]): fc.Arbitrary<unknown> {
  const { type } = fact;
  switch (type.kind) {
    case "yes/no": return fc.boolean();
    case "number": return fc.constantFrom(...numbers);
    case "date": return DAYS;
    case "text": return fc.constantFrom("a", "b");
    case "choice": return fc.constantFrom(...type.choices);
    case "code": return fc.constantFrom(...codes);
    case "list": return fc.uniqueArray(type.of.kind === "choice" ? fc.constantFrom(...type.of.choices) : fc.constantFrom(...codes), { maxLength: 3 });
    case "records": return fc.array(fc.record(Object.fromEntries(type.fields.map((field) => [field.name, valueOf(field, numbers, codes)])), { requiredKeys: [] }), { maxLength: 3 });
    case "unknown": return fc.constant(undefined);
  }
}

/** Whole facts and a whole request; parts of them are then left out. */
function complete(policy: Policy): fc.Arbitrary<{ facts: Plain; request: Request }> {
  const numbers = figures(policy);
  const codes = [...new Set([...CODES, ...[...policy.analysis.text.matchAll(/\b[A-Z]\d\d(?:\.\d{1,2})?\b/gu)].slice(0, 40).map((match) => match[0])])];
  const requested = [...new Set([...policy.analysis.codes.values()].flat().map((entry) => entry.code)), "99999"];
  const attested = policy.criteria.filter((symbol) => symbol.attested).map((symbol) => symbol.address);
  return fc.record({
    facts: fc.record(Object.fromEntries(policy.facts.map((fact) => [fact.name, valueOf(fact, numbers, codes)]))) as fc.Arbitrary<Plain>,
    request: fc.record({
      on: DAYS,
      codes: fc.uniqueArray(fc.constantFrom(...requested), { minLength: 1, maxLength: 2 }),
      lineOfBusiness: fc.constantFrom("Medicaid", "CHIP", "Commercial"),
      pathway: fc.constantFrom("initial", "continuation", "repeat"),
      criteria: fc.record(Object.fromEntries(attested.map((address) => [address, fc.constantFrom("met" as const, "not met" as const)]))) as fc.Arbitrary<Request["criteria"]>,
    }),
  });
}

/** Leaves out what `keep` says, in a fixed order of all that a case can give. */
function sparse({ facts, request }: { facts: Plain; request: Request }, keep: (i: number) => boolean): { facts: Plain; request: Request } {
  let i = 0;
  const kept = <T extends object>(of: T): T => Object.fromEntries(Object.entries(of).filter(() => keep(i++))) as T;
  const { on, criteria, ...rest } = request;
  return { facts: kept(facts), request: { on, ...kept(rest), criteria: kept(criteria) } };
}

const snapshot = (policy: Policy, decision: Decision): { determination: string; outcomes: readonly string[] } => ({ determination: decision.determination, outcomes: policy.criteria.map((symbol) => outcomeOf(decision, symbol.index)) });

/** A random policy text of few facts. Criteria refer only to criteria before them, so no circle arises. */
const atoms = ["a", "b", "not c", "n >= 5", "n < 8 and a", "n between 3 and 9", "c or n = 4", "k is red", "k in red, green", "k is not blue", "a is known", "d within the past 6 months", "d + 30 days <= date of service", "l include C69.-",
  "l include all of C70.-, C61", "exists r where x", "at least 2 of r where x or m > 3", "no r where m >= 2", "all of r where m is known", "count of (r where x) >= n", "count of (r where m < 3) < 2", "ref", "not ref", "ref is not met", "not (ref or a)", "named", "many > 5"];
const item: fc.Arbitrary<{ kind: string; atom: string; other: string; items: number }> = fc.record({ kind: fc.constantFrom("when", "when", "when", "attested", "list", "unless", "waived", "if", "group"), atom: fc.constantFrom(...atoms), other: fc.constantFrom(...atoms), items: fc.nat(8) });
const LISTS = ["all of the following", "any of the following", "none of the following", "at least 2 of the following", "exactly 1 of the following", "any of the following (not all-inclusive)", "at least 2 of the following (not all-inclusive)", "none of the following (not all-inclusive)", "exactly 1 of the following (not all-inclusive)"];
const parts: fc.Arbitrary<Parts> = fc.array(fc.record({ list: fc.constantFrom(...LISTS), kind: fc.constantFrom("medically necessary", "medically necessary", "not medically necessary", "investigational"), scope: fc.constantFrom("", "", "pathway initial", "codes 77301", "a", "line of business Medicaid"), others: fc.boolean(), items: fc.array(item, { minLength: 3, maxLength: 5 }) }), { minLength: 1, maxLength: 4 }).map((statements) => {
  const before: string[] = [];
  const spelt = (atom: string): string => atom.replace(before.length === 0 ? " is not met" : "", "").replace("ref", before.length === 0 ? "b" : `criterion ${before[(before.length * 7) % before.length]}`);
  const text = statements.map(({ list, kind, scope, others, items }, s) => {
    const roman = ["I", "II", "III", "IV"][s]!;
    if (others && kind === "investigational") return `${roman}. It is ${kind} for all other indications`;
    const lines = items.map(({ kind: what, atom, other, items: count }, i) => {
      const address = `${roman}.${i + 1}`;
      const line = ((): string => {
        switch (what) {
          case "attested": return `   ${i + 1}. Item`;
          case "list": return `   ${i + 1}. Item, ${LISTS[count]}:\n      a. x\n         when ${spelt(atom)}\n      b. y\n      c. z\n         if ${spelt(other)}\n         when b`;
          case "unless": return `   ${i + 1}. Item\n      when ${spelt(atom)}\n      unless ${spelt(other)}`;
          case "waived": return `   ${i + 1}. Item\n      when ${spelt(atom)}\n      waived when ${spelt(other)}`;
          case "if": return `   ${i + 1}. Item\n      if ${spelt(other)}\n      when ${spelt(atom)}`;
          case "group": return `   ${i + 1}. Item\n      when ${spelt(atom)}\n      unless any of the following:\n         a. x\n            when ${spelt(other)}\n         b. y`;
          default: return `   ${i + 1}. Item\n      when ${spelt(atom)}`;
        }
      })();
      before.push(address);
      return line;
    });
    return `${roman}. It is ${kind} when ${list}:\n${scope === "" ? "" : `   applies to ${scope}\n`}${lines.join("\n")}`;
  }).join("\n");
  return {
    facts: ["a  yes/no", "b  yes/no", "c  yes/no", "n  number", "k  one of red, green, blue", "d  date", "l  list of ICD-10-CM", "r  list of", "  x  yes/no", "  m  number"],
    define: ["named  (a or b) and not c", "many  n + count of r"],
    criteria: text,
  };
});

const policies = fc.sample(parts, { seed: SEED, numRuns: 120 }).map((each) => sound(policyText(each)));

describe("random policies", () => {
  test("they are varied", () => {
    const seen = new Set<string>();
    const visit = (condition: Condition): void => {
      seen.add(condition.kind);
      if (condition.kind === "and" || condition.kind === "or") condition.operands.forEach(visit);
      if (condition.kind === "not") visit(condition.operand);
    };
    for (const { criteria } of policies) for (const symbol of criteria) for (const condition of [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards]) visit(condition);
    for (const kind of ["and", "or", "not", "yes", "known", "compare", "between", "choice", "includes", "quantified", "count", "criterion", "definition"]) assert.ok(seen.has(kind), kind);
  });
});

const everyPolicy = [...samples.map(({ name, analysis }) => ({ name, policy: analysis.policy! })), ...policies.map((policy, i) => ({ name: `random ${i}`, policy }))];
const readsKnown = ({ analysis }: Policy): boolean => /\bis (?:not )?(?:known|unknown)\b/u.test(analysis.text);

/** Runs a check over random cases: many for each sample, some for each random policy. */
function overCases(check: (name: string, policy: Policy, given: { facts: Plain; request: Request }, keep: readonly boolean[]) => void): void {
  everyPolicy.forEach(({ name, policy }, i) => {
    const kept = fc.oneof(fc.infiniteStream(fc.boolean()).map((stream) => [...stream.take(400)]), fc.constant(Array.from({ length: 400 }, () => true)));
    fc.assert(fc.property(complete(policy), kept, (given, keep) => check(name, policy, given, keep)), { seed: SEED + i, numRuns: name.startsWith("random") ? 25 : 80 });
  });
}

describe("decisions", () => {
  test("the compiled program says what a naive reading says, of every criterion and of the whole", () => {
    const determinations = new Set<string>();
    overCases((name, policy, given, keep) => {
      const { facts, request } = sparse(given, (i) => keep[i % keep.length]!);
      const decision = compile(policy).decide(facts, request);
      const naive = new Naive(policy, decision.facts, decision, request.criteria);
      for (const symbol of policy.criteria) assert.equal(decision.truths[decision.evaluator.program.criterionNodes[symbol.index]!], naive.criterion(symbol.index), `${name} ${symbol.address} ${symbol.role}`);
      policy.statements.forEach((statement, i) => {
        assert.equal(decision.truths[decision.evaluator.program.statementNodes[i]!], naive.statement(statement), `${name} ${statement.address}`);
        assert.equal(decision.truths[decision.evaluator.program.scopeNodes[i]!], naive.scope(statement), `${name} scope of ${statement.address}`);
      });
      assert.equal(decision.determination, naive.determination(), name);
      determinations.add(decision.determination);
    });
    assert.deepEqual(determinations, new Set(["approve", "pend", "refer", "no statement applies"]));
  });

  test("supplying what is missing never turns what is decided", () => {
    overCases((name, policy, given, keep) => {
      if (readsKnown(policy)) return;
      const evaluator = compile(policy);
      const decide = (part: (i: number) => boolean): ReturnType<typeof snapshot> => {
        const { facts, request } = sparse(given, part);
        return snapshot(policy, evaluator.decide(facts, request));
      };
      const few = decide((i) => keep[i % keep.length]! && i % 3 !== 0);
      const more = decide((i) => keep[i % keep.length]!);
      const all = decide(() => true);
      for (const [before, after] of [[few, more], [more, all], [few, all]] as const) {
        if (before.determination !== "pend") assert.equal(after.determination, before.determination, name);
        before.outcomes.forEach((outcome, i) => {
          // "Not applicable" is "not met" for a guard; both are decided.
          if (outcome !== "unknown") assert.equal(after.outcomes[i], outcome, `${name} ${policy.criteria[i]!.address}`);
        });
      }
    });
  });

  test("whole facts leave nothing pending but records without all their fields", () => {
    overCases((name, policy, { facts, request }) => {
      const whole = Object.entries(facts).every(([fact, value]) => {
        const { type } = policy.facts.find((each) => each.name === fact)!;
        return type.kind !== "records" || (value as object[]).every((record) => Object.keys(record).length === type.fields.length);
      });
      if (!whole || /\//u.test(policy.analysis.text.split("define")[1] ?? "")) return;
      assert.notEqual(compile(policy).decide(facts, request).determination, "pend", name);
    });
  });

  test("the same case gives the same decision, whatever was decided before", () => {
    overCases((name, policy, given, keep) => {
      const { facts, request } = sparse(given, (i) => keep[i % keep.length]!);
      const evaluator = compile(policy);
      const first = snapshot(policy, evaluator.decide(facts, request));
      evaluator.decide({}, { on: "2020-02-29" });
      evaluator.decide(given.facts, given.request);
      assert.deepEqual(snapshot(policy, evaluator.decide(facts, request)), first, name);
      assert.deepEqual(snapshot(policy, compile(policy).decide(facts, request)), first, name);
    });
  });
});

describe("explanations", () => {
  test("they say what was decided, name what is missing, and are plain data", () => {
    overCases((name, policy, given, keep) => {
      const { facts, request } = sparse(given, (i) => keep[i % keep.length]!);
      const decision = compile(policy).decide(facts, request);
      const explanation = explain(decision, "random");
      assert.equal(explanation.determination, decision.determination);
      for (const symbol of policy.criteria) if (symbol.role === "criterion") assert.equal(explanation.outcomes[symbol.address], outcomeOf(decision, symbol.index), `${name} ${symbol.address}`);
      explanation.statements.forEach((statement, i) => assert.equal(statement.outcome, outcomeName(decision.truths[decision.evaluator.program.statementNodes[i]!]!)));
      if (explanation.determination === "pend") assert.ok(explanation.missing.length > 0, `${name} pends for want of nothing`);
      else assert.deepEqual(explanation.missing, []);
      for (const missing of explanation.missing) {
        const given_ = missing.kind === "fact" ? facts[missing.name] : missing.kind === "criterion" ? request.criteria[missing.name] : { codes: request.codes, "line of business": request.lineOfBusiness, pathway: request.pathway }[missing.name];
        assert.ok(given_ === undefined || Array.isArray(given_), `${name}: ${missing.name} is given`);
      }
      assert.deepEqual(JSON.parse(JSON.stringify(explanation)).outcomes, explanation.outcomes);
      assert.doesNotMatch(JSON.stringify(explanation), /NaN|undefined|Infinity|\[object|:null/u, name);
      assert.match(explanation.reason, /\.$/u);
    });
  });

  test("every fact that is read is one of the policy", () => {
    for (const { policy } of everyPolicy.slice(0, 20)) {
      const explanation = explain(compile(policy).decide({}, { on: "2026-01-01" }), "empty");
      for (const { name, value } of explanation.factsRead) {
        assert.ok(policy.facts.some((fact) => fact.name === name), name);
        assert.equal(value, undefined);
      }
    }
  });

  test("answering what is missing, again and again, comes to a decision", () => {
    overCases((name, policy, given) => {
      if (readsKnown(policy) || Object.values(given.facts).some((value) => Array.isArray(value) && value.some((each) => typeof each === "object"))) return;
      if (/\//u.test(policy.analysis.text.split("define")[1] ?? "")) return;
      const facts: Plain = {};
      const request: Request = { on: given.request.on, criteria: {} };
      for (let round = 0; round < 60; round++) {
        const explanation = explain(compile(policy).decide(facts, request), "asked");
        if (explanation.determination !== "pend") return;
        const before = JSON.stringify([facts, request]);
        for (const { kind, name: asked } of explanation.missing) {
          if (kind === "fact") facts[asked] = given.facts[asked];
          else if (kind === "criterion") request.criteria[asked] = given.request.criteria[asked]!;
          else if (asked === "codes") request.codes = given.request.codes!;
          else if (asked === "pathway") request.pathway = given.request.pathway!;
          else request.lineOfBusiness = given.request.lineOfBusiness!;
        }
        assert.notEqual(JSON.stringify([facts, request]), before, `${name} asks for nothing new: ${explanation.missing.map((each) => each.name).join(", ")}`);
      }
      assert.fail(`${name} never comes to a decision`);
    });
  });
});

test("numbers of facts that are held apart", () => assert.ok(samples.every(({ analysis }) => analysis.policy!.facts.some(isNumeric))));
