// What has changed in the criteria, once it is known which is which.
import { addressEdits } from "../semantics/addresses.js";
import type { ApprovalDuration, ApprovalTerms, Condition, QuantityLimit, Scope } from "../semantics/model.js";
import type { Citation } from "../syntax/ast.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import { folded, type Range } from "../text.js";
import { conditionKey, type Naming } from "./keys.js";
import type { Change } from "./model.js";
import { bagOf, best, likeness, outOfOrder, scored } from "./similar.js";
import { citationsOf, clausesOf, type Item, proseOf, said, statementOf, type Version } from "./tree.js";

/** How names of the old version are called in the new one. */
export interface Names {
  readonly addresses: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, string>;
  readonly references: ReadonlyMap<number, number>;
}

/** The old version's text as it would read with the new addresses and names, stretch by stretch. */
export interface Carried {
  readonly words: (range: Range | undefined) => string;
}

/** Addresses of the old version that the new one has otherwise. */
export function addressesOf(old: Version): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { symbol, match } of old.items) if (match !== undefined && symbol.role === "criterion" && old.analysis.byAddress.get(symbol.address) === symbol) found.set(symbol.address, match.symbol.address);
  return found;
}

/** Reads stretches of the old text with everything it says of criteria under their new addresses. */
export function carriedText(old: Version, addresses: ReadonlyMap<string, string>): Carried["words"] {
  const moved = new Map([...addresses].filter(([before, after]) => before !== after));
  const edits = addressEdits(old.analysis, moved);
  const starts = edits.map(({ start }) => start);
  return (range) => {
    if (range === undefined) return "";
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! < range.start) low = middle + 1;
      else high = middle;
    }
    if (low === starts.length || starts[low]! >= range.end) return proseText(old.source, range);
    let text = "";
    let at = range.start;
    for (; low < edits.length && edits[low]!.end <= range.end; low++) {
      const { start, end, text: put } = edits[low]!;
      text += old.source.text.slice(at, start) + put;
      at = end;
    }
    return folded(text + old.source.text.slice(at, range.end));
  };
}

/** The numbers of citations, once each, in order. */
export function numbersOf(citations: readonly Citation[]): readonly number[] {
  const found = new Set<number>();
  for (const { numbers } of citations) for (const { from, to } of numbers) for (let n = from; n <= Math.min(to, from + 999); n++) found.add(n);
  return [...found].sort((a, b) => a - b);
}

const listed = (numbers: readonly number[]): string => (numbers.length === 0 ? "" : `[${numbers.join(", ")}]`);

/** What has changed in citations; numbers of the old version count as those of the same references now. */
export function citationChange(before: readonly Citation[], after: readonly Citation[], references: ReadonlyMap<number, number>): { readonly was: string; readonly now: string } | undefined {
  const was = numbersOf(before).map((number) => references.get(number) ?? number).sort((a, b) => a - b);
  const now = numbersOf(after);
  return was.join() === now.join() ? undefined : { was: listed(numbersOf(before)), now: listed(now) };
}

/** What has changed in the criteria, in the order of the new version; what is gone stands where it stood. */
export function criteriaChanges(old: Version, now: Version, names: Names): readonly Change[] {
  const words = carriedText(old, names.addresses);
  const placed: (readonly [place: number, change: Change])[] = [];
  let place = 0;
  const changes = { push: (...found: readonly Change[]): void => { for (const change of found) placed.push([place, change]); } };
  const moved = movedItems(old);
  const namings = namingsOf(old, now, names);

  for (const item of now.items) {
    const before = item.match;
    place = item.index;
    if (before === undefined) {
      if (item.symbol.role === "criterion" && !coveredBy(item)) changes.push({ area: "criteria", kind: "added", after: item.symbol.address, now: fullWords(now, item), below: below(item), bears: true, newRange: item.symbol.node });
      else if (item.symbol.role !== "criterion" && item.parent?.match !== undefined) changes.push({ area: "criteria", kind: "condition added", before: item.parent.match.symbol.address, after: item.symbol.address, clause: clauseOf(item), now: groupWords(now, item), below: below(item), bears: true, newRange: item.symbol.node });
      continue;
    }
    changes.push(...changesOf(old, now, before, item, moved, words, namings, names));
  }
  place = -1;
  for (const item of old.items) {
    // What is gone is told behind what stood before it.
    if (item.match !== undefined) {
      place = item.match.index;
      continue;
    }
    if (item.symbol.role === "criterion" && !coveredBy(item)) changes.push({ area: "criteria", kind: "removed", before: item.symbol.address, was: fullWords(old, item), below: below(item), bears: true, oldRange: item.symbol.node });
    else if (item.symbol.role !== "criterion" && item.parent?.match !== undefined) changes.push({ area: "criteria", kind: "condition removed", before: item.symbol.address, after: item.parent.match.symbol.address, clause: clauseOf(item), was: groupWords(old, item), below: below(item), bears: true, oldRange: item.symbol.node });
  }
  return placed.sort(([a], [b]) => a - b).map(([, change]) => change);
}

