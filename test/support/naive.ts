// Random policies that carry their own meaning: beside the text of each condition stands a plain reading of docs/language.md. It shares nothing with the product.
import { seeded } from "./random.js";

// ── Truth ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
export type Truth = "met" | "not met" | "unknown" | "left open";

const given = (holds: boolean | undefined): Truth => (holds === undefined ? "unknown" : holds ? "met" : "not met");
/** The first of these that is among the values. */
const first = (values: readonly Truth[], order: readonly Truth[], otherwise: Truth): Truth => order.find((each) => values.includes(each)) ?? otherwise;
const all = (values: readonly Truth[]): Truth => first(values, ["not met", "unknown", "left open"], "met");
const any = (values: readonly Truth[]): Truth => first(values, ["met", "unknown", "left open"], "not met");
const not = (value: Truth): Truth => (value === "met" ? "not met" : value === "not met" ? "met" : value);

// ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
export type RecordFacts = Readonly<Record<string, unknown>>;
export interface NaiveCase {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly request: { readonly on: string; readonly codes?: readonly string[]; readonly lineOfBusiness?: string; readonly pathway?: string; readonly criteria: Readonly<Record<string, "met" | "not met">> };
}

/** What a condition looks at. */
interface Ground {
  readonly given: NaiveCase;
  readonly record?: RecordFacts | undefined;
  readonly criterion: (address: string) => { readonly applies: Truth; readonly holds: Truth; readonly whole: Truth };
}

// ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────
type Condition =
  | { readonly kind: "atom"; readonly text: string; readonly truth: (ground: Ground) => Truth }
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  /** A place among the criteria that stand before it, found when the addresses are known; before the first of them it is the fact `a`. */
  | { readonly kind: "criterion"; readonly place: number; readonly words: "" | " is met"; address?: string }
  | { readonly kind: "definition"; readonly name: string; readonly part: Condition };

function print(condition: Condition): string {
  switch (condition.kind) {
    case "atom": return condition.text;
    case "and": case "or": return `(${condition.parts.map(print).join(` ${condition.kind} `)})`;
    case "not": return condition.part.kind === "criterion" && condition.part.words !== "" && condition.part.address !== "" ? `criterion ${condition.part.address} is not met` : `not ${condition.part.kind === "atom" ? `(${print(condition.part)})` : print(condition.part)}`;
    case "criterion": return condition.address === "" ? "a" : `criterion ${condition.address}${condition.words}`;
    case "definition": return condition.name;
  }
}

function holds(condition: Condition, ground: Ground): Truth {
  switch (condition.kind) {
    case "atom": return condition.truth(ground);
    case "and": return all(condition.parts.map((part) => holds(part, ground)));
    case "or": return any(condition.parts.map((part) => holds(part, ground)));
    case "not": return fails(condition.part, ground);
    case "criterion": return ground.criterion(condition.address!).whole;
    case "definition": return holds(condition.part, ground);
  }
}

/** "A criterion that does not apply is neither met nor not met." */
function fails(condition: Condition, ground: Ground): Truth {
  switch (condition.kind) {
    case "atom": return not(condition.truth(ground));
    case "and": return any(condition.parts.map((part) => fails(part, ground)));
    case "or": return all(condition.parts.map((part) => fails(part, ground)));
    case "not": return holds(condition.part, ground);
    case "criterion": {
      const { applies, holds: body } = ground.criterion(condition.address!);
      return all([applies, not(body)]);
    }
    case "definition": return fails(condition.part, ground);
  }
}

