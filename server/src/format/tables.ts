// Sections that are tables: facts, definitions, codes, header fields. Their columns are told from all rows together.
import type * as A from "../syntax/ast.js";
import type { Range } from "../text.js";
import { type Cell, columnOf, placedAt } from "./columns.js";
import { commentOf, conditionEntry, contents, isBroken, isInterrupted, moved, pad, type Sheet, trimEnd } from "./flow.js";
import type { Entry, Section } from "./reading.js";
import { commaSpaced, spaced } from "./wrap.js";

/** Gives the lines of an entry. */
export type Layer = (entry: Entry) => string[];

/** Content wider than this does not widen its column. */
const WIDEST = { key: 24, name: 32, type: 24, system: 12, code: 9, description: 72 } as const;

const entriesOf = ({ parts }: Section): Entry[] => parts.filter((part) => part.kind === "entry");
const behind = (sheet: Sheet, line: number): string => (sheet.lines[line]!.comment < 0 ? "" : `  ${commentOf(sheet, line)}`);

/** `plan              Example Health Plan` */
export function headerLayer(sheet: Sheet, section: Section): Layer {
  const { text, lines } = sheet;
  const rows = new Map(entriesOf(section).map((entry) => {
    const { at, end, column } = lines[entry.first]!;
    const value = trimEnd(text.slice(entry.headEnd, end)).trimStart();
    return [entry, { key: text.slice(at, entry.headEnd), value, now: value === "" ? undefined : 2 + end - value.length - at, column }] as const;
  }));
  const cells = [...rows.values()].filter((row) => row.value !== "").map(({ key, now }): Cell => ({ end: 2 + key.length, now }));
  const column = columnOf(cells, 2, WIDEST.key);
  return (entry) => {
    const { key, value } = rows.get(entry)!;
    if (isJoined(text, entry)) return moved(sheet, section.place, entry, 2);
    return [trimEnd(`  ${key}${value === "" ? "" : pad(placedAt(2 + key.length, column) - 2 - key.length) + value}`) + behind(sheet, entry.first)];
  };
}

/** `bilateral_implants   left_implant and right_implant` */
export function defineLayer(sheet: Sheet, section: Section): Layer {
  const { text, lines } = sheet;
  const cells: Cell[] = [];
  for (const entry of entriesOf(section)) {
    if (entry.line !== "definition" || isBroken(sheet, entry) || isJoined(text, entry)) continue;
    const line = lines[entry.first]!;
    const value = skip(text, entry.headEnd);
    cells.push({ end: 2 + entry.headEnd - line.at, now: value >= line.end ? undefined : 2 + value - line.at });
  }
  const column = columnOf(cells, 2, WIDEST.name);
  return (entry) => {
    if (entry.line !== "definition" || isJoined(text, entry)) return moved(sheet, section.place, entry, 2);
    const name = text.slice(lines[entry.first]!.at, entry.headEnd);
    const head = name + pad(placedAt(2 + name.length, column) - 2 - name.length);
    return conditionEntry(sheet, entry, { place: section.place, indent: 2, head, hang: 2 + head.length, from: entry.headEnd });
  };
}

/** What makes the line what it is runs into the next word. */
const isJoined = (text: string, { headEnd }: Entry): boolean => /^\S/u.test(text.charAt(headEnd));

function skip(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t" || text[at] === "\u00a0") at++;
  return at;
}

/** Nothing stands on the lines of a fact but its name, type and question. */
function isWhole(sheet: Sheet, entry: Entry, { type, question }: A.FactDeclaration): boolean {
  const { text, lines } = sheet;
  let at = skip(text, entry.headEnd);
  if (entry.first === entry.last) {
    for (const part of [type, question]) if (part !== undefined && part.start === at) at = skip(text, part.end);
    return at >= lines[entry.first]!.end;
  }
  const said = contents(sheet, entry, entry.headEnd).join("");
  return squeezed(said) === squeezed((type === undefined ? "" : text.slice(type.start, type.end)) + (question === undefined ? "" : text.slice(question.start, question.end)));
}

