// Reads a line of NDJSON from its bytes straight into the slots of an evaluator. It takes only what the checker surely takes, and
// to the same values; whatever is unusual is left to the reader of case files, which knows the places of all it reads.
import type { Evaluator } from "../../evaluate/compile.js";
import type { Binder } from "./bind.js";
import { type QuickRow, slotsOf, textOf } from "./slots.js";
import { HASH_START, HASH_STEP, hashOf, type Spans, spansOf } from "./spans.js";

export interface QuickReader {
  readonly row: QuickRow;
  /** Binds the case on the line at `from`, which a line end must end; gives the offset behind the line, -1 where it is not taken. */
  read(bytes: Uint8Array, from: number): number;
}

const TAB = 9, LF = 10, CR = 13, SPACE = 32, QUOTE = 34, COMMA = 44, COLON = 58, OPEN_LIST = 91, BACKSLASH = 92, CLOSE_LIST = 93, OPEN = 123, CLOSE = 125;
const LOWER_T = 0x74, LOWER_F = 0x66;

/** Bytes that a plain string goes on with: no control character, no quotation mark, no escape. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH));
const encoder = new TextEncoder();

const enum Key { Name = 1, On, Codes, LineOfBusiness, Pathway, Facts, Criteria, Expect, Note }
const KEYS: readonly (readonly [string, Key])[] = [
  ["name", Key.Name], ["on", Key.On], ["codes", Key.Codes], ["line of business", Key.LineOfBusiness], ["pathway", Key.Pathway],
  ["facts", Key.Facts], ["criteria", Key.Criteria], ["expect", Key.Expect], ["note", Key.Note],
];
const OUTCOMES = ["met", "not met", "unknown"] as const;

/** A fixed table of words: the number under which each was given, 0 for any other. */
interface Words {
  readonly spans: Spans;
  readonly numbers: Int32Array;
}
function wordsOf(words: readonly (readonly [string, number])[]): Words {
  const all = words.map(([word, number]) => [encoder.encode(word), number] as const);
  const most = 2 ** Math.ceil(Math.log2(all.length + 2));
  const spans = spansOf(most, all.reduce((sum, [bytes]) => sum + bytes.length, 1));
  const numbers = new Int32Array(most + 1);
  for (const [bytes, number] of all) numbers[spans.add(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length), 0)] = number;
  return { spans, numbers };
}

const ANSWER_KEYS = [["value", 1], ["outcome", 1], ["evidence", 2]] as const;

