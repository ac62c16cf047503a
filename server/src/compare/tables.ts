// What has changed beside the criteria: header, facts, definitions, codes, references, notes, free text, the revision log.
import type { Analysis, CodeEntry, FactSymbol, FactType, UnknownType } from "../semantics/model.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import type { CodePattern, DateValue, FactDeclaration, Revision } from "../syntax/ast.js";
import { folded, type Range } from "../text.js";
import { carriedText, citationChange, listChanges, type Names } from "./criteria.js";
import { conditionKey, type Naming, valueKey } from "./keys.js";
import type { Change } from "./model.js";
import { bagOf, best, likeness, scored } from "./similar.js";
import type { Version } from "./tree.js";

const without = (text: string): string => text.replace(/\s+/gu, "");

// ── Header ────────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Fields that bear on determinations: when the policy is in force, and for whom. */
const BEARING: ReadonlySet<string> = new Set(["effective", "ends", "line of business"]);

export function headerChanges(old: Analysis, now: Analysis): readonly Change[] {
  const changes: Change[] = [];
  for (const key of ["number", "title"] as const) {
    const [was, is] = [old.header[key], now.header[key]];
    if (was !== is) changes.push({ area: "header", kind: "value", before: key, after: key, was, now: is, bears: false, oldRange: old.document.header?.[key], newRange: now.document.header?.[key] });
  }
  for (const key of new Set([...old.header.fields.keys(), ...now.header.fields.keys()])) {
    const [before, after] = [old.header.fields.get(key), now.header.fields.get(key)];
    const [was, is] = [before, after].map((field) => (field === undefined ? undefined : folded(field.date?.text ?? field.value?.text ?? "")));
    if (was === is) continue;
    changes.push({ area: "header", kind: "value", before: before && key, after: after && key, was, now: is, bears: BEARING.has(key), oldRange: before, newRange: after });
  }
  return changes;
}

// ── Facts and definitions ─────────────────────────────────────────────────────────────────────────────────────────────
/** A type as a text, fields of records included. */
export function typeWords(type: FactType | UnknownType): string {
  switch (type.kind) {
    case "yes/no": case "date": case "text": return type.kind;
    case "number": return `${type.unit.text === "" ? "number" : type.unit.text}${type.from === undefined || type.to === undefined ? "" : ` from ${type.from} to ${type.to}`}`;
    case "choice": return `one of ${type.choices.join(", ")}`;
    case "code": return type.systems.join(" or ");
    case "list": return `list of ${typeWords(type.of)}`;
    case "records": return `list of records (${type.fields.map((field) => `${field.name}: ${typeWords(field.type)}`).join("; ")})`;
    case "unknown": return "unreadable";
  }
}

/** The new name of every fact that both versions have: the same name, else the same type and question. */
export function factNames(old: Analysis, now: Analysis): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of old.facts.keys()) if (now.facts.has(name)) names.set(name, name);
  const key = (fact: FactSymbol): string => (fact.question === undefined ? "" : `${typeWords(fact.type)}\n${folded(fact.question)}`);
  const come = [...now.facts.values()].filter(({ name }) => !old.facts.has(name));
  for (const fact of old.facts.values()) {
    if (names.has(fact.name) || key(fact) === "") continue;
    const same = come.filter((other) => key(other) === key(fact));
    if (same.length === 1 && ![...names.values()].includes(same[0]!.name)) names.set(fact.name, same[0]!.name);
  }
  return names;
}

export function factChanges(old: Analysis, now: Analysis, names: ReadonlyMap<string, string>): readonly Change[] {
  const changes: Change[] = [];
  const kept = new Set(names.values());
  for (const fact of old.facts.values()) {
    const other = now.facts.get(names.get(fact.name) ?? "");
    if (other === undefined) {
      changes.push({ area: "facts", kind: "removed", before: fact.name, was: typeWords(fact.type), bears: true, oldRange: fact.node });
      continue;
    }
    const base = { area: "facts", before: fact.name, after: other.name, oldRange: fact.node, newRange: other.node } as const;
    if (fact.name !== other.name) changes.push({ ...base, kind: "renamed", bears: false });
    const [was, is] = [typeWords(fact.type), typeWords(other.type)];
    if (was !== is) changes.push({ ...base, kind: "type", was, now: is, bears: true });
    const questions = [fact, other].map(questionsOf);
    if (questions[0] !== questions[1]) changes.push({ ...base, kind: "question", was: questions[0], now: questions[1], bears: false });
    // What a record gives for a fact decides its case.
    const [mapped, maps] = [mappingsOf(fact), mappingsOf(other)];
    if (mapped !== maps) changes.push({ ...base, kind: "mapping", was: mapped, now: maps, bears: true });
  }
  for (const fact of now.facts.values()) if (!kept.has(fact.name)) changes.push({ area: "facts", kind: "added", after: fact.name, now: typeWords(fact.type), bears: true, newRange: fact.node });
  return changes;
}

