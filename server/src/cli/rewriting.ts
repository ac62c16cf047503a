// Changing texts: fixes and suppressions, written back, shown as a diff, or printed where the text came from standard input.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Diagnostic } from "../diagnostic.js";
import { mend } from "../lint/fixing.js";
import { suppress } from "../lint/suppress.js";
import { writeText } from "./files.js";
import type { LintedText } from "./lintrun.js";

/** How texts are changed, and what has been done so far. */
export interface Rewriting {
  /** Applies fixes to a text; gives the text as it is then. */
  mend(text: LintedText, wanted: (text: LintedText) => readonly Diagnostic[], once: boolean): LintedText;
  /** Writes suppressions of findings into a policy; gives the text as it is then and the findings that are left. */
  suppress(text: LintedText, found: readonly Diagnostic[]): { readonly text: LintedText; readonly left: readonly Diagnostic[] };
  /** Puts a changed text where it belongs. Throws a `UsageError` where it cannot be written. */
  finish(before: LintedText, after: LintedText): void;
  readonly done: RewritingDone;
}

/** What has been done. */
export interface RewritingDone {
  mended: number;
  suppressed: number;
  /** Findings that could not be suppressed. */
  unsuppressed: number;
  /** Paths of texts that have changed. */
  readonly files: string[];
  /** Paths of texts whose fixes would have brought errors of the language. */
  readonly refused: string[];
  /** Unified diffs, where they were asked for. */
  readonly diffs: string[];
  /** The changed text of standard input. */
  fromInput?: string | undefined;
}

export interface RewritingOptions {
  readonly unsafe: boolean;
  readonly diff: boolean;
  /** Why findings are suppressed. */
  readonly reason?: string | undefined;
  /** The path that standard input goes by. */
  readonly input?: string | undefined;
}

/** Prepares to change texts. */
export function rewriting({ unsafe, diff, reason, input }: RewritingOptions): Rewriting {
  const done: RewritingDone = { mended: 0, suppressed: 0, unsuppressed: 0, files: [], refused: [], diffs: [] };
  return {
    done,
    mend(text, wanted, once) {
      const { source, found } = text;
      if (wanted(text).length === 0) return text;
      let last = text;
      const look = (changed: string): LintedText => (last.source.text === changed ? last : (last = text.look(changed)));
      const result = mend(source.text, found, (changed) => look(changed).found, { unsafe, ...(once ? { rounds: 1 } : {}), wanted: (now) => wanted(look(now)) });
      done.mended += result.mended.length;
      if (result.refused) done.refused.push(source.path);
      return result.text === source.text ? text : look(result.text);
    },
    suppress(text, found) {
      if (found.length === 0) return { text, left: found };
      if (text.analysis === undefined || reason === undefined) {
        done.unsuppressed += found.length;
        return { text, left: found };
      }
      const result = suppress(text.analysis, found, reason, (changed) => text.look(changed).found);
      done.suppressed += result.suppressed.length;
      done.unsuppressed += result.left.length;
      if (result.text === text.source.text) return { text, left: found };
      return { text: text.look(result.text), left: result.left };
    },
    finish({ source: before }, { source: after }) {
      if (before.path === input) done.fromInput = after.text;
      if (before.text === after.text) return;
      if (diff) done.diffs.push(createTwoFilesPatch(`a/${before.path}`, `b/${before.path}`, before.text, after.text, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY }));
      else if (before.path !== input) writeText(before.path, before.text, after.text);
      done.files.push(before.path);
    },
  };
}