const squeezed = (text: string): string => text.replace(/\s+/gu, "");

interface FactRow {
  readonly name: string;
  readonly type: string;
  readonly question: string;
  readonly indent: number;
  /** Columns at which type and question begin now, counted from the entry's canonical indentation. */
  readonly typeNow: number | undefined;
  readonly questionNow: number | undefined;
  /** Its line breaks stay. */
  readonly fixed: boolean;
}

function factRow(sheet: Sheet, entry: Entry, fact: A.FactDeclaration | undefined): FactRow | undefined {
  const { text, lines } = sheet;
  if (entry.line !== "fact" || fact === undefined || sheet.frozen.has(entry) || isBroken(sheet, entry) || isJoined(text, entry)) return undefined;
  const line = lines[entry.first]!;
  const raw = ({ start, end }: Range): string => text.slice(start, end);
  const name = text.slice(line.at, entry.headEnd);
  const type = fact.type === undefined ? "" : commaSpaced(spaced(raw(fact.type)));
  const question = fact.question === undefined ? "" : trimEnd(raw(fact.question));
  const interrupted = isInterrupted(sheet, entry);
  if (interrupted && entry.first !== entry.last) return undefined;
  if (!isWhole(sheet, entry, fact)) return undefined;
  const indent = 2 * (entry.depth + 1);
  const now = (place: Range | undefined): number | undefined => (place === undefined || place.start > line.end ? undefined : indent + place.start - line.at);
  const sameLine = fact.type === undefined || fact.type.end <= line.end;
  return { name, type, question, indent, typeNow: now(fact.type), questionNow: sameLine ? now(fact.question) : undefined, fixed: interrupted || !sheet.options.wrap };
}

/** `name  type  "Question"`; a question that does not fit stands on its own line below the type. */
export function factsLayer(sheet: Sheet, section: Section, nodes: ReadonlyMap<number, A.FactDeclaration>): Layer {
  const { lineWidth: width } = sheet.options;
  const rows = new Map<Entry, FactRow>();
  for (const entry of entriesOf(section)) {
    const row = factRow(sheet, entry, nodes.get(sheet.lines[entry.first]!.at));
    if (row !== undefined) rows.set(entry, row);
  }
  const all = [...rows.values()];
  const typeColumn = columnOf(all.filter((row) => row.type !== "" || row.question !== "").map(({ indent, name, typeNow }) => ({ end: indent + name.length, now: typeNow })), 2, WIDEST.name);
  const typeAt = ({ indent, name }: FactRow): number => placedAt(indent + name.length, typeColumn);
  const asking = all.filter((row) => row.question !== "");
  const questionColumn = columnOf(asking.map((row) => ({ end: typeAt(row) + row.type.length, now: row.questionNow })), typeColumn, WIDEST.type,
    (i, at) => (asking[i]!.fixed ? asking[i]!.questionNow !== undefined : at + asking[i]!.question.length <= width));
  return (entry) => {
    const row = rows.get(entry);
    const indent = 2 * (entry.depth + 1);
    if (row === undefined && entry.line === "mapping" && entry.first === entry.last && !isBroken(sheet, entry) && !sheet.frozen.has(entry)) {
      const said = contents(sheet, entry, entry.headEnd).join("");
      return [trimEnd(`${pad(indent)}${spaced(sheet.text.slice(sheet.lines[entry.first]!.at, entry.headEnd))} ${said}`) + behind(sheet, entry.first)];
    }
    if (row === undefined) return moved(sheet, section.place, entry, indent);
    const { name, type, question } = row;
    const start = typeAt(row);
    const lines = row.fixed || start + type.length <= width ? [type] : wrappedType(type, start, width);
    const out = lines.map((each, i) => (i === 0 ? pad(indent) + name + (each === "" ? "" : pad(start - indent - name.length) + each) : pad(start + choicesAt(type)) + each));
    const last = out[out.length - 1]!;
    const at = placedAt(start + type.length, questionColumn);
    const own = lines.length > 1 || (row.fixed ? row.questionNow === undefined : at + question.length > width);
    if (question !== "" && own) out.push(pad(start) + question);
    else if (question !== "") out[out.length - 1] = last + pad(at - last.length) + question;
    out[out.length - 1] += behind(sheet, entry.last);
    return out;
  };
}

