// The open documents and what is known of them: one analysis for each version, made when it is first asked for.
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { CaseFile } from "../semantics/casefile.js";
import { CASE_FILE } from "../semantics/casenames.js";
import { CONFIG_FILE } from "../lint/confignames.js";
import type { Analysis } from "../semantics/model.js";
import type { LineIndex } from "../text.js";
import { core } from "./lazy.js";
import { keyOf } from "./workspace.js";
import type { Runtime } from "./runtime.js";

/** Policies and case files above this many bytes are not read from disk. */
const LARGEST_FILE = 16 * 1024 * 1024;
/** So many files that are not open are remembered. */
const MOST_ON_DISK = 20;

export interface OpenDocument {
  readonly uri: string;
  readonly kind: "policy" | "cases" | "config";
  readonly document: TextDocument;
}

/** A case file with the policy it belongs to, where that was found. */
export interface ReadCases {
  readonly uri: string;
  readonly file: CaseFile;
  readonly lines: LineIndex;
  readonly policy: Analysis | undefined;
}

export interface Documents {
  open(uri: string, languageId: string, version: number, text: string): void;
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  get(uri: string): OpenDocument | undefined;
  all(): Iterable<OpenDocument>;
  /** The analysis of an open policy, undefined for any other document. */
  analysis(uri: string): Analysis | undefined;
  /** An open case file read against its policy: the open one, or else the one on disk. */
  cases(uri: string): Promise<ReadCases | undefined>;
  /** The analysis of a policy as the editor holds it, or else as it is on disk; undefined where there is none. */
  read(uri: string): Promise<Analysis | undefined>;
  /** A case file as the editor holds it, or else as it is on disk, read against its policy. */
  readCases(uri: string): Promise<ReadCases | undefined>;
  /** The case files beside a policy that belong to it. */
  casesBeside(uri: string): Promise<readonly ReadCases[]>;
  /** A file or folder has changed on disk. */
  changed(uri: string): void;
}

