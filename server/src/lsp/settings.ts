// The setting `policy.codeSets`: the user's own code files, read when a hover first needs them. What is wrong is said once.
import type { Connection } from "vscode-languageserver";
import { CODE_SET_LAYOUTS, type CodeLookup, type CodeSetEntries, type CodeSetSource } from "../features/codesets/model.js";
import type { CodeSystem } from "../vocabulary.js";
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";

/** The largest published files (CPT LONG, ICD-10-CM order) are a tenth of this. */
const LARGEST_CODE_FILE = 256 * 1024 * 1024;

export interface CodeSets {
  /** What the user's files say of codes of a system; reads them if need be. */
  lookup(system: CodeSystem | undefined): Promise<CodeLookup>;
  /** The settings changed: everything is read anew when it is next needed. */
  forget(): void;
}

interface ReadSet {
  readonly source: CodeSetSource;
  readonly entries: CodeSetEntries | undefined;
}

/** Reads code files by the settings that the editor gives. */
export function codeSets(connection: Connection, runtime: Runtime, client: { readonly configuration: boolean; readonly folder: string | undefined; readonly initial: unknown }): CodeSets {
  let sources: Promise<readonly CodeSetSource[]> | undefined;
  let reads = new Map<string, Promise<ReadSet>>();
  const said = new Set<string>();

  const warn = (message: string): void => {
    connection.console.warn(message);
    if (said.has(message)) return;
    said.add(message);
    connection.window.showWarningMessage(message);
  };

  const read = async (source: CodeSetSource, place: string): Promise<ReadSet> => {
    const text = await runtime.readFile(runtime.pathToUri(source.path, client.folder), LARGEST_CODE_FILE);
    if (text === undefined) {
      warn(`The setting ${place} names the file "${source.path}", which is not there or cannot be read. Correct its path, or remove the entry.`);
      return { source, entries: undefined };
    }
    const reading = core().readCodeSet(text, source.layout, source.columns);
    if (reading.problem !== undefined) warn(`The file "${source.path}" of the setting ${place} cannot be used: ${reading.problem}. Correct "layout" or "columns", or remove the entry.`);
    else connection.console.info(`${source.path}: ${core().counted(reading.entries.size, `${source.system} code`)}`);
    return { source, entries: reading.entries };
  };

  const load = async (): Promise<readonly CodeSetSource[]> => {
    const given: unknown = client.configuration ? await connection.workspace.getConfiguration("policy.codeSets") : client.initial;
    return Array.isArray(given) ? given.flatMap((each, i) => checked(each, `policy.codeSets[${i}]`, warn)) : [];
  };

  return {
    async lookup(system) {
      sources ??= load();
      const wanted = (await sources).map((source, i) => ({ source, place: `policy.codeSets[${i}] (${source.system})` })).filter(({ source }) => system === undefined || source.system === system);
      const sets = await Promise.all(wanted.map(({ source, place }) => {
        const reading = reads.get(place) ?? read(source, place);
        reads.set(place, reading);
        return reading;
      }));
      return (of, code) => sets.flatMap(({ source, entries }) => {
        const entry = of === undefined || of === source.system ? entries?.get(code.toUpperCase().replace(/[.\s]/gu, "")) : undefined;
        return entry === undefined ? [] : [{ system: source.system, entry }];
      });
    },
    forget() {
      sources = undefined;
      reads = new Map();
      said.clear();
    },
  };
}

/** An entry of the setting, if it can be used at all. */
function checked(given: unknown, place: string, warn: (message: string) => void): CodeSetSource[] {
  const entry = (typeof given === "object" && given !== null ? given : {}) as Partial<Record<keyof CodeSetSource, unknown>>;
  const { system, path, layout, columns } = entry;
  const wrong = system !== "CPT" && system !== "HCPCS" && system !== "ICD-10-CM" ? `"system" must be "CPT", "HCPCS" or "ICD-10-CM"`
    : typeof path !== "string" || path === "" ? `"path" must name a file`
      : !CODE_SET_LAYOUTS.some((each) => each === layout) ? `"layout" must be one of ${CODE_SET_LAYOUTS.join(", ")}` : undefined;
  if (wrong !== undefined) {
    warn(`The setting ${place} cannot be used: ${wrong}.`);
    return [];
  }
  return [{ system, path, layout, ...(typeof columns === "object" && columns !== null ? { columns } : {}) } as CodeSetSource];
}