/** Makes the reader of lines for a policy. `evidence` is false where what is said of evidence is asked for, and not only what is decided. */
export function quickLines(evaluator: Evaluator, binder: Binder, evidence: boolean): QuickReader {
  const slots = slotsOf(evaluator, binder, codesIn);
  const { row } = slots;
  const keys = wordsOf(KEYS);
  // A fact's number is one more than its slot, so that 0 is left for none; so is a criterion's.
  const factWords = wordsOf(evaluator.policy.facts.map(({ name, slot }) => [name, slot + 1] as const));
  const criterionWords = wordsOf([...evaluator.program.attested].filter(([address]) => binder.attests(address)).map(([address, slot]) => [address, slot + 1] as const));
  const [valueWords, answerWords] = ["outcome", "value"].map((other) => wordsOf(ANSWER_KEYS.filter(([key]) => key !== other))) as [Words, Words];
  const outcomeWords = wordsOf(OUTCOMES.map((outcome, i) => [outcome, i + 1] as const));
  let hash = 0;

  function skip(bytes: Uint8Array, from: number): number {
    let at = from;
    while (bytes[at] === SPACE || bytes[at] === TAB) at++;
    return at;
  }

  /** The quotation mark that ends the string whose first character stands at `from`, with its hash; -1 for any but a plain string. */
  function plainEnd(bytes: Uint8Array, from: number): number {
    let sum = HASH_START;
    let at = from;
    for (let byte = bytes[at]!; PLAIN[byte] === 1; byte = bytes[++at]!) sum = Math.imul(sum ^ byte, HASH_STEP);
    hash = sum;
    return bytes[at] === QUOTE ? at : -1;
  }

  /** The same for a string that may hold escapes; whether they are sound is not looked at. */
  function stringEnd(bytes: Uint8Array, from: number): number {
    let at = from;
    for (;;) {
      while (PLAIN[bytes[at]!] === 1) at++;
      if (bytes[at] === QUOTE) return at;
      if (bytes[at] !== BACKSLASH || bytes[at + 1]! < SPACE) return -1;
      at += 2;
    }
  }

  /** Behind the list that begins at `from`, with its hash; -1 where it does not end, or holds an escape. */
  function listEnd(bytes: Uint8Array, from: number): number {
    let sum = HASH_START;
    let depth = 0;
    let quoted = false;
    for (let at = from; ; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH || (byte < SPACE && (byte !== TAB || quoted))) return -1;
      sum = Math.imul(sum ^ byte, HASH_STEP);
      if (byte === QUOTE) quoted = !quoted;
      else if (quoted) continue;
      else if (byte === OPEN_LIST || byte === OPEN) depth++;
      else if ((byte === CLOSE_LIST || byte === CLOSE) && --depth === 0) {
        hash = sum;
        return at + 1;
      }
    }
  }

  const find = ({ spans, numbers }: Words, bytes: Uint8Array, start: number, end: number): number => numbers[spans.find(bytes, start, end, hash, 0)]!;

  /** Behind `true` or `false`; -1 for anything else. */
  function wordEnd(bytes: Uint8Array, at: number): number {
    if (bytes[at] === LOWER_T) return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
    return bytes[at + 1] === 0x61 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : -1;
  }

  /** Behind an answer with its evidence: `{"value": 9, "evidence": …}`. */
  function readGrounded(bytes: Uint8Array, from: number, number: number, words: Words, readAlone: (bytes: Uint8Array, at: number, number: number) => number): number {
    let at = skip(bytes, from + 1);
    let seen = 0;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const end = plainEnd(bytes, at + 1);
      const key = end < 0 ? 0 : find(words, bytes, at + 1, end);
      if (key === 0 || (seen & key) > 0) return -1;
      seen |= key;
      at = skip(bytes, end + 1);
      if (bytes[at] !== COLON) return -1;
      at = skip(bytes, at + 1);
      if (key === 1) {
        if (bytes[at] === OPEN) return -1;
        at = readAlone(bytes, at, number);
      } else {
        at = readEvidence(bytes, at);
      }
      if (at < 0) return -1;
      at = skip(bytes, at);
      if (bytes[at] === CLOSE) return (seen & 1) === 1 ? at + 1 : -1;
      if (bytes[at] !== COMMA) return -1;
      at = skip(bytes, at + 1);
    }
  }

  function readEvidence(bytes: Uint8Array, at: number): number {
    const byte = bytes[at];
    if (byte === OPEN || byte === OPEN_LIST) {
      const end = listEnd(bytes, at);
      return end > 0 && slots.evidence(bytes, at, end, hash) ? end : -1;
    }
    const end = byte === QUOTE ? plainEnd(bytes, at + 1) : -1;
    // With its quotation marks, as evidence in JSON.
    return end > 0 && slots.evidence(bytes, at, end + 1, hash) ? end + 1 : -1;
  }

  function readFact(bytes: Uint8Array, at: number, fact: number): number {
    const byte = bytes[at];
    if (byte === OPEN) return evidence ? readGrounded(bytes, at, fact, valueWords, readFact) : -1;
    if (byte === LOWER_F || byte === LOWER_T) {
      const end = wordEnd(bytes, at);
      return end > 0 && slots.yes(fact, byte === LOWER_T) ? end : -1;
    }
    if (byte === QUOTE) {
      const end = plainEnd(bytes, at + 1);
      return end > 0 && slots.text(bytes, at + 1, end, hash, fact) ? end + 1 : -1;
    }
    if (byte === OPEN_LIST) {
      const end = listEnd(bytes, at);
      return end > 0 && slots.list(bytes, at, end, hash, fact) ? end : -1;
    }
    return slots.figure(bytes, at, fact);
  }

  function readAnswer(bytes: Uint8Array, at: number, criterion: number): number {
    const byte = bytes[at];
    if (byte === OPEN) return evidence ? readGrounded(bytes, at, criterion, answerWords, readAnswer) : -1;
    if (byte === LOWER_F || byte === LOWER_T) {
      const end = wordEnd(bytes, at);
      return end > 0 && slots.attest(criterion, byte === LOWER_T ? "met" : "not met") ? end : -1;
    }
    if (byte !== QUOTE) return -1;
    const end = plainEnd(bytes, at + 1);
    const outcome = end < 0 ? 0 : find(outcomeWords, bytes, at + 1, end);
    return outcome > 0 && slots.attest(criterion, OUTCOMES[outcome - 1]!) ? end + 1 : -1;
  }

  /** Behind an object of facts or criteria. */
  function readEntries(bytes: Uint8Array, from: number, words: Words, readValue: (bytes: Uint8Array, at: number, number: number) => number): number {
    if (bytes[from] !== OPEN) return -1;
    let at = skip(bytes, from + 1);
    if (bytes[at] === CLOSE) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const end = plainEnd(bytes, at + 1);
      const number = end < 0 ? 0 : find(words, bytes, at + 1, end);
      if (number === 0) return -1;
      at = skip(bytes, end + 1);
      if (bytes[at] !== COLON) return -1;
      at = readValue(bytes, skip(bytes, at + 1), number - 1);
      if (at < 0) return -1;
      at = skip(bytes, at);
      if (bytes[at] === CLOSE) return at + 1;
      if (bytes[at] !== COMMA) return -1;
      at = skip(bytes, at + 1);
    }
  }

  function readName(bytes: Uint8Array, from: number): number {
    if (bytes[from] !== QUOTE) return -1;
    let plain = true;
    let at = from + 1;
    for (let byte = bytes[at]!; PLAIN[byte] === 1; byte = bytes[++at]!) if (byte >= 0x80) plain = false;
    if (bytes[at] === BACKSLASH) plain = false;
    const end = stringEnd(bytes, at);
    if (end < 0) return -1;
    if (plain) {
      row.nameStart = skipSpaces(bytes, from + 1, end);
      row.nameEnd = row.nameStart === end ? end : backOverSpaces(bytes, end);
      return end + 1;
    }
    const text = parsed(bytes, from, end + 1);
    if (text === undefined) return -1;
    row.name = text.trim();
    return end + 1;
  }

  function readNote(bytes: Uint8Array, from: number): number {
    if (bytes[from] !== QUOTE) return -1;
    const plain = plainEnd(bytes, from + 1);
    if (plain > 0) return plain + 1;
    const end = stringEnd(bytes, from + 1);
    return end > 0 && parsed(bytes, from, end + 1) !== undefined ? end + 1 : -1;
  }

  function readText(bytes: Uint8Array, from: number, take: (bytes: Uint8Array, start: number, end: number, hash: number) => boolean): number {
    const end = bytes[from] === QUOTE ? plainEnd(bytes, from + 1) : -1;
    return end > 0 && take(bytes, from + 1, end, hash) ? end + 1 : -1;
  }

  function readValue(bytes: Uint8Array, at: number, key: number): number {
    switch (key as Key) {
      case Key.Name: return readName(bytes, at);
      case Key.On: return readText(bytes, at, slots.on);
      case Key.LineOfBusiness: return readText(bytes, at, slots.lineOfBusiness);
      case Key.Pathway: return readText(bytes, at, slots.pathway);
      case Key.Expect: return readText(bytes, at, slots.expect);
      case Key.Note: return readNote(bytes, at);
      case Key.Facts: return readEntries(bytes, at, factWords, readFact);
      case Key.Criteria: return readEntries(bytes, at, criterionWords, readAnswer);
      case Key.Codes: {
        const end = bytes[at] === OPEN_LIST ? listEnd(bytes, at) : -1;
        return end > 0 && slots.codes(bytes, at, end, hash) ? end : -1;
      }
      default: return -1;
    }
  }

  return {
    row,
    read(bytes, from) {
      slots.begin();
      let at = skip(bytes, from);
      if (bytes[at] !== OPEN) return -1;
      at = skip(bytes, at + 1);
      let seen = 0;
      for (;;) {
        if (bytes[at] !== QUOTE) return -1;
        const end = plainEnd(bytes, at + 1);
        const key = end < 0 ? 0 : find(keys, bytes, at + 1, end);
        if (key === 0 || (seen >> key) & 1) return -1;
        seen |= 1 << key;
        at = skip(bytes, end + 1);
        if (bytes[at] !== COLON) return -1;
        at = readValue(bytes, skip(bytes, at + 1), key);
        if (at < 0) return -1;
        at = skip(bytes, at);
        if (bytes[at] === CLOSE) break;
        if (bytes[at] !== COMMA) return -1;
        at = skip(bytes, at + 1);
      }
      at = skip(bytes, at + 1);
      if (bytes[at] === CR) at++;
      return bytes[at] === LF && slots.complete() ? at + 1 : -1;
    },
  };
}

/** The texts of requested codes, from their list in JSON. */
function codesIn(json: string): readonly string[] | undefined {
  try {
    const given: unknown = JSON.parse(json);
    return Array.isArray(given) && given.every((each) => typeof each === "string") ? (given as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** A string in JSON with its quotation marks; undefined where its escapes are not sound. */
function parsed(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    return JSON.parse(textOf(bytes, start, end)) as string;
  } catch {
    return undefined;
  }
}

function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}
function backOverSpaces(bytes: Uint8Array, end: number): number {
  let at = end;
  while (bytes[at - 1] === SPACE) at--;
  return at;
}
