// Which criterion of the new version is which of the old: by content and place, never by label alone. Bounded in time.
import type { Item, Version } from "./tree.js";
import { best, type Candidate, likeness, scored } from "./similar.js";

/** Two criteria at the same place are the same one reworded from here on. */
const LEAST_BESIDE = 0.4;
/** Two at different places need to be more alike. */
const LEAST_ELSEWHERE = 0.6;
/** Words that stand in more criteria than this tell nothing. */
const MOST_SHARING = 30;

/** Finds for each item of the old version the one of the new version that it has become. */
export function match(old: Version, now: Version): void {
  unique(old.items, now.items, (item) => item.size > 1 || item.words.length >= 25 ? item.whole : "", true);
  beside(old.roots, now.roots);
  unique(old.items, now.items, (item) => (item.words === "" ? "" : item.own), false);
  // What lies below criteria that have been found only now.
  for (const item of old.items) if (item.match !== undefined) beside(item.children, item.match.children);
  elsewhere(old, now);
  around(old);
  remaining(old.roots, now.roots);
  for (const item of old.items) if (item.match !== undefined) remaining(item.children, item.match.children);
}

/** The only item of a list that is not found again, and the only one that is new: under the same label it is the same place in other words. */
function remaining(olds: readonly Item[], nows: readonly Item[]): void {
  const [gone, come] = [olds, nows].map((items) => items.filter((item) => item.match === undefined)) as [Item[], Item[]];
  const [old, now] = [gone[0], come[0]];
  if (gone.length !== 1 || come.length !== 1 || old === undefined || now === undefined) return;
  if (old.label === "" || old.label !== now.label || old.children.length + now.children.length > 0 || (old.conditions !== "" && now.conditions !== "" && old.conditions !== now.conditions)) return;
  pair(old, now);
}

/** Pairs criteria whose items have stayed together, whatever their own words have become. */
function around(old: Version): void {
  for (const item of [...old.items].reverse()) {
    if (item.match !== undefined || item.children.length === 0) continue;
    const [most] = [...held(item)].filter(([parent]) => parent.match === undefined && parent.symbol.role === item.symbol.role).sort(([, a], [, b]) => b - a);
    if (most === undefined || 2 * most[1] < Math.max(item.children.length, most[0].children.length)) continue;
    pair(item, most[0]);
    beside(item.children, most[0].children);
  }
}

function pair(old: Item, now: Item): void {
  old.match = now;
  now.match = old;
}

/** Pairs what is the same in both versions and stands once in each. With `deep`, all that is below goes with it. */
function unique(olds: readonly Item[], nows: readonly Item[], key: (item: Item) => string, deep: boolean): void {
  const index = (items: readonly Item[]): Map<string, Item | undefined> => {
    const found = new Map<string, Item | undefined>();
    for (const item of items) {
      const text = item.match === undefined ? key(item) : "";
      if (text !== "") found.set(text, found.has(text) ? undefined : item);
    }
    return found;
  };
  const there = index(nows);
  for (const [text, old] of index(olds)) {
    const now = there.get(text);
    if (old === undefined || now === undefined || old.match !== undefined || now.match !== undefined) continue;
    pair(old, now);
    if (deep) together(old, now);
  }
}

/** Pairs what is below two items that are the same in all. */
function together(old: Item, now: Item): void {
  for (const [i, child] of old.children.entries()) {
    const other = now.children[i];
    if (other === undefined || child.match !== undefined || other.match !== undefined) continue;
    pair(child, other);
    together(child, other);
  }
}

/** Pairs the items of two lists that belong together, and then what is below them. */
function beside(olds: readonly Item[], nows: readonly Item[]): void {
  const free = (): [Item[], Item[]] => [olds.filter((item) => item.match === undefined), nows.filter((item) => item.match === undefined)];
  let [left, right] = free();
  if (left.length > 0 && right.length > 0) {
    // The same content in the same order, for items that stand several times.
    const waiting = new Map<string, Item[]>();
    for (const item of right) {
      const list = waiting.get(item.own);
      if (list === undefined) waiting.set(item.own, [item]);
      else list.push(item);
    }
    for (const item of left) {
      const list = waiting.get(item.own);
      const same = list?.find((other) => other.label === item.label) ?? list?.[0];
      if (list === undefined || same === undefined) continue;
      list.splice(list.indexOf(same), 1);
      pair(item, same);
    }
    [left, right] = free();
    const below = left.map((item) => held(item));
    best(scored(left.length, right.length, (old, now) => resemblance(left[old]!, right[now]!, below[old]!), LEAST_BESIDE), (old, now) => pair(left[old]!, right[now]!));
    [left, right] = free();
    // The only one that is left on both sides, with the same label and conditions or the same role without words.
    for (const item of left) {
      const other = right.find((each) => each.match === undefined && each.symbol.role === item.symbol.role && (item.words === "" ? each.words === "" : each.label === item.label && item.conditions !== "" && each.conditions === item.conditions));
      if (other !== undefined) pair(item, other);
    }
  }
  for (const item of olds) if (item.match !== undefined) beside(item.children, item.match.children);
}

/** Where what stands below an item has gone: the criteria of the new version that hold it, with how many of it. */
function held(item: Item): ReadonlyMap<Item, number> {
  const found = new Map<Item, number>();
  for (const child of item.children) {
    const parent = child.match?.parent;
    if (parent !== undefined) found.set(parent, (found.get(parent) ?? 0) + 1);
  }
  return found;
}

/** From 0 to about 1: by words, conditions, what is below, and a little for the same label. */
function resemblance(old: Item, now: Item, below: ReadonlyMap<Item, number>): number {
  if (old.symbol.role !== now.symbol.role) return 0;
  let score = old.words === "" && now.words === "" ? 0.3 : likeness(old.bag, now.bag);
  if (old.conditions !== "" && now.conditions !== "") score = old.conditions === now.conditions ? Math.max(score, 0.45) + 0.2 : score * 0.95;
  const most = Math.max(old.children.length, now.children.length);
  if (most > 0) score = 0.6 * score + 0.4 * Math.max((below.get(now) ?? 0) / most, score * 0.9);
  return score + (old.label !== "" && old.label === now.label ? 0.1 : 0);
}

/** Pairs what has gone elsewhere: candidates share rare words. */
function elsewhere(old: Version, now: Version): void {
  const [left, right] = [old, now].map(({ items }) => items.filter((item) => item.match === undefined && item.words !== "")) as [Item[], Item[]];
  if (left.length === 0 || right.length === 0) return;
  const sharing = new Map<string, number[]>();
  for (const [at, item] of right.entries()) {
    for (const word of item.bag.keys()) {
      const list = sharing.get(word);
      if (list === undefined) sharing.set(word, [at]);
      else list.push(at);
    }
  }
  const candidates: Candidate[] = [];
  for (const [at, item] of left.entries()) {
    const seen = new Set<number>();
    for (const word of item.bag.keys()) {
      const list = sharing.get(word);
      if (list !== undefined && list.length <= MOST_SHARING) for (const other of list) seen.add(other);
    }
    for (const other of seen) {
      const score = resemblance(item, right[other]!, held(item));
      if (score >= LEAST_ELSEWHERE) candidates.push({ old: at, now: other, score });
    }
  }
  best(candidates, (from, to) => pair(left[from]!, right[to]!));
  for (const item of left) if (item.match !== undefined) beside(item.children, item.match.children);
}