const questionsOf = ({ question, type }: FactSymbol): string => [folded(question ?? ""), ...(type.kind === "records" ? type.fields.map((field) => `${field.name}: ${folded(field.question ?? "")}`) : [])].join(" / ");

/** Where FHIR data have a fact and its fields, in the order in which the places are tried. */
const mappingsOf = ({ node, type }: FactSymbol): string =>
  [...mappedTo(node), ...(type.kind === "records" ? type.fields.flatMap((field) => mappedTo(field.node).map((path) => `${field.name}: ${path}`)) : [])].join("; ");
const mappedTo = ({ mappings }: FactDeclaration): readonly string[] => mappings.flatMap(({ expression }) => (expression === undefined ? [] : [expression.text]));

const meaningKey = (analysis: Analysis, name: string, naming: Naming): string | undefined => {
  const meaning = analysis.definitions.get(name)?.meaning;
  return meaning === undefined ? undefined : meaning.kind === "condition" ? conditionKey(meaning.condition, naming) : valueKey(meaning.value, naming);
};

/** The new name of every definition that both versions have: the same name, else the same meaning. */
export function definitionNames(old: Analysis, now: Analysis, facts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const plain: Naming = { fact: (name) => name, definition: (name) => name, criterion: String };
  const carried: Naming = { ...plain, fact: (name) => facts.get(name) ?? name };
  const come = new Map<string, string>();
  for (const name of now.definitions.keys()) if (!old.definitions.has(name)) come.set(meaningKey(now, name, plain) ?? "", name);
  for (const name of old.definitions.keys()) {
    const other = now.definitions.has(name) ? name : come.get(meaningKey(old, name, carried) ?? "?");
    if (other === undefined) continue;
    names.set(name, other);
    if (other !== name) for (const [key, value] of come) if (value === other) come.delete(key);
  }
  return names;
}

export function definitionChanges(old: Version, now: Version, names: Names): readonly Change[] {
  const changes: Change[] = [];
  const criterionAt = (version: Version, moved: boolean) => (index: number): string => {
    const { address } = version.analysis.criteria[index]!;
    return moved ? (names.addresses.get(address) ?? `gone ${address}`) : address;
  };
  const carried: Naming = { fact: (name) => names.facts.get(name) ?? name, definition: (name) => names.definitions.get(name) ?? name, criterion: criterionAt(old, true) };
  const plain: Naming = { fact: (name) => name, definition: (name) => name, criterion: criterionAt(now, false) };
  const text = ({ source }: Version, range: Range | undefined): string => proseText(source, range);
  const kept = new Set(names.definitions.values());
  for (const definition of old.analysis.definitions.values()) {
    const other = now.analysis.definitions.get(names.definitions.get(definition.name) ?? "");
    if (other === undefined) {
      changes.push({ area: "definitions", kind: "removed", before: definition.name, was: text(old, definition.node.value), bears: true, oldRange: definition.node });
      continue;
    }
    const base = { area: "definitions", before: definition.name, after: other.name, oldRange: definition.node, newRange: other.node } as const;
    if (definition.name !== other.name) changes.push({ ...base, kind: "renamed", bears: false });
    const [was, is] = [meaningKey(old.analysis, definition.name, carried), meaningKey(now.analysis, other.name, plain)];
    const [before, after] = [text(old, definition.node.value), text(now, other.node.value)];
    if (was !== is) changes.push({ ...base, kind: "condition changed", was: before, now: after, bears: true });
    else if (was === undefined && without(before) !== without(after)) changes.push({ ...base, kind: "condition changed", was: before, now: after, bears: true });
  }
  for (const definition of now.analysis.definitions.values()) {
    if (!kept.has(definition.name)) changes.push({ area: "definitions", kind: "added", after: definition.name, now: text(now, definition.node.value), bears: true, newRange: definition.node });
  }
  return changes;
}

// ── Codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const patterns = (codes: readonly CodePattern[]): string => codes.map((code) => `${code.from}${code.to === undefined ? "" : `-${code.to}`}${code.category ? ".-" : ""}`).join(", ");
const day = (date: DateValue | undefined): string => date?.text ?? "";
const codeName = ({ system, code }: CodeEntry): string => `${system} ${code}`;

/** The rows of the table in their order, under their code and how often it has come before. */
function codeRows(analysis: Analysis): ReadonlyMap<string, CodeEntry> {
  const rows = new Map<string, CodeEntry>();
  const entries = [...analysis.codes.values()].flat().sort((a, b) => a.node.start - b.node.start);
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const name = codeName(entry);
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    rows.set(`${name} ${times}`, entry);
  }
  return rows;
}

