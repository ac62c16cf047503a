// Edits over several files: those of a policy, its case files and other policies.
import { withEdits } from "../diagnostic.js";
import { analyze } from "../semantics/analyze.js";
import type { CaseFile } from "../semantics/casefile.js";
import type { Analysis } from "../semantics/model.js";
import type { Edit } from "./model.js";

/** A case file of a policy with its text. */
export interface CaseText {
  readonly uri: string;
  readonly text: string;
  readonly file: CaseFile;
}

/** What stands around a policy and may speak of it. */
export interface Neighbours {
  readonly cases: readonly CaseText[];
  /** Other policies that name this one by its number. */
  readonly policies: readonly Analysis[];
}

export const NO_NEIGHBOURS: Neighbours = { cases: [], policies: [] };

/** Edits of one file; none overlap. */
export interface FileEdits {
  readonly uri: string;
  readonly edits: readonly Edit[];
}

/** Leaves out files without edits. */
export const edited = (files: readonly FileEdits[]): readonly FileEdits[] => files.filter(({ edits }) => edits.length > 0);

/**
 * The first error that edits would bring into a policy, of a kind of which there would be more than before; undefined where
 * there is none. It is the last look before a change that is to keep everything else as it is.
 */
export function newError(analysis: Analysis, edits: readonly Edit[]): string | undefined {
  const count = ({ diagnostics }: Analysis): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { code, severity } of diagnostics) if (severity === "error") counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts;
  };
  const before = count(analysis);
  const then = analyze(withEdits(analysis.text, edits), analysis.uri);
  for (const [code, times] of count(then)) {
    if (times > (before.get(code) ?? 0)) return then.diagnostics.find((found) => found.code === code)!.message;
  }
  return undefined;
}
