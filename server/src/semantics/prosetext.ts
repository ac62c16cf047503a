// Prose as a sentence: without comments, folded to one line. The source keeps every word; this is for messages and explanations.
import type { Prose } from "../syntax/ast.js";
import { withoutComments } from "../syntax/prose.js";
import { folded, type Range } from "../text.js";

/** A text with the places of its comments. */
export interface ReadableText {
  readonly text: string;
  readonly comments: readonly Range[];
}

/** The words of prose on one line, comments left out. */
export function proseText(source: ReadableText, prose: Range | undefined): string {
  return prose === undefined ? "" : folded(withoutComments(source.text, prose, source.comments));
}

/** The words of prose without citations, the final colon and connectors: as a list item reads in an explanation. */
export function plainProse(source: ReadableText, prose: Prose | undefined): string {
  if (prose === undefined) return "";
  let text = withoutComments(source.text, prose, source.comments);
  for (const citation of [...prose.citations].reverse()) {
    text = text.slice(0, citation.start - prose.start) + text.slice(citation.end - prose.start);
  }
  return folded(text).replace(/[;,]\s*(?:and|or)\s*\.?$/i, "").replace(/\s+([.,;:])/gu, "$1").replace(/[\s:;,]+$/u, "");
}
