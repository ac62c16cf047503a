// A change between two versions of a policy in plain words.
import type { Change, Comparison, VersionName } from "../compare/model.js";
import { counted, sentenceList } from "../text.js";
import type { StatementKind } from "../vocabulary.js";
import { KIND_WORDS } from "./words.js";

/** A change as it is shown: what it is about, what happened, and the words before and after. */
export interface ShownChange {
  readonly sign: "+" | "−" | "~";
  readonly subject: string;
  readonly what: string;
  readonly was?: string | undefined;
  readonly now?: string | undefined;
}

/** Changes that belong under one heading. */
export interface ShownGroup {
  readonly heading: string;
  readonly changes: readonly ShownChange[];
}

const HEADINGS = [
  ["header", "Header"], ["criteria", "Criteria"], ["definitions", "Definitions"], ["facts", "Facts"], ["codes", "Codes"],
  ["references", "References"], ["notes", "Notes"], ["text", "Text"], ["revisions", "Revision log"],
] as const;

/** The changes under the headings of the policy, in words; references that only change their number or date as one. */
export function shownGroups({ changes }: Comparison): readonly ShownGroup[] {
  return HEADINGS.flatMap(([area, heading]) => {
    const own = changes.filter((change) => change.area === area);
    if (own.length === 0) return [];
    return [{ heading, changes: area === "references" ? referenceWords(own) : own.map(changeWords) }];
  });
}

const quotedName = (name: string | undefined): string => `“${name ?? ""}”`;

/** One change in words. */
export function changeWords(change: Change): ShownChange {
  const { kind, before, after, was, now } = change;
  const subject = subjectOf(change);
  const more = change.below === undefined ? "" : `, with ${counted(change.below, "criterion", "criteria")} below it`;
  const base = { sign: kind === "added" || kind.endsWith(" added") ? "+" : kind === "removed" || kind.endsWith(" removed") ? "−" : "~", subject, was, now } as const;
  switch (kind) {
    case "added": return { ...base, what: `added${more}` };
    case "removed": return { ...base, what: `removed${more}` };
    case "reworded": return { ...base, what: change.bears || change.area !== "criteria" ? "reworded" : "reworded, decides as before" };
    case "renumbered": return { ...base, subject: subjectOf({ ...change, after: undefined }), what: `now ${after}`, now };
    case "moved": return { ...base, subject: subjectOf({ ...change, after: undefined }), what: before === after ? "moved" : `moved to ${after}`, now };
    case "renamed": return { ...base, subject: before ?? "", what: `now called ${after}` };
    case "ended": return { ...base, what: `ends on ${now}`, was: undefined, now: undefined };
    case "condition added": return { ...base, what: `${clauseWords(change)} added${more}` };
    case "condition removed": return { ...base, what: `${clauseWords(change)} removed${more}` };
    case "condition changed": return { ...base, what: `${clauseWords(change)} changed` };
    case "condition rewritten": return { ...base, what: `${clauseWords(change)} written otherwise, means the same` };
    case "combinator": return { ...base, what: was === "" ? `now decides by its list: ${now}` : now === "" ? `no longer decides by a list (${was})` : "list decides otherwise" , ...(was === "" || now === "" ? { was: undefined, now: undefined } : {}) };
    case "determination": return { ...base, what: "determination changed", was: KIND_WORDS[was as StatementKind], now: KIND_WORDS[now as StatementKind] };
    case "scope added": return { ...base, what: "now applies only to" };
    case "scope removed": return { ...base, what: "no longer applies only to" };
    case "approval duration": case "quantity limit":
      return { ...base, sign: was === undefined ? "+" : now === undefined ? "−" : "~", what: `${kind} ${was === undefined ? "added" : now === undefined ? "removed" : "changed"}` };
    case "citations": return { ...base, what: "cites otherwise", was: was === "" ? "nothing" : was, now: now === "" ? "nothing" : now };
    case "note": return { ...base, sign: was === undefined ? "+" : now === undefined ? "−" : "~", what: was === undefined ? "note added" : now === undefined ? "note removed" : "note changed" };
    case "value": return { ...base, sign: was === undefined ? "+" : now === undefined ? "−" : "~", what: was === undefined ? "added" : now === undefined ? "removed" : "changed" };
    case "type": return { ...base, what: "another kind of answer" };
    case "question": return { ...base, what: "question changed" };
    case "mapping": return { ...base, what: "taken from FHIR data otherwise", was: was || "nothing", now: now || "nothing" };
    case "dates": return { ...base, what: "dates changed", was: was || "none", now: now || "none" };
    case "description": return { ...base, what: "description changed" };
    case "successors": return { ...base, what: "what replaces it changed", was: was || "nothing", now: now || "nothing" };
    case "applies to": return { ...base, what: "stands for other criteria", was: was || "all", now: now || "all" };
    case "mark": return { ...base, what: "mark changed", was: was || "none", now: now || "none" };
    case "group": return { ...base, what: "stands under another heading", was: was || "none", now: now || "none" };
  }
}

