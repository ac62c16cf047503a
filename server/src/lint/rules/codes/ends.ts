// The rows of the code table whose codes end, by what the row says or by what is known, with their successors.
import { entriesFor, inSet, normalCode } from "../../../semantics/codes.js";
import { periodBetween } from "../../../semantics/period.js";
import type { CodeRow } from "../../../syntax/ast.js";
import { readDate } from "../../../syntax/dates.js";
import { sentenceList } from "../../../text.js";
import type { LintedPolicy } from "../../policy.js";
import { type CodeEnd, ENDED_CODES } from "./known.js";

/** A row whose code ends. */
export interface EndingRow {
  readonly row: CodeRow;
  /** The code, `CPT 77385`; of a range, the one within it that is known to end. */
  readonly code: string;
  /** Last day, days since 1970-01-01, and as it is written. */
  readonly until: number;
  readonly written: string;
  /** Where the row does not say so: what is known. */
  readonly unsaid?: CodeEnd | undefined;
  /** The codes that take its place, and whether the table lists them. */
  readonly successors: readonly { readonly code: string; readonly listed: boolean }[];
}

/** The rows whose codes end, in the order of the text. */
export function endingRows({ rows, analysis: { codes } }: LintedPolicy): readonly EndingRow[] {
  const found: EndingRow[] = [];
  const successor = (code: string): EndingRow["successors"][number] => ({ code, listed: entriesFor(codes, code).length > 0 });
  for (const row of rows) {
    const { code, system } = row;
    if (code === undefined) continue;
    if (row.ended?.day !== undefined) {
      const successors = row.replacedBy.length > 0 ? row.replacedBy.map(({ from }) => successor(from)) : (knownEnd(row)?.replacedBy ?? []).map(successor);
      found.push({ row, code: `${system.text} ${shown(row)}`, until: periodBetween(undefined, row.ended).until, written: row.ended.text, successors });
      continue;
    }
    for (const [each, end] of knownEnds(row)) {
      found.push({ row, code: `${system.text} ${each}`, until: readDate(end.ended, 0).day!, written: end.ended, unsaid: end, successors: end.replacedBy.map(successor) });
    }
  }
  return found;
}

const shown = ({ code }: CodeRow): string => (code === undefined ? "" : code.to === undefined ? `${code.from}${code.category ? ".-" : ""}` : `${code.from}-${code.to}`);

function knownEnd({ code, system }: CodeRow): CodeEnd | undefined {
  const known = code === undefined ? undefined : ENDED_CODES.get(code.from);
  return known?.system === system.text ? known : undefined;
}

/** What is known of the code of a row, or of the codes within its range. */
function knownEnds(row: CodeRow): readonly (readonly [string, CodeEnd])[] {
  const { code, system } = row;
  if (code?.to === undefined) {
    const known = knownEnd(row);
    return known === undefined ? NONE : [[code!.from, known]];
  }
  if (system.text !== "CPT" && system.text !== "HCPCS") return NONE;
  const set = { from: normalCode(code.from), to: normalCode(code.to), descends: false, text: "", system: undefined };
  return [...ENDED_CODES].filter(([each, end]) => end.system === system.text && inSet(each, set));
}
const NONE: readonly (readonly [string, CodeEnd])[] = [];

/** What to do about a code that has ended, as far as its successors tell. */
export function successorHelp({ successors }: EndingRow, done: string): string {
  if (successors.length === 0) return `Find out what took its place, and ${done}.`;
  const names = (listed: boolean): readonly string[] => successors.filter((each) => each.listed === listed).map(({ code }) => code);
  const [there, missing] = [names(true), names(false)];
  if (missing.length === 0) return `It was replaced by ${sentenceList(there)}, which the table lists: ${done}.`;
  const add = missing.length === 1 ? "add it if the policy covers it" : "add those that the policy covers";
  return there.length === 0
    ? `It was replaced by ${sentenceList(missing)}, which the table does not list: ${add}, and ${done}.`
    : `It was replaced by ${sentenceList(there)}, which the table lists, and ${sentenceList(missing)}, which it does not: ${add}, and ${done}.`;
}

/** " The row does not say so." where it does not. */
export const unsaidNote = ({ unsaid }: EndingRow): string => (unsaid === undefined ? "" : " The row does not say so.");
