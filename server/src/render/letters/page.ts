// Markdown of a letter as a page by itself: it needs no other file, loads nothing, and prints.
import { htmlPage } from "../htmlpage.js";
import { MarkdownIt } from "./libraries.js";

const STYLE = `:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1a1a; font: 12pt/1.5 Georgia, "Times New Roman", serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
main.worksheet { max-width: 80rem; font-size: 10.5pt; font-family: system-ui, "Segoe UI", sans-serif; }
h1 { font-size: 1.6em; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15em; line-height: 1.3; margin: 1.75rem 0 .5rem; }
p, ul, ol { margin: .5rem 0; }
li { margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border: 1px solid #bbb; overflow-wrap: break-word; }
.worksheet td:nth-child(3) { min-width: 5.5rem; }
th { background: #f0f0f0; }
thead:has(th:empty):not(:has(th:not(:empty))) { display: none; }
.letter td:first-child { width: 10rem; font-weight: 600; }
.letter td, .letter th { border-width: 1px 0; }
.worksheet td:empty { min-width: 6rem; height: 2rem; }
a { color: inherit; }
@media print {
  @page { margin: 2cm; }
  main { max-width: none; padding: 0; }
  body { font-size: 11pt; }
  main.worksheet { font-size: 9pt; }
  h1, h2 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
  p { orphans: 3; widows: 3; }
}
@media print { .worksheet { page: wide; } @page wide { size: landscape; margin: 1.5cm; } }`;

/** The page of a letter or worksheet. Markup of HTML in the Markdown is shown, not obeyed. */
export function letterPage(markdown: string, title: string, kind: "letter" | "worksheet"): string {
  const reader = new MarkdownIt({ html: false, linkify: false, typographer: false });
  reader.disable("image");
  const body = reader.render(markdown);
  return htmlPage({ title, style: STYLE, kind, body });
}
