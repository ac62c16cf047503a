// The cases of a policy, its own and those of the files beside it, and the one that a view speaks of.
import type { Analysis, PolicyCase } from "../semantics/model.js";
import { type LineIndex, offsetAt, positionAt } from "../text.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { CaseRef } from "./protocol.js";

/** A case at its place. */
export interface PlacedCase {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly policyCase: PolicyCase;
}

export interface CasesOfPolicy {
  readonly analysis: Analysis;
  readonly cases: readonly PlacedCase[];
}

/** The newest analysis of a policy with all its cases; use it before anything is awaited again. */
export async function casesOfPolicy(documents: Documents, uri: string): Promise<CasesOfPolicy | undefined> {
  const files = await documents.casesBeside(uri);
  const analysis = await documents.read(uri);
  if (analysis === undefined) return undefined;
  const own = analysis.cases.map((policyCase): PlacedCase => ({ uri, lines: analysis.lines, policyCase }));
  const beside = files.filter((file) => file.policy === analysis).flatMap((file) => file.file.cases.map((policyCase): PlacedCase => ({ uri: file.uri, lines: file.lines, policyCase })));
  return { analysis, cases: [...own, ...beside] };
}

/** The case that is meant: by name, else by place, else the first. */
export function pickCase({ cases }: CasesOfPolicy, ref: CaseRef | undefined): PlacedCase | undefined {
  if (ref === undefined) return cases[0];
  const inFile = cases.filter((each) => each.uri === ref.uri);
  const { at } = ref;
  const here = at === undefined ? undefined : inFile.find(({ lines, policyCase: { range } }) => {
    const offset = offsetAt(lines, at);
    return range.start <= offset && offset <= range.end;
  });
  // A name may stand twice while cases are written; the place then tells which is meant.
  if (here !== undefined && (ref.name === undefined || here.policyCase.name === ref.name)) return here;
  return inFile.find((each) => each.policyCase.name === ref.name) ?? here ?? cases[0];
}

/** A case as messages name it. */
export function refOf({ uri, lines, policyCase }: PlacedCase): CaseRef {
  return { uri, name: policyCase.name, at: positionAt(lines, policyCase.nameRange.start) };
}

/** The cases to choose from; `file` is empty for those of the policy. */
export function choices({ analysis, cases }: CasesOfPolicy): readonly (CaseRef & { readonly file: string })[] {
  return cases.map((each) => ({ ...refOf(each), file: each.uri === analysis.uri ? "" : decodeURIComponent(each.uri.slice(each.uri.lastIndexOf("/") + 1)) }));
}

/** Why a policy is not evaluated, for a person. */
export function whyNotEvaluated(policy: Analysis): string {
  const errors = policy.diagnostics.filter((each) => each.severity === "error");
  const first = errors[0];
  const words = `The policy has ${core().counted(errors.length, "error")} and is not evaluated until ${errors.length === 1 ? "it is" : "they are"} mended.`;
  return first === undefined ? words : `${words} Line ${positionAt(policy.lines, first.start).line + 1}: ${first.message}`;
}
