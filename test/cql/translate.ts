// Translates a policy to a CQL library, criterion by criterion, after docs/language.md and not after the evaluator: it is the second opinion.
import type { CodeSet, CompareOp, Condition, CriterionSymbol, FactSymbol, FactType, Policy, RecordSet, Scope, Value } from "../../server/src/semantics/model.js";

/**
 * What is true of a condition, as CQL text. `value` is three-valued, by CQL's own logic. `open` says whether a null is that of an open
 * list; without it nothing is left open. CQL has no word for "left open", so it is reckoned beside the value.
 */
interface Said {
  readonly value: string;
  readonly open?: string | undefined;
}

/** A library and the names in it that answer for the criteria (by index), the statements, their scopes, and the whole. */
export interface Translation {
  readonly text: string;
  readonly criteria: readonly string[];
  readonly statements: readonly string[];
  readonly scopes: readonly string[];
  readonly determination: string;
}

/** The words for units of the reference that are not UCUM. */
const WORDS: Readonly<Record<string, string>> = { year: "a", month: "mo", week: "wk", day: "d", hour: "h", minute: "min", percent: "%", mcg: "ug", mmHg: "mm[Hg]", degree: "deg" };
const DAYS_IN: Readonly<Record<string, number>> = { d: 1, wk: 7 };

const quoted = (name: string): string => `"${name.replace(/["\\]/gu, "\\$&")}"`;
const text = (value: string): string => `'${value.replace(/['\\]/gu, "\\$&")}'`;
const bracketed = (parts: readonly string[], word: "and" | "or"): string => `(${parts.join(`\n    ${word} `)})`;
const isNull = (cql: string): string => `(${cql}) is null`;

const TRUE: Said = { value: "true" };

/** Kleene's and, or. Where the whole is null, it is left open if nothing in it lacks a fact. */
function joined(parts: readonly Said[], word: "and" | "or"): Said {
  if (parts.length === 0) return { value: word === "and" ? "true" : "false" };
  if (parts.length === 1) return parts[0]!;
  const value = bracketed(parts.map((part) => part.value), word);
  if (parts.every((part) => part.open === undefined)) return { value };
  return { value, open: `(${isNull(value)} and not ${bracketed(parts.map(lacking), "or")})` };
}
const all = (parts: readonly Said[]): Said => joined(parts, "and");
const any = (parts: readonly Said[]): Said => joined(parts, "or");
const not = ({ value, open }: Said): Said => ({ value: `(not ${value})`, open });
/** Null for want of a fact. */
const lacking = ({ value, open }: Said): string => (open === undefined ? `(${isNull(value)})` : `(${isNull(value)} and not ${open})`);

/** One or zero, for counts. */
const one = (condition: string): string => `(if ${condition} then 1 else 0)`;
const sum = (parts: readonly string[]): string => (parts.length === 0 ? "0" : `(${parts.join(" + ")})`);

/** Holds a count that lies somewhere from `low` to `high` against a number. */
function counted(op: CompareOp, low: string, high: string, wanted: string): string {
  const decided = (yes: string, no: string): string => `(case when ${yes} then true when ${no} then false else null as Boolean end)`;
  switch (op) {
    case ">=": return decided(`${low} >= ${wanted}`, `${high} < ${wanted}`);
    case ">": return decided(`${low} > ${wanted}`, `${high} <= ${wanted}`);
    case "<": return decided(`${high} < ${wanted}`, `${low} >= ${wanted}`);
    case "<=": return decided(`${high} <= ${wanted}`, `${low} > ${wanted}`);
    case "=": return decided(`${low} = ${wanted} and ${high} = ${wanted}`, `${low} > ${wanted} or ${high} < ${wanted}`);
    case "!=": return decided(`${low} > ${wanted} or ${high} < ${wanted}`, `${low} = ${wanted} and ${high} = ${wanted}`);
  }
}