/** Whether it came or went with what it stands below. */
const coveredBy = ({ parent }: Item): boolean => parent !== undefined && parent.match === undefined;
/** How many criteria came or went with it. */
const below = (item: Item): number | undefined => {
  let count = 0;
  const look = (each: Item): void => {
    for (const child of each.children) {
      if (child.match !== undefined) continue;
      if (child.symbol.role === "criterion") count++;
      look(child);
    }
  };
  look(item);
  return count === 0 ? undefined : count;
};

const clauseOf = ({ symbol }: Item): Change["clause"] => {
  switch (symbol.role) {
    case "exception group": return "unless";
    case "waiver group": return "waived when";
    case "guarded group": return "if";
    default: return "when";
  }
};

function fullWords(version: Version, item: Item): string {
  return plainProse(version.source, proseOf(item.symbol));
}

function groupWords(version: Version, item: Item): string {
  const { node } = item.symbol;
  if (node.kind === "criterion") return "";
  return [node.condition, node.combinator].filter((part) => part !== undefined).map((part) => said(version, part)).join(", ");
}

/** Items of the new version that stand below another criterion than before, or in another order among those that stayed. */
function movedItems(old: Version): ReadonlyMap<Item, "elsewhere" | "in its list"> {
  const moved = new Map<Item, "elsewhere" | "in its list">();
  const look = (olds: readonly Item[], parent: Item | undefined): void => {
    const stayed: Item[] = [];
    for (const item of olds) {
      if (item.match === undefined) continue;
      if (item.match.parent !== parent) moved.set(item.match, "elsewhere");
      else if (item.symbol.role === "criterion") stayed.push(item.match);
    }
    const places = stayed.map(({ index }) => index);
    for (const at of outOfOrder(places)) moved.set(stayed[at]!, "in its list");
  };
  look(old.roots, undefined);
  for (const item of old.items) {
    if (item.match !== undefined) look(item.children, item.match);
    else for (const child of item.children) if (child.match !== undefined) moved.set(child.match, "elsewhere");
  }
  return moved;
}

interface Namings {
  readonly old: Naming;
  readonly now: Naming;
}

/** Conditions of both versions under the same names: criteria are called by where they are in the new version. */
function namingsOf(old: Version, now: Version, { facts, definitions }: Names): Namings {
  const places = new Map(now.items.map((item) => [item.symbol.index, item] as const));
  const olds = new Map(old.items.map((item) => [item.symbol.index, item] as const));
  return {
    old: { fact: (name) => facts.get(name) ?? name, definition: (name) => definitions.get(name) ?? name, criterion: (index) => { const item = olds.get(index); return item?.match === undefined ? `gone ${index}` : String(item.match.index); } },
    now: { fact: (name) => name, definition: (name) => name, criterion: (index) => String(places.get(index)?.index) },
  };
}

const without = (text: string): string => text.replace(/\s+/gu, "");

function changesOf(old: Version, now: Version, before: Item, item: Item, moved: ReadonlyMap<Item, "elsewhere" | "in its list">, words: Carried["words"], namings: Namings, names: Names): readonly Change[] {
  const changes: Change[] = [];
  const base = { area: "criteria", before: before.symbol.address, after: item.symbol.address, oldRange: before.symbol.node, newRange: item.symbol.node } as const;
  const isCriterion = item.symbol.role === "criterion";
  const how = isCriterion ? moved.get(item) : undefined;
  if (how !== undefined) changes.push({ ...base, kind: "moved", now: fullWords(now, item), bears: how === "elsewhere" });
  else if (isCriterion && before.label !== item.label) changes.push({ ...base, kind: "renumbered", now: fullWords(now, item), bears: false });

  changes.push(...wordChanges(old, now, before, item, base, words));
  const [from, to] = [before.symbol.combination, item.symbol.combination];
  // What has no list any more, or has one now, shows by its items; how the list decides still has to be said.
  if (from?.op !== to?.op || from?.count !== to?.count || from?.open !== to?.open) {
    changes.push({ ...base, kind: "combinator", was: combinationWords(from), now: combinationWords(to), bears: true });
  }
  for (const [i, [clause, conditions]] of clausesOf(before.symbol).entries()) {
    changes.push(...conditionChanges(old, now, conditions, clausesOf(item.symbol)[i]![1], namings, words).map((change) => ({ ...base, ...change, clause })));
  }
  const [was, is] = [statementOf(before), statementOf(item)];
  if (was !== undefined && is !== undefined) {
    if (was.statement !== is.statement) changes.push({ ...base, kind: "determination", was: was.statement, now: is.statement, bears: true });
    changes.push(...scopeChanges(old, now, was.scopes, is.scopes, namings).map((change) => ({ ...base, ...change })));
    changes.push(...approvalChanges(was.approval, is.approval).map((change) => ({ ...base, ...change })));
  }
  const cited = citationChange(citationsOf(before.symbol), citationsOf(item.symbol), names.references);
  if (cited !== undefined) changes.push({ ...base, kind: "citations", ...cited, bears: false });
  const notes = (version: Version, each: Item, read: (range: Range | undefined) => string): readonly string[] => each.symbol.notes.map((note) => read(note.prose) || said(version, note));
  changes.push(...listChanges(notes(old, before, words), notes(now, item, (range) => (range === undefined ? "" : proseText(now.source, range))), names).map((change) => ({ ...base, ...change, kind: "note" as const, bears: true })));
  return changes;
}