function subjectOf({ area, before, after }: Change): string {
  const name = after ?? before;
  switch (area) {
    case "text": return quotedName(name);
    case "references": return `[${name}]`;
    case "notes": return "Note";
    case "header": return name ?? "";
    default: return name ?? "";
  }
}

const clauseWords = ({ clause, area }: Change): string => {
  if (area === "definitions") return "meaning";
  switch (clause) {
    case "unless": return "exception";
    case "waived when": return "waiver";
    case "if": return "guard";
    default: return "condition";
  }
};

/** References: added and removed one by one, the rest in a line each. */
function referenceWords(changes: readonly Change[]): readonly ShownChange[] {
  const shown = changes.filter(({ kind }) => kind === "added" || kind === "removed").map(changeWords);
  const renumbered = changes.filter(({ kind }) => kind === "renumbered");
  for (const [from, to] of shifts(renumbered.map(({ before, after }) => [Number(before), Number(after)] as const))) shown.push({ sign: "~", subject: from, what: `now ${to}` });
  const reworded = changes.filter(({ kind }) => kind === "reworded");
  if (reworded.length > 3) shown.push({ sign: "~", subject: `[${figures(reworded.map(({ after }) => Number(after)))}]`, what: "reworded" });
  else shown.push(...reworded.map(changeWords));
  return shown;
}

/** Numbers that moved by the same step, together: `[3-50]` to `[2-49]`. */
function shifts(pairs: readonly (readonly [number, number])[]): readonly (readonly [string, string])[] {
  const runs: [number, number, number][] = [];
  for (const [from, to] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === from && last[2] === to - from) last[1] = from;
    else runs.push([from, from, to - from]);
  }
  const span = (from: number, to: number): string => (from === to ? `[${from}]` : `[${from}-${to}]`);
  return runs.map(([from, to, step]) => [span(from, to), span(from + step, to + step)] as const);
}

/** Numbers in ascending order, runs as `3-7`. */
export function figures(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

/** Addresses as a reader names them: those that follow one another under one criterion as `I.B-D`. */
export function addressRanges(addresses: readonly string[]): readonly string[] {
  const runs: { parent: string; first: string; last: string }[] = [];
  for (const address of addresses) {
    const at = address.lastIndexOf(".");
    const [parent, label] = [address.slice(0, at + 1), address.slice(at + 1)];
    const run = runs.at(-1);
    if (run !== undefined && run.parent === parent && follows(run.last, label)) run.last = label;
    else runs.push({ parent, first: label, last: label });
  }
  return runs.map(({ parent, first, last }) => (first === last ? `${parent}${first}` : `${parent}${first}-${last}`));
}

function follows(before: string, label: string): boolean {
  if (/^\d+$/u.test(before) && /^\d+$/u.test(label)) return Number(label) === Number(before) + 1;
  return before.length === 1 && label.length === 1 && label.charCodeAt(0) === before.charCodeAt(0) + 1;
}

/** A condition for people who do not read operators: `age < 18 years` as "age less than 18 years". */
export function plainCondition(text: string): string {
  return text
    .replace(/\s*(<=|≤|>=|≥|!=|≠|<|>|=)\s*/gu, (_, sign: string) => ` ${SIGNS[sign] ?? sign} `)
    .replace(/(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])/gu, " ")
    .replace(/\s+/gu, " ").trim();
}
const SIGNS: Readonly<Record<string, string>> = { "<": "less than", "<=": "at most", "≤": "at most", ">": "more than", ">=": "at least", "≥": "at least", "=": "exactly", "!=": "other than", "≠": "other than" };

