// Edits of case files in which an attested criterion becomes a fact: what is under `criteria` goes under `facts`.
import type { Pair, Scalar, YAMLMap } from "yaml";
import { unquoted } from "../../semantics/addresses.js";
import type { Range } from "../../text.js";
import type { CaseText } from "../files.js";
import type { Edit } from "../model.js";
import { columnOf, lineBreak, wholeLines } from "./model.js";

type Yaml = typeof import("yaml");
// Resolved by the bundler; the YAML reader is loaded when a case file is first changed.
declare const require: (name: "yaml") => Yaml;

/** The edits that give a fact wherever a case file attests a criterion; undefined where the file cannot be read. */
export function attestationsToFact({ text, file }: CaseText, address: string, fact: string): readonly Edit[] | undefined {
  const { isMap, isSeq, parseDocument } = require("yaml");
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) return undefined;
  const { contents } = document;
  const list = isSeq(contents) ? contents.items : isMap(contents) ? (contents.has("cases") ? contents.get("cases") : [contents]) : [];
  const cases = (isSeq(list) ? list.items : list) as readonly unknown[];
  const edits: Edit[] = [];
  for (const each of Array.isArray(cases) ? cases : []) {
    if (!isMap(each)) continue;
    const criteria = pairOf(each, "criteria");
    if (criteria === undefined || !isMap(criteria.value)) continue;
    const given = criteria.value.items.find((pair) => keyText(pair).replace(/[()]/gu, "") === address);
    if (given === undefined) continue;
    const answer = answerOf(given.value, isMap(given.value));
    // Evidence of an answer that is not known has no place among the facts.
    if (answer === undefined && isMap(given.value)) return undefined;
    const last = criteria.value.items.length === 1;
    const facts = pairOf(each, "facts");
    edits.push(last ? without(text, each, criteria) : without(text, criteria.value, given));
    // What is unknown is left out of a case.
    if (answer !== undefined) edits.push(facts !== undefined && isMap(facts.value) ? added(text, facts.value, fact, answer) : newFacts(text, each, criteria, fact, answer));
  }
  for (const use of file.uses) {
    if (use.symbol.kind !== "criterion" || use.symbol.address !== address || !isMissing(file, use)) continue;
    edits.push({ ...unquoted(text, use), text: fact });
  }
  return joined(edits);
}

const ANSWERS: Readonly<Record<string, "yes" | "no">> = { met: "yes", true: "yes", yes: "yes", "not met": "no", false: "no", no: "no" };
/** The answer of a fact in place of that to a criterion; undefined where nothing is known. Evidence goes with it. */
function answerOf(value: unknown, isMap: boolean): string | undefined {
  if (!isMap) {
    const written = String((value as Scalar | null)?.value ?? "");
    return ANSWERS[written] ?? (/^\s*unable to obtain\b/iu.test(written) ? JSON.stringify(written) : undefined);
  }
  const { outcome, ...rest } = (value as YAMLMap).toJSON() as Readonly<Record<string, unknown>>;
  const answer = ANSWERS[String(outcome)];
  const said = { ...(answer === undefined ? {} : { value: answer }), ...rest };
  // Without an answer, what is recorded beside it would stand for nothing.
  return answer === undefined && rest["unable to obtain"] === undefined ? undefined : JSON.stringify(said, undefined, 1).replace(/\n\s*/gu, " ");
}

const keyText = (pair: Pair): string => String((pair.key as Scalar | null)?.value ?? "");
const pairOf = (map: YAMLMap, key: string): Pair | undefined => map.items.find((pair) => keyText(pair) === key);
const placeOf = (node: unknown): Range => {
  const range = (node as { range?: readonly [number, number, number] } | null)?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
};
const startOf = (pair: Pair): number => placeOf(pair.key).start;
const endOf = (pair: Pair): number => Math.max(placeOf(pair.key).end, placeOf(pair.value).end);
const isMissing = (file: CaseText["file"], use: Range): boolean => file.cases.some((each) => each.expect.missing.some(({ range }) => range.start === use.start));

/** A pair taken out of its map: its lines, or in a map between braces the pair with its comma. */
function without(text: string, map: YAMLMap, pair: Pair): Edit {
  const at = map.items.indexOf(pair);
  const next = map.items[at + 1];
  const before = map.items[at - 1];
  if (map.flow === true) {
    if (next !== undefined) return { start: startOf(pair), end: startOf(next), text: "" };
    return { start: before === undefined ? startOf(pair) : endOf(before), end: endOf(pair), text: "" };
  }
  // The first pair of a case stands behind the dash of its list.
  const first = /^[ \t]*-[ \t]+$/u.test(text.slice(wholeLines(text, { start: startOf(pair), end: startOf(pair) }).start, startOf(pair)));
  if (first && next !== undefined) return { start: startOf(pair), end: startOf(next), text: "" };
  const lines = wholeLines(text, { start: startOf(pair), end: text.slice(0, endOf(pair)).trimEnd().length });
  const indent = " ".repeat(columnOf(text, startOf(pair)));
  return { ...lines, text: comments(text.slice(lines.start, lines.end)).map((comment) => indent + comment + lineBreak(text)).join("") };
}

/** The comments of lines that go: they stay, each on a line of its own. */
const comments = (lines: string): readonly string[] =>
  lines.split(/\r?\n/u).flatMap((line) => /^(?:[^#"']|"[^"]*"|'[^']*'|(?<=\S)#)*(?<=^|\s)(#.*)$/u.exec(line)?.[1] ?? []);

/** Answers of several parts have their quotation marks. */
const quoted = (answer: string, quote: string): string => (/^["{]/u.test(answer) ? answer : `${quote}${answer}${quote}`);

function added(text: string, map: YAMLMap, name: string, answer: string): Edit {
  const first = map.items[0];
  const quote = first !== undefined && text[startOf(first)] === '"' ? '"' : "";
  const written = `${quote}${name}${quote}: ${quoted(answer, quote)}`;
  if (map.flow === true) {
    const at = placeOf(map).start + 1;
    return first === undefined ? { start: at, end: at, text: ` ${written} ` } : { start: startOf(first), end: startOf(first), text: `${written}, ` };
  }
  const at = startOf(first!);
  return { start: at, end: at, text: `${written}${lineBreak(text)}${" ".repeat(columnOf(text, at))}` };
}

function newFacts(text: string, map: YAMLMap, before: Pair, name: string, answer: string): Edit {
  const at = startOf(before);
  if (map.flow === true) {
    const quote = text[at] === '"' ? '"' : "";
    return { start: at, end: at, text: `${quote}facts${quote}: { ${quote}${name}${quote}: ${quoted(answer, quote)} }, ` };
  }
  const eol = lineBreak(text);
  const indent = " ".repeat(columnOf(text, at));
  return { start: at, end: at, text: `facts:${eol}${indent}  ${name}: ${answer}${eol}${indent}` };
}

/** An insertion at the start of what is taken out becomes one edit with it. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const result: Edit[] = [];
  for (const edit of sorted) {
    const before = result.at(-1);
    if (before !== undefined && edit.start < before.end) {
      // It stands within the lines that go: in their place.
      const column = edit.text.lastIndexOf("\n");
      const words = column < 0 ? edit.text : `${" ".repeat(edit.start - before.start)}${edit.text.slice(0, column + 1)}`;
      result[result.length - 1] = { start: before.start, end: before.end, text: before.text + words };
    } else result.push(edit);
  }
  return result;
}
