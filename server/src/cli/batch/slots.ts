// Fills the slots of an evaluator from stretches of bytes: what a stretch comes to is asked of the checker once and kept.
import type { Evaluator } from "../../evaluate/compile.js";
import { isNumeric } from "../../evaluate/conditions.js";
import type { FactSymbol, FactValue, OutcomeName, PolicyCase } from "../../semantics/model.js";
import type { Binder } from "./bind.js";
import { spansOf } from "./spans.js";

/** What the quick readers read of a row beside what goes into the slots of the evaluator. */
export interface QuickRow {
  /** Where its name stands, without spaces at its ends; nothing stands there where `start` is `end`. */
  nameStart: number;
  nameEnd: number;
  /** The name, where its bytes are not what is shown. */
  name: string | undefined;
  expect: PolicyCase["expect"] | undefined;
}

/** Stretches kept, and the longest; a longer one is asked for each time. */
const MOST_KEPT = 1 << 15;
const LONGEST_KEPT = 2048;
const ROOM = 1 << 20;
/** Figures up to this many digits are read exactly by whole numbers and one division. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

const enum Kind { Wrong, Number, Other }
type Answer = number | true | FactValue | PolicyCase["expect"] | undefined;

/** What can stand in a slot of a row beside its facts. */
export interface Slots {
  readonly row: QuickRow;
  begin(): void;
  /** A fact from the bytes of a stretch, by its number among the facts; false where it must be looked at with its place. */
  text(bytes: Uint8Array, start: number, end: number, hash: number, fact: number): boolean;
  list(bytes: Uint8Array, start: number, end: number, hash: number, fact: number): boolean;
  cell(bytes: Uint8Array, start: number, end: number, hash: number, fact: number): boolean;
  /** A figure in the fact's own unit, up to `end` where that is given: gives the offset behind it, -1 where anything else stands there. */
  figure(bytes: Uint8Array, start: number, fact: number, end?: number): number;
  /** Yes or no. */
  yes(fact: number, value: boolean): boolean;
  on(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  codes(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  lineOfBusiness(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  pathway(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  expect(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  /** Whether evidence is sound; it fills no slot. */
  evidence(bytes: Uint8Array, start: number, end: number, hash: number): boolean;
  attest(slot: number, outcome: OutcomeName): boolean;
  /** Whether all is there that a case needs. */
  complete(): boolean;
}

/** The text of a stretch. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** `codesOf`: the texts of the requested codes, from what stands for them in a row. */
export function slotsOf(evaluator: Evaluator, binder: Binder, codesOf: (text: string) => readonly string[] | undefined): Slots {
  const { facts, request } = evaluator.latest;
  const { numbers, others } = facts;
  const symbols = evaluator.policy.facts;
  const count = symbols.length;
  const numeric = Uint8Array.from(symbols, (fact) => Number(isNumeric(fact)));
  const kindOf = (kind: FactSymbol["type"]["kind"]): Uint8Array => Uint8Array.from(symbols, (fact) => Number(fact.type.kind === kind));
  const [figures, answers] = [kindOf("number"), kindOf("yes/no")];
  const texts = kindOf("text");
  const least = Float64Array.from(symbols, ({ type }) => (type.kind === "number" ? (type.from ?? -Infinity) : 0));
  const most = Float64Array.from(symbols, ({ type }) => (type.kind === "number" ? (type.to ?? Infinity) : 0));
  const attested = new Int32Array(Math.max(1, evaluator.program.attested.size));
  const given = new Int32Array(count);
  let round = 0;

  const spans = spansOf(MOST_KEPT, ROOM);
  const kinds = new Uint8Array(MOST_KEPT + 1);
  const keptNumbers = new Float64Array(MOST_KEPT + 1);
  const keptOthers: Answer[] = new Array<Answer>(MOST_KEPT + 1).fill(undefined);
  // Stretches are kept by what they are read as: texts of facts by the numbers of these, then their lists, then the rest.
  const onSlot = 2 * count;
  const codesSlot = onSlot + 1;
  const lineSlot = onSlot + 2;
  const pathwaySlot = onSlot + 3;
  const expectSlot = onSlot + 4;
  const evidenceSlot = onSlot + 5;
  const textAsk = symbols.map((fact) => (text: string): Answer => binder.text(fact, text));
  const listAsk = symbols.map((fact) => (text: string): Answer => binder.list(fact, text));
  const cellAsk = symbols.map((fact) => (text: string): Answer => binder.cell(fact, text));
  const onAsk = (text: string): Answer => binder.on(text);
  const codesAsk = (text: string): Answer => {
    const codes = codesOf(text);
    return codes && binder.codes(codes);
  };
  const lineAsk = (text: string): Answer => binder.word("line of business", text);
  const pathwayAsk = (text: string): Answer => binder.word("pathway", text);
  const evidenceAsk = (text: string): Answer => binder.evidence(text);
  const expectAsk = (text: string): Answer => binder.expect(text);

  /** The number under which what a stretch comes to is kept; 0 is the place of what is too long to be kept. */
  function entryOf(bytes: Uint8Array, start: number, end: number, hash: number, slot: number, ask: (text: string) => Answer): number {
    const there = spans.find(bytes, start, end, hash, slot);
    return there !== 0 ? there : newEntry(bytes, start, end, hash, slot, ask);
  }
  function newEntry(bytes: Uint8Array, start: number, end: number, hash: number, slot: number, ask: (text: string) => Answer): number {
    const entry = end - start > LONGEST_KEPT ? 0 : spans.add(bytes, start, end, hash, slot);
    const answer = ask(textOf(bytes, start, end));
    kinds[entry] = answer === undefined ? Kind.Wrong : slot === onSlot || (slot < count && numeric[slot] === 1) ? Kind.Number : Kind.Other;
    if (kinds[entry] === Kind.Number) keptNumbers[entry] = Number(answer);
    else keptOthers[entry] = answer;
    return entry;
  }

  function bind(entry: number, fact: number): boolean {
    if (given[fact] === round) return false;
    given[fact] = round;
    const kind = kinds[entry];
    if (kind === Kind.Number) numbers[fact] = keptNumbers[entry]!;
    else if (kind === Kind.Other) others[fact] = keptOthers[entry] as (typeof others)[number];
    else return false;
    return true;
  }

  const row: QuickRow = { nameStart: 0, nameEnd: 0, name: undefined, expect: undefined };
  return {
    row,
    begin() {
      evaluator.begin();
      round++;
      row.nameStart = row.nameEnd = 0;
      row.name = row.expect = undefined;
    },
    text(bytes, start, end, hash, fact) {
      if (texts[fact] === 0) return bind(entryOf(bytes, start, end, hash, fact, textAsk[fact]!), fact);
      // Texts differ from row to row: nothing is kept of them.
      const value = binder.text(symbols[fact]!, textOf(bytes, start, end));
      if (value === undefined || given[fact] === round) return false;
      given[fact] = round;
      others[fact] = value as (typeof others)[number];
      return true;
    },
    list: (bytes, start, end, hash, fact) => bind(entryOf(bytes, start, end, hash, count + fact, listAsk[fact]!), fact),
    cell: (bytes, start, end, hash, fact) => bind(entryOf(bytes, start, end, hash, fact, cellAsk[fact]!), fact),
    figure(bytes, start, fact, end = -1) {
      if (figures[fact] === 0 || given[fact] === round) return -1;
      let at = start;
      const negative = bytes[at] === MINUS;
      if (negative) at++;
      const first = at;
      let value = 0;
      let digit = bytes[at]! - ZERO;
      for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
      // JSON writes no leading zeros.
      if (at === first || (at - first > 1 && bytes[first] === ZERO)) return -1;
      let digits = at - first;
      if (bytes[at] === POINT) {
        const point = at++;
        digit = bytes[at]! - ZERO;
        for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
        const places = at - point - 1;
        digits += places;
        if (places === 0 || digits > MOST_DIGITS) return -1;
        value /= POWERS[places]!;
      }
      if (digits > MOST_DIGITS) return -1;
      if (negative) value = -value;
      if (end >= 0 && at !== end) return -1;
      if (value < least[fact]! || value > most[fact]!) return -1;
      given[fact] = round;
      numbers[fact] = value;
      return at;
    },
    yes(fact, value) {
      if (answers[fact] === 0 || given[fact] === round) return false;
      given[fact] = round;
      numbers[fact] = value ? 1 : 0;
      return true;
    },
    on(bytes, start, end, hash) {
      const entry = entryOf(bytes, start, end, hash, onSlot, onAsk);
      if (kinds[entry] === Kind.Wrong) return false;
      facts.on = keptNumbers[entry]!;
      return true;
    },
    codes(bytes, start, end, hash) {
      request.codes = keptOthers[entryOf(bytes, start, end, hash, codesSlot, codesAsk)] as readonly string[] | undefined;
      return request.codes !== undefined;
    },
    lineOfBusiness(bytes, start, end, hash) {
      request.lineOfBusiness = keptOthers[entryOf(bytes, start, end, hash, lineSlot, lineAsk)] as string | undefined;
      return request.lineOfBusiness !== undefined;
    },
    pathway(bytes, start, end, hash) {
      request.pathway = keptOthers[entryOf(bytes, start, end, hash, pathwaySlot, pathwayAsk)] as string | undefined;
      return request.pathway !== undefined;
    },
    expect(bytes, start, end, hash) {
      row.expect = keptOthers[entryOf(bytes, start, end, hash, expectSlot, expectAsk)] as PolicyCase["expect"] | undefined;
      return row.expect !== undefined;
    },
    evidence: (bytes, start, end, hash) => keptOthers[entryOf(bytes, start, end, hash, evidenceSlot, evidenceAsk)] === true,
    attest(slot, outcome) {
      if (attested[slot] === round) return false;
      attested[slot] = round;
      evaluator.attest(slot, outcome);
      return true;
    },
    complete: () => facts.on === facts.on,
  };
}

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
