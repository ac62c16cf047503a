// New expectations of a case in a YAML or JSON file, as edits of the words that change; comments and layout stay.
import { isMap, isScalar, isSeq, parseDocument, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Edit } from "../../diagnostic.js";
import type { PolicyCase } from "../../semantics/model.js";
import type { NewExpectations } from "./update.js";

/** The edits; undefined where the expectation is written in a way that cannot be changed without losing something. */
export function caseFileEdits(text: string, { nameRange }: PolicyCase, wanted: NewExpectations): readonly Edit[] | undefined {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, stringKeys: true });
  const found = caseAt(document.contents, nameRange.start);
  if (found === undefined) return undefined;
  const edits: Edit[] = [];
  const replace = (node: unknown, words: string): boolean => {
    if (!isScalar(node) || !node.range) return false;
    edits.push({ start: node.range[0], end: node.range[1], text: written(node, words) });
    return true;
  };
  const expect = found.get("expect", true) as unknown;
  if (isScalar(expect)) return wanted.determination !== undefined && replace(expect, wanted.determination) ? edits : undefined;
  if (!isMap(expect)) return undefined;
  if (wanted.determination !== undefined && !replace(expect.get("determination", true), wanted.determination)) return undefined;
  const gone = [...(wanted.by === "" ? ["by"] : []), ...(wanted.missing?.length === 0 ? ["missing"] : [])];
  if (!takeOut(text, expect, gone, edits)) return undefined;
  if (wanted.by !== undefined && wanted.by !== "" && !replace(expect.get("by", true), wanted.by)) return undefined;
  if (wanted.missing !== undefined && wanted.missing.length > 0) {
    const list = expect.get("missing", true) as unknown;
    if (isSeq(list)) {
      const edit = listEdit(text, list, wanted.missing);
      if (edit === undefined) return undefined;
      edits.push(edit);
    } else if (wanted.missing.length > 1 || !replace(list, wanted.missing[0]!)) {
      return undefined;
    }
  }
  if (wanted.outcomes.size > 0) {
    const criteria = expect.get("criteria", true) as unknown;
    if (!isMap(criteria)) return undefined;
    for (const [start, outcome] of wanted.outcomes) {
      // The expectation begins at its key.
      const pair = criteria.items.find(({ key, value }) => startOf(key) <= start && start <= Math.max(startOf(key), startOf(value)));
      const exact = criteria.items.find(({ key }) => startOf(key) === start) ?? pair;
      if (exact === undefined || !replace(exact.value, outcome)) return undefined;
    }
  }
  return edits;
}

const startOf = (node: unknown): number => (node as { range?: readonly [number, number, number] | null } | null)?.range?.[0] ?? -1;
const endOf = (node: unknown): number => (node as { range?: readonly [number, number, number] | null } | null)?.range?.[1] ?? -1;

function caseAt(contents: unknown, nameStart: number): YAMLMap | undefined {
  if (isMap(contents)) {
    const list = contents.get("cases", true) as unknown;
    if (isSeq(list)) return caseAt(list, nameStart);
    return startOf(contents.get("name", true)) === nameStart ? contents : undefined;
  }
  return isSeq(contents) ? contents.items.filter((item) => isMap(item)).find((item) => startOf(item.get("name", true)) === nameStart) : undefined;
}

/** In the quotation marks that are there. */
const written = ({ type }: Scalar, words: string): string => (type === "QUOTE_DOUBLE" ? JSON.stringify(words) : type === "QUOTE_SINGLE" ? `'${words}'` : words);

/** Takes keys with their values out: their lines, or in brackets the pairs with their commas. */
function takeOut(text: string, map: YAMLMap, names: readonly string[], edits: Edit[]): boolean {
  const pairs: readonly Pair[] = map.items;
  const goes = pairs.map(({ key }) => isScalar(key) && names.includes(String(key.value)));
  const lastKept = goes.lastIndexOf(false);
  if (lastKept < 0 || goes.filter(Boolean).length < names.length) return false;
  const ending = ({ key, value }: Pair): number => Math.max(endOf(value), endOf(key));
  const places = pairs.flatMap((pair, i) => {
    if (!goes[i]) return [];
    if (map.flow !== true) return [linesOf(text, startOf(pair.key), ending(pair))];
    if (i < lastKept) return [{ start: startOf(pair.key), end: startOf(pairs[i + 1]!.key) }];
    // What stands at the end goes together, with the comma before it.
    return i === lastKept + 1 ? [{ start: ending(pairs[lastKept]!), end: ending(pairs.at(-1)!) }] : [];
  });
  for (const place of places) {
    if (place === undefined || text.slice(place.start, place.end).includes("#")) return false;
    edits.push({ ...place, text: "" });
  }
  return true;
}

/** The whole lines of a pair; undefined where something else stands in them, as a map's first key may stand behind a dash. */
function linesOf(text: string, from: number, to: number): { readonly start: number; readonly end: number } | undefined {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const last = text.slice(0, to).trimEnd().length;
  const lineEnd = text.indexOf("\n", last);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  return text.slice(start, from).trim() === "" && text.slice(last, end).trim() === "" ? { start, end } : undefined;
}

/** A list with other entries, in the form it has. */
function listEdit(text: string, list: YAMLSeq, names: readonly string[]): Edit | undefined {
  const [first] = list.items;
  const words = names.map((name) => (isScalar(first) ? written(first, name) : name));
  const start = list.flow === true ? startOf(list) : startOf(first);
  const end = list.flow === true ? endOf(list) : endOf(list.items.at(-1));
  if (start < 0 || end < start || text.slice(start, end).includes("#")) return undefined;
  if (list.flow === true) return { start, end, text: `[${words.join(", ")}]` };
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (!/^\s*-\s+$/u.test(before)) return undefined;
  return { start, end, text: words.join(`${text.includes("\r\n") ? "\r\n" : "\n"}${before}`) };
}
