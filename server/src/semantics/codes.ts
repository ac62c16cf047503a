// Codes: their forms, normal writing, and sets of them (a code, a category, a range) that are quick to compare.
import type * as A from "../syntax/ast.js";
import { CODE_SYSTEMS, type CodeSystem, TYPE_SLIPS } from "../vocabulary.js";
import { type Checking, didYouMean, noteUse, report } from "./context.js";
import type { CodeEntry, CodeSet, FactType } from "./model.js";
import { proseText } from "./prosetext.js";

const systems: ReadonlyMap<string, (typeof CODE_SYSTEMS)[number]> = new Map(CODE_SYSTEMS.map((system) => [system.word, system]));

/** The form that codes are compared in: upper case, without dot and dash. */
export function normalCode(code: string): string {
  return code.toUpperCase().replace(/[.\s]/gu, "");
}

/** True if a code has the form of its system. */
export function wellFormed(code: string, system: CodeSystem): boolean {
  const { form } = systems.get(system)!;
  return form.test(system === "modifier" ? code : code.toUpperCase());
}

/** The systems whose form a code has, most specific first. */
export function likelySystems(code: string): readonly CodeSystem[] {
  const upper = code.toUpperCase();
  if (upper.includes(".")) return ["ICD-10-CM"];
  return (["CPT", "HCPCS", "ICD-10-CM"] as const).filter((system) => wellFormed(upper, system));
}

/** The set that a pattern stands for. An ICD-10-CM code stands for itself and every code below it. */
export function codeSet(pattern: A.CodePattern, system: CodeSystem | undefined): CodeSet {
  const from = normalCode(pattern.from);
  const to = pattern.to === undefined ? from : normalCode(pattern.to);
  const text = pattern.to === undefined ? `${pattern.from}${pattern.category ? (pattern.from.includes(".") ? "-" : ".-") : ""}` : `${pattern.from}-${pattern.to}`;
  return { from, to, descends: pattern.category || system === "ICD-10-CM" || system === undefined && /^[A-Z]\d[0-9A-Z]/u.test(from) && !wellFormed(from, "HCPCS"), text, system };
}

/** True if a normalized code belongs to the set. */
export function inSet(code: string, set: CodeSet): boolean {
  if (set.from === set.to) return code === set.from || (set.descends && code.startsWith(set.from));
  return code >= set.from && (code <= set.to || (set.descends && code.startsWith(set.to)));
}

/** Checks a pattern against the systems it may be of, and gives its set. */
export function checkPattern(checking: Checking, pattern: A.CodePattern, allowed: readonly CodeSystem[]): CodeSet | undefined {
  const named = pattern.system === undefined ? undefined : systemOf(checking, pattern.system);
  if (pattern.system !== undefined && named === undefined) return undefined;
  const wanted = named === undefined ? allowed : [named];
  if (named !== undefined && allowed.length > 0 && !allowed.includes(named)) {
    report(checking, "malformed-code", pattern, `${named} codes do not belong here, where ${allowed.join(" or ")} codes do.`, { help: "Check the code and the type of the fact." });
    return undefined;
  }
  const fits = (code: string): CodeSystem | undefined => (wanted.length === 0 ? likelySystems(code)[0] : wanted.find((system) => wellFormed(code, system)));
  const system = fits(pattern.from);
  if (system === undefined) {
    const others = likelySystems(pattern.from);
    const forms = wanted.map((each) => `${each} (such as ${systems.get(each)!.example})`).join(" or ");
    report(checking, "malformed-code", pattern, `\`${pattern.from}\` does not have the form of a code of ${forms || "a known system"}.`, {
      help: others.length > 0 ? `It has the form of a code of ${others.join(" or ")}.` : "Check the code for a letter O in place of a zero, or a missing figure.",
    });
    return undefined;
  }
  if (pattern.to !== undefined) {
    if (fits(pattern.to) !== system || normalCode(pattern.to) < normalCode(pattern.from)) {
      report(checking, "empty-code-range", pattern, `The range \`${pattern.from}-${pattern.to}\` ${fits(pattern.to) === system ? "runs backwards" : "does not stay in one code system"} and holds no code.`, { help: "Write the lower code first; both ends are of one system." });
      return undefined;
    }
  }
  const set = codeSet(pattern, system);
  noteUse(checking, pattern, { kind: "codeMention", system, text: pattern.from });
  return set;
}