function wordChanges(old: Version, now: Version, before: Item, item: Item, base: Omit<Change, "kind" | "bears">, words: Carried["words"]): readonly Change[] {
  if (item.symbol.role !== "criterion") return [];
  const [from, to] = [proseOf(before.symbol), proseOf(item.symbol)];
  if (before.words === item.words) {
    // The list may be announced in other words that say the same.
    const [was, is] = [plainProse(old.source, from), plainProse(now.source, to)];
    const sameList = before.symbol.combination?.op === item.symbol.combination?.op && before.symbol.combination?.count === item.symbol.combination?.count && before.symbol.combination?.open === item.symbol.combination?.open;
    return was === is || !sameList ? [] : [{ ...base, kind: "reworded", was, now: is, bears: false }];
  }
  // What differs by addresses and citation numbers alone follows from renumbering.
  const bare = (text: string): string => without(text.replace(/\[[\d\s,;–-]+\]/gu, "").replace(/[;,]\s*(?:and|or)\s*\.?$/i, "").replace(/[\s:;,]+$/u, ""));
  if (from !== undefined && to !== undefined && bare(words(from)) === bare(said(now, to))) return [];
  return [{ ...base, kind: "reworded", was: before.words, now: item.words, bears: true }];
}

/** How a list decides, in words; empty where there is none. */
export function combinationWords(combination: Item["symbol"]["combination"]): string {
  if (combination === undefined) return "";
  const { op, count, open } = combination;
  const words = op === "at-least" ? `at least ${count}` : op === "exactly" ? `exactly ${count}` : op;
  return `${words} of the following${open ? " (other items may count)" : ""}`;
}

function conditionChanges(old: Version, now: Version, befores: readonly Condition[], afters: readonly Condition[], namings: Namings, words: Carried["words"]): readonly (Pick<Change, "kind" | "was" | "now" | "bears">)[] {
  const [olds, nows] = [befores.map((each) => conditionKey(each, namings.old)), afters.map((each) => conditionKey(each, namings.now))];
  const written = (version: Version, condition: Condition): string => said(version, condition.source);
  const changes: (Pick<Change, "kind" | "was" | "now" | "bears">)[] = [];
  const left = new Set(befores.keys());
  const right = new Set(afters.keys());
  for (const at of [...left]) {
    const other = [...right].find((each) => nows[each] === olds[at]);
    if (other === undefined) continue;
    left.delete(at);
    right.delete(other);
    const [was, is] = [words(befores[at]!.source), written(now, afters[other]!)];
    // Names of facts that are called otherwise now have a change of their own.
    if (without(was) !== without(is) && conditionKey(befores[at]!, { ...namings.old, fact: (name) => name, definition: (name) => name }) === olds[at]) changes.push({ kind: "condition rewritten", was: written(old, befores[at]!), now: is, bears: false });
  }
  const [gone, come] = [[...left], [...right]];
  const bags = (list: readonly Condition[], places: readonly number[], version: Version) => places.map((at) => bagOf(written(version, list[at]!)));
  const [a, b] = [bags(befores, gone, old), bags(afters, come, now)];
  const single = gone.length === 1 && come.length === 1;
  best(scored(a.length, b.length, (x, y) => likeness(a[x]!, b[y]!), single ? 0 : 0.3), (x, y) => {
    left.delete(gone[x]!);
    right.delete(come[y]!);
    changes.push({ kind: "condition changed", was: written(old, befores[gone[x]!]!), now: written(now, afters[come[y]!]!), bears: true });
  });
  for (const at of left) changes.push({ kind: "condition removed", was: written(old, befores[at]!), bears: true });
  for (const at of right) changes.push({ kind: "condition added", now: written(now, afters[at]!), bears: true });
  return changes;
}

