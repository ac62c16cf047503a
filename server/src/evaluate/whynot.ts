// Why not: for a case that is not approved, the nearest ways to approval, as what the criteria ask beside what the record says.
import { shownCode } from "../semantics/codes.js";
import type { FactSymbol, Policy, PolicyCase } from "../semantics/model.js";
import { periodOf } from "../semantics/period.js";
import { quantityText } from "../semantics/units.js";
import { dateText } from "../syntax/dates.js";
import { folded, sentenceList } from "../text.js";
import { MET } from "./kleene.js";
import type { Explanation } from "./model.js";
import { evaluatorOf } from "./run.js";
import { bySet, classesIn, merged, Problem, type Solution } from "./search.js";
import type { Candidate } from "./searchvalues.js";

/** So many ways are told. */
const MOST_WAYS = 10;
const MOST_WORDED = 60;
const MOST_CHOICES = 8;

/** One thing that the criteria ask and the record does not show. */
export interface Asked {
  readonly kind: "fact" | "criterion" | "request";
  readonly name: string;
  readonly question: string;
  /** What is asked, in words: `at least 18 years`. */
  readonly asks: string;
  /** What the record shows; not there where it says nothing. */
  readonly shows?: string | undefined;
  /** Addresses of the criteria that ask it. */
  readonly criteria: readonly string[];
}

/** A way to approval: all that would have to be otherwise, and nothing else. */
export interface Way {
  readonly asked: readonly Asked[];
}

export interface WhyNot {
  /** In how many points the nearest ways differ from the record; not there where none was found. */
  readonly size?: number | undefined;
  /** No way differs in fewer points than this. */
  readonly atLeast: number;
  readonly ways: readonly Way[];
  /** How many ways differ in as few points. */
  readonly total: number;
  /** There is no nearer way and no other as near. */
  readonly exact: boolean;
  /** Why no way is told, in a sentence. */
  readonly note?: string | undefined;
}

/** The nearest ways to approval; undefined for an approved case. */
export function whyNot(policy: Policy, policyCase: PolicyCase, explanation: Explanation): WhyNot | undefined {
  if (explanation.determination === "approve") return undefined;
  const none = { atLeast: 0, ways: [], total: 0, exact: true };
  const { from, until } = periodOf(policy.analysis);
  if (policyCase.on < from || policyCase.on > until) return { ...none, note: "The policy is not in force on the date of service, whatever the record shows." };
  const problem = new Problem(policy, policyCase, "change");
  // Another code or pathway would be another request: what the request says stays as it is.
  const tried = problem.domains.map((domain, i) => domain.leaves.length > 0 && (problem.items[i]!.kind !== "request" || !domain.given));
  const { size, solutions, atLeast, complete } = problem.find(problem.approve, tried);
  const evaluator = evaluatorOf(policy);
  const held = solutions.filter((solution) => evaluator.decideCase(problem.answered(solution)).determination === "approve");
  const ways = bySet(held).flatMap(([items, own]) => merged(own).map((solution) => ({ items, solution })));
  const read = problem.approveExact && problem.domains.every((domain, i) => domain.exact || !tried[i]);
  const exact = complete && held.length === solutions.length && read;
  // Ways that differ only in values of which the criteria do not speak are one.
  const worded = ways.slice(0, MOST_WORDED).map(({ items, solution }) => wayOf(problem, explanation, items, solution));
  const told = [...new Map(worded.map((way) => [JSON.stringify(way), way])).values()];
  return {
    size: ways.length > 0 ? size : undefined,
    atLeast: read ? Math.min(atLeast, problem.items.length + 1) : 1,
    ways: told.slice(0, MOST_WAYS),
    total: told.length + Math.max(0, ways.length - MOST_WORDED),
    exact,
    note: ways.length > 0 ? undefined : explanation.determination === "no statement applies" ? otherRequest(explanation) : exact ? "Whatever the record shows, the policy does not approve this request: a clinician decides." : "No way to approval was found within the bounds of the search.",
  };
}

/** So many statements are told. */
const MOST_STATEMENTS = 5;

/** Where no statement applies: what the statements that could approve are for. */
function otherRequest({ statements }: Explanation): string {
  const necessary = statements.filter((statement) => statement.kind === "necessary");
  const told = necessary.slice(0, MOST_STATEMENTS).map(({ address, scopes }) => `${address} is for ${sentenceList(scopes.map((scope) => scope.text.replace(/^applies to\s+/u, "")))}`);
  const more = necessary.length - told.length;
  return `The policy speaks of other requests than this one${told.length === 0 ? "" : `: ${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}`}. Only another request could be approved under it; for this one, look for the policy that covers it.`;
}