/** The system that a word names. */
export function systemOf(checking: Checking, word: A.Word): CodeSystem | undefined {
  if (systems.has(word.text)) return word.text as CodeSystem;
  report(checking, "unknown-code-system", word, `\`${word.text}\` is no code system the tool knows.`, didYouMean(TYPE_SLIPS.get(word.text.toLowerCase()) ?? word.text, [...systems.keys()], `The systems are ${[...systems.keys()].join(", ")}.`));
  return undefined;
}

/** The systems of a code type or a list of codes. */
export function systemsOfType(type: FactType): readonly CodeSystem[] {
  if (type.kind === "code") return type.systems;
  return type.kind === "list" && type.of.kind === "code" ? type.of.systems : [];
}

/** Reads the `codes` sections into entries by normalized code. */
export function readCodeTable(checking: Checking, document: A.Document): Map<string, CodeEntry[]> {
  const table = new Map<string, CodeEntry[]>();
  for (const section of document.sections) {
    if (section.kind !== "codes") continue;
    let group: string | undefined;
    for (const row of section.rows) {
      if (row.kind === "codeGroup") group = row.title.text;
      else readRow(checking, row, group, table);
    }
  }
  return table;
}

function readRow(checking: Checking, row: A.CodeRow, group: string | undefined, table: Map<string, CodeEntry[]>): void {
  const system = systemOf(checking, row.system);
  if (system === undefined || row.code === undefined) return;
  for (const date of [row.effective, row.ended]) checkDate(checking, date);
  for (const next of row.replacedBy) checkPattern(checking, next, [system, "CPT", "HCPCS"]);
  const set = rowSet(checking, row.code, system);
  if (set === undefined) return;
  const entry: CodeEntry = { kind: "code", system, code: row.code.from, set, node: row, group, description: proseText(checking.text, row.description) };
  noteUse(checking, { start: row.code.start, end: row.code.end }, entry, true);
  const key = set.from;
  const there = table.get(key) ?? [];
  const twin = there.find((other) => other.system === system && other.set.to === set.to);
  if (twin !== undefined) {
    report(checking, "duplicate-code", row.code, `${system} ${row.code.from} stands in the table twice.`, { help: "Remove one of the rows, or say in both what sets them apart.", related: [{ start: twin.node.start, end: twin.node.end, message: "It stands here first." }] });
  }
  table.set(key, [...there, entry]);
}

function rowSet(checking: Checking, pattern: A.CodePattern, system: CodeSystem): CodeSet | undefined {
  if (!wellFormed(pattern.from, system)) {
    const others = likelySystems(pattern.from);
    report(checking, "malformed-code", pattern, `\`${pattern.from}\` does not have the form of a code of ${system}, such as ${systems.get(system)!.example}.`, {
      help: others.length > 0 ? `It has the form of a code of ${others.join(" or ")}.` : "Check the code for a letter O in place of a zero, or a missing figure.",
    });
    return undefined;
  }
  if (pattern.to !== undefined && (!wellFormed(pattern.to, system) || normalCode(pattern.to) < normalCode(pattern.from))) {
    report(checking, "empty-code-range", pattern, `The range \`${pattern.from}-${pattern.to}\` runs backwards or leaves ${system}.`, { help: "Write the lower code first; both ends are of one system." });
    return undefined;
  }
  return codeSet(pattern, system);
}

/** Reports a date that does not exist. */
export function checkDate(checking: Checking, date: A.DateValue | undefined): void {
  if (date === undefined || date.day !== undefined) return;
  report(checking, "invalid-date", date, `\`${date.text}\` is no date of the calendar.`, { help: "Write `2025-03-05`, or `2025-03` where a month is enough." });
}

/** The entries of the table that hold a code. */
export function entriesFor(table: ReadonlyMap<string, readonly CodeEntry[]>, code: string): readonly CodeEntry[] {
  const normal = normalCode(code);
  const exact = table.get(normal);
  if (exact !== undefined) return exact;
  const found: CodeEntry[] = [];
  for (const entries of table.values()) for (const entry of entries) if (inSet(normal, entry.set)) found.push(entry);
  return found;
}
