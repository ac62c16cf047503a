// Which cases of a policy speak of a criterion: `policy test --criterion`.
import { coverable, seenBy } from "../../evaluate/coverage.js";
import { normalAddress } from "../../syntax/parser.js";
import type { PolicyCase } from "../../semantics/model.js";
import type { CaseRun } from "../cases.js";
import type { Loaded } from "../load.js";

/** An address as the policy has it, from how it was typed: `criterion I.(E).2` is `I.E.2`. */
export const addressAsWritten = (typed: string): string => normalAddress(typed.replace(/^criterion\s+/iu, "").trim());

/** The cases that decide one of the criteria, or expect something of it or of what stands below it. */
export function pickByCriterion({ policy }: Loaded, runs: readonly CaseRun[], typed: readonly string[]): readonly CaseRun[] {
  const addresses = typed.map(addressAsWritten);
  const strict = policy?.analysis.policy;
  const places = strict === undefined ? [] : coverable(strict).map(({ address }) => address);
  return runs.filter(({ policyCase, result }) => {
    if (addresses.some((address) => expects(policyCase, address))) return true;
    const { explanation } = result;
    if (strict === undefined || explanation === undefined) return false;
    const seen = seenBy(strict, explanation);
    return addresses.some((address) => [1, 2, 3].includes(seen[places.indexOf(address)] ?? 0));
  });
}

function expects({ expect, attested }: PolicyCase, address: string): boolean {
  const within = (other: string): boolean => other === address || other.startsWith(`${address}.`);
  return [...(expect.by === undefined ? [] : [expect.by.address]), ...expect.outcomes.map((each) => each.address), ...attested.keys()].some(within);
}
