// Hover of a code: what the policy's own table says, what the user's code files say, and the CPT notice. No descriptor is shipped.
import { entriesFor, likelySystems, normalCode } from "../../semantics/codes.js";
import type { Analysis, CodeEntry, SymbolRef } from "../../semantics/model.js";
import { dateText } from "../../syntax/dates.js";
import type { CodePattern, FootNote } from "../../syntax/ast.js";
import { CODE_SYSTEMS, CPT_NOTICE, type CodeSystem } from "../../vocabulary.js";
import { proseText } from "../../semantics/prosetext.js";
import type { CodeLookup } from "../codesets/model.js";
import { escaped, readable } from "../wording.js";

/** What the hover of a code may draw on besides the policy. */
export interface CodeContext {
  /** Days since 1970-01-01, for what has ended by now. */
  readonly today: number;
  readonly lookup?: CodeLookup | undefined;
}

/** A code and the system it is of, as far as that is written or can be told from its form. */
export interface CodeAt {
  readonly code: string;
  readonly system: CodeSystem | undefined;
}

/** The code that a symbol stands for. */
export function codeOf(symbol: SymbolRef): CodeAt | undefined {
  if (symbol.kind === "code") return { code: symbol.code, system: symbol.system };
  return symbol.kind === "codeMention" ? { code: symbol.text, system: symbol.system ?? likelySystems(symbol.text)[0] } : undefined;
}

/** Markdown about a code; `written` is how the text has it, a range or category perhaps. */
export function codeMarkdown(analysis: Analysis, at: CodeAt, written: string, context: CodeContext): string {
  const entries = entriesFor(analysis.codes, at.code).filter((entry) => at.system === undefined || entry.system === at.system);
  const system = at.system ?? entries[0]?.system;
  const parts = [`**${system === undefined ? "" : `${system} `}${escaped(written)}**`];
  if (entries.length === 0) parts[0] += " · not in this policy’s code table";
  for (const entry of entries) parts.push(...entryMarkdown(analysis, entry, at.code, context.today));
  parts.push(...userMarkdown(at, system, context));
  const known = CODE_SYSTEMS.find((each) => each.word === system);
  if (entries.length === 0 && known !== undefined) parts.push(escaped(known.meaning));
  if (system === "CPT") parts.push(`*${CPT_NOTICE}*`);
  return parts.join("\n\n");
}

/** `C69.-`, `C70.0-C72.9`, `77301`: a pattern as written. */
export function patternText(pattern: CodePattern): string {
  if (pattern.to !== undefined) return `${pattern.from}-${pattern.to}`;
  return `${pattern.from}${pattern.category ? (pattern.from.includes(".") ? "-" : ".-") : ""}`;
}

function entryMarkdown(analysis: Analysis, entry: CodeEntry, code: string, today: number): string[] {
  const { node } = entry;
  const parts: string[] = [];
  const own = normalCode(code) === entry.set.from && entry.set.from === entry.set.to;
  const words = entry.description === "" ? "in the policy’s code table" : escaped(entry.description);
  parts.push(`${own ? "" : `${escaped(entry.set.text)}: `}${words}${entry.group === undefined ? "" : `  \n*${escaped(entry.group)}*`}`);
  const status = statusText(analysis, entry, today);
  if (status.length > 0) parts.push(status.join("  \n"));
  if (node.appliesTo.length > 0) parts.push(`For ${node.appliesTo.map((address) => address.text).join(", ")}`);
  const note = footNote(analysis, entry);
  if (note !== undefined) parts.push(`${escaped(node.mark!.text)} ${escaped(note)}`);
  return parts;
}

/** What is known of a code's validity, held against the policy's effective date and today. */
export function statusText(analysis: Analysis, { node }: CodeEntry, today: number): string[] {
  const status: string[] = [];
  const from = analysis.header.fields.get("effective")?.date;
  if (node.effective !== undefined) status.push(`Effective ${node.effective.text}${after(node.effective.day, from?.day) ? `, which is after the policy takes effect (${from!.text})` : ""}.`);
  if (node.ended !== undefined) {
    const late = after(from?.day, node.ended.day);
    const gone = after(today, node.ended.day);
    status.push(late ? `⚠ Ended ${node.ended.text}, before the policy takes effect (${from!.text}).` : gone ? `⚠ Ended ${node.ended.text}: not valid for dates of service after that.` : `Ends ${node.ended.text}.`);
  }
  if (node.replacedBy.length > 0) status.push(`Replaced by ${node.replacedBy.map(patternText).join(", ")}.`);
  return status;
}

const after = (a: number | undefined, b: number | undefined): boolean => a !== undefined && b !== undefined && a > b;

function footNote(analysis: Analysis, entry: CodeEntry): string | undefined {
  const mark = entry.node.mark?.text;
  if (mark === undefined) return undefined;
  const notes = analysis.document.sections.flatMap((section): readonly FootNote[] => (section.kind === "notes" ? section.notes : []));
  const note = notes.find((each) => each.mark?.text === mark);
  return note === undefined ? undefined : proseText(readable(analysis), note.prose);
}

function userMarkdown(at: CodeAt, system: CodeSystem | undefined, context: CodeContext): string[] {
  const found = context.lookup?.(system, at.code) ?? [];
  return found.map(({ system: from, entry }) => {
    const lines = [`Your ${from} file: ${escaped(entry.long || entry.short || "no description")}`];
    if (entry.long && entry.short && entry.short !== entry.long) lines.push(escaped(entry.short));
    if (entry.billable === false) lines.push("A heading: claims need a more specific code.");
    if (entry.effective !== undefined) lines.push(`Effective ${escaped(entry.effective)}.`);
    if (entry.ended !== undefined) lines.push(`${entry.ended < dateText(context.today) ? "⚠ Ended" : "Ends"} ${escaped(entry.ended)}.`);
    if (entry.replacedBy !== undefined) lines.push(`Replaced by ${escaped(entry.replacedBy)}.`);
    return lines.join("  \n");
  });
}
