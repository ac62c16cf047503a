// Drafts from a comparison: a row for the revision log, and the notice of a change for providers. A person reads them before anyone else does.
import type { Change, Comparison } from "../compare/model.js";
import { sentenceList } from "../text.js";
import type { StatementKind } from "../vocabulary.js";
import { addressRanges, comparedTitle, plainCondition, withNeighbours, wordEdits } from "./comparisonwords.js";
import { escaped } from "./markdown.js";
import { KIND_WORDS } from "./words.js";
import { wrapped } from "./width.js";

const LINE = 116;

const of = (changes: readonly Change[], area: Change["area"], ...kinds: readonly Change["kind"][]): readonly Change[] => changes.filter((change) => change.area === area && kinds.includes(change.kind));
const short = (text: string, most = 60): string => (text.length <= most ? text : `${text.slice(0, text.lastIndexOf(" ", most)).replace(/[\s,;:]+$/u, "")} …`);
const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The row as it would stand in the log, in the manner of published ones: dates of the new header, then what has changed. */
export function revisionRow(comparison: Comparison): string {
  const { changes, after } = comparison;
  const dates = [after.revised ?? after.effective ?? after.approved ?? "", after.approved && `approved ${after.approved}`, after.effective && `effective ${after.effective}`].filter((part) => part !== undefined && part !== "").join(", ");
  const criteria = rowOfCriteria(changes);
  const texts = of(changes, "text", "reworded", "added", "removed").map(({ before, after: now }) => now ?? before ?? "");
  const sentences = [
    ...criteria,
    ...rowOfCodes(changes),
    ...(texts.length > 0 ? [`${upper(sentenceList(texts))} edited${criteria.length === 0 ? " without effect on the criteria" : ""}.`] : []),
    ...(changes.some(({ area }) => area === "notes") ? ["Notes edited."] : []),
    ...(changes.some(({ area }) => area === "references") ? ["References updated."] : []),
  ];
  const body = sentences.length === 0 ? "No change to the criteria." : sentences.join(" ");
  return `  ${dates}\n${wrapped(body, LINE).map((line) => `    ${line}`).join("\n")}\n`;
}

function rowOfCriteria(changes: readonly Change[]): readonly string[] {
  const named = (list: readonly Change[], side: "before" | "after", words: "was" | "now"): string => {
    const ranges = addressRanges(list.map((change) => change[side] ?? ""));
    // A criterion that stands alone is told by its words.
    return sentenceList(ranges.map((range) => {
      const single = list.find((change) => change[side] === range);
      return single === undefined ? range : `${range} (${short(single[words] ?? "", 50)})`;
    }));
  };
  const parts: string[] = [];
  const removed = of(changes, "criteria", "removed");
  const added = of(changes, "criteria", "added");
  if (removed.length > 0) parts.push(`removed ${named(removed, "before", "was")}`);
  if (added.length > 0) parts.push(`added ${named(added, "after", "now")}`);
  for (const { before, after } of of(changes, "criteria", "moved")) if (before !== after) parts.push(`${before} moved to ${after}`);
  const renumbered = of(changes, "criteria", "renumbered");
  if (renumbered.length > 0) parts.push(`${sentenceList(addressRanges(renumbered.map(({ before }) => before ?? "")))} ${renumbered.length === 1 ? "is" : "are"} now ${sentenceList(addressRanges(renumbered.map(({ after }) => after ?? "")))}`);
  for (const { after, now } of of(changes, "criteria", "reworded").filter(({ bears }) => bears)) parts.push(`${after} now reads “${short(now ?? "", 160)}”`);
  const told = new Set(of(changes, "criteria", "reworded", "added").map(({ after }) => after));
  for (const change of changes) {
    // What the words say is not said again as a condition.
    const text = change.kind === "condition changed" && told.has(change.after) ? undefined : logicWords(change);
    if (text !== undefined) parts.push(text);
  }
  for (const { after, was, now } of of(changes, "criteria", "note")) parts.push(`${was === undefined ? "note added to" : now === undefined ? "note removed from" : "note edited at"} ${after}`);
  return parts.length === 0 ? [] : [`${upper(parts.join("; "))}.`];
}

/** Changes of what is asked for, in words; undefined for all others. */
function logicWords(change: Change): string | undefined {
  const { area, kind, after, before, was = "", now = "" } = change;
  const where = after ?? before ?? "";
  const clause = change.clause === "unless" ? "exception" : change.clause === "waived when" ? "waiver" : change.clause === "if" ? "guard" : "condition";
  if (area === "definitions") {
    const name = plainCondition(where);
    if (kind === "condition changed") return `“${name}” now means “${plainCondition(now)}” (before: “${plainCondition(was)}”)`;
    return undefined;
  }
  if (area !== "criteria") return undefined;
  switch (kind) {
    case "condition changed": return `at ${where}, the ${clause} “${plainCondition(was)}” became “${plainCondition(now)}”`;
    case "condition added": return clause === "condition" ? undefined : `${clause} added to ${where}: “${plainCondition(now)}”`;
    case "condition removed": return clause === "condition" ? undefined : `${clause} removed from ${where}: “${plainCondition(was)}”`;
    case "combinator": return was === "" || now === "" ? undefined : `${where} now asks for ${now} (before: ${was})`;
    case "determination": return `${where} is now ${KIND_WORDS[now as StatementKind]} (before: ${KIND_WORDS[was as StatementKind]})`;
    case "scope added": return `${where} now applies to ${plainCondition(now)}`;
    case "scope removed": return `${where} no longer applies only to ${plainCondition(was)}`;
    case "approval duration": return now === "" ? `an approval under ${where} is no longer limited to ${was}` : `an approval under ${where} now lasts ${now}${was === "" ? "" : ` (before: ${was})`}`;
    case "quantity limit": return now === "" ? `the limit of ${was} no longer holds under ${where}` : `the limit under ${where} is now ${now}${was === "" ? "" : ` (before: ${was})`}`;
    default: return undefined;
  }
}

