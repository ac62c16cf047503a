// What tells a finding from others independently of line numbers: for baselines, and for services that follow findings over time.
import type { Diagnostic } from "../diagnostic.js";
import { folded, type LineIndex, positionAt } from "../text.js";

/** Of a marked stretch that is longer, the beginning is enough. */
const LONGEST_MARK = 200;

/**
 * The fingerprints of a text's findings: what is found, the marked words and the line they stand in, and which of several
 * such places it is. White space and what stands elsewhere in the text do not count.
 * @param hash makes a short text of a long one
 */
export function fingerprints(text: string, lines: LineIndex, found: readonly Diagnostic[], hash: (text: string) => string): readonly string[] {
  const seen = new Map<string, number>();
  return found.map(({ code, start, end }) => {
    const { line } = positionAt(lines, start);
    const lineEnd = line + 1 < lines.starts.length ? lines.starts[line + 1]! : text.length;
    const key = [code, folded(text.slice(start, Math.min(end, start + LONGEST_MARK))), folded(text.slice(lines.starts[line]!, lineEnd))].join("\0");
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return hash(`${key}\0${nth}`);
  });
}