/** The type of a parameter. Every number is a Quantity, so that CQL's engine converts units by itself; dates are whole days. */
function typeOf(type: FactType): string {
  switch (type.kind) {
    case "yes/no": return "Boolean";
    case "number": return "Quantity";
    case "date": return "Date";
    case "text": case "choice": case "unknown": return "String";
    case "code": return "Tuple{system String, code String}";
    case "list": return `List<${typeOf(type.of)}>`;
    case "records": return `List<Tuple{${type.fields.map((field) => `${quoted(field.name)} ${typeOf(field.type)}`).join(", ")}}>`;
  }
}

function dimensionsOf(value: Value): string | undefined {
  const unit = value.kind === "fact" || value.kind === "field" ? (value.fact.type.kind === "number" ? value.fact.type.unit : undefined) : value.kind === "number" || value.kind === "arithmetic" || value.kind === "scaled" ? value.unit : undefined;
  return unit === undefined || unit.dimensions.every((each) => each === 0) ? undefined : unit.dimensions.join();
}

class Translator {
  /** Aliases of the records around, innermost last. */
  private readonly records: { readonly list: string; readonly alias: string }[] = [];
  private readonly lines: string[] = [];
  private readonly said = new Map<number, { readonly guard: Said; readonly body: Said; readonly whole: Said }>();

  constructor(private readonly policy: Policy) {}

  // ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  private path(value: Value): string {
    switch (value.kind) {
      case "fact": return quoted(value.fact.name);
      case "field": {
        const around = this.records.findLast((record) => record.list === value.fact.owner) ?? this.records.at(-1);
        if (around === undefined) throw new Error(`${value.fact.name} stands outside of its record`);
        return `${around.alias}.${quoted(value.fact.name)}`;
      }
      case "definition": return this.path(value.value);
      default: throw new Error(`A ${value.kind} has no place`);
    }
  }

  /** A number in its unit, as the policy writes it. */
  private literal(value: Extract<Value, { kind: "number" }>): { readonly figure: number; readonly unit: string } {
    const written = value.written === undefined ? undefined : /^(-?[\d.]+)\s*(.*)$/u.exec(value.written);
    if (written === undefined || written === null) return { figure: value.value, unit: value.unit.ucum };
    const word = written[2]!;
    return { figure: Number(written[1]), unit: WORDS[word] ?? WORDS[word.replace(/s$/u, "")] ?? word };
  }

  /** A number as a Quantity, or a date. */
  private value(value: Value): string {
    switch (value.kind) {
      case "fact": case "field": return this.path(value);
      case "definition": case "scaled": return this.value(value.value);
      case "number": {
        const { figure, unit } = this.literal(value);
        return `${figure < 0 ? `(-${-figure} '${unit}')` : `${figure} '${unit}'`}`;
      }
      case "day": return `@${new Date(value.day * 86_400_000).toISOString().slice(0, 10)}`;
      case "date of service": return quoted("date of service");
      case "arithmetic": return `(${this.value(value.left)} ${value.op} ${this.value(value.right)})`;
      case "days between": return `((${this.daysBetween(value)}) * 1 'd')`;
      case "shift": {
        const { length } = value;
        const sign = value.sign > 0 ? "+" : "-";
        if (length.kind === "months") return `(${this.value(value.date)} ${sign} ${length.months} months)`;
        const days = length.days;
        if (days.kind !== "number") throw new Error("Dates are moved by fixed lengths of time only");
        const { figure, unit } = this.literal(days);
        return `(${this.value(value.date)} ${sign} ${figure} ${unit === "wk" ? "weeks" : "days"})`;
      }
      default: throw new Error(`No CQL value for a ${value.kind}`);
    }
  }

  private daysBetween(value: Extract<Value, { kind: "days between" }>): string {
    return `difference in days between ${this.value(value.right)} and ${this.value(value.left)}`;
  }

  private under(value: Value, kind: "days between" | "count"): Value | undefined {
    return value.kind === kind ? value : value.kind === "scaled" || value.kind === "definition" ? this.under(value.value, kind) : undefined;
  }

  private compared(op: CompareOp, left: Value, right: Value): string {
    const between = this.under(left, "days between");
    if (between?.kind === "days between" && right.kind === "number") {
      const { figure, unit } = this.literal(right);
      const days = DAYS_IN[unit];
      if (days !== undefined) return `((${this.daysBetween(between)}) ${op} ${figure}${days === 1 ? "" : ` * ${days}`})`;
    }
    const quotient = this.ratio(left);
    if (quotient !== undefined && right.kind === "number") {
      const below = this.value(quotient.right);
      return `(if ${below}.value <= 0 then null as Boolean else ${this.value(quotient.left)} ${op} ${this.value(right)} * ${below})`;
    }
    const count = this.under(left, "count");
    if (count?.kind === "count" && right.kind === "number") return this.tallied(op, count.records, `${right.value}`);
    return `(${this.value(left)} ${op} ${this.value(right)})`;
  }

  /**
   * A quotient of two like quantities, such as mg and kg. CQL's decimals have eight places, and the engine brings both to one unit before it
   * divides: 5 mg/kg is 0.000005, with one digit left to compare. So these comparisons are multiplied out; what is divided by is above zero.
   */
  private ratio(value: Value): Extract<Value, { kind: "arithmetic" }> | undefined {
    if (value.kind === "scaled" || value.kind === "definition") return this.ratio(value.value);
    if (value.kind !== "arithmetic" || value.op !== "/") return undefined;
    const [above, below] = [dimensionsOf(value.left), dimensionsOf(value.right)];
    return above !== undefined && above === below ? value : undefined;
  }

  // ── Codes ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** A code stands for itself, a diagnosis also for those below it; a range holds both ends, and of other systems only codes of its own series. */
  private inSet(code: string, set: CodeSet): string {
    const of = `${code}.code`;
    const below = (end: string): string => `StartsWith(${of}, ${text(end)})`;
    const parts: string[] = set.system === undefined ? [] : [`${code}.system = ${text(set.system)}`];
    if (set.from === set.to) parts.push(set.descends ? below(set.from) : `${of} = ${text(set.from)}`);
    else {
      parts.push(`${of} >= ${text(set.from)}`, set.descends ? `(${of} <= ${text(set.to)} or ${below(set.to)})` : `${of} <= ${text(set.to)}`);
      if (!set.descends) parts.push(`Matches(${of}, ${text(`^[A-Z]?\\d{${set.from.replace(/\D/gu, "").length}}${/[A-Z]$/u.test(set.from) ? set.from.at(-1) : ""}$`)})`);
    }
    return parts.length === 1 ? parts[0]! : `(${parts.join(" and ")})`;
  }

  // ── Records ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** How many records of a list surely match, and how many may. */
  private bounds({ list, filter }: RecordSet): { readonly list: string; readonly low: string; readonly high: string; readonly total: string } {
    const name = quoted(list.name);
    const total = `Count(${name})`;
    if (filter === undefined) return { list: name, low: total, high: total, total };
    const alias = `R${this.records.length}`;
    this.records.push({ list: list.name, alias });
    const matches = this.condition(filter).value;
    this.records.pop();
    return { list: name, low: `Count(${name} ${alias} where ${matches} is true return all 1)`, high: `Count(${name} ${alias} where ${matches} is not false return all 1)`, total };
  }

  private tallied(op: CompareOp | "all", records: RecordSet, wanted: string): string {
    const { list, low, high, total } = this.bounds(records);
    const held = op === "all" ? `(case when ${total} = 0 then false when ${high} < ${total} then false when ${low} = ${total} then true else null as Boolean end)` : counted(op, low, high, wanted);
    return `(if ${list} is null then null as Boolean else ${held})`;
  }

  // ── Conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────
  condition(condition: Condition): Said {
    switch (condition.kind) {
      case "and": return all(condition.operands.map((operand) => this.condition(operand)));
      case "or": return any(condition.operands.map((operand) => this.condition(operand)));
      case "not": return this.negation(condition.operand);
      case "definition": return this.condition(condition.condition);
      case "criterion": return this.reference(condition.index, "whole");
      case "yes": return { value: `(${this.path(condition.value)} = ${condition.expected})` };
      case "known": return { value: `(${this.known(condition.value)} is ${condition.negated ? "" : "not "}null)` };
      case "compare": return { value: this.compared(condition.op, condition.left, condition.right) };
      case "between": return { value: `(${this.compared(">=", condition.value, condition.low)} and ${this.compared("<=", condition.value, condition.high)})` };
      case "choice": return { value: bracketed(condition.wanted.map((index) => `${this.path(condition.value)} = ${text(condition.choices[index]!)}`), "or") };
      case "text": return { value: bracketed(condition.wanted.map((word) => `${this.path(condition.value)} = ${text(word)}`), "or") };
      case "code": {
        const code = this.path(condition.value);
        return { value: `(if ${code} is null then null as Boolean else ${bracketed(condition.wanted.map((set) => this.inSet(code, set)), "or")})` };
      }
      case "includes": {
        // CQL's `exists` of a list that is not given is false; ours is unknown.
        const list = this.path(condition.value);
        const holds = condition.wanted.map((wanted) => `exists (${list} L where ${typeof wanted === "string" ? `L = ${text(wanted)}` : this.inSet("L", wanted)})`);
        return { value: `(if ${list} is null then null as Boolean else ${bracketed(holds, condition.quantifier === "any" ? "or" : "and")})` };
      }
      case "quantified": case "count": return { value: this.tallied(condition.op, condition.records, `${condition.count}`) };
    }
  }

  private known(value: Value): string {
    const count = this.under(value, "count");
    if (count?.kind === "count") return quoted(count.records.list.name);
    return value.kind === "fact" || value.kind === "field" || value.kind === "definition" && (value.value.kind === "fact" || value.value.kind === "field") ? this.path(value) : `(${this.value(value)})`;
  }

  /** Not, written inward: a criterion that does not apply is not "not met" either. */
  private negation(condition: Condition): Said {
    switch (condition.kind) {
      case "and": return any(condition.operands.map((operand) => this.negation(operand)));
      case "or": return all(condition.operands.map((operand) => this.negation(operand)));
      case "not": return this.condition(condition.operand);
      case "definition": return this.negation(condition.condition);
      case "criterion": return all([this.reference(condition.index, "guard"), not(this.reference(condition.index, "body"))]);
      default: return not(this.condition(condition));
    }
  }

  // ── Criteria ────────────────────────────────────────────────────────────────────────────────────────────────────────
  private nameOf(symbol: CriterionSymbol): string {
    return symbol.role === "criterion" ? symbol.address : `${symbol.address} ${symbol.role} ${symbol.index}`;
  }

  private define(name: string, said: Said): Said {
    const named = (suffix: string, cql: string): string => {
      this.lines.push(`define ${quoted(`${name}${suffix}`)}:\n  ${cql}\n`);
      return quoted(`${name}${suffix}`);
    };
    return { value: named("", said.value), open: said.open === undefined ? undefined : named(" left open", said.open) };
  }

  private reference(index: number, part: "guard" | "body" | "whole"): Said {
    let there = this.said.get(index);
    if (there === undefined) {
      const symbol = this.policy.criteria[index]!;
      const name = this.nameOf(symbol);
      const body = this.body(symbol);
      if (symbol.guards.length === 0) {
        const whole = this.define(name, body);
        there = { guard: TRUE, body: whole, whole };
      } else {
        const guard = this.define(`${name} applies`, all(symbol.guards.map((each) => this.condition(each))));
        const held = this.define(`${name} holds`, body);
        there = { guard, body: held, whole: this.define(name, all([guard, held])) };
      }
      this.said.set(index, there);
    }
    return there[part];
  }

  private both(conditions: readonly Condition[], groups: readonly CriterionSymbol[]): Said[] {
    return [...conditions.map((each) => this.condition(each)), ...groups.map((group) => this.reference(group.index, "whole"))];
  }

  private body(symbol: CriterionSymbol): Said {
    const parts = this.both(symbol.conditions, symbol.conditionGroups);
    if (symbol.items.length > 0) parts.push(this.list(symbol));
    if (symbol.allOthers) parts.push(not(any(this.policy.statements.flatMap((each, i) => (each.statement === "necessary" ? [this.statement(i)] : [])))));
    if (symbol.attested) parts.push({ value: quoted(`attested ${symbol.address}`) });
    const waived = any([all(parts), ...this.both(symbol.waivers, symbol.waiverGroups)]);
    return all([waived, ...this.both(symbol.exceptions, symbol.exceptionGroups).map(not)]);
  }

  private list(symbol: CriterionSymbol): Said {
    const { op, count, open } = symbol.combination!;
    const items = symbol.items.map((item) => this.reference(item.index, "whole"));
    switch (op) {
      case "all": {
        // What does not apply is left out; where nothing applies, the list is not met.
        const guards = symbol.items.map((item) => ({ guard: this.reference(item.index, "guard"), guarded: item.guards.length > 0 }));
        const applying = items.map((item, i) => (guards[i]!.guarded ? any([not(guards[i]!.guard), item]) : item));
        return all([...applying, ...(guards.every((each) => each.guarded) ? [any(guards.map((each) => each.guard))] : [])]);
      }
      case "any": case "none": {
        const some = any(items);
        // With nothing met and nothing lacking on an open list, a clinician decides.
        const found: Said = open ? { value: `(if ${some.value} is true then true else null as Boolean)`, open: `(${some.value} is false or ${some.open ?? "false"})` } : some;
        return op === "any" ? found : not(found);
      }
      case "at-least": case "exactly": {
        const met = sum(items.map((item) => one(`${item.value} is true`)));
        const may = sum(items.map((item) => one(`${item.value} is not false`)));
        const unknown = sum(items.map((item) => one(lacking(item))));
        const left = sum(items.map((item) => one(item.open ?? "false")));
        if (op === "at-least") {
          if (open) return { value: `(if ${met} >= ${count} then true else null as Boolean)`, open: `(${met} < ${count} and (${met} + ${unknown} < ${count} or ${unknown} = 0))` };
          // Left open where no answer settles it: neither would the facts that lack make enough, nor their absence too few.
          return { value: counted(">=", met, may, `${count}`), open: items.some((item) => item.open !== undefined) ? `(${met} + ${unknown} < ${count} and ${met} + ${left} >= ${count})` : undefined };
        }
        if (open) return { value: `(if ${met} > ${count} then false else null as Boolean)`, open: `(${met} + ${unknown} <= ${count})` };
        const value = counted("=", met, may, `${count}`);
        return { value, open: items.some((item) => item.open !== undefined) ? `(${isNull(value)} and ${unknown} = 0)` : undefined };
      }
    }
  }

  // ── Statements ──────────────────────────────────────────────────────────────────────────────────────────────────────
  private scope(scope: Scope): Said {
    const word = (name: string, values: readonly string[]): Said => ({ value: bracketed(values.map((value) => `${quoted(name)} = ${text(value)}`), "or") });
    switch (scope.kind) {
      case "condition": return this.condition(scope.condition);
      case "line of business": return word("line of business", scope.values);
      case "pathway": return word("pathway", scope.values);
      case "codes": return { value: `(if "codes" is null then null as Boolean else exists ("codes" L where ${bracketed(scope.codes.map((set) => this.inSet("L", set)), "or")}))` };
    }
  }

  private readonly statements = new Map<number, { readonly scope: Said; readonly whole: Said }>();
  statement(index: number): Said {
    let there = this.statements.get(index);
    if (there === undefined) {
      const { address, scopes, index: criterion } = this.policy.statements[index]!;
      const scope = this.define(`scope of ${address}`, all(scopes.map((each) => this.scope(each))));
      there = { scope, whole: this.define(`statement ${address}`, all([scope, this.reference(criterion, "whole")])) };
      this.statements.set(index, there);
    }
    return there.whole;
  }

  /** The table of the reference. */
  private determination(): void {
    const of = (necessary: boolean): Said => any(this.policy.statements.flatMap((each, i) => ((each.statement === "necessary") === necessary ? [this.statement(i)] : [])));
    const necessary = this.define("necessary", of(true));
    const limiting = this.define("limiting", of(false));
    const { policy } = this;
    const { fields } = policy.analysis.header;
    const day = (key: "effective" | "ends"): string | undefined => fields.get(key)?.date?.text;
    const from = day("effective");
    const to = day("ends");
    const whole = (date: string): string => `@${/^\d{4}-\d{2}$/u.test(date) ? `${date}-01` : date}`;
    // A month begins on its first day and ends on its last.
    const outside = [
      ...(from === undefined ? [] : [`"date of service" < ${whole(from)}`]),
      ...(to === undefined ? [] : [`"date of service" > ${/^\d{4}-\d{2}$/u.test(to) ? `(${whole(to)} + 1 month - 1 day)` : whole(to)}`]),
    ];
    const refers = [
      `${limiting.value} is true`, ...(limiting.open === undefined ? [] : [limiting.open]),
      `${necessary.value} is false`, ...(necessary.open === undefined ? [] : [necessary.open]),
    ];
    // Where every statement has a scope, a request may lie outside of all, or it may not be known yet whether any speaks of it.
    const scopes = policy.statements.every((each) => each.scopes.length > 0) ? policy.statements.map((_, i) => this.statements.get(i)!.scope) : [];
    const applies = scopes.length === 0 ? "" : `when not ${bracketed(scopes.map((each) => `(${each.value} is not false)`), "or")} then 'no statement applies'
    when not ${bracketed(scopes.flatMap((each) => [`(${each.value} is true)`, ...(each.open === undefined ? [] : [each.open])]), "or")} then 'pend'\n    `;
    this.lines.push(`define "determination":\n  case ${outside.length === 0 ? "" : `when ${outside.join(" or ")} then 'refer'\n    `}${applies}when ${refers.join("\n    or ")} then 'refer'\n    when ${necessary.value} is true and ${limiting.value} is false then 'approve'\n    else 'pend' end\n`);
  }

  translate(): Translation {
    const { policy } = this;
    const parameters = [
      ["date of service", "Date"], ["codes", "List<Tuple{system String, code String}>"], ["line of business", "String"], ["pathway", "String"],
      ...policy.facts.map((fact: FactSymbol) => [fact.name, typeOf(fact.type)]),
      ...policy.criteria.filter((symbol) => symbol.attested).map((symbol) => [`attested ${symbol.address}`, "Boolean"]),
    ];
    policy.criteria.forEach((_, i) => this.reference(i, "whole"));
    policy.statements.forEach((_, i) => this.statement(i));
    // "Not applicable" is no truth value: the outcome is spelt out where a criterion has a guard.
    const criteria = policy.criteria.map((symbol, i) => {
      const { guard, body, whole } = this.said.get(i)!;
      if (symbol.guards.length === 0) return this.nameOf(symbol);
      const outcome = `${this.nameOf(symbol)} outcome`;
      this.lines.push(`define ${quoted(outcome)}:\n  case when ${guard.value} is false then 'not applicable' when ${guard.value} is null then 'unknown'\n    when ${body.value} is true then 'met' when ${whole.value} is false then 'not met' else 'unknown' end\n`);
      return outcome;
    });
    this.determination();
    return {
      text: `library Policy version '1'\nusing Cases\n\n${parameters.map(([name, type]) => `parameter ${quoted(name!)} ${type}\n`).join("")}\ncontext Patient\n\n${this.lines.join("\n")}`,
      criteria,
      statements: policy.statements.map((each) => `statement ${each.address}`),
      scopes: policy.statements.map((each) => `scope of ${each.address}`),
      determination: "determination",
    };
  }
}

/** A policy as a CQL library. */
export function toCql(policy: Policy): Translation {
  return new Translator(policy).translate();
}
