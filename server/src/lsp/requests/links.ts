// Links: DOIs and addresses of the web, policies by their numbers, policies and case files by their names.
import type { DocumentLink } from "vscode-languageserver";
import type { TextLink } from "../../features/links.js";
import type { RequestGroup, ServerContext } from "../context.js";
import { toRange } from "../convert.js";
import { core } from "../lazy.js";
import { beside } from "../workspace.js";

export const linkRequests: RequestGroup = {
  capabilities: () => ({ documentLinkProvider: {} }),
  register(context) {
    const { connection, requests, documents, workspace } = context;
    connection.onDocumentLinks(requests("links", null, async ({ textDocument: { uri } }): Promise<DocumentLink[] | null> => {
      if (documents.get(uri) === undefined || documents.get(uri)!.kind === "config") return null;
      const textLinks = (): readonly TextLink[] => {
        const analysis = documents.analysis(uri);
        return analysis === undefined ? core().caseFileLinks(documents.get(uri)?.document.getText() ?? "") : core().policyLinks(analysis);
      };
      // Pages of the web stand where they stand; for the others the workspace is looked at.
      if (textLinks().some(({ target }) => target.kind !== "web")) await workspace.load();
      const known = documents.get(uri);
      if (known === undefined) return null;
      const lines = core().lineIndex(known.document.getText());
      return textLinks().flatMap((link) => {
        const to = leadsTo(context, uri, link);
        return to === undefined ? [] : [{ range: toRange(lines, link), ...to }];
      });
    }));
  },
};

/** Where a link leads and what that is; undefined where there is nothing. */
function leadsTo({ workspace }: ServerContext, uri: string, { target }: TextLink): { readonly target: string; readonly tooltip: string } | undefined {
  switch (target.kind) {
    case "web": return { target: target.url, tooltip: target.url.startsWith("https://doi.org/") ? "Open the publication" : "Open the page" };
    case "policy": {
      const [file] = workspace.numbered(target.number);
      if (file === undefined || file.uri === uri) return undefined;
      const { title } = workspace.analysis(file).header;
      return { target: file.uri, tooltip: `Open policy ${target.number}${title === undefined ? "" : `, "${title}"`}` };
    }
    case "file": {
      const file = workspace.file(beside(uri, target.path));
      return file === undefined || file.uri === uri ? undefined : { target: file.uri, tooltip: file.kind === "policy" ? "Open the policy" : "Open the case file" };
    }
    case "cases": {
      const files = workspace.casesOf(uri);
      const [first] = files;
      if (first === undefined) return undefined;
      const name = decodeURIComponent(first.uri.slice(first.uri.lastIndexOf("/") + 1));
      return { target: first.uri, tooltip: files.length === 1 ? `More cases stand in ${name}` : `More cases stand in ${name} and ${core().counted(files.length - 1, "other file")}` };
    }
  }
}
