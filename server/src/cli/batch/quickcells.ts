// Reads a row of a table from its bytes straight into the slots of an evaluator, where it stands on one line. As with lines of NDJSON, what the checker
// surely takes is taken; the rest is left to the reader of tables.
import type { Evaluator } from "../../evaluate/compile.js";
import { CELL_SEPARATOR, type Column } from "../../semantics/casetable.js";
import type { OutcomeName } from "../../semantics/model.js";
import type { Binder } from "./bind.js";
import type { QuickReader } from "./quicklines.js";
import { slotsOf, textOf } from "./slots.js";
import { HASH_START, HASH_STEP } from "./spans.js";

const LF = 10, CR = 13, SPACE = 32, QUOTE = 34, COMMA = 44, BACKSLASH = 92, ASCII = 0x80;
/** A row larger than this is left to the reader of tables, which has a limit of its own. */
const LARGEST = 1 << 19;
const OUTCOMES: ReadonlyMap<string, OutcomeName> = new Map([["met", "met"], ["not met", "not met"], ["unknown", "unknown"]]);

/** Makes the reader of rows for a policy and the columns of a table. */
export function quickCells(evaluator: Evaluator, binder: Binder, columns: readonly Column[]): QuickReader {
  const slots = slotsOf(evaluator, binder, (text) => text.split(CELL_SEPARATOR).map((each) => each.trim()).filter((each) => each !== ""));
  const { row } = slots;
  const { attested } = evaluator.program;

  const takers = columns.map((column): ((bytes: Uint8Array, start: number, end: number, hash: number) => boolean) => {
    switch (column.kind) {
      case "name": return (_, start, end) => {
        row.nameStart = start;
        row.nameEnd = end;
        return true;
      };
      case "on": return slots.on;
      case "codes": return slots.codes;
      case "line of business": return slots.lineOfBusiness;
      case "pathway": return slots.pathway;
      case "note": return () => true;
      case "expect": return slots.expect;
      case "fact": {
        const { slot, type } = column.fact;
        const take = type.kind === "text" ? slots.text : slots.cell;
        return (bytes, start, end, hash) => slots.figure(bytes, start, slot, end) === end || take(bytes, start, end, hash, slot);
      }
      case "criterion": {
        const slot = binder.attests(column.address) ? attested.get(column.address) : undefined;
        return (bytes, start, end) => {
          const outcome = OUTCOMES.get(textOf(bytes, start, end));
          return slot !== undefined && outcome !== undefined && slots.attest(slot, outcome);
        };
      }
      // What is expected beyond a determination needs the explanation; what is not known, the checker.
      default: return () => false;
    }
  });

  return {
    row,
    read(bytes, from) {
      slots.begin();
      let at = from;
      for (let column = 0; ; column++) {
        const quoted = bytes[at] === QUOTE;
        if (quoted) at++;
        while (bytes[at] === SPACE) at++;
        const start = at;
        let sum = HASH_START;
        let end = at;
        let ending = sum;
        let byte = bytes[at]!;
        let wide = false;
        for (; byte >= SPACE && byte !== QUOTE && (byte !== COMMA || quoted); byte = bytes[++at]!) {
          sum = Math.imul(sum ^ byte, HASH_STEP);
          if (byte === SPACE) continue;
          if (byte >= ASCII || byte === BACKSLASH) wide = true;
          end = at + 1;
          ending = sum;
        }
        if (quoted) {
          // What stands twice inside is one quotation mark: left to the reader of tables, as a line end inside is.
          if (byte !== QUOTE) return -1;
          byte = bytes[++at]!;
          if (byte === QUOTE) return -1;
        }
        if (end > start) {
          const take = takers[column];
          // Beyond ASCII there are other spaces, which are no part of a cell either. (A backslash in a name is not written as it is.)
          if (take === undefined || (wide && !trimmed(bytes, start, end)) || !take(bytes, start, end, ending)) return -1;
          if (wide && columns[column]!.kind === "name") row.name = textOf(bytes, start, end);
        }
        if (byte === COMMA) {
          at++;
          continue;
        }
        if (byte === CR) byte = bytes[++at]!;
        return byte === LF && slots.complete() && at - from < LARGEST ? at + 1 : -1;
      }
    },
  };
}

function trimmed(bytes: Uint8Array, start: number, end: number): boolean {
  const text = textOf(bytes, start, end);
  return text.trim() === text;
}
