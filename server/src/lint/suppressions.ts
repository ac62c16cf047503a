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
// Ids go as far as commas join them; only what stands behind a colon is a reason.
const COMMENT = /^#\s*(lint-ignore(?:-file)?)(?![\w-])(?:[^\S\r\n]+([^\s,:]+(?:\s*,\s*[^\s,:]+)*))?(?:\s*:([\s\S]*))?/u;
const ID = /[^\s,]+/gu;

/** Reads the suppressions of a policy. A comment alone on its line speaks of what begins below it, one behind a line of that line. */
export function readSuppressions(analysis: Analysis): readonly Suppression[] {
  const { text, document } = analysis;
  if (document.comments.length === 0 || !text.includes(SUPPRESSION_WORD)) return [];
  const found: Suppression[] = [];
  for (const comment of document.comments) {
    const match = COMMENT.exec(text.slice(comment.start, comment.end).trimEnd());
    if (match === null) continue;
    const [, word, ids = "", given] = match;
    const reason = given === undefined || given.trim() === "" ? undefined : given.trim();
    const target = word === SUPPRESSION_WORD ? targetOf(analysis, comment) : { start: 0, end: text.length };
    const suppression = (rule: Range, id: string): Suppression => ({ start: comment.start, end: comment.end, rule: { start: rule.start, end: rule.end }, id, reason, target, used: false });
    // A comment that names no lint rule is kept, so that it can be spoken of.
    if (ids === "") found.push(suppression(comment, ""));
    const at = comment.start + match[0].indexOf(ids, match[0].indexOf(word!) + word!.length);
    for (const id of ids.matchAll(ID)) found.push(suppression({ start: at + id.index, end: at + id.index + id[0].length }, id[0]));
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
  const visible = /\S/gu;
  for (let at = from; ;) {
    visible.lastIndex = at;
    const match = visible.exec(text);
    if (match === null) return undefined;
    const inside = lastFrom(document.comments, match.index);
    if (inside === undefined || inside.end <= match.index) return match.index;
    at = inside.end;
  }
}

/** The largest node that begins at an offset, or else its line. */
function blockAt(root: Node, at: number, { lines, text }: Analysis): Range {
  for (let node: Node | undefined = root; node !== undefined;) {
    const last: Node | undefined = lastFrom(children(node), at);
    if (last?.start === at) return { start: last.start, end: last.end };
    node = last !== undefined && at < last.end ? last : undefined;
  }
  const { line } = positionAt(lines, at);
  return { start: at, end: line + 1 < lines.starts.length ? lines.starts[line + 1]! : text.length };
}

/** The last of ranges in the order of the text that begins at an offset or before it. */
function lastFrom<T extends Range>(ranges: readonly T[], at: number): T | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.start <= at) low = middle + 1;
    else high = middle;
  }
  return ranges[low - 1];
}

const NONE_BY_ID: ReadonlyMap<string, readonly Suppression[]> = new Map();

/** The suppressions by the id that they name. */
export function suppressionsById(suppressions: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  if (suppressions.length === 0) return NONE_BY_ID;
  const byId = new Map<string, Suppression[]>();
  for (const each of suppressions) {
    const same = byId.get(each.id);
    if (same === undefined) byId.set(each.id, [each]);
    else same.push(each);
  }
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