/** Stretches of words that were put in the place of others; undefined where so much differs that the whole is clearer. */
export function wordEdits(was: string, now: string): readonly { readonly was: string; readonly now: string }[] | undefined {
  const [a, b] = [was.split(" "), now.split(" ")];
  if (a.length * b.length > 60_000) return undefined;
  // Longest common run of words, from the ends back.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const edits: { was: string[]; now: string[] }[] = [];
  let [i, j, open] = [0, 0, false];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      [i, j, open] = [i + 1, j + 1, false];
      continue;
    }
    if (!open) edits.push({ was: [], now: [] });
    open = true;
    if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) edits.at(-1)!.was.push(a[i++]!);
    else edits.at(-1)!.now.push(b[j++]!);
  }
  const changed = edits.reduce((sum, edit) => sum + edit.was.length + edit.now.length, 0);
  if (edits.length > 3 || changed > (a.length + b.length) * (edits.length === 1 ? 0.6 : 0.4)) return undefined;
  return edits.map((edit) => ({ was: edit.was.join(" "), now: edit.now.join(" ") }));
}

/** A few words with one or two beside them on each side, as `among` has them, so that a reader finds the place. */
export function withNeighbours(words: string, among: string): string {
  if (words.split(" ").length > 2) return words;
  const at = ` ${among} `.indexOf(` ${words} `);
  if (at < 0 || ` ${among} `.indexOf(` ${words} `, at + 1) >= 0) return words;
  const before = among.slice(0, at).trim().split(" ").slice(-2);
  const after = among.slice(at + words.length).trim().split(" ").slice(0, 1);
  return [...before, words, ...after].filter((word) => word !== "").join(" ");
}

/** `LA.CP.MP.69  Title`, as the new version has it. */
export function comparedTitle({ before, after }: Comparison): string {
  const parts = [after.number ?? before.number, after.title ?? before.title].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "Policy without number and title" : parts.join("  ");
}

/** The dates that tell versions apart. */
export function versionDates({ revised, effective }: VersionName): string {
  return sentenceList([revised && `revised ${revised}`, effective && `effective ${effective}`].filter((part): part is string => part !== undefined && part !== ""), "and").replace(" and ", ", ");
}

/** The figures of a comparison in one sentence. */
export function summaryWords({ changes }: Comparison): string {
  if (changes.length === 0) return "No change: the two versions say the same.";
  const count = (kind: Change["kind"]): number => changes.filter((change) => change.area === "criteria" && change.kind === kind).length;
  const criteria = ([["added", "added"], ["removed", "removed"], ["reworded", "reworded"], ["moved", "moved"], ["renumbered", "renumbered"]] as const).filter(([kind]) => count(kind) > 0).map(([kind, word]) => `${count(kind)} ${word}`);
  const logic = changes.filter((change) => (change.area === "criteria" || change.area === "definitions") && /^(?:condition (?!rewritten)|combinator|determination|scope|approval duration|quantity limit)/u.test(change.kind)).length;
  const rest = (["codes", "references"] as const).map((area) => [area, changes.filter((change) => change.area === area).length] as const).filter(([, number]) => number > 0);
  const parts = [...(criteria.length > 0 ? [`criteria: ${criteria.join(", ")}`] : []), ...(logic > 0 ? [`${counted(logic, "change")} of logic`] : []), ...rest.map(([area, number]) => `${counted(number, "change")} of ${area}`)];
  return `${counted(changes.length, "change")}${parts.length === 0 ? "" : ` (${parts.join("; ")})`}.`;
}
