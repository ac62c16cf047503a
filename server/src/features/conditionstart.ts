// Where the condition that a cursor stands in begins, told from the words before it: a text that is being typed has no tree yet.
import type { Analysis } from "../semantics/model.js";
import type { ConditionClause, Section } from "../syntax/ast.js";
import type { Range } from "../text.js";
import { lineAt, lineBefore, nodePath, sectionAt } from "./places.js";

/** A line that begins with a label or a bullet. */
export const LABELLED = /^\s*(?:\((?:[A-Za-z0-9]{1,6})\)|[A-Za-z0-9]{1,6}[.)]|[-•*–▪])\s/u;
const CLAUSE = /^\s*(when|unless|(?:except|waived)\s+when|if|note|applies\s+to|approval\s+duration:?|quantity\s+limit:?)(?=\s|$)/iu;

/** What is followed by words that are no condition. */
export const NO_CONDITION: ReadonlySet<string> = new Set(["note", "approval duration", "quantity limit"]);

/** The first entry of a section stands within so many letters of its heading. */
const FIRST_ENTRY = 2000;

/** A clause that the cursor stands in: its keyword, where its words begin, and where its line does. */
export interface ClauseStart {
  readonly keyword: string;
  readonly end: number;
  readonly line: number;
}

/** The keyword of the clause that the line belongs to, when the line or one it continues begins with one. */
export function clauseStart(text: string, from: Range, offset: number): ClauseStart | undefined {
  for (let line: Range | undefined = from; line !== undefined; line = lineBefore(text, line)) {
    const words = text.slice(line.start, line === from ? offset : line.end);
    const clause = CLAUSE.exec(words);
    if (clause !== null) return line.start + clause[0].length < offset ? { keyword: clause[1]!.toLowerCase().replace(/:$/u, "").replace(/\s+/gu, " "), end: line.start + clause[0].length, line: line.start } : undefined;
    if (LABELLED.test(words) || /^\S/u.test(words) || (words.trim() === "" && line !== from)) return undefined;
  }
  return undefined;
}

/** Where the value of the definition that an offset stands in begins. */
export function definitionStart({ text }: Analysis, section: Section, offset: number): number | undefined {
  let line: Range | undefined = lineAt(text, offset);
  const base = /^\s*/u.exec(text.slice(section.heading.end, section.heading.end + FIRST_ENTRY).replace(/^[^\n]*\r?\n/u, ""))![0].length;
  for (; line !== undefined && line.start > section.heading.end; line = lineBefore(text, line)) {
    const named = /^(\s+)[\p{L}_][\p{L}\p{N}_-]*\s+(?:=\s*)?/u.exec(text.slice(line.start, Math.max(line.end, offset)));
    if (named !== null && named[1]!.length <= Math.max(base, 1)) return line.start + named[0].length <= offset ? line.start + named[0].length : undefined;
  }
  return undefined;
}

/** The clause behind the prose of a labelled line that an offset stands in: "… when criterion I is not met". */
export function inlineClause(analysis: Analysis, line: Range, offset: number): ConditionClause | undefined {
  const clause = nodePath(analysis.document, offset).find((node): node is ConditionClause => node.kind === "when" || node.kind === "unless" || node.kind === "if");
  return clause !== undefined && clause.keyword.start >= line.start && clause.keyword.end < offset ? clause : undefined;
}

/** Where the condition or the scope that an offset stands in begins; undefined outside of both. */
export function conditionStart(analysis: Analysis, offset: number): ClauseStart | undefined {
  const section = sectionAt(analysis, offset);
  const line = lineAt(analysis.text, offset);
  if (section?.kind === "define") {
    const start = definitionStart(analysis, section, offset);
    return start === undefined ? undefined : { keyword: "", end: start, line: line.start };
  }
  if (section?.kind !== "criteria") return undefined;
  if (LABELLED.test(analysis.text.slice(line.start, offset))) {
    const inline = inlineClause(analysis, line, offset);
    return inline === undefined ? undefined : { keyword: inline.kind, end: inline.keyword.end + 1, line: line.start };
  }
  const clause = clauseStart(analysis.text, line, offset);
  return clause === undefined || NO_CONDITION.has(clause.keyword) ? undefined : clause;
}
