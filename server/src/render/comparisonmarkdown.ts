// A comparison of two versions as Markdown: a comment on a pull request, with a table of figures and details to open.
import type { Comparison } from "../compare/model.js";
import { cameTo, impactWords, OTHER_DATES, worthSeeing, type CaseImpact, type Impact } from "./comparisonimpact.js";
import { comparedTitle, shownGroups, summaryWords, versionDates, type ShownChange } from "./comparisonwords.js";
import { escaped, explanationMarkdown } from "./markdown.js";

/** A comment may hold so many letters where it is most often put; explanations beyond are left out. */
const MOST_LETTERS = 60_000;

/** The comparison as Markdown with a final line end. */
export function comparisonMarkdown(comparison: Comparison, impact: Impact, names: readonly [string, string]): string {
  const [from, to] = [versionDates(comparison.before), versionDates(comparison.after)];
  const version = (name: string, dates: string): string => `${escaped(name)}${dates === "" ? "" : ` (${escaped(dates)})`}`;
  const parts = [
    `## ${escaped(comparedTitle(comparison))}`,
    `From ${version(names[0], from)} to ${version(names[1], to)}`,
    `**${escaped(summaryWords(comparison))}**`,
  ];
  if (comparison.changes.length === 0 && impact.cases.length === 0) return `${parts.join("\n\n")}\n`;
  parts.push(`**${escaped(impactWords(impact)).replaceAll("\\`", "`")}**`);
  const seen = worthSeeing(impact);
  if (seen.length > 0) {
    parts.push(table(["Case", "Before", "Now", "Why"], seen.map((each) => [escaped(each.name), each.before === undefined ? "–" : escaped(cameTo(each.before)), each.after === undefined ? escaped(each.reason ?? "–") : `${escaped(cameTo(each.after))}${each.change === "flips" ? " ⚠" : ""}`, escaped(each.why?.after ?? each.why?.before ?? (each.change === "flips" ? each.after?.reason ?? "" : ""))])));
    if (impact.otherDates) parts.push(escaped(OTHER_DATES));
  }
  const groups = shownGroups(comparison);
  if (groups.length > 0) {
    parts.push(table(["", "Changes"], groups.map(({ heading, changes }) => [heading, String(changes.length)])));
    for (const { heading, changes } of groups) parts.push(details(`${heading}: ${changes.length}`, changes.map(item).join("\n"), heading === "Criteria" && changes.length <= 20));
  }
  let length = parts.reduce((sum, part) => sum + part.length + 2, 0);
  let hidden = 0;
  for (const each of seen) {
    const text = caseDetails(each);
    if (text === "") continue;
    if (length + text.length > MOST_LETTERS) hidden++;
    else parts.push(text);
    length += text.length + 2;
  }
  if (hidden > 0) parts.push(`Explanations of ${hidden} more cases are left out here; \`policy diff\` shows them.`);
  return `${parts.join("\n\n")}\n`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const details = (summary: string, body: string, open: boolean): string => `<details${open ? " open" : ""}>\n<summary>${htmlText(summary)}</summary>\n\n${body}\n\n</details>`;
const htmlText = (text: string): string => text.replace(/\s+/gu, " ").replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;").replace(/@(?=\w)/gu, "&#64;");

function item({ sign, subject, what, was, now }: ShownChange): string {
  const head = `- ${sign} **${escaped(subject)}** ${escaped(what)}`;
  if (was !== undefined && now !== undefined) return `${head}\\\n  was: ${escaped(was) || "(nothing)"}\\\n  now: ${escaped(now) || "(nothing)"}`;
  const words = was ?? now;
  return words === undefined || words === "" ? head : `${head}: ${escaped(words)}`;
}

function caseDetails({ name, before, after, left }: CaseImpact): string {
  if (before === undefined || after === undefined) return "";
  const body = [
    ...left.map(({ version, names }) => `The ${version} version does not ask for ${escaped(names.join(", "))}.`),
    `### Before\n\n${explanationMarkdown(before, "folded").replace(/^(#+) /gmu, "##$1 ")}`,
    `### Now\n\n${explanationMarkdown(after, "folded").replace(/^(#+) /gmu, "##$1 ")}`,
  ];
  return details(`${name}: ${cameTo(before)} → ${cameTo(after)}`, body.join("\n\n"), false);
}