export function codeChanges(old: Version, now: Version, names: Names): readonly Change[] {
  const changes: Change[] = [];
  const [olds, nows] = [codeRows(old.analysis), codeRows(now.analysis)];
  const address = (text: string): string => names.addresses.get(text) ?? text;
  for (const [key, entry] of olds) {
    const other = nows.get(key);
    const name = codeName(entry);
    if (other === undefined) {
      changes.push({ area: "codes", kind: "removed", before: name, was: folded(entry.description), bears: true, oldRange: entry.node });
      continue;
    }
    const base = { area: "codes", before: name, after: codeName(other), oldRange: entry.node, newRange: other.node } as const;
    const compared = (kind: Change["kind"], was: string, is: string, bears: boolean): void => {
      if (was !== is) changes.push({ ...base, kind, was, now: is, bears });
    };
    compared("description", folded(entry.description), folded(other.description), false);
    const ended = [entry, other].map(({ node }) => day(node.ended)) as [string, string];
    compared(ended[0] === "" ? "ended" : "dates", ended[0], ended[1], true);
    compared("dates", day(entry.node.effective), day(other.node.effective), true);
    compared("successors", patterns(entry.node.replacedBy), patterns(other.node.replacedBy), false);
    compared("mark", entry.node.mark?.text ?? "", other.node.mark?.text ?? "", false);
    compared("group", folded(entry.group ?? ""), folded(other.group ?? ""), false);
    compared("applies to", entry.node.appliesTo.map(({ text }) => address(text)).join(", "), other.node.appliesTo.map(({ text }) => text).join(", "), true);
  }
  for (const [key, entry] of nows) if (!olds.has(key)) changes.push({ area: "codes", kind: "added", after: codeName(entry), now: folded(entry.description), bears: true, newRange: entry.node });
  return changes;
}

// ── References ────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Cited {
  readonly number: number;
  readonly words: string;
  readonly range: Range;
}

const referencesOf = ({ analysis, source }: Version): readonly Cited[] =>
  [...analysis.references.values()].map(({ number, node }) => ({ number, words: proseText(source, node.prose), range: node }));

/** Words of a reference that tell it from others: without dates of access and addresses, which change with each review. */
const lasting = (words: string): string => words.replace(/\b(?:updated|accessed|published)\s+[A-Z][a-z]+ \d{1,2}, \d{4}\.?/gi, "").replace(/https?:\/\/\S+/gu, "");

/** The new number of every reference of the old version; what is gone has a number that no reference has. */
export function referenceNumbers(old: Version, now: Version): ReadonlyMap<number, number> {
  const [olds, nows] = [referencesOf(old), referencesOf(now)];
  const numbers = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (from: Cited, to: Cited): void => {
    numbers.set(from.number, to.number);
    taken.add(to.number);
  };
  const waiting = new Map<string, Cited[]>();
  for (const cited of nows) waiting.set(without(cited.words), [...(waiting.get(without(cited.words)) ?? []), cited]);
  for (const cited of olds) {
    const list = waiting.get(without(cited.words));
    const same = list?.find(({ number }) => number === cited.number) ?? list?.[0];
    if (list === undefined || same === undefined) continue;
    list.splice(list.indexOf(same), 1);
    pair(cited, same);
  }
  const [left, right] = [olds.filter(({ number }) => !numbers.has(number)), nows.filter(({ number }) => !taken.has(number))];
  const [a, b] = [left, right].map((list) => list.map(({ words }) => bagOf(lasting(words)))) as [ReturnType<typeof bagOf>[], ReturnType<typeof bagOf>[]];
  best(scored(a.length, b.length, (x, y) => likeness(a[x]!, b[y]!) + (left[x]!.number === right[y]!.number ? 0.05 : 0), 0.7), (x, y) => pair(left[x]!, right[y]!));
  for (const { number } of olds) if (!numbers.has(number)) numbers.set(number, -number);
  return numbers;
}

export function referenceChanges(old: Version, now: Version, { references }: Names): readonly Change[] {
  const changes: Change[] = [];
  const nows = new Map(referencesOf(now).map((cited) => [cited.number, cited]));
  const kept = new Set(references.values());
  for (const { number, words, range } of referencesOf(old)) {
    const other = nows.get(references.get(number) ?? -1);
    if (other === undefined) {
      changes.push({ area: "references", kind: "removed", before: String(number), was: words, bears: false, oldRange: range });
      continue;
    }
    const base = { area: "references", before: String(number), after: String(other.number), oldRange: range, newRange: other.range, bears: false } as const;
    if (number !== other.number) changes.push({ ...base, kind: "renumbered", now: other.words });
    if (without(words) !== without(other.words)) changes.push({ ...base, kind: "reworded", was: words, now: other.words });
  }
  for (const cited of nows.values()) if (!kept.has(cited.number)) changes.push({ area: "references", kind: "added", after: String(cited.number), now: cited.words, bears: false, newRange: cited.range });
  return changes;
}

