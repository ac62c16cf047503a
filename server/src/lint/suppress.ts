// Writes suppressions: comment lines above the blocks in which findings stand.
import { type Diagnostic, type Edit, isDiagnosticCode, withEdits } from "../diagnostic.js";
import type { Analysis } from "../semantics/model.js";
import { children, type Node } from "../syntax/ast.js";
import { folded, positionAt } from "../text.js";
import { languageErrors, lineEndOf } from "./fixing.js";
import { SUPPRESSION_WORD } from "./suppressions.js";

export interface SuppressionEdits {
  readonly edits: readonly Edit[];
  /** Findings that cannot be suppressed: errors of the language. */
  readonly left: readonly Diagnostic[];
}

/** Edits that suppress findings of a policy, one comment for each block; the reason is put on one line. */
export function suppressionEdits(analysis: Analysis, found: readonly Diagnostic[], reason: string): SuppressionEdits {
  const { text, lines } = analysis;
  const left = found.filter((each) => each.severity === "error" && isDiagnosticCode(each.code));
  const idsAt = new Map<number, Set<string>>();
  for (const each of found) {
    if (left.includes(each)) continue;
    const line = lines.starts[positionAt(lines, blockStart(analysis, each.start)).line]!;
    // A byte order mark stays the first character.
    const at = line === 0 && text.startsWith("\ufeff") ? 1 : line;
    idsAt.set(at, (idsAt.get(at) ?? new Set()).add(each.code));
  }
  const lineEnd = lineEndOf(text);
  const edits = [...idsAt].sort(([a], [b]) => a - b).map(([at, ids]) => {
    const indentation = /^\s*?(?=\S|$)/u.exec(text.slice(at))?.[0] ?? "";
    return { start: at, end: at, text: `${indentation.replace(/[\r\n]/gu, "")}# ${SUPPRESSION_WORD} ${[...ids].sort().join(", ")}: ${folded(reason)}${lineEnd}` };
  });
  return { edits, left };
}

/** Start of the smallest node around an offset that begins its line, so that the comment stands above an entry and not inside it. */
function blockStart({ text, lines, document }: Analysis, offset: number): number {
  const beginsLine = (at: number): boolean => text.slice(lines.starts[positionAt(lines, at).line]!, at).trim() === "";
  let start = lines.starts[positionAt(lines, offset).line]!;
  for (let node: Node | undefined = document; node !== undefined;) {
    if (node.kind !== "document" && node.kind !== "prose" && beginsLine(node.start)) start = node.start;
    node = children(node).find((child) => child.start <= offset && offset < Math.max(child.end, child.start + 1));
  }
  return start;
}

/** A policy with suppressions written into it. */
export interface SuppressedText {
  readonly text: string;
  readonly suppressed: readonly Diagnostic[];
  /** What of them is still found, at its new place: errors of the language, and what stands where no comment reaches it. */
  readonly left: readonly Diagnostic[];
}

/**
 * Suppresses findings of a policy and looks whether they are gone; a comment that does not help is not written, and none is
 * where the text would have more errors with them.
 * @param look finds what is wrong with a text
 */
export function suppress(analysis: Analysis, found: readonly Diagnostic[], reason: string, look: (text: string) => readonly Diagnostic[]): SuppressedText {
  const { text } = analysis;
  let wanted = found;
  // Whatever is not gone after a round is left out of the next.
  for (let round = 0; round < 3; round++) {
    const { edits, left } = suppressionEdits(analysis, wanted, reason);
    const next = withEdits(text, edits);
    if (next === text) break;
    const after = look(next);
    if (languageErrors(after) > languageErrors(analysis.diagnostics)) break;
    const place = ({ code, start }: Diagnostic): string => `${code} ${edits.reduce((at, edit) => (edit.start <= start ? at + edit.text.length : at), start)}`;
    const still = new Set(after.map(({ code, start }) => `${code} ${start}`));
    const gone = wanted.filter((each) => !left.includes(each) && !still.has(place(each)));
    if (gone.length + left.length === wanted.length) {
      const kept = new Set(found.filter((each) => !gone.includes(each)).map(place));
      return { text: next, suppressed: gone, left: after.filter(({ code, start }) => kept.has(`${code} ${start}`)) };
    }
    wanted = gone;
  }
  return { text, suppressed: [], left: found };
}
