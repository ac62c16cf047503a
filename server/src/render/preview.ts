// A policy as the published document looks, in HTML: headings, numbered criteria, code tables, revisions, references.
import type * as A from "../syntax/ast.js";
import type { Analysis, CriterionSymbol } from "../semantics/model.js";
import { withoutComments } from "../syntax/prose.js";
import { folded, positionAt, type Range } from "../text.js";
import { CPT_NOTICE, type HeaderKey } from "../vocabulary.js";
import { escapedHtml, htmlPage } from "./htmlpage.js";
import { PREVIEW_STYLE } from "./previewstyle.js";

export interface PreviewOptions {
  /** Show the conditions beside the words they belong to. */
  readonly conditions: boolean;
}

/** A part of the document that can be replaced by itself; `data-line` attributes in it count from `line`. */
export interface PreviewBlock {
  /** First line in the policy. */
  readonly line: number;
  readonly html: string;
}

/** The document in blocks: the header, each text section, each statement, each table. */
export function previewBlocks(analysis: Analysis, options: PreviewOptions): readonly PreviewBlock[] {
  const writing: Writing = { analysis, options, base: 0, symbols: new Map(analysis.criteria.map((symbol) => [symbol.node, symbol])), marks: marksOf(analysis.document) };
  const blocks: PreviewBlock[] = [];
  const add = (range: Range, write: (part: Writing) => string): void => {
    const { line } = positionAt(analysis.lines, range.start);
    const html = write({ ...writing, base: line });
    if (html !== "") blocks.push({ line, html });
  };
  const { header, sections } = analysis.document;
  add(header ?? { start: 0, end: 0 }, (part) => head(part));
  for (const section of sections) {
    if (section.kind === "criteria") {
      add(section, (part) => heading(part, section.heading));
      for (const entry of section.body) add(entry, (part) => list(part, [entry], "statements"));
    } else {
      add(section, (part) => sectionHtml(part, section));
    }
  }
  return blocks;
}

/** What the document is called. */
export function previewTitle({ header }: Analysis): string {
  return [header.number, header.title].filter((part) => part !== undefined && part !== "").join(" ") || "Policy";
}

/** The whole page, by itself: it needs no other file, and prints. */
export function previewPage(analysis: Analysis, options: PreviewOptions): string {
  const body = previewBlocks(analysis, options).map((block) => block.html.replace(/ data-line="\d+"/gu, "")).join("\n");
  return htmlPage({ title: previewTitle(analysis), style: PREVIEW_STYLE, kind: "policy-document", body: `${body}\n` });
}

interface Writing {
  readonly analysis: Analysis;
  readonly options: PreviewOptions;
  /** Line from which `data-line` counts. */
  readonly base: number;
  readonly symbols: ReadonlyMap<A.Criterion | A.ConditionClause, CriterionSymbol>;
  /** Footnote marks that a note explains. */
  readonly marks: ReadonlySet<string>;
}

// ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
const lineOf = ({ analysis, base }: Writing, at: Range): string => ` data-line="${positionAt(analysis.lines, at.start).line - base}"`;

/** Text of a stretch without comments, line breaks as spaces. */
function plainText({ analysis }: Writing, range: Range): string {
  return folded(withoutComments(analysis.text, range, analysis.document.comments));
}

/** Prose with its citations as superscripts that lead to the references. */
function words(writing: Writing, prose: A.Prose | undefined): string {
  return prose === undefined ? "" : cited(writing, prose, prose.citations);
}

function cited(writing: Writing, range: Range, citations: readonly A.Citation[]): string {
  const text = withoutComments(writing.analysis.text, range, writing.analysis.document.comments);
  let html = "";
  let at = 0;
  for (const citation of citations) {
    const before = text.slice(at, citation.start - range.start);
    html += `${escapedHtml(before.replace(/\s+/gu, " ").trimEnd())}${superscript(writing, citation)}`;
    at = citation.end - range.start;
  }
  return (html + escapedHtml(text.slice(at).replace(/\s+/gu, " "))).trim();
}

