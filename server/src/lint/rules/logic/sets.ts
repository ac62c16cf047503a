// Sets that conditions allow: numbers as cuts of a line, and codes or words of a list. Every answer is certain; where unsure it is "no".
import type { CodeSet, CompareOp } from "../../../semantics/model.js";

/**
 * A set of numbers as cuts in ascending order, each a number and a side: the set begins at the first cut, ends at the second,
 * begins again at the third. Side 0 cuts before the number, side 1 behind it: `[2, 0, 5, 1]` is 2 to 5, both included.
 */
export type NumberSet = readonly number[];

export const NOTHING: NumberSet = [];
export const EVERYTHING: NumberSet = [-Infinity, 0, Infinity, 1];

/** The numbers that compare with `value` so. */
export function comparing(op: CompareOp, value: number): NumberSet {
  switch (op) {
    case "<": return [-Infinity, 0, value, 0];
    case "<=": return [-Infinity, 0, value, 1];
    case ">": return [value, 1, Infinity, 1];
    case ">=": return [value, 0, Infinity, 1];
    case "=": return [value, 0, value, 1];
    case "!=": return [-Infinity, 0, value, 0, value, 1, Infinity, 1];
  }
}

/** Numbers of both sets, or of either. */
function joined(a: NumberSet, b: NumberSet, needed: 1 | 2): NumberSet {
  const cuts: number[] = [];
  let i = 0;
  let j = 0;
  let inside = 0;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && (a[i]! < b[j]! || (a[i] === b[j] && a[i + 1]! <= b[j + 1]!)));
    const value = fromA ? a[i]! : b[j]!;
    const side = fromA ? a[i + 1]! : b[j + 1]!;
    const before = inside;
    while (i < a.length && a[i] === value && a[i + 1] === side) {
      inside += i % 4 === 0 ? 1 : -1;
      i += 2;
    }
    while (j < b.length && b[j] === value && b[j + 1] === side) {
      inside += j % 4 === 0 ? 1 : -1;
      j += 2;
    }
    if (before >= needed !== inside >= needed) cuts.push(value, side);
  }
  return cuts;
}

export const both = (a: NumberSet, b: NumberSet): NumberSet => joined(a, b, 2);
export const either = (a: NumberSet, b: NumberSet): NumberSet => joined(a, b, 1);

/** The numbers of a domain that are not in the set. */
export function without(domain: NumberSet, set: NumberSet): NumberSet {
  const cuts = set[0] === -Infinity ? set.slice(2) : [-Infinity, 0, ...set];
  if (cuts[cuts.length - 2] === Infinity) cuts.length -= 2;
  else cuts.push(Infinity, 1);
  return domain === EVERYTHING ? cuts : both(domain, cuts);
}

/** The set with every number turned round zero. */
export const turned = (set: NumberSet): NumberSet => set.map((_, i) => (i % 2 === 0 ? 0 - set[set.length - 2 - i]! : 1 - set[set.length - i]!));

/** True if every number of `a` is in `b`. */
export function isWithin(a: NumberSet, b: NumberSet): boolean {
  for (let i = 0; i < a.length; i += 4) {
    let inside = false;
    for (let j = 0; j < b.length && !inside; j += 4) {
      const begins = b[j]! < a[i]! || (b[j] === a[i] && b[j + 1]! <= a[i + 1]!);
      inside = begins && (b[j + 2]! > a[i + 2]! || (b[j + 2] === a[i + 2] && b[j + 3]! >= a[i + 3]!));
    }
    if (!inside) return false;
  }
  return true;
}

/** Some whole numbers as a set. */
export function someOf(values: readonly number[]): NumberSet {
  if (values.length === 1) return [values[0]!, 0, values[0]!, 1];
  const cuts: number[] = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    if (cuts.length > 0 && cuts[cuts.length - 2]! >= value - 1) cuts[cuts.length - 2] = value;
    else cuts.push(value, 0, value, 1);
  }
  return cuts;
}

/** The set without the fractions between whole numbers, so that `> 2` is `>= 3`. */
export function wholeNumbers(set: NumberSet): NumberSet {
  const cuts: number[] = [];
  for (let i = 0; i < set.length; i += 4) {
    const from = set[i + 1] === 0 ? Math.ceil(set[i]!) : Math.floor(set[i]!) + 1;
    const to = set[i + 3] === 1 ? Math.floor(set[i + 2]!) : Math.ceil(set[i + 2]!) - 1;
    if (from > to) continue;
    if (cuts.length > 0 && from === cuts[cuts.length - 2]! + 1) cuts.length -= 2;
    else cuts.push(from, 0);
    cuts.push(to, 1);
  }
  return cuts;
}

/** True if the number is in the set. */
export function holds(set: NumberSet, value: number): boolean {
  for (let i = 0; i < set.length; i += 4) {
    if ((set[i]! < value || (set[i] === value && set[i + 1] === 0)) && (set[i + 2]! > value || (set[i + 2] === value && set[i + 3] === 1))) return true;
  }
  return false;
}

// ── Codes and words ───────────────────────────────────────────────────────────────────────────────────────────────────
/** A word of a list as a set of its own. */
export const wordSet = (word: string): CodeSet => ({ from: word, to: word, descends: false, text: word, system: undefined });

// Codes are compared as text: what begins with a code lies between it and it with the last character behind.
const end = (set: CodeSet): string => (set.descends ? `${set.to}\uffff` : set.to);
const series = (code: string): string => `${code.length}${/[A-Z]$/u.exec(code)?.[0] ?? ""}`;

/** True if every code of `a` is certainly in `b`. */
export function isPartOf(a: CodeSet, b: CodeSet): boolean {
  if (a === b) return true;
  if (a.system !== b.system || a.from < b.from || end(a) > end(b)) return false;
  return b.descends || (!a.descends && (b.from === b.to || series(a.from) === series(b.from)));
}

/** True if certainly no code is in both. */
export const areApart = (a: CodeSet, b: CodeSet): boolean => end(a) < b.from || end(b) < a.from;
