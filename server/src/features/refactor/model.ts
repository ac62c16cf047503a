// What a refactoring is, and what several of them need: free names, places for new lines, lines as they stand.
import type { Diagnostic } from "../../diagnostic.js";
import type { Analysis } from "../../semantics/model.js";
import type { Section } from "../../syntax/ast.js";
import type { Range } from "../../text.js";
import type { FileEdits, Neighbours } from "../files.js";
import type { Edit } from "../model.js";
import { lineAt } from "../places.js";
import { wrongName } from "../rename.js";
import { choicesOf } from "../rename/names.js";

export type RefactoringKind = "refactor.extract" | "refactor.inline" | "refactor.rewrite" | "quickfix";

/** A change that is offered at a place; what it changes is worked out when it is chosen. */
export interface Refactoring {
  /** The same at the same place of the same text. */
  readonly id: string;
  /** What it does, in the imperative. */
  readonly title: string;
  readonly kind: RefactoringKind;
  /** The finding it mends. */
  readonly mends?: Diagnostic | undefined;
  /** It also changes case files or other policies, which have to be read first. */
  readonly reaches?: boolean | undefined;
  /** The edits; undefined where they would break something. */
  make(around: Neighbours): Refactored | undefined;
}

export interface Refactored {
  readonly files: readonly FileEdits[];
  /** The texts of the edits of the policy hold tab stops, `${1:…}`. */
  readonly snippet?: boolean | undefined;
  /** A name of our making, to be typed over: its place in the new text of the policy. */
  readonly name?: number | undefined;
}

/** Edits of the policy alone. */
export const own = (analysis: Analysis, edits: readonly Edit[], more: Omit<Refactored, "files"> = {}): Refactored => ({ files: [{ uri: analysis.uri, edits }], ...more });

/** The line break of a text. */
export const lineBreak = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

const SMALL_WORDS: ReadonlySet<string> = new Set(("a an the of for in on at to by from with without and or not no is are was were be been being has have had having that which this these those it its "
  + "all any each both either least most more less than one two three following met when if within past must should may can as per documented documentation evidence patient member individual").split(" "));

/** A name made of the first words that say something, one that nothing else has: no fact, field, definition or choice. */
export function nameFrom(analysis: Analysis, words: string, otherwise: string): string {
  const parts = words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").match(/[a-z][a-z0-9]*/gu) ?? [];
  const telling = parts.filter((part) => part.length > 1 && !SMALL_WORDS.has(part)).slice(0, 3).join("_");
  const base = telling === "" || wrongName(analysis, telling) !== undefined ? otherwise : telling;
  const fields = [...analysis.facts.values()].flatMap(({ type }) => (type.kind === "records" ? type.fields : []));
  const others = new Set([...fields.map((field) => field.name), ...[...analysis.facts.values(), ...fields].flatMap(choicesOf)]);
  const taken = (name: string): boolean => wrongName(analysis, name) !== undefined || analysis.facts.has(name) || analysis.definitions.has(name) || others.has(name);
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`;
    if (!taken(name)) return name;
  }
}

/** Text for a question, which stands between quotation marks on one line. */
export const questionText = (words: string): string => words.replace(/["“”]/gu, "'").replace(/\s+/gu, " ").trim();

/** The end of the line that an offset stands in. */
export const lineEnd = (text: string, offset: number): number => lineAt(text, offset).end;

/** The column of an offset in its line. */
export const columnOf = (text: string, offset: number): number => offset - lineAt(text, offset).start;

/** The lines of a range: from the start of its first to behind the line break of its last. */
export function wholeLines(text: string, range: Range): Range {
  const start = lineAt(text, range.start).start;
  let { end } = lineAt(text, range.end);
  if (text[end] === "\r") end++;
  if (text[end] === "\n") end++;
  return { start, end };
}

const AFTER: Readonly<Record<string, readonly Section["kind"][]>> = { facts: ["define", "criteria"], define: ["criteria"], references: ["cases"] };

/** Puts lines into a section, behind its last entry; the section is made where it is missing. */
export function intoSection(analysis: Analysis, kind: "facts" | "define" | "references", lines: readonly string[]): Edit {
  const { text, document } = analysis;
  const eol = lineBreak(text);
  const section = document.sections.findLast((each) => each.kind === kind);
  if (section !== undefined) {
    const last = section.kind === "facts" ? section.facts.at(-1) : section.kind === "define" ? section.definitions.at(-1) : section.kind === "references" ? section.references.at(-1) : undefined;
    const at = lineEnd(text, last === undefined ? section.heading.end : behind(text, last));
    return { start: at, end: at, text: lines.map((line) => eol + line).join("") };
  }
  const next = document.sections.find((each) => AFTER[kind]!.includes(each.kind));
  if (next === undefined) {
    const end = text.trimEnd().length;
    return { start: end, end, text: `${eol}${eol}${kind}${lines.map((line) => eol + line).join("")}` };
  }
  // Comments right above a section belong to it.
  let at = lineAt(text, next.heading.start).start;
  for (;;) {
    const above = /(?:^|\n)([ \t]*#[^\n]*\n)$/u.exec(text.slice(Math.max(0, at - 400), at));
    if (above === null) break;
    at -= above[1]!.length;
  }
  return { start: at, end: at, text: `${kind}${eol}${lines.map((line) => line + eol).join("")}${eol}` };
}

/** The end of what a node holds, without white space behind it. */
const behind = (text: string, range: Range): number => range.start + text.slice(range.start, range.end).trimEnd().length;
