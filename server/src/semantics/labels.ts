// Label schemes of outlines: I. A. 1. a. i. and (a). Knows which label follows which, and what a list ought to look like.
/** The usual schemes of published policies. */
export type Scheme = "roman" | "ROMAN" | "letter" | "LETTER" | "number";

const ROMAN_DIGITS: readonly (readonly [string, number])[] = [["c", 100], ["xc", 90], ["l", 50], ["xl", 40], ["x", 10], ["ix", 9], ["v", 5], ["iv", 4], ["i", 1]];

/** The roman numeral of a number from 1 to 399. */
export function roman(value: number): string {
  let rest = value;
  let text = "";
  for (const [digit, worth] of ROMAN_DIGITS) {
    while (rest >= worth) {
      text += digit;
      rest -= worth;
    }
  }
  return text;
}

let romans: ReadonlyMap<string, number> | undefined;
/** The number of a roman numeral in small letters. */
const fromRoman = (segment: string): number | undefined => (romans ??= new Map(Array.from({ length: 399 }, (_, i) => [roman(i + 1), i + 1]))).get(segment);

/** The place of a label in a scheme, counted from 1; undefined if it is none of the scheme. */
export function ordinal(segment: string, scheme: Scheme): number | undefined {
  switch (scheme) {
    case "number": return isFigure(segment) ? Number(segment) : undefined;
    case "roman": return fromRoman(segment);
    case "ROMAN": return segment === segment.toUpperCase() ? fromRoman(segment.toLowerCase()) : undefined;
    case "letter": return letterOrdinal(segment, 97);
    case "LETTER": return letterOrdinal(segment, 65);
  }
}

function isFigure(segment: string): boolean {
  for (let i = 0; i < segment.length; i++) if (segment.charCodeAt(i) < 48 || segment.charCodeAt(i) > 57) return false;
  return segment !== "";
}

// After z come aa, bb, cc, as outlines have it.
function letterOrdinal(segment: string, first: number): number | undefined {
  const place = segment.charCodeAt(0) - first;
  if (!(place >= 0 && place < 26) || segment.length > 2 || (segment.length === 2 && segment[0] !== segment[1])) return undefined;
  return place + 1 + (segment.length - 1) * 26;
}

/** The label of a place in a scheme. */
export function segmentAt(place: number, scheme: Scheme): string {
  switch (scheme) {
    case "number": return String(place);
    case "roman": return roman(place);
    case "ROMAN": return roman(place).toUpperCase();
    case "letter": case "LETTER": {
      const letter = String.fromCharCode((scheme === "letter" ? 97 : 65) + ((place - 1) % 26));
      return letter.repeat(Math.ceil(place / 26));
    }
  }
}

const SCHEMES: readonly Scheme[] = ["number", "ROMAN", "roman", "LETTER", "letter"];

/**
 * The scheme of a list, told from its labels: `I.` alone may be roman or a letter, so the scheme that fits the first label as
 * the first of its kind and fits the most labels is taken.
 */
export function schemeOf(segments: readonly string[]): Scheme | undefined {
  let best: Scheme | undefined;
  let bestScore = 0;
  for (const scheme of SCHEMES) {
    const places = segments.map((segment) => ordinal(segment, scheme));
    const fitting = places.filter((place) => place !== undefined).length;
    if (fitting === 0) continue;
    const score = fitting * 2 + (places[0] === 1 ? 1 : 0) + (places.every((place, i) => i === 0 || place === (places[i - 1] ?? -9) + 1) ? 1 : 0);
    if (score > bestScore) {
      best = scheme;
      bestScore = score;
    }
  }
  return best;
}

/** Which scheme is usual below another. */
const BELOW: Readonly<Record<Scheme, Scheme>> = { ROMAN: "LETTER", LETTER: "number", number: "letter", letter: "roman", roman: "number" };

/** The scheme that is usual below a label, told from the label alone; undefined where it has none. `top`: it is that of a statement. */
export function schemeBelow(label: string, top: boolean): Scheme | undefined {
  if (top && ordinal(label, "ROMAN") !== undefined) return BELOW.ROMAN;
  const scheme = /^\d/u.test(label) ? "number" : /^[A-Z]$/u.test(label) ? "LETTER" : /^[ivx]{2,}$|^i$/u.test(label) ? "roman" : /^[a-z]$/u.test(label) ? "letter" : undefined;
  return scheme && BELOW[scheme];
}