function superscript({ analysis }: Writing, citation: A.Citation): string {
  const one = (number: number): string => (analysis.references.has(number) ? `<a href="#ref-${number}">${number}</a>` : String(number));
  const numbers = citation.numbers.map(({ from, to }) => (from === to ? one(from) : `${one(from)}–${one(to)}`));
  // In brackets, or "≥ 4" with a citation behind it would read as a power.
  return `<sup class="cite">[${numbers.join(",")}]</sup>`;
}

/** Text in which addresses of the web and DOIs are links. */
function linked(html: string): string {
  return html.replace(/\bhttps?:\/\/[^\s<>&]+(?:&amp;[^\s<>&]+)*|\b(?:doi:\s*)(10\.\d{4,9}\/[^\s<>&]+)/giu, (found, doi: string | undefined) => {
    const tail = /(?:[.,:]|(?<!&amp);|(?<!\([^()]*)\))+$/u.exec(found)?.[0] ?? "";
    const shown = found.slice(0, found.length - tail.length);
    const open = doi === undefined ? shown : `https://doi.org/${doi.slice(0, doi.length - tail.length)}`;
    return `<a href="${open}">${shown}</a>${tail}`;
  });
}

// ── Sections ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const FIELD_TITLES: Readonly<Record<HeaderKey, string>> = {
  plan: "Plan", "line of business": "Line of business", revised: "Date of last revision", approved: "Approved", effective: "Effective", ends: "Ends", "next review": "Next review", jurisdiction: "Jurisdiction",
};

function head(writing: Writing): string {
  const { analysis: { document: { header } } } = writing;
  if (header === undefined) return "";
  const field = (name: HeaderKey): A.HeaderField | undefined => header.fields.find((each) => each.name === name);
  const plan = field("plan");
  const rows = header.fields.filter((each) => each !== plan && each.value !== undefined).map((each) =>
    `<div${lineOf(writing, each)}><dt>${escapedHtml(each.name === undefined ? each.key.text : FIELD_TITLES[each.name])}</dt><dd>${escapedHtml(plainText(writing, each.value!))}</dd></div>`);
  return `<header${lineOf(writing, header)}>
${plan?.value === undefined ? "" : `<p class="plan"${lineOf(writing, plan)}>${escapedHtml(plainText(writing, plan.value))}</p>\n`}<h1>${escapedHtml(header.title?.text ?? "Policy")}</h1>
${header.number === undefined ? "" : `<p class="number">Policy number ${escapedHtml(header.number.text)}</p>\n`}${rows.length === 0 ? "" : `<dl class="fields">\n${rows.join("\n")}\n</dl>\n`}</header>`;
}

/** A section's title with its first letter in capitals. */
function heading(writing: Writing, { text, ...range }: A.Word): string {
  const title = text.replace(/\s*:$/u, "");
  return `<h2${lineOf(writing, range)}>${escapedHtml(title.slice(0, 1).toUpperCase() + title.slice(1))}</h2>`;
}

function sectionHtml(writing: Writing, section: Exclude<A.Section, A.CriteriaSection>): string {
  const title = heading(writing, section.heading);
  switch (section.kind) {
    case "text": return `<section>\n${title}\n${section.paragraphs.map((prose) => `<p${lineOf(writing, prose)}>${linked(words(writing, prose))}</p>`).join("\n")}\n</section>`;
    case "notes": return `<section class="notes">\n${title}\n${section.notes.map((note) => footNote(writing, note)).join("\n")}\n</section>`;
    case "codes": return `<section class="codes">\n${title}\n${codeTables(writing, section)}\n</section>`;
    case "revisions": return `<section class="revisions">\n${title}\n${revisionTable(writing, section)}\n</section>`;
    case "references": return `<section class="references">\n${title}\n<ol>\n${section.references.map((reference) => referenceItem(writing, reference)).join("\n")}\n</ol>\n</section>`;
    // What the tool needs is no part of the document.
    case "facts": case "define": case "cases": return "";
  }
}

function marksOf(document: A.Document): ReadonlySet<string> {
  return new Set(document.sections.flatMap((section) => (section.kind === "notes" ? section.notes.flatMap((note) => (note.mark === undefined ? [] : [note.mark.text])) : [])));
}

/** A name for a footnote mark in an address. */
const markId = (mark: string): string => `note-${[...mark].map((sign) => sign.codePointAt(0)!.toString(16)).join("-")}`;

