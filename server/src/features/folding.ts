// What can be folded: the header, sections, criteria and clauses with items, records, cases, long entries and runs of comments.
import { children, type Node } from "../syntax/ast.js";
import type { Analysis } from "../semantics/model.js";
import type { Fold } from "./model.js";

const FOLDABLE: ReadonlySet<Node["kind"]> = new Set([
  "header", "text", "facts", "define", "criteria", "notes", "codes", "revisions", "references", "cases", "fact", "definition", "criterion", "when", "unless", "waived", "if",
  "revision", "reference", "case", "caseFact", "footNote",
]);

/** The stretches that can be folded; only those of more than one line. */
export function folds(analysis: Analysis): readonly Fold[] {
  const found: Fold[] = [];
  const { text } = analysis;
  const several = (start: number, end: number): boolean => {
    const next = text.indexOf("\n", start);
    return next >= 0 && next < end;
  };
  const visit = (node: Node): void => {
    if (!several(node.start, node.end)) return;
    if (FOLDABLE.has(node.kind)) found.push({ start: node.start, end: node.end, kind: "region" });
    for (const child of children(node)) visit(child);
  };
  visit(analysis.document);
  return [...found, ...commentRuns(analysis)];
}

/** Comments on lines one below the other fold together. */
function commentRuns(analysis: Analysis): Fold[] {
  const runs: Fold[] = [];
  let run: { start: number; end: number; kind: "comment"; lines: number } | undefined;
  for (const comment of analysis.document.comments) {
    const next = run !== undefined && /^\r?\n[ \t]*$/u.test(analysis.text.slice(run.end, comment.start));
    if (next) run = { ...run!, end: comment.end, lines: run!.lines + 1 };
    else {
      if (run !== undefined && run.lines > 1) runs.push({ start: run.start, end: run.end, kind: "comment" });
      run = { start: comment.start, end: comment.end, kind: "comment", lines: 1 };
    }
  }
  if (run !== undefined && run.lines > 1) runs.push({ start: run.start, end: run.end, kind: "comment" });
  return runs;
}
