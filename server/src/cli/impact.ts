// What a change of a policy means for cases: each is decided under both versions, with the same facts.
import { carriedCase } from "../compare/carry.js";
import type { Comparison } from "../compare/model.js";
import type { Explanation } from "../evaluate/model.js";
import { runCase } from "../evaluate/run.js";
import { type CaseImpact, deepestOf, type Impact, outcomeWords } from "../render/comparisonimpact.js";
import type { Analysis, PolicyCase } from "../semantics/model.js";
import { periodOf } from "../semantics/period.js";
import { timeless } from "../semantics/versions.js";
import { type LineIndex, positionAt } from "../text.js";

/** A case with the version whose names it uses. */
export interface FoundCase {
  readonly policyCase: PolicyCase;
  readonly path: string;
  readonly lines: LineIndex;
  readonly of: "old" | "new";
}

/** Decides the cases under both versions. */
export function impactOf(old: Analysis, now: Analysis, comparison: Comparison, cases: readonly FoundCase[]): Impact {
  const broken = ([["old", old], ["new", now]] as const).filter(([, analysis]) => analysis.policy === undefined).map(([version]) => version);
  if (broken.length > 0) return { cases: [], otherDates: false, broken };
  const [before, after] = [timeless(old.policy!), timeless(now.policy!)];
  const back = (names: ReadonlyMap<string, string>): ReadonlyMap<string, string> => new Map([...names].map(([from, to]) => [to, from]));
  const [oldFacts, oldAddresses] = [back(comparison.facts), back(comparison.addresses)];
  const decided = cases.map(({ policyCase, path, lines, of }): CaseImpact => {
    const base = { name: policyCase.name, path, line: positionAt(lines, policyCase.nameRange.start).line + 1 };
    if (!policyCase.sound) return { ...base, change: "not evaluated", left: [], reason: "The case has mistakes of its own; `policy lint` shows them." };
    const other = of === "new" ? carriedCase(policyCase, now, old, oldFacts, oldAddresses) : carriedCase(policyCase, old, now, comparison.facts, comparison.addresses);
    const was = runCase(before, of === "old" ? policyCase : other.policyCase).explanation!;
    const is = runCase(after, of === "new" ? policyCase : other.policyCase).explanation!;
    const change = was.determination !== is.determination ? "flips" : sameWay(was, is, comparison.addresses) ? "same" : "otherwise";
    // What decided in one version and does not in the other is what a reader asks about.
    const why = change === "same" ? undefined : { before: whyOf(was, is, oldAddresses, "was not there"), after: whyOf(is, was, comparison.addresses, "has been removed") };
    return { ...base, change, before: was, after: is, why, left: other.left.length === 0 ? [] : [{ version: of === "new" ? "old" : "new", names: other.left }] };
  });
  const [from, to] = [periodOf(old), periodOf(now)];
  return { cases: decided, otherDates: from.from !== to.from || from.until !== to.until, broken };
}

/** What became, in this version, of the criteria that decided in the other: of the first that is no longer met. */
function whyOf(here: Explanation, there: Explanation, addresses: ReadonlyMap<string, string>, absent: string): string | undefined {
  if (there.determination !== "approve") return undefined;
  const deepest = deepestOf(there.path);
  for (const decided of deepest) {
    const address = addresses.get(decided);
    if (address !== undefined && here.outcomes[address] !== "met") return outcomeWords(here, address);
  }
  const gone = deepest.find((each) => !addresses.has(each));
  return gone === undefined ? undefined : `${gone} ${absent}`;
}

/** Whether the same criteria decided, whatever they are called now. */
function sameWay(was: Explanation, is: Explanation, addresses: ReadonlyMap<string, string>): boolean {
  const named = (address: string | undefined): string => (address === undefined ? "" : (addresses.get(address) ?? `gone ${address}`));
  if (JSON.stringify(was.approval) !== JSON.stringify(is.approval)) return false;
  return named(was.decidedBy?.address) === (is.decidedBy?.address ?? "") && was.path.map(named).sort().join() === [...is.path].sort().join();
}