/** Keeps the open documents. `watched`: the editor says what changes in a folder, so that it need not be looked through each time. */
export function documentStore(runtime: Runtime, watched: (folder: string) => boolean = () => false): Documents {
  const folders = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  const opened = new Map<string, OpenDocument>();
  const analyses = new WeakMap<TextDocument, { version: number; analysis: Analysis }>();
  const onDisk = new Map<string, Analysis>();
  const casesOnDisk = new Map<string, { text: string; reading: ReadCases }>();
  const readings = new WeakMap<TextDocument, { version: number; reading: ReadCases }>();

  const analysis = (uri: string): Analysis | undefined => {
    const known = opened.get(uri);
    if (known === undefined || known.kind !== "policy") return undefined;
    const { document } = known;
    const cached = analyses.get(document);
    if (cached?.version === document.version) return cached.analysis;
    const made = core().analyze(document.getText(), uri, cached?.analysis);
    analyses.set(document, { version: document.version, analysis: made });
    return made;
  };

  const fromDisk = async (uri: string): Promise<Analysis | undefined> => {
    const text = await runtime.readFile(uri, LARGEST_FILE);
    if (text === undefined) return undefined;
    const cached = onDisk.get(uri);
    if (cached?.text === text) return cached;
    if (onDisk.size >= MOST_ON_DISK) onDisk.clear();
    const made = core().analyze(text, uri);
    onDisk.set(uri, made);
    return made;
  };

  const read = async (uri: string): Promise<Analysis | undefined> => analysis(uri) ?? (opened.has(uri) ? undefined : fromDisk(uri));

  const policyOf = async (uri: string, text: string): Promise<Analysis | undefined> => {
    for (const name of core().policyNamesFor(decodeURIComponent(fileName(uri)), text)) {
      const found = await read(resolved(uri, name));
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const cases = async (uri: string): Promise<ReadCases | undefined> => {
    const known = opened.get(uri);
    if (known?.kind !== "cases") return undefined;
    const { document } = known;
    const text = document.getText();
    const { version } = document;
    const policy = await policyOf(uri, text);
    const cached = readings.get(document);
    if (cached?.version === version && cached.reading.policy === policy) return cached.reading;
    const reading = readingOf(uri, text, policy);
    readings.set(document, { version, reading });
    return reading;
  };

  const readCases = async (uri: string): Promise<ReadCases | undefined> => {
    if (opened.has(uri)) return cases(uri);
    const text = CASE_FILE.test(uri) ? await runtime.readFile(uri, LARGEST_FILE) : undefined;
    if (text === undefined) return undefined;
    const policy = await policyOf(uri, text);
    const cached = casesOnDisk.get(uri);
    if (cached?.text === text && cached.reading.policy === policy) return cached.reading;
    if (casesOnDisk.size >= MOST_ON_DISK) casesOnDisk.clear();
    const reading = readingOf(uri, text, policy);
    casesOnDisk.set(uri, { text, reading });
    return reading;
  };

  const policiesFor = (uri: string, text: string): readonly string[] => core().policyNamesFor(decodeURIComponent(fileName(uri)), text).map((name) => resolved(uri, name));

  /** The case files of a folder with the uris of the policies that each may belong to. */
  const caseFilesIn = async (folder: string): Promise<ReadonlyMap<string, readonly string[]>> => {
    const found = new Map<string, readonly string[]>();
    for (const name of await runtime.filesIn(folder)) {
      if (!CASE_FILE.test(name)) continue;
      const uri = folder + encodeURIComponent(name);
      const text = await runtime.readFile(uri, LARGEST_FILE);
      if (text !== undefined) found.set(uri, policiesFor(uri, text));
    }
    return found;
  };

  const casesBeside = async (uri: string): Promise<readonly ReadCases[]> => {
    const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
    const found: ReadCases[] = [];
    const known = folders.get(folder) ?? caseFilesIn(folder);
    if (watched(folder)) folders.set(folder, known);
    for (const [beside, policies] of await known) {
      // Most files of a large folder belong to other policies, which are not read for this one. An open one may say otherwise than on disk.
      const open = opened.get(beside)?.document.getText();
      if (!(open === undefined ? policies : policiesFor(beside, open)).includes(uri)) continue;
      const reading = await readCases(beside);
      if (reading?.policy?.uri === uri) found.push(reading);
    }
    return found;
  };

  return {
    open(uri, languageId, version, text) {
      const kind = CASE_FILE.test(uri) ? "cases" : CONFIG_FILE.test(uri) ? "config" : "policy";
      opened.set(uri, { uri, kind, document: TextDocument.create(uri, languageId, version, text) });
    },
    change(uri, version, changes) {
      const known = opened.get(uri);
      if (known !== undefined) opened.set(uri, { ...known, document: TextDocument.update(known.document, [...together(known.document, changes)], version) });
    },
    close: (uri) => void opened.delete(uri),
    get: (uri) => opened.get(uri),
    all: () => opened.values(),
    analysis,
    cases,
    read,
    readCases,
    casesBeside,
    changed: (uri) => {
      const changed = keyOf(uri);
      for (const folder of folders.keys()) if (keyOf(folder).startsWith(changed) || changed.startsWith(keyOf(folder))) folders.delete(folder);
    },
  };
}

/** So many changes are made one by one; of more, each would copy the whole text. */
const ONE_BY_ONE = 8;

/** Many changes at once, as formatting a policy brings them: as one, where none stands before or in what those before it have changed. */
export function together(document: TextDocument, changes: readonly TextDocumentContentChangeEvent[]): readonly TextDocumentContentChangeEvent[] {
  if (changes.length <= ONE_BY_ONE) return changes;
  const text = document.getText();
  const parts: string[] = [];
  let rest = text.length;
  for (const change of changes) {
    if (!("range" in change)) return changes;
    const start = document.offsetAt(change.range.start);
    const end = document.offsetAt(change.range.end);
    if (start > end || end > rest) return changes;
    parts.push(text.slice(end, rest), change.text);
    rest = start;
  }
  return [{ text: text.slice(0, rest) + parts.reverse().join("") }];
}

const readingOf = (uri: string, text: string, policy: Analysis | undefined): ReadCases => ({ uri, file: core().readCaseFile(text, uri, policy), lines: core().lineIndex(text), policy });

/** The last part of a uri. */
export const fileName = (uri: string): string => uri.slice(uri.lastIndexOf("/") + 1);

/** A name relative to the folder of a document; an absolute path stands for itself. */
export function resolved(uri: string, name: string): string {
  try {
    return new URL(name.split("/").map(encodeURIComponent).join("/"), uri).toString();
  } catch {
    return uri.slice(0, uri.lastIndexOf("/") + 1) + encodeURIComponent(name);
  }
}