// ── Notes, free text, revision log ────────────────────────────────────────────────────────────────────────────────────
interface Passage {
  readonly words: string;
  readonly citations: Parameters<typeof citationChange>[0];
  readonly range: Range;
}

/** Free text by heading, footnotes, and notes beside the statements, as one passage each. */
function passages({ analysis }: Version, read: (range: Range) => string): ReadonlyMap<string, Passage> {
  const found = new Map<string, Passage>();
  for (const section of analysis.document.sections) {
    if (section.kind !== "text") continue;
    const heading = folded(section.heading.text).replace(/:$/u, "").toLowerCase();
    const before = found.get(heading);
    const words = section.paragraphs.map((prose) => (prose.citations.length === 0 ? read(prose) : folded(read(prose).replace(/\s*\[[\d\s,;–-]+\]/gu, "")))).join("\n");
    found.set(heading, { words: before === undefined ? words : `${before.words}\n${words}`, citations: [...(before?.citations ?? []), ...section.paragraphs.flatMap(({ citations }) => citations)], range: section });
  }
  return found;
}

export function textChanges(old: Version, now: Version, names: Names): readonly Change[] {
  const changes: Change[] = [];
  const carried = carriedText(old, names.addresses);
  const [olds, nows] = [passages(old, carried), passages(now, (range) => proseText(now.source, range))];
  for (const [heading, passage] of olds) {
    const other = nows.get(heading);
    if (other === undefined) {
      changes.push({ area: "text", kind: "removed", before: heading, was: passage.words, bears: false, oldRange: passage.range });
      continue;
    }
    const base = { area: "text", before: heading, after: heading, oldRange: passage.range, newRange: other.range, bears: false } as const;
    if (without(passage.words) !== without(other.words)) changes.push({ ...base, kind: "reworded", was: passage.words, now: other.words });
    const cited = citationChange(passage.citations, other.citations, names.references);
    if (cited !== undefined) changes.push({ ...base, kind: "citations", ...cited });
  }
  for (const [heading, passage] of nows) if (!olds.has(heading)) changes.push({ area: "text", kind: "added", after: heading, now: passage.words, bears: false, newRange: passage.range });
  return changes;
}

export function noteChanges(old: Version, now: Version, names: Names): readonly Change[] {
  const notesOf = ({ analysis }: Version, read: (range: Range) => string): readonly string[] =>
    analysis.document.sections.flatMap((section) => {
      if (section.kind === "notes") return section.notes.map((note) => `${note.mark === undefined ? "" : `${note.mark.text} `}${note.prose === undefined ? "" : read(note.prose)}`);
      if (section.kind === "criteria") return section.body.flatMap((entry) => (entry.kind === "note" && entry.prose !== undefined ? [read(entry.prose)] : []));
      return [];
    });
  const carried = carriedText(old, names.addresses);
  return listChanges(notesOf(old, carried), notesOf(now, (range) => proseText(now.source, range)), names)
    .map(({ was, now: is }) => ({ area: "notes", kind: was === undefined ? "added" : is === undefined ? "removed" : "reworded", was, now: is, bears: false }));
}

export function revisionChanges(old: Version, now: Version): readonly Change[] {
  const rows = (version: Version): ReadonlyMap<string, { readonly node: Revision; readonly words: string }> => {
    const found = new Map<string, { node: Revision; words: string }>();
    for (const section of version.analysis.document.sections) {
      if (section.kind !== "revisions") continue;
      for (const node of section.revisions) {
        const words = [day(node.revised), node.approved && `approved ${day(node.approved)}`, node.effective && `effective ${day(node.effective)}`].filter(Boolean).join(", ");
        found.set(`${day(node.revised)} ${found.has(`${day(node.revised)} `) ? found.size : ""}`, { node, words: `${words}: ${plainProse(version.source, node.prose)}` });
      }
    }
    return found;
  };
  const [olds, nows] = [rows(old), rows(now)];
  const changes: Change[] = [];
  for (const [key, { node, words }] of olds) {
    const other = nows.get(key);
    const date = day(node.revised);
    if (other === undefined) changes.push({ area: "revisions", kind: "removed", before: date, was: words, bears: false, oldRange: node });
    else if (without(words) !== without(other.words)) changes.push({ area: "revisions", kind: "reworded", before: date, after: date, was: words, now: other.words, bears: false, oldRange: node, newRange: other.node });
  }
  for (const [key, { node, words }] of nows) if (!olds.has(key)) changes.push({ area: "revisions", kind: "added", after: day(node.revised), now: words, bears: false, newRange: node });
  return changes;
}
