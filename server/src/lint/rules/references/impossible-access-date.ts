// Lint rule: an access date that cannot be right.
import { dateText } from "../../../syntax/dates.js";
import { lintRule } from "../../rule.js";
import { type StatedDate, worksOf } from "./works.js";

/** A number that grows with the date: that of the first or last day which it may mean. */
const first = ({ year, month, day }: StatedDate): number => year * 10_000 + (month || 1) * 100 + (day || 1);
const last = ({ year, month, day }: StatedDate): number => year * 10_000 + (month || 12) * 100 + (day || 31);
const shown = ({ year, month, day }: StatedDate): string => [year, month, day].filter((part) => part > 0).map((part) => String(part).padStart(2, "0")).join("-");

// All files of a run share their day, so that it is worked out once.
let day = NaN;
let number = 0;
function asNumber(today: number): number {
  if (today !== day) {
    day = today;
    number = Number(dateText(today).replaceAll("-", ""));
  }
  return number;
}

export default lintRule({
  id: "impossible-access-date",
  category: "references",
  summary: "An access date lies in the future, or before the update of the page that was read.",
  why: `A page cannot be read before it is written. Such a date is mostly last year's, left when the version of a guideline was changed and
nobody read it again; or a year that was typed wrong. Either way a reader cannot trust that the version cited is the one that was read.`,
  recommended: "warning",
  strict: "warning",
  related: ["incomplete-access-date", "link-without-access-date"],
  examples: [{
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Updated December 4, 2024. Accessed January 3, 2024. https://www.example.org/planning
`,
    finds: ["Accessed January 3, 2024"],
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Updated December 4, 2024. Accessed January 3, 2025. https://www.example.org/planning
`,
  }, {
    avoid: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Accessed January 3, 2052. https://www.example.org/planning
`,
    finds: ["Accessed January 3, 2052"],
    prefer: `description
  Planning takes several steps. [1]

references
  1. Example Society. Guideline on planning. Accessed January 3, 2025. https://www.example.org/planning
`,
  }],
  check(policy, report) {
    if (policy.references.length === 0) return;
    for (const { accessed, updated } of policy.once(worksOf).works) {
      if (accessed === undefined || accessed.year === 0) continue;
      if (first(accessed) > asNumber(policy.today)) {
        report({ start: accessed.start, end: accessed.end }, { message: "The access date lies in the future, so it cannot be right.", help: "Give the day on which the page was read." });
      } else if (updated !== undefined && updated.year > 0 && last(accessed) < first(updated)) {
        report({ start: accessed.start, end: accessed.end }, {
          message: `The page was accessed before it was updated (${shown(updated)}), so another version was read than the one that is cited.`,
          help: "Read the version that is cited, and give the day on which it was read.",
          related: [{ start: updated.start, end: updated.end, message: "It was updated here." }],
        });
      }
    }
  },
});
