// How the criteria of a policy came out in its cases, by address, for hovers and hints; and how the cases came out, for lenses.
import type { CaseOutcome, OutcomesByAddress } from "../features/model.js";
import type { Ran } from "./results.js";

/** The outcomes of all evaluated cases. Plain data, that outlives the analysis it was worked out from. */
export function outcomesOf(ran: readonly Ran[]): OutcomesByAddress {
  const found = new Map<string, CaseOutcome[]>();
  for (const { source, result } of ran) {
    for (const [address, outcome] of Object.entries(result.explanation?.outcomes ?? {})) {
      const there = found.get(address);
      if (there === undefined) found.set(address, [{ case: source.name, outcome }]);
      else there.push({ case: source.name, outcome });
    }
  }
  return found;
}

/** "✓ 4 of 4 cases pass", "✗ 3 of 4 cases pass"; undefined where there are no cases. */
export function summaryOf(ran: readonly Ran[]): string | undefined {
  if (ran.length === 0) return undefined;
  const expecting = ran.filter(({ result }) => result.status !== "no expectation");
  if (expecting.length === 0) return `○ ${ran.length === 1 ? "1 case says" : `${ran.length} cases say`} nothing of what is expected`;
  const passed = expecting.filter(({ result }) => result.status === "passed").length;
  return `${passed === expecting.length ? "✓" : "✗"} cases: ${passed} of ${expecting.length} pass`;
}
