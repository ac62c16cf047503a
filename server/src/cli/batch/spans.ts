// A table of stretches of bytes, so that the same bytes are read once: keys of a line, words of a case.

/** The beginning of a hash; each byte b goes on with `Math.imul(hash ^ b, HASH_STEP)`. */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_STEP = 0x01000193;

/** The hash of a stretch. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, HASH_STEP);
  return hash;
}

export interface Spans {
  /** The number of a stretch that was added for `slot`; 0 where there is none. */
  find(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number;
  /** Adds a stretch and gives its number, from 1. When the table is full, it forgets all and begins anew. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number;
}

/** Stretches that crowd one place are not looked for any further: the table is begun anew. */
const LONGEST_SEARCH = 64;

/** A table of up to `most` stretches (a power of two) with `room` bytes in all. */
export function spansOf(most: number, room: number, forget: () => void = () => undefined): Spans {
  const places = new Int32Array(most * 2);
  const mask = places.length - 1;
  const hashes = new Int32Array(most + 1);
  const slots = new Int32Array(most + 1);
  const starts = new Int32Array(most + 1);
  const lengths = new Int32Array(most + 1);
  const kept = new Uint8Array(room);
  let count = 0;
  let used = 0;

  const placeOf = (hash: number, slot: number): number => Math.imul(hash ^ Math.imul(slot + 1, 0x9e3779b1), 0x85ebca6b) >>> 7;

  function clear(): void {
    places.fill(0);
    count = used = 0;
    forget();
  }

  return {
    find(bytes, start, end, hash, slot) {
      const length = end - start;
      for (let place = placeOf(hash, slot), tries = 0; tries < LONGEST_SEARCH; place++, tries++) {
        const number = places[place & mask]!;
        if (number === 0) return 0;
        if (hashes[number] !== hash || slots[number] !== slot || lengths[number] !== length) continue;
        const from = starts[number]!;
        let i = 0;
        while (i < length && kept[from + i] === bytes[start + i]) i++;
        if (i === length) return number;
      }
      return 0;
    },
    add(bytes, start, end, hash, slot) {
      const length = end - start;
      if (count >= most || used + length > room) clear();
      let place = placeOf(hash, slot);
      for (let tries = 0; places[place & mask] !== 0; place++, tries++) {
        if (tries < LONGEST_SEARCH) continue;
        clear();
        break;
      }
      const number = ++count;
      places[place & mask] = number;
      hashes[number] = hash;
      slots[number] = slot;
      starts[number] = used;
      lengths[number] = length;
      kept.set(bytes.subarray(start, end), used);
      used += length;
      return number;
    },
  };
}
