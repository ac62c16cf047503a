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

/** The order in which a bare code is told by its form: `J9035` is a HCPCS code before it is the diagnosis J90.35. */
const byForm = (systems: readonly CodeSystem[]): readonly CodeSystem[] => (systems.includes("ICD-10-CM") ? [...systems.filter((system) => system !== "ICD-10-CM"), "ICD-10-CM"] : systems);

/** The system a code is of, among those it may be of, by its form; all systems where none is given. */
export function systemByForm(code: string, systems: readonly CodeSystem[]): CodeSystem | undefined {
  if (systems.length > 0) return byForm(systems).find((system) => wellFormed(code, system));
  return likelySystems(code)[0] ?? (["ICD-10-PCS", "NDC"] as const).find((system) => wellFormed(code, system));
}

const NAMED_SYSTEM = new RegExp(`^(${CODE_SYSTEMS.map((system) => system.word).join("|")})\\s+(.*)$`, "su");

/** `HCPCS J9035` as its system, where one is named, and its code. */
export function splitCode(text: string): { readonly system?: CodeSystem | undefined; readonly code: string } {
  const match = NAMED_SYSTEM.exec(text.trim());
  return match === null ? { code: text.trim() } : { system: match[1] as CodeSystem, code: match[2]! };
}

/**
 * A code of a case in the form that `inSet` compares: normalized, behind its system where that is named or told by its form,
 * `HCPCS J9035`. A code of a fact needs no system of its own where it fits only one of the fact's.
 */
export function caseCode(text: string, systems: readonly CodeSystem[] = ANY_SYSTEM): string {
  let known = heldCodes.get(systems);
  if (known === undefined) heldCodes.set(systems, (known = new Map()));
  const there = known.get(text);
  if (there !== undefined) return there;
  if (known.size >= MOST_HELD) known.clear();
  const held = readCaseCode(text, systems);
  known.set(text, held);
  return held;
}

// The same few codes come again with every request.
const ANY_SYSTEM: readonly CodeSystem[] = [];
const MOST_HELD = 10_000;
const heldCodes = new WeakMap<readonly CodeSystem[], Map<string, string>>();

function readCaseCode(text: string, systems: readonly CodeSystem[]): string {
  const { system: named, code } = splitCode(text);
  const clear = systems.length > 0 && systems.filter((system) => wellFormed(code, system)).length < 2;
  const system = clear ? undefined : named ?? systemByForm(code, systems);
  return system === undefined ? normalCode(code) : `${system} ${normalCode(code)}`;
}

/** A code of a case as it is shown: with the dot of a diagnosis, and with its system where the form leaves it open. */
export function shownCode(held: string, systems: readonly CodeSystem[] = []): string {
  const { system: named, code } = splitCode(held);
  const system = named ?? systemByForm(code, systems);
  const dotted = system === "ICD-10-CM" && code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code;
  return named !== undefined && (systems.length === 0 ? likelySystems(code).length !== 1 : systems.length > 1) ? `${named} ${dotted}` : dotted;
}

/** The set that a pattern stands for. An ICD-10-CM code stands for itself and every code below it. */
export function codeSet(pattern: A.CodePattern, system: CodeSystem | undefined): CodeSet {
  const from = normalCode(pattern.from);
  const to = pattern.to === undefined ? from : normalCode(pattern.to);
  const text = pattern.to === undefined ? `${pattern.from}${pattern.category ? (pattern.from.includes(".") ? "-" : ".-") : ""}` : `${pattern.from}-${pattern.to}`;
  return { from, to, descends: pattern.category || system === "ICD-10-CM" || system === undefined && /^[A-Z]\d[0-9A-Z]/u.test(from) && !wellFormed(from, "HCPCS"), text, system };
}

/** True if a code of a case belongs to the set. A code whose system is known belongs to no set of another. */
export function inSet(held: string, set: CodeSet): boolean {
  const space = held.indexOf(" ");
  if (space > 0 && set.system !== undefined && (set.system.length !== space || !held.startsWith(set.system))) return false;
  const code = space > 0 ? held.slice(space + 1) : held;
  if (set.from === set.to) return code === set.from || (set.descends && code.startsWith(set.from));
  if (code < set.from || !(code <= set.to || (set.descends && code.startsWith(set.to)))) return false;
  return set.descends || sameShape(code, set.from);
}

