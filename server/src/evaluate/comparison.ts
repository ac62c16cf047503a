// What a case expects beside what it came to, line by line in the same order, so that the two can be held against each other.
import type { PolicyCase } from "../semantics/model.js";
import type { Explanation } from "./model.js";

export interface Comparison {
  readonly expected: string;
  readonly actual: string;
}

const NONE = "none";

/** Two texts of equally many lines; lines that agree are equal. Only what the case expects is compared. */
export function comparison({ expect }: PolicyCase, explanation: Explanation): Comparison {
  const expected: string[] = [];
  const actual: string[] = [];
  const line = (what: string, wanted: string, came: string): void => {
    expected.push(`${what}: ${wanted}`);
    actual.push(`${what}: ${came}`);
  };
  if (expect.determination !== undefined) line("determination", expect.determination.value, explanation.determination);
  if (expect.by !== undefined) line("decided by", expect.by.address, decidedBy(expect.by.address, explanation));
  if (expect.missing.length > 0) {
    const missing = explanation.missing.map((item) => item.name);
    const wanted = expect.missing.map((item) => item.name);
    line("missing", wanted.join(", "), wanted.every((name) => missing.includes(name)) ? wanted.join(", ") : missing.join(", ") || NONE);
  }
  for (const { address, outcome } of expect.outcomes) line(address, outcome, explanation.outcomes[address] ?? "not there");
  return { expected: expected.join("\n"), actual: actual.join("\n") };
}

/** The wanted address where it took part in the decision, else what decided instead. */
function decidedBy(wanted: string, { decidedBy: decider, outcomes, path }: Explanation): string {
  if (decider === undefined) return "no statement";
  const { address } = decider;
  if (wanted === address || (wanted.startsWith(`${address}.`) && outcomes[wanted] === "met")) return wanted;
  return path.at(-1) ?? address;
}