function rowOfCodes(changes: readonly Change[]): readonly string[] {
  const names = (list: readonly Change[]): string => sentenceList(list.map(({ after, before }) => after ?? before ?? ""));
  const parts: string[] = [];
  const removed = of(changes, "codes", "removed");
  const added = of(changes, "codes", "added");
  if (removed.length > 0) parts.push(`removed ${names(removed)}`);
  if (added.length > 0) parts.push(`added ${names(added)}`);
  for (const { after, now } of of(changes, "codes", "ended")) parts.push(`${after} ended ${now}`);
  const described = of(changes, "codes", "description");
  if (described.length > 0) parts.push(`description of ${names(described)} edited`);
  return parts.length === 0 ? [] : [`Codes: ${parts.join("; ")}.`];
}

/** The notice for providers, as Markdown: what they will be asked for from the effective date on. */
export function providerNotice(comparison: Comparison): string {
  const { changes, after } = comparison;
  const lines = [...noticeOfCriteria(changes), ...noticeOfCodes(changes), ...noticeOfHeader(changes)];
  const from = after.effective === undefined ? "The date from which this applies has not been set." : `These changes apply to dates of service from ${after.effective} on.`;
  const parts = [
    `# Notice of a policy change: ${escaped(comparedTitle(comparison))}`,
    lines.length === 0 ? "The criteria and codes have not changed." : from,
    lines.map((line) => `- ${line}`).join("\n"),
    ...(lines.length === 0 ? [] : ["A request that the policy does not approve is looked at by a clinician."]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const quoted = (text: string): string => `“${escaped(text)}”`;

function noticeOfCriteria(changes: readonly Change[]): readonly string[] {
  const touched = new Set(of(changes, "criteria", "reworded", "added").map(({ after }) => after));
  return changes.flatMap((change): string[] => {
    const { area, kind, before, after, was = "", now = "", below } = change;
    if (area === "definitions") {
      const text = logicWords(change);
      return text === undefined ? [] : [`${escaped(upper(text))}.`];
    }
    if (area !== "criteria") return [];
    const rest = below === undefined ? "" : `, with what stands below it`;
    switch (kind) {
      case "added": return [`Added ${after}${rest}: ${quoted(now)}.`];
      case "removed": return [`Removed ${before}${rest}: ${quoted(was)}.`];
      case "moved": return before === after ? [] : [`${before} has moved and is now ${after}: ${quoted(now)}.`];
      case "reworded": return change.bears ? [`In ${after} ${rewording(was, now)}.`] : [];
      // What has been said in the words is not said again as a condition.
      case "condition changed": return touched.has(after) ? [] : [`In ${after} replaced ${quoted(plainCondition(was))} by ${quoted(plainCondition(now))}.`];
      case "renumbered": return [`${before} is now ${after}.`];
      case "note": return [was === "" ? `Added a note to ${after}: ${quoted(now)}.` : now === "" ? `Removed a note from ${after}: ${quoted(was)}.` : `In the note to ${after} ${rewording(was, now)}.`];
      default: {
        const text = logicWords(change);
        return text === undefined ? [] : [`${escaped(upper(text))}.`];
      }
    }
  });
}

/** `replaced “a” by “b”; added “c”; removed “d”`, or the new words where more has changed. */
function rewording(was: string, now: string): string {
  const edits = wordEdits(was, now);
  if (edits === undefined || edits.length === 0) return `the words are now ${quoted(now)} (before: ${quoted(was)})`;
  return edits.map((edit) => (edit.was === "" ? `added ${quoted(edit.now)}` : edit.now === "" ? `removed ${quoted(edit.was)}` : `replaced ${quoted(withNeighbours(edit.was, was))} by ${quoted(withNeighbours(edit.now, now))}`)).join("; ");
}

function noticeOfCodes(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ area, kind, before, after, was = "", now = "" }): string[] => {
    if (area !== "codes") return [];
    switch (kind) {
      case "added": return [`Added code ${escaped(after ?? "")}${now === "" ? "" : ` (${escaped(now)})`}.`];
      case "removed": return [`Removed code ${escaped(before ?? "")}${was === "" ? "" : ` (${escaped(was)})`}.`];
      case "ended": return [`Code ${escaped(after ?? "")} ends on ${now}.`];
      case "dates": return [`The dates of code ${escaped(after ?? "")} have changed${now === "" ? "" : ` to ${now}`}${was === "" ? "" : ` (before: ${was})`}.`];
      case "successors": return now === "" ? [] : [`Code ${escaped(after ?? "")} is replaced by ${escaped(now)}.`];
      default: return [];
    }
  });
}

function noticeOfHeader(changes: readonly Change[]): readonly string[] {
  return of(changes, "header", "value").flatMap(({ before, after, was, now }): string[] => {
    const key = after ?? before;
    if (key === "line of business") return [`The policy now applies to ${escaped(now ?? "all lines of business")} (before: ${escaped(was ?? "all")}).`];
    if (key === "ends") return [now === undefined ? "The policy no longer has an end date." : `The policy ends on ${now}.`];
    return [];
  });
}
