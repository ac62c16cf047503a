// Edits of several files as the protocol has them, each with the version of the document that they were made for.
import type { CreateFile, DeleteFile, RenameFile, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver";
import type { FileEdits } from "../features/files.js";
import type { Client, ServerContext } from "./context.js";
import { toEdit } from "./convert.js";
import { core } from "./lazy.js";

/** The edits of policies and case files as one change of the workspace. */
export function toWorkspaceEdit({ client, documents, workspace }: ServerContext, files: readonly FileEdits[], renames: readonly RenameFile[] = []): WorkspaceEdit {
  const changes = files.flatMap(({ uri, edits }) => {
    const file = workspace.file(uri);
    const open = documents.get(file?.uri ?? uri)?.document;
    const text = open?.getText() ?? file?.text;
    if (text === undefined) return [];
    const lines = core().lineIndex(text);
    return [{ uri: open?.uri ?? uri, version: open?.version ?? null, edits: edits.map((edit) => toEdit(lines, edit)) }];
  });
  if (!client.capabilities.workspace?.workspaceEdit?.documentChanges) return { changes: Object.fromEntries(changes.map(({ uri, edits }) => [uri, edits])) };
  const documentChanges: (TextDocumentEdit | CreateFile | RenameFile | DeleteFile)[] = changes.map(({ uri, version, edits }) => ({ textDocument: { uri, version }, edits }));
  return { documentChanges: [...documentChanges, ...renames] };
}

/** The client can rename files within an edit. */
export const renamesFiles = ({ capabilities }: Client): boolean =>
  capabilities.workspace?.workspaceEdit?.documentChanges === true && capabilities.workspace.workspaceEdit.resourceOperations?.includes("rename") === true;