function footNote(writing: Writing, { mark, prose, ...range }: A.FootNote): string {
  const sign = mark === undefined ? "" : `<span class="mark" id="${markId(mark.text)}">${escapedHtml(mark.text)}</span> `;
  return `<p${lineOf(writing, range)}>${sign}${linked(words(writing, prose))}</p>`;
}

function codeTables(writing: Writing, section: A.CodesSection): string {
  const groups: { readonly title?: A.CodeGroup; readonly rows: A.CodeRow[] }[] = [];
  for (const row of section.rows) {
    if (row.kind === "codeGroup") groups.push({ title: row, rows: [] });
    else (groups.at(-1) ?? (groups.push({ rows: [] }), groups.at(-1)!)).rows.push(row);
  }
  const cpt = section.rows.some((row) => row.kind === "codeRow" && row.system.text === "CPT");
  return `${groups.map(({ title, rows }) => codeTable(writing, title, rows)).join("\n")}${cpt ? `\n<p class="notice">${escapedHtml(CPT_NOTICE)}</p>` : ""}`;
}

function codeTable(writing: Writing, group: A.CodeGroup | undefined, rows: readonly A.CodeRow[]): string {
  const withStatus = rows.some((row) => statusOf(writing, row) !== "");
  const head = ["System", "Code", "Description", ...(withStatus ? ["Status"] : [])].map((title) => `<th scope="col">${title}</th>`).join("");
  const body = rows.map((row) => codeRow(writing, row, withStatus)).join("\n");
  const title = group === undefined ? "" : capital(plainText(writing, group.title));
  const caption = group === undefined ? "" : `<caption${lineOf(writing, group)}>${escapedHtml(title)}</caption>\n`;
  return rows.length === 0 ? `<h3${lineOf(writing, group!)}>${escapedHtml(title)}</h3>` : `<table>\n${caption}<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function codeRow(writing: Writing, row: A.CodeRow, withStatus: boolean): string {
  const code = row.code === undefined ? "" : escapedHtml(codeText(writing, row.code));
  const mark = row.mark === undefined ? "" : `<sup>${writing.marks.has(row.mark.text) ? `<a href="#${markId(row.mark.text)}">${escapedHtml(row.mark.text)}</a>` : escapedHtml(row.mark.text)}</sup>`;
  const cells = [`<td>${escapedHtml(row.system.text)}</td>`, `<th scope="row" class="code">${code}${mark}</th>`, `<td>${linked(words(writing, row.description))}</td>`, ...(withStatus ? [`<td>${statusOf(writing, row)}</td>`] : [])];
  return `<tr${lineOf(writing, row)}>${cells.join("")}</tr>`;
}

const codeText = ({ analysis }: Writing, { start, end, system }: A.CodePattern): string => analysis.text.slice(system !== undefined && system.end > system.start && system.start >= start ? system.end : start, end).trim();

function statusOf(writing: Writing, row: A.CodeRow): string {
  const parts = [
    row.effective && `effective ${escapedHtml(row.effective.text)}`,
    row.ended && `ended ${escapedHtml(row.ended.text)}`,
    row.replacedBy.length > 0 && `see ${row.replacedBy.map((code) => escapedHtml(codeText(writing, code))).join(", ")}`,
    row.appliesTo.length > 0 && `for ${row.appliesTo.map(({ text }) => (writing.analysis.byAddress.has(text) ? `<a href="#criterion-${escapedHtml(text)}">${escapedHtml(text)}</a>` : escapedHtml(text))).join(", ")}`,
  ];
  return parts.filter((part) => typeof part === "string").join("; ");
}

function revisionTable(writing: Writing, section: A.RevisionsSection): string {
  const has = { approved: section.revisions.some((each) => each.approved), effective: section.revisions.some((each) => each.effective) };
  const head = ["Revised", "What changed", ...(has.approved ? ["Approved"] : []), ...(has.effective ? ["Effective"] : [])];
  const rows = section.revisions.map((each) => {
    const cells = [`<th scope="row">${escapedHtml(each.revised?.text ?? "")}</th>`, `<td>${words(writing, each.prose)}</td>`, ...(has.approved ? [`<td>${escapedHtml(each.approved?.text ?? "")}</td>`] : []), ...(has.effective ? [`<td>${escapedHtml(each.effective?.text ?? "")}</td>`] : [])];
    return `<tr${lineOf(writing, each)}>${cells.join("")}</tr>`;
  });
  return `<table>\n<thead><tr>${head.map((title) => `<th scope="col">${title}</th>`).join("")}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
}

