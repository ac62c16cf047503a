// Cases that try what the cases of a policy do not try yet, to be put behind the last one.
import { casesOfPolicy, whyNotEvaluated } from "../cases.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toRange } from "../convert.js";
import { core } from "../lazy.js";
import { GENERATE_CASES, type GenerateCasesParams, type GenerateCasesResult } from "../protocol.js";

/** In the editor nobody waits long; the command line goes on for longer. In steps of the search. */
const MOST_STEPS = 6_000_000;

export const generateRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    context.connection.onRequest(GENERATE_CASES, context.requests("generated cases", null, (params: GenerateCasesParams) => generate(context, params)));
  },
};

async function generate({ documents }: ServerContext, { uri }: GenerateCasesParams): Promise<GenerateCasesResult | null> {
  const found = await casesOfPolicy(documents, uri);
  const version = documents.get(uri)?.document.version;
  if (found === undefined || version === undefined) return null;
  const { analysis } = found;
  if (analysis.policy === undefined) return { version, count: 0, message: whyNotEvaluated(analysis) };
  const existing = found.cases.map(({ policyCase }) => policyCase);
  const { cases, unreached, stopped } = core().generateCases(analysis.policy, { existing, most: MOST_STEPS });
  const edit = core().newCasesInPolicy(analysis, cases.map(({ policyCase: { name, on, codes, lineOfBusiness, pathway, facts, attested, note } }) =>
    ({ name, on, codes, lineOfBusiness, pathway, facts, attested, note })));
  const left = unreached.filter(({ why }) => why !== "not tried").length;
  const words = [
    cases.length === 0 ? "No case to propose: none was found that reaches more than the cases of this policy do."
      : `${core().counted(cases.length, "case")} added behind the last one. Look at each, and write what it is to expect.`,
    left === 0 ? "" : `${core().counted(left, "outcome or condition", "outcomes or conditions")} cannot be reached or no case was found; \`policy generate-cases\` lists them.`,
    stopped === undefined ? "" : "This policy is too large to be searched in full here; run it again for more.",
  ];
  return { version, count: cases.length, message: words.filter((each) => each !== "").join(" "), ...(edit === undefined ? {} : { edit: { span: toRange(analysis.lines, edit), text: edit.text } }) };
}
