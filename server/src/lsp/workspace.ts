// The workspace: the policies and case files of its folders, found when first asked for and kept up by what the editor says changes.
import type { Neighbours } from "../features/files.js";
import type { CaseFile } from "../semantics/casefile.js";
import { CASE_FILE } from "../semantics/casenames.js";
import type { Analysis } from "../semantics/model.js";
import type { Documents } from "./documents.js";
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";

/** More files are not looked at. */
const MOST_FILES = 10_000;
const LARGEST_FILE = 16 * 1024 * 1024;
/** So many letters of files that are not open are kept with what is known of them. */
const MOST_LETTERS = 64 * 1024 * 1024;
const ENDINGS = [".policy", ".case.yaml", ".case.yml", ".case.json"];

/** A policy or case file as the editor holds it, or else as it is on disk. */
export interface WorkspaceFile {
  readonly uri: string;
  readonly kind: "policy" | "cases";
  readonly text: string;
  readonly open: boolean;
}

/**
 * The files of the workspace. `load` finds and reads them; what is asked after it, without waiting in between, is of one
 * moment, so that no analysis is looked at that an edit has made old.
 */
export interface Workspace {
  load(cancelled?: () => boolean): Promise<readonly WorkspaceFile[]>;
  /** The file of a uri, however that is spelled. */
  file(uri: string): WorkspaceFile | undefined;
  analysis(file: WorkspaceFile): Analysis;
  /** The policy that a case file belongs to. */
  policyOf(file: WorkspaceFile): WorkspaceFile | undefined;
  /** The case files of a policy. */
  casesOf(uri: string): readonly WorkspaceFile[];
  /** A case file read against its policy. */
  readCases(file: WorkspaceFile, policy: Analysis | undefined): CaseFile;
  /** Policies of a number: their header says so. */
  numbered(number: string): readonly WorkspaceFile[];
  /** All files that hold the number of a policy, its own among them. */
  mentioning(number: string): readonly WorkspaceFile[];
  /** What may speak of a policy: its case files, and policies that name its number. */
  around(analysis: Analysis): Neighbours;
  /** Whether the editor says what changes on disk below a folder. */
  watches(folder: string): boolean;
  /** Another number after every change of anything. */
  readonly generation: number;
  changed(uri: string): void;
  foldersChanged(added: readonly string[], removed: readonly string[]): void;
}

/** One spelling for all uris of a file. */
export function keyOf(uri: string): string {
  try {
    return decodeURIComponent(uri).replace(/^file:\/\/\/([A-Z]):/u, (_, drive: string) => `file:///${drive.toLowerCase()}:`);
  } catch {
    return uri;
  }
}