function scopeKey(scope: Scope, naming: Naming): string {
  switch (scope.kind) {
    case "codes": return `codes ${scope.codes.map(({ from, to, descends, system }) => `${system ?? ""} ${from}-${to}${descends ? "+" : ""}`).sort().join()}`;
    case "line of business": case "pathway": return `${scope.kind} ${[...scope.values].sort().join()}`;
    case "condition": return `condition ${conditionKey(scope.condition, naming)}`;
  }
}

function scopeChanges(old: Version, now: Version, befores: readonly Scope[], afters: readonly Scope[], namings: Namings): readonly Pick<Change, "kind" | "was" | "now" | "bears">[] {
  const [olds, nows] = [befores.map((each) => scopeKey(each, namings.old)), afters.map((each) => scopeKey(each, namings.now))];
  const text = (version: Version, scope: Scope): string => said(version, scope.node).replace(/^applies to\s+/i, "");
  return [
    ...befores.filter((_, i) => !nows.includes(olds[i]!)).map((scope) => ({ kind: "scope removed" as const, was: text(old, scope), bears: true })),
    ...afters.filter((_, i) => !olds.includes(nows[i]!)).map((scope) => ({ kind: "scope added" as const, now: text(now, scope), bears: true })),
  ];
}

const durationKey = (duration: ApprovalDuration | undefined): string => (duration === undefined ? "" : `${duration.months ?? ""} ${duration.days ?? ""}`);
/** What a limit counts and in which period, and then how much. */
const limitKey = ({ unit, codes, per }: QuantityLimit): string => `${unit.toLowerCase()} of ${codes.map(({ system, text }) => `${system ?? ""} ${text}`).sort().join()} per ${per === undefined ? "" : `${per.value} ${per.unit}`}`;

/** For how long and how much is approved: six months written as half a year are the same. */
function approvalChanges(before: ApprovalTerms | undefined, after: ApprovalTerms | undefined): readonly Pick<Change, "kind" | "was" | "now" | "bears">[] {
  const changes: Pick<Change, "kind" | "was" | "now" | "bears">[] = [];
  if (durationKey(before?.duration) !== durationKey(after?.duration)) changes.push({ kind: "approval duration", was: before?.duration?.text, now: after?.duration?.text, bears: true });
  const [olds, nows] = [before?.quantities ?? [], after?.quantities ?? []];
  const [gone, come] = [olds.filter((each) => !nows.some((other) => limitKey(other) === limitKey(each) && other.value === each.value)), nows.filter((each) => !olds.some((other) => limitKey(other) === limitKey(each) && other.value === each.value))];
  const left = new Set(come);
  for (const each of gone) {
    // The same thing in another amount or period is one limit that has changed.
    const next = [...left].find((other) => limitKey(other) === limitKey(each)) ?? [...left].find((other) => other.unit.toLowerCase() === each.unit.toLowerCase());
    if (next !== undefined) left.delete(next);
    changes.push({ kind: "quantity limit", was: each.text, now: next?.text, bears: true });
  }
  for (const each of left) changes.push({ kind: "quantity limit", now: each.text, bears: true });
  return changes;
}

/** Texts of two lists that are in one only; the likest of them are one text that has changed. */
export function listChanges(befores: readonly string[], afters: readonly string[], { references }: Pick<Names, "references">): readonly { readonly was?: string; readonly now?: string }[] {
  const recited = (text: string): string => text.replace(/\[[\d\s,;–-]+\]/gu, (mark) => `[${mark.slice(1, -1).replace(/\d+/gu, (number) => String(references.get(Number(number)) ?? number))}]`);
  const olds = befores.map((text) => without(recited(text)));
  const nows = afters.map((text) => without(text));
  const gone = befores.filter((_, i) => !nows.includes(olds[i]!));
  const come = afters.filter((_, i) => !olds.includes(nows[i]!));
  const found: { was?: string; now?: string }[] = [];
  const [a, b] = [gone.map(bagOf), come.map(bagOf)];
  const [left, right] = [new Set(gone), new Set(come)];
  best(scored(a.length, b.length, (x, y) => likeness(a[x]!, b[y]!), 0.3), (x, y) => {
    left.delete(gone[x]!);
    right.delete(come[y]!);
    found.push({ was: gone[x]!, now: come[y]! });
  });
  return [...found, ...[...left].map((was) => ({ was })), ...[...right].map((now) => ({ now }))];
}
