// Coverage as one HTML page that needs nothing else: figures, and tables of criteria and conditions. It holds no script.
import { counted } from "../../text.js";
import { BRANCHES } from "../../evaluate/coverage.js";
import { atomText, decisionText, FIGURE_WORDS, figuresOf, lacking, lineOf, percent, percentText, type CoverageReport, type Figures, type PolicyCoverage, totalOf, wordsOf } from "./model.js";

const STYLE = `
:root { color-scheme: light dark; --line: #8c8c8c; --bad: #a1260d; --good: #1a6e2e; --tint: #fbeaea; --head: #f2f2f2 }
@media (prefers-color-scheme: dark) { :root { --bad: #ff9d8a; --good: #8fd6a0; --tint: #3a1f1c; --head: #2a2a2a } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.3rem; margin-top: 2.5rem } h3 { font-size: 1.05rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding: .4rem 0 }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top }
thead th { background: var(--head) } tbody th { font-weight: 600 }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
tr.open { background: var(--tint) }
.yes { color: var(--good); white-space: nowrap } .no { color: var(--bad); white-space: nowrap; font-weight: 600 }
@media print { body { max-width: none; margin: 0 } tr { break-inside: avoid } }`;

const CHARACTERS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/gu, (character) => CHARACTERS[character]!);

/** The report as a page. */
export function coveragePage({ policies }: CoverageReport): string {
  const contents = policies.map((policy, i) => `<li><a href="#policy-${i + 1}">${escaped(nameOf(policy))}</a></li>`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Coverage of policies by their cases</title>
<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>Coverage of policies by their cases</h1>
${figuresTable("All policies", totalOf(policies))}
<p>A criterion is <em>decided</em> when a case makes it met or not met, or leaves it to a clinician. An <em>outcome</em> is a way in which a criterion can come out.
A condition is <em>shown to decide</em> when there is a case in which it is met and one in which it is not, and in both the outcome would have been another had that condition alone come out the other way.</p>
${policies.length > 1 ? `<nav aria-label="Policies"><ul>\n${contents.join("\n")}\n</ul></nav>\n` : ""}${policies.map(section).join("\n")}
</main>
</body>
</html>
`;
}

const nameOf = ({ title, source }: PolicyCoverage): string => (title === "" ? source.path : `${title} (${source.path})`);

function figuresTable(caption: string, figures: Figures): string {
  const rows = FIGURE_WORDS.map(([key, words]) => {
    const { covered, total } = figures[key];
    return `<tr><th scope="row">${words}</th><td class="number">${covered} of ${total}</td><td class="number">${percentText(figures[key])}</td><td><meter min="0" max="100" value="${percent(figures[key])}" aria-hidden="true"></meter></td></tr>`;
  });
  return table(caption, ["Figure", "Count", "Share", "Drawn"], rows);
}

const table = (caption: string, heads: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll" role="region" aria-label="${escaped(caption)}" tabindex="0"><table>\n<caption>${escaped(caption)}</caption>\n<thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table></div>`;

// A sign and words: colour alone says nothing.
const mark = (good: boolean, yes: string, no: string): string => (good ? `<span class="yes">✓ ${escaped(yes)}</span>` : `<span class="no">✗ ${escaped(no)}</span>`);

function section(policy: PolicyCoverage, i: number): string {
  const criteria = policy.coverage.criteria.map((each) => {
    const counts = BRANCHES.map((branch) => {
      const found = each.branches.find((other) => other.branch === branch);
      return `<td class="number">${found === undefined ? "<span aria-label=\"cannot come out\">–</span>" : found.cases > 0 ? found.cases : mark(false, "", "0")}</td>`;
    });
    return `<tr${each.decided === 0 ? ' class="open"' : ""}><th scope="row">${escaped(each.criterion.address)}</th><td>${escaped(wordsOf(policy, each))}</td><td class="number">${lineOf(policy.source, each.criterion.start)}</td><td>${mark(each.decided > 0, `decided by ${counted(each.decided, "case")}`, "decided by no case")}</td>${counts.join("")}</tr>`;
  });
  const atoms = policy.conditions.atoms.map((each) =>
    `<tr${each.covered ? "" : ' class="open"'}><th scope="row">${escaped(decisionText(each))}</th><td>${escaped(atomText(policy, each))}</td><td class="number">${lineOf(policy.source, each.atom.start)}</td><td>${mark(each.covered, "shown to decide", lacking(each))}</td><td class="number">${each.met}</td><td class="number">${each.notMet}</td></tr>`);
  const parts = [
    `<section aria-labelledby="policy-${i + 1}">`,
    `<h2 id="policy-${i + 1}">${escaped(nameOf(policy))}</h2>`,
    figuresTable(`Figures, by ${counted(policy.cases, "case")}`, figuresOf(policy)),
    "<h3>Criteria</h3>",
    table("How each criterion came out", ["Criterion", "Words", "Line", "Decided", ...BRANCHES.map((branch) => `Cases ${branch}`)], criteria),
    ...(atoms.length === 0 ? [] : ["<h3>Conditions</h3>", table("Whether each condition is shown to decide", ["Criterion", "Condition", "Line", "Shown", "Cases by being met", "Cases by not being met"], atoms)]),
    "</section>",
  ];
  return parts.join("\n");
}
