// Renaming facts, definitions, choices, labels and references, in a policy, its case files and the policies that speak of it.
import { ErrorCodes, LSPErrorCodes, type PrepareRenameResult, type RenameParams, ResponseError, type WorkspaceEdit } from "vscode-languageserver";
import type { CaseText } from "../../features/files.js";
import type { RenamePlace, Refusal } from "../../features/rename.js";
import { offsetAt } from "../../text.js";
import type { At, RequestGroup, ServerContext } from "../context.js";
import { toRange } from "../convert.js";
import { toWorkspaceEdit } from "../edits.js";
import { core } from "../lazy.js";

export const renameRequests: RequestGroup = {
  capabilities: ({ capabilities }) => ({ renameProvider: capabilities.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true }),
  register(context) {
    const { connection, requests, documents, workspace } = context;

    connection.onPrepareRename(requests("prepare rename", null, async (params: At): Promise<PrepareRenameResult | null> => {
      const { uri } = params.textDocument;
      const analysis = documents.analysis(uri);
      const cases = analysis === undefined ? await caseText(context, uri) : undefined;
      const text = analysis?.text ?? cases?.text;
      if (text === undefined) return null;
      const lines = core().lineIndex(text);
      const offset = offsetAt(lines, params.position);
      const found: RenamePlace | Refusal = analysis === undefined ? core().prepareRenameInCases(cases!, offset) : core().prepareRename(analysis, offset);
      if (core().isRefusal(found)) throw new ResponseError(LSPErrorCodes.RequestFailed, found.refused);
      return { range: toRange(lines, found), placeholder: found.placeholder };
    }));

    connection.onRenameRequest(requests("rename", null, async ({ textDocument: { uri }, position, newName }: RenameParams): Promise<WorkspaceEdit | null> => {
      const version = documents.get(uri)?.document.version;
      if (version === undefined) return null;
      await workspace.load();
      const cases = documents.get(uri)?.kind === "cases" ? await caseText(context, uri) : undefined;
      if (documents.get(uri)?.document.version !== version) throw new ResponseError(LSPErrorCodes.ContentModified, "The text has changed meanwhile. Try again.");
      const policy = cases === undefined ? documents.analysis(uri) : policyOf(context, uri);
      if (policy === undefined) return null;
      const around = workspace.around(policy);
      const offset = offsetAt(cases === undefined ? policy.lines : core().lineIndex(cases.text), position);
      const files = cases === undefined ? core().rename(policy, offset, newName, around) : core().renameInCases(policy, cases, offset, newName, around);
      if (core().isRefusal(files)) throw new ResponseError(ErrorCodes.InvalidParams, files.refused);
      return toWorkspaceEdit(context, files);
    }));
  },
};

async function caseText({ documents }: ServerContext, uri: string): Promise<CaseText | undefined> {
  const read = await documents.cases(uri);
  const text = documents.get(uri)?.document.getText();
  return read === undefined || text === undefined ? undefined : { uri, text, file: read.file };
}

function policyOf({ workspace }: ServerContext, uri: string): ReturnType<ServerContext["workspace"]["analysis"]> | undefined {
  const file = workspace.file(uri);
  const policy = file && workspace.policyOf(file);
  return policy && workspace.analysis(policy);
}
