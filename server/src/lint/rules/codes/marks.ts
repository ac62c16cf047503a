// The marks of code rows and footnotes, `*`, `†`, `‡`, `**`.
import type * as A from "../../../syntax/ast.js";
import type { LintedPolicy, ProseRole } from "../../policy.js";

/** The footnotes of the `notes` section. */
export const footNotes = ({ analysis }: LintedPolicy): readonly A.FootNote[] => analysis.document.sections.flatMap((section) => (section.kind === "notes" ? section.notes : []));

/** The marks that stand together, one by one: `*†` are two, `**` is one. */
export function singleMarks(mark: A.Word): readonly A.Word[] {
  const found: A.Word[] = [];
  for (let at = 0; at < mark.text.length;) {
    let end = at + 1;
    while (end < mark.text.length && mark.text[end] === mark.text[at]) end++;
    found.push({ kind: "word", text: mark.text.slice(at, end), start: mark.start + at, end: mark.start + end });
    at = end;
  }
  return found;
}

const SPOKEN: ReadonlySet<ProseRole> = new Set(["title", "heading", "paragraph", "criterion", "note", "footnote", "code description", "code group", "revision"]);

/** Whether prose has a mark. That which begins a footnote is not of its prose. */
export function inProse(policy: LintedPolicy, mark: string): boolean {
  const { text } = policy;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    if (text[at - 1] === mark[0] || text[at + mark.length] === mark[0]) continue;
    const stretch = policy.stretchAt(at);
    if (stretch !== undefined && SPOKEN.has(stretch.role) && stretch.text.startsWith(mark, at - stretch.start)) return true;
  }
  return false;
}
