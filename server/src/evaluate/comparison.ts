// What a case expects beside what it came to, one pair for each expectation that did not hold, in the words of the case.
import type { PolicyCase } from "../semantics/model.js";
import type { CaseResult, Explanation } from "./model.js";

export interface Comparison {
  readonly expected: string;
  readonly actual: string;
}

/** One pair for each of the failures of a result, in their order: `approve` and `refer`, `I.A met` and `I.A not met`. */
export function comparisons({ expect }: PolicyCase, { failures, explanation }: CaseResult): readonly Comparison[] {
  if (explanation === undefined) return [];
  const found: Comparison[] = [];
  // Each failure stands where its expectation stands, and they come in one order: an expectation that held has none.
  let next = 0;
  const against = (range: object, expected: string, actual: () => string): void => {
    if (failures[next]?.range !== range || expected === actual()) return;
    next++;
    found.push({ expected, actual: actual() });
  };
  const { determination, by, missing, outcomes } = expect;
  if (determination !== undefined) against(determination.range, determination.value, () => explanation.determination);
  if (by !== undefined) against(by.range, `by ${by.address}`, () => `by ${decidedBy(explanation)}`);
  const lacking = explanation.missing.map((item) => item.name);
  for (const { name, range } of missing) if (!lacking.includes(name)) against(range, `missing ${name}`, () => `missing ${lacking.join(", ") || "nothing"}`);
  for (const { address, outcome, range } of outcomes) against(range, `${address} ${outcome}`, () => `${address} ${explanation.outcomes[address] ?? "not there"}`);
  return found;
}

/** What decided: the statement, or the last criterion on its deciding path. */
function decidedBy({ decidedBy: decider, path }: Explanation): string {
  return decider === undefined ? "no statement" : (path.at(-1) ?? decider.address);
}
