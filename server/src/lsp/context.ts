// What every group of requests is given: the connection, the documents, and the ways to look into them.
import type { CancellationToken, ClientCapabilities, Connection, Position, ServerCapabilities } from "vscode-languageserver";
import type { Analysis } from "../semantics/model.js";
import { offsetAt, type LineIndex } from "../text.js";
import type { PageLinks } from "./convert.js";
import type { Documents, ReadCases } from "./documents.js";
import { core } from "./lazy.js";
import type { Linting } from "./linting.js";
import type { Results } from "./results.js";
import type { Runtime } from "./runtime.js";
import type { CodeSets } from "./settings.js";
import type { Preferences } from "./preferences.js";
import type { Workspace } from "./workspace.js";

/** What is known of the client. */
export interface Client {
  readonly capabilities: ClientCapabilities;
  /** It asks for diagnostics; else they are sent. */
  readonly pull: boolean;
  /** It can be told to ask for diagnostics again. */
  readonly refresh: boolean;
  /** It tells of files that change on disk, or can be asked to. */
  readonly watching: boolean;
  /** It provides our commands, and shows our pages. */
  readonly commands: boolean;
  /** Uris of the workspace's folders. */
  readonly folders: readonly string[];
}

export type Wrapper = <P, R>(name: string, otherwise: R, run: (params: P, token: CancellationToken) => R | Promise<R>) => (params: P, token: CancellationToken) => Promise<R>;

export interface ServerContext {
  readonly connection: Connection;
  readonly client: Client;
  readonly documents: Documents;
  readonly runtime: Runtime;
  readonly linting: Linting;
  readonly workspace: Workspace;
  readonly codes: CodeSets;
  /** Which hints and lenses are wanted. */
  readonly preferences: Preferences;
  /** How the cases of policies come out. */
  readonly results: Results;
  readonly links: PageLinks;
  /** Wraps a request: a mistake of ours is logged and answered with nothing, a cancelled request does not begin. */
  readonly requests: Wrapper;
  /** How many requests are being answered; work that nobody waits for lets them go first. */
  underway(): number;
  /** Work for when the client has said that it is ready: registering with it. */
  whenInitialized(work: () => void): void;
}

/** Requests that belong together: what they promise, and their handlers. A new feature is a file with one of these. */
export interface RequestGroup {
  capabilities(client: Client): Partial<ServerCapabilities>;
  register(context: ServerContext): void;
}

/** A place as requests give it. */
export interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/** Looks into an open policy; null for any other document. */
export function whole<R>({ documents }: ServerContext, uri: string, use: (analysis: Analysis) => R): R | null {
  const analysis = documents.analysis(uri);
  return analysis === undefined ? null : use(analysis);
}

/** Looks at a place of an open policy; null for any other document. */
export const at = <R>(context: ServerContext, { textDocument, position }: At, use: (analysis: Analysis, offset: number) => R): R | null =>
  whole(context, textDocument.uri, (analysis) => use(analysis, offsetAt(analysis.lines, position)));

/** Looks at a place of an open case file; null for any other document. */
export async function inCases<R>({ documents }: ServerContext, { textDocument, position }: At, use: (read: ReadCases, offset: number) => R): Promise<R | null> {
  const read = await documents.cases(textDocument.uri);
  return read === undefined ? null : use(read, offsetAt(read.lines, position));
}

/** Looks at a place of an open configuration; undefined for any other document. */
export function inConfig<R>({ documents }: ServerContext, { textDocument, position }: At, use: (text: string, offset: number, lines: LineIndex) => R): R | undefined {
  const known = documents.get(textDocument.uri);
  if (known?.kind !== "config") return undefined;
  const text = known.document.getText();
  const lines = core().lineIndex(text);
  return use(text, offsetAt(lines, position), lines);
}

/** The uses of symbols at a place of a case file. */
export const usesOf = (read: ReadCases, offset: number): ReadCases["file"]["uses"] => read.file.uses.filter((use) => use.start <= offset && offset <= use.end);
