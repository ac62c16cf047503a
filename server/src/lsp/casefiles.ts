// What the server says inside case files: their outline, and proposals from the policy they belong to.
import type { CompletionItem, DocumentSymbol } from "vscode-languageserver";
import { offsetAt } from "../text.js";
import type { At, ServerContext } from "./context.js";
import { toCompletion, toSymbol } from "./convert.js";
import { core } from "./lazy.js";

/** The cases of a YAML file with their facts; of JSON the editor shows an outline of its own. */
export async function outlineOfCases({ documents }: ServerContext, uri: string): Promise<DocumentSymbol[] | null> {
  const read = await documents.cases(uri);
  if (read === undefined || isJson(uri)) return null;
  const text = documents.get(uri)!.document.getText();
  return core().caseFileOutline(text, read.file).map((entry) => toSymbol(read.lines, entry));
}

/** Proposals in an open case file; null for any other document. */
export async function proposalsInCases({ documents, runtime }: ServerContext, { textDocument: { uri }, position }: At): Promise<CompletionItem[] | null> {
  if (documents.get(uri)?.kind !== "cases") return null;
  const names = await runtime.filesIn(uri.slice(0, uri.lastIndexOf("/") + 1));
  // Read last: what is proposed must fit the newest text and the newest analysis.
  const read = await documents.cases(uri);
  if (read === undefined) return null;
  const text = documents.get(uri)!.document.getText();
  const policies = names.filter((name) => name.endsWith(".policy"));
  return core().caseFileCompletion(text, offsetAt(read.lines, position), { policy: read.policy, policies, json: isJson(uri), today: runtime.today() }).map((item, i) => toCompletion(read.lines, item, i));
}

const isJson = (uri: string): boolean => uri.endsWith(".json");