// ── Dates, by the calendar ────────────────────────────────────────────────────────────────────────────────────────────
const lastDay = (year: number, month: number): number => [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
function plusMonths(date: string, months: number): string {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const count = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return `${toYear}-${String(toMonth).padStart(2, "0")}-${String(Math.min(day, lastDay(toYear, toMonth))).padStart(2, "0")}`;
}
const plusDays = (date: string, days: number): string => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const daysFrom = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

interface Length { readonly text: string; readonly plus: (date: string, sign: 1 | -1) => string }

// ── Codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Codes { readonly text: string; readonly has: (code: string) => boolean }
/** Diagnoses without their dots: a code stands for itself and all below it; a range holds both ends and what is below the upper one. */
const DIAGNOSES: readonly Codes[] = [
  { text: "C69.-", has: (code) => code.startsWith("C69") }, { text: "C69.0", has: (code) => code.startsWith("C690") }, { text: "C61", has: (code) => code.startsWith("C61") },
  { text: "C70.0-C72.9", has: (code) => code >= "C700" && (code <= "C729" || code.startsWith("C729")) }, { text: "M05.-", has: (code) => code.startsWith("M05") }, { text: "M05.79", has: (code) => code.startsWith("M0579") },
];
const CODES = ["C69.0", "C69.01", "C69", "C70.1", "C70", "C72.9", "C72.91", "C73", "C61", "M05.79", "M05.7", "M06.9"];
const bare = (code: string): string => code.replace(".", "");
const PROCEDURES: readonly Codes[] = [
  { text: "CPT 77301", has: (code) => code === "CPT 77301" }, { text: "CPT 77385-77387", has: (code) => ["CPT 77385", "CPT 77386", "CPT 77387"].includes(code) }, { text: "HCPCS J0585", has: (code) => code === "HCPCS J0585" },
];
const REQUESTED = ["CPT 77301", "CPT 77385", "CPT 77387", "CPT 77388", "HCPCS J0585", "HCPCS J0586"];

// ── Criteria ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const LISTS = ["all", "any", "none", "at least", "exactly"] as const;
interface List { readonly op: (typeof LISTS)[number]; readonly count: number; readonly open: boolean; readonly items: readonly (Item | Group)[] }
interface Group { readonly kind: "group"; readonly guard: Condition; readonly list: List }
interface Item {
  readonly kind: "item";
  readonly guards: readonly Condition[];
  readonly when: readonly Condition[];
  readonly unless: readonly Condition[];
  readonly waived: readonly Condition[];
  readonly list?: List | undefined;
  readonly groups: readonly { readonly clause: "when" | "unless" | "waived when"; readonly list: List }[];
  address?: string;
}
interface Scope { readonly text: string; readonly truth: (ground: Ground) => Truth }
interface Statement {
  readonly kind: "medically necessary" | "not medically necessary" | "investigational";
  readonly scopes: readonly Scope[];
  readonly form: "list" | "all others" | "scope only";
  readonly root: Item;
}

export interface NaivePolicy {
  readonly text: string;
  /** True if a condition asks whether something is known. */
  readonly asksKnown: boolean;
  /** Kinds of conditions and lists in it. */
  readonly uses: ReadonlySet<string>;
  readonly attested: readonly string[];
  readonly decide: (given: NaiveCase) => { readonly outcomes: Readonly<Record<string, string>>; readonly determination: string };
}

const FACTS = `facts
  a  yes/no
  b  yes/no
  c  yes/no
  n  number
  m  number
  w  weeks
  y  years
  k  one of red, green, blue
  t  text
  d  date
  e  date
  g  ICD-10-CM
  l  list of ICD-10-CM
  p  list of one of lung, brain, skin
  q  list of CPT or HCPCS
  r  list of
    x  yes/no
    v  number
    s  date
    u  date
    o  one of good, bad, none_yet
`;
const OPS = ["<", "<=", ">", ">=", "=", "!="] as const;
const WORDS: Readonly<Record<string, string>> = { "<": "less than", "<=": "at most", ">": "more than", ">=": "at least" };
function compared(op: string, left: number, right: number): boolean {
  switch (op) {
    case "<": return left < right;
    case "<=": return left <= right;
    case ">": return left > right;
    case ">=": return left >= right;
    case "=": return left === right;
    default: return left !== right;
  }
}

/** One random policy. The same seed gives the same one. */
export function naivePolicy(seed: number): NaivePolicy {
  const random = seeded(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const chance = (p: number): boolean => random() < p;
  const uses = new Set<string>();
  let asksKnown = false;
  const mayAsk = chance(0.3);

  const fact = <T>(name: string) => ({ given: { facts } }: Ground): T | undefined => facts[name] as T | undefined;
  const atom = (use: string, text: string, truth: (ground: Ground) => boolean | undefined): Condition => {
    uses.add(use);
    return { kind: "atom", text, truth: (ground) => given(truth(ground)) };
  };
  const length = (): Length => {
    const count = 1 + below(8);
    return pick<() => Length>([
      () => ({ text: `${count} months`, plus: (date, sign) => plusMonths(date, sign * count) }), () => ({ text: `${count} weeks`, plus: (date, sign) => plusDays(date, sign * count * 7) }),
      () => ({ text: `${count * 9} days`, plus: (date, sign) => plusDays(date, sign * count * 9) }),
    ])();
  };

  /** How many records match for sure, and how many may; undefined without a list. */
  const matching = (filter: Condition | undefined) => (ground: Ground): readonly [number, number, number] | undefined => {
    const records = fact<readonly RecordFacts[]>("r")(ground);
    if (records === undefined) return undefined;
    const truths = records.map((record) => (filter === undefined ? "met" : holds(filter, { ...ground, record })));
    return [truths.filter((each) => each === "met").length, truths.filter((each) => each !== "not met").length, records.length];
  };
  /** What is so of every count from the sure one to the possible one. */
  const counted = (filter: Condition | undefined, wanted: (count: number) => boolean) => (ground: Ground): boolean | undefined => {
    const bounds = matching(filter)(ground);
    if (bounds === undefined) return undefined;
    const outcomes = new Set(Array.from({ length: bounds[1] - bounds[0] + 1 }, (_, i) => wanted(bounds[0] + i)));
    return outcomes.size === 2 ? undefined : outcomes.has(true);
  };
  const field = <T>(name: string) => ({ record }: Ground): T | undefined => record![name] as T | undefined;
  const number = (use: string, name: string, of: (ground: Ground) => number | undefined): Condition => {
    const [op, figure] = [pick(OPS), below(10)];
    return atom(use, `${name} ${op in WORDS && chance(0.3) ? WORDS[op] : op} ${figure}`, (ground) => { const value = of(ground); return value === undefined ? undefined : compared(op, value, figure); });
  };
  const window = (use: string, name: string, of: (ground: Ground) => string | undefined): Condition => {
    const span = length();
    return atom(use, `${name} within the past ${span.text}`, (ground) => { const date = of(ground); const { on } = ground.given.request; return date === undefined ? undefined : span.plus(on, -1) <= date && date <= on; });
  };
  /** Weeks or days from one date to another; months by the calendar. */
  const lasting = (use: string, from: string, to: string, start: (ground: Ground) => string | undefined, end: (ground: Ground) => string | undefined): Condition => {
    const [op, span] = [pick([">=", ">", "<", "<="]), length()];
    return atom(use, `${to} - ${from} ${op} ${span.text}`, (ground) => {
      const [a, b] = [start(ground), end(ground)];
      return a === undefined || b === undefined ? undefined : compared(op, daysFrom(a, b), daysFrom(a, span.plus(a, 1)));
    });
  };

  const filterAtom = (): Condition => pick<() => Condition>([
    () => atom("field", "x", field<boolean>("x")),
    () => number("field figure", "v", field("v")),
    () => window("field window", "s", field("s")),
    () => lasting("field span", "s", "u", field("s"), field("u")),
    () => { const word = pick(["good", "bad"]); return atom("field choice", `o is ${word}`, (ground) => { const value = field<string>("o")(ground); return value === undefined ? undefined : value === word; }); },
    () => atom("field and fact", "v > n", (ground) => { const [v, n] = [field<number>("v")(ground), fact<number>("n")(ground)]; return v === undefined || n === undefined ? undefined : v > n; }),
    () => { if (!mayAsk) return number("field figure", "v", field("v")); asksKnown = true; return atom("field known", "v is known", (ground) => field("v")(ground) !== undefined); },
  ])();
  const filter = (): Condition => (chance(0.6) ? filterAtom() : { kind: pick(["and", "or"] as const), parts: [filterAtom(), chance(0.3) ? { kind: "not", part: filterAtom() } : filterAtom()] });

  const leaf = (): Condition => pick<() => Condition>([
    () => { const name = pick(["a", "b", "c"]); return atom("yes/no", name, fact<boolean>(name)); },
    () => { const name = pick(["a", "b", "c"]); return atom("is no", `${name} is no`, (ground) => { const value = fact<boolean>(name)(ground); return value === undefined ? undefined : !value; }); },
    () => number("figure", "n", fact("n")),
    () => { const [low, more] = [below(6), below(4)]; return atom("between", `n between ${low} and ${low + more}`, (ground) => { const n = fact<number>("n")(ground); return n === undefined ? undefined : low <= n && n <= low + more; }); },
    () => { const [op, days] = [pick(OPS.slice(0, 4)), 7 * (1 + below(6)) + pick([0, 0, 1])]; return atom("units", `w ${op} ${days} days`, (ground) => { const w = fact<number>("w")(ground); return w === undefined ? undefined : compared(op, w * 7, days); }); },
    () => { const [op, months] = [pick(OPS.slice(0, 4)), 6 * (1 + below(6))]; return atom("units", `y ${op} ${months} months`, (ground) => { const y = fact<number>("y")(ground); return y === undefined ? undefined : compared(op, y * 12, months); }); },
    () => {
      const [sign, op, figure] = [pick(["+", "-", "*"]), pick(OPS), below(12)];
      return atom("arithmetic", `n ${sign} m ${op} ${figure}`, (ground) => { const [n, m] = [fact<number>("n")(ground), fact<number>("m")(ground)]; return n === undefined || m === undefined ? undefined : compared(op, sign === "+" ? n + m : sign === "-" ? n - m : n * m, figure); });
    },
    () => { const half = below(6) / 2; return atom("division", `n / 2 >= ${half}`, (ground) => { const n = fact<number>("n")(ground); return n === undefined ? undefined : n / 2 >= half; }); },
    () => atom("two facts", "n > m", (ground) => { const [n, m] = [fact<number>("n")(ground), fact<number>("m")(ground)]; return n === undefined || m === undefined ? undefined : n > m; }),
    () => {
      const [[one, two], form] = [pick([["red", "green"], ["green", "blue"]] as const), below(4)];
      const text = [`k is ${one}`, `k is not ${one}`, `k in ${one}, ${two}`, `k not in ${one}, ${two}`][form]!;
      return atom("choice", text, (ground) => { const k = fact<string>("k")(ground); return k === undefined ? undefined : [k === one, k !== one, k === one || k === two, k !== one && k !== two][form]!; });
    },
    () => { const word = pick(["s", "z"]); return atom("text", `t is "${word}"`, (ground) => { const t = fact<string>("t")(ground); return t === undefined ? undefined : t === word; }); },
    () => { const [one, two] = [pick(DIAGNOSES), pick(DIAGNOSES)]; return atom("code", `g in ${one.text}, ${two.text}`, (ground) => { const g = fact<string>("g")(ground); return g === undefined ? undefined : one.has(bare(g)) || two.has(bare(g)); }); },
    () => {
      const [one, two, form] = [pick(DIAGNOSES), pick(DIAGNOSES), below(4)];
      const text = [`l include ${one.text}`, `l include any of ${one.text}, ${two.text}`, `l include all of ${one.text}, ${two.text}`, `l do not include ${one.text}`][form]!;
      return atom(`codes ${form}`, text, (ground) => {
        const l = fact<readonly string[]>("l")(ground)?.map(bare);
        if (l === undefined) return undefined;
        return [l.some(one.has), l.some(one.has) || l.some(two.has), l.some(one.has) && l.some(two.has), !l.some(one.has)][form]!;
      });
    },
    () => { const form = pick(["any", "all"]); return atom("words", `p include ${form} of lung, brain`, (ground) => { const p = fact<readonly string[]>("p")(ground); return p === undefined ? undefined : form === "any" ? p.includes("lung") || p.includes("brain") : p.includes("lung") && p.includes("brain"); }); },
    () => { const one = pick(PROCEDURES); return atom("procedures", `q include ${one.text}`, (ground) => fact<readonly string[]>("q")(ground)?.some(one.has)); },
    () => window("window", "d", fact("d")),
    () => lasting("span", "d", "e", fact("d"), fact("e")),
    () => { const span = length(); return atom("shift", `d + ${span.text} <= date of service`, (ground) => { const d = fact<string>("d")(ground); return d === undefined ? undefined : span.plus(d, 1) <= ground.given.request.on; }); },
    () => { const span = length(); return atom("within after", `d within ${span.text} after e`, (ground) => { const [d, e] = [fact<string>("d")(ground), fact<string>("e")(ground)]; return d === undefined || e === undefined ? undefined : e <= d && d <= span.plus(e, 1); }); },
    () => { const span = length(); return atom("within of", `d within ${span.text} of e`, (ground) => { const [d, e] = [fact<string>("d")(ground), fact<string>("e")(ground)]; return d === undefined || e === undefined ? undefined : span.plus(e, -1) <= d && d <= span.plus(e, 1); }); },
    () => { const span = length(); return atom("before", `d at least ${span.text} before date of service`, (ground) => { const d = fact<string>("d")(ground); return d === undefined ? undefined : d <= span.plus(ground.given.request.on, -1); }); },
    () => { const [op, day] = [pick([">=", "<", "before", "after"]), pick(["2025-02-28", "2025-03-31", "2025-06-30"])]; return atom("day", `d ${op} ${day}`, (ground) => { const d = fact<string>("d")(ground); return d === undefined ? undefined : op === ">=" ? d >= day : op === "after" ? d > day : d < day; }); },
    () => { const where = filter(); return atom("exists", `(exists r where ${print(where)})`, counted(where, (count) => count >= 1)); },
    () => { const where = filter(); return atom("no", `(no r where ${print(where)})`, counted(where, (count) => count === 0)); },
    () => { const [where, least] = [filter(), 1 + below(3)]; return atom("at least N of", `(at least ${least} of r where ${print(where)})`, counted(where, (count) => count >= least)); },
    () => { const [where, most] = [filter(), below(3)]; return atom("at most N of", `(at most ${most} of r where ${print(where)})`, counted(where, (count) => count <= most)); },
    () => { const [where, just] = [filter(), 1 + below(2)]; return atom("exactly N of", `(exactly ${just} of r where ${print(where)})`, counted(where, (count) => count === just)); },
    () => { const [where, op, figure] = [filter(), pick(OPS), below(3)]; return atom("count of", `count of (r where ${print(where)}) ${op} ${figure}`, counted(where, (count) => compared(op, count, figure))); },
    () => { const figure = below(3); return atom("count of all", `count of r >= ${figure}`, counted(undefined, (count) => count >= figure)); },
    () => atom("exists without where", "exists r", counted(undefined, (count) => count >= 1)),
    () => {
      const where = filter();
      return atom("all of", `(all of r where ${print(where)})`, (ground) => {
        const bounds = matching(where)(ground);
        if (bounds === undefined) return undefined;
        const [sure, possible, total] = bounds;
        return total === 0 || possible < total ? false : sure === total ? true : undefined;
      });
    },
    () => {
      if (!mayAsk) return number("figure", "n", fact("n"));
      asksKnown = true;
      const [name, known] = [pick(["a", "n", "d", "l", "r"]), chance(0.5)];
      return atom("known", `${name} is ${known ? "known" : "unknown"}`, (ground) => (fact(name)(ground) !== undefined) === known);
    },
  ])();

  // A definition stands for its condition, also below a "not"; it may not name criteria here, because it stands before them.
  const named: Condition = { kind: "definition", name: "named", part: { kind: pick(["and", "or"] as const), parts: [leaf(), { kind: "not", part: leaf() }] } };
  let places = 0;
  const condition = (depth: number): Condition => {
    if (depth > 0 && chance(0.35)) return { kind: pick(["and", "or"] as const), parts: Array.from({ length: 2 + below(2) }, () => condition(depth - 1)) };
    if (chance(0.12)) return { kind: "not", part: condition(Math.max(0, depth - 1)) };
    if (places > 0 && chance(0.12)) {
      uses.add("criterion");
      return { kind: "criterion", place: below(places), words: chance(0.5) ? "" : " is met" };
    }
    if (chance(0.08)) {
      uses.add("definition");
      return named;
    }
    return leaf();
  };

  const list = (depth: number, grouped: boolean): List => {
    const op = pick(LISTS);
    const items = Array.from({ length: 2 + below(3) }, () => (grouped && depth > 0 && chance(0.12) ? group(depth - 1) : item(depth - 1)));
    const open = chance(0.18) && op !== "all";
    uses.add(`${op}${open ? ", open" : ""}`);
    return { op, count: 1 + below(items.length), open, items };
  };
  const group = (depth: number): Group => {
    uses.add("guarded group");
    return { kind: "group", guard: condition(1), list: list(depth, false) };
  };
  const some = (p: number): readonly Condition[] => (chance(p) ? [condition(2)] : []);
  const item = (depth: number): Item => {
    const guards = some(0.15);
    const [unless, waived] = [some(0.15), some(0.12)];
    const own = depth > 0 && chance(0.3) ? list(depth, true) : undefined;
    // Without a condition or a list, a reviewer answers it.
    const when = own !== undefined ? some(0.25) : chance(0.2) ? [] : [condition(2), ...some(0.1)];
    const groups = depth > 0 && chance(0.12) ? [{ clause: pick(["when", "unless", "waived when"] as const), list: list(depth, false) }] : [];
    for (const [use, there] of [["guard", guards], ["unless", unless], ["waived when", waived]] as const) if (there.length > 0) uses.add(use);
    for (const { clause } of groups) uses.add(`${clause} group`);
    places++;
    return { kind: "item", guards, when, unless, waived, list: own, groups };
  };

  const scope = (): Scope => pick<() => Scope>([
    () => { const word = pick(["initial", "continuation"]); return { text: `pathway ${word}`, truth: ({ given: { request } }) => given(request.pathway === undefined ? undefined : request.pathway === word) }; },
    () => ({ text: "line of business Medicaid, CHIP", truth: ({ given: { request } }) => given(request.lineOfBusiness === undefined ? undefined : ["Medicaid", "CHIP"].includes(request.lineOfBusiness)) }),
    () => { const one = pick(PROCEDURES); return { text: `codes ${one.text}`, truth: ({ given: { request } }) => given(request.codes?.some(one.has)) }; },
    () => { const of = leaf(); return { text: print(of), truth: (ground) => holds(of, ground) }; },
  ])();
  const allScoped = chance(0.4);
  const statements: Statement[] = Array.from({ length: 1 + below(4) }, (_, i) => {
    const kind = i === 0 ? "medically necessary" : pick(["medically necessary", "not medically necessary", "investigational"] as const);
    const scopes = Array.from({ length: allScoped ? 1 + below(2) : below(2) }, scope);
    const form = kind === "medically necessary" ? "list" : chance(0.12) ? "all others" : scopes.length > 0 && chance(0.15) ? "scope only" : "list";
    if (form !== "list") uses.add(form);
    const root: Item = form === "list" ? { kind: "item", guards: [], when: some(0.15), unless: some(0.1), waived: [], list: list(3, true), groups: [] } : { kind: "item", guards: [], when: [], unless: [], waived: [], groups: [] };
    places++;
    return { kind, scopes, form, root };
  });

  // ── Text, and with it the addresses ─────────────────────────────────────────────────────────────────────────────────
  const SCHEMES = [["I", "II", "III", "IV"], [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"], Array.from({ length: 60 }, (_, i) => String(i + 1)), [..."abcdefghijklmnopqrstuvwxyz"], ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"]] as const;
  /** What can be referred to from here: not what stands under an `if` of other criteria. */
  const addresses: string[] = [];
  const attested: string[] = [];
  const phrase = ({ op, count, open }: List): string => `${op === "at least" || op === "exactly" ? `${op} ${count}` : op} of the following${open ? " (not all-inclusive)" : ""}`;
  const settle = (each: Condition): void => {
    if (each.kind === "criterion") each.address = addresses[each.place % addresses.length] ?? "";
    else if (each.kind === "and" || each.kind === "or") each.parts.forEach(settle);
    else if (each.kind === "not" || each.kind === "definition") settle(each.part);
  };
  const spelt = (each: Condition): string => {
    settle(each);
    return print(each).replace(/^\((.*)\)$/u, (whole, inner: string) => (balanced(inner) && (each.kind === "and" || each.kind === "or") ? inner : whole));
  };
  const lines: string[] = [];
  const writeList = ({ items }: List, depth: number, indent: number, parent: string, counter: { next: number }): void => {
    for (const each of items) {
      if (each.kind === "group") {
        const outside = addresses.length;
        lines.push(`${" ".repeat(indent)}if ${spelt(each.guard)}, ${phrase(each.list)}:`);
        writeList(each.list, depth, indent + 3, parent, counter);
        addresses.length = outside;
      } else writeItem(each, depth, indent, parent, SCHEMES[depth]![counter.next++]!);
    }
  };
  const writeItem = (each: Item, depth: number, indent: number, parent: string, label: string): void => {
    const address = `${parent}.${label}`;
    lines.push(`${" ".repeat(indent)}${label}. Item${each.list === undefined ? "" : `, ${phrase(each.list)}:`}`);
    writeBody(each, depth, indent + 3, address);
  };
  const writeBody = (each: Item, depth: number, indent: number, address: string): void => {
    const pad = " ".repeat(indent);
    for (const [word, conditions] of [["if", each.guards], ["when", each.when]] as const) for (const one of conditions) lines.push(`${pad}${word} ${spelt(one)}`);
    const counter = { next: 0 };
    const outside = addresses.length;
    if (each.list !== undefined) writeList(each.list, depth + 1, indent, address, counter);
    for (const [word, conditions] of [["unless", each.unless], ["waived when", each.waived]] as const) for (const one of conditions) lines.push(`${pad}${word} ${spelt(one)}`);
    for (const { clause, list: of } of each.groups) {
      lines.push(`${pad}${clause} ${phrase(of)}:`);
      writeList(of, depth + 1, indent + 3, address, counter);
    }
    each.address = address;
    if (each.guards.length > 0) addresses.length = outside;
    if (depth > 0 || each.list !== undefined) addresses.push(address);
    if (depth > 0 && each.when.length === 0 && each.list === undefined && each.groups.every(({ clause }) => clause !== "when")) attested.push(address);
  };
  statements.forEach(({ kind, scopes, form, root }, i) => {
    const label = SCHEMES[0][i]!;
    lines.push(`${label}. It is ${kind}${form === "all others" ? " for all other indications" : form === "scope only" ? "" : ` when ${phrase(root.list!)}:`}`);
    for (const { text } of scopes) lines.push(`   applies to ${text}`);
    writeBody(root, 0, 3, label);
  });
  const text = `policy EX.TEST.1 "Random ${seed}"\n  effective 2024-07-01\n  ends 2026-03\n${FACTS}define\n  named  ${spelt(named.part)}\ncriteria\n${lines.join("\n")}\n`;

  // ── The reading ─────────────────────────────────────────────────────────────────────────────────────────────────────
  const decide = (of: NaiveCase): { outcomes: Record<string, string>; determination: string } => {
    const outcomes: Record<string, string> = {};
    const read = new Map<string, { applies: Truth; holds: Truth; whole: Truth }>();
    const ground: Ground = { given: of, criterion: (address) => {
      const a = given(of.facts["a"] as boolean | undefined);
      return address === "" ? { applies: "met", holds: a, whole: a } : read.get(address)!;
    } };
    const value = (each: Item | Group): { guarded: boolean; applies: Truth; whole: Truth } => {
      if (each.kind === "item") return { guarded: each.guards.length > 0, ...itemValue(each) };
      const applies = holds(each.guard, ground);
      return { guarded: true, applies, whole: all([applies, listValue(each.list)]) };
    };
    const listValue = ({ op, count, open, items }: List): Truth => {
      const each = items.map(value);
      const values = each.map(({ whole }) => whole);
      const number = (truth: Truth): number => values.filter((one) => one === truth).length;
      const [met, unknown, left] = [number("met"), number("unknown"), number("left open")];
      // What any way of settling the items in doubt can come to; on an open list there may be further ones.
      const settled = (wanted: (total: number) => boolean, doubtful: number): Truth => {
        const ways = new Set(Array.from({ length: doubtful + 1 }, (_, i) => wanted(met + i)));
        return ways.size === 2 ? "unknown" : ways.has(true) ? "met" : "not met";
      };
      switch (op) {
        case "all": {
          const applying = each.map((one) => (one.guarded ? any([not(one.applies), one.whole]) : one.whole));
          return all(each.every((one) => one.guarded) ? [...applying, any(each.map((one) => one.applies))] : applying);
        }
        case "any": case "none": {
          const found = any(values);
          const said: Truth = open && found === "not met" ? "left open" : found;
          return op === "any" ? said : not(said);
        }
        case "at least": {
          if (open) return met >= count ? "met" : unknown > 0 && (met + unknown >= count || met + left < count && met + unknown + left >= count) ? "unknown" : "left open";
          const said = settled((total) => total >= count, unknown + left);
          if (said !== "unknown") return said;
          // Answers to what is unknown could decide it, or they could not.
          return met + unknown >= count || met + left < count ? "unknown" : "left open";
        }
        case "exactly": {
          if (open) return met > count ? "not met" : met + unknown > count ? "unknown" : "left open";
          const said = settled((total) => total === count, unknown + left);
          return said !== "unknown" ? said : unknown > 0 ? "unknown" : "left open";
        }
      }
    };
    const itemValue = (each: Item): { applies: Truth; whole: Truth } => {
      const applies = all(each.guards.map((guard) => holds(guard, ground)));
      // In the order of the text, so that what is referred to is there.
      const when = each.when.map((one) => holds(one, ground));
      if (each.list !== undefined) when.push(listValue(each.list));
      const unless = each.unless.map((one) => holds(one, ground));
      const waived = each.waived.map((one) => holds(one, ground));
      for (const { clause, list: one } of each.groups) (clause === "when" ? when : clause === "unless" ? unless : waived).push(listValue(one));
      if (attested.includes(each.address!)) when.push(given(({ met: true, "not met": false } as const)[of.request.criteria[each.address!]!]));
      const body = all([any([all(when), ...waived]), ...unless.map(not)]);
      const whole = all([applies, body]);
      read.set(each.address!, { applies, holds: body, whole });
      outcomes[each.address!] = applies === "not met" ? "not applicable" : applies !== "met" || whole === "left open" ? "unknown" : whole;
      return { applies, whole };
    };
    const found = statements.map(({ kind, scopes, form, root }) => {
      const applies = all(scopes.map((one) => one.truth(ground)));
      return { necessary: kind === "medically necessary", scoped: scopes.length > 0, applies, form, root, value: form === "all others" ? undefined : all([applies, form === "scope only" ? "met" : itemValue(root).whole]) };
    });
    const necessary = any(found.flatMap(({ necessary: is, value: one }) => (is ? [one!] : [])));
    for (const each of found) {
      if (each.form === "all others") each.value = all([each.applies, not(necessary)]);
      if (each.form !== "list") outcomes[each.root.address!] = each.form === "scope only" ? "met" : not(necessary) === "left open" ? "unknown" : not(necessary);
    }
    const limiting = any(found.flatMap(({ necessary: is, value: one }) => (is ? [] : [one!])));
    const determination = ((): string => {
      if (of.request.on < "2024-07-01" || of.request.on > "2026-03-31") return "refer";
      if (found.every(({ scoped }) => scoped)) {
        if (found.every(({ applies }) => applies === "not met")) return "no statement applies";
        if (!found.some(({ applies }) => applies === "met" || applies === "left open")) return "pend";
      }
      if (limiting === "met" || limiting === "left open") return "refer";
      if (necessary === "not met" || necessary === "left open") return "refer";
      return necessary === "met" && limiting === "not met" ? "approve" : "pend";
    })();
    return { outcomes, determination };
  };
  return { text, asksKnown, uses, attested, decide };
}

const balanced = (text: string): boolean => {
  let depth = 0;
  for (const each of text) {
    depth += each === "(" ? 1 : each === ")" ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0;
};

// ── Cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Cases of a policy, from whole to nearly empty; the same seed gives the same ones. */
export function naiveCases({ attested }: NaivePolicy, seed: number, count: number): readonly NaiveCase[] {
  const random = seeded(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)]!;
  return Array.from({ length: count }, () => {
    const keep = pick([1, 1, 0.8, 0.5, 0.2]);
    const on = pick(["2025-06-30", "2025-07-31", "2025-12-31", "2025-02-28", "2024-07-01", "2026-03-31", "2024-06-30", "2026-04-01", "2025-10-15"]);
    const near = (date: string): string => plusDays(random() < 0.5 ? plusMonths(date, -below(9)) : plusDays(date, -7 * below(9)), below(7) - 3);
    const kept = <T extends object>(of: T): T => Object.fromEntries(Object.entries(of).filter(() => random() < keep)) as T;
    const d = near(on);
    const facts = kept({
      a: below(2) === 0, b: below(2) === 0, c: below(2) === 0, n: below(11), m: below(6), w: pick([1, 2, 3, 4, 5, 6]), y: pick([0.5, 1, 1.5, 2, 2.5, 3]), k: pick(["red", "green", "blue"]), t: pick(["s", "z"]),
      d, e: pick([near(d), plusDays(plusMonths(d, below(9)), below(5) - 2), plusDays(d, 9 * below(9) + below(3) - 1)]), g: pick(CODES), l: Array.from({ length: below(4) }, () => pick(CODES)),
      p: ["lung", "brain", "skin"].filter(() => below(2) === 0), q: Array.from({ length: below(3) }, () => pick(REQUESTED)),
      r: Array.from({ length: below(4) }, () => { const s = near(on); return kept({ x: below(2) === 0, v: below(11), s, u: plusDays(plusMonths(s, below(3)), 7 * below(5)), o: pick(["good", "bad", "none_yet"]) }); }),
    });
    const criteria = kept(Object.fromEntries(attested.map((address) => [address, pick(["met", "met", "not met"] as const)])));
    return { facts, request: { on, ...kept({ codes: Array.from({ length: 1 + below(2) }, () => pick(REQUESTED)), lineOfBusiness: pick(["Medicaid", "CHIP", "Commercial"]), pathway: pick(["initial", "continuation", "repeat"]) }), criteria } };
  });
}

/** The same case with less in it: facts, fields of records, answers and parts of the request are left out. */
export function lessOf({ facts, request }: NaiveCase, seed: number): NaiveCase {
  const random = seeded(seed);
  const keep = [0.9, 0.6, 0.3][Math.floor(random() * 3)]!;
  const kept = <T extends object>(of: T): T => Object.fromEntries(Object.entries(of).filter(() => random() < keep)) as T;
  const { on, criteria, ...rest } = request;
  const fewer = kept(facts) as Record<string, unknown>;
  if (fewer["r"] !== undefined) fewer["r"] = (fewer["r"] as readonly RecordFacts[]).map(kept);
  return { facts: fewer, request: { on, ...kept(rest), criteria: kept(criteria) } };
}
