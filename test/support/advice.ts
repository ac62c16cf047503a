// Small random policies and cases for the search, and the same questions answered by trying everything.
import fc from "fast-check";
import { evaluatorOf } from "../../server/src/evaluate/run.js";
import { blankCase } from "../../server/src/evaluate/whatif.js";
import type { FactValue, OutcomeName, Policy, PolicyCase } from "../../server/src/semantics/model.js";
import { readDate } from "../../server/src/syntax/dates.js";
import { policyText, sound } from "./core-fixtures.js";

const DAY = readDate("2025-07-01", 0).day!;
const ATOMS = [
  "a", "b", "not c", "n >= 5", "n < 8 and a", "n between 3 and 9", "c or n = 4", "k is red", "k in red, green", "k is not blue", "b is known", "d within the past 6 months", "d + 30 days <= date of service",
  "l include C69.-", "l include all of C70.-, C61", "l do not include C61", "named", "not named",
];
const LISTS = ["all of the following", "any of the following", "none of the following", "at least 2 of the following", "exactly 1 of the following", "any of the following (not all-inclusive)", "at least 2 of the following (not all-inclusive)"];

const item = fc.record({
  kind: fc.constantFrom("when", "when", "when", "attested", "unless", "waived", "if", "list", "ref"),
  atom: fc.constantFrom(...ATOMS), other: fc.constantFrom(...ATOMS), list: fc.constantFrom(...LISTS),
});
const text = fc.array(fc.record({
  list: fc.constantFrom(...LISTS), kind: fc.constantFrom("medically necessary", "medically necessary", "not medically necessary", "investigational"),
  scope: fc.constantFrom("", "", "", "pathway initial", "n >= 5", "codes CPT 77301"), items: fc.array(item, { minLength: 1, maxLength: 3 }),
}), { minLength: 1, maxLength: 3 }).map((statements) => {
  let before = "";
  const criteria = statements.map(({ list, kind, scope, items }, s) => {
    const roman = ["I", "II", "III"][s]!;
    const lines = items.map(({ kind: what, atom, other, list: inner }, i) => {
      const lead = `   ${i + 1}. Item`;
      const named = before;
      before = `${roman}.${i + 1}`;
      switch (what) {
        case "attested": return lead;
        case "unless": return `${lead}\n      when ${atom}\n      unless ${other}`;
        case "waived": return `${lead}\n      when ${atom}\n      waived when ${other}`;
        case "if": return `${lead}\n      if ${other}\n      when ${atom}`;
        case "list": return `${lead}, ${inner}:\n      a. x\n         when ${atom}\n      b. y\n         if b\n         when ${other}`;
        case "ref": return `${lead}\n      when ${named === "" ? atom : `criterion ${named} is not met`}`;
        default: return `${lead}\n      when ${atom}`;
      }
    });
    return `${roman}. It is ${kind} when ${list}:\n${scope === "" ? "" : `   applies to ${scope}\n`}${lines.join("\n")}`;
  });
  return policyText({ facts: ["a  yes/no", "b  yes/no", "c  yes/no", "n  number", "k  one of red, green, blue", "d  date", "l  list of ICD-10-CM"], define: ["named  (a or b) and not c"], criteria: criteria.join("\n") });
});

/** Random policies, always the same ones. */
export const policies: readonly Policy[] = fc.sample(text, { seed: 20_260_105, numRuns: 140 }).flatMap((each) => {
  try {
    return [sound(each)];
  } catch {
    return [];
  }
});

type Values = Readonly<Record<string, readonly unknown[]>>;
const CODES = ["C690", "C700", "C61", "M5416"];
const lists = CODES.reduce<string[][]>((made, code) => [...made, ...made.map((list) => [...list, code])], [[]]);
const NUMBERS = Array.from({ length: 40 }, (_, i) => i / 2 - 5);

/** What each item of a policy can be, on a grid of its own. */
export function valuesOf(policy: Policy): Values {
  const attested = policy.criteria.filter((symbol) => symbol.attested).map((symbol) => [`criterion ${symbol.address}`, ["met", "not met"]] as const);
  const words = policy.analysis.text;
  return {
    ...(words.includes("codes CPT") ? { "request codes": [["CPT 77301"], ["CPT 99999"]] } : {}),
    ...(words.includes("pathway initial") ? { "request pathway": ["initial", "repeat"] } : {}),
    "fact a": [1, 0], "fact b": [1, 0], "fact c": [1, 0], "fact n": NUMBERS, "fact k": [0, 1, 2],
    "fact d": [-400, -182, -181, -100, -31, -30, -29, -1, 0, 1, 40].map((days) => DAY + days), "fact l": lists, ...Object.fromEntries(attested),
  };
}

/** A case with these values. */
export function caseOf(values: Readonly<Record<string, unknown>>): PolicyCase {
  const facts = new Map<string, FactValue>();
  const attested = new Map<string, OutcomeName>();
  let made: PolicyCase = { ...blankCase("test.policy", DAY), name: "random" };
  for (const [key, value] of Object.entries(values)) {
    const name = key.slice(key.indexOf(" ") + 1);
    if (key.startsWith("fact ")) facts.set(name, value as FactValue);
    else if (key.startsWith("criterion ")) attested.set(name, value as OutcomeName);
    else if (name === "codes") made = { ...made, codes: value as string[] };
    else made = { ...made, pathway: value as string };
  }
  return { ...made, facts, attested };
}

/** Some cases of a policy, with some of the values. */
export function casesOf(policy: Policy, seed: number, count: number): readonly Readonly<Record<string, unknown>>[] {
  const values = valuesOf(policy);
  const one = fc.record(Object.fromEntries(Object.entries(values).map(([key, each]) => [key, fc.option(fc.constantFrom(...each), { nil: undefined, freq: 2 })])));
  return fc.sample(one, { seed, numRuns: count }).map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

function* choose<T>(of: readonly T[], count: number, from = 0): Generator<readonly T[]> {
  if (count === 0) yield [];
  else for (let i = from; i < of.length; i++) for (const rest of choose(of, count - 1, i + 1)) yield [of[i]!, ...rest];
}

export function* assignments(keys: readonly string[], values: Values): Generator<Readonly<Record<string, unknown>>> {
  if (keys.length === 0) yield {};
  else for (const rest of assignments(keys.slice(1), values)) for (const value of values[keys[0]!]!) yield { [keys[0]!]: value, ...rest };
}

export interface Tried {
  readonly size: number;
  /** The keys of each set, and what it can come to. */
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The smallest sets of items with which a case comes to what is wanted, by trying everything; undefined beyond `most` items. */
export function tried(policy: Policy, given: Readonly<Record<string, unknown>>, keys: readonly string[], wanted: (determination: string) => boolean, most: number): Tried | "none" | "too many" {
  const values = valuesOf(policy);
  const evaluator = evaluatorOf(policy);
  for (let size = 1; size <= keys.length; size++) {
    if (size > most) return "too many";
    const sets = new Map<string, Set<string>>();
    for (const set of choose(keys, size)) {
      for (const answer of assignments(set, values)) {
        const { determination } = evaluator.decideCase(caseOf({ ...given, ...answer }));
        if (wanted(determination)) sets.set(set.join(" + "), (sets.get(set.join(" + ")) ?? new Set()).add(determination));
      }
    }
    if (sets.size > 0) return { size, sets };
  }
  return "none";
}
