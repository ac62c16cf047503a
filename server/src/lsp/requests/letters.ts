// Letters and the reviewer's worksheet for a case, as Markdown.
import type { CaseRef, LetterParams, LetterResult } from "../protocol.js";
import { casesOfPolicy, choices, pickCase, whyNotEvaluated } from "../cases.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { core } from "../lazy.js";
import { LETTER } from "../protocol.js";

export const letterRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    context.connection.onRequest(LETTER, context.requests("letter", null, (params: LetterParams) => write(context, params)));
  },
};

async function write({ documents }: ServerContext, { uri, case: ref, text }: LetterParams): Promise<LetterResult | null> {
  // Loaded before the text is read: nothing is awaited once the analysis is there.
  const letters = await core().letters();
  const found = await casesOfPolicy(documents, uri);
  if (found === undefined) return null;
  const cases: readonly (CaseRef & { readonly file: string })[] = choices(found);
  const problem = (words: string): LetterResult => ({ cases, problem: words, remarks: [] });
  const { policy } = found.analysis;
  if (policy === undefined) return problem(whyNotEvaluated(found.analysis));
  if (ref === undefined) return { cases, remarks: [] };
  const policyCase = pickCase(found, ref)?.policyCase;
  if (policyCase === undefined) return problem("There is no such case any more.");
  const { explanation, reason } = core().runCase(policy, policyCase);
  if (explanation === undefined) return problem(reason ?? "The case was not evaluated.");
  const written = text === "worksheet" ? letters.writeWorksheet(policy, policyCase, explanation) : letters.writeLetter(policy, policyCase, explanation, { audience: text });
  return { cases, markdown: written.markdown, remarks: written.problems };
}