/** Codes of one series have the same length and the same kind of last character: 00100 and 0016T are of two. */
function sameShape(a: string, b: string): boolean {
  const last = (code: string): string => (/[A-Z]$/u.test(code) ? code.slice(-1) : "");
  return a.length === b.length && last(a) === last(b);
}

/** What to do about a code that does not have the form of its system. */
function formHelp(code: string): string {
  const others = likelySystems(code);
  return others.length > 0 ? `It has the form of a code of ${others.join(" or ")}.` : "Check the code for a letter O in place of a zero, or a missing figure.";
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
  // Only diagnoses have categories.
  const among = pattern.category && (wanted.length === 0 || wanted.includes("ICD-10-CM")) ? (["ICD-10-CM"] as const) : wanted;
  const fits = (code: string): CodeSystem | undefined => systemByForm(code, among);
  const system = fits(pattern.from);
  if (system === undefined) {
    const forms = wanted.map((each) => `${each} (such as ${systems.get(each)!.example})`).join(" or ");
    report(checking, "malformed-code", pattern, `\`${pattern.from}\` does not have the form of a code of ${forms || "a known system"}.`, { help: formHelp(pattern.from) });
    return undefined;
  }
  if (pattern.to !== undefined) {
    const stays = wellFormed(pattern.to, system);
    const wrong = !stays ? "does not stay in one code system" : oneSeries(pattern, system) ? undefined : normalCode(pattern.to) < normalCode(pattern.from) ? "runs backwards" : "does not stay in one series of codes";
    if (wrong !== undefined) {
      report(checking, "empty-code-range", pattern, `The range \`${pattern.from}-${pattern.to}\` ${wrong} and holds no code.`, { help: "Write the lower code first; both ends are of one system." });
      return undefined;
    }
  }
  const set = codeSet(pattern, system);
  noteUse(checking, pattern, { kind: "codeMention", system, text: pattern.from });
  return set;
}

/** True if the ends of a range stand in order, and in one series of codes. */
function oneSeries(pattern: A.CodePattern, system: CodeSystem): boolean {
  const from = normalCode(pattern.from);
  const to = normalCode(pattern.to!);
  return from <= to && (system === "ICD-10-CM" || sameShape(from, to));
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
    report(checking, "malformed-code", pattern, `\`${pattern.from}\` does not have the form of a code of ${system}, such as ${systems.get(system)!.example}.`, { help: formHelp(pattern.from) });
    return undefined;
  }
  if (pattern.to !== undefined && (!wellFormed(pattern.to, system) || !oneSeries(pattern, system))) {
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

interface CodeIndex {
  /** Entries of several codes that are not merely the codes below one, by their first code. */
  readonly ranges: readonly CodeEntry[];
  /** The highest last code among the ranges up to each. */
  readonly highest: readonly string[];
}
const indexes = new WeakMap<ReadonlyMap<string, readonly CodeEntry[]>, CodeIndex>();

function indexOf(table: ReadonlyMap<string, readonly CodeEntry[]>): CodeIndex {
  const there = indexes.get(table);
  if (there !== undefined) return there;
  const ranges = [...table.values()].flat().filter((entry) => entry.set.from !== entry.set.to).sort((a, b) => (a.set.from < b.set.from ? -1 : Number(a.set.from > b.set.from)));
  let most = "";
  const highest = ranges.map(({ set }) => {
    const to = set.descends ? `${set.to}\uffff` : set.to;
    return (most = to > most ? to : most);
  });
  const made = { ranges, highest };
  indexes.set(table, made);
  return made;
}

/** The entries of the table that hold a code, of one system where that is given: those of this very code, or else those it falls under. */
export function entriesFor(table: ReadonlyMap<string, readonly CodeEntry[]>, code: string, system?: CodeSystem): readonly CodeEntry[] {
  const normal = normalCode(code);
  const fits = (entry: CodeEntry): boolean => (system === undefined || entry.system === system) && inSet(normal, entry.set);
  const exact = table.get(normal)?.filter(fits) ?? [];
  if (exact.length > 0) return exact;
  const found: CodeEntry[] = [];
  for (let length = 1; length < normal.length; length++) for (const entry of table.get(normal.slice(0, length)) ?? []) if (entry.set.from === entry.set.to && fits(entry)) found.push(entry);
  const { ranges, highest } = indexOf(table);
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.set.from <= normal) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0 && highest[i]! >= normal; i--) if (fits(ranges[i]!)) found.push(ranges[i]!);
  return found.sort((a, b) => a.node.start - b.node.start);
}
