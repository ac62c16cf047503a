// Names and notes of generated cases, in the words of the field: what a case is for, and what it came to.
import { writtenScalar, writtenValues } from "../../semantics/casetext.js";
import { shownCode } from "../../semantics/codes.js";
import type { FactSymbol } from "../../semantics/model.js";
import { folded } from "../../text.js";
import { type Decision, outcomeOf } from "../compile.js";
import { MET, NOT_MET } from "../kleene.js";
import { MET_MET, MET_NOT } from "../mcdc.js";
import type { DeterminationName } from "../model.js";
import type { Leaf } from "../searchgoals.js";
import { type Aims, given, type Target, type Trace } from "./targets.js";
import { entriesWords, wordsOfName } from "./values.js";

const LONGEST_NAME = 80;
const LONGEST_WORDS = 60;
const MOST_LISTED = 4;

/** A name that no other case has, of at most 80 characters: "Age 17 years, just below 18 years: I.A is met". */
export function nameOf(aims: Aims, target: Target, trace: Trace, decision: Decision, taken: ReadonlySet<string>): string {
  const head = capital(subjectOf(aims, target, trace));
  const tail = outcomeWords(aims, target, decision);
  for (let n = 1; ; n++) {
    // The number is never cut off: by it alone names may differ, where addresses are long.
    const number = n === 1 ? "" : ` (${n})`;
    const end = `${shortened(tail, (head === "" ? LONGEST_NAME : LONGEST_WORDS) - number.length)}${number}`;
    const name = head === "" ? capital(end) : `${shortened(head, LONGEST_NAME - end.length - 2)}: ${end}`;
    if (!taken.has(name)) return name;
  }
}

/** What a case is for and what it came to; that has to be confirmed by a person. */
export function noteOf(aims: Aims, own: readonly Target[], determination: DeterminationName, by: string | undefined): string {
  const words = [...new Set(own.map((target) => targetWords(aims, target)))];
  const more = words.length - MOST_LISTED;
  const listed = `${words.slice(0, more > 1 ? MOST_LISTED : MOST_LISTED + 1).join("; ")}${more > 1 ? `; and ${more} more` : ""}`;
  return `For: ${listed}. Derived: ${determination}${by === undefined ? "" : ` by ${by}`}; to be confirmed by a clinician.`.replace(/"/gu, "'");
}

/** What a target asks for, in words. */
export function targetWords({ policy }: Aims, target: Target): string {
  if (target.kind === "outcome") return branchWords(target.address, target.branch);
  const { start, end } = target.atom.condition.source;
  const condition = shortened(folded(policy.analysis.text.slice(start, end)), LONGEST_WORDS);
  const where = target.point.kind === "scope" ? `${target.address}, applies to` : target.point.kind === "guard" ? `${target.address}, if` : target.address;
  if (target.kind === "condition") return `${where}: ${condition} decides by being ${(target.bit & (MET_MET | MET_NOT)) !== 0 ? "met" : "not met"}`;
  return `${where}: ${condition}, ${target.side.words}`;
}

function branchWords(address: string, branch: string): string {
  if (branch === "unknown") return `${address} is not known`;
  return branch === "left to a clinician" ? `${address} is left to a clinician` : `${address} is ${branch}`;
}

/** How what the target is about came out in the case. */
function outcomeWords({ policy }: Aims, target: Target, decision: Decision): string {
  const { address } = target;
  if (target.kind === "outcome") return branchWords(address, target.branch);
  const { kind, index } = target.point;
  if (kind === "scope") {
    const statement = policy.statements.findIndex((each) => each.index === index);
    const applies = decision.truths[decision.evaluator.program.scopeNodes[statement]!];
    return `${address} ${applies === MET ? "applies" : applies === NOT_MET ? "does not apply" : "may apply"}`;
  }
  const outcome = outcomeOf(decision, index);
  if (outcome === "not applicable") return `${address} does not apply`;
  if (kind === "guard") return `${address} applies`;
  return outcome === "unknown" ? `${address} is not known` : `${address} is ${outcome}`;
}

function subjectOf(aims: Aims, target: Target, { policyCase }: Trace): string {
  if (target.kind === "outcome") return policyCase.facts.size + policyCase.attested.size === 0 && policyCase.codes === undefined ? "Nothing is known" : "";
  if (target.kind === "boundary") {
    const { leaf } = target.edge;
    const several = leaf.items.length > 1 && !leaf.items.some((item) => aims.network.facts[item]?.type.kind === "records");
    return several ? leafWords(aims, leaf, policyCase) : target.side.words;
  }
  const { condition } = target.atom;
  if (condition.kind === "criterion") return `${condition.address} ${(target.bit & (MET_MET | MET_NOT)) !== 0 ? "met" : "not met"}`;
  return target.leaf === undefined ? "" : leafWords(aims, target.leaf, policyCase);
}

function leafWords({ network }: Aims, leaf: Leaf, policyCase: Trace["policyCase"]): string {
  return leaf.items.map((item) => {
    const { kind, name } = network.items[item]!;
    const fact = network.facts[item];
    const value = given(network, policyCase, item);
    if (fact !== undefined) return factWords(fact, value);
    if (kind === "request" && name === "codes") return `Codes ${Array.isArray(value) ? value.map((code) => shownCode(String(code))).join(", ") : "not given"}`;
    return `${name} ${value === undefined ? "not known" : String(value)}`;
  }).join(", ");
}

/** "solid tumor", "no solid tumor", "site bone", "age 17 years", "2 treatments" */
function factWords(fact: FactSymbol, value: unknown): string {
  const name = wordsOfName(fact.name);
  if (value === undefined) return `${name} not known`;
  switch (fact.type.kind) {
    case "yes/no": return value === true || value === 1 ? name : `no ${name}`;
    case "records": return entriesWords(fact.name, (value as readonly unknown[]).length);
    case "list": return (value as readonly unknown[]).length === 0 ? `no ${name}` : `${name} ${writtenValues(fact, value as readonly string[]).map(wordsOfName).join(", ")}`;
    default: return `${name} ${wordsOfName(writtenScalar(fact.type, value as number | string).replace(/"/gu, ""))}`;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…`);
