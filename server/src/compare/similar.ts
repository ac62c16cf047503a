// How alike two texts are, and which of two lists belong together: by equal words first, then by the likest.

/** The words of a text in small letters, with how often each stands there. */
export type Bag = ReadonlyMap<string, number>;

const WORD = /[a-z0-9]+(?:[.\-'][a-z0-9]+)*/g;

/** The words of a text. */
export function bagOf(text: string): Bag {
  const bag = new Map<string, number>();
  for (const written of text.toLowerCase().match(WORD) ?? []) {
    // One tumor and several are the same word here.
    const word = written.length > 3 && written.endsWith("s") ? written.slice(0, -1) : written;
    bag.set(word, (bag.get(word) ?? 0) + 1);
  }
  return bag;
}

/** From 0 (no word in common) to 1 (the same words), after Dice. */
export function likeness(a: Bag, b: Bag): number {
  let common = 0;
  let all = 0;
  for (const [word, times] of a) {
    all += times;
    const there = b.get(word);
    if (there !== undefined) common += Math.min(times, there);
  }
  for (const times of b.values()) all += times;
  return all === 0 ? 1 : (2 * common) / all;
}

/** Two of a kind that may belong together. */
export interface Candidate {
  readonly old: number;
  readonly now: number;
  readonly score: number;
}

/** The best of the candidates, each side taken once; of equal ones those that stand nearest to each other. */
export function best(candidates: readonly Candidate[], take: (old: number, now: number) => void): void {
  const [olds, nows] = [new Set<number>(), new Set<number>()];
  for (const { old, now } of [...candidates].sort((a, b) => b.score - a.score || Math.abs(a.old - a.now) - Math.abs(b.old - b.now) || a.old - b.old || a.now - b.now)) {
    if (olds.has(old) || nows.has(now)) continue;
    olds.add(old);
    nows.add(now);
    take(old, now);
  }
}

/** Beyond so many pairs only those near to each other are looked at. */
const MOST_PAIRS = 40_000;
const NEAR = 25;

/** Scores the pairs of two lists, all of them or, in long lists, those that stand near to each other. */
export function scored(olds: number, nows: number, score: (old: number, now: number) => number, least: number): readonly Candidate[] {
  const near = olds * nows > MOST_PAIRS;
  const found: Candidate[] = [];
  for (let old = 0; old < olds; old++) {
    const middle = Math.round((old * nows) / Math.max(1, olds));
    const [from, to] = near ? [Math.max(0, middle - NEAR), Math.min(nows, middle + NEAR + 1)] : [0, nows];
    for (let now = from; now < to; now++) {
      const value = score(old, now);
      if (value >= least) found.push({ old, now, score: value });
    }
  }
  return found;
}

/** Of a list of places, those that are not in the longest run that rises: what has changed its place. */
export function outOfOrder(places: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before: number[] = places.map(() => -1);
  for (const [at, place] of places.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[ends[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[at] = ends[low - 1]!;
    ends[low] = at;
  }
  const kept = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]!) kept.add(at);
  return new Set([...places.keys()].filter((at) => !kept.has(at)));
}
