// What lint rules need of the addresses in prose, beside what `semantics/proseaddresses.ts` reads.
import type { Range } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { anyWithin, scanWords } from "../wording/scan.js";

export { addressAt } from "../../../semantics/proseaddresses.js";

/** An address that prose mentions, or several at once: a range, a list. */
export interface Mention extends Range {
  /** With ranges and lists written out. */
  readonly addresses: readonly string[];
}

/** Whether the statements are labelled with roman numerals, so that a roman numeral with a full stop begins an address. */
export const hasRomanStatements = ({ analysis }: LintedPolicy): boolean => analysis.statements.some(({ address }) => /^[IVX]+$/u.test(address));

/** Whether the revision log has a roman numeral in its words, which is what a label begins with. */
export function logHasNumerals(policy: LintedPolicy): boolean {
  const { numerals } = policy.once(scanWords);
  if (numerals.length > 0) for (const { prose } of policy.revisions) if (prose !== undefined && anyWithin(numerals, prose)) return true;
  return false;
}

/** The path of an address from the statement down to it: I, I.E, I.E.2. */
export function pathOf(address: string): readonly string[] {
  const path: string[] = [];
  for (let at = address.indexOf("."); at > 0; at = address.indexOf(".", at + 1)) path.push(address.slice(0, at));
  path.push(address);
  return path;
}

/** What there is where an address was looked for: the nearest criterion on its path, and its items. */
export function whatThereIs({ analysis: { byAddress } }: LintedPolicy, address: string): string {
  const parent = pathOf(address).findLast((each) => byAddress.has(each));
  if (parent === undefined) return "no such statement stands in the policy";
  const items = byAddress.get(parent)!.items.filter((item) => item.role === "criterion");
  if (items.length === 0) return `${parent} has no items`;
  return `the items of ${parent} are ${items.length === 1 ? items[0]!.address : `${items[0]!.address} to ${items.at(-1)!.address}`}`;
}