/** Keeps the workspace. `watched`: the editor says what changes on disk; otherwise every question reads anew. */
export function workspace(documents: Documents, runtime: Runtime, first: readonly string[], watched: () => boolean): Workspace {
  let folders = [...first];
  let listing: Promise<readonly string[]> | undefined;
  let files = new Map<string, WorkspaceFile>();
  let numbers: { readonly generation: number; readonly of: ReadonlyMap<string, readonly WorkspaceFile[]> } | undefined;
  let belonging: { readonly generation: number; readonly of: Map<string, WorkspaceFile[]> } | undefined;
  /** Configurations as they were last seen: what they say changes what is found. */
  const configs = new Map<string, number>();
  let letters = 0;
  let generation = 0;
  const onDisk = new Map<string, { readonly text: string; analysis?: Analysis | undefined; cases?: { readonly policy: Analysis | undefined; readonly file: CaseFile } | undefined }>();

  const list = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const folder of folders) found.push(...(await runtime.filesBelow(folder, ENDINGS, MOST_FILES - found.length)));
    return [...new Set(found)];
  };

  const read = async (uri: string): Promise<string | undefined> => {
    const key = keyOf(uri);
    const known = onDisk.get(key);
    if (known !== undefined && watched()) return known.text;
    const text = await runtime.readFile(uri, LARGEST_FILE);
    if (text === undefined) {
      forget(key);
      return undefined;
    }
    if (known?.text === text) return text;
    forget(key);
    if (letters + text.length > MOST_LETTERS) return undefined;
    letters += text.length;
    onDisk.set(key, { text });
    if (known !== undefined) generation++;
    return text;
  };

  const forget = (key: string): void => {
    letters -= onDisk.get(key)?.text.length ?? 0;
    onDisk.delete(key);
  };

  /** The open documents in place of the files on disk, as they are now. */
  const withOpen = (): Map<string, WorkspaceFile> => {
    for (const { uri, kind, document } of documents.all()) {
      const key = keyOf(uri);
      if (kind === "config") {
        if (configs.get(key) !== document.version) generation++;
        configs.set(key, document.version);
        continue;
      }
      const known = files.get(key);
      const text = document.getText();
      if (known?.open === true && known.text === text && known.uri === uri) continue;
      files.set(key, { uri, kind, text, open: true });
      generation++;
    }
    for (const [key, file] of files) {
      if (!file.open || documents.get(file.uri) !== undefined) continue;
      const text = onDisk.get(key)?.text;
      if (text === undefined) files.delete(key);
      else files.set(key, { ...file, text, open: false });
      generation++;
    }
    return files;
  };

  /** All policies by number, worked out once for each state of the workspace. */
  const ofNumber = (number: string): readonly WorkspaceFile[] => {
    const here = withOpen();
    if (numbers?.generation !== generation) {
      const of = new Map<string, WorkspaceFile[]>();
      for (const file of here.values()) {
        const own = file.kind === "policy" ? core().policyNumberIn(file.text) : undefined;
        if (own !== undefined) of.set(own, [...(of.get(own) ?? []), file]);
      }
      numbers = { generation, of };
    }
    return numbers.of.get(number) ?? [];
  };

  /** Of a case file that names its policy by number: its versions, which stand in the same folder, in order of name. */
  const versionsFor = (file: WorkspaceFile): readonly WorkspaceFile[] => {
    const number = core().policyNumberFor(file.text);
    const folder = (uri: string): string => keyOf(uri.slice(0, uri.lastIndexOf("/") + 1));
    return number === undefined ? [] : ofNumber(number).filter(({ uri }) => folder(uri) === folder(file.uri)).sort((a, b) => (a.uri < b.uri ? -1 : 1));
  };

  const policyOf = (file: WorkspaceFile): WorkspaceFile | undefined => {
    const here = withOpen();
    const [version] = versionsFor(file);
    if (version !== undefined) return version;
    for (const name of core().policyNamesFor(decoded(file.uri.slice(file.uri.lastIndexOf("/") + 1)), file.text)) {
      const found = here.get(keyOf(beside(file.uri, name)));
      if (found?.kind === "policy") return found;
    }
    return undefined;
  };

  const casesOf = (uri: string): readonly WorkspaceFile[] => {
    const here = withOpen();
    if (belonging?.generation !== generation) {
      const of = new Map<string, WorkspaceFile[]>();
      for (const file of here.values()) {
        if (file.kind !== "cases") continue;
        const versions = versionsFor(file);
        for (const policy of versions.length > 0 ? versions : [policyOf(file)]) {
          if (policy === undefined) continue;
          const key = keyOf(policy.uri);
          of.set(key, [...(of.get(key) ?? []), file]);
        }
      }
      belonging = { generation, of };
    }
    return belonging.of.get(keyOf(uri)) ?? [];
  };

  const readCases = (file: WorkspaceFile, policy: Analysis | undefined): CaseFile => {
    const versions = versionsFor(file);
    if (versions.length > 0) {
      const { cases, diagnostics, uses } = core().readCaseFileByVersion(file.text, file.uri, versions.map(analysis));
      return { cases: cases.filter((each) => each.policy === policy).map(({ policyCase }) => policyCase), diagnostics, uses };
    }
    const held = onDisk.get(keyOf(file.uri));
    if (!file.open && held?.cases !== undefined && held.text === file.text && held.cases.policy === policy) return held.cases.file;
    const made = core().readCaseFile(file.text, file.uri, policy);
    if (!file.open && held?.text === file.text) held.cases = { policy, file: made };
    return made;
  };

  const analysis = (file: WorkspaceFile): Analysis => {
    const open = file.open ? documents.analysis(file.uri) : undefined;
    if (open !== undefined) return open;
    const held = onDisk.get(keyOf(file.uri));
    if (held === undefined || held.text !== file.text) return core().analyze(file.text, file.uri);
    return (held.analysis ??= core().analyze(file.text, file.uri));
  };

  return {
    async load(cancelled = () => false) {
      if (!watched()) listing = undefined;
      const uris = await (listing ??= list());
      const found = new Map<string, WorkspaceFile>();
      const open = new Set([...documents.all()].map(({ uri }) => keyOf(uri)));
      // A case file stands beside its policy also where no folder is open.
      const neighbours = folders.length > 0 ? [] : await besideOpen(documents, runtime);
      for (const uri of [...uris, ...neighbours]) {
        if (cancelled()) return [];
        const key = keyOf(uri);
        if (open.has(key) || found.has(key)) continue;
        const text = await read(uri);
        if (text !== undefined) found.set(key, { uri, kind: CASE_FILE.test(uri) ? "cases" : "policy", text, open: false });
      }
      if (found.size !== [...files.values()].filter((file) => !file.open).length || [...found].some(([key, file]) => files.get(key)?.text !== file.text)) generation++;
      for (const [key, file] of files) if (file.open) found.set(key, file);
      files = found;
      return [...withOpen().values()];
    },
    file: (uri) => withOpen().get(keyOf(uri)),
    analysis,
    policyOf,
    casesOf,
    readCases,
    numbered: ofNumber,
    mentioning: (number) => [...withOpen().values()].filter((file) => file.text.includes(number)),
    around(of) {
      const { number } = of.header;
      const others = number === undefined ? [] : [...withOpen().values()].filter((file) => file.kind === "policy" && keyOf(file.uri) !== keyOf(of.uri) && file.text.includes(number));
      return {
        cases: casesOf(of.uri).map((file) => ({ uri: file.uri, text: file.text, file: readCases(file, of) })),
        policies: others.map(analysis),
      };
    },
    watches: (folder) => watched() && !/\/(?:\.|node_modules\/)/u.test(folder) && folders.some((each) => keyOf(folder).startsWith(`${keyOf(each).replace(/\/$/u, "")}/`)),
    get generation() {
      withOpen();
      return generation;
    },
    changed(uri) {
      generation++;
      forget(keyOf(uri));
      // Files that come or go change the list.
      if (ENDINGS.some((ending) => uri.endsWith(ending)) || !uri.slice(uri.lastIndexOf("/")).includes(".")) listing = undefined;
    },
    foldersChanged(added, removed) {
      generation++;
      listing = undefined;
      folders = [...folders.filter((folder) => !removed.some((each) => keyOf(each) === keyOf(folder))), ...added];
    },
  };
}

async function besideOpen(documents: Documents, runtime: Runtime): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of new Set([...documents.all()].map(({ uri }) => uri.slice(0, uri.lastIndexOf("/") + 1)))) {
    for (const name of await runtime.filesIn(folder)) if (ENDINGS.some((ending) => name.endsWith(ending))) found.push(folder + encodeURIComponent(name));
  }
  return found;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A path relative to the folder of a document, as a uri. */
export function beside(uri: string, path: string): string {
  try {
    return new URL(path.split(/[\\/]/u).map(encodeURIComponent).join("/"), uri).toString();
  } catch {
    return uri.slice(0, uri.lastIndexOf("/") + 1) + encodeURIComponent(path);
  }
}

/** The path from the folder of one document to another; undefined where there is none. */
export function pathTo(from: string, to: string): string | undefined {
  const here = keyOf(from).split("/").slice(0, -1);
  const there = keyOf(to).split("/");
  if (here.slice(0, 3).join("/") !== there.slice(0, 3).join("/")) return undefined;
  let same = 0;
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same++;
  return [...here.slice(same).map(() => ".."), ...there.slice(same)].join("/");
}