function referenceItem(writing: Writing, reference: A.Reference): string {
  // A reference is never cited by itself: its figures in brackets are its own.
  const text = reference.prose === undefined ? "" : escapedHtml(plainText(writing, reference.prose));
  return `<li id="ref-${reference.number}"${lineOf(writing, reference)}><span class="label">${escapedHtml(reference.label.text)}</span><div>${linked(text)}</div></li>`;
}

// ── Criteria ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Criteria in a list with the labels of the policy, what stands between them in its place. */
function list(writing: Writing, entries: readonly A.BodyEntry[], kind = ""): string {
  let html = "";
  let open = false;
  const listing = (wanted: boolean): void => {
    if (wanted === open) return;
    html += wanted ? `<ul role="list" class="criteria${kind === "" ? "" : ` ${kind}`}">\n` : "</ul>\n";
    open = wanted;
  };
  for (const entry of entries) {
    if (entry.kind === "criterion") {
      listing(true);
      html += `${criterion(writing, entry)}\n`;
      continue;
    }
    const other = beside(writing, entry);
    if (other === "") continue;
    listing(false);
    html += `${other}\n`;
  }
  listing(false);
  return html.trimEnd();
}

function criterion(writing: Writing, node: A.Criterion): string {
  const address = writing.symbols.get(node)?.address;
  const inline = node.body.find((entry): entry is A.ConditionClause => isClause(entry) && entry.inline === true);
  const text = inline === undefined ? words(writing, node.prose) : `${words(writing, node.prose)} ${cited(writing, withStop(writing, inline), inline.citations)}`;
  const below = list(writing, node.body.filter((entry) => entry !== inline));
  const label = node.label === undefined ? "" : /^[-*•]$/u.test(node.label.text) ? "•" : node.label.text;
  return `<li${address === undefined ? "" : ` id="criterion-${escapedHtml(address)}"`}${lineOf(writing, node)}><span class="label">${escapedHtml(label)}</span><div><p>${linked(text)}</p>${below === "" ? "" : `\n${below}\n`}</div></li>`;
}

/** A condition that ends a sentence, with its full stop. */
const withStop = ({ analysis }: Writing, { start, end }: Range): Range => ({ start, end: end + (/^[.;]/u.exec(analysis.text.slice(end, end + 1))?.[0].length ?? 0) });

const isClause = (entry: A.BodyEntry): entry is A.ConditionClause => entry.kind === "when" || entry.kind === "unless" || entry.kind === "waived" || entry.kind === "if";

/** What stands among criteria: notes, groups of clauses, and, where they are wanted, conditions. */
function beside(writing: Writing, entry: Exclude<A.BodyEntry, A.Criterion>): string {
  if (entry.kind === "note") return `<p class="note"${lineOf(writing, entry)}><strong>Note:</strong> ${linked(words(writing, entry.prose))}</p>`;
  // For how long and how much is approved is what a reader of the policy looks for.
  if (entry.kind === "approvalDuration" || entry.kind === "quantityLimit") {
    const [name, said] = [entry.kind === "approvalDuration" ? "Approval duration" : "Quantity limit", plainText(writing, { start: entry.keyword.end, end: entry.end }).replace(/^[\s:]+/u, "")];
    return `<p class="approval"${lineOf(writing, entry)}><strong>${name}:</strong> ${escapedHtml(said)}</p>`;
  }
  if (entry.kind === "scope" || entry.body.length === 0) {
    return writing.options.conditions ? `<p class="condition"${lineOf(writing, entry)}>${escapedHtml(plainText(writing, entry))}</p>` : "";
  }
  const lead = plainText(writing, { start: entry.keyword.start, end: entry.body[0]!.start }).replace(/\s*:?$/u, ":");
  return `<p class="lead"${lineOf(writing, entry)}>${escapedHtml(capital(lead))}</p>\n${list(writing, entry.body)}`;
}
