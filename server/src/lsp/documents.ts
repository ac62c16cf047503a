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
/** So many versions of one policy decide the cases of one file. */
const MOST_VERSIONS = 15;

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
  /** Of a file that names its policy by number, the version that decides its first case. */
  readonly policy: Analysis | undefined;
  /** The version that decides each case, where the file names its policy by number. */
  readonly versions?: readonly Analysis[] | undefined;
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
  const policyNumbers = new Map<string, Promise<ReadonlyMap<string, string | undefined>>>();
  const numbered = new Map<string, { readonly text: string; readonly policies: readonly Analysis[]; readonly reading: ReadCases }>();
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

  /** The versions of a policy in a folder, in order of name; read in one go, so that all are of one moment. */
  const versionsIn = async (uri: string, number: string): Promise<readonly Analysis[]> => {
    const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
    const numbers = policyNumbers.get(folder) ?? numbersIn(folder);
    if (watched(folder)) policyNumbers.set(folder, numbers);
    const found = new Map<string, Analysis | undefined>();
    for (const [policy, onFile] of await numbers) {
      const open = opened.get(policy)?.document.getText();
      if ((open === undefined ? onFile : core().policyNumberIn(open)) === number && found.size < MOST_VERSIONS) found.set(policy, undefined);
    }
    for (const policy of found.keys()) if (!opened.has(policy)) found.set(policy, await fromDisk(policy));
    return [...found].flatMap(([policy, closed]) => analysis(policy) ?? closed ?? []);
  };

  /** The policies of a folder with their numbers as they are on disk. */
  const numbersIn = async (folder: string): Promise<ReadonlyMap<string, string | undefined>> => {
    const found = new Map<string, string | undefined>();
    for (const name of [...(await runtime.filesIn(folder))].sort()) {
      if (!name.endsWith(".policy")) continue;
      const policy = folder + encodeURIComponent(name);
      found.set(policy, core().policyNumberIn((await runtime.readFile(policy, LARGEST_FILE)) ?? ""));
    }
    return found;
  };

  const readingByVersion = (uri: string, text: string, policies: readonly Analysis[]): ReadCases => {
    const { cases: read, diagnostics, uses } = core().readCaseFileByVersion(text, uri, policies);
    return { uri, file: { cases: read.map(({ policyCase }) => policyCase), diagnostics, uses }, lines: core().lineIndex(text), policy: read[0]?.policy ?? policies[0], versions: read.map(({ policy }) => policy) };
  };

  /** The same reading as before, as long as the text and all versions are the same. */
  const byVersion = async (uri: string, number: string, textNow: () => string | undefined): Promise<ReadCases | undefined> => {
    const policies = await versionsIn(uri, number);
    const text = textNow();
    if (text === undefined || policies.length === 0) return undefined;
    const known = numbered.get(uri);
    if (known?.text === text && known.policies.length === policies.length && known.policies.every((each, i) => each === policies[i])) return known.reading;
    const reading = readingByVersion(uri, text, policies);
    if (numbered.size >= MOST_ON_DISK) numbered.clear();
    numbered.set(uri, { text, policies, reading });
    return reading;
  };

  const cases = async (uri: string): Promise<ReadCases | undefined> => {
    const known = opened.get(uri);
    if (known?.kind !== "cases") return undefined;
    const { document } = known;
    const text = document.getText();
    const { version } = document;
    const number = core().policyNumberFor(text);
    const versions = number === undefined ? undefined : await byVersion(uri, number, () => opened.get(uri)?.document.getText());
    if (versions !== undefined) return versions;
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
    const number = core().policyNumberFor(text);
    const versions = number === undefined ? undefined : await byVersion(uri, number, () => text);
    if (versions !== undefined) return versions;
    const policy = await policyOf(uri, text);
    const cached = casesOnDisk.get(uri);
    if (cached?.text === text && cached.reading.policy === policy) return cached.reading;
    if (casesOnDisk.size >= MOST_ON_DISK) casesOnDisk.clear();
    const reading = readingOf(uri, text, policy);
    casesOnDisk.set(uri, { text, reading });
    return reading;
  };

  const policiesFor = (uri: string, text: string): readonly string[] => {
    const number = core().policyNumberFor(text);
    return number === undefined ? core().policyNamesFor(decodeURIComponent(fileName(uri)), text).map((name) => resolved(uri, name)) : [NUMBERED + number];
  };

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
    const number = NUMBERED + ((await read(uri))?.header.number ?? "");
    for (const [beside, policies] of await known) {
      // Most files of a large folder belong to other policies, which are not read for this one. An open one may say otherwise than on disk.
      const open = opened.get(beside)?.document.getText();
      const of = open === undefined ? policies : policiesFor(beside, open);
      if (!of.includes(uri) && !of.includes(number)) continue;
      const reading = await readCases(beside);
      if (reading?.versions !== undefined) found.push(...casesOf(reading, uri));
      else if (reading?.policy?.uri === uri) found.push(reading);
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
      for (const known of [folders, policyNumbers]) {
        for (const folder of known.keys()) if (keyOf(folder).startsWith(changed) || changed.startsWith(keyOf(folder))) known.delete(folder);
      }
    },
  };
}

/** Stands before the number of a policy where others have the name of its file. */
const NUMBERED = "number:";

const parts = new WeakMap<ReadCases, Map<string, ReadCases>>();

/** The cases of a file by number that one version decides, as a reading of that version. */
function casesOf(reading: ReadCases, uri: string): readonly ReadCases[] {
  const policy = reading.versions?.find((version) => version.uri === uri);
  if (policy === undefined) return [];
  const known = parts.get(reading) ?? new Map<string, ReadCases>();
  parts.set(reading, known);
  const part = known.get(uri) ?? { ...reading, policy, file: { ...reading.file, cases: reading.file.cases.filter((_, i) => reading.versions![i] === policy) }, versions: undefined };
  known.set(uri, part);
  return [part];
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
