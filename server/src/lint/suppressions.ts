// Comments that keep a lint rule quiet at one place, with a reason: `# lint-ignore RULE: reason`.
import type { Diagnostic } from "../diagnostic.js";
import type { Analysis } from "../semantics/model.js";
import { children, type Node } from "../syntax/ast.js";
import { positionAt, type Range } from "../text.js";

/** One lint rule that one comment suppresses. The comment's own range is that of the diagnostic about it. */
export interface Suppression extends Range {
  /** Place of the lint rule's id in the comment. */
  readonly rule: Range;
  readonly id: string;
  /** What the writer gives as a reason; without one the suppression has no effect. */
  readonly reason: string | undefined;
  /** The stretch in which findings are suppressed; undefined where nothing follows the comment. */
  readonly target: Range | undefined;
  /** It suppressed something. Filled in while findings are sorted out. */
  used: boolean;
}

/** The word that opens a suppression. */
export const SUPPRESSION_WORD = "lint-ignore";
const COMMENT = /^#\s+(lint-ignore(?:-file)?)(?![\w-])\s*([^:]*)(?::\s*([\s\S]*))?$/u;
const ID = /[^\s,]+/gu;

/** Reads the suppressions of a policy. A comment alone on its line speaks of what begins below it, one behind a line of that line. */
export function readSuppressions(analysis: Analysis): readonly Suppression[] {
  const { text, document } = analysis;
  if (!text.includes(SUPPRESSION_WORD)) return [];
  const found: Suppression[] = [];
  for (const comment of document.comments) {
    const match = COMMENT.exec(text.slice(comment.start, comment.end).trimEnd());
    if (match === null) continue;
    const [, word, ids = "", reason] = match;
    const target = word === SUPPRESSION_WORD ? targetOf(analysis, comment) : { start: 0, end: text.length };
    const at = comment.start + match[0].indexOf(ids, match[0].indexOf(word!) + word!.length);
    const named = [...ids.matchAll(ID)];
    const given = reason?.trim() === "" ? undefined : reason?.trim();
    // A comment that names no lint rule is kept, so that it can be spoken of.
    if (named.length === 0) found.push({ start: comment.start, end: comment.end, rule: comment, id: "", reason: given, target, used: false });
    for (const id of named) found.push({ start: comment.start, end: comment.end, rule: { start: at + id.index, end: at + id.index + id[0].length }, id: id[0], reason: given, target, used: false });
  }
  return found;
}

function targetOf(analysis: Analysis, comment: Range): Range | undefined {
  const { text, lines } = analysis;
  const { line } = positionAt(lines, comment.start);
  const start = lines.starts[line]!;
  if (text.slice(start, comment.start).trim() !== "") return { start, end: comment.end };
  const next = nextVisible(analysis, comment.end);
  return next === undefined ? undefined : blockAt(analysis.document, next, analysis);
}

/** The first character at or after an offset that is neither white space nor in a comment. */
function nextVisible({ text, document }: Analysis, from: number): number | undefined {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/u.test(text[at]!)) at++;
    if (at >= text.length) return undefined;
    const inside = document.comments.find((comment) => comment.start <= at && at < comment.end);
    if (inside === undefined) return at;
    at = inside.end;
  }
}

/** The largest node that begins at an offset, or else its line. */
function blockAt(root: Node, at: number, { lines, text }: Analysis): Range {
  for (let node: Node | undefined = root; node !== undefined;) {
    const inside: readonly Node[] = children(node);
    const begins = inside.find((child) => child.start === at);
    if (begins !== undefined) return { start: begins.start, end: begins.end };
    node = inside.find((child) => child.start < at && at < child.end);
  }
  const { line } = positionAt(lines, at);
  return { start: at, end: line + 1 < lines.starts.length ? lines.starts[line + 1]! : text.length };
}

/** The suppressions by the id that they name. */
export function suppressionsById(suppressions: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  const byId = new Map<string, Suppression[]>();
  for (const each of suppressions) byId.set(each.id, [...(byId.get(each.id) ?? []), each]);
  return byId;
}

/** Whether a finding is suppressed; the suppression that does it is marked as used. An error of the language never is. */
export function suppressed(found: Diagnostic, byId: ReadonlyMap<string, readonly Suppression[]>): boolean {
  let any = false;
  for (const each of byId.get(found.code) ?? []) {
    if (each.reason === undefined || each.target === undefined || found.start < each.target.start || found.start >= Math.max(each.target.end, each.target.start + 1)) continue;
    each.used = true;
    any = true;
  }
  return any;
}
