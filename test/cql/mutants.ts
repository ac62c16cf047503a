// Policies with one small mistake each: a comparison turned, a figure off by one, another combinator. A comparison that is worth anything finds them.
import { analyze } from "../../server/src/semantics/analyze.js";
import type { Condition, Policy } from "../../server/src/semantics/model.js";

export interface Mutant {
  /** `I.A: age < 18 years → age <= 18 years` */
  readonly name: string;
  readonly kind: string;
  readonly policy: Policy;
}

type Change = readonly [kind: string, find: RegExp, put: (found: string) => string];
const figure = (step: number) => (found: string): string => String(Number((Number(found) + step).toFixed(4)));
const CONDITIONS: readonly Change[] = [
  ["comparison", />=/gu, () => ">"], ["comparison", />(?!=)/gu, () => ">="], ["comparison", /<=/gu, () => "<"], ["comparison", /<(?!=)/gu, () => "<="], ["comparison", / = (?=\d)/gu, () => " != "],
  ["figure", /(?<![\w.-])\d+(?:\.\d+)?(?![\w.-])/gu, figure(1)], ["figure", /(?<![\w.-])\d+(?:\.\d+)?(?![\w.-])/gu, figure(-1)],
  ["connector", / and /gu, () => " or "], ["connector", / or /gu, () => " and "], ["negation", /\bnot /gu, () => ""], ["negation", / is (?!not|known|unknown)/gu, () => " is not "],
  ["quantifier", /\bexists\b/gu, () => "no"], ["choice", /, \w+(?=$| and| or|\))/gu, () => ""], ["code", /\b[A-Z]\d\d\.\d(?=\d)/gu, (found) => found.slice(0, -2)],
];
const LISTS: readonly Change[] = [
  ["combinator", /\b(?:any|either) of the following/gu, () => "all of the following"], ["combinator", /\b(?:all|both) of the following/gu, () => "any of the following"],
  ["combinator", /\bnone of the following/giu, () => "any of the following"], ["combinator", /\bat least 2 of the following/giu, () => "at least 3 of the following"],
  ["combinator", /\bat least 2 of the following/giu, () => "at least 1 of the following"], ["combinator", /\btwo or more of the following/giu, () => "three or more of the following"],
  ["combinator", /\bexactly one of the following/giu, () => "any of the following"], ["exception", /\bunless(?= any of the following:)/gu, () => "when"],
];

/** Every policy that differs from this one by one change, and is still sound. */
export function mutantsOf({ analysis }: Policy): readonly Mutant[] {
  const { text } = analysis;
  const made = new Map<string, Mutant>();
  const change = (where: string, start: number, end: number, changes: readonly Change[]): void => {
    const before = text.slice(start, end);
    for (const [kind, find, put] of changes) {
      for (const { index, 0: found } of before.matchAll(find)) {
        const after = before.slice(0, index) + put(found) + before.slice(index + found.length);
        const key = `${start} ${after}`;
        if (made.has(key) || after === before) continue;
        const { policy } = analyze(text.slice(0, start) + after + text.slice(end), "mutant.policy");
        if (policy !== undefined && policy.criteria.length === analysis.criteria.length) made.set(key, { name: `${where}: ${before.replace(/\s+/gu, " ").trim()} → ${after.replace(/\s+/gu, " ").trim()}`, kind, policy });
      }
    }
  };
  const conditions = (where: string, list: readonly Condition[]): void => {
    for (const { source } of list) change(where, source.start, source.end, CONDITIONS);
  };
  for (const symbol of analysis.criteria) {
    conditions(symbol.address, [...symbol.conditions, ...symbol.exceptions, ...symbol.waivers, ...symbol.guards]);
    const first = symbol.items[0] ?? symbol.exceptionGroups[0];
    if (first !== undefined) change(symbol.address, symbol.node.start, first.node.start, LISTS);
  }
  for (const { name, meaning } of analysis.definitions.values()) if (meaning?.kind === "condition") conditions(name, [meaning.condition]);;
  for (const { address, scopes } of analysis.statements) for (const scope of scopes) if (scope.kind === "condition") conditions(address, [scope.condition]);
  return [...made.values()];
}
