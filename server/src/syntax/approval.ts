// Reads what stands behind `approval duration` and `quantity limit`: a length of time, and how much of what in which time.
import { onDemand } from "../text.js";
import type { CodePattern, Quantity, Word } from "./ast.js";

const FIGURE = String.raw`(\d+(?:\.\d+)?)`;
const DURATION = onDemand(() => new RegExp(String.raw`^\s*${FIGURE}\s+(\p{L}+)(?:\s+from\s+(?:the\s+)?date\s+of\s+service)?\s*[.;]?\s*$`, "du"));
/** What is counted: words, none of which begins what follows. */
const THING = String.raw`(\p{L}[\p{L}\p{N}\/\-]*(?:\s+(?!(?:per|of|every|each|in|within|for)(?:\s|$))\p{L}[\p{L}\p{N}\/\-]*)*)`;
const LIMIT = onDemand(() => new RegExp(String.raw`^\s*${FIGURE}\s+${THING}(?:\s+of\s+(\S.*?))?(?:\s+per\s+(?:${FIGURE}\s+)?(\p{L}+))?\s*[.;]?\s*$`, "dsu"));
const CODE = /^(\s*)(?:(CPT|HCPCS|ICD-10-PCS|ICD-10-CM|revenue|NDC)(\s+))?([A-Z0-9](?:[A-Z0-9.\-]*[A-Z0-9])?)\s*$/u;

/** What a quantity limit says. */
export interface QuantityLimitWords {
  readonly amount: Quantity;
  readonly codes: readonly CodePattern[];
  readonly per?: Quantity | undefined;
}

type Places = readonly (readonly [number, number] | undefined)[];
const wordAt = (text: string, [start, end]: readonly [number, number], offset: number): Word => ({ kind: "word", text: text.slice(start, end).replace(/\s+/gu, " "), start: offset + start, end: offset + end });

function quantityAt(text: string, figure: readonly [number, number] | undefined, unit: readonly [number, number], offset: number): Quantity {
  const word = wordAt(text, unit, offset);
  const written = figure === undefined ? "1" : text.slice(...figure);
  return { kind: "quantity", value: Number(written), text: written, unit: word, start: figure === undefined ? word.start : offset + figure[0], end: word.end };
}

/** Reads `6 months`; undefined where the text is no length of time. */
export function readDuration(text: string, offset: number): Quantity | undefined {
  const places: Places | undefined = DURATION().exec(text)?.indices;
  return places && quantityAt(text, places[1], places[2]!, offset);
}

/** Reads `12 units of HCPCS J0717 per 28 days`; undefined where the text is no such quantity. */
export function readQuantityLimit(text: string, offset: number): QuantityLimitWords | undefined {
  const places: Places | undefined = LIMIT().exec(text)?.indices;
  if (places === undefined) return undefined;
  const codes = places[3] === undefined ? [] : readCodes(text, places[3], offset);
  if (codes === undefined) return undefined;
  return { amount: quantityAt(text, places[1], places[2]!, offset), codes, per: places[5] && quantityAt(text, places[4], places[5], offset) };
}

/** `HCPCS J0717, J0718`: a system holds for the codes behind it. */
function readCodes(text: string, [from, to]: readonly [number, number], offset: number): readonly CodePattern[] | undefined {
  const codes: CodePattern[] = [];
  let system: Word | undefined;
  let at = from;
  for (const part of text.slice(from, to).split(",")) {
    const match = CODE.exec(part);
    if (match === null) return undefined;
    const [, before = "", own, gap = "", code = ""] = match;
    const begin = at + before.length;
    const start = begin + (own === undefined ? 0 : own.length + gap.length);
    if (own !== undefined) system = wordAt(text, [begin, begin + own.length], offset);
    const end = offset + start + code.length;
    const named = own === undefined && system !== undefined ? { ...system, start: offset + start, end: offset + start } : system;
    // The hyphens of a drug code belong to it; any other is between the ends of a range.
    const dash = system?.text === "NDC" ? -1 : code.indexOf("-");
    const [first, to] = dash < 0 ? [code] : [code.slice(0, dash), code.slice(dash + 1)];
    codes.push({ kind: "code", system: named, from: first!, to, category: false, start: offset + begin, end });
    at += part.length + 1;
  }
  return codes;
}