/** Behind `one of`, where its choices stand below one another. */
const choicesAt = (type: string): number => /^(?:list of )?one of /u.exec(type)?.[0].length ?? 2;

function wrappedType(type: string, start: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of type.split(/(?<=,) /u)) {
    const first = lines.length === 0 ? start : start + choicesAt(type);
    if (line !== "" && first + line.length + 1 + part.length > width) {
      lines.push(line);
      line = part;
    } else {
      line = line === "" ? part : `${line} ${part}`;
    }
  }
  return [...lines, line];
}

interface CodeCells {
  readonly system: string;
  readonly code: string;
  readonly description: string;
  readonly status: string;
  readonly codeNow: number;
  readonly descriptionNow: number | undefined;
  readonly statusNow: number | undefined;
}

function codeCells(sheet: Sheet, entry: Entry, row: A.CodeRow | undefined): CodeCells | undefined {
  const { text, lines } = sheet;
  if (entry.line !== "codeRow" || row?.code === undefined || entry.first !== entry.last || isBroken(sheet, entry)) return undefined;
  const { at, end } = lines[entry.first]!;
  const codeEnd = Math.max(row.code.end, row.mark?.end ?? 0);
  const statusStart = skip(text, row.description?.end ?? codeEnd);
  const description = row.description === undefined ? "" : text.slice(row.description.start, row.description.end);
  return {
    system: text.slice(at, row.system.end), code: text.slice(row.code.start, codeEnd), description: spaced(description), status: commaSpaced(spaced(text.slice(statusStart, end))),
    codeNow: 2 + row.code.start - at, descriptionNow: row.description && 2 + row.description.start - at, statusNow: statusStart >= end ? undefined : 2 + statusStart - at,
  };
}

/** `SYSTEM  CODE  Description  status` */
export function codesLayer(sheet: Sheet, section: Section, nodes: ReadonlyMap<number, A.CodeRow>): Layer {
  const rows = new Map<Entry, CodeCells>();
  for (const entry of entriesOf(section)) {
    const row = codeCells(sheet, entry, nodes.get(sheet.lines[entry.first]!.at));
    if (row !== undefined) rows.set(entry, row);
  }
  const all = [...rows.values()];
  const codeColumn = columnOf(all.map(({ system, codeNow }) => ({ end: 2 + system.length, now: codeNow })), 2, WIDEST.system);
  const codeAt = ({ system }: CodeCells): number => placedAt(2 + system.length, codeColumn);
  const described = all.filter((row) => row.description !== "");
  const descriptionColumn = columnOf(described.map((row) => ({ end: codeAt(row) + row.code.length, now: row.descriptionNow })), codeColumn, WIDEST.code);
  const descriptionAt = (row: CodeCells): number => placedAt(codeAt(row) + row.code.length, descriptionColumn);
  const endAt = (row: CodeCells): number => (row.description === "" ? codeAt(row) + row.code.length : descriptionAt(row) + row.description.length);
  const statusColumn = columnOf(all.filter((row) => row.status !== "").map((row) => ({ end: endAt(row), now: row.statusNow })), descriptionColumn, WIDEST.description);
  return (entry) => {
    const row = rows.get(entry);
    if (row === undefined) return moved(sheet, section.place, entry, 2);
    let line = `  ${row.system}`;
    const add = (text: string, column: number): void => { if (text !== "") line += pad(column - line.length) + text; };
    add(row.code, codeAt(row));
    add(row.description, descriptionAt(row));
    add(row.status, placedAt(endAt(row), statusColumn));
    return [line + behind(sheet, entry.first)];
  };
}
