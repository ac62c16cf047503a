// New expectations of a case that stands in its policy, as edits of the words that change.
import type { Edit } from "../../diagnostic.js";
import type { Analysis, PolicyCase } from "../../semantics/model.js";
import type { CaseExpectation } from "../../syntax/ast.js";
import type { NewExpectations } from "./update.js";

/** The edits; undefined where a comment would be lost. */
export function policyEdits({ text, document }: Analysis, { range }: PolicyCase, wanted: NewExpectations): readonly Edit[] | undefined {
  const node = document.sections.flatMap((section) => (section.kind === "cases" ? section.cases : [])).find((each) => each.start === range.start);
  const entries = (node?.entries ?? []).filter((entry): entry is CaseExpectation => entry.kind === "expect");
  const edits: Edit[] = [];
  /** Takes `by I.A` or `missing age` out, with the space before it. */
  const takeOut = (entry: CaseExpectation, keyword: string, start: number, end: number): boolean => {
    const before = new RegExp(`\\s+${keyword}\\s*$`, "u").exec(text.slice(entry.start, start));
    if (before === null || text.slice(entry.start + before.index, end).includes("#")) return false;
    edits.push({ start: entry.start + before.index, end, text: "" });
    return true;
  };
  // Several lines may name what is missing: the list goes where the first of them stands.
  let missing = wanted.missing;
  for (const entry of entries) {
    if (wanted.determination !== undefined && entry.determination !== undefined) edits.push({ ...placeOf(entry.determination), text: wanted.determination });
    if (wanted.by !== undefined && entry.by !== undefined) {
      if (wanted.by !== "") edits.push({ ...placeOf(entry.by), text: wanted.by });
      else if (!takeOut(entry, "by", entry.by.start, entry.by.end)) return undefined;
    }
    if (missing !== undefined && entry.missing.length > 0) {
      const start = entry.missing[0]!.start;
      const end = entry.missing.at(-1)!.end;
      if (text.slice(start, end).includes("#")) return undefined;
      if (missing.length > 0) edits.push({ start, end, text: missing.join(", ") });
      else if (!takeOut(entry, "missing", start, end)) return undefined;
      missing = [];
    }
    const outcome = wanted.outcomes.get(entry.start);
    if (outcome !== undefined && entry.outcome !== undefined) edits.push({ ...placeOf(entry.outcome), text: outcome });
  }
  return edits;
}

const placeOf = ({ start, end }: { readonly start: number; readonly end: number }): { readonly start: number; readonly end: number } => ({ start, end });