function wayOf(problem: Problem, explanation: Explanation, items: readonly number[], solution: Solution): Way {
  const nothing: Solution = new Map();
  const changed = problem.reasons(problem.approve, solution).filter((leaf) => problem.truth(leaf, solution) !== problem.truth(leaf, nothing));
  const { text } = problem.policy.analysis;
  return {
    asked: items.map((item): Asked => {
      const { kind, name, question } = problem.items[item]!;
      const domain = problem.domains[item]!;
      const leaves = changed.filter((leaf) => leaf.items.includes(item));
      const fact = problem.policy.facts.find((each) => kind === "fact" && each.name === name);
      const classes = [...classesIn(solution.get(item)!)].map((value) => domain.classes[value]!);
      const allowed = new Set(classes.flatMap((each) => each.candidates));
      const written = leaves.map((leaf) => {
        if (leaf.scope !== undefined) return leaf.scope.kind === "codes" ? sentenceList(leaf.scope.codes.slice(0, MOST_CHOICES).map((set) => set.text), "or") : sentenceList(leaf.scope.values, "or");
        const words = leaf.condition === undefined ? "" : folded(text.slice(leaf.condition.source.start, leaf.condition.source.end));
        return problem.truth(leaf, solution) === MET ? words : `not: ${words}`;
      });
      // Of several values that conditions weigh together, one alone would say too much.
      const alone = leaves.every((leaf) => leaf.items.length === 1) && domain.leaves.every((leaf) => leaf.items.length === 1);
      const asks = (alone ? valueWords(fact, classes[0]!.value, problem.domains[item]!.classes.flatMap((each, i) => (i === 0 ? [] : each.candidates)), allowed) : undefined) ?? [...new Set(written)].join("; ");
      return {
        kind, name, question,
        asks: kind === "criterion" ? String(classes[0]!.value) : asks || "another value",
        shows: shown(problem, explanation, kind, name),
        criteria: [...new Set(leaves.map((leaf) => leaf.address))],
      };
    }),
  };
}

/** What the record says of an item. */
function shown({ policyCase }: Problem, { factsRead }: Explanation, kind: Asked["kind"], name: string): string | undefined {
  if (kind === "fact") return factsRead.find((fact) => fact.name === name)?.value;
  if (kind === "criterion") return policyCase.attested.get(name) === "unknown" ? undefined : policyCase.attested.get(name);
  return name === "codes" ? policyCase.codes?.map((code) => shownCode(code)).join(", ") : name === "pathway" ? policyCase.pathway : policyCase.lineOfBusiness;
}

/** The values allowed in words; undefined where the words of the condition say it better. */
function valueWords(fact: FactSymbol | undefined, value: unknown, all: readonly Candidate[], allowed: ReadonlySet<Candidate>): string | undefined {
  switch (fact?.type.kind) {
    case "yes/no": return value === 1 ? "yes" : "no";
    case "choice": {
      const { choices } = fact.type;
      const chosen = [...allowed].map((candidate) => candidate.value as number).sort((a, b) => a - b);
      const out = choices.filter((_, i) => !chosen.includes(i));
      if (chosen.length > MOST_CHOICES && out.length < chosen.length) return out.length <= MOST_CHOICES ? `anything but ${sentenceList(out, "or")}` : undefined;
      return sentenceList(chosen.slice(0, MOST_CHOICES).map((i) => choices[i]!), "or") + (chosen.length > MOST_CHOICES ? ` or another of ${chosen.length - MOST_CHOICES} more` : "");
    }
    case "number": case "date": return stretchWords(fact, all, allowed);
    default: return undefined;
  }
}

/** Stretches of numbers or dates: "at least 18 years", "more than 4 Gy and less than 8 Gy". */
function stretchWords({ type }: FactSymbol, all: readonly Candidate[], allowed: ReadonlySet<Candidate>): string {
  const sorted = [...all].sort((a, b) => a.low! - b.low! || a.high! - b.high!);
  const figure = (value: number): string => (type.kind === "number" ? quantityText(value, type.unit) : dateText(value));
  const [over, from, under, upTo] = type.kind === "date" ? ["after", "on or after", "before", "on or before"] : ["more than", "at least", "less than", "at most"];
  const limits = type.kind === "number" ? type : { from: undefined, to: undefined };
  const runs: Candidate[][] = [];
  sorted.forEach((candidate, i) => {
    if (!allowed.has(candidate)) return;
    const last = runs.at(-1);
    // Stretches that touch are one.
    if (last !== undefined && last.at(-1) === sorted[i - 1] && last.at(-1)!.high === candidate.low) last.push(candidate);
    else runs.push([candidate]);
  });
  const words = runs.map((run) => {
    const first = run[0]!;
    const last = run.at(-1)!;
    if (first === last && first.low === first.high) return figure(first.low!);
    const bounds: string[] = [];
    if (Number.isFinite(first.low!) && !(first.low === limits.from && first.low === first.high)) bounds.push(`${first.low === first.high ? from : over} ${figure(first.low!)}`);
    if (Number.isFinite(last.high!) && !(last.high === limits.to && last.low === last.high)) bounds.push(`${last.low === last.high ? upTo : under} ${figure(last.high!)}`);
    return bounds.join(" and ") || "any value";
  });
  return words.join(", or ");
}
